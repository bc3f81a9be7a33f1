"""Checks of types and nesting that all validation shares."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

__all__ = [
    "as_float",
    "is_integer",
    "is_nested_deeper",
    "is_number",
    "number_or_duration",
    "seconds_of",
]

HOLDERS = (Mapping, list, tuple)

CLOCK = re.compile(r"(?:([0-9]+):)?([0-9]+):([0-5][0-9](?:\.[0-9]+)?)")
UNITS = {"h|hrs?|hours?": 3600, "m|mins?|minutes?": 60, "s|secs?|seconds?": 1}
WITH_UNITS = re.compile(
    " ?".join(rf"(?:([0-9]+(?:\.[0-9]+)?) ?(?:{names}))?" for names in UNITS)
)  # one group for each unit


def is_number(value: object) -> bool:
    """Return True for a real number, numpy's included, and False for a bool."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_integer(value: object) -> bool:
    """Return True for an integer, numpy's included, and False for a bool."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def as_float(value: Any) -> float:
    """Convert a number to a float; return any other value unchanged, for a later check.

    An integer too large for a float becomes an infinity.
    """
    try:
        return float(value) if is_number(value) else value
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def seconds_of(value: Any) -> Any:
    """Convert a duration written as text to seconds; return any other value unchanged.

    The text is minutes and seconds, hours, minutes and seconds, or numbers with units, the
    largest first: `h`, `hr` or `hours`; `m`, `min` or `minutes`; `s`, `sec` or `seconds`.

    Examples
    --------
    >>> [seconds_of(text) for text in ("3:00", "1:30:00", "2 min", "0.5 h", "45s", 45)]
    [180.0, 5400.0, 120.0, 1800.0, 45.0, 45]
    >>> [seconds_of(text) for text in ("3m", "2m30s", "1 h 30 min")]
    [180.0, 150.0, 5400.0]
    >>> seconds_of("soon")
    'soon'
    """
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    if match := CLOCK.fullmatch(text):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + seconds
    if text and (match := WITH_UNITS.fullmatch(text)):
        parts = zip(match.groups(), UNITS.values(), strict=True)
        return sum(float(number) * size for number, size in parts if number)
    return value


def is_nested_deeper(value: object, levels: int) -> bool:
    """Return True if tables and lists are nested more than `levels` deep.

    Each container is visited once per level, so that a container that contains itself also
    ends soon.
    """
    level = [value]
    for _ in range(levels + 1):
        holders = {id(holder): holder for holder in level if isinstance(holder, HOLDERS)}
        if not holders:
            return False
        level = [
            item
            for holder in holders.values()
            for item in (holder.values() if isinstance(holder, Mapping) else holder)
        ]
    return True


def number_or_duration(text: str) -> float | str:
    """Return the seconds of a number or a duration; return any other text unchanged."""
    try:
        return float(text)
    except ValueError:
        found: float | str = seconds_of(text)
        return found
