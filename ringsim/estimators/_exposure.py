"""Exposure of people to rings: how long each ring could have been answered.

`Talks`
    Calls of people: answered calls of the group, or calls of their own.
`Exposure`, `exposure`
    Rings with the time since the last hang-up, and the time in which they could be answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringsim.estimators._days import Floats, Ints

__all__ = ["Exposure", "Talks", "exposure"]

SLACK = 1e-6  # seconds; stamps of one instant may differ in their last bit


class Talks(NamedTuple):
    """Calls that people were on, one element per call.

    Attributes
    ----------
    day, member : arrays of int
        Day, and code of the person from 0.
    start, end : arrays of float
        Instants of answer and hang-up [s from the start of the day].
    """

    day: ArrayLike
    member: ArrayLike
    start: ArrayLike
    end: ArrayLike


@dataclass(frozen=True)
class Exposure:
    """Rings that could have been answered, sorted by member, day and start.

    Attributes
    ----------
    day, member : ndarrays of int
        Day as a code from 0, and code of the person.
    start : ndarray of float
        Start of the ring [s].
    since : ndarray of float
        Time since the person's last hang-up of the group on that day [s]; `inf` if there was
        none, negative if the person was still talking.
    exposed : ndarray of float
        Time in which the ring could be answered [s]: until it ended, or until the person
        answered another call or began one of their own.
    answered : ndarray of bool
        Whether it was answered.
    """

    day: Ints
    member: Ints
    start: Floats
    since: Floats
    exposed: Floats
    answered: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.day)

    def of(self, rows: NDArray[np.bool_]) -> Exposure:
        """Return some of the rings."""
        return Exposure(*(column[rows] for column in vars(self).values()))

    def with_member(self, member: Ints) -> Exposure:
        """Return the rings with other codes of people, in the order of the codes."""
        order = np.lexsort((self.start, self.day, member))
        columns = vars(self) | {"member": member}
        return Exposure(**{name: column[order] for name, column in columns.items()})


def exposure(
    day: ArrayLike,
    member: ArrayLike,
    started_at: ArrayLike,
    ended_at: ArrayLike,
    answered: ArrayLike,
    *,
    talks: Talks,
    own: Talks | None = None,
) -> Exposure:
    """Return how long each ring could have been answered.

    Parameters
    ----------
    day, member : arrays of int
        Day as a code from 0, and person as a code from 0, of each ring.
    started_at, ended_at : arrays of float
        Start and end of each ring [s from the start of the day].
    answered : array of bool
        Whether this person answered the ring.
    talks : Talks
        Calls of the group that people answered.
    own : Talks, optional
        Calls of their own.

    Examples
    --------
    A ring at 100 s that the person could answer for 5 s only, as a call of their own began then:

    >>> none = Talks([], [], [], [])
    >>> own = Talks([0], [0], [105.0], [180.0])
    >>> exposure([0], [0], [100.0], [120.0], [False], talks=none, own=own).exposed.tolist()
    [5.0]
    """
    days, people = _ints(day), _ints(member)
    start, end = _floats(started_at), _floats(ended_at)
    line = _TimeLine(
        [start, end, *(_floats(each) for part in (talks, own) if part for each in part[2:])],
        max([0, *people, *(_ints(part.member).max(initial=0) for part in (talks, own) if part)]),
    )
    at = line.at(days, people, start)
    until = end - start
    since, next_answer = _around(line, talks, at)
    cut = next_answer
    if own is not None:
        cut = np.minimum(cut, _around(line, own, at)[1])
    is_cut = cut < until - SLACK
    order = np.lexsort((start, days, people))
    return Exposure(
        days[order],
        people[order],
        start[order],
        since[order],
        np.maximum(np.where(is_cut, cut, until), 0.0)[order],
        (np.asarray(answered, dtype=bool) & ~is_cut)[order],
    )


class _TimeLine:
    """Days of all people on one line, one after another, so that one search is enough."""

    def __init__(self, instants: list[Floats], most: int) -> None:
        ends = [float(each.max(initial=0.0)) for each in instants]
        starts = [float(each.min(initial=0.0)) for each in instants]
        self._first = min(starts)
        self._span = max(ends) - self._first + 1.0
        self._people = most + 1

    def at(self, day: Ints, member: Ints, instant: Floats) -> Floats:
        return (day * self._people + member) * self._span + (instant - self._first)

    def box(self, at: Floats) -> Ints:
        """Return the person and day of each place on the line, as one code."""
        return np.floor(at / self._span).astype(np.int64)


def _around(line: _TimeLine, talks: Talks, at: Floats) -> tuple[Floats, Floats]:
    """Return the time since the last hang-up, and the time until the next start, at each place.

    Both are `inf` if there is none on the day.
    """
    day, member = _ints(talks.day), _ints(talks.member)
    start = line.at(day, member, _floats(talks.start))
    end = line.at(day, member, _floats(talks.end))
    if not len(start):
        return np.full(len(at), np.inf), np.full(len(at), np.inf)
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    last = np.searchsorted(start, at - SLACK, side="left") - 1
    following = np.searchsorted(start, at + SLACK, side="left")
    here, boxes = line.box(at), line.box(start)
    before = np.maximum(last, 0)
    after = np.minimum(following, len(start) - 1)
    had_one = (last >= 0) & (boxes[before] == here)
    has_next = (following < len(start)) & (boxes[after] == here)
    return (
        np.where(had_one, at - end[before], np.inf),
        np.where(has_next, start[after] - at, np.inf),
    )


def _ints(values: ArrayLike) -> Ints:
    return np.asarray(values, dtype=np.int64)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
