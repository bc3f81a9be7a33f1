"""Distributions of scipy.stats, wrapped by their name and parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np

from ringsim.checks import is_number
from ringsim.distributions._base import Distribution, FloatArray
from ringsim.errors import ConfigurationError, did_you_mean

# An integral or a sum of unknown length at each step of a search.
SLOW = ("ksone", "kstwo", "levy_stable", "ncf", "ncx2", "studentized_range")
DEFAULTS = {"loc": 0.0, "scale": 1.0}  # of every scipy distribution


@runtime_checkable
class FrozenScipy(Protocol):
    """What ringsim uses of a frozen distribution of scipy.stats."""

    dist: Any
    args: tuple[Any, ...]
    kwds: dict[str, Any]

    def ppf(self, q: Any) -> Any: ...
    def isf(self, q: Any) -> Any: ...
    def mean(self) -> Any: ...
    def support(self) -> tuple[Any, Any]: ...


def _inverse(frozen: FrozenScipy, u: FloatArray) -> FloatArray:
    """Its `ppf`, which of a discrete distribution is at 0 one less than it can be."""
    with np.errstate(all="ignore"):  # what is too large for a float is inf
        drawn = np.maximum(frozen.ppf(u), frozen.support()[0])
    return np.asarray(drawn, dtype=np.float64)


@dataclass(frozen=True)
class Named(Distribution):
    """A distribution of scipy.stats by its name and the parameters that were given.

    Made by `as_distribution`, which checks them; making one does not import scipy.
    """

    name: str
    parameters: tuple[tuple[str, float], ...]

    @cached_property
    def _frozen(self) -> FrozenScipy:
        frozen: FrozenScipy = _families()[self.name](**dict(self.parameters))
        return frozen

    def ppf(self, u: FloatArray) -> FloatArray:
        return _inverse(self._frozen, u)

    def isf(self, distance: FloatArray) -> FloatArray:
        return np.asarray(self._frozen.isf(distance), dtype=np.float64)

    def mean(self) -> float:
        return float(self._frozen.mean())

    def to_file(self) -> Any:
        return {"dist": self.name, **dict(self.parameters)}

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value:g}' for key, value in self.parameters)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Named, (self.name, self.parameters)


@dataclass(frozen=True)
class Unnamed(Distribution):
    """A scipy distribution that is not in scipy.stats by name: a histogram, a class of one's own.

    It is equal only to a wrapper of the same object, and has no form in a file.
    """

    frozen: FrozenScipy

    def __post_init__(self) -> None:
        _check_support(lambda: self.frozen, type(self.frozen.dist).__name__)

    def ppf(self, u: FloatArray) -> FloatArray:
        return _inverse(self.frozen, u)

    def isf(self, distance: FloatArray) -> FloatArray:
        return np.asarray(self.frozen.isf(distance), dtype=np.float64)

    def mean(self) -> float:
        return float(self.frozen.mean())

    def to_file(self) -> Any:
        raise ConfigurationError(
            "",
            "must be in scipy.stats by name to be written to a file",
            type(self.frozen.dist).__name__,
            "Give samples of it instead.",
        )

    def __str__(self) -> str:
        return f"{type(self.frozen.dist).__name__}, mean {self.mean():g} s"


def named(name: str, given: Mapping[str, float]) -> Named:
    """A distribution of scipy.stats, checked; parameters in scipy's order, defaults left out."""
    family = _families().get(name)
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
    named = Named(name, tuple(kept))
    _check_support(lambda: named._frozen, str(named))
    if name in SLOW or _is_counted_up(family):
        raise ConfigurationError(
            "dist",
            "must have an inverse (ppf) that scipy finds in time",
            name,
            'Give samples of it instead: {"samples": [...]}.',
        )
    return named


def wrapped(frozen: FrozenScipy) -> Distribution:
    family: Any = frozen.dist
    names = _parameter_names(family)
    given = {**dict(zip(names, frozen.args, strict=False)), **frozen.kwds}
    known: Any = _families().get(family.name)
    if type(family) is not type(known):  # nor one derived from it
        return Unnamed(frozen)
    for key, value in given.items():
        if np.ndim(value):
            raise ConfigurationError(key, "must be one number, not an array", value)
    return named(family.name, {key: float(value) for key, value in given.items()})


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
    """Whether it is a distribution of scipy that has no parameters and was not frozen."""
    return hasattr(value, "ppf") and getattr(value, "shapes", "") is None and callable(value)


def _is_counted_up(family: Any) -> bool:
    """Whether scipy looks for an inverse by counting, which of a heavy tail never ends."""
    from scipy import stats

    return getattr(type(family), "_ppf", None) is stats.rv_discrete._ppf


def _parameter_names(family: Any) -> tuple[str, ...]:
    shapes = tuple(name.strip() for name in family.shapes.split(",")) if family.shapes else ()
    return (*shapes, "loc", "scale") if hasattr(family, "pdf") else (*shapes, "loc")


@cache
def _families() -> dict[str, Any]:
    """The distributions of scipy.stats by name."""
    from scipy import stats

    kinds = (stats.rv_continuous, stats.rv_discrete)
    found = {name: getattr(stats, name) for name in dir(stats)}
    return {name: family for name, family in found.items() if isinstance(family, kinds)}
