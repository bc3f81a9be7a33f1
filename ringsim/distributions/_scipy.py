"""Wrappers of scipy's distributions."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np

from ringsim._checks import is_number
from ringsim.distributions._base import Distribution, FloatArray
from ringsim.distributions._families import PLAIN
from ringsim.distributions._inverses import (
    FAST_INVERSE,
    SearchedInverse,
    check_inverse_speed,
    has_inverse,
    is_continuous,
    is_searched,
)
from ringsim.errors import ConfigurationError, did_you_mean

DEFAULTS = {"loc": 0.0, "scale": 1.0}  # of every scipy distribution


@runtime_checkable
class FrozenScipy(Protocol):
    """The part of a frozen scipy.stats distribution that ringsim uses."""

    dist: Any
    args: tuple[Any, ...]
    kwds: dict[str, Any]

    def ppf(self, q: Any) -> Any: ...
    def isf(self, q: Any) -> Any: ...
    def mean(self) -> Any: ...
    def support(self) -> tuple[Any, Any]: ...


class _ScipyDistribution(Distribution):
    """Base class of wrappers of scipy's distributions, named or not."""

    @property
    @abstractmethod
    def _frozen(self) -> FrozenScipy:
        """The wrapped distribution of scipy."""

    @cached_property
    def _inverse(self) -> FrozenScipy | SearchedInverse:
        family, parameters = self._frozen.dist, _parameters(self._frozen)
        return SearchedInverse(self._frozen) if is_searched(family, parameters) else self._frozen

    def ppf(self, u: FloatArray) -> FloatArray:
        """Return the durations [s] at uniform numbers in [0, 1), elementwise.

        At u = 0, scipy's discrete distributions return one less than the smallest value;
        this method returns the smallest value.
        """
        with np.errstate(all="ignore"):  # an overflow gives inf
            drawn = np.maximum(self._inverse.ppf(u), self._frozen.support()[0])
        return np.asarray(drawn, dtype=np.float64)

    def isf(self, distance: FloatArray) -> FloatArray:
        return np.asarray(self._inverse.isf(distance), dtype=np.float64)

    def mean(self) -> float:
        with np.errstate(all="ignore"):
            return float(self._frozen.mean())


@dataclass(frozen=True)
class NamedScipy(_ScipyDistribution):
    """A distribution of scipy.stats, given by its name and parameters.

    The constructor does not check them and does not import scipy; use `as_distribution`.
    """

    name: str
    parameters: tuple[tuple[str, float], ...]

    @cached_property
    def _frozen(self) -> FrozenScipy:
        frozen: FrozenScipy = _family(self.name)(**dict(self.parameters))
        return frozen

    def to_file(self) -> Any:
        return {"dist": self.name, **dict(self.parameters)}

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value:g}' for key, value in self.parameters)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return NamedScipy, (self.name, self.parameters)


@dataclass(frozen=True)
class CustomScipy(_ScipyDistribution):
    """A scipy distribution without a name in scipy.stats: a histogram, or a user's own class.

    It equals only a wrapper of the same object, and cannot be written to a file.
    """

    frozen: FrozenScipy

    def __post_init__(self) -> None:
        name = type(self.frozen.dist).__name__
        _check_support(lambda: self.frozen, name)
        if not has_inverse(self.frozen.dist):
            raise ConfigurationError(
                "",
                f"must have {FAST_INVERSE}",
                name,
                "Give it a _ppf, or a _cdf if it is continuous.",
            )

    @property
    def _frozen(self) -> FrozenScipy:
        return self.frozen

    def to_file(self) -> Any:
        raise ConfigurationError(
            "",
            "must be in scipy.stats by name to be written to a file",
            type(self.frozen.dist).__name__,
            "Give samples of it instead.",
        )

    def __str__(self) -> str:
        return f"{type(self.frozen.dist).__name__}, mean {self.mean():g} s"

    def __reduce__(self) -> tuple[Any, ...]:
        return CustomScipy, (self.frozen,)


def named_scipy(name: str, given: Mapping[str, float]) -> NamedScipy:
    """Return a distribution of scipy.stats with its name and parameters checked.

    Its parameters are in scipy's order, without those that equal their default.

    Raises
    ------
    ConfigurationError
        If the name or a parameter is invalid, or the inverse is too slow.
    """
    family = _family(name)
    if family is None:
        raise ConfigurationError(
            "dist",
            "must be the name of a scipy.stats distribution",
            name,
            did_you_mean(name, _families()),
        )
    legal = _parameter_names(family)
    for key, value in given.items():
        if key not in legal:
            raise ConfigurationError(
                key, f"must be a parameter of {name}", value, f"They are {', '.join(legal)}."
            )
        if not (is_number(value) and math.isfinite(value)):
            raise ConfigurationError(key, "must be a finite number", value)
    for key in legal:
        if key not in given and key not in DEFAULTS:
            raise ConfigurationError(key, f"must be given for {name}")
    kept = [(key, given[key]) for key in legal if key in given and given[key] != DEFAULTS.get(key)]
    named = NamedScipy(name, tuple(kept))
    _check_support(lambda: named._frozen, str(named))
    check_inverse_speed(name, family, dict(kept), named.mean)
    return named


def wrap_frozen(frozen: FrozenScipy) -> Distribution:
    family: Any = frozen.dist
    given = _parameters(frozen)
    known: Any = _families().get(family.name)
    if type(family) is not type(known):  # not even for a subclass
        return CustomScipy(frozen)
    for key, value in given.items():
        if np.ndim(value):
            raise ConfigurationError(key, "must be one number, not an array", value)
    return named_scipy(family.name, {key: float(value) for key, value in given.items()})


def _check_support(freeze: Callable[[], FrozenScipy], described: str) -> None:
    try:
        with np.errstate(all="ignore"):
            low, high = (float(bound) for bound in freeze().support())
    except (ArithmeticError, TypeError, ValueError):
        low = high = math.nan
    if math.isnan(low) or math.isnan(high):
        raise ConfigurationError("", "must have parameters that scipy accepts", described)
    if low < 0:
        raise ConfigurationError(
            "",
            f"must have no negative values, but reaches down to {low:g}",
            described,
            "A duration cannot be negative: try lognorm, gamma or truncnorm.",
        )


def is_unfrozen(value: object) -> bool:
    """Return True for a scipy distribution without shape parameters that was not frozen."""
    return hasattr(value, "ppf") and getattr(value, "shapes", "") is None and callable(value)


def _parameters(frozen: FrozenScipy) -> dict[str, Any]:
    """Return the parameters of a frozen distribution that were given, by name."""
    return {**dict(zip(_parameter_names(frozen.dist), frozen.args, strict=False)), **frozen.kwds}


def _parameter_names(family: Any) -> tuple[str, ...]:
    shapes = tuple(name.strip() for name in family.shapes.split(",")) if family.shapes else ()
    return (*shapes, "loc", "scale") if is_continuous(family) else (*shapes, "loc")


def _family(name: str) -> Any:
    """Return a family by name, without an import of scipy.stats if it needs none; or None."""
    return PLAIN.get(name) or _families().get(name)


@cache
def _families() -> dict[str, Any]:
    """Return the distributions of scipy.stats, by name."""
    from scipy import stats

    kinds = (stats.rv_continuous, stats.rv_discrete)
    found = {name: getattr(stats, name) for name in dir(stats)}
    return {name: family for name, family in found.items() if isinstance(family, kinds)}
