"""Compiled event loop for groups whose rules have options: the verbs of `_compiled`, extended.

Read it beside `_simpy_options`: the same verbs stand in the same order under the same names, in
files that have the same parts. The state that only options need is in arrays of its own
(`_compiled_options_layout`).

`_compiled_options_events`
    The heap of events, places in line, rests, pauses, and the memory of members.
`_compiled_options_candidates`
    The members who may be rung, their order, and the next wave.
`_compiled_options_ringing`
    Starts and ends of rings.
`_compiled_options_line`
    Standing in line, and the way from pass to pass and from group to group.
`_compiled_options_redial`
    Attempts of callers who try again.
"""

from __future__ import annotations

import math

import numpy as np

from ringsim._jit import INDEX_MASK, compiled, internal
from ringsim._jit_reference import by_reference
from ringsim._log_arrays import ABANDONED, ANSWERED, DECLINED, NO_ACTION, NOBODY, RING_NO_ANSWER
from ringsim.engine._compiled import _begin_spell, _is_on_duty, forget
from ringsim.engine._compiled_layout import (
    ANSWER,
    ARRIVAL,
    CALLERS_FULL,
    DECLINE,
    DELAYS_NOT_LAID_OUT,
    DONE,
    END,
    END_PASS,
    EVENTS_FULL,
    GIVE_UP,
    LINE,
    LOOK,
    NO_EVENT,
    OWN_CALL,
    POLL,
    RINGS_FULL,
    SLEEP,
    START,
    TIME_OUT,
    VISITS_FULL,
    WAIT,
)
from ringsim.engine._compiled_options_candidates import _candidates, _is_on_call, _wave
from ringsim.engine._compiled_options_events import (
    _arm,
    _disarm,
    _line_of,
    _miss,
    _next_event,
    _remember_answer_of,
    _rest,
    _watch,
    _watch_group,
    _watch_up_to,
    _wrap_up,
    forget_options,
)
from ringsim.engine._compiled_options_layout import (
    ATTEMPT_ARRIVES,
    ATTEMPTS_FULL,
    BEGIN,
    BY_CALL,
    END_OF_PASS,
    IN_LINE,
    LEAST_REST,
    LINES_FULL,
    REST_OF_WAVE,
    WAITS_FOR_EVER,
)
from ringsim.engine._compiled_options_line import (
    _begin,
    _end,
    _end_pass,
    _leave,
    _leave_line,
    _next_pass,
    _stand,
    _stop_waiting,
    _visit,
)
from ringsim.engine._compiled_options_redial import _first_attempt, _try_again
from ringsim.engine._compiled_options_ringing import (
    _count_ring,
    _end_ring,
    _end_rings,
    _end_wave,
    _join,
    _next_ringing,
    _page,
    _remove_ring,
    _ring,
    _turn_pointer,
    _wait,
)
from ringsim.engine._plan import MOST_LOOKS

BUILT_ON = "dbd98cd10e92fdb9"  # fingerprint of what comes from elsewhere: see ringsim._jit


@compiled
def play_runs(run, no_memory):
    """Play runs until every call is over or a table is full; return the reason."""
    return _play_runs(by_reference(run), no_memory)


@internal
def _play_runs(run, no_memory):
    """Play runs as `play_runs` does, in tables that are passed by their address."""
    counters = run.state.counters[0]
    while counters.n_runs < len(run.calls.first) - 1:
        full = _full(run)
        if full != DONE:
            return full
        if run.more.groups[0].is_endless:
            return WAITS_FOR_EVER
        if run.more.groups[0].is_stopped:
            return DELAYS_NOT_LAID_OUT
        if not run.more.groups[0].is_started:
            _start(run)
        kind, now, number = _next_event(run)
        if kind == NO_EVENT:
            if counters.n_free < len(run.state.callers):
                return WAITS_FOR_EVER
            _end_run(run, no_memory)
        elif kind == OWN_CALL:
            _own_call(run, run.log.taken, number, now)
        elif kind == LINE:
            _look_at_line(run, number, now)
        elif kind in (ARRIVAL, ATTEMPT_ARRIVES):
            counters.n_arrived += kind == ARRIVAL
            row = _arrive(run, number, now)
            _advance(run, row, BEGIN, now)
        else:
            row = np.uint32(number)  # unsigned: no code for negative indices
            if kind == ANSWER:
                step = _answer(run, row, now)
            elif kind == DECLINE:
                step = _decline(run, row, now)
            elif kind == GIVE_UP:
                step = _give_up(run, row, now)
            elif kind == TIME_OUT:
                step = _time_out(run, row, now)
            elif kind == POLL:
                step = _look_in_line(run, row)
            elif kind == START:
                step = _start_phone(run, row, now)
            else:  # REPEAT
                step = _repeat(run, row)
            _advance(run, row, step, now)
    return DONE


