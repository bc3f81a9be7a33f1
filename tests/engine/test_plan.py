"""Tests of the groups and people that a scenario and a workload must have in common."""

from __future__ import annotations

import pytest

import ringsim as rs
from ringsim.engine import plan_of
from support.effort import lines_run
from support.helpers import refusal
from support.played import group, scene, script

ONE, TWO = scene("A B"), scene("A", group("B", number="601"))


@pytest.mark.parametrize(
    ("scenario", "workload", "sentence"),
    [
        (TWO, script(0), "group must be given for each call, as the scenario has 2 groups."),
        (scene(), script(0), "group must be given for each call, as the scenario has 0 groups."),
        (
            ONE,
            script(0, to="601"),
            "group must be a number of the scenario, got '601'. Did you mean '600'?",
        ),
        (
            TWO,
            script(0, 1, to=["600", "602"]),
            "group must be a number of the scenario, got '602'. Did you mean '601'?",
        ),
        (
            ONE,
            script(own=[(0, "B", 9), (5, "C", 9)]),
            "own_calls[1].extension must be a number of the scenario, got '203'. "
            "Did you mean '202'?",
        ),
        (
            ONE,
            script(0, A=3, J=1),
            "answer_delay['210'] must be a number of the scenario, got '210'. Did you mean '202'?",
        ),
        (
            ONE,
            script(0, A=3, random={"J": 0.5}),
            "random['210'] must be a number of the scenario, got '210'. Did you mean '202'?",
        ),
    ],
)
def test_whom_a_workload_calls_must_be_in_the_scenario(
    scenario: rs.Scenario, workload: rs.Workload, sentence: str, engine: str
) -> None:
    assert refusal(rs.play, scenario, workload, engine) == sentence


def test_who_is_never_called_need_not_be_a_member(engine: str) -> None:
    """Answer delays and draws of people in no group are ignored."""
    beside = ONE.replace(extensions=[*ONE.extensions, rs.Extension("210")])
    log = rs.play(beside, script(0, A=3, J=1, random={"J": 0.5}), engine)
    assert log.rings["member"].tolist() == ["201"]


def test_no_calls_need_no_group(engine: str) -> None:
    log = rs.play(TWO, script(), engine)
    assert (len(log.calls), len(log.rings), len(log.visits)) == (0, 0, 0)


def test_an_engine_is_one_of_three() -> None:
    sentence = "engine must be 'auto' or 'simpy' or 'compiled', got 'simpi'. Did you mean 'simpy'?"
    assert refusal(rs.play, ONE, script(0), "simpi") == sentence


def test_people_who_may_ring_for_a_call_are_those_of_all_groups_that_it_can_enter() -> None:
    """Calls go from 600 over 601 to 602, and back; those to 603 leave; those to 604 go to 603."""
    on = [
        {"action": "FORWARD_TO_NUMBER", "number": number}
        for number in ("601", "602", "600", "999", "603")
    ]
    groups = [
        {"extension_number": str(600 + at), "members": members, "no_answer_forward_rule": rule}
        for at, (members, rule) in enumerate(
            zip([["203", "201"], [], ["202"], ["204", "201"], []], on, strict=True)
        )
    ]
    plan = plan_of(rs.Scenario(groups=groups), None)
    reached = {
        group: {plan.extensions[person] for person in people}
        for group, people in plan.reached.items()
    }
    assert reached == {
        **{group: {"201", "202", "203"} for group in ("600", "601", "602")},
        **{group: {"201", "204"} for group in ("603", "604")},
    }
    assert all(list(people) == sorted(people) for people in plan.reached.values())


def test_the_work_of_many_groups_does_not_grow_with_their_square() -> None:
    """Each of n groups has two members of its own; keys are made for 2 n pairs, not 2 n^2."""

    def lines(n: int) -> int:
        groups = [
            {"extension_number": str(6000 + at), "members": [str(70_000 + at), str(80_000 + at)]}
            for at in range(n)
        ]
        demand = {
            group["extension_number"]: rs.Demand(calls_per_hour=0.01, talk_time=9)
            for group in groups
        }
        scenario = rs.Scenario(groups=groups, demand=demand, hours=1)
        return lines_run(lambda: rs.simulate(scenario, replications=1, workers=1))

    lines(2)  # imports what a study needs
    assert lines(120) < 5 * lines(30)
