"""Compiled event loop for groups whose rules have options: the verbs of `_compiled`, extended.

Read it beside `_simpy_options`: the same verbs stand in the same order under the same names. The
state that only options need is in arrays of its own (`_compiled_options_layout`).

A look at the line of a group is an event without a caller: its kind is `LINE_OF_GROUP`, and it
holds the group in place of the caller.
"""

from __future__ import annotations

import math

from ringsim._jit import INDEX_MASK, compiled
from ringsim._jit_heap import is_before, pop, push
from ringsim._log_arrays import (
    ABANDONED,
    ANSWERED,
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    DECLINED,
    LOOP,
    NO_ACTION,
    NOBODY,
    OVERFLOWED,
    PAGED,
    RING_ANSWERED,
    RING_NO_ANSWER,
)
from ringsim.engine._compiled import (
    _is_on_duty,
    _log_ring,
    _log_visit,
    _rank,
    _remember_answer,
    _remember_ring,
    _unschedule,
    forget,
)
from ringsim.engine._compiled_layout import (
    ANSWER,
    ARRIVAL,
    CALLER_BITS,
    CALLER_MASK,
    CALLERS_FULL,
    DECLINE,
    DONE,
    END,
    END_PASS,
    EVENTS_FULL,
    EVERYONE,
    GIVE_UP,
    KIND_BITS,
    KIND_MASK,
    LINE,
    LOOK,
    NO_EVENT,
    NOT_LOOKED,
    OWN_CALL,
    REPEAT,
    RINGS_FULL,
    RINGS_NOT_LAID_OUT,
    SLEEP,
    START,
    THOSE_TIED,
    TIME_OUT,
    VISITS_FULL,
    WAIT,
)
from ringsim.engine._compiled_options_layout import (
    AGAIN,
    ANSWERED_ROTATION,
    BEGIN,
    BUSY,
    BY_CALL,
    BY_PASS,
    END_OF_PASS,
    FINISH,
    HEAD,
    IN_LINE,
    LEAST_REST,
    LINE_OF_GROUP,
    LOOK_AT_LINE,
    NO_MEMBER,
    NO_ROTATION,
    OFF_DUTY,
    ONE_RINGING,
    PAUSED,
    REST_OF_WAVE,
    RING_ON,
    RINGING,
    WAITS_FOR_EVER,
    WITHIN_CALL,
    WRAP_UP,
)
from ringsim.engine._plan import MOST_LOOKS, MOST_PASSES, NOWHERE
from ringsim.workload._jit_draws import answer_delay, random_draw

BUILT_ON = "0000000000000000"  # fingerprint of what comes from elsewhere: see ringsim._jit


@compiled
def play_runs(plan, options, calls, phones, declines, state, more, log, no_memory):
    """Play runs until every call is over or a table is full; return the reason."""
    counters = state.counters[0]
    while counters.n_runs < len(calls.first) - 1:
        full = _full(plan, options, state, log)
        if full != DONE:
            return full
        if more.groups[0].is_endless:
            return WAITS_FOR_EVER
        if more.groups[0].is_stopped:
            return RINGS_NOT_LAID_OUT
        if not more.groups[0].is_started:
            _start(plan, options, state, more)
        kind, now, number = _next_event(calls, state, more)
        if kind == NO_EVENT:
            if counters.n_free < len(state.callers):
                return WAITS_FOR_EVER
            _end_run(plan, state, more, log, no_memory)
        elif kind == OWN_CALL:
            _own_call(plan, options, calls, state, more, log.taken, number, now)
        elif kind == LOOK_AT_LINE:
            _look_at_line(plan, options, calls, phones, declines, state, more, log, number, now)
        elif kind == ARRIVAL:
            row = _arrive(plan, options, calls, state, more, number, now)
            _advance(plan, options, calls, phones, declines, state, more, log, row, BEGIN, now)
        else:
            row, step = number & INDEX_MASK, SLEEP
            if kind == ANSWER:
                step = _answer(plan, options, calls, state, more, log, row, now)
            elif kind == DECLINE:
                step = _decline(plan, options, state, more, log, row, now)
            elif kind == GIVE_UP:
                step = _give_up(plan, options, state, more, log, row, now)
            elif kind == TIME_OUT:
                step = _time_out(plan, options, state, more, log, row, now)
            elif kind == LINE:
                step = _look_in_line(more, row)
            elif kind == START:
                step = _start_phone(
                    plan, options, calls, phones, declines, state, more, log, row, now
                )
            elif kind == REPEAT:
                step = _repeat(options, state, more, row)
            _advance(plan, options, calls, phones, declines, state, more, log, row, step, now)
    return DONE


@compiled
def _full(plan, options, state, log):
    """Return which table has no room for one event more, whatever it brings, or `DONE`."""
    counters = state.counters[0]
    if counters.n_free == 0:
        return CALLERS_FULL
    callers = len(state.callers) - counters.n_free + 1
    most = callers * (4 + 2 * plan.width * (1 + len(plan.groups))) + len(plan.duty) * len(plan.groups)
    if counters.n_events + most > len(state.heap_at):
        return EVENTS_FULL
    if counters.n_ring_rows + 2 * plan.width * callers > len(log.ring_call):
        return RINGS_FULL
    if counters.n_visit_rows + (len(plan.groups) + 1) * callers > len(log.visit_call):
        return VISITS_FULL
    return DONE


@compiled
def _start(plan, options, state, more):
    """Watch for members whose duty starts."""
    more.groups[0].is_started = 1
    for extension in range(len(plan.duty_of)):
        if plan.duty_of[extension, 0] >= 0:
            for span in range(plan.duty_of[extension, 0], plan.duty_of[extension, 1]):
                _watch(options, state, more, extension, plan.duty[span, 0])


@compiled
def _end_run(plan, state, more, log, no_memory):
    """All calls of a run are over; the next begins with phones that remember nothing."""
    counters = state.counters[0]
    counters.n_runs += 1
    log.first_ring[counters.n_runs] = counters.n_ring_rows
    log.first_visit[counters.n_runs] = counters.n_visit_rows
    forget(state, no_memory)
    forget_options(plan, more)


@compiled
def _advance(plan, options, calls, phones, declines, state, more, log, row, step, now):
    """Move a caller on until there is something to wait for, and schedule that."""
    caller, line = state.callers[row], more.callers[row]
    caller.stamp += 1
    while step not in (WAIT, SLEEP, IN_LINE, END):
        if step == BEGIN:
            step = _begin(plan, options, state, more, log, row, now)
        elif step == END_PASS:
            step = _end_pass(plan, options, state, more, log, row, now)
        else:
            step = _look(plan, options, calls, phones, declines, state, more, log, row, now)
    begins_to_ring = step == WAIT and not line.is_ringing
    line.step = step
    line.is_ringing = step == WAIT
    group = caller.group
    if step == WAIT:
        _wait(plan, state, more, row)
    elif step == IN_LINE:
        _stand(options, state, more, row, now)
    elif step == END:
        _leave_line(plan, options, state, more, row, now)
        _end(calls, state, log, row, now)
    if begins_to_ring and options.groups[group].watches:
        _watch_group(options, state, more, group, now)


