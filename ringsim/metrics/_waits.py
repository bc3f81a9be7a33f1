"""Waits of all calls, for percentiles.

Up to a million waits are kept exactly (more if there are over 2,000 cells). Beyond that, waits
are counted in bins less than 0.1 % wide, and a random sample of 16,384 waits gives the values
within each bin. Values that many waits share, such as ring times, stay exact: the sample of
their bin consists of them. Both forms become rows of a wait and its count, and percentiles are
computed from these rows in one way. Which form is used depends on the number of waits and cells
alone, not on how the replications were split into parts.
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

MAX_KEPT, MAX_KEPT_PER_CELL = 1_000_000, 500


class Waits:
    """Waits of calls with their cell, outcome and replication.

    Parameters
    ----------
    n_cells : int
        Number of cells that calls are counted in.

    Attributes
    ----------
    n : int
        Number of waits.
    """

    def __init__(self, n_cells: int) -> None:
        self.n_cells = n_cells
        self.n = 0
        self._numbers: list[range] = []  # of the replications that were added
        self._kept: list[Kept] = []
        self._table: WaitTable | None = None

    def add(
        self,
        wait: Floats,
        is_answered: Flags,
        cell: Codes,
        replication: NDArray[np.int64],
        replications: range,
    ) -> None:
        """Add waits; calls in no cell are left out.

        Parameters
        ----------
        wait, is_answered, cell, replication : ndarray
            Columns with a row per call; `wait` in seconds.
        replications : range
            Numbers of these replications, some of which may have no calls.
        """
        self._add_numbers(replications)
        columns = Kept(wait.copy(), is_answered, cell.copy(), replication.astype(np.int32))
        counted = cell != NO_CELL
        self._take(columns if counted.all() else columns.at(counted))

    def take_in(self, part: Waits) -> None:
        """Merge the waits of other replications of the study; parts may come in any order."""
        self._reset_order()
        for numbers in part._numbers:
            self._add_numbers(numbers)
        for kept in part._kept:
            self._take(kept)
        if part._table is not None:
            self._reset_order()
            self.n += part.n
            self._as_table().merge(part._table)

    def ranked(self, cells: Sequence[int], *, answered_only: bool) -> Ranked:
        """Return the waits in some cells, in ascending order."""
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
        return Ranked(rows.wait, rows.source, len(self._sources), rows.n, BINS_PER_OCTAVE)

    @property
    def replications(self) -> int:
        """Number of replications that were added."""
        return sum(map(len, self._numbers))

    @cached_property
    def _sources(self) -> NDArray[np.int64]:
        """Numbers of the replications, or of their sections, in rising order."""
        numbers = [np.arange(each.start, each.stop) for each in self._numbers]
        together = np.concatenate([np.empty(0, np.int64), *numbers])
        return np.unique(together % self._table.sections if self._table else together)

    @cached_property
    def _in_order(self) -> tuple[Counted, Spans]:
        """All rows, sorted by cell and wait, and the index of the first row of each cell."""
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
        if len(self._sources) and self._sources[-1] >= len(self._sources):
            source = np.searchsorted(self._sources, rows.source)
            rows = rows._replace(source=source.astype(np.int32))
        return rows, np.searchsorted(rows.cell, np.arange(self.n_cells + 1))

    def _reset_order(self) -> None:
        """Reset the caches of the sorted rows and of their sources."""
        self.__dict__.pop("_in_order", None)
        self.__dict__.pop("_sources", None)

    def _add_numbers(self, replications: range) -> None:
        if self._numbers and self._numbers[-1].stop == replications.start:
            replications = range(self._numbers.pop().start, replications.stop)
        self._numbers.append(replications)

    def _take(self, kept: Kept) -> None:
        self._reset_order()
        self.n += len(kept.wait)
        most = max(MAX_KEPT, MAX_KEPT_PER_CELL * self.n_cells) if MAX_KEPT else 0
        if self._table is None and self.n <= most:
            self._kept.append(kept)
        else:
            self._as_table().count(kept)

    def _as_table(self) -> WaitTable:
        """Return the table; on the first call, move the waits kept so far into it."""
        if self._table is None:
            self._table = WaitTable(self.n_cells)
            for kept in self._kept:
                self._table.count(kept)
            self._kept = []
        return self._table
