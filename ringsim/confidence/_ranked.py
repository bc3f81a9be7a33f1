"""Pooled values in rising order, with their replications.

`Values`
    Base class: values of one cell, or of several.
`Ranked`
    Values in sorted rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence._jit_cursor import (
    Cursor,
    Data,
    count_bins,
    first_equal,
    move,
    row_at,
)
from ringsim.confidence._jit_percentiles import (
    Cells,
    Places,
    bound_quantiles,
    describe_cells,
    place_of,
)

__all__ = ["Ranked", "Values", "data_of_rows", "data_of_table", "fold"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


class Values(ABC):
    """Pooled values of all replications, of one cell or of several.

    Parameters
    ----------
    data : Data
        The values.
    sources : int
        Number of replications, or of sections of replications, whose values are counted.
    replications : int
        Number of replications.

    Attributes
    ----------
    are_sections : bool
        Whether the sources are sections.
    """

    are_sections = False

    def __init__(self, data: Data, sources: int, replications: int) -> None:
        self.sources, self.replications = sources, replications
        self._data = data
        running, cases = np.zeros((2, sources), np.int64)
        self._cursor = Cursor(np.full(5, -1), running, cases, np.empty(sources))

    @abstractmethod
    def quantiles(self, q: float, rows: Ints) -> Floats:
        """Return the `q`-quantile of each cell, given its row; NaN where that is negative."""

    @abstractmethod
    def edges(self, rows: Ints, *, upper: bool) -> Floats:
        """Return the values of some rows; NaN where a row is negative.

        If a row is a bin, they are its least or its greatest value.
        """

    @cached_property
    def cells(self) -> Cells:
        """Columns of the cells."""
        cells = Cells(*np.zeros((3, len(self._data.first) - 1), dtype=np.int64))
        describe_cells(self._data, self._cursor, cells)
        return cells

    def places(self, q: float, t: Floats, tail: float, unseen: Floats) -> Places:
        """Return the rows of the `q`-quantile of each cell and of its bounds.

        Parameters
        ----------
        q, tail : float
            The quantile, and the probability of error on each side.
        t, unseen : arrays of shape (cells,)
            Quantile of Student's t, and the share of unseen days that the bounds allow for.
        """
        n = len(self.cells.total)
        at, low, high = np.empty((3, n), np.int64)
        places = Places(at, low, high, np.zeros(n, np.bool_))
        bound_quantiles(self._data, self.cells, self._cursor, q, t, tail, unseen, places)
        return places

    # The only cell

    @property
    def total(self) -> int:
        """Number of values of the only cell."""
        return int(self.cells.total[0])

    @property
    def cases(self) -> Ints:
        """Number of values of the only cell by source."""
        return self.counted(int(self._data.first[1]))

    def counted(self, end: int) -> Ints:
        """Return, for each source, the number of values of the only cell before a row."""
        _ = self.cells
        move(self._data, self._cursor, end)
        return self._cursor.running.copy()

    def counted_midway(self, row: int) -> Floats:
        """Return the number of values below that of a row by source, and of half of the equal."""
        before = first_equal(self._data, row, self.rows[0])
        midway: Floats = (self.counted(before) + self.counted(row + 1)) / 2
        return midway

    def quantile(self, q: float) -> float:
        """Return the smallest value with at least a share q of all at or below it."""
        if not self.total:
            return np.nan
        row = row_at(self._data, 0, place_of(q, self.cells, 0))
        return float(self.quantiles(q, np.array([row]))[0])

    @property
    def rows(self) -> range:
        """Rows of the only cell."""
        return range(*self._data.first.tolist())


class Ranked(Values):
    """Pooled values in sorted rows.

    Parameters
    ----------
    values, source : arrays of shape (n,)
        Values, and the index of the replication of each; cell by cell.
    sources : int
        Number of replications.
    counts : array of shape (n,), optional
        Number of equal values that each row represents; 1 by default.
    first : array of shape (cells + 1,), optional
        First row of each cell, and n; one cell by default, whose rows need not be sorted.
    """

    def __init__(
        self,
        values: Floats,
        source: NDArray[Any],
        sources: int,
        counts: NDArray[Any] | None = None,
        first: Ints | None = None,
    ) -> None:
        if first is None and (values[1:] < values[:-1]).any():
            order = np.argsort(values)  # the order of equal values does not matter
            values, source = values[order], source[order]
            counts = None if counts is None else counts[order]
        super().__init__(data_of_rows(values, source, counts, first), sources, sources)

    def quantiles(self, q: float, rows: Ints) -> Floats:  # noqa: ARG002  # a row has one value
        return self._values_of(rows)

    def edges(self, rows: Ints, *, upper: bool) -> Floats:  # noqa: ARG002
        return self._values_of(rows)

    def _values_of(self, rows: Ints) -> Floats:
        known = rows >= 0
        if known.all():
            return self._data.values[rows]
        found = np.full(len(rows), np.nan)
        found[known] = self._data.values[rows[known]]
        return found


def data_of_rows(
    values: Floats, source: NDArray[Any], counts: NDArray[Any] | None, first: Ints | None
) -> Data:
    """Return sorted rows for compiled code, which has one signature: see `Ranked`."""
    counts = np.empty(0) if counts is None else counts
    return Data(
        np.array([0, len(values)]) if first is None else first,
        np.cumsum(counts, dtype=np.int64),
        np.require(values, np.float64, ["C", "W"]),
        np.require(source, np.int32, ["C", "W"]),
        np.require(counts, np.uint32, ["C", "W"]),
        np.empty((0, 0, 0), np.uint32),
        np.empty(0, np.int64),
    )


def data_of_table(table: NDArray[np.uint32], kinds: Ints, first: int, end: int) -> Data:
    """Return a table of bins, of which those from `first` to `end` may have values.

    Parameters
    ----------
    table : array of shape (sections, kinds, bins)
        Number of values by section, kind and bin.
    kinds : array of int
        Kinds that count.
    first, end : int
        The bins.
    """
    upto = np.zeros(table.shape[2], np.int64)
    count_bins(table, kinds, first, end, upto)
    values, source, counts = np.empty(0), np.empty(0, np.int32), np.empty(0, np.uint32)
    return Data(np.array([first, end]), upto, values, source, counts, table, kinds)


def fold(residuals: Floats, n: int) -> Floats:
    """Return at most n residuals: sums over equal index modulo n, scaled to the same mean."""
    if len(residuals) <= n:
        return residuals
    padded = np.zeros(-(-len(residuals) // n) * n)
    padded[: len(residuals)] = residuals
    folded: Floats = padded.reshape(-1, n).sum(axis=0) * (n / len(residuals))
    return folded
