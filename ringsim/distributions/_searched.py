"""Inverses of those distributions of scipy that have a distribution function and no inverse.

scipy looks for such an inverse number by number, a millisecond each, and ringsim asks for
thousands of them when it makes a table: seconds. Here they are looked for all at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Searched"]

Floats: TypeAlias = NDArray[np.float64]

NEAREST = 2.0**-53  # to 1 that a uniform number comes


class Searched:
    """The inverse of a distribution function, exact in both tails.

    Each number is searched for between the same two times, so that what is found for it does
    not depend on the others.

    Parameters
    ----------
    frozen : frozen scipy distribution
        Whose `cdf` and `sf` take arrays.

    Notes
    -----
    The search is Chandrupatla's (Advances in Engineering Software 28, 1997), as in scipy.
    """

    def __init__(self, frozen: Any) -> None:
        self._frozen = frozen
        self._low, high = map(float, frozen.support())
        self._high = high if np.isfinite(high) else self._beyond()

    def ppf(self, u: Floats) -> Floats:
        """Times [s] that are exceeded with a probability of 1 - u."""
        u = np.asarray(u, dtype=np.float64)
        upper = u >= 0.5
        times = np.empty(u.shape)
        times[upper] = self.isf(1 - u[upper])
        times[~upper] = self._root(lambda time, u: self._frozen.cdf(time) - u, u[~upper])
        return times

    def isf(self, distance: Floats) -> Floats:
        """Times [s] that are exceeded with these probabilities."""
        return self._root(lambda time, distance: distance - self._frozen.sf(time), distance)

    def _root(self, excess: Callable[[Any, Any], Any], at: Floats) -> Floats:
        from scipy.optimize import elementwise

        ends = self._low, self._high
        found: Floats = elementwise.find_root(excess, ends, args=(np.asarray(at),)).x
        return found

    def _beyond(self) -> float:
        """A time [s] that only the last of all uniform numbers might exceed."""
        reach = 1.0
        while self._frozen.sf(self._low + reach) > NEAREST:
            reach *= 2
        return self._low + reach
