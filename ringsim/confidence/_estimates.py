"""Confidence intervals over replications, for sums kept per replication.

`of_rate`, `of_product`, `of_count`, `of_share`
    Ratios of counts, products and ratios of positive sums, plain counts, shares of time.
`of_quantile`
    Percentiles of waits.
`of_days`
    Share of replications in which something was so.
`of_smooth`
    Any other function of sums, by the jackknife.

Calls of one day are not independent, so nothing here treats pooled calls as if they were:
the replication is the unit, and a rate is a ratio of sums whose variance follows from the
delta method over replications with Student's t (Law, Simulation Modeling and Analysis,
5th ed. 2015, section 9.4). Proportions are taken on the logit scale and positive means on
the log scale, which keeps the bounds where the quantity can be.

A replication without cases says nothing about a rate. It changes neither the figure nor its
interval, so that t has one degree of freedom fewer than there are replications with cases:
counting all of them would leave intervals of rare things covering 81 % (measured: 3 of 20
replications with cases, of about 3 each).

Every function takes arrays of shape (R,), one element a replication, and returns an
`Estimate`; with one replication, or one with cases, its bounds are NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence._ladder import Ladder
from ringsim.confidence._widths import half_width, logit_interval, normal_quantile

__all__ = [
    "FEW_EVENTS",
    "Estimate",
    "joined",
    "of_count",
    "of_days",
    "of_product",
    "of_quantile",
    "of_rate",
    "of_share",
    "of_smooth",
]

Floats: TypeAlias = NDArray[np.float64]

LEVEL = 0.95
FEW = 30  # events below which an interval that rests on them is not to be trusted
FEW_EVENTS = "few events"
NAN = math.nan


class Estimate(NamedTuple):
    """A figure with its interval, and what must be said of it."""

    estimate: float
    low: float = NAN
    high: float = NAN
    note: str = ""


UNKNOWN = Estimate(NAN)


def of_count(events: Floats, per: float = 1.0, *, level: float = LEVEL) -> Estimate:
    """Mean count per replication, or per `per` units of one, t interval from 0 on.

    Fewer than 30 events in all are marked `few events`: rare counts are too skewed for t.
    """
    mean = float(events.mean())
    half = half_width(events - mean, level)
    few = FEW_EVENTS if events.sum() < FEW else ""
    if math.isnan(half):
        return Estimate(mean / per, note=few)
    return Estimate(mean / per, max(0.0, mean - half) / per, (mean + half) / per, few)


def of_rate(events: Floats, cases: Floats, *, level: float = LEVEL) -> Estimate:
    """A proportion sum(events) / sum(cases), logit scale; NaN without cases.

    Notes
    -----
    A rate of exactly 0 or 1 varies in no replication, so its one free bound is the exact
    binomial one (Clopper and Pearson, 1934) over all cases, and the note says so. A rate
    outside 0.02 to 0.98 with fewer than 30 events on its rarer side is marked `few events`.
    """
    n, d = float(events.sum()), float(cases.sum())
    if d == 0:
        return UNKNOWN
    p = n / d
    rare = min(n, d - n)
    few = FEW_EVENTS if rare < FEW and not 0.02 <= p <= 0.98 else ""
    informative = int(np.count_nonzero(cases))
    if informative < 2:
        return Estimate(p, note=few)
    if rare == 0:
        reach = 1 - ((1 - level) / 2) ** (1 / d)
        none = f"{'none' if n == 0 else 'all'} of {d:.0f}: binomial bound"
        note = joined(few, none)
        return Estimate(0.0, 0.0, reach, note) if n == 0 else Estimate(1.0, 1 - reach, 1.0, note)
    half = half_width((events - p * cases) / float(cases.mean()), level, informative)
    return Estimate(p, *logit_interval(p, half), few)


def of_share(part: Floats, whole: float, *, level: float = LEVEL) -> Estimate:
    """A share of time sum(part) / (R whole), logit scale; NaN when `whole` is 0.

    Notes
    -----
    A share that is 0 or 1 in every replication has that as both bounds.
    """
    if whole == 0:
        return UNKNOWN
    p = min(float(part.mean()) / whole, 1.0)
    if len(part) < 2:
        return Estimate(p)
    return Estimate(p, *logit_interval(p, half_width(part / whole - p, level)))


def of_product(
    *factors: tuple[Floats, int], constant: float = 1.0, level: float = LEVEL
) -> Estimate:
    """`constant` times the product of sums, each to the power 1 or -1, log scale.

    With factors `(s, 1), (n, -1)` this is the mean sum(s) / sum(n). NaN when a divisor sums
    to 0, `few events` when one sums to less than 30.
    """
    means = [float(x.mean()) for x, _ in factors]
    divisors = [mean for mean, (_, power) in zip(means, factors, strict=True) if power < 0]
    if 0 in divisors:
        return UNKNOWN
    value = constant * math.prod(
        mean**power for mean, (_, power) in zip(means, factors, strict=True)
    )
    n = len(factors[0][0])
    few = FEW_EVENTS if any(mean * n < FEW for mean in divisors) else ""
    informative = min([n, *(int(np.count_nonzero(x)) for x, power in factors if power < 0)])
    if informative < 2:
        return Estimate(value, note=few)
    if value == 0 or not math.isfinite(value):
        return Estimate(value, value, value, few)
    residuals = sum(
        (power * (x / mean - 1) for mean, (x, power) in zip(means, factors, strict=True)),
        np.zeros(n),
    )
    half = half_width(residuals, level, informative)
    return Estimate(value, value * math.exp(-half), value * math.exp(half), few)


def of_smooth(
    function: Callable[[Floats], Floats],
    sums: Floats,
    least: float,
    most: float,
    *,
    level: float = LEVEL,
) -> Estimate:
    """A smooth function of means over replications, jackknife interval.

    Parameters
    ----------
    function : callable
        From shape (..., k) to (...).
    sums : array of shape (R, k)
        What it is a function of the means of.
    least, most : float
        What the function can be.

    Notes
    -----
    Close to an extreme a function is flat and biased by as much as it varies, so that its
    linearisation falls short of the truth: 67 of 100 such intervals missed the fairness of
    twenty members alike (measured). The jackknife corrects the bias (Miller, The jackknife: a
    review, Biometrika 61, 1974); its interval is extended to the figure itself and cut off
    at what the function can be.
    """
    n = len(sums)
    value = float(np.clip(function(sums.mean(axis=0)), least, most))
    if n < 2:
        return Estimate(value)
    pseudo = jackknifed(function, sums)
    middle = float(pseudo.mean())
    half = half_width(pseudo - middle, level)
    if math.isnan(half):
        return Estimate(value)
    low, high = min(value, middle - half), max(value, middle + half)
    return Estimate(value, max(least, low), min(most, high))


def jackknifed(function: Callable[[Floats], Floats], sums: Floats) -> Floats:
    """Pseudo-values of a function of means over replications, shape (R,); R is at least 2."""
    n = len(sums)
    whole, without = function(sums.mean(axis=0)), function((sums.sum(axis=0) - sums) / (n - 1))
    return n * whole - (n - 1) * without


def of_days(met: int, days: int, left_out: int = 0, *, level: float = LEVEL) -> Estimate:
    """Share of days on which something was so, with Wilson's interval (1927)."""
    without = f"{left_out} day{'s' if left_out > 1 else ''} without calls"
    note = f"{without} left out" if left_out else ""
    if days == 0:
        return Estimate(NAN, note=note)
    p = met / days
    if days < 2:
        return Estimate(p, note=note)
    z = normal_quantile(level)
    middle = (p + z * z / (2 * days)) / (1 + z * z / days)
    half = z / (1 + z * z / days) * math.sqrt(p * (1 - p) / days + z * z / (4 * days * days))
    low, high = min(p, middle - half), max(p, middle + half)
    return Estimate(p, max(0.0, low), min(1.0, high), note)


