"""The tables of the compiled engine: made, reset, enlarged, and left to who plays next."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim.engine._compiled import forget
from ringsim.engine._compiled_layout import (
    ENDS_AT,
    N_FREE,
    N_PASSES,
    TALKS_UNTIL,
    THIS_PASS,
    Calls,
    Log,
    Rules,
    State,
)

__all__ = [
    "OF_RINGS",
    "OF_VISITS",
    "leave_to_thread",
    "new_state",
    "reset",
    "tables_of_thread",
    "with_calls",
    "with_more_callers",
    "with_room",
]

Floats = NDArray[np.float64]

FEWEST_CALLERS, FEWEST_ROWS = 64, 1024
NOT_WRITTEN = -1  # where no call or pass is, nor an outcome
RINGS_OF_A_CALL, VISITS_OF_A_CALL = 2, 1  # that there is room for to begin with
NOT_OF_CALLERS = {"memory", "on_call_until", "free_at", "n_ringing", "chosen", "counters"}
OF_RINGS = [field for field in Log._fields if field.startswith("ring_")]
OF_VISITS = [field for field in Log._fields if field.startswith("visit_")]
MOST_ROWS_LEFT = 2**20  # of tables that are left to a thread's next player: 70 megabytes
BORDERS = ["first_ring", "first_visit"]
OF_CALLS = [
    field for field in Log._fields if field not in (*OF_RINGS, *OF_VISITS, *BORDERS, "taken")
]

_of_thread = threading.local()


def new_state(rules: Rules) -> State:
    """All phones and callers, to be reset before each batch."""
    people, seats, n = len(rules.duty_of), len(rules.extension_of), FEWEST_CALLERS
    return State(
        memory=np.empty((seats, TALKS_UNTIL + 1)),
        on_call_until=np.empty(people),
        free_at=np.empty(people),
        n_ringing=np.empty(people, dtype=np.int64),
        callers=np.zeros((n, THIS_PASS + 1), dtype=np.int64),
        caller_times=np.zeros((n, ENDS_AT + 1)),
        wave=np.zeros((n, rules.width), dtype=np.int64),
        ready_at=np.zeros((n, rules.width)),
        rung=np.zeros((n, rules.width), dtype=np.int64),
        rang_for=np.zeros((n, people), dtype=np.int32),
        rings_on=np.zeros((n, people), dtype=np.int32),
        entered=np.zeros((n, len(rules.groups)), dtype=np.int32),
        heap_at=np.zeros(n),
        heap_rank=np.zeros(n, dtype=np.int64),
        heap_caller=np.zeros(n, dtype=np.int64),
        free_callers=np.zeros(n, dtype=np.int64),
        chosen=np.zeros(rules.width, dtype=np.int64),
        counters=np.zeros(N_PASSES + 1, dtype=np.int64),
    )


def reset(state: State, nothing: Floats) -> None:
    """Nothing has happened: nobody does anything, and no caller is there."""
    forget(state, nothing)
    n = len(state.callers)
    state.free_callers[:] = np.arange(n)[::-1]
    for stamps in (state.rung, state.rang_for, state.entered):
        stamps.fill(NOT_WRITTEN)
    state.counters[:] = 0
    state.counters[N_FREE] = n


def with_more_callers(state: State) -> State:
    """Room for twice as many callers; the new rows are free."""
    n = len(state.callers)
    grown = {
        field: _doubled(getattr(state, field))
        for field in state._fields
        if field not in NOT_OF_CALLERS
    }
    grown["free_callers"][:n] = np.arange(n, 2 * n)
    state.counters[N_FREE] = n
    return state._replace(**grown)


def _column(field: str, n: int) -> NDArray[Any]:
    """A column of a log: instants and waits, codes and counts, borders, or yes and no."""
    if field in BORDERS:
        return np.zeros(n, dtype=np.int64)
    if field == "taken":
        return np.zeros(n, dtype=np.bool_)
    return np.empty(n, dtype=np.float64 if field == "wait" or field.endswith("_at") else np.int32)


def with_calls(log: Log, calls: Calls) -> Log:
    """New columns of calls, beside the tables of rings and visits, which have room for some."""
    columns = {field: _column(field, len(calls.order)) for field in OF_CALLS}
    columns["outcome"].fill(NOT_WRITTEN)  # for `check_identity` to see a call that is left out
    columns |= {field: _column(field, len(calls.first)) for field in BORDERS}
    columns["taken"] = _column("taken", len(calls.own_order))
    for fields, usual in ((OF_RINGS, RINGS_OF_A_CALL), (OF_VISITS, VISITS_OF_A_CALL)):
        rows = usual * len(calls.order)
        if len(getattr(log, fields[0])) < rows:
            columns |= {field: _column(field, rows + FEWEST_ROWS) for field in fields}
    return log._replace(**columns)


def with_room(log: Log, fields: list[str]) -> Log:
    """Twice the room in some of the columns."""
    return log._replace(**{field: _doubled(getattr(log, field)) for field in fields})


def _doubled(table: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate((table, np.full_like(table, NOT_WRITTEN)))


def tables_of_thread() -> Log:
    """Those that the last batch was played in, since new ones take longer than a small study."""
    left: dict[str, NDArray[Any]] = getattr(_of_thread, "tables", {})
    return Log(*(left.get(field, _column(field, FEWEST_ROWS)) for field in Log._fields))


def leave_to_thread(log: Log) -> None:
    """Its tables of rings and visits, if they are not too large."""
    if max(len(log.ring_call), len(log.visit_call)) <= MOST_ROWS_LEFT:
        _of_thread.tables = {field: getattr(log, field) for field in (*OF_RINGS, *OF_VISITS)}
