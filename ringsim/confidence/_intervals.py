"""Estimates, and the width of confidence intervals over replications."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["exp", "half_width", "logit_interval", "standard_error", "t_quantile"]

Floats: TypeAlias = NDArray[np.float64]

LARGEST = 709.0  # whose exponential is a float


def half_width(residuals: Floats, level: float, informative: int | None = None) -> float:
    """Half of the t interval of a mean, from residuals that sum to 0.

    Of all replications, the `informative` ones are those that can have a residual at all; there
    are at least 2.
    """
    k = len(residuals) if informative is None else informative
    error = standard_error(residuals, k)
    return t_quantile(k, level) * error if error else 0.0  # the quantile may be infinite


def standard_error(residuals: Floats, informative: int) -> float:
    """Of the same mean; `informative` is at least 2."""
    squares = float(residuals @ residuals)
    return math.sqrt(squares * informative / (informative - 1)) / len(residuals)


def logit_interval(p: float, half: float) -> tuple[float, float]:
    """Bounds of a proportion, from half the width of its interval on the plain scale."""
    if p in (0.0, 1.0) or half == 0:
        return p, p
    middle, reach = math.log(p / (1 - p)), half / (p * (1 - p))
    return min(p, _expit(middle - reach)), max(p, _expit(middle + reach))


def _expit(x: float) -> float:
    return 1 / (1 + exp(-x))


def exp(x: float) -> float:
    """Return e to the power x, infinite where no float holds it."""
    return math.exp(x) if x < LARGEST else math.inf


@lru_cache(maxsize=4096)  # it takes longer than all else of an interval
def t_quantile(n: int, level: float) -> float:
    """Two-sided quantile of Student's t for n replications, at least 2."""
    from scipy.special import stdtrit

    return -float(stdtrit(n - 1, (1 - level) / 2))  # a lower tail has more digits than an upper
