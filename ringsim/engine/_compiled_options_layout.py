"""Arrays that the compiled engine needs for options, beside those of `_compiled_layout`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim.engine._compiled_layout import (
    MEMBER,
    Calls,
    Floats,
    Ints,
    Log,
    PlanArrays,
    Records,
    State,
    _record,
)
from ringsim.engine._plan import DRAWN_FIELDS, TALK_FIELDS, GroupPlan, Plan
from ringsim.workload._jit_draws import PhoneArrays

# Kind of event and steps of a caller, beside those of `_compiled_layout`
ATTEMPT_ARRIVES = 10  # on the heap, whose kinds have three bits, a marked LINE
BEGIN, IN_LINE = 6, 7

# Status with which the loop returns, beside those of `_compiled_layout`
WAITS_FOR_EVER, ATTEMPTS_FULL, LINES_FULL = 6, 7, 8

NO_MEMBER = -1
LEAST_REST = 0.5  # s, below which nobody is rung for the rest of a declined wave (after_decline)

# Codes of options
NO_ROTATION, RUNG_ROTATION, ANSWERED_ROTATION, WITHIN_CALL = range(4)
BY_RING, BY_PASS, BY_CALL = range(3)
NO_HUNT, AGAIN, RING_ON = range(3)
CUT, FINISH = range(2)
NEXT_WAVE, REST_OF_WAVE, END_OF_PASS = range(3)
ALL_IN_LINE, HEAD, ONE_RINGING = range(3)
OFF_DUTY, PAUSED, BUSY, RINGING, WRAP_UP = 1, 2, 4, 8, 16
NOBODYS_STATE = 32  # level: nobody is in it, but a group without members is empty
UNCHANGED, SET, MOVED = range(3)  # a level of a row of `level_rules`

CODES: dict[str, dict[str, int]] = {
    "rotation": {
        "none": NO_ROTATION,
        "rung": RUNG_ROTATION,
        "answered": ANSWERED_ROTATION,
        "within_call": WITHIN_CALL,
    },
    "order_fixed": {"ring": BY_RING, "pass": BY_PASS, "call": BY_CALL},
    "memory_hunt": {"none": NO_HUNT, "again": AGAIN, "ring_on": RING_ON},
    "last_ring": {"cut": CUT, "finish": FINISH},
    "after_decline": {"next": NEXT_WAVE, "rest": REST_OF_WAVE, "end": END_OF_PASS},
    "line_serves": {"all": ALL_IN_LINE, "head": HEAD, "one_ringing": ONE_RINGING},
}
STATES = {
    "off_duty": OFF_DUTY,
    "paused": PAUSED,
    "busy": BUSY,
    "ringing": RINGING,
    "wrap_up": WRAP_UP,
    "level": NOBODYS_STATE,
}

GROUP_OPTIONS = _record(
    i8="rotation order_fixed memory_hunt last_ring after_decline line_serves memory_is_shared"
    " join_ringing declined_again auto_pause_is_shared auto_pause_on_decline primary wait_in_line"
    " join_empty leave_when_empty first_row last_row empty_level_opens_next uses_levels watches"
    " by_weight changes_levels draws looks_at_talks has_rests is_outweighed has_conditions"
    " watches_if_empty",
    f8="priority wave_step passes retry_pause max_wait_time missed_rest declined_rest"
    " auto_pause_after auto_pause_time auto_pause_grace max_active_calls line_poll"
    " max_queue_length queue_weight connect_delay",
)
MEMBER_OPTIONS = _record(i8="skips_busy wraps_up_as_drawn", f8="ring_delay ring_time wrap_up")
LEVEL_ROW = _record(i8="least least_is most most_is raise_to raise_is", f8="after")

CALLER_IN_LINE = _record(
    i8="step picks pointer turn n_order has_order is_ringing was_declined looks last_picked stands"
    " line_length first_attempt next_kind next_rank",
    f8="next_at priority next_wave_at window_ends_at leaves_at leaves_line_at lined_up_at"
    " first_rung_at",
)
RING_OF_PHONE = _record(i8="starts", f8="declines_at")
GROUP_IN_LINE = _record(
    i8="pointer n_line n_waiting is_started is_stopped is_endless n_pauses",
    f8="looks_at",
)
MEMBER_MEMORY = _record(
    i8="missed",
    f8="rests_until paused_until wraps_up_until wrapped_up_before completed_before",
)


class OptionArrays(NamedTuple):
    """The options of a plan as arrays."""

    groups: Records
    members: Records
    rows: Records  # of `level_rules`
    first_of: Ints  # by extension, shape (E + 1,): first place in `group_of`
    group_of: Ints  # groups of each extension
    has_declines: bool
    priority: Floats  # by call, or empty: that of the group
    max_wait_time: Floats  # by call, or empty: that of the group
    has_shared_memory: bool  # some rule remembers people, not only members of groups


class OptionState(NamedTuple):
    """State that only options need."""

    callers: Records
    rings: Records  # by caller and phone
    order: Ints  # by caller: members in their fixed order
    tie: Ints  # by caller and place in the order: equal numbers have equal keys
    declined_for: NDArray[np.int32]  # by caller and extension: last call that was declined
    # Callers hold their places until their talks begin (connect_delay), longer than their rows:
    # a line can have more places than there are callers
    line: Ints  # by group: rows of the callers in line
    line_until: Floats  # by group and place in line: when the place is given up
    line_priority: Floats
    looked: Ints  # scratch space for callers
    groups: Records
    members: Records  # by member, then by extension
    shared: Ints  # by extension: its row of `members`
    shared_members: Records  # by extension: memory of all groups
    active_until: Floats  # by member: end of the last talk for the group


class OptionLog(NamedTuple):
    """Tables of the log that only options fill: lines by visit, and pauses in order of time."""

    line_length: NDArray[np.int32]  # empty if no group has a line
    lined_up_at: Floats
    first_rung_at: Floats
    pause_extension: NDArray[np.int32]  # empty if no group pauses members
    pause_group: NDArray[np.int32]
    pause_started_at: Floats
    pause_ended_at: Floats
    first_pause: Ints  # by run, shape (R + 1,)


class RedialArrays(NamedTuple):
    """Callers who try again (see `ringsim.workload.Redials`), and their attempts so far."""

    is_on: bool
    kind: NDArray[np.int32]  # by first attempt, an index of the next five
    max_attempts: Floats
    is_followed: NDArray[np.bool_]  # by kind and outcome
    patience_anew: NDArray[np.bool_]
    delays: PhoneArrays
    patience: PhoneArrays
    caller: Ints  # first attempt of the caller, by attempt in the order in which they are scheduled
    attempt: Ints  # attempts of the caller before it
    n_attempts: Ints  # of all runs so far, shape (1,)
    first: Ints  # by run, shape (R + 1,): first attempt


class Run(NamedTuple):
    """All that the loop reads and writes."""

    plan: PlanArrays
    options: OptionArrays
    calls: Calls
    phones: PhoneArrays
    declines: PhoneArrays
    redials: RedialArrays
    state: State
    more: OptionState
    log: Log
    option_log: OptionLog


OF_CALLERS = ("callers", "rings", "order", "tie", "declined_for", "looked")
OF_LINES = ("line", "line_until", "line_priority")
OF_VISITS = ("line_length", "lined_up_at", "first_rung_at")
OF_PAUSES = ("pause_extension", "pause_group", "pause_started_at", "pause_ended_at")


def option_arrays(plan: Plan) -> OptionArrays:
    """Return the options of a plan as arrays."""
    rows = [_row(row) for group in plan.groups for row in group.rules.level_rules]
    first_row = list(accumulate((len(group.rules.level_rules) for group in plan.groups), initial=0))
    by_weight = sorted(
        range(len(plan.groups)), key=lambda place: -plan.groups[place].rules.queue_weight
    )
    groups_of: list[list[int]] = [[] for _ in plan.extensions]
    for group in plan.groups:
        for extension in group.members:
            groups_of[extension].append(group.place)
    return OptionArrays(
        groups=np.array(
            [
                _group(plan, group, first_row[place], by_weight.index(place))
                for place, group in enumerate(plan.groups)
            ],
            dtype=GROUP_OPTIONS,
        ),
        members=np.array(
            [member for group in plan.groups for member in _members(group)], dtype=MEMBER_OPTIONS
        ),
        rows=np.array(rows, dtype=LEVEL_ROW),
        first_of=np.array(list(accumulate(map(len, groups_of), initial=0)), dtype=np.int64),
        group_of=np.array([place for each in groups_of for place in each], dtype=np.int64),
        has_declines=False,
        priority=np.empty(0),
        max_wait_time=np.empty(0),
        has_shared_memory=any(map(_remembers_people, plan.groups)),
    )


def watches(group: GroupPlan) -> bool:
    """Return True if a change of somebody's availability may let a caller of the group ring."""
    rules = group.rules
    return bool(rules.join_ringing or (rules.wait_in_line and rules.line_poll == 0))


