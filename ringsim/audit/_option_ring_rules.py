"""Checks of the rings of groups with options: who rings, for how long, and how a ring ends.

Each function yields the violations of its rule in a ring, given all other rows of the log. A
violation names the option, or the rule among S1 to S15 that it extends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from ringsim.audit._option_levels import limits_of, rows_at
from ringsim.audit._option_rows import ROUNDING, Ring
from ringsim.audit._option_state import Timeline, surely_waits
from ringsim.audit._ring_rules import answers_by_itself
from ringsim.audit._rows import Violation

__all__ = ["ON_RING"]

Violations: TypeAlias = Iterator[Violation]


def members_are_available(line: Timeline, ring: Ring) -> Violations:
    """S3, S12, options 11, 12, 14 to 16: nobody rings who was not available when picked."""
    visit, rules = ring.visit, ring.visit.group.rules
    at = visit.row.entered_at if rules.order_fixed == "call" else ring.picked_at
    why = line.why_unavailable(visit.group, ring.row.member, at)
    if why is not None and visit.group.picks_are_known:
        said = f"member must be available at {at!r}, got {ring.row.member!r}, who is {why[1]}"
        yield Violation.of(ring.row, why[0], said)


def nobody_starts_to_ring_on_a_call(line: Timeline, ring: Ring) -> Violations:
    """S3, option 7: a phone that starts later is left out if its member is on a call then."""
    group, at = ring.visit.group, ring.row.started_at
    if group.rules.order_fixed == "call" or not group.skips_busy(ring.position):
        return
    if group.ring_delay(ring.position) and line.is_surely_on_call(ring, at):
        said = f"member must not be on a call at {at!r}, got {ring.row.member!r}"
        yield Violation.of(ring.row, "ring_delay", said)


def levels_are_open(line: Timeline, ring: Ring) -> Violations:
    """Option 25: the member's level is open for the call."""
    group, rules = ring.visit.group, ring.visit.group.rules
    if not rules.level_rules or len(group.record.members) <= rules.levels_ignored_up_to:
        return
    own = group.record.members[ring.position].skill_level
    waited = ring.picked_at - ring.visit.row.entered_at
    fewest, most_rows = (rows_at(rules, waited + slack) for slack in (-line.slack, line.slack))
    if not group.picks_are_known:
        most_rows = rows_at(rules, ring.row.started_at - ring.visit.row.entered_at + line.slack)
    if rules.order_fixed != "ring":  # fixed when the pass began, at an instant not in the log
        fewest = 0
    limits = [limits_of(rules, n) for n in range(fewest, 1 + most_rows)]
    if rules.empty_level_opens_next:
        limits = [(least, math.inf, 1) for least, _, _ in limits]  # duty may have opened it
    if not any(least <= own and max(own, raised) <= most for least, most, raised in limits):
        said = f"skill_level must be open after {waited!r} s, got {own} of {ring.row.member}"
        yield Violation.of(ring.row, "level_rules", said)


def declined_rings_are_not_repeated(line: Timeline, ring: Ring) -> Violations:
    """Option 13: with `declined_again` off, a call does not ring a member who declined it."""
    if ring.visit.group.rules.declined_again:
        return
    for other in line.of_person[ring.row.member]:
        earlier = other.row.ended_at < ring.picked_at - line.slack
        if other.row.call == ring.row.call and other.row.result == "declined" and earlier:
            said = (
                f"member must not be rung again for call {ring.row.call}, got {ring.row.member!r}"
            )
            yield Violation.of(ring.row, "declined_again", said)
            return


def rings_last_their_time(line: Timeline, ring: Ring) -> Violations:
    """S5, options 7, 9, 10, 13: a ring is not longer than its time; one that times out, as long."""
    visit, rules, row = ring.visit, ring.visit.group.rules, ring.row
    if row.result == "paged":
        return
    ring_time = visit.group.ring_time(ring.position)
    if rules.join_ringing:
        ring_time = max(ring_time, float(visit.group.record.ring_time))
    length, slack = row.ended_at - row.started_at, 2 * line.slack + ROUNDING
    if not -slack <= length <= ring_time + slack:
        said = f"ended_at must be between started_at and started_at + {ring_time:g}"
        yield Violation.of(row, "S5", f"{said}, got {row.ended_at!r}")
    elif row.result == "ring_no_answer" and length < ring_time - slack:
        cut_at = visit.leaves_at if rules.last_ring == "cut" else math.inf
        if line.workload is None:  # a call may have a limit of its own
            return
        is_cut = abs(row.ended_at - cut_at) <= slack + rules.line_poll
        if not is_cut and not rules.join_ringing and rules.after_decline != "rest":
            said = f"ended_at must be started_at + {ring_time:g}"
            yield Violation.of(row, "S5", f"{said}, got {row.ended_at!r}")


