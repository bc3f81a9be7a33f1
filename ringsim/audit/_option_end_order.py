"""Orders in which the rings of a person may have ended (S13).

`orders_of`
    The rings of each person, in the orders that the log allows.

A ring that begins and ends at one instant follows the event that began it, which the log does not
always tell.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from typing import Final, NamedTuple, TypeAlias

from ringsim.audit._option_picks import GOES_ON
from ringsim.audit._option_rows import Ring

__all__ = ["Orders", "orders_of"]

Orders: TypeAlias = list[Sequence[Ring]] | None
"""Orders of rings that end together, None if there are too many."""

Place: TypeAlias = tuple[float, float]
"""Place of an event among those of one instant: its kind, then its call."""

# Kinds of events, in the order of S13
KINDS: Final = {"answered": 0, "paged": 0, "declined": 1}
TIME_OUT, START, REPEAT, ARRIVAL = 3, 6, 7, 9
END: Place = (math.inf, math.inf)

COUNTED: Final = ("answered", "paged", *GOES_ON)
MOST_TOGETHER: Final = 5  # ends whose orders are all tried


class _End(NamedTuple):
    """The end of a ring, with the first and the last place that it may have had."""

    ring: Ring
    first: Place
    last: Place
    number: int  # among the rings of a log

    @property
    def at(self) -> float:
        return self.ring.row.ended_at


def orders_of(rings: Sequence[Ring], slack: float) -> Iterator[tuple[str, list[Orders]]]:
    """Yield each person, and for rings that end together all orders that the log allows.

    Rings that an answer of another or the caller ended are left out.
    """
    by_person: dict[str, list[_End]] = defaultdict(list)
    for end in _ends(rings):
        by_person[end.ring.row.member].append(end)
    for member, ends in by_person.items():
        yield member, [_orders(together, slack) for together in _together(ends, slack)]


def _ends(rings: Sequence[Ring]) -> Iterator[_End]:
    latest: dict[tuple[int, float], _End] = {}  # of a call at an instant
    for number, ring in enumerate(rings):  # those of a call are in the order of their starts
        row = ring.row
        if row.result not in COUNTED:
            continue
        own: Place = (KINDS.get(row.result, TIME_OUT), row.call)
        first, last = own, own
        if row.started_at == row.ended_at:
            began = _began(ring, latest.get((row.call, row.ended_at)))
            first, last = max(own, began[0]), max(own, began[1])
        end = _End(ring, first, last, number)
        key = (row.call, row.ended_at)
        latest[key] = max(end, latest.get(key, end), key=lambda one: (one.last, one.first))
        yield end


def _began(ring: Ring, before: _End | None) -> tuple[Place, Place]:
    """Return the first and the last place of the event that began a ring of no time."""
    visit, call = ring.visit, ring.row.call
    rules = visit.group.rules
    if visit.group.ring_delay(ring.position) and visit.group.picks_are_known:
        return (START, call), (START, call)
    moves_later = (
        rules.wait_in_line
        or rules.join_ringing
        or rules.memory_hunt == "ring_on"
        or visit.group.starts_late
        or not max(rules.retry_pause, rules.repeat_delay)  # a pass without a ring took no time
    )
    if before is not None:
        is_next = before.ring.visit is visit and not moves_later
        return before.first, before.last if is_next else END
    if visit.call.arrives_at == ring.row.ended_at:
        is_first = visit.row.entered_at == visit.call.arrives_at and visit.is_first
        return (ARRIVAL, call), (ARRIVAL, call) if is_first and not moves_later else END
    return (0, 0), END if moves_later else (REPEAT, call)


def _together(ends: Sequence[_End], slack: float) -> Iterator[list[_End]]:
    """Yield the ends of a person in order, those together whose order the log may not tell."""
    found: list[_End] = []
    for end in sorted(ends, key=lambda one: (one.at, one.first, one.number)):
        if found and end.at - found[-1].at > 2 * slack:
            yield found
            found = []
        found.append(end)
    if found:
        yield found


def _orders(together: Sequence[_End], slack: float) -> Orders:
    if all(_precedes(one, two, slack) for one, two in combinations(together, 2)):
        return [[end.ring for end in together]]
    if len(together) > MOST_TOGETHER:
        return None
    return [
        [end.ring for end in order]
        for order in permutations(together)
        if not any(_precedes(two, one, slack) for one, two in combinations(order, 2))
    ]


def _precedes(one: _End, two: _End, slack: float) -> bool:
    """Return whether a ring surely ended before another."""
    if one.ring.row.call == two.ring.row.call:
        return one.number < two.number
    if one.at != two.at:
        return two.at - one.at > 2 * slack
    return not slack and one.last < two.first
