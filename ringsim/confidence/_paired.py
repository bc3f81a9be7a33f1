"""The difference of two figures of studies of the same replications.

`Paired`
    A difference: its interval, and the test that there is none.
`paired`, `difference`
    Of two figures.

Studies with the same random numbers have good and bad days together, so that only the
difference of what a replication contributes to two figures says how sure their difference
is. It takes the place of an observation in Student's paired t.

Strategies often differ on few days only. What the others say is that such days are rare, and
not by how much they differ, so that t claims too much: a difference is marked `few events` by
the replications that carry it, and only claimed if their signs agree too.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence._estimates import LEVEL, NAN, Estimate, join_notes
from ringsim.confidence._figures import BySection, Figure, Influence
from ringsim.confidence._intervals import standard_error, t_quantile
from ringsim.confidence._ranked import fold
from ringsim.confidence._rare import FEW_EVENTS, UNVARIED, exact_limits, rests_on_few, unseen

__all__ = ["Paired", "difference", "paired"]

Floats: TypeAlias = NDArray[np.float64]

FEW_APART = 6  # replications that must differ for a t interval of a difference
APART_EACH = 4  # replications of which one must where there are hardly any
ROUNDING = 1e-12  # of figures: what the order of their additions may change


class Paired(NamedTuple):
    """The difference of two figures, and what it rests on.

    Attributes
    ----------
    value, error : float
        The difference and its standard error, NaN if it cannot be told.
    replications : int
        Of how many.
    signs : tuple of int
        In how many of them it is positive, and in how many negative.
    is_trusted : bool
        Whether enough replications carry it for a t interval.
    reach : float
        A replication can move it by this over their number at most, if that is known.
    is_of_days : bool
        Whether the figures are shares of the same days, which `signs` count.
    """

    value: float
    error: float
    replications: int
    signs: tuple[int, int] = (0, 0)
    is_trusted: bool = True
    reach: float = NAN
    is_of_days: bool = False

    def estimate(self, level: float = LEVEL) -> Estimate:
        """The difference with its interval."""
        few = "" if self.is_trusted or math.isnan(self.error) else FEW_EVENTS
        note = join_notes(few, UNVARIED if self.never_differs else "")
        return Estimate(self.value, *self.bounds(level), note)

    @property
    def never_differs(self) -> bool:
        """Whether the figures are the same in every replication."""
        return self.error == 0 and self.signs == (0, 0)

    def bounds(self, level: float) -> tuple[float, float]:
        """The bounds of its interval; NaN for one replication.

        Notes
        -----
        Shares of days have limits of their own. Others have those of Student's t; where too
        few replications differ, days that did not come may have moved a rate further, by as
        much as a whole day does (`unseen`).
        """
        if math.isnan(self.error):
            return NAN, NAN
        if self.is_of_days:
            return self._bounds_of_days(level)
        half = t_quantile(self.replications, level) * self.error if self.error else 0.0
        if not self.is_trusted and not math.isnan(self.reach):
            half += self.reach * unseen(self.replications, level)
        return self.value - half, self.value + half

    def _bounds_of_days(self, level: float) -> tuple[float, float]:
        """The limits of a difference of two shares of the same days.

        Notes
        -----
        The exact limits of the shares of days on which only one, or only the other, was so are
        put together by the square root of the sum of squared distances (MOVER: Zou and Donner,
        Construction of confidence limits about effect measures, Statistics in Medicine 27,
        2008). They reach to 0 unless McNemar's exact test tells that there is a difference.
        """
        n = self.replications
        one, other = (k / n for k in self.signs)
        (one_low, one_high), (other_low, other_high) = (
            exact_limits(k, n, level) for k in self.signs
        )
        low = self.value - math.hypot(one - one_low, other_high - other)
        high = self.value + math.hypot(one_high - one, other - other_low)
        if self.p_value > 1 - level:
            low, high = min(low, 0.0), max(high, 0.0)
        return low, high

    @property
    def p_value(self) -> float:
        """Of the two-sided test that there is no difference; 1 where nothing can be told.

        It is the paired t test. The exact sign test takes its place for shares of days, where
        it is McNemar's, and for a difference that is always the same; one that few
        replications carry must be told by both.
        """
        if math.isnan(self.error) or self.value == 0:
            return 1.0
        if self.is_of_days or self.error == 0:
            return self._sign_test
        t_test = _tail(self.replications, -abs(self.value) / self.error)
        return t_test if self.is_trusted else max(t_test, self._sign_test)

    @property
    def _sign_test(self) -> float:
        from scipy.special import bdtr

        return min(1.0, float(2 * bdtr(min(self.signs), sum(self.signs), 0.5)))


def _tail(replications: int, t: float) -> float:
    """The share of Student's t beyond one on both sides; `t` is negative."""
    from scipy.special import stdtr

    return float(2 * stdtr(replications - 1, t))


def paired(one: Influence, other: Influence) -> Paired:
    """The first figure less the other, both of studies with the same random numbers.

    Notes
    -----
    Figures that are the same in every replication differ by exactly 0 and without error. Days
    that did not come may tell them apart, unless both are one and the same object: what plays
    the same differs by nothing for certain. Where one has residuals by replication and the
    other by sections of them, those of the first are added up by section.
    """
    value = one.value - other.value
    shorter = min(one, other, key=lambda each: len(each.residuals))
    n = len(shorter.residuals)
    are_pairs = isinstance(shorter, BySection) or len(one.residuals) == len(other.residuals)
    if math.isnan(value) or n < 2 or not are_pairs:
        return Paired(value, NAN, n)
    if one is other:
        return Paired(0.0, 0.0, n)
    if one.days is not None and other.days is not None and _count_alike(one.days, other.days):
        return _of_days(one.days - other.days)
    residuals = fold(one.residuals, n) - fold(other.residuals, n)
    slack = ROUNDING * max(abs(one.value), float(np.abs(one.residuals).max()))
    signs = _signs(value + residuals, slack)
    reach = max(one.reach, other.reach)
    if float(np.abs(residuals).max()) <= slack:
        same = abs(value) <= slack
        return Paired(0.0 if same else value, 0.0, n, signs, is_trusted=False, reach=reach)
    is_trusted = not rests_on_few(residuals) and sum(signs) >= min(FEW_APART, n / APART_EACH)
    return Paired(value, standard_error(residuals, n), n, signs, is_trusted, reach)


def _count_alike(one: Floats, other: Floats) -> bool:
    """Whether the same days count, of which there are at least two."""
    counts = ~np.isnan(one)
    return bool((counts == ~np.isnan(other)).all() and np.count_nonzero(counts) > 1)


def _of_days(apart: Floats) -> Paired:
    """The mean of differences of -1, 0 and 1 by day, NaN for days that do not count."""
    counted = apart[~np.isnan(apart)]
    value, n = float(counted.mean()), len(counted)
    error = standard_error(counted - value, n)
    return Paired(value, error, n, _signs(counted, 0.0), is_of_days=True)


def _signs(values: Floats, slack: float) -> tuple[int, int]:
    """How many values are positive, and how many negative."""
    return int(np.count_nonzero(values > slack)), int(np.count_nonzero(values < -slack))


def difference(one: Figure, other: Figure, *, level: float = LEVEL) -> Estimate:
    """The first figure less the other, with the interval of their paired difference."""
    return paired(one.influence(), other.influence()).estimate(level)
