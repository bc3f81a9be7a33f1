"""The calls of logs at instants, as writers of formats need them.

`WrittenCall`, `WrittenRing`, `WrittenOwnCall`, `WrittenSpell`
    Rows with instants in seconds since 1970.
`Written`
    All rows of logs or records.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError
from ringsim.records._clock import Clock
from ringsim.records._duty import ON_DUTY
from ringsim.records._records import Records
from ringsim.records._spans import clipped
from ringsim.records._tables import rows_of
from ringsim.scenario._duty import clock_seconds

__all__ = ["Written", "WrittenCall", "WrittenOwnCall", "WrittenRing", "WrittenSpell", "written"]

DAY = 86400.0


class WrittenRing(NamedTuple):
    """A ring, with the ring time of its group [s]; 0 if that is not known."""

    call: int
    group: str
    member: str
    started_at: float
    ended_at: float
    result: str
    ring_time: float


class WrittenCall(NamedTuple):
    """A call with its rings; `hung_up_at` is NaN unless it was answered."""

    call: int
    group: str
    arrived_at: float
    ended_at: float
    outcome: str
    answered_by: str
    hung_up_at: float
    action: str
    rings: list[WrittenRing]

    @property
    def over_at(self) -> float:
        """When the caller's leg ended."""
        return self.ended_at if np.isnan(self.hung_up_at) else self.hung_up_at

    @property
    def caller(self) -> str:
        """A number for the caller, which no phone system of ringsim has."""
        return f"555{self.call % 10**7:07d}"


class WrittenOwnCall(NamedTuple):
    """A call of a member outside the group."""

    member: str
    started_at: float
    ended_at: float


class WrittenSpell(NamedTuple):
    """A spell of a member of a group on duty, or paused."""

    group: str
    member: str
    state: str
    started_at: float
    ended_at: float


@dataclass(frozen=True)
class Written:
    """All rows of logs or records, in the order of arrival.

    `is_utc` is false for records without a time zone, whose instants are those of a wall clock.
    """

    calls: list[WrittenCall]
    own_calls: list[WrittenOwnCall]
    duty: list[WrittenSpell]
    grade: str = "A"
    is_utc: bool = True

    def __iter__(self) -> Iterator[WrittenCall]:
        return iter(self.calls)


class _Start(NamedTuple):
    """Start of each day as seconds of the wall clock, and the clock itself."""

    wall: NDArray[np.float64]
    clock: Clock


def written(log: CallLog | Records, starts_at: str | datetime | None) -> Written:
    """Return the rows of a log at instants.

    Raises
    ------
    ConfigurationError
        If `starts_at` is missing or no date and time, or the log has pages.
    """
    if isinstance(log, Records):
        opens = clock_seconds(log.scenario.opens_at or "00:00", "opens_at")
        wall = np.asarray(log.dates.astype(np.int64) * DAY + opens, dtype=np.float64)
        start = _Start(wall, Clock(log.timezone))
    elif isinstance(log, CallLog):
        start = _Start(np.array([_epoch(starts_at)]), Clock())
    else:
        raise ConfigurationError("log", "must be a CallLog or Records", log)
    calls, rings, own = log.calls, log.rings, log.own_calls
    if (rings["result"] == "paged").any():
        raise ConfigurationError("log", "must have no pages, which no call record shows")
    times = {group.extension_number: float(group.ring_time) for group in log.scenario.groups}
    known = isinstance(log, CallLog)
    ring_of: dict[int, list[WrittenRing]] = {}
    for row in _rows(rings, start, "started_at"):
        ring = WrittenRing(
            int(row.call),
            row.group,
            row.member,
            row.base + row.started_at,
            row.base + row.ended_at,
            row.result,
            times[row.group] if known else 0.0,
        )
        ring_of.setdefault(ring.call, []).append(ring)
    made = [_call(row, ring_of.get(int(row.call), [])) for row in _rows(calls, start, "arrives_at")]
    theirs = [
        WrittenOwnCall(
            row.extension, row.base + row.started_at, row.base + row.started_at + row.talk_time
        )
        for row in _rows(own[own["taken"].to_numpy(np.bool_)], start, "started_at")
    ]
    in_order = sorted(made, key=lambda call: (call.arrived_at, call.call))
    spells = _spells(log, start)
    if isinstance(log, CallLog):
        return Written(in_order, theirs, spells)
    return Written(in_order, theirs, spells, log.grade, is_utc=log.timezone is not None)


def _spells(log: CallLog | Records, start: _Start) -> list[WrittenSpell]:
    """Return the recorded spells of records, or the hours of duty of a simulated day."""
    if isinstance(log, Records):
        return [
            WrittenSpell(
                log.group,
                row.extension,
                row.state,
                row.base + row.started_at,
                row.base + row.ended_at,
            )
            for row in _rows(log.duty, start, "started_at")
        ]
    scenario, opens = log.scenario, float(start.wall[0])
    return [
        WrittenSpell(group.extension_number, number, ON_DUTY, opens + start, opens + end)
        for group in scenario.groups
        for number in (member.extension_number for member in group.members)
        for start, end in clipped(list(scenario.duty(number) or ()), 0.0, scenario.hours * 3600)
    ]


def _rows(frame: pd.DataFrame, start: _Start, column: str) -> Iterator[Any]:
    """Yield the rows with the instant of second 0 of their day, by the clock at this column."""
    day = frame["day"].to_numpy() if "day" in frame else np.zeros(len(frame), np.int64)
    seconds = frame[column].to_numpy(np.float64)
    instants, _ = start.clock.instants(start.wall[day] + seconds)
    return rows_of(frame.assign(base=instants - seconds))


def _call(row: Any, rings: list[WrittenRing]) -> WrittenCall:
    arrived_at = row.base + row.arrives_at
    ended_at = row.base + (row.arrives_at + row.wait)
    answered = row.outcome == "answered"
    talk = 0.0 if np.isnan(row.talk_time) else row.talk_time
    return WrittenCall(
        int(row.call),
        row.group,
        arrived_at,
        ended_at,
        row.outcome,
        row.answered_by if isinstance(row.answered_by, str) else "",
        ended_at + talk if answered else np.nan,
        row.action if isinstance(row.action, str) else "",
        rings,
    )


def _epoch(starts_at: object) -> float:
    if isinstance(starts_at, str):
        with suppress(ValueError):
            starts_at = datetime.fromisoformat(starts_at)
    if not isinstance(starts_at, datetime):
        raise ConfigurationError(
            "starts_at", "must be a date and time such as '2024-03-04 08:00:00'", starts_at
        )
    aware = starts_at if starts_at.tzinfo else starts_at.replace(tzinfo=UTC)
    return aware.timestamp()
