"""Corrupted logs for tests of the audit.

`Frames`, `OptionFrames`
    The four frames of a log, and the five of one whose groups have options.
`COLUMNS`, `OPTION_COLUMNS`
    Every column of every frame.
`with_another_value`
    Change one field of one row to another plausible value.
`with_rows_changed`
    Drop, double or swap rows of one frame.
`without_a_row`, `with_a_row_twice`, `with_two_rows_swapped`
    The changes of rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

import ringsim as rs
from ringsim._log_arrays import ACTIONS, OUTCOMES, RESULTS
from support.played import rows

MISSING = float("nan")


class Frames(NamedTuple):
    """The four frames of a log."""

    calls: pd.DataFrame
    rings: pd.DataFrame
    visits: pd.DataFrame
    own_calls: pd.DataFrame

    @classmethod
    def of(cls, log: rs.CallLog) -> Frames:
        return cls(*(getattr(log, name) for name in cls._fields))

    def differs_from(self, other: Frames) -> bool:
        return any(rows(one) != rows(two) for one, two in zip(self, other, strict=True))


class OptionFrames(NamedTuple):
    """The five frames of a log whose groups have options."""

    calls: pd.DataFrame
    rings: pd.DataFrame
    visits: pd.DataFrame
    own_calls: pd.DataFrame
    pauses: pd.DataFrame

    @classmethod
    def of(cls, log: rs.CallLog) -> OptionFrames:
        return cls(*(getattr(log, name) for name in cls._fields))

    def differs_from(self, other: OptionFrames) -> bool:
        return any(rows(one) != rows(two) for one, two in zip(self, other, strict=True))


AnyFrames = TypeVar("AnyFrames", Frames, OptionFrames)

WORDS = {"outcome": OUTCOMES, "action": ACTIONS, "result": RESULTS}
NUMBERS_OF = {
    **dict.fromkeys(("group", "ended_in"), "group_numbers"),
    **dict.fromkeys(("member", "answered_by", "extension"), "extension_numbers"),
}
MAY_BE_MISSING = {"answered_by", "talk_time", "action"}
COUNTS = {"call", "n_rings", "passes", "found", "line_length"}
COLUMNS = {
    "calls": (
        *("call", "group", "arrives_at", "outcome", "wait", "answered_by", "talk_time"),
        *("wrap_up_time", "patience", "n_rings", "ended_in", "action"),
    ),
    "rings": ("call", "group", "member", "started_at", "ended_at", "result"),
    "visits": ("call", "group", "entered_at", "left_at", "passes", "n_rings", "found"),
    "own_calls": ("extension", "started_at", "talk_time", "taken"),
}
OPTION_COLUMNS = {
    **COLUMNS,
    "visits": (*COLUMNS["visits"], "line_length", "lined_up_at", "first_rung_at"),
    "pauses": ("extension", "group", "started_at", "ended_at"),
}


def with_another_value(
    frames: AnyFrames,
    name: str,
    column: str,
    scenario: rs.Scenario,
    random: Random,
    least: float = 0.0,
) -> AnyFrames | None:
    """Return the frames with one field of a random row changed; None if no other value exists.

    A number changes by more than `least`.
    """
    frame = getattr(frames, name)
    if not len(frame) or column not in frame:
        return None
    row = random.randrange(len(frame))
    (now,) = rows(frame.iloc[[row]], column)[0]
    others = [
        value
        for value in _plausible(now, frame[column], column, scenario)
        if value != now
        and not (now is None and value != value)
        and not (isinstance(value, float) and isinstance(now, float) and abs(value - now) <= least)
    ]
    if not others:
        return None
    changed = frame[column].astype(object) if column in NUMBERS_OF | WORDS else frame[column].copy()
    changed.iloc[row] = random.choice(others)
    return frames._replace(**{name: frame.assign(**{column: changed})})


def _plausible(now: Any, values: pd.Series[Any], column: str, scenario: rs.Scenario) -> list[Any]:
    """Return other plausible values of a column, about equally many of each kind."""
    missing = [MISSING] if column in MAY_BE_MISSING else []
    if column in WORDS:
        return [*WORDS[column], *missing]
    if column in NUMBERS_OF:
        return [*getattr(scenario, NUMBERS_OF[column]), *missing]
    if column == "taken":
        return [not now]
    if column in COUNTS and now is not None:
        return [now + 1, max(now - 1, 0), *values.tolist()]
    if now is None or math.isinf(now):
        return [0.0, 1.0, 20.0, *missing]
    shifts = [
        *(float(np.nextafter(now, math.inf)), float(np.nextafter(now, 0.0))),
        *(now + 1.0, max(now - 1.0, 0.0)),
    ]
    return [*shifts * 2, *missing, *values.dropna().tolist()[:4]]


def without_a_row(frame: pd.DataFrame, random: Random) -> pd.DataFrame:
    return frame.drop(index=random.randrange(len(frame))).reset_index(drop=True)


def with_a_row_twice(frame: pd.DataFrame, random: Random) -> pd.DataFrame:
    row = random.randrange(len(frame))
    order = [*range(row + 1), row, *range(row + 1, len(frame))]
    return frame.iloc[order].reset_index(drop=True)


def with_two_rows_swapped(frame: pd.DataFrame, random: Random) -> pd.DataFrame:
    order = list(range(len(frame)))
    one, *other = random.sample(order, k=min(2, len(order)))
    for two in other:
        order[one], order[two] = two, one
    return frame.iloc[order].reset_index(drop=True)


ROW_CHANGES: tuple[Callable[[pd.DataFrame, Random], pd.DataFrame], ...] = (
    without_a_row,
    with_a_row_twice,
    with_two_rows_swapped,
)


def with_rows_changed(
    frames: AnyFrames,
    name: str,
    change: Callable[[pd.DataFrame, Random], pd.DataFrame],
    random: Random,
) -> AnyFrames | None:
    """Return the frames with the rows of one frame changed; None if they stay the same."""
    frame = getattr(frames, name)
    if not len(frame):
        return None
    changed = frames._replace(**{name: change(frame, random)})
    return changed if changed.differs_from(frames) else None
