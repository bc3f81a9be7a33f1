"""Tests of the lists in which the compiled engine keeps the members of a hunt in ring order."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

import ringsim as rs
from ringsim.dispatch import ALL, TIED
from ringsim.engine import _compiled_order, plan_of
from ringsim.engine._compiled_layout import n_phones, plan_arrays
from ringsim.engine._compiled_order import lists_of
from ringsim.testing import Ordering
from support.played import group, rung, scene, script

TEAM = group("A2 B1 C2 D3 E1 F3")
FIRST, LATER = (
    ("skill_level", "-skill_level", "-position"),
    ("n_rung", "-n_answered", "talked_time"),
)


@pytest.fixture(autouse=True)
def small_groups_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep even small groups in ring order."""
    monkeypatch.setattr(_compiled_order, "FEWEST_IN_ORDER", 0)


def hunts(order: tuple[str, ...]) -> tuple[rs.Scenario, Ordering]:
    """Return two groups that share busy people, and the order in which both ring."""
    demand = rs.Demand(
        calls_per_hour=90, talk_time=rs.lognormal(mean=90, cv=1), patience=60, wrap_up_time=10
    )
    scenario = rs.Scenario(
        groups=[
            TEAM.replace(ring_time=9),
            TEAM.replace(
                extension_number="601", members=TEAM.members[::-2], skip_busy_member=False
            ),
        ],
        demand={"600": demand, "601": demand.scaled(0.3)},
        hours=1,
    )
    return scenario, Ordering(*order)


def lists(scenario: rs.Scenario, dispatcher: Any = None) -> list[list[int]]:
    """Return the members of each list of a scenario in order, as positions in the plan."""
    start = lists_of(plan_of(scenario, dispatcher))
    found = []
    for end in range(start.first[0], start.first[-1]):
        found.append([member := int(start.following[end])])
        while (member := int(start.following[member])) != end:
            found[-1].append(member)
        assert [int(start.preceding[m]) for m in found[-1]] == [end, *found[-1][:-1]]
        assert set(start.list_of[found[-1]]) == {end}
    return found


@pytest.mark.parametrize("order", [*product(FIRST, LATER), *product(LATER, FIRST)])
def test_any_two_keys_ring_as_on_the_reference_engine(order: tuple[str, str]) -> None:
    scenario, dispatcher = hunts(order)
    for seed in range(2):
        workload = rs.Workload.draw(scenario, seed=seed)
        logs = [
            rs.play(scenario, workload, e, dispatcher=dispatcher) for e in ("simpy", "compiled")
        ]
        assert_frame_equal(logs[0].rings, logs[1].rings)
        assert_frame_equal(logs[0].visits, logs[1].visits)


def test_whoever_hangs_up_at_this_instant_is_rung() -> None:
    log = rs.play(scene("A B"), script(0, 15, talk=[10, 30], A=5), "compiled")
    assert [rung(log, 0), rung(log, 1)] == ["A", "A"]


def test_each_replication_begins_in_the_configured_order() -> None:
    scenario, dispatcher = hunts(("skill_level", "n_rung"))
    asked: dict[str, Any] = {"replications": 3, "dispatcher": dispatcher, "workers": 1}
    results = [rs.simulate(scenario, engine=e, **asked) for e in ("simpy", "compiled")]
    assert_frame_equal(results[0].members(), results[1].members(), check_exact=True)


def test_a_list_has_the_members_of_one_level() -> None:
    scenario = scene(TEAM)
    assert lists(scenario, Ordering("n_rung")) == [[0, 1, 2, 3, 4, 5]]
    assert lists(scenario, Ordering("skill_level", "n_rung")) == [[1, 4], [0, 2], [3, 5]]
    assert lists(scenario, Ordering("-skill_level", "-n_rung")) == [[3, 5], [0, 2], [1, 4]]


def test_a_list_begins_in_the_order_of_all_levels_and_positions() -> None:
    scenario = scene(TEAM)
    assert lists(scenario, Ordering("n_rung", "skill_level")) == [[1, 4, 0, 2, 3, 5]]
    assert lists(scenario, Ordering("n_rung", "-position")) == [[5, 4, 3, 2, 1, 0]]
    mixed = Ordering("skill_level", "-n_answered", "-position")
    assert lists(scenario, mixed) == [[4, 1], [2, 0], [5, 3]]


def test_members_who_never_move_are_in_one_list() -> None:
    scenario = scene(TEAM)
    assert lists(scenario, Ordering("-position")) == [[5, 4, 3, 2, 1, 0]]
    assert lists(scenario, Ordering("-skill_level")) == [[3, 5, 0, 2, 1, 4]]
    assert lists(scenario, Ordering("skill_level", "position")) == [[1, 4, 0, 2, 3, 5]]


@pytest.mark.parametrize(
    ("dispatcher", "changes", "is_in_order"),
    [
        (Ordering("n_rung"), {}, True),
        (Ordering(), {}, True),
        (Ordering("random"), {}, False),
        (Ordering("last_hung_up_at"), {}, False),
        (Ordering("n_rung", at_once=2), {}, False),
        (Ordering("n_rung", at_once=TIED), {}, False),
        (Ordering(auto_answer=True), {}, False),
        (Ordering("n_rung"), {"ringing_is_busy": True}, False),
        (Ordering("n_rung"), {"extensions": [rs.Extension("201", on_duty=[(0, 9)])]}, False),
    ],
)
def test_only_hunts_that_need_no_look_at_all_members_are_in_order(
    dispatcher: Ordering, changes: dict[str, Any], is_in_order: bool
) -> None:
    arrays = plan_arrays(plan_of(scene(TEAM).replace(**changes), dispatcher))
    assert bool(arrays.groups["is_in_order"][0]) == is_in_order


@pytest.mark.parametrize(
    ("at_once", "together"), [(1, 1), (2, 2), (9, 6), (ALL, 6), (TIED, 6)], ids=str
)
def test_rows_of_rings_have_room_for_a_wave(at_once: Any, together: int) -> None:
    plan = plan_of(scene(TEAM), Ordering("skill_level", at_once=at_once))
    assert n_phones(plan_arrays(plan)) == together


def test_without_members_there_is_room_for_a_phone() -> None:
    assert n_phones(plan_arrays(plan_of(scene(group()), None))) == 1


def test_small_groups_are_not_kept_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_compiled_order, "FEWEST_IN_ORDER", 7)
    arrays = plan_arrays(plan_of(scene(TEAM), Ordering("n_rung")))
    assert not arrays.groups["is_in_order"].any()
    assert len(arrays.following) == 0  # no list is made for each day that is played


def test_groups_in_order_stand_beside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_compiled_order, "FEWEST_IN_ORDER", 4)
    scenario, dispatcher = hunts(("n_rung",))
    arrays = plan_arrays(plan_of(scenario, dispatcher))
    assert arrays.groups["is_in_order"].tolist() == [1, 0]
    workload = rs.Workload.draw(scenario, seed=1)
    logs = [rs.play(scenario, workload, e, dispatcher=dispatcher) for e in ("simpy", "compiled")]
    assert_frame_equal(logs[0].rings, logs[1].rings)
