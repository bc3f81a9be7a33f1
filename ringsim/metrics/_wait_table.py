"""Histogram of waits whose size does not grow with the number of replications."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.metrics._jit_bins import (
    BINS,
    N_DRAWN,
    N_ROWS,
    NEXT,
    Rows,
    count_waits,
    keys_by_wait,
    merge_rows,
    order_within_bins,
    split_keys,
)
from ringsim.metrics._wait_draws import Draws

__all__ = ["Counted", "Kept", "WaitTable"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]

MAX_SECTIONS, MIN_SECTIONS = 64, 8  # powers of 2, so that two sections merge into one
MAX_ROWS = 2**20
MIN_SLOTS = 2**14
MAX_DIRECT = 2**24  # number of possible keys up to which each key has its own slot: 64 MB


class Kept(NamedTuple):
    """Columns of exact waits; the calls of one replication are adjacent."""

    wait: Floats
    is_answered: Flags
    cell: Codes
    replication: Codes

    def at(self, rows: Flags) -> Kept:
        """Return some of the rows."""
        return Kept(
            self.wait[rows], self.is_answered[rows], self.cell[rows], self.replication[rows]
        )


class Counted(NamedTuple):
    """Columns of waits, each with the number of (nearly) equal waits it stands for."""

    wait: Floats
    is_answered: Flags
    cell: Codes
    source: Codes  # replication or section of replications
    n: NDArray[np.uint32]

    def at(self, rows: Ints | Flags | slice) -> Counted:
        """Return some of the rows."""
        return Counted(
            self.wait[rows],
            self.is_answered[rows],
            self.cell[rows],
            self.source[rows],
            self.n[rows],
        )


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

    def count(self, kept: Kept) -> None:
        """Add waits to the counts and to the sample."""
        bits, draws = kept.wait.view(np.int64), self._draws
        state = np.zeros(4, dtype=np.int64)
        while state[NEXT] < len(bits):
            if draws.is_full:
                draws.kept()
            state[N_ROWS], state[N_DRAWN] = self._n_rows, draws.n
            of_table = (self._n_cells, self.sections, self._rows)
            count_waits(kept, bits, *of_table, draws.columns, draws.limit, state, self._limit)
            self._n_rows, draws.n = int(state[N_ROWS]), int(state[N_DRAWN])
            self._make_room()

    def merge(self, other: WaitTable) -> None:
        """Add the counts and the sample of another table, which does not change."""
        while self.sections > other.sections:
            self._halve_sections()
        self._merge_rows(*other._filled())
        self._draws.merge(other._draws)

    def counted(self) -> Counted:
        """Return all rows, each with one of the waits that were drawn from its bin.

        They are in order: cell by cell, and of each cell the least wait first.
        """
        key, count = self._in_order()
        n = len(key)
        place, is_answered = np.empty(n, np.int64), np.empty(n, bool)
        cell, section = np.empty(n, np.int32), np.empty(n, np.int32)
        split_keys(key, self._n_cells, place, is_answered, cell, section)
        wait, order = self._draws.waits_of(place), key  # which is not needed any more
        order_within_bins(wait, cell, place, order)
        return Counted(wait, is_answered, cell, section, count).at(order)

    def _in_order(self) -> tuple[Ints, NDArray[np.uint32]]:
        """Return keys and counts of all rows by cell, bin, outcome and section."""
        if self._is_direct:
            key = np.empty(np.count_nonzero(self._rows.n), dtype=np.int64)
            keys_by_wait(self._rows.n, self._n_cells, self.sections, key)
            return key, self._rows.n[key]
        key, count = self._filled()
        kind, place = np.divmod(key, BINS)
        section, of_cell = np.divmod(kind, 2 * self._n_cells)
        cell, outcome = np.divmod(of_cell, 2)
        order = np.argsort(((cell * BINS + place) * 2 + outcome) * self.sections + section)
        return key[order], count[order]

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
