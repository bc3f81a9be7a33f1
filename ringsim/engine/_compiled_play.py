"""From plan and workload to the arrays of the compiled engine, and back to a log."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import announce
from ringsim.dispatch import ALL, TIED, AtOnce, Candidate, Dispatcher
from ringsim.engine._compiled import (
    ACTION,
    CALLERS_FULL,
    DONE,
    ENDS_AT,
    EVERYONE,
    N_ANSWERED,
    N_FREE,
    N_PASSES,
    N_RING_ROWS,
    N_RUNG,
    N_RUNS,
    N_VISIT_ROWS,
    RANDOM,
    RINGS_FULL,
    TALKED_TIME,
    TALKS_UNTIL,
    THIS_PASS,
    THOSE_TIED,
    VISITS_FULL,
    Calls,
    Log,
    Rules,
    State,
    forget,
    order_by_call,
    play_runs,
)
from ringsim.engine._plan import (
    GroupPlan,
    Places,
    Plan,
    TooManyRingsError,
    call_arrays,
    check_rings,
    most_rings,
    own_call_arrays,
    places_of,
)
from ringsim.group import Action
from ringsim.logarrays import Borders, LogArrays, RingArrays, VisitArrays
from ringsim.workload import Batch, Workload
from ringsim.workload._jit_draws import PhoneArrays

__all__ = ["Player", "play"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FEWEST_CALLERS, FEWEST_ROWS = 64, 1024
NOT_WRITTEN = -1  # where no call or pass is, nor an outcome
RINGS_OF_A_CALL, VISITS_OF_A_CALL = 2, 1  # that there is room for to begin with
MOST_RINGS_TOGETHER = 2**22  # of several runs
NOT_OF_CALLERS = {"memory", "on_call_until", "free_at", "n_ringing", "chosen", "counters"}
OF_RINGS = [field for field in Log._fields if field.startswith("ring_")]
OF_VISITS = [field for field in Log._fields if field.startswith("visit_")]
MOST_ROWS_LEFT = 2**20  # of tables that are left to a thread's next player: 70 megabytes
BORDERS = ["first_ring", "first_visit"]
OF_CALLS = [
    field for field in Log._fields if field not in (*OF_RINGS, *OF_VISITS, *BORDERS, "taken")
]

_of_thread = threading.local()


def play(plan: Plan, workload: Workload) -> LogArrays:
    """Play every call of the workload to its end; dispatchers are orderings."""
    log, _ = Player(plan).play(workload.batch)
    return _by_call(log)


class Player:
    """Plays one batch of workloads after another; dispatchers are orderings.

    The tables are those of its thread, in which others play, too.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rules = _rules(plan)
        self._state = _state(self._rules)
        self._nothing = _no_memory(self._rules)
        self._log = _tables_of_thread()

    def play(self, batch: Batch) -> tuple[LogArrays, Borders]:
        """Play every call to its end.

        Returns
        -------
        LogArrays
            Of all runs, the rings and visits of each in the order of events. They are views
            of tables that the next batch of the same thread is played in.
        Borders
            Where the rows of each run begin.

        Raises
        ------
        TooManyRingsError
            When several runs ring so often that they are to be played one by one.
        """
        announce(play_runs)
        places = places_of(self._plan, batch)
        calls = _calls(places, batch)
        rings = 1  # of each call on a phone, that are laid out where they must be
        while True:
            phones = batch.phones.arrays(self._plan.extensions, rings)
            if self._run(calls, phones) == DONE:
                _leave_to_thread(self._log)
                return self._played(places, batch)
            rings *= 4  # laid out for more rings, and all played anew

    def _run(self, calls: Calls, phones: PhoneArrays) -> int:
        """Play, with more room whenever a table is full."""
        self._log = _with_calls(self._log, calls)
        _reset(self._state, self._nothing)
        while True:
            status: int = play_runs(
                self._rules, calls, phones, self._state, self._log, self._nothing
            )
            if status == CALLERS_FULL:
                self._state = _with_more_callers(self._state)
            elif status == RINGS_FULL:
                run = int(self._state.counters[N_RUNS])
                self._check_rings(calls, run)
                if len(calls.first) > 2 and len(self._log.ring_call) >= MOST_RINGS_TOGETHER:
                    raise TooManyRingsError
                self._log = _with_room(self._log, OF_RINGS)
            elif status == VISITS_FULL:
                self._log = _with_room(self._log, OF_VISITS)
            else:
                rings = np.diff(self._log.first_ring)
                for at in np.flatnonzero(rings > most_rings(self._plan, 0)):
                    self._check_rings(calls, int(at))
                return status

    def _check_rings(self, calls: Calls, run: int) -> None:
        """Whether a run that is over, or the one that is played, has no more than it may."""
        is_over = run < self._state.counters[N_RUNS]
        rows = self._log.first_ring[run + 1] if is_over else self._state.counters[N_RING_ROWS]
        n_calls = int(calls.first[run + 1] - calls.first[run])
        check_rings(self._plan, n_calls, int(rows - self._log.first_ring[run]))

    def _played(self, places: Places, batch: Batch) -> tuple[LogArrays, Borders]:
        log, counters = self._log, self._state.counters
        rings = (getattr(log, field)[: counters[N_RING_ROWS]] for field in OF_RINGS)
        visits = (getattr(log, field)[: counters[N_VISIT_ROWS]] for field in OF_VISITS)
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


