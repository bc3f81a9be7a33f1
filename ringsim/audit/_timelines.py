"""What a log says of people and seats at an instant, when its instants may be off a little.

`LoggedPerson`, `LoggedSeat`
    A person, and a seat, whose state is looked up among all rows of the log.
`log_into`
    Puts them in the place of those that are told by the rows before.

Two instants closer than the slack may have come in either order. So a person may be on a call,
or surely is; and what a dispatcher orders by lies between two bounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from ringsim.audit._rows import Tables
from ringsim.audit._state import Group, Person, Seat
from ringsim.dispatch import Candidate

__all__ = ["OWN", "LoggedPerson", "LoggedSeat", "log_into"]

NEVER = -math.inf
OWN = -1  # in place of the number of a call


class _Busy(NamedTuple):
    """A call of somebody: from its answer, until they hang up, until their wrap-up ends."""

    call: int
    at: float
    until: float
    free_at: float


class _Answer(NamedTuple):
    at: float
    talk_time: float


@dataclass(slots=True)
class LoggedPerson(Person):
    """A person as all rows tell of them, besides those of the call that is asked about."""

    slack: float = 0.0
    busy: list[_Busy] = field(default_factory=list)
    ringing: list[tuple[int, float, float]] = field(default_factory=list)
    besides: int | None = None

    def is_on_duty(self, at: float) -> bool:
        """Whether they may be."""
        return self.duty is None or any(
            start - self.slack <= at < end + self.slack for start, end in self.duty
        )

    def is_surely_on_duty(self, at: float) -> bool:
        return self.duty is None or any(
            start + self.slack <= at < end - self.slack for start, end in self.duty
        )

    def surely_talks(self, at: float) -> bool:
        """Return whether they are on a call at an instant, whatever the true instants were."""
        return any(one.at + self.slack < at < one.until - 2 * self.slack for one in self._busy)

    def may_talk(self, at: float) -> bool:
        return any(one.at - self.slack <= at <= one.until + 2 * self.slack for one in self._busy)

    def surely_rings(self, at: float) -> bool:
        """Return whether their phone rings at an instant, whatever the true instants were."""
        return any(start + self.slack < at < end - self.slack for start, end in self._ringing)

    def may_ring(self, at: float) -> bool:
        return any(start - self.slack <= at <= end + self.slack for start, end in self._ringing)

    def why_on_call(self, at: float) -> str:
        until = [one.until for one in self._busy if one.at <= at < one.until]
        return f"on a call until {until[0]!r}" if until else "ringing"

    def is_free(self, at: float) -> bool:
        """Whether they may be."""
        return not any(
            one.at + self.slack < at < one.free_at - 2 * self.slack for one in self._busy
        )

    def is_surely_free(self, at: float) -> bool:
        return not any(
            one.at - self.slack <= at <= one.free_at + 2 * self.slack for one in self._busy
        )

    def surely_free_from(self, start: float, end: float) -> float | None:
        """The first instant of [start, end] at which they surely are free, if there is one."""
        ends = (one.free_at + 2.1 * self.slack for one in self._busy)
        instants = sorted([start, *(at for at in ends if start < at)])
        return next((at for at in instants if at <= end and self.is_surely_free(at)), None)

    def talks(self, at: float, talk_time: float, wrap_up_time: float = 0.0) -> None:
        """Nothing: the rows have told it already."""

    @property
    def _busy(self) -> Iterator[_Busy]:
        return (one for one in self.busy if one.call != self.besides)

    @property
    def _ringing(self) -> Iterator[tuple[float, float]]:
        return ((start, end) for call, start, end in self.ringing if call != self.besides)


@dataclass(slots=True)
class LoggedSeat(Seat):
    """A seat as all rows tell of it."""

    person: LoggedPerson
    slack: float = 0.0
    rung_at: list[float] = field(default_factory=list)
    answers_of: list[_Answer] = field(default_factory=list)

    def is_on_call(self, at: float) -> bool:
        """Return whether they surely count as on a call (S3)."""
        rings = self.ringing_is_busy and self.person.surely_rings(at)
        return self.person.surely_talks(at) or rings

    def may_be_on_call(self, at: float) -> bool:
        """Return whether they may count as on a call (S3)."""
        return self.person.may_talk(at) or (self.ringing_is_busy and self.person.may_ring(at))

    def rings(self, at: float) -> None:
        """Nothing: the rows have told it already."""

    def answers(self, at: float, talk_time: float) -> None:
        """Nothing: the rows have told it already."""

    def bounds(self, now: float, call: int) -> tuple[Candidate, Candidate]:
        """The least and the most of everything that a dispatcher could have been shown."""
        half = self.slack / 2
        rung = [at for at in self.rung_at if at < now - self.slack]
        may_be_rung = [at for at in self.rung_at if at <= now + self.slack]
        answered = [one for one in self.answers_of if one.at < now - self.slack]
        may_be_answered = [one for one in self.answers_of if one.at <= now + self.slack]
        latest = max(answered, default=None)
        possible = [one for one in may_be_answered if latest is None or one.at >= latest.at - half]
        low_talk = [] if latest is None else [one.at + one.talk_time for one in possible]
        draw = self.person.random
        shared: dict[str, Any] = {"random": draw(call) if draw else 0.0}
        low = Candidate(
            self.position,
            self.skill_level,
            last_rung_at=max(rung, default=NEVER) - half,
            last_answered_at=(NEVER if latest is None else latest.at) - half,
            last_hung_up_at=min([*low_talk, now]) - 2 * self.slack if low_talk else NEVER,
            n_rung=len(rung),
            n_answered=len(answered),
            talked_time=sum(one.talk_time for one in answered) - half * len(answered),
            **shared,
        )
        ends = [min(one.at + one.talk_time, now) for one in possible]
        high = Candidate(
            self.position,
            self.skill_level,
            last_rung_at=max(may_be_rung, default=NEVER) + half,
            last_answered_at=max((one.at for one in may_be_answered), default=NEVER) + half,
            last_hung_up_at=max(ends, default=NEVER) + 2 * self.slack,
            n_rung=len(may_be_rung),
            n_answered=len(may_be_answered),
            talked_time=sum(one.talk_time for one in may_be_answered) + half * len(may_be_answered),
            **shared,
        )
        return low, high


def log_into(
    tables: Tables, people: Mapping[str, Person], groups: Mapping[str, Group], slack: float
) -> dict[str, LoggedPerson]:
    """Everybody as all rows tell of them; the seats of the groups become theirs."""
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
            seat.rung_at.append(ring.started_at)
        if ring.result != "paged":
            person.ringing.append((ring.call, ring.started_at, ring.ended_at))
        if ring.result in ("answered", "paged"):
            until = ring.ended_at + talk_time
            wrap_up = call.wrap_up_time if ring.result == "answered" else 0.0
            person.busy.append(_Busy(ring.call, ring.ended_at, until, until + wrap_up))
            if seat is not None:
                seat.answers_of.append(_Answer(ring.ended_at, talk_time))
    for own in tables.own_calls:
        if own.taken:
            until = own.started_at + own.talk_time
            key = OWN - own.row
            found[own.extension].busy.append(_Busy(key, own.started_at, until, until))
    return found


def _fields(person: Person) -> dict[str, Any]:
    return {each.name: getattr(person, each.name) for each in fields(Person)}
