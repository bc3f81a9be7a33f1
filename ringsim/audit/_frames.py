"""Conversion of the frames of a log into rows of plain values, with checks of each value.

`Frames`
    Protocol of an object that has the four frames of a log.
`tables_of`
    Convert the frames to rows; return the malformed rows too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from ringsim._checks import is_number
from ringsim.audit._rows import FRAMES, RingRow, Tables, Violation, VisitRow
from ringsim.errors import ConfigurationError, shown
from ringsim.scenario import Scenario

__all__ = ["Frames", "tables_of"]

NOT_LOOKED = -1  # a call that left its group before members were looked for


class Frames(Protocol):
    """Protocol of an object with the four frames of a log: a `CallLog` or a named tuple."""

    @property
    def calls(self) -> pd.DataFrame: ...
    @property
    def rings(self) -> pd.DataFrame: ...
    @property
    def visits(self) -> pd.DataFrame: ...
    @property
    def own_calls(self) -> pd.DataFrame: ...


class _ColumnType(NamedTuple):
    """The values that a column may hold, and their conversion to plain Python values."""

    description: str
    allows: Callable[[Any], bool]
    convert: Callable[[Any], Any]
    may_be_missing: bool = False


def tables_of(
    log: Frames | Mapping[str, pd.DataFrame], scenario: Scenario
) -> tuple[Tables, list[Violation]]:
    """Return the rows of a log, and the violations of malformed rows.

    If there are violations, the returned rows must not be used.

    Raises
    ------
    ConfigurationError
        If a frame or a column is missing.
    """
    violations: list[Violation] = []
    tables: dict[str, list[Any]] = {}
    for name, kinds in _column_types(scenario).items():
        columns = _columns(log, name, kinds)
        values = [
            _column_values(name, columns[column], kinds[column], violations) for column in kinds
        ]
        made = FRAMES[name]
        tables[name] = [made(place, *row) for place, row in enumerate(zip(*values, strict=True))]
    found = Tables(**tables)
    return found, violations or list(_order_violations(found))


def _columns(
    log: Frames | Mapping[str, pd.DataFrame], name: str, kinds: Mapping[str, _ColumnType]
) -> pd.DataFrame:
    frame = log.get(name) if isinstance(log, Mapping) else getattr(log, name, None)
    if not isinstance(frame, pd.DataFrame):
        raise ConfigurationError(f"log.{name}", "must be a DataFrame", frame)
    for column in kinds:
        if column not in frame:
            raise ConfigurationError(
                f"log.{name}", f"must have a column {column!r}", list(frame.columns)
            )
    return frame


def _column_values(
    frame: str, column: pd.Series[Any], kind: _ColumnType, violations: list[Violation]
) -> list[Any]:
    """Return the values of a column, None if missing; add a violation for the first bad value."""
    values: list[Any] = []
    wrong = False
    for row, value in enumerate(column.tolist()):
        if kind.may_be_missing and _is_missing(value):
            values.append(None)
        elif kind.allows(value):
            values.append(kind.convert(value))
        else:
            values.append(None)
            if not wrong:
                said = f"{column.name} must be {kind.description}, got {shown(value)}"
                violations.append(Violation(frame, row, "", said))
            wrong = True
    return values


def _order_violations(tables: Tables) -> Iterator[Violation]:
    """Yield the rows that are not numbered from 0 (calls) or not in the order of calls."""
    for call in tables.calls:
        if call.call != call.row:
            yield Violation.of(call, "", f"call must be {call.row}, got {call.call}")
    yield from _call_order_violations(tables.rings, len(tables.calls))
    yield from _call_order_violations(tables.visits, len(tables.calls))


def _call_order_violations(
    rows: Sequence[RingRow] | Sequence[VisitRow], n_calls: int
) -> Iterator[Violation]:
    below = 0
    for row in rows:
        if row.call >= n_calls:
            yield Violation.of(row, "", f"call must be a row of calls, got {row.call}")
        if row.call < below:
            said = f"call must be at least that of the row before, {below}, got {row.call}"
            yield Violation.of(row, "", said)
        below = row.call


def _column_types(scenario: Scenario) -> dict[str, dict[str, _ColumnType]]:
    """Return the columns of each frame, in the order of the fields of its rows."""
    groups = frozenset(scenario.group_numbers)
    people = frozenset(scenario.extension_numbers)
    group = _ColumnType("the number of a group, as text", _in(groups), str)
    person = _ColumnType("the number of a person, as text", _in(people), str)
    number = _ColumnType("a whole number, at least 0", _is_count, int)
    looked = _ColumnType("a whole number, or -1 if nobody was looked for", _is_found, int)
    seconds = _ColumnType("a finite number of seconds, at least 0", _is_finite, float)
    duration = _ColumnType("a number of seconds, at least 0", _is_duration, float)
    return {
        "calls": {
            "call": number,
            "group": group,
            "arrives_at": seconds,
            "outcome": _one_of("answered", "abandoned", "overflowed"),
            "wait": seconds,
            "answered_by": person._replace(may_be_missing=True),
            "talk_time": duration._replace(may_be_missing=True),
            "wrap_up_time": duration,
            "patience": duration,
            "n_rings": number,
            "ended_in": group,
            "action": _one_of(
                "HANGUP", "FORWARD_TO_VOICEMAIL", "FORWARD_TO_NUMBER", "LOOP"
            )._replace(may_be_missing=True),
        },
        "rings": {
            "call": number,
            "group": group,
            "member": person,
            "started_at": seconds,
            "ended_at": seconds,
            "result": _one_of(
                *("answered", "ring_no_answer", "answered_elsewhere", "caller_gave_up", "paged"),
                "declined",
            ),
        },
        "visits": {
            "call": number,
            "group": group,
            "entered_at": seconds,
            "left_at": seconds,
            "passes": number,
            "n_rings": number,
            "found": looked,
        },
        "own_calls": {
            "extension": person,
            "started_at": seconds,
            "talk_time": duration,
            "taken": _ColumnType(
                "true or false", lambda value: isinstance(value, (bool, np.bool_)), bool
            ),
        },
    }


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value != value


def _one_of(*words: str) -> _ColumnType:
    return _ColumnType(f"one of {', '.join(words)}", _in(frozenset(words)), str)


def _in(words: frozenset[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _is_count(value: Any) -> bool:
    return is_number(value) and value >= 0 and value % 1 == 0 and not isinstance(value, float)


def _is_found(value: Any) -> bool:
    return is_number(value) and (value == NOT_LOOKED or _is_count(value))


def _is_duration(value: Any) -> bool:
    return is_number(value) and value >= 0


def _is_finite(value: Any) -> bool:
    return is_number(value) and 0 <= value < math.inf
