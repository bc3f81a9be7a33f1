"""Stationary weights: of a birth-death process, and of what a caller meets.

The unit of time is the mean handle time: calls arrive at the rate `load`, a member ends them
at rate 1, each caller who waits gives up at the rate `impatience`. Weights are relative to
whatever keeps them from overflowing: only their ratios mean anything.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "StationaryQueue", "relative_weights"]

Floats: TypeAlias = NDArray[np.float64]


def relative_weights(ratios: Floats) -> Floats:
    """Stationary weights of a birth-death process, the largest being 1.

    Parameters
    ----------
    ratios : array of shape (K,)
        Birth rate of state k - 1 over death rate of state k, k from 1; must not rise.

    Returns
    -------
    array of shape (K + 1,)
        Those of states 0 to K; the far ones may be 0, none overflows.

    Examples
    --------
    >>> relative_weights(np.array([4.0, 2.0, 0.5])).tolist()
    [0.125, 0.5, 1.0, 0.5]
    """
    peak = np.count_nonzero(ratios > 1)
    below = np.cumprod(1 / ratios[:peak][::-1])[::-1]
    above = np.cumprod(ratios[peak:])
    return np.concatenate([below, [1.0], above])


class StationaryQueue(ABC):
    """Weights of what an arriving caller meets.

    Attributes
    ----------
    at_once, waiting, full : float
        A free member; none, but a place to wait; no place.
    impatience : float
        Rate at which each of those who wait gives up.
    """

    at_once: float
    waiting: float
    full: float = 0.0
    impatience: float = 0.0

    @property
    def total(self) -> float:
        return self.at_once + self.waiting + self.full

    def share(self, weight: float) -> float:
        """What a weight is of all calls."""
        return min(weight / self.total, 1.0)  # but for the last bits it is at most 1

    def abandoned(self) -> float:
        """Weight of those who give up while they wait."""
        return self.impatience * self.waits() if self.impatience else 0.0

    @abstractmethod
    def answered(self, within: float = math.inf) -> float:
        """Weight of those who wait and are answered within a time."""

    @abstractmethod
    def waits(self) -> float:
        """Time that callers wait until they are answered or give up, by their weights."""

    @abstractmethod
    def answered_waits(self) -> float:
        """Time that those wait who are answered, by their weights."""
