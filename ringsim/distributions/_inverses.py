"""Checks that scipy's inverses are fast enough, and a vectorised search for slow ones.

To build a table, ringsim evaluates an inverse thousands of times.

- Some of scipy's inverses would take minutes for that. With parameters that no duration has,
  some never return, and some crash the process. `check_inverse_speed` refuses these.
- Some distributions have a distribution function, but no inverse. scipy searches for the
  inverse at one number after another, a millisecond each, which takes seconds for a table.
  `SearchedInverse` searches at all numbers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.distributions._families import PlainFamily
from ringsim.errors import ConfigurationError

__all__ = [
    "FAST_INVERSE",
    "SearchedInverse",
    "check_inverse_speed",
    "has_inverse",
    "is_continuous",
    "is_searched",
]

Floats: TypeAlias = NDArray[np.float64]

# Logarithms of the shortest and longest times; exp() of them is 0 and almost the largest float
LOGARITHMS = (-746.0, 709.7)

FAST_INVERSE = "an inverse (ppf) that scipy finds in time"
# Families whose inverse takes an integral or a sum of unknown length at each step of a search
SLOW = (
    *("geninvgauss", "irwinhall", "ksone", "kstwo", "levy_stable"),
    *("ncf", "ncx2", "studentized_range"),
)
SMALLEST, LARGEST = 1e-9, 1e9  # absolute values of parameters other than 0
LONG_SUM = {("rice", "b"): 100.0}  # largest value; beyond it a sum has too many terms
LARGEST_MEAN_COUNT = 1e6
FAILING = {"invgauss": ("mu", 0.003)}  # up to this value scipy's own inverse is a slow search


def check_inverse_speed(
    name: str, family: Any, parameters: Mapping[str, float], mean: Callable[[], float]
) -> None:
    """Check that the inverse of a distribution of scipy is fast enough, without evaluating it.

    Raises
    ------
    ConfigurationError
        If the family is known to be slow, a parameter is out of the range of durations, or
        a discrete distribution has a mean of more than a million.
    """
    if name in SLOW or not has_inverse(family):
        raise ConfigurationError(
            "dist",
            f"must have {FAST_INVERSE}",
            name,
            'Give samples of it instead: {"samples": [...]}.',
        )
    for key, value in parameters.items():
        largest = LONG_SUM.get((name, key), LARGEST)
        if value != 0 and not SMALLEST <= abs(value) <= largest:
            raise ConfigurationError(
                key, f"must be 0, or from {SMALLEST:g} to {largest:g} in size", value
            )
    if not (is_continuous(family) or mean() <= LARGEST_MEAN_COUNT):
        raise ConfigurationError(
            "", f"must have a mean of at most {LARGEST_MEAN_COUNT:,.0f}, as it counts", name
        )


def has_inverse(family: Any) -> bool:
    """Return True if a family has an inverse, or a distribution function to search one with.

    For other families scipy integrates the density at each step of a search. For a discrete
    distribution without an inverse scipy counts up, which never ends if the tail is heavy.
    """
    return _has_own(family, "_ppf") or (is_continuous(family) and _has_own(family, "_cdf"))


def is_searched(family: Any, parameters: Mapping[str, float]) -> bool:
    """Return True if scipy would search for the inverse, one number at a time."""
    key, most = FAILING.get(getattr(family, "name", ""), ("", 0.0))
    return not _has_own(family, "_ppf") or parameters.get(key, most + 1) <= most


def is_continuous(family: Any) -> bool:
    """Return True if a family has densities, not probabilities of counts."""
    return isinstance(family, PlainFamily) or hasattr(family, "pdf")


def _has_own(family: Any, method: str) -> bool:
    """Return True if a family overrides scipy's generic method."""
    if isinstance(family, PlainFamily):
        return True
    from scipy import stats

    general = [getattr(kind, method) for kind in (stats.rv_continuous, stats.rv_discrete)]
    return getattr(type(family), method, general[0]) not in general


class SearchedInverse:
    """The inverse of a distribution function, found by a search and exact in both tails.

    The search is for the logarithm of the time above the lower bound of the support, which
    takes about a dozen steps, even with a heavy tail. All numbers start from the same bracket,
    so that the result for one number does not depend on the others.

    Parameters
    ----------
    frozen : frozen scipy distribution
        A distribution whose `cdf` and `sf` accept arrays.

    Notes
    -----
    The search is Chandrupatla's (Advances in Engineering Software 28, 1997), as in scipy.
    """

    def __init__(self, frozen: Any) -> None:
        self._frozen = frozen
        self._low = float(frozen.support()[0])

    def ppf(self, u: Floats) -> Floats:
        """Return the times [s] that are exceeded with probability 1 - u."""
        u = np.asarray(u, dtype=np.float64)
        upper = u >= 0.5
        times = np.empty(u.shape)
        times[upper] = self.isf(1 - u[upper])
        times[~upper] = self._root(lambda time, u: self._frozen.cdf(time) - u, u[~upper])
        return times

    def isf(self, distance: Floats) -> Floats:
        """Return the times [s] that are exceeded with these probabilities."""
        return self._root(lambda time, distance: distance - self._frozen.sf(time), distance)

    def _root(self, excess: Callable[[Floats, Floats], Floats], at: Floats) -> Floats:
        from scipy.optimize import elementwise

        def excess_at(logarithm: Floats, at: Floats) -> Floats:
            return excess(self._low + np.exp(logarithm), at)

        with np.errstate(all="ignore"):
            found = elementwise.find_root(excess_at, LOGARITHMS, args=(np.asarray(at),))
            times: Floats = self._low + np.exp(found.x)
        return times
