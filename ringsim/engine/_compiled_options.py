"""Compiled event loop for groups whose rules have options: the verbs of `_compiled`, extended.

Read it beside `_simpy_options`: the same verbs stand in the same order under the same names. The
state that only options need is in arrays of its own (`_compiled_options_layout`).

A look at the line of a group is an event without a caller: its kind is `LINE_OF_GROUP`, and it
holds the group in place of the caller.
"""

from __future__ import annotations

import math

from ringsim._jit import INDEX_MASK, compiled, internal
from ringsim._jit_heap import is_before, push
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
    _begin_spell,
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

BUILT_ON = "c40f3a08b73596a3"  # fingerprint of what comes from elsewhere: see ringsim._jit


@compiled
def play_runs(run, no_memory):
    """Play runs until every call is over or a table is full; return the reason."""
    counters = run.state.counters[0]
    while counters.n_runs < len(run.calls.first) - 1:
        full = _full(run)
        if full != DONE:
            return full
        if run.more.groups[0].is_endless:
            return WAITS_FOR_EVER
        if run.more.groups[0].is_stopped:
            return RINGS_NOT_LAID_OUT
        if not run.more.groups[0].is_started:
            _start(run)
        kind, now, number = _next_event(run)
        if kind == NO_EVENT:
            if counters.n_free < len(run.state.callers):
                return WAITS_FOR_EVER
            _end_run(run, no_memory)
        elif kind == OWN_CALL:
            _own_call(run, run.log.taken, number, now)
        elif kind == LOOK_AT_LINE:
            _look_at_line(run, number, now)
        elif kind == ARRIVAL:
            row = _arrive(run, number, now)
            _advance(run, row, BEGIN, now)
        else:
            row = number & INDEX_MASK
            if kind == ANSWER:
                step = _answer(run, row, now)
            elif kind == DECLINE:
                step = _decline(run, row, now)
            elif kind == GIVE_UP:
                step = _give_up(run, row, now)
            elif kind == TIME_OUT:
                step = _time_out(run, row, now)
            elif kind == LINE:
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
    most = callers * (4 + 2 * run.plan.width * (1 + len(run.plan.groups))) + len(
        run.plan.duty
    ) * len(run.plan.groups)
    if counters.n_events + most > len(run.state.heap_at):
        return EVENTS_FULL
    if counters.n_ring_rows + 2 * run.plan.width * callers > len(run.log.ring_call):
        return RINGS_FULL
    if counters.n_visit_rows + (len(run.plan.groups) + 1) * callers > len(run.log.visit_call):
        return VISITS_FULL
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
    """All calls of a run are over; the next begins with phones that remember nothing."""
    counters = run.state.counters[0]
    counters.n_runs += 1
    run.log.first_ring[counters.n_runs] = counters.n_ring_rows
    run.log.first_visit[counters.n_runs] = counters.n_visit_rows
    forget(run.state, no_memory)
    forget_options(run.more)


@internal
def _advance(run, row, step, now):
    """Move a caller on until there is something to wait for, and schedule that."""
    caller, line = run.state.callers[row], run.more.callers[row]
    caller.stamp += 1
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
    elif step == END:
        _leave_line(run, row, now)
        _end(run, row, now)
    if begins_to_ring and run.options.groups[group].watches:
        _watch_group(run, group, now)


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
    if counters.n_own_begun < run.calls.first_own[counters.n_runs + 1]:
        own = run.calls.own_order[counters.n_own_begun & INDEX_MASK] & INDEX_MASK
        begins_at, own_rank = run.calls.own_at[own], _rank(counters, OWN_CALL, own, 0)
        if kind == NO_EVENT or is_before(begins_at, own_rank, now, rank):
            kind, now, rank, number = OWN_CALL, begins_at, own_rank, own
    if counters.n_events > 0:
        at, event = run.state.heap_at[0], run.state.heap_event[0]
        if kind == NO_EVENT or is_before(at, run.state.heap_rank[0], now, rank):
            kind, now, number = event & KIND_MASK, at, (event >> KIND_BITS) & CALLER_MASK
            if kind == LINE_OF_GROUP:  # has the code of an own call, which is not on the heap
                kind = LOOK_AT_LINE
            _unschedule(run.state)
    return kind, now, number


