"""A dispatcher for all variants does not take the place of an order that a variant is about."""

from __future__ import annotations

from typing import Any

import pytest

import ringsim as rs
from ringsim.dispatch import name_of
from ringsim.planning._space import space_of
from ringsim.scenario import changed
from support.own_dispatchers import LastFirst

NUMBERS = ("600", "601")
OFFICE = rs.Scenario(
    groups=[
        {
            "extension_number": number,
            "members": [f"2{at}1", f"2{at}2"],
            "ring_strategy": "PRIORITIZED_HUNT",
        }
        for at, number in enumerate(NUMBERS)
    ],
    demand={number: rs.Demand(calls_per_hour=40, talk_time=60, patience=30) for number in NUMBERS},
    hours=1,
)
FEW: dict[str, Any] = {"replications": 3}
BOTH = dict.fromkeys(NUMBERS, LastFirst)
CHANGES: dict[str, dict[str, Any]] = {  # of group 600
    "its strategy": {"ring_strategy": "RING_SIMULTANEOUSLY"},
    "the strategy that it has": {"ring_strategy": "PRIORITIZED_HUNT"},
    "full path": {"groups.600.ring_strategy": "CYCLIC_HUNT"},
    "preset": {"preset": "freepbx-ringgroup/ringall"},
    "number of phones": {"rules.at_once": 2},
    "order": {"rules.order_by": ["-last_rung_at"]},
    "all rules": {"rules": {"at_once": 2}},
}
OTHERS: dict[str, dict[str, Any]] = {  # that leave its order alone
    "ring time": {"ring_time": 5},
    "rule that any order has": {"rules.missed_rest": 5.0},
    "callers": {"demand.600.scale": 2},
}


def played(result: rs.Result) -> dict[str, str]:
    return dict(result.dispatchers)


@pytest.mark.parametrize("choice", [LastFirst, BOTH], ids=["all", "by group"])
@pytest.mark.parametrize("name", [*CHANGES, *OTHERS])
def test_a_varied_order_is_played(name: str, choice: Any) -> None:
    """In `compare`, by changes and by scenarios, and in the combinations of `optimize`."""
    change = (CHANGES | OTHERS)[name]
    varied = changed(OFFICE, change, "600")
    is_ordered = name in CHANGES
    expected = {"601": "LastFirst", "600": "LastFirst"}
    if is_ordered:
        expected["600"] = rs.simulate(varied, replications=1).dispatchers["600"]
    compared = rs.compare(OFFICE, "600", variants={"it": change}, dispatcher=choice, **FEW)
    assert played(compared.results["it"]) == expected
    assert played(compared.results["as it is"]) == {"600": "LastFirst", "601": "LastFirst"}
    if varied != OFFICE:
        whole = rs.compare(OFFICE, "600", variants={"it": varied}, dispatcher=choice, **FEW)
        assert played(whole.results["it"]) == expected
    over = {path: [value] for path, value in change.items()}
    space = space_of(OFFICE, "600", over, seed=0, engine="auto", dispatcher=choice)
    names = {number: name_of(each) for number, each in space.study(0).dispatchers.items()}
    assert names == expected


def test_another_group_keeps_the_dispatcher() -> None:
    variants = {"other": {"groups.601.ring_strategy": "RING_SIMULTANEOUSLY"}}
    compared = rs.compare(OFFICE, "600", variants=variants, dispatcher=LastFirst, **FEW)
    assert played(compared.results["other"]) == {"600": "LastFirst", "601": "RING_SIMULTANEOUSLY"}


def test_a_sweep_plays_each_strategy() -> None:
    strategies = ["PRIORITIZED_HUNT", "RING_SIMULTANEOUSLY"]
    given = {"metrics": ["rings_per_call", "answer_rate"], **FEW}
    swept = {"groups.600.ring_strategy": strategies}
    one, other = (
        rs.sweep(OFFICE, swept, "600", dispatcher=choice, **given).table
        for choice in ({"600": LastFirst}, None)
    )
    assert one.equals(other)
    assert one["rings_per_call"].nunique() == 2


def test_optimize_tells_strategies_apart() -> None:
    optimum = rs.optimize(
        OFFICE,
        group="600",
        over={"ring_strategy": ["PRIORITIZED_HUNT", "RING_SIMULTANEOUSLY"]},
        minimise="interruptions_per_hour",
        dispatcher=LastFirst,
        max_replications=200,
    )
    assert optimum.table["interruptions_per_hour"].nunique() == 2
