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

Each event waits for the answer delay that the last one drew, so that the delay's way counts more
than the number of operations: see `_compiled_ring_order` and
`ringsim.workload._jit_random.inverse`.

These ways were no faster (measured): batches of half as many calls; two runs in turn in one loop;
one pass over the members in place of one for the best key and one for those who share it; a heap
whose gap moves down to a leaf before the last event moves up; Philox inlined by force; the draws
of a wave in a function that is never inlined, or without `by_reference`; the next arrival or own
call kept between events.
"""

from __future__ import annotations

import math

from ringsim._jit import INDEX_MASK, compiled, inlined, internal
from ringsim._jit_heap import is_before, pop, push
from ringsim._jit_reference import by_reference
from ringsim._jit_vector import (
    LANES,
    at_most,
    at_most_by_index,
    first_lane,
    n_lanes,
    put,
    unequal,
)
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
    COUNT_BITS,
    COUNT_MASK,
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
    Drawing,
)
from ringsim.engine._compiled_ring_order import (
    best,
    count_free,
    first_by_score,
    first_few,
    first_in_order,
    forget_order,
    place_anew,
)
from ringsim.engine._plan import NOWHERE
from ringsim.workload._jit_draws import answer_delay, delay_at, is_random, random_draw
from ringsim.workload._jit_lanes import words_together

BUILT_ON = "589db91e834459f1"  # fingerprint of what comes from elsewhere: see ringsim._jit


@compiled
def play_runs(plan, calls, phones, state, log, no_memory):
    """Play runs until every call is over or a table is full; return the reason."""
    counters = state.counters[0]
    drawing = by_reference(Drawing(phones, state.drawn, state.rings))
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
                step = _ring(plan, calls, phones, state, drawing, caller, n_phones, now)
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
    """Close a run whose calls are all over; forget its members and the order of their rings."""
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
    group = plan.groups[caller.group & INDEX_MASK]
    if group.is_scored & (group.first_extension >= 0):
        first = group.first_extension & INDEX_MASK
        put(state.on_call_until, first, extension - first, hangs_up_at)
    else:
        state.on_call_until[extension] = hangs_up_at
    state.free_at[extension] = hangs_up_at + calls.wrap_up_time[call]
    _remember_answer(state.members[member], now, hangs_up_at, calls.talk_time[call])
    if group.changes_at_answer:
        place_anew(plan, state, group, member)
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
    counts_ringing = plan.groups[caller.group & INDEX_MASK].counts_ringing
    for place in range(caller.n_phones):
        ring = state.rings[row, place]
        extension = plan.extension_of[ring.member & INDEX_MASK] & INDEX_MASK
        if counts_ringing:
            state.n_ringing[extension] -= 1
        result = RING_ANSWERED if place == answered else lost
        _log_ring(state.counters[0], log, caller, extension, caller.rings_from, now, result)
    caller.n_phones = 0


# Whom to ring


@inlined
def _candidates(plan, state, caller, now):
    """S3: put the members who could be rung now first in `chosen`; return their number.

    Of a group that rings one member at a time, only the first in ring order is put there and
    counted: see `_compiled_ring_order`.
    """
    group, chosen = plan.groups[caller.group & INDEX_MASK], state.chosen
    # The first half of `_not_on_call` without a branch: until when a call may go on
    latest = now if group.skip_busy else math.inf
    if group.is_in_order:
        if caller.found == NOT_LOOKED:
            caller.found = count_free(plan, state, group, latest)
        return first_in_order(plan, state, group, caller, latest)
    if group.is_scored:
        members = _free(plan, state, group, caller, 0, latest, now)
        if caller.found == NOT_LOOKED:
            caller.found = n_lanes(members)
        chosen[0] = first_by_score(state, group, members)
        return min(members, 1)
    n, size = 0, group.last_member - group.first_member
    for start in range(0, size, LANES):
        members = _free(plan, state, group, caller, start, latest, now)
        while members != 0:
            chosen[n] = group.first_member + start + first_lane(members)
            members &= members - 1
            n += 1
    if group.skip_busy and group.ringing_is_busy:
        n = _not_on_call(plan, state, group, n, now)
    if caller.found == NOT_LOOKED:
        caller.found = n
    if group.auto_answer:  # S10: counted in `found`, but not reached
        n = _not_on_call(plan, state, group, n, now)
    return n


@inlined
def _free(plan, state, group, caller, start, latest, now):
    """S2, S3: return the set of members from `start` on who are not rung in this pass, and free.

    Those on a call after `latest` are not.
    """
    if group.first_extension >= 0:
        first = (group.first_extension + start) & INDEX_MASK
        members = at_most(state.on_call_until, first, latest)
    else:
        first = (group.first_member + start) & INDEX_MASK
        members = at_most_by_index(state.on_call_until, plan.extension_of, first, latest)
    members &= unequal(state.rung[caller.row & INDEX_MASK], start, caller.this_pass)
    if group.has_duty:
        number = caller.group & INDEX_MASK
        if now >= state.groups[number].duty_changes_at:
            _look_at_duty(plan, state, number, now)
        return members & state.on_duty[number, start // LANES]
    n = min(group.last_member - group.first_member - start, LANES)
    return members & ((1 << n) - 1)


@internal
def _look_at_duty(plan, state, number, now):
    """S12: note who of a group is on duty, and until when this holds."""
    group, changes_at = plan.groups[number], math.inf
    for member in range(group.first_member, group.last_member):
        place, extension = member - group.first_member, plan.extension_of[member]
        block, lane = place // LANES, place % LANES
        if lane == 0:
            state.on_duty[number, block] = 0
        state.on_duty[number, block] |= _is_on_duty(plan, extension, now) << lane
        if plan.duty_of[extension, 0] < 0:
            continue
        for span in range(plan.duty_of[extension, 0], plan.duty_of[extension, 1]):
            for edge in range(2):
                if plan.duty[span, edge] > now:
                    changes_at = min(changes_at, plan.duty[span, edge])
    state.groups[number].duty_changes_at = changes_at


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
        return first_few(plan, state, group, n)
    n = best(plan, state, group, n)
    return n if group.at_once == THOSE_TIED else 1


# Ringing


@inlined
def _ring(plan, calls, phones, state, drawing, caller, n, now):
    """S5: the phones of a wave start to ring, each from and until instants of its own."""
    call, row = caller.call & INDEX_MASK, caller.row & INDEX_MASK
    key_row, nth, this_pass = calls.key_row[call] & INDEX_MASK, calls.nth[call], caller.this_pass
    group, rung = plan.groups[caller.group & INDEX_MASK], state.rung[row]
    caller.n_phones, caller.rings_from, caller.rings_until = n, now, now + group.ring_time
    for place in range(n):
        member = state.chosen[place] & INDEX_MASK
        extension = plan.extension_of[member] & INDEX_MASK
        nth_ring = ring_number(state, row, extension, call)
        if nth_ring >= phones.limit[extension]:
            return STOP  # no delay is laid out for this ring: see `Player.play`
        if group.counts_ringing:
            state.n_ringing[extension] += 1
        if group.is_scored:
            put(rung, 0, member - group.first_member, this_pass)
        elif not group.one_wave:  # a pass of one wave looks at nobody twice
            rung[(member - group.first_member) & INDEX_MASK] = this_pass
        if group.remembers_rings:
            _remember_ring(state.members[member], now)
        if group.changes_at_ring:
            place_anew(plan, state, group, member)
        ring = state.rings[row, place]
        ring.member = member
        if n == 1:
            ring.ready_at = now + answer_delay(phones, extension, key_row, call, nth, nth_ring)
        else:
            state.drawn.phone[place], state.drawn.nth_ring[place] = extension, nth_ring
    if n > 1:
        _draw_together(drawing, row, n, call, key_row, nth, now)
    return WAIT


@inlined
def ring_number(state, row, extension, call):
    """S6: return how often a phone has rung for a call, and count one ring more."""
    counted = state.rings_on[row, extension]
    nth_ring = counted & COUNT_MASK if counted >> COUNT_BITS == call else 0
    state.rings_on[row, extension] = (call << COUNT_BITS) | (nth_ring + 1)
    return nth_ring


@internal
def _draw_together(drawing, row, n, call, key_row, nth, now):
    """S6: draw the answer delays of all phones of a wave, first the random words of all."""
    phones, drawn, rings, first_random = drawing.phones, drawing.drawn, drawing.rings, 0
    while first_random < n and not is_random(phones, drawn.phone[first_random]):
        first_random += 1
    if first_random < n:
        words_together(
            phones.keys, key_row, drawn.phone, nth, drawn.nth_ring, n, drawn.delay, drawn.coin
        )
    for place in range(n):
        extension, nth_ring = drawn.phone[place] & INDEX_MASK, drawn.nth_ring[place]
        delay = delay_at(phones, extension, call, nth_ring, drawn.delay[place], drawn.coin[place])
        rings[row, place].ready_at = now + delay


@inlined
def _wait(plan, state, caller):
    """S5, S6, S8, S13: schedule an answer, giving up or a ring's end; ties in this order."""
    answers_at, ends_at, first, row = math.inf, caller.rings_until, 0, caller.row & INDEX_MASK
    for place in range(caller.n_phones):
        ring = state.rings[row, place]
        extension = plan.extension_of[ring.member & INDEX_MASK] & INDEX_MASK
        at = max(ring.ready_at, state.free_at[extension])
        is_first = at < answers_at  # of equal ones the first in the configured order (S13)
        answers_at = at if is_first else answers_at
        first = place if is_first else first
    caller.next_to_answer = first
    position = plan.position_of[state.rings[row, first].member & INDEX_MASK]
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
    for group in range(len(state.groups)):
        state.groups[group].duty_changes_at = -math.inf


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
