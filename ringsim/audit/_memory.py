"""Memory that a group has of a member at an instant (S7), derived from all rows of a log.

`History`
    All rings and answers that a group remembers of a member, and the person's calls.
`Answer`
    An answer, with the talk that follows.

The order of two instants closer than the slack is unknown, so each field lies between two bounds.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

__all__ = ["FIELDS", "Answer", "Bounds", "History"]

NEVER = -math.inf
Bounds: TypeAlias = tuple[float, float]
"""The lowest and the highest value that a field can have had."""


class Answer(NamedTuple):
    """An answer, the end of its talk, and the planned talk time."""

    at: float
    until: float
    talk_time: float


@dataclass(slots=True)
class History:
    """All rings and answers that a group remembers of a member, in order of time.

    Attributes
    ----------
    slack : float
        Largest difference of two instants whose order is unknown [s].
    error : float
        Largest error of one number of the log [s].
    rung_at : list of float
        Starts of rings.
    answers : list of Answer
        Answers, to pages too.
    calls : list of (float, float)
        Starts and ends of the calls of the person, for whatever group.
    """

    slack: float
    error: float
    rung_at: list[float] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    calls: list[tuple[float, float]] = field(default_factory=list)

    def sort(self) -> None:
        """Put all rows in order of time."""
        self.rung_at.sort()
        self.answers.sort()
        self.calls.sort()

    def bounds(self, name: str, now: float, own_ring: float | None = None) -> Bounds:
        """Return the bounds of a field of `FIELDS`, without a ring that starts at `own_ring`."""
        return FIELDS[name](self, now, own_ring)

    # Fields

    def last_rung_at(self, now: float, own_ring: float | None) -> Bounds:
        """Return the bounds of the start of the last ring."""
        before, near = self._rings(now, own_ring)
        low = self.rung_at[before - 1] if before else NEVER
        return low - self.error, max([low, *near]) + self.error

    def n_rung(self, now: float, own_ring: float | None) -> Bounds:
        """Return the bounds of the number of rings."""
        before, near = self._rings(now, own_ring)
        return before, before + len(near)

    def last_answered_at(self, now: float, _: float | None) -> Bounds:
        """Return the bounds of the last answer."""
        first, last = self._answers(now)
        low = self.answers[first - 1].at if first else NEVER
        high = self.answers[last - 1].at if last else NEVER
        return low - self.error, high + self.error

    def n_answered(self, now: float, _: float | None) -> Bounds:
        """Return the bounds of the number of answers."""
        return self._answers(now)

    def talked_time(self, now: float, _: float | None) -> Bounds:
        """Return the bounds of the planned talk of all answers."""
        first, last = self._answers(now)
        low = sum(one.talk_time for one in self.answers[:first])
        high = sum((one.talk_time for one in self.answers[first:last]), low)
        return low - self.error * first, high + self.error * last

    def last_hung_up_at(self, now: float, _: float | None) -> Bounds:
        """Return the bounds of the end of the last talk."""
        return self._spread(min(until, now) for _, until in self._latest(now))

    def last_completed_at(self, now: float, _: float | None) -> Bounds:
        """Return the bounds of the end of the last talk that has ended."""
        ends = []
        for number, until in self._latest(now):
            if until <= now + 4 * self.error:
                ends.append(until)
            if until > now - 4 * self.error and number:
                ends.append(self.answers[number - 2].until if number > 1 else NEVER)
        return self._spread(ends)

    def n_completed(self, now: float, _: float | None) -> Bounds:
        """Return the bounds of the number of talks that have ended."""
        counts: list[float] = []
        for number, until in self._latest(now):
            if until <= now + 4 * self.error:
                counts.append(number)
            if until > now - 4 * self.error:
                counts.append(max(number - 1, 0))
        return min(counts), max(counts)

    def idle_since(self, now: float, _: float | None) -> Bounds:
        """Return the bounds of the end of the person's last call of any kind."""
        before = bisect_left(self.calls, (now - self.slack,))
        last = bisect_right(self.calls, (now + self.slack, math.inf))
        ends = [min(until, now) for _, until in self.calls[max(before - 1, 0) : last]]
        return self._spread(ends if before else [NEVER, *ends])

    # Rows

    def _rings(self, now: float, own_ring: float | None) -> tuple[int, list[float]]:
        """Return how many rings surely began before, and the instants of those that may have."""
        before = bisect_left(self.rung_at, now - self.slack)
        near = self.rung_at[before : bisect_right(self.rung_at, now + self.slack)]
        if own_ring in near:
            near.remove(own_ring)
        return before, near

    def _answers(self, now: float) -> tuple[int, int]:
        """Return how many answers surely came before, and how many may have."""
        before = bisect_left(self.answers, (now - self.slack,))
        return before, bisect_right(self.answers, (now + self.slack, math.inf, math.inf))

    def _latest(self, now: float) -> list[tuple[int, float]]:
        """Return number and end of talk of each answer that may be the last one, 0 for none."""
        first, last = self._answers(now)
        none = [] if first else [(0, NEVER)]
        if first and self.error:
            alike = self.answers[first - 1].at - self.error
            first = bisect_left(self.answers, (alike,)) + 1
        found = range(max(first, 1), last + 1)
        return none + [(number, self.answers[number - 1].until) for number in found]

    def _spread(self, values: Iterable[float]) -> Bounds:
        """Return the bounds of sums of two numbers of the log."""
        found = list(values)
        return min(found) - 4 * self.error, max(found) + 4 * self.error


FIELDS: Final[Mapping[str, Callable[[History, float, float | None], Bounds]]] = {
    "last_rung_at": History.last_rung_at,
    "last_answered_at": History.last_answered_at,
    "last_hung_up_at": History.last_hung_up_at,
    "last_completed_at": History.last_completed_at,
    "idle_since": History.idle_since,
    "n_rung": History.n_rung,
    "n_answered": History.n_answered,
    "n_completed": History.n_completed,
    "talked_time": History.talked_time,
}
