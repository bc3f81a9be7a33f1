"""Compiled ring order (S7, S11): which of the candidates come first.

`first_by_score`, `place_anew`
    The first member of a small group, from the scores of all, and what keeps the scores up to date.
`first_in_order`, `count_free`, `forget_order`
    The first of a large group, whose members stand in lists: see `_compiled_order`.
`best`, `first_few`, `sort_by_key`, `sort_by_position`, `comes_before`
    The first of any group, from the memory of the candidates.

The score of a member for a key is a whole number in the order of the key. A member's scores change
when they are rung or answer. The first member is then found without a branch in the vector unit,
sixteen at a time. What counts is the time until the result is there: each event waits for it. Ways
that leave the vector unit in between, or store one score alone before all are loaded, take longer
than a loop over the members (measured).
"""

from __future__ import annotations

import math

import numpy as np

from ringsim._jit import INDEX_MASK, compiled, inlined, internal
from ringsim._jit_vector import LANES, MOST, first_lane, of_least, put

BUILT_ON = "c17f61da5c59a174"  # fingerprint of what comes from elsewhere: see ringsim._jit

LAST_LANE = 1 << (LANES - 1)


@inlined
def first_by_score(state, group, members):
    """S7, S11: return the first in ring order of a set of members of a small group."""
    first = group.first_member & INDEX_MASK
    for key in range(group.last_key - group.first_key):
        members = of_least(state.scores[key], first, members)
    return first + first_lane(members | LAST_LANE)  # never of an empty set


@inlined
def best(plan, state, group, n):
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
def first_few(plan, state, group, n):
    """S7, S11: of the candidates keep `at_once`, the first by key and configured order."""
    sort_by_key(plan, state, group, n)
    sort_by_position(state.chosen, group.at_once)
    return group.at_once


@internal
def sort_by_key(plan, state, group, n):
    """S7, S11: sort the first n chosen by key; equal ones stay in the configured order."""
    chosen = state.chosen
    for place in range(1, n):
        member = chosen[place] & INDEX_MASK
        before = place
        while before > 0 and comes_before(
            plan.keys, state.memory, group, member, chosen[before - 1]
        ):
            chosen[before] = chosen[before - 1]
            before -= 1
        chosen[before] = member


@internal
def sort_by_position(chosen, n):
    """S4: sort the first n chosen into the configured order."""
    for place in range(1, n):
        member = chosen[place] & INDEX_MASK
        before = place
        while before > 0 and chosen[before - 1] > member:
            chosen[before] = chosen[before - 1]
            before -= 1
        chosen[before] = member


@internal
def comes_before(keys, memory, group, one, other):
    """S7, S11: whether the key of one member comes before that of another."""
    for key in range(group.first_key, group.last_key):
        field, sign = keys[key, 0], keys[key, 1]
        a, b = sign * memory[one, field], sign * memory[other, field]
        if a != b:
            return a < b
    return False


@internal
def count_free(plan, state, group, latest):
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
def first_in_order(plan, state, group, caller, latest):
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
def place_anew(plan, state, group, member):
    """S7, S11: change the place in ring order of a member whose memory has changed."""
    if group.is_in_order:
        _move(plan, state, group, member)
        return
    for place in range(group.last_key - group.first_key):
        key = (group.first_key + place) & INDEX_MASK
        field, sign = plan.keys[key, 0] & INDEX_MASK, plan.keys[key, 1]
        score, first = score_of(state.memory[member, field], sign), group.first_member
        put(state.scores[place], first, member - first, score)


@internal
def score_of(number, sign):
    """Return a whole number that is less if and only if `sign * number` is less.

    The bits of a float, as an integer, are in the order of the floats from 0; those of floats
    below 0 are in reverse order. There must be no negative zero.
    """
    bits = np.float64(number).view(np.int64)
    in_order = bits ^ ((bits >> 63) & MOST)
    return in_order if sign > 0 else ~in_order


@internal
def _move(plan, state, group, member):
    """S7, S11: move a member whose memory has changed to their place in the list."""
    keys, memory, following, preceding = plan.keys, state.memory, state.following, state.preceding
    before, after = preceding[member] & INDEX_MASK, following[member] & INDEX_MASK
    following[before], preceding[after] = after, before
    end = plan.list_of[member] & INDEX_MASK
    before = preceding[end] & INDEX_MASK
    while before != end and not (
        comes_before(keys, memory, group, before, member)
        or (before < member and not comes_before(keys, memory, group, member, before))
    ):
        before = preceding[before] & INDEX_MASK
    after = following[before] & INDEX_MASK
    following[before] = preceding[after] = member
    preceding[member], following[member] = before, after


@compiled
def forget_order(plan, state):
    """S7: bring all lists into the order in which a run begins."""
    for place in range(len(plan.following)):
        state.following[place] = plan.following[place]
        state.preceding[place] = plan.preceding[place]
    for key in range(plan.scores.shape[0]):
        for member in range(plan.scores.shape[1]):
            state.scores[key, member] = plan.scores[key, member]
