"""Kinds of values that options of `Rules` take."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

from pydantic import PlainValidator

from ringsim._checks import is_integer, is_number
from ringsim._model import plain_number
from ringsim.errors import ConfigurationError, did_you_mean

__all__ = [
    "AtOnceOption",
    "EmptyStates",
    "LevelRow",
    "LevelRows",
    "Limit",
    "OrderBy",
    "Passes",
    "Time",
    "WrapUp",
    "one_of",
]

MOST_PASSES = 10_001
LARGEST = 1e300
EMPTY_STATES = ("off_duty", "paused", "busy", "ringing", "wrap_up", "level")
LEVELS = (1, 100)


class LevelRow(NamedTuple):
    """A row of `level_rules`: which levels a call is offered to after a time in the group.

    A level is a number, or a text such as `"+1"` for one more than before; None leaves it as
    it is.
    """

    after: float
    """Applies once the call has waited longer than this in the group [s]."""
    least: int | str | None = None
    """Lowest level that may be rung."""
    most: int | str | None = None
    """Highest level that may be rung."""
    raise_to: int | str | None = None
    """Members below this level count as members of it."""


def one_of(*choices: str) -> PlainValidator:
    """Return a validator that accepts one of several texts, or None."""

    def check(value: Any) -> Any:
        if value is None or (isinstance(value, str) and value in choices):
            return value
        hint = did_you_mean(value, choices) if isinstance(value, str) else ""
        raise ConfigurationError("", f"must be one of {', '.join(choices)}", value, hint)

    return PlainValidator(check)


def _limit(value: Any) -> Any:
    """Validate a count that may be unlimited."""
    if value is None or _is_infinite(value):
        return None if value is None else math.inf
    if not is_integer(value) or not 1 <= value <= 10**9:
        raise ConfigurationError("", 'must be a whole number, at least 1, or "inf"', value)
    return plain_number(value)


def _passes(value: Any) -> Any:
    if value is None or _is_infinite(value):
        return None if value is None else math.inf
    if not is_integer(value) or not 1 <= value <= MOST_PASSES:
        raise ConfigurationError(
            "", f'must be a whole number from 1 to {MOST_PASSES}, or "inf"', value
        )
    return plain_number(value)


def _time(value: Any) -> Any:
    if value is None or _is_infinite(value):
        return None if value is None else math.inf
    if not is_number(value) or not 0 <= value <= LARGEST:
        raise ConfigurationError("", 'must be a number of seconds, at least 0, or "inf"', value)
    return plain_number(value)


def _wrap_up(value: Any) -> Any:
    if value is None or value == "drawn":
        return value
    if not is_number(value) or not 0 <= value <= LARGEST:
        raise ConfigurationError("", 'must be a number of seconds, at least 0, or "drawn"', value)
    return plain_number(value)


def _is_infinite(value: Any) -> bool:
    """Return True for an infinite number, or for `"inf"`, as files write it."""
    return value == "inf" if isinstance(value, str) else is_number(value) and value == math.inf


def _order_by(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ConfigurationError("", "must be a list of fields of a candidate", value)
    return tuple(value)


def _at_once(value: Any) -> Any:
    if value is None or value in ("ALL", "TIED"):
        return value
    if not is_integer(value) or value < 1:
        raise ConfigurationError("", "must be a number of phones, ALL or TIED", value)
    return plain_number(value)


def _states(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, (Sequence, frozenset, set)):
        raise ConfigurationError("", "must be a list of states", value)
    for state in value:
        if state not in EMPTY_STATES:
            raise ConfigurationError(
                "",
                f"must be of {', '.join(EMPTY_STATES)}",
                state,
                did_you_mean(state, EMPTY_STATES),
            )
    return tuple(state for state in EMPTY_STATES if state in value)


def _rows(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ConfigurationError("", "must be a list of rows", value)
    rows = tuple(_row(row, f"[{index}]") for index, row in enumerate(value))
    for index, (one, other) in enumerate(pairwise(rows), 1):
        if other.after < one.after:
            raise ConfigurationError(f"[{index}].after", "must not be before the row above", other)
    return rows


def _row(given: Any, subject: str) -> LevelRow:
    if isinstance(given, Mapping):
        unknown = set(given) - set(LevelRow._fields)
        if unknown or "after" not in given:
            raise ConfigurationError(
                subject, f"must have after and any of {', '.join(LevelRow._fields[1:])}", given
            )
        row = LevelRow(**given)
    elif isinstance(given, Sequence) and not isinstance(given, str) and 1 <= len(given) <= 4:
        row = LevelRow(*given)
    else:
        raise ConfigurationError(subject, "must be (after, least, most, raise_to)", given)
    if not is_number(row.after) or not 0 <= row.after <= LARGEST:
        raise ConfigurationError(
            f"{subject}.after", "must be a finite number of seconds, at least 0", row.after
        )
    for field in LevelRow._fields[1:]:
        level = getattr(row, field)
        if level is None or (is_integer(level) and LEVELS[0] <= level <= LEVELS[1]):
            continue
        if isinstance(level, str) and level[:1] in "+-" and level[1:].isdecimal():
            continue
        raise ConfigurationError(
            f"{subject}.{field}", 'must be a level from 1 to 100, or a change such as "+1"', level
        )
    return row


Limit = Annotated[float, PlainValidator(_limit)]
Passes = Annotated[float, PlainValidator(_passes)]
Time = Annotated[float, PlainValidator(_time)]
WrapUp = Annotated[float | str, PlainValidator(_wrap_up)]
OrderBy = Annotated[tuple[str, ...], PlainValidator(_order_by)]
AtOnceOption = Annotated[int | str, PlainValidator(_at_once)]
EmptyStates = Annotated[tuple[str, ...], PlainValidator(_states)]
LevelRows = Annotated[tuple[LevelRow, ...], PlainValidator(_rows)]
