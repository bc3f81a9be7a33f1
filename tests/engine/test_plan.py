"""Tests of the groups and people that a scenario and a workload must have in common."""

from __future__ import annotations

import pytest
from support.helpers import refusal
from support.played import group, scene, script

import ringsim as rs

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
