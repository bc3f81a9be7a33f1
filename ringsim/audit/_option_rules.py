"""Checks of the rules of groups with options, one function per check.

Each function yields the violations of its rule in a visit or in a ring, given all other rows of
the log. A violation names the option, or the rule among S1 to S15 that it extends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from ringsim.audit._option_state import Ring, Timeline, Visit
from ringsim.audit._ring_rules import answers_by_itself
from ringsim.audit._rows import Violation, must
from ringsim.rules import Rules
from ringsim.workload import Workload

__all__ = ["ON_CALL", "ON_RING", "ON_VISIT"]

Violations: TypeAlias = Iterator[Violation]

ROUNDING = 1e-6  # s, of sums of pauses


# Checks of a ring


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
    fewest, most_rows = (_rows_at(rules, waited + slack) for slack in (-line.slack, line.slack))
    if rules.order_fixed != "ring":  # fixed when the pass began, at an instant not in the log
        fewest = 0
    limits = [_limits(rules, n) for n in range(fewest, 1 + most_rows)]
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
            if _surely_waits(line, visit, at):
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


# Checks of a visit


def rings_are_at_once(line: Timeline, visit: Visit) -> Violations:
    """S4, options 5, 6, 10: no more phones ring at a time than `at_once`."""
    rules, at_once = visit.group.rules, visit.group.dispatcher.at_once
    if not isinstance(at_once, int) or rules.wave_step <= line.slack or not line.is_exact:
        return
    for ring in visit.rings:
        at = ring.row.started_at
        if rules.memory_hunt == "again":
            continue
        alike = [one for one in visit.rings if abs(one.picked_at - ring.picked_at) <= line.slack]
        together = alike
        if rules.memory_hunt == "none":
            together = [
                one
                for one in visit.rings
                if one in alike or line.surely(at, one.row.started_at, one.row.ended_at)
            ]
        instant = any(one.row.started_at == one.row.ended_at for one in together)
        if len(together) > at_once and ring is alike[-1] and not instant:
            yield Violation.of(ring.row, "at_once", f"rings must be {at_once}, got {len(together)}")


def waves_follow_each_other(line: Timeline, visit: Visit) -> Violations:
    """S5, S9, options 6, 8, 13: a wave begins when the one before ends, or after a pause."""
    group, rules = visit.group, visit.group.rules
    if rules.wait_in_line or group.starts_late:
        return
    ended, step = visit.row.entered_at, math.nan
    is_first = True
    declined = any(ring.row.result == "declined" for ring in visit.rings)
    pauses_between = group.dispatcher.one_wave and not declined and not rules.join_ringing
    for ring in visit.rings:
        at = ring.row.started_at
        if at != step and not (rules.join_ringing and at < ended):
            begins = (
                {ended}
                if math.isnan(step) or rules.memory_hunt != "ring_on"
                else {
                    ended,
                    step + rules.wave_step,
                }
            )
            pauses = [0.0 if is_first else rules.retry_pause]
            if not any(
                _fits(
                    at - begin, pauses[0], rules, line.slack, at_once=is_first or not pauses_between
                )
                for begin in begins
            ):
                said = f"started_at must be when the wave before ends, {ended!r}, or after a pause"
                yield Violation.of(ring.row, "S5", f"{said}, got {at!r}")
                return
            step = at
        is_first = False
        ended = max(ended, ring.row.ended_at)


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
    rung = {ring.row.member for ring in visit.rings}
    for member in group.record.members:
        number = member.extension_number
        if (
            number not in rung
            and line.why_unavailable(group, number, row.left_at, may=True) is None
        ):
            said = f"{number} must ring for call {row.call} before {row.left_at!r}, got no row"
            yield Violation.of(row, "S5", said)


def passes_have_one_wave(line: Timeline, visit: Visit) -> Violations:
    """Options 5, 13: with `one_wave` a pass has one wave, unless a wave is declined."""
    group, rules = visit.group, visit.group.rules
    declined = any(ring.row.result == "declined" for ring in visit.rings)
    if not group.dispatcher.one_wave or declined or rules.join_ringing or group.starts_late:
        return
    waves: list[float] = []
    for ring in visit.rings:
        if not waves or ring.row.started_at - waves[-1] > line.slack:
            waves.append(ring.row.started_at)
        if len(waves) > visit.row.passes:
            said = f"waves must be one in each of {visit.row.passes} passes"
            yield Violation.of(ring.row, "one_wave", f"{said}, got another")
            return


def declines_end_the_wave(line: Timeline, visit: Visit) -> Violations:
    """Option 13: after the last phone of a wave was declined the pass ends, or has its rest."""
    group, rules = visit.group, visit.group.rules
    if visit.row.passes != 1 or rules.memory_hunt != "none" or group.starts_late:
        return
    if group.dispatcher.at_once != 1 or rules.wait_in_line or rules.join_ringing:
        return
    window = math.inf
    for before, after in pairwise(visit.rings):
        ended, row = before.row.ended_at, after.row
        if before.row.result != "declined":
            window = math.inf
            continue
        window = min(window, before.row.started_at + float(group.record.ring_time))
        if rules.after_decline == "end":
            said = f"{row.member} must not ring after the pass ended at {ended!r}"
            yield Violation.of(row, "after_decline", f"{said}, got {row.started_at!r}")
        elif rules.after_decline == "rest" and row.ended_at > window + ROUNDING + 2 * line.slack:
            said = f"ended_at must be at most {window!r}, the end of the declined wave"
            yield Violation.of(row, "after_decline", f"{said}, got {row.ended_at!r}")


def earlier_phones_ring_again(line: Timeline, visit: Visit) -> Violations:
    """Option 6: with `memory_hunt = again` each wave rings all who rang before in the pass."""
    rules, group = visit.group.rules, visit.group
    if rules.memory_hunt != "again" or visit.row.passes != 1 or group.starts_late:
        return
    heavier = any(one.rules.queue_weight > rules.queue_weight for one in line.groups.values())
    if rules.order_fixed != "ring" or rules.level_rules or rules.join_ringing or heavier:
        return
    rung: list[str] = []
    for ring in visit.rings:
        at = ring.row.started_at
        wave = {one.row.member for one in visit.rings if abs(one.row.started_at - at) <= line.slack}
        for member in set(rung) - wave:
            declined = not rules.declined_again and any(
                one.row.member == member and one.row.result == "declined" for one in visit.rings
            )
            if not declined and line.why_unavailable(group, member, at, may=True) is None:
                said = f"{member} must ring again for call {visit.row.call} at {at!r}, got no row"
                yield Violation.of(ring.row, "memory_hunt", said)
                return
        rung.append(ring.row.member)


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
        late += len(group.record.members) * (rules.wave_step or 0)
    if row.left_at > visit.leaves_at + late + slack:
        said = f"left_at must be at most {visit.leaves_at + late!r}, when the time is over"
        yield Violation.of(row, "max_wait_time", f"{said}, got {row.left_at!r}")
    leaves = rules.join_empty or rules.leave_when_empty or rules.max_queue_length < math.inf
    early = visit.leaves_at - rules.line_poll - slack
    if rules.passes == math.inf and not leaves and row.left_at < early:
        said = f"left_at must be at least {visit.leaves_at!r}, as passes are endless"
        yield Violation.of(row, "passes", f"{said}, got {row.left_at!r}")


def line_is_in_order(line: Timeline, visit: Visit) -> Violations:
    """Options 18, 19: callers ahead who wait are fewer than the members who are available."""
    rules, group = visit.group.rules, visit.group
    if not rules.wait_in_line or not visit.rings or not group.picks_are_known:
        return
    first = min(visit.rings, key=lambda ring: ring.picked_at)
    at = first.picked_at
    ahead = [other for other in line.of_group[group.number] if _is_ahead(line, other, visit)]
    standing = sum(line.surely(at, other.lined_up_at, other.leaves_line_at) for other in ahead)
    waiting = sum(_surely_waits(line, other, at) for other in ahead)
    members = [member.extension_number for member in group.record.members]
    available = sum(line.why_unavailable(group, one, at) is None for one in members)
    if rules.line_serves == "one_ringing":
        available = min(available, 1)
    if (rules.line_serves == "head" and standing) or waiting >= available:
        said = f"must not ring for call {visit.row.call}, as {max(waiting, standing)} wait ahead"
        yield Violation.of(first.row, "line_serves", f"{first.row.member} {said} at {at!r}")


def line_has_its_length(line: Timeline, visit: Visit) -> Violations:
    """Option 21: the line is as long as it is told to be; a full one takes nobody."""
    rules, row, at = visit.group.rules, visit.row, visit.row.entered_at
    if not rules.wait_in_line or math.isnan(visit.line_length):
        return
    others = [one for one in line.of_group[row.group] if one is not visit]
    slack = line.slack
    stood = [one for one in others if not math.isnan(one.lined_up_at)]
    least = sum(line.surely(at, one.lined_up_at, one.leaves_line_at) for one in stood)
    most = sum(one.lined_up_at - slack <= at <= one.leaves_line_at + slack for one in stood)
    if not least <= visit.line_length <= most:
        said = f"line_length must be {least} to {most}, the calls in line"
        yield Violation.of(row, "wait_in_line", f"{said}, got {visit.line_length:g}")
    joined = not math.isnan(visit.lined_up_at)
    if joined == (visit.line_length >= rules.max_queue_length) and not (
        rules.join_empty and not joined
    ):
        said = f"call must {'not ' if joined else ''}stand in line"
        got = f"got {visit.line_length:g} calls in line before it"
        yield Violation.of(row, "max_queue_length", f"{said}, {got}")
    if not joined and visit.rings:
        ring = visit.rings[0].row
        yield Violation.of(ring, "wait_in_line", f"{ring.member} must not ring without a place")
    if joined and abs(visit.lined_up_at - at) > slack:
        said = f"lined_up_at must be entered_at = {at!r}, got {visit.lined_up_at!r}"
        yield Violation.of(row, "wait_in_line", said)


def line_is_looked_at_in_time(line: Timeline, visit: Visit) -> Violations:
    """Option 20: with `line_poll`, a call that made one pass first rings at a multiple of it."""
    group, poll = visit.group, visit.group.rules.line_poll
    if not poll or not visit.rings or visit.row.passes != 1 or not group.picks_are_known:
        return
    first = min(visit.rings, key=lambda ring: ring.picked_at)
    waited = first.picked_at - visit.row.entered_at
    if abs(waited - poll * round(waited / poll)) > 2 * line.slack + ROUNDING:
        said = f"started_at must be entered_at and a multiple of {poll:g}"
        yield Violation.of(first.row, "line_poll", f"{said}, got {first.row.started_at!r}")


ON_VISIT: Final[tuple[Callable[[Timeline, Visit], Violations], ...]] = (
    rings_are_at_once,
    waves_follow_each_other,
    empty_passes_take_their_time,
    members_ring_once_a_pass,
    nobody_is_left,
    passes_have_one_wave,
    declines_end_the_wave,
    earlier_phones_ring_again,
    the_first_member_decides,
    time_in_the_group_is_limited,
    line_is_in_order,
    line_has_its_length,
    line_is_looked_at_in_time,
)


# Checks of a call


def results_agree(line: Timeline, visits: Sequence[Visit]) -> Violations:
    """S1, S5, S6, S8: outcome, wait and number of rings agree with the rings of the call."""
    call, rings = visits[0].call, [ring for visit in visits for ring in visit.rings]
    slack = 2 * line.slack
    ends_at = call.arrives_at + call.wait
    answered = [ring for ring in rings if ring.row.result == "answered"]
    pages = [ring for ring in rings if ring.row.result == "paged"]
    yield from must(call, "S1", "n_rings", len(rings), "rows of rings")
    yield from must(call, "S1", "ended_in", visits[-1].row.group)
    if (call.outcome == "answered") != bool(answered or pages) or len(answered) > 1:
        said = f"outcome must agree with {len(answered)} answered rings"
        yield Violation.of(call, "S1", f"{said}, got {call.outcome}")
        return
    if answered:
        yield from must(call, "S6", "answered_by", answered[0].row.member)
    for ring in rings:
        result, end = ring.row.result, ring.row.ended_at
        if result in ("answered", "answered_elsewhere", "caller_gave_up", "paged"):
            if abs(end - ends_at) > slack + ROUNDING:
                said = f"ended_at must be the end of the call, {ends_at!r}, got {end!r}"
                yield Violation.of(ring.row, "S5", said)
        elif end > ends_at + slack + ROUNDING:
            said = f"ended_at must not be after the end of the call, {ends_at!r}, got {end!r}"
            yield Violation.of(ring.row, "S5", said)
        if (result == "answered_elsewhere" and not answered) or (
            result == "caller_gave_up" and call.outcome != "abandoned"
        ):
            said = f"result must agree with the outcome, {call.outcome}, got {result}"
            yield Violation.of(ring.row, "S5", said)
    if call.outcome == "abandoned":
        yield from must(call, "S8", "wait", call.patience, "patience", slack + ROUNDING)
    elif call.wait > call.patience + slack + ROUNDING:
        said = f"wait must be at most the patience {call.patience!r}, got {call.wait!r}"
        yield Violation.of(call, "S8", said)


def visits_follow_each_other(line: Timeline, visits: Sequence[Visit]) -> Violations:
    """S9: a call enters the next group when it leaves the one before; rings lie between."""
    slack = 2 * line.slack + ROUNDING
    for before, after in pairwise(visits):
        yield from must(after.row, "S9", "entered_at", before.row.left_at, slack=slack)
    for visit in visits:
        n = len(visit.rings)
        yield from must(visit.row, "S9", "n_rings", n, "rings of this visit")
        for ring in visit.rings:
            if not visit.row.entered_at - slack <= ring.row.started_at <= visit.row.left_at + slack:
                said = f"started_at must lie within the visit to {visit.row.group}"
                yield Violation.of(ring.row, "S9", f"{said}, got {ring.row.started_at!r}")
    first, last = visits[0], visits[-1]
    yield from must(first.row, "S1", "entered_at", first.call.arrives_at, slack=slack)
    ends_at = last.call.arrives_at + last.call.wait
    yield from must(last.row, "S9", "left_at", ends_at, "the end of the call", slack)


ON_CALL: Final[tuple[Callable[[Timeline, Sequence[Visit]], Violations], ...]] = (
    results_agree,
    visits_follow_each_other,
)


def _surely_waits(line: Timeline, visit: Visit, at: float) -> bool:
    """Return whether a call surely stands in line at an instant, and no phone rings for it."""
    stands = line.surely(at, visit.lined_up_at, visit.row.left_at)
    return stands and not visit.group.starts_late and not visit.is_ringing(at, line.slack)


def _is_ahead(line: Timeline, other: Visit, visit: Visit) -> bool:
    """Return whether another call surely stands further ahead in line."""
    workload = line.workload
    if other is visit or workload is None:
        return False
    one, two = (_priority(line, workload, each) for each in (other, visit))
    if one != two:
        return one > two
    return other.lined_up_at < visit.lined_up_at - line.slack


def _priority(line: Timeline, workload: Workload, visit: Visit) -> float:
    if workload.priority is not None:
        return float(workload.priority[visit.row.call])
    demand = line.scenario.demand.get(visit.call.group)
    return 0.0 if demand is None else float(demand.priority)


def _rows_at(rules: Rules, waited: float) -> int:
    """Return how many rows of `level_rules` apply after a time."""
    n = 0
    for row in rules.level_rules or ():
        if (n or row.after) and not waited > row.after:
            break
        n += 1
    return n


def _limits(rules: Rules, n: int) -> tuple[float, float, float]:
    """Return the lowest and the highest open level, and that to raise to, after n rows."""
    least, most, raised = 1.0, math.inf, 1.0
    for row in (rules.level_rules or ())[:n]:
        least, most = _moved(least, row.least), _moved(most, row.most)
        raised = _moved(raised, row.raise_to)
    return least, most, raised


def _moved(level: float, change: int | str | None) -> float:
    if change is None:
        return level
    return level + int(change) if isinstance(change, str) else float(change)


def _fits(late: float, pause: float, rules: Rules, slack: float, *, at_once: bool) -> bool:
    """Return whether a wave may begin so long after another: at once, or after pauses."""
    slack = 2 * slack + ROUNDING
    if at_once and abs(late) <= slack:
        return True
    empty = max(float(rules.retry_pause or 0), float(rules.repeat_delay or 0))
    rest = late - pause
    if not empty:
        return abs(rest) <= slack
    passes = round(rest / empty)
    return passes >= 0 and abs(rest - passes * empty) <= slack * max(1, passes)
