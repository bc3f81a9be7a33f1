"""Checks of the formulas' arguments, which return plain ints and floats.

Each function raises `ConfigurationError` if the argument is invalid.
"""

from __future__ import annotations

import math

from ringsim._checks import as_float, is_integer, is_number
from ringsim.errors import ConfigurationError

__all__ = [
    "MOST_MEMBERS",
    "as_amount",
    "as_fraction",
    "as_load",
    "as_members",
    "as_patience",
    "as_recall",
    "as_seconds",
    "as_threshold",
]

MOST_MEMBERS = 1_000_000  # a formula allocates arrays with one float per member


def as_members(n: float, least: int, subject: str = "n") -> int:
    """Return a number of members, or of places, as an int."""
    if not is_integer(n) or not least <= n <= MOST_MEMBERS:
        raise ConfigurationError(
            subject, f"must be a whole number from {least} to {MOST_MEMBERS}", n
        )
    return int(n)


def as_load(load: float) -> float:
    return as_amount(load, "load", "must be a finite number of erlang, at least 0")


def as_amount(value: float, subject: str, constraint: str) -> float:
    """Return a finite number of at least 0 as a float."""
    number = _number(value)
    if not 0 <= number < math.inf:
        raise ConfigurationError(subject, constraint, value)
    return number


def as_seconds(value: float, subject: str, hint: str = "") -> float:
    """Return a positive finite duration [s] as a float."""
    number = _number(value)
    if not 0 < number < math.inf:
        raise ConfigurationError(
            subject, "must be a positive finite number of seconds", value, hint
        )
    return number


def as_patience(patience: float) -> float:
    number = _number(patience)
    if not number > 0:
        raise ConfigurationError(
            "patience", "must be a positive number of seconds, or inf", patience
        )
    return number


def as_threshold(within: float) -> float:
    number = _number(within)
    if not number >= 0:
        raise ConfigurationError("within", "must be a number of seconds, at least 0", within)
    return number


def as_fraction(target: float, hint: str) -> float:
    """Return a target strictly between 0 and 1; the hint tells why 0 and 1 are impossible."""
    number = _number(target)
    if not 0 < number < 1:
        raise ConfigurationError("target", "must be more than 0 and less than 1", target, hint)
    return number


def as_recall(recall: float) -> float:
    number = _number(recall)
    if not 0 <= number <= 1:
        raise ConfigurationError("recall", "must be between 0 and 1", recall)
    return number


def _number(value: float) -> float:
    """Convert a number to a float and anything else to NaN, which fails every check."""
    return as_float(value) if is_number(value) else math.nan
