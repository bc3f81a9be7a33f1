"""Lists of members in ring order (S7, S11), for groups that ring one member at a time.

A hunt needs the first of its candidates only. The members of such a group are kept in order, so
that the loop takes the first who can be rung, and moves a member whose memory has changed. With
80 members a call takes two thirds of the time that looking at the keys of all takes (measured).

A list is linked in both directions and ends in an element of its own, which also follows it:
`following` and `preceding` have an element per member, then one per list. The members of a group
are in several lists if the order begins with fields that never change, such as the skill level:
one list per value, in the order of the values. A member moves within their list, from its end,
where those whose last ring or answer is the latest stand. A group in which nobody ever moves has
one list.

Groups whose order depends on the present instant or call are not kept in order, nor are groups in
which somebody is off duty at times or busy when rung. Small groups have scores in place of lists:
see `_compiled_ring_order`. Reading the order of members who never move from an array, without
links, made other hunts 3 % slower and theirs 3 % faster (measured).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby, takewhile
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.engine._plan import GroupPlan, Plan

__all__ = ["AT_ANSWER", "AT_RING", "Lists", "lists_of", "rings_in_order"]

Ints: TypeAlias = NDArray[np.int64]

FEWEST_IN_ORDER = 17  # members
NONE = np.empty(0, dtype=np.int64)

# Fields of the memory that change when a member is rung, or answers; others never do
AT_RING = ("last_rung_at", "n_rung")
AT_ANSWER = ("last_answered_at", "n_answered", "talked_time")
UNCHANGING = ("position", "skill_level")


class Lists(NamedTuple):
    """Lists of all groups at the start of a run."""

    first: list[int]  # by group, plus one: its first list, as the index of the list's end
    list_of: Ints  # by member: the end of their list
    following: Ints  # by member and end of a list, like the next
    preceding: Ints


def rings_in_order(group: GroupPlan) -> bool:
    """Return True if only rings and answers change the order in which a group rings.

    Such a group rings the first in this order of those who are not on a call.
    """
    dispatcher = group.dispatcher
    return (
        dispatcher.at_once == 1
        and not dispatcher.auto_answer
        and not group.looks_at_present
        and not group.has_options
        and not (group.skip_busy and group.ringing_is_busy)
    )


def lists_of(plan: Plan) -> Lists:
    """Return the lists of the groups in ring order; other groups have none.

    Nobody has been rung, so the fields that change are equal, and the others decide.
    """
    n = sum(len(group.members) for group in plan.groups)
    first, chains, start = [n], [], 0
    for group in plan.groups:
        in_order = rings_in_order(group) and not plan.has_duty(group)
        if in_order and len(group.members) >= FEWEST_IN_ORDER:
            chains += _chains(group, start)
        first.append(n + len(chains))
        start += len(group.members)
    if not chains:
        return Lists(first, NONE, NONE, NONE)
    list_of, following, preceding = (np.zeros(n + len(chains), dtype=np.int64) for _ in range(3))
    for end, members in enumerate(chains, n):
        list_of[members] = end
        following[[end, *members]] = [*members, end]
        preceding[[*members, end]] = [end, *members]
    return Lists(first, list_of, following, preceding)


def _chains(group: GroupPlan, first_member: int) -> list[list[int]]:
    """Return the members of each list of a group, in ring order."""
    order_by = group.dispatcher.order_by
    unchanging = [field for field in order_by if _never_changes(field)]
    leading = list(takewhile(_never_changes, order_by))
    positions = sorted(range(len(group.members)), key=partial(_key, group, unchanging))
    by_value = groupby(positions, key=partial(_key, group, leading))
    chains = [[first_member + position for position in of_value] for _, of_value in by_value]
    if any(map(group.dispatcher.looks_at, AT_RING + AT_ANSWER)):
        return chains
    return [[member for members in chains for member in members]]  # nobody ever moves


def _never_changes(field: str) -> bool:
    return field.removeprefix("-") in UNCHANGING


def _key(group: GroupPlan, fields: Sequence[str], position: int) -> tuple[int, ...]:
    """Return a member's sort key of fields that never change."""
    values = {"position": position, "skill_level": group.skill_levels[position]}
    return tuple(-values[field[1:]] if field.startswith("-") else values[field] for field in fields)
