"""How close settings come to goals that none of them meets."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim.planning._closeness import closeness
from ringsim.planning._cover import Cover

PATIENCE = stats.expon(scale=20)


def blocking(*, strategy: str = "PRIORITIZED_HUNT", ring_time: int = 20) -> rs.Scenario:
    """Return a group whose callers are lost at once if all members are on calls."""
    group = {
        "extension_number": "600",
        "members": ["201"],
        "ring_strategy": strategy,
        "ring_time": ring_time,
    }
    demand = rs.Demand(calls_per_hour=60, talk_time=300, patience=PATIENCE)
    return rs.Scenario(groups=[group], demand={"600": demand}, hours=2)


@pytest.mark.parametrize(
    "target",
    [
        rs.Target(abandonment_rate=0.01),
        rs.Target(mean_speed_of_answer=1),
        rs.Target(service_level=0.8, within=3, variant="answered_only"),
    ],
)
def test_a_size_is_no_closer_because_more_callers_are_blocked(target: rs.Target) -> None:
    """One member blocks most callers, so that few give up; six members answer six times as many."""
    slow = rs.Extension("201", answer_delay=stats.gamma(2, scale=3))
    scenario = blocking().replace(extensions=[slow])
    sizing = rs.size(
        scenario, "600", target, max_members=8, template="201", replications=20, max_replications=40
    )
    assert sizing.members is None
    answered = {each.members: each.answered for each in sizing.tried}
    assert sizing.closest == max(answered, key=lambda n: answered[n])


def test_the_closest_combination_does_not_block_more_callers() -> None:
    """Of two sizes that miss the target, the larger one answers more calls."""
    found = rs.optimize(
        blocking(),
        group="600",
        over={"n_members": [1, 6]},
        minimise="interruptions_per_hour",
        subject_to=rs.Target(abandonment_rate=0.01),
        max_replications=40,
    )
    assert "The closest, n_members 6, misses" in str(found)


def test_a_roster_needs_no_fewer_members_because_more_callers_are_blocked() -> None:
    people = [rs.Person(str(number), available=[("08:00", "10:00")]) for number in range(201, 207)]
    found = rs.roster(
        blocking().replace(opens_at="08:00"),
        group="600",
        target=rs.Target(abandonment_rate=0.01),
        people=people,
        shifts=[rs.Shift("08:00", "10:00")],
        replications_played=20,
        max_rounds=0,
    )
    assert max(found.chosen.needed[0]) > 3


@pytest.mark.parametrize(
    "target",
    [
        rs.Target(abandonment_rate=0.01),
        rs.Target(mean_speed_of_answer=1),
        rs.Target(service_level=0.8, within=3, variant="answered_only"),
    ],
)
def test_a_roster_is_no_better_because_more_callers_are_blocked(target: rs.Target) -> None:
    """One person blocks most callers, so that few give up; six answer several times as many."""
    people = [str(number) for number in range(201, 207)]
    slow = [rs.Extension(number, answer_delay=stats.gamma(2, scale=3)) for number in people]
    rounds = rs.roster(
        blocking().replace(opens_at="08:00", extensions=slow),
        group="600",
        target=target,
        people=people,
        shifts=[rs.Shift("08:00", "10:00")],
        replications_played=20,
        max_rounds=0,
    ).rounds
    few, many = (
        rounds.attempt(Cover({(who, 0): 0 for who in range(n)}, 2.0 * n, 1.0), [[n] * 4], 0)
        for n in (1, 6)
    )
    assert few.missed
    assert many.missed
    assert rs.Roster(rounds, (few, many)).chosen is many
    assert rs.Roster(rounds, (many, few)).chosen is many


def goals_of(**limits: Any) -> Any:
    return rs.Target(**limits).goals


figures = st.lists(
    st.tuples(*[st.one_of(st.floats(0.01, 0.99), st.just(math.nan))] * 3), min_size=1, max_size=8
)


@given(figures)
def test_less_answered_is_never_closer_in_what_rewards_losses(rows: list[Any]) -> None:
    """A law: in order of the share answered, the shortfall in such a goal never falls."""
    goals = goals_of(abandonment_rate=0.1)
    answered = [share for _, _, share in rows]
    found = closeness(goals, [(rate,) for rate, _, _ in rows], answered)
    known = sorted((key for key in found if math.isfinite(key.lost)), key=lambda key: key.lost)
    assert [key.shortfall for key in known] == sorted(key.shortfall for key in known)


@given(figures)
def test_goals_of_all_calls_count_as_they_are(rows: list[Any]) -> None:
    """A law: a service level of all calls needs no correction, and no figure is flattered."""
    goals = goals_of(service_level=0.8, interruptions_per_hour=0.5)
    found = closeness(goals, [row[:2] for row in rows], [row[2] for row in rows])
    own = [
        max(goal.shortfall(each) for goal, each in zip(goals, row[:2], strict=True)) for row in rows
    ]
    assert [key.shortfall for key in found] == own
