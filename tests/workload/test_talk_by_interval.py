"""Talk times as a list: each call takes that of the interval in which it arrives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim.distributions import ByInterval
from support.commands import told
from support.helpers import refusal

SALES = {"extension_number": "600", "members": ["201", "202"], "ring_strategy": "CYCLIC_HUNT"}
PARTS = [60, rs.lognormal(mean=200, cv=0.5), "5:00"]


def office(talk_time: Any = PARTS, **demand: Any) -> rs.Scenario:
    demand = {"calls_per_hour": [60, 30, 90], "interval": 3600, **demand}
    return rs.Scenario(
        groups=[SALES], demand={"600": rs.Demand(talk_time=talk_time, **demand)}, hours=3
    )


@given(st.integers(0, 2**32), st.integers(0, 5))
def test_a_call_takes_the_talk_time_that_its_interval_alone_would_give(
    seed: int, replication: int
) -> None:
    """So that callers in one interval stay the same, whatever the others are."""
    drawn = rs.Workload.draw(office(), seed, replication)
    interval = np.floor_divide(drawn.arrives_at, 3600)
    for index, part in enumerate(PARTS):
        alone = rs.Workload.draw(office(part), seed, replication)
        assert np.array_equal(alone.arrives_at, drawn.arrives_at)
        here = interval == index
        assert np.array_equal(drawn.talk_time[here], alone.talk_time[here])


def test_a_call_at_the_border_belongs_to_the_interval_that_begins() -> None:
    at = [0, 3599.9, 3600, 7200, 10_799, 10_800, 90_000]
    given_calls = office([1, 2, 3], calls_per_hour=None, arrives_at=at)
    assert rs.Workload.draw(given_calls).talk_time.tolist() == [1, 1, 2, 3, 3, 3, 3]


def test_with_one_rate_the_intervals_are_those_of_the_talk_time() -> None:
    drawn = rs.Workload.draw(office([10, 20], calls_per_hour=40, interval=1800))
    assert np.array_equal(drawn.talk_time, np.where(drawn.arrives_at < 1800, 10, 20))


def test_both_engines_play_the_same_log() -> None:
    for replication in range(3):
        workload = rs.Workload.draw(office(), 3, replication)
        simpy, compiled = (
            rs.play(office(), workload, engine=engine) for engine in ("simpy", "compiled")
        )
        assert simpy.calls.equals(compiled.calls)
        assert simpy.rings.equals(compiled.rings)


def test_the_distribution_is_that_of_all_calls_together() -> None:
    talk_time = office().demand["600"].talk_time
    assert talk_time.mean() == pytest.approx((60 * 60 + 30 * 200 + 90 * 300) / 180)
    u = (np.arange(100_000) + 0.5) / 100_000
    assert talk_time.ppf(u).mean() == pytest.approx(talk_time.mean(), rel=0.01)
    assert (np.diff(talk_time.ppf(u)) >= 0).all()
    scaled = office().demand["600"].scaled(2)
    assert scaled.talk_time.mean() == pytest.approx(talk_time.mean())
    busy_early = office().demand["600"].replace(calls_per_hour=[1, 0, 0])
    assert busy_early.talk_time.mean() == 60


def test_it_survives_its_file(tmp_path: Path) -> None:
    for name in ("office.toml", "office.json"):
        office().dump(tmp_path / name)
        again = rs.Scenario.load(tmp_path / name)
        assert again == office()
        assert isinstance(again.demand["600"].talk_time, ByInterval)
    assert office().demand["600"].talk_time.to_file() == [60.0, {"mean": 200.0, "cv": 0.5}, 300.0]


def test_the_command_line_takes_a_list(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "group.json"
    path.write_text('{"extension_number": "600", "ring_strategy": "CYCLIC_HUNT"}')
    asked = ("simulate", str(path), "--members", "201,202", "--replications", "5", "--hours", "2")
    counted = ("--calls-per-interval", "30,30", "--interval", "1 h", "--intervals", "1 h")
    several = [
        told(capsys, *asked, *counted, "--talk-time", text)
        for text in ("60,4:00", "[60, 240]", '[60, "4 min"]')
    ]
    assert several[0] == several[1] == several[2]
    one = told(capsys, *asked, *counted, "--talk-time", "60")
    assert several[0]["intervals"][0] == one["intervals"][0]
    assert several[0]["intervals"][1] != one["intervals"][1]


def test_staffing_takes_the_talk_time_of_each_interval() -> None:
    scenario = office([60, 240], calls_per_hour=[40, 40], interval=3600).replace(hours=2)
    target = rs.Target(answer_rate=0.9)
    table = rs.staffing(scenario, "600", target, width=3600, replications_played=20).table
    for start, talk_time in zip(table.index, (60, 240), strict=True):
        alone = office(talk_time, calls_per_hour=40).replace(hours=1)
        assert table.loc[start, "erlang_members"] == rs.size(alone, "600", target).erlang_members


def test_it_is_a_size_that_no_bound_rules_out() -> None:
    """Calls of the first hour are short; the long ones of the second hour are never made."""
    scenario = office([30, 3000], calls_per_hour=[60, 60], interval=3600).replace(hours=1)
    short = office(30, calls_per_hour=60).replace(hours=1)
    target = rs.Target(answer_rate=0.9)
    assert rs.size(scenario, "600", target).members == rs.size(short, "600", target).members


@pytest.mark.parametrize(
    ("talk_time", "said"),
    [
        ([], "talk_time must have a value for each interval, got []."),
        ([60, 120], "talk_time must have 3 values, one for each interval of calls, got 2."),
        ([60, -1, 2], "talk_time[1] must be a number of seconds, at least 0, got -1."),
        ([60, [1], 2], "talk_time[1] must be "),
    ],
)
def test_a_bad_list_is_refused(talk_time: Any, said: str) -> None:
    assert refusal(lambda: office(talk_time)).startswith(said)


@pytest.mark.parametrize("field", ["patience", "wrap_up_time"])
def test_only_talk_times_are_lists(field: str) -> None:
    assert field in refusal(lambda: office(60, **{field: [1, 2, 3]}))


def test_frozen_scipy_distributions_may_be_parts() -> None:
    drawn = office([stats.expon(scale=60), 1, 2]).demand["600"].talk_time
    assert str(drawn) == "by interval, mean 1 to 60 s"