def answers_and_declines_are_the_workloads(line: Timeline, ring: Ring) -> Violations:
    """S6, option 13: a ring is answered or declined when the workload says so."""
    if line.workload is None or ring.row.result == "paged":
        return
    row, slack = ring.row, 2 * line.slack
    ready_at = row.started_at + line.workload.phones.answer_delay_of(row.member)(row.call, ring.nth)
    declines = line.workload.declines
    declines_at = math.inf
    if declines is not None:
        declines_at = row.started_at + declines.answer_delay_of(row.member)(row.call, ring.nth)
    if row.result == "answered" and row.ended_at < ready_at - slack:
        said = f"ended_at must not be before started_at + answer_delay = {ready_at!r}"
        yield Violation.of(row, "S6", f"{said}, got {row.ended_at!r}")
    elif row.result == "declined" and abs(row.ended_at - declines_at) > slack:
        said = f"ended_at must be started_at + decline_delay = {declines_at!r}"
        yield Violation.of(row, "after_decline", f"{said}, got {row.ended_at!r}")
    elif row.result != "declined" and declines_at < row.ended_at - slack:
        said = f"{row.member} must decline at {declines_at!r}, got {row.result} at {row.ended_at!r}"
        yield Violation.of(row, "after_decline", said)
    ends = row.ended_at - slack
    free = max([ready_at, *(one.free_at for one in line.busy[row.member] if one.at <= ends)])
    if row.result != "answered" and free < ends:
        said = f"{row.member} must answer at {free!r}, when first ready and free"
        yield Violation.of(row, "S6", f"{said}, got {row.result} at {row.ended_at!r}")


def pages_answer_by_themselves(line: Timeline, ring: Ring) -> Violations:
    """S10, `auto_answer`: phones answer by themselves, as they ring, exactly in a page."""
    is_page = ring.visit.group.dispatcher.auto_answer
    yield from answers_by_itself(ring.row, line.slack, is_page=is_page)


def answers_come_from_free_members(line: Timeline, ring: Ring) -> Violations:
    """S6: a member who answers is on no other call and in no wrap-up."""
    row = ring.row
    if row.result != "answered":
        return
    for one in line.busy[row.member]:
        is_other = one.call != row.call
        if is_other and one.at + line.slack < row.ended_at < one.free_at - line.slack:
            said = f"ended_at must be when {row.member} is free, from {one.free_at!r} on"
            yield Violation.of(row, "S6", f"{said}, got {row.ended_at!r}")
            return


def weights_come_first(line: Timeline, ring: Ring) -> Violations:
    """Option 23: a member does not ring while a caller of a group of greater weight waits."""
    own, at = ring.visit.group.rules, ring.picked_at
    if own.order_fixed == "call":
        at = ring.visit.row.entered_at
    if not ring.visit.group.picks_are_known:
        return
    for group in line.groups.values():
        if group.rules.queue_weight <= own.queue_weight:
            continue
        if group.position_of(ring.row.member) is None:
            continue
        for visit in line.of_group[group.number]:
            if surely_waits(line, visit, at):
                said = f"must not ring while call {visit.row.call} waits in {group.number}"
                yield Violation.of(ring.row, "queue_weight", f"{ring.row.member} {said}")
                return


ON_RING: Final[tuple[Callable[[Timeline, Ring], Violations], ...]] = (
    members_are_available,
    nobody_starts_to_ring_on_a_call,
    levels_are_open,
    declined_rings_are_not_repeated,
    rings_last_their_time,
    answers_and_declines_are_the_workloads,
    pages_answer_by_themselves,
    answers_come_from_free_members,
    weights_come_first,
)
