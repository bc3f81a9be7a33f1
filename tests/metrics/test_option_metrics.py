"""Metrics of lines, declined rings and pauses, which only options make possible."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ringsim as rs
from ringsim.metrics import METRICS

OF_OPTIONS = {name for name, metric in METRICS.items() if metric.needs and not metric.of_callers}
LINE = {"wait_in_line": True, "passes": "inf", "max_wait_time": 500, "retry_pause": 1}


def scenario(rules: dict[str, Any], **given: Any) -> rs.Scenario:
    group = {
        "extension_number": "600",
        "ring_strategy": "PRIORITIZED_HUNT",
        "members": ["201", "202"],
        "rules": rules,
    }
    return rs.Scenario(groups=[group], hours=1, **given)


def played(rules: dict[str, Any], workload: dict[str, Any], **given: Any) -> rs.CallLog:
    return rs.play(scenario(rules, **given), rs.Workload(talk_time=30, **workload))


def figures(log: rs.CallLog) -> dict[str, float]:
    estimates = log.summary()["estimate"]
    return {name: estimates[name] for name in OF_OPTIONS if name in estimates.index}


def test_a_line_with_a_limit() -> None:
    """Calls at 20 and 21 wait until 201 is free at 35; the one at 22 finds both places taken."""
    log = played(
        {**LINE, "max_queue_length": 2},
        {"arrives_at": [0, 6, 20, 21, 22], "answer_delay": {"201": 5, "202": 5}},
    )
    found = figures(log)
    assert found.keys() == {"line_wait", "longest_line", "queue_full_rate"}
    assert found["line_wait"] == (0 + 0 + 15 + 14) / 4
    assert (found["longest_line"], found["queue_full_rate"]) == (2, 1 / 5)
    by_interval = log.intervals(10)["line_wait"].tolist()
    assert by_interval[:3] == pytest.approx([0, math.nan, 29 / 2], nan_ok=True)


def test_a_call_that_a_line_without_room_did_not_refuse_does_not_count_as_such() -> None:
    """Both are on a call at 10: the call at 12 goes elsewhere, although the line has room."""
    log = played(
        {**LINE, "max_queue_length": 2, "join_empty": ["busy"]},
        {"arrives_at": [0, 6, 12], "answer_delay": {"201": 5, "202": 5}},
    )
    assert log.calls["outcome"].tolist() == ["answered", "answered", "overflowed"]
    found = figures(log)
    assert (found["longest_line"], found["queue_full_rate"]) == (1, 0)


def test_declined_rings() -> None:
    log = played({}, {"arrives_at": [0], "decline_delay": {"201": 3}})
    assert figures(log) == {"declined_rate": 1 / 2}
    assert log.members()["declined"].tolist() == [1, 0]
    assert log.intervals(1800)["declined_rate"].iloc[0] == 1 / 2
    drawn = scenario(
        {},
        extensions=[rs.Extension("201", decline_probability=1, answer_probability=0)],
        demand={"600": rs.Demand(calls_per_hour=20, talk_time=9)},
    )
    rates = rs.simulate(drawn, replications=5).summary().loc["declined_rate"]
    assert 0 < rates["low"] < rates["estimate"] < rates["high"] < 1


def test_time_paused_is_time_on_duty_within_hours() -> None:
    """Each is paused for an hour; 201 from 20 on, off duty from 100; 202 from 40 on."""
    rules = {"auto_pause_after": 1, "auto_pause_time": 3600}
    people = [rs.Extension("201", on_duty=[(0, 100), (3500, 3600)])]
    log = played(rules, {"arrives_at": [0]}, extensions=people)
    assert log.members()["pause_time"].tolist() == [180, 3560]
    assert figures(log) == {"pause_time": 3740}


def test_pauses_that_overlap_count_once() -> None:
    """Both calls ring 201, who is paused at 20 until 70 and again at 25 until 75."""
    rules = {"auto_pause_after": 1, "auto_pause_time": 50, "passes": 1, "one_wave": True}
    log = played(rules, {"arrives_at": [0, 5]})
    assert log.pauses["ended_at"].tolist() == [70, 75]
    assert log.members()["pause_time"].tolist() == [55, 0]


def test_a_scenario_without_options_shows_none_of_them() -> None:
    log = played({"passes": 2}, {"arrives_at": [0]})
    assert not figures(log)
    assert not {"declined", "pause_time"} & {*log.members()}
    assert not OF_OPTIONS & {*log.intervals(600)}
    for name in OF_OPTIONS:
        assert math.isnan(log.figure(name).estimate().estimate)


def test_calls_of_the_warm_up_are_not_counted() -> None:
    drawn = scenario(
        {**LINE, "max_queue_length": 1, "auto_pause_after": 2, "auto_pause_time": 100},
        extensions=[rs.Extension("201", decline_probability=0.5, answer_probability=0.5)],
        demand={"600": rs.Demand(calls_per_hour=200, talk_time=60, patience=100)},
    )
    asked = {"replications": 4, "warm_up": 1800}
    result = rs.simulate(drawn, keep_logs=True, **asked)
    groups = result.observed(result.cached_layouts[0]).groups
    for log, received in zip(result.logs, groups, strict=True):
        late = log.visits[log.visits["entered_at"] >= 1800]
        full = late["lined_up_at"].isna() & (late["line_length"] >= 1)
        assert received[0, [0, 3]].tolist() == [len(late), full.sum()]
    paused = result.members()["pause_time"]
    assert 0 < paused.sum() <= 2 * 1800


def test_both_engines_and_any_split_give_the_same_tables() -> None:
    drawn = scenario(
        {**LINE, "max_queue_length": 3, "auto_pause_after": 2, "auto_pause_time": 100},
        extensions=[
            rs.Extension(number, decline_probability=0.3, answer_probability=0.6)
            for number in ("201", "202")
        ],
        demand={"600": rs.Demand(calls_per_hour=150, talk_time=60, patience=100)},
    )
    whole = rs.simulate(drawn, replications=6, engine="compiled")
    parts = [
        rs.simulate(drawn, replications=3, first_replication=first, engine="simpy")
        for first in (0, 3)
    ]
    for table in ("summary", "members"):
        pd.testing.assert_frame_equal(
            getattr(whole, table)(), getattr(rs.Result.join(*parts), table)(), check_exact=True
        )
    shown = whole.summary()
    assert set(shown.index) >= OF_OPTIONS
    assert np.isfinite(shown.loc[[*OF_OPTIONS], ["estimate", "low", "high"]].to_numpy()).all()


def test_forwarded_calls_stand_in_the_line_of_each_group() -> None:
    """The call at 1 leaves 600 after 30 s, and stands in the line of 601 from then on."""
    rule = {"action": "FORWARD_TO_NUMBER", "number": "601"}
    line = LINE | {"max_wait_time": 30}
    groups = [
        {"extension_number": "600", "members": ["201"], "rules": line}
        | {"no_answer_forward_rule": rule},
        {"extension_number": "601", "members": ["202"], "rules": LINE},
    ]
    calls = rs.Workload(
        arrives_at=[0, 1, 2],
        talk_time=[100, 5, 5],
        group=["600", "600", "601"],
        answer_delay={"201": 0, "202": 9},
    )
    log = rs.play(rs.Scenario(groups=groups, hours=1), calls, "compiled")
    assert log.calls["outcome"].tolist() == ["answered", "answered", "answered"]
    visits = log.visits
    assert visits.loc[visits["call"] == 1, "group"].tolist() == ["600", "601"]
    in_line = visits["first_rung_at"].fillna(visits["left_at"]) - visits["lined_up_at"]
    assert in_line.tolist() == [0, 30, 0, 0]
    assert figures(log)["line_wait"] == pytest.approx(in_line.mean())
