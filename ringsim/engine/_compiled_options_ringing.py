"""Compiled starts and ends of rings with options, as in `_simpy_options_ringing`."""

from __future__ import annotations

import math

from ringsim._jit import internal
from ringsim._log_arrays import ANSWERED, ANSWERED_ELSEWHERE, CALLER_GAVE_UP, PAGED, RING_ANSWERED
from ringsim.engine._compiled import _log_ring, ring_number
from ringsim.engine._compiled_layout import ANSWER, DECLINE, END, GIVE_UP, START, TIME_OUT, WAIT
from ringsim.engine._compiled_options_candidates import _candidates
from ringsim.engine._compiled_options_events import (
    _arm,
    _disarm,
    _remember_answer_of,
    _remember_ring_of,
    _schedule,
    _watch,
    _watch_now,
)
from ringsim.engine._compiled_options_layout import (
    ANSWERED_ROTATION,
    FINISH,
    NO_MEMBER,
    NO_ROTATION,
    RING_ON,
    RUNG_ROTATION,
    WITHIN_CALL,
)
from ringsim.workload._jit_draws import answer_delay

BUILT_ON = "440a13cb5bc98fad"  # fingerprint of what comes from elsewhere: see ringsim._jit


# Starts


@internal
def _ring(run, row, n, now):
    """S5: the phones of a wave start to ring, each from and until instants of its own."""
    caller, line = run.state.callers[row], run.more.callers[row]
    group, rules = run.plan.groups[caller.group], run.options.groups[caller.group]
    limit = _cut_at(run, row, now)
    window = min(now + group.ring_time, limit)
    if line.was_declined:
        window, line.was_declined = line.window_ends_at, 0
        limit = window
    line.window_ends_at = window
    for place in range(n):
        member = run.state.chosen[place]
        run.state.rung[row, run.plan.position_of[member]] = caller.this_pass
        starts_at = now + run.options.members[member].ring_delay
        at = caller.n_phones
        ring = run.state.rings[row, at]
        ring.member = member
        ring.started_at = starts_at
        ring.ready_at = math.inf
        ring.ends_at = min(starts_at + run.options.members[member].ring_time, limit)
        run.more.rings[row, at].starts = 1
        run.more.rings[row, at].declines_at = math.inf
        caller.n_phones += 1
        if starts_at <= now:
            run.more.rings[row, at].starts = 0
            _count_ring(run, row, at, now)
    if rules.memory_hunt == RING_ON:
        line.next_wave_at = now + rules.wave_step
    return WAIT


@internal
def _cut_at(run, row, now):
    """last_ring: when a wave that starts now is cut; with line_poll in whole polls."""
    caller, line = run.state.callers[row], run.more.callers[row]
    rules = run.options.groups[caller.group]
    if rules.last_ring == FINISH or line.leaves_at == math.inf:
        return math.inf
    if rules.line_poll == 0:
        return line.leaves_at
    entered_at, poll = caller.entered_at, rules.line_poll
    polls = math.floor((now - entered_at) / poll)
    later = entered_at + (polls + 1) * poll <= now
    sooner = entered_at + polls * poll > now
    polls += int(later) - int(sooner)
    return now + (line.leaves_at - entered_at - polls * poll)


@internal
def _count_ring(run, row, place, now):
    """S5, S7: one phone starts to ring."""
    caller = run.state.callers[row]
    member = run.state.rings[row, place].member
    extension, call = run.plan.extension_of[member], caller.call
    key_row, nth = run.calls.key_row[call], run.calls.nth[call]
    first = run.more.callers[row].first_attempt
    nth_ring = ring_number(run.state, row, extension, call)
    run.state.n_ringing[extension] += 1
    _remember_ring_of(run, member, extension, now)
    if math.isnan(run.more.callers[row].first_rung_at):
        run.more.callers[row].first_rung_at = now
    if nth_ring >= run.phones.limit[extension] or nth_ring >= run.declines.limit[extension]:
        run.more.groups[0].is_stopped = 1
        return
    delay = answer_delay(run.phones, extension, key_row, first, nth, nth_ring)
    run.state.rings[row, place].ready_at = now + delay
    if run.options.has_declines:
        declined = answer_delay(run.declines, extension, key_row, first, nth, nth_ring)
        run.more.rings[row, place].declines_at = now + declined


