"""A random sample of waits, from which the waits of each bin are estimated."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.metrics._jit_bins import (
    BINS,
    DROPPED_BITS,
    FIRST_BIN,
    Drawn,
    OfOutcome,
    tell_waits,
)

__all__ = ["Draws", "SortedDraws"]

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

    def sorted(self) -> SortedDraws:
        """Return the sample, sorted."""
        drawn = self.kept()
        order = np.argsort(drawn.wait)
        wait, is_answered = drawn.wait[order], drawn.is_answered[order]
        return SortedDraws(wait[~is_answered], wait[is_answered])

    def _set(self, rows: Ints) -> None:
        for column in self.columns:
            column[: len(rows)] = column[rows]
        self.n = len(rows)


class SortedDraws(NamedTuple):
    """The sample of waits in rising order, by outcome."""

    lost: Floats
    answered: Floats

    def waits_at(self, bins: Ints, lost: Ints, answered: Ints, shares: Floats) -> Floats:
        """Return a wait of each of some bins, at or below which a share of its waits lies.

        Parameters
        ----------
        bins : array of shape (n,)
            The bins.
        lost, answered : arrays of shape (n,)
            Number of waits in each bin, by outcome.
        shares : array of shape (n,)
            The shares; 0 and 1 give the bin's edges, unless nearly all of them are equal.
        """
        told = np.empty(len(bins))
        of_lost = _of_outcome(self.lost, bins, lost)
        of_answered = _of_outcome(self.answered, bins, answered)
        tell_waits(_edge(bins), _edge(bins + 1), of_lost, of_answered, shares, told)
        return told


def _of_outcome(drawn: Floats, bins: Ints, n: Ints) -> OfOutcome:
    """Return the sampled waits of each bin that has waits."""
    of_drawn = np.clip((drawn.view(np.int64) >> DROPPED_BITS) - FIRST_BIN, 0, BINS - 1)
    first, last = (np.searchsorted(of_drawn, bins, side) for side in ("left", "right"))
    return OfOutcome(n, first, np.where(n > 0, last, first), drawn)


def _edge(bins: Ints) -> Floats:
    """Return the lower edge of each bin; that of the first one is 0."""
    edges: Floats = ((bins + FIRST_BIN) << DROPPED_BITS).view(np.float64)
    return np.where(bins > 0, edges, 0.0)


def _room(n: int) -> Drawn:
    return Drawn(np.zeros(n, np.uint64), np.zeros(n), np.zeros(n, bool))
