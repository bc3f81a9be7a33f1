"""Tables of attempts for the compiled engine: allocate and grow them, and read the log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ringsim._log_arrays import Borders, LogArrays
from ringsim.engine._attempts import Attempts
from ringsim.engine._compiled_layout import Calls, Log
from ringsim.engine._compiled_options_layout import RedialArrays
from ringsim.engine._compiled_tables import NOT_WRITTEN, OF_CALLS
from ringsim.engine._limits import check_attempts
from ringsim.engine._places import Places, call_arrays
from ringsim.workload import Batch, Redials
from ringsim.workload._jit_draws import PhoneArrays

__all__ = ["grown", "log_with_attempts", "no_redials", "redial_arrays", "with_room"]

FEWEST_ATTEMPTS = 64
LENGTH = 2**31  # of the numbers of calls, for the ranks of their events
GROWING = ("arrives_at", "talk_time", "wrap_up_time", "patience", "group", "key_row", "nth")


def no_redials(phones: PhoneArrays) -> RedialArrays:
    """Return arrays for a workload in which nobody tries again; their phones are not used."""
    none = np.zeros(0, dtype=np.int64)
    return RedialArrays(
        is_on=False,
        kind=np.zeros(0, dtype=np.int32),
        max_attempts=np.zeros(0),
        is_followed=np.zeros((0, 0), dtype=np.bool_),
        patience_anew=np.zeros(0, dtype=np.bool_),
        delays=phones,
        patience=phones,
        caller=none,
        attempt=none,
        n_attempts=none,
        first=none,
    )


def redial_arrays(redials: Redials, batch: Batch, laid_out: int) -> RedialArrays:
    """Return the arrays of a batch, without attempts; numbers of each caller may be laid out."""
    room = len(batch) + FEWEST_ATTEMPTS
    return RedialArrays(
        is_on=True,
        kind=redials.kind_of(batch.called, len(batch)),
        max_attempts=redials.max_attempts,
        is_followed=redials.is_followed,
        patience_anew=redials.patience_anew,
        delays=redials.delays.arrays(redials.names, laid_out),
        patience=redials.patience.arrays(redials.names, laid_out),
        caller=np.zeros(room, dtype=np.int64),
        attempt=np.zeros(room, dtype=np.int64),
        n_attempts=np.zeros(1, dtype=np.int64),
        first=np.zeros(len(batch.first), dtype=np.int64),
    )


def with_room(columns: Any, fields: tuple[str, ...] | list[str], room: int) -> Any:
    """Return a named tuple of columns, some of which have `room` rows more."""
    return columns._replace(
        **{
            field: np.concatenate([column, np.full(room, NOT_WRITTEN, dtype=column.dtype)])
            for field in fields
            for column in [getattr(columns, field)]
        }
    )


def grown(redials: RedialArrays, calls: Calls, log: Log) -> tuple[RedialArrays, Calls, Log]:
    """Return the tables with room for twice as many attempts."""
    room = len(redials.caller)
    return (
        with_room(redials, ("caller", "attempt"), room),
        with_room(calls, GROWING, room),
        with_room(log, OF_CALLS, room),
    )


def log_with_attempts(
    played: LogArrays, places: Places, batch: Batch, redials: RedialArrays, calls: Calls, log: Log
) -> tuple[LogArrays, Borders]:
    """Return the log of a batch with its attempts, and the borders of its runs.

    Raises
    ------
    ConfigurationError
        If a run has too many attempts.
    """
    n = int(redials.n_attempts[0])
    for callers, of_run in zip(np.diff(batch.first), np.diff(redials.first), strict=True):
        check_attempts(int(callers), int(of_run))
    attempts = Attempts(batch.first, redials.caller[:n], redials.attempt[:n], redials.first)
    all_calls = len(batch) + n
    columns = {field: getattr(log, field)[:all_calls] for field in OF_CALLS}
    rows = attempts.rows.astype(np.int32)
    return (
        replace(
            played,
            calls=call_arrays(
                attempts.places(places),
                attempts.calls(*(getattr(calls, field)[:all_calls] for field in GROWING[:4])),
                **attempts.by_row(**columns),
            ),
            rings=replace(played.rings, call=rows[played.rings.call]),
            visits=replace(played.visits, call=rows[played.visits.call]),
            attempts=attempts.table,
        ),
        Borders(attempts.borders, log.first_ring, log.first_visit, batch.first_own),
    )
