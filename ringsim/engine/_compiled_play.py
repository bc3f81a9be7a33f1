"""From plan and workload to the arrays of the compiled engine, and back to a log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import announce
from ringsim.dispatch import ALL, TIED, AtOnce, Candidate, Dispatcher
from ringsim.engine._compiled import (
    ACTION,
    ANSWERED_BY,
    CALLERS_FULL,
    DONE,
    ENDS_AT,
    EVERYONE,
    N_ANSWERED,
    N_FREE,
    N_RING_ROWS,
    N_RUNG,
    N_VISIT_ROWS,
    RANDOM,
    RINGS_FULL,
    TALKED_TIME,
    TALKS_UNTIL,
    THOSE_TIED,
    VISITS_FULL,
    Calls,
    Log,
    Rules,
    State,
    order_by_call,
    play_loop,
)
from ringsim.engine._plan import GroupPlan, Plan, call_arrays, own_call_arrays
from ringsim.errors import ConfigurationError
from ringsim.group import Action
from ringsim.logarrays import LogArrays, RingArrays, VisitArrays
from ringsim.workload import Workload
from ringsim.workload._jit_draws import PhoneArrays

__all__ = ["play"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def play(plan: Plan, workload: Workload) -> LogArrays:
    """Play every call of the workload to its end.

    Raises
    ------
    ConfigurationError
        When a dispatcher is not an ordering.
    """
    announce(play_loop)
    calls = _calls(plan, workload)
    rules = _rules(plan, workload)
    rings = 1
    while True:
        phones = workload.phones.arrays(plan.extensions, rings)
        status, state, log = _run(rules, calls, phones)
        if status == DONE:
            return _log(plan, workload, state, log)
        rings *= 4  # what cannot be evaluated here is laid out for more rings, and all played anew


def _run(rules: Rules, calls: Calls, phones: PhoneArrays) -> tuple[int, State, Log]:
    """Play, with more room whenever a table is full."""
    state, log = _state(rules), _empty_log(calls)
    while True:
        status = play_loop(rules, calls, phones, state, log)
        if status == CALLERS_FULL:
            state = _with_more_callers(state)
        elif status == RINGS_FULL:
            log = log._replace(rings=_doubled(log.rings), ring_times=_doubled(log.ring_times))
        elif status == VISITS_FULL:
            log = log._replace(visits=_doubled(log.visits), visit_times=_doubled(log.visit_times))
        else:
            return status, state, log


def _rules(plan: Plan, workload: Workload) -> Rules:
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
        length=max(len(workload), len(workload.own_calls)) + 1,
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
    if not dispatcher.is_ordering:
        name = type(dispatcher).__name__
        raise ConfigurationError(
            "engine='compiled'",
            f"cannot run {name}: it overrides wave()",
            hint="Use engine='simpy'.",
        )
    return [
        (Candidate._fields.index(field.removeprefix("-")), -1 if field.startswith("-") else 1)
        for field in dispatcher.order_by
    ]


def _calls(plan: Plan, workload: Workload) -> Calls:
    own = workload.own_calls
    key_group, nth = workload.phones.places
    return Calls(
        arrives_at=np.array(workload.arrives_at),
        talk_time=np.array(workload.talk_time),
        wrap_up_time=np.array(workload.wrap_up_time),
        patience=np.array(workload.patience),
        group=plan.group_of.astype(np.int64),
        key_group=np.array(key_group),
        nth=np.array(nth),
        order=np.argsort(workload.arrives_at, kind="stable"),
        own_at=np.array(own.at),
        own_talk_time=np.array(own.talk_time),
        own_extension=np.array(plan.own_extension, dtype=np.int64),
        own_order=np.argsort(own.at, kind="stable"),
    )


FEWEST_CALLERS = 64
NOT_OF_CALLERS = {"memory", "on_call_until", "free_at", "n_ringing", "chosen", "counters"}


def _state(rules: Rules) -> State:
    people, seats, n = len(rules.duty_of), len(rules.extension_of), FEWEST_CALLERS
    memory = np.full((seats, TALKS_UNTIL + 1), -np.inf)
    memory[:, [N_RUNG, N_ANSWERED, TALKED_TIME, RANDOM]] = 0
    memory[:, 0], memory[:, 1] = rules.position_of, rules.skill_level_of
    return State(
        memory=memory,
        on_call_until=np.full(people, -np.inf),
        free_at=np.full(people, -np.inf),
        n_ringing=np.zeros(people, dtype=np.int64),
        callers=np.zeros((n, ANSWERED_BY + 1), dtype=np.int64),
        caller_times=np.zeros((n, ENDS_AT + 1)),
        wave=np.zeros((n, rules.width), dtype=np.int64),
        ready_at=np.zeros((n, rules.width)),
        rung=np.zeros((n, rules.width), dtype=np.bool_),
        rings_on=np.zeros((n, people), dtype=np.int64),
        entered=np.zeros((n, len(rules.groups)), dtype=np.bool_),
        heap_at=np.zeros(n),
        heap_rank=np.zeros(n, dtype=np.int64),
        heap_caller=np.zeros(n, dtype=np.int64),
        free_callers=np.arange(n, dtype=np.int64)[::-1].copy(),
        chosen=np.zeros(rules.width, dtype=np.int64),
        counters=np.array([0, n, 0, 0, 0, 0], dtype=np.int64),
    )


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


def _empty_log(calls: Calls) -> Log:
    n = len(calls.order)
    room = n + n // 2 + 64

    def column() -> Ints:
        return np.zeros(n, dtype=np.int64)

    return Log(
        outcome=column(),
        wait=np.zeros(n),
        answered_by=column(),
        n_rings=column(),
        ended_in=column(),
        action=column(),
        rings=np.zeros((room, 4), dtype=np.int64),
        ring_times=np.zeros((room, 2)),
        visits=np.zeros((room, 5), dtype=np.int64),
        visit_times=np.zeros((room, 2)),
        taken=np.zeros(len(calls.own_order), dtype=np.bool_),
    )


def _doubled(table: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate((table, np.zeros_like(table)))


def _log(plan: Plan, workload: Workload, state: State, log: Log) -> LogArrays:
    """What happened, as arrays in the order of the calls."""
    n = len(workload)
    n_rings, n_visits = state.counters[N_RING_ROWS], state.counters[N_VISIT_ROWS]
    by_call = order_by_call(log.rings[:, 0].copy(), n, n_rings)
    rings, ring_times = log.rings[by_call].astype(np.int32), log.ring_times[by_call]
    by_call = order_by_call(log.visits[:, 0].copy(), n, n_visits)
    visits, visit_times = log.visits[by_call].astype(np.int32), log.visit_times[by_call]
    return LogArrays(
        groups=plan.group_numbers,
        extensions=plan.extensions,
        calls=call_arrays(
            plan,
            workload,
            outcome=log.outcome.astype(np.int32),
            wait=log.wait,
            answered_by=log.answered_by.astype(np.int32),
            n_rings=log.n_rings.astype(np.int32),
            ended_in=log.ended_in.astype(np.int32),
            action=log.action.astype(np.int32),
        ),
        rings=RingArrays(
            call=rings[:, 0],
            group=rings[:, 1],
            member=rings[:, 2],
            started_at=ring_times[:, 0],
            ended_at=ring_times[:, 1],
            result=rings[:, 3],
        ),
        visits=VisitArrays(
            call=visits[:, 0],
            group=visits[:, 1],
            entered_at=visit_times[:, 0],
            left_at=visit_times[:, 1],
            passes=visits[:, 2],
            n_rings=visits[:, 3],
            found=visits[:, 4],
        ),
        own_calls=own_call_arrays(plan, workload, log.taken),
    )