@internal
def _wait(run, row):
    """S5, S6, S8, S13, wave_step: schedule the first event of a caller and their phones."""
    caller, line = run.state.callers[row], run.more.callers[row]
    first_at, first_position = math.inf, run.plan.width
    times_out_at = math.inf
    for place in range(caller.n_phones):
        ring, own = run.state.rings[row, place], run.more.rings[row, place]
        position = run.plan.position_of[ring.member]
        if own.starts:
            if ring.started_at <= ring.ends_at:
                _schedule(run, row, START, ring.started_at, position)
            else:
                times_out_at = min(times_out_at, ring.ends_at)
            continue
        answers_at = max(ring.ready_at, run.state.free_at[run.plan.extension_of[ring.member]])
        if answers_at <= ring.ends_at and (
            answers_at < first_at or (answers_at == first_at and position < first_position)
        ):
            first_at, first_position = answers_at, position
            caller.next_to_answer = place
        if own.declines_at <= ring.ends_at and own.declines_at < answers_at:
            _schedule(run, row, DECLINE, own.declines_at, position)
        times_out_at = min(times_out_at, ring.ends_at)
    if first_at < math.inf:
        _schedule(run, row, ANSWER, first_at, first_position)
    _schedule(run, row, TIME_OUT, times_out_at, 0)
    _schedule(run, row, START, line.next_wave_at, 0)
    _schedule(run, row, GIVE_UP, caller.gives_up_at, 0)


@internal
def _page(run, row, n, now):
    """S10: the phones of the wave answer by themselves, at once."""
    caller = run.state.callers[row]
    talk_time = run.calls.talk_time[caller.call]
    hangs_up_at = now + talk_time
    for place in range(n):
        member = run.state.chosen[place]
        extension = run.plan.extension_of[member]
        run.state.on_call_until[extension] = hangs_up_at
        run.state.free_at[extension] = max(run.state.free_at[extension], hangs_up_at)
        _remember_ring_of(run, member, extension, now)
        _remember_answer_of(run, member, extension, now, hangs_up_at, talk_time)
        for one in (member, run.more.shared[extension]):  # a page has no enforced wrap-up
            run.more.members[one].wrapped_up_before = run.more.members[one].wraps_up_until
        _log_ring(run.state.counters[0], run.log, caller, extension, now, now, PAGED)
        _watch(run, extension, hangs_up_at)
    caller.outcome = ANSWERED
    return END


@internal
def _next_ringing(run, group, last):
    """Return the row and the call of the next caller of a group whose phones ring, or -1."""
    row, call = -1, -1
    for one in range(len(run.state.callers)):
        caller = run.state.callers[one]
        is_next = caller.call > last and (row < 0 or caller.call < call)
        if run.more.callers[one].is_ringing and caller.group == group and is_next:
            row, call = one, caller.call
    return row, call


@internal
def _join(run, row, now):
    """join_ringing: members who have become candidates ring for the rest of the wave."""
    caller, line = run.state.callers[row], run.more.callers[row]
    at_once = run.plan.groups[caller.group].at_once
    if line.window_ends_at <= now:
        return
    n = _candidates(run, row, now)
    if at_once > 0:
        n = min(n, at_once - caller.n_phones)
    if n <= 0:
        return
    _sort_rings(run, row)
    for place in range(n):
        member = run.state.chosen[place]
        at = caller.n_phones
        while at > 0 and run.state.rings[row, at - 1].member > member:
            _copy_ring(run, row, at - 1, at)
            at -= 1
        ring = run.state.rings[row, at]
        ring.member = member
        ring.started_at = now
        ring.ready_at = math.inf
        ring.ends_at = line.window_ends_at
        run.more.rings[row, at].starts = 0
        run.more.rings[row, at].declines_at = math.inf
        caller.n_phones += 1
        run.state.rung[row, run.plan.position_of[member]] = caller.this_pass
        _count_ring(run, row, at, now)
    _disarm(run, row)
    _wait(run, row)
    _arm(run, row)


