"""Reduction of call logs to sums, one run or many at a time.

`Observer`
    Reduces logs to `Observations`; it keeps no log.
`check_identity`
    A check that every call has exactly one outcome.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import announce
from ringsim._log_arrays import ANSWERED, OUTCOMES, RESULTS, Borders, LogArrays
from ringsim.errors import RingsimError
from ringsim.metrics._caller_sums import caller_sums
from ringsim.metrics._jit_sums import (
    N_ABANDONED,
    N_ANSWERED,
    N_OVERFLOWED,
    OFFERED,
    CountingRules,
    Log,
    Scratch,
    Sums,
    observe_runs,
)
from ringsim.metrics._option_sums import observe_options, writable
from ringsim.metrics._roster import Roster
from ringsim.metrics._sums import Layout, Observations, empty_sums
from ringsim.metrics._waits import Waits

__all__ = ["Observer", "check_identity"]

Floats: TypeAlias = NDArray[np.float64]

OUTCOME_SUMS = [N_ANSWERED, N_ABANDONED, N_OVERFLOWED]


def check_identity(log: LogArrays) -> None:
    """Check the counting identity: offered = answered + abandoned + overflowed.

    Raises
    ------
    RingsimError
        If a call has no outcome or several, which is an error of the engine.
    """
    offered, outcome = len(log.calls), log.calls.outcome
    is_known = (outcome >= 0) & (outcome < len(OUTCOMES))
    if not offered == len(outcome) == np.count_nonzero(is_known):
        counts = [int((outcome == code).sum()) for code in range(len(OUTCOMES))]
        counted = " + ".join(f"{n} {name}" for n, name in zip(counts, OUTCOMES, strict=True))
        raise RingsimError(
            f"The engine must give each of {offered} calls an outcome, got {counted}."
        )


class Observer:
    """Reduces runs to their sums, one after another.

    Parameters
    ----------
    roster : Roster
        Groups and members of the scenario, and its warm-up.
    layout : Layout
        Cells that calls are counted in.
    replications : int
        Number of runs that will be added.
    first : int, default 0
        Number of the first replication.
    """

    def __init__(self, roster: Roster, layout: Layout, replications: int, first: int = 0) -> None:
        announce(observe_runs)
        self._roster = roster
        self._layout = layout
        self._sums = empty_sums(roster, layout, replications)
        rules = (layout.width, layout.group, layout.within, layout.short, roster.warm_up)
        self._asked = CountingRules(*rules)
        self._waits = Waits(layout.n_cells)
        self._first, self._seen = first, 0
        self._scratch = _scratch(roster, 0, 0)

    def add(self, log: LogArrays, borders: Borders | None = None) -> None:
        """Add the run in a log, or all runs in it if `borders` tells where each begins.

        Raises
        ------
        RingsimError
            If a call has no outcome or several.
        """
        borders = Borders.of_one(log) if borders is None else borders
        calls, rings = len(log.calls), len(log.rings) + len(log.own_calls)
        if calls > len(self._scratch.cell_of) or rings > len(self._scratch.rang_from):
            self._scratch = _scratch(self._roster, calls + calls // 4, rings + rings // 4)
        after = self._seen + len(borders.calls) - 1
        *sums_of_runs, callers = (each[self._seen : after] for each in self._sums)
        sums = Sums(*sums_of_runs)
        people, asked = self._roster.people, self._asked
        observe_runs(_log_columns(log), borders, people, asked, sums, self._scratch)
        observe_options(log, borders, self._roster, sums, self._scratch.cell_of)
        if (sums.calls[:, :, OUTCOME_SUMS].sum(axis=2) != sums.calls[:, :, OFFERED]).any():
            check_identity(log)
        if self._roster.counts_callers and log.attempts is not None:
            cells = (self._scratch.cell_of[:calls], self._layout.n_cells)
            callers += caller_sums(log, log.attempts, borders, *cells, self._layout.within)
        if self._layout.keeps_waits:
            first, last = self._first + self._seen, self._first + after
            self._waits.add(
                log.calls.wait,
                log.calls.outcome == ANSWERED,
                self._scratch.cell_of[:calls],
                np.repeat(np.arange(first, last, dtype=np.int32), np.diff(borders.calls)),
                range(first, last),
            )
        self._seen = after

    def observations(self) -> Observations:
        """Return the sums of all runs so far."""
        return Observations(self._roster, self._layout, self._sums, self._waits)


def _scratch(roster: Roster, calls: int, rings: int) -> Scratch:
    return Scratch(
        cell_of=np.empty(calls, dtype=np.int32),
        rings_of_seat=np.empty((len(roster.seats), len(RESULTS) + 1), dtype=np.int64),
        next_ring=np.empty(len(roster.extensions) + 2, dtype=np.int64),
        next_talk=np.empty(len(roster.extensions) + 2, dtype=np.int64),
        rang_from=np.empty(rings),
        rang_until=np.empty(rings),
        talks=np.empty(rings + 1, dtype=np.int64),
        began_at=np.empty(rings),
        hangs_up_at=np.empty(rings),
        free_at=np.empty(rings),
        starts=np.empty(rings),
        ends=np.empty(rings),
        busy_until=np.empty(rings),
    )


def _log_columns(log: LogArrays) -> Log:
    """Return the columns that compiled code reads."""
    calls, rings, visits, own = log.calls, log.rings, log.visits, log.own_calls
    columns: list[NDArray[Any]] = [
        *(getattr(calls, name) for name in Log._fields[: Log._fields.index("ring_call")]),
        *(rings.call, rings.group, rings.member),
        *(rings.started_at, rings.ended_at, rings.result),
        *(visits.call, visits.group, visits.found),
        *(own.extension, own.started_at, own.talk_time, own.taken),
    ]
    return Log(*map(writable, columns))
