"""Estimates of many figures, of which those of one kind are computed in one call.

A call of compiled code, with the arrays around it, takes five times as long as the estimate of one
row of a hundred replications (measured).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate

import numpy as np

from ringsim.confidence._estimates import LEVEL, Estimates
from ringsim.confidence._figures import Figure, OfSums

__all__ = ["estimate_together"]


def estimate_together(figures: Iterable[Figure], level: float = LEVEL) -> list[Estimates]:
    """Return the estimates of each figure, bit for bit those of its own `estimates`."""
    found: dict[int, Estimates] = {}
    kinds: dict[Hashable, dict[int, OfSums]] = {}
    for place, figure in enumerate(figures):
        if isinstance(figure, OfSums):
            kinds.setdefault(_kind_of(figure), {})[place] = figure
        else:
            found[place] = figure.estimates(level)
    for some in kinds.values():
        found |= zip(some, _estimates_of_kind(list(some.values()), level), strict=True)
    return [found[place] for place in range(len(found))]


def _kind_of(figure: OfSums) -> Hashable:
    """Return a key that is equal for figures whose sums can be rows of one table."""
    return type(figure), figure.constants, tuple([sums.shape[-1] for sums in figure.sums])


def _estimates_of_kind(figures: Sequence[OfSums], level: float) -> list[Estimates]:
    if len(figures) == 1:
        return [figures[0].estimates(level)]
    tables = [[each if each.ndim == 2 else each[None] for each in some.sums] for some in figures]
    ends = list(accumulate((len(table[0]) for table in tables), initial=0))
    columns = [np.concatenate(each) for each in zip(*tables, strict=True)]
    together = figures[0].estimates_from(columns, level)
    return [
        figure.marked(together.part(first, end))
        for figure, first, end in zip(figures, ends[:-1], ends[1:], strict=True)
    ]
