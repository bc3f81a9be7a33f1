"""Values of an option by group, written as `600=VALUE`."""

from __future__ import annotations

from collections.abc import Sequence

from ringsim.errors import ConfigurationError

__all__ = ["per_group"]


def per_group(option: str, texts: Sequence[str], numbers: Sequence[str]) -> dict[str, str]:
    """Return the value of an option by group: `["600=40"]` is `{"600": "40"}`.

    If there is only one group, `["40"]` is enough.

    Raises
    ------
    ConfigurationError
        If there is no group with a number, or a text names none of several groups.
    """
    found: dict[str, str] = {}
    for text in texts:
        number, equals, value = text.partition("=")
        if not (equals and number.strip().isdigit()):
            if len(numbers) != 1:
                raise ConfigurationError(
                    option,
                    f"must say which of the {len(numbers)} groups it is for",
                    text,
                    f"Write {option} {numbers[0]}={text.strip() or 'VALUE'}.",
                )
            number, value = numbers[0], text
        number = number.strip()
        if number not in numbers:
            raise ConfigurationError(
                option,
                "must be for a group of the file",
                text,
                f"Its groups are {', '.join(numbers)}.",
            )
        if number in found:
            raise ConfigurationError(option, "must not be given twice for a group", text)
        found[number] = value
    return found
