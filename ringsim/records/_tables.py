"""Conversion of tables of real days to the arrays of a call log, with a run per day.

`arrays_of`
    The arrays, the first row of each day in them, and the members.
`one_day`, `some_days`
    Some of the days of such arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ringsim._log_arrays import (
    ABANDONED,
    ACTIONS,
    ANSWERED,
    NOBODY,
    OUTCOMES,
    OVERFLOWED,
    RESULTS,
    Borders,
    CallArrays,
    LogArrays,
    OwnCallArrays,
    RingArrays,
    VisitArrays,
)
from ringsim.errors import ConfigurationError, did_you_mean

__all__ = ["Filled", "arrays_of", "day_of_rows", "rows_of"]

Rows: TypeAlias = NDArray[np.int64]

DEFAULT_GROUP = "600"
FIRST_ORDINAL = np.datetime64("1970-01-01", "D")


class Filled(NamedTuple):
    """The arrays of a log, their borders, the dates of the days, and the members in order."""

    arrays: LogArrays
    borders: Borders
    dates: NDArray[np.datetime64]
    members: tuple[str, ...]


def arrays_of(
    calls: pd.DataFrame,
    rings: pd.DataFrame | None,
    own_calls: pd.DataFrame | None,
    *,
    group: str | None,
    members: Iterable[str] | None,
    starts_on: str,
    dates: Sequence[Any] | None,
) -> Filled:
    """Return the tables as arrays; see `Records.from_frames` for their columns.

    Raises
    ------
    ConfigurationError
        If a column is missing or holds a value that it cannot hold.
    """
    number = _group_of(calls, group)
    if "group" in calls:
        calls = calls[np.asarray(calls["group"].astype(object) == number)]
    day_number = _whole(calls, "day", 0)
    arrives_at = _seconds(calls, "arrives_at", "calls")
    order = np.lexsort((arrives_at, day_number))
    calls, day_number, arrives_at = calls.iloc[order], day_number[order], arrives_at[order]
    day_names, day = np.unique(day_number, return_inverse=True)
    people = _people(members, calls, rings)
    call_rows = _calls(calls, arrives_at, people)
    ring_rows = _rings(rings, calls, people)
    counts = np.bincount(ring_rows.call, minlength=len(calls))
    call_rows = _with_n_rings(call_rows, counts.astype(np.int32))
    own_rows, own_day = _own_calls(own_calls, people, day_names)
    n_days = len(day_names)
    borders = Borders(
        calls=_first_rows(day, n_days),
        rings=_first_rows(day[ring_rows.call], n_days),
        visits=_first_rows(day, n_days),
        own_calls=_first_rows(own_day, n_days),
    )
    arrays = LogArrays((number,), tuple(people), call_rows, ring_rows, _visits(call_rows), own_rows)
    return Filled(arrays, borders, _dates(calls, day, day_names, starts_on, dates), tuple(people))


def day_of_rows(borders: Rows) -> Rows:
    """Return the number of the day of each row of a table."""
    return np.repeat(np.arange(len(borders) - 1), np.diff(borders))


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows as named tuples; categoricals as the values themselves."""
    plain = {
        name: frame[name].astype(object)
        for name in frame.columns
        if isinstance(frame[name].dtype, pd.CategoricalDtype)
    }
    return iter(frame.assign(**plain).itertuples())


def _first_rows(day: Rows, n_days: int) -> Rows:
    return np.searchsorted(day, np.arange(n_days + 1)).astype(np.int64)


def _group_of(calls: pd.DataFrame, group: str | None) -> str:
    if group is not None:
        return group
    if "group" in calls and len(calls):
        numbers = list(dict.fromkeys(calls["group"].astype(object)))
        if len(numbers) > 1:
            raise ConfigurationError(
                "group", "must be given if there are several", numbers[0], f"They are {numbers}."
            )
        return str(numbers[0])
    return DEFAULT_GROUP


def _people(
    members: Iterable[str] | None, calls: pd.DataFrame, rings: pd.DataFrame | None
) -> dict[str, int]:
    """Return the index of each person: members in the order given, then others by number."""
    given = [] if members is None else [str(number) for number in members]
    seen: set[str] = set()
    for frame, column in ((calls, "answered_by"), (rings, "member")):
        if frame is not None and column in frame:
            seen |= {str(name) for name in pd.unique(frame[column].dropna())}
    return {number: at for at, number in enumerate(dict.fromkeys([*given, *sorted(seen)]))}


def _column(frame: pd.DataFrame, name: str, of: str) -> pd.Series[Any]:
    if name not in frame:
        hint = did_you_mean(name, frame.columns)
        raise ConfigurationError(of, f"must have a column {name!r}", list(frame.columns), hint)
    return frame[name]


def _seconds(
    frame: pd.DataFrame, name: str, of: str, *, missing: bool = False
) -> NDArray[np.float64]:
    """Return a column of seconds, none negative; NaN only if `missing` allows it."""
    column = _column(frame, name, of)
    if not pd.api.types.is_numeric_dtype(column):
        raise ConfigurationError(f"{of}.{name}", "must be numbers of seconds", column.dtype)
    values = column.to_numpy(np.float64, na_value=np.nan)
    wrong = ~((values >= 0) & (values < np.inf)) & ~(missing & np.isnan(values))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ConfigurationError(
            f"{of}.{name}[{row}]", "must be a finite number of seconds, at least 0", values[row]
        )
    return values


def _whole(frame: pd.DataFrame, name: str, default: int) -> Rows:
    if name not in frame:
        return np.full(len(frame), default, dtype=np.int64)
    if not pd.api.types.is_integer_dtype(frame[name]):
        raise ConfigurationError(name, "must be whole numbers", frame[name].dtype)
    return frame[name].to_numpy(np.int64)


