"""Figures corrected by a control, a sum whose expectation is known.

`controlled`
    Return a rate or a mean with a control.
`Controlled`
    Such a figure.

A day with much to talk about is a bad day for callers. How much the callers of a day have to talk
about is drawn before the day is played, so its expectation is known. The figure is corrected by
as much as the days of the study had more, or less, than expected: theta - b c, where c is the mean
excess of the control and b the slope of the days' contributions to the figure over their control.
The error is that of the residuals of this regression, with one degree of freedom fewer (control
variates: Lavenberg and Welch, Management Science 27, 1981; Law, Simulation Modeling and Analysis,
5th ed. 2015, section 11.4). The interval is computed on the logit scale for a rate, and on the log
scale for a mean, as without a control.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence._estimates import Estimate, Estimates
from ringsim.confidence._figures import Figure, Influence, Product, Rate
from ringsim.confidence._intervals import t_quantile
from ringsim.confidence._jit_estimates import logit_bounds
from ringsim.confidence._rare import is_constant, rests_on_few

__all__ = ["Controlled", "controlled"]

Floats: TypeAlias = NDArray[np.float64]

FEWEST = 10  # replications; the slope of fewer costs more than it gains


class _Correction(NamedTuple):
    """Value of a figure after its correction, residuals of the replications, standard error."""

    value: float
    residuals: Floats
    error: float


def controlled(plain: Figure, control: Floats) -> Figure:
    """Return a rate or a product of sums with a control; any other figure as it is.

    Parameters
    ----------
    plain : Figure
        A figure of one study.
    control : array of shape (R,)
        By how much the control of each replication exceeds its expectation.
    """
    if isinstance(plain, (Rate, Product)) and not plain.is_fixed:
        return Controlled(plain, control)
    return plain


@dataclass(frozen=True)
class Controlled(Figure):
    """A rate, or a product of sums, corrected by a control.

    It is left as it is if there are fewer than 10 replications, if its plain interval is marked
    `few events`, or if few replications would carry the error after the correction.
    """

    plain: Rate | Product
    control: Floats

    def _estimates(self, level: float) -> Estimates:
        found = self.plain.estimates(level)
        corrected = self._correction()
        if corrected is None or found.is_few[0]:
            return found
        value, _, error = corrected
        half = t_quantile(len(self.control) - 1, level) * error
        if isinstance(self.plain, Rate):
            low, high = logit_bounds(value, half)  # type: ignore[no-untyped-call]
        else:
            low, high = (value * math.exp(sign * half / value) for sign in (-1, 1))
        figure, below, above = (np.full(1, float(each)) for each in (value, low, high))
        return Estimates(figure, below, above, found.is_few, found.note_of)

    def influence(self) -> Influence:
        plain = self.plain.influence()
        corrected = self._correction()
        if corrected is None:
            return plain
        return plain._replace(value=corrected.value, residuals=corrected.residuals)

    def widened(self, plain: Estimate, wide: Estimate, level: float) -> Estimate:
        """Return the interval widened as much as the interval of the plain figure."""
        found = self.estimate(level)
        low, high = found.low - (plain.low - wide.low), found.high + (wide.high - plain.high)
        return found._replace(low=low, high=high)

    def _correction(self) -> _Correction | None:
        """Return the corrected figure; None if it is left as it is.

        The residuals are scaled so that their plain standard error is the figure's: that of a
        regression with its slope, at the mean excess.
        """
        n = len(self.control)
        plain = self.plain.influence()
        if n < FEWEST or not math.isfinite(plain.value) or is_constant(plain.residuals, 1.0):
            return None
        excess = float(self.control.mean())
        deviations = self.control - excess
        squares = float(deviations @ deviations)
        if squares == 0:
            return None
        slope = float(deviations @ plain.residuals) / squares
        value = plain.value - slope * excess
        residuals = plain.residuals - slope * deviations
        possible = 0 < value < 1 if isinstance(self.plain, Rate) else value > 0
        if not possible or is_constant(residuals, plain.value) or rests_on_few(residuals):
            return None
        at_the_mean = (n - 1) / (n - 2) * (1 + n * excess**2 / squares)
        error = math.sqrt(at_the_mean * float(residuals @ residuals) / (n - 1) / n)
        return _Correction(value, residuals * math.sqrt(at_the_mean), error)
