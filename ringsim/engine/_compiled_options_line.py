"""Compiled line, passes and visits of groups with options, as in `_simpy_options_line`."""

from __future__ import annotations

import math

from ringsim._jit import INDEX_MASK, internal
from ringsim._log_arrays import LOOP, NO_LINE, OVERFLOWED
from ringsim.engine._compiled import _is_on_duty
from ringsim.engine._compiled_layout import (
    END,
    GIVE_UP,
    LOOK,
    NOT_LOOKED,
    POLL,
    REPEAT,
    SLEEP,
    TIME_OUT,
)
from ringsim.engine._compiled_options_candidates import _is_available
from ringsim.engine._compiled_options_events import (
    _copy_place,
    _line_of,
    _log_visit,
    _schedule,
    _waits,
    _watch_group,
    _watch_group_now,
    _wraps_up,
)
from ringsim.engine._compiled_options_layout import (
    BEGIN,
    BUSY,
    BY_PASS,
    HEAD,
    IN_LINE,
    NO_MEMBER,
    OFF_DUTY,
    ONE_RINGING,
    PAUSED,
    RINGING,
    WRAP_UP,
)
from ringsim.engine._plan import MOST_LOOKS, MOST_PASSES, NOWHERE

BUILT_ON = "4be125dab0dbddf5"  # fingerprint of what comes from elsewhere: see ringsim._jit


# The line


@internal
def _begin(run, row, now):
    """wait_in_line: start a pass if it is the caller's turn, or stand in line."""
    caller, line = run.state.callers[row], run.more.callers[row]
    rules = run.options.groups[caller.group]
    if now >= line.leaves_at:
        return _leave(run, row, now)
    if not rules.wait_in_line:
        return LOOK
    if not line.stands and not _enter_line(run, row, now):
        return _leave(run, row, now)
    if _is_empty(run, caller.group, rules.leave_when_empty, now):
        return _leave(run, row, now)
    return LOOK if _is_turn(run, row, now) else IN_LINE


@internal
def _enter_line(run, row, now):
    """max_queue_length, join_empty: take a place in the line, if there is one."""
    group = run.state.callers[row].group
    rules, line = run.options.groups[group], run.more.callers[row]
    n = _line_of(run, group, now)
    line.line_length = n
    if n >= rules.max_queue_length:
        return False
    if _is_empty(run, group, rules.join_empty, now):
        return False
    at = n
    while at > 0 and run.more.line_priority[group, at - 1] < line.priority:
        _copy_place(run, group, at - 1, at)
        at -= 1
    run.more.line[group, at] = row
    run.more.line_until[group, at] = math.inf
    run.more.line_priority[group, at] = line.priority
    run.more.groups[group].n_line = n + 1
    line.stands = 1
    line.lined_up_at = now
    return True


@internal
def _is_turn(run, row, now):
    """line_serves: the caller is among those who may ring phones now."""
    group = run.state.callers[row].group
    rules = run.options.groups[group]
    _line_of(run, group, now)
    place, waiting = 0, 0
    while run.more.line[group, place] != row or run.more.line_until[group, place] < math.inf:
        waiting += _waits(run, group, place)
        place += 1
    available = 0
    for member in range(run.plan.groups[group].first_member, run.plan.groups[group].last_member):
        available += _is_available(run, group, member, now)
        if available > waiting:  # more make no difference
            break
    if rules.line_serves == HEAD:
        return place == 0 and available > 0
    if rules.line_serves == ONE_RINGING:
        available = min(available, 1)
    return waiting < available


@internal
def _is_empty(run, group, states, now):
    """join_empty, leave_when_empty: every member is in one of the states."""
    if states == 0:
        return False
    for member in range(run.plan.groups[group].first_member, run.plan.groups[group].last_member):
        if not _is_in_state(run, group, member, states, now):
            return False
    return True


@internal
def _is_in_state(run, group, member, states, now):
    """join_empty, leave_when_empty: whether a member is in one of the states."""
    extension = run.plan.extension_of[member]
    shared = run.more.shared[extension]
    memory = shared if run.options.groups[group].memory_is_shared else member
    paused = max(run.more.members[member].paused_until, run.more.members[shared].paused_until) > now
    if states & OFF_DUTY != 0 and not _is_on_duty(run.plan, extension, now):
        return True
    if states & PAUSED != 0 and paused:
        return True
    if states & BUSY != 0 and run.state.on_call_until[extension] > now:
        return True
    if states & RINGING != 0 and run.state.n_ringing[extension] > 0:
        return True
    return states & WRAP_UP != 0 and _wraps_up(run, memory, now)


@internal
def _stand(run, row, now):
    """wait_in_line: what ends a caller's waiting, beside a look at the whole line."""
    caller, line = run.state.callers[row], run.more.callers[row]
    run.more.groups[caller.group].n_waiting += 1
    poll = run.options.groups[caller.group].line_poll
    if poll > 0:
        while caller.entered_at + line.looks * poll <= now and line.looks <= MOST_LOOKS:
            line.looks += 1
        if line.looks > MOST_LOOKS:
            run.more.groups[0].is_endless = 1
        _schedule(run, row, POLL, caller.entered_at + line.looks * poll, 0)
    else:
        _schedule(run, row, TIME_OUT, line.leaves_at, 0)
    _schedule(run, row, GIVE_UP, caller.gives_up_at, 0)