def _group(plan: Plan, group: GroupPlan, first_row: int, by_weight: int) -> tuple[Any, ...]:
    rules = group.rules
    uses_levels = len(group.members) > rules.levels_ignored_up_to
    changes_levels = bool(rules.level_rules) or not uses_levels
    has_rests = any(map(_rests, plan.groups))
    is_outweighed = any(rules.queue_weight < one.rules.queue_weight for one in plan.groups)
    fields: dict[str, Any] = {
        "memory_is_shared": rules.memory_scope == "extension",
        "auto_pause_is_shared": rules.auto_pause_scope == "extension",
        "join_empty": sum(STATES[state] for state in rules.join_empty),
        "leave_when_empty": sum(STATES[state] for state in rules.leave_when_empty),
        "first_row": first_row,
        "last_row": first_row + len(rules.level_rules),
        "uses_levels": uses_levels,
        # Where these are false, the loop leaves out steps that change nothing
        "changes_levels": changes_levels,
        "draws": any(map(group.dispatcher.looks_at, DRAWN_FIELDS)),
        "looks_at_talks": any(map(group.dispatcher.looks_at, TALK_FIELDS)),
        "has_rests": has_rests,
        "is_outweighed": is_outweighed,
        "has_conditions": (
            (changes_levels or has_rests or is_outweighed or not rules.declined_again)
            or rules.max_active_calls < math.inf
        ),
        "watches": watches(group),
        "watches_if_empty": rules.join_ringing or is_outweighed,
        "by_weight": by_weight,
        "priority": group.priority,
        **{name: codes[getattr(rules, name)] for name, codes in CODES.items()},
    }
    names = GROUP_OPTIONS.names or ()
    return tuple(fields[name] if name in fields else getattr(rules, name) for name in names)


