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

from collections.abc import Mapping
from typing import Any, TypeAlias

from ringsim._checks import as_float, is_number
from ringsim.distributions._base import (
    FORMS,
    Constant,
    Distribution,
    Empirical,
    Lognormal,
    as_duration,
    as_list,
    as_mean,
    lognormal,
)
from ringsim.distributions._scipy import (
    CustomScipy,
    FrozenScipy,
    NamedScipy,
    is_unfrozen,
    named_scipy,
    wrap_frozen,
)
from ringsim.errors import ConfigurationError

__all__ = [
    "FORMS",
    "Constant",
    "CustomScipy",
    "Distribution",
    "DistributionLike",
    "Empirical",
    "FrozenScipy",
    "Lognormal",
    "NamedScipy",
    "as_distribution",
    "as_duration",
    "as_list",
    "as_mean",
    "is_unfrozen",
    "lognormal",
    "named_scipy",
    "wrap_frozen",
]

DistributionLike: TypeAlias = (
    "Distribution | FrozenScipy | float | str | Mapping[str, Any]"  # what users may give
)


def as_distribution(value: DistributionLike) -> Distribution:
    """Anything that can stand for a duration, as a `Distribution`.

    Parameters
    ----------
    value : float, frozen scipy distribution, Distribution, mapping or "inf"
        A number is a constant. Mappings are the file forms
        `{"dist": "lognorm", "s": 0.9, "scale": 150}`, `{"mean": 60}` (exponential),
        `{"mean": 180, "cv": 1.2}` (lognormal) and `{"samples": [...]}`.

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
        return Constant(as_duration(value, ""))
    frozen: Any = value() if callable(value) and is_unfrozen(value) else value
    if isinstance(frozen, FrozenScipy):
        return wrap_frozen(frozen)
    raise ConfigurationError("", f"must be {FORMS}", value)


def _from_file(table: Mapping[str, Any]) -> Distribution:
    keys = set(table)
    for key in keys:
        if not isinstance(key, str):
            raise ConfigurationError("", "must be keyed by strings", key)
    if "dist" in keys:
        name = table["dist"]
        if not isinstance(name, str):
            raise ConfigurationError("dist", "must be the name of a distribution", name)
        parameters = {key: as_float(value) for key, value in table.items() if key != "dist"}
        return named_scipy(name, parameters)
    if keys == {"mean", "cv"}:
        return lognormal(mean=table["mean"], cv=table["cv"])
    if keys == {"mean"}:
        return named_scipy("expon", {"scale": as_mean(table["mean"])})
    if keys == {"samples"}:
        return Empirical(table["samples"])
    raise ConfigurationError(
        "",
        'must be a table with "dist" and its parameters, with "mean" and maybe "cv", or with '
        '"samples"',
        dict(table),
    )
