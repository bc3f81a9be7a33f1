"""Callers who try again, as an option: `--redial 'probability=0.4 delay=300'`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringsim.cli._durations import distribution_option
from ringsim.cli._parse import value_of
from ringsim.errors import ConfigurationError, check_choice
from ringsim.scenario import Demand, Redial

__all__ = ["redial_of", "with_redials"]

OPTION = "--redial"
EXAMPLE = f"Write {OPTION} 'probability=0.4 delay=300'."


def with_redials(demand: Mapping[str, Demand], texts: Mapping[str, str]) -> dict[str, Demand]:
    """Return the demand of each group, whose callers try again as the option says by group.

    Raises
    ------
    ConfigurationError
        If a text is no redial, or nobody calls its group.
    """
    found = dict(demand)
    for number, text in texts.items():
        redial = redial_of(text)
        if number not in found:
            raise ConfigurationError(
                OPTION,
                "must be for a group that somebody calls",
                text,
                f"Give --calls-per-hour {number}=40 --talk-time 180, for instance.",
            )
        found[number] = found[number].replace(redial=redial)
    return found


def redial_of(text: str) -> Redial:
    """Return the redial written as fields with their values, apart by spaces.

    The delay is written as a talk time is: `300`, `5:00` or `mean=300,cv=1`.

    Raises
    ------
    ConfigurationError
        If the text has another form, or a field is invalid.

    Examples
    --------
    >>> redial_of("probability=0.4 delay=5:00 max_attempts=3").max_attempts
    3
    """
    fields: dict[str, Any] = {}
    for part in text.split():
        name, equals, value = part.partition("=")
        if not (name and equals and value):
            raise ConfigurationError(OPTION, "must be NAME=VALUE NAME=VALUE", text, EXAMPLE)
        check_choice(OPTION, name, tuple(Redial.model_fields))
        if name in fields:
            raise ConfigurationError(OPTION, f"must not give {name} twice", text)
        of_delay = name == "delay"
        fields[name] = distribution_option(f"{OPTION} delay", value) if of_delay else _value(value)
    if not {"probability", "delay"} <= fields.keys():
        raise ConfigurationError(OPTION, "must give probability and delay", text, EXAMPLE)
    try:
        return Redial(**fields)
    except ConfigurationError as wrong:
        raise ConfigurationError(
            f"{OPTION} {wrong.subject}", wrong.constraint, wrong.got, wrong.hint
        ) from None


def _value(text: str) -> Any:
    """Return the value of a field; several outcomes are apart by commas."""
    return text.split(",") if "," in text else value_of(text)
