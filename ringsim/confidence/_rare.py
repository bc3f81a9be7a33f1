"""Checks for intervals that rest on few replications, and bounds for unseen days.

`FEW_EVENTS`
    Note of an interval that should not be trusted.
`rests_on_few`
    Return whether too few replications carry the error of a figure.
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

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence._jit_estimates import (
    ROUNDING,
    few_carry,
    spread_of,
    unseen_share,
)

__all__ = [
    "FEW_EVENTS",
    "UNVARIED",
    "exact_limits",
    "is_constant",
    "rests_on_few",
    "unseen",
]

Floats: TypeAlias = NDArray[np.float64]

FEW_EVENTS = "few events"
UNVARIED = "the same in every replication"


def is_constant(residuals: Floats, scale: float) -> bool:
    """Return whether all residuals are 0, up to rounding errors of figures of size `scale`."""
    return float(np.abs(residuals).max()) <= ROUNDING * abs(scale)


def rests_on_few(residuals: Floats) -> bool:
    """Return whether too few replications carry the error of a figure.

    Notes
    -----
    The number of carriers is (sum r^2)^2 / sum r^4. It is k if k residuals of equal size stand
    out from the others, 1 for a single bad day, and about a third of all replications for
    normal residuals. Fewer than 3 are too few; in a study of fewer than 15 replications, fewer
    than a fifth of them.
    """
    most = float(np.abs(residuals).max())
    return bool(most == 0 or few_carry(spread_of(residuals / most), len(residuals)))


def unseen(replications: float, level: float) -> float:
    """Return the greatest share of a kind of day that may have occurred in no replication.

    If the kind makes a share s of all days, none of n replications is of it with probability
    (1 - s)^n. The greatest s for which this is at least (1 - level) / 2 is the exact upper limit
    after 0 of n (Clopper and Pearson, 1934).
    """
    return float(unseen_share(float(replications), (1 - level) / 2))


def exact_limits(k: Any, n: Any, level: float) -> tuple[Floats, Floats]:
    """Return the exact binomial limits of shares after k of n, at least 1 each.

    (Clopper and Pearson, 1934.)
    """
    from scipy.special import betaincinv

    tail, rest = (1 - level) / 2, n - k
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), rest + 1, tail), 0.0)
    high = np.where(rest > 0, 1 - betaincinv(np.maximum(rest, 1), k + 1, tail), 1.0)
    return low, high
