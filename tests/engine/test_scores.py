"""Tests of the scores by which the compiled engine finds the first member of a small group."""

from __future__ import annotations

import math
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import ringsim as rs
from ringsim._jit import compiled
from ringsim._jit_vector import LANES
from ringsim.dispatch import ALL
from ringsim.engine import _compiled_ring_order, plan_of
from ringsim.engine._compiled_layout import plan_arrays
from ringsim.testing import Ordering
from support.played import group, scene

FIRST = ("skill_level", "-skill_level", "-position")
LATER = ("n_rung", "-n_answered", "talked_time", "-last_rung_at", "last_answered_at")


@compiled
def score(number: Any, sign: Any) -> Any:
    return _compiled_ring_order.score_of(number, sign)


def offices(size: int, *, has_duty: bool = False) -> rs.Scenario:
    """Return two groups of one size that share busy people, the second in reverse order."""
    numbers = [str(201 + place) for place in range(size)]
    members = [rs.Member(number, skill_level=1 + int(number) % 3) for number in numbers]
    demand = rs.Demand(
        calls_per_hour=60 + 6 * size,
        talk_time=rs.lognormal(mean=90, cv=1),
        patience=60,
        wrap_up_time=10,
    )
    duty: Any = [(0, 1200), (1500, 2700)] if has_duty else None
    people = [
        rs.Extension(number, on_duty=duty if place % 2 else None, answer_probability=0.7)
        for place, number in enumerate(numbers)
    ]
    return rs.Scenario(
        groups=[
            rs.RingGroup(extension_number="600", members=members, ring_time=9),
            rs.RingGroup(
                extension_number="601", members=members[::-1], ring_time=9, skip_busy_member=False
            ),
        ],
        extensions=people,
        demand={"600": demand, "601": demand.scaled(0.3)},
        hours=0.8,
    )


def equal_on_both_engines(scenario: rs.Scenario, dispatcher: Any, seed: int = 1) -> None:
    workload = rs.Workload.draw(scenario, seed=seed)
    logs = [rs.play(scenario, workload, e, dispatcher=dispatcher) for e in ("simpy", "compiled")]
    assert len(logs[0].rings) > 30
    assert_frame_equal(logs[0].rings, logs[1].rings)
    assert_frame_equal(logs[0].visits, logs[1].visits)


@pytest.mark.parametrize("order", list(product(FIRST, LATER)), ids="-".join)
def test_any_two_keys_ring_as_on_the_reference_engine(order: tuple[str, str]) -> None:
    equal_on_both_engines(offices(6), Ordering(*order))


@pytest.mark.parametrize("size", [1, 2, LANES - 1, LANES, LANES + 1, 2 * LANES, 2 * LANES + 1])
@pytest.mark.parametrize("has_duty", [False, True], ids=["always", "duty"])
def test_groups_of_any_size_ring_as_on_the_reference_engine(size: int, has_duty: bool) -> None:
    for at_once in (1, 2, ALL):
        dispatcher = Ordering("skill_level", "n_rung", at_once=at_once)
        equal_on_both_engines(offices(size, has_duty=has_duty), dispatcher)


@pytest.mark.parametrize("number", ["600", "601"])
def test_whoever_hangs_up_at_this_instant_is_rung(number: str) -> None:
    scenario = offices(2).replace(demand={})
    scenario = scenario.replace(
        groups=[each.replace(skip_busy_member=True) for each in scenario.groups]
    )
    calls = rs.Workload(
        arrives_at=[0, 5, 15],
        talk_time=[15, 99, 9],
        group=number,
        answer_delay={"201": 0, "202": 0},
    )
    log = rs.play(scenario, calls, "compiled", dispatcher=Ordering())
    first, second, third = log.calls["answered_by"]
    assert first == third != second


def test_negative_zero_is_the_first_instant_like_zero() -> None:
    scenario = offices(2).replace(demand={})
    calls = rs.Workload(
        arrives_at=[0.0, -0.0, 0.0], talk_time=0, group="600", answer_delay={"201": 0, "202": 0}
    )
    assert not np.signbit(calls.arrives_at).any()
    log = rs.play(scenario, calls, "compiled", dispatcher=Ordering("last_rung_at"))
    assert log.calls["answered_by"].tolist() == ["201", "202", "201"]
    demand = rs.Demand(arrives_at=[-0.0], talk_time=9)
    drawn = rs.Workload.draw(scenario.replace(demand={"600": demand}))
    assert not np.signbit(drawn.arrives_at).any()


def test_duty_that_was_looked_at_before_changes_at_its_very_instants() -> None:
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        extensions=[rs.Extension("201", on_duty=[(0, 10), (20, 30)])],
    )
    calls = rs.Workload(arrives_at=[5, 10, 15, 20, 30], talk_time=1, answer_delay={"201": 0})
    log = rs.play(scenario, calls, "compiled")
    assert (log.calls["outcome"] == "answered").tolist() == [True, False, False, True, False]


def test_people_are_on_duty_anew_in_each_replication() -> None:
    asked: dict[str, Any] = {"replications": 3, "dispatcher": Ordering("n_rung"), "workers": 1}
    scenario = offices(5, has_duty=True)
    results = [rs.simulate(scenario, engine=e, **asked) for e in ("simpy", "compiled")]
    assert_frame_equal(results[0].members(), results[1].members(), check_exact=True)


def test_only_small_hunts_have_scores() -> None:
    dispatcher = Ordering("n_rung")
    for size, has_scores in ((1, 1), (LANES, 1), (LANES + 1, 0)):
        arrays = plan_arrays(plan_of(offices(size), dispatcher))
        assert arrays.groups["is_scored"].tolist() == [has_scores] * 2
    both = plan_arrays(plan_of(scene(group("A B")), Ordering("n_rung", at_once=2)))
    assert not both.groups["is_scored"].any()


@given(
    st.lists(st.floats(0, 1e300) | st.sampled_from([0.0, -math.inf, -3.0, 5e-324]), min_size=2),
    st.sampled_from([1, -1]),
)
def test_scores_are_in_the_order_of_the_key(numbers: list[float], sign: int) -> None:
    keys = sorted(sign * number for number in numbers)
    for one, other in pairwise(keys):
        scores = [score(np.float64(sign * key), sign) for key in (one, other)]
        assert (scores[0] < scores[1]) == (one < other)