# Events


@compiled
def _next_event(calls, state, more):
    """S13: take the next event: its kind, its instant, and whose it is; skip stale ones."""
    counters = state.counters[0]
    while counters.n_events > 0 and _is_stale(state, state.heap_event[0]):
        _unschedule(state)
    kind, now, rank, number = NO_EVENT, math.inf, 0, 0
    if counters.n_arrived < calls.first[counters.n_runs + 1]:
        number = calls.order[counters.n_arrived & INDEX_MASK] & INDEX_MASK
        kind, now = ARRIVAL, calls.arrives_at[number]
        rank = _rank(counters, ARRIVAL, number, 0)
    if counters.n_own_begun < calls.first_own[counters.n_runs + 1]:
        own = calls.own_order[counters.n_own_begun & INDEX_MASK] & INDEX_MASK
        begins_at, own_rank = calls.own_at[own], _rank(counters, OWN_CALL, own, 0)
        if kind == NO_EVENT or is_before(begins_at, own_rank, now, rank):
            kind, now, rank, number = OWN_CALL, begins_at, own_rank, own
    if counters.n_events > 0:
        at, event = state.heap_at[0], state.heap_event[0]
        if kind == NO_EVENT or is_before(at, state.heap_rank[0], now, rank):
            kind, now, number = event & KIND_MASK, at, (event >> KIND_BITS) & CALLER_MASK
            if kind == LINE_OF_GROUP:  # has the code of an own call, which is not on the heap
                kind = LOOK_AT_LINE
            _unschedule(state)
    return kind, now, number


@compiled
def _is_stale(state, event):
    """Whether another event of the same caller has happened since this one was scheduled."""
    if event & KIND_MASK == LINE_OF_GROUP:
        return False
    caller = state.callers[(event >> KIND_BITS) & CALLER_MASK]
    return event >> (KIND_BITS + CALLER_BITS) != caller.stamp


@compiled
def _schedule(state, row, kind, at, position):
    """S14: schedule an event of a caller at its instant, which is not computed again."""
    if at == math.inf:
        return
    counters, caller = state.counters[0], state.callers[row]
    event = (((caller.stamp << CALLER_BITS) | row) << KIND_BITS) | kind
    rank = _rank(counters, kind, caller.call, position)
    push(state.heap_at, state.heap_rank, state.heap_event, counters.n_events, at, rank, event)
    counters.n_events += 1


@compiled
def _watch(options, state, more, extension, at):
    """Look at the lines of a person's groups at an instant, when the person may be free."""
    for place in range(options.first_of[extension], options.first_of[extension + 1]):
        group = options.group_of[place]
        if options.groups[group].watches:
            _watch_group(options, state, more, group, at)


@compiled
def _watch_group(options, state, more, group, at):
    """Look at the line of a group at an instant."""
    if at == math.inf or more.groups[group].looks_at == at:
        return
    counters = state.counters[0]
    more.groups[group].looks_at = at
    rank = _rank(counters, LINE, options.groups[group].by_weight, 0)
    event = (group << KIND_BITS) | LINE_OF_GROUP
    push(state.heap_at, state.heap_rank, state.heap_event, counters.n_events, at, rank, event)
    counters.n_events += 1


# What happens


@compiled
def _arrive(plan, options, calls, state, more, call, now):
    """S1, S8: a call arrives at its group, and the caller's patience begins; return their row."""
    counters = state.counters[0]
    counters.n_arrived += 1
    counters.n_free -= 1
    row = state.free_callers[counters.n_free & INDEX_MASK] & INDEX_MASK
    caller, line = state.callers[row], more.callers[row]
    caller.call = call
    caller.n_rings = 0
    caller.n_phones = 0
    caller.answered_by = NOBODY
    caller.action = NO_ACTION
    caller.gives_up_at = now + calls.patience[call]
    group = calls.group[call]
    line.priority = options.groups[group].priority
    if len(options.priority) > 0:
        line.priority = options.priority[call]
    line.picks = 0
    line.is_ringing = 0
    _visit(options, state, more, row, group, now)
    if len(options.max_wait_time) > 0:
        line.leaves_at = now + options.max_wait_time[call]
    return row


@compiled
def _answer(plan, options, calls, state, more, log, row, now):
    """S6: the member talks, then is in wrap-up; one who is not free after all rings on."""
    caller, line = state.callers[row], more.callers[row]
    member = state.rings[row, caller.answering].member
    extension, call = plan.extension_of[member], caller.call
    if now < state.free_at[extension]:
        return WAIT
    group = caller.group
    talks_from = now + options.groups[group].connect_delay
    hangs_up_at = talks_from + calls.talk_time[call]
    state.on_call_until[extension] = hangs_up_at
    state.free_at[extension] = hangs_up_at + calls.wrap_up_time[call]
    _remember_answer_of(options, state, more, member, extension, now, hangs_up_at, calls.talk_time[call])
    _wrap_up(options, state, more, member, extension, hangs_up_at, calls.wrap_up_time[call])
    more.active_until[member] = hangs_up_at
    _watch(options, state, more, extension, hangs_up_at)
    if options.groups[group].max_active_calls < math.inf:
        _watch_group(options, state, more, group, hangs_up_at)
    caller.answered_by = extension
    caller.outcome = ANSWERED
    line.leaves_line_at = talks_from
    _end_rings(plan, options, state, more, log, row, ANSWER, now)
    _turn_pointer(plan, options, state, more, row, member)
    return END


@compiled
def _wrap_up(options, state, more, member, extension, hangs_up_at, drawn):
    """enforced_wrap_up: the member is no candidate for a while after the talk."""
    of_member = options.members[member]
    until = hangs_up_at + (drawn if of_member.wraps_up_as_drawn else of_member.wrap_up)
    for one in (member, more.shared[extension]):
        more.members[one].wrapped_up_before = more.members[one].wraps_up_until
        more.members[one].wraps_up_until = until
    _watch(options, state, more, extension, until)


