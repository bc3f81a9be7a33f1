"""Difference of two figures from studies with the same random numbers.

`Paired`
    A difference with its interval and its test.
`paired`, `difference`
    Compute the difference of two figures.

Studies with the same random numbers share their good and bad days. So the error of a difference
follows from the differences of the contributions of each replication to the two figures. These
differences are the observations of Student's paired t.

Strategies often differ on few days only. The other days show that such days are rare, but not
how large the difference is then, so t is too optimistic. A difference that few replications
carry is marked `few events`, and is significant only if a sign test agrees.

Other strategies differ on every day by about the same, such as one ring a call against three.
Then few days carry the error, as little of it as there is, but all of them carry the difference.
Its interval allows for unseen days on which it is as large as on the day with the largest, or
twice as far from 0; it is not marked.
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

FEW_APART = 6  # replications that must differ for a trusted interval
MOST_CARRY = 1 / 2  # share of replications that carry a difference which hardly varies
APART_EACH = 4  # in a small study, one in this many replications must differ
ROUNDING = 1e-12  # relative rounding error of figures summed in different orders


class Paired(NamedTuple):
    """The difference of two figures, with its standard error and signs.

    Attributes
    ----------
    value, error : float
        The difference and its standard error; NaN if unknown.
    replications : int
        Number of replications.
    signs : tuple of int
        Numbers of replications with a positive and with a negative difference.
    few_carry_error : bool
        Whether too few replications carry the error for a t interval.
    reach : float
        One replication can move the difference by at most `reach` / `replications`; NaN if
        unknown.
    is_of_days : bool
        Whether the figures are shares of the same days.
    largest : float
        Largest difference of one replication, if most of them carry the difference, else NaN.
    """

    value: float
    error: float
    replications: int
    signs: tuple[int, int] = (0, 0)
    few_carry_error: bool = False
    reach: float = NAN
    is_of_days: bool = False
    largest: float = NAN

    def estimate(self, level: float = LEVEL) -> Estimate:
        """Return the difference with its interval."""
        few = "" if self.is_trusted or math.isnan(self.error) else FEW_EVENTS
        note = join_notes(few, UNVARIED if self.never_differs else "")
        return Estimate(self.value, *self.bounds(level), note)

    @property
    def is_trusted(self) -> bool:
        """True if enough replications carry the error, or most carry the difference."""
        return not self.few_carry_error or not math.isnan(self.largest)

    @property
    def never_differs(self) -> bool:
        """True if the figures are the same in every replication."""
        return self.error == 0 and self.signs == (0, 0)

    def bounds(self, level: float) -> tuple[float, float]:
        """Return the bounds of the interval; NaN for one replication.

        Notes
        -----
        Differences of shares of days have bounds of their own. Others have the bounds of
        Student's t. If too few replications carry the error, these are widened by what unseen
        days could change (`unseen`) in a rate, or in a difference that most replications carry.
        """
        if math.isnan(self.error):
            return NAN, NAN
        if self.is_of_days:
            return self._bounds_of_days(level)
        half = t_quantile(self.replications, level) * self.error if self.error else 0.0
        reach = self.largest if math.isnan(self.reach) else self.reach
        if self.few_carry_error and not math.isnan(reach):
            half += reach * unseen(self.replications, level)
        return self.value - half, self.value + half

    def _bounds_of_days(self, level: float) -> tuple[float, float]:
        """Return the bounds of a difference of two shares of the same days.

        Notes
        -----
        Consider the share of days that only the first figure counts, and the share that only
        the second counts. Their exact limits are combined by the square root of the sum of
        squared distances (MOVER: Zou and Donner, Construction of confidence limits about
        effect measures, Statistics in Medicine 27, 2008). The bounds include 0 unless
        McNemar's exact test is significant.
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
        """p-value of the two-sided test of no difference; 1 if unknown.

        The test is the paired t test. For shares of days, and for a difference that is the
        same in every replication, it is the exact sign test (for shares of days, McNemar's).
        If few replications carry the error, it is the greater p-value of both.
        """
        if math.isnan(self.error) or self.value == 0:
            return 1.0
        if self.is_of_days or self.error == 0:
            return self._sign_test
        t_test = _tail(self.replications, -abs(self.value) / self.error)
        return max(t_test, self._sign_test) if self.few_carry_error else t_test

    @property
    def _sign_test(self) -> float:
        from scipy.special import bdtr

        return min(1.0, float(2 * bdtr(min(self.signs), sum(self.signs), 0.5)))


def _tail(replications: int, t: float) -> float:
    """Return the two-sided tail probability of Student's t; `t` is negative."""
    from scipy.special import stdtr

    return float(2 * stdtr(replications - 1, t))


def paired(one: Influence, other: Influence) -> Paired:
    """Return the first figure minus the other; both studies have the same random numbers.

    Notes
    -----
    Figures that are equal in every replication differ by 0 with standard error 0. That is not
    trusted, as they may differ on unseen days, unless both arguments are the same object. If
    one has residuals by replication and the other by section, those of the first are summed by
    section.
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
    largest = _largest(value + residuals)
    if float(np.abs(residuals).max()) <= slack:
        value = 0.0 if abs(value) <= slack else value
        largest = largest if value else NAN
        return Paired(value, 0.0, n, signs, few_carry_error=True, reach=reach, largest=largest)
    few = rests_on_few(residuals) or sum(signs) < min(FEW_APART, n / APART_EACH)
    return Paired(value, standard_error(residuals), n, signs, few, reach, largest=largest)


def _largest(apart: Floats) -> float:
    """Return the largest difference of one replication, if most of them carry it; else NaN.

    The number of carriers is that of `rests_on_few`, of the differences and not of their residuals:
    all n of them if they are equal, a third for normal ones with mean 0.
    """
    squares = apart**2
    least = max(FEW_APART, MOST_CARRY * len(apart))
    if float(squares.sum()) ** 2 < least * float((squares**2).sum()):
        return NAN
    return float(np.abs(apart).max())


def _count_alike(one: Floats, other: Floats) -> bool:
    """Return whether both figures count the same days, at least two."""
    counts = ~np.isnan(one)
    return bool((counts == ~np.isnan(other)).all() and np.count_nonzero(counts) > 1)


def _of_days(apart: Floats) -> Paired:
    """Return the mean of daily differences of -1, 0 or 1; NaN for days that do not count."""
    counted = apart[~np.isnan(apart)]
    value, n = float(counted.mean()), len(counted)
    error = standard_error(counted - value)
    return Paired(value, error, n, _signs(counted, 0.0), is_of_days=True)


def _signs(values: Floats, slack: float) -> tuple[int, int]:
    """Return the numbers of values above `slack` and below `-slack`."""
    return int(np.count_nonzero(values > slack)), int(np.count_nonzero(values < -slack))


def difference(one: Figure, other: Figure, *, level: float = LEVEL) -> Estimate:
    """Return the first figure minus the other, with the interval of their paired difference."""
    return paired(one.influence(), other.influence()).estimate(level)