@internal
def _is_stale(run, event):
    """Whether another event of the same caller has happened since this one was scheduled."""
    if event & KIND_MASK == LINE_OF_GROUP:
        return False
    caller = run.state.callers[(event >> KIND_BITS) & CALLER_MASK]
    return event >> (KIND_BITS + CALLER_BITS) != caller.stamp


@internal
def _schedule(run, row, kind, at, position):
    """S14: schedule an event of a caller at its instant, which is not computed again."""
    if at == math.inf:
        return
    counters, caller = run.state.counters[0], run.state.callers[row]
    event = (((caller.stamp << CALLER_BITS) | row) << KIND_BITS) | kind
    rank = _rank(counters, kind, caller.call, position)
    push(
        run.state.heap_at,
        run.state.heap_rank,
        run.state.heap_event,
        counters.n_events,
        at,
        rank,
        event,
    )
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
    counters = run.state.counters[0]
    run.more.groups[group].looks_at = at
    rank = _rank(counters, LINE, run.options.groups[group].by_weight, 0)
    event = (group << KIND_BITS) | LINE_OF_GROUP
    push(
        run.state.heap_at,
        run.state.heap_rank,
        run.state.heap_event,
        counters.n_events,
        at,
        rank,
        event,
    )
    counters.n_events += 1


# What happens


@internal
def _arrive(run, call, now):
    """S1, S8: a call arrives at its group, and the caller's patience begins; return their row."""
    counters = run.state.counters[0]
    counters.n_arrived += 1
    counters.n_free -= 1
    row = run.state.free_callers[counters.n_free & INDEX_MASK] & INDEX_MASK
    caller, line = run.state.callers[row], run.more.callers[row]
    caller.call = call
    caller.n_rings = 0
    caller.n_phones = 0
    caller.answered_by = NOBODY
    caller.action = NO_ACTION
    caller.gives_up_at = now + run.calls.patience[call]
    group = run.calls.group[call]
    line.priority = run.options.groups[group].priority
    if len(run.options.priority) > 0:
        line.priority = run.options.priority[call]
    line.picks = 0
    line.is_ringing = 0
    _visit(run, row, group, now)
    if len(run.options.max_wait_time) > 0:
        line.leaves_at = now + run.options.max_wait_time[call]
    return row


@internal
def _answer(run, row, now):
    """S6: the member talks, then is in wrap-up; one who is not free after all rings on."""
    caller, line = run.state.callers[row], run.more.callers[row]
    member = run.state.rings[row, caller.answering].member
    extension, call = run.plan.extension_of[member], caller.call
    if now < run.state.free_at[extension]:
        return WAIT
    group = caller.group
    talks_from = now + run.options.groups[group].connect_delay
    hangs_up_at = talks_from + run.calls.talk_time[call]
    run.state.on_call_until[extension] = hangs_up_at
    run.state.free_at[extension] = hangs_up_at + run.calls.wrap_up_time[call]
    _remember_answer_of(run, member, extension, now, hangs_up_at, run.calls.talk_time[call])
    _wrap_up(run, member, extension, hangs_up_at, run.calls.wrap_up_time[call])
    run.more.active_until[member] = hangs_up_at
    _watch(run, extension, hangs_up_at)
    if run.options.groups[group].max_active_calls < math.inf:
        _watch_group(run, group, hangs_up_at)
    caller.answered_by = extension
    caller.outcome = ANSWERED
    line.leaves_line_at = talks_from
    _end_rings(run, row, ANSWER, now)
    _turn_pointer(run, row, member)
    return END


@internal
def _wrap_up(run, member, extension, hangs_up_at, drawn):
    """enforced_wrap_up: the member is no candidate for a while after the talk."""
    of_member = run.options.members[member]
    until = hangs_up_at + (drawn if of_member.wraps_up_as_drawn else of_member.wrap_up)
    for one in (member, run.more.shared[extension]):
        run.more.members[one].wrapped_up_before = run.more.members[one].wraps_up_until
        run.more.members[one].wraps_up_until = until
    _watch(run, extension, until)


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
        return LOOK
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
    return END_PASS if run.plan.groups[group].one_wave else LOOK


@internal
def _repeat(run, row):
    """S9: a delayed repeat begins."""
    return _next_pass(run, row)


