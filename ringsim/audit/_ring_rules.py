"""Checks of the rules of ringing (S2 to S8 and S10 to S12), one function per check.

Each function yields the violations of the rule in its name. The log reader calls it at the event
that the rule is about, with the state that follows from the rows before. Four rules have no
function: S7 and S11 determine the candidates passed to a dispatcher, S13 the order of the checks,
and S14 the float expressions, which must be equal to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Final, TypeAlias

from ringsim.audit._calls import EventKind, RingingPhone, Wave
from ringsim.audit._rows import RingRow, Violation, must
from ringsim.audit._selection import Selection

__all__ = [
    "ON_SELECTION",
    "ON_WAVE",
    "s3_found",
    "s5_nobody_is_left",
    "s5_rings_end_together",
    "s6_answers_as_soon_as_possible",
    "s6_answers_when_possible",
]

Violations: TypeAlias = Iterator[Violation]

RESULTS: Final = {
    EventKind.ANSWER: "answered_elsewhere",
    EventKind.GIVE_UP: "caller_gave_up",
    EventKind.TIME_OUT: "ring_no_answer",
}  # result of an unanswered ring, by the event that ended its wave


# Checks of a selection: the members who ring now


def s3_found(selection: Selection) -> Violations:
    """S3: `found` counts the candidates at the start of a visit, whether they ring or not."""
    found = len(selection.candidates)
    if not (selection.history.slack and len(selection.sure) <= selection.visit.found <= found):
        yield from must(selection.visit, "S3", "found", found, "candidates at entered_at")


def s5_nobody_is_left(selection: Selection) -> Violations:
    """S5: a pass ends only when the dispatcher has no candidate left to ring."""
    if selection.picked:
        who = ", ".join(seat.person.number for seat in selection.picked)
        said = f"{who} must ring for call {selection.visit.call} at {selection.now!r}"
        ring = selection.history.next_ring
        if ring is None:
            yield Violation.of(selection.visit, "S5", f"{said}, got no row in rings")
        else:
            got = f"{ring.member} in {ring.group} at {ring.started_at!r}"
            yield Violation.of(ring, "S5", f"{said}, got {got}")


def s5_rings_begin_now(selection: Selection) -> Violations:
    """S5, S9: rings begin when the call enters, the last wave times out, or the group repeats."""
    for ring in selection.wave:
        yield from must(ring, "S5", "started_at", selection.now, slack=selection.history.slack)


def s9_rings_are_of_the_group(selection: Selection) -> Violations:
    """S9: phones ring in the group that the call is in."""
    for ring in selection.wave:
        yield from must(ring, "S9", "group", selection.group.number)


def s2_members_ring_once(selection: Selection) -> Violations:
    """S2: only members of the group ring, each at most once in a pass."""
    for ring in selection.wave:
        seat = selection.group.seat_of(ring.member)
        if seat is None:
            said = f"member must be one of group {selection.group.number}, got {ring.member!r}"
            yield Violation.of(ring, "S2", said)
        elif seat.position in selection.rung:
            said = f"member must not have been rung in this pass, got {ring.member!r}"
            yield Violation.of(ring, "S2", said)


def s3_nobody_on_a_call_rings(selection: Selection) -> Violations:
    """S3, S10: a member on a call is not rung with `skip_busy_member`, and never by a page."""
    if selection.group.record.skip_busy_member or selection.is_page:
        for ring, seat in selection.seats:
            if seat.is_on_call(selection.now):
                rule = "S3" if selection.group.record.skip_busy_member else "S10"
                said = f"member must not be {seat.person.why_on_call(selection.now)}"
                yield Violation.of(ring, rule, f"{said}, got {ring.member!r}")


def s12_nobody_off_duty_rings(selection: Selection) -> Violations:
    """S12: a member is on duty when their ring starts."""
    for ring, seat in selection.seats:
        if not seat.person.is_on_duty(selection.now):
            said = f"member must be on duty at {selection.now!r}, got {ring.member!r}"
            yield Violation.of(ring, "S12", said)


def s4_those_picked_ring(selection: Selection) -> Violations:
    """S4, S7, S11: the members who ring are the dispatcher's picks, in the configured order."""
    picked = [seat.person.number for seat in selection.picked]
    got = [ring.member for ring in selection.wave]
    if got != picked:
        pairs = zip_longest(got, picked)
        place = next(place for place, (one, other) in enumerate(pairs) if one != other)
        ring = selection.wave[min(place, len(got) - 1)]
        wanted, instead = _with_keys(selection, picked), _with_keys(selection, got)
        said = f"{selection.group.dispatcher!r} must ring {wanted}, got {instead}"
        yield Violation.of(ring, "S4", said)


def s10_pages_are_answered_at_once(selection: Selection) -> Violations:
    """S10: phones of a page answer as they ring; no other phone answers by itself."""
    for ring in selection.wave:
        yield from answers_by_itself(ring, selection.history.slack, is_page=selection.is_page)


