"""Compiled choice of the members to ring, as in `_simpy_options_candidates`."""

from __future__ import annotations

import math

from ringsim._jit import INDEX_MASK, inlined, internal
from ringsim.engine._compiled import _is_on_duty
from ringsim.engine._compiled_layout import EVERYONE, NOT_LOOKED, THOSE_TIED
from ringsim.engine._compiled_options_events import _line_of, _waits, _wraps_up
from ringsim.engine._compiled_options_layout import AGAIN, BY_CALL, NO_ROTATION, WITHIN_CALL
from ringsim.engine._compiled_ring_order import best, comes_before, sort_by_key, sort_by_position
from ringsim.workload._jit_draws import random_draw

BUILT_ON = "acbe3842fff6f717"  # fingerprint of what comes from elsewhere: see ringsim._jit


# Who may be rung


@internal
def _candidates(run, row, now):
    """S3: put the members who could be rung now first in `chosen`; return their number.

    In a fixed order, return how many have not had their turn.
    """
    caller, line = run.state.callers[row], run.more.callers[row]
    group = run.plan.groups[caller.group]
    rules, chosen = run.options.groups[caller.group], run.state.chosen
    if rules.order_fixed:
        if not line.has_order:
            _fix_order(run, row, now)
        if caller.found == NOT_LOOKED:
            found = 0
            for member in range(group.first_member, group.last_member):
                found += _may_be_rung(run, row, member, now)
            caller.found = found
        return line.n_order - line.turn
    n = _not_rung(run, row, now)
    if group.has_duty:
        n = _on_duty(run.plan, chosen, n, now)
    if rules.has_conditions:  # after the quick checks, which `_may_be_rung` repeats
        kept = 0
        for place in range(n):
            member = chosen[place]
            if _may_be_rung(run, row, member, now):
                chosen[kept] = member
                kept += 1
        n = kept
    if caller.found == NOT_LOOKED:
        caller.found = n
    if group.auto_answer:  # S10: counted in `found`, but not reached
        kept = 0
        for place in range(n):
            member = chosen[place]
            if not _is_on_call(run, caller.group, member, now):
                chosen[kept] = member
                kept += 1
        n = kept
    return n


@inlined
def _not_rung(run, row, now):
    """S2, S3: put the members whom this pass has not rung and who are not busy in `chosen`."""
    caller = run.state.callers[row & INDEX_MASK]
    group = run.plan.groups[caller.group & INDEX_MASK]
    # The arrays are read here, as the compiler reads them again after each store
    rung, chosen, on_call_until = run.state.rung, run.state.chosen, run.state.on_call_until
    n_ringing, extension_of = run.state.n_ringing, run.plan.extension_of
    members = run.options.members
    first, row, this_pass = group.first_member & INDEX_MASK, row & INDEX_MASK, caller.this_pass
    ringing_is_busy = group.ringing_is_busy != 0
    n = 0
    for place in range(group.last_member - first):
        member = first + place
        extension = extension_of[member] & INDEX_MASK
        rings = ringing_is_busy & (n_ringing[extension] > 0)
        is_busy = rings | (on_call_until[extension] > now)
        chosen[n] = member  # no branch to be mispredicted
        n += (rung[row, place] != this_pass) & (not (is_busy & (members[member].skips_busy != 0)))
    return n


@internal
def _on_duty(plan, chosen, n, now):
    """S12: keep those of the chosen who are on duty; return their number."""
    kept = 0
    for place in range(n):
        member = chosen[place] & INDEX_MASK
        if _is_on_duty(plan, plan.extension_of[member], now):
            chosen[kept] = member
            kept += 1
    return kept


@inlined
def _may_be_rung(run, row, member, now):
    """S3: available, of a level that is open for this call, and not declined for good."""
    group = run.state.callers[row].group & INDEX_MASK
    rules = run.options.groups[group]
    return (
        _is_available(run, group, member, now)
        and (not rules.changes_levels or _is_open(run, row, member, now))
        and not _has_declined(run, row, member)
    )


@inlined
def _has_declined(run, row, member):
    """declined_again: the member has declined this call, and is not rung again for it."""
    caller = run.state.callers[row]
    if run.options.groups[caller.group].declined_again:
        return False
    return run.more.declined_for[row, run.plan.extension_of[member]] == caller.call


@inlined
def _is_available(run, group, member, now):
    """S3, S12: on duty, not on a call, not paused, resting or in enforced wrap-up."""
    group, member = group & INDEX_MASK, member & INDEX_MASK
    rules, extension = run.options.groups[group], run.plan.extension_of[member] & INDEX_MASK
    if run.options.members[member].skips_busy and _is_on_call(run, group, member, now):
        return False
    if not _is_on_duty(run.plan, extension, now):
        return False
    if not rules.has_conditions:
        return True
    if rules.has_rests and _is_resting(run, group, member, now):
        return False
    if rules.max_active_calls < math.inf:
        active = 0
        for one in range(run.plan.groups[group].first_member, run.plan.groups[group].last_member):
            active += run.more.active_until[one] > now
        if active >= rules.max_active_calls:
            return False
    return not (rules.is_outweighed and _is_wanted_more(run, group, extension, now))


@internal
def _is_resting(run, group, member, now):
    """S3: paused, resting or in enforced wrap-up."""
    shared = run.more.shared[run.plan.extension_of[member]]
    memory = shared if run.options.groups[group].memory_is_shared else member
    if max(run.more.members[member].paused_until, run.more.members[shared].paused_until) > now:
        return True
    return run.more.members[memory].rests_until > now or _wraps_up(run, memory, now)


