"""The compiled engine's player, which plays batches of workloads and returns their logs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import announce
from ringsim._log_arrays import Borders, LineArrays, LogArrays, RingArrays, VisitArrays
from ringsim.engine._compiled import order_by_call, play_runs
from ringsim.engine._compiled_layout import (
    CALLERS_FULL,
    DONE,
    EVENTS_FULL,
    RINGS_FULL,
    VISITS_FULL,
    Calls,
    Floats,
    PlanArrays,
    n_phones,
    no_memory,
    plan_arrays,
)
from ringsim.engine._compiled_ring_order import forget_order
from ringsim.engine._compiled_tables import (
    OF_RINGS,
    OF_VISITS,
    leave_to_thread,
    reset,
    state_of_thread,
    tables_of_thread,
    with_calls,
    with_more_callers,
    with_more_events,
    with_room,
)
from ringsim.engine._limits import TooManyRingsError, check_rings, most_rings
from ringsim.engine._places import Places, call_arrays, own_call_arrays, places_of
from ringsim.engine._plan import Plan
from ringsim.workload import Batch, Workload
from ringsim.workload._jit_draws import PhoneArrays

__all__ = ["Player", "play"]

Ints = NDArray[np.int64]

MOST_RINGS_TOGETHER = 2**22  # in one table, for several runs


def play(plan: Plan, workload: Workload) -> LogArrays:
    """Play all calls of a workload to their ends; dispatchers must be orderings."""
    log, _ = Player(plan).play(workload.batch)
    return _by_call(log)


class Player:
    """A compiled engine for one plan, which plays one batch of workloads after another.

    Dispatchers must be orderings. All players of a thread share its tables of rings and visits.
    """

    loop: ClassVar[Any] = staticmethod(play_runs)

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._arrays, self._no_memory = _form_of(plan)
        self._state = state_of_thread(self._arrays, self._n_phones)
        self._log = tables_of_thread()

    @property
    def _n_phones(self) -> int:
        """Greatest number of phones that ring at once for a caller."""
        return n_phones(self._arrays)

    def play(self, batch: Batch) -> tuple[LogArrays, Borders]:
        """Play all calls of a batch to their ends.

        Returns
        -------
        LogArrays
            All runs; the rings and visits of each run are in the order of events. The arrays
            are views of tables that the next batch of the same thread overwrites.
        Borders
            The first row of each run in each table.

        Raises
        ------
        TooManyRingsError
            If several runs ring so often that they must be played one by one.
        """
        announce(self.loop)
        places = places_of(self._plan, batch)
        calls = _calls(places, batch)
        rings = 1  # per call and phone, for which `phones` lays out answer delays if it must
        while True:
            phones = batch.phones.arrays(self._plan.extensions, rings, self._plan.reached)
            self._rings_laid_out = rings
            if self._run(calls, phones) == DONE:
                leave_to_thread(self._log)
                return self._played(places, batch)
            rings *= 4  # lay out delays of more rings, and play the whole batch again

    def _run(self, calls: Calls, phones: PhoneArrays) -> int:
        """Play a batch, growing each table that is full; return the final status.

        The status is `DONE` or `DELAYS_NOT_LAID_OUT`.
        """
        self._log = with_calls(self._log, calls)
        self._reset(calls)
        while True:
            status = self._step(calls, phones)
            if status == CALLERS_FULL:
                self._grow_callers()
            elif status == EVENTS_FULL:
                self._state = with_more_events(self._state)
            elif status == RINGS_FULL:
                run = int(self._state.counters[0].n_runs)
                self._check_rings(calls, run)
                if len(calls.first) > 2 and len(self._log.ring_call) >= MOST_RINGS_TOGETHER:
                    raise TooManyRingsError
                self._log = with_room(self._log, OF_RINGS)
            elif status == VISITS_FULL:
                self._log = with_room(self._log, OF_VISITS)
            else:
                rings = self._log.first_ring[1:] - self._log.first_ring[:-1]
                for at in np.flatnonzero(rings > most_rings(self._plan, 0)):
                    self._check_rings(calls, int(at))
                return status

    def _reset(self, calls: Calls) -> None:
        reset(self._state, self._no_memory, calls.length)
        if len(self._arrays.following):  # else the call alone takes microseconds of each day
            forget_order(self._arrays, self._state)
        else:
            np.copyto(self._state.scores, self._arrays.scores)

    def _step(self, calls: Calls, phones: PhoneArrays) -> int:
        """Play until every call is over or a table is full; return the status."""
        status: int = play_runs(
            self._arrays, calls, phones, self._state, self._log, self._no_memory
        )
        return status

    def _grow_callers(self) -> None:
        self._state = with_more_callers(self._state)

    def _check_rings(self, calls: Calls, run: int) -> None:
        """Check the number of rings of a run that is over or in progress."""
        is_over = run < self._state.counters[0].n_runs
        rows = self._log.first_ring[run + 1] if is_over else self._state.counters[0].n_ring_rows
        n_calls = int(calls.first[run + 1] - calls.first[run])
        check_rings(self._plan, n_calls, int(rows - self._log.first_ring[run]))

    def _played(self, places: Places, batch: Batch) -> tuple[LogArrays, Borders]:
        log, counters = self._log, self._state.counters
        n_rings, n_visits = int(counters["n_ring_rows"][0]), int(counters["n_visit_rows"][0])
        rings = (getattr(log, field)[:n_rings] for field in OF_RINGS)
        visits = (getattr(log, field)[:n_visits] for field in OF_VISITS)
        played = LogArrays(
            groups=self._plan.group_numbers,
            extensions=self._plan.extensions,
            calls=call_arrays(
                places,
                batch,
                outcome=log.outcome,
                wait=log.wait,
                answered_by=log.answered_by,
                n_rings=log.n_rings,
                ended_in=log.ended_in,
                action=log.action,
            ),
            rings=RingArrays(*rings),
            visits=VisitArrays(*visits),
            own_calls=own_call_arrays(places, batch, log.taken),
        )
        return played, Borders(batch.first, log.first_ring, log.first_visit, batch.first_own)


def _form_of(plan: Plan) -> tuple[PlanArrays, Floats]:
    """Return the arrays of a plan and its members' memory at the start, neither of which changes.

    To make them takes a tenth of the time to play a short day (measured).
    """
    if "compiled" not in plan.forms:
        arrays = plan_arrays(plan)
        plan.forms["compiled"] = arrays, no_memory(arrays)
    form: tuple[PlanArrays, Floats] = plan.forms["compiled"]
    return form


def _by_call(log: LogArrays) -> LogArrays:
    """Return a copy of the log with its rings and visits in the order of the calls."""

    def order(column: NDArray[np.int32]) -> Ints:
        by_call = np.empty(len(column), dtype=np.int64)
        order_by_call(column, np.zeros(len(log.calls) + 1, dtype=np.int64), by_call)
        return by_call

    rings, visits = order(log.rings.call), order(log.visits.call)
    lines = log.lines
    return replace(
        log,
        rings=RingArrays(*(column[rings] for column in vars(log.rings).values())),
        visits=VisitArrays(*(column[visits] for column in vars(log.visits).values())),
        lines=lines and LineArrays(*(column[visits] for column in vars(lines).values())),
    )


def _calls(places: Places, batch: Batch) -> Calls:
    own, away = batch.own_calls, batch.away
    first_own, own_order = batch.first_own, batch.own_order
    if len(away):
        first_own = first_own + batch.first_away
        own_order = _merged_order(batch)
    key_row, nth = batch.phones.places
    return Calls(
        first=batch.first,
        arrives_at=batch.arrives_at,
        talk_time=batch.talk_time,
        wrap_up_time=batch.wrap_up_time,
        patience=batch.patience,
        group=places.group_of.astype(np.int64),
        key_row=key_row,
        nth=nth,
        order=batch.order,
        first_own=first_own,
        own_at=np.concatenate([own.at, away.at]),
        own_talk_time=np.concatenate([own.talk_time, away.talk_time]),
        own_extension=np.concatenate([places.own_extension, places.away_extension]).astype(
            np.int64
        ),
        own_order=own_order,
        n_own=len(own),
        length=max(len(batch), len(own) + len(away)) + 1,
    )


def _merged_order(batch: Batch) -> Ints:
    """Return the rows of own calls and spells away by run, then instant, own calls first.

    A spell's row is its own, plus the number of own calls.
    """
    at = np.concatenate([batch.own_calls.at, batch.away.at])
    firsts = (batch.first_own, batch.first_away)
    run = np.concatenate([np.repeat(np.arange(len(f) - 1), np.diff(f)) for f in firsts])
    order: Ints = np.lexsort((np.arange(len(at)), at, run))
    return order
