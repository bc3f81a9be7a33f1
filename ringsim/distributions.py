"""Durations that vary: what stands behind every talk time, patience and answer delay.

`Distribution`
    The wrapper around anything that can be given as a distribution. Wrapping makes equal
    distributions equal (two frozen `expon(scale=60)` of scipy are not) and lets them
    travel through files.
`as_distribution`
    A number, a frozen scipy distribution, samples or their file form, wrapped.
`lognormal`, `Empirical`
    The two that have no handy form in scipy.

Every distribution is drawn by its inverse at one uniform number (see `ringsim.workload`),
so all that is asked of it is `ppf`. scipy is imported when the first one needs it: it takes
longer to import than all the rest of ringsim.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ringsim.checks import is_number
from ringsim.errors import ConfigurationError, did_you_mean

__all__ = [
    "Constant",
    "Distribution",
    "DistributionLike",
    "Empirical",
    "Lognormal",
    "Named",
    "Unnamed",
    "as_distribution",
    "listed",
    "lognormal",
]

FloatArray: TypeAlias = NDArray[np.float64]

LARGEST_CV = 1000.0
FORMS = (
    "a number of seconds, a frozen scipy.stats distribution, ringsim.lognormal(mean=, cv=), "
    "ringsim.Empirical(samples), or one of their file forms"
)


class Distribution(ABC):
    """A non-negative duration [s] that varies from draw to draw.

    Instances compare equal when they were given equal parameters.
    """

    @abstractmethod
    def ppf(self, u: FloatArray) -> FloatArray:
        """Durations [s] at the uniform numbers `u` in [0, 1), element by element."""

    def isf(self, distance: FloatArray) -> FloatArray:
        """`ppf(1 - distance)`, exact for small distances where the distribution knows how."""
        return self.ppf(1 - distance)

    @abstractmethod
    def mean(self) -> float:
        """Expected duration [s]; inf where there is none."""

    @abstractmethod
    def to_file(self) -> Any:
        """The form it has in a scenario file: a number, `"inf"` or a table."""


@dataclass(frozen=True)
class Constant(Distribution):
    """Always the same duration; `inf` is never (an answer) or for ever (patience)."""

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
    """A lognormal distribution by its mean [s] and its coefficient of variation."""

    mean_time: float
    cv: float

    def __post_init__(self) -> None:
        if not (is_number(self.mean_time) and 0 < self.mean_time < math.inf):
            raise ConfigurationError(
                "mean", "must be a positive finite number of seconds", self.mean_time
            )
        if not (is_number(self.cv) and 0 <= self.cv <= LARGEST_CV):
            raise ConfigurationError("cv", f"must be between 0 and {LARGEST_CV:g}", self.cv)

    def ppf(self, u: FloatArray) -> FloatArray:
        from scipy.special import ndtri

        return self._at(ndtri(u))

    def isf(self, distance: FloatArray) -> FloatArray:
        from scipy.special import ndtri

        return self._at(-ndtri(distance))

    def _at(self, z: FloatArray) -> FloatArray:
        """The duration at quantiles of the normal distribution."""
        variance = math.log1p(self.cv**2)
        if variance == 0:
            return np.full(np.shape(z), self.mean_time, dtype=np.float64)
        middle = math.log(self.mean_time) - variance / 2
        drawn: FloatArray = np.exp(middle + math.sqrt(variance) * z)
        return drawn

    def mean(self) -> float:
        return self.mean_time

    def to_file(self) -> Any:
        return {"mean": self.mean_time, "cv": self.cv}

    def __str__(self) -> str:
        return f"lognormal, mean {self.mean_time:g} s, cv {self.cv:g}"


def lognormal(*, mean: float, cv: float) -> Lognormal:
    """A lognormal distribution by what people know of talk times.

    Parameters
    ----------
    mean : float
        Mean [s], positive.
    cv : float
        Coefficient of variation, standard deviation / mean; 0 makes it a constant.

    Raises
    ------
    ConfigurationError
        When `mean` is not positive and finite, or `cv` is not between 0 and 1000.

    Examples
    --------
    >>> lognormal(mean=180, cv=1.2).mean()
    180.0
    """
    return Lognormal(_float(mean), _float(cv))


@dataclass(frozen=True, init=False)
class Empirical(Distribution):
    """Measured durations, resampled with replacement.

    Parameters
    ----------
    samples : sequence of float
        At least one duration [s]; their order means nothing, `inf` may be among them.

    Examples
    --------
    >>> Empirical([30, 10, 20]) == Empirical([10, 20, 30])
    True
    """

    samples: tuple[float, ...]

    def __init__(self, samples: Sequence[float] | NDArray[Any]) -> None:
        given = listed(samples, "samples", "must be a list of durations in seconds")
        values = [_duration(value, f"samples[{i}]") for i, value in enumerate(given)]
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
        return float(self._sorted.mean())

    def to_file(self) -> Any:
        return {"samples": ["inf" if math.isinf(value) else value for value in self.samples]}

    def __str__(self) -> str:
        return f"{len(self.samples)} samples, mean {self.mean():g} s"


def listed(value: Any, subject: str, constraint: str) -> list[Any]:
    """The elements of a list, an array or anything else that can be gone through."""
    if not isinstance(value, (str, bytes, Mapping)):
        try:
            return list(value)
        except TypeError:
            pass
    raise ConfigurationError(subject, constraint, value)


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


DistributionLike: TypeAlias = (
    "Distribution | FrozenScipy | float | str | Mapping[str, Any]"  # what users may give
)


def as_distribution(value: DistributionLike) -> Distribution:
    """Anything that can stand for a duration, as a `Distribution`.

    Parameters
    ----------
    value : float, frozen scipy distribution, Distribution, mapping or "inf"
        A number is a constant. Mappings are the file forms
        `{"dist": "lognorm", "s": 0.9, "scale": 150}`, `{"mean": 180, "cv": 1.2}` and
        `{"samples": [...]}`.

    Raises
    ------
    ConfigurationError
        When it is none of these, when parameters are unknown or missing, or when it could
        be negative.

    Examples
    --------
    >>> as_distribution({"dist": "expon", "scale": 60}).mean()
    60.0
    """
    if isinstance(value, Distribution):
        return value
    if isinstance(value, Mapping):
        return _from_file(value)
    if isinstance(value, str) or is_number(value):
        return Constant(_duration(value, ""))
    frozen: Any = value() if callable(value) and _is_unfrozen(value) else value
    if isinstance(frozen, FrozenScipy):
        return _wrapped(frozen)
    raise ConfigurationError("", f"must be {FORMS}", value)


def _float(value: Any) -> float:
    """A number as a float; anything else untouched, for the check that follows to refuse."""
    try:
        return float(value) if is_number(value) else value
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _duration(value: object, subject: str) -> float:
    """A duration [s]: a number of at least 0, or `"inf"`."""
    if isinstance(value, str) and value == "inf":
        return math.inf
    number = _float(value)
    if not is_number(number):
        what = f"must be {FORMS}" if not subject else "must be a number of seconds"
        raise ConfigurationError(subject, what, value)
    if not number >= 0:
        raise ConfigurationError(subject, "must be a number of seconds, at least 0", value)
    return number


def _from_file(table: Mapping[str, Any]) -> Distribution:
    keys = set(table)
    if "dist" in keys:
        name = table["dist"]
        if not isinstance(name, str):
            raise ConfigurationError("dist", "must be the name of a distribution", name)
        parameters = {key: _float(value) for key, value in table.items() if key != "dist"}
        return _named(name, parameters)
    if keys == {"mean", "cv"}:
        return lognormal(mean=table["mean"], cv=table["cv"])
    if keys == {"samples"}:
        return Empirical(table["samples"])
    raise ConfigurationError(
        "",
        'must be a table with "dist" and its parameters, with "mean" and "cv", or with "samples"',
        dict(table),
    )


def _named(name: str, given: Mapping[str, float]) -> Named:
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
    return named


def _wrapped(frozen: FrozenScipy) -> Distribution:
    family: Any = frozen.dist
    names = _parameter_names(family)
    given = {**dict(zip(names, frozen.args, strict=False)), **frozen.kwds}
    known: Any = _families().get(family.name)
    if type(family) is not type(known):  # nor one derived from it
        return Unnamed(frozen)
    for key, value in given.items():
        if np.ndim(value):
            raise ConfigurationError(key, "must be one number, not an array", value)
    return _named(family.name, {key: float(value) for key, value in given.items()})


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


def _is_unfrozen(value: object) -> bool:
    """Whether it is a distribution of scipy that has no parameters and was not frozen."""
    return hasattr(value, "ppf") and getattr(value, "shapes", "") is None and callable(value)


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
