"""Compiled reduction of runs to sums.

The sums are the same to the last bit for any order of the rings and visits: counts are whole
numbers, waits are added in the order of the calls, and times of people in the order of their
starts.

Counting rings without an answer without a branch was slower (measured), as each count waits for
the one before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import INDEX_MASK, compiled, inlined, internal
from ringsim._log_arrays import (
    ABANDONED,
    ANSWERED,
    DECLINED,
    NOBODY,
    OVERFLOWED,
    PAGED,
    RESULTS,
    RING_ANSWERED,
    RING_NO_ANSWER,
)
from ringsim.metrics._jit_time_use import is_talk, observe_people

BUILT_ON = "fa8e3b001c6a3c72"  # fingerprint of what comes from elsewhere: see ringsim._jit

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Sums over calls, by cell
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
    "lined_up",
    "line_time",
    "declined",
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
    LINED_UP,
    LINE_TIME,
    DECLINED_RINGS,
) = range(len(CALL_SUMS))  # the last three: see `_option_sums`

# Sums over visits, by group, and over rings, by seat
GROUP_SUMS = ("received", "no_candidate", "answered_here", "queue_full", "longest_line")
RECEIVED, NO_CANDIDATE, ANSWERED_HERE, QUEUE_FULL, LONGEST_LINE = range(len(GROUP_SUMS))
SEAT_SUMS = (
    *("rung", "answered", "ring_no_answer", "paged", "interruptions"),
    *("declined", "pause_time"),
)
RUNG, SEAT_ANSWERED, SEAT_NO_ANSWER, SEAT_PAGED, INTERRUPTIONS = range(5)
SEAT_DECLINED, PAUSE_TIME = 5, 6

STARTED = len(RESULTS)  # a further count of rings: of those that start within hours

WITHIN_SLACK = 1e-9  # seconds, so that rounding errors do not decide what is within
NO_CELL = -1


class Log(NamedTuple):
    """Columns of a log that the reduction reads, for all runs in the log."""

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
    visit_call: Codes
    visit_group: Codes
    visit_found: Codes
    own_extension: Codes
    own_started_at: Floats
    own_talk_time: Floats
    own_taken: Flags


class CountingRules(NamedTuple):
    """Cells that calls are counted in, and thresholds [s]."""

    width: float  # of the intervals that are cells [s]; 0: cells are groups
    group: int  # index of the only group counted by interval; -1: all groups
    within: float
    short: float
    warm_up: float  # earlier arrivals are not counted [s]


class RunRows(NamedTuple):
    """First row of one run in each frame of the log, and first row after it (`last_*`)."""

    first_call: int
    last_call: int
    first_ring: int
    last_ring: int
    first_visit: int
    last_visit: int
    first_own: int
    last_own: int


class Sums(NamedTuple):
    """Tables of sums of one run; for many runs, with a leading dimension."""

    calls: Floats  # by cell, of shape (cells, len(CALL_SUMS))
    groups: Floats
    seats: Floats
    people: Floats
    busy: Floats  # by interval; empty if cells are groups


class Scratch(NamedTuple):
    """Working memory, reused for every run."""

    cell_of: Codes  # by call
    rings_of_seat: Ints  # by seat, and by result and `STARTED`
    next_ring: Ints  # by person, with two more rows than people, like the next
    next_talk: Ints
    rang_from: Floats  # by ring, like the next
    rang_until: Floats
    talks: Ints  # rows of the rings that talks follow
    began_at: Floats  # by talk or own call, like the next two
    hangs_up_at: Floats
    free_at: Floats
    starts: Floats  # three instants as time on duty before them
    ends: Floats
    busy_until: Floats


@compiled
def observe_runs(log, borders, people, asked, sums, scratch):
    """Compute the sums of each run; `scratch.cell_of` holds the cell of each call afterwards."""
    for run in range(len(borders.calls) - 1):
        after = run + 1
        rows = RunRows(
            borders.calls[run],
            borders.calls[after],
            borders.rings[run],
            borders.rings[after],
            borders.visits[run],
            borders.visits[after],
            borders.own_calls[run],
            borders.own_calls[after],
        )
        of_run = Sums(
            sums.calls[run], sums.groups[run], sums.seats[run], sums.people[run], sums.busy[run]
        )
        _observe_calls(log, rows, asked, of_run, scratch)
        _observe_visits(log, rows, asked, of_run)
        _observe_rings(log, rows, people, asked, of_run, scratch)
        observe_people(log, rows, people, asked, of_run, scratch)


@internal
def _observe_calls(log, rows, asked, sums, scratch):
    within, short = asked.within + WITHIN_SLACK, asked.short + WITHIN_SLACK
    first = rows.first_call & INDEX_MASK
    for offset in range(rows.last_call - first):
        call = first + offset
        group, outcome, wait = log.group[call], log.outcome[call], log.wait[call]
        if _is_early(log, asked, call):
            scratch.cell_of[call] = NO_CELL
            continue
        cell = group
        if asked.width > 0:
            cell = NO_CELL
            if asked.group < 0 or asked.group == group:
                cell = int(log.arrives_at[call] // asked.width)
                if cell >= len(sums.calls):  # an attempt after the last interval
                    cell = NO_CELL
        scratch.cell_of[call] = cell
        if outcome == ANSWERED:
            sums.groups[log.ended_in[call] & INDEX_MASK, ANSWERED_HERE] += 1
        if cell == NO_CELL:
            continue
        cell &= INDEX_MASK
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
        elif outcome == OVERFLOWED:
            sums.calls[cell, N_OVERFLOWED] += 1
            sums.calls[cell, WAITED_OVERFLOWED] += wait
            sums.calls[cell, BLOCKED] += log.n_rings[call] == 0


@inlined
def _is_early(log, asked, call):
    """Return whether a call arrived during the warm-up."""
    return asked.warm_up > 0 and log.arrives_at[call] < asked.warm_up


@internal
def _observe_visits(log, rows, asked, sums):
    first = rows.first_visit & INDEX_MASK
    running, received, no_candidate = 0, 0, 0
    for offset in range(rows.last_visit - first):
        visit = first + offset
        if _is_early(log, asked, log.visit_call[visit] & INDEX_MASK):
            continue
        group = log.visit_group[visit] & INDEX_MASK
        if group != running:  # rare: a local sum is faster than one in memory
            sums.groups[running, RECEIVED] += received
            sums.groups[running, NO_CANDIDATE] += no_candidate
            running, received, no_candidate = group, 0, 0
        received += 1
        no_candidate += log.visit_found[visit] == 0
    if received > 0:
        sums.groups[running, RECEIVED] += received
        sums.groups[running, NO_CANDIDATE] += no_candidate


@internal
def _observe_rings(log, rows, people, asked, sums, scratch):
    """Count the rings of each seat by result, and the rings and talks of each person."""
    rings, next_ring, next_talk = scratch.rings_of_seat, scratch.next_ring, scratch.next_talk
    rings[:] = 0
    next_ring[:] = 0
    next_talk[:] = 0
    first = rows.first_ring & INDEX_MASK
    for offset in range(rows.last_ring - first):
        ring = first + offset
        group, member = log.ring_group[ring] & INDEX_MASK, log.ring_member[ring] & INDEX_MASK
        seat, result = people.seat_of[group, member] & INDEX_MASK, log.ring_result[ring]
        call, started_at = log.ring_call[ring] & INDEX_MASK, log.ring_started_at[ring]
        next_ring[member + 2] += 1
        next_talk[member + 2] += is_talk(result)
        rings[seat, STARTED] += (asked.warm_up <= started_at) & (started_at < people.end)
        if _is_early(log, asked, call):
            continue
        rings[seat, result & INDEX_MASK] += 1
        if result == RING_NO_ANSWER:
            cell = scratch.cell_of[call]
            if cell != NO_CELL:
                sums.calls[cell & INDEX_MASK, NO_ANSWER] += 1
    for seat in range(len(rings)):
        for result in range(len(RESULTS)):
            sums.seats[seat, RUNG] += rings[seat, result] if result != PAGED else 0
        sums.seats[seat, SEAT_ANSWERED] += rings[seat, RING_ANSWERED]
        sums.seats[seat, SEAT_NO_ANSWER] += rings[seat, RING_NO_ANSWER]
        sums.seats[seat, SEAT_PAGED] += rings[seat, PAGED]
        sums.seats[seat, SEAT_DECLINED] += rings[seat, DECLINED]
        sums.seats[seat, INTERRUPTIONS] += rings[seat, STARTED]
