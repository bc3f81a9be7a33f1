"""Callers who wait in line: when they look, and whether their waiting is allowed.

`empty_lines_take_nobody`
    `join_empty`, `leave_when_empty`: nobody waits for a group without a member to wait for.
`waiting_callers_are_served`
    `wait_in_line`: the first in line does not wait while a member is available.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Final, TypeAlias

from ringsim.audit._option_line_rules import may_be_ahead
from ringsim.audit._option_rows import ROUNDING, OptionGroup, Visit
from ringsim.audit._option_state import Timeline, may_be_wanted, may_wait, surely_waits
from ringsim.audit._rows import Violation

__all__ = ["ON_WAITING"]

Violations: TypeAlias = Iterator[Violation]
MOST_LOOKS = 1000  # looks of one caller that are checked


def only_who_may_joins(line: Timeline, visit: Visit) -> Violations:
    """join_empty: a call is refused exactly if every member is in one of the states."""
    rules, group, row = visit.group.rules, visit.group, visit.row
    states, at = rules.join_empty, visit.row.entered_at
    if not (rules.wait_in_line and states) or math.isnan(visit.line_length):
        return
    if not math.isnan(visit.lined_up_at):
        if _is_empty(line, group, states, at):
            said = f"call must not stand in line, as all members are in {list(states)} at {at!r}"
            yield Violation.of(row, "join_empty", f"{said}, got a place")
    elif visit.line_length < rules.max_queue_length and not _is_empty(
        line, group, states, at, may=True
    ):
        said = f"call must stand in line, as not all members are in {list(states)} at {at!r}"
        yield Violation.of(row, "join_empty", f"{said}, got no place")


def nobody_stays_in_vain(line: Timeline, visit: Visit) -> Violations:
    """leave_when_empty: a call leaves when it looks and every member is in one of the states."""
    states = visit.group.rules.leave_when_empty
    if not states or math.isnan(visit.lined_up_at):
        return
    entered_at = visit.row.entered_at
    for at in (entered_at, *_looks(line, visit)):
        stays = visit.row.left_at > at + line.slack
        waits = at == entered_at or _is_surely_in_line(line, visit, at)
        if stays and waits and _is_empty(line, visit.group, states, at):
            said = f"left_at must be {at!r}, as all members are in {list(states)} then"
            yield Violation.of(visit.row, "leave_when_empty", f"{said}, got {visit.row.left_at!r}")
            return


def nobody_leaves_too_soon(line: Timeline, visit: Visit) -> Violations:
    """leave_when_empty: a call leaves unanswered after all passes, its time, or if all are out."""
    rules, row = visit.group.rules, visit.row
    if line.workload is None or math.isnan(visit.lined_up_at):
        return
    if visit.is_last and visit.call.outcome != "overflowed":
        return
    time_is_over = row.left_at >= visit.leaves_at - 2 * line.slack - ROUNDING
    may_be_empty = _may_pass_empty(visit) or visit.group.starts_late  # and all phones left out
    has_passes = row.passes < rules.passes or not (visit.rings or may_be_empty)
    if time_is_over or not has_passes:
        return
    states = rules.leave_when_empty
    if not _is_empty(line, visit.group, states, row.left_at, may=True):
        said = f"must be at least {visit.leaves_at!r}, as callers may wait until then"
        yield Violation.of(row, "leave_when_empty", f"left_at {said}, got {row.left_at!r}")


def waiting_callers_are_served(line: Timeline, visit: Visit) -> Violations:
    """wait_in_line, queue_weight: the first in line does not wait while a member is available."""
    rules, group = visit.group.rules, visit.group
    if not rules.wait_in_line or math.isnan(visit.lined_up_at):
        return
    looks = _looks(line, visit) if rules.line_poll else _between_changes(line, visit)
    for at in looks:
        if not _is_surely_in_line(line, visit, at) or _may_be_behind(line, visit, at):
            continue
        for member in group.record.members:
            number = member.extension_number
            is_free = line.why_unavailable(group, number, at, may=True) is None
            if is_free and not may_be_wanted(line, group, number, at):
                said = f"call must ring {number}, who is available at {at!r}, got no ring"
                yield Violation.of(visit.row, "wait_in_line", said)
                return


ON_WAITING: Final[tuple[Callable[[Timeline, Visit], Violations], ...]] = (
    only_who_may_joins,
    nobody_stays_in_vain,
    nobody_leaves_too_soon,
    waiting_callers_are_served,
)


def _is_empty(
    line: Timeline, group: OptionGroup, states: Sequence[str], at: float, *, may: bool = False
) -> bool:
    """Return whether every member surely, or with `may` possibly, is in one of the states."""
    return bool(states) and all(
        any(_is_in(line, group, one.extension_number, state, at, may=may) for state in states)
        for one in group.record.members
    )


def _is_in(
    line: Timeline, group: OptionGroup, member: str, state: str, at: float, *, may: bool
) -> bool:
    if state == "off_duty":
        return line.is_surely_off_duty(member, at, may=may)
    if state == "paused":
        return line.is_paused(group, member, at, may=may)
    if state == "busy":
        return line.surely_talks(member, at, may=may)
    if state == "ringing":
        return line.surely_rings(member, at, may=may)
    return state == "wrap_up" and line.wraps_up(group, member, at, may=may)


def _may_pass_empty(visit: Visit) -> bool:
    """Return whether a pass may ring nobody although a member is available."""
    rules = visit.group.rules
    return bool(rules.level_rules) or not rules.declined_again


def _is_surely_in_line(line: Timeline, visit: Visit, at: float) -> bool:
    """Return whether a call surely stands in line, and is in no pause between two passes."""
    rules = visit.group.rules
    if _may_pass_empty(visit) or not surely_waits(line, visit, at):
        return False
    pause = max(float(rules.retry_pause), float(rules.repeat_delay))
    ends = [ring.row.ended_at for ring in visit.rings if ring.row.ended_at < at]
    return not ends or at > max(ends) + pause + 2 * line.slack


def _may_be_behind(line: Timeline, visit: Visit, at: float) -> bool:
    """Return whether a call that stands further ahead may keep one in line from ringing."""
    serves_head = visit.group.rules.line_serves == "head"
    for other in line.of_group[visit.group.number]:
        if not may_be_ahead(line, other, visit):
            continue
        stands = line.surely(at, other.lined_up_at, other.leaves_line_at, may=True)
        if may_wait(line, other, at) or (serves_head and stands):
            return True
    return False


def _looks(line: Timeline, visit: Visit) -> Iterator[float]:
    """Yield instants at which a call in line surely looks."""
    entered_at, left_at = visit.row.entered_at, visit.row.left_at
    poll = visit.group.rules.line_poll
    if poll:
        n = min(int((left_at - entered_at) / poll), MOST_LOOKS)
        yield from (entered_at + k * poll for k in range(1, n + 1))
        return
    ends = {
        one.until
        for member in visit.group.record.members
        for one in line.busy[member.extension_number]
        if one.is_talk and entered_at < one.until < left_at
    }
    yield from islice(sorted(ends), MOST_LOOKS)


def _between_changes(line: Timeline, visit: Visit) -> Iterator[float]:
    """Yield an instant of each span of a call's waiting in which no member's state changes."""
    first, last = visit.row.entered_at, visit.row.left_at
    found = {first, last}
    weight = visit.group.rules.queue_weight
    people = {
        member.extension_number
        for group in line.groups.values()
        if group is visit.group or group.rules.queue_weight > weight
        for member in group.record.members
    }
    found |= {pause.until for pause in line.pauses.possibly if pause.member in people}
    for number in people:
        for ring in line.of_person[number]:
            found |= {ring.row.started_at, ring.row.ended_at}
        for one in line.busy[number]:
            found |= {one.at, one.until, one.wraps_up_until}
    for start, end in pairwise(sorted(at for at in found if first <= at <= last)):
        yield (start + end) / 2
