"""Compiled estimates of many rows of sums, each with its interval and its marks.

Each row has one element per replication. `_estimates`, `_sum_tables` and `_proportions` say how the
intervals are computed and when a row is marked.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled, internal

BUILT_ON = "3f64fecbc71e5925"  # fingerprint of what comes from elsewhere: see ringsim._jit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NAN = math.nan

COUNT, RATE, PRODUCT, SHARE = range(4)  # of `Asked.kind`

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


class Asked(NamedTuple):
    """Rows of sums, and how each is estimated.

    Attributes
    ----------
    kind : array of shape (rows,)
        `COUNT`, `RATE`, `PRODUCT` or `SHARE`.
    sums : array of shape (sums, rows, R)
        One sum or several of each row: events, and cases of a rate; factors of a product.
    powers : array of shape (sums, rows)
        Powers of the factors of a product; 0 if the row does not have a sum.
    constant : array of shape (rows,)
        Divisor of a count, factor of a product, or length of the period of a share.
    informative : array of shape (rows,)
        Smallest number of replications with cases, or in which a divisor is not 0.
    t, t_even : arrays of shape (rows,)
        Quantiles of Student's t for it, of the intervals and of 95 %.
    """

    kind: NDArray[np.int64]
    sums: Floats
    powers: NDArray[np.int64]
    constant: Floats
    informative: NDArray[np.int64]
    t: Floats
    t_even: Floats


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
def estimate_rows(asked, tail, residuals, rows):
    """Estimate rows of sums.

    Parameters
    ----------
    asked : Asked
        The sums.
    tail : float
        Probability of error on each side.
    residuals : array of shape (R,)
        Working memory.
    rows : Rows
        The estimates, without marks before.
    """
    for row in range(len(asked.kind)):
        if asked.kind[row] == COUNT:
            _estimate_count(asked, row, tail, residuals, rows)
        elif asked.kind[row] == RATE:
            _estimate_rate(asked, row, tail, residuals, rows)
        elif asked.kind[row] == PRODUCT:
            _estimate_product(asked, row, residuals, rows)
        else:
            _estimate_share(asked, row, tail, residuals, rows)


@internal
def _estimate_rate(asked, row, tail, residuals, rows):
    """Estimate a ratio of counts."""
    events, cases, n = asked.sums[0, row], asked.sums[1, row], len(residuals)
    happened, all_cases = total_of(events), total_of(cases)
    if all_cases == 0:
        _put(rows, row, NAN, NAN, NAN)
        return
    p, k = happened / all_cases, asked.informative[row]
    is_far = p < MODERATE_LOW or p > MODERATE_HIGH
    rows.is_few[row] = is_far and min(happened, all_cases - happened) < FEW
    if k < 2:
        _put(rows, row, p, NAN, NAN)
        return
    per = all_cases / n
    for place in range(n):
        residuals[place] = (events[place] - p * cases[place]) / per
    _put_proportion(rows, row, p, k, asked.t[row], tail, residuals)


@internal
def _estimate_share(asked, row, tail, residuals, rows):
    """Estimate the share of a period."""
    parts, whole, n = asked.sums[0, row], asked.constant[row], len(residuals)
    if whole == 0:
        _put(rows, row, NAN, NAN, NAN)
        return
    p = min(total_of(parts) / n / whole, 1.0)
    if n < 2:
        _put(rows, row, p, NAN, NAN)
        return
    for place in range(n):
        residuals[place] = parts[place] / whole - p
    _put_proportion(rows, row, p, n, asked.t[row], tail, residuals)


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


@internal
def _estimate_count(asked, row, tail, residuals, rows):
    """Estimate a mean count, divided by the constant."""
    events, per, n = asked.sums[0, row], asked.constant[row], len(residuals)
    total = total_of(events)
    mean = total / n
    rows.is_few[row] = total < FEW
    if n < 2:
        _put(rows, row, mean / per, NAN, NAN)
        return
    for place in range(n):
        residuals[place] = events[place] - mean
    spread = spread_of(residuals)
    if few_carry(spread, n):
        rows.is_few[row] = True
    if mean == 0:
        _put(rows, row, 0.0, 0.0, -math.log1p(-unseen_share(float(n), tail)) / per)
        return
    rows.is_same[row] = spread.most <= ROUNDING * abs(mean)
    half = half_of(spread.squares, n, n, asked.t[row])
    _put(rows, row, mean / per, max(0.0, mean - half) / per, (mean + half) / per)


@internal
def _estimate_product(asked, row, residuals, rows):
    """Estimate a product of sums, each to the power 1 or -1, times the constant."""
    product, is_known, n, k = 1.0, True, len(residuals), asked.informative[row]
    for place in range(n):
        residuals[place] = 0.0
    for at in range(len(asked.powers)):
        power = asked.powers[at, row]
        if power == 0:
            continue
        factor = asked.sums[at, row]
        mean = total_of(factor) / n
        if power < 0:
            is_known = is_known and mean != 0
            rows.is_few[row] |= mean * n < FEW
        product = product / mean if power < 0 else product * mean
        for place in range(n):
            residuals[place] += power * (factor[place] / mean - 1)
    value = asked.constant[row] * product
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
        half = half_of(spread.squares, n, k, asked.t[row])
        is_even = half_of(spread.squares, n, k, asked.t_even[row]) * k < EVEN
        rows.is_few[row] |= is_even or few_carry(spread, k)
        rows.is_same[row] = spread.most <= ROUNDING
        _put(rows, row, value, value * np.exp(-half), value * np.exp(half))


@internal
def _put(rows, row, estimate, low, high):
    rows.estimate[row], rows.low[row], rows.high[row] = estimate, low, high
