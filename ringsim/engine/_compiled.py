"""Compiled event loop for rules S1 to S15, whose log equals the reference's bit for bit.

Read it beside `_simpy`: the same verbs stand in the same order under the same names. A caller
is a record here and an object there, and so are a ring and a member; a process that waits for
an event there is an entry of the heap here.

A process of the reference, `_Run.play_call`, looks for members first and then waits for the
next event of its caller. Here one loop serves all callers. A turn of it begins where a process
goes on after waiting: it takes the next event of any caller, lets the verb of that event act,
looks for members while there is something to do at this instant, and ends where the process
would wait again.

An answer is scheduled as if the member stayed as they are. Until then `free_at` can only move
later, so an answer may come too early but never too late: too early, it is found impossible
(`_answer` returns `WAIT`), and the caller waits again.

A caller has one event to come, or two while a repeat is delayed: the repeat and the giving up.
Each event carries the caller's stamp. The first that happens renews the stamp, so that the other
is stale, and `_next_event` skips it.

All state is in arrays: `_compiled_layout` defines and `_compiled_tables` allocates them. Nothing
is allocated for a call: the loop returns when a table is full, is given twice the room, and goes
on. Orderings are data, so all of them run on one compilation; a dispatcher with a `wave` or a
`key` of its own is for the reference.

A `position` is a member's place in the configured order of the group. A `place` is an index
among the `chosen` members or among the phones that ring for a caller, who are fewer.

These ways were no faster (measured): batches of half as many calls; one pass over the members in
place of one for the best key and one for those who share it; `_compiled_order` for groups of
fewer than 16; a heap whose gap moves down to a leaf before the last event moves up; Philox
inlined by force; drawing a single phone in the way of several.
"""

from __future__ import annotations

import math

from ringsim._jit import INDEX_MASK, compiled, inlined, internal
from ringsim._jit_heap import is_before, pop, push
from ringsim._log_arrays import (
    ABANDONED,
    ANSWERED,
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    LOOP,
    NO_ACTION,
    NOBODY,
    OVERFLOWED,
    PAGED,
    RING_ANSWERED,
    RING_NO_ANSWER,
)
from ringsim.engine._compiled_layout import (
    ANSWER,
    ARRIVAL,
    CALLER_BITS,
    CALLER_MASK,
    CALLERS_FULL,
    DELAYS_NOT_LAID_OUT,
    DONE,
    END,
    END_PASS,
    EVENTS_FULL,
    EVERYONE,
    GIVE_UP,
    KIND_BITS,
    KIND_MASK,
    LOOK,
    NO_EVENT,
    NOT_LOOKED,
    OWN_CALL,
    REPEAT,
    RINGS_FULL,
    SLEEP,
    STOP,
    THOSE_TIED,
    TIME_OUT,
    VISITS_FULL,
    WAIT,
)
from ringsim.engine._plan import NOWHERE
from ringsim.workload._jit_draws import answer_delay, answer_uniforms, delay_at, random_draw

BUILT_ON = "1aba708c28a2aca2"  # fingerprint of what comes from elsewhere: see ringsim._jit


@compiled
def play_runs(plan, calls, phones, state, log, no_memory):
    """Play runs until every call is over or a table is full; return the reason."""
    counters = state.counters[0]
    while counters.n_runs < len(calls.first) - 1:
        full = _full(plan, state, log)
        if full != DONE:
            return full
        kind, now, number = _next_event(calls, state)
        if kind == NO_EVENT:
            _end_run(plan, state, log, no_memory)
            continue
        if kind == OWN_CALL:
            _own_call(plan, calls, state, log.taken, number, now)
            continue

        row = _arrive(calls, state, number, now) if kind == ARRIVAL else number
        caller, step = state.callers[row & INDEX_MASK], LOOK
        if kind == ANSWER:
            step = _answer(plan, calls, state, caller, now)
        elif kind == GIVE_UP:
            step = _give_up(caller)
        elif kind == TIME_OUT:
            step = _time_out(plan, caller)
        elif kind == REPEAT:
            step = _repeat(state, caller)
        if step != WAIT:
            _end_rings(plan, state, log, caller, kind, now)

        while step <= END_PASS:  # the steps that take no time
            if step == END_PASS:
                step = _end_pass(plan, state, log, caller, now)
                continue
            n_candidates = _candidates(plan, state, caller, now)
            if n_candidates == 0:
                step = END_PASS
                continue
            n_phones = _wave(plan, calls, phones, state, caller, n_candidates, now)
            if plan.groups[caller.group & INDEX_MASK].auto_answer:
                step = _page(plan, calls, state, log, caller, n_phones, now)
            else:
                step = _ring(plan, calls, phones, state, caller, n_phones, now)
        if step == WAIT:
            _wait(plan, state, caller)
        elif step == END:
            _end(calls, state, log, caller, now)
        elif step == STOP:
            return DELAYS_NOT_LAID_OUT
    return DONE


