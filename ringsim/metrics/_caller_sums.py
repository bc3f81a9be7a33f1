"""Sums over callers, who may have called several times.

A caller counts in the cell of their first attempt, with all attempts. Without a table of attempts
each call is the only attempt of its caller, and the sums follow from those over calls.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim._log_arrays import ABANDONED, ANSWERED, OVERFLOWED, AttemptArrays, Borders, LogArrays
from ringsim.metrics._jit_sums import NO_CELL, WITHIN_SLACK

__all__ = ["CALLER_SUMS", "OF_ONE_ATTEMPT", "caller_sums"]

Floats: TypeAlias = NDArray[np.float64]

# Each sum, and that over calls which equals it if nobody tries again
OF_ONE_ATTEMPT: Final = {
    "callers": "offered",
    "attempts": "offered",
    "callers_answered": "answered",
    "waited_callers_answered": "waited_answered",  # from the first attempt to the answer
    "first_answered": "answered",
    "first_abandoned": "abandoned",
    "first_overflowed": "overflowed",
    "first_answered_within": "answered_within",
}
CALLER_SUMS: Final = tuple(OF_ONE_ATTEMPT)


def caller_sums(
    log: LogArrays,
    attempts: AttemptArrays,
    borders: Borders,
    cell_of: NDArray[np.int32],
    n_cells: int,
    within: float,
) -> Floats:
    """Return the sums of R runs with a table of attempts, shape (R, cells, len(CALLER_SUMS)).

    Parameters
    ----------
    log, attempts, borders : LogArrays, AttemptArrays, Borders
        The runs, and their attempts.
    cell_of : ndarray of int32
        Cell of each call, or `NO_CELL` for calls that do not count.
    n_cells : int
        Number of cells.
    within : float
        Threshold of the service level [s].
    """
    runs = len(borders.calls) - 1
    run = np.repeat(np.arange(runs), np.diff(borders.calls))
    first = attempts.caller + borders.calls[run]  # row of the caller's first attempt
    cell = cell_of[first]
    counts = np.flatnonzero(cell != NO_CELL)
    place, first = run[counts] * n_cells + cell[counts], first[counts]
    outcome, is_first = log.calls.outcome[counts], attempts.attempt[counts] == 1
    answered = outcome == ANSWERED
    wait = log.calls.wait[counts]
    since_first = log.calls.arrives_at[counts] + wait - log.calls.arrives_at[first]
    weights = (
        is_first,
        np.ones(len(counts)),
        answered,
        np.where(answered, since_first, 0.0),
        is_first & answered,
        is_first & (outcome == ABANDONED),
        is_first & (outcome == OVERFLOWED),
        is_first & answered & (wait <= within + WITHIN_SLACK),
    )
    sums: list[Floats] = [
        np.bincount(place, weights=each, minlength=runs * n_cells).astype(np.float64)
        for each in weights
    ]
    table: Floats = np.stack(sums, axis=-1).reshape(runs, n_cells, len(CALLER_SUMS))
    return table
