"""Rows of a log, and violations of the rules.

`CallRow`, `RingRow`, `VisitRow`, `OwnCallRow`
    A row of plain values with its index in the frame; a missing value is None.
`Tables`
    The four frames as lists of rows.
`Violation`
    A row that breaks a rule.
`must`
    Compare a column of a row with the expected value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

__all__ = [
    "FRAMES",
    "CallRow",
    "OwnCallRow",
    "RingRow",
    "Row",
    "Tables",
    "Violation",
    "VisitRow",
    "must",
]


class CallRow(NamedTuple):
    """A row of `calls`: one call and its outcome."""

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
    """A row of `rings`: one phone that rang for a call."""

    row: int
    call: int
    group: str
    member: str
    started_at: float
    ended_at: float
    result: str


class VisitRow(NamedTuple):
    """A row of `visits`: one group that a call entered."""

    row: int
    call: int
    group: str
    entered_at: float
    left_at: float
    passes: int
    n_rings: int
    found: int


class OwnCallRow(NamedTuple):
    """A row of `own_calls`: one own call of a person, taken or not."""

    row: int
    extension: str
    started_at: float
    talk_time: float
    taken: bool


Row: TypeAlias = CallRow | RingRow | VisitRow | OwnCallRow

FRAMES: Final = {"calls": CallRow, "rings": RingRow, "visits": VisitRow, "own_calls": OwnCallRow}
FRAME_OF: Final = {kind: name for name, kind in FRAMES.items()}


class Violation(NamedTuple):
    """A row that breaks a rule.

    Attributes
    ----------
    frame : str
        `calls`, `rings`, `visits` or `own_calls`.
    row : int
        Index in the frame, from 0. For a missing row, the index at which it is expected.
    rule : str
        `S1` to `S15`; empty for a malformed value.
    said : str
        The expected and the actual value, as a sentence.
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


def must(
    row: Row, rule: str, column: str, expected: Any, why: str = "", slack: float = 0.0
) -> Iterator[Violation]:
    """Yield a violation if a column is not `expected`, exactly or within `slack` seconds."""
    got = getattr(row, column)
    if got != expected and not (slack and abs(got - expected) <= slack):
        wanted = _shown(expected)
        said = f"{column} must be {f'{why} = {wanted}' if why else wanted}, got {_shown(got)}"
        yield Violation.of(row, rule, said)


def _shown(value: Any) -> str:
    return "missing" if value is None else repr(value)


class Tables(NamedTuple):
    """The four frames of a log as lists of rows."""

    calls: list[CallRow]
    rings: list[RingRow]
    visits: list[VisitRow]
    own_calls: list[OwnCallRow]
