"""A random sample of waits, from which the waits of each bin are estimated."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.metrics._jit_bins import BINS, DROPPED_BITS, FIRST_BIN, Drawn

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
        """Whether the columns have no room for another wait."""
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
        """Return one wait for each row of the table, given its bin.

        The sampled waits of a bin are spread evenly over its rows. A bin without a sampled
        wait gets its middle.

        Parameters
        ----------
        bins : ndarray of int
            Bin of each row, plus `BINS` if the calls were answered.
        """
        drawn = self.kept()
        bin_of_draw = np.clip((drawn.wait.view(np.int64) >> DROPPED_BITS) - FIRST_BIN, 0, BINS - 1)
        bin_of_draw += drawn.is_answered * BINS
        in_order = np.lexsort((drawn.wait, bin_of_draw))
        bin_of_draw, wait = bin_of_draw[in_order], np.append(drawn.wait[in_order], np.nan)
        order = np.sort(bins * len(bins) + np.arange(len(bins))) % max(
            len(bins), 1
        )  # faster than a stable argsort
        bins_found, starts, n = np.unique(bins[order], return_index=True, return_counts=True)
        first, end = (np.searchsorted(bin_of_draw, bins_found, side) for side in ("left", "right"))
        number = np.arange(len(bins)) - np.repeat(starts, n)
        chosen = (2 * number + 1) * np.repeat(end - first, n) // np.repeat(2 * n, n)
        waits = wait[np.repeat(first, n) + chosen]
        empty = np.repeat(end == first, n)
        waits[empty] = _middle_of(bins[order][empty] % BINS)
        found = np.empty(len(bins))
        found[order] = waits
        return found

    def _set(self, rows: Ints) -> None:
        for column in self.columns:
            column[: len(rows)] = column[rows]
        self.n = len(rows)


def _middle_of(bins: Ints) -> Floats:
    middle: Floats = ((2 * (bins + FIRST_BIN) + 1) << (DROPPED_BITS - 1)).view(np.float64)
    return middle


def _room(n: int) -> Drawn:
    return Drawn(np.zeros(n, np.uint64), np.zeros(n), np.zeros(n, bool))