@compiled
def _decline(plan, options, state, more, log, row, now):
    """after_decline: a phone is declined; the others of its wave ring on."""
    caller, line = state.callers[row], more.callers[row]
    rules = options.groups[caller.group]
    place, position = 0, plan.width
    for one in range(caller.n_phones):
        ring = more.rings[row, one]
        here = plan.position_of[state.rings[row, one].member]
        if not ring.starts and ring.declines_at == now and here < position:
            place, position = one, here
    member = state.rings[row, place].member
    extension = plan.extension_of[member]
    more.declined_for[row, extension] = caller.call
    _end_ring(plan, options, state, more, log, row, place, DECLINED, now)
    _rest(options, state, more, member, extension, rules.declined_rest, now)
    if rules.auto_pause_on_decline:
        _miss(options, state, more, caller.group, member, extension, now)
    if caller.n_phones > 0:
        return WAIT
    _end_wave(plan, options, state, more, row)
    if rules.after_decline == REST_OF_WAVE:
        line.was_declined = line.window_ends_at - now >= LEAST_REST
        return LOOK if line.was_declined else END_PASS
    if rules.after_decline == END_OF_PASS or now >= line.leaves_at:
        return END_PASS
    return LOOK


@compiled
def _give_up(plan, options, state, more, log, row, now):
    """S8: the caller's patience has run out."""
    _end_rings(plan, options, state, more, log, row, GIVE_UP, now)
    _end_wave(plan, options, state, more, row)
    state.callers[row].outcome = ABANDONED
    return END


@compiled
def _time_out(plan, options, state, more, log, row, now):
    """S5: phones have rung for their time; a wave is over when the last of its has."""
    caller = state.callers[row]
    if caller.n_phones == 0:  # the time in the group is over
        return _leave(plan, options, state, more, log, row, now)
    place = 0
    while place < caller.n_phones:
        ring = state.rings[row, place]
        if ring.ends_at > now:
            place += 1
            continue
        member, starts = ring.member, more.rings[row, place].starts
        extension = plan.extension_of[member]
        _end_ring(plan, options, state, more, log, row, place, RING_NO_ANSWER, now)
        if not starts:
            rest = options.groups[caller.group].missed_rest
            _rest(options, state, more, member, extension, rest, now)
            _miss(options, state, more, caller.group, member, extension, now)
    if caller.n_phones > 0:
        return WAIT
    _end_wave(plan, options, state, more, row)
    if now >= more.callers[row].leaves_at:
        return END_PASS
    return END_PASS if plan.groups[caller.group].one_wave else LOOK


@compiled
def _look_in_line(more, row):
    """line_poll: a caller in line looks whether it is their turn."""
    more.callers[row].looks += 1
    if more.callers[row].looks > MOST_LOOKS:
        more.groups[0].is_endless = 1
    return BEGIN


@compiled
def _start_phone(plan, options, calls, phones, declines, state, more, log, row, now):
    """ring_delay, wave_step: a phone of the wave, or the next wave, starts."""
    caller, line = state.callers[row], more.callers[row]
    if line.next_wave_at == now:
        line.next_wave_at = math.inf
        return LOOK
    group = caller.group
    place = 0
    while place < caller.n_phones:
        ring = state.rings[row, place]
        if not (more.rings[row, place].starts and ring.started_at == now):
            place += 1
            continue
        more.rings[row, place].starts = 0
        member = ring.member
        skips = options.members[member].skips_busy
        if (
            skips
            and options.groups[group].order_fixed != BY_CALL
            and _is_on_call(plan, state, group, member, now)
        ):
            _remove_ring(state, more, row, place)
            continue
        _count_ring(plan, options, calls, phones, declines, state, more, row, place, now)
        place += 1
    if caller.n_phones > 0:
        return WAIT
    _end_wave(plan, options, state, more, row)
    return END_PASS if plan.groups[group].one_wave else LOOK


@compiled
def _repeat(options, state, more, row):
    """S9: a delayed repeat begins."""
    return _next_pass(options, state, more, row)


@compiled
def _own_call(plan, options, calls, state, more, taken, number, now):
    """S15: an own call takes place if its person is free and on duty then."""
    state.counters[0].n_own_begun += 1
    extension = calls.own_extension[number] & INDEX_MASK
    if now >= state.free_at[extension] and _is_on_duty(plan, extension, now):
        state.on_call_until[extension] = now + calls.own_talk_time[number]
        state.free_at[extension] = state.on_call_until[extension]
        taken[number] = True
        _watch(options, state, more, extension, state.on_call_until[extension])


@compiled
def _end_rings(plan, options, state, more, log, row, kind, now):
    """S5: the phones that ring for a caller stop, because of an event of some kind."""
    caller = state.callers[row]
    lost = ANSWERED_ELSEWHERE if kind == ANSWER else CALLER_GAVE_UP
    answered = state.rings[row, caller.answering].member if kind == ANSWER else NO_MEMBER
    while caller.n_phones > 0:
        is_answered = state.rings[row, 0].member == answered
        _end_ring(
            plan, options, state, more, log, row, 0, RING_ANSWERED if is_answered else lost, now
        )


@compiled
def _end_ring(plan, options, state, more, log, row, place, result, now):
    """S5: one phone stops to ring; one that has not started yet has no row."""
    ring = state.rings[row, place]
    started_at, extension = ring.started_at, plan.extension_of[ring.member]
    starts = more.rings[row, place].starts
    _remove_ring(state, more, row, place)
    if starts:
        return
    state.n_ringing[extension] -= 1
    _log_ring(state.counters[0], log, state.callers[row], extension, started_at, now, result)
    if state.n_ringing[extension] == 0:
        _watch(options, state, more, extension, now)


@compiled
def _remove_ring(state, more, row, place):
    """Remove a ring from those of a caller."""
    caller = state.callers[row]
    for one in range(place, caller.n_phones - 1):
        _copy_ring(state, more, row, one + 1, one)
    caller.n_phones -= 1


@compiled
def _copy_ring(state, more, row, source, target):
    """Copy a ring of a caller to another place."""
    one, other = state.rings[row, source], state.rings[row, target]
    other.member = one.member
    other.started_at = one.started_at
    other.ready_at = one.ready_at
    other.ends_at = one.ends_at
    more.rings[row, target].starts = more.rings[row, source].starts
    more.rings[row, target].declines_at = more.rings[row, source].declines_at


# Whom to ring


@compiled
def _look(plan, options, calls, phones, declines, state, more, log, row, now):
    """S3, S4: pick the next wave and ring it, or end the pass."""
    caller = state.callers[row]
    n = _candidates(plan, options, calls, phones, state, more, row, now)
    if n > 0:
        n = _wave(plan, options, calls, phones, state, more, row, n, now)
    if n == 0:
        return WAIT if caller.n_phones > 0 else END_PASS
    if plan.groups[caller.group].auto_answer:
        return _page(plan, options, calls, state, more, log, row, n, now)
    return _ring(plan, options, calls, phones, declines, state, more, row, n, now)


