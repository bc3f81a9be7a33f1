"""Evidence on which side of a limit a ratio of sums over days is.

`Evidence`
    A ratio of sums, a pair of numbers per day, and what a day can be at worst.

A decision must also be right where days are unlike each other: twenty good days do not say
that one day in twenty is not a disaster. Student's t knows only the spread that it has seen. So
the question is asked as follows. A ratio of sums exceeds a limit where the mean of the margins
`part - limit * whole` of a day is positive. One more day, the worst that is possible, is added
to the margins d_1, ..., d_n as d_0. With independent exponential weights E_i the p-value of "the
ratio is not above the limit" is

    P(E_0 d_0 + E_1 d_1 + ... + E_n d_n <= 0).

Where a day is good or bad and nothing else, this is the exact binomial p-value of Clopper and
Pearson; where all days were equally good, it is the rule of three; with many days that vary
little it is that of a z test (Gaffke, Three test statistics for a nonparametric one-sided
hypothesis on the mean of a nonnegative variable, Mathematical Methods of Statistics 14, 2005;
Learned-Miller and Thomas, A new confidence interval for the mean of a bounded random variable,
2020, arXiv:1905.06208). That it holds its level for all bounded days is a conjecture without a
counterexample; the cases of `tests/decision_studies.py` measure it.

The probability is that of a saddlepoint approximation (Barndorff-Nielsen's r*, in Butler,
Saddlepoint Approximations with Applications, 2007, chapter 2), given as a standard normal
quantile: -1.645 is a p-value of 5 %.
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

EDGE = 1e-12  # how close, relative, the saddlepoint is looked for to where it cannot be
ROUNDING = 1e-14  # relative to the greatest margin, below which one is none
FLAT = 1e-4  # scores below which r* is taken from its limit at 0
NONE = np.zeros(0)


class Evidence(NamedTuple):
    """A ratio of sums over days, and the values that a single day can have.

    Attributes
    ----------
    part, whole : arrays of shape (R,)
        Numerator and denominator of each day.
    least, most : float
        What the ratio of one day can be.
    note : str
        What must be said of the figure.
    """

    part: Floats = NONE
    whole: Floats = NONE
    least: float = 0.0
    most: float = 1.0
    note: str = ""

    @property
    def estimate(self) -> float:
        """The ratio of sums; NaN where the denominators sum to 0."""
        total = float(self.whole.sum())
        return float(self.part.sum()) / total if total > 0 else math.nan

    def score_above(self, limit: float) -> float:
        """Return the normal score of "the ratio is at most `limit`"; low where it is above."""
        return _score(self.part - limit * self.whole, (self.least - limit) * self._whole_of_worst)

    def score_below(self, limit: float) -> float:
        """Return the normal score of "the ratio is at least `limit`"; low where it is below."""
        return _score(limit * self.whole - self.part, (limit - self.most) * self._whole_of_worst)

    def is_exactly(self, limit: float, slack: float) -> bool:
        """Whether the ratio of every day is the limit, to a relative `slack`."""
        off = np.abs(self.part - limit * self.whole)
        return bool(self.whole.any() and (off <= slack * abs(limit) * self.whole).all())

    def bounds(self, error_low: float, error_high: float) -> Estimate:
        """Return the ratio with the limits between which it is not decided to be.

        Parameters
        ----------
        error_low, error_high : float
            How often the lower and the upper bound may be on the wrong side.
        """
        value = self.estimate
        if math.isnan(value):
            return Estimate(value, note=self.note)
        low = _crossing(self.score_above, value, self.least, score_of_error(error_low))
        high = _crossing(self.score_below, value, self.most, score_of_error(error_high))
        return Estimate(value, low, high, self.note)

    @property
    def _whole_of_worst(self) -> float:
        """Denominator of the worst day: as many calls as on the day of a call taken at random.

        That is more than the mean where days differ, and does not grow with their number.
        """
        return float((self.whole**2).sum() / self.whole.sum())


def evidence_of(figure: Figure, most: float) -> Evidence:
    """Return what a figure rests on.

    Parameters
    ----------
    figure : Figure
        A rate, a share of time, a share of days, a count or a mean.
    most : float
        What a count or a mean can be on one day at most.
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
            return Evidence(part, days, most=max(most, float(part.max(initial=0.0))))
        case Product(factors=((sums, 1), (cases, -1))):
            part = figure.constant * sums
            return Evidence(part, cases, most=max(most, _worst_ratio(part, cases)))
        case _:
            return Evidence(note=figure.note)


def score_of_error(error: float) -> float:
    """Return the normal quantile of a probability of error; negative."""
    from scipy.special import ndtri

    return float(ndtri(error))


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
    """Return where the cumulant generating function -sum log(1 - t d) is least."""
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
    """Return the limit between the figure and an extreme at which a score is the wanted one."""
    from scipy.optimize import brentq

    def excess(limit: float) -> float:
        return min(max(score(limit), -40.0), 40.0) - wanted

    if value == extreme or excess(extreme) >= 0:
        return extreme
    if excess(value) <= 0:
        return value
    return float(brentq(excess, extreme, value, rtol=1e-12))
