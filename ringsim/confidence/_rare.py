"""Checks for intervals that rest on few replications, and bounds for unseen days.

`FEW_EVENTS`
    Note of an interval that should not be trusted.
`rests_on_few`
    Return whether too few replications carry the error of a figure.
`hangs_on_two`
    Return whether two replications carry nearly all of the error.
`unseen`
    Return the greatest share of days that may have been missed by a study.
`exact_limits`
    Return the binomial limits of a share of replications.

A t interval assumes that many replications contribute to the error of a figure. If one bad day
in twenty does all the damage, a study may contain none, one or two bad days, and the spread
among them is a poor estimate. All events of one day are one observation, so these checks count
replications and not events.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FEW",
    "FEW_EVENTS",
    "UNVARIED",
    "exact_limits",
    "hangs_on_two",
    "is_constant",
    "is_rare",
    "rests_on_few",
    "unseen",
    "with_unseen",
]

Floats: TypeAlias = NDArray[np.float64]

FEW = 30  # events; intervals from fewer should not be trusted
FEW_EVENTS = "few events"
UNVARIED = "the same in every replication"

FEW_CARRIERS = 3.0  # replications, by equal weight, that must carry an error
CARRIERS_EACH = 5  # in a small study, one in this many replications must carry it
MOST_OF_TWO = 0.8  # share of the squared residuals that two replications may carry
FULL_DAYS = 2.0  # days' worth of the rarer outcome that a study must contain
RARE = 0.1  # an outcome with a greater share is common in any number of replications
ROUNDING = 1e-12  # relative rounding error of sums in different orders


def is_constant(residuals: Floats, scale: float) -> bool:
    """Return whether all residuals are 0, up to rounding errors of figures of size `scale`."""
    return float(np.abs(residuals).max()) <= ROUNDING * abs(scale)


def rests_on_few(residuals: Floats, informative: int | None = None) -> bool:
    """Return whether too few of the informative replications carry the error of a figure.

    Notes
    -----
    The number of carriers is (sum r^2)^2 / sum r^4. It is k if k residuals of equal size stand
    out from the others, 1 for a single bad day, and about a third of all replications for
    normal residuals. Fewer than 3 are too few; in a study of fewer than 15 replications, fewer
    than a fifth of them.
    """
    most = float(np.abs(residuals).max())
    if most == 0:
        return True
    squares = (residuals / most) ** 2
    carriers = float(squares.sum()) ** 2 / float(squares @ squares)
    n = len(residuals) if informative is None else informative
    return carriers < min(FEW_CARRIERS, n / CARRIERS_EACH)


def hangs_on_two(residuals: Floats) -> bool:
    """Return whether two replications carry nearly all of the error of a figure.

    Notes
    -----
    How many values of a day lie beyond a percentile is skewed for ordinary days too, of which
    the few greatest carry much of the error. Where days are unlike each other, the others
    carry next to nothing. With 100 calls on each of 20 days whose mean waits have a cv of 0.58,
    fewer than 3 carried the error of a 95th percentile in 30 % of studies, and two carried 80 %
    of it in 14 %; with one day in twenty on which waits are ten times as long, both in 53 %.
    """
    squares = np.sort(residuals * residuals)
    return bool(squares[-2:].sum() > MOST_OF_TWO * squares.sum())


def is_rare(p: float, replications: int) -> bool:
    """Return whether the rarer outcome of a share comes to less than two whole days.

    A single day that loses all calls would then change the share by half of itself or more,
    so unseen days may matter more than all days seen. A share above a tenth is never rare.
    """
    return min(p, 1 - p) < min(RARE, FULL_DAYS / replications) - ROUNDING


def unseen(replications: float, level: float) -> float:
    """Return the greatest share of a kind of day that may have occurred in no replication.

    If the kind makes a share s of all days, none of n replications is of it with probability
    (1 - s)^n. The greatest s for which this is at least (1 - level) / 2 is the exact upper limit
    after 0 of n (Clopper and Pearson, 1934).
    """
    return float(-math.expm1(math.log(max((1 - level) / 2, 1e-300)) / replications))


def with_unseen(p: float, low: float, high: float, share: float) -> tuple[float, float]:
    """Return bounds widened for a share of unseen days with a proportion of 0 or of 1."""
    return min(low, p * (1 - share)), max(high, p + share * (1 - p))


def exact_limits(k: int, n: int, level: float) -> tuple[float, float]:
    """Return the exact binomial limits of a share after k of n (Clopper and Pearson, 1934)."""
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
    high = 1 - float(betaincinv(n - k, k + 1, tail)) if k < n else 1.0
    return low, high
