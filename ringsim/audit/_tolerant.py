"""Reader of a log whose instants are inexact.

`check_rows_with_tolerance`
    Check the same rules as `check_rows`; report only what no true instants within the tolerance
    explain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ringsim.audit import _call_rules as call_rules
from ringsim.audit import _ring_rules as ring_rules
from ringsim.audit._calls import CallHistory, RingingPhone
from ringsim.audit._replay import LogReader
from ringsim.audit._rows import OwnCallRow, RingRow, Tables, Violation, VisitRow
from ringsim.audit._selection import Selection, candidates_of
from ringsim.audit._state import Group, Person, Seat
from ringsim.audit._timelines import OWN_CALL, LoggedPerson, LoggedSeat, fill_from_log
from ringsim.dispatch import ALL, TIED, Candidate, Dispatcher

__all__ = ["check_rows_with_tolerance"]

FLOATS = 1e-9  # seconds: room for the rounding of float sums
Bounds = tuple[Candidate, Candidate]


def check_rows_with_tolerance(
    tables: Tables, people: Mapping[str, Person], groups: Mapping[str, Group], tolerance: float
) -> list[Violation]:
    """Return the violations that hold however the instants err within the tolerance."""
    slack = tolerance + FLOATS
    reader = _TolerantReader(tables, fill_from_log(tables, people, groups, slack), groups, slack)
    reader.queue.run()
    return reader.violations


class _TolerantReader(LogReader):
    """Reader of a log that gives inexact instants the benefit of the doubt."""

    def own_call(self, own: OwnCallRow) -> None:
        """Check an own call, unless the tolerance allows both values of `taken` (S15)."""
        person = self.people[own.extension]
        assert isinstance(person, LoggedPerson)  # noqa: S101 - made by `fill_from_log`
        person.excluded_call = OWN_CALL - own.row
        at = own.started_at
        is_sure = person.is_surely_free(at) and person.is_surely_on_duty(at)
        if is_sure or not (person.is_free(at) and person.is_on_duty(at)):
            self.report(call_rules.s15_own_call(own, person))

    def gives_up_first(
        self, history: CallHistory, visit: VisitRow, passes: int, repeats_at: float
    ) -> bool:
        """Return what the log says if both instants are close, else compare them (S8, S13)."""
        if abs(history.gives_up_at - repeats_at) <= 2 * self.slack:
            ends = history.call.outcome == "abandoned" and history.next_ring is None
            return ends and visit.passes == passes
        return super().gives_up_first(history, visit, passes, repeats_at)

    def select(
        self, history: CallHistory, visit: VisitRow, group: Group, rung: frozenset[int], waves: int
    ) -> Selection:
        """Return the members who ring as picked, if the tolerance allows it (S3, S4).

        Otherwise the picked members are those that the dispatcher picks of the sure candidates.
        """
        del waves
        now = history.now
        for person in self.people.values():
            person.excluded_call = history.call.call  # type: ignore[attr-defined]
        selection = Selection(
            history, visit, group, now, rung, candidates_of(group, now, rung), picked=[]
        )
        skip_busy = group.record.skip_busy_member
        selection.sure = [
            seat for seat in selection.candidates if _is_sure(seat, now, skip_busy=skip_busy)
        ]
        may_be, sure = selection.candidates, selection.sure
        if selection.is_page:
            may_be = [seat for seat in may_be if not seat.is_on_call(now)]
            sure = [seat for seat in sure if _is_sure(seat, now, skip_busy=True)]
        at_once = group.dispatcher.at_once
        wave = history.next_wave(
            group.number, len(sure), at_once if isinstance(at_once, int) else None
        )
        seats = [seat for ring in wave if (seat := group.seat_of(ring.member)) is not None]
        if (
            self._begin_now(wave, selection)
            and seats
            and _may_be_picked(selection, seats, may_be, sure)
        ):
            selection.picked = seats
        elif sure:
            selection.picked = _sure_picks(selection, sure)
        return selection

    def _begin_now(self, wave: Sequence[RingRow], selection: Selection) -> bool:
        """Return whether rings begin now and not at the next repeat of the group."""
        if not wave:
            return False
        late = wave[0].started_at - selection.now
        delay = float(selection.group.rules.repeat_delay or 0)
        return abs(late) <= self.slack and (abs(late) <= abs(late - delay) or bool(selection.sure))

    def watch(self, phone: RingingPhone, at: float) -> None:
        """Do nothing: `end_ring` checks whether a phone was answered too late."""

    def end_ring(self, phone: RingingPhone) -> None:
        """Check that a phone did not ring on although its member could surely answer (S6)."""
        super().end_ring(phone)
        person = phone.person
        assert isinstance(person, LoggedPerson)  # noqa: S101 - made by `fill_from_log`
        person.excluded_call = phone.ring.call
        if phone.ready_at < math.inf:
            end = phone.ring.ended_at - self.slack
            at = person.surely_free_from(phone.ready_at + self.slack, end)
            if at is not None:
                self.report(ring_rules.s6_answers_as_soon_as_possible(phone, at))

    def answer(self, history: CallHistory, phone: RingingPhone) -> None:
        """Check that the answer does not come too early (S6)."""
        phone.person.excluded_call = phone.ring.call  # type: ignore[attr-defined]
        known = phone.ready_at < math.inf and history.now < phone.ready_at - self.slack
        if not known:
            phone.answers_at = history.now
        is_known = phone.person.answer_delay is not None
        if is_known and phone.ready_at == math.inf:
            phone.answers_at = None
        self.report(
            ring_rules.s6_answers_when_possible(phone, history.now, delays_are_known=is_known)
        )


def _is_sure(seat: Seat, now: float, *, skip_busy: bool) -> bool:
    """Return whether a member is a candidate for any true instants within the tolerance."""
    assert isinstance(seat, LoggedSeat)  # noqa: S101 - made by `fill_from_log`
    may_be_busy = skip_busy and seat.may_be_on_call(now)
    return seat.person.is_surely_on_duty(now) and not may_be_busy


def _bounds(selection: Selection, seat: Seat) -> Bounds:
    assert isinstance(seat, LoggedSeat)  # noqa: S101 - made by `fill_from_log`
    return seat.bounds(selection.now, selection.visit.call)


def _sure_picks(selection: Selection, sure: Sequence[Seat]) -> list[Seat]:
    """Return the sure candidates that the dispatcher picks, for the message of a violation."""
    if not selection.group.order_is_known or not selection.group.dispatcher.is_ordering:
        return list(sure)
    selection.shown = {seat.person.number: _bounds(selection, seat)[1] for seat in sure}
    picked = {
        one.position
        for one in selection.group.dispatcher.wave(list(selection.shown.values()), selection.moment)
    }
    return [seat for seat in sure if seat.position in picked]


def _may_be_picked(
    selection: Selection, wave: Sequence[Seat], may_be: Sequence[Seat], sure: Sequence[Seat]
) -> bool:
    """Return whether some true instants within the tolerance explain the wave (S4, S7, S11)."""
    dispatcher = selection.group.dispatcher
    if any(seat not in may_be for seat in wave):
        return False
    if not selection.group.order_is_known or not dispatcher.is_ordering:
        return True
    others = [seat for seat in sure if seat not in wave]
    if dispatcher.at_once is ALL:
        return not others
    best = [_key(dispatcher, _bounds(selection, seat), best=True) for seat in wave]
    worst = [_key(dispatcher, _bounds(selection, seat), best=False) for seat in others]
    if dispatcher.at_once is TIED:
        tied = tuple(max(values) for values in zip(*(key[:-1] for key in best), strict=True))
        ends = [_key(dispatcher, _bounds(selection, seat), best=False)[:-1] for seat in wave]
        return all(
            value >= least for end in ends for value, least in zip(end, tied, strict=True)
        ) and all(key[:-1] > tied for key in worst)
    is_full = len(wave) == dispatcher.at_once or not others
    return is_full and all(one < other for one in best for other in worst)


def _key(dispatcher: Dispatcher, bounds: Bounds, *, best: bool) -> tuple[Any, ...]:
    """Return the lowest (`best`) or the highest sort key that a member can have had."""
    values = []
    for name in dispatcher.order_by:
        falls = name.startswith("-")
        value = getattr(bounds[best == falls], name.removeprefix("-"))
        values.append(-value if falls else value)
    return (*values, bounds[0].position)
