"""Compiled events, line and memory of groups with options, as in `_simpy_options_events`.

A look at the line of a group is an event without a caller: its kind is `LINE`, and it holds the
group in place of the caller. So is the arrival of an attempt, which holds the call and, in place
of a caller's stamp, a mark (`_compiled_options_redial`).
"""

from __future__ import annotations

import math

from ringsim._jit import INDEX_MASK, compiled, internal
from ringsim._jit_heap import is_before, push
from ringsim._log_arrays import EVERY_GROUP
from ringsim.engine._compiled import _log_visit as _log_plain_visit
from ringsim.engine._compiled import _rank, _remember_answer, _remember_ring, _unschedule
from ringsim.engine._compiled_layout import (
    ARRIVAL,
    CALLER_BITS,
    CALLER_MASK,
    KIND_BITS,
    KIND_MASK,
    LINE,
    NO_EVENT,
    OWN_CALL,
)
from ringsim.engine._compiled_options_layout import ATTEMPT_ARRIVES

BUILT_ON = "3613ac7ab78ac382"  # fingerprint of what comes from elsewhere: see ringsim._jit


# Events


@internal
def _next_event(run):
    """S13: take the next event: its kind, its instant, and whose it is; skip stale ones."""
    counters = run.state.counters[0]
    while counters.n_events > 0 and _is_stale(run, run.state.heap_event[0]):
        _unschedule(run.state)
    kind, now, rank, number = NO_EVENT, math.inf, 0, 0
    if counters.n_arrived < run.calls.first[counters.n_runs + 1]:
        number = run.calls.order[counters.n_arrived & INDEX_MASK] & INDEX_MASK
        kind, now = ARRIVAL, run.calls.arrives_at[number]
        rank = _rank(counters, ARRIVAL, number, 0)
    if counters.n_own_handled < run.calls.first_own[counters.n_runs + 1]:
        own = run.calls.own_order[counters.n_own_handled & INDEX_MASK] & INDEX_MASK
        begins_at, own_rank = run.calls.own_at[own], _rank(counters, OWN_CALL, own, 0)
        if kind == NO_EVENT or is_before(begins_at, own_rank, now, rank):
            kind, now, rank, number = OWN_CALL, begins_at, own_rank, own
    if counters.n_events > 0:
        at, event = run.state.heap_at[0], run.state.heap_event[0]
        if kind == NO_EVENT or is_before(at, run.state.heap_rank[0], now, rank):
            kind, now, number = event & KIND_MASK, at, (event >> KIND_BITS) & CALLER_MASK
            if kind == LINE and event >> (KIND_BITS + CALLER_BITS) != 0:
                kind = ATTEMPT_ARRIVES
            _unschedule(run.state)
    return kind, now, number


@internal
def _is_stale(run, event):
    """Return True if another event of the same caller has happened since it was scheduled."""
    if event & KIND_MASK == LINE:
        return False
    caller = run.state.callers[(event >> KIND_BITS) & CALLER_MASK]
    return event >> (KIND_BITS + CALLER_BITS) != caller.stamp


@internal
def _schedule(run, row, kind, at, position):
    """S13, S14: note an event of a caller at its instant; `_arm` schedules the first."""
    if at == math.inf:
        return
    line = run.more.callers[row]
    rank = _rank(run.state.counters[0], kind, run.state.callers[row].call, position)
    if is_before(at, rank, line.next_at, line.next_rank):
        line.next_kind, line.next_at, line.next_rank = kind, at, rank


@internal
def _disarm(run, row):
    """Make the scheduled event of a caller stale."""
    run.state.callers[row].stamp += 1
    run.more.callers[row].next_at = math.inf


@internal
def _arm(run, row):
    """Put the first scheduled event of a caller on the heap."""
    caller, line = run.state.callers[row], run.more.callers[row]
    if line.next_at == math.inf:
        return
    event = (((caller.stamp << CALLER_BITS) | row) << KIND_BITS) | line.next_kind
    _push_event(run, line.next_at, line.next_rank, event)


