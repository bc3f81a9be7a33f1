"""The base class of distributions, and the distributions that do not use scipy.stats."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim._checks import as_float, is_number, seconds_of
from ringsim._sentences import counted
from ringsim.errors import ConfigurationError

FloatArray: TypeAlias = NDArray[np.float64]

LARGEST_CV = 1000.0
FORMS = (
    "a number of seconds, a frozen scipy.stats distribution, ringsim.lognormal(mean=, cv=), "
    "ringsim.Empirical(samples), or one of their file forms"
)


class Distribution(ABC):
    """A non-negative duration [s] that varies from draw to draw.

    Instances with equal parameters are equal.
    """

    @abstractmethod
    def ppf(self, u: FloatArray) -> FloatArray:
        """Return the durations [s] at uniform numbers in [0, 1), elementwise."""

    def isf(self, distance: FloatArray) -> FloatArray:
        """Return `ppf(1 - distance)`; subclasses make it exact for small distances if they can."""
        return self.ppf(1 - distance)

    @abstractmethod
    def mean(self) -> float:
        """Return the expected duration [s]; inf if it does not exist."""

    @abstractmethod
    def to_file(self) -> Any:
        """Return the form for a scenario file: a number, `"inf"` or a table."""


@dataclass(frozen=True)
class Constant(Distribution):
    """A constant duration [s]; `inf` means never (an answer) or for ever (patience)."""

    value: float

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.full(np.shape(u), self.value, dtype=np.float64)

    def mean(self) -> float:
        return self.value

    def to_file(self) -> Any:
        return "inf" if math.isinf(self.value) else self.value

    def __str__(self) -> str:
        return f"{self.value:g} s"


@dataclass(frozen=True)
class Lognormal(Distribution):
    """A lognormal distribution, given by its mean [s] and its coefficient of variation."""

    mean_time: float
    cv: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean_time", as_mean(self.mean_time))
        if not (is_number(self.cv) and 0 <= self.cv <= LARGEST_CV):
            raise ConfigurationError("cv", f"must be between 0 and {LARGEST_CV:g}", self.cv)

    def ppf(self, u: FloatArray) -> FloatArray:
        from scipy.special import ndtri

        return self._at(ndtri(u))

    def isf(self, distance: FloatArray) -> FloatArray:
        from scipy.special import ndtri

        return self._at(-ndtri(distance))

    def _at(self, z: FloatArray) -> FloatArray:
        """Return the durations [s] at quantiles of the standard normal distribution."""
        variance = math.log1p(self.cv**2)
        if variance == 0:
            return np.full(np.shape(z), self.mean_time, dtype=np.float64)
        location = math.log(self.mean_time) - variance / 2
        with np.errstate(over="ignore"):  # an overflow gives inf
            drawn: FloatArray = np.exp(location + math.sqrt(variance) * z)
        return drawn

    def mean(self) -> float:
        return self.mean_time

    def to_file(self) -> Any:
        return {"mean": self.mean_time, "cv": self.cv}

    def __str__(self) -> str:
        return f"lognormal, mean {self.mean_time:g} s, cv {self.cv:g}"


def lognormal(*, mean: float, cv: float) -> Lognormal:
    """Return a lognormal distribution, given by figures that are usually known of talk times.

    Parameters
    ----------
    mean : float
        Mean [s], positive.
    cv : float
        Coefficient of variation, standard deviation / mean; with 0 all durations are equal.

    Raises
    ------
    ConfigurationError
        If `mean` is not positive and finite, or `cv` is not between 0 and 1000.

    Examples
    --------
    >>> lognormal(mean=180, cv=1.2).mean()
    180.0
    """
    return Lognormal(as_float(mean), as_float(cv))


@dataclass(frozen=True, init=False)
class Empirical(Distribution):
    """Measured durations, resampled with replacement.

    Parameters
    ----------
    samples : sequence of float
        At least one duration [s], in any order; `inf` is allowed.

    Examples
    --------
    >>> Empirical([30, 10, 20]) == Empirical([10, 20, 30])
    True
    """

    samples: tuple[float, ...]

    def __init__(self, samples: Sequence[float] | NDArray[Any]) -> None:
        given = as_list(samples, "samples", "must be a list of durations in seconds")
        values = [as_duration(value, f"samples[{i}]") for i, value in enumerate(given)]
        if not values:
            raise ConfigurationError("samples", "must hold at least one duration", [])
        object.__setattr__(self, "samples", tuple(sorted(values)))

    @cached_property
    def _sorted(self) -> FloatArray:
        return np.array(self.samples, dtype=np.float64)

    def ppf(self, u: FloatArray) -> FloatArray:
        drawn: FloatArray = self._sorted[(np.asarray(u) * len(self.samples)).astype(np.int64)]
        return drawn

    def mean(self) -> float:
        with np.errstate(over="ignore"):  # an overflow gives inf
            return float(self._sorted.mean())

    def to_file(self) -> Any:
        return {"samples": ["inf" if math.isinf(value) else value for value in self.samples]}

    def __str__(self) -> str:
        return f"{counted(len(self.samples), 'sample')}, mean {self.mean():g} s"


def as_list(value: Any, subject: str, constraint: str) -> list[Any]:
    """Return the elements of an iterable that is not a string, bytes, a mapping or a set.

    A set has lost the order of its values, and values that were given twice.

    Raises
    ------
    ConfigurationError
        If the value is not such an iterable.
    """
    if not isinstance(value, (str, bytes, Mapping, Set)):
        try:
            return list(value)
        except TypeError:
            pass
    raise ConfigurationError(subject, constraint, value)


def as_mean(value: object) -> float:
    """Return a mean [s] as a float; raise `ConfigurationError` unless it is in (0, inf)."""
    mean = as_float(seconds_of(value))
    if not (is_number(mean) and 0 < mean < math.inf):
        raise ConfigurationError("mean", "must be a positive finite number of seconds", mean)
    return mean


def as_duration(value: object, subject: str) -> float:
    """Return a duration [s] as a float; it must be a number of at least 0, or `"inf"`."""
    if isinstance(value, str) and value == "inf":
        return math.inf
    number = as_float(seconds_of(value))
    if not is_number(number):
        what = f"must be {FORMS}" if not subject else "must be a number of seconds"
        raise ConfigurationError(subject, what, value)
    if not number >= 0:
        raise ConfigurationError(subject, "must be a number of seconds, at least 0", value)
    return number
