"""Allocate, reset and grow the tables of the compiled engine; cache them per thread."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim._jit_vector import LANES
from ringsim.engine._compiled import forget
from ringsim.engine._compiled_layout import (
    CALLER,
    COUNTERS,
    GROUP_STATE,
    MEMBER,
    OF_A_LINE,
    RING,
    Calls,
    Drawn,
    Log,
    PlanArrays,
    State,
    as_table,
    in_lines,
)
from ringsim.workload._jit_lanes import MOST_LANES

__all__ = [
    "OF_RINGS",
    "OF_VISITS",
    "leave_to_thread",
    "reset",
    "state_of_thread",
    "tables_of_thread",
    "with_calls",
    "with_more_callers",
    "with_more_events",
    "with_room",
]

Floats = NDArray[np.float64]

FEWEST_CALLERS, FEWEST_ROWS = 64, 1024
NOT_WRITTEN = -1  # no call, pass or outcome
RINGS_OF_A_CALL, VISITS_OF_A_CALL = 2, 1  # rows per call in a new table
OF_CALLERS = ["callers", "rings", "rung", "rings_on", "entered", "free_callers"]
OF_EVENTS = [field for field in State._fields if field.startswith("heap_")]
OF_RINGS = [field for field in Log._fields if field.startswith("ring_")]
OF_VISITS = [field for field in Log._fields if field.startswith("visit_")]
MOST_ROWS_LEFT = 2**20  # of tables cached for the thread's next player: 70 megabytes
BORDERS = ["first_ring", "first_visit"]
OF_CALLS = [
    field for field in Log._fields if field not in (*OF_RINGS, *OF_VISITS, *BORDERS, "taken")
]

COLUMN_TYPES: dict[str, type] = (
    {
        field: np.float64 if field == "wait" or field.endswith("_at") else np.int32
        for field in (*OF_CALLS, *OF_RINGS, *OF_VISITS)
    }
    | dict.fromkeys(BORDERS, np.int64)
    | {"taken": np.bool_}
)
# Columns of calls that `with_calls` will replace, so that no thread keeps those of its last batch
NO_CALLS: dict[str, NDArray[Any]] = {
    field: np.empty(0, COLUMN_TYPES[field]) for field in (*OF_CALLS, *BORDERS, "taken")
}

_of_thread = threading.local()


def _new_state(plan: PlanArrays, n_phones: int) -> State:
    """Allocate tables for all phones and some callers; call `reset` before each batch.

    `n_phones` is the greatest number of phones that ring at once for a caller.
    """
    people, n = len(plan.duty_of), FEWEST_CALLERS
    members = np.zeros(len(plan.position_of), dtype=MEMBER)
    callers = np.zeros(n, dtype=CALLER)
    callers["row"] = np.arange(n)
    return State(
        members=members,
        memory=as_table(members),
        on_call_until=_aligned((in_lines(people),), np.float64),
        free_at=np.empty(people),
        n_ringing=np.empty(people, dtype=np.int64),
        groups=np.zeros(len(plan.groups), dtype=GROUP_STATE),
        on_duty=np.zeros((len(plan.groups), plan.width // LANES + 1), dtype=np.int64),
        callers=callers,
        rings=np.zeros((n, n_phones), dtype=RING),
        rung=_aligned((n, in_lines(plan.width)), np.int64),
        rings_on=np.zeros((n, people), dtype=np.int64),
        entered=np.zeros((n, len(plan.groups)), dtype=np.int32),
        heap_at=np.zeros(n),
        heap_rank=np.zeros(n, dtype=np.int64),
        heap_event=np.zeros(n, dtype=np.int64),
        free_callers=np.zeros(n, dtype=np.int64),
        scores=_aligned(plan.scores.shape, np.int64),
        chosen=np.zeros(plan.width, dtype=np.int64),
        following=plan.following.copy(),
        preceding=plan.preceding.copy(),
        drawn=Drawn(
            phone=np.zeros(plan.width + MOST_LANES, dtype=np.int64),
            nth_ring=np.zeros(plan.width + MOST_LANES, dtype=np.int64),
            delay=np.zeros(plan.width + MOST_LANES, dtype=np.uint64),
            coin=np.zeros(plan.width + MOST_LANES, dtype=np.uint64),
        ),
        counters=np.zeros(1, dtype=COUNTERS),
    )


def state_of_thread(plan: PlanArrays, n_phones: int) -> State:
    """Return the cached tables of the thread's last plan if they fit, or new ones.

    To allocate them takes a twentieth of the time to play a short day (measured).
    """
    last: tuple[PlanArrays, State] | None = getattr(_of_thread, "state", None)
    if last is None or last[0] is not plan or last[1].rings.shape[1] != n_phones:
        last = _of_thread.state = plan, _new_state(plan, n_phones)
    return last[1]


def _aligned(shape: tuple[int, ...], dtype: type) -> NDArray[Any]:
    """Return zeros of 8 bytes each, whose first element begins a cache line."""
    n = math.prod(shape)
    whole: NDArray[Any] = np.zeros(n + OF_A_LINE, dtype=dtype)
    first = -(whole.ctypes.data // whole.itemsize) % OF_A_LINE
    return whole[first : first + n].reshape(shape)


def reset(state: State, no_memory: Floats, length: int) -> None:
    """Reset the tables: all phones idle, all rows of callers free, and all memory empty.

    `length` is the number of calls or of own calls and spells, whichever is larger, plus 1.
    """
    forget(state, no_memory)
    n = len(state.callers)
    state.free_callers[:] = np.arange(n)[::-1]
    for stamps in (state.rung, state.rings_on, state.entered):
        stamps.fill(NOT_WRITTEN)
    state.counters.fill(0)
    state.counters["n_free"] = n
    state.counters["length"], state.counters["width"] = length, len(state.chosen)


def with_more_callers(state: State) -> State:
    """Return the state with twice the rows for callers; the new rows are free."""
    n = len(state.callers)
    grown: dict[str, Any] = {field: _doubled(getattr(state, field)) for field in OF_CALLERS}
    grown["callers"]["row"] = np.arange(2 * n)
    grown["free_callers"][:n] = np.arange(n, 2 * n)
    state.counters["n_free"] = n
    return state._replace(**grown)


def with_more_events(state: State) -> State:
    """Return the state with twice the rows for scheduled events."""
    grown: dict[str, Any] = {field: _doubled(getattr(state, field)) for field in OF_EVENTS}
    return state._replace(**grown)


def _column(field: str, n: int) -> NDArray[Any]:
    """Return a column of a log with the dtype of its field."""
    return np.empty(n, dtype=COLUMN_TYPES[field])


def with_calls(log: Log, calls: Calls) -> Log:
    """Return a log with new columns of calls, and room for a usual number of rings and visits."""
    columns = {field: _column(field, len(calls.order)) for field in OF_CALLS}
    columns["outcome"].fill(NOT_WRITTEN)  # lets `check_identity` detect a call without outcome
    columns |= {field: np.zeros(len(calls.first), dtype=np.int64) for field in BORDERS}
    columns["taken"] = np.zeros(calls.n_own, dtype=np.bool_)
    for fields, usual in ((OF_RINGS, RINGS_OF_A_CALL), (OF_VISITS, VISITS_OF_A_CALL)):
        rows = usual * len(calls.order)
        if len(getattr(log, fields[0])) < rows:
            columns |= {field: _column(field, rows + FEWEST_ROWS) for field in fields}
    return log._replace(**columns)


def with_room(log: Log, fields: list[str]) -> Log:
    """Return a log with twice the rows in the columns `fields`."""
    return log._replace(**{field: _doubled(getattr(log, field)) for field in fields})


def _doubled(table: NDArray[Any]) -> NDArray[Any]:
    n = len(table)
    grown = np.zeros((2 * n, *table.shape[1:]), dtype=table.dtype)  # takes memory when written to
    grown[:n] = table
    if not table.dtype.names:
        grown[n:] = NOT_WRITTEN
    return grown


def tables_of_thread() -> Log:
    """Return the cached tables of the thread's last batch, or new ones.

    Allocating tables can take longer than a small study.
    """
    left: Log | None = getattr(_of_thread, "tables", None)
    return left or Log(*(_column(field, FEWEST_ROWS) for field in Log._fields))


def leave_to_thread(log: Log) -> None:
    """Cache the tables of rings and visits for the thread unless they are too large."""
    if max(len(log.ring_call), len(log.visit_call)) <= MOST_ROWS_LEFT:
        _of_thread.tables = log._replace(**NO_CALLS)
