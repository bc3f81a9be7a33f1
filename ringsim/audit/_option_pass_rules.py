"""Checks of the passes of groups with options: how many they are, whom they ring, and their end.

Each function yields the violations of its rule in a visit, given all other rows of the log.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from ringsim.audit._option_rows import ROUNDING, Visit
from ringsim.audit._option_state import Timeline
from ringsim.audit._rows import Violation

__all__ = ["ON_PASSES"]

Violations: TypeAlias = Iterator[Violation]


def empty_passes_take_their_time(line: Timeline, visit: Visit) -> Violations:
    """S9, option 8: between two passes in which no phone rings is the longer of the pauses."""
    rules, row = visit.group.rules, visit.row
    is_limited = line.workload is None or visit.max_wait_time < math.inf
    overflows = not visit.is_last or visit.call.outcome == "overflowed"
    if visit.rings or not overflows or is_limited or rules.wait_in_line or visit.group.starts_late:
        return
    lasting = (row.passes - 1) * max(float(rules.retry_pause), float(rules.repeat_delay))
    if abs(row.left_at - row.entered_at - lasting) > 2 * line.slack + ROUNDING * row.passes:
        said = f"left_at must be entered_at + {lasting:g}, after {row.passes} passes without a ring"
        yield Violation.of(row, "S9", f"{said}, got {row.left_at!r}")


def members_ring_once_a_pass(line: Timeline, visit: Visit) -> Violations:  # noqa: ARG001
    """S2, option 8: a visit has at most `passes` passes, and rings nobody more often."""
    rules, row = visit.group.rules, visit.row
    if row.passes > rules.passes:
        yield Violation.of(
            row, "passes", f"passes must be at most {rules.passes}, got {row.passes}"
        )
    if rules.memory_hunt == "again":
        return
    rung: dict[int, int] = {}
    for ring in visit.rings:
        rung[ring.position] = rung.get(ring.position, 0) + 1
        if rung[ring.position] > row.passes:
            said = f"member must be rung once in each of {row.passes} passes"
            yield Violation.of(ring.row, "S2", f"{said}, got {ring.row.member!r} again")


def nobody_is_left(line: Timeline, visit: Visit) -> Violations:
    """S5, option 8: an unanswered call makes all its passes, and its last pass rings everybody."""
    rules, group, row = visit.group.rules, visit.group, visit.row
    ended_otherwise = visit.is_last and visit.call.outcome != "overflowed"
    is_limited = line.workload is None or visit.max_wait_time < math.inf
    if ended_otherwise or rules.wait_in_line or is_limited or group.dispatcher.auto_answer:
        return
    if row.passes != rules.passes:
        said = f"passes must be {rules.passes}, got {row.passes}"
        yield Violation.of(row, "passes", said)
    ends_early = any(ring.row.result == "declined" for ring in visit.rings) and (
        rules.after_decline != "next" or not rules.declined_again
    )
    is_fixed = rules.order_fixed != "ring" or rules.level_rules
    heavier = any(one.rules.queue_weight > rules.queue_weight for one in line.groups.values())
    if row.passes > 1 or ends_early or is_fixed or heavier or group.dispatcher.one_wave:
        return
    may_not_ring = {ring.row.member for ring in visit.rings}
    if not rules.declined_again:
        may_not_ring |= _who_declined(line, visit)
    for position, member in enumerate(group.record.members):
        number = member.extension_number
        if number in may_not_ring or group.ring_delay(position):  # which may have been left out
            continue
        if line.why_unavailable(group, number, row.left_at, may=True) is None:
            said = f"{number} must ring for call {row.call} before {row.left_at!r}, got no row"
            yield Violation.of(row, "S5", said)


def _who_declined(line: Timeline, visit: Visit) -> set[str]:
    """Return who declined the call, in whatever group."""
    rings = (ring.row for one in line.of_call[visit.row.call] for ring in one.rings)
    return {row.member for row in rings if row.result == "declined"}


def the_first_member_decides(line: Timeline, visit: Visit) -> Violations:
    """Option 17: with `primary`, nobody else rings if the first member is not available or free."""
    rules, group, at = visit.group.rules, visit.group, visit.row.entered_at
    others = [ring for ring in visit.rings if ring.position > 0]
    if not rules.primary or not others:
        return
    first = group.record.members[0].extension_number
    is_out = line.why_unavailable(group, first, at) is not None
    if is_out or line.is_member_surely_on_call(group, first, at):
        said = f"member must not ring, as {first} may not be rung or is on a call at {at!r}"
        yield Violation.of(others[0].row, "primary", f"{said}, got {others[0].row.member!r}")


def time_in_the_group_is_limited(line: Timeline, visit: Visit) -> Violations:
    """Option 9: a call leaves when `max_wait_time` is over, and with endless passes not sooner."""
    rules, group, row = visit.group.rules, visit.group, visit.row
    if line.workload is None or (visit.is_last and visit.call.outcome != "overflowed"):
        return
    slack = 2 * line.slack + ROUNDING
    late = max(rules.retry_pause, rules.repeat_delay) + rules.line_poll
    if rules.last_ring == "finish":
        reach = (group.ring_delay(i) + group.ring_time(i) for i in range(len(group.record.members)))
        late += max(reach, default=0.0)
        if rules.join_ringing or rules.after_decline == "rest":  # until the wave's time is over
            late += float(group.record.ring_time)
    if row.left_at > visit.leaves_at + late + slack:
        said = f"left_at must be at most {visit.leaves_at + late!r}, when the time is over"
        yield Violation.of(row, "max_wait_time", f"{said}, got {row.left_at!r}")
    leaves = rules.join_empty or rules.leave_when_empty or rules.max_queue_length < math.inf
    early = visit.leaves_at - rules.line_poll - slack
    if rules.passes == math.inf and not leaves and row.left_at < early:
        said = f"left_at must be at least {visit.leaves_at!r}, as passes are endless"
        yield Violation.of(row, "passes", f"{said}, got {row.left_at!r}")


def no_wave_starts_when_the_time_is_over(line: Timeline, visit: Visit) -> Violations:
    """Option 9: nobody is picked when `max_wait_time` is over, but to join or finish a wave."""
    group, rules = visit.group, visit.group.rules
    if line.workload is None or rules.join_ringing or not group.picks_are_known:
        return
    if rules.after_decline == "rest" and any(one.row.result == "declined" for one in visit.rings):
        return
    for ring in visit.rings:
        if ring.picked_at > visit.leaves_at + 2 * line.slack + ROUNDING:
            said = f"{ring.row.member} must be picked before {visit.leaves_at!r}, when the time is"
            yield Violation.of(ring.row, "max_wait_time", f"{said} over, got {ring.picked_at!r}")


ON_PASSES: Final[tuple[Callable[[Timeline, Visit], Violations], ...]] = (
    empty_passes_take_their_time,
    members_ring_once_a_pass,
    nobody_is_left,
    the_first_member_decides,
    time_in_the_group_is_limited,
    no_wave_starts_when_the_time_is_over,
)
