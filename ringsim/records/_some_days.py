"""Rows of some days of records, numbered anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim._log_arrays import (
    NOBODY,
    Borders,
    LogArrays,
)
from ringsim.records._tables import Rows

__all__ = ["chosen_rows", "one_day", "some_days"]


def one_day(arrays: LogArrays, borders: Borders, day: int) -> LogArrays:
    """Return the rows of one day, its calls numbered from 0."""
    return some_days(arrays, borders, [day])[0]


def some_days(
    arrays: LogArrays, borders: Borders, days: Sequence[int]
) -> tuple[LogArrays, Borders]:
    """Return the rows of some days in the order given, calls numbered anew, and the borders."""
    rows = {
        name: [np.arange(first[day], first[day + 1]) for day in days]
        for name, first in borders._asdict().items()
    }
    index = {name: np.concatenate([np.empty(0, np.int64), *each]) for name, each in rows.items()}
    lengths = {name: np.cumsum([0, *map(len, each)]) for name, each in rows.items()}
    return chosen_rows(arrays, index), Borders(**lengths)


def chosen_rows(arrays: LogArrays, index: Mapping[str, Rows]) -> LogArrays:
    """Return some rows of each table, by its name, with calls numbered anew.

    Rings and visits are of chosen calls.
    """
    number = np.full(len(arrays.calls), NOBODY, dtype=np.int32)
    number[index["calls"]] = np.arange(len(index["calls"]))
    rings, visits = _at(arrays.rings, index["rings"]), _at(arrays.visits, index["visits"])
    return LogArrays(
        arrays.groups,
        arrays.extensions,
        _at(arrays.calls, index["calls"]),
        _renumbered(rings, number),
        _renumbered(visits, number),
        _at(arrays.own_calls, index["own_calls"]),
    )


def _at(table: Any, rows: Rows) -> Any:
    """Return some rows of a table of arrays."""
    return type(table)(*(column[rows] for column in vars(table).values()))


def _renumbered(table: Any, number: NDArray[np.int32]) -> Any:
    columns = dict(vars(table))
    return type(table)(**{**columns, "call": number[columns["call"]]})
