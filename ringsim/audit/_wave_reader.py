"""Reader of one wave of a log: phones start to ring, are answered or fall silent (S5, S6, S8, S10).

`WaveReader`
    Base class of the readers of a log; checks the rules of ringing and updates the people's state.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping
from functools import partial
from typing import TypeAlias

from ringsim.audit import _ring_rules as ring_rules
from ringsim.audit._calls import (
    CallHistory,
    Event,
    EventKind,
    EventQueue,
    Outcome,
    RingingPhone,
    Wave,
)
from ringsim.audit._rows import RingRow, Violation
from ringsim.audit._selection import Selection
from ringsim.audit._state import Person, Seat

__all__ = ["Events", "WaveReader"]

Events: TypeAlias = Generator[Event, None, Outcome | None]
"""Events until a wave, a pass or a visit is over; the result is None if nobody answered."""

ENDS = {
    "answered": EventKind.ANSWER,
    "caller_gave_up": EventKind.GIVE_UP,
}  # kind of event that ends a wave, by a result in it; any other result is a time-out


class WaveReader:
    """Reader of single waves; collects the violations of all rules."""

    def __init__(self, people: Mapping[str, Person], slack: float = 0.0) -> None:
        self.people = people
        self.slack = slack
        self.violations: list[Violation] = []
        self.queue = EventQueue()

    def report(self, violations: Iterable[Violation]) -> None:
        """Add the violations that a rule yields."""
        self.violations += violations

    def ring(self, selection: Selection) -> Events:
        """Read one wave from its start to its end (S5, S6, S8)."""
        history = selection.history
        phones = [self.start_ring(history, ring, seat) for ring, seat in selection.seats]
        answered = next((ring for ring in selection.wave if ring.result == "answered"), None)
        answering = next((phone for phone in phones if phone.ring is answered), None)
        last = answered or selection.wave[0]
        kind = ENDS.get(last.result, EventKind.TIME_OUT)
        position = answering.seat.position if answering else 0
        ends = Event(last.ended_at, kind, selection.visit.call, position)
        ring_time = float(selection.group.record.ring_time)
        wave = Wave(history, selection.wave, ring_time, answered, ends)
        for rule in ring_rules.ON_WAVE:
            self.report(rule(wave))
        yield ends
        history.now = ends.at
        for phone in phones:
            self.end_ring(phone)
        if answering:
            self.answer(history, answering)
        self.report(ring_rules.s5_rings_end_together(wave))
        return {
            EventKind.ANSWER: Outcome("answered", last.member),
            EventKind.GIVE_UP: Outcome("abandoned"),
        }.get(kind)

    def start_ring(self, history: CallHistory, ring: RingRow, seat: Seat) -> RingingPhone:
        """Let one phone start to ring, and watch for its answer if the delay is known."""
        person = seat.person
        seat.rings(history.now)
        person.n_ringing += 1
        phone = RingingPhone(ring, seat, ready_at=math.inf)
        if person.answer_delay:
            delay = person.answer_delay(ring.call, history.rings_on[ring.member])
            phone.ready_at = ring.started_at + delay
            self.watch(phone, phone.ready_at)
        history.rings_on[ring.member] += 1
        return phone

    def end_ring(self, phone: RingingPhone) -> None:
        """Let one phone fall silent."""
        phone.is_ringing = False
        phone.person.n_ringing -= 1

    def watch(self, phone: RingingPhone, at: float) -> None:
        """Schedule a check whether the phone can be answered at an instant (S6)."""
        if at < math.inf:
            event = Event(at, EventKind.ANSWER, phone.ring.call, phone.seat.position)
            self.queue.add(event, partial(self.can_answer, phone, at), first=True)

    def can_answer(self, phone: RingingPhone, now: float) -> None:
        """Check that a free member answers now; otherwise watch until the member is free (S6)."""
        if phone.is_ringing and phone.person.is_free(now):
            phone.answers_at = now
            self.report(ring_rules.s6_answers_as_soon_as_possible(phone, now))
        elif phone.is_ringing:
            self.watch(phone, phone.person.free_at)

    def answer(self, history: CallHistory, phone: RingingPhone) -> None:
        """Check an answer; the member then talks and is in wrap-up (S6)."""
        known = phone.person.answer_delay is not None
        self.report(ring_rules.s6_answers_when_possible(phone, history.now, delays_are_known=known))
        talk_time = history.call.talk_time or 0.0
        phone.seat.answers(history.now, talk_time)
        phone.person.talks(history.now, talk_time, history.call.wrap_up_time)

    def page(self, selection: Selection) -> Outcome:
        """Let the phones of a page answer by themselves, even in wrap-up (S10)."""
        talk_time = selection.history.call.talk_time or 0.0
        for _, seat in selection.seats:
            seat.rings(selection.now)
            seat.answers(selection.now, talk_time)
            seat.person.talks(selection.now, talk_time)
        return Outcome("answered")
