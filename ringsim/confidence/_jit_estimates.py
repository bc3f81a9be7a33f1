"""Compiled estimates of many rows of sums, each with its interval and its marks.

Each row has one element per replication. `_estimates` and `_proportions` say how the intervals are
computed and when a row is marked.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled, internal

BUILT_ON = "99113438cfb953de"  # fingerprint of what comes from elsewhere: see ringsim._jit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NAN = math.nan

# Limits of the marks
FEW = 30  # events; intervals from fewer should not be trusted
FEW_CARRIERS = 3.0  # replications, by equal weight, that must carry an error
CARRIERS_EACH = 5  # in a small study, one in this many replications must carry it
MOST_OF_TWO = 0.8  # share of the squared residuals that two replications may carry
FULL_DAYS = 2.0  # days' worth of the rarer outcome that a study must contain
COMMON = 0.1  # an outcome with a greater share is common in any number of replications
ROUNDING = 1e-12  # relative rounding error of sums in different orders
EVEN = 0.4  # half-width (95 %) of a log mean, times the replications, below which it is marked
MODERATE_LOW, MODERATE_HIGH = 0.02, 0.98  # rates that need no minimum number of events

TOGETHER = 512  # values added before their sum joins the others, which keeps rounding errors small


class Rows(NamedTuple):
    """Columns of estimates, to be filled.

    Attributes
    ----------
    estimate, low, high : arrays of shape (rows,)
        The figures and their bounds.
    is_few, is_same : arrays of shape (rows,)
        Whether a row is marked as having few events, and as the same in every replication.
    """

    estimate: Floats
    low: Floats
    high: Floats
    is_few: Flags
    is_same: Flags


class Spread(NamedTuple):
    """Sums over residuals.

    Attributes
    ----------
    most : float
        Greatest absolute residual.
    squares, fourths : float
        Sums of their squares and fourth powers.
    greatest, second : float
        The two greatest squares.
    """

    most: float
    squares: float
    fourths: float
    greatest: float
    second: float


@compiled
def unseen_share(replications, tail):
    """Return the share of days that stay unseen in all replications with a probability `tail`."""
    return -math.expm1(math.log(max(tail, 1e-300)) / replications)


@internal
def total_of(values):
    """Return the sum of values."""
    total, first = 0.0, 0
    while first < len(values):
        some = 0.0
        for place in range(first, min(first + TOGETHER, len(values))):
            some += values[place]
        total += some
        first += TOGETHER
    return total


@compiled
def spread_of(residuals):
    """Return the sums over residuals that intervals and marks are computed from."""
    most, squares, fourths, greatest, second = 0.0, 0.0, 0.0, 0.0, 0.0
    for place in range(len(residuals)):
        square = residuals[place] * residuals[place]
        squares += square
        fourths += square * square
        second = max(second, min(square, greatest))
        greatest = max(greatest, square)
        most = max(most, abs(residuals[place]))
    return Spread(most, squares, fourths, greatest, second)


@compiled
def few_carry(spread, informative):
    """Return whether too few of the informative replications carry an error.

    See `rests_on_few` in `_rare`.
    """
    if spread.most == 0:
        return True
    carriers = spread.squares * spread.squares / spread.fourths
    return carriers < min(FEW_CARRIERS, informative / CARRIERS_EACH)


@internal
def two_carry(spread):
    """Return whether two replications carry nearly all of an error.

    Notes
    -----
    How many values of a day lie beyond a percentile is skewed for ordinary days too, of which
    the few greatest carry much of the error. Where days are unlike each other, the others
    carry next to nothing. With 100 calls on each of 20 days whose mean waits have a cv of 0.58,
    fewer than 3 carried the error of a 95th percentile in 30 % of studies, and two carried 80 %
    of it in 14 %; with one day in twenty on which waits are ten times as long, both in 53 %.
    """
    return spread.greatest + spread.second > MOST_OF_TWO * spread.squares


@internal
def is_rare_outcome(p, replications):
    """Return whether the rarer outcome of a share comes to less than two whole days.

    A single day that loses all calls would then change the share by half of itself or more,
    so unseen days may matter more than all days seen. A share above a tenth is never rare.
    """
    return min(p, 1 - p) < min(COMMON, FULL_DAYS / replications) - ROUNDING


@compiled
def error_of(squares, n, informative):
    """Return the standard error of a mean of n values from its squared residuals."""
    return math.sqrt(squares * informative / (informative - 1)) / n


@compiled
def half_of(squares, n, informative, t):
    """Return the half-width of the t interval of a mean; the quantile `t` may be infinite."""
    error = error_of(squares, n, informative)
    return t * error if error != 0 else 0.0


@compiled
def logit_bounds(p, half):
    """Return the bounds of a proportion on the logit scale, from its plain half-width."""
    if p == 0 or p == 1 or half == 0:
        return p, p
    middle, reach = math.log(p / (1 - p)), half / (p * (1 - p))
    low, high = 1 / (1 + np.exp(reach - middle)), 1 / (1 + np.exp(-reach - middle))
    return min(p, low), max(p, high)


@internal
def widened(p, low, high, share):
    """Return bounds widened for a share of unseen days with a proportion of 0 or of 1."""
    return min(low, p * (1 - share)), max(high, p + share * (1 - p))


@compiled
def estimate_rates(events, cases, informative, t, tail, residuals, rows):
    """Estimate ratios of counts; `residuals` is working memory, as in all of these functions.

    Parameters
    ----------
    events, cases : arrays of shape (rows, R)
        Numerators and denominators.
    informative, t : arrays of shape (rows,)
        Number of replications with cases, and the quantile of Student's t for it.
    tail : float
        Probability of error on each side.
    residuals : array of shape (R,)
        Working memory.
    rows : Rows
        The estimates.
    """
    n = len(residuals)
    for row in range(len(informative)):
        happened, all_cases = total_of(events[row]), total_of(cases[row])
        if all_cases == 0:
            _put(rows, row, NAN, NAN, NAN)
            continue
        p, k = happened / all_cases, informative[row]
        is_far = p < MODERATE_LOW or p > MODERATE_HIGH
        rows.is_few[row] = is_far and min(happened, all_cases - happened) < FEW
        if k < 2:
            _put(rows, row, p, NAN, NAN)
            continue
        per = all_cases / n
        for place in range(n):
            residuals[place] = (events[row, place] - p * cases[row, place]) / per
        _put_proportion(rows, row, p, k, t[row], tail, residuals)


@compiled
def estimate_shares(parts, whole, t, tail, residuals, rows):
    """Estimate shares of a period of the length `whole`."""
    n = len(residuals)
    for row in range(len(parts)):
        if whole == 0:
            _put(rows, row, NAN, NAN, NAN)
            continue
        p = min(total_of(parts[row]) / n / whole, 1.0)
        if n < 2:
            _put(rows, row, p, NAN, NAN)
            continue
        for place in range(n):
            residuals[place] = parts[row, place] / whole - p
        _put_proportion(rows, row, p, n, t, tail, residuals)


@internal
def _put_proportion(rows, row, p, informative, t, tail, residuals):
    """Put a proportion with its interval into a row."""
    spread = spread_of(residuals)
    half = half_of(spread.squares, len(residuals), informative, t)
    low, high = logit_bounds(p, half)
    is_same = spread.most <= ROUNDING
    if is_same or few_carry(spread, informative):
        low, high = widened(p, low, high, unseen_share(float(informative), tail))
        rows.is_few[row] = True
        rows.is_same[row] = is_same
    if is_rare_outcome(p, informative):
        rows.is_few[row] = True
    _put(rows, row, p, low, high)


@compiled
def estimate_counts(events, per, t, tail, residuals, rows):
    """Estimate mean counts, divided by `per`."""
    n = len(residuals)
    for row in range(len(events)):
        total = total_of(events[row])
        mean = total / n
        rows.is_few[row] = total < FEW
        if n < 2:
            _put(rows, row, mean / per, NAN, NAN)
            continue
        for place in range(n):
            residuals[place] = events[row, place] - mean
        spread = spread_of(residuals)
        if few_carry(spread, n):
            rows.is_few[row] = True
        if mean == 0:
            _put(rows, row, 0.0, 0.0, -math.log1p(-unseen_share(float(n), tail)) / per)
            continue
        rows.is_same[row] = spread.most <= ROUNDING * abs(mean)
        half = half_of(spread.squares, n, n, t)
        _put(rows, row, mean / per, max(0.0, mean - half) / per, (mean + half) / per)


@compiled
def estimate_products(factors, powers, constant, informative, t, t_even, residuals, rows):
    """Estimate products of sums, each to the power 1 or -1.

    Parameters
    ----------
    factors : array of shape (factors, rows, R)
        The sums.
    powers : array of shape (factors,)
        Their powers.
    constant : float
        A constant factor.
    informative, t, t_even : arrays of shape (rows,)
        Smallest number of replications with cases, and the quantiles of Student's t for it, of
        the intervals and of 95 %.
    residuals, rows
        As in `estimate_rates`.
    """
    n = len(residuals)
    for row in range(len(informative)):
        product, is_known, k = 1.0, True, informative[row]
        for place in range(n):
            residuals[place] = 0.0
        for at in range(len(factors)):
            mean = total_of(factors[at, row]) / n
            if powers[at] < 0:
                is_known = is_known and mean != 0
                rows.is_few[row] |= mean * n < FEW
            product = product / mean if powers[at] < 0 else product * mean
            for place in range(n):
                residuals[place] += powers[at] * (factors[at, row, place] / mean - 1)
        value = constant * product
        if not is_known:
            rows.is_few[row] = False
            _put(rows, row, NAN, NAN, NAN)
        elif k < 2:
            _put(rows, row, value, NAN, NAN)
        elif not np.isfinite(value):
            _put(rows, row, value, value, value)
        elif value == 0:
            rows.is_few[row] = rows.is_same[row] = True
            _put(rows, row, value, value, value)
        else:
            spread = spread_of(residuals)
            half = half_of(spread.squares, n, k, t[row])
            is_even = half_of(spread.squares, n, k, t_even[row]) * k < EVEN
            rows.is_few[row] |= is_even or few_carry(spread, k)
            rows.is_same[row] = spread.most <= ROUNDING
            _put(rows, row, value, value * np.exp(-half), value * np.exp(half))


@internal
def _put(rows, row, estimate, low, high):
    rows.estimate[row], rows.low[row], rows.high[row] = estimate, low, high
