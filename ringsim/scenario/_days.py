"""Weekdays of a scenario: settings that differ by day, and the scenario of one day.

`WEEKDAYS`
    Names of weekdays, from `mon` to `sun`.
`weekdays_of`
    Validate the names of a scenario's days.
`by_weekday`
    Make a validator of a setting that may be a table with a value for each weekday.
`values_of`, `value_on`
    Return the values of such a setting by day, or the one of one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from ringsim.distributions import as_list
from ringsim.errors import ConfigurationError, did_you_mean

__all__ = ["WEEKDAYS", "by_weekday", "checked_weekday", "value_on", "values_of", "weekdays_of"]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def checked_weekday(name: Any, subject: str, among: Iterable[str] = WEEKDAYS) -> str:
    """Return the name of a weekday.

    Raises
    ------
    ConfigurationError
        If the name is not among the given ones.
    """
    known = list(among)
    if not isinstance(name, str) or name not in known:
        short = name[:3].lower() if isinstance(name, str) else ""
        hint = f"Did you mean {short!r}?" if short in known else did_you_mean(name, known)
        raise ConfigurationError(subject, f"must be one of {', '.join(known)}", name, hint)
    return name


def weekdays_of(value: Any) -> tuple[str, ...]:
    """Return the names of weekdays in the order of the week; each may be given once.

    Raises
    ------
    ConfigurationError
        If the value is not a list of different weekdays.
    """
    names = as_list(value, "", 'must be a list of weekdays such as ["mon", "tue"]')
    for index, name in enumerate(names):
        checked_weekday(name, f"[{index}]")
        if name in names[:index]:
            raise ConfigurationError(f"[{index}]", "must not be listed twice", name)
    return tuple(sorted(names, key=WEEKDAYS.index))


def by_weekday(validate: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a validator of a value, or of a table with such a value for each weekday."""

    def check(value: Any) -> Any:
        if hasattr(value, "columns") and hasattr(value, "to_dict"):  # a table of pandas
            value = value.to_dict("list")
        if not isinstance(value, Mapping):
            return validate(value)
        if not value:
            raise ConfigurationError("", "must name at least one weekday", value)
        found = {}
        for name, of_day in value.items():
            checked_weekday(name, "")
            try:
                found[name] = validate(of_day)
            except ConfigurationError as wrong:
                raise wrong.inside(name) from None
            if found[name] is None:
                raise ConfigurationError(name, "must be given")
        return {name: found[name] for name in WEEKDAYS if name in found}

    return check


def values_of(value: Any) -> dict[str | None, Any]:
    """Return the values of a setting by weekday; by None if it is the same on all days."""
    return dict(value) if isinstance(value, Mapping) else {None: value}


def value_on(value: Any, day: str | None, subject: str) -> Any:
    """Return the value of a setting on a weekday; None is the day of a scenario without days.

    Raises
    ------
    ConfigurationError
        If the setting differs by weekday and has no value for this day.
    """
    if not isinstance(value, Mapping):
        return value
    if day is None:
        raise ConfigurationError(
            subject,
            "must be the same on all days, as the scenario has no days",
            dict(value),
            f"Give days={list(value)!r}.",
        )
    if day not in value:
        raise ConfigurationError(
            f"{subject}.{day}", "must be given, as it is a day of the scenario"
        )
    return value[day]