def of_quantile(q: float, ladder: Ladder, *, level: float = LEVEL) -> Estimate:
    """The `q`-quantile of pooled values, by inverting the interval of P(value <= x).

    Parameters
    ----------
    q : float
        In (0, 1).
    ladder : Ladder
        The values in their order, and how many of each replication there are up to each.

    Notes
    -----
    The estimate is the smallest x with at least a share q of the values at or below it;
    the bounds are the x at which the upper and the lower bound of that share reach q, found
    by bisection: with few replications they may cross q more than once, and one crossing is
    taken. A bound that no observed value reaches is NaN.
    """
    n = ladder.total
    if n == 0:
        return UNKNOWN
    few = FEW_EVENTS if n * min(q, 1 - q) < FEW else ""
    value = ladder.quantile(q)
    cases = ladder.upto(ladder.steps - 1)
    if len(cases) < 2:
        return Estimate(value, note=few)

    @cache  # the two searches begin with the same steps
    def share(step: int) -> Estimate:
        return of_rate(ladder.upto(step), cases, level=level)

    low = _first(ladder.steps, lambda step: share(step).high >= q)
    high = _first(ladder.steps, lambda step: share(step).low >= q)
    return Estimate(
        value,
        ladder.least(low) if low < ladder.steps else NAN,
        ladder.most(high) if high < ladder.steps else NAN,
        few,
    )


def _first(n: int, reached: Callable[[int], bool]) -> int:
    """The first of n places at which something is reached that stays so; n if it never is."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if reached(middle):
            high = middle
        else:
            low = middle + 1
    return low


def joined(*notes: str) -> str:
    """Several notes as one."""
    return "; ".join(filter(None, notes))
