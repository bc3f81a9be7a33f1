"""Hours of duty of people, from sign-ins or from the phones that rang."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim.estimators import (
    duty,
    duty_by_weekday,
)
from ringsim.estimators._duty import CELL
from ringsim.fitting._arrays import RecordArrays
from ringsim.fitting._recorded_duty import (
    recorded_hours,
    recorded_time,
)
from ringsim.records._spans import Spans, length

__all__ = ["duty_of_answers", "duty_of_weekdays", "on_duty", "time_on_duty"]


def duty_of_weekdays(arrays: RecordArrays, *, together: bool) -> list[list[Spans]]:
    """Return the spans of duty of each person on each weekday.

    They follow from recorded sign-ins, and from the phones that rang if there are none. If
    weekdays cannot be told apart, each person has one list of spans, that of all days.
    """
    rings, calls = arrays.rings, arrays.arrives_at
    kinds = arrays.weekday if arrays.weekdays else np.zeros(arrays.n_days, dtype=np.int64)
    found = []
    for code, person in enumerate(arrays.people):
        if person in arrays.records.duty_record.signing:
            found.append(recorded_hours(arrays, person))
            continue
        mine = rings[(rings["member"] == code).to_numpy()]
        if together:
            rung = mine["call"].unique()
            rang, on = calls[rung], arrays.day[rung]
            could = _could_ring(arrays, code)
        else:
            rang, on = mine["start"].to_numpy(), mine["day"].to_numpy(dtype=np.int64)
            could = np.ones(len(calls), dtype=bool)
        counts = [
            (
                _by_cell(arrays, rang[kinds[on] == kind]),
                _by_cell(arrays, calls[could & (kinds[arrays.day] == kind)]),
            )
            for kind in range(int(kinds.max()) + 1)
        ]
        if len(counts) == 1:
            found.append([duty(*counts[0])])
        else:
            rung_at, called_at = zip(*counts, strict=True)
            found.append(duty_by_weekday(rung_at, called_at))
    return found


def time_on_duty(arrays: RecordArrays, code: int, weekly: list[Spans]) -> NDArray[np.float64]:
    """Return a person's time on duty on each day [s], as recorded if it is."""
    if arrays.people[code] in arrays.records.duty_record.signing:
        return recorded_time(arrays, arrays.people[code])
    lengths = np.array([length(spans) for spans in weekly])
    return lengths[arrays.weekday] if len(weekly) > 1 else np.full(arrays.n_days, lengths[0])


def duty_of_answers(arrays: RecordArrays) -> list[Spans]:
    """Return the spans of duty of each person, from the calls that they answered."""
    answers, calls = arrays.answers, _by_cell(arrays, arrays.arrives_at)
    starts = answers["start"].to_numpy()
    mine = [(answers["member"] == code).to_numpy() for code in range(len(arrays.people))]
    return [duty(_by_cell(arrays, starts[rows]), calls) for rows in mine]


def _by_cell(arrays: RecordArrays, instants: Any) -> NDArray[np.float64]:
    """Return the number of instants in each cell of the day, over all days."""
    n_cells = math.ceil(arrays.end / CELL)
    cells = (np.asarray(instants, dtype=np.float64) // CELL).astype(np.int64)
    inside = cells[(cells >= 0) & (cells < n_cells)]
    return np.bincount(inside, minlength=n_cells).astype(np.float64)


def _could_ring(arrays: RecordArrays, code: int) -> NDArray[np.bool_]:
    """Return the calls that rang a phone while a person was free, and those that rang their own."""
    rang = np.zeros(len(arrays.wait), dtype=bool)
    rang[arrays.rings["call"].to_numpy()] = True
    theirs = arrays.rings["call"].to_numpy()[(arrays.rings["member"] == code).to_numpy()]
    free = np.ones(len(rang), dtype=bool)
    for talks in (arrays.answers, arrays.own):
        mine = talks[(talks["member"] == code).to_numpy()]
        free &= ~_during(mine, arrays.day, arrays.arrives_at)
    free[theirs] = True
    return rang & free


def _during(talks: Any, day: NDArray[np.int64], at: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which instants fall into a person's talks of the same day."""
    started_on, start, end = (talks[name].to_numpy() for name in ("day", "start", "end"))
    order = np.lexsort((start, started_on))
    started_on, start, end = started_on[order], start[order], end[order]
    instants = np.concatenate((start, at))
    # talks come first where they begin at an instant, which then falls into them
    merged = np.lexsort((instants, np.concatenate((started_on, day))))
    is_talk = merged < len(start)
    last = np.empty(len(instants), dtype=np.int64)
    last[merged] = np.cumsum(is_talk) - 1
    last = last[len(start) :]
    known = last >= 0
    known[known] = started_on[last[known]] == day[known]
    known[known] = end[last[known]] > at[known]
    return known


def on_duty(spans: Spans, end: float) -> Spans | None:
    """Return spans for a scenario; None if they cover the whole day."""
    covers = len(spans) == 1 and spans[0][0] == 0 and spans[0][1] >= end
    return None if covers else spans
