"""Stationary weights of a birth-death process, and of the states an arriving caller finds.

A weight is a probability times an arbitrary factor that prevents overflow; only ratios of
weights have a meaning. The unit of time is the mean handle time: calls arrive at the rate
`load`, a member ends calls at the rate 1, and each waiting caller gives up at the rate
`impatience`.
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
    """Return the stationary weights of a birth-death process; the largest is 1.

    Parameters
    ----------
    ratios : array of shape (K,)
        Birth rate of state k - 1 over death rate of state k, for k from 1; must not increase.

    Returns
    -------
    array of shape (K + 1,)
        Weights of states 0 to K. Weights far from the largest may be 0; none overflows.

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
    """Base class of queues: weights of the states that an arriving caller finds.

    Attributes
    ----------
    at_once, waiting, full : float
        Weights of finding a free member; no free member, but a place to wait; no place.
    impatience : float
        Rate at which each waiting caller gives up, per mean handle time.
    """

    at_once: float
    waiting: float
    full: float = 0.0
    impatience: float = 0.0

    @property
    def total(self) -> float:
        return self.at_once + self.waiting + self.full

    def share(self, weight: float) -> float:
        """Return a weight as a share of all calls."""
        return min(weight / self.total, 1.0)  # rounding may exceed 1

    def abandoned(self) -> float:
        """Return the weight of callers who give up while waiting."""
        return self.impatience * self.waits() if self.impatience else 0.0

    @abstractmethod
    def answered(self, within: float = math.inf) -> float:
        """Return the weight of callers who wait and are answered within a time."""

    @abstractmethod
    def waits(self) -> float:
        """Return the weighted sum of waits until the answer or until giving up."""

    @abstractmethod
    def answered_waits(self) -> float:
        """Return the weighted sum of waits of callers who wait and are answered."""
