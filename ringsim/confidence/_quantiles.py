"""Percentiles of pooled values, with intervals over replications.

`of_quantile`, `of_quantiles`
    Estimate of a percentile, and of that of many cells.
`Quantile`
    A percentile as a figure, which can be compared.

The bounds of a q-quantile are the x at which the interval of P(value <= x) reaches q (Woodruff,
Confidence intervals for medians and other position measures, Journal of the American Statistical
Association 47, 1952; here with the variance at every x and not at the estimate alone). For
comparisons the quantile is linearised: a replication contributes the number of its values that
are too low, times the shift of the quantile per value (Bahadur, A note on quantiles in large
samples, Annals of Mathematical Statistics 37, 1966). The shift comes from the width of the
interval. Percentiles of small sections of the replications would be biased instead: 44 to 66 %
of their intervals contained the truth with 5 values per section, 88 to 93 % with 20 (measured).

**Unseen days.** In fewer than 59 replications, a kind of day that makes one in twenty may not have
occurred, with a probability above 5 %. The other days cannot show how long the waits are then.
So the interval of such a study allows for one day in 25 whose values all lie beyond the bound,
which is one in twenty with four fifths of its values beyond. If waits are ten times as long on one
day in twenty, the intervals of percentiles of 20 and 30 days contained the truth in 61 to 94 % of
studies without this allowance, and in 97 to 99 % with it (measured).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringsim.confidence._estimates import LEVEL, NAN, Estimate, Estimates
from ringsim.confidence._figures import BySection, Figure, Influence
from ringsim.confidence._intervals import half_width, t_quantiles
from ringsim.confidence._jit_percentiles import NOWHERE, Places
from ringsim.confidence._ranked import Floats, Values
from ringsim.confidence._rare import FEW_EVENTS

__all__ = ["Quantile", "of_quantile", "of_quantiles"]

ROUNDING = 1e-9  # rounding error of values [s]
ENOUGH_DAYS = 59  # replications that miss a kind of one day in twenty with a probability below 5 %
UNSEEN = 1 / 25  # share of unseen days that smaller studies allow for


def of_quantile(q: float, values: Values, *, level: float = LEVEL) -> Estimate:
    """Return the `q`-quantile of pooled values of one cell: see `of_quantiles`."""
    return of_quantiles(q, values, level=level).row(0)


def of_quantiles(q: float, values: Values, *, level: float = LEVEL) -> Estimates:
    """Return the `q`-quantile of each cell, by inverting the interval of P(value <= x).

    Parameters
    ----------
    q : float
        Share of values at or below the quantile, in (0, 1).
    values : Values
        The values.
    level : float, default 0.95
        Confidence level of the interval.

    Notes
    -----
    The estimate is the smallest x with at least a share q of the values at or below it. The
    bounds are the x at which the upper and the lower bound of that share reach q, found by
    bisection. With few replications these may cross q more than once; one crossing is taken.
    A bound that no observed value reaches is NaN. The percentile is marked `few events` with
    fewer than 30 values on its rarer side, or if few replications carry the error of that
    share (`rests_on_few`) and two of them carry nearly all of it (`two_carry`).
    """
    places = _places(q, values, level)
    estimate, low, high = _told(q, values, places)
    return Estimates(
        estimate, low, high, places.is_few, lambda row: FEW_EVENTS if places.is_few[row] else ""
    )


def _places(q: float, values: Values, level: float, unseen: float = UNSEEN) -> Places:
    """Return the rows of the `q`-quantile of each cell and of its bounds."""
    informative = values.cells.informative
    days = informative
    if values.sources < values.replications:
        days = np.where(days > 1, values.replications, days)
    allowed = np.where(days < ENOUGH_DAYS, unseen, 0.0)
    return values.places(q, t_quantiles(informative, level), (1 - level) / 2, allowed)


def _told(q: float, values: Values, places: Places) -> tuple[Floats, Floats, Floats]:
    """Return the quantiles and the values at their bounds."""
    return (
        values.quantiles(q, places.at),
        values.edges(places.low, upper=False),
        values.edges(places.high, upper=True),
    )


@dataclass(frozen=True)
class Quantile(Figure):
    """A percentile of pooled values."""

    q: float
    values: Values

    def _estimates(self, level: float) -> Estimates:
        return of_quantiles(self.q, self.values, level=level)

    def influence(self) -> Influence:
        """Return the percentile with residuals whose t interval is as wide as its own.

        The half-width is the longer side of the percentile's interval without an allowance for
        unseen days, which are the same for both figures of a comparison. It is the longer side
        because where many values are equal the whole interval can lie on one side: a median of
        5 s whose bounds are 5 and 10 s. The least or the greatest value replaces an unknown
        bound.
        """
        values = self.values
        if values.total == 0:
            return Influence(NAN, np.full(1, NAN))
        places = _places(self.q, values, LEVEL, unseen=0.0)
        places.low[places.low == NOWHERE] = values.rows[0]
        places.high[places.high == NOWHERE] = values.rows[-1]
        value, least, most = (float(column[0]) for column in _told(self.q, values, places))
        midway = values.counted_midway(int(places.at[0]))
        cases = values.cases
        residuals = (midway.sum() / values.total * cases - midway) / cases.mean()
        residuals = _reaching(residuals, max(value - least, most - value))
        return (BySection if values.are_sections else Influence)(value, residuals)


def _reaching(residuals: Floats, reach: float) -> Floats:
    """Return residuals scaled so that their t interval has the half-width `reach`."""
    if reach <= ROUNDING:
        return np.zeros(len(residuals))
    reach_now = half_width(residuals, LEVEL)
    return residuals * (reach / reach_now) if reach_now else residuals
