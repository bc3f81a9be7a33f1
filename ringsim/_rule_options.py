"""The kinds of values that options of `Rules` take, and the options that exclude each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

from pydantic import PlainValidator

from ringsim._checks import is_integer, is_number
from ringsim._model import number_between, plain_number
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
    "check_conflicts",
    "check_ordering",
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
    """Return a validator for one of several texts, or None."""

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
Weight = Annotated[float, number_between("a finite number, at least 0", 0, LARGEST)]

ALL_OR_MORE = "must not be given beside at_once 1, as one phone rings at a time"
LINE_OPTIONS = (
    *("line_serves", "line_poll", "max_queue_length", "join_empty", "leave_when_empty"),
    "queue_weight",
)


def check_conflicts(given: Mapping[str, Any]) -> None:
    """Check that options which exclude or need each other are set so.

    Raises
    ------
    ConfigurationError
        If they are not; the sentence names both options.
    """
    by_rotation = "rotation" in given.get("order_by", ())
    rotation = given.get("rotation", "none")
    if by_rotation and rotation == "none":
        raise ConfigurationError(
            "order_by", "must not name rotation unless the option rotation is set"
        )
    if rotation != "none" and not by_rotation:
        raise ConfigurationError("rotation", "must have 'rotation' in order_by", rotation)
    order_fixed = given.get("order_fixed", "ring")
    if order_fixed == "call":
        for option in ("wait_in_line", "join_ringing", "level_rules"):
            if given.get(option):
                raise ConfigurationError(option, "must not be given beside order_fixed 'call'")
    if given.get("primary") and order_fixed != "call":
        raise ConfigurationError("primary", "must have order_fixed 'call'")
    if given.get("join_ringing") and order_fixed != "ring":
        raise ConfigurationError(
            "join_ringing", "must not be given beside order_fixed", order_fixed
        )
    memory_hunt = given.get("memory_hunt", "none")
    if memory_hunt != "none":
        if given.get("at_once") == "ALL":
            raise ConfigurationError("memory_hunt", "must not be given beside at_once ALL")
        if given.get("one_wave"):
            raise ConfigurationError("memory_hunt", "must not be given beside one_wave")
    if (memory_hunt == "ring_on") != ("wave_step" in given):
        raise ConfigurationError(
            "wave_step", "must be given with memory_hunt 'ring_on', and only then"
        )
    if given.get("last_ring") == "finish" and "max_wait_time" not in given:
        raise ConfigurationError("last_ring", "must have a max_wait_time", "finish")
    if not given.get("wait_in_line"):
        for option in LINE_OPTIONS:
            if option in given:
                raise ConfigurationError(option, "must have wait_in_line")
        if given.get("passes") == math.inf and not given.get("retry_pause"):
            raise ConfigurationError(
                "passes", "must not be without a limit unless retry_pause or wait_in_line is set"
            )
    if "auto_pause_after" not in given:
        for option in (
            "auto_pause_time",
            "auto_pause_scope",
            "auto_pause_on_decline",
            "auto_pause_grace",
        ):
            if option in given:
                raise ConfigurationError(option, "must have auto_pause_after")
    if given.get("auto_answer"):
        for option in (
            "after_decline",
            "declined_again",
            "missed_rest",
            "declined_rest",
            "auto_pause_after",
            "wait_in_line",
        ):
            if given.get(option):
                raise ConfigurationError(option, "must not be given beside auto_answer")


def check_ordering(rules: Any, ordering: Any, at_once: Any, ring_delays: Sequence[float]) -> None:
    """Check that the options of a group go with the dispatcher that picks its waves.

    Parameters
    ----------
    rules : Rules
        With every option set.
    ordering : Dispatcher
        Its `order_by`, `one_wave` and `auto_answer` count.
    at_once : int or str
        Number of phones that ring together, `"ALL"` or `"TIED"`.
    ring_delays : sequence of float
        Of the members [s].

    Raises
    ------
    ConfigurationError
        If they do not; the sentence names the option, by its path in the group, and what it
        conflicts with.
    """
    if ordering.auto_answer:
        for option, without in PAGED_WITHOUT.items():
            if getattr(rules, option) != without:
                raise ConfigurationError(
                    f"rules.{option}", "must not be given beside auto_answer, as in a page"
                )
    if at_once == 1:
        if rules.join_ringing and rules.memory_hunt != "ring_on":
            raise ConfigurationError("rules.join_ringing", ALL_OR_MORE)
        for index, delay in enumerate(ring_delays):
            if delay:
                raise ConfigurationError(f"members[{index}].ring_delay", ALL_OR_MORE, delay)
    if rules.memory_hunt != "none":
        if at_once == "ALL":
            raise ConfigurationError("rules.memory_hunt", "must not be given beside at_once ALL")
        if ordering.one_wave:
            raise ConfigurationError("rules.memory_hunt", "must not be given beside one_wave")
    first = "".join(ordering.order_by[:1]).removeprefix("-")
    if rules.level_rules and first not in ("skill_level", "weighted"):
        raise ConfigurationError(
            "rules.level_rules", "must have skill_level first in order_by", list(ordering.order_by)
        )


PAGED_WITHOUT: dict[str, Any] = {
    "after_decline": "next",
    "declined_again": True,
    "missed_rest": 0,
    "declined_rest": 0,
    "auto_pause_after": math.inf,
    "wait_in_line": False,
}
