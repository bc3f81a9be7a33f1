"""The compiled engine: rules S1 to S15 as one event loop, bit for bit the reference's log.

Read it beside `_simpy`: the same verbs stand in the same order under the same names. What is
a local variable of a caller's process there, is a column of the caller's row here; what waits
for an event there, is one entry of the heap. Nobody has more than one event to come, so
entries are never cancelled.

All state is in arrays, laid out as `_compiled_layout` says and made by `_compiled_tables`. Nothing
is allocated for a call: the loop returns when a table is full, is given twice the room, and goes
on. Orderings are data, so every dispatcher runs on one compilation.
"""

from __future__ import annotations

import math

from ringsim._jit import PLACES, compiled, inlined
from ringsim._jit_heap import is_before, pop, push
from ringsim.engine._compiled_layout import (
    ACTION,
    ANSWER,
    ANSWERED_BY,
    ANSWERING_SEAT,
    ARRIVAL,
    AT_ONCE,
    AUTO_ANSWER,
    CALL,
    CALLERS_FULL,
    DONE,
    ENDS_AT,
    ENTERED_AT,
    EVERYONE,
    FIRST_KEY,
    FIRST_SEAT,
    FORWARD_TO,
    FOUND,
    GIVE_UP,
    GIVES_UP_AT,
    GROUP,
    HAS_DUTY,
    LAST_ANSWERED_AT,
    LAST_HUNG_UP_AT,
    LAST_KEY,
    LAST_RUNG_AT,
    LAST_SEAT,
    LOOKS_AT_PRESENT,
    MAX_REPEATS,
    N_ANSWERED,
    N_ARRIVED,
    N_EVENTS,
    N_FREE,
    N_OWN_BEGUN,
    N_PASSES,
    N_PHONES,
    N_RING_ROWS,
    N_RINGS,
    N_RUNG,
    N_RUNS,
    N_VISIT_ROWS,
    NOT_LOOKED,
    ONE_WAVE,
    OWN_CALL,
    PASSES,
    RANDOM,
    REPEAT,
    REPEAT_DELAY,
    REPEATS,
    RING_TIME,
    RINGS_BEFORE,
    RINGS_BEFORE_PASS,
    RINGS_FULL,
    RINGS_NOT_LAID_OUT,
    SKIP_BUSY,
    STARTED_AT,
    TALKED_TIME,
    TALKS_UNTIL,
    THIS_PASS,
    THOSE_TIED,
    TIME_OUT,
    UNANSWERED,
    VISITS_FULL,
    WAITS_FOR,
)
from ringsim.engine._plan import NOWHERE
from ringsim.logarrays import (
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
from ringsim.workload._jit_draws import answer_delay, random_draw

BUILT_ON = "39edfcaab367749b"  # fingerprint of what comes from elsewhere: see ringsim._jit


@compiled
def play_runs(rules, calls, phones, state, log, nothing):
    """Play one run after another until all calls are over, or a table is full: why it returns.

    Each begins with phones that remember nothing.
    """
    (groups, group_times, extension_of, position_of, _, keys, duty_of, duty) = rules[:8]
    (ringing_is_busy, width) = rules[8:]
    (first, arrives_at, talk_time, wrap_up_time, patience, group_of, key_row, nth) = calls[:8]
    (order, first_own, own_at, own_talk_time, own_extension, own_order, length) = calls[8:]
    (memory, on_call_until, free_at, n_ringing, callers, caller_times, wave) = state[:7]
    (ready_at, rung, rang_for, rings_on, entered, heap_at, heap_rank, heap_caller) = state[7:15]
    (free_callers, chosen, counters) = state[15:]
    limit = phones.limit
    run, runs = counters[N_RUNS], len(first) - 1
    if run == runs:
        return DONE
    last_call, last_own = first[run + 1], first_own[run + 1]

    while True:
        # Room for one event more, whatever it brings
        if counters[N_FREE] == 0:
            return CALLERS_FULL
        if counters[N_RING_ROWS] + 2 * width > len(log.ring_call):
            return RINGS_FULL
        if counters[N_VISIT_ROWS] + len(groups) + 1 > len(log.visit_call):
            return VISITS_FULL

        # S13: the next of the events to come
        kind, now, rank, number, caller = -1, math.inf, 0, 0, 0
        if counters[N_ARRIVED] < last_call:
            number = order[counters[N_ARRIVED] & PLACES] & PLACES
            kind, now, rank = ARRIVAL, arrives_at[number], _rank(length, width, ARRIVAL, number, 0)
        if counters[N_OWN_BEGUN] < last_own:
            own = own_order[counters[N_OWN_BEGUN] & PLACES] & PLACES
            begins_at, own_rank = own_at[own], _rank(length, width, OWN_CALL, own, 0)
            if kind < 0 or is_before(begins_at, own_rank, now, rank):
                kind, now, rank, number = OWN_CALL, begins_at, own_rank, own
        if counters[N_EVENTS] > 0 and (kind < 0 or is_before(heap_at[0], heap_rank[0], now, rank)):
            caller, now = heap_caller[0] & PLACES, heap_at[0]
            kind = callers[caller, WAITS_FOR]
            _unschedule(state)
        if kind < 0:  # the run is over
            run += 1
            counters[N_RUNS] = run
            log.first_ring[run], log.first_visit[run] = (
                counters[N_RING_ROWS],
                counters[N_VISIT_ROWS],
            )
            forget(state, nothing)
            if run == runs:
                return DONE
            last_call, last_own = first[run + 1], first_own[run + 1]
            continue

        hunts, waits, ended_wave, over, outcome = False, False, False, False, UNANSWERED

        # Arrivals and own calls
        if kind == ARRIVAL:  # S1
            counters[N_ARRIVED] += 1
            counters[N_FREE] -= 1
            caller = free_callers[counters[N_FREE] & PLACES] & PLACES
            callers[caller, CALL] = number
            callers[caller, N_RINGS] = 0
            callers[caller, ANSWERED_BY] = NOBODY
            caller_times[caller, GIVES_UP_AT] = now + patience[number]
            _enter(callers, caller_times, counters, entered, caller, group_of[number], now)
            hunts = True
        elif kind == OWN_CALL:  # S15
            counters[N_OWN_BEGUN] += 1
            extension = own_extension[number] & PLACES
            if now >= free_at[extension] and _is_on_duty(duty_of, duty, extension, now):
                on_call_until[extension] = now + own_talk_time[number]
                free_at[extension] = on_call_until[extension]
                log.taken[number] = True
            continue
        elif kind == ANSWER:  # S6
            seat = callers[caller, ANSWERING_SEAT] & PLACES
            extension = extension_of[seat] & PLACES
            if now >= free_at[extension]:
                call = callers[caller, CALL] & PLACES
                hangs_up_at = now + talk_time[call]
                on_call_until[extension] = hangs_up_at
                free_at[extension] = hangs_up_at + wrap_up_time[call]
                _remember_answer(memory, seat, now, hangs_up_at, talk_time[call])
                callers[caller, ANSWERED_BY] = extension
                ended_wave, outcome = True, ANSWERED
            else:
                waits = True
        elif kind == GIVE_UP:  # S8
            ended_wave, outcome = True, ABANDONED
        elif kind == TIME_OUT:  # S5
            ended_wave = True
            over = groups[callers[caller, GROUP], ONE_WAVE] != 0
            hunts = not over
        else:  # S9, a delayed repeat
            _start_pass(callers, counters, caller, callers[caller, PASSES] + 1)
            hunts = True

        call = callers[caller, CALL] & PLACES
        if ended_wave:
            lost = RING_NO_ANSWER
            if outcome == ANSWERED:
                lost = ANSWERED_ELSEWHERE
            elif outcome == ABANDONED:
                lost = CALLER_GAVE_UP
            for place in range(callers[caller, N_PHONES]):
                seat = wave[caller, place] & PLACES
                extension = extension_of[seat] & PLACES
                n_ringing[extension] -= 1
                answered = outcome == ANSWERED and seat == callers[caller, ANSWERING_SEAT]
                started_at = caller_times[caller, STARTED_AT]
                result = RING_ANSWERED if answered else lost
                _log_ring(log, counters, callers, caller, extension, started_at, now, result)

        # One call: from a look for candidates, through as many passes and groups as end at
        # once, to its next event or its end
        action = NO_ACTION
        while hunts or over:
            group = callers[caller, GROUP] & PLACES
            if over:  # S9: a pass that ended unanswered
                over = False
                if groups[group, REPEATS] and callers[caller, PASSES] <= groups[group, MAX_REPEATS]:
                    if callers[caller, N_RINGS] > callers[caller, RINGS_BEFORE_PASS]:
                        _start_pass(callers, counters, caller, callers[caller, PASSES] + 1)
                        hunts = True
                        continue
                    repeats_at = now + group_times[group, REPEAT_DELAY]
                    gives_up_at = caller_times[caller, GIVES_UP_AT]
                    callers[caller, N_PHONES] = 0
                    kind, at = REPEAT, repeats_at
                    if gives_up_at <= repeats_at:
                        kind, at = GIVE_UP, gives_up_at
                    callers[caller, WAITS_FOR] = kind
                    rank = _rank(length, width, kind, call, 0)
                    _schedule(state, at, rank, caller)
                    break
                following = groups[group, FORWARD_TO]
                if following == NOWHERE:
                    outcome, action = OVERFLOWED, groups[group, ACTION]
                    break
                if entered[caller, following] == call:
                    outcome, action = OVERFLOWED, LOOP
                    break
                _log_visit(log, counters, callers, caller_times, caller, now)
                _enter(callers, caller_times, counters, entered, caller, following, now)
                hunts = True
                continue

            # Whom to ring: S3, S4
            hunts = False
            n = 0
            first_seat = groups[group, FIRST_SEAT] & PLACES
            skips_busy = groups[group, SKIP_BUSY] != 0
            # The first half of `_is_busy` without a branch: until when a call may go on
            latest = now if skips_busy else math.inf
            this_pass = callers[caller, THIS_PASS]
            for place in range(groups[group, LAST_SEAT] - first_seat):
                seat = first_seat + place
                chosen[n] = seat  # no branch to be mispredicted
                until = on_call_until[extension_of[seat] & PLACES]
                n += (rung[caller, place] != this_pass) & (until <= latest)
            if skips_busy and ringing_is_busy:
                n = _not_busy(
                    chosen, n, extension_of, on_call_until, n_ringing, ringing_is_busy, now
                )
            if groups[group, HAS_DUTY]:
                n = _on_duty(chosen, n, extension_of, duty_of, duty, now)
            if callers[caller, FOUND] == NOT_LOOKED:
                callers[caller, FOUND] = n
            if groups[group, AUTO_ANSWER]:
                n = _not_busy(
                    chosen, n, extension_of, on_call_until, n_ringing, ringing_is_busy, now
                )
            if n == 0:
                over = True
                continue
            if groups[group, LOOKS_AT_PRESENT]:
                for place in range(n):
                    seat = chosen[place] & PLACES
                    memory[seat, LAST_HUNG_UP_AT] = min(memory[seat, TALKS_UNTIL], now)
                    memory[seat, RANDOM] = random_draw(
                        phones, extension_of[seat], key_row[call] & PLACES, call, nth[call]
                    )
            n = _wave(chosen, n, memory, keys, groups, group)

            # Ringing: S5, S6, S8, S10
            if groups[group, AUTO_ANSWER]:
                hangs_up_at = now + talk_time[call]
                for place in range(n):
                    seat = chosen[place] & PLACES
                    extension = extension_of[seat] & PLACES
                    memory[seat, LAST_RUNG_AT] = now
                    memory[seat, N_RUNG] += 1
                    on_call_until[extension] = hangs_up_at
                    free_at[extension] = max(free_at[extension], hangs_up_at)
                    _remember_answer(memory, seat, now, hangs_up_at, talk_time[call])
                    _log_ring(log, counters, callers, caller, extension, now, now, PAGED)
                outcome = ANSWERED
                break
            times_out_at = now + group_times[group, RING_TIME]
            caller_times[caller, STARTED_AT] = now
            caller_times[caller, ENDS_AT] = min(caller_times[caller, GIVES_UP_AT], times_out_at)
            callers[caller, N_PHONES] = n
            for place in range(n):
                seat = chosen[place] & PLACES
                extension = extension_of[seat] & PLACES
                ring = 0
                if rang_for[caller, extension] == call:
                    ring = rings_on[caller, extension] & PLACES
                if ring >= limit[extension]:
                    return RINGS_NOT_LAID_OUT
                rang_for[caller, extension], rings_on[caller, extension] = call, ring + 1
                n_ringing[extension] += 1
                memory[seat, LAST_RUNG_AT] = now
                memory[seat, N_RUNG] += 1
                rung[caller, position_of[seat] & PLACES] = callers[caller, THIS_PASS]
                wave[caller, place] = seat
                ready_at[caller, place] = now + answer_delay(
                    phones, extension, key_row[call] & PLACES, call, nth[call], ring
                )
            waits = True

        if waits:  # S6: for the first answer that is possible as far as is known, or the end
            answers_at, seat = math.inf, 0
            for place in range(callers[caller, N_PHONES]):
                extension = extension_of[wave[caller, place] & PLACES] & PLACES
                at = max(ready_at[caller, place], free_at[extension])
                if at < answers_at:
                    answers_at, seat = at, wave[caller, place] & PLACES
            at, kind, position = caller_times[caller, ENDS_AT], TIME_OUT, 0
            if answers_at <= at:
                at, kind, position = answers_at, ANSWER, position_of[seat]
                callers[caller, ANSWERING_SEAT] = seat
            elif caller_times[caller, GIVES_UP_AT] == at:
                kind = GIVE_UP
            callers[caller, WAITS_FOR] = kind
            rank = _rank(length, width, kind, call, position)
            _schedule(state, at, rank, caller)

        if outcome != UNANSWERED:
            _log_visit(log, counters, callers, caller_times, caller, now)
            log.outcome[call] = outcome
            log.wait[call] = now - arrives_at[call]
            log.answered_by[call] = callers[caller, ANSWERED_BY]
            log.n_rings[call] = callers[caller, N_RINGS]
            log.ended_in[call] = callers[caller, GROUP]
            log.action[call] = action
            free_callers[counters[N_FREE] & PLACES] = caller
            counters[N_FREE] += 1


# Events to come


@compiled
def _rank(length, width, kind, number, position):
    """Place among simultaneous events (S13): by kind, then number, then position."""
    return (kind * length + number) * width + position


@compiled
def _schedule(state, at, rank, caller):
    """A caller's next event."""
    n = state.counters[N_EVENTS]
    push(state.heap_at, state.heap_rank, state.heap_caller, n, at, rank, caller)
    state.counters[N_EVENTS] += 1


@compiled
def _unschedule(state):
    """Take the first event from the heap."""
    n = state.counters[N_EVENTS]
    pop(state.heap_at, state.heap_rank, state.heap_caller, n)
    state.counters[N_EVENTS] -= 1


# One call


@compiled
def _enter(callers, caller_times, counters, entered, caller, group, now):
    """S9: a call enters a group, by arrival or forward."""
    callers[caller, GROUP] = group
    callers[caller, RINGS_BEFORE] = callers[caller, N_RINGS]
    callers[caller, FOUND] = NOT_LOOKED
    caller_times[caller, ENTERED_AT] = now
    entered[caller, group] = callers[caller, CALL]
    _start_pass(callers, counters, caller, 1)


@compiled
def _start_pass(callers, counters, caller, passes):
    """S2: nobody has been rung in this pass."""
    callers[caller, PASSES] = passes
    callers[caller, RINGS_BEFORE_PASS] = callers[caller, N_RINGS]
    counters[N_PASSES] += 1
    callers[caller, THIS_PASS] = counters[N_PASSES]


# Whom to ring


@compiled
def _is_busy(on_call_until, n_ringing, ringing_is_busy, extension, now):
    """S3: on a call in [answer, answer + talk); with `ringing_is_busy` when rung, too."""
    rings = ringing_is_busy & (n_ringing[extension] > 0)
    return (on_call_until[extension] > now) | rings


@compiled
def _not_busy(chosen, n, extension_of, on_call_until, n_ringing, ringing_is_busy, now):
    """S3, S10: those of the chosen who are not busy."""
    kept = 0
    for place in range(n):
        seat = chosen[place] & PLACES
        is_busy = _is_busy(on_call_until, n_ringing, ringing_is_busy, extension_of[seat], now)
        chosen[kept] = seat
        kept += not is_busy
    return kept


@compiled
def _on_duty(chosen, n, extension_of, duty_of, duty, now):
    """S12: those of the chosen who are on duty."""
    kept = 0
    for place in range(n):
        seat = chosen[place] & PLACES
        if _is_on_duty(duty_of, duty, extension_of[seat], now):
            chosen[kept] = seat
            kept += 1
    return kept


@compiled
def _is_on_duty(duty_of, duty, extension, now):
    """S12: in [start, end) of a span."""
    if duty_of[extension, 0] < 0:
        return True
    for span in range(duty_of[extension, 0], duty_of[extension, 1]):
        if duty[span, 0] <= now < duty[span, 1]:
            return True
    return False


@inlined
def _wave(chosen, n, memory, keys, groups, group):
    """S4: how many of the chosen ring now; they come first, in the configured order."""
    at_once = groups[group, AT_ONCE]
    first, last = groups[group, FIRST_KEY], groups[group, LAST_KEY]
    if at_once == EVERYONE or at_once >= n:
        return n
    if at_once > 1:
        for place in range(1, n):  # by key; equal ones stay in the configured order
            seat = chosen[place] & PLACES
            before = place
            while before > 0 and _is_first(memory, keys, first, last, seat, chosen[before - 1]):
                chosen[before] = chosen[before - 1]
                before -= 1
            chosen[before] = seat
        for place in range(1, at_once):  # back into the configured order
            seat = chosen[place] & PLACES
            before = place
            while before > 0 and chosen[before - 1] > seat:
                chosen[before] = chosen[before - 1]
                before -= 1
            chosen[before] = seat
        return at_once
    for key in range(first, last):  # key by key, those that share the best; no branch on it
        field, sign = keys[key, 0] & PLACES, keys[key, 1]
        best = math.inf
        for place in range(n):
            best = min(best, sign * memory[chosen[place] & PLACES, field])
        kept = 0
        for place in range(n):
            seat = chosen[place] & PLACES
            chosen[kept] = seat
            kept += sign * memory[seat, field] == best
        n = kept
        if n == 1:
            break
    return n if at_once == THOSE_TIED else 1


@compiled
def _is_first(memory, keys, first, last, one, other):
    """S7: whether the key of one seat comes before that of another."""
    for key in range(first, last):
        field, sign = keys[key, 0], keys[key, 1]
        a, b = sign * memory[one, field], sign * memory[other, field]
        if a != b:
            return a < b
    return False


# Memory and log


@compiled
def forget(state, nothing):
    """Nothing has happened, and nobody does anything."""
    for seat in range(len(nothing)):
        for field in range(nothing.shape[1]):
            state.memory[seat, field] = nothing[seat, field]
    state.on_call_until[:] = -math.inf
    state.free_at[:] = -math.inf
    state.n_ringing[:] = 0


@compiled
def _remember_answer(memory, seat, now, hangs_up_at, talk_time):
    """S7: an answer, a page's too."""
    memory[seat, LAST_ANSWERED_AT] = now
    memory[seat, N_ANSWERED] += 1
    memory[seat, TALKED_TIME] += talk_time
    memory[seat, TALKS_UNTIL] = hangs_up_at


@compiled
def _log_ring(log, counters, callers, caller, extension, started_at, ended_at, result):
    """A row of the rings."""
    callers[caller, N_RINGS] += 1
    row = counters[N_RING_ROWS] & PLACES
    counters[N_RING_ROWS] += 1
    log.ring_call[row] = callers[caller, CALL]
    log.ring_group[row] = callers[caller, GROUP]
    log.ring_member[row] = extension
    log.ring_started_at[row] = started_at
    log.ring_ended_at[row] = ended_at
    log.ring_result[row] = result


@compiled
def _log_visit(log, counters, callers, caller_times, caller, now):
    """A row of the visits, as a call leaves a group."""
    row = counters[N_VISIT_ROWS] & PLACES
    counters[N_VISIT_ROWS] += 1
    log.visit_call[row] = callers[caller, CALL]
    log.visit_group[row] = callers[caller, GROUP]
    log.visit_entered_at[row] = caller_times[caller, ENTERED_AT]
    log.visit_left_at[row] = now
    log.visit_passes[row] = callers[caller, PASSES]
    log.visit_n_rings[row] = callers[caller, N_RINGS] - callers[caller, RINGS_BEFORE]
    log.visit_found[row] = callers[caller, FOUND]


@compiled
def order_by_call(column, starts, order):
    """Fill in the order of rows by call that leaves the rows of one call as they are.

    `starts` comes as zeros, one more than there are calls.
    """
    for row in range(len(column)):
        starts[column[row] + 1] += 1
    for call in range(len(starts) - 1):
        starts[call + 1] += starts[call]
    for row in range(len(column)):
        call = column[row]
        order[starts[call]] = row
        starts[call] += 1
