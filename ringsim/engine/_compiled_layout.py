"""Arrays of the compiled engine: the plan, the calls, the state of all phones, and the log.

`play_runs` takes one tuple of arrays of each kind. An array with several fields per caller,
ring, group or member holds records, as in `callers[caller].n_rings`. Groups, members,
extensions, callers and calls are indices of these arrays. An extension is a person; a member is
that person in one group, so that a person in two groups is two members.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim._jit_vector import LANES, MOST
from ringsim.dispatch import ALL, SORT_FIELDS, TIED, AtOnce, Dispatcher
from ringsim.engine._compiled_order import AT_ANSWER, AT_RING, Lists, lists_of, rings_in_order
from ringsim.engine._plan import GroupPlan, Plan
from ringsim.workload._jit_draws import PhoneArrays

Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]
Words: TypeAlias = NDArray[np.uint64]
Flags: TypeAlias = NDArray[np.bool_]
Records: TypeAlias = NDArray[Any]

# Kinds of event in the order of rule S13; becoming free, the first, needs no event.
# DECLINE, LINE (a look at a line), POLL (a caller's own) and START are of `_compiled_options`.
ANSWER, DECLINE, GIVE_UP, TIME_OUT, LINE, POLL, START, REPEAT, OWN_CALL, ARRIVAL = range(10)
NO_EVENT = -1

# Next step of a caller: see `play_runs`. LOOK and END_PASS take no time, and come first: while
# `step <= END_PASS`, the caller goes on at the same instant.
LOOK, END_PASS, WAIT, SLEEP, END, STOP = range(6)

# Status with which the loop returns
DONE, CALLERS_FULL, EVENTS_FULL, RINGS_FULL, VISITS_FULL, DELAYS_NOT_LAID_OUT = range(6)

OF_A_LINE = 8  # elements of 8 bytes in a cache line
NOT_LOOKED = -1
NO_LIMIT = 2**62
EVERYONE, THOSE_TIED = 0, -1  # in a group's field `at_once`; others are numbers from 1

# An event on the heap is an integer: from high to low bits the stamp, the caller and the kind.
# The three bits of a kind hold 0 to 7, as arrivals and own calls are never on the heap. 32 bits
# are left for the stamp.
KIND_BITS, CALLER_BITS = 3, 28
KIND_MASK, CALLER_MASK = 2**KIND_BITS - 1, 2**CALLER_BITS - 1


# A number of rings is stored with its call: the call in the high bits, the count in the low ones
COUNT_BITS = 32
COUNT_MASK = 2**COUNT_BITS - 1


def _record(**fields: str) -> np.dtype[Any]:
    """Return a record dtype; its elements have attributes in compiled and Python code."""
    names = [(name, kind) for kind, listed in fields.items() for name in listed.split()]
    return np.dtype((np.record, names))


GROUP = _record(
    i8="first_member last_member skip_busy ringing_is_busy has_duty at_once one_wave auto_answer"
    " looks_at_present first_key last_key passes forward_to overflow_action"
    " is_in_order is_scored changes_at_ring changes_at_answer first_list last_list"
    " first_extension counts_ringing remembers_rings",
    f8="ring_time repeat_delay",
)
GROUP_STATE = _record(f8="duty_changes_at")  # until then, `on_duty` holds
# `found` is the number of candidates at the first look in the present group, and
# `next_to_answer` the place of the first phone that can be answered, as far as is known
CALLER = _record(
    i8="row stamp call group passes n_rings rings_before rings_before_pass this_pass found n_phones"
    " next_to_answer answered_by outcome action",
    f8="gives_up_at entered_at rings_from rings_until",
)
RING = _record(i8="member", f8="started_at ready_at ends_at")
MEMBER = _record(f8=" ".join([*SORT_FIELDS, "talks_until"]))  # S7
COUNTERS = _record(
    i8="n_runs n_arrived n_own_handled n_events n_free n_passes n_ring_rows n_visit_rows"
    " length width"  # upper bounds of call and position, with which ranks are computed
)


class PlanArrays(NamedTuple):
    """A plan as arrays."""

    groups: Records
    position_of: Ints  # by member, like the next two
    extension_of: Ints  # and `LANES` more elements
    skill_level_of: Ints
    keys: Ints  # sort keys of orderings: column of the memory, sign
    duty_of: Ints  # by extension: first span and end of spans; -1 means always on duty
    duty: Floats  # start and end of each span [s]
    width: int  # size of the largest group plus 1
    # Lists of members in their ring order: see `ringsim.engine._compiled_order`
    list_of: Ints  # by member: the end of their list
    following: Ints  # by member and end of a list, like the next: at the start of a run
    preceding: Ints
    scores: Ints  # by key and member: see `State`; at the start of a run


class Calls(NamedTuple):
    """Workloads as arrays: see `ringsim.workload.Batch`."""

    first: Ints
    arrives_at: Floats
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats
    group: Ints
    key_row: Ints  # row of the group of arrival in the keys of phones
    nth: Ints
    order: Ints
    first_own: Ints  # of own calls and spells away together, like the next four
    own_at: Floats
    own_talk_time: Floats
    own_extension: Ints
    own_order: Ints
    n_own: int  # number of own calls; later rows are spells away
    length: int  # the number of calls or of own calls and spells, whichever is larger, plus 1


class Drawn(NamedTuple):
    """Random numbers of the phones of a wave, by place."""

    phone: Ints  # the extension
    nth_ring: Ints
    delay: Words
    coin: Words


class Drawing(NamedTuple):
    """What a wave's answer delays are drawn from, and where they are written."""

    phones: PhoneArrays
    drawn: Drawn
    rings: Records


