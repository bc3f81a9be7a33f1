"""Distributions of durations: talk times, patience, answer delays.

`Distribution`
    Base class of all distributions. Unlike frozen distributions of scipy, two instances with
    equal parameters are equal, and instances can be written to files.
`as_distribution`
    Converts a number, a frozen scipy distribution, samples or a form for files.
`ByInterval`
    One distribution for each interval in which calls arrive.
`lognormal`, `Empirical`
    Two distributions that are inconvenient in scipy: lognormal by mean and coefficient of
    variation, and measured samples.
`scaled`
    Multiplies a distribution by a factor.

A distribution is drawn by its inverse at one uniform number (see `ringsim.workload`), so that
it needs only `ppf`. scipy is imported on first use, because its import takes longer than that
of all the rest of ringsim.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from ringsim._checks import as_float, is_number, number_or_duration
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
from ringsim.distributions._by_interval import ByInterval
from ringsim.distributions._scaled import scaled
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
    "ByInterval",
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
    "by_interval",
    "is_unfrozen",
    "lognormal",
    "named_scipy",
    "scaled",
    "table_of",
    "wrap_frozen",
]

DistributionLike: TypeAlias = (
    "Distribution | FrozenScipy | float | str | Mapping[str, Any]"  # accepted from users
)


def as_distribution(value: DistributionLike) -> Distribution:
    """Convert a value to a `Distribution`.

    Parameters
    ----------
    value : float, frozen scipy distribution, Distribution, mapping or "inf"
        A number is a constant [s]. Mappings are the forms for files:
        `{"dist": "lognorm", "s": 0.9, "scale": 150}`, `{"mean": 60}` (exponential),
        `{"mean": 180, "cv": 1.2}` (lognormal) and `{"samples": [...]}`. The first three may be
        written as text: `"mean=180,cv=1.2"`.

    Raises
    ------
    ConfigurationError
        If the value has none of these forms, parameters are unknown or missing, or
        durations could be negative.

    Examples
    --------
    >>> as_distribution({"dist": "expon", "scale": 60}).mean()
    60.0
    """
    if isinstance(value, Distribution):
        return value
    if isinstance(value, Mapping):
        return _from_file(value)
    if isinstance(value, str) and "=" in value:
        return _from_file(table_of(value))
    if isinstance(value, str) or is_number(value):
        return Constant(as_duration(value, ""))
    frozen: Any = value() if callable(value) and is_unfrozen(value) else value
    if isinstance(frozen, FrozenScipy):
        return wrap_frozen(frozen)
    raise ConfigurationError("", f"must be {FORMS}", value)


def table_of(text: str) -> dict[str, Any]:
    """Return the table written as `mean=180,cv=1.2`: its values are numbers or text.

    Raises
    ------
    ConfigurationError
        If a name is given twice.
    """
    table: dict[str, Any] = {}
    for key, _, given in (part.partition("=") for part in text.split(",")):
        if key.strip() in table:
            raise ConfigurationError(key.strip(), "must not be given twice", text)
        table[key.strip()] = number_or_duration(given.strip())
    return table


def by_interval(value: Any) -> Distribution:
    """Convert a value to a `Distribution`; a list, to one for each interval of arrival.

    Raises
    ------
    ConfigurationError
        If the list is empty, or a value is not a distribution.

    Examples
    --------
    >>> str(by_interval([120, 180]))
    'by interval, mean 120 to 180 s'
    """
    if not isinstance(value, (list, tuple)):
        return as_distribution(value)
    if not value:
        raise ConfigurationError("", "must have a value for each interval", value)
    parts = []
    for index, each in enumerate(value):
        try:
            parts.append(as_distribution(each))
        except ConfigurationError as wrong:
            raise wrong.inside(f"[{index}]") from None
    return ByInterval(tuple(parts))


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
