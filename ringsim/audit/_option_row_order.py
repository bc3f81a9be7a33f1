"""Check of the order of the rings of a call (S13).

`rings_are_in_order`
    Rows of rings are in the order in which the rings end.

With a tolerance the order of rows has no meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from ringsim.audit._option_rows import Ring, Visit
from ringsim.audit._option_state import Timeline
from ringsim.audit._rows import Violation

__all__ = ["rings_are_in_order"]

LAST: Final = {"answered", "answered_elsewhere", "caller_gave_up", "paged"}


def rings_are_in_order(line: Timeline, visits: Sequence[Visit]) -> Iterator[Violation]:
    """S13: rings end in the order of their rows; of those that end together, see `_follows`."""
    rings = sorted((ring for visit in visits for ring in visit.rings), key=lambda one: one.row.row)
    for before, after in pairwise(rings if line.is_exact else ()):
        if not _follows(before, after):
            one, two = (
                f"{ring.row.member} from {ring.row.started_at!r} to {ring.row.ended_at!r}"
                for ring in (before, after)
            )
            said = f"rows must be in the order in which rings end, got {two} after {one}"
            yield Violation.of(after.row, "S13", said)


def _follows(before: Ring, after: Ring) -> bool:
    """Return whether a ring may stand after another of its call.

    At one instant, phones that were declined come first, then those that timed out, then those
    that an answer or the caller ends. Phones that also started then come after others, and those
    of one event are in the configured order, but for waves that ring on beside later ones.
    """
    one, two = before.row, after.row
    if before.visit is not after.visit:
        return before.visit.row.row < after.visit.row.row
    if one.ended_at != two.ended_at:
        return one.ended_at < two.ended_at
    group, rules = before.visit.group, before.visit.group.rules
    are_last = [row.result in LAST for row in (one, two)]
    are_new = [row.started_at == row.ended_at for row in (one, two)]
    if are_last[0] != are_last[1]:
        return are_last[1]
    if not are_last[0]:
        if are_new[0] or are_new[1]:
            return are_new[1]
        if one.result != two.result:
            return one.result == "declined"
    if rules.memory_hunt != "ring_on" or one.result == two.result == "declined":
        return before.position < after.position
    if group.starts_late or rules.join_ringing or not rules.wave_step:
        return True
    return (one.started_at, before.position) < (two.started_at, after.position)
