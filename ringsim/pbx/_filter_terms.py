"""Filters of the PBX's collections, built from fields and values instead of pasted text.

`field`
    A field to compare: `field("ring_time").gt(10) & field("name").startswith("O'B")`.
`Filter`
    A condition; `str()` gives the PBX's text.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from ringsim.errors import ConfigurationError
from ringsim.pbx._times import written_time

__all__ = ["Filter", "Term", "field", "filter_text"]

Literal: TypeAlias = "str | int | bool | datetime | None"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Filter:
    """A condition on items of a collection.

    Combine conditions with `&`, `|` and `~`. They cannot be used as truth values.

    Examples
    --------
    >>> print(field("ring_time").gt(10) & ~field("name").contains("O'B"))
    (ring_time gt 10) and (not (contains(name,'O''B')))
    """

    text: str

    def __and__(self, other: Filter) -> Filter:
        """Return the condition that both hold."""
        return self._joined("and", other)

    def __or__(self, other: Filter) -> Filter:
        """Return the condition that at least one holds."""
        return self._joined("or", other)

    def __invert__(self) -> Filter:
        """Return the condition that this one is false; an unknown one stays unknown."""
        return Filter(f"not ({self.text})")

    def _joined(self, word: str, other: Filter) -> Filter:
        if not isinstance(other, Filter):
            raise ConfigurationError("filter", "must be joined with another filter", other)
        return Filter(f"({self.text}) {word} ({other.text})")

    def __bool__(self) -> bool:
        """Refuse to be a truth value, because `and` and `or` would drop a condition."""
        raise ConfigurationError(
            "filter", "must not be used as a truth value", self.text, "Write & for and, | for or."
        )

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Term:
    """A field of a collection, to be compared with a value."""

    name: str

    def eq(self, value: Literal) -> Filter:
        """Return the condition that the field equals the value; None is null."""
        return self._compared("eq", value)

    def ne(self, value: Literal) -> Filter:
        """Return the condition that the field differs from the value."""
        return self._compared("ne", value)

    def gt(self, value: Literal) -> Filter:
        """Return the condition that the field is greater."""
        return self._compared("gt", value)

    def ge(self, value: Literal) -> Filter:
        """Return the condition that the field is greater or equal."""
        return self._compared("ge", value)

    def lt(self, value: Literal) -> Filter:
        """Return the condition that the field is less."""
        return self._compared("lt", value)

    def le(self, value: Literal) -> Filter:
        """Return the condition that the field is less or equal."""
        return self._compared("le", value)

    def startswith(self, text: str) -> Filter:
        """Return the condition that the field starts with a text."""
        return self._called("startswith", text)

    def endswith(self, text: str) -> Filter:
        """Return the condition that the field ends with a text."""
        return self._called("endswith", text)

    def contains(self, text: str) -> Filter:
        """Return the condition that the field contains a text."""
        return self._called("contains", text)

    def _compared(self, word: str, value: Literal) -> Filter:
        if value is None and word not in ("eq", "ne"):
            raise ConfigurationError(self.name, "must be compared with None by eq or ne", word)
        return Filter(f"{self.name} {word} {_literal(self.name, value)}")

    def _called(self, function: str, text: str) -> Filter:
        if not isinstance(text, str):
            raise ConfigurationError(self.name, f"must be given text by {function}", text)
        return Filter(f"{function}({self.name},{_quoted(text)})")


def field(name: str) -> Term:
    """Return a field of a collection, to be compared with a value.

    Raises
    ------
    ConfigurationError
        If the name cannot be a field's.

    Examples
    --------
    >>> print(field("name").eq("O'Brien"))
    name eq 'O''Brien'
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ConfigurationError("field", "must be the name of a field", name)
    return Term(name)


def filter_text(condition: Filter | None) -> str | None:
    """Return the text of a filter.

    Raises
    ------
    ConfigurationError
        If it was not built by `field`.
    """
    if condition is None:
        return None
    if not isinstance(condition, Filter):
        raise ConfigurationError(
            "filter", "must be built", condition, 'Write field("name").eq("Sales"), for instance.'
        )
    return condition.text


def _literal(name: str, value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ConfigurationError(
                name, "must be compared with a time that has a time zone", value
            )
        return _quoted(written_time(value.astimezone(UTC).timestamp()))
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return str(int(value))
    if isinstance(value, float) and not math.isnan(value):
        raise ConfigurationError(name, "must be compared with a whole number", value)
    raise ConfigurationError(name, "must be compared with text, a number or a time", value)


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
