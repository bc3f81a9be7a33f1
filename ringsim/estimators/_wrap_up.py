"""Families of wrap-up times.

`WRAP_UPS`
    The families by name, `none` included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ringsim.estimators._days import Floats

__all__ = ["WRAP_UPS", "WrapUp"]


class WrapUp(NamedTuple):
    """A family of wrap-up times, with parameters that may take any value.

    Attributes
    ----------
    start : tuple of float
        Parameters to begin a search at.
    bounds : tuple of (float, float)
        Bounds of the search.
    over_by : callable
        Probability that the wrap-up is over by some ages [s], or None if there is none.
    mean : callable
        Mean [s].
    dist : callable
        Table or number for a scenario file.
    """

    start: tuple[float, ...]
    bounds: tuple[tuple[float, float], ...]
    over_by: Callable[[Floats, Floats], Floats | None]
    mean: Callable[[Floats], Any]
    dist: Callable[[Floats], Any]


def _lognormal(ages: Floats, x: Floats) -> Floats:
    """Return the distribution function of a lognormal with log mean and log sigma x."""
    from scipy.special import ndtr

    spread = math.exp(x[1])
    location = x[0] - spread**2 / 2
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr((np.log(ages) - location) / spread), dtype=np.float64)


def _gamma(ages: Floats, x: Floats) -> Floats:
    from scipy.special import gammainc

    shape = math.exp(x[1])
    return np.asarray(gammainc(shape, shape * ages / math.exp(x[0])), dtype=np.float64)


def _lognormal_dist(x: Floats) -> dict[str, Any]:
    return {"mean": math.exp(x[0]), "cv": math.sqrt(math.expm1(math.exp(x[1]) ** 2))}


def _gamma_dist(x: Floats) -> dict[str, Any]:
    shape = math.exp(x[1])
    return {"dist": "gamma", "a": shape, "scale": math.exp(x[0]) / shape}


MEANS = (-1.0, 7.0)  # logarithms
LOG_SIGMAS = (-5.0, 1.5)
LOG_SHAPES = (-3.0, 6.0)  # down to the least variation of a lognormal

WRAP_UPS: Mapping[str, WrapUp] = {
    "none": WrapUp((), (), lambda ages, x: None, lambda x: 0.0, lambda x: 0.0),
    "lognormal": WrapUp(
        (math.log(15.0), math.log(0.7)),
        (MEANS, LOG_SIGMAS),
        _lognormal,
        lambda x: np.exp(x[..., 0]),
        _lognormal_dist,
    ),
    "gamma": WrapUp(
        (math.log(15.0), 0.3),
        (MEANS, LOG_SHAPES),
        _gamma,
        lambda x: np.exp(x[..., 0]),
        _gamma_dist,
    ),
}
