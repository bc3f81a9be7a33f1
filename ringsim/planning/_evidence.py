"""Test of whether a ratio of sums over days is above or below a limit.

`Evidence`
    The ratio's numerator and denominator on each day, and the ratio's range on a single day.

A decision must be right even if days differ greatly: twenty good days do not rule out that one
day in twenty is a disaster. Student's t knows only the spread that it has seen. This test adds
an unseen day instead. A ratio of sums exceeds a limit if the mean over days of the margin
`part - limit * whole` is positive. The worst possible day is added to the margins d_1, ..., d_n
as d_0. With independent exponential weights E_i, the p-value of "the ratio is not above the
limit" is

    P(E_0 d_0 + E_1 d_1 + ... + E_n d_n <= 0).

If each day is either good or bad, this is the exact binomial p-value of Clopper and Pearson; if
all days were equally good, it is the rule of three; with many days that vary little, it is the
p-value of a z test (Gaffke, Three test statistics for a nonparametric one-sided hypothesis on
the mean of a nonnegative variable, Mathematical Methods of Statistics 14, 2005; Learned-Miller
and Thomas, A new confidence interval for the mean of a bounded random variable, 2020,
arXiv:1905.06208). That the test keeps its level for all bounded days is a conjecture without a
known counterexample; the cases of `tests/decision_studies.py` measure it.

The probability is computed by a saddlepoint approximation (Barndorff-Nielsen's r*, in Butler,
Saddlepoint Approximations with Applications, 2007, chapter 2). It is returned as a score, a
standard normal quantile: -1.645 is a p-value of 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import Count, Days, Estimate, Figure, Product, Rate, Share

__all__ = ["Evidence", "evidence_of", "score_of_error"]

Floats: TypeAlias = NDArray[np.float64]

EDGE = 1e-12  # relative distance of the saddlepoint search from the poles
ROUNDING = 1e-14  # relative to the greatest margin; smaller margins count as 0
FLAT = 1e-4  # scores below this use the limit of r* at 0
NONE = np.zeros(0)


class Evidence(NamedTuple):
    """A ratio of sums over days, and the range of the ratio on a single day.

    Attributes
    ----------
    part, whole : arrays of shape (R,)
        Numerator and denominator of each day.
    least, most : float
        Smallest and greatest possible ratio of one day.
    note : str
        Note on the figure, passed on to its estimates.
    """

    part: Floats = NONE
    whole: Floats = NONE
    least: float = 0.0
    most: float = 1.0
    note: str = ""

    def copied(self) -> Evidence:
        """Return the evidence with arrays of its own, which do not keep those of a study alive."""
        return self._replace(part=self.part.copy(), whole=self.whole.copy())

    @property
    def estimate(self) -> float:
        """The ratio of sums; NaN where the denominators sum to 0."""
        total = float(self.whole.sum())
        return float(self.part.sum()) / total if total > 0 else math.nan

    def score_above(self, limit: float) -> float:
        """Return the score of "the ratio is at most `limit`"; low if the ratio is above it."""
        return _score(self.part - limit * self.whole, (self.least - limit) * self._whole_of_worst)

    def score_below(self, limit: float) -> float:
        """Return the score of "the ratio is at least `limit`"; low if the ratio is below it."""
        return _score(limit * self.whole - self.part, (limit - self.most) * self._whole_of_worst)

    def is_exactly(self, limit: float, slack: float) -> bool:
        """Return whether every day's ratio equals the limit, up to a relative `slack`."""
        off = np.abs(self.part - limit * self.whole)
        return bool(self.whole.any() and (off <= slack * abs(limit) * self.whole).all())

    def bounds(self, error_low: float, error_high: float) -> Estimate:
        """Return the ratio with one-sided bounds; a limit between them is undecided.

        Parameters
        ----------
        error_low, error_high : float
            Error probability of the lower and of the upper bound.
        """
        value = self.estimate
        if math.isnan(value):
            return Estimate(value, note=self.note)
        low = _crossing(self.score_above, value, self.least, score_of_error(error_low))
        high = _crossing(self.score_below, value, self.most, score_of_error(error_high))
        return Estimate(value, low, high, self.note)

    @property
    def _whole_of_worst(self) -> float:
        """Denominator of the worst day: the mean over calls of the calls on their day.

        It exceeds the mean over days if days differ, and does not grow with their number.
        """
        return float((self.whole**2).sum() / self.whole.sum())