class State(NamedTuple):
    """All phones, all callers in progress, and their scheduled events."""

    members: Records
    memory: Floats  # the same data as a table: a row per member, a column per field
    on_call_until: Floats  # by extension, like the next two
    free_at: Floats
    n_ringing: Ints
    groups: Records
    on_duty: Ints  # by group and block of members: the set of those on duty
    callers: Records
    rings: Records  # by caller: the ringing phones, in the configured order
    # The next three are not cleared between calls and passes. Each value tells for which call or
    # pass it was written.
    rung: Ints  # by caller and position: last pass in which the member was rung
    rings_on: Ints  # by caller and extension: last call for which the phone rang, and how often
    entered: Codes  # by caller and group: last call that entered the group
    heap_at: Floats
    heap_rank: Ints
    heap_event: Ints
    free_callers: Ints
    following: Ints  # ring order: by member and end of a list, like the next
    preceding: Ints
    scores: Ints  # by key of the ring order and member: see `score_of`
    chosen: Ints  # scratch space for members: the candidates, then those whose phones ring
    drawn: Drawn  # scratch space
    counters: Records  # one record for all runs of a batch


class Log(NamedTuple):
    """The log: columns of calls, by call, and of rings and visits, in the order of events."""

    outcome: Codes
    wait: Floats
    answered_by: Codes
    n_rings: Codes
    ended_in: Codes
    action: Codes
    ring_call: Codes
    ring_group: Codes
    ring_member: Codes
    ring_started_at: Floats
    ring_ended_at: Floats
    ring_result: Codes
    visit_call: Codes
    visit_group: Codes
    visit_entered_at: Floats
    visit_left_at: Floats
    visit_passes: Codes
    visit_n_rings: Codes
    visit_found: Codes
    taken: Flags
    first_ring: Ints  # by run, shape (R + 1,), like the next
    first_visit: Ints


