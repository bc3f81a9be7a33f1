"""Estimates of many figures, of which those of one kind are computed in one call.

A call of compiled code, with the arrays around it, takes five times as long as the estimate of one
row of a hundred replications (measured).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from ringsim.confidence._estimates import LEVEL, Estimates
from ringsim.confidence._figures import Figure, OfSums

__all__ = ["estimate_together"]


def estimate_together(figures: Iterable[Figure], level: float = LEVEL) -> list[Estimates]:
    """Return the estimates of each figure, bit for bit those of its own `estimates`."""
    figures = list(figures)
    kinds: dict[Hashable, list[int]] = {}
    for place, figure in enumerate(figures):
        kinds.setdefault(_kind_of(figure, place), []).append(place)
    found: dict[int, Estimates] = {}
    for places in kinds.values():
        some = [figures[place] for place in places]
        found |= zip(places, _estimates_of_kind(some, level), strict=True)
    return [found[place] for place in range(len(figures))]


def _kind_of(figure: Figure, place: int) -> Hashable:
    """Return a key that is equal for figures whose sums can be rows of one table."""
    if not isinstance(figure, OfSums):
        return place
    return type(figure), figure.constants, tuple(sums.shape[-1] for sums in figure.sums)


def _estimates_of_kind(figures: Sequence[Figure], level: float) -> list[Estimates]:
    alike = [figure for figure in figures if isinstance(figure, OfSums)]
    if len(alike) < 2:
        return [figure.estimates(level) for figure in figures]
    tables = [[np.atleast_2d(sums) for sums in figure.sums] for figure in alike]
    ends = np.cumsum([0, *(len(table[0]) for table in tables)]).tolist()
    together = alike[0].estimates_from(
        [np.concatenate(each) for each in zip(*tables, strict=True)], level
    )
    return [
        figure.marked(together.part(first, end))
        for figure, first, end in zip(alike, ends[:-1], ends[1:], strict=True)
    ]