@internal
def _own_call(run, taken, number, now):
    """S15: an own call takes place if its person is free and on duty then."""
    run.state.counters[0].n_own_begun += 1
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
def _end_rings(run, row, kind, now):
    """S5: the phones that ring for a caller stop, because of an event of some kind."""
    caller = run.state.callers[row]
    lost = ANSWERED_ELSEWHERE if kind == ANSWER else CALLER_GAVE_UP
    answered = run.state.rings[row, caller.answering].member if kind == ANSWER else NO_MEMBER
    while caller.n_phones > 0:
        is_answered = run.state.rings[row, 0].member == answered
        _end_ring(run, row, 0, RING_ANSWERED if is_answered else lost, now)


@internal
def _end_ring(run, row, place, result, now):
    """S5: one phone stops to ring; one that has not started yet has no row."""
    ring = run.state.rings[row, place]
    started_at, extension = ring.started_at, run.plan.extension_of[ring.member]
    starts = run.more.rings[row, place].starts
    _remove_ring(run, row, place)
    if starts:
        return
    run.state.n_ringing[extension] -= 1
    _log_ring(
        run.state.counters[0], run.log, run.state.callers[row], extension, started_at, now, result
    )
    if run.state.n_ringing[extension] == 0:
        _watch(run, extension, now)


@internal
def _remove_ring(run, row, place):
    """Remove a ring from those of a caller."""
    caller = run.state.callers[row]
    for one in range(place, caller.n_phones - 1):
        _copy_ring(run, row, one + 1, one)
    caller.n_phones -= 1


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


# Whom to ring


@internal
def _look(run, row, now):
    """S3, S4: pick the next wave and ring it, or end the pass."""
    caller = run.state.callers[row]
    n = _candidates(run, row, now)
    if n > 0:
        n = _wave(run, row, n, now)
    if n == 0:
        return WAIT if caller.n_phones > 0 else END_PASS
    if run.plan.groups[caller.group].auto_answer:
        return _page(run, row, n, now)
    return _ring(run, row, n, now)


@internal
def _candidates(run, row, now):
    """S3: put the members who could be rung now first in `chosen`; return how many they are."""
    caller, line = run.state.callers[row], run.more.callers[row]
    group = run.plan.groups[caller.group]
    first = group.first_member
    n, found = 0, 0
    if run.options.groups[caller.group].order_fixed:
        if not line.has_order:
            _fix_order(run, row, now)
        if caller.found == NOT_LOOKED:
            for member in range(first, group.last_member):
                found += _may_be_rung(run, row, member, now)
            caller.found = found
        return line.n_order - line.turn
    for place in range(group.last_member - first):
        member = first + place
        if run.state.rung[row, place] != caller.this_pass and _may_be_rung(run, row, member, now):
            run.state.chosen[n] = member
            n += 1
    if caller.found == NOT_LOOKED:
        caller.found = n
    if group.auto_answer:  # S10
        kept = 0
        for place in range(n):
            member = run.state.chosen[place]
            if not _is_on_call(run, caller.group, member, now):
                run.state.chosen[kept] = member
                kept += 1
        n = kept
    return n


@internal
def _may_be_rung(run, row, member, now):
    """S3: available, of a level that is open for this call, and not declined for good."""
    caller = run.state.callers[row]
    return (
        _is_available(run, caller.group, member, now)
        and _is_open(run, row, member, now)
        and not _has_declined(run, row, member)
    )


@internal
def _has_declined(run, row, member):
    """declined_again: the member has declined this call, and is not rung again for it."""
    caller = run.state.callers[row]
    if run.options.groups[caller.group].declined_again:
        return False
    return run.more.declined_for[row, run.plan.extension_of[member]] == caller.call


@internal
def _is_available(run, group, member, now):
    """S3, S12: on duty, not on a call, not paused, resting or in enforced wrap-up."""
    rules, extension = run.options.groups[group], run.plan.extension_of[member]
    if run.options.members[member].skips_busy and _is_on_call(run, group, member, now):
        return False
    if not _is_on_duty(run.plan, extension, now):
        return False
    shared = run.more.shared[extension]
    memory = shared if rules.memory_is_shared else member
    if max(run.more.members[member].paused_until, run.more.members[shared].paused_until) > now:
        return False
    if run.more.members[memory].rests_until > now or _wraps_up(run, memory, now):
        return False
    if rules.max_active_calls < math.inf:
        active = 0
        for one in range(run.plan.groups[group].first_member, run.plan.groups[group].last_member):
            active += run.more.active_until[one] > now
        if active >= rules.max_active_calls:
            return False
    return not _is_wanted_more(run, group, extension, now)