@compiled
def _candidates(plan, options, calls, phones, state, more, row, now):
    """S3: put the members who could be rung now first in `chosen`; return how many they are."""
    caller, line = state.callers[row], more.callers[row]
    group = plan.groups[caller.group]
    first = group.first_member
    n, found = 0, 0
    if options.groups[caller.group].order_fixed:
        if not line.has_order:
            _fix_order(plan, options, calls, phones, state, more, row, now)
        if caller.found == NOT_LOOKED:
            for member in range(first, group.last_member):
                found += _may_be_rung(plan, options, state, more, row, member, now)
            caller.found = found
        return line.n_order - line.turn
    for place in range(group.last_member - first):
        member = first + place
        if state.rung[row, place] != caller.this_pass and _may_be_rung(
            plan, options, state, more, row, member, now
        ):
            state.chosen[n] = member
            n += 1
    if caller.found == NOT_LOOKED:
        caller.found = n
    if group.auto_answer:  # S10
        kept = 0
        for place in range(n):
            member = state.chosen[place]
            if not _is_on_call(plan, state, caller.group, member, now):
                state.chosen[kept] = member
                kept += 1
        n = kept
    return n


@compiled
def _may_be_rung(plan, options, state, more, row, member, now):
    """S3: available, of a level that is open for this call, and not declined for good."""
    caller = state.callers[row]
    return (
        _is_available(plan, options, state, more, caller.group, member, now)
        and _is_open(plan, options, state, more, row, member, now)
        and not _has_declined(plan, options, state, more, row, member)
    )


@compiled
def _has_declined(plan, options, state, more, row, member):
    """declined_again: the member has declined this call, and is not rung again for it."""
    caller = state.callers[row]
    if options.groups[caller.group].declined_again:
        return False
    return more.declined_for[row, plan.extension_of[member]] == caller.call


@compiled
def _is_available(plan, options, state, more, group, member, now):
    """S3, S12: on duty, not on a call, not paused, resting or in enforced wrap-up."""
    rules, extension = options.groups[group], plan.extension_of[member]
    if options.members[member].skips_busy and _is_on_call(plan, state, group, member, now):
        return False
    if not _is_on_duty(plan, extension, now):
        return False
    shared = more.shared[extension]
    memory = shared if rules.memory_is_shared else member
    if max(more.members[member].paused_until, more.members[shared].paused_until) > now:
        return False
    if more.members[memory].rests_until > now or _wraps_up(state, more, memory, now):
        return False
    if rules.max_active_calls < math.inf:
        active = 0
        for one in range(plan.groups[group].first_member, plan.groups[group].last_member):
            active += more.active_until[one] > now
        if active >= rules.max_active_calls:
            return False
    return not _is_wanted_more(options, state, more, group, extension, now)


@compiled
def _is_on_call(plan, state, group, member, now):
    """S3: on a call in [answer, answer + talk); with `ringing_is_busy` when rung, too."""
    extension = plan.extension_of[member]
    rings = plan.groups[group].ringing_is_busy and state.n_ringing[extension] > 0
    return rings or state.on_call_until[extension] > now


@compiled
def _is_wanted_more(options, state, more, group, extension, now):
    """queue_weight: a caller of a group of greater weight waits for the member."""
    weight = options.groups[group].queue_weight
    for place in range(options.first_of[extension], options.first_of[extension + 1]):
        other = options.group_of[place]
        if options.groups[other].queue_weight > weight:
            for one in range(_line_of(more, other, now)):
                if _waits(more, other, one):
                    return True
    return False


@compiled
def _is_open(plan, options, state, more, row, member, now):
    """level_rules: the member's level is among those that the call is offered to."""
    least, most, raise_to = _limits(plan, options, state, more, row, now)
    uses_levels = options.groups[state.callers[row].group].uses_levels
    own = plan.skill_level_of[member] if uses_levels else 1
    level = max(own, raise_to) if uses_levels else 1
    return least <= own and level <= most


@compiled
def _level_of(plan, options, state, more, row, member, now):
    """level_rules: the skill level that a member has for this call."""
    if not options.groups[state.callers[row].group].uses_levels:
        return 1
    _, _, raise_to = _limits(plan, options, state, more, row, now)
    return max(plan.skill_level_of[member], raise_to)


@compiled
def _limits(plan, options, state, more, row, now):
    """level_rules: the lowest and the highest open level, and the level to raise to."""
    least, most, raise_to = 1.0, math.inf, 1
    caller = state.callers[row]
    rules = options.groups[caller.group]
    if not rules.uses_levels:
        return least, most, raise_to
    for place in range(rules.first_row, rules.last_row):
        level_row = options.rows[place]
        if place > rules.first_row or level_row.after > 0:
            if not now - caller.entered_at > level_row.after:
                break
        least = _changed(least, level_row.least, level_row.least_is)
        most = _changed(most, level_row.most, level_row.most_is)
        raise_to = int(_changed(raise_to, level_row.raise_to, level_row.raise_is))
    if rules.empty_level_opens_next and most < math.inf:
        most = _first_staffed(plan, state, caller.group, least, most, now)
    return least, most, raise_to


@compiled
def _changed(level, change, is_set):
    """Return a level after a row of `level_rules`: unchanged, set, or moved."""
    if is_set == 0:
        return float(level)
    return float(change) if is_set == 1 else float(level + change)


@compiled
def _first_staffed(plan, state, group, least, most, now):
    """empty_level_opens_next: the highest open level, if levels without duty count as open."""
    first, last = plan.groups[group].first_member, plan.groups[group].last_member
    while True:
        following = math.inf
        for member in range(first, last):
            level = plan.skill_level_of[member]
            if least <= level <= most and _is_on_duty(plan, plan.extension_of[member], now):
                return most
            if level > most and level >= least:
                following = min(following, level)
        if following == math.inf:
            return most
        most = following


@compiled
def _fix_order(plan, options, calls, phones, state, more, row, now):
    """order_fixed: sort the members once, for a pass or for the call."""
    caller, line = state.callers[row], more.callers[row]
    group, rules = plan.groups[caller.group], options.groups[caller.group]
    n = 0
    if rules.order_fixed == BY_CALL:
        for member in range(group.first_member, group.last_member):
            if _is_available(plan, options, state, more, caller.group, member, now):
                state.chosen[n] = member
                n += 1
        if rules.primary and group.last_member > group.first_member:
            if n == 0 or state.chosen[0] != group.first_member:
                n = 0
            elif _is_on_call(plan, state, caller.group, group.first_member, now):
                n = 1
    else:
        for member in range(group.first_member, group.last_member):
            if _is_open(plan, options, state, more, row, member, now):
                state.chosen[n] = member
                n += 1
    _look_at_present(plan, options, calls, phones, state, more, row, n, now)
    _raise_levels(plan, options, state, more, row, n, now)
    _sort(plan, state, group, n)
    tie = 0
    for place in range(n):
        member = state.chosen[place]
        if place > 0:
            before = state.chosen[place - 1]
            tie += _comes_before(plan.keys, state.memory, group, before, member)
        more.order[row, place] = member
        more.tie[row, place] = tie
    _own_levels(plan, state, n)
    line.has_order, line.n_order, line.turn = 1, n, 0


