"""Sorted pooled values, with counts of values per replication up to any row."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ranked", "fold"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

MAX_SUMMED = 50_000  # values up to which finding the sums of all rows at once is faster


class Ranked:
    """Pooled values of all replications, in rising order.

    Parameters
    ----------
    values, source : arrays of shape (n,)
        Values, and the index of the replication, or of the section of replications, of each.
    sources : int
        Number of replications or sections.
    counts : array of shape (n,), optional
        Number of equal values that each row represents; 1 by default.
    octave : int, default 0
        For binned values, the number of equal bins between a power of 2 and the next; 0 for
        exact values.
    """

    def __init__(
        self,
        values: Floats,
        source: NDArray[Any],
        sources: int,
        counts: NDArray[Any] | None = None,
        octave: int = 0,
    ) -> None:
        if (values[1:] < values[:-1]).any():
            order = np.argsort(values)  # the order of equal values does not matter
            values, source = values[order], source[order]
            counts = None if counts is None else counts[order]
        self.sources = sources
        self.are_sections = octave > 0
        self.rows = len(values)
        self.total = self.rows if counts is None else int(counts.sum())
        if counts is not None:  # bincount would convert them at every look
            source, counts = source.astype(np.intp), counts.astype(np.float64)
        self._values, self._source, self._counts = values, source, counts
        self._octave = octave
        self._last = 0, np.zeros(sources, dtype=np.int64)  # a row, and the counts before it

    @cached_property
    def cases(self) -> Ints:
        """Number of values per source, shape (sources,)."""
        return self._in(slice(None))

    def quantile(self, q: float) -> float:
        """Return the smallest value with at least a share q of all at or below it."""
        return float(self._values[self.row_of(q)]) if self.total else math.nan

    def row_of(self, q: float) -> int:
        """Return the row of the `q`-quantile; there must be values."""
        place = max(1, math.ceil(q * self.total - 1e-9))
        return place - 1 if self._counts is None else int(np.searchsorted(self._upto, place))

    def value(self, row: int) -> float:
        """Return the value of a row."""
        return float(self._values[row])

    def first_equal(self, row: int) -> int:
        """Return the first row with the same value."""
        return int(self._values.searchsorted(self._values[row]))

    def last_equal(self, row: int) -> int:
        """Return the last row with the same value."""
        return int(self._values.searchsorted(self._values[row], side="right")) - 1

    def least(self, row: int) -> float:
        """Return the least value in the bin of a row; the row's own value if not binned."""
        if not self._octave:
            return self.value(row)
        return float(self._values[np.searchsorted(self._values, self._edge(row, 0))])

    def most(self, row: int) -> float:
        """Return the greatest value in the bin of a row; the row's own value if not binned."""
        if not self._octave:
            return self.value(row)
        return float(self._values[np.searchsorted(self._values, self._edge(row, 1)) - 1])

    def _edge(self, row: int, up: int) -> float:
        """Return the lower or upper edge of a value's bin."""
        mantissa, exponent = math.frexp(self._values[row])
        steps = 2 * self._octave
        return math.ldexp((math.floor(mantissa * steps) + up) / steps, exponent)

    def counted(self, end: int) -> Ints:
        """Return the number of values per source before a row.

        If the last call was for a nearby row, only the rows in between are counted.
        """
        last, counts = self._last
        if abs(end - last) < end:
            some = slice(min(last, end), max(last, end))
            counts = counts + self._in(some) if last < end else counts - self._in(some)
        else:
            counts = self._in(slice(end))
        self._last = end, counts
        return counts

    def sums(self, end: int) -> tuple[int, int, int]:
        """Return the sums of `counted`, of its squares, and of its products with the cases."""
        if self.total <= MAX_SUMMED:
            n, squares, products = self._sums
            return n.item(end), squares.item(end), products.item(end)
        upto = self.counted(end)
        return int(upto.sum()), int(upto @ upto), int(upto @ self.cases)

    @cached_property
    def _sums(self) -> tuple[Ints, Ints, Ints]:
        """The three sums of `sums` before every row, and before the end.

        A square grows by 2 n + 1 when the next value comes after n of its source.
        """
        short = np.int16 if self.sources <= 2**15 else np.int64  # sorted far faster
        order = np.argsort(self._source.astype(short), kind="stable")
        source = self._source[order]
        n = np.ones(self.rows, np.int64) if self._counts is None else self._counts.astype(np.int64)
        before, starts = np.empty(self.rows, np.int64), np.cumsum(self.cases) - self.cases
        before[order] = np.cumsum(n[order]) - n[order] - starts[source]
        added = n, (2 * before + n) * n, self.cases[self._source] * n
        one, squares, products = (np.concatenate([[0], np.cumsum(each)]) for each in added)
        return one, squares, products

    def _in(self, rows: slice) -> Ints:
        counts = None if self._counts is None else self._counts[rows]
        some = np.bincount(self._source[rows], counts, minlength=self.sources)
        return some.astype(np.int64, copy=False)  # sums below 2**53 are exact

    @cached_property
    def _upto(self) -> Ints:
        return np.cumsum(1 if self._counts is None else self._counts, dtype=np.int64)


def fold(residuals: Floats, n: int) -> Floats:
    """Return at most n residuals: sums over equal index modulo n, scaled to the same mean."""
    if len(residuals) <= n:
        return residuals
    padded = np.zeros(-(-len(residuals) // n) * n)
    padded[: len(residuals)] = residuals
    folded: Floats = padded.reshape(-1, n).sum(axis=0) * (n / len(residuals))
    return folded
