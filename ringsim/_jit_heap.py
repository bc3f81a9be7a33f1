"""Compiled binary heap of scheduled items, the earliest first.

Three parallel arrays hold the instant of an item, its rank among items of the same instant,
and the item itself, a number.
"""

from __future__ import annotations

from ringsim._jit import INDEX_MASK, internal

BUILT_ON = "3f64fecbc71e5925"  # fingerprint of the imports: see ringsim._jit

__all__ = ["is_before", "pop", "push"]


@internal
def is_before(at, rank, other_at, other_rank):
    """Return True if an item comes before another: by instant, then by rank."""
    return at < other_at or (at == other_at and rank < other_rank)


@internal
def push(ats, ranks, items, n, at, rank, item):
    """Add an item to a heap of n items; the arrays must have room."""
    row = n & INDEX_MASK
    while row > 0:
        parent = (row - 1) >> 1
        if not is_before(at, rank, ats[parent], ranks[parent]):
            break
        ats[row] = ats[parent]
        ranks[row] = ranks[parent]
        items[row] = items[parent]
        row = parent
    ats[row] = at
    ranks[row] = rank
    items[row] = item


@internal
def pop(ats, ranks, items, n):
    """Remove the first item from a heap of n items; the caller reads row 0 beforehand."""
    last = (n - 1) & INDEX_MASK
    at, rank, item = ats[last], ranks[last], items[last]
    row = 0
    while 2 * row + 1 < last:
        child = 2 * row + 1
        right = child + 1
        if right < last and is_before(ats[right], ranks[right], ats[child], ranks[child]):
            child = right
        if not is_before(ats[child], ranks[child], at, rank):
            break
        ats[row] = ats[child]
        ranks[row] = ranks[child]
        items[row] = items[child]
        row = child
    ats[row] = at
    ranks[row] = rank
    items[row] = item
