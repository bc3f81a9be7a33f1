"""Tables of simulated days as the records of a phone system would show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError
from ringsim.records._frames import weekday_numbers
from ringsim.scenario import WEEKDAYS, Scenario

__all__ = ["days_of_logs", "frames_of_logs"]

KEPT = {
    "A": ("answered", "ring_no_answer", "answered_elsewhere", "caller_gave_up", "paged"),
    "B": ("answered", "ring_no_answer"),
    "C": (),
}
Frames = tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame]


def days_of_logs(
    logs: Sequence[CallLog | WeekLog], starts_on: str
) -> tuple[list[CallLog], list[Any] | None]:
    """Return the logs of all days, and their dates if there are weeks.

    The first week is that of `starts_on`; each day has the date of its weekday.
    """
    if not any(isinstance(log, WeekLog) for log in logs):
        return [log for log in logs if isinstance(log, CallLog)], None
    days: list[CallLog] = []
    dates: list[Any] = []
    start = np.datetime64(starts_on, "D")
    monday = start - weekday_numbers(start)
    for week, log in enumerate(logs):
        for each in log.logs if isinstance(log, WeekLog) else [log]:
            at = WEEKDAYS.index(each.scenario.days[0]) if each.scenario.days else 0
            days.append(each)
            dates.append(monday + np.timedelta64(7 * week + at, "D"))
    return days, dates


def frames_of_logs(
    logs: Sequence[CallLog], group: str | None, grade: str
) -> tuple[Frames, Scenario, str]:
    """Return calls, rings and own calls of one group, the scenario, and the group's number.

    Raises
    ------
    ConfigurationError
        If there is no log, no such group or grade, or the group must be given.
    """
    if not logs:
        raise ConfigurationError("logs", "must have at least one log")
    if grade not in KEPT:
        raise ConfigurationError("grade", "must be A, B or C", grade)
    scenario = logs[0].scenario
    if group is None and len(scenario.groups) != 1:
        raise ConfigurationError(
            "group", "must be given", hint=f"Groups are {', '.join(scenario.group_numbers)}."
        )
    number = scenario.group_numbers[0] if group is None else group
    people = [member.extension_number for member in scenario.group(number).members]
    calls, rings, own = [], [], []
    first = 0
    for day, log in enumerate(logs):
        mine, theirs = _calls(log, number)
        calls.append(mine.assign(call=mine["call"] + first, day=day))
        ringing = log.rings[log.rings["call"].isin(mine["call"]).to_numpy()]
        rings.append(ringing.assign(call=ringing["call"] + first))
        own.append(_own_calls(log, theirs, people).assign(day=day))
        first += len(log.calls)
    shown = pd.concat(rings)
    shown = shown[shown["result"].isin(KEPT[grade]).to_numpy()]
    tables = (pd.concat(calls), None if grade == "C" else shown, pd.concat(own))
    return tables, scenario, number


def _calls(log: CallLog, group: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the calls that arrived at a group and ended there, and all other calls."""
    mine = (log.calls["group"] == group) & (log.calls["ended_in"] == group)
    return log.calls[mine.to_numpy()], log.calls[~mine.to_numpy()]


def _own_calls(log: CallLog, theirs: pd.DataFrame, people: Sequence[str]) -> pd.DataFrame:
    """Return the calls of members outside the group, those for other groups included."""
    own = log.own_calls
    own = own[own["taken"].to_numpy(np.bool_) & own["extension"].isin(people).to_numpy()]
    elsewhere = theirs[theirs["answered_by"].isin(people).to_numpy()]
    answered = pd.DataFrame(
        {
            "extension": elsewhere["answered_by"].astype(object),
            "started_at": elsewhere["arrives_at"] + elsewhere["wait"],
            "talk_time": elsewhere["talk_time"],
            "taken": True,
        }
    )
    return pd.concat([own.astype({"extension": object}), answered])
