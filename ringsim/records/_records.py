"""Real days of one ring group, in the columns of a call log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ringsim._log_arrays import OUTCOMES, Borders, LogArrays
from ringsim._sentences import counted
from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError
from ringsim.records._duty import DutyRecord
from ringsim.records._extract import GRADES
from ringsim.records._record_tables import RecordTables
from ringsim.records._tables import Filled, arrays_of
from ringsim.scenario import Scenario, checked_weekday
from ringsim.workload import Workload

__all__ = ["Records"]


class Records(RecordTables):
    """Real days of one ring group, in the columns of a call log.

    `ringsim.read_records` reads them from the files of a phone system; `Records.from_frames` and
    `Records.from_logs` make them from tables and from simulated days.

    Attributes
    ----------
    calls : DataFrame
        The columns of `CallLog.calls`, then `day` and `date`. `wrap_up_time` is NaN, because no
        phone system records it, and `patience` is NaN unless the caller gave up.
    rings : DataFrame
        The columns of `CallLog.rings`, then `day` and `date`; no row with grade C.
    own_calls : DataFrame
        Calls of members outside the group: the columns of `CallLog.own_calls`, `day` and `date`.
    days : DataFrame
        A row per day: `day` (from 0), `date`, `weekday` (`mon` to `sun`), and the numbers of
        calls: `offered`, `answered`, `abandoned` and `overflowed`.
    duty : DataFrame
        Recorded spells of members: `extension`, `state` (`on_duty` or `paused`), `started_at`,
        `ended_at`, `day` and `date`; no row if the format has no sign-ins.
    callers_wait : bool
        Whether the group is a queue, in which callers wait until somebody is free.
    notes : tuple of str
        One sentence per thing that was left out or assumed, and why.
    grade : str
        `A`: every ring is known; `B`: rings that were cut short are missing; `C`: one row a call.
    clock : float
        Resolution of the times [s].
    timezone : str or None
        Name of the time zone of the dates.
    scenario : Scenario
        The group with its members, the opening time and the hours; no demand.

    Notes
    -----
    Times are seconds from the `opens_at` of the scenario on the day of the row. A row belongs to
    the day on which its call arrived. Every table of metrics takes a day as one replication.
    """

    def __init__(
        self,
        scenario: Scenario,
        arrays: LogArrays,
        borders: Borders,
        dates: ArrayLike,
        *,
        grade: str = "A",
        notes: Iterable[str] = (),
        clock: float = 0.0,
        timezone: str | None = None,
        rings_are_worked_out: bool = False,
        duty: DutyRecord | None = None,
        callers_wait: bool = False,
    ) -> None:
        if grade not in GRADES:
            raise ConfigurationError("grade", "must be A, B or C", grade)
        self.scenario = scenario
        self.arrays = arrays
        self.borders = borders
        self.dates = np.asarray(dates, dtype="datetime64[D]")
        self.grade = grade
        self.notes = tuple(notes)
        self.clock = float(clock)
        self.timezone = timezone
        self.rings_are_worked_out = rings_are_worked_out
        self.duty_record = duty or DutyRecord()
        self.callers_wait = callers_wait

    @classmethod
    def from_frames(
        cls,
        calls: pd.DataFrame,
        rings: pd.DataFrame | None = None,
        own_calls: pd.DataFrame | None = None,
        *,
        group: str | None = None,
        members: Iterable[str] | None = None,
        grade: str | None = None,
        starts_on: str = "2001-01-01",
        dates: Sequence[Any] | None = None,
        opens_at: str | None = None,
        hours: float | None = None,
        notes: Iterable[str] = (),
        clock: float = 0.0,
        timezone: str | None = None,
        name: str = "",
    ) -> Records:
        """Return records made from tables.

        Parameters
        ----------
        calls : DataFrame
            `arrives_at` [s from `opens_at`], `outcome`, `wait`, and if known `call` (unique),
            `day` (a whole number, default 0), `date`, `group`, `answered_by`, `talk_time`,
            `action`.
        rings : DataFrame, optional
            `call`, `member`, `started_at`, `ended_at`, `result`.
        own_calls : DataFrame, optional
            `extension`, `started_at`, `talk_time`, and `day` if `calls` has it.
        group : str, optional
            Number of the group; by default that of the first row, else "600".
        members : iterable of str, optional
            Members in the configured order. People that the tables name beyond these follow.
        grade : {"A", "B", "C"}, optional
            By default A with rings, C without.
        starts_on : str, default "2001-01-01"
            Date of day 0, if `calls` has no `date`; that default is a Monday.
        dates : sequence of dates, optional
            Date of each day from 0, instead of `starts_on`.
        opens_at : str, optional
            Time of day at second 0.
        hours : float, optional
            Length of a day; by default until the last arrival, in whole hours.
        notes, clock, timezone
            See the attributes.
        name : str, optional
            Name of the group.

        Raises
        ------
        ConfigurationError
            If a column is missing or holds a value that it cannot hold.
        """
        filled = arrays_of(
            calls, rings, own_calls, group=group, members=members, starts_on=starts_on, dates=dates
        )
        return cls._of(
            filled,
            grade=grade or ("C" if rings is None else "A"),
            opens_at=opens_at,
            hours=hours,
            name=name,
            notes=notes,
            clock=clock,
            timezone=timezone,
        )

    @classmethod
    def _of(
        cls,
        filled: Filled,
        *,
        opens_at: str | None,
        hours: float | None,
        name: str,
        **fields: Any,
    ) -> Records:
        latest = float(filled.arrays.calls.arrives_at.max(initial=0.0))
        group = {
            "extension_number": filled.arrays.groups[0],
            "name": name,
            "members": list(filled.members),
        }
        scenario = Scenario(
            groups=[group],
            hours=max(1.0, np.floor(latest / 3600) + 1) if hours is None else hours,
            opens_at=opens_at,
        )
        arrays = replace(filled.arrays, extensions=scenario.extension_numbers)
        return cls(scenario, arrays, filled.borders, filled.dates, **fields)

    @classmethod
    def from_logs(
        cls,
        logs: Iterable[CallLog | WeekLog],
        *,
        group: str | None = None,
        grade: str = "A",
        starts_on: str = "2001-01-01",
        dates: Sequence[Any] | None = None,
        clock: float = 0.0,
    ) -> Records:
        """Return simulated days as the records of a phone system would show them.

        Parameters
        ----------
        logs : iterable of CallLog or WeekLog
            One log per day, or per week, of one scenario. The days of weeks have the dates of
            their weekdays, from the week of `starts_on` on.
        group : str, optional
            Group whose calls are kept; may be omitted if the scenario has only one. Calls that
            members answer for other groups become own calls.
        grade : {"A", "B", "C"}, default "A"
            B drops the rings that were cut short, C all rings.
        starts_on, dates, clock
            As in `from_frames`.
        """
        from ringsim.records._simulated import days_of_logs, frames_of_logs

        days, own_dates = days_of_logs(list(logs), starts_on)
        frames, scenario, number = frames_of_logs(days, group, grade)
        return cls.from_frames(
            *frames,
            group=number,
            members=[m.extension_number for m in scenario.group(number).members],
            grade=grade,
            starts_on=starts_on,
            dates=own_dates if dates is None else dates,
            opens_at=scenario.opens_at,
            hours=scenario.hours,
            clock=clock,
        )

    @property
    def group(self) -> str:
        """Number of the group."""
        return self.scenario.group_numbers[0]

    def on(self, day: str) -> Records:
        """Return the records of the days of one weekday.

        Raises
        ------
        ConfigurationError
            If no day is of this weekday.
        """
        checked_weekday(day, "day", self.weekdays)
        return self.only(at for at, name in enumerate(self.weekday_of_days) if name == day)

    def scenarios(self, scenario: Scenario) -> tuple[Scenario, ...]:
        """Return the scenario of each day: that of its weekday, if the scenario has `days`.

        Raises
        ------
        ConfigurationError
            If the scenario has `days`, and not the weekday of one of these days.
        """
        if not scenario.days:
            return (scenario,) * self.n_days
        for date, name in zip(self.dates, self.weekday_of_days, strict=True):
            if name not in scenario.days:
                raise ConfigurationError(
                    "scenario.days",
                    f"must have {name}, the weekday of {date}",
                    list(scenario.days),
                    "Leave out days of the records with records.only(...).",
                )
        return tuple(scenario.on(name) for name in self.weekday_of_days)

    def scenarios_on_duty(self, scenario: Scenario) -> tuple[Scenario, ...]:
        """Return the scenario of each day, with the hours of duty and pauses of that day.

        People whose sign-ins are not recorded keep their hours. Recorded pauses take the place
        of `away`. Hours are seconds from the `opens_at` of the scenario.
        """
        from ringsim.records._aligned import opens_later_by
        from ringsim.records._day_duty import scenario_on_duty

        duty = self.duty_record.moved(opens_later_by(self, scenario))
        return tuple(
            scenario_on_duty(each, duty, day) for day, each in enumerate(self.scenarios(scenario))
        )

    def log(self, day: int) -> CallLog:
        """Return one day as a call log, for `audit`, `plot.ring_chart` and the like.

        Wrap-up is 0, and patience infinite unless the caller gave up.

        Raises
        ------
        ConfigurationError
            If there is no such day.
        """
        from ringsim.records._some_days import one_day

        self._check_day(day)
        return CallLog(self.scenario, one_day(self._played, self.borders, day))

    def only(self, days: Iterable[int]) -> Records:
        """Return the records of some days, by their numbers; these are numbered anew from 0.

        Raises
        ------
        ConfigurationError
            If there is no such day.
        """
        from ringsim.records._some_days import some_days

        chosen = [int(day) for day in days]
        for day in chosen:
            self._check_day(day)
        arrays, borders = some_days(self.arrays, self.borders, chosen)
        return self._with(
            arrays=arrays,
            borders=borders,
            dates=self.dates[chosen],
            duty=self.duty_record.only(chosen),
        )

    def with_rings(self, scenario: Scenario) -> Records:
        """Return the records with the rings that roster and strategy imply.

        Parameters
        ----------
        scenario : Scenario
            The group with its members, strategy, ring time and duty, as the PBX has them.

        Returns
        -------
        Records
            Recorded rings and those worked out. Phones that were off and calls that nobody
            recorded stay unknown.

        Raises
        ------
        ConfigurationError
            If the scenario lacks the group or somebody who answered, or the strategy pages.
        """
        from ringsim.records._work_out import with_rings

        return with_rings(self, scenario)

    def workload(self, scenario: Scenario, *, day: int = 0, seed: int = 0) -> Workload:
        """Return the callers of a real day, for `play`, `simulate` and `compare`.

        The method of `ringsim.records.workload`, where it is explained.

        Parameters
        ----------
        scenario : Scenario
            Where patience, wrap-up and answer delays are drawn from that the day does not show.
        day : int, default 0
            Number of the day in `days`.
        seed : int, default 0
            Seed of the draws. Several seeds show how much depends on what was drawn.
        """
        from ringsim.records._replay import workload

        return workload(self, scenario, day=day, seed=seed)

    def anonymised(self) -> Records:
        """Return the records with other numbers and dates, without notes and time zone.

        Weekdays, times of day, distances of dates and durations are kept.
        """
        from ringsim.records._anonymous import anonymised

        return anonymised(self)

    def _with(self, **changes: Any) -> Records:
        """Return a copy with some fields changed."""
        fields = {
            "scenario": self.scenario,
            "arrays": self.arrays,
            "borders": self.borders,
            "dates": self.dates,
            "grade": self.grade,
            "notes": self.notes,
            "clock": self.clock,
            "timezone": self.timezone,
            "rings_are_worked_out": self.rings_are_worked_out,
            "duty": self.duty_record,
            "callers_wait": self.callers_wait,
        }
        return Records(**{**fields, **changes})

    def _check_day(self, day: int) -> None:
        if not 0 <= day < self.n_days:
            raise ConfigurationError("day", f"must be from 0 to {self.n_days - 1}", day)

    def __repr__(self) -> str:
        calls = self.arrays.calls
        counts = ", ".join(
            f"{int((calls.outcome == code).sum()):,} {name}" for code, name in enumerate(OUTCOMES)
        )
        days, total = counted(self.n_days, "day"), counted(len(calls), "call")
        name = self.scenario.groups[0].name or self.group
        return f"<Records of group {name}: {days}, {total} ({counts}), grade {self.grade}>"
