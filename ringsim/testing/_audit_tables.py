"""A log as rows of plain values, each of which can be what it says.

`Tables`
    The four frames as lists of rows; missing is None.
`CallRow`, `RingRow`, `VisitRow`, `OwnCallRow`
    A row, with its place in its frame.
`Violation`
    A row that breaks a rule.
`tables_of`
    The tables of a log, and what of it can be in no log at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

import numpy as np
import pandas as pd

from ringsim.checks import is_number
from ringsim.errors import ConfigurationError, shown
from ringsim.scenario import Scenario

__all__ = [
    "CallRow",
    "Frames",
    "OwnCallRow",
    "RingRow",
    "Row",
    "Tables",
    "Violation",
    "VisitRow",
    "tables_of",
]


class Frames(Protocol):
    """What has the four frames of a log: a `CallLog`, or a tuple with these names."""

    @property
    def calls(self) -> pd.DataFrame: ...
    @property
    def rings(self) -> pd.DataFrame: ...
    @property
    def visits(self) -> pd.DataFrame: ...
    @property
    def own_calls(self) -> pd.DataFrame: ...


class CallRow(NamedTuple):
    """A call."""

    row: int
    call: int
    group: str
    arrives_at: float
    outcome: str
    wait: float
    answered_by: str | None
    talk_time: float | None
    wrap_up_time: float
    patience: float
    n_rings: int
    ended_in: str
    action: str | None


class RingRow(NamedTuple):
    """A phone that rang for a call."""

    row: int
    call: int
    group: str
    member: str
    started_at: float
    ended_at: float
    result: str


class VisitRow(NamedTuple):
    """A group that a call entered."""

    row: int
    call: int
    group: str
    entered_at: float
    left_at: float
    passes: int
    n_rings: int
    found: int


class OwnCallRow(NamedTuple):
    """A call that somebody had of their own, taken or not."""

    row: int
    extension: str
    started_at: float
    talk_time: float
    taken: bool


Row: TypeAlias = CallRow | RingRow | VisitRow | OwnCallRow

FRAMES: Final[Mapping[str, type[Any]]] = {
    "calls": CallRow,
    "rings": RingRow,
    "visits": VisitRow,
    "own_calls": OwnCallRow,
}
FRAME_OF: Final = {kind: name for name, kind in FRAMES.items()}


class Violation(NamedTuple):
    """A row that breaks a rule.

    Attributes
    ----------
    frame : str
        `calls`, `rings`, `visits` or `own_calls`.
    row : int
        Place in the frame, from 0; of a row that is missing, where it would be.
    rule : str
        `S1` to `S15`; empty where a value can be in no log at all.
    said : str
        What must be, and what is.
    """

    frame: str
    row: int
    rule: str
    said: str

    @classmethod
    def of(cls, row: Row, rule: str, said: str) -> Violation:
        return cls(FRAME_OF[type(row)], row.row, rule, said)

    def __str__(self) -> str:
        return f"{self.frame} row {self.row}: {f'{self.rule} {self.said}'.strip()}"


class Tables(NamedTuple):
    """A log, row by row."""

    calls: list[CallRow]
    rings: list[RingRow]
    visits: list[VisitRow]
    own_calls: list[OwnCallRow]


class _Kind(NamedTuple):
    """What a column holds."""

    what: str
    allows: Callable[[Any], bool]
    plain: Callable[[Any], Any]
    may_be_missing: bool = False


def tables_of(
    log: Frames | Mapping[str, pd.DataFrame], scenario: Scenario
) -> tuple[Tables, list[Violation]]:
    """The rows of a log, and its violations of form; where there are any, rows mean nothing.

    Raises
    ------
    ConfigurationError
        When a frame or a column is missing.
    """
    violations: list[Violation] = []
    tables: dict[str, list[Any]] = {}
    for name, kinds in _kinds(scenario).items():
        columns = _columns(log, name, kinds)
        values = [_plain(name, columns[column], kinds[column], violations) for column in kinds]
        made = FRAMES[name]
        tables[name] = [made(place, *row) for place, row in enumerate(zip(*values, strict=True))]
    found = Tables(**tables)
    return found, violations or list(_order(found))


def _columns(
    log: Frames | Mapping[str, pd.DataFrame], name: str, kinds: Mapping[str, _Kind]
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


def _plain(
    frame: str, column: pd.Series[Any], kind: _Kind, violations: list[Violation]
) -> list[Any]:
    """Values of a column, None where missing; of those that cannot be, only the first is told."""
    values: list[Any] = []
    wrong = False
    for row, (value, missing) in enumerate(
        zip(column.tolist(), column.isna().tolist(), strict=True)
    ):
        if missing and kind.may_be_missing:
            values.append(None)
        elif not missing and kind.allows(value):
            values.append(kind.plain(value))
        else:
            values.append(None)
            if not wrong:
                said = f"{column.name} must be {kind.what}, got {shown(value)}"
                violations.append(Violation(frame, row, "", said))
            wrong = True
    return values


def _order(tables: Tables) -> Iterator[Violation]:
    """Rows are numbered and ordered by call."""
    for call in tables.calls:
        if call.call != call.row:
            yield Violation.of(call, "", f"call must be {call.row}, got {call.call}")
    yield from _by_call(tables.rings, len(tables.calls))
    yield from _by_call(tables.visits, len(tables.calls))


def _by_call(rows: Sequence[RingRow] | Sequence[VisitRow], n_calls: int) -> Iterator[Violation]:
    below = 0
    for row in rows:
        if row.call >= n_calls:
            yield Violation.of(row, "", f"call must be a row of calls, got {row.call}")
        if row.call < below:
            said = f"call must be at least that of the row before, {below}, got {row.call}"
            yield Violation.of(row, "", said)
        below = row.call


def _kinds(scenario: Scenario) -> dict[str, dict[str, _Kind]]:
    """The columns of the frames, in the order of the fields of their rows."""
    groups = frozenset(scenario.group_numbers)
    people = frozenset(scenario.extension_numbers)
    group = _Kind("the number of a group, as text", _in(groups), str)
    person = _Kind("the number of a person, as text", _in(people), str)
    number = _Kind("a whole number, at least 0", _is_count, int)
    seconds = _Kind("a finite number of seconds, at least 0", _is_finite, float)
    duration = _Kind("a number of seconds, at least 0", _is_duration, float)
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
                "answered", "ring_no_answer", "answered_elsewhere", "caller_gave_up", "paged"
            ),
        },
        "visits": {
            "call": number,
            "group": group,
            "entered_at": seconds,
            "left_at": seconds,
            "passes": number,
            "n_rings": number,
            "found": number,
        },
        "own_calls": {
            "extension": person,
            "started_at": seconds,
            "talk_time": duration,
            "taken": _Kind(
                "true or false", lambda value: isinstance(value, (bool, np.bool_)), bool
            ),
        },
    }


def _one_of(*words: str) -> _Kind:
    return _Kind(f"one of {', '.join(words)}", _in(frozenset(words)), str)


def _in(words: frozenset[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _is_count(value: Any) -> bool:
    return is_number(value) and value >= 0 and value % 1 == 0 and not isinstance(value, float)


def _is_duration(value: Any) -> bool:
    return is_number(value) and value >= 0


def _is_finite(value: Any) -> bool:
    return is_number(value) and 0 <= value < math.inf