@internal
def _is_on_call(run, group, member, now):
    """S3: on a call in [answer, answer + talk); with `ringing_is_busy` when rung, too."""
    extension = run.plan.extension_of[member]
    rings = run.plan.groups[group].ringing_is_busy and run.state.n_ringing[extension] > 0
    return rings or run.state.on_call_until[extension] > now


@internal
def _is_wanted_more(run, group, extension, now):
    """queue_weight: a caller of a group of greater weight waits for the member."""
    weight = run.options.groups[group].queue_weight
    for place in range(run.options.first_of[extension], run.options.first_of[extension + 1]):
        other = run.options.group_of[place]
        if run.options.groups[other].queue_weight > weight:
            for one in range(_line_of(run, other, now)):
                if _waits(run, other, one):
                    return True
    return False


@internal
def _is_open(run, row, member, now):
    """level_rules: the member's level is among those that the call is offered to."""
    least, most, raise_to = _limits(run, row, now)
    uses_levels = run.options.groups[run.state.callers[row].group].uses_levels
    own = run.plan.skill_level_of[member] if uses_levels else 1
    level = max(own, raise_to) if uses_levels else 1
    return least <= own and level <= most


@internal
def _level_of(run, row, member, now):
    """level_rules: the skill level that a member has for this call."""
    if not run.options.groups[run.state.callers[row].group].uses_levels:
        return 1
    _, _, raise_to = _limits(run, row, now)
    return max(run.plan.skill_level_of[member], raise_to)


@internal
def _limits(run, row, now):
    """level_rules: the lowest and the highest open level, and the level to raise to."""
    least, most, raise_to = 1.0, math.inf, 1
    caller = run.state.callers[row]
    rules = run.options.groups[caller.group]
    if not rules.uses_levels:
        return least, most, raise_to
    for place in range(rules.first_row, rules.last_row):
        level_row = run.options.rows[place]
        from_start = place == rules.first_row and level_row.after == 0
        if not from_start and not now - caller.entered_at > level_row.after:
            break
        least = _changed(least, level_row.least, level_row.least_is)
        most = _changed(most, level_row.most, level_row.most_is)
        raise_to = int(_changed(raise_to, level_row.raise_to, level_row.raise_is))
    if rules.empty_level_opens_next and most < math.inf:
        most = _first_staffed(run, caller.group, least, most, now)
    return least, most, raise_to


@internal
def _changed(level, change, is_set):
    """Return a level after a row of `level_rules`: unchanged, set, or moved."""
    if is_set == 0:
        return float(level)
    return float(change) if is_set == 1 else float(level + change)


@internal
def _first_staffed(run, group, least, most, now):
    """empty_level_opens_next: the highest open level, if levels without duty count as open."""
    first, last = run.plan.groups[group].first_member, run.plan.groups[group].last_member
    while True:
        following = math.inf
        for member in range(first, last):
            level = run.plan.skill_level_of[member]
            if least <= level <= most and _is_on_duty(run.plan, run.plan.extension_of[member], now):
                return most
            if level > most and level >= least:
                following = min(following, level)
        if following == math.inf:
            return most
        most = following


@internal
def _fix_order(run, row, now):
    """order_fixed: sort the members once, for a pass or for the call."""
    caller, line = run.state.callers[row], run.more.callers[row]
    group, rules = run.plan.groups[caller.group], run.options.groups[caller.group]
    n = 0
    if rules.order_fixed == BY_CALL:
        for member in range(group.first_member, group.last_member):
            if _is_available(run, caller.group, member, now):
                run.state.chosen[n] = member
                n += 1
        if rules.primary and group.last_member > group.first_member:
            if n == 0 or run.state.chosen[0] != group.first_member:
                n = 0
            elif _is_on_call(run, caller.group, group.first_member, now):
                n = 1
    else:
        for member in range(group.first_member, group.last_member):
            if _is_open(run, row, member, now):
                run.state.chosen[n] = member
                n += 1
    _look_at_present(run, row, n, now)
    _raise_levels(run, row, n, now)
    _sort(run, group, n)
    tie = 0
    for place in range(n):
        member = run.state.chosen[place]
        if place > 0:
            before = run.state.chosen[place - 1]
            tie += _comes_before(run.plan.keys, run.state.memory, group, before, member)
        run.more.order[row, place] = member
        run.more.tie[row, place] = tie
    _own_levels(run, n)
    line.has_order, line.n_order, line.turn = 1, n, 0


