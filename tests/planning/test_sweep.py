"""Sweeps: one row per combination, with the figures of that scenario's own study."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim.scenario import changed
from support.helpers import PLAIN_METRICS, refusal
from support.own_dispatchers import LastFirst
from support.plot_frames import office as crowded

OFFICE = rs.Scenario(
    groups=[
        {
            "extension_number": "600",
            "ring_strategy": "CYCLIC_HUNT",
            "ring_time": 12,
            "members": ["201", "202"],
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
        },
        {"extension_number": "601", "members": ["202", "203"]},
    ],
    demand={
        "600": rs.Demand(calls_per_hour=60, talk_time=80, patience=stats.expon(scale=40)),
        "601": rs.Demand(arrives_at=[10, 20, 30], talk_time=60),
    },
    hours=1,
)
DAYS: dict[str, Any] = {"replications": 4, "seed": 3}


def row_of(scenario: rs.Scenario, metrics: Any = PLAIN_METRICS, **asked: Any) -> list[float]:
    """Return figures and bounds of one scenario's study, in the order of the columns."""
    dispatcher = asked.pop("dispatcher", None)
    summary = rs.simulate(scenario, dispatcher=dispatcher, **DAYS).summary(**asked)
    return summary.loc[list(metrics), ["estimate", "low", "high"]].to_numpy().ravel().tolist()


def same(found: Any, expected: list[float]) -> None:
    """Assert that figures are equal to the last bit; NaN equals NaN."""
    np.testing.assert_array_equal(np.array(found, dtype=float), np.array(expected))


@pytest.mark.parametrize("group", [None, "600"])
def test_a_row_is_what_a_study_of_its_scenario_says(group: str | None) -> None:
    swept: dict[str, Any] = {
        "groups.600.ring_strategy": ["PRIORITIZED_HUNT", "RING_SIMULTANEOUSLY"],
        "demand.600.scale": [0.5, 1.5],
        "groups.600.members": [["201"], ("202", "203")],
    }
    asked: dict[str, Any] = {"within": 7, "variant": "answered_only", "short": 2, "level": 0.9}
    table = rs.sweep(OFFICE, swept, group, metrics=list(PLAIN_METRICS), **asked, **DAYS)
    columns = [name + bound for name in PLAIN_METRICS for bound in ("", "_low", "_high")]
    assert list(table.columns) == [*swept, *columns, "note"]
    assert len(table) == 8
    for place, values in enumerate(product(*swept.values())):
        point = dict(zip(swept, values, strict=True))
        assert table.loc[place, list(swept)].tolist() == list(values)
        same(table.loc[place, columns], row_of(changed(OFFICE, point), group=group, **asked))


def test_notes_name_metrics_with_few_events() -> None:
    quiet = {"demand.600.scale": [0.05, 3]}
    table = rs.sweep(OFFICE, quiet, "600", metrics=["mean_speed_of_answer"], **DAYS)
    assert table["note"].tolist() == ["few events: mean_speed_of_answer", ""]


def test_short_paths_are_those_of_the_group() -> None:
    short = rs.sweep(OFFICE, {"ring_time": [5, 9], "hours": [0.5]}, "600", **DAYS)
    full = rs.sweep(OFFICE, {"groups.600.ring_time": [5, 9], "hours": [0.5]}, "600", **DAYS)
    pd.testing.assert_frame_equal(
        short.rename(columns={"ring_time": "groups.600.ring_time"}), full.table, check_exact=True
    )


def test_a_dispatcher_rings_in_every_scenario() -> None:
    table = rs.sweep(
        OFFICE, {"hours": [0.5, 1]}, metrics=["answer_rate"], dispatcher=LastFirst, **DAYS
    )
    for place, hours in enumerate([0.5, 1]):
        expected = row_of(OFFICE.replace(hours=hours), ["answer_rate"], dispatcher=LastFirst)
        same(table.iloc[place, 1:4], expected)


@pytest.mark.parametrize(
    "values",
    [
        range(5, 8),
        np.array([5.0, 7.5]),
        pd.Series([5, 6], index=[9, 8]),
        (5,),
    ],
    ids=lambda values: type(values).__name__,
)
def test_values_come_in_any_kind_of_list(values: Any) -> None:
    table = rs.sweep(OFFICE, {"groups.600.ring_time": values}, metrics=["offered"], replications=1)
    assert table["groups.600.ring_time"].tolist() == list(values)


