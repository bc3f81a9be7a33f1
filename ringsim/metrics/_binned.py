"""Binned waits by section of replications, for percentiles.

`BinnedRows`
    Waits of one cell or of several, in rows.
`BinnedTable`
    Waits of some cells together, in a table with room for every bin.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import Data, Values, data_of_rows, data_of_table
from ringsim.metrics._wait_draws import SortedDraws

__all__ = ["BinnedRows", "BinnedTable"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

INSIDE = 1e-12  # least share of a bin that is not its edge


class Filled(NamedTuple):
    """Bins with waits: the bins, and their numbers of waits by outcome."""

    bins: Ints
    lost: Ints
    answered: Ints


class Binned(Values):
    """Waits in bins; a row of the data is a bin of a cell, or a part of it.

    Parameters
    ----------
    data, sections, replications
        As in `Values`.
    draws : SortedDraws
        The sample of waits.
    """

    are_sections = True

    def __init__(self, data: Data, sections: int, replications: int, draws: SortedDraws) -> None:
        super().__init__(data, sections, replications)
        self._draws = draws
        self._before = np.concatenate([[0], data.upto])  # number of waits before each row

    @abstractmethod
    def _filled(self, rows: Ints) -> Filled:
        """Return the bins of some rows, the last ones of their bins."""

    def quantiles(self, q: float, rows: Ints) -> Floats:
        known = rows >= 0
        filled = self._filled(rows[known])
        n, upto = filled.lost + filled.answered, self._before[rows[known] + 1]
        upto = upto - self._before[self._data.first[:-1]][known]
        shares = (q * self.cells.total[known] - (upto - n)) / n
        return self._told(known, filled, np.clip(shares, INSIDE, 1 - INSIDE))

    def edges(self, rows: Ints, *, upper: bool) -> Floats:
        known = rows >= 0
        filled = self._filled(rows[known])
        return self._told(known, filled, np.full(len(filled.bins), float(upper)))

    def _told(self, known: Flags, filled: Filled, shares: Floats) -> Floats:
        found = np.full(len(known), np.nan)
        found[known] = self._draws.waits_at(*filled, shares)
        return found


class BinnedRows(Binned):
    """Binned waits in rows, sorted by cell and bin.

    Parameters
    ----------
    bins, section, counts, is_answered : arrays of shape (n,)
        Bin, section, number and outcome of the waits of each row.
    first : array of shape (cells + 1,)
        First row of each cell, and n.
    sections, replications : int
        Numbers of sections and of replications.
    draws : SortedDraws
        The sample of waits.
    """

    def __init__(
        self,
        bins: Floats,
        section: NDArray[Any],
        counts: NDArray[Any],
        is_answered: Flags,
        first: Ints,
        *,
        sections: int,
        replications: int,
        draws: SortedDraws,
    ) -> None:
        data = data_of_rows(bins, section, counts, first)
        super().__init__(data, sections, replications, draws)
        self._answered = np.concatenate([[0], np.cumsum(counts * is_answered, dtype=np.int64)])
        begins = np.ones(len(bins), dtype=np.bool_)
        begins[1:] = bins[1:] != bins[:-1]
        begins[first[first < len(bins)]] = True
        self._begins = np.flatnonzero(begins)  # rows that begin a bin

    def _filled(self, rows: Ints) -> Filled:
        first = self._begins[np.searchsorted(self._begins, rows, side="right") - 1]
        n, answered = (upto[rows + 1] - upto[first] for upto in (self._before, self._answered))
        return Filled(self._data.values[rows].astype(np.int64), n - answered, answered)


class BinnedTable(Binned):
    """Binned waits of some cells together.

    Parameters
    ----------
    table : array of shape (sections, 2 * cells, bins)
        Number of lost waits and of answered waits of each cell and bin; lost ones first.
    cells : sequence of int
        Cells whose waits count.
    span : slice
        Bins that have waits.
    answered_only : bool
        Whether only answered waits count.
    replications : int
        Number of replications.
    draws : SortedDraws
        The sample of waits.
    """

    def __init__(
        self,
        table: NDArray[np.uint32],
        cells: Sequence[int],
        span: slice,
        *,
        answered_only: bool,
        replications: int,
        draws: SortedDraws,
    ) -> None:
        answered = 2 * np.array(cells, dtype=np.int64) + 1
        lost = answered[:0] if answered_only else answered - 1
        data = data_of_table(table, np.concatenate([lost, answered]), span.start, span.stop)
        super().__init__(data, len(table), replications, draws)
        self._outcomes = lost, answered

    def _filled(self, rows: Ints) -> Filled:
        table = self._data.table
        counts = (
            sum((table[:, kind, rows].sum(axis=0, dtype=np.int64) for kind in kinds), 0 * rows)
            for kinds in self._outcomes
        )
        return Filled(rows, *counts)
