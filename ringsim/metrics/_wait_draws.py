"""A random sample of waits, from which the waits of each bin are estimated."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.metrics._jit_bins import BINS, DROPPED_BITS, FIRST_BIN, Drawn, tell_waits

__all__ = ["Draws"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

MAX_DRAWN = 2**14
NO_LIMIT = np.uint64(2**64 - 1)


class Draws:
    """The sample: the 16,384 waits with the lowest tags, independent of the order of adding.

    Attributes
    ----------
    columns : Drawn
        Columns with room for twice as many waits as are kept.
    n : int
        Number of waits in the columns.
    limit : uint64
        Upper bound of the tags of the sample; waits with this tag or a higher one need not
        be added.
    """

    def __init__(self) -> None:
        self.columns = _room(2 * MAX_DRAWN)
        self.n = 0
        self.limit = NO_LIMIT

    @property
    def is_full(self) -> bool:
        """True if the columns have no room for another wait."""
        return self.n == len(self.columns.tag)

    def kept(self) -> Drawn:
        """Return the waits with the lowest tags, after dropping all others."""
        tag = self.columns.tag[: self.n]
        if self.n > MAX_DRAWN:
            self._set(np.argpartition(tag, MAX_DRAWN - 1)[:MAX_DRAWN])
            self.limit = self.columns.tag[: self.n].max()
        some = self.columns
        return Drawn(some.tag[: self.n], some.wait[: self.n], some.is_answered[: self.n])

    def merge(self, other: Draws) -> None:
        """Add the sample of another part of the study."""
        mine, others = self.kept(), other.kept()
        self.n = len(mine.tag) + len(others.tag)
        for column, added in zip(self.columns, others, strict=True):
            column[len(mine.tag) : self.n] = added
        self.kept()

    def waits_of(self, bins: Ints) -> Floats:
        """Return a wait for each of some rows of the table, by their outcome and bin.

        The sampled waits of a bin are spread evenly over its rows. A bin without a sampled
        wait gets its middle.

        Parameters
        ----------
        bins : ndarray of int
            Bin of each row, plus `BINS` if the calls were answered.
        """
        drawn = self.kept()
        order = np.argsort(drawn.wait)
        is_answered = drawn.is_answered[order]
        wait = np.concatenate([drawn.wait[order[~is_answered]], drawn.wait[order[is_answered]]])
        place = np.clip((wait.view(np.int64) >> DROPPED_BITS) - FIRST_BIN, 0, BINS - 1)
        place[np.count_nonzero(~is_answered) :] += BINS
        first = np.searchsorted(place, np.arange(2 * BINS + 1))
        told, rows = np.full(len(bins), np.nan), np.bincount(bins, minlength=2 * BINS)
        tell_waits(bins, rows, first, wait, np.zeros_like(rows), told)
        bare = np.flatnonzero(np.isnan(told))
        told[bare] = _middle_of(bins[bare] % BINS)
        return told

    def _set(self, rows: Ints) -> None:
        for column in self.columns:
            column[: len(rows)] = column[rows]
        self.n = len(rows)


def _middle_of(bins: Ints) -> Floats:
    middle: Floats = ((2 * (bins + FIRST_BIN) + 1) << (DROPPED_BITS - 1)).view(np.float64)
    return middle


def _room(n: int) -> Drawn:
    return Drawn(np.zeros(n, np.uint64), np.zeros(n), np.zeros(n, bool))