def _codes(
    frame: pd.DataFrame, name: str, names: Iterable[str], of: str, *, missing: bool = False
) -> NDArray[np.int32]:
    """Return the position of each value of a text column in `names`; -1 if missing."""
    if missing and name not in frame:
        return np.full(len(frame), NOBODY, dtype=np.int32)
    column = _column(frame, name, of).astype(object)
    known = list(names)
    codes = pd.Index(known).get_indexer(pd.Index(column)).astype(np.int32)
    wrong = (codes < 0) & ~(missing & column.isna().to_numpy())
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ConfigurationError(
            f"{of}.{name}[{row}]", f"must be one of {', '.join(known)}", column.iloc[row]
        )
    return codes


def _calls(
    calls: pd.DataFrame, arrives_at: NDArray[np.float64], people: dict[str, int]
) -> CallArrays:
    n = len(calls)
    outcome = _codes(calls, "outcome", OUTCOMES, "calls")
    wait = _seconds(calls, "wait", "calls")
    answered = outcome == ANSWERED
    talk_time = np.full(n, np.nan)
    if "talk_time" in calls:
        talk_time = _seconds(calls, "talk_time", "calls", missing=True)
    talk_time = np.where(answered, talk_time, np.nan)
    action = _codes(calls, "action", ACTIONS, "calls", missing=True)
    answered_by = _codes(calls, "answered_by", people, "calls", missing=True)
    return CallArrays(
        group=np.zeros(n, dtype=np.int32),
        arrives_at=arrives_at,
        outcome=outcome,
        wait=wait,
        answered_by=np.where(answered, answered_by, NOBODY).astype(np.int32),
        talk_time=talk_time,
        wrap_up_time=np.full(n, np.nan),
        patience=np.where(outcome == ABANDONED, wait, np.nan),
        n_rings=np.zeros(n, dtype=np.int32),
        ended_in=np.zeros(n, dtype=np.int32),
        action=np.where((outcome == OVERFLOWED) & (action < 0), 0, action).astype(np.int32),
    )


def _with_n_rings(calls: CallArrays, n_rings: NDArray[np.int32]) -> CallArrays:
    return CallArrays(**{**vars(calls), "n_rings": n_rings})


def _visits(calls: CallArrays) -> VisitArrays:
    n = len(calls)
    return VisitArrays(
        call=np.arange(n, dtype=np.int32),
        group=calls.group.copy(),
        entered_at=calls.arrives_at.copy(),
        left_at=calls.arrives_at + calls.wait,
        passes=np.ones(n, dtype=np.int32),
        n_rings=calls.n_rings.copy(),
        found=calls.n_rings.copy(),
    )


def _rings(rings: pd.DataFrame | None, calls: pd.DataFrame, people: dict[str, int]) -> RingArrays:
    """Return the rings in the order of calls, time and members."""
    if rings is None:
        none = np.empty(0, dtype=np.int32)
        return RingArrays(none, none, none, np.empty(0), np.empty(0), none)
    call = _whole(rings, "call", 0)
    known = pd.Index(_whole(calls, "call", 0) if "call" in calls else calls.index)
    if not known.is_unique:
        raise ConfigurationError("calls.call", "must be unique")
    row = known.get_indexer(pd.Index(call))
    kept = row >= 0  # rings of calls of other groups
    rings, row = rings[kept], row[kept]
    started_at = _seconds(rings, "started_at", "rings")
    member = _codes(rings, "member", people, "rings")
    order = np.lexsort((member, started_at, row))
    return RingArrays(
        call=row[order].astype(np.int32),
        group=np.zeros(len(order), dtype=np.int32),
        member=member[order],
        started_at=started_at[order],
        ended_at=_seconds(rings, "ended_at", "rings")[order],
        result=_codes(rings, "result", RESULTS, "rings")[order],
    )


def _own_calls(
    own: pd.DataFrame | None, people: dict[str, int], day_names: Rows
) -> tuple[OwnCallArrays, Rows]:
    """Return the own calls of members on the days of the calls, and the day of each."""
    if own is None:
        none = np.empty(0)
        nobody = none.astype(np.int32)
        return OwnCallArrays(nobody, none, none, none.astype(np.bool_)), none.astype(np.int64)
    known = own["extension"].astype(object).isin(list(people)).to_numpy()
    known = known & np.isin(_whole(own, "day", 0), day_names)
    if "taken" in own:
        known = known & own["taken"].to_numpy(np.bool_)
    own = own[known]
    day = np.searchsorted(day_names, _whole(own, "day", 0))
    started_at = _seconds(own, "started_at", "own_calls")
    order = np.lexsort((started_at, day))
    return (
        OwnCallArrays(
            extension=_codes(own, "extension", people, "own_calls")[order],
            started_at=started_at[order],
            talk_time=_seconds(own, "talk_time", "own_calls")[order],
            taken=np.ones(len(order), dtype=np.bool_),
        ),
        day[order],
    )


def _dates(
    calls: pd.DataFrame,
    day: Rows,
    day_names: Rows,
    starts_on: str,
    dates: Sequence[Any] | None,
) -> NDArray[np.datetime64]:
    """Return the date of each day."""
    if dates is not None:
        given = np.asarray(dates, dtype="datetime64[D]")
        if len(given) <= day_names.max(initial=-1):
            raise ConfigurationError("dates", "must have one date for each day", len(given))
        return given[day_names]
    if "date" in calls:
        found = np.empty(len(day_names), dtype="datetime64[D]")
        found[day] = calls["date"].to_numpy().astype("datetime64[D]")
        return found
    return np.datetime64(starts_on, "D") + day_names
