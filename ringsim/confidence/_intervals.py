"""Standard errors, half-widths and quantiles of confidence intervals over replications."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence._jit_estimates import error_of, half_of

__all__ = ["half_width", "standard_error", "t_quantile", "t_quantiles"]

Floats: TypeAlias = NDArray[np.float64]


def half_width(residuals: Floats, level: float) -> float:
    """Return the half-width of the t interval of a mean, from residuals that sum to 0."""
    n = len(residuals)
    return float(half_of(float(residuals @ residuals), n, n, t_quantile(n, level)))


def standard_error(residuals: Floats) -> float:
    """Return the standard error of a mean from its residuals; see `half_width`."""
    n = len(residuals)
    return float(error_of(float(residuals @ residuals), n, n))


@lru_cache(maxsize=4096)  # takes longer than the rest of an interval
def t_quantile(n: int, level: float) -> float:
    """Return the two-sided quantile of Student's t for n replications, at least 2."""
    from scipy.special import stdtrit

    return -float(stdtrit(n - 1, (1 - level) / 2))  # a lower tail has more digits than an upper


def t_quantiles(counts: NDArray[np.int64], level: float) -> Floats:
    """Return the quantile for each of some numbers of replications; NaN for fewer than 2."""
    known = {n: t_quantile(n, level) if n > 1 else np.nan for n in set(counts.tolist())}
    return np.array([known[n] for n in counts.tolist()])