# Ends


@internal
def _end_rings(run, row, kind, now):
    """S5: the phones that ring for a caller stop, because of an event of some kind."""
    caller = run.state.callers[row]
    lost = ANSWERED_ELSEWHERE if kind == ANSWER else CALLER_GAVE_UP
    answered = run.state.rings[row, caller.next_to_answer].member if kind == ANSWER else NO_MEMBER
    for place in range(caller.n_phones):
        is_answered = run.state.rings[row, place].member == answered
        _log_end(run, row, place, RING_ANSWERED if is_answered else lost, now)
    caller.n_phones = 0


@internal
def _end_ring(run, row, place, result, now):
    """S5: one phone stops to ring; one that has not started yet has no row."""
    _log_end(run, row, place, result, now)
    _remove_ring(run, row, place)


@internal
def _log_end(run, row, place, result, now):
    """Log a ring that ends, if it has started, and look whether its phone is silent now."""
    if run.more.rings[row, place].starts:
        return
    ring = run.state.rings[row, place]
    started_at, extension = ring.started_at, run.plan.extension_of[ring.member]
    run.state.n_ringing[extension] -= 1
    _log_ring(
        run.state.counters[0], run.log, run.state.callers[row], extension, started_at, now, result
    )
    if run.state.n_ringing[extension] == 0:
        _watch_now(run, extension, now)


@internal
def _remove_ring(run, row, place):
    """Remove a ring from those of a caller."""
    caller = run.state.callers[row]
    for one in range(place, caller.n_phones - 1):
        _copy_ring(run, row, one + 1, one)
    caller.n_phones -= 1


@internal
def _sort_rings(run, row):
    """Sort the rings of a caller into the configured order, which waves that ring on are not in."""
    rings, n = run.state.rings, run.state.callers[row].n_phones
    for place in range(1, n):
        _copy_ring(run, row, place, n)  # the last place is free, as `width` is one more
        at = place
        while at > 0 and rings[row, at - 1].member > rings[row, n].member:
            _copy_ring(run, row, at - 1, at)
            at -= 1
        _copy_ring(run, row, n, at)


@internal
def _copy_ring(run, row, source, target):
    """Copy a ring of a caller to another place."""
    one, other = run.state.rings[row, source], run.state.rings[row, target]
    other.member = one.member
    other.started_at = one.started_at
    other.ready_at = one.ready_at
    other.ends_at = one.ends_at
    run.more.rings[row, target].starts = run.more.rings[row, source].starts
    run.more.rings[row, target].declines_at = run.more.rings[row, source].declines_at


@internal
def _end_wave(run, row):
    """rotation, wave_step: a wave is over; no other is due, and the pointer moves on."""
    run.more.callers[row].next_wave_at = math.inf
    rotation = run.options.groups[run.state.callers[row].group].rotation
    if rotation in (RUNG_ROTATION, WITHIN_CALL):
        _turn_pointer(run, row, NO_MEMBER)


@internal
def _turn_pointer(run, row, answered_by):
    """rotation: move the pointer behind the member rung last, or who answered."""
    caller, line = run.state.callers[row], run.more.callers[row]
    rotation = run.options.groups[caller.group].rotation
    last = answered_by if rotation == ANSWERED_ROTATION else line.last_picked
    if rotation == NO_ROTATION or last == NO_MEMBER:
        return
    n = run.plan.groups[caller.group].last_member - run.plan.groups[caller.group].first_member
    pointer = (run.plan.position_of[last] + 1) % n
    if line.has_order and rotation != ANSWERED_ROTATION:
        pointer = 0
        if line.turn < line.n_order:
            pointer = run.plan.position_of[run.more.order[row, line.turn]]
    if rotation == WITHIN_CALL:
        line.pointer = pointer
    else:
        run.more.groups[caller.group].pointer = pointer