@inlined
def _full(plan, state, log):
    """Return which table has no room for one event more, whatever it brings, or `DONE`."""
    counters = state.counters[0]
    if counters.n_free == 0:
        return CALLERS_FULL
    if counters.n_events + 2 > len(state.heap_at):  # at most two: `_delay_repeat`
        return EVENTS_FULL
    if counters.n_ring_rows + 2 * plan.width > len(log.ring_call):  # rings that end, and a page's
        return RINGS_FULL
    if counters.n_visit_rows + len(plan.groups) + 1 > len(log.visit_call):  # one per group
        return VISITS_FULL
    return DONE


@inlined
def _end_run(plan, state, log, no_memory):
    """All calls of a run are over; the next begins with members who are not remembered."""
    counters = state.counters[0]
    counters.n_runs += 1
    log.first_ring[counters.n_runs] = counters.n_ring_rows
    log.first_visit[counters.n_runs] = counters.n_visit_rows
    forget(state, no_memory)
    forget_order(plan, state)


# Events


@internal
def _rank(counters, kind, number, position):
    """S13: place among simultaneous events, by kind, then number, then position."""
    return (kind * counters.length + number) * counters.width + position


@inlined
def _next_event(calls, state):
    """S13: take the next event that is not stale.

    Returns its kind, its instant, and a number: of the call that arrives, of the own call or
    spell away, or else of the caller's row.
    """
    counters = state.counters[0]
    while counters.n_events > 0 and _is_stale(state, state.heap_event[0]):
        _unschedule(state)
    kind, now, rank, number = NO_EVENT, math.inf, 0, 0
    if counters.n_arrived < calls.first[counters.n_runs + 1]:
        number = calls.order[counters.n_arrived & INDEX_MASK] & INDEX_MASK
        kind, now = ARRIVAL, calls.arrives_at[number]
        rank = _rank(counters, ARRIVAL, number, 0)
    if counters.n_own_handled < calls.first_own[counters.n_runs + 1]:
        own = calls.own_order[counters.n_own_handled & INDEX_MASK] & INDEX_MASK
        begins_at, own_rank = calls.own_at[own], _rank(counters, OWN_CALL, own, 0)
        if kind == NO_EVENT or is_before(begins_at, own_rank, now, rank):
            kind, now, rank, number = OWN_CALL, begins_at, own_rank, own
    if counters.n_events > 0:
        at, event = state.heap_at[0], state.heap_event[0]
        if kind == NO_EVENT or is_before(at, state.heap_rank[0], now, rank):
            kind, now, number = event & KIND_MASK, at, (event >> KIND_BITS) & CALLER_MASK
            _unschedule(state)
            state.callers[number].stamp += 1
    return kind, now, number


@internal
def _is_stale(state, event):
    """Return True if another event of the same caller has happened since this one was scheduled."""
    caller = state.callers[(event >> KIND_BITS) & CALLER_MASK]
    return event >> (KIND_BITS + CALLER_BITS) != caller.stamp


@internal
def _schedule(state, caller, kind, at, position):
    """S13, S14: schedule an event of a caller at its instant, which is not computed again."""
    counters = state.counters[0]
    event = (((caller.stamp << CALLER_BITS) | caller.row) << KIND_BITS) | kind
    rank = _rank(counters, kind, caller.call, position)
    push(state.heap_at, state.heap_rank, state.heap_event, counters.n_events, at, rank, event)
    counters.n_events += 1