@internal
def _push_event(run, at, rank, event):
    """Put an event on the heap."""
    state, counters = run.state, run.state.counters[0]
    push(state.heap_at, state.heap_rank, state.heap_event, counters.n_events, at, rank, event)
    counters.n_events += 1


@internal
def _watch(run, extension, at):
    """Look at the lines of a person's groups at an instant, when the person may be free."""
    for place in range(run.options.first_of[extension], run.options.first_of[extension + 1]):
        group = run.options.group_of[place]
        if run.options.groups[group].watches:
            _watch_group(run, group, at)


@internal
def _watch_group(run, group, at):
    """Look at the line of a group at an instant."""
    if at == math.inf or run.more.groups[group].looks_at == at:
        return
    run.more.groups[group].looks_at = at
    rank = _rank(run.state.counters[0], LINE, run.options.groups[group].by_weight, 0)
    _push_event(run, at, rank, (group << KIND_BITS) | LINE)


@internal
def _watch_now(run, extension, now):
    """Look at the lines of a person's groups as `_watch` does, if a look can change anything."""
    for place in range(run.options.first_of[extension], run.options.first_of[extension + 1]):
        _watch_group_now(run, run.options.group_of[place], now)


@internal
def _watch_group_now(run, group, now):
    """Look at the line of a group at this instant, if a look can change anything.

    A caller who comes later in the same instant sees what has changed by themselves.
    """
    rules = run.options.groups[group]
    if rules.watches and (rules.watches_if_empty or run.more.groups[group].n_waiting > 0):
        _watch_group(run, group, now)


@internal
def _watch_up_to(run, group, now):
    """queue_weight: look at the lines of a group and of lighter ones."""
    weight = run.options.groups[group].queue_weight
    for other in range(len(run.plan.groups)):
        if other == group or run.options.groups[other].queue_weight < weight:
            _watch_group_now(run, other, now)


# The line


@internal
def _line_of(run, group, now):
    """wait_in_line: remove callers whose talk has started; return how many stand in line."""
    kept = 0
    if run.options.groups[group].connect_delay == 0:  # talks start at the answer
        return run.more.groups[group].n_line
    for place in range(run.more.groups[group].n_line):
        if run.more.line_until[group, place] > now:
            _copy_place(run, group, place, kept)
            kept += 1
    run.more.groups[group].n_line = kept
    return kept


@internal
def _copy_place(run, group, source, target):
    """Copy a place in line to another."""
    run.more.line[group, target] = run.more.line[group, source]
    run.more.line_until[group, target] = run.more.line_until[group, source]
    run.more.line_priority[group, target] = run.more.line_priority[group, source]


@internal
def _waits(run, group, place):
    """Return True if a caller in line waits: no phone rings, and nobody has answered."""
    until = run.more.line_until[group, place]
    return until == math.inf and not run.more.callers[run.more.line[group, place]].is_ringing


# Rests and pauses


@internal
def _wrap_up(run, member, extension, hangs_up_at, drawn):
    """enforced_wrap_up: the member is not a candidate for a while after the talk."""
    of_member = run.options.members[member]
    until = hangs_up_at + (drawn if of_member.wraps_up_as_drawn else of_member.wrap_up)
    for one in (member, run.more.shared[extension]):
        run.more.members[one].wrapped_up_before = run.more.members[one].wraps_up_until
        run.more.members[one].wraps_up_until = until
    _watch(run, extension, until)


@internal
def _rest(run, member, extension, seconds, now):
    """missed_rest, declined_rest: the member is not a candidate for a while."""
    if seconds > 0:
        for one in (member, run.more.shared[extension]):
            run.more.members[one].rests_until = max(
                run.more.members[one].rests_until, now + seconds
            )
        _watch(run, extension, now + seconds)


