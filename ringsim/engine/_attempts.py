"""Logs of runs in which callers tried again, made from the rows that an engine wrote.

An engine numbers the calls of all its runs first, then the attempts from the second on in the
order in which they were scheduled. In the log, the attempts of a run follow its other calls.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim._log_arrays import AttemptArrays
from ringsim.engine._places import Places, PlayedCalls

__all__ = ["Attempts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Attempts:
    """The attempts from the second on of R runs with `n` callers.

    Parameters
    ----------
    first_call : ndarray, shape (R + 1,)
        First caller of each run.
    caller : ndarray, shape (m,)
        Row of the caller of each attempt, by run.
    attempt : ndarray, shape (m,)
        Number of attempts of the caller before it.
    first : ndarray, shape (R + 1,)
        First attempt of each run.

    Attributes
    ----------
    borders : ndarray, shape (R + 1,)
        First row of each run in the log.
    rows : ndarray, shape (n + m,)
        Row in the log of each call that the engine numbered.
    order : ndarray, shape (n + m,)
        Number of the engine for each row of the log.
    """

    def __init__(self, first_call: Ints, caller: Ints, attempt: Ints, first: Ints) -> None:
        n, m = int(first_call[-1]), len(caller)
        self.borders = first_call + first
        runs = np.arange(len(first) - 1)
        run_of_caller = np.repeat(runs, np.diff(first_call))
        run_of_attempt = np.repeat(runs, np.diff(first))
        self.rows = np.concatenate(
            [np.arange(n) + first[run_of_caller], np.arange(m) + first_call[run_of_attempt + 1]]
        )
        self.order = np.empty(n + m, dtype=np.int64)
        self.order[self.rows] = np.arange(n + m)
        self._first_attempt = np.concatenate([np.arange(n), caller])
        self._attempt = np.concatenate([np.zeros(n, dtype=np.int64), attempt])

    @property
    def table(self) -> AttemptArrays:
        """The columns of attempts in the log."""
        first = self.rows[self._first_attempt[self.order]]
        runs = np.repeat(self.borders[:-1], np.diff(self.borders))
        return AttemptArrays(
            (first - runs).astype(np.int32), (self._attempt[self.order] + 1).astype(np.int32)
        )

    def places(self, places: Places) -> Places:
        """Return the indices of groups and people with the group of each row of the log."""
        return places._replace(group_of=places.group_of[self._first_attempt[self.order]])

    def calls(self, *columns: Floats) -> PlayedCalls:
        """Return the columns of a workload, given by number of the engine, by row of the log."""
        return PlayedCalls(*(column[self.order] for column in columns))

    def by_row(self, **columns: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return columns by row of the log, given by number of the engine."""
        return {name: column[self.order] for name, column in columns.items()}
