"""Waits of all calls, for percentiles.

A million waits are kept as they are. More are counted in bins that are less than 0.1 % wide, by
section of the replications, and 16,384 of them are drawn at random, which tell what is in a
bin. Both are rows of a wait and how many it stands for, and percentiles are found from them in
one way. Values that many waits share, such as ring times, stay exact: they are what is drawn
from their bin. Which of the two it is depends on the number of waits and of cells alone, and
not on how the replications were split into parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import Ranked
from ringsim.metrics._jit_bins import BINS_PER_OCTAVE
from ringsim.metrics._jit_sums import NO_CELL
from ringsim.metrics._wait_table import Codes, Counted, Flags, Floats, Kept, WaitTable

__all__ = ["Waits"]

Spans: TypeAlias = NDArray[np.int64]

MOST_KEPT, MOST_KEPT_PER_CELL = 1_000_000, 500


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
        self._kept: list[Kept] = []
        self._table: WaitTable | None = None

    def add(
        self,
        wait: Floats,
        is_answered: Flags,
        cell: Codes,
        replication: NDArray[np.int64],
        replications: int,
    ) -> None:
        """Add the waits of the runs up to a number of them; some may be in no cell."""
        self.replications = max(self.replications, replications)
        columns = Kept(wait.copy(), is_answered, cell.copy(), replication.astype(np.int32))
        counted = cell != NO_CELL
        self._take(columns if counted.all() else columns.at(counted))

    def take_in(self, part: Waits) -> None:
        """Merge the waits of other replications of the study; parts may come in any order."""
        self.replications = max(self.replications, part.replications)
        for kept in part._kept:
            self._take(kept)
        if part._table is not None:
            self._forget()
            self.n += part.n
            self._as_table().merge(part._table)

    def ladder(self, cells: Sequence[int], *, answered_only: bool) -> Ranked:
        """Return the waits in some cells in their order."""
        rows, starts = self._in_order
        spans = [slice(starts[cell], starts[cell + 1]) for cell in cells]
        parts = [rows.at(span) for span in spans if span.stop > span.start]
        if len(parts) != 1:
            rows = Counted(*map(np.concatenate, zip(rows.at(slice(0)), *parts, strict=True)))
        else:
            [rows] = parts
        if answered_only:
            rows = rows.at(np.flatnonzero(rows.is_answered))
        if self._table is None:
            return Ranked(rows.wait, rows.source, self.replications)
        sections = min(self._table.sections, self.replications)
        return Ranked(rows.wait, rows.source, sections, rows.n, BINS_PER_OCTAVE)

    @cached_property
    def _in_order(self) -> tuple[Counted, Spans]:
        """All rows cell by cell, of each cell the least wait first; and where each cell begins."""
        if self._table is None:
            none = Kept(np.empty(0), *(np.empty(0, kind) for kind in (bool, np.int32, np.int32)))
            kept = Kept(*map(np.concatenate, zip(none, *self._kept, strict=True)))
            rows = Counted(*kept, np.broadcast_to(np.uint32(1), self.n))
            rows = rows.at(np.argsort(rows.wait))  # equal ones may stand in any order
            if self.n_cells > 1:
                short = np.int16 if self.n_cells <= 2**15 else np.int32  # sorted far faster
                rows = rows.at(np.argsort(rows.cell.astype(short), kind="stable"))
        else:
            rows = self._table.counted()
        return rows, np.searchsorted(rows.cell, np.arange(self.n_cells + 1))

    def _forget(self) -> None:
        """Forget the order, which more waits change."""
        self.__dict__.pop("_in_order", None)

    def _take(self, kept: Kept) -> None:
        self._forget()
        self.n += len(kept.wait)
        most = max(MOST_KEPT, MOST_KEPT_PER_CELL * self.n_cells) if MOST_KEPT else 0
        if self._table is None and self.n <= most:
            self._kept.append(kept)
        else:
            self._as_table().count(kept)

    def _as_table(self) -> WaitTable:
        """Return the table; count in it first what was kept so far."""
        if self._table is None:
            self._table = WaitTable(self.n_cells)
            for kept in self._kept:
                self._table.count(kept)
            self._kept = []
        return self._table
