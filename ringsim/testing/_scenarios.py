"""Ring groups and scenarios: small, and full of what can happen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st

from ringsim.group import Action, RingGroup, RingStrategy
from ringsim.scenario import Scenario
from ringsim.testing._parts import LONGEST, Times, made_by, several

__all__ = ["groups", "scenarios"]

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
)  # from the simplest on
MOST_REPEATS = 3
HOURS = 0.1  # six minutes
MOST_CALLS_PER_HOUR = 200


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
    ties: bool = True,
    longest: float = LONGEST,
) -> st.SearchStrategy[RingGroup]:
    """Ring groups of every kind.

    Parameters
    ----------
    number : str, default "600"
        Of the group.
    people : sequence of str, default "201" to "205"
        Whom its members are chosen from, in any order.
    min_members, max_members : int, default 0 and 5
        Number of members; never more than there are people.
    skill_levels : int, default 3
        Skill levels are 1 to this.
    strategies, actions : sequence of str, default all
        Strategies, and actions of the no-answer rule, to choose from.
    forward_to : sequence of str, default "999"
        Where `FORWARD_TO_NUMBER` may lead.
    skip_busy_member : sequence of bool, default both
        Whether busy members may be skipped, or rung.
    ties : bool, default True
        Ring times and repeat delays of whole seconds; otherwise any floats.
    longest : float, default 8
        Upper bound [s] of both, at least 1.

    Returns
    -------
    SearchStrategy of RingGroup
        Shrinks to few members and the first of all choices.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(groups(min_members=2, max_members=3, actions=["REPEAT"]))
    ... def test_a_group_survives_the_api(group):
    ...     assert len(RingGroup.from_api(group.to_api()).members) in (2, 3)
    >>> test_a_group_survives_the_api()
    """
    fields = _group_fields(
        Times(ties=ties, longest=longest),
        people=people,
        min_members=min_members,
        max_members=max_members,
        skill_levels=skill_levels,
        strategies=strategies,
        actions=actions,
        forward_to=forward_to,
        skip_busy_member=skip_busy_member,
    )
    return made_by(RingGroup, fields.map(lambda drawn: {"extension_number": number, **drawn}))


def scenarios(
    *,
    min_groups: int = 1,
    max_groups: int = 3,
    people: int = 5,
    min_members: int = 0,
    max_members: int = 5,
    skill_levels: int = 3,
    strategies: Sequence[str] = STRATEGIES,
    actions: Sequence[str] = ACTIONS,
    skip_busy_member: Sequence[bool] = (True, False),
    duty: bool = True,
    demand: bool = True,
    ties: bool = True,
    zero: bool = True,
    infinite: bool = True,
    longest: float = LONGEST,
) -> st.SearchStrategy[Scenario]:
    """Scenarios of a few groups that share their people and forward to one another.

    Parameters
    ----------
    min_groups, max_groups : int, default 1 and 3
        Number of groups, `"600"`, `"601"`, and so on.
    people : int, default 5
        Number of people that members are chosen from, `"201"`, `"202"`, and so on.
    min_members, max_members : int, default 0 and 5
        Number of members of a group; never more than there are people.
    skill_levels, strategies, actions, skip_busy_member
        As of `groups`. `FORWARD_TO_NUMBER` leads to any group, itself included, or out of
        the scenario.
    duty : bool, default True
        Whether people may be on duty at times only.
    demand : bool, default True
        Whether groups are called, and people have habits and calls of their own, for
        `Workload.draw` and `simulate`; `workloads` has no need of it. Six minutes, in which
        at most two dozen calls of each kind are expected.
    ties : bool, default True
        Whole seconds, at which many things happen at once; otherwise any floats.
    zero, infinite : bool, default True
        Whether durations that people have may be 0, and inf.
    longest : float, default 8
        Upper bound [s] of all finite times, at least 1; only what follows a distribution
        without end may be longer.

    Returns
    -------
    SearchStrategy of Scenario
        Shrinks to few groups with few members, all of them with what is said by default.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> import ringsim as rs
    >>> @settings(deadline=None)
    ... @given(scenarios(strategies=["CYCLIC_HUNT"], min_members=2))
    ... def test_the_same_seed_gives_the_same_day(scenario):
    ...     one, two = (rs.play(scenario, rs.Workload.draw(scenario, 7)) for _ in range(2))
    ...     assert one.calls.equals(two.calls)
    >>> test_the_same_seed_gives_the_same_day()
    """
    group = _group_fields(
        Times(ties=ties, longest=longest),
        people=PEOPLE[:people],
        min_members=min_members,
        max_members=max_members,
        skill_levels=skill_levels,
        strategies=strategies,
        actions=actions,
        forward_to=(ELSEWHERE, *GROUPS[:max_groups]),
        skip_busy_member=skip_busy_member,
    )
    times = Times(ties, zero, infinite, longest)
    person = _person_fields(times, PEOPLE[:people], duty=duty, demand=demand)
    fields = st.tuples(
        several(group, min_size=min_groups, max_size=max_groups),
        several(person, min_size=0, max_size=people, unique_by=lambda one: one["extension_number"]),
        st.booleans(),
        several(_demand_fields(times), min_size=0, max_size=max_groups) if demand else st.just([]),
    ).map(lambda drawn: _scenario(*drawn))
    return made_by(Scenario, fields)


# Groups


def _group_fields(
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
) -> FieldsStrategy:
    """A group but for its number; what has its default value is left out."""
    member = st.tuples(st.sampled_from(people), st.integers(1, skill_levels))
    members = st.lists(
        member,
        min_size=min_members,
        max_size=min(max_members, len(people)),
        unique_by=lambda drawn: drawn[0],
    )
    return st.tuples(
        members,
        times.ring_times,
        st.sampled_from(strategies),
        st.sampled_from(skip_busy_member),
        st.one_of([_rule_fields(times, action, forward_to) for action in actions]),
    ).map(lambda drawn: _group(*drawn))


def _rule_fields(times: Times, action: str, forward_to: Sequence[str]) -> FieldsStrategy:
    """What a group says of this action, and nothing where it hangs up."""
    rule = {"action": str(action)}
    if action == Action.FORWARD_TO_NUMBER:
        return st.sampled_from(forward_to).map(
            lambda number: {"no_answer_forward_rule": {**rule, "number": number}}
        )
    if action == Action.REPEAT:
        return st.tuples(st.integers(0, MOST_REPEATS), times.pauses).map(
            lambda drawn: {
                "no_answer_forward_rule": rule,
                "max_repeats": drawn[0],
                "repeat_delay": drawn[1],
            }
        )
    return st.just({} if action == Action.HANGUP else {"no_answer_forward_rule": rule})


def _group(
    members: Sequence[tuple[str, int]],
    ring_time: float,
    strategy: str,
    skip_busy: bool,
    rule: Fields,
) -> Fields:
    fields: Fields = {
        "members": [
            {"extension_number": number, "skill_level": level} if level > 1 else number
            for number, level in members
        ],
        "ring_time": ring_time,
    }
    if strategy != RingStrategy.RING_SIMULTANEOUSLY:
        fields["ring_strategy"] = str(strategy)
    if not skip_busy:
        fields["skip_busy_member"] = False
    return fields | rule


# People and those who call them


def _person_fields(
    times: Times, people: Sequence[str], *, duty: bool, demand: bool
) -> FieldsStrategy:
    optional: dict[str, st.SearchStrategy[Any]] = {}
    if duty:
        optional["on_duty"] = st.lists(times.instants, max_size=4).map(_spans)
    if demand:
        optional |= {
            "answer_delay": _distributions(times, times.durations),
            "answer_probability": st.sampled_from([1, 0, 0.5]),
            "own_calls": _demand_fields(times),
        }
    return st.fixed_dictionaries({"extension_number": st.sampled_from(people)}, optional=optional)


def _spans(instants: Sequence[float]) -> list[tuple[float, float]]:
    """Between the first and the second, the third and the fourth; without end after an odd one."""
    bounds = sorted(instants)
    if len(bounds) % 2:
        bounds.append(math.inf)
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return [(start, end) for start, end in pairs if start < end]


def _demand_fields(times: Times) -> FieldsStrategy:
    durations = _distributions(times, times.durations)
    arrivals = st.lists(times.instants, max_size=4).map(lambda at: ("arrives_at", at))
    rates = st.integers(0, MOST_CALLS_PER_HOUR).map(lambda rate: ("calls_per_hour", rate))
    return st.tuples(
        arrivals | rates, durations, durations, _distributions(times, times.patience)
    ).map(lambda drawn: _demand(*drawn))


def _demand(arrival: tuple[str, Any], talk_time: Any, wrap_up_time: Any, patience: Any) -> Fields:
    fields = dict([arrival])
    fields["talk_time"] = talk_time
    if wrap_up_time != 0:
        fields["wrap_up_time"] = wrap_up_time
    if patience != math.inf:
        fields["patience"] = patience
    return fields


def _distributions(times: Times, constants: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    """Constants, samples and, where times need not be whole, distributions that vary freely."""
    samples = st.lists(times.durations, min_size=1, max_size=3).map(lambda of: {"samples": of})
    if times.ties:
        return constants | samples
    free = [{"mean": times.longest, "cv": 1}, {"dist": "gamma", "a": 2, "scale": times.longest / 2}]
    return constants | samples | st.sampled_from(free)


def _scenario(
    groups: Sequence[Fields],
    people: Sequence[Fields],
    ringing_is_busy: bool,
    demand: Sequence[Fields],
) -> Fields:
    numbered = [
        {"extension_number": number, **fields}
        for number, fields in zip(GROUPS, groups, strict=False)
    ]
    fields: Fields = {"groups": numbered}
    if people:
        fields["extensions"] = list(people)
    if ringing_is_busy:
        fields["ringing_is_busy"] = True
    if demand and groups:
        called = zip(GROUPS[: len(groups)], demand, strict=False)
        fields |= {"demand": dict(called), "hours": HOURS}
    return fields
