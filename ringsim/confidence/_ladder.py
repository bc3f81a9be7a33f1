"""Values in their order, and how many of each replication there are up to each of them.

`Ladder`
    What percentiles are found by.
`Ranked`, `Binned`
    One of the values themselves, and one of counts of them by bins.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Binned", "Ladder", "Ranked"]

Floats: TypeAlias = NDArray[np.float64]

SMALLEST_BLOCK = 4096  # values that are counted anew for each look at a ladder
MOST_COUNTS = 2**20  # by block and replication
SECTIONS = 64  # of replications, by whose quantiles a difference of quantiles is judged


class Ladder(ABC):
    """Values in steps from the least to the greatest."""

    total: int
    steps: int

    @abstractmethod
    def upto(self, step: int) -> Floats:
        """How many values there are up to a step, by replication, or by section of them."""

    @abstractmethod
    def least(self, step: int) -> float:
        """The least value of a step."""

    @abstractmethod
    def most(self, step: int) -> float:
        """The greatest value of a step."""

    @abstractmethod
    def quantile(self, q: float) -> float:
        """The smallest value with at least a share q of all at or below it."""

    @abstractmethod
    def section_quantiles(self, q: float) -> Floats:
        """The same for sections of the replications, of which there are up to 64; NaN if empty."""


class Ranked(Ladder):
    """A ladder of values as they are: every one is a step, equal ones too.

    Parameters
    ----------
    values, replication : arrays of one length
        Pooled values, and the replication that each is from.
    replications : int
        R.
    """

    def __init__(self, values: Floats, replication: NDArray[Any], replications: int) -> None:
        if (values[1:] < values[:-1]).any():
            order = np.argsort(values)  # equal ones may stand in any order
            values, replication = values[order], replication[order]
        self.total = n = len(values)
        self._values, self._source = values, replication
        self._replications = replications
        self.steps = n
        self._block = max(SMALLEST_BLOCK, n * replications // MOST_COUNTS)
        self._before = self._counted_by_block()

    def _counted_by_block(self) -> NDArray[np.int64]:
        """Counts by replication of the values before each block of them: shape (blocks, R)."""
        ends = range(0, self.total + 1, self._block)
        before = np.zeros((len(ends), self._replications), dtype=np.int64)
        for block, end in enumerate(ends[1:]):
            before[block + 1] = before[block] + self._counted(end - self._block, end)
        return before

    def _counted(self, start: int, end: int) -> NDArray[np.int64]:
        """Some of the values, by replication."""
        return np.bincount(self._source[start:end], minlength=self._replications)

    def upto(self, step: int) -> Floats:
        end = int(np.searchsorted(self._values, self._values[step], side="right"))
        block = end // self._block
        counted: NDArray[np.int64] = self._before[block] + self._counted(block * self._block, end)
        return counted.astype(np.float64)

    def least(self, step: int) -> float:
        return float(self._values[step])

    def most(self, step: int) -> float:
        return float(self._values[step])

    def quantile(self, q: float) -> float:
        return _ranked(self._values, q)

    def section_quantiles(self, q: float) -> Floats:
        section = (self._source % SECTIONS).astype(np.uint8)  # so short that it is sorted fast
        order = np.argsort(section, kind="stable")  # values stay in order
        ends = np.searchsorted(section[order], np.arange(min(SECTIONS, self._replications) + 1))
        values = self._values[order]
        parts = (values[start:end] for start, end in pairwise(ends))
        return np.array([_ranked(part, q) for part in parts])


class Binned(Ladder):
    """A ladder of bins, each a step.

    Parameters
    ----------
    least, most : arrays of shape (K,)
        The extremes of the values in each bin, in their order; no bin is empty.
    counts : array of shape (sections, K)
        How many values there are.

    Notes
    -----
    Within a bin values are taken to lie evenly from the least to the greatest.
    """

    def __init__(self, least: Floats, most: Floats, counts: NDArray[np.int64]) -> None:
        self._least, self._most = least, most
        self._upto = np.cumsum(counts, axis=1)
        self.total = int(counts.sum())
        self.steps = len(least)

    def upto(self, step: int) -> Floats:
        return self._upto[:, step].astype(np.float64)

    def least(self, step: int) -> float:
        return float(self._least[step])

    def most(self, step: int) -> float:
        return float(self._most[step])

    def quantile(self, q: float) -> float:
        return self._of(self._upto.sum(axis=0), q)

    def section_quantiles(self, q: float) -> Floats:
        return np.array([self._of(upto, q) for upto in self._upto])

    def _of(self, upto: NDArray[np.int64], q: float) -> float:
        if not len(upto) or not upto[-1]:
            return math.nan
        rank = _rank(int(upto[-1]), q)
        step = int(np.searchsorted(upto, rank, side="right"))
        before = int(upto[step - 1]) if step else 0
        between = (rank - before) / max(int(upto[step]) - before - 1, 1)
        return float(self._least[step] + between * (self._most[step] - self._least[step]))


def _rank(n: int, q: float) -> int:
    """Place from 0 of the smallest of n ordered values that a share q does not exceed."""
    return max(0, math.ceil(q * n - 1e-9) - 1)


def _ranked(values: Floats, q: float) -> float:
    return float(values[_rank(len(values), q)]) if len(values) else math.nan