@internal
def _sort(run, group, n):
    """S7, S11: sort the chosen by key; equal ones stay in the configured order."""
    for place in range(1, n):
        member = run.state.chosen[place]
        before = place
        while before > 0 and _comes_before(
            run.plan.keys, run.state.memory, group, member, run.state.chosen[before - 1]
        ):
            run.state.chosen[before] = run.state.chosen[before - 1]
            before -= 1
        run.state.chosen[before] = member


@internal
def _comes_before(keys, memory, group, one, other):
    """S7, S11: whether the key of one member comes before that of another."""
    for key in range(group.first_key, group.last_key):
        field, sign = keys[key, 0], keys[key, 1]
        a, b = sign * memory[one, field], sign * memory[other, field]
        if a != b:
            return a < b
    return False


@internal
def _look_at_present(run, row, n, now):
    """S7: set the keys that depend on the present instant or on the caller."""
    caller, line = run.state.callers[row], run.more.callers[row]
    group, rules = run.plan.groups[caller.group], run.options.groups[caller.group]
    picks = line.picks
    line.picks += 1
    if not group.looks_at_present and not rules.memory_is_shared:
        return
    pointer = (
        line.pointer if rules.rotation == WITHIN_CALL else run.more.groups[caller.group].pointer
    )
    n_members = max(group.last_member - group.first_member, 1)
    call = caller.call
    key_row, nth = run.calls.key_row[call], run.calls.nth[call]
    for place in range(n):
        number = run.state.chosen[place]
        extension = run.plan.extension_of[number]
        member, memory = run.state.members[number], run.more.members[number]
        if rules.memory_is_shared:
            _copy_memory(run, extension, member, memory)
        ended = member.talks_until <= now
        member.last_hung_up_at = min(member.talks_until, now)
        member.random = random_draw(run.phones, extension, key_row, call, nth, 0)
        member.last_completed_at = member.talks_until if ended else memory.completed_before
        member.n_completed = member.n_answered - (0.0 if ended else 1.0)
        member.idle_since = min(run.state.on_call_until[extension], now)
        if rules.rotation != NO_ROTATION:
            member.rotation = (run.plan.position_of[number] - pointer) % n_members
        member.redrawn = random_draw(run.phones, extension, key_row, call, nth, picks)
        member.weighted = member.redrawn * run.plan.skill_level_of[number]


@internal
def _copy_memory(run, extension, member, memory):
    """memory_scope: let a member have the memory of their extension in all groups."""
    shared = run.more.shared_members[extension]
    member.last_rung_at = shared.last_rung_at
    member.last_answered_at = shared.last_answered_at
    member.n_rung = shared.n_rung
    member.n_answered = shared.n_answered
    member.talked_time = shared.talked_time
    member.talks_until = shared.talks_until
    memory.completed_before = run.more.members[run.more.shared[extension]].completed_before


@internal
def _raise_levels(run, row, n, now):
    """level_rules: give members the level that they have for this call."""
    for place in range(n):
        member = run.state.chosen[place]
        level = _level_of(run, row, member, now)
        run.state.members[member].skill_level = level


@internal
def _own_levels(run, n):
    """level_rules: give members their own level back."""
    for place in range(n):
        member = run.state.chosen[place]
        run.state.members[member].skill_level = run.plan.skill_level_of[member]


@internal
def _wave(run, row, n, now):
    """S4, S7, S11: put those whose phones ring now first in `chosen`, in the configured order."""
    caller, line = run.state.callers[row], run.more.callers[row]
    group, rules = run.plan.groups[caller.group], run.options.groups[caller.group]
    if rules.order_fixed:
        n = _next_in_order(run, row, now)
    else:
        _look_at_present(run, row, n, now)
        n = _picked(run, row, n, now)
    if n == 0:
        return 0
    line.last_rung = run.state.chosen[n - 1]
    if rules.memory_hunt == AGAIN:
        for place in range(group.last_member - group.first_member):
            member = group.first_member + place
            if run.state.rung[row, place] != caller.this_pass:
                continue
            if rules.order_fixed == BY_CALL:
                may = not _has_declined(run, row, member)
            else:
                may = _may_be_rung(run, row, member, now)
            if may:
                run.state.chosen[n] = member
                n += 1
    for place in range(1, n):  # into the configured order
        member = run.state.chosen[place]
        before = place
        while before > 0 and run.state.chosen[before - 1] > member:
            run.state.chosen[before] = run.state.chosen[before - 1]
            before -= 1
        run.state.chosen[before] = member
    return n


