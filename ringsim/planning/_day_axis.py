"""The days of a roster on one axis of time.

`DayAxis`
    When each day begins, and after what time the days repeat.
`merged`, `without`
    The union of spans, and the parts of spans that others do not cover.

A shift over midnight works on two days, so a roster has to know which day follows which. Days
named for weekdays are a typical week, which repeats: a night shift on Sunday works on Monday
morning. A single day without a weekday or a date is a typical day, which repeats daily, as spans
of duty in times of day do. Days with dates, and lists of other names, do not repeat.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ringsim.planning._calendar import days_between, period_of
from ringsim.scenario import DAY, Span

__all__ = ["DayAxis", "merged", "without"]

MOST_LAPS = 2  # a shift ends at most two days after its day begins


class DayAxis(NamedTuple):
    """Beginnings of the days, and the time after which they repeat.

    Attributes
    ----------
    begins : tuple of float
        Instant at which each day opens, in seconds since midnight of the first day.
    closes : tuple of float
        Length of each day [s].
    period : float
        Time after which the days repeat [s]; infinite if they do not.
    """

    begins: tuple[float, ...]
    closes: tuple[float, ...]
    period: float = math.inf

    @classmethod
    def of(cls, names: Sequence[str], opens: Sequence[float], closes: Sequence[float]) -> DayAxis:
        """Return the axis of days by their names, opening times and lengths [s]."""
        pairs = zip(days_between(names), opens, strict=True)
        begins = tuple(DAY * day + at for day, at in pairs)
        return cls(begins, tuple(closes), DAY * period_of(names))

    def others(self, day: int) -> Iterator[tuple[int, float]]:
        """Yield each other day by its index, and when it begins, from the start of `day` [s].

        If the days repeat, each one begins several times, and `day` itself is another day too.
        """
        laps = range(-MOST_LAPS, MOST_LAPS + 1) if self.period < math.inf else [0]
        for other, begins in enumerate(self.begins):
            for lap in laps:
                if lap or other != day:
                    yield other, begins - self.begins[day] + (lap * self.period if lap else 0.0)

    def spills(self, day: int, spans: Sequence[Span]) -> Iterator[tuple[int, list[Span]]]:
        """Yield the parts of a day's spans [s] that lie within another day's hours.

        They are in seconds from the start of the other day. Where the hours of two days overlap,
        a span lies in its own day alone.
        """
        outside = without(spans, [(0.0, self.closes[day])])
        for other, begins in self.others(day):
            moved = [(start - begins, end - begins) for start, end in outside]
            found = [span for span in moved if span[1] > 0 and span[0] < self.closes[other]]
            if found:
                yield other, found


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the union of spans, sorted; adjacent ones become one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """Return the parts of spans that lie in none of the holes."""
    left = list(spans)
    for first, last in holes:
        cut = [
            part
            for start, end in left
            for part in ((start, min(end, first)), (max(start, last), end))
        ]
        left = [(start, end) for start, end in cut if start < end]
    return left
