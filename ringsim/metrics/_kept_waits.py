"""Columns of exact waits, as they are counted and as they are kept in less memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Codes", "Flags", "Floats", "Ints", "Kept", "Packed"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]

NO_REPLICATION = np.iinfo(np.int32).max


class Kept(NamedTuple):
    """Columns of exact waits; the calls of one replication are adjacent."""

    wait: Floats
    is_answered: Flags
    cell: Codes
    replication: Codes

    def at(self, rows: Ints | Flags | slice) -> Kept:
        """Return some of the rows."""
        return Kept(
            self.wait[rows], self.is_answered[rows], self.cell[rows], self.replication[rows]
        )

    def answered(self) -> tuple[Floats, Codes]:
        """Return the waits of answered calls and their replications."""
        rows = np.flatnonzero(self.is_answered)
        return self.wait.take(rows), self.replication.take(rows)

    def packed(self, n_cells: int) -> Packed:
        """Return a copy of the columns in less memory, given the number of cells."""
        first = int(self.replication.min(initial=NO_REPLICATION))
        offset = self.replication - first
        return Packed(
            self.wait.copy(),
            self.is_answered.copy(),
            self.cell[:0] if n_cells == 1 else self.cell.astype(_least_type(n_cells)),
            offset.astype(_least_type(int(offset.max(initial=0)))),
            first,
        )

    def unpacked(self) -> Kept:
        """Return the columns as they are."""
        return self

    @classmethod
    def joined(cls, parts: Sequence[Packed]) -> Kept:
        """Return the rows of all parts, one part after the other."""
        n = sum(len(part.wait) for part in parts)
        whole = cls(
            np.empty(n), np.empty(n, np.bool_), np.zeros(n, np.int32), np.empty(n, np.int32)
        )
        first = 0
        for part in parts:
            part.unpack_into(whole.at(slice(first, first + len(part.wait))))
            first += len(part.wait)
        return whole


class Packed(NamedTuple):
    """Columns of exact waits in less memory; `cell` is empty if there is only one cell."""

    wait: Floats
    is_answered: Flags
    cell: NDArray[Any]
    offset: NDArray[Any]  # of the replication from `first`
    first: int

    def packed(self, n_cells: int) -> Packed:  # noqa: ARG002  # packed for this number before
        """Return the columns as they are."""
        return self

    def unpacked(self) -> Kept:
        """Return the columns."""
        return Kept.joined([self])

    def unpack_into(self, rows: Kept) -> None:
        """Copy the columns to rows of the same number, whose cells are 0."""
        rows.wait[:], rows.is_answered[:] = self.wait, self.is_answered
        if len(self.cell):
            rows.cell[:] = self.cell
        np.add(self.offset, self.first, out=rows.replication, casting="unsafe", dtype=np.int64)


def _least_type(most: int) -> type[Any]:
    """Return the smallest type for whole numbers from 0 to a limit, which is not included."""
    return np.uint16 if most < 2**16 else np.int32
