"""Means and rates per hour, with intervals by days.

`mean_of`
    Mean of values, such as talk times.
`rate_per_hour`
    Events per hour of exposure, such as own calls per hour in which one could begin.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from ringsim.estimators._days import (
    TAIL,
    Interval,
    day_codes,
    day_interval,
    ratio_without_days,
    sums_by,
)

__all__ = ["mean_of", "rate_per_hour"]


def mean_of(values: ArrayLike, day: ArrayLike) -> Interval:
    """Return the mean of positive values, with its interval by days.

    Parameters
    ----------
    values : array of float
        One value per call.
    day : array
        Day of each call.

    Examples
    --------
    >>> mean_of([60.0, 120.0, 90.0], [0, 0, 1]).estimate
    90.0
    """
    codes, n = day_codes(day)
    sums = sums_by(codes, n, np.asarray(values, dtype=np.float64))
    estimate, left_out = ratio_without_days(sums, sums_by(codes, n))
    return day_interval(estimate, left_out, "log")


def rate_per_hour(events: ArrayLike, seconds: ArrayLike) -> Interval:
    """Return events per hour of exposure.

    Parameters
    ----------
    events, seconds : arrays of D numbers
        Events of each day, and the time in which they could happen. For own calls that is the
        time on duty, not on a call and not in wrap-up: an own call cannot begin at other times.

    Notes
    -----
    Without an event, days do not differ, and the upper bound is that of a Poisson process: the rate
    that leaves no event a chance of 2.5 % (Garwood, Biometrika 28, 1936).

    Examples
    --------
    >>> rate_per_hour([3, 5], [3600, 3600]).estimate
    4.0
    """
    counts = np.asarray(events, dtype=np.float64)
    hours = np.asarray(seconds, dtype=np.float64) / 3600
    estimate, left_out = ratio_without_days(counts, hours)
    if estimate == 0:
        return Interval(0.0, 0.0, -math.log(TAIL) / float(hours.sum()))
    return day_interval(estimate, left_out, "log")
