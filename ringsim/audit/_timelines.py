"""State of people and seats in a log whose instants are inexact.

`LoggedPerson`, `LoggedSeat`
    A person and a seat whose state at an instant is looked up in all rows of the log.
`fill_from_log`
    Make the people from a log, and replace the seats of the groups.

The true order of two instants closer than the slack is unknown. So a person is surely on a call,
possibly on a call, or not on a call; and the sort fields of a dispatcher lie between two bounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from ringsim.audit._memory import FIELDS, Answer, History
from ringsim.audit._rows import Tables
from ringsim.audit._state import Group, Person, Seat
from ringsim.dispatch import Candidate

__all__ = ["OWN_CALL", "LoggedPerson", "LoggedSeat", "fill_from_log"]

NEVER = -math.inf
AWAY = -(2**62)  # stands for the call number of a spell away
OWN_CALL = -1  # own call 0 has this call number, own call 1 the one below, and so on


class _Busy(NamedTuple):
    """One call of a person: answer, end of talk and end of wrap-up."""

    call: int
    at: float
    until: float
    free_at: float


@dataclass(slots=True)
class LoggedPerson(Person):
    """A person whose calls and rings come from all rows of the log.

    Look-ups ignore the rows of `excluded_call`, the call that is being checked.
    """

    slack: float = 0.0
    all_busy: list[_Busy] = field(default_factory=list)
    all_ringing: list[tuple[int, float, float]] = field(default_factory=list)
    excluded_call: int | None = None

    def is_on_duty(self, at: float) -> bool:
        """Return whether the person is possibly on duty (S12)."""
        return self.duty is None or any(
            start - self.slack <= at < end + self.slack for start, end in self.duty
        )

    def is_surely_on_duty(self, at: float) -> bool:
        return self.duty is None or any(
            start + self.slack <= at < end - self.slack for start, end in self.duty
        )

    def surely_talks(self, at: float) -> bool:
        """Return whether the person is on a call, however the instants err within the slack."""
        return any(one.at + self.slack < at < one.until - 2 * self.slack for one in self._busy)

    def may_talk(self, at: float) -> bool:
        return any(one.at - self.slack <= at <= one.until + 2 * self.slack for one in self._busy)

    def surely_rings(self, at: float) -> bool:
        """Return whether the phone rings, however the instants err within the slack."""
        return any(start + self.slack < at < end - self.slack for start, end in self._ringing)

    def may_ring(self, at: float) -> bool:
        return any(start - self.slack <= at <= end + self.slack for start, end in self._ringing)

    def why_on_call(self, at: float) -> str:
        until = [one.until for one in self._busy if one.at <= at < one.until]
        return f"on a call until {until[0]!r}" if until else "ringing"

    def is_free(self, at: float) -> bool:
        """Return whether the person is possibly free."""
        return not any(
            one.at + self.slack < at < one.free_at - 2 * self.slack for one in self._busy
        )

    def is_surely_free(self, at: float) -> bool:
        return not any(
            one.at - self.slack <= at <= one.free_at + 2 * self.slack for one in self._busy
        )

    def surely_free_from(self, start: float, end: float) -> float | None:
        """Return the first instant of [start, end] at which the person is surely free, or None."""
        ends = (one.free_at + 2.1 * self.slack for one in self._busy)
        instants = sorted([start, *(at for at in ends if start < at)])
        return next((at for at in instants if at <= end and self.is_surely_free(at)), None)

    def talks(self, at: float, talk_time: float, wrap_up_time: float = 0.0) -> None:
        """Do nothing: all calls of the log are known from the start."""

    def leaves(self, at: float, lasting: float) -> None:
        """Do nothing: all spells are known from the start."""

    @property
    def _busy(self) -> Iterator[_Busy]:
        return (one for one in self.all_busy if one.call != self.excluded_call)

    @property
    def _ringing(self) -> Iterator[tuple[float, float]]:
        return ((start, end) for call, start, end in self.all_ringing if call != self.excluded_call)


@dataclass(slots=True)
class LoggedSeat(Seat):
    """A seat whose rings and answers come from all rows of the log."""

    person: LoggedPerson
    slack: float = 0.0
    history: History = field(default_factory=lambda: History(0.0, 0.0))

    def is_on_call(self, at: float) -> bool:
        """Return whether the member surely counts as on a call (S3)."""
        rings = self.ringing_is_busy and self.person.surely_rings(at)
        return self.person.surely_talks(at) or rings

    def may_be_on_call(self, at: float) -> bool:
        """Return whether the member possibly counts as on a call (S3)."""
        return self.person.may_talk(at) or (self.ringing_is_busy and self.person.may_ring(at))

    def rings(self, at: float) -> None:
        """Do nothing: all rings of the log are known from the start."""

    def answers(self, at: float, talk_time: float) -> None:
        """Do nothing: all answers of the log are known from the start."""

    def bounds(self, now: float, call: int) -> tuple[Candidate, Candidate]:
        """Return the candidates with the lowest and the highest possible value of each field."""
        draw = self.person.random
        shared = {"random": draw(call) if draw else 0.0}
        found = {name: self.history.bounds(name, now) for name in FIELDS}
        low, high = (
            Candidate(
                self.position,
                self.skill_level,
                **{name: both[side] for name, both in found.items()},
                **shared,
            )
            for side in (0, 1)
        )
        return low, high


def fill_from_log(
    tables: Tables, people: Mapping[str, Person], groups: Mapping[str, Group], slack: float
) -> dict[str, LoggedPerson]:
    """Return the people of a log by number, and give the groups seats of these people."""
    found = {
        number: LoggedPerson(**_fields(person), slack=slack) for number, person in people.items()
    }
    seats: dict[tuple[str, str], LoggedSeat] = {}
    for group in groups.values():
        logged = [
            LoggedSeat(
                seat.position,
                seat.skill_level,
                found[seat.person.number],
                seat.ringing_is_busy,
                slack=slack,
                history=History(slack, slack / 2),
            )
            for seat in group.seats
        ]
        group.seats = list(logged)
        seats |= {(group.number, seat.person.number): seat for seat in logged}
    for ring in tables.rings:
        call, person = tables.calls[ring.call], found[ring.member]
        seat = seats.get((ring.group, ring.member))
        talk_time = call.talk_time or 0.0
        if seat is not None:
            seat.history.rung_at.append(ring.started_at)
        if ring.result != "paged":
            person.all_ringing.append((ring.call, ring.started_at, ring.ended_at))
        if ring.result in ("answered", "paged"):
            until = ring.ended_at + talk_time
            wrap_up = call.wrap_up_time if ring.result == "answered" else 0.0
            person.all_busy.append(_Busy(ring.call, ring.ended_at, until, until + wrap_up))
            if seat is not None:
                seat.history.answers.append(Answer(ring.ended_at, until, talk_time))
    for person in found.values():
        for at, lasting in person.away:
            person.all_busy.append(_Busy(AWAY, at, NEVER, at + lasting))
    for own in tables.own_calls:
        if own.taken:
            until = own.started_at + own.talk_time
            key = OWN_CALL - own.row
            found[own.extension].all_busy.append(_Busy(key, own.started_at, until, until))
    for (_, member), seat in seats.items():
        of_person = found[member].all_busy
        seat.history.calls = [(one.at, one.until) for one in of_person if one.call != AWAY]
        seat.history.sort()
    return found


def _fields(person: Person) -> dict[str, Any]:
    return {each.name: getattr(person, each.name) for each in fields(Person)}