@internal
def _miss(run, group, member, extension, now):
    """auto_pause_after: a member who misses that many rings in a row is paused."""
    rules = run.options.groups[group]
    if rules.auto_pause_after == math.inf:
        return
    talks_until = run.state.members[member].talks_until
    if rules.memory_is_shared:
        talks_until = run.more.shared_members[extension].talks_until
    if now - min(talks_until, now) < rules.auto_pause_grace:
        return
    counted = run.more.members[run.more.shared[extension] if rules.auto_pause_is_shared else member]
    counted.missed += 1
    if counted.missed >= rules.auto_pause_after:
        counted.missed = 0
        until = now + rules.auto_pause_time
        counted.paused_until = max(counted.paused_until, until)
        place = EVERY_GROUP if rules.auto_pause_is_shared else group
        _log_pause(run, place, extension, now, until)
        _watch(run, extension, until)


@internal
def _wraps_up(run, memory, now):
    """enforced_wrap_up: whether the wrap-up after the last talk that has ended goes on."""
    own = run.more.members[memory]
    talks_until = (
        run.state.members[memory].talks_until
        if memory < len(run.state.members)
        else (run.more.shared_members[memory - len(run.state.members)].talks_until)
    )
    ended = talks_until <= now
    return now < (own.wraps_up_until if ended else own.wrapped_up_before)


# Memory


@internal
def _remember_ring_of(run, member, extension, now):
    """S7: the start of a ring, answered or not."""
    _remember_ring(run.state.members[member], now)
    if run.options.has_shared_memory:
        _remember_ring(run.more.shared_members[extension], now)


@internal
def _remember_answer_of(run, member, extension, now, hangs_up_at, talk_time):
    """S7: an answer, a page's too."""
    run.more.members[member].completed_before = run.state.members[member].talks_until
    run.more.members[member].missed = 0
    _remember_answer(run.state.members[member], now, hangs_up_at, talk_time)
    if run.options.has_shared_memory:
        shared = run.more.members[run.more.shared[extension]]
        shared.completed_before = run.more.shared_members[extension].talks_until
        shared.missed = 0
        _remember_answer(run.more.shared_members[extension], now, hangs_up_at, talk_time)


# Log


@internal
def _log_visit(run, row, now):
    """wait_in_line: a row of the visits, and one of how the caller stood in line."""
    counters, line = run.state.counters[0], run.more.callers[row]
    at = counters.n_visit_rows
    if len(run.option_log.line_length) > 0:
        run.option_log.line_length[at] = line.line_length
        run.option_log.lined_up_at[at] = line.lined_up_at
        run.option_log.first_rung_at[at] = line.first_rung_at
    _log_plain_visit(counters, run.log, run.state.callers[row], now)


@internal
def _log_pause(run, group, extension, started_at, ended_at):
    """auto_pause_after: a row of the pauses."""
    at = run.more.groups[0].n_pauses
    run.option_log.pause_extension[at] = extension
    run.option_log.pause_group[at] = group
    run.option_log.pause_started_at[at] = started_at
    run.option_log.pause_ended_at[at] = ended_at
    run.more.groups[0].n_pauses = at + 1


@compiled
def forget_options(more):
    """S7: reset what only options remember of members, groups and people."""
    for one in range(len(more.members)):
        member = more.members[one]
        member.rests_until = -math.inf
        member.paused_until = -math.inf
        member.wraps_up_until = -math.inf
        member.wrapped_up_before = -math.inf
        member.completed_before = -math.inf
        member.missed = 0
    for one in range(len(more.shared_members)):
        shared = more.shared_members[one]
        shared.last_rung_at = -math.inf
        shared.last_answered_at = -math.inf
        shared.talks_until = -math.inf
        shared.n_rung = 0
        shared.n_answered = 0
        shared.talked_time = 0
    for group in range(len(more.groups)):
        more.groups[group].pointer = 0
        more.groups[group].n_line = 0
        more.groups[group].n_waiting = 0
        more.groups[group].looks_at = -math.inf
        more.groups[group].is_started = 0
        more.groups[group].is_stopped = 0
        more.groups[group].is_endless = 0
    more.active_until[:] = -math.inf