def _remembers_people(group: GroupPlan) -> bool:
    """Return True if a rule of the group remembers people, and not only members of groups."""
    return "extension" in (group.rules.memory_scope, group.rules.auto_pause_scope)


def _rests(group: GroupPlan) -> bool:
    """Return True if an option keeps members of the group from being rung for a while."""
    rules = group.rules
    return bool(
        rules.missed_rest
        or rules.declined_rest
        or rules.auto_pause_after < math.inf
        or any(group.wrap_ups)
    )


def _members(group: GroupPlan) -> list[tuple[Any, ...]]:
    return [
        (skips, drawn := wrap_up == "drawn", delay, ring_time, 0.0 if drawn else wrap_up)
        for skips, wrap_up, delay, ring_time in zip(
            group.skips_busy, group.wrap_ups, group.ring_delays, group.ring_times, strict=True
        )
    ]


def _row(row: Any) -> tuple[Any, ...]:
    levels: list[int] = []
    for change in (row.least, row.most, row.raise_to):
        kind = UNCHANGED if change is None else MOVED if isinstance(change, str) else SET
        levels += [0 if change is None else int(change), kind]
    return (*levels, row.after)


def new_options(plan: Plan, n: int, width: int) -> OptionState:
    """Allocate what options need, with room for `n` callers."""
    people, members = len(plan.extensions), sum(len(group.members) for group in plan.groups)
    groups = len(plan.groups)
    return OptionState(
        callers=np.zeros(n, dtype=CALLER_IN_LINE),
        rings=np.zeros((n, width), dtype=RING_OF_PHONE),
        order=np.zeros((n, width), dtype=np.int64),
        tie=np.zeros((n, width), dtype=np.int64),
        declined_for=np.full((n, people), -1, dtype=np.int32),
        line=np.zeros((groups, n), dtype=np.int64),
        line_until=np.zeros((groups, n)),
        line_priority=np.zeros((groups, n)),
        looked=np.zeros(n, dtype=np.int64),
        groups=np.zeros(max(groups, 1), dtype=GROUP_IN_LINE),
        members=np.zeros(members + people, dtype=MEMBER_MEMORY),
        shared=np.arange(members, members + people),
        shared_members=np.zeros(people, dtype=MEMBER),
        active_until=np.zeros(members),
    )


def with_more_callers(state: OptionState) -> OptionState:
    """Return the state with twice the rows for callers, and twice the places in line."""
    grown = {
        field: np.concatenate(
            (table, np.full_like(table, -1) if table.dtype == np.int32 else np.zeros_like(table))
        )
        for field in OF_CALLERS
        for table in [getattr(state, field)]
    }
    return with_longer_lines(state._replace(**grown))


def with_longer_lines(state: OptionState) -> OptionState:
    """Return the state with twice the places in line."""
    return state._replace(
        **{
            field: np.concatenate((table, np.zeros_like(table)), axis=1)
            for field in OF_LINES
            for table in [getattr(state, field)]
        }
    )


def new_option_log(runs: int) -> OptionLog:
    """Return empty tables for a number of runs."""
    codes, times = np.empty(0, dtype=np.int32), np.empty(0)
    borders = np.zeros(runs + 1, dtype=np.int64)
    return OptionLog(codes, times, times, codes, codes, times, times, borders)


def with_rows(log: OptionLog, fields: Sequence[str], n: int) -> OptionLog:
    """Return the tables with room for n rows in some columns."""
    grown = {}
    for field in fields:
        column = getattr(log, field)
        grown[field] = np.empty(n, dtype=column.dtype)
        grown[field][: len(column)] = column
    return log._replace(**grown)
