"""Distributions multiplied by a factor.

`scaled`
    Return a distribution whose draws are those of another one times a factor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ringsim.distributions._base import Constant, Distribution, Empirical, FloatArray, Lognormal
from ringsim.distributions._by_interval import ByInterval
from ringsim.errors import ConfigurationError

__all__ = ["Scaled", "scaled"]


def scaled(distribution: Distribution, factor: float) -> Distribution:
    """Return the distribution of `factor` times a duration; the same uniform gives the multiple.

    Examples
    --------
    >>> from ringsim.distributions import lognormal
    >>> scaled(lognormal(mean=100, cv=1), 1.5) == lognormal(mean=150, cv=1)
    True
    """
    match distribution:
        case Constant():
            return Constant(distribution.value * factor)
        case Lognormal():
            return Lognormal(distribution.mean_time * factor, distribution.cv)
        case Empirical():
            return Empirical([factor * each for each in distribution.samples])
        case ByInterval():
            parts = tuple(scaled(part, factor) for part in distribution.parts)
            return replace(distribution, parts=parts)
    return Scaled(distribution, factor)


@dataclass(frozen=True)
class Scaled(Distribution):
    """A distribution times a factor; it cannot be written to a file."""

    distribution: Distribution
    factor: float

    def ppf(self, u: FloatArray) -> FloatArray:
        return self.factor * self.distribution.ppf(u)

    def isf(self, distance: FloatArray) -> FloatArray:
        return self.factor * self.distribution.isf(distance)

    def mean(self) -> float:
        return self.factor * self.distribution.mean()

    def to_file(self) -> Any:
        raise ConfigurationError("", "must be a distribution that files can hold", str(self))

    def __str__(self) -> str:
        return f"{self.factor:g} times {self.distribution}"
