"""Figures: sums per replication that can be estimated and compared.

`Figure`
    Base class. A figure returns its estimate, and the contribution of each replication to its
    error, which comparisons with figures of other studies use.
`OfSums`
    Base class of the figures that `estimate_together` estimates in one call.
`Count`, `Rate`, `Product`, `Share`, `Days`, `Smooth`
    One class for each estimator `of_count`, `of_rate`, ...; `Quantile` is in `_quantiles`.
`Influence`
    Value of a figure, and the contribution of each replication to its error.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence._estimates import (
    LEVEL,
    UNKNOWN,
    Estimate,
    Estimates,
    jackknifed,
    join_notes,
    of_smooth,
    single,
)
from ringsim.confidence._proportions import of_many_days, table_of_rates, table_of_shares
from ringsim.confidence._sum_tables import (
    SumTable,
    of_product,
    of_tables,
    table_of_counts,
    table_of_products,
)

__all__ = [
    "BySection",
    "Count",
    "Days",
    "Figure",
    "Influence",
    "OfSums",
    "Product",
    "Rate",
    "Share",
    "Smooth",
    "Unknown",
]

Floats: TypeAlias = NDArray[np.float64]


class Influence(NamedTuple):
    """A figure's value, and the contribution of each replication to its error.

    Attributes
    ----------
    value : float
        The figure.
    residuals : array of shape (R,)
        Contributions, which sum to 0. The variance of their mean is that of the figure, by
        the delta method.
    reach : float
        One replication can move the figure by at most `reach` / R; NaN if unknown.
    days : array of shape (R,) or None
        For shares of days: 1 if a day met a condition, 0 if not, NaN if it does not count.
    """

    value: float
    residuals: Floats
    reach: float = math.nan
    days: Floats | None = None


class BySection(Influence):
    """An influence by section: section i sums the replications whose index modulo n is i."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Figure(ABC):
    """A figure of one study, or the same figure of the rows of a table.

    The sums of one figure have the shape (R,), those of a table (rows, R). Only a figure of one
    study has an influence.

    Parameters
    ----------
    note : str, optional
        Note that its estimates carry.
    is_fixed : bool, default False
        Whether the scenario makes it the same in every replication, so that it is certain.
    """

    note: str = ""
    is_fixed: bool = False

    def estimate(self, level: float = LEVEL) -> Estimate:
        """Return the figure with its interval at a confidence level."""
        return self.estimates(level).row(0)

    def estimates(self, level: float = LEVEL) -> Estimates:
        """Return the figures of all rows, as `estimate` does for one."""
        return self.marked(self._estimates(level))

    def marked(self, found: Estimates) -> Estimates:
        """Return estimates of the figure's sums with its note, and certain if it is fixed."""
        if self.is_fixed:
            found = found.certain()
        if not self.note:
            return found
        return found._replace(note_of=lambda row: join_notes(self.note, found.note_of(row)))

    @abstractmethod
    def _estimates(self, level: float) -> Estimates: ...

    @abstractmethod
    def influence(self) -> Influence:
        """Return the figure's value, and the contribution of each replication to its error."""


@dataclass(frozen=True)
class Unknown(Figure):
    """A figure that cannot be computed; its estimate is NaN."""

    n_rows: int = 1

    def _estimates(self, level: float) -> Estimates:  # noqa: ARG002  # nothing has no interval
        return single(UNKNOWN, self.n_rows)

    def influence(self) -> Influence:
        return Influence(math.nan, np.full(1, np.nan))


class OfSums(Figure):
    """A figure that is estimated from sums, row by row."""

    @property
    @abstractmethod
    def table(self) -> SumTable:
        """The sums, and how they are estimated."""

    def _estimates(self, level: float) -> Estimates:
        return of_tables([self.table], level)[0]


@dataclass(frozen=True)
class Count(OfSums):
    """A mean count per replication, divided by `per`."""

    events: Floats
    per: float = 1.0

    @property
    def table(self) -> SumTable:
        return table_of_counts(self.events, self.per)

    def influence(self) -> Influence:
        mean = float(self.events.mean())
        return Influence(mean / self.per, (self.events - mean) / self.per)


@dataclass(frozen=True)
class Rate(OfSums):
    """A ratio of counts, between 0 and 1."""

    events: Floats
    cases: Floats

    @property
    def table(self) -> SumTable:
        return table_of_rates(self.events, self.cases)

    def influence(self) -> Influence:
        cases = float(self.cases.mean())
        if cases == 0:
            return Unknown().influence()
        rate = float(self.events.mean()) / cases
        return Influence(rate, (self.events - rate * self.cases) / cases, reach=1.0)


@dataclass(frozen=True, init=False)
class Product(OfSums):
    """A constant times sums, each to the power 1 or -1."""

    factors: tuple[tuple[Floats, int], ...]
    constant: float

    def __init__(self, *factors: tuple[Floats, int], constant: float = 1.0) -> None:
        object.__setattr__(self, "factors", factors)
        object.__setattr__(self, "constant", constant)

    @property
    def table(self) -> SumTable:
        return table_of_products(*self.factors, constant=self.constant)

    def influence(self) -> Influence:
        value = of_product(*self.factors, constant=self.constant).estimate
        if not math.isfinite(value):
            return Unknown().influence()
        residuals = np.zeros(len(self.factors[0][0]))
        for sums, power in self.factors:
            mean = float(sums.mean())
            residuals += power * (sums / mean - 1) if mean else 0.0
        return Influence(value, value * residuals)


@dataclass(frozen=True)
class Share(OfSums):
    """A share of a period whose length is the same in every replication."""

    part: Floats
    whole: float

    @property
    def table(self) -> SumTable:
        return table_of_shares(self.part, self.whole)

    def influence(self) -> Influence:
        if self.whole == 0:
            return Unknown().influence()
        shares = self.part / self.whole
        return Influence(float(shares.mean()), shares - shares.mean(), reach=1.0)


@dataclass(frozen=True)
class Days(Figure):
    """The share of counted replications in which something happened.

    A replication, a `period`, does not count if it has none of what `without` names.
    """

    met: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    without: str = "calls"
    period: str = "day"

    def _estimates(self, level: float) -> Estimates:
        met, counted = np.atleast_2d(self.met & self.counted), np.atleast_2d(self.counted)
        counts = (np.count_nonzero(which, axis=1) for which in (met, counted, ~counted))
        return of_many_days(*counts, without=self.without, period=self.period, level=level)

    def influence(self) -> Influence:
        met, counted = (self.met & self.counted).astype(float), self.counted.astype(float)
        days = np.where(self.counted, met, np.nan)
        return Rate(met, counted).influence()._replace(days=days)


@dataclass(frozen=True)
class Smooth(Figure):
    """A smooth function of means over replications: see `of_smooth`. It has one row."""

    function: Callable[[Floats], Floats]
    sums: Floats
    least: float
    most: float

    def _estimates(self, level: float) -> Estimates:
        found = of_smooth(self.function, self.sums, self.least, self.most, level=level)
        return single(found)

    def influence(self) -> Influence:
        plain = float(self.function(self.sums.mean(axis=0)))
        value = float(np.clip(plain, self.least, self.most))
        if len(self.sums) < 2:
            return Influence(value, np.zeros(1))
        pseudo = jackknifed(self.function, self.sums, plain)
        return Influence(value, pseudo - pseudo.mean())
