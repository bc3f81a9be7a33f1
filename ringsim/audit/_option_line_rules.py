"""Checks of the lines of groups: order, length, and when callers in line look.

Each function yields the violations of its rule in a visit, given all other rows of the log.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from ringsim.audit._option_moments import entry_of
from ringsim.audit._option_rows import ROUNDING, Visit
from ringsim.audit._option_state import Timeline, surely_waits
from ringsim.audit._rows import Violation
from ringsim.workload import Workload

__all__ = ["ON_LINE", "line_has_its_length", "may_be_ahead", "priority_of"]

Violations: TypeAlias = Iterator[Violation]


def line_is_in_order(line: Timeline, visit: Visit) -> Violations:
    """Options 18, 19: callers ahead who wait are fewer than the members who are available."""
    rules, group = visit.group.rules, visit.group
    if not rules.wait_in_line or not visit.rings or not group.first_picks_are_known:
        return
    first = min(visit.rings, key=lambda ring: ring.picked_at)
    at = first.picked_at
    ahead = [other for other in line.of_group[group.number] if _is_ahead(line, other, visit)]
    standing = sum(line.surely(at, other.lined_up_at, other.leaves_line_at) for other in ahead)
    waiting = sum(surely_waits(line, other, at) for other in ahead)
    members = [member.extension_number for member in group.record.members]
    available = sum(line.why_unavailable(group, one, at) is None for one in members)
    if rules.line_serves == "one_ringing":
        available = min(available, 1)
    if (rules.line_serves == "head" and standing) or waiting >= available:
        said = f"must not ring for call {visit.row.call}, as {max(waiting, standing)} wait ahead"
        yield Violation.of(first.row, "line_serves", f"{first.row.member} {said} at {at!r}")


def line_has_its_length(line: Timeline, visit: Visit) -> Violations:
    """Option 21: the recorded length of the line is right, and a full line takes nobody."""
    rules, row, at = visit.group.rules, visit.row, visit.row.entered_at
    if not rules.wait_in_line or not line.tells_of_lines:
        return
    if math.isnan(visit.line_length):
        if not _has_left_at_once(line, visit):
            said = "line_length must be given, as the group has a line, got nothing"
            yield Violation.of(row, "wait_in_line", said)
        return
    slack, entry = line.slack, entry_of(line, visit)
    standing = [
        entry.stands_in_line(one)
        for one in line.of_group[row.group]
        if one is not visit and not math.isnan(one.lined_up_at)
    ]
    least, most = standing.count(True), len(standing) - standing.count(False)
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
    if not poll or not visit.rings or visit.row.passes != 1 or not group.first_picks_are_known:
        return
    first = min(visit.rings, key=lambda ring: ring.picked_at)
    waited = first.picked_at - visit.row.entered_at
    if abs(waited - poll * round(waited / poll)) > 2 * line.slack + ROUNDING:
        said = f"started_at must be entered_at and a multiple of {poll:g}"
        yield Violation.of(first.row, "line_poll", f"{said}, got {first.row.started_at!r}")


ON_LINE: Final[tuple[Callable[[Timeline, Visit], Violations], ...]] = (
    line_is_in_order,
    line_has_its_length,
    line_is_looked_at_in_time,
)


def _has_left_at_once(line: Timeline, visit: Visit) -> bool:
    """Return whether a call may have had no time to stand in line (`max_wait_time`)."""
    if line.workload is not None:
        return visit.leaves_at_once
    stayed = visit.row.left_at > visit.row.entered_at + line.slack
    overflowed = not visit.is_last or visit.call.outcome == "overflowed"
    return overflowed and not (stayed or visit.rings or not math.isnan(visit.lined_up_at))


def _is_ahead(line: Timeline, other: Visit, visit: Visit) -> bool:
    """Return whether another call surely stands further ahead in line."""
    workload = line.workload
    if other is visit or workload is None:
        return False
    one, two = (priority_of(line, workload, each) for each in (other, visit))
    if one != two:
        return one > two
    return other.lined_up_at < visit.lined_up_at - line.slack


def may_be_ahead(line: Timeline, other: Visit, visit: Visit) -> bool:
    """Return whether another call possibly stands further ahead in line."""
    workload = line.workload
    if other is visit:
        return False
    if workload is None:
        return True
    one, two = (priority_of(line, workload, each) for each in (other, visit))
    if one != two:
        return one > two
    return other.lined_up_at <= visit.lined_up_at + line.slack


def priority_of(line: Timeline, workload: Workload, visit: Visit) -> float:
    if workload.priority is not None:
        return float(workload.priority[visit.row.call])
    demand = line.scenario.demand.get(visit.call.group)
    return 0.0 if demand is None else float(demand.priority)
