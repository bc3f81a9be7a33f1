"""Times of people in one run, compiled: on a call, in wrap-up, and ringing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import INDEX_MASK, compiled
from ringsim._log_arrays import PAGED, RING_ANSWERED

BUILT_ON = "dc1f8caa5c56f723"  # fingerprint of what comes from elsewhere: see ringsim._jit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PERSON_SUMS = ("talk_time", "ring_time", "wrap_up_time")
TALK_TIME, RING_TIME, WRAP_UP_TIME = range(len(PERSON_SUMS))


class People(NamedTuple):
    """What is read of a roster."""

    seat_of: Ints  # by group and person; -1 is no seat
    first_span: Ints  # by person, one more than there are: where their spans of duty begin
    starts_at: Floats  # by span, as the next: within [0, end)
    ends_at: Floats
    end: float


@compiled
def observe_talks(log, rows, people, asked, sums, scratch):
    """Time on a call, and in wrap-up and not on a call; both together by interval.

    Time of wrap-up that a page fills with talk is talk.
    """
    next_row, began_at, hangs_up_at = scratch.next_row, scratch.began_at, scratch.hangs_up_at
    free_at = scratch.free_at
    next_row[:] = 0
    first_ring = rows.first_ring & INDEX_MASK
    for place in range(rows.last_ring - first_ring):
        ring = first_ring + place
        if log.ring_result[ring] in (RING_ANSWERED, PAGED):
            next_row[(log.ring_member[ring] & INDEX_MASK) + 2] += 1
    for own in range(rows.first_own, rows.last_own):
        next_row[log.own_extension[own] + 2] += log.own_taken[own]
    _row_offsets(next_row)
    for place in range(rows.last_ring - first_ring):
        ring = first_ring + place
        result = log.ring_result[ring]
        if result in (RING_ANSWERED, PAGED):
            person, call = log.ring_member[ring] & INDEX_MASK, log.ring_call[ring] & INDEX_MASK
            row = next_row[person + 1] & INDEX_MASK
            next_row[person + 1] += 1
            began_at[row] = log.ring_ended_at[ring]
            hangs_up_at[row] = began_at[row] + log.talk_time[call]
            free_at[row] = hangs_up_at[row]
            if result == RING_ANSWERED:
                free_at[row] += log.wrap_up_time[call]
    for own in range(rows.first_own, rows.last_own):
        if log.own_taken[own]:
            person = log.own_extension[own]
            row = next_row[person + 1]
            next_row[person + 1] += 1
            began_at[row] = log.own_started_at[own]
            hangs_up_at[row] = began_at[row] + log.own_talk_time[own]
            free_at[row] = hangs_up_at[row]
    for person in range(len(sums.people)):
        first, last = next_row[person], next_row[person + 1]
        starts = scratch.starts[first:last]
        ends = scratch.ends[first:last]
        busy_until = scratch.busy_until[first:last]
        _duty_before_each(people, person, began_at[first:last], starts)
        _duty_before_each(people, person, hangs_up_at[first:last], ends)
        _duty_before_each(people, person, free_at[first:last], busy_until)
        _sort(starts, ends, busy_until)
        talked = _union(starts, ends)
        wrap_up = _union(starts, busy_until) - talked
        sums.people[person, TALK_TIME] = talked
        sums.people[person, WRAP_UP_TIME] = max(0.0, wrap_up)
        if len(sums.busy) > 0 and _is_member(people, person, asked.group):
            _add_by_interval(people, person, asked.width, starts, busy_until, sums.busy)


@compiled
def observe_ringing(log, rows, people, sums, scratch):
    """Time in which a phone rings; for two calls at once it rings once."""
    next_row, began_at, ended_at = scratch.next_row, scratch.began_at, scratch.hangs_up_at
    next_row[:] = 0
    first_ring = rows.first_ring & INDEX_MASK
    for place in range(rows.last_ring - first_ring):
        ring = first_ring + place
        next_row[(log.ring_member[ring] & INDEX_MASK) + 2] += 1
    _row_offsets(next_row)
    for place in range(rows.last_ring - first_ring):
        ring = first_ring + place
        person = log.ring_member[ring] & INDEX_MASK
        row = next_row[person + 1] & INDEX_MASK
        next_row[person + 1] += 1
        began_at[row], ended_at[row] = log.ring_started_at[ring], log.ring_ended_at[ring]
    for person in range(len(sums.people)):
        first, last = next_row[person], next_row[person + 1]
        starts, ends = scratch.starts[first:last], scratch.ends[first:last]
        _duty_before_each(people, person, began_at[first:last], starts)
        _duty_before_each(people, person, ended_at[first:last], ends)
        _sort(starts, ends, ends)
        sums.people[person, RING_TIME] = _union(starts, ends)


@compiled
def _row_offsets(next_row):
    """From the number of rows of each person, two places on, to where the rows of each begin.

    Those of a person begin one place on; when all are filled in, at the person's place.
    """
    for place in range(2, len(next_row)):
        next_row[place] += next_row[place - 1]


@compiled
def _duty_before_each(people, person, instants, passed):
    """`_on_duty_before` of many instants: span by span, so that all go through one at once."""
    for row in range(len(passed)):
        passed[row] = 0.0
    for span in range(people.first_span[person], people.first_span[person + 1]):
        starts_at, ends_at = people.starts_at[span], people.ends_at[span]
        for row in range(len(passed)):
            passed[row] += max(0.0, min(instants[row], ends_at) - starts_at)


@compiled
def _on_duty_before(people, person, instant):
    """Time on duty of a person before an instant, within hours [s]."""
    passed = 0.0
    for span in range(people.first_span[person], people.first_span[person + 1]):
        passed += max(0.0, min(instant, people.ends_at[span]) - people.starts_at[span])
    return passed


@compiled
def _is_member(people, person, group):
    """Whether it is one of a group's people, or of any group's for -1."""
    for place in range(len(people.seat_of)):
        if (group < 0 or group == place) and people.seat_of[place, person] >= 0:
            return True
    return False


@compiled
def _add_by_interval(people, person, width, starts, ends, by_interval):
    """Add the length of a union of intervals, sorted and in time on duty, by interval of time."""
    cell, reached = 0, 0.0
    border = _on_duty_before(people, person, width)
    for row in range(len(starts)):
        begins = max(starts[row], reached)
        while begins < ends[row]:
            while border <= begins and cell < len(by_interval) - 1:
                cell += 1
                border = _on_duty_before(people, person, (cell + 1) * width)
            reached = min(ends[row], border) if cell < len(by_interval) - 1 else ends[row]
            by_interval[cell] += reached - begins
            begins = reached


@compiled
def _sort(starts, ends, busy_until):
    """Rows in the order of all three columns; quick for rows that are nearly so (Shell, 1959)."""
    n, gap = len(starts), 0
    for row in range(1, n):
        if _is_later(starts, ends, busy_until, row - 1, starts[row], ends[row], busy_until[row]):
            gap = 1
            break
    while 0 < gap < n // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for row in range(gap, n):
            start, end, until = starts[row], ends[row], busy_until[row]
            before = row
            while before >= gap and _is_later(
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
def _union(starts, ends):
    """Length of the union of intervals in the order of their starts."""
    covered, reached = 0.0, 0.0
    for row in range(len(starts)):  # no branch, and each sum waits for one addition only
        covered += max(0.0, ends[row] - max(starts[row], reached))
        reached = max(reached, ends[row])
    return covered