def test_values_of_any_kind_keep_it() -> None:
    demands = [rs.Demand(calls_per_hour=9, talk_time=5), rs.Demand(calls_per_hour=0, talk_time=5)]
    rule = {"action": "HANGUP"}
    table = rs.sweep(
        OFFICE,
        {"demand.600": demands, "groups.600.no_answer_forward_rule": [rule], "opens_at": [None]},
        metrics=["offered"],
        replications=2,
    )
    assert table["demand.600"].tolist() == demands
    assert table["groups.600.no_answer_forward_rule"].tolist() == [rule, rule]
    assert table["offered"].iloc[1] == 3


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from([0.5, 1, 2]), min_size=1, max_size=2, unique=True),
)
@settings(max_examples=10)
def test_the_order_of_settings_and_values_only_orders_rows(
    ring_times: list[int], scales: list[float]
) -> None:
    swept = {"groups.600.ring_time": ring_times, "demand.600.scale": scales}
    turned = {path: values[::-1] for path, values in reversed(swept.items())}
    one, other = (
        rs.sweep(OFFICE, each, metrics=["answer_rate", "fairness"], replications=2)
        for each in (swept, turned)
    )
    keys = list(swept)
    pd.testing.assert_frame_equal(
        one.sort_values(keys, ignore_index=True),
        other[one.columns].sort_values(keys, ignore_index=True),
        check_exact=True,
    )


def test_scaling_all_demand_leaves_instants_that_are_given_alone() -> None:
    """Twice the calls per hour are twice the expected calls, within their own interval."""
    table = rs.sweep(
        OFFICE, {"demand.600.scale": [1, 2]}, "600", metrics=["offered"], replications=200
    )
    once, twice = table["offered"]
    error = math.sqrt((120 + 4 * 60) / 200)
    assert abs(twice - 2 * once) < 4 * error


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_what_plays_it_makes_no_difference(workers: int) -> None:
    swept = {"groups.600.ring_time": [5, 10, 15], "demand.600.scale": [1, 2]}
    alone = rs.sweep(OFFICE, swept, metrics=list(PLAIN_METRICS), **DAYS)
    pd.testing.assert_frame_equal(
        alone,
        rs.sweep(OFFICE, swept, metrics=list(PLAIN_METRICS), workers=workers, **DAYS),
        check_exact=True,
    )
    with ThreadPoolExecutor(workers) as executor:
        pd.testing.assert_frame_equal(
            alone,
            rs.sweep(OFFICE, swept, metrics=list(PLAIN_METRICS), executor=executor, **DAYS),
            check_exact=True,
        )


def test_progress_is_told_of_all_scenarios() -> None:
    heard: list[tuple[int, int]] = []
    rs.sweep(
        OFFICE,
        {"hours": [0.1, 0.2]},
        replications=2,
        workers=1,
        on_progress=lambda done, of: heard.append((done, of)),
    )
    assert heard == [(2, 4), (4, 4)]  # one report per batch


