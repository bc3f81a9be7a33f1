"""Estimates of many figures, of which those of sums are computed in one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ringsim.confidence._estimates import LEVEL, Estimates, SumTable, of_tables
from ringsim.confidence._figures import Figure, OfSums

__all__ = ["estimate_together"]

TOGETHER = 2**19  # sums by replication in one call, which are copied for it: 4 MB


def estimate_together(figures: Iterable[Figure], level: float = LEVEL) -> list[Estimates]:
    """Return the estimates of each figure of a study, bit for bit those of its own `estimates`."""
    figures = list(figures)
    tables = [figure.table for figure in figures if isinstance(figure, OfSums)]
    of_sums = iter([each for some in _parts(tables) for each in of_tables(some, level)])
    return [
        figure.marked(next(of_sums)) if isinstance(figure, OfSums) else figure.estimates(level)
        for figure in figures
    ]


def _parts(tables: Sequence[SumTable]) -> Iterator[Sequence[SumTable]]:
    """Return tables in parts that are small enough to be copied."""
    part: list[SumTable] = []
    size = 0
    for table in tables:
        needed = sum(each.size for each in table.sums)
        if part and size + needed > TOGETHER:
            yield part
            part, size = [], 0
        part.append(table)
        size += needed
    if part:
        yield part