@internal
def _unschedule(state):
    """Remove the first event from the heap."""
    counters = state.counters[0]
    pop(state.heap_at, state.heap_rank, state.heap_event, counters.n_events)
    counters.n_events -= 1


# What happens


@inlined
def _arrive(calls, state, call, now):
    """S1, S8: a call arrives at its group, and the caller's patience begins; return their row."""
    counters = state.counters[0]
    counters.n_arrived += 1
    counters.n_free -= 1
    caller = state.callers[state.free_callers[counters.n_free & INDEX_MASK] & INDEX_MASK]
    caller.call = call
    caller.n_phones = 0
    caller.n_rings = 0
    caller.answered_by = NOBODY
    caller.action = NO_ACTION
    caller.gives_up_at = now + calls.patience[call]
    _visit(state, caller, calls.group[call], now)
    return caller.row


@inlined
def _answer(plan, calls, state, caller, now):
    """S6: the member talks, then is in wrap-up; one who is not free after all rings on."""
    member = (
        state.rings[caller.row & INDEX_MASK, caller.next_to_answer & INDEX_MASK].member & INDEX_MASK
    )
    extension = plan.extension_of[member] & INDEX_MASK
    if now < state.free_at[extension]:
        return WAIT
    call = caller.call & INDEX_MASK
    hangs_up_at = now + calls.talk_time[call]
    state.on_call_until[extension] = hangs_up_at
    state.free_at[extension] = hangs_up_at + calls.wrap_up_time[call]
    _remember_answer(state.members[member], now, hangs_up_at, calls.talk_time[call])
    group = plan.groups[caller.group & INDEX_MASK]
    if group.moves_at_answer:
        _move(plan, state, group, member)
    caller.answered_by = extension
    caller.outcome = ANSWERED
    return END


@inlined
def _give_up(caller):
    """S8: the caller's patience has run out."""
    caller.outcome = ABANDONED
    return END


@inlined
def _time_out(plan, caller):
    """S5: a hunt looks again; the pass of a fan-out is over."""
    return END_PASS if plan.groups[caller.group & INDEX_MASK].one_wave else LOOK


@inlined
def _repeat(state, caller):
    """S9: a delayed repeat begins."""
    _start_pass(state.counters[0], caller, caller.passes + 1)
    return LOOK


@inlined
def _own_call(plan, calls, state, taken, number, now):
    """S15: an own call takes place if its person is free and on duty then; a spell begins."""
    state.counters[0].n_own_handled += 1
    extension = calls.own_extension[number] & INDEX_MASK
    if number >= calls.n_own:
        _begin_spell(calls, state, number, extension, now)
        return
    if now >= state.free_at[extension] and _is_on_duty(plan, extension, now):
        state.on_call_until[extension] = now + calls.own_talk_time[number]
        state.free_at[extension] = state.on_call_until[extension]
        taken[number] = True


@inlined
def _begin_spell(calls, state, number, extension, now):
    """S15: a person is away, and not free until they are back."""
    back_at = now + calls.own_talk_time[number]
    state.free_at[extension] = max(state.free_at[extension], back_at)


@inlined
def _end_rings(plan, state, log, caller, kind, now):
    """S5: the phones that ring for a caller stop, because of an event of some kind."""
    lost = RING_NO_ANSWER
    if kind == ANSWER:
        lost = ANSWERED_ELSEWHERE
    elif kind == GIVE_UP:
        lost = CALLER_GAVE_UP
    row, answered = caller.row & INDEX_MASK, caller.next_to_answer if kind == ANSWER else NOBODY
    for place in range(caller.n_phones):
        ring = state.rings[row, place]
        extension = plan.extension_of[ring.member & INDEX_MASK] & INDEX_MASK
        state.n_ringing[extension] -= 1
        result = RING_ANSWERED if place == answered else lost
        _log_ring(state.counters[0], log, caller, extension, ring.started_at, now, result)
    caller.n_phones = 0


# Whom to ring