@internal
def _full(run):
    """Return which table has no room for one event more, whatever it brings, or `DONE`."""
    counters = run.state.counters[0]
    if counters.n_free == 0:
        return CALLERS_FULL
    callers = len(run.state.callers) - counters.n_free + 1
    most = callers * (5 + 2 * run.plan.width * (1 + len(run.plan.groups))) + len(
        run.plan.duty
    ) * len(run.plan.groups)
    if counters.n_events + most > len(run.state.heap_at):
        return EVENTS_FULL
    if run.redials.is_on and run.redials.n_attempts[0] + callers > len(run.redials.caller):
        return ATTEMPTS_FULL
    if counters.n_ring_rows + 2 * run.plan.width * callers > len(run.log.ring_call):
        return RINGS_FULL
    if counters.n_visit_rows + (len(run.plan.groups) + 1) * callers > len(run.log.visit_call):
        return VISITS_FULL
    for group in range(len(run.plan.groups)):
        is_long = run.more.groups[group].n_line + callers > run.more.line.shape[1]
        if is_long and run.options.groups[group].connect_delay > 0:  # else each place has its row
            return LINES_FULL
    return DONE


@internal
def _start(run):
    """Watch for members whose duty starts."""
    run.more.groups[0].is_started = 1
    for extension in range(len(run.plan.duty_of)):
        if run.plan.duty_of[extension, 0] >= 0:
            for span in range(run.plan.duty_of[extension, 0], run.plan.duty_of[extension, 1]):
                _watch(run, extension, run.plan.duty[span, 0])


@internal
def _end_run(run, no_memory):
    """Close a run whose calls are all over, and forget its members before the next."""
    counters = run.state.counters[0]
    counters.n_runs += 1
    run.log.first_ring[counters.n_runs] = counters.n_ring_rows
    run.log.first_visit[counters.n_runs] = counters.n_visit_rows
    run.option_log.first_pause[counters.n_runs] = run.more.groups[0].n_pauses
    if run.redials.is_on:
        run.redials.first[counters.n_runs] = run.redials.n_attempts[0]
    forget(run.state, no_memory)
    forget_options(run.more)


@internal
def _advance(run, row, step, now):
    """Move a caller on until there is something to wait for, and schedule that."""
    caller, line = run.state.callers[row], run.more.callers[row]
    _stop_waiting(run, row)
    _disarm(run, row)
    while step not in (WAIT, SLEEP, IN_LINE, END):
        if step == BEGIN:
            step = _begin(run, row, now)
        elif step == END_PASS:
            step = _end_pass(run, row, now)
        else:
            step = _look(run, row, now)
    begins_to_ring = step == WAIT and not line.is_ringing
    line.step = step
    line.is_ringing = step == WAIT
    group = caller.group
    if step == WAIT:
        _wait(run, row)
    elif step == IN_LINE:
        _stand(run, row, now)
    if step != END:
        _arm(run, row)
    else:
        _leave_line(run, row, now)
        _end(run, row, now)
        if run.redials.is_on:
            _try_again(run, row, now)
    if begins_to_ring:
        _watch_up_to(run, group, now)


# What happens