def _tables_of_thread() -> Log:
    """Those that the last batch was played in, since new ones take longer than a small study."""
    left: dict[str, NDArray[Any]] = getattr(_of_thread, "tables", {})
    return Log(*(left.get(field, _column(field, FEWEST_ROWS)) for field in Log._fields))


def _leave_to_thread(log: Log) -> None:
    """Its tables of rings and visits, if they are not too large."""
    if max(len(log.ring_call), len(log.visit_call)) <= MOST_ROWS_LEFT:
        _of_thread.tables = {field: getattr(log, field) for field in (*OF_RINGS, *OF_VISITS)}


def _by_call(log: LogArrays) -> LogArrays:
    """The same log, its rings and visits in the order of the calls, as arrays of their own."""

    def order(column: NDArray[np.int32]) -> Ints:
        by_call = np.empty(len(column), dtype=np.int64)
        order_by_call(column, np.zeros(len(log.calls) + 1, dtype=np.int64), by_call)
        return by_call

    rings, visits = order(log.rings.call), order(log.visits.call)
    return replace(
        log,
        rings=RingArrays(*(column[rings] for column in vars(log.rings).values())),
        visits=VisitArrays(*(column[visits] for column in vars(log.visits).values())),
    )


def _rules(plan: Plan) -> Rules:
    keys = [_keys(group.dispatcher) for group in plan.groups]
    key_ends = np.cumsum([0, *map(len, keys)])
    seat_ends = np.cumsum([0, *(len(group.members) for group in plan.groups)])
    spans = [duty or () for duty in plan.duty]
    span_ends = np.cumsum([0, *map(len, spans)])
    always = np.array([duty is None for duty in plan.duty], dtype=np.bool_)
    return Rules(
        groups=np.array(
            [_group(group, plan, seat_ends, key_ends) for group in plan.groups],
            dtype=np.int64,
        ).reshape(-1, ACTION + 1),
        group_times=np.array(
            [(group.ring_time, group.repeat_delay) for group in plan.groups]
        ).reshape(-1, 2),
        extension_of=_whole(seat for group in plan.groups for seat in group.members),
        position_of=_whole(
            position for group in plan.groups for position in range(len(group.members))
        ),
        skill_level_of=_whole(level for group in plan.groups for level in group.skill_levels),
        keys=np.array([key for of_group in keys for key in of_group], dtype=np.int64).reshape(
            -1, 2
        ),
        duty_of=np.column_stack((np.where(always, -1, span_ends[:-1]), span_ends[1:])),
        duty=np.array([span for of_one in spans for span in of_one]).reshape(-1, 2),
        ringing_is_busy=plan.ringing_is_busy,
        width=max((len(group.members) for group in plan.groups), default=0) + 1,
    )


def _whole(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)


def _group(group: GroupPlan, plan: Plan, seat_ends: Ints, key_ends: Ints) -> list[int]:
    dispatcher = group.dispatcher
    together: dict[int | AtOnce, int | AtOnce] = {ALL: EVERYONE, TIED: THOSE_TIED}
    at_once: Any = together.get(dispatcher.at_once, dispatcher.at_once)
    return [
        seat_ends[group.place],
        seat_ends[group.place + 1],
        group.skip_busy,
        any(plan.duty[extension] is not None for extension in group.members),
        at_once,
        dispatcher.one_wave,
        dispatcher.auto_answer,
        any(map(dispatcher.looks_at, ("last_hung_up_at", "random"))),
        key_ends[group.place],
        key_ends[group.place + 1],
        group.action is Action.REPEAT,
        group.max_repeats,
        group.forward_to,
        group.overflow_action,
    ]


def _keys(dispatcher: Dispatcher) -> list[tuple[int, int]]:
    """An ordering as data: column of the memory and sign of each of its keys."""
    return [
        (Candidate._fields.index(field.removeprefix("-")), -1 if field.startswith("-") else 1)
        for field in dispatcher.order_by
    ]


def _calls(places: Places, batch: Batch) -> Calls:
    own = batch.own_calls
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
        first_own=batch.first_own,
        own_at=own.at,
        own_talk_time=own.talk_time,
        own_extension=places.own_extension.astype(np.int64),
        own_order=batch.own_order,
        length=max(len(batch), len(own)) + 1,
    )


def _state(rules: Rules) -> State:
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


def _no_memory(rules: Rules) -> Floats:
    """What groups remember at first."""
    memory = np.full((len(rules.extension_of), TALKS_UNTIL + 1), -np.inf)
    memory[:, [N_RUNG, N_ANSWERED, TALKED_TIME, RANDOM]] = 0
    memory[:, 0], memory[:, 1] = rules.position_of, rules.skill_level_of
    return memory


def _reset(state: State, nothing: Floats) -> None:
    """Nothing has happened: nobody does anything, and no caller is there."""
    forget(state, nothing)
    n = len(state.callers)
    state.free_callers[:] = np.arange(n)[::-1]
    for whose in (state.rung, state.rang_for, state.entered):
        whose.fill(NOT_WRITTEN)
    state.counters[:] = 0
    state.counters[N_FREE] = n


def _with_more_callers(state: State) -> State:
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


def _with_calls(log: Log, calls: Calls) -> Log:
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


def _with_room(log: Log, fields: list[str]) -> Log:
    """Twice the room in some of the columns."""
    return log._replace(**{field: _doubled(getattr(log, field)) for field in fields})


def _doubled(table: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate((table, np.full_like(table, NOT_WRITTEN)))