@inlined
def _candidates(plan, state, caller, now):
    """S3: put the members who could be rung now first in `chosen`; return their number.

    Of a group in order (`_compiled_order`), only the first is put there and counted.
    """
    group, chosen = plan.groups[caller.group & INDEX_MASK], state.chosen
    first = group.first_member & INDEX_MASK
    row, this_pass = caller.row & INDEX_MASK, caller.this_pass
    # The first half of `_not_on_call` without a branch: until when a call may go on
    latest = now if group.skip_busy else math.inf
    if group.is_in_order:
        if caller.found == NOT_LOOKED:
            caller.found = _count(plan, state, group, latest)
        return _first_in_order(plan, state, group, caller, latest)
    n = 0
    for position in range(group.last_member - first):
        member = first + position
        chosen[n] = member  # no branch to be mispredicted
        until = state.on_call_until[plan.extension_of[member] & INDEX_MASK]
        n += (state.rung[row, position] != this_pass) & (until <= latest)
    if group.skip_busy and group.ringing_is_busy:
        n = _not_on_call(plan, state, group, n, now)
    if group.has_duty:
        n = _on_duty(plan, chosen, n, now)
    if caller.found == NOT_LOOKED:
        caller.found = n
    if group.auto_answer:  # S10: counted in `found`, but not reached
        n = _not_on_call(plan, state, group, n, now)
    return n


@internal
def _count(plan, state, group, latest):
    """S3: return how many members could be rung before anybody has been rung in a pass."""
    n, size, first = 0, group.last_member - group.first_member, group.first_extension
    if first >= 0:
        for position in range(size):  # vectorises
            n += state.on_call_until[(first & INDEX_MASK) + position] <= latest
        return n
    first = group.first_member & INDEX_MASK
    for position in range(size):
        n += state.on_call_until[plan.extension_of[first + position] & INDEX_MASK] <= latest
    return n


@internal
def _first_in_order(plan, state, group, caller, latest):
    """S3, S7, S11: put the first candidate in ring order in `chosen`; return 1, or 0 without."""
    row, this_pass = caller.row & INDEX_MASK, caller.this_pass
    for end in range(group.first_list, group.last_list):
        member = state.following[end] & INDEX_MASK
        while member != end:
            until = state.on_call_until[plan.extension_of[member] & INDEX_MASK]
            rung = state.rung[row, plan.position_of[member] & INDEX_MASK]
            if (until <= latest) & (rung != this_pass):
                state.chosen[0] = member
                return 1
            member = state.following[member] & INDEX_MASK
    return 0


@internal
def _not_on_call(plan, state, group, n, now):
    """S3: on a call in [answer, answer + talk); with `ringing_is_busy` when rung, too."""
    kept = 0
    for place in range(n):
        member = state.chosen[place] & INDEX_MASK
        extension = plan.extension_of[member] & INDEX_MASK
        rings = (group.ringing_is_busy != 0) & (state.n_ringing[extension] > 0)
        state.chosen[kept] = member
        kept += not ((state.on_call_until[extension] > now) | rings)
    return kept


@internal
def _on_duty(plan, chosen, n, now):
    """S12: those of the chosen who are on duty."""
    kept = 0
    for place in range(n):
        member = chosen[place] & INDEX_MASK
        if _is_on_duty(plan, plan.extension_of[member], now):
            chosen[kept] = member
            kept += 1
    return kept


@internal
def _is_on_duty(plan, extension, now):
    """S12: in [start, end) of a span."""
    if plan.duty_of[extension, 0] < 0:
        return True
    for span in range(plan.duty_of[extension, 0], plan.duty_of[extension, 1]):
        if plan.duty[span, 0] <= now < plan.duty[span, 1]:
            return True
    return False


