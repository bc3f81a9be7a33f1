"""Compiled attempts of callers who try again, as in `_simpy_options_redial`.

An attempt is a call with a number of its own, after those of all first attempts. Its row in the
columns of `Calls` is written when the attempt before it ends.
"""

from __future__ import annotations

import math

from ringsim._jit import internal
from ringsim.engine._compiled import _rank
from ringsim.engine._compiled_layout import ARRIVAL, CALLER_BITS, KIND_BITS, LINE
from ringsim.engine._compiled_options_events import _push_event
from ringsim.workload._jit_draws import ATTEMPT, answer_delay

BUILT_ON = "acbe3842fff6f717"  # fingerprint of what comes from elsewhere: see ringsim._jit

NEXT_ATTEMPT = 1 << CALLER_BITS  # marks a call in place of a group in an event without a caller


@internal
def _first_attempt(run, call):
    """Return the first attempt of the caller of a call."""
    n = len(run.calls.order)
    return call if call < n else run.redials.caller[call - n]


@internal
def _try_again(run, row, now):
    """Schedule the next attempt of a caller whose call has ended, if there is one."""
    redials, call = run.redials, run.state.callers[row].call
    first = run.more.callers[row].first_attempt
    kind, n = redials.kind[first], len(run.calls.order)
    attempt = 0 if call < n else redials.attempt[call - n]
    if not redials.is_followed[kind, run.state.callers[row].outcome]:
        return
    if attempt + 1 >= redials.max_attempts[kind]:
        return
    if attempt >= redials.delays.limit[kind] or attempt >= redials.patience.limit[kind]:
        run.more.groups[0].is_stopped = 1
        return
    key_row, nth = run.calls.key_row[first], run.calls.nth[first]
    at = now + answer_delay(redials.delays, kind, key_row, first, nth, attempt)
    if at == math.inf:
        return
    place = redials.n_attempts[0]
    redials.n_attempts[0] += 1
    redials.caller[place] = first
    redials.attempt[place] = attempt + 1
    again = n + place
    run.calls.arrives_at[again] = at
    run.calls.talk_time[again] = run.calls.talk_time[first]
    run.calls.wrap_up_time[again] = run.calls.wrap_up_time[first]
    run.calls.patience[again] = run.calls.patience[first]
    if redials.patience_anew[kind]:
        run.calls.patience[again] = answer_delay(
            redials.patience, kind, key_row, first, nth, attempt
        )
    run.calls.group[again] = run.calls.group[first]
    run.calls.key_row[again] = key_row
    run.calls.nth[again] = nth + (attempt + 1) * ATTEMPT
    rank = _rank(run.state.counters[0], ARRIVAL, again, 0)
    _push_event(run, at, rank, ((NEXT_ATTEMPT | again) << KIND_BITS) | LINE)
