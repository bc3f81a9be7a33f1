"""Coverage of the intervals of percentiles, in studies with a known true percentile.

`KINDS`
    Functions that draw the waits of a day, by the name of their distribution.
`coverage`
    Run studies of one kind and size, and return the coverage.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import FEW_EVENTS, Influence, Quantile, Ranked, of_quantile, paired

__all__ = ["KINDS", "Coverage", "coverage"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

TRUE_DAYS = 20_000


class Coverage(NamedTuple):
    """Fractions of the studies.

    Attributes
    ----------
    of_estimate, of_influence : float
        The interval covers the true percentile: the reported interval, and the one that
        comparisons use.
    of_difference : float
        The interval covers the difference from the same waits made 10 % longer.
    few, unbounded : float
        The estimate is marked `few events`; the interval has no upper bound.
    """

    of_estimate: float
    of_influence: float
    of_difference: float
    few: float
    unbounded: float


def _independent(random: np.random.Generator, day: Ints, days: int) -> Floats:
    """Draw exponential waits."""
    return random.exponential(20, len(day))


def _busy_days(random: np.random.Generator, day: Ints, days: int) -> Floats:
    """Draw exponential waits with a mean that varies by day; over all days they are Lomax."""
    return random.exponential(1 / random.gamma(5, 1 / 80, days)[day])


def _ring_times(random: np.random.Generator, day: Ints, days: int) -> Floats:
    """Draw waits of 0, 5, 10, 20 or 40 s only, with good and bad days."""
    chance = random.beta(8, 8, days)[day]
    return np.array([0.0, 5, 10, 20, 40])[random.binomial(4, chance)]


def _mixed(random: np.random.Generator, day: Ints, days: int) -> Floats:
    """Draw waits of exactly 15 s (40 %), and continuous waits below and above."""
    waits = _busy_days(random, day, days)
    return np.where(random.random(len(day)) < 0.4, 15.0, waits)


def _unlike_days(random: np.random.Generator, day: Ints, days: int) -> Floats:
    """Draw waits that are ten times as long on one day in twenty."""
    return random.exponential(np.where(random.random(days) < 0.05, 200.0, 20.0)[day])


KINDS: dict[str, Callable[[np.random.Generator, Ints, int], Floats]] = {
    "independent": _independent,
    "busy days": _busy_days,
    "ring times": _ring_times,
    "mixed": _mixed,
    "unlike days": _unlike_days,
}


@cache
def truth(kind: str, q: float) -> float:
    """Return the percentile over 20,000 days, which counts as the true one."""
    waits, _ = _days(np.random.default_rng(99), kind, TRUE_DAYS, 100)
    return float(np.quantile(waits, q, method="inverted_cdf"))


def _days(random: np.random.Generator, kind: str, days: int, calls: float) -> tuple[Floats, Ints]:
    day = np.repeat(np.arange(days), random.poisson(calls, days))
    return KINDS[kind](random, day, days), day


def coverage(
    kind: str, q: float, replications: int, calls: float, *, studies: int, seed: int = 1
) -> Coverage:
    """Run studies of `replications` days with `calls` calls a day on average."""
    random = np.random.default_rng(seed)
    true = truth(kind, q)
    found = np.zeros(5)
    for _ in range(studies):
        waits, day = _days(random, kind, replications, calls)
        one, other = (Ranked(each, day, replications) for each in (waits, waits * 1.1))
        estimate, influence = of_quantile(q, one), Quantile(q, one).influence()
        apart = paired(Quantile(q, other).influence(), influence).estimate()
        exact = Influence(true, np.zeros(replications))
        low, high = paired(influence, exact).bounds(0.95)
        found += (
            _covers(estimate.low, estimate.high, true),
            _covers(low + true, high + true, true),
            _covers(apart.low, apart.high, true / 10),
            FEW_EVENTS in estimate.note,
            math.isnan(estimate.high),
        )
    return Coverage(*(found / studies).tolist())


def _covers(low: float, high: float, true: float) -> bool:
    """Return whether an interval covers a figure, up to rounding; NaN means no bound."""
    return not (low > true + 1e-9 or high < true - 1e-9)
