"""Standard errors, half-widths and bounds of confidence intervals over replications."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["exp", "half_width", "logit_interval", "standard_error", "t_quantile"]

Floats: TypeAlias = NDArray[np.float64]

LARGEST = 709.0  # greatest number whose exponential is a finite float


def half_width(residuals: Floats, level: float, informative: int | None = None) -> float:
    """Return the half-width of the t interval of a mean, from residuals that sum to 0.

    `informative` is the number of replications that can have a residual, at least 2; all by
    default.
    """
    k = len(residuals) if informative is None else informative
    error = standard_error(residuals, k)
    return t_quantile(k, level) * error if error else 0.0  # the quantile may be infinite


def standard_error(residuals: Floats, informative: int) -> float:
    """Return the standard error of a mean from its residuals; see `half_width`."""
    squares = float(residuals @ residuals)
    return math.sqrt(squares * informative / (informative - 1)) / len(residuals)


def logit_interval(p: float, half: float) -> tuple[float, float]:
    """Return the bounds of a proportion on the logit scale, from its plain half-width."""
    if p in (0.0, 1.0) or half == 0:
        return p, p
    middle, reach = math.log(p / (1 - p)), half / (p * (1 - p))
    return min(p, _expit(middle - reach)), max(p, _expit(middle + reach))


def _expit(x: float) -> float:
    return 1 / (1 + exp(-x))


def exp(x: float) -> float:
    """Return e to the power x, infinite if it exceeds all floats."""
    return math.exp(x) if x < LARGEST else math.inf


@lru_cache(maxsize=4096)  # takes longer than the rest of an interval
def t_quantile(n: int, level: float) -> float:
    """Return the two-sided quantile of Student's t for n replications, at least 2."""
    from scipy.special import stdtrit

    return -float(stdtrit(n - 1, (1 - level) / 2))  # a lower tail has more digits than an upper
