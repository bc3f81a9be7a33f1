"""Waits of all calls, for percentiles.

Up to a million waits are kept exactly (more if there are over 2,000 cells). Beyond that, waits
are counted in bins less than 0.1 % wide, and a random sample of 16,384 waits gives the values
within each bin. Values that many waits share, such as ring times, stay exact: the sample of
their bin consists of them. Percentiles are computed from the sums over replications at every
distinct wait, or at every bin. Which form is used depends on the number of waits and cells
alone, not on how the replications were split into parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import Ranked, Values
from ringsim.metrics._jit_sums import NO_CELL
from ringsim.metrics._kept_waits import Codes, Flags, Floats, Kept, Packed
from ringsim.metrics._wait_order import in_order
from ringsim.metrics._wait_table import Sources, WaitTable

__all__ = ["Waits"]

Spans: TypeAlias = NDArray[np.int64]

MAX_KEPT, MAX_KEPT_PER_CELL = 1_000_000, 500
BYTES_OF_A_WAIT = 51  # at most: as it was added, in rising order, and by cell


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
        self._kept: list[Packed] = []
        self._table: WaitTable | None = None

    @property
    def n_bytes(self) -> int:
        """Memory [bytes], at most: of all waits, or of the table that they are counted in."""
        return BYTES_OF_A_WAIT * self.n if self._table is None else self._table.n_bytes

    def add(
        self,
        wait: Floats,
        is_answered: Flags,
        cell: Codes,
        replication: Codes,
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
        columns = Kept(wait, is_answered, cell, replication)
        counted = cell != NO_CELL
        self._take(columns if counted.all() else columns.at(counted))

    def take_in(self, part: Waits, *, are_same_runs: bool = False) -> None:
        """Merge the waits of other replications of the study; parts may come in any order.

        With `are_same_runs` they are the waits of another day of the same replications.
        """
        self._reset_order()
        for numbers in () if are_same_runs else part._numbers:
            self._add_numbers(numbers)
        for packed in part._kept:
            self._take(packed)
        if part._table is not None:
            self._reset_order()
            self.n += part.n
            self._as_table().merge(part._table)

    def ranked(self, cells: Sequence[int], *, answered_only: bool) -> Values:
        """Return the waits in some cells, pooled."""
        if self._table is not None:
            return self._table.together(cells, self._sources, answered_only=answered_only)
        if len(cells) == 1:
            rows, starts = self._by_cell
            some = rows.at(slice(starts[cells[0]], starts[cells[0] + 1]))
        elif len(cells) == self.n_cells:
            some = self._in_order
        else:
            some = self._in_order.at(np.flatnonzero(np.isin(self._in_order.cell, cells)))
        wait, replication = some.answered() if answered_only else (some.wait, some.replication)
        return Ranked(wait, replication, self.replications, None, np.array([0, len(wait)]))

    def by_cell(self, cells: range, *, answered_only: bool) -> Values:
        """Return the waits in adjacent cells, each cell apart."""
        if self._table is not None:
            return self._table.by_cell(cells, self._sources, answered_only=answered_only)
        rows, starts = self._by_cell
        some = rows.at(slice(starts[cells.start], starts[cells.stop]))
        first_row = starts[cells.start : cells.stop + 1] - starts[cells.start]
        if answered_only:
            first_row = np.concatenate([[0], np.cumsum(some.is_answered)])[first_row]
        wait, replication = some.answered() if answered_only else (some.wait, some.replication)
        return Ranked(wait, replication, self.replications, None, first_row)

    @property
    def replications(self) -> int:
        """Number of replications that were added."""
        return sum(map(len, self._numbers))

    @cached_property
    def _sources(self) -> Sources:
        """Numbers of the replications, or of their sections, in rising order."""
        numbers = [np.arange(each.start, each.stop) for each in self._numbers]
        together = np.concatenate([np.empty(0, np.int64), *numbers])
        chosen = np.unique(together % self._table.sections if self._table else together)
        return Sources(chosen, self.replications)

    @cached_property
    def _in_order(self) -> Kept:
        """All waits in rising order, with the places of their replications."""
        kept = Kept.joined(self._kept)
        order, wait = in_order(kept.wait)
        return Kept(
            wait,
            kept.is_answered.take(order),  # faster than an index
            kept.cell if self.n_cells == 1 else kept.cell.take(order),
            self._sources.places_of(kept.replication).take(order),
        )

    @cached_property
    def _by_cell(self) -> tuple[Kept, Spans]:
        """All waits, sorted by cell and wait, and the index of the first one of each cell."""
        kept = self._in_order
        if self.n_cells > 1:
            short = np.int16 if self.n_cells <= 2**15 else np.int32  # sorted far faster
            kept = kept.at(np.argsort(kept.cell.astype(short), kind="stable"))
        return kept, np.searchsorted(kept.cell, np.arange(self.n_cells + 1))

    def _reset_order(self) -> None:
        """Reset the caches of the sorted rows and of their sources."""
        for name in ("_in_order", "_by_cell", "_sources"):
            self.__dict__.pop(name, None)

    def _add_numbers(self, replications: range) -> None:
        if self._numbers and self._numbers[-1].stop == replications.start:
            replications = range(self._numbers.pop().start, replications.stop)
        self._numbers.append(replications)

    def _take(self, waits: Kept | Packed) -> None:
        self._reset_order()
        self.n += len(waits.wait)
        most = max(MAX_KEPT, MAX_KEPT_PER_CELL * self.n_cells) if MAX_KEPT else 0
        if self._table is None and self.n <= most:
            self._kept.append(waits.packed(self.n_cells))
        else:
            self._as_table().count(waits.unpacked())

    def _as_table(self) -> WaitTable:
        """Return the table; on the first call, move the waits kept so far into it."""
        if self._table is None:
            self._table = WaitTable(self.n_cells)
            self._kept.reverse()
            while self._kept:
                self._table.count(self._kept.pop().unpacked())  # frees it
        return self._table
