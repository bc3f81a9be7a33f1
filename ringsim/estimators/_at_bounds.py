"""Intervals of estimates at a bound of their search, by likelihood ratios.

`Intervals`
    The intervals of parameters, by days, or by likelihood if the estimate may lie at a bound.
`accepted_loss`
    The loss of log-likelihood up to which a test accepts a value.
`held_at`
    The maximum with one parameter held at a value.
`unlikely`
    Whether a log-likelihood is so far below the maximum that a test rejects it.

A bound stands for a limit: 0 or 1 for a probability, 0 or infinity for a time or a shape. Leaving
out days says nothing there: a person who answered every ring answers every ring without any day,
and a delay that is too long to be seen stays too long. The likelihood says how far from the limit
the truth may be. On the side of the limit, the interval reaches to it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ringsim.estimators._days import LEVEL, Floats, Interval, Scale, day_interval
from ringsim.estimators._likelihood import (
    LogLikelihood,
    Maximum,
    Parameters,
    maximise,
    without_each_day,
)

__all__ = ["Intervals", "accepted_loss", "held_at", "unlikely"]

EXACT = 0.03  # of the bounds of an interval, on the scale of the search
FIRST_STEP = 0.5  # away from the estimate, on the scale of the search


class Intervals(NamedTuple):
    """Intervals of the parameters of a likelihood.

    Attributes
    ----------
    function, layout, found
        Log-likelihood, its parameters, and its maximum.
    used : Maximum
        Maximum that the estimates are taken from, in which some parameters may be held.
    without : ndarray of shape (days, size)
        The estimates without each day.
    """

    function: LogLikelihood
    layout: Parameters
    found: Maximum
    used: Maximum
    without: Floats

    @classmethod
    def of_maximum(
        cls,
        function: LogLikelihood,
        layout: Parameters,
        found: Maximum,
        used: Maximum | None = None,
    ) -> Intervals:
        used = found if used is None else used
        without = without_each_day(function, layout, used)
        return cls(function, layout, found, used, without)

    def of(
        self,
        index: int,
        scale: Scale = "log",
        *,
        may_be_most: bool = False,
        by_likelihood: bool = False,
    ) -> Interval:
        """Return the interval of one parameter, by days or by likelihood.

        Parameters
        ----------
        index : int
            Index of the parameter.
        scale : {"log", "logit"}
            Whether the parameter is the logarithm of a positive figure or the logit of a
            probability.
        may_be_most : bool
            Whether the upper bound of the search is tested although the estimate and its interval
            by days are below it.
        by_likelihood : bool
            Whether the interval is by likelihood in any case.

        Returns
        -------
        Interval
            By days, unless a likelihood ratio test with a level of 5 % accepts a bound of the
            search. Then the interval reaches from the limit to the last value that the test
            accepts. If it accepts both bounds, the bounds of the interval are unknown.
        """
        estimate = float(_back(self.used.x[index], scale))
        by_days = day_interval(estimate, _back(self.without[:, index], scale), scale)
        at_low, at_high = self._reaches(index, by_days, scale)
        lowest, highest = self.found.bounds[index]
        at_low = at_low and self.accepts(index, lowest)
        at_high = (at_high or may_be_most) and self.accepts(index, highest)
        if not (at_low or at_high or by_likelihood):
            return by_days
        low = -math.inf if at_low else self._last(index, -1)
        high = math.inf if at_high else self._last(index, 1)
        if math.isinf(low) and math.isinf(high):
            return Interval(estimate)
        return Interval(estimate, float(_back(low, scale)), float(_back(high, scale)))

    def accepts(self, index: int, value: float) -> bool:
        """Return whether a likelihood ratio test accepts a value of a parameter."""
        return self._excess(index, value) <= 0

    def _excess(self, index: int, value: float) -> float:
        """Return the loss of log-likelihood at a value, less that which the test accepts.

        Parameters of other units stay, as they hardly depend on it.
        """
        bounds = self.found.bounds.copy()
        split = self.layout.units * self.layout.own
        if index < split:
            others = np.arange(split) % self.layout.units != index % self.layout.units
            bounds[:split][others] = self.found.x[:split][others, None]
        found = self.found._replace(bounds=bounds)
        held = held_at(self.function, self.layout, found, index, value)
        return found.log_likelihood - held.log_likelihood - accepted_loss()

    def _reaches(self, index: int, by_days: Interval, scale: Scale) -> tuple[bool, bool]:
        """Return whether a parameter or its interval by days reaches the bounds of the search."""
        x, (lowest, highest) = self.found.x[index], self.found.bounds[index]
        return (
            bool(x <= lowest or by_days.low <= _back(lowest, scale)),
            bool(x >= highest or by_days.high >= _back(highest, scale)),
        )

    def _last(self, index: int, sign: int) -> float:
        """Return the last value of a parameter, down or up, that the test accepts.

        It is infinite if the test accepts the bound.
        """
        from scipy.optimize import brentq

        end = float(self.found.bounds[index, 0 if sign < 0 else 1])
        inside, step = float(self.found.x[index]), FIRST_STEP
        while True:
            outside = inside + sign * min(step, abs(end - inside))
            if not self.accepts(index, outside):
                break
            if outside == end:
                return sign * math.inf
            inside, step = outside, 2 * step
        last = brentq(lambda value: self._excess(index, value), inside, outside, xtol=EXACT)
        return float(last)


def held_at(
    function: LogLikelihood, layout: Parameters, found: Maximum, index: int, value: float
) -> Maximum:
    """Return the maximum with one parameter held at a value."""
    start, bounds = found.x.copy(), found.bounds.copy()
    start[index] = bounds[index] = value
    return maximise(function, layout, start, bounds)


def unlikely(log_likelihood: float, found: Maximum) -> bool:
    """Return whether a log-likelihood is so far below the maximum that a test rejects it."""
    return found.log_likelihood - log_likelihood > accepted_loss()


def accepted_loss() -> float:
    """Return the loss of log-likelihood up to which a likelihood ratio test accepts a value."""
    from scipy.special import chdtri

    return float(chdtri(1, 1 - LEVEL)) / 2


def _back(x: Any, scale: Scale) -> Any:
    """Return figures from their logarithms, or probabilities from their logits."""
    from scipy.special import expit

    return np.exp(x) if scale == "log" else expit(x)
