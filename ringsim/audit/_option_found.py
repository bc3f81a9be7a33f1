"""Check of the number of candidates that a call found when its group first looked (S3).

`first_look_finds_its_candidates`
    `found` is the number of candidates at the first look, or -1 if nobody was looked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

from ringsim.audit._frames import NOT_LOOKED
from ringsim.audit._option_candidates import bounds_of_available, bounds_of_candidates, waits
from ringsim.audit._option_line_rules import priority_of
from ringsim.audit._option_moments import Moment, Truth, any_of, both, entry_of, inverse
from ringsim.audit._option_rows import Visit
from ringsim.audit._option_state import Timeline
from ringsim.audit._rows import Violation

__all__ = ["first_look_finds_its_candidates"]

Bounds: TypeAlias = tuple[int, int]
NOBODY: Bounds = (NOT_LOOKED, NOT_LOOKED)


def first_look_finds_its_candidates(line: Timeline, visit: Visit) -> Iterator[Violation]:
    """S3: `found` lies between the numbers of sure and of possible candidates."""
    least, most = (_in_line if visit.group.rules.wait_in_line else _at_entry)(line, visit)
    if not least <= visit.row.found <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        said = f"found must be {wanted}, the candidates of the first look"
        yield Violation.of(visit.row, "S3", f"{said}, got {visit.row.found}")


def _at_entry(line: Timeline, visit: Visit) -> Bounds:
    """Return what a call can have found in a group without a line, which looks as it enters."""
    entry = entry_of(line, visit)
    bounds = bounds_of_candidates(entry)
    limit_is_known = line.workload is not None or not visit.is_first
    if limit_is_known and not visit.rings and visit.leaves_at_once:
        return NOBODY
    overflows = not visit.is_last or visit.call.outcome == "overflowed"
    leaves = visit.row.passes == 1 and visit.row.left_at <= visit.row.entered_at + line.slack
    if line.workload is None and entry.is_arrival and overflows and leaves and not visit.rings:
        return NOT_LOOKED, bounds[1]  # the call may have a limit of its own, which is 0
    return bounds


def _in_line(line: Timeline, visit: Visit) -> Bounds:
    """Return what a call can have found in a group with a line, which looks when it is its turn."""
    everybody = len(visit.group.record.members)
    if math.isnan(visit.lined_up_at):
        return NOBODY if line.tells_of_lines else (NOT_LOOKED, everybody)
    entry = entry_of(line, visit)
    may_leave = visit.group.rules.leave_when_empty and not visit.rings
    if _is_turn(line, visit, entry) and not may_leave:
        return bounds_of_candidates(entry)
    always_rings = _always_rings(line, visit)
    if not visit.rings:
        return NOBODY if always_rings else (NOT_LOOKED, everybody)
    first_at = min(ring.picked_at for ring in visit.rings)
    rules = visit.group.rules
    takes_time = max(rules.retry_pause, rules.repeat_delay) > 0  # a pass that rings nobody
    is_entry = line.is_exact and first_at == visit.row.entered_at
    looks_then = always_rings or (takes_time and is_entry)
    if visit.group.starts_late or not looks_then:
        return 0, everybody
    least, most = bounds_of_candidates(Moment(line, visit, first_at, is_arrival=False))
    return max(least, 1), most


def _always_rings(line: Timeline, visit: Visit) -> bool:
    """Return whether the first look of a call whose turn it is surely rings a phone."""
    rules = visit.group.rules
    has_declined = not rules.declined_again and any(
        ring.row.result == "declined"
        for other in line.of_call[visit.row.call]
        if other is not visit
        for ring in other.rings
    )
    return not (rules.level_rules or has_declined or visit.group.starts_late)


def _is_turn(line: Timeline, visit: Visit, entry: Moment) -> Truth:
    """line_serves: return whether a call that enters a line is among those who may ring phones."""
    rules, workload = visit.group.rules, line.workload
    others = [
        other
        for other in line.of_group[visit.group.number]
        if other is not visit and not math.isnan(other.lined_up_at)
    ]
    own = 0.0 if workload is None else priority_of(line, workload, visit)
    is_ahead: list[Truth] = [
        None if workload is None else priority_of(line, workload, other) >= own for other in others
    ]
    least, most = bounds_of_available(entry)
    if rules.line_serves == "head":
        standing = any_of(
            both(ahead, entry.stands_in_line(other))
            for ahead, other in zip(is_ahead, others, strict=True)
        )
        return both(inverse(standing), least > 0 or (None if most else False))
    if rules.line_serves == "one_ringing":
        least, most = min(least, 1), min(most, 1)
    waiting = [
        both(ahead, waits(entry, other)) for ahead, other in zip(is_ahead, others, strict=True)
    ]
    if len(waiting) - waiting.count(False) < least:
        return True
    return False if waiting.count(True) >= most else None
