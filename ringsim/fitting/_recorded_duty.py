"""Hours of duty and pauses of people, from the sign-ins and pauses that a phone system records.

A scenario has fixed hours and random pauses: the hours are those of most days, and pauses outside
the common ones become `away` spells.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._words import Said
from ringsim.estimators import Interval
from ringsim.fitting._arrays import RecordArrays
from ringsim.fitting._rows import Row, row
from ringsim.records._duty import ON_DUTY, ON_PAUSE
from ringsim.records._spans import Spans, length, most_common, overlap, without

__all__ = ["PauseHabit", "pause_habit", "recorded_hours", "recorded_limits", "recorded_time"]

OWN_HOURS = 1800.0  # seconds nearer to its days, from which a weekday has hours of its own
CHANGING = (
    1800.0  # seconds between the hours of a day and those of most days, from which it is said
)


class PauseHabit(NamedTuple):
    """Pauses as away spells [s]: the mean time from one to the next, and their mean length."""

    every: float
    lasting: float
    n_spells: int

    def rows(self, path: str) -> list[Row]:
        method = "recorded pauses"
        return [
            row(f"{path}.away.every", Interval(self.every), np.inf, self.n_spells, method),
            row(f"{path}.away.lasting", Interval(self.lasting), 0.0, self.n_spells, method),
        ]

    def beside(self, away: dict[str, Any] | None) -> dict[str, Any]:
        """Return the field `away` for pauses and the away spells found beside them."""
        rate, time_away = 1 / self.every, self.lasting / self.every
        if away is not None:
            more = 1 / away["every"]["mean"]
            rate, time_away = rate + more, time_away + more * away["lasting"]["mean"]
        return {"every": {"mean": 1 / rate}, "lasting": {"mean": time_away / rate}}


def recorded_hours(arrays: RecordArrays, person: str) -> list[Spans]:
    """Return a person's hours on duty and not on pause on each weekday, or on all days alike.

    A weekday has hours of its own if its days are half an hour nearer to these on average.
    """
    days = _available(arrays, person)
    common = most_common(days)
    if not arrays.weekdays:
        return [common]
    found = []
    for kind in range(len(arrays.weekdays)):
        some = [days[day] for day in np.flatnonzero(arrays.weekday == kind)]
        own = most_common(some)
        nearer = _distance(some, common).mean() - _distance(some, own).mean()
        found.append(own if nearer > OWN_HOURS else common)
    return found


def recorded_time(arrays: RecordArrays, person: str) -> NDArray[np.float64]:
    """Return a person's recorded time on duty, without pauses, on each day [s]."""
    return np.array([length(spans) for spans in _available(arrays, person)])


def pause_habit(arrays: RecordArrays, person: str, weekly: list[Spans]) -> PauseHabit | None:
    """Return the pauses within a person's hours in the scenario; None if there are none."""
    duty = arrays.records.duty_record
    if person not in duty.pausing:
        return None
    paused, there, n = 0.0, 0.0, 0
    for day, hours in enumerate(_hours_of_days(arrays, weekly)):
        on = hours
        if person in duty.signing:
            on = overlap(hours, duty.spells(person, day, ON_DUTY))
        pauses = overlap(on, duty.spells(person, day, ON_PAUSE))
        paused, there, n = paused + length(pauses), there + length(on), n + len(pauses)
    if not n or paused >= there:
        return None
    return PauseHabit((there - paused) / n, paused / n, n)


def recorded_limits(arrays: RecordArrays, weekly: list[list[Spans]]) -> list[str]:
    """Return sentences on hours that change from day to day, and on pauses."""
    duty = arrays.records.duty_record
    said: list[str] = []
    changing, pausing = [], []
    for person, hours in zip(arrays.people, weekly, strict=True):
        if person in duty.signing:
            days, usual = _available(arrays, person), _hours_of_days(arrays, hours)
            apart = [_apart(*each) for each in zip(days, usual, strict=True)]
            if np.mean(apart) > CHANGING:
                changing.append(person)
        if pause_habit(arrays, person, hours):
            pausing.append(person)
    if changing:
        said.append(Said("limits.duty_changes", who=", ".join(changing)))
    if pausing:
        said.append(Said("limits.pauses", who=", ".join(pausing)))
    return said


def _available(arrays: RecordArrays, person: str) -> list[Spans]:
    duty = arrays.records.duty_record
    return [duty.available(person, day, None) or [] for day in range(arrays.n_days)]


def _hours_of_days(arrays: RecordArrays, weekly: list[Spans]) -> list[Spans]:
    if len(weekly) == 1:
        return weekly * arrays.n_days
    return [weekly[kind] for kind in arrays.weekday]


def _distance(days: list[Spans], hours: Spans) -> NDArray[np.float64]:
    return np.array([_apart(spans, hours) for spans in days])


def _apart(some: Spans, others: Spans) -> float:
    """Return the time that lies in one of two sets of spans and not in the other [s]."""
    return length(without(some, others)) + length(without(others, some))
