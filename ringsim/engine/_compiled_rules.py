"""A plan as arrays, for the compiled engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim.dispatch import ALL, TIED, AtOnce, Candidate, Dispatcher
from ringsim.engine._compiled_layout import (
    ACTION,
    EVERYONE,
    N_ANSWERED,
    N_RUNG,
    RANDOM,
    TALKED_TIME,
    TALKS_UNTIL,
    THOSE_TIED,
    Rules,
)
from ringsim.engine._plan import GroupPlan, Plan
from ringsim.group import Action

__all__ = ["no_memory", "rules_of"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def rules_of(plan: Plan) -> Rules:
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


def no_memory(rules: Rules) -> Floats:
    """What groups remember at first."""
    memory = np.full((len(rules.extension_of), TALKS_UNTIL + 1), -np.inf)
    memory[:, [N_RUNG, N_ANSWERED, TALKED_TIME, RANDOM]] = 0
    memory[:, 0], memory[:, 1] = rules.position_of, rules.skill_level_of
    return memory
