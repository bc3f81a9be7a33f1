"""One run reduced to its sums, compiled: a single way through each table of a log.

Sums come out the same to the last bit in whatever order the rings and visits are: counts are
whole numbers, waits are added in the order of the calls, and times of people in the order of
their starts.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled
from ringsim.logarrays import (
    ABANDONED,
    ANSWERED,
    NOBODY,
    PAGED,
    RING_ANSWERED,
    RING_NO_ANSWER,
)

BUILT_ON = "fe4ad601df49aadd"  # fingerprint of what comes from elsewhere: see ringsim._jit

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Columns of the sums by cell of calls
CALL_SUMS = (
    "offered",
    "answered",
    "abandoned",
    "overflowed",
    "blocked",
    "rings",
    "no_answer",
    "waited_answered",
    "waited_abandoned",
    "waited_overflowed",
    "handle_time",
    "answered_within",
    "abandoned_within",
    "short_abandoned",
)
(
    OFFERED,
    N_ANSWERED,
    N_ABANDONED,
    N_OVERFLOWED,
    BLOCKED,
    RINGS,
    NO_ANSWER,
    WAITED_ANSWERED,
    WAITED_ABANDONED,
    WAITED_OVERFLOWED,
    HANDLE_TIME,
    ANSWERED_WITHIN,
    ABANDONED_WITHIN,
    SHORT_ABANDONED,
) = range(len(CALL_SUMS))

# ... by group, by seat, and by person
GROUP_SUMS = ("received", "no_candidate", "answered_here")
RECEIVED, NO_CANDIDATE, ANSWERED_HERE = range(len(GROUP_SUMS))
SEAT_SUMS = ("rung", "answered", "ring_no_answer", "paged", "interruptions")
RUNG, SEAT_ANSWERED, SEAT_NO_ANSWER, SEAT_PAGED, INTERRUPTIONS = range(len(SEAT_SUMS))
PERSON_SUMS = ("talk_time", "ring_time", "wrap_up_time")
TALK_TIME, RING_TIME, WRAP_UP_TIME = range(len(PERSON_SUMS))

WITHIN_SLACK = 1e-9  # seconds, so that sums of floats do not decide what is within
NO_CELL = -1

LEAST_EXPONENT, MOST_EXPONENT = -6, 20  # of waits: bins for 2**-7 to 2**20 seconds
BINS_PER_OCTAVE = 64
BINS = (MOST_EXPONENT - LEAST_EXPONENT + 1) * BINS_PER_OCTAVE + 1


class Log(NamedTuple):
    """What is read of a log."""

    group: Codes
    arrives_at: Floats
    outcome: Codes
    wait: Floats
    answered_by: Codes
    talk_time: Floats
    wrap_up_time: Floats
    n_rings: Codes
    ended_in: Codes
    ring_call: Codes
    ring_group: Codes
    ring_member: Codes
    ring_started_at: Floats
    ring_ended_at: Floats
    ring_result: Codes
    visit_group: Codes
    visit_found: Codes
    own_extension: Codes
    own_started_at: Floats
    own_talk_time: Floats
    own_taken: Flags


class People(NamedTuple):
    """What is read of a roster."""

    seat_of: Ints  # by group and person; -1 is no seat
    first_span: Ints  # by person, one more than there are: where their spans of duty begin
    starts_at: Floats  # by span, as the next two: within [0, end)
    ends_at: Floats
    passed: Floats  # time on duty before it
    end: float


class Asked(NamedTuple):
    """Which calls are put where, and what counts as within."""

    width: float  # of the intervals by which calls are put into cells; 0: by group
    group: int  # of which alone intervals are asked; -1: of all
    within: float
    short: float


class Sums(NamedTuple):
    """Where the sums of one run are added up."""

    calls: Floats  # by cell
    groups: Floats
    seats: Floats
    people: Floats
    busy: Floats  # by interval; none where calls are put into cells by group


class Scratch(NamedTuple):
    """Room to work in."""

    cell_of: Codes  # by call
    bucket: Ints  # by person, two more than there are
    starts: Floats  # by ring or own call, as the next two
    ends: Floats
    busy_until: Floats


@compiled
def observe_run(log, people, asked, sums, scratch):
    """Add up one run; `scratch.cell_of` then tells the cell of each call."""
    _observe_calls(log, asked, sums, scratch)
    _observe_visits(log, sums)
    _observe_rings(log, people, sums, scratch)
    _observe_talks(log, people, asked, sums, scratch)
    _observe_ringing(log, people, sums, scratch)


@compiled
def _observe_calls(log, asked, sums, scratch):
    within, short = asked.within + WITHIN_SLACK, asked.short + WITHIN_SLACK
    for call in range(len(log.group)):
        group, outcome, wait = log.group[call], log.outcome[call], log.wait[call]
        cell = group
        if asked.width > 0:
            cell = NO_CELL
            if asked.group < 0 or asked.group == group:
                cell = int(log.arrives_at[call] // asked.width)
        scratch.cell_of[call] = cell
        if outcome == ANSWERED:
            sums.groups[log.ended_in[call], ANSWERED_HERE] += 1
        if cell == NO_CELL:
            continue
        sums.calls[cell, OFFERED] += 1
        sums.calls[cell, RINGS] += log.n_rings[call]
        if outcome == ANSWERED:
            sums.calls[cell, N_ANSWERED] += 1
            sums.calls[cell, WAITED_ANSWERED] += wait
            sums.calls[cell, ANSWERED_WITHIN] += wait <= within
            handled = log.talk_time[call]
            if log.answered_by[call] != NOBODY:
                handled += log.wrap_up_time[call]
            sums.calls[cell, HANDLE_TIME] += handled
        elif outcome == ABANDONED:
            sums.calls[cell, N_ABANDONED] += 1
            sums.calls[cell, WAITED_ABANDONED] += wait
            sums.calls[cell, ABANDONED_WITHIN] += wait <= within
            sums.calls[cell, SHORT_ABANDONED] += wait <= short
        else:
            sums.calls[cell, N_OVERFLOWED] += 1
            sums.calls[cell, WAITED_OVERFLOWED] += wait
            sums.calls[cell, BLOCKED] += log.n_rings[call] == 0


@compiled
def _observe_visits(log, sums):
    for visit in range(len(log.visit_group)):
        group = log.visit_group[visit]
        sums.groups[group, RECEIVED] += 1
        sums.groups[group, NO_CANDIDATE] += log.visit_found[visit] == 0


@compiled
def _observe_rings(log, people, sums, scratch):
    for ring in range(len(log.ring_call)):
        seat, result = (
            people.seat_of[log.ring_group[ring], log.ring_member[ring]],
            log.ring_result[ring],
        )
        sums.seats[seat, RUNG] += result != PAGED
        sums.seats[seat, SEAT_ANSWERED] += result == RING_ANSWERED
        sums.seats[seat, SEAT_PAGED] += result == PAGED
        sums.seats[seat, INTERRUPTIONS] += log.ring_started_at[ring] < people.end
        if result == RING_NO_ANSWER:
            sums.seats[seat, SEAT_NO_ANSWER] += 1
            cell = scratch.cell_of[log.ring_call[ring]]
            if cell != NO_CELL:
                sums.calls[cell, NO_ANSWER] += 1


# Times of people


@compiled
def _observe_talks(log, people, asked, sums, scratch):
    """Time on a call, and in wrap-up and not on a call; both together by interval.

    Time of wrap-up that a page fills with talk is talk.
    """
    bucket, starts, ends, busy_until = (
        scratch.bucket,
        scratch.starts,
        scratch.ends,
        scratch.busy_until,
    )
    bucket[:] = 0
    for ring in range(len(log.ring_call)):
        if log.ring_result[ring] in (RING_ANSWERED, PAGED):
            bucket[log.ring_member[ring] + 2] += 1
    for own in range(len(log.own_extension)):
        bucket[log.own_extension[own] + 2] += log.own_taken[own]
    for person in range(2, len(bucket)):
        bucket[person] += bucket[person - 1]
    for ring in range(len(log.ring_call)):
        result = log.ring_result[ring]
        if result in (RING_ANSWERED, PAGED):
            person, call = log.ring_member[ring], log.ring_call[ring]
            place = bucket[person + 1]
            bucket[person + 1] += 1
            began_at = log.ring_ended_at[ring]
            hangs_up_at = began_at + log.talk_time[call]
            free_at = (
                hangs_up_at + log.wrap_up_time[call] if result == RING_ANSWERED else hangs_up_at
            )
            starts[place] = _on_duty_before(people, person, began_at)
            ends[place] = _on_duty_before(people, person, hangs_up_at)
            busy_until[place] = _on_duty_before(people, person, free_at)
    for own in range(len(log.own_extension)):
        if log.own_taken[own]:
            person = log.own_extension[own]
            place = bucket[person + 1]
            bucket[person + 1] += 1
            began_at = log.own_started_at[own]
            starts[place] = _on_duty_before(people, person, began_at)
            ends[place] = _on_duty_before(people, person, began_at + log.own_talk_time[own])
            busy_until[place] = ends[place]
    for person in range(len(sums.people)):
        first, last = bucket[person], bucket[person + 1]
        _sort(starts, ends, busy_until, first, last)
        talked = _union(starts, ends, first, last)
        wrap_up = _union(starts, busy_until, first, last) - talked
        sums.people[person, TALK_TIME] = talked
        sums.people[person, WRAP_UP_TIME] = max(0.0, wrap_up)
        if len(sums.busy) > 0 and _is_member(people, person, asked.group):
            _spread(people, person, asked.width, starts, busy_until, first, last, sums.busy)


@compiled
def _observe_ringing(log, people, sums, scratch):
    """Time in which a phone rings; for two calls at once it rings once."""
    bucket, starts, ends, busy_until = (
        scratch.bucket,
        scratch.starts,
        scratch.ends,
        scratch.busy_until,
    )
    bucket[:] = 0
    for ring in range(len(log.ring_call)):
        bucket[log.ring_member[ring] + 2] += 1
    for person in range(2, len(bucket)):
        bucket[person] += bucket[person - 1]
    for ring in range(len(log.ring_call)):
        person = log.ring_member[ring]
        place = bucket[person + 1]
        bucket[person + 1] += 1
        starts[place] = _on_duty_before(people, person, log.ring_started_at[ring])
        ends[place] = _on_duty_before(people, person, log.ring_ended_at[ring])
        busy_until[place] = ends[place]
    for person in range(len(sums.people)):
        first, last = bucket[person], bucket[person + 1]
        _sort(starts, ends, busy_until, first, last)
        sums.people[person, RING_TIME] = _union(starts, ends, first, last)


@compiled
def _on_duty_before(people, person, instant):
    """Time on duty of a person before an instant, within hours [s]."""
    passed = 0.0
    for span in range(people.first_span[person], people.first_span[person + 1]):
        if instant <= people.starts_at[span]:
            break
        passed = people.passed[span] + (min(instant, people.ends_at[span]) - people.starts_at[span])
    return passed


@compiled
def _is_member(people, person, group):
    """Whether it is one of a group's people, or of any group's for -1."""
    for place in range(len(people.seat_of)):
        if (group < 0 or group == place) and people.seat_of[place, person] >= 0:
            return True
    return False


@compiled
def _spread(people, person, width, starts, ends, first, last, by_interval):
    """Add the length of a union of intervals, sorted and in time on duty, by interval of time."""
    cell, reached = 0, 0.0
    border = _on_duty_before(people, person, width)
    for row in range(first, last):
        begins = max(starts[row], reached)
        while begins < ends[row]:
            while border <= begins and cell < len(by_interval) - 1:
                cell += 1
                border = _on_duty_before(people, person, (cell + 1) * width)
            reached = min(ends[row], border) if cell < len(by_interval) - 1 else ends[row]
            by_interval[cell] += reached - begins
            begins = reached


@compiled
def _sort(starts, ends, busy_until, first, last):
    """Rows in the order of all three columns; quick for rows that are nearly so (Shell, 1959)."""
    gap = 0
    for row in range(first + 1, last):
        if _is_later(starts, ends, busy_until, row - 1, starts[row], ends[row], busy_until[row]):
            gap = 1
            break
    while 0 < gap < (last - first) // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for row in range(first + gap, last):
            start, end, until = starts[row], ends[row], busy_until[row]
            before = row
            while before - gap >= first and _is_later(
                starts, ends, busy_until, before - gap, start, end, until
            ):
                starts[before] = starts[before - gap]
                ends[before] = ends[before - gap]
                busy_until[before] = busy_until[before - gap]
                before -= gap
            starts[before], ends[before], busy_until[before] = start, end, until
        gap //= 3


@compiled
def _is_later(starts, ends, busy_until, row, start, end, until):
    if starts[row] != start:
        return starts[row] > start
    if ends[row] != end:
        return ends[row] > end
    return busy_until[row] > until


@compiled
def _union(starts, ends, first, last):
    """Length of the union of intervals in the order of their starts."""
    covered, reached = 0.0, 0.0
    for row in range(first, last):
        begins = max(starts[row], reached)
        if ends[row] > begins:
            covered += ends[row] - begins
            reached = ends[row]
    return covered


# Waits by bins


@compiled
def bin_of(wait):
    """Which bin a wait is put in: the first is for those near 0, then 64 to an octave."""
    if wait < 2.0 ** (LEAST_EXPONENT - 1):
        return 0
    mantissa, exponent = math.frexp(wait)
    if exponent > MOST_EXPONENT:
        return BINS - 1
    step = int((mantissa - 0.5) * (2 * BINS_PER_OCTAVE))
    return 1 + (exponent - LEAST_EXPONENT) * BINS_PER_OCTAVE + step


@compiled
def count_waits(wait, is_answered, cell_of, section, counts, least, most):
    """Count waits by section, cell, outcome and bin, and keep the extremes of each bin."""
    for call in range(len(wait)):
        cell, kind, place = cell_of[call], int(is_answered[call]), bin_of(wait[call])
        counts[section[call], cell, kind, place] += 1
        least[cell, kind, place] = min(least[cell, kind, place], wait[call])
        most[cell, kind, place] = max(most[cell, kind, place], wait[call])
