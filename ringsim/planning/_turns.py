"""Ways of working one shift on one day of a roster.

`RosterDay`
    A day of a roster: its scenario, cut into intervals.
`Turn`, `Spill`
    A shift on one day, with one time for lunch, and its work within the hours of other days.
`axis_of`, `turns_of`
    Return the axis of some days, and all turns of these days and some shifts.
`spans_of`
    Return the working spans of a turn.

A turn belongs to the day on which its shift begins. Over midnight it also works within the hours
of the next day of the roster, if that day follows; its hours and its cost count once.

Lunch begins at the start of its window, or later by a multiple of its own length or of the
intervals' width, whichever is shorter.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ringsim.errors import ConfigurationError
from ringsim.planning._day_axis import DayAxis
from ringsim.planning._on_duty import covers
from ringsim.planning._shifts import Shift
from ringsim.scenario import DAY, Scenario, Span, clock_seconds, time_text

__all__ = ["RosterDay", "Spill", "Turn", "axis_of", "spans_of", "turns_of"]

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

    def duty(self, spans: Sequence[Span]) -> list[Span]:
        """Return the duty of spans of work [s]; the last has no end if it lasts until closing."""
        found = [(max(start, 0.0), end) for start, end in spans if end > 0]
        if found and found[-1][1] >= self.closes - SLACK:
            found[-1] = found[-1][0], math.inf
        return found

    def works(self, spans: Sequence[Span]) -> tuple[bool, ...]:
        """Return for each interval whether spans of work [s] cover all of it."""
        duty = self.duty(spans)
        return tuple(covers(duty, *self.interval(at)) for at in range(self.n))


class Spill(NamedTuple):
    """Work of a turn within the hours of another day than its own.

    Attributes
    ----------
    day : int
        Index of the other day.
    spans : tuple of (float, float)
        Spans of work [s from the start of the other day].
    works : tuple of bool
        For each interval of the other day, whether the person works throughout.
    """

    day: int
    spans: tuple[Span, ...]
    works: tuple[bool, ...]


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
        For each interval of the day, whether the person works throughout; empty if the shift
        lies outside the hours of its own day.
    spills : tuple of Spill
        Work within the hours of other days.
    """

    day: int
    shift: int
    start: float
    end: float
    lunch: float | None
    lunch_time: float
    works: tuple[bool, ...]
    spills: tuple[Spill, ...] = ()

    @property
    def hours(self) -> float:
        """Working time [h]."""
        return (self.end - self.start - self.lunch_time) / 3600

    @property
    def spans(self) -> list[Span]:
        """Spans of work, without lunch [s from the start of the day]."""
        return spans_of(self.start, self.end, self.lunch, self.lunch_time)

    def spans_on(self, day: int) -> list[Span]:
        """Return the spans of work on a day by its index [s from the start of that day]."""
        own = self.spans if day == self.day and self.works else []
        spilt = [span for spill in self.spills if spill.day == day for span in spill.spans]
        return sorted(own + spilt)

    def covered(self) -> Iterator[tuple[int, int]]:
        """Yield index of the day and of the interval for all intervals that the turn covers."""
        for day, works in [(self.day, self.works), *((e.day, e.works) for e in self.spills)]:
            yield from ((day, at) for at, there in enumerate(works) if there)


def spans_of(start: float, end: float, lunch: float | None, lunch_time: float) -> list[Span]:
    """Return the spans of work between start and end [s], without lunch."""
    if lunch is None:
        return [(start, end)]
    return [(start, lunch), (lunch + lunch_time, end)]


def axis_of(days: Sequence[RosterDay]) -> DayAxis:
    """Return the axis of time of some days; a day without `opens_at` begins at midnight."""
    opening = (each.scenario.opens_at for each in days)
    opens = [0.0 if opens_at is None else clock_seconds(opens_at) for opens_at in opening]
    return DayAxis.of([each.name for each in days], opens, [each.closes for each in days])


def turns_of(days: Sequence[RosterDay], shifts: Sequence[Shift]) -> list[Turn]:
    """Return all turns of some days and shifts.

    Raises
    ------
    ConfigurationError
        If a shift names an unknown day, or lies outside the hours of all days.
    """
    names, axis = [day.name for day in days], axis_of(days)
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
                for turn in _turns(days, axis, place, shift, index)
            ]
        except ConfigurationError as wrong:
            raise wrong.inside(f"shifts[{index}]") from None
        if not turns:
            raise ConfigurationError(
                f"shifts[{index}]", "must lie within the hours of a day", shift.label
            )
        found += turns
    return found


def _turns(
    days: Sequence[RosterDay], axis: DayAxis, place: int, shift: Shift, index: int
) -> list[Turn]:
    """Return the turns of one shift on one day; none if the shift is outside all hours."""
    day, found = days[place], []
    start, end = (day.seconds(shift, instant) for instant in shift.span)
    is_inside = end > 0 and start < day.closes
    for lunch in _lunches(day, shift):
        lunch_time = 0.0 if lunch is None else float(shift.lunch_time)
        spans = spans_of(start, end, lunch, lunch_time)
        spills = tuple(
            Spill(other, tuple(each), days[other].works(each))
            for other, each in axis.spills(place, spans)
        )
        works = day.works(spans) if is_inside else ()
        found.append(Turn(place, index, start, end, lunch, lunch_time, works, spills))
    return found if is_inside or any(turn.spills for turn in found) else []


def _lunches(day: RosterDay, shift: Shift) -> list[float | None]:
    """Return the possible starts of lunch [s]."""
    if shift.lunch is None:
        return [None]
    first, last = (day.seconds(shift, instant) for instant in shift.lunch_window)
    step = min(day.width, shift.lunch_time)
    n = math.floor((last - shift.lunch_time - first) / step + SLACK)
    return [first + at * step for at in range(n + 1)]
