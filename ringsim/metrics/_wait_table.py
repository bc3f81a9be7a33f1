"""Histogram of waits whose size does not grow with the number of replications.

`WaitTable`
    Counts of waits by section of replications, cell, outcome and bin, and a sample of the waits.
`BinRows`
    Rows of the table, as columns.
`Sources`
    Numbers of the replications, or sections, that waits come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import Values
from ringsim.metrics._binned import BinnedRows, BinnedTable
from ringsim.metrics._jit_bins import (
    BINS,
    N_DRAWN,
    N_ROWS,
    NEXT,
    Rows,
    bin_of,
    count_directly,
    count_waits,
    keys_by_wait,
    merge_rows,
    split_keys,
)
from ringsim.metrics._kept_waits import Codes, Flags, Floats, Ints, Kept
from ringsim.metrics._wait_draws import Draws, SortedDraws

__all__ = ["BinRows", "Sources", "WaitTable"]

MAX_SECTIONS, MIN_SECTIONS = 64, 8  # powers of 2, so that two sections merge into one
MAX_ROWS = 2**20
MIN_SLOTS = 2**14
NO_BINS = slice(BINS, 0)  # a span without bins
MAX_DIRECT = 2**24  # number of possible keys up to which each key has its own slot: 64 MB


class BinRows(NamedTuple):
    """Columns of bins, each with the number of waits of one section and outcome in it."""

    bin: Floats
    is_answered: Flags
    cell: Codes
    section: Codes
    n: NDArray[np.uint32]

    def at(self, rows: Ints | slice) -> BinRows:
        """Return some of the rows."""
        return BinRows(
            self.bin[rows],
            self.is_answered[rows],
            self.cell[rows],
            self.section[rows],
            self.n[rows],
        )


class Sources(NamedTuple):
    """Numbers of replications, or of their sections, in rising order, and of all replications."""

    numbers: Ints
    replications: int

    @property
    def are_first(self) -> bool:
        """Whether the numbers are 0, 1, 2, ..."""
        return not len(self.numbers) or int(self.numbers[-1]) < len(self.numbers)

    def places_of(self, numbers: Codes) -> Codes:
        """Return the places of some numbers among all, from 0."""
        if self.are_first:
            return numbers
        return np.searchsorted(self.numbers, numbers).astype(np.int32)


class WaitTable:
    """Counts of waits by section, cell, outcome and bin, and a sample of the waits.

    A section is a set of replications: replication r belongs to section r mod 64. With many
    cells, the table stores only counts above 0; whenever it has more than `MAX_ROWS` of them,
    it halves the number of sections, down to 8. The final number of sections depends on the
    waits alone and not on their order, as fewer waits never have more rows.

    Parameters
    ----------
    n_cells : int
        Number of cells that calls are counted in.
    """

    def __init__(self, n_cells: int) -> None:
        self.sections = MAX_SECTIONS
        self._n_cells = max(n_cells, 1)
        possible = MAX_SECTIONS * self._n_cells * 2 * BINS
        self._is_direct = possible <= MAX_DIRECT
        self._rows = self._empty(possible if self._is_direct else MIN_SLOTS)
        self._n_rows = 0
        self._draws = Draws()
        self._span = NO_BINS

    @property
    def n_bytes(self) -> int:
        """Memory of the counts and of the sample [bytes]."""
        return sum(column.nbytes for column in (*self._rows, *self._draws.columns))

    def count(self, kept: Kept) -> None:
        """Add waits to the counts and to the sample."""
        self._forget_order()
        bits, draws = kept.wait.view(np.int64), self._draws
        self._extend_span(kept.wait)
        if self._is_direct:
            keys = np.empty(len(bits), np.int32)  # below MAX_DIRECT
            count_directly(kept, bits, self._n_cells, self.sections, self._rows.n, keys)
        state = np.zeros(4, dtype=np.int64)
        while state[NEXT] < len(bits):
            if draws.is_full:
                draws.kept()
            state[N_ROWS], state[N_DRAWN] = self._n_rows, draws.n
            of_table = (self._n_cells, self.sections, self._rows)
            count_waits(kept, bits, *of_table, draws.columns, draws.limit, state, self._limit)
            self._n_rows, draws.n = int(state[N_ROWS]), int(state[N_DRAWN])
            self._make_room()

    def _extend_span(self, waits: Floats) -> None:
        """Extend the span of the bins that have waits."""
        if len(waits):
            first, last = map(bin_of, np.array([waits.min(), waits.max()]).view(np.int64))
            self._span = _hull(self._span, slice(first, last + 1))

    def merge(self, other: WaitTable) -> None:
        """Add the counts and the sample of another table, which does not change."""
        self._forget_order()
        while self.sections > other.sections:
            self._halve_sections()
        if self._is_direct:
            self._by_bin[:, :, other._span] += other._by_bin[:, :, other._span]
        else:
            self._merge_rows(*other._filled())
        self._span = _hull(self._span, other._span)
        self._draws.merge(other._draws)

    def together(self, cells: Sequence[int], sources: Sources, *, answered_only: bool) -> Values:
        """Return the waits of some cells, pooled."""
        if self._is_direct:
            table = self._by_bin
            return BinnedTable(
                table[: len(sources.numbers)] if sources.are_first else table[sources.numbers],
                cells,
                self._span,
                answered_only=answered_only,
                replications=sources.replications,
                draws=self._sorted_draws,
            )
        rows = self._rows_of(cells, answered_only=answered_only)
        if len(cells) > 1:
            rows = rows.at(np.argsort(rows.bin, kind="stable"))
        return self._binned(rows, np.array([0, len(rows.n)]), sources)

    def by_cell(self, cells: range, sources: Sources, *, answered_only: bool) -> Values:
        """Return the waits of adjacent cells, each apart."""
        rows = self._rows_of(cells, answered_only=answered_only)
        borders = np.arange(cells.start, cells.stop + 1)
        return self._binned(rows, np.searchsorted(rows.cell, borders), sources)

    def _binned(self, rows: BinRows, first: Ints, sources: Sources) -> BinnedRows:
        return BinnedRows(
            rows.bin,
            sources.places_of(rows.section),
            rows.n,
            rows.is_answered,
            first,
            sections=len(sources.numbers),
            replications=sources.replications,
            draws=self._sorted_draws,
        )

    @property
    def _by_bin(self) -> NDArray[np.uint32]:
        """Counts by section, kind (cell and outcome) and bin, if every possible key has a slot."""
        return self._rows.n.reshape(MAX_SECTIONS, 2 * self._n_cells, BINS)

    def _rows_of(self, cells: Sequence[int], *, answered_only: bool) -> BinRows:
        """Return the rows of some cells, cell by cell and in rising order of bins."""
        rows, first = self._in_order
        if isinstance(cells, range):
            spans = [slice(first[cells.start], first[cells.stop])]
        else:
            spans = [slice(first[cell], first[cell + 1]) for cell in cells]
        parts = [rows.at(span) for span in (slice(0, 0), *spans)]
        some = BinRows(*map(np.concatenate, zip(*parts, strict=True)))
        return some.at(np.flatnonzero(some.is_answered)) if answered_only else some

    @cached_property
    def _sorted_draws(self) -> SortedDraws:
        return self._draws.sorted()

    @cached_property
    def _in_order(self) -> tuple[BinRows, Ints]:
        """All rows by cell, bin, outcome and section, and the index of each cell's first row."""
        key, count = self._filled()
        order = np.empty_like(key)
        keys_by_wait(key, self._n_cells, self.sections, order)
        order = np.argsort(order)
        n = len(key)
        rows = BinRows(
            np.empty(n),
            np.empty(n, bool),
            np.empty(n, np.int32),
            np.empty(n, np.int32),
            count[order],
        )
        split_keys(key[order], self._n_cells, *rows[:4])
        return rows, np.searchsorted(rows.cell, np.arange(self._n_cells + 1))

    def _forget_order(self) -> None:
        """Reset the caches of sorted rows and waits."""
        for name in ("_in_order", "_sorted_draws"):
            self.__dict__.pop(name, None)

    @property
    def _limit(self) -> int:
        """Number of rows above which the table must grow or merge rows."""
        if self._is_direct:
            return len(self._rows.n)
        room = 5 * len(self._rows.key) // 8  # fuller hash tables need long probes
        return min(room, MAX_ROWS) if self.sections > MIN_SECTIONS else room

    def _make_room(self) -> None:
        while self._n_rows > self._limit:
            if self._n_rows > MAX_ROWS and self.sections > MIN_SECTIONS:
                self._halve_sections()
            else:
                self._move(2 * len(self._rows.key))

    def _halve_sections(self) -> None:
        self.sections //= 2
        self._move(len(self._rows.n))

    def _move(self, slots: int) -> None:
        """Move all rows to a new table with this many slots, more than there are rows."""
        key, count = self._filled()
        self._rows, self._n_rows = self._empty(slots), 0
        self._merge_rows(key, count)

    def _merge_rows(self, key: Ints, count: NDArray[np.uint32]) -> None:
        state = np.zeros(4, dtype=np.int64)
        while state[NEXT] < len(key):
            state[N_ROWS] = self._n_rows
            of_table = (self._n_cells, self.sections, self._rows)
            merge_rows(key, count, *of_table, state, self._limit)
            self._n_rows = int(state[N_ROWS])
            self._make_room()

    def _filled(self) -> tuple[Ints, NDArray[np.uint32]]:
        """Return keys and counts of all rows, in no particular order."""
        slots = np.flatnonzero(self._rows.n)
        key = slots if self._is_direct else self._rows.key[slots].astype(np.int64) - 1
        return key, self._rows.n[slots]

    def _empty(self, slots: int) -> Rows:
        keys = 0 if self._is_direct else slots
        return Rows(np.zeros(keys, np.uint64), np.zeros(slots, np.uint32))


def _hull(one: slice, other: slice) -> slice:
    return slice(min(one.start, other.start), max(one.stop, other.stop))