@compiled
def _sort(plan, state, group, n):
    """S7, S11: sort the chosen by key; equal ones stay in the configured order."""
    for place in range(1, n):
        member = state.chosen[place]
        before = place
        while before > 0 and _comes_before(
            plan.keys, state.memory, group, member, state.chosen[before - 1]
        ):
            state.chosen[before] = state.chosen[before - 1]
            before -= 1
        state.chosen[before] = member


@compiled
def _comes_before(keys, memory, group, one, other):
    """S7, S11: whether the key of one member comes before that of another."""
    for key in range(group.first_key, group.last_key):
        field, sign = keys[key, 0], keys[key, 1]
        a, b = sign * memory[one, field], sign * memory[other, field]
        if a != b:
            return a < b
    return False


@compiled
def _look_at_present(plan, options, calls, phones, state, more, row, n, now):
    """S7: set the keys that depend on the present instant or on the caller."""
    caller, line = state.callers[row], more.callers[row]
    group, rules = plan.groups[caller.group], options.groups[caller.group]
    picks = line.picks
    line.picks += 1
    if not group.looks_at_present and not rules.memory_is_shared:
        return
    pointer = line.pointer if rules.rotation == WITHIN_CALL else more.groups[caller.group].pointer
    n_members = max(group.last_member - group.first_member, 1)
    call = caller.call
    key_row, nth = calls.key_row[call], calls.nth[call]
    for place in range(n):
        number = state.chosen[place]
        extension = plan.extension_of[number]
        member, memory = state.members[number], more.members[number]
        if rules.memory_is_shared:
            _copy_memory(more, extension, member, memory)
        ended = member.talks_until <= now
        member.last_hung_up_at = min(member.talks_until, now)
        member.random = random_draw(phones, extension, key_row, call, nth, 0)
        member.last_completed_at = member.talks_until if ended else memory.completed_before
        member.n_completed = member.n_answered - (0.0 if ended else 1.0)
        member.idle_since = min(state.on_call_until[extension], now)
        member.rotation = (plan.position_of[number] - pointer) % n_members
        member.redrawn = random_draw(phones, extension, key_row, call, nth, picks)
        member.weighted = member.redrawn * plan.skill_level_of[number]


@compiled
def _copy_memory(more, extension, member, memory):
    """memory_scope: let a member have the memory of their extension in all groups."""
    shared = more.shared_members[extension]
    member.last_rung_at = shared.last_rung_at
    member.last_answered_at = shared.last_answered_at
    member.n_rung = shared.n_rung
    member.n_answered = shared.n_answered
    member.talked_time = shared.talked_time
    member.talks_until = shared.talks_until
    memory.completed_before = more.members[more.shared[extension]].completed_before


@compiled
def _raise_levels(plan, options, state, more, row, n, now):
    """level_rules: give members the level that they have for this call."""
    for place in range(n):
        member = state.chosen[place]
        level = _level_of(plan, options, state, more, row, member, now)
        state.members[member].skill_level = level


@compiled
def _own_levels(plan, state, n):
    """level_rules: give members their own level back."""
    for place in range(n):
        member = state.chosen[place]
        state.members[member].skill_level = plan.skill_level_of[member]


@compiled
def _wave(plan, options, calls, phones, state, more, row, n, now):
    """S4, S7, S11: put those whose phones ring now first in `chosen`, in the configured order."""
    caller, line = state.callers[row], more.callers[row]
    group, rules = plan.groups[caller.group], options.groups[caller.group]
    if rules.order_fixed:
        n = _next_in_order(plan, options, state, more, row, now)
    else:
        _look_at_present(plan, options, calls, phones, state, more, row, n, now)
        n = _picked(plan, options, state, more, row, n, now)
    if n == 0:
        return 0
    line.last_rung = state.chosen[n - 1]
    if rules.memory_hunt == AGAIN:
        for place in range(group.last_member - group.first_member):
            member = group.first_member + place
            if state.rung[row, place] != caller.this_pass:
                continue
            if rules.order_fixed == BY_CALL:
                may = not _has_declined(plan, options, state, more, row, member)
            else:
                may = _may_be_rung(plan, options, state, more, row, member, now)
            if may:
                state.chosen[n] = member
                n += 1
    for place in range(1, n):  # into the configured order
        member = state.chosen[place]
        before = place
        while before > 0 and state.chosen[before - 1] > member:
            state.chosen[before] = state.chosen[before - 1]
            before -= 1
        state.chosen[before] = member
    return n


@compiled
def _picked(plan, options, state, more, row, n, now):
    """S4: those whom the dispatcher picks, in its order."""
    group = plan.groups[state.callers[row].group]
    _raise_levels(plan, options, state, more, row, n, now)
    _sort(plan, state, group, n)
    kept = n
    if group.at_once == THOSE_TIED:
        kept = 1
        while kept < n and not _comes_before(
            plan.keys, state.memory, group, state.chosen[0], state.chosen[kept]
        ):
            kept += 1
    elif group.at_once != EVERYONE:
        kept = min(n, group.at_once)
    _own_levels(plan, state, n)
    return kept


@compiled
def _next_in_order(plan, options, state, more, row, now):
    """order_fixed: the next members of the order who can be rung; others had their turn."""
    caller, line = state.callers[row], more.callers[row]
    at_once = plan.groups[caller.group].at_once
    is_fixed = options.groups[caller.group].order_fixed == BY_CALL
    n, tie = 0, 0
    while line.turn < line.n_order:
        member, its_tie = more.order[row, line.turn], more.tie[row, line.turn]
        if n > 0 and at_once == THOSE_TIED and its_tie != tie:
            break
        if at_once != EVERYONE and at_once != THOSE_TIED and n == at_once:
            break
        line.turn += 1
        if not _has_declined(plan, options, state, more, row, member) and (
            is_fixed or _is_available(plan, options, state, more, caller.group, member, now)
        ):
            state.chosen[n] = member
            n += 1
            tie = its_tie
    return n


# Ringing