def plan_arrays(plan: Plan) -> PlanArrays:
    """Return the plan as arrays; its dispatchers must be orderings."""
    keys = [_keys(group.dispatcher) for group in plan.groups]
    key_ends = _ends(keys)
    member_ends = _ends([group.members for group in plan.groups])
    spans = [duty or () for duty in plan.duty]
    of_extensions = zip(plan.duty, pairwise(_ends(spans)), strict=True)
    lists = lists_of(plan)
    arrays = PlanArrays(
        groups=np.array(
            [_group(group, plan, member_ends, key_ends, lists) for group in plan.groups],
            dtype=GROUP,
        ),
        position_of=_whole(
            [position for group in plan.groups for position in range(len(group.members))]
        ),
        extension_of=_whole(
            [extension for group in plan.groups for extension in group.members] + [0] * LANES
        ),
        skill_level_of=_whole([level for group in plan.groups for level in group.skill_levels]),
        keys=_whole([key for of_group in keys for key in of_group]).reshape(-1, 2),
        duty_of=_whole(
            [(-1 if duty is None else first, last) for duty, (first, last) in of_extensions]
        ).reshape(-1, 2),
        duty=np.array([span for of_one in spans for span in of_one]).reshape(-1, 2),
        width=max((len(group.members) for group in plan.groups), default=0) + 1,
        list_of=lists.list_of,
        following=lists.following,
        preceding=lists.preceding,
        scores=np.zeros(
            (max([1, *map(len, keys)]), -(-(member_ends[-1] + LANES) // 8) * 8), dtype=np.int64
        ),
    )
    _score_at_start(arrays)
    return arrays


def _ends(parts: Iterable[Sized]) -> list[int]:
    """Return the first index of each part, stored one after another, and the end of the last."""
    return list(accumulate(map(len, parts), initial=0))


def _whole(numbers: Sequence[int] | Sequence[tuple[int, int]]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def _group(
    group: GroupPlan, plan: Plan, member_ends: list[int], key_ends: list[int], lists: Lists
) -> tuple[Any, ...]:
    dispatcher = group.dispatcher
    first_list, last_list = lists.first[group.place], lists.first[group.place + 1]
    is_in_order = first_list < last_list
    is_scored = not is_in_order and len(group.members) <= LANES and rings_in_order(group)
    has_order = is_in_order or is_scored
    together: dict[int | AtOnce, int | AtOnce] = {ALL: EVERYONE, TIED: THOSE_TIED}
    fields: dict[str, Any] = {
        "first_member": member_ends[group.place],
        "last_member": member_ends[group.place + 1],
        "skip_busy": group.skip_busy,
        "ringing_is_busy": group.ringing_is_busy,
        "has_duty": plan.has_duty(group),
        "at_once": together.get(dispatcher.at_once, dispatcher.at_once),
        "one_wave": dispatcher.one_wave,
        "auto_answer": dispatcher.auto_answer,
        "looks_at_present": group.looks_at_present,
        "first_key": key_ends[group.place],
        "last_key": key_ends[group.place + 1],
        "passes": min(group.passes, NO_LIMIT),
        "forward_to": group.forward_to,
        "overflow_action": group.overflow_action,
        "is_in_order": is_in_order,
        "is_scored": is_scored,
        "changes_at_ring": has_order and any(map(dispatcher.looks_at, AT_RING)),
        "changes_at_answer": has_order and any(map(dispatcher.looks_at, AT_ANSWER)),
        "first_list": first_list,
        "last_list": last_list,
        "first_extension": _first_of_consecutive(group.members),
        "counts_ringing": any(each.ringing_is_busy for each in plan.groups),
        "remembers_rings": any(map(dispatcher.looks_at, AT_RING)),
        "ring_time": group.ring_time,
        "repeat_delay": group.repeat_delay,
    }
    return tuple(fields[name] for name in GROUP.names or ())


def _keys(dispatcher: Dispatcher) -> list[tuple[int, int]]:
    """Return the sort keys of an ordering: column of the memory and sign of each."""
    return [
        (SORT_FIELDS.index(field.removeprefix("-")), -1 if field.startswith("-") else 1)
        for field in dispatcher.order_by
    ]


def _first_of_consecutive(extensions: Sequence[int]) -> int:
    """Return the first of consecutive numbers; -1 if they are not consecutive, or none."""
    first = min(extensions, default=-1)
    return first if list(extensions) == list(range(first, first + len(extensions))) else -1


def n_phones(plan: PlanArrays) -> int:
    """Return the greatest number of phones that ring at once for a caller, at least 1."""
    of_groups = plan.groups[["first_member", "last_member", "at_once"]].tolist()
    waves: list[int] = [
        min(at_once, last - first) if at_once > 0 else last - first
        for first, last, at_once in of_groups
    ]
    return max([1, *waves])


def no_memory(plan: PlanArrays) -> Floats:
    """Return the memory that groups have of their members at the start (S7, S11)."""
    members = np.zeros(len(plan.position_of), dtype=MEMBER)
    members["position"], members["skill_level"] = plan.position_of, plan.skill_level_of
    for field in ("last_rung_at", "last_answered_at", "last_hung_up_at", "talks_until"):
        members[field] = -np.inf
    return as_table(members)


def in_lines(n: int) -> int:
    """Return the elements of 8 bytes to allocate for n: `LANES` more, in whole cache lines."""
    return -(-(n + LANES) // OF_A_LINE) * OF_A_LINE


def _score_at_start(plan: PlanArrays) -> None:
    """Write the scores of members whom nobody remembers to `plan.scores`: see `score_of`."""
    memory = no_memory(plan)
    for group in plan.groups[plan.groups["is_scored"] != 0]:
        members = slice(group.first_member, group.last_member)
        for place, (field, sign) in enumerate(plan.keys[group.first_key : group.last_key]):
            bits = memory[members, field].view(np.int64)
            in_order = np.where(bits < 0, bits ^ np.int64(MOST), bits)
            plan.scores[place, members] = in_order if sign > 0 else ~in_order


def as_table(members: Records) -> Floats:
    """Return a view of the members' records with a row per member and a column per field."""
    return members.view(np.float64).reshape(len(members), len(MEMBER.names or ()))
