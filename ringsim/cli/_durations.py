"""Options that take a duration: seconds, `3:00` or `'2 min'`, or a distribution of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import typer

from ringsim._checks import number_or_duration
from ringsim.errors import ConfigurationError, RingsimError

__all__ = ["FORMS", "distribution_option", "duration_option"]

FORMS = "seconds, or as 3:00 or '2 min'"
DISTRIBUTION_FORMS = "seconds, or as 3:00, '2 min', mean=180 or mean=180,cv=1.2"


def duration_option(flag: str, help: str) -> Any:  # noqa: A002  # typer's own name
    """Return an option whose value is a duration.

    Parameters
    ----------
    flag : str
        The option, for its errors: `--within`.
    help : str
        What it sets, without the forms of a duration.
    """

    def seconds(value: Any) -> Any:
        found = number_or_duration(value) if isinstance(value, str) else value
        if isinstance(found, str):
            wrong = ConfigurationError(flag, f"must be in {FORMS}", value)
            raise RingsimError(str(wrong))  # typer replaces a ValueError by a sentence of its own
        return found

    told = f"{help} In {FORMS}."
    return typer.Option(flag, metavar="DURATION", parser=seconds, help=told)


def distribution_option(option: str, text: str) -> Any:
    """Return the distribution written as `180`, `inf`, `mean=180,cv=1.2` or in JSON.

    A talk time may also be a list, `120,180` or in JSON: one for each interval.
    """
    from ringsim.distributions import FORMS as PYTHON_FORMS
    from ringsim.distributions import as_distribution, by_interval

    converted = by_interval if option == "--talk-time" else as_distribution
    value: Any = text.strip()
    try:
        if value.startswith(("{", "[")):
            value = json.loads(value)
        elif "," in value and "=" not in value:
            value = _durations(value)
        elif "=" not in value:
            value = number_or_duration(value)
        return converted(value)
    except json.JSONDecodeError:
        raise ConfigurationError(option, "must be a number, or a table in JSON", text) from None
    except ConfigurationError as wrong:
        typed = isinstance(value, str) and isinstance(wrong.got, Mapping)  # as `median=180`
        if wrong.constraint == f"must be {PYTHON_FORMS}" or typed:
            got = text if typed else wrong.got
            wrong = ConfigurationError(wrong.subject, f"must be in {DISTRIBUTION_FORMS}", got)
        raise wrong.inside(option) from None


def _durations(text: str) -> list[float | str]:
    """Return the durations of a list written as `120,180`; a decimal comma is no list."""
    parts = [each.strip() for each in text.split(",")]
    with_unit = [each[-1:].isalpha() for each in parts if number_or_duration(each) != each]
    if any(with_unit) and not all(with_unit):
        raise ConfigurationError(
            "",
            "must have a unit at every duration of the list, or at none",
            text,
            "Write decimals with a point: 3.5 min.",
        )
    return [number_or_duration(each) for each in parts]