@internal
def _picked(run, row, n, now):
    """S4: those whom the dispatcher picks, in its order."""
    group = run.plan.groups[run.state.callers[row].group]
    _raise_levels(run, row, n, now)
    _sort(run, group, n)
    kept = n
    if group.at_once == THOSE_TIED:
        kept = 1
        while kept < n and not _comes_before(
            run.plan.keys, run.state.memory, group, run.state.chosen[0], run.state.chosen[kept]
        ):
            kept += 1
    elif group.at_once != EVERYONE:
        kept = min(n, group.at_once)
    _own_levels(run, n)
    return kept


@internal
def _next_in_order(run, row, now):
    """order_fixed: the next members of the order who can be rung; others had their turn."""
    caller, line = run.state.callers[row], run.more.callers[row]
    at_once = run.plan.groups[caller.group].at_once
    is_fixed = run.options.groups[caller.group].order_fixed == BY_CALL
    n, tie = 0, 0
    while line.turn < line.n_order:
        member, its_tie = run.more.order[row, line.turn], run.more.tie[row, line.turn]
        if n > 0 and at_once == THOSE_TIED and its_tie != tie:
            break
        if at_once != EVERYONE and at_once != THOSE_TIED and n == at_once:
            break
        line.turn += 1
        if not _has_declined(run, row, member) and (
            is_fixed or _is_available(run, caller.group, member, now)
        ):
            run.state.chosen[n] = member
            n += 1
            tie = its_tie
    return n


# Ringing


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
    nth_ring = 0
    if run.state.rang_for[row, extension] == call:
        nth_ring = run.state.rings_on[row, extension]
    run.state.rang_for[row, extension], run.state.rings_on[row, extension] = call, nth_ring + 1
    run.state.n_ringing[extension] += 1
    _remember_ring_of(run, member, extension, now)
    if nth_ring >= run.phones.limit[extension] or nth_ring >= run.declines.limit[extension]:
        run.more.groups[0].is_stopped = 1
        return
    delay = answer_delay(run.phones, extension, key_row, call, nth, nth_ring)
    run.state.rings[row, place].ready_at = now + delay
    if run.options.has_declines:
        declined = answer_delay(run.declines, extension, key_row, call, nth, nth_ring)
        run.more.rings[row, place].declines_at = now + declined


@internal
def _wait(run, row):
    """S6, S8: schedule the first event of a caller's phones, or the caller's giving up."""
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
            caller.answering = place
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
        _log_ring(run.state.counters[0], run.log, caller, extension, now, now, PAGED)
        _watch(run, extension, hangs_up_at)
    caller.outcome = ANSWERED
    return END


@internal
def _end_wave(run, row):
    """rotation: the pointer moves on when a wave ends."""
    run.more.callers[row].next_wave_at = math.inf
    rotation = run.options.groups[run.state.callers[row].group].rotation
    if rotation != NO_ROTATION and rotation != ANSWERED_ROTATION:
        _turn_pointer(run, row, NO_MEMBER)


@internal
def _turn_pointer(run, row, answered_by):
    """rotation: move the pointer behind the member rung last, or who answered."""
    caller, line = run.state.callers[row], run.more.callers[row]
    rotation = run.options.groups[caller.group].rotation
    last = answered_by if rotation == ANSWERED_ROTATION else line.last_rung
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


# Rests and pauses


@internal
def _rest(run, member, extension, seconds, now):
    """missed_rest, declined_rest: the member is no candidate for a while."""
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
    if now - min(run.state.members[member].talks_until, now) < rules.auto_pause_grace:
        return
    counted = run.more.members[run.more.shared[extension] if rules.auto_pause_is_shared else member]
    counted.missed += 1
    if counted.missed >= rules.auto_pause_after:
        counted.missed = 0
        counted.paused_until = now + rules.auto_pause_time
        _watch(run, extension, counted.paused_until)


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


@internal
def _remember_ring_of(run, member, extension, now):
    """S7: the start of a ring, answered or not."""
    _remember_ring(run.state.members[member], now)
    _remember_ring(run.more.shared_members[extension], now)


