"""The rules of ringing, one function each: S2 to S8 and S10 to S12.

Each yields the violations of what its name says: what these rows must be, given the rows before
them, asked when what it speaks of happens. S7 and S11 are in what a dispatcher is shown, S13 in
the order in which rules are asked, and S14 in float expressions that must come out equal to the
last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Final, TypeAlias

from ringsim.audit._calls import EventKind, RingingPhone, Wave
from ringsim.audit._rows import Violation, must
from ringsim.audit._selection import Selection

__all__ = [
    "ON_LOOK",
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
}  # of a ring that was not answered, by how its wave ended


# A look: whom the PBX rings now


def s3_found(look: Selection) -> Violations:
    """S3: the candidates of the first look of a visit, whoever of them rings."""
    found = len(look.candidates)
    if not (look.story.slack and len(look.sure) <= look.visit.found <= found):
        yield from must(look.visit, "S3", "found", found, "candidates at entered_at")


def s5_nobody_is_left(look: Selection) -> Violations:
    """S5: a pass in which nobody rings any more has no candidate left."""
    if look.picked:
        who = ", ".join(seat.person.number for seat in look.picked)
        said = f"{who} must ring for call {look.visit.call} at {look.now!r}"
        ring = look.story.next_ring
        if ring is None:
            yield Violation.of(look.visit, "S5", f"{said}, got no row in rings")
        else:
            got = f"{ring.member} in {ring.group} at {ring.started_at!r}"
            yield Violation.of(ring, "S5", f"{said}, got {got}")


def s5_rings_begin_now(look: Selection) -> Violations:
    """S5, S9: rings begin as the call arrives, as the wave before times out, or on a repeat."""
    for ring in look.wave:
        yield from must(ring, "S5", "started_at", look.now, slack=look.story.slack)


def s9_rings_are_of_the_group(look: Selection) -> Violations:
    """S9: phones ring in the group that the call is in."""
    for ring in look.wave:
        yield from must(ring, "S9", "group", look.group.number)


def s2_members_ring_once(look: Selection) -> Violations:
    """S2: members of the group, each at most once in a pass."""
    for ring in look.wave:
        seat = look.group.seat_of(ring.member)
        if seat is None:
            said = f"member must be one of group {look.group.number}, got {ring.member!r}"
            yield Violation.of(ring, "S2", said)
        elif seat.position in look.rung:
            said = f"member must not have been rung in this pass, got {ring.member!r}"
            yield Violation.of(ring, "S2", said)


def s3_nobody_on_a_call_rings(look: Selection) -> Violations:
    """S3, S10: with `skip_busy_member` nobody on a call is rung, and no page reaches them."""
    if look.group.record.skip_busy_member or look.is_page:
        for ring, seat in look.seats:
            if seat.is_on_call(look.now):
                rule = "S3" if look.group.record.skip_busy_member else "S10"
                said = f"member must not be {seat.person.why_on_call(look.now)}"
                yield Violation.of(ring, rule, f"{said}, got {ring.member!r}")


def s12_nobody_off_duty_rings(look: Selection) -> Violations:
    """S12: a ring starts on duty."""
    for ring, seat in look.seats:
        if not seat.person.is_on_duty(look.now):
            said = f"member must be on duty at {look.now!r}, got {ring.member!r}"
            yield Violation.of(ring, "S12", said)


def s4_those_picked_ring(look: Selection) -> Violations:
    """S4, S7, S11: exactly those whom the dispatcher picks, in the configured order."""
    picked = [seat.person.number for seat in look.picked]
    got = [ring.member for ring in look.wave]
    if got != picked:
        pairs = zip_longest(got, picked)
        place = next(place for place, (one, other) in enumerate(pairs) if one != other)
        ring = look.wave[min(place, len(got) - 1)]
        wanted, instead = _with_keys(look, picked), _with_keys(look, got)
        said = f"{look.group.dispatcher!r} must ring {wanted}, got {instead}"
        yield Violation.of(ring, "S4", said)


def s10_pages_are_answered_at_once(look: Selection) -> Violations:
    """S10: phones of a page answer as they ring; no other phones do so by themselves."""
    for ring in look.wave:
        if look.is_page:
            yield from must(ring, "S10", "result", "paged")
            slack = look.story.slack
            yield from must(ring, "S10", "ended_at", ring.started_at, "started_at", slack)
        elif ring.result == "paged":
            said = f"result must not be that of a page in group {ring.group}, got 'paged'"
            yield Violation.of(ring, "S10", said)


ON_LOOK: Final[tuple[Callable[[Selection], Violations], ...]] = (
    s9_rings_are_of_the_group,
    s5_rings_begin_now,
    s2_members_ring_once,
    s12_nobody_off_duty_rings,
    s3_nobody_on_a_call_rings,
    s4_those_picked_ring,
    s10_pages_are_answered_at_once,
)


# A wave, which no other row decides: asked as it begins


def s5_rings_end_in_time(wave: Wave) -> Violations:
    """S5: after `ring_time`, or earlier if answered or the caller gives up."""
    slack = wave.story.slack
    for ring in wave.rings:
        times_out_at = ring.started_at + wave.ring_time
        if wave.ends.kind is EventKind.TIME_OUT:
            yield from must(ring, "S5", "ended_at", times_out_at, "started_at + ring_time", slack)
        elif not ring.started_at - slack <= ring.ended_at <= times_out_at + slack:
            said = f"must be between started_at and started_at + ring_time = {times_out_at!r}"
            yield Violation.of(ring, "S5", f"ended_at {said}, got {ring.ended_at!r}")


def s8_caller_is_patient(wave: Wave) -> Violations:
    """S8: until `arrives_at + patience`; at that very instant an answer still counts."""
    gives_up_at, kind, slack = wave.story.gives_up_at, wave.ends.kind, 1.5 * wave.story.slack
    for ring in wave.rings:
        too_late = ring.ended_at > gives_up_at + slack
        if kind is EventKind.GIVE_UP:
            yield from must(ring, "S8", "ended_at", gives_up_at, "arrives_at + patience", slack)
        elif too_late or (not slack and (kind, ring.ended_at) == (EventKind.TIME_OUT, gives_up_at)):
            said = f"ended_at must be before the caller gives up at {gives_up_at!r}"
            yield Violation.of(ring, "S8", f"{said}, got {ring.ended_at!r}")


def s5_results_agree(wave: Wave) -> Violations:
    """S5, S6: one of a wave answers, and all others share the reason why they fell silent."""
    for ring in wave.rings:
        if ring is not wave.answered:
            yield from must(ring, "S5", "result", RESULTS[wave.ends.kind])


ON_WAVE: Final[tuple[Callable[[Wave], Violations], ...]] = (
    s5_results_agree,
    s5_rings_end_in_time,
    s8_caller_is_patient,
)


# The end of a wave


def s5_rings_end_together(wave: Wave) -> Violations:
    """S5: one end of all rings of a wave."""
    for ring in wave.rings:
        yield from must(
            ring, "S5", "ended_at", wave.ends.at, "the end of its wave", wave.story.slack
        )


def s6_answers_when_possible(
    phone: RingingPhone, now: float, *, delays_are_known: bool
) -> Violations:
    """S6: not before `max(started_at + answer_delay, free_at)`."""
    free_at = phone.person.free_at
    if delays_are_known and phone.answers_at is None:
        first = max(phone.ready_at, free_at)
        said = f"ended_at must be max(started_at + answer_delay, free_at) = {first!r}"
        yield Violation.of(phone.ring, "S6", f"{said}, got {now!r}")
    elif not phone.person.is_free(now):
        said = f"ended_at must be when {phone.ring.member} is free, from {free_at!r} on"
        yield Violation.of(phone.ring, "S6", f"{said}, got {now!r}")


def s6_answers_as_soon_as_possible(phone: RingingPhone, now: float) -> Violations:
    """S6: at the first instant at which their member can, if the phone rings then."""
    ring = phone.ring
    if (ring.result, ring.ended_at) != ("answered", now):
        said = f"{ring.member} must answer at {now!r}, when first ready and free"
        yield Violation.of(ring, "S6", f"{said}, got {ring.result} at {ring.ended_at!r}")


def _with_keys(look: Selection, numbers: list[str]) -> str:
    """People with what the dispatcher orders them by, as far as it was shown them."""
    dispatcher = look.group.dispatcher
    fields = [f.removeprefix("-") for f in dispatcher.order_by if dispatcher.is_ordering]
    told = []
    for number in numbers:
        values = [f"{f} {getattr(look.shown[number], f)}" for f in fields if number in look.shown]
        told.append(f"{number} ({', '.join(values)})" if values else number)
    return ", ".join(told) or "nobody"
