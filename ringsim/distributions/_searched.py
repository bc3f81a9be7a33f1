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

LOGARITHMS = (-746.0, 709.7)  # of 0, as floats go, and of almost the largest float


class Searched:
    """The inverse of a distribution function, exact in both tails.

    What is searched for is the logarithm of the time since the earliest one: a dozen steps more
    or less, however heavy the tail. All numbers begin with the same two, so that what is found
    for one does not depend on the others.

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
        self._low = float(frozen.support()[0])

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

    def _root(self, excess: Callable[[Floats, Floats], Floats], at: Floats) -> Floats:
        from scipy.optimize import elementwise

        def excess_at(logarithm: Floats, at: Floats) -> Floats:
            return excess(self._low + np.exp(logarithm), at)

        with np.errstate(all="ignore"):
            found = elementwise.find_root(excess_at, LOGARITHMS, args=(np.asarray(at),))
            times: Floats = self._low + np.exp(found.x)
        return times