@internal
def _stop_waiting(run, row):
    """wait_in_line: the caller moves on; `n_waiting` counts those whose step is `IN_LINE`."""
    line = run.more.callers[row]
    if line.step == IN_LINE:
        run.more.groups[run.state.callers[row].group].n_waiting -= 1
        line.step = BEGIN


# From pass to pass


@internal
def _leave(run, row, now):
    """S9: the no-answer rule acts; it forwards the call, or ends it."""
    caller = run.state.callers[row]
    group = run.plan.groups[caller.group]
    _leave_line(run, row, now)
    if group.forward_to == NOWHERE:
        caller.outcome, caller.action = OVERFLOWED, group.overflow_action
        return END
    if run.state.entered[row, group.forward_to] == caller.call:
        caller.outcome, caller.action = OVERFLOWED, LOOP
        return END
    _log_visit(run, row, now)
    _visit(run, row, group.forward_to, now)
    return BEGIN


@internal
def _leave_line(run, row, now):
    """wait_in_line: give up the place in line; others may move up."""
    group, line = run.state.callers[row].group, run.more.callers[row]
    if not line.stands:
        return
    _stop_waiting(run, row)
    line.stands = 0
    kept = 0
    for place in range(run.more.groups[group].n_line):
        until = run.more.line_until[group, place]
        if run.more.line[group, place] == row and until == math.inf:
            if now < line.leaves_line_at < math.inf:  # connect_delay: until the talk starts
                until = line.leaves_line_at
            else:
                continue
        if kept < place:
            _copy_place(run, group, place, kept)
        run.more.line_until[group, kept] = until
        kept += 1
    run.more.groups[group].n_line = kept
    if now < line.leaves_line_at < math.inf and run.options.groups[group].watches:
        _watch_group(run, group, line.leaves_line_at)
    for other in range(len(run.plan.groups)):
        _watch_group_now(run, other, now)


@internal
def _end_pass(run, row, now):
    """S9: a pass that ended unanswered is followed by another, or the rule acts."""
    caller, line = run.state.callers[row], run.more.callers[row]
    rules = run.options.groups[caller.group]
    if now >= line.leaves_at or caller.passes >= rules.passes:
        return _leave(run, row, now)
    if line.stands and _is_empty(run, caller.group, rules.leave_when_empty, now):
        return _leave(run, row, now)
    pause = rules.retry_pause
    if caller.n_rings == caller.rings_before_pass:
        pause = max(pause, run.plan.groups[caller.group].repeat_delay)
    elif pause == 0:
        return _next_pass(run, row)
    _schedule(run, row, REPEAT, now + pause, 0)
    _schedule(run, row, GIVE_UP, caller.gives_up_at, 0)
    return SLEEP


@internal
def _next_pass(run, row):
    """S9: the next pass begins."""
    _start_pass(run, row, run.state.callers[row].passes + 1)
    return BEGIN


@internal
def _visit(run, row, group, now):
    """S9: a call enters a group, by arrival or forward."""
    caller, line = run.state.callers[row], run.more.callers[row]
    line.leaves_at = now + run.options.groups[group].max_wait_time
    line.leaves_line_at = math.inf
    line.pointer = 0
    line.looks = 0
    line.last_picked = NO_MEMBER
    line.has_order = 0
    line.stands = 0
    line.line_length = NO_LINE
    line.lined_up_at = math.nan
    line.first_rung_at = math.nan
    caller.group = group
    caller.rings_before = caller.n_rings
    caller.found = NOT_LOOKED
    caller.entered_at = now
    run.state.entered[row, group] = caller.call
    _start_pass(run, row, 1)


@internal
def _start_pass(run, row, passes):
    """S2, wave_step: nobody has been rung in this pass, and no wave is due."""
    counters, caller, line = run.state.counters[0], run.state.callers[row], run.more.callers[row]
    if passes > MOST_PASSES:
        run.more.groups[0].is_endless = 1
    counters.n_passes += 1
    caller.this_pass = counters.n_passes
    caller.passes = passes
    caller.rings_before_pass = caller.n_rings
    line.was_declined = 0
    line.next_wave_at = math.inf
    line.turn = 0
    if run.options.groups[caller.group].order_fixed == BY_PASS:
        line.has_order = 0


@internal
def _end(run, row, now):
    """S1: the outcome of a call."""
    counters, caller = run.state.counters[0], run.state.callers[row]
    call = caller.call & INDEX_MASK
    _log_visit(run, row, now)
    run.log.outcome[call] = caller.outcome
    run.log.wait[call] = now - run.calls.arrives_at[call]
    run.log.answered_by[call] = caller.answered_by
    run.log.n_rings[call] = caller.n_rings
    run.log.ended_in[call] = caller.group
    run.log.action[call] = caller.action
    run.state.free_callers[counters.n_free & INDEX_MASK] = row
    counters.n_free += 1