def answers_by_itself(ring: RingRow, slack: float, *, is_page: bool) -> Violations:
    """S10: a phone answers by itself, as it rings, exactly if its group pages."""
    if is_page:
        yield from must(ring, "S10", "result", "paged")
        yield from must(ring, "S10", "ended_at", ring.started_at, "started_at", slack)
    elif ring.result == "paged":
        said = f"result must not be that of a page in group {ring.group}, got 'paged'"
        yield Violation.of(ring, "S10", said)


ON_SELECTION: Final[tuple[Callable[[Selection], Violations], ...]] = (
    s9_rings_are_of_the_group,
    s5_rings_begin_now,
    s2_members_ring_once,
    s12_nobody_off_duty_rings,
    s3_nobody_on_a_call_rings,
    s4_those_picked_ring,
    s10_pages_are_answered_at_once,
)


# Checks of a wave that need no later row: made when the wave begins


def s5_rings_end_in_time(wave: Wave) -> Violations:
    """S5: a ring ends after `ring_time`, or earlier if answered or the caller gives up."""
    slack = wave.history.slack
    for ring in wave.rings:
        times_out_at = ring.started_at + wave.ring_time
        if wave.ends.kind is EventKind.TIME_OUT:
            yield from must(ring, "S5", "ended_at", times_out_at, "started_at + ring_time", slack)
        elif not ring.started_at - slack <= ring.ended_at <= times_out_at + slack:
            said = f"must be between started_at and started_at + ring_time = {times_out_at!r}"
            yield Violation.of(ring, "S5", f"ended_at {said}, got {ring.ended_at!r}")


def s8_caller_is_patient(wave: Wave) -> Violations:
    """S8: the caller gives up at `arrives_at + patience`; an answer at that instant counts."""
    gives_up_at, kind, slack = wave.history.gives_up_at, wave.ends.kind, 1.5 * wave.history.slack
    for ring in wave.rings:
        too_late = ring.ended_at > gives_up_at + slack
        if kind is EventKind.GIVE_UP:
            yield from must(ring, "S8", "ended_at", gives_up_at, "arrives_at + patience", slack)
        elif too_late or (not slack and (kind, ring.ended_at) == (EventKind.TIME_OUT, gives_up_at)):
            said = f"ended_at must be before the caller gives up at {gives_up_at!r}"
            yield Violation.of(ring, "S8", f"{said}, got {ring.ended_at!r}")


def s5_results_agree(wave: Wave) -> Violations:
    """S5, S6: at most one ring of a wave is answered; all others have the same result."""
    for ring in wave.rings:
        if ring is not wave.answered:
            yield from must(ring, "S5", "result", RESULTS[wave.ends.kind])


ON_WAVE: Final[tuple[Callable[[Wave], Violations], ...]] = (
    s5_results_agree,
    s5_rings_end_in_time,
    s8_caller_is_patient,
)


# Checks at the end of a wave


def s5_rings_end_together(wave: Wave) -> Violations:
    """S5: all rings of a wave end at the same instant."""
    for ring in wave.rings:
        yield from must(
            ring, "S5", "ended_at", wave.ends.at, "the end of its wave", wave.history.slack
        )


def s6_answers_when_possible(
    phone: RingingPhone, now: float, *, delays_are_known: bool
) -> Violations:
    """S6: no answer comes before `max(started_at + answer_delay, free_at)`."""
    free_at = phone.person.free_at
    if delays_are_known and phone.answers_at is None:
        first = max(phone.ready_at, free_at)
        said = f"ended_at must be max(started_at + answer_delay, free_at) = {first!r}"
        yield Violation.of(phone.ring, "S6", f"{said}, got {now!r}")
    elif not phone.person.is_free(now):
        said = f"ended_at must be when {phone.ring.member} is free, from {free_at!r} on"
        yield Violation.of(phone.ring, "S6", f"{said}, got {now!r}")


def s6_answers_as_soon_as_possible(phone: RingingPhone, now: float) -> Violations:
    """S6: a ringing phone is answered at the first instant at which its member can answer."""
    ring = phone.ring
    if (ring.result, ring.ended_at) != ("answered", now):
        said = f"{ring.member} must answer at {now!r}, when first ready and free"
        yield Violation.of(ring, "S6", f"{said}, got {ring.result} at {ring.ended_at!r}")


def _with_keys(selection: Selection, numbers: list[str]) -> str:
    """Return people in words, each with the sort fields that the dispatcher saw, if any."""
    dispatcher = selection.group.dispatcher
    fields = [f.removeprefix("-") for f in dispatcher.order_by if dispatcher.is_ordering]
    told = []
    for number in numbers:
        values = [
            f"{f} {getattr(selection.shown[number], f)}"
            for f in fields
            if number in selection.shown
        ]
        told.append(f"{number} ({', '.join(values)})" if values else number)
    return ", ".join(told) or "nobody"
