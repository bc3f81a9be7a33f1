"""Rings in a queue, whose callers wait in line, where a phone system does not record them.

The first caller in line rings phones, attempt after attempt, with a pause after each that nobody
answers; so each attempt begins when the caller is the first in line and somebody is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from ringsim.dispatch import Moment
from ringsim.records._work_out_people import Person, picked

__all__ = ["rings_of_queue"]

Ring: TypeAlias = tuple[int, str, float, float, str]
SLACK: Final = 1e-9
GAVE_UP, ELSEWHERE, MISSED = "caller_gave_up", "answered_elsewhere", "ring_no_answer"


def rings_of_queue(
    rows: Sequence[Any],
    recorded: dict[int, list[Any]],
    people: Sequence[Person],
    dispatcher: Any,
    group: Any,
    *,
    missed_are_recorded: bool,
) -> Iterator[Ring]:
    """Yield the rings of one day of a queue, recorded or not.

    Parameters
    ----------
    rows : sequence of rows
        Calls, in the order of arrival.
    recorded : dict of int to list of rows
        Recorded rings, by call.
    people : sequence of Person
        Members.
    dispatcher : Dispatcher
        That of the group.
    group : RingGroup
        The group.
    missed_are_recorded : bool
        Whether rings that nobody answered are recorded: then only those are missing that a caller
        or another phone cut short.
    """
    queue = _Queue(people, dispatcher, group)
    for row in rows:
        known = sorted(recorded.get(int(row.call), []), key=lambda ring: ring.started_at)
        head = queue.first_in_line(row)
        for ring in known:
            queue.rings(ring.member, int(row.call), float(ring.started_at))
            yield (int(row.call), ring.member, ring.started_at, ring.ended_at, ring.result)
        if missed_are_recorded:
            yield from queue.last_attempt(row, known, head)
        else:
            yield from queue.attempts(row, head)
        queue.is_over(row)


class _Queue:
    """The members of a queue and its line, while the calls of a day go by."""

    def __init__(self, people: Sequence[Person], dispatcher: Any, group: Any) -> None:
        self.people = people
        self.by_number = {person.number: person for person in people}
        self.dispatcher = dispatcher
        self.ring_time = float(group.ring_time)
        self.pause = float(group.rules.retry_pause or 0.0)
        self.serves_head = group.rules.line_serves == "head"
        self.last_rung = -1
        self.served_until = 0.0

    def first_in_line(self, row: Any) -> float:
        """Return when a call is the first in line."""
        arrives_at = float(row.arrives_at)
        return max(arrives_at, self.served_until) if self.serves_head else arrives_at

    def is_over(self, row: Any) -> None:
        """Record that a call leaves the line, and who answers it."""
        self.served_until = max(self.served_until, row.arrives_at + row.wait)
        if row.outcome == "answered" and row.answered_by in self.by_number:
            self.by_number[row.answered_by].answers(row.arrives_at + row.wait, row.talk_time)

    def rings(self, number: str, call: int, at: float) -> None:
        person = self.by_number.get(number)
        if person is not None:
            person.ring_starts(call, at)
            self.last_rung = person.position

    def last_attempt(self, row: Any, known: Sequence[Any], head: float) -> Iterator[Ring]:
        """Yield the rings of the last attempt that were cut short and are not recorded."""
        ends_at = row.arrives_at + row.wait
        answered = [ring for ring in known if ring.result == "answered"]
        if answered:
            start = float(answered[0].started_at)
        elif known:
            start = self.free_from(max(float(ring.ended_at) for ring in known) + self.pause)
        else:
            start = self.free_from(head)
        cut_is_known = any(ring.result == GAVE_UP for ring in known)
        if cut_is_known or not start < ends_at <= start + self.ring_time + SLACK:
            return
        shown = {ring.member for ring in known if ring.ended_at > start}
        yield from self.attempt(row, start, shown)

    def attempts(self, row: Any, head: float) -> Iterator[Ring]:
        """Yield the rings of all attempts."""
        ends_at = row.arrives_at + row.wait
        start = self.free_from(head)
        while start < ends_at:
            yield from self.attempt(row, start, set())
            start = self.free_from(start + self.ring_time + self.pause)

    def free_from(self, at: float) -> float:
        """Return the first instant from `at` at which a phone may be rung."""
        return min(person.free_from(at) for person in self.people)

    def attempt(self, row: Any, at: float, shown: set[str]) -> Iterator[Ring]:
        """Yield the rings of one attempt, except those of people in `shown`."""
        call, ends_at = int(row.call), row.arrives_at + row.wait
        is_last = ends_at <= at + self.ring_time + SLACK
        winner = row.answered_by if is_last and row.outcome == "answered" else None
        free = [each for each in self.people if each.is_free(at) or each.number == winner]
        n = len(self.people)
        rotations = [(position - self.last_rung - 1) % n for position in range(n)]
        moment = Moment(at, call, 0, at - row.arrives_at)
        must = winner if winner in {each.number for each in free} else None
        for person in picked(free, self.dispatcher, moment, must, rotations):
            if person.number in shown:
                continue
            self.rings(person.number, call, at)
            result = _result(person.number, winner, row.outcome, is_last=is_last)
            yield (call, person.number, at, ends_at if is_last else at + self.ring_time, result)


def _result(number: str, winner: str | None, outcome: str, *, is_last: bool) -> str:
    if not is_last:
        return MISSED
    if outcome == "answered":
        return "answered" if number == winner else ELSEWHERE
    return GAVE_UP if outcome == "abandoned" else MISSED