@inlined
def _wave(plan, calls, phones, state, caller, n, now):
    """S4, S7, S11: put those whose phones ring now first in `chosen`, in the configured order."""
    group, chosen = plan.groups[caller.group & INDEX_MASK], state.chosen
    if group.looks_at_present:
        call = caller.call & INDEX_MASK
        for place in range(n):
            member = state.members[chosen[place] & INDEX_MASK]
            extension = plan.extension_of[chosen[place] & INDEX_MASK]
            key_row = calls.key_row[call] & INDEX_MASK
            member.last_hung_up_at = min(member.talks_until, now)
            member.random = random_draw(phones, extension, key_row, call, calls.nth[call], 0)
    if group.at_once == EVERYONE or group.at_once >= n:
        return n
    if group.at_once > 1:
        return _first(plan, state, group, n)
    n = _best(plan, state, group, n)
    return n if group.at_once == THOSE_TIED else 1


@inlined
def _best(plan, state, group, n):
    """S7, S11: of the candidates keep, key by key, those that share the best; no branch on it."""
    chosen, memory = state.chosen, state.memory
    for key in range(group.first_key, group.last_key):
        field, sign = plan.keys[key, 0] & INDEX_MASK, plan.keys[key, 1]
        best = math.inf
        for place in range(n):
            best = min(best, sign * memory[chosen[place] & INDEX_MASK, field])
        kept = 0
        for place in range(n):
            member = chosen[place] & INDEX_MASK
            chosen[kept] = member
            kept += sign * memory[member, field] == best
        n = kept
        if n == 1:
            break
    return n


@internal
def _first(plan, state, group, n):
    """S7, S11: of the candidates keep `at_once`, the first by key and configured order."""
    _sort_by_key(plan, state, group, n)
    _sort_by_position(state.chosen, group.at_once)
    return group.at_once


@internal
def _sort_by_key(plan, state, group, n):
    """S7, S11: sort the first n chosen by key; equal ones stay in the configured order."""
    chosen = state.chosen
    for place in range(1, n):
        member = chosen[place] & INDEX_MASK
        before = place
        while before > 0 and _is_before(plan.keys, state.memory, group, member, chosen[before - 1]):
            chosen[before] = chosen[before - 1]
            before -= 1
        chosen[before] = member


@internal
def _sort_by_position(chosen, n):
    """S4: sort the first n chosen into the configured order."""
    for place in range(1, n):
        member = chosen[place] & INDEX_MASK
        before = place
        while before > 0 and chosen[before - 1] > member:
            chosen[before] = chosen[before - 1]
            before -= 1
        chosen[before] = member


@internal
def _is_before(keys, memory, group, one, other):
    """S7, S11: whether the key of one member comes before that of another."""
    for key in range(group.first_key, group.last_key):
        field, sign = keys[key, 0], keys[key, 1]
        a, b = sign * memory[one, field], sign * memory[other, field]
        if a != b:
            return a < b
    return False


# Ringing


@inlined
def _ring(plan, calls, phones, state, caller, n, now):
    """S5: the phones of a wave start to ring, each from and until instants of its own."""
    call, row = caller.call & INDEX_MASK, caller.row & INDEX_MASK
    key_row, nth, this_pass = calls.key_row[call] & INDEX_MASK, calls.nth[call], caller.this_pass
    group = plan.groups[caller.group & INDEX_MASK]
    ends_at = now + group.ring_time
    caller.n_phones = n
    for place in range(n):
        member = state.chosen[place] & INDEX_MASK
        extension = plan.extension_of[member] & INDEX_MASK
        nth_ring = 0
        if state.rang_for[row, extension] == call:
            nth_ring = state.rings_on[row, extension] & INDEX_MASK
        if nth_ring >= phones.limit[extension]:
            return STOP  # no delay is laid out for this ring: see `Player.play`
        state.rang_for[row, extension], state.rings_on[row, extension] = call, nth_ring + 1
        state.n_ringing[extension] += 1
        state.rung[row, plan.position_of[member] & INDEX_MASK] = this_pass
        _remember_ring(state.members[member], now)
        if group.moves_at_ring:
            _move(plan, state, group, member)
        ring = state.rings[row, place]
        ring.member = member
        ring.started_at = now
        ring.ends_at = ends_at
        if n == 1:
            ring.ready_at = now + answer_delay(phones, extension, key_row, call, nth, nth_ring)
        else:
            drawn = state.drawn[place]
            drawn.extension, drawn.nth_ring = extension, nth_ring
    if n > 1:
        _draw_together(phones, state, caller, n, now, key_row, nth)
    return WAIT


