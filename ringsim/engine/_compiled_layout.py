"""How the arrays of the compiled engine are laid out: columns, kinds of event, tables.

What a rule, a caller or a counter is called in the loop of `_compiled`, is a place in an array.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim.dispatch import Candidate

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Kinds of event in the order of rule S13; becoming free, the first, needs no event.
ANSWER, GIVE_UP, TIME_OUT, REPEAT, OWN_CALL, ARRIVAL = range(6)
UNANSWERED = -1  # how a wave ends that has no outcome

# Columns of a group
(
    FIRST_SEAT,
    LAST_SEAT,
    SKIP_BUSY,
    HAS_DUTY,
    AT_ONCE,
    ONE_WAVE,
    AUTO_ANSWER,
    LOOKS_AT_PRESENT,
    FIRST_KEY,
    LAST_KEY,
    REPEATS,
    MAX_REPEATS,
    FORWARD_TO,
    ACTION,
) = range(14)
RING_TIME, REPEAT_DELAY = range(2)
EVERYONE, THOSE_TIED = 0, -1  # in the column AT_ONCE, beside numbers from 1

# Columns of the memory of a seat: the fields of Candidate (S7) and one more
LAST_RUNG_AT, LAST_ANSWERED_AT, LAST_HUNG_UP_AT, N_RUNG, N_ANSWERED, TALKED_TIME, RANDOM = range(
    Candidate._fields.index("last_rung_at"), len(Candidate._fields)
)
TALKS_UNTIL = len(Candidate._fields)

# Columns of a caller
(
    CALL,
    GROUP,
    PASSES,
    N_RINGS,
    RINGS_BEFORE,
    RINGS_BEFORE_PASS,
    FOUND,
    N_PHONES,
    WAITS_FOR,
    ANSWERING_SEAT,
    ANSWERED_BY,
    THIS_PASS,
) = range(12)
GIVES_UP_AT, ENTERED_AT, STARTED_AT, ENDS_AT = range(4)
NOT_LOOKED = -1

# Counters, of all runs that are played together
N_RUNS, N_EVENTS, N_FREE, N_ARRIVED, N_OWN_BEGUN, N_RING_ROWS, N_VISIT_ROWS, N_PASSES = range(8)

# Why the loop returns
DONE, CALLERS_FULL, RINGS_FULL, VISITS_FULL, RINGS_NOT_LAID_OUT = range(5)


class Rules(NamedTuple):
    """A plan, as arrays."""

    groups: Ints
    group_times: Floats
    extension_of: Ints  # by seat, as the next two
    position_of: Ints
    skill_level_of: Ints
    keys: Ints  # of orderings: column of the memory, sign
    duty_of: Ints  # by person: first and last span; -1 is always on duty
    duty: Floats
    ringing_is_busy: bool
    width: int


class Calls(NamedTuple):
    """Workloads, as arrays: see `ringsim.workload.Batch`."""

    first: Ints
    arrives_at: Floats
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats
    group: Ints
    key_row: Ints  # of the group of arrival among the keys of phones
    nth: Ints
    order: Ints
    first_own: Ints
    own_at: Floats
    own_talk_time: Floats
    own_extension: Ints
    own_order: Ints
    length: int


class State(NamedTuple):
    """All phones, and all callers under way."""

    memory: Floats  # by seat
    on_call_until: Floats  # by person, as the next two
    free_at: Floats
    n_ringing: Ints
    callers: Ints
    caller_times: Floats
    wave: Ints  # by caller: seats of those who ring
    ready_at: Floats
    # Not cleared for every call and pass: each says for which it was written
    rung: Ints  # by caller and position: in which pass last
    rang_for: Codes  # by caller and person: for which call last
    rings_on: Codes  # and how often for that call
    entered: Codes  # by caller and group: by which call last
    heap_at: Floats
    heap_rank: Ints
    heap_caller: Ints
    free_callers: Ints
    chosen: Ints  # seats: scratch
    counters: Ints


class Log(NamedTuple):
    """What happened: columns of calls, by call; of rings and visits, in the order of events."""

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
    first_ring: Ints  # by run, one more than there are
    first_visit: Ints
