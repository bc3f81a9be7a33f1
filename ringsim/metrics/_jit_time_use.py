"""Compiled sums of the times of people in one run: on a call, in wrap-up, and ringing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import INDEX_MASK, compiled, inlined, internal
from ringsim._log_arrays import PAGED, RING_ANSWERED

BUILT_ON = "9343c63b606a56e8"  # fingerprint of what comes from elsewhere: see ringsim._jit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PERSON_SUMS = ("talk_time", "ring_time", "wrap_up_time")
TALK_TIME, RING_TIME, WRAP_UP_TIME = range(len(PERSON_SUMS))

MOST_MOVES = 8  # per row, by insertion alone


class People(NamedTuple):
    """Seats and spans of duty from a roster."""

    seat_of: Ints  # by group and person; -1: not a member
    first_span: Ints  # by person, plus one: index of their first span of duty
    starts_at: Floats  # by span, as is `ends_at`: within [0, end)
    ends_at: Floats
    end: float


@inlined
def is_talk(result):
    """Return whether a talk follows a ring."""
    return (result == RING_ANSWERED) | (result == PAGED)  # no branch to be mispredicted


@internal
def observe_people(log, rows, people, asked, sums, scratch):
    """Add up each person's times on a call, in wrap-up and ringing, and the first two by interval.

    Wrap-up time during which a page keeps the person on a call counts as time on a call.
    Overlapping rings count once.
    """
    next_ring, next_talk = scratch.next_ring, scratch.next_talk
    for own in range(rows.first_own, rows.last_own):
        next_talk[log.own_extension[own] + 2] += log.own_taken[own]
    _row_offsets(next_ring)
    _row_offsets(next_talk)
    _sort_by_person(log, rows, scratch)
    for person in range(len(sums.people)):
        first, last = next_talk[person], next_talk[person + 1]
        starts = scratch.starts[first:last]
        ends = scratch.ends[first:last]
        busy_until = scratch.busy_until[first:last]
        _duty_before_each(people, person, scratch.began_at[first:last], starts)
        _duty_before_each(people, person, scratch.hangs_up_at[first:last], ends)
        _duty_before_each(people, person, scratch.free_at[first:last], busy_until)
        _sort(starts, ends, busy_until)
        talked = _union(starts, ends)
        wrap_up = _union(starts, busy_until) - talked
        sums.people[person, TALK_TIME] = talked
        sums.people[person, WRAP_UP_TIME] = max(0.0, wrap_up)
        if len(sums.busy) > 0 and _is_member(people, person, asked.group):
            _add_by_interval(people, person, asked.width, starts, busy_until, sums.busy)
    for person in range(len(sums.people)):
        first, last = next_ring[person], next_ring[person + 1]
        starts, ends = scratch.starts[first:last], scratch.ends[first:last]
        _duty_before_each(people, person, scratch.rang_from[first:last], starts)
        _duty_before_each(people, person, scratch.rang_until[first:last], ends)
        _sort(starts, ends, ends)
        sums.people[person, RING_TIME] = _union(starts, ends)


@internal
def _sort_by_person(log, rows, scratch):
    """Write the instants of rings, talks and own calls, person by person."""
    next_ring, next_talk, talks = scratch.next_ring, scratch.next_talk, scratch.talks
    began_at, hangs_up_at, free_at = scratch.began_at, scratch.hangs_up_at, scratch.free_at
    first_ring, n_talks = rows.first_ring & INDEX_MASK, 0
    for offset in range(rows.last_ring - first_ring):
        ring = first_ring + offset
        person = log.ring_member[ring] & INDEX_MASK
        row = next_ring[person + 1] & INDEX_MASK
        next_ring[person + 1] = row + 1
        scratch.rang_from[row] = log.ring_started_at[ring]
        scratch.rang_until[row] = log.ring_ended_at[ring]
        talks[n_talks] = ring  # no branch to be mispredicted
        n_talks += is_talk(log.ring_result[ring])
    for place in range(n_talks):
        ring = talks[place] & INDEX_MASK
        person, call = log.ring_member[ring] & INDEX_MASK, log.ring_call[ring] & INDEX_MASK
        row = next_talk[person + 1] & INDEX_MASK
        next_talk[person + 1] = row + 1
        began_at[row] = log.ring_ended_at[ring]
        hangs_up_at[row] = began_at[row] + log.talk_time[call]
        free_at[row] = hangs_up_at[row]
        if log.ring_result[ring] == RING_ANSWERED:
            free_at[row] += log.wrap_up_time[call]
    for own in range(rows.first_own, rows.last_own):
        if log.own_taken[own]:
            person = log.own_extension[own]
            row = next_talk[person + 1]
            next_talk[person + 1] += 1
            began_at[row] = log.own_started_at[own]
            hangs_up_at[row] = began_at[row] + log.own_talk_time[own]
            free_at[row] = hangs_up_at[row]


@internal
def _row_offsets(next_row):
    """Turn the numbers of rows by person into the index of each person's first row.

    On entry `next_row[p + 2]` is the number of rows of person p. On return `next_row[p + 1]` is
    the index of the person's first row; when the caller has moved it past all rows of p,
    `next_row[p]` is the index of the first row and `next_row[p + 1]` of the one after the last.
    """
    for i in range(2, len(next_row)):
        next_row[i] += next_row[i - 1]


@internal
def _duty_before_each(people, person, instants, passed):
    """Write the time on duty [s] before each instant to `passed`.

    The inner loop runs over the instants, so that it vectorises.
    """
    for row in range(len(passed)):
        passed[row] = 0.0
    for span in range(people.first_span[person], people.first_span[person + 1]):
        starts_at, ends_at = people.starts_at[span], people.ends_at[span]
        for row in range(len(passed)):
            passed[row] += max(0.0, min(instants[row], ends_at) - starts_at)


@compiled
def _on_duty_before(people, person, instant):
    """Return the time on duty [s] of a person before an instant, within hours."""
    passed = 0.0
    for span in range(people.first_span[person], people.first_span[person + 1]):
        passed += max(0.0, min(instant, people.ends_at[span]) - people.starts_at[span])
    return passed


@internal
def _is_member(people, person, group):
    """Return whether a person is a member of the group, or of any group for -1."""
    for i in range(len(people.seat_of)):
        if (group < 0 or group == i) and people.seat_of[i, person] >= 0:
            return True
    return False


@internal
def _add_by_interval(people, person, width, starts, ends, by_interval):
    """Add the length of the union of intervals to `by_interval`, cut at multiples of `width`.

    The intervals are sorted and measured in time on duty.
    """
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
    """Sort rows by all three columns.

    Rows are nearly sorted as a rule, so that sorting by insertion moves few of them. Once it has
    moved too many, Shell sort (1959) goes on.
    """
    n, gap = len(starts), 1
    if _sort_by_insertion(starts, ends, busy_until, 1, MOST_MOVES * n):
        return
    while gap < n // 9:
        gap = 3 * gap + 1
    while gap > 0:
        _sort_by_insertion(starts, ends, busy_until, gap, n * n)
        gap //= 3


@internal
def _sort_by_insertion(starts, ends, busy_until, gap, most_moves):
    """Sort rows that are `gap` apart; return False if that takes too many moves."""
    n_moves = 0
    for row in range(gap, len(starts)):
        start, end, until = starts[row], ends[row], busy_until[row]
        if not _is_later(starts, ends, busy_until, row - gap, start, end, until):
            continue
        before = row
        while before >= gap and _is_later(
            starts, ends, busy_until, before - gap, start, end, until
        ):
            starts[before] = starts[before - gap]
            ends[before] = ends[before - gap]
            busy_until[before] = busy_until[before - gap]
            before -= gap
            n_moves += 1
        starts[before], ends[before], busy_until[before] = start, end, until
        if n_moves > most_moves:
            return False
    return True


@internal
def _is_later(starts, ends, busy_until, row, start, end, until):
    if starts[row] != start:
        return starts[row] > start
    if ends[row] != end:
        return ends[row] > end
    return busy_until[row] > until


@compiled
def _union(starts, ends):
    """Return the length of the union of intervals that are sorted by start."""
    covered, reached = 0.0, 0.0
    for row in range(len(starts)):  # fast: no branch, one dependent addition a row
        covered += max(0.0, ends[row] - max(starts[row], reached))
        reached = max(reached, ends[row])
    return covered