@internal
def _draw_together(phones, state, caller, n, now, key_row, nth):
    """S6: draw the answer delays of all phones of a wave, first all uniforms, then all delays."""
    for place in range(n):
        drawn = state.drawn[place]
        extension = drawn.extension & INDEX_MASK
        drawn.u, drawn.coin = answer_uniforms(phones, extension, key_row, nth, drawn.nth_ring)
    for place in range(n):
        drawn, ring = state.drawn[place], state.rings[caller.row & INDEX_MASK, place]
        extension = drawn.extension & INDEX_MASK
        delay = delay_at(phones, extension, caller.call, drawn.nth_ring, drawn.u, drawn.coin)
        ring.ready_at = now + delay


@inlined
def _wait(plan, state, caller):
    """S5, S6, S8, S13: schedule an answer, giving up or a ring's end; ties in this order."""
    answers_at, ends_at, position, row = math.inf, math.inf, 0, caller.row & INDEX_MASK
    for place in range(caller.n_phones):
        ring = state.rings[row, place]
        member = ring.member & INDEX_MASK
        at = max(ring.ready_at, state.free_at[plan.extension_of[member] & INDEX_MASK])
        if at < answers_at:  # of equal ones the first in the configured order (S13)
            answers_at, position = at, plan.position_of[member]
            caller.next_to_answer = place
        ends_at = min(ends_at, ring.ends_at)
    if answers_at <= ends_at and answers_at <= caller.gives_up_at:
        _schedule(state, caller, ANSWER, answers_at, position)
    elif caller.gives_up_at <= ends_at:
        _schedule(state, caller, GIVE_UP, caller.gives_up_at, 0)
    else:
        _schedule(state, caller, TIME_OUT, ends_at, 0)


@inlined
def _page(plan, calls, state, log, caller, n, now):
    """S10: the phones of the wave answer by themselves, at once."""
    call = caller.call & INDEX_MASK
    hangs_up_at = now + calls.talk_time[call]
    for place in range(n):
        member = state.chosen[place] & INDEX_MASK
        extension = plan.extension_of[member] & INDEX_MASK
        state.on_call_until[extension] = hangs_up_at
        state.free_at[extension] = max(state.free_at[extension], hangs_up_at)
        _remember_ring(state.members[member], now)
        _remember_answer(state.members[member], now, hangs_up_at, calls.talk_time[call])
        _log_ring(state.counters[0], log, caller, extension, now, now, PAGED)
    caller.outcome = ANSWERED
    return END


# From pass to pass


@inlined
def _end_pass(plan, state, log, caller, now):
    """S9: a pass that ended unanswered is repeated, forwarded, or ends the call."""
    group = plan.groups[caller.group & INDEX_MASK]
    if caller.passes < group.passes:
        if caller.n_rings == caller.rings_before_pass:
            _delay_repeat(state, caller, group, now)
            return SLEEP
        _start_pass(state.counters[0], caller, caller.passes + 1)
        return LOOK
    if group.forward_to == NOWHERE:
        caller.outcome, caller.action = OVERFLOWED, group.overflow_action
        return END
    if state.entered[caller.row & INDEX_MASK, group.forward_to & INDEX_MASK] == caller.call:
        caller.outcome, caller.action = OVERFLOWED, LOOP
        return END
    _log_visit(state.counters[0], log, caller, now)
    _visit(state, caller, group.forward_to, now)
    return LOOK


@inlined
def _delay_repeat(state, caller, group, now):
    """S8, S9: a repeat waits if no phone rang; until it starts, the caller may give up."""
    repeats_at = now + group.repeat_delay
    _schedule(state, caller, REPEAT, repeats_at, 0)
    if caller.gives_up_at <= repeats_at:
        _schedule(state, caller, GIVE_UP, caller.gives_up_at, 0)


@internal
def _visit(state, caller, group, now):
    """S9: a call enters a group, by arrival or forward."""
    caller.group = group
    caller.rings_before = caller.n_rings
    caller.found = NOT_LOOKED
    caller.entered_at = now
    state.entered[caller.row & INDEX_MASK, group] = caller.call
    _start_pass(state.counters[0], caller, 1)


