"""Estimates of counts, and of products of sums, of one row or of the rows of many tables.

`SumTable`, `of_tables`
    Sums of many rows, and their estimates.
`of_count`, `of_product`
    Estimates of counts, and of products and ratios of positive sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence._estimates import LEVEL, Estimate, Estimates
from ringsim.confidence._intervals import t_quantiles
from ringsim.confidence._jit_estimates import COUNT, PRODUCT, Asked, Rows, estimate_rows

__all__ = [
    "SumTable",
    "of_count",
    "of_product",
    "of_tables",
    "table_of_counts",
    "table_of_products",
]

Floats: TypeAlias = NDArray[np.float64]


class SumTable(NamedTuple):
    """Sums of the rows of a table, and how they are estimated.

    Attributes
    ----------
    kind : int
        `COUNT`, `RATE`, `PRODUCT` or `SHARE`.
    sums : tuple of arrays
        See `Asked`; each of shape (R,) or (rows, R).
    powers : tuple of int
        Power of each sum; -1 for what a sum is divided by.
    constant : float
        See `Asked`.
    """

    kind: int
    sums: tuple[NDArray[Any], ...]
    powers: tuple[int, ...] = (1,)
    constant: float = 1.0

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.sums[0]) if self.sums[0].ndim > 1 else 1


def of_tables(tables: Sequence[SumTable], level: float) -> list[Estimates]:
    """Return the estimates of tables with the same number of replications, in one call.

    A call of compiled code, with the arrays around it, takes five times as long as the estimate of
    one row of a hundred replications (measured).
    """
    ends = list(accumulate((table.n_rows for table in tables), initial=0))
    spans = [slice(first, end) for first, end in pairwise(ends)]
    width, n = max(len(table.sums) for table in tables), tables[0].sums[0].shape[-1]
    kind, constant = np.empty(ends[-1], np.int64), np.empty(ends[-1])
    sums, powers = np.zeros((width, ends[-1], n)), np.zeros((width, ends[-1]), np.int64)
    for table, rows in zip(tables, spans, strict=True):
        kind[rows], constant[rows] = table.kind, table.constant
        for at, (each, power) in enumerate(zip(table.sums, table.powers, strict=True)):
            sums[at, rows], powers[at, rows] = each, power
    informative = np.where(powers < 0, np.count_nonzero(sums, axis=2), n).min(axis=0)
    t = t_quantiles(informative, level)
    t_even = t if level == LEVEL else t_quantiles(informative, LEVEL)
    found = Rows(*np.empty((3, ends[-1])), *np.zeros((2, ends[-1]), dtype=np.bool_))
    asked = Asked(kind, sums, powers, constant, informative, t, t_even)
    estimate_rows(asked, (1 - level) / 2, np.empty(n), found)
    return [Estimates.of(found, asked, rows) for rows in spans]


def of_count(events: Floats, per: float = 1.0, *, level: float = LEVEL) -> Estimate:
    """Return the mean count per replication, divided by `per`, with a t interval cut off at 0.

    Notes
    -----
    An estimate is marked `few events` if there are fewer than 30 events in all, or if too few
    replications carry the error. Without any event the upper bound is that of a Poisson count
    (rule of three), which is valid if events occur one at a time.
    """
    return of_tables([table_of_counts(events, per)], level)[0].row(0)


def table_of_counts(events: Floats, per: float = 1.0) -> SumTable:
    """Return counts to be estimated as by `of_count`."""
    return SumTable(COUNT, (events,), constant=per)


def of_product(
    *factors: tuple[Floats, int], constant: float = 1.0, level: float = LEVEL
) -> Estimate:
    """Return `constant` times a product of sums to the power 1 or -1; interval on the log scale.

    With factors `(s, 1), (n, -1)` this is the mean sum(s) / sum(n). It is NaN if a divisor sums
    to 0. It is marked `few events` if a divisor sums to less than 30, if few replications carry
    the error, or if replications vary so little that one day that differs by two fifths would
    change the figure by more than half the width of its 95 % interval.
    """
    return of_tables([table_of_products(*factors, constant=constant)], level)[0].row(0)


def table_of_products(*factors: tuple[Floats, int], constant: float = 1.0) -> SumTable:
    """Return products to be estimated as by `of_product`."""
    sums, powers = zip(*factors, strict=True)
    return SumTable(PRODUCT, sums, powers, constant)
