"""Sums over lines, declined rings and pauses, which only options of ring groups make possible.

They are the same to the last bit for any order of the rings and visits, like those of
`_jit_sums`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim._log_arrays import DECLINED, EVERY_GROUP, Borders, LineArrays, LogArrays, PauseArrays
from ringsim.metrics._jit_lines import LinedVisits, observe_lines
from ringsim.metrics._jit_sums import (
    DECLINED_RINGS,
    NO_CELL,
    PAUSE_TIME,
    SEAT_DECLINED,
    Sums,
)
from ringsim.metrics._roster import Roster
from ringsim.scenario import Span

__all__ = ["observe_options", "writable"]

Codes = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def observe_options(
    log: LogArrays, borders: Borders, roster: Roster, sums: Sums, cell_of: Codes
) -> None:
    """Compute the sums of each run that need options; `cell_of` has the cell of each call."""
    if sums.seats[:, :, SEAT_DECLINED].any():
        _observe_declines(log, borders, sums, cell_of)
    if log.lines is not None:
        _observe_lines(log, log.lines, borders, roster, sums, cell_of)
    if log.pauses is not None:
        _observe_pauses(log.pauses, roster, sums)


def writable(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column, copied if it is read-only: compiled code has one signature."""
    return column if column.flags.writeable else column.copy()


def _observe_declines(log: LogArrays, borders: Borders, sums: Sums, cell_of: Codes) -> None:
    """Count the declined rings of each cell."""
    rows = np.flatnonzero(log.rings.result == DECLINED)
    run, cell = _run_of(borders.rings)[rows], cell_of[log.rings.call[rows]]
    in_cell = cell != NO_CELL
    np.add.at(sums.calls[:, :, DECLINED_RINGS], (run[in_cell], cell[in_cell]), 1)


def _observe_lines(
    log: LogArrays,
    lines: LineArrays,
    borders: Borders,
    roster: Roster,
    sums: Sums,
    cell_of: Codes,
) -> None:
    visits = log.visits
    observe_lines(
        LinedVisits(
            visits.call,
            visits.group,
            _run_of(borders.visits),
            visits.left_at,
            lines.line_length,
            lines.lined_up_at,
            lines.first_rung_at,
        ),
        _in_order(visits.call, visits.entered_at),
        writable(log.calls.arrives_at),
        roster.warm_up,
        np.array([rules.max_queue_length for rules in roster.rules], dtype=np.float64),
        cell_of,
        sums.calls,
        sums.groups,
    )


def _in_order(call: Codes, entered_at: Floats) -> Ints:
    """Return the rows of visits by call, then by time."""
    n = len(call)
    place = np.full(int(call.max(initial=-1)) + 1, -1)
    place[call] = np.arange(n)
    if np.count_nonzero(place >= 0) < n:  # forwarded calls have several visits
        return np.lexsort((entered_at, call))
    return place[place >= 0]


def _observe_pauses(pauses: PauseArrays, roster: Roster, sums: Sums) -> None:
    run_of = _run_of(pauses.first)
    spans: dict[tuple[int, int], list[Span]] = {}
    for row, run in enumerate(run_of):
        who, group = int(pauses.extension[row]), int(pauses.group[row])
        span = (float(pauses.started_at[row]), float(pauses.ended_at[row]))
        for seat, (at, person) in enumerate(roster.seats):
            if person == who and group in (EVERY_GROUP, at):
                spans.setdefault((int(run), seat), []).append(span)
    for (run, seat), paused in spans.items():
        duty = roster.duty[roster.seats[seat][1]]
        sums.seats[run, seat, PAUSE_TIME] += sum(
            max(0.0, min(end, stop) - max(start, begin))
            for start, end in _union(paused)
            for begin, stop in duty
        )


def _union(spans: list[Span]) -> Iterator[Span]:
    """Yield the parts of time that spans cover, each once; the spans are sorted by start."""
    reached = -np.inf
    for start, end in spans:
        yield max(start, reached), max(end, reached)
        reached = max(reached, end)


def _run_of(borders: Ints) -> Ints:
    """Return the run of each row."""
    return np.repeat(np.arange(len(borders) - 1), np.diff(borders))