@compiled
def _ring(plan, options, calls, phones, declines, state, more, row, n, now):
    """S5: the phones of a wave start to ring, each from and until instants of its own."""
    caller, line = state.callers[row], more.callers[row]
    group, rules = plan.groups[caller.group], options.groups[caller.group]
    limit = _cut_at(options, state, more, row, now)
    window = min(now + group.ring_time, limit)
    if line.was_declined:
        window, line.was_declined = line.window_ends_at, 0
        limit = window
    line.window_ends_at = window
    known = caller.n_phones
    for place in range(n):
        member = state.chosen[place]
        state.rung[row, plan.position_of[member]] = caller.this_pass
        rings_already = False
        for one in range(known):
            rings_already |= state.rings[row, one].member == member
        if rings_already:  # memory_hunt ring_on
            continue
        starts_at = now + options.members[member].ring_delay
        at = caller.n_phones
        ring = state.rings[row, at]
        ring.member = member
        ring.started_at = starts_at
        ring.ready_at = math.inf
        ring.ends_at = min(starts_at + options.members[member].ring_time, limit)
        more.rings[row, at].starts = 1
        more.rings[row, at].declines_at = math.inf
        caller.n_phones += 1
        if starts_at <= now:
            more.rings[row, at].starts = 0
            _count_ring(plan, options, calls, phones, declines, state, more, row, at, now)
    if rules.memory_hunt == RING_ON:
        line.next_wave_at = now + rules.wave_step
    if caller.n_phones == 0:
        return END_PASS if group.one_wave else LOOK
    return WAIT


@compiled
def _cut_at(options, state, more, row, now):
    """last_ring: when a wave that starts now is cut; with line_poll in whole polls."""
    caller, line = state.callers[row], more.callers[row]
    rules = options.groups[caller.group]
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


@compiled
def _count_ring(plan, options, calls, phones, declines, state, more, row, place, now):
    """S5, S7: one phone starts to ring."""
    caller = state.callers[row]
    member = state.rings[row, place].member
    extension, call = plan.extension_of[member], caller.call
    key_row, nth = calls.key_row[call], calls.nth[call]
    nth_ring = 0
    if state.rang_for[row, extension] == call:
        nth_ring = state.rings_on[row, extension]
    state.rang_for[row, extension], state.rings_on[row, extension] = call, nth_ring + 1
    state.n_ringing[extension] += 1
    _remember_ring_of(state, more, member, extension, now)
    if nth_ring >= phones.limit[extension] or nth_ring >= declines.limit[extension]:
        more.groups[0].is_stopped = 1
        return
    delay = answer_delay(phones, extension, key_row, call, nth, nth_ring)
    state.rings[row, place].ready_at = now + delay
    if options.has_declines:
        declined = answer_delay(declines, extension, key_row, call, nth, nth_ring)
        more.rings[row, place].declines_at = now + declined


@compiled
def _wait(plan, state, more, row):
    """S6, S8: schedule the first event of a caller's phones, or the caller's giving up."""
    caller, line = state.callers[row], more.callers[row]
    first_at, first_position = math.inf, plan.width
    times_out_at = math.inf
    for place in range(caller.n_phones):
        ring, own = state.rings[row, place], more.rings[row, place]
        position = plan.position_of[ring.member]
        if own.starts:
            if ring.started_at <= ring.ends_at:
                _schedule(state, row, START, ring.started_at, position)
            else:
                times_out_at = min(times_out_at, ring.ends_at)
            continue
        answers_at = max(ring.ready_at, state.free_at[plan.extension_of[ring.member]])
        if answers_at <= ring.ends_at and (
            answers_at < first_at or (answers_at == first_at and position < first_position)
        ):
            first_at, first_position = answers_at, position
            caller.answering = place
        if own.declines_at <= ring.ends_at and own.declines_at < answers_at:
            _schedule(state, row, DECLINE, own.declines_at, position)
        times_out_at = min(times_out_at, ring.ends_at)
    if first_at < math.inf:
        _schedule(state, row, ANSWER, first_at, first_position)
    _schedule(state, row, TIME_OUT, times_out_at, 0)
    _schedule(state, row, START, line.next_wave_at, 0)
    _schedule(state, row, GIVE_UP, caller.gives_up_at, 0)


@compiled
def _page(plan, options, calls, state, more, log, row, n, now):
    """S10: the phones of the wave answer by themselves, at once."""
    caller = state.callers[row]
    talk_time = calls.talk_time[caller.call]
    hangs_up_at = now + talk_time
    for place in range(n):
        member = state.chosen[place]
        extension = plan.extension_of[member]
        state.on_call_until[extension] = hangs_up_at
        state.free_at[extension] = max(state.free_at[extension], hangs_up_at)
        _remember_ring_of(state, more, member, extension, now)
        _remember_answer_of(options, state, more, member, extension, now, hangs_up_at, talk_time)
        _log_ring(state.counters[0], log, caller, extension, now, now, PAGED)
        _watch(options, state, more, extension, hangs_up_at)
    caller.outcome = ANSWERED
    return END


@compiled
def _end_wave(plan, options, state, more, row):
    """rotation: the pointer moves on when a wave ends."""
    more.callers[row].next_wave_at = math.inf
    rotation = options.groups[state.callers[row].group].rotation
    if rotation != NO_ROTATION and rotation != ANSWERED_ROTATION:
        _turn_pointer(plan, options, state, more, row, NO_MEMBER)


@compiled
def _turn_pointer(plan, options, state, more, row, answered_by):
    """rotation: move the pointer behind the member rung last, or who answered."""
    caller, line = state.callers[row], more.callers[row]
    rotation = options.groups[caller.group].rotation
    last = answered_by if rotation == ANSWERED_ROTATION else line.last_rung
    if rotation == NO_ROTATION or last == NO_MEMBER:
        return
    n = plan.groups[caller.group].last_member - plan.groups[caller.group].first_member
    pointer = (plan.position_of[last] + 1) % n
    if line.has_order and rotation != ANSWERED_ROTATION:
        pointer = 0
        if line.turn < line.n_order:
            pointer = plan.position_of[more.order[row, line.turn]]
    if rotation == WITHIN_CALL:
        line.pointer = pointer
    else:
        more.groups[caller.group].pointer = pointer


# Rests and pauses


@compiled
def _rest(options, state, more, member, extension, seconds, now):
    """missed_rest, declined_rest: the member is no candidate for a while."""
    if seconds > 0:
        for one in (member, more.shared[extension]):
            more.members[one].rests_until = max(more.members[one].rests_until, now + seconds)
        _watch(options, state, more, extension, now + seconds)