def evidence_of(figure: Figure, most: float) -> Evidence:
    """Return a figure as a ratio of sums over days; figures of other kinds have no days.

    Parameters
    ----------
    figure : Figure
        A rate, a share of time, a share of days, a count or a mean.
    most : float
        Greatest possible value of a count or a mean on one day; if it is infinite, nobody knows
        it, and twice the worst day seen counts.
    """
    match figure:
        case Rate():
            return Evidence(figure.events, figure.cases, note=figure.note)
        case Days():
            met = (figure.met & figure.counted).astype(float)
            return Evidence(met, figure.counted.astype(float), note=figure.note)
        case Share():
            whole = np.full(len(figure.part), float(figure.whole))
            ratio = float(figure.part.max(initial=0.0)) / figure.whole if figure.whole else 1.0
            return Evidence(figure.part, whole, most=max(1.0, ratio), note=figure.note)
        case Count():
            days = np.ones(len(figure.events))
            part = figure.events / figure.per
            return Evidence(
                part, days, most=_most(most, float(part.max(initial=0.0))), note=figure.note
            )
        case Product(factors=((sums, 1), (cases, -1))):
            part = figure.constant * sums
            return Evidence(
                part, cases, most=_most(most, _worst_ratio(part, cases)), note=figure.note
            )
        case _:
            return Evidence(note=figure.note)


def score_of_error(error: float) -> float:
    """Return the normal quantile of a probability of error; negative."""
    from scipy.special import ndtri

    return float(ndtri(error))


def _most(possible: float, seen: float) -> float:
    """Return the value of the worst day: the greatest possible one, or twice the worst seen."""
    return 2 * seen if math.isinf(possible) else max(possible, seen)


def _worst_ratio(part: Floats, whole: Floats) -> float:
    there = whole > 0
    return float((part[there] / whole[there]).max(initial=0.0))


def _score(margins: Floats, worst: float) -> float:
    """Return the normal score of P(sum of exponentially weighted margins <= 0)."""
    d = np.append(margins, min(worst, 0.0))
    scale = float(np.abs(d).max())
    d = d[np.abs(d) > ROUNDING * scale]
    if not (d > 0).any():
        return math.inf
    if not (d < 0).any():
        return -math.inf
    d = d / scale
    t = _saddlepoint(d)
    rest = 1 - t * d
    w: float = math.copysign(math.sqrt(max(0.0, 2 * float(np.log(rest).sum()))), t)
    if abs(w) < FLAT:
        squares = float((d**2).sum())
        return float((d**3).sum()) / (3 * squares * math.sqrt(squares))
    u = t * math.sqrt(float(((d / rest) ** 2).sum()))
    return w + math.log(u / w) / w


def _saddlepoint(d: Floats) -> float:
    """Return the minimiser t of the cumulant generating function -sum log(1 - t d)."""
    from scipy.optimize import brentq

    low, high = (1 - EDGE) / float(d.min()), (1 - EDGE) / float(d.max())

    def slope(t: float) -> float:
        return float((d / (1 - t * d)).sum())

    if slope(low) >= 0:
        return low
    if slope(high) <= 0:
        return high
    return float(brentq(slope, low, high, xtol=1e-14, rtol=1e-12))


def _crossing(
    score: Callable[[float], float], value: float, extreme: float, wanted: float
) -> float:
    """Return the limit, between the figure and an extreme, at which a score has a given value."""
    from scipy.optimize import brentq

    def excess(limit: float) -> float:
        return min(max(score(limit), -40.0), 40.0) - wanted

    if value == extreme or excess(extreme) >= 0:
        return extreme
    if excess(value) <= 0:
        return value
    return float(brentq(excess, extreme, value, rtol=1e-12))
