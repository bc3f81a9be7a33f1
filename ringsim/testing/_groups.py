"""Hypothesis strategy for ring groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st

from ringsim.group import Action, RingGroup, RingStrategy
from ringsim.testing._options import member_option_fields, option_fields, with_options
from ringsim.testing._times import LONGEST, Times, made_by

__all__ = [
    "ACTIONS",
    "ELSEWHERE",
    "GROUPS",
    "PEOPLE",
    "STRATEGIES",
    "Fields",
    "FieldsStrategy",
    "group_fields",
    "groups",
]

Fields: TypeAlias = dict[str, Any]
FieldsStrategy: TypeAlias = st.SearchStrategy[Fields]

PEOPLE = tuple(str(number) for number in range(201, 300))
GROUPS = tuple(str(number) for number in range(600, 700))
ELSEWHERE = "999"

STRATEGIES = tuple(RingStrategy)
ACTIONS = (
    Action.HANGUP,
    Action.FORWARD_TO_VOICEMAIL,
    Action.REPEAT,
    Action.FORWARD_TO_NUMBER,
)  # simplest first: examples shrink towards it
MOST_REPEATS = 3


def groups(
    number: str = GROUPS[0],
    *,
    people: Sequence[str] = PEOPLE[:5],
    min_members: int = 0,
    max_members: int = 5,
    skill_levels: int = 3,
    strategies: Sequence[str] = STRATEGIES,
    actions: Sequence[str] = ACTIONS,
    forward_to: Sequence[str] = (ELSEWHERE,),
    skip_busy_member: Sequence[bool] = (True, False),
    options: bool = False,
    ties: bool = True,
    longest: float = LONGEST,
) -> st.SearchStrategy[RingGroup]:
    """Return a strategy for ring groups of every kind.

    Parameters
    ----------
    number : str, default "600"
        Extension number of the group.
    people : sequence of str, default "201" to "205"
        Extension numbers from which the members are chosen, in any order.
    min_members, max_members : int, default 0 and 5
        Number of members; at most one per person.
    skill_levels : int, default 3
        Highest skill level; the lowest is 1.
    strategies, actions : sequence of str, default all
        Strategies, and actions of the no-answer rule, to choose from.
    forward_to : sequence of str, default "999"
        Numbers to which `FORWARD_TO_NUMBER` may forward.
    skip_busy_member : sequence of bool, default both
        Values of `skip_busy_member` to choose from.
    options : bool, default False
        If true, groups have options of other phone systems: any of `Rules` and of `Member` that
        go together, and presets in place of the strategy. A caller never waits for ever.
    ties : bool, default True
        If true, ring times and repeat delays are whole seconds; otherwise any floats.
    longest : float, default 8
        Upper bound [s] of ring times and repeat delays, at least 1.

    Returns
    -------
    SearchStrategy of RingGroup
        Shrinks to few members and to the first value of each choice.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(groups(min_members=2, max_members=3, actions=["REPEAT"]))
    ... def test_a_group_survives_the_api(group):
    ...     assert len(RingGroup.from_api(group.to_api()).members) in (2, 3)
    >>> test_a_group_survives_the_api()
    """
    fields = group_fields(
        Times(ties=ties, longest=longest),
        people=people,
        min_members=min_members,
        max_members=max_members,
        skill_levels=skill_levels,
        strategies=strategies,
        actions=actions,
        forward_to=forward_to,
        skip_busy_member=skip_busy_member,
        options=options,
    )
    return made_by(RingGroup, fields.map(lambda drawn: {"extension_number": number, **drawn}))


def group_fields(
    times: Times,
    *,
    people: Sequence[str],
    min_members: int,
    max_members: int,
    skill_levels: int,
    strategies: Sequence[str],
    actions: Sequence[str],
    forward_to: Sequence[str],
    skip_busy_member: Sequence[bool],
    options: bool,
) -> FieldsStrategy:
    """Return a strategy for the fields of a group, without its number and without defaults."""
    of_member = member_option_fields(times) if options else st.just({})
    member = st.tuples(st.sampled_from(people), st.integers(1, skill_levels), of_member)
    members = st.lists(
        member,
        min_size=min_members,
        max_size=min(max_members, len(people)),
        unique_by=lambda drawn: drawn[0],
    )
    fields = st.tuples(
        members,
        times.ring_times,
        st.sampled_from(strategies),
        st.sampled_from(skip_busy_member),
        st.one_of([_rule_fields(times, action, forward_to) for action in actions]),
        st.sampled_from([None, True, False]),
    ).map(lambda drawn: _group(*drawn))
    if not options:
        return fields
    return st.tuples(fields, option_fields(times)).map(lambda drawn: with_options(*drawn))


def _rule_fields(times: Times, action: str, forward_to: Sequence[str]) -> FieldsStrategy:
    """Return a strategy for the fields that give a group this action; none for `HANGUP`."""
    rule = {"action": str(action)}
    if action == Action.FORWARD_TO_NUMBER:
        return st.sampled_from(forward_to).map(
            lambda number: {"no_answer_forward_rule": {**rule, "number": number}}
        )
    if action == Action.REPEAT:
        return st.tuples(st.integers(0, MOST_REPEATS), times.pauses, st.booleans()).map(
            lambda drawn: {"no_answer_forward_rule": rule, **_repeats(*drawn)}
        )
    return st.just({} if action == Action.HANGUP else {"no_answer_forward_rule": rule})


def _repeats(repeats: int, delay: float, in_rules: bool) -> Fields:
    """Return the number and delay of repeats, as fields of the group or inside its `rules`."""
    if in_rules:
        return {"rules": {"passes": 1 + repeats, "repeat_delay": delay}}
    return {"max_repeats": repeats, "repeat_delay": delay}


def _group(
    members: Sequence[tuple[str, int, Fields]],
    ring_time: float,
    strategy: str,
    skip_busy: bool,
    rule: Fields,
    ringing_is_busy: bool | None,
) -> Fields:
    fields: Fields = {
        "members": [_member(*drawn) for drawn in members],
        "ring_time": ring_time,
    }
    if strategy != RingStrategy.RING_SIMULTANEOUSLY:
        fields["ring_strategy"] = str(strategy)
    if not skip_busy:
        fields["skip_busy_member"] = False
    fields |= rule
    if ringing_is_busy is not None:
        fields["rules"] = {**fields.get("rules", {}), "ringing_is_busy": ringing_is_busy}
    return fields


def _member(number: str, level: int, options: Fields) -> Fields | str:
    """Return the fields of a member, or the number alone."""
    fields = {"skill_level": level, **options} if level > 1 else options
    return {"extension_number": number, **fields} if fields else number
