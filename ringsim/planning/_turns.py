"""Ways of working one shift on one day of a roster.

`RosterDay`
    A day of a roster: its scenario, cut into intervals.
`Turn`
    A shift on one day, with one time for lunch.
`turns_of`
    Return all turns of some days and shifts.
`spans_of`, `can_work`
    The working spans of a turn, and whether a person's availability covers them.

Lunch begins at the start of its window, or later by a multiple of its own length or of the
intervals' width, whichever is shorter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ringsim.errors import ConfigurationError
from ringsim.planning._on_duty import covers
from ringsim.planning._shifts import Shift
from ringsim.scenario import DAY, Scenario, Span, clock_seconds, time_text

__all__ = ["RosterDay", "Turn", "can_work", "spans_of", "turns_of"]

SLACK = 1e-6  # seconds


@dataclass(frozen=True)
class RosterDay:
    """A day of a roster, with its intervals.

    Attributes
    ----------
    name : str
        Name of the day.
    scenario : Scenario
        Callers and people of the day.
    width : float
        Length of the intervals [s].
    n : int
        Number of intervals: up to closing time, or to the last given call.
    """

    name: str
    scenario: Scenario
    width: float
    n: int

    @cached_property
    def closes(self) -> float:
        """End of the scenario's hours [s from the start]."""
        return 3600 * float(self.scenario.hours)

    def seconds(self, shift: Shift, instant: float) -> float:
        """Return an instant of a shift in seconds from the start of the day."""
        if not isinstance(shift.starts_at, str):
            return instant
        if self.scenario.opens_at is None:
            raise ConfigurationError(
                "starts_at",
                "must be in seconds from the start, as the scenario has no opens_at",
                shift.starts_at,
                'Give opens_at, such as "08:00".',
            )
        opens = clock_seconds(self.scenario.opens_at)
        _, end = shift.span
        return instant - opens + (DAY if end <= opens else 0)

    def interval(self, at: int) -> Span:
        """Return start and end of an interval; the last one may end at closing time."""
        start, end = at * self.width, (at + 1) * self.width
        return start, min(end, self.closes) if start < self.closes else end

    def clock(self, instant: float) -> str:
        """Return an instant of the day as a time of day, or in seconds."""
        return time_text(instant, self.scenario.opens_at)


class Turn(NamedTuple):
    """A shift on one day, with one time for lunch.

    Attributes
    ----------
    day, shift : int
        Indices of the day and of the shift.
    start, end : float
        Start and end [s from the start of the day].
    lunch : float or None
        Start of lunch [s]; None without lunch.
    lunch_time : float
        Length of lunch [s]; 0 without lunch.
    works : tuple of bool
        For each interval of the day, whether the person works throughout.
    """

    day: int
    shift: int
    start: float
    end: float
    lunch: float | None
    lunch_time: float
    works: tuple[bool, ...]

    @property
    def hours(self) -> float:
        """Working time [h]."""
        return (self.end - self.start - self.lunch_time) / 3600


def spans_of(start: float, end: float, lunch: float | None, lunch_time: float) -> list[Span]:
    """Return the spans of work between start and end [s], without lunch."""
    if lunch is None:
        return [(start, end)]
    return [(start, lunch), (lunch + lunch_time, end)]


def can_work(turn: Turn, available: Sequence[Span] | None) -> bool:
    """Return whether a person's availability [s] covers all working time of a turn."""
    spans = spans_of(turn.start, turn.end, turn.lunch, turn.lunch_time)
    return all(covers(available, start, end) for start, end in spans)


def turns_of(days: Sequence[RosterDay], shifts: Sequence[Shift]) -> list[Turn]:
    """Return all turns of some days and shifts.

    Raises
    ------
    ConfigurationError
        If a shift names an unknown day, or lies outside the hours of all its days.
    """
    names = [day.name for day in days]
    found = []
    for index, shift in enumerate(shifts):
        for at, name in enumerate(shift.days or ()):
            if name not in names:
                raise ConfigurationError(
                    f"shifts[{index}].days[{at}]",
                    f"must be one of {', '.join(names)}",
                    name,
                )
        try:
            turns = [
                turn
                for place, day in enumerate(days)
                if shift.days is None or day.name in shift.days
                for turn in _turns(day, place, shift, index)
            ]
        except ConfigurationError as wrong:
            raise wrong.inside(f"shifts[{index}]") from None
        if not turns:
            raise ConfigurationError(
                f"shifts[{index}]", "must lie within the hours of a day", shift.label
            )
        found += turns
    return found


def _turns(day: RosterDay, place: int, shift: Shift, index: int) -> list[Turn]:
    """Return the turns of one shift on one day; none if the shift is outside its hours."""
    start, end = (day.seconds(shift, instant) for instant in shift.span)
    if end <= 0 or start >= day.closes:
        return []
    found = []
    for lunch in _lunches(day, shift):
        lunch_time = 0.0 if lunch is None else float(shift.lunch_time)
        spans = spans_of(start, end, lunch, lunch_time)
        works = tuple(covers(_with_end(spans, day), *day.interval(at)) for at in range(day.n))
        found.append(Turn(place, index, start, end, lunch, lunch_time, works))
    return found


def _lunches(day: RosterDay, shift: Shift) -> list[float | None]:
    """Return the possible starts of lunch [s]."""
    if shift.lunch is None:
        return [None]
    first, last = (day.seconds(shift, instant) for instant in shift.lunch_window)
    step = min(day.width, shift.lunch_time)
    n = math.floor((last - shift.lunch_time - first) / step + SLACK)
    return [first + at * step for at in range(n + 1)]


def _with_end(spans: Sequence[Span], day: RosterDay) -> list[Span]:
    """Return spans of which the last has no end if it lasts until closing time."""
    *first, (start, end) = spans
    return [*first, (start, math.inf if end >= day.closes - SLACK else end)]
