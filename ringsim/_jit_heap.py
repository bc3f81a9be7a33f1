"""A binary heap in arrays, compiled: what is to come, the earliest first.

Three columns hold an instant, a rank among those of one instant, and what it is.
"""

from __future__ import annotations

from ringsim._jit import INDEX_MASK, compiled

BUILT_ON = "8bafaa5fd91e17d1"  # fingerprint of what comes from elsewhere: see ringsim._jit

__all__ = ["is_before", "pop", "push"]


@compiled
def is_before(at, rank, other_at, other_rank):
    """Whether one comes before another."""
    return at < other_at or (at == other_at and rank < other_rank)


@compiled
def push(ats, ranks, items, n, at, rank, item):
    """Put one more on a heap of n."""
    place = n & INDEX_MASK
    while place > 0:
        above = (place - 1) >> 1
        if not is_before(at, rank, ats[above], ranks[above]):
            break
        ats[place] = ats[above]
        ranks[place] = ranks[above]
        items[place] = items[above]
        place = above
    ats[place] = at
    ranks[place] = rank
    items[place] = item


@compiled
def pop(ats, ranks, items, n):
    """Take the first from a heap of n."""
    last = (n - 1) & INDEX_MASK
    at, rank, item = ats[last], ranks[last], items[last]
    place = 0
    while 2 * place + 1 < last:
        below = 2 * place + 1
        right = below + 1
        if right < last and is_before(ats[right], ranks[right], ats[below], ranks[below]):
            below = right
        if not is_before(ats[below], ranks[below], at, rank):
            break
        ats[place] = ats[below]
        ranks[place] = ranks[below]
        items[place] = items[below]
        place = below
    ats[place] = at
    ranks[place] = rank
    items[place] = item
