"""Times of people in one run, compiled: on a call, in wrap-up, and ringing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled
from ringsim.logarrays import PAGED, RING_ANSWERED

BUILT_ON = "5d4be7e26b917ada"  # fingerprint of what comes from elsewhere: see ringsim._jit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PERSON_SUMS = ("talk_time", "ring_time", "wrap_up_time")
TALK_TIME, RING_TIME, WRAP_UP_TIME = range(len(PERSON_SUMS))


class People(NamedTuple):
    """What is read of a roster."""

    seat_of: Ints  # by group and person; -1 is no seat
    first_span: Ints  # by person, one more than there are: where their spans of duty begin
    starts_at: Floats  # by span, as the next two: within [0, end)
    ends_at: Floats
    passed: Floats  # time on duty before it
    end: float


@compiled
def observe_talks(log, rows, people, asked, sums, scratch):
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
    for ring in range(rows.first_ring, rows.last_ring):
        if log.ring_result[ring] in (RING_ANSWERED, PAGED):
            bucket[log.ring_member[ring] + 2] += 1
    for own in range(rows.first_own, rows.last_own):
        bucket[log.own_extension[own] + 2] += log.own_taken[own]
    for person in range(2, len(bucket)):
        bucket[person] += bucket[person - 1]
    for ring in range(rows.first_ring, rows.last_ring):
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
    for own in range(rows.first_own, rows.last_own):
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
def observe_ringing(log, rows, people, sums, scratch):
    """Time in which a phone rings; for two calls at once it rings once."""
    bucket, starts, ends, busy_until = (
        scratch.bucket,
        scratch.starts,
        scratch.ends,
        scratch.busy_until,
    )
    bucket[:] = 0
    for ring in range(rows.first_ring, rows.last_ring):
        bucket[log.ring_member[ring] + 2] += 1
    for person in range(2, len(bucket)):
        bucket[person] += bucket[person - 1]
    for ring in range(rows.first_ring, rows.last_ring):
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