@internal
def _arrive(run, call, now):
    """S1, S8: a call arrives at its group, and the caller's patience begins; return their row."""
    counters = run.state.counters[0]
    counters.n_free -= 1
    row = np.uint32(run.state.free_callers[counters.n_free & INDEX_MASK])
    caller, line = run.state.callers[row], run.more.callers[row]
    caller.call = call
    line.first_attempt = _first_attempt(run, call)
    caller.n_rings = 0
    caller.n_phones = 0
    caller.answered_by = NOBODY
    caller.action = NO_ACTION
    caller.gives_up_at = now + run.calls.patience[call]
    group = run.calls.group[call]
    line.priority = run.options.groups[group].priority
    if len(run.options.priority) > 0:
        line.priority = run.options.priority[line.first_attempt]
    line.picks = 0
    line.step = BEGIN
    line.is_ringing = 0
    _visit(run, row, group, now)
    if len(run.options.max_wait_time) > 0:
        line.leaves_at = now + run.options.max_wait_time[line.first_attempt]
    return row


@internal
def _answer(run, row, now):
    """S6: the member talks, then is in wrap-up; one who is not free after all rings on."""
    caller, line = run.state.callers[row], run.more.callers[row]
    member = run.state.rings[row, caller.next_to_answer].member
    extension, call = run.plan.extension_of[member], caller.call
    if now < run.state.free_at[extension]:
        return WAIT
    group = caller.group
    talks_from = now + run.options.groups[group].connect_delay
    hangs_up_at = talks_from + run.calls.talk_time[call]
    run.state.on_call_until[extension] = hangs_up_at
    run.state.free_at[extension] = hangs_up_at + run.calls.wrap_up_time[call]
    _remember_answer_of(run, member, extension, now, hangs_up_at, run.calls.talk_time[call])
    if run.options.groups[group].has_rests:
        _wrap_up(run, member, extension, hangs_up_at, run.calls.wrap_up_time[call])
    run.more.active_until[member] = hangs_up_at
    _watch(run, extension, hangs_up_at)
    if run.options.groups[group].max_active_calls < math.inf and run.options.groups[group].watches:
        _watch_group(run, group, hangs_up_at)
    caller.answered_by = extension
    caller.outcome = ANSWERED
    line.leaves_line_at = talks_from
    _end_rings(run, row, ANSWER, now)
    _turn_pointer(run, row, member)
    return END


@internal
def _decline(run, row, now):
    """after_decline: a phone is declined; the others of its wave ring on."""
    caller, line = run.state.callers[row], run.more.callers[row]
    rules = run.options.groups[caller.group]
    place, position = 0, run.plan.width
    for one in range(caller.n_phones):
        ring = run.more.rings[row, one]
        here = run.plan.position_of[run.state.rings[row, one].member]
        if not ring.starts and ring.declines_at == now and here < position:
            place, position = one, here
    member = run.state.rings[row, place].member
    extension = run.plan.extension_of[member]
    run.more.declined_for[row, extension] = caller.call
    _end_ring(run, row, place, DECLINED, now)
    _rest(run, member, extension, rules.declined_rest, now)
    if rules.auto_pause_on_decline:
        _miss(run, caller.group, member, extension, now)
    if caller.n_phones > 0:
        return WAIT
    _end_wave(run, row)
    if rules.after_decline == REST_OF_WAVE:
        line.was_declined = line.window_ends_at - now >= LEAST_REST
        return LOOK if line.was_declined else END_PASS
    if rules.after_decline == END_OF_PASS or now >= line.leaves_at:
        return END_PASS
    return LOOK


@internal
def _give_up(run, row, now):
    """S8: the caller's patience has run out."""
    if run.state.callers[row].n_phones > 0:
        _end_rings(run, row, GIVE_UP, now)
        _end_wave(run, row)
    run.state.callers[row].outcome = ABANDONED
    return END


@internal
def _time_out(run, row, now):
    """S5: phones have rung for their time; a wave is over when the last of its has."""
    caller = run.state.callers[row]
    if caller.n_phones == 0:  # the time in the group is over
        return _leave(run, row, now)
    place = 0
    while place < caller.n_phones:
        ring = run.state.rings[row, place]
        if ring.ends_at > now:
            place += 1
            continue
        member, starts = ring.member, run.more.rings[row, place].starts
        extension = run.plan.extension_of[member]
        _end_ring(run, row, place, RING_NO_ANSWER, now)
        if not starts:
            rest = run.options.groups[caller.group].missed_rest
            _rest(run, member, extension, rest, now)
            _miss(run, caller.group, member, extension, now)
    if caller.n_phones > 0:
        return WAIT
    _end_wave(run, row)
    if now >= run.more.callers[row].leaves_at:
        return END_PASS
    return END_PASS if run.plan.groups[caller.group].one_wave else LOOK


