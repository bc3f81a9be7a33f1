"""Waits of all calls, for percentiles: themselves while they are few, in bins when many.

A million waits are kept as they are, so that percentiles are exact. More are counted in bins
whose bounds are 1.6 % apart, each with its least and its greatest wait, by sections of the
replications: memory does not grow with their number. Which of the two it is depends on the
number of waits alone, and not on how the replications were parted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import Binned, Ladder, Ranked
from ringsim.metrics._jit_bins import BINS, count_waits
from ringsim.metrics._jit_observe import NO_CELL

__all__ = ["Waits"]

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]

MOST_KEPT = 1_000_000
MOST_SHORT = 2**15
MOST_SECTIONS, FEWEST_SECTIONS = 64, 10
MOST_COUNTS = 2**24  # numbers in the table of bins


class _Kept(NamedTuple):
    """Waits as they are: columns of one length."""

    wait: Floats
    is_answered: Flags
    cell: Codes
    replication: Codes

    def at(self, rows: NDArray[Any]) -> _Kept:
        """Some of the rows."""
        return _Kept(
            self.wait[rows], self.is_answered[rows], self.cell[rows], self.replication[rows]
        )


_Ordered: TypeAlias = tuple[tuple[int, ...], tuple[Floats, Flags, Codes]]

NOTHING = _Kept(np.empty(0), np.empty(0, bool), np.empty(0, np.int32), np.empty(0, np.int32))


class Waits:
    """Waits with their cell, outcome and replication.

    Parameters
    ----------
    n_cells : int
        How many cells calls are put into.

    Attributes
    ----------
    n : int
        How many waits.
    replications : int
        Of how many replications.
    """

    def __init__(self, n_cells: int) -> None:
        self.n_cells = n_cells
        self.n = 0
        self.replications = 0
        self._kept: list[_Kept] = []
        self._table: _Table | None = None
        self._ordered: _Ordered | None = None  # as asked for last

    def add(
        self,
        wait: Floats,
        is_answered: Flags,
        cell: Codes,
        replication: NDArray[np.int64],
        replications: int,
    ) -> None:
        """Waits of the runs up to a number of them; some may be in no cell."""
        self.replications = max(self.replications, replications)
        columns = _Kept(wait.copy(), is_answered, cell.copy(), replication.astype(np.int32))
        counted = cell != NO_CELL
        self._take(columns if counted.all() else columns.at(counted))

    def take_in(self, part: Waits) -> None:
        """The waits of other replications of the study; the parts may come in any order."""
        self.replications = max(self.replications, part.replications)
        for kept in part._kept:
            self._take(kept)
        if part._table is not None:
            self.n += part.n
            self._as_table().merge(part._table)

    def ladder(self, cells: Sequence[int], *, answered_only: bool) -> Ladder | None:
        """The waits in some cells in their order; None where there are too many to tell."""
        if self._table is not None:
            return self._table.ladder(cells, answered_only=answered_only)
        ordered = self._ordered  # read once: another thread may be asking for other cells
        if ordered is None or ordered[0] != tuple(cells):
            ordered = self._ordered = tuple(cells), self._in_order(cells)
        wait, is_answered, replication = ordered[1]
        if answered_only:
            wait, replication = wait[is_answered], replication[is_answered]
        return Ranked(wait, replication, self.replications)

    def _in_order(self, cells: Sequence[int]) -> tuple[Floats, Flags, Codes]:
        """Waits in some cells, the least first, and whether answered and of which replication."""
        chosen = self._by_cell
        if len(cells) < self.n_cells:
            starts, ends = (np.searchsorted(chosen.cell, cells, side) for side in ("left", "right"))
            chosen = chosen.at(np.concatenate([np.arange(0), *map(np.arange, starts, ends)]))
        order = np.argsort(chosen.wait)  # equal ones may stand in any order
        return chosen.wait[order], chosen.is_answered[order], chosen.replication[order]

    @cached_property
    def _by_cell(self) -> _Kept:
        """All that is kept, cell by cell."""
        whole = _Kept(*map(np.concatenate, zip(NOTHING, *self._kept, strict=True)))
        if self.n_cells == 1:
            return whole
        short = np.int16 if self.n_cells <= MOST_SHORT else np.int32  # sorted far faster
        return whole.at(np.argsort(whole.cell.astype(short), kind="stable"))

    def _take(self, kept: _Kept) -> None:
        self._ordered = None
        self.__dict__.pop("_by_cell", None)
        self.n += len(kept.wait)
        if self._table is None and self.n <= MOST_KEPT:
            self._kept.append(kept)
        else:
            self._as_table().count(kept)

    def _as_table(self) -> _Table:
        """The table, which what was kept so far is counted in first."""
        if self._table is None:
            self._table = _Table(self.n_cells)
            for kept in self._kept:
                self._table.count(kept)
            self._kept = []
        return self._table


class _Table:
    """Counts by section, cell, outcome and bin; a replication is in the section of its rest."""

    def __init__(self, n_cells: int) -> None:
        sections = min(MOST_SECTIONS, MOST_COUNTS // (2 * BINS * max(n_cells, 1)))
        self.sections = sections if sections >= FEWEST_SECTIONS else 0
        bins = (n_cells, 2, BINS) if self.sections else (0, 2, BINS)
        self.counts = np.zeros((self.sections, *bins), dtype=np.uint32)
        self.least = np.full(bins, np.inf)
        self.most = np.full(bins, -np.inf)

    def count(self, kept: _Kept) -> None:
        if self.sections:
            section = kept.replication % self.sections
            columns = (kept.wait, kept.is_answered, kept.cell, section)
            count_waits(*columns, self.counts, self.least, self.most)

    def merge(self, other: _Table) -> None:
        self.counts += other.counts
        np.minimum(self.least, other.least, out=self.least)
        np.maximum(self.most, other.most, out=self.most)

    def ladder(self, cells: Sequence[int], *, answered_only: bool) -> Ladder | None:
        if not self.sections:
            return None
        kinds = slice(1, 2) if answered_only else slice(None)
        counts = self.counts[:, cells, kinds].sum(axis=(1, 2), dtype=np.int64)
        least = self.least[cells, kinds].min(axis=(0, 1))
        most = self.most[cells, kinds].max(axis=(0, 1))
        full = counts.any(axis=0)
        return Binned(least[full], most[full], counts[:, full])