@pytest.mark.parametrize(
    ("swept", "asked", "sentence"),
    [
        ({}, {}, "settings must be a table of lists of values, got {}."),
        ([], {}, "settings must be a table of lists of values, got []."),
        ({"hours": 5}, {}, "hours must be a list of values, got 5."),
        ({"hours": []}, {}, "hours must be a list of values, got []."),
        ({"hours": {1, 2}}, {}, "hours must be a list of values, got {1, 2}."),
        ({"opens_at": "08:00"}, {}, "opens_at must be a list of values, got '08:00'."),
        (
            {"hours": range(1, 102), "demand.600.scale": range(100)},
            {},
            "settings must make at most 10000 scenarios, got 10100.",
        ),
        (
            {"groups.600.ring_tme": [5]},
            {},
            "groups.600.ring_tme must be the path of a setting. "
            "Did you mean 'groups.600.ring_time'?",
        ),
        (
            {"groups.600.ring_time": [5, 10, -5]},
            {},
            "groups.600.ring_time must be from 0 to 2147483647 seconds, got -5.",
        ),
        (
            {"hours": [1, 2], "groups.600.members": [["201"], ["201", "20"]]},
            {},
            "groups.600.members[1].extension_number must be a string of 3 to 64 digits, got '20'.",
        ),
        (
            {"ring_time": [5, -1]},
            {"group": "600"},
            "ring_time must be from 0 to 2147483647 seconds, got -1.",
        ),
        (
            {"groups.601.no_answer_forward_rule.action": ["HANGUP", "FORWARD_TO_NUMBER"]},
            {},
            "groups.601.no_answer_forward_rule.number must be given with FORWARD_TO_NUMBER. "
            "So it is at groups.601.no_answer_forward_rule.action='FORWARD_TO_NUMBER'.",
        ),
        (
            {"demand.600.scale": [1, 1e9], "hours": [1, 2]},
            {},
            "expected number of calls must be at most 10,000,000, got '60,000,000,003'. "
            "Raise the limit with max_calls=. "
            "So it is at demand.600.scale=1000000000.0, hours=1.",
        ),
        (
            {"demand.scale": [1, 2]},
            {},
            "demand.scale must be applied to a demand with calls_per_hour, not arrives_at, got 1.",
        ),
        (
            {"groups": [[{"extension_number": "601"}]], "demand": [{}]},
            {"group": "600"},
            "group must be the number of a group of the scenario, got '600'. "
            "Its groups are 601. So it is at groups=",
        ),
        ({"hours": [1]}, {"group": "700"}, "group must be the number of a group"),
        ({"hours": [1]}, {"metrics": ["answer_rat"]}, "metrics[0] must be one of offered, "),
        ({"hours": [1]}, {"seed": -1}, "seed must be a whole number, at least 0, got -1."),
        ({"hours": [1]}, {"engine": "x"}, "engine must be 'auto' or 'simpy' or 'compiled'"),
        ({"hours": [1]}, {"replications": 0}, "replications must be a whole number"),
        ({"hours": [1]}, {"dispatcher": 5}, "dispatcher must be a Dispatcher, a subclass"),
        ({"hours": [1]}, {"level": 2}, "level must be between 0 and 1, got 2."),
        ({"hours": [1]}, {"workers": -1}, "workers must be a whole number, at least 1, got -1."),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_before_anything_is_played(
    swept: Any, asked: dict[str, Any], sentence: str
) -> None:
    heard: list[int] = []
    told = refusal(
        lambda: rs.sweep(OFFICE, swept, on_progress=lambda done, of: heard.append(done), **asked)
    )
    assert told.startswith(sentence)
    assert ("So it is at" in told) == ("So it is at" in sentence)
    assert heard == []


def test_the_only_group_needs_no_naming() -> None:
    fields = {"groups": [OFFICE.groups[0]], "demand": {"600": OFFICE.demand["600"]}}
    alone, asked = OFFICE.replace(**fields), {"metrics": ["received"], "replications": 2}
    told = rs.sweep(alone, {"ring_time": [9, 12]}, **asked)
    pd.testing.assert_frame_equal(told, rs.sweep(alone, {"ring_time": [9, 12]}, "600", **asked))
    assert refusal(lambda: rs.sweep(OFFICE, {"ring_time": [9]})) == (
        "ring_time must say which of the 2 groups it is for. "
        "Write groups.600.ring_time, or add group='600'."
    )


# The price


def test_a_sweep_says_what_the_better_settings_cost() -> None:
    strategies = {"ring_strategy": ["CYCLIC_HUNT", "RING_SIMULTANEOUSLY"]}
    table = rs.sweep(crowded(), strategies, group="600", replications=60)
    compared = rs.compare(crowded(), "600", strategies=strategies["ring_strategy"], replications=60)
    assert compared.advice is not None
    assert table.price == (
        "'ring_strategy RING_SIMULTANEOUSLY' improves on 'ring_strategy CYCLIC_HUNT': "
        f"{compared.advice.gains[0].words}. Its price: {compared.advice.price.words}."
    )
    assert "improves on" in table._repr_html_()


def test_without_the_present_settings_there_is_no_price() -> None:
    table = rs.sweep(crowded(), {"ring_time": [5, 7]}, group="600", replications=20)
    assert table.price == ""
    many = rs.sweep(crowded(), {"ring_time": list(range(5, 27))}, group="600", replications=2)
    assert many.price == ""