@internal
def _look_in_line(run, row):
    """line_poll: a caller in line looks whether it is their turn."""
    run.more.callers[row].looks += 1
    if run.more.callers[row].looks > MOST_LOOKS:
        run.more.groups[0].is_endless = 1
    return BEGIN


@internal
def _start_phone(run, row, now):
    """ring_delay, wave_step: a phone of the wave, or the next wave, starts."""
    caller, line = run.state.callers[row], run.more.callers[row]
    if line.next_wave_at == now:
        line.next_wave_at = math.inf
        return LOOK if now < line.leaves_at else WAIT
    group = caller.group
    place = 0
    while place < caller.n_phones:
        ring = run.state.rings[row, place]
        if not (run.more.rings[row, place].starts and ring.started_at == now):
            place += 1
            continue
        run.more.rings[row, place].starts = 0
        member = ring.member
        skips = run.options.members[member].skips_busy
        if (
            skips
            and run.options.groups[group].order_fixed != BY_CALL
            and _is_on_call(run, group, member, now)
        ):
            _remove_ring(run, row, place)
            continue
        _count_ring(run, row, place, now)
        place += 1
    if caller.n_phones > 0:
        return WAIT
    _end_wave(run, row)
    is_last = run.plan.groups[group].one_wave or now >= line.leaves_at
    return END_PASS if is_last else LOOK


@internal
def _repeat(run, row):
    """S9: a delayed repeat begins."""
    return _next_pass(run, row)


@internal
def _own_call(run, taken, number, now):
    """S15: an own call takes place if its person is free and on duty then; a spell begins."""
    run.state.counters[0].n_own_handled += 1
    extension = run.calls.own_extension[number] & INDEX_MASK
    if number >= run.calls.n_own:
        _begin_spell(run.calls, run.state, number, extension, now)
        return
    if now >= run.state.free_at[extension] and _is_on_duty(run.plan, extension, now):
        run.state.on_call_until[extension] = now + run.calls.own_talk_time[number]
        run.state.free_at[extension] = run.state.on_call_until[extension]
        taken[number] = True
        _watch(run, extension, run.state.on_call_until[extension])


@internal
def _look_at_line(run, group, now):
    """wait_in_line: offer members who are available to callers in line, first come first."""
    if run.more.groups[group].looks_at == now:
        run.more.groups[group].looks_at = -math.inf
    rules = run.options.groups[group]
    n = 0
    if rules.line_poll == 0 and run.more.groups[group].n_waiting > 0:
        n = _line_of(run, group, now)  # with `line_poll`, callers look at instants of their own
    waiting = 0
    for place in range(n):
        if run.more.line_until[group, place] == math.inf:
            run.more.looked[waiting] = run.more.line[group, place]
            waiting += 1
    for place in range(waiting):
        row = np.uint32(run.more.looked[place])
        if run.more.callers[row].step == IN_LINE and run.more.callers[row].stands:
            step = _begin(run, row, now)
            if step != IN_LINE:
                _advance(run, row, step, now)
            elif not rules.leave_when_empty:  # nor is it the turn of those behind
                break
    if rules.join_ringing:
        last = -1
        while True:
            row, call = _next_ringing(run, group, last)
            if row < 0:
                break
            last = call
            _join(run, np.uint32(row), now)


@internal
def _look(run, row, now):
    """S3, S4: pick the next wave and ring it, or end the pass."""
    caller = run.state.callers[row]
    n = _candidates(run, row, now)
    if n > 0:
        n = _wave(run, row, n, now)
    if n == 0:
        return WAIT if caller.n_phones > 0 else END_PASS  # earlier waves ring on
    if run.plan.groups[caller.group].auto_answer:
        return _page(run, row, n, now)
    return _ring(run, row, n, now)