@compiled
def _miss(options, state, more, group, member, extension, now):
    """auto_pause_after: a member who misses that many rings in a row is paused."""
    rules = options.groups[group]
    if rules.auto_pause_after == math.inf:
        return
    if now - min(state.members[member].talks_until, now) < rules.auto_pause_grace:
        return
    counted = more.members[more.shared[extension] if rules.auto_pause_is_shared else member]
    counted.missed += 1
    if counted.missed >= rules.auto_pause_after:
        counted.missed = 0
        counted.paused_until = now + rules.auto_pause_time
        _watch(options, state, more, extension, counted.paused_until)


@compiled
def _wraps_up(state, more, memory, now):
    """enforced_wrap_up: whether the wrap-up after the last talk that has ended goes on."""
    own = more.members[memory]
    talks_until = state.members[memory].talks_until if memory < len(state.members) else (
        more.shared_members[memory - len(state.members)].talks_until
    )
    ended = talks_until <= now
    return now < (own.wraps_up_until if ended else own.wrapped_up_before)


@compiled
def _remember_ring_of(state, more, member, extension, now):
    """S7: the start of a ring, answered or not."""
    _remember_ring(state.members[member], now)
    _remember_ring(more.shared_members[extension], now)


@compiled
def _remember_answer_of(options, state, more, member, extension, now, hangs_up_at, talk_time):
    """S7: an answer, a page's too."""
    shared = more.shared[extension]
    more.members[member].completed_before = state.members[member].talks_until
    more.members[shared].completed_before = more.shared_members[extension].talks_until
    more.members[member].missed = 0
    more.members[shared].missed = 0
    _remember_answer(state.members[member], now, hangs_up_at, talk_time)
    _remember_answer(more.shared_members[extension], now, hangs_up_at, talk_time)


# The line


@compiled
def _begin(plan, options, state, more, log, row, now):
    """wait_in_line: start a pass if it is the caller's turn, or stand in line."""
    caller, line = state.callers[row], more.callers[row]
    rules = options.groups[caller.group]
    if now >= line.leaves_at:
        return _leave(plan, options, state, more, log, row, now)
    if not rules.wait_in_line:
        return LOOK
    if not line.stands and not _enter_line(plan, options, state, more, row, now):
        return _leave(plan, options, state, more, log, row, now)
    if _is_empty(plan, options, state, more, caller.group, rules.leave_when_empty, now):
        return _leave(plan, options, state, more, log, row, now)
    return LOOK if _is_turn(plan, options, state, more, row, now) else IN_LINE


@compiled
def _enter_line(plan, options, state, more, row, now):
    """max_queue_length, join_empty: take a place in the line, if there is one."""
    group = state.callers[row].group
    rules, line = options.groups[group], more.callers[row]
    n = _line_of(more, group, now)
    if n >= rules.max_queue_length:
        return False
    if _is_empty(plan, options, state, more, group, rules.join_empty, now):
        return False
    at = n
    while at > 0 and more.line_priority[group, at - 1] < line.priority:
        _copy_place(more, group, at - 1, at)
        at -= 1
    more.line[group, at] = row
    more.line_until[group, at] = math.inf
    more.line_priority[group, at] = line.priority
    more.groups[group].n_line = n + 1
    line.stands = 1
    return True


@compiled
def _line_of(more, group, now):
    """Number of callers in line, without those whose talk has started."""
    kept = 0
    for place in range(more.groups[group].n_line):
        if more.line_until[group, place] > now:
            _copy_place(more, group, place, kept)
            kept += 1
    more.groups[group].n_line = kept
    return kept


@compiled
def _copy_place(more, group, source, target):
    """Copy a place in line to another."""
    more.line[group, target] = more.line[group, source]
    more.line_until[group, target] = more.line_until[group, source]
    more.line_priority[group, target] = more.line_priority[group, source]


@compiled
def _waits(more, group, place):
    """Whether a caller in line waits: their phones do not ring, and nobody has answered."""
    until = more.line_until[group, place]
    return until == math.inf and not more.callers[more.line[group, place]].is_ringing


@compiled
def _is_turn(plan, options, state, more, row, now):
    """line_serves: the caller is among those who may ring phones now."""
    group = state.callers[row].group
    rules = options.groups[group]
    _line_of(more, group, now)
    place, waiting = 0, 0
    while more.line[group, place] != row or more.line_until[group, place] < math.inf:
        waiting += _waits(more, group, place)
        place += 1
    available = 0
    for member in range(plan.groups[group].first_member, plan.groups[group].last_member):
        available += _is_available(plan, options, state, more, group, member, now)
    if rules.line_serves == HEAD:
        return place == 0 and available > 0
    if rules.line_serves == ONE_RINGING:
        available = min(available, 1)
    return waiting < available


@compiled
def _is_empty(plan, options, state, more, group, states, now):
    """join_empty, leave_when_empty: every member is in one of the states."""
    if states == 0:
        return False
    for member in range(plan.groups[group].first_member, plan.groups[group].last_member):
        if not _is_in_state(plan, options, state, more, group, member, states, now):
            return False
    return True


@compiled
def _is_in_state(plan, options, state, more, group, member, states, now):
    """join_empty, leave_when_empty: whether a member is in one of the states."""
    extension = plan.extension_of[member]
    shared = more.shared[extension]
    memory = shared if options.groups[group].memory_is_shared else member
    paused = max(more.members[member].paused_until, more.members[shared].paused_until) > now
    if states & OFF_DUTY != 0 and not _is_on_duty(plan, extension, now):
        return True
    if states & PAUSED != 0 and paused:
        return True
    if states & BUSY != 0 and state.on_call_until[extension] > now:
        return True
    if states & RINGING != 0 and state.n_ringing[extension] > 0:
        return True
    return states & WRAP_UP != 0 and _wraps_up(state, more, memory, now)


@compiled
def _stand(options, state, more, row, now):
    """wait_in_line: what ends a caller's waiting, beside a look at the whole line."""
    caller, line = state.callers[row], more.callers[row]
    poll = options.groups[caller.group].line_poll
    if poll > 0:
        while caller.entered_at + line.looks * poll <= now:
            line.looks += 1
        _schedule(state, row, LINE, caller.entered_at + line.looks * poll, 0)
    else:
        _schedule(state, row, TIME_OUT, line.leaves_at, 0)
    _schedule(state, row, GIVE_UP, caller.gives_up_at, 0)


@compiled
def _look_at_line(plan, options, calls, phones, declines, state, more, log, group, now):
    """wait_in_line: offer members who are available to callers in line, first come first."""
    if more.groups[group].looks_at == now:
        more.groups[group].looks_at = -math.inf
    n = _line_of(more, group, now)
    waiting = 0
    for place in range(n):
        if more.line_until[group, place] == math.inf:
            more.looked[waiting] = more.line[group, place]
            waiting += 1
    for place in range(waiting):
        row = more.looked[place]
        if more.callers[row].step == IN_LINE and more.callers[row].stands:
            _advance(plan, options, calls, phones, declines, state, more, log, row, BEGIN, now)
    if options.groups[group].join_ringing:
        last = -1
        while True:
            row, call = _next_ringing(state, more, group, last)
            if row < 0:
                break
            last = call
            _join(plan, options, calls, phones, declines, state, more, row, now)


