"""A log whose instants may be off a little, read call by call.

`read_with_tolerance`
    Asks the same rules as `read`, of a state that may be one thing or another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ringsim.audit import _call_rules as of_calls
from ringsim.audit import _ring_rules as of_rings
from ringsim.audit._calls import CallHistory, RingingPhone
from ringsim.audit._replay import Reading
from ringsim.audit._rows import OwnCallRow, RingRow, Tables, Violation, VisitRow
from ringsim.audit._selection import Selection, candidates_of
from ringsim.audit._state import Group, Person, Seat
from ringsim.audit._timelines import OWN, LoggedPerson, LoggedSeat, log_into
from ringsim.dispatch import ALL, TIED, Candidate, Dispatcher

__all__ = ["read_with_tolerance"]

FLOATS = 1e-9  # seconds: sums of floats decide nothing
Bounds = tuple[Candidate, Candidate]


def read_with_tolerance(
    tables: Tables, people: Mapping[str, Person], groups: Mapping[str, Group], tolerance: float
) -> list[Violation]:
    """What breaks a rule, whatever the instants were before they went off a little."""
    slack = tolerance + FLOATS
    reading = _TolerantReading(tables, log_into(tables, people, groups, slack), groups, slack)
    reading.agenda.run()
    return reading.violations


class _TolerantReading(Reading):
    """A log while it is read."""

    def own_call(self, own: OwnCallRow) -> None:
        """S15: wrong only if nothing else can have been."""
        person = self.people[own.extension]
        assert isinstance(person, LoggedPerson)  # noqa: S101 - made by `log_into`
        person.besides = OWN - own.row
        at = own.started_at
        is_sure = person.is_surely_free(at) and person.is_surely_on_duty(at)
        if is_sure or not (person.is_free(at) and person.is_on_duty(at)):
            self.judge(of_calls.s15_own_call(own, person))

    def gives_up_first(
        self, story: CallHistory, visit: VisitRow, passes: int, repeats_at: float
    ) -> bool:
        """S8, S13: as the log says, where both come close together."""
        if abs(story.gives_up_at - repeats_at) <= 2 * self.slack:
            ends = story.call.outcome == "abandoned" and story.next_ring is None
            return ends and visit.passes == passes
        return super().gives_up_first(story, visit, passes, repeats_at)

    def look(
        self, story: CallHistory, visit: VisitRow, group: Group, rung: frozenset[int], waves: int
    ) -> Selection:
        """S3, S4: those who ring, if they can have been picked; else those who surely were."""
        del waves
        now = story.now
        for person in self.people.values():
            person.besides = story.call.call  # type: ignore[attr-defined]
        look = Selection(story, visit, group, now, rung, candidates_of(group, now, rung), picked=[])
        skip_busy = group.record.skip_busy_member
        look.sure = [seat for seat in look.candidates if _is_sure(seat, now, skip_busy=skip_busy)]
        may_be, sure = look.candidates, look.sure
        if look.is_page:
            may_be = [seat for seat in may_be if not seat.is_on_call(now)]
            sure = [seat for seat in sure if _is_sure(seat, now, skip_busy=True)]
        at_once = group.dispatcher.at_once
        wave = story.next_wave(
            group.number, len(sure), at_once if isinstance(at_once, int) else None
        )
        seats = [seat for ring in wave if (seat := group.seat_of(ring.member)) is not None]
        if self._begin_now(wave, look) and seats and _may_be_picked(look, seats, may_be, sure):
            look.picked = seats
        elif sure:
            look.picked = _nominal(look, sure)
        return look

    def _begin_now(self, wave: Sequence[RingRow], look: Selection) -> bool:
        """Whether rings begin now rather than when a group without candidates repeats."""
        if not wave:
            return False
        late = wave[0].started_at - look.now
        delay = float(look.group.rules.repeat_delay or 0)
        return abs(late) <= self.slack and (abs(late) <= abs(late - delay) or bool(look.sure))

    def watch(self, phone: RingingPhone, at: float) -> None:
        """Nothing: whether a phone was answered too late is asked as it falls silent."""

    def end_ring(self, phone: RingingPhone) -> None:
        """S6: no phone rings on where it surely was ready and its member free."""
        super().end_ring(phone)
        person = phone.person
        assert isinstance(person, LoggedPerson)  # noqa: S101 - made by `log_into`
        person.besides = phone.ring.call
        if phone.ready_at < math.inf:
            end = phone.ring.ended_at - self.slack
            at = person.surely_free_from(phone.ready_at + self.slack, end)
            if at is not None:
                self.judge(of_rings.s6_answers_as_soon_as_possible(phone, at))

    def answer(self, story: CallHistory, phone: RingingPhone) -> None:
        """S6: not before it can be answered."""
        phone.person.besides = phone.ring.call  # type: ignore[attr-defined]
        known = phone.ready_at < math.inf and story.now < phone.ready_at - self.slack
        if not known:
            phone.answers_at = story.now
        is_known = phone.person.answer_delay is not None
        if is_known and phone.ready_at == math.inf:
            phone.answers_at = None
        self.judge(of_rings.s6_answers_when_possible(phone, story.now, delays_are_known=is_known))


def _is_sure(seat: Seat, now: float, *, skip_busy: bool) -> bool:
    assert isinstance(seat, LoggedSeat)  # noqa: S101 - made by `log_into`
    may_be_busy = skip_busy and seat.may_be_on_call(now)
    return seat.person.is_surely_on_duty(now) and not may_be_busy


def _bounds(look: Selection, seat: Seat) -> Bounds:
    assert isinstance(seat, LoggedSeat)  # noqa: S101 - made by `log_into`
    return seat.bounds(look.now, look.visit.call)


def _nominal(look: Selection, sure: Sequence[Seat]) -> list[Seat]:
    """Whom the dispatcher picks of those who surely are candidates, to be named in a sentence."""
    if not look.group.order_is_known or not look.group.dispatcher.is_ordering:
        return list(sure)
    look.shown = {seat.person.number: _bounds(look, seat)[1] for seat in sure}
    picked = {
        one.position for one in look.group.dispatcher.wave(list(look.shown.values()), look.moment)
    }
    return [seat for seat in sure if seat.position in picked]


def _may_be_picked(
    look: Selection, wave: Sequence[Seat], may_be: Sequence[Seat], sure: Sequence[Seat]
) -> bool:
    """S4, S7, S11: whether there are instants near those of the log that let them be picked."""
    dispatcher = look.group.dispatcher
    if any(seat not in may_be for seat in wave):
        return False
    if not look.group.order_is_known or not dispatcher.is_ordering:
        return True
    others = [seat for seat in sure if seat not in wave]
    if dispatcher.at_once is ALL:
        return not others
    best = [_key(dispatcher, _bounds(look, seat), best=True) for seat in wave]
    worst = [_key(dispatcher, _bounds(look, seat), best=False) for seat in others]
    if dispatcher.at_once is TIED:
        tied = tuple(max(values) for values in zip(*(key[:-1] for key in best), strict=True))
        ends = [_key(dispatcher, _bounds(look, seat), best=False)[:-1] for seat in wave]
        return all(
            value >= least for end in ends for value, least in zip(end, tied, strict=True)
        ) and all(key[:-1] > tied for key in worst)
    is_full = len(wave) == dispatcher.at_once or not others
    return is_full and all(one < other for one in best for other in worst)


def _key(dispatcher: Dispatcher, bounds: Bounds, *, best: bool) -> tuple[Any, ...]:
    """The least key that a member can have had, or the greatest."""
    values = []
    for name in dispatcher.order_by:
        falls = name.startswith("-")
        value = getattr(bounds[best == falls], name.removeprefix("-"))
        values.append(-value if falls else value)
    return (*values, bounds[0].position)
