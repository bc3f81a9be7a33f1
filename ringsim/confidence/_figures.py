"""Figures: sums per replication, and their estimates with intervals.

A figure can be estimated with its interval, and says what each replication contributes to
its error, by which it is compared with figures of other studies.

`Count`, `Rate`, `Product`, `Share`, `Days`, `Smooth`
    One for each function of `ringsim.confidence` that estimates one; `Quantile` stands apart.
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
    Estimate,
    jackknifed,
    join_notes,
    of_count,
    of_product,
    of_smooth,
)
from ringsim.confidence._proportions import of_days, of_rate, of_share

__all__ = [
    "BySection",
    "Count",
    "Days",
    "Figure",
    "Influence",
    "Product",
    "Rate",
    "Share",
    "Smooth",
    "Unknown",
]

Floats: TypeAlias = NDArray[np.float64]


class Influence(NamedTuple):
    """What each replication, or section of them, contributes to a figure's error.

    The variance of the mean of `residuals` is that of the figure, by the delta method.
    A replication can move a figure by `reach` over their number at most, as far as is known.
    `days` has 1 for each replication in which something was so, 0 for each other and NaN for
    those that do not count, where the figure is the share of these.
    """

    value: float
    residuals: Floats
    reach: float = math.nan
    days: Floats | None = None


class BySection(Influence):
    """The same by section; a section holds the replications of one remainder of their number."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Figure(ABC):
    """A figure of one study.

    Parameters
    ----------
    note : str, optional
        What must be said of it.
    is_fixed : bool, default False
        Whether it cannot vary, by the way that the scenario is made, and so is certain.
    """

    note: str = ""
    is_fixed: bool = False

    def estimate(self, level: float = LEVEL) -> Estimate:
        """The figure with its interval."""
        found = self._estimate(level)
        if self.is_fixed and not math.isnan(found.low):
            return Estimate(found.estimate, found.estimate, found.estimate, self.note)
        return found._replace(note=join_notes(self.note, found.note))

    @abstractmethod
    def _estimate(self, level: float) -> Estimate: ...

    @abstractmethod
    def influence(self) -> Influence:
        """The figure, and what each replication contributes to its error."""


@dataclass(frozen=True)
class Unknown(Figure):
    """No figure."""

    def _estimate(self, level: float) -> Estimate:  # noqa: ARG002  # nothing has no interval
        return Estimate(math.nan)

    def influence(self) -> Influence:
        return Influence(math.nan, np.full(1, np.nan))


@dataclass(frozen=True)
class Count(Figure):
    """A mean count per replication, or per `per` units of one."""

    events: Floats
    per: float = 1.0

    def _estimate(self, level: float) -> Estimate:
        return of_count(self.events, self.per, level=level)

    def influence(self) -> Influence:
        mean = float(self.events.mean())
        return Influence(mean / self.per, (self.events - mean) / self.per)


@dataclass(frozen=True)
class Rate(Figure):
    """A ratio of counts, between 0 and 1."""

    events: Floats
    cases: Floats

    def _estimate(self, level: float) -> Estimate:
        return of_rate(self.events, self.cases, level=level)

    def influence(self) -> Influence:
        cases = float(self.cases.mean())
        if cases == 0:
            return Unknown().influence()
        rate = float(self.events.mean()) / cases
        return Influence(rate, (self.events - rate * self.cases) / cases, reach=1.0)


@dataclass(frozen=True, init=False)
class Product(Figure):
    """A constant times sums, each to the power 1 or -1."""

    factors: tuple[tuple[Floats, int], ...]
    constant: float

    def __init__(self, *factors: tuple[Floats, int], constant: float = 1.0) -> None:
        object.__setattr__(self, "factors", factors)
        object.__setattr__(self, "constant", constant)

    def _estimate(self, level: float) -> Estimate:
        return of_product(*self.factors, constant=self.constant, level=level)

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
class Share(Figure):
    """A share of a time that is the same in every replication."""

    part: Floats
    whole: float

    def _estimate(self, level: float) -> Estimate:
        return of_share(self.part, self.whole, level=level)

    def influence(self) -> Influence:
        if self.whole == 0:
            return Unknown().influence()
        shares = self.part / self.whole
        return Influence(float(shares.mean()), shares - shares.mean(), reach=1.0)


@dataclass(frozen=True)
class Days(Figure):
    """The share of replications in which something was so; those `without` do not count."""

    met: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    without: str = "calls"

    def _estimate(self, level: float) -> Estimate:
        counts = (
            int(which.sum()) for which in (self.met & self.counted, self.counted, ~self.counted)
        )
        return of_days(*counts, without=self.without, level=level)

    def influence(self) -> Influence:
        met, counted = (self.met & self.counted).astype(float), self.counted.astype(float)
        days = np.where(self.counted, met, np.nan)
        return Rate(met, counted).influence()._replace(days=days)


@dataclass(frozen=True)
class Smooth(Figure):
    """A smooth function of means over replications: see `of_smooth`."""

    function: Callable[[Floats], Floats]
    sums: Floats
    least: float
    most: float

    def _estimate(self, level: float) -> Estimate:
        return of_smooth(self.function, self.sums, self.least, self.most, level=level)

    def influence(self) -> Influence:
        value = float(np.clip(self.function(self.sums.mean(axis=0)), self.least, self.most))
        if len(self.sums) < 2:
            return Influence(value, np.zeros(1))
        pseudo = jackknifed(self.function, self.sums)
        return Influence(value, pseudo - pseudo.mean())