@internal
def _remember_answer_of(run, member, extension, now, hangs_up_at, talk_time):
    """S7: an answer, a page's too."""
    shared = run.more.shared[extension]
    run.more.members[member].completed_before = run.state.members[member].talks_until
    run.more.members[shared].completed_before = run.more.shared_members[extension].talks_until
    run.more.members[member].missed = 0
    run.more.members[shared].missed = 0
    _remember_answer(run.state.members[member], now, hangs_up_at, talk_time)
    _remember_answer(run.more.shared_members[extension], now, hangs_up_at, talk_time)


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
    return True


@internal
def _line_of(run, group, now):
    """Number of callers in line, without those whose talk has started."""
    kept = 0
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
    """Whether a caller in line waits: their phones do not ring, and nobody has answered."""
    until = run.more.line_until[group, place]
    return until == math.inf and not run.more.callers[run.more.line[group, place]].is_ringing


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
    poll = run.options.groups[caller.group].line_poll
    if poll > 0:
        while caller.entered_at + line.looks * poll <= now:
            line.looks += 1
        _schedule(run, row, LINE, caller.entered_at + line.looks * poll, 0)
    else:
        _schedule(run, row, TIME_OUT, line.leaves_at, 0)
    _schedule(run, row, GIVE_UP, caller.gives_up_at, 0)


@internal
def _look_at_line(run, group, now):
    """wait_in_line: offer members who are available to callers in line, first come first."""
    if run.more.groups[group].looks_at == now:
        run.more.groups[group].looks_at = -math.inf
    n = _line_of(run, group, now)
    waiting = 0
    for place in range(n):
        if run.more.line_until[group, place] == math.inf:
            run.more.looked[waiting] = run.more.line[group, place]
            waiting += 1
    for place in range(waiting):
        row = run.more.looked[place]
        if run.more.callers[row].step == IN_LINE and run.more.callers[row].stands:
            step = _begin(run, row, now)
            if step != IN_LINE:
                _advance(run, row, step, now)
    if run.options.groups[group].join_ringing:
        last = -1
        while True:
            row, call = _next_ringing(run, group, last)
            if row < 0:
                break
            last = call
            _join(run, row, now)


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
    caller.stamp += 1
    _wait(run, row)


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
    _log_visit(run.state.counters[0], run.log, caller, now)
    _visit(run, row, group.forward_to, now)
    return BEGIN


@internal
def _leave_line(run, row, now):
    """wait_in_line: give up the place in line; others may move up."""
    group, line = run.state.callers[row].group, run.more.callers[row]
    if not line.stands:
        return
    line.stands = 0
    kept = 0
    for place in range(run.more.groups[group].n_line):
        until = run.more.line_until[group, place]
        if run.more.line[group, place] == row and until == math.inf:
            if now < line.leaves_line_at < math.inf:  # connect_delay: until the talk starts
                until = line.leaves_line_at
            else:
                continue
        _copy_place(run, group, place, kept)
        run.more.line_until[group, kept] = until
        kept += 1
    run.more.groups[group].n_line = kept
    if now < line.leaves_line_at < math.inf and run.options.groups[group].watches:
        _watch_group(run, group, line.leaves_line_at)
    for other in range(len(run.plan.groups)):
        if run.options.groups[other].watches:
            _watch_group(run, other, now)


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
    line.last_rung = NO_MEMBER
    line.has_order = 0
    line.stands = 0
    caller.group = group
    caller.rings_before = caller.n_rings
    caller.found = NOT_LOOKED
    caller.entered_at = now
    run.state.entered[row, group] = caller.call
    _start_pass(run, row, 1)


@internal
def _start_pass(run, row, passes):
    """S2: nobody has been rung in this pass."""
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
    _log_visit(counters, run.log, caller, now)
    run.log.outcome[call] = caller.outcome
    run.log.wait[call] = now - run.calls.arrives_at[call]
    run.log.answered_by[call] = caller.answered_by
    run.log.n_rings[call] = caller.n_rings
    run.log.ended_in[call] = caller.group
    run.log.action[call] = caller.action
    run.state.free_callers[counters.n_free & INDEX_MASK] = row
    counters.n_free += 1


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
        more.groups[group].looks_at = -math.inf
        more.groups[group].is_started = 0
        more.groups[group].is_stopped = 0
        more.groups[group].is_endless = 0
    more.active_until[:] = -math.inf