@compiled
def _next_ringing(state, more, group, last):
    """Return the row and the call of the next caller of a group whose phones ring, or -1."""
    row, call = -1, -1
    for one in range(len(state.callers)):
        caller = state.callers[one]
        if more.callers[one].is_ringing and caller.group == group and caller.call > last:
            if row < 0 or caller.call < call:
                row, call = one, caller.call
    return row, call


@compiled
def _join(plan, options, calls, phones, declines, state, more, row, now):
    """join_ringing: members who have become candidates ring for the rest of the wave."""
    caller, line = state.callers[row], more.callers[row]
    at_once = plan.groups[caller.group].at_once
    if line.window_ends_at <= now:
        return
    n = _candidates(plan, options, calls, phones, state, more, row, now)
    if at_once > 0:
        n = min(n, at_once - caller.n_phones)
    if n <= 0:
        return
    for place in range(n):
        member = state.chosen[place]
        at = caller.n_phones
        while at > 0 and state.rings[row, at - 1].member > member:
            _copy_ring(state, more, row, at - 1, at)
            at -= 1
        ring = state.rings[row, at]
        ring.member = member
        ring.started_at = now
        ring.ready_at = math.inf
        ring.ends_at = line.window_ends_at
        more.rings[row, at].starts = 0
        more.rings[row, at].declines_at = math.inf
        caller.n_phones += 1
        state.rung[row, plan.position_of[member]] = caller.this_pass
        _count_ring(plan, options, calls, phones, declines, state, more, row, at, now)
    caller.stamp += 1
    _wait(plan, state, more, row)


# From pass to pass


@compiled
def _leave(plan, options, state, more, log, row, now):
    """S9: the no-answer rule acts; it forwards the call, or ends it."""
    caller = state.callers[row]
    group = plan.groups[caller.group]
    _leave_line(plan, options, state, more, row, now)
    if group.forward_to == NOWHERE:
        caller.outcome, caller.action = OVERFLOWED, group.overflow_action
        return END
    if state.entered[row, group.forward_to] == caller.call:
        caller.outcome, caller.action = OVERFLOWED, LOOP
        return END
    _log_visit(state.counters[0], log, caller, now)
    _visit(options, state, more, row, group.forward_to, now)
    return BEGIN


@compiled
def _leave_line(plan, options, state, more, row, now):
    """wait_in_line: give up the place in line; others may move up."""
    group, line = state.callers[row].group, more.callers[row]
    if not line.stands:
        return
    line.stands = 0
    kept = 0
    for place in range(more.groups[group].n_line):
        until = more.line_until[group, place]
        if more.line[group, place] == row and until == math.inf:
            if now < line.leaves_line_at < math.inf:  # connect_delay: until the talk starts
                until = line.leaves_line_at
            else:
                continue
        _copy_place(more, group, place, kept)
        more.line_until[group, kept] = until
        kept += 1
    more.groups[group].n_line = kept
    if now < line.leaves_line_at < math.inf and options.groups[group].watches:
        _watch_group(options, state, more, group, line.leaves_line_at)
    for other in range(len(plan.groups)):
        if options.groups[other].watches:
            _watch_group(options, state, more, other, now)


@compiled
def _end_pass(plan, options, state, more, log, row, now):
    """S9: a pass that ended unanswered is followed by another, or the rule acts."""
    caller, line = state.callers[row], more.callers[row]
    rules = options.groups[caller.group]
    if now >= line.leaves_at or caller.passes >= rules.passes:
        return _leave(plan, options, state, more, log, row, now)
    if line.stands and _is_empty(
        plan, options, state, more, caller.group, rules.leave_when_empty, now
    ):
        return _leave(plan, options, state, more, log, row, now)
    pause = rules.retry_pause
    if caller.n_rings == caller.rings_before_pass:
        pause = max(pause, plan.groups[caller.group].repeat_delay)
    elif pause == 0:
        return _next_pass(options, state, more, row)
    _schedule(state, row, REPEAT, now + pause, 0)
    _schedule(state, row, GIVE_UP, caller.gives_up_at, 0)
    return SLEEP


@compiled
def _next_pass(options, state, more, row):
    """S9: the next pass begins."""
    _start_pass(options, state, more, row, state.callers[row].passes + 1)
    return BEGIN


@compiled
def _visit(options, state, more, row, group, now):
    """S9: a call enters a group, by arrival or forward."""
    caller, line = state.callers[row], more.callers[row]
    line.leaves_at = now + options.groups[group].max_wait_time
    line.leaves_line_at = math.inf
    line.pointer = 0
    line.looks = 0
    line.last_rung = NO_MEMBER
    line.has_order = 0
    line.stands = 0
    caller.group = group
    caller.rings_before = caller.n_rings
    caller.found = NOT_LOOKED
    caller.entered_at = now
    state.entered[row, group] = caller.call
    _start_pass(options, state, more, row, 1)


@compiled
def _start_pass(options, state, more, row, passes):
    """S2: nobody has been rung in this pass."""
    counters, caller, line = state.counters[0], state.callers[row], more.callers[row]
    if passes > MOST_PASSES:
        more.groups[0].is_endless = 1
    counters.n_passes += 1
    caller.this_pass = counters.n_passes
    caller.passes = passes
    caller.rings_before_pass = caller.n_rings
    line.was_declined = 0
    line.next_wave_at = math.inf
    line.turn = 0
    if options.groups[caller.group].order_fixed == BY_PASS:
        line.has_order = 0


@compiled
def _end(calls, state, log, row, now):
    """S1: the outcome of a call."""
    counters, caller = state.counters[0], state.callers[row]
    call = caller.call & INDEX_MASK
    _log_visit(counters, log, caller, now)
    log.outcome[call] = caller.outcome
    log.wait[call] = now - calls.arrives_at[call]
    log.answered_by[call] = caller.answered_by
    log.n_rings[call] = caller.n_rings
    log.ended_in[call] = caller.group
    log.action[call] = caller.action
    state.free_callers[counters.n_free & INDEX_MASK] = row
    counters.n_free += 1


@compiled
def forget_options(plan, more):
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
        more.groups[group].looks_at = -math.inf
        more.groups[group].is_started = 0
        more.groups[group].is_stopped = 0
        more.groups[group].is_endless = 0
    more.active_until[:] = -math.inf
