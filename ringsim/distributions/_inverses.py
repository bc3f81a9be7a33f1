"""Inverses of scipy's distributions: which are fast, and a search for the others.

A table asks for thousands of values of an inverse. Some of scipy's would take minutes for
that; and, of parameters that no duration has, some never end, and some end the process.

Inverses of those distributions of scipy that have a distribution function and no inverse.

scipy looks for such an inverse number by number, a millisecond each, and ringsim asks for
thousands of them when it makes a table: seconds. Here they are looked for all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.errors import ConfigurationError

__all__ = ["FAST_INVERSE", "SearchedInverse", "check_inverse_speed", "has_inverse", "is_searched"]

Floats: TypeAlias = NDArray[np.float64]

LOGARITHMS = (-746.0, 709.7)  # of 0, as floats go, and of almost the largest float

FAST_INVERSE = "an inverse (ppf) that scipy finds in time"
# An integral or a sum of unknown length at each step of a search.
SLOW = (
    *("geninvgauss", "irwinhall", "ksone", "kstwo", "levy_stable"),
    *("ncf", "ncx2", "studentized_range"),
)
SMALLEST, LARGEST = 1e-9, 1e9  # sizes of parameters other than 0
LONG_SUM = {("rice", "b"): 100.0}  # beyond which a sum has too many terms
LARGEST_MEAN_COUNT = 1e6
FAILING = {"invgauss": ("mu", 0.003)}  # up to which scipy's own inverse is a search after all


def check_inverse_speed(
    name: str, family: Any, parameters: Mapping[str, float], mean: Callable[[], float]
) -> None:
    """Find out that an inverse would take too long, before it is asked for.

    Raises
    ------
    ConfigurationError
        When the family is known for it, a parameter is beyond all that durations have, or
        whole numbers are counted beyond a million on average.
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
                key, f"must be 0 or of a size from {SMALLEST:g} to {largest:g}", value
            )
    if not (_is_continuous(family) or mean() <= LARGEST_MEAN_COUNT):
        raise ConfigurationError(
            "", f"must have a mean of at most {LARGEST_MEAN_COUNT:,.0f}, as it counts", name
        )


def has_inverse(family: Any) -> bool:
    """Whether it has an inverse of its own, or what one is searched with.

    Where it has none, scipy integrates a density at each step of a search. It finds a count by
    counting, which of a heavy tail never ends.
    """
    return _has_own(family, "_ppf") or (_is_continuous(family) and _has_own(family, "_cdf"))


def is_searched(family: Any, parameters: Mapping[str, float]) -> bool:
    """Whether scipy has no inverse other than by a search for one number after the other."""
    key, most = FAILING.get(getattr(family, "name", ""), ("", 0.0))
    return not _has_own(family, "_ppf") or parameters.get(key, most + 1) <= most


def _is_continuous(family: Any) -> bool:
    return hasattr(family, "pdf")


def _has_own(family: Any, method: str) -> bool:
    """Whether a family does in a way of its own what scipy can do for all of them."""
    from scipy import stats

    general = [getattr(kind, method) for kind in (stats.rv_continuous, stats.rv_discrete)]
    return getattr(type(family), method, general[0]) not in general


class SearchedInverse:
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
