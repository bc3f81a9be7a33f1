"""Tests of rings of 0 s, the minimum of the PBX's API, which end when they start.

An answer at that instant still counts (rules S5 and S6).
"""

from __future__ import annotations

import math
from typing import Any

import pytest

import ringsim as rs
from ringsim.testing import audit

ENGINES = ["simpy", "compiled"]
STRATEGIES = [each.value for each in rs.RingStrategy if each != "PAGING_INTERCOM"]


def played(engine: str, delays: dict[str, float], **fields: Any) -> rs.CallLog:
    group = {"extension_number": "600", "ring_time": 0, "members": ["201", "202", "203"], **fields}
    scenario = rs.Scenario(groups=[group])
    workload = rs.Workload(
        arrives_at=[0, 100], talk_time=30, patience=math.inf, answer_delay=delays
    )
    log = rs.play(scenario, workload, engine=engine)
    assert audit(scenario, log, workload).ok
    return log


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_nobody_answers_in_no_time(engine: str, strategy: str) -> None:
    log = played(engine, dict.fromkeys(["201", "202", "203"], 0.5), ring_strategy=strategy)
    assert list(log.calls["outcome"]) == ["overflowed"] * 2
    assert list(log.calls["wait"]) == [0, 0]
    assert list(log.calls["n_rings"]) == [3, 3]
    assert (log.rings["started_at"] == log.rings["ended_at"]).all()
    assert set(log.rings["result"]) == {"ring_no_answer"}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_answer_without_delay_counts(engine: str, strategy: str) -> None:
    log = played(engine, {"201": 0.5, "202": 0}, ring_strategy=strategy)
    assert list(log.calls["answered_by"]) == ["202", "202"]
    assert list(log.calls["wait"]) == [0, 0]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("delay", [0, 1])
def test_repeats_end(engine: str, delay: float) -> None:
    """A phone rang in the pass, so the next begins at once, up to the limit."""
    log = played(
        engine,
        {},
        ring_strategy="CYCLIC_HUNT",
        no_answer_forward_rule={"action": "REPEAT"},
        max_repeats=200,
        repeat_delay=delay,
    )
    assert list(log.calls["n_rings"]) == [603, 603]
    assert list(log.calls["wait"]) == [0, 0]


def test_what_is_made_of_the_log() -> None:
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "ring_time": 0, "members": ["201", "202"]}],
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=60)},
        hours=1,
    )
    result = rs.simulate(scenario, replications=3, seed=1)
    assert (result.members()["ring_share"] == 0).all()
    assert result.summary().loc["answer_rate", "estimate"] == 0
    from ringsim.plot import ring_chart

    ring_chart(result.replay(0))