@internal
def _start_pass(counters, caller, passes):
    """S2: nobody has been rung in this pass."""
    counters.n_passes += 1
    caller.this_pass = counters.n_passes
    caller.passes = passes
    caller.rings_before_pass = caller.n_rings


@inlined
def _end(calls, state, log, caller, now):
    """S1: the outcome of a call."""
    counters, call = state.counters[0], caller.call & INDEX_MASK
    _log_visit(counters, log, caller, now)
    log.outcome[call] = caller.outcome
    log.wait[call] = now - calls.arrives_at[call]
    log.answered_by[call] = caller.answered_by
    log.n_rings[call] = caller.n_rings
    log.ended_in[call] = caller.group
    log.action[call] = caller.action
    state.free_callers[counters.n_free & INDEX_MASK] = caller.row
    counters.n_free += 1


# Memory and log


@compiled
def forget(state, no_memory):
    """S3, S6, S7: a run begins; nobody is remembered, on a call, in wrap-up or rung."""
    for member in range(len(no_memory)):
        for field in range(no_memory.shape[1]):
            state.memory[member, field] = no_memory[member, field]
    state.on_call_until[:] = -math.inf
    state.free_at[:] = -math.inf
    state.n_ringing[:] = 0


@internal
def _remember_ring(member, now):
    """S7: the start of a ring, answered or not."""
    member.last_rung_at = now
    member.n_rung += 1


@internal
def _remember_answer(member, now, hangs_up_at, talk_time):
    """S7: an answer, a page's too."""
    member.last_answered_at = now
    member.n_answered += 1
    member.talked_time += talk_time
    member.talks_until = hangs_up_at


@compiled
def forget_order(plan, state):
    """S7: bring all lists into the order in which a run begins."""
    for place in range(len(plan.following)):
        state.following[place] = plan.following[place]
        state.preceding[place] = plan.preceding[place]


@internal
def _move(plan, state, group, member):
    """S7, S11: move a member whose memory has changed to their place in the list."""
    keys, memory, following, preceding = plan.keys, state.memory, state.following, state.preceding
    before, after = preceding[member] & INDEX_MASK, following[member] & INDEX_MASK
    following[before], preceding[after] = after, before
    end = plan.list_of[member] & INDEX_MASK
    before = preceding[end] & INDEX_MASK
    while before != end and not (
        _is_before(keys, memory, group, before, member)
        or (before < member and not _is_before(keys, memory, group, member, before))
    ):
        before = preceding[before] & INDEX_MASK
    after = following[before] & INDEX_MASK
    following[before] = preceding[after] = member
    preceding[member], following[member] = before, after


@internal
def _log_ring(counters, log, caller, extension, started_at, ended_at, result):
    """A row of the rings."""
    row = counters.n_ring_rows & INDEX_MASK
    counters.n_ring_rows += 1
    caller.n_rings += 1
    log.ring_call[row] = caller.call
    log.ring_group[row] = caller.group
    log.ring_member[row] = extension
    log.ring_started_at[row] = started_at
    log.ring_ended_at[row] = ended_at
    log.ring_result[row] = result


@internal
def _log_visit(counters, log, caller, now):
    """A row of the visits, as a call leaves a group."""
    row = counters.n_visit_rows & INDEX_MASK
    counters.n_visit_rows += 1
    log.visit_call[row] = caller.call
    log.visit_group[row] = caller.group
    log.visit_entered_at[row] = caller.entered_at
    log.visit_left_at[row] = now
    log.visit_passes[row] = caller.passes
    log.visit_n_rings[row] = caller.n_rings - caller.rings_before
    log.visit_found[row] = caller.found


@compiled
def order_by_call(column, starts, order):
    """Write into `order` the rows sorted by call, those of one call in their present order.

    `starts` must be zeros, one more than there are calls.
    """
    for row in range(len(column)):
        starts[column[row] + 1] += 1
    for call in range(len(starts) - 1):
        starts[call + 1] += starts[call]
    for row in range(len(column)):
        call = column[row]
        order[starts[call]] = row
        starts[call] += 1