@inlined
def _is_on_call(run, group, member, now):
    """S3: on a call in [answer, answer + talk); with `ringing_is_busy` when rung, too."""
    extension = run.plan.extension_of[member & INDEX_MASK] & INDEX_MASK
    rings = (
        run.plan.groups[group & INDEX_MASK].ringing_is_busy and run.state.n_ringing[extension] > 0
    )
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


# Levels


@internal
def _is_open(run, row, member, now):
    """level_rules: the member's level is among those that the call is offered to."""
    if not run.options.groups[run.state.callers[row].group].changes_levels:
        return True
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


# Order


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
    sort_by_key(run.plan, run.state, group, n)
    tie = 0
    for place in range(n):
        member = run.state.chosen[place]
        if place > 0:
            before = run.state.chosen[place - 1]
            tie += comes_before(run.plan.keys, run.state.memory, group, before, member)
        run.more.order[row, place] = member
        run.more.tie[row, place] = tie
    _own_levels(run, row)
    line.has_order, line.n_order, line.turn = 1, n, 0


@internal
def _look_at_present(run, row, n, now):
    """S7, rotation: set the keys that depend on the present instant or on the caller."""
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
    members, chosen = run.state.members, run.state.chosen
    extension_of, position_of = run.plan.extension_of, run.plan.position_of
    if rules.rotation != NO_ROTATION:
        for place in range(n):
            number = chosen[place] & INDEX_MASK
            distance = position_of[number] - pointer
            members[number].rotation = distance + n_members * (distance < 0)
    if not (rules.memory_is_shared or rules.looks_at_talks or rules.draws):
        return
    call, first = caller.call & INDEX_MASK, line.first_attempt
    key_row, nth = run.calls.key_row[call], run.calls.nth[call]
    for place in range(n):
        number = chosen[place] & INDEX_MASK
        extension = extension_of[number] & INDEX_MASK
        member, memory = members[number], run.more.members[number]
        if rules.memory_is_shared:
            _copy_memory(run, extension, member, memory)
        if rules.looks_at_talks:
            ended = member.talks_until <= now
            member.last_hung_up_at = min(member.talks_until, now)
            member.last_completed_at = member.talks_until if ended else memory.completed_before
            member.n_completed = member.n_answered - (0.0 if ended else 1.0)
            member.idle_since = min(run.state.on_call_until[extension], now)
        if rules.draws:
            member.random = random_draw(run.phones, extension, key_row, first, nth, 0)
            member.redrawn = random_draw(run.phones, extension, key_row, first, nth, picks)
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
    if not run.options.groups[run.state.callers[row].group].changes_levels:
        return
    for place in range(n):
        member = run.state.chosen[place]
        level = _level_of(run, row, member, now)
        run.state.members[member].skill_level = level


@internal
def _own_levels(run, row):
    """level_rules: give members their own level back."""
    group = run.state.callers[row].group
    if not run.options.groups[group].changes_levels:
        return
    for member in range(run.plan.groups[group].first_member, run.plan.groups[group].last_member):
        run.state.members[member].skill_level = run.plan.skill_level_of[member]


# Waves


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
    line.last_picked = run.state.chosen[n - 1]
    if rules.memory_hunt == AGAIN:
        for place in range(group.last_member - group.first_member):
            member = group.first_member + place
            if run.state.rung[row, place] != caller.this_pass:
                continue
            if not _has_declined(run, row, member) and (
                rules.order_fixed == BY_CALL or _may_be_rung(run, row, member, now)
            ):
                run.state.chosen[n] = member
                n += 1
    sort_by_position(run.state.chosen, n)
    return n


@internal
def _picked(run, row, n, now):
    """S4: those whom the dispatcher picks, in its order."""
    group = run.plan.groups[run.state.callers[row].group]
    changes_levels = run.options.groups[run.state.callers[row].group].changes_levels
    if changes_levels:
        _raise_levels(run, row, n, now)
    if group.at_once == THOSE_TIED:
        n = best(run.plan, run.state, group, n)
    elif group.at_once == 1:
        n = min(best(run.plan, run.state, group, n), 1)
    else:
        sort_by_key(run.plan, run.state, group, n)
        n = n if group.at_once == EVERYONE else min(n, group.at_once)
    if changes_levels:
        _own_levels(run, row)
    return n


@internal
def _next_in_order(run, row, now):
    """order_fixed: the next members of the order who can be rung; others had their turn."""
    caller, line = run.state.callers[row], run.more.callers[row]
    at_once = run.plan.groups[caller.group].at_once
    by_call = run.options.groups[caller.group].order_fixed == BY_CALL
    n, tie = 0, 0
    while line.turn < line.n_order:
        member, its_tie = run.more.order[row, line.turn], run.more.tie[row, line.turn]
        if n > 0 and at_once == THOSE_TIED and its_tie != tie:
            break
        if at_once != EVERYONE and at_once != THOSE_TIED and n == at_once:
            break
        line.turn += 1
        auto_answer = run.plan.groups[caller.group].auto_answer
        if auto_answer and _is_on_call(run, caller.group, member, now):  # S10
            continue
        if not _has_declined(run, row, member) and (
            by_call or _is_available(run, caller.group, member, now)
        ):
            run.state.chosen[n] = member
            n += 1
            tie = its_tie
    return n
