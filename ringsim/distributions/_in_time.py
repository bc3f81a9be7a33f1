"""Which distributions of scipy have an inverse that is found in time, and how.

A table asks for thousands of values of an inverse. Some of scipy's would take minutes for
that; and, of parameters that no duration has, some never end, and some end the process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ringsim.errors import ConfigurationError

__all__ = ["FOUND_IN_TIME", "check_in_time", "has_inverse", "is_searched"]

FOUND_IN_TIME = "an inverse (ppf) that scipy finds in time"
# An integral or a sum of unknown length at each step of a search.
SLOW = (
    *("geninvgauss", "irwinhall", "ksone", "kstwo", "levy_stable"),
    *("ncf", "ncx2", "studentized_range"),
)
SMALLEST, LARGEST = 1e-9, 1e9  # sizes of parameters other than 0
LONG_SUM = {("rice", "b"): 100.0}  # beyond which a sum has too many terms
LARGEST_MEAN_COUNT = 1e6
GIVEN_UP = {"invgauss": ("mu", 0.003)}  # up to which scipy's own inverse is a search after all


def check_in_time(
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
            f"must have {FOUND_IN_TIME}",
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
    key, most = GIVEN_UP.get(getattr(family, "name", ""), ("", 0.0))
    return not _has_own(family, "_ppf") or parameters.get(key, most + 1) <= most


def _is_continuous(family: Any) -> bool:
    return hasattr(family, "pdf")


def _has_own(family: Any, method: str) -> bool:
    """Whether a family does in a way of its own what scipy can do for all of them."""
    from scipy import stats

    general = [getattr(kind, method) for kind in (stats.rv_continuous, stats.rv_discrete)]
    return getattr(type(family), method, general[0]) not in general
