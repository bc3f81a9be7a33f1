"""Metrics of callers who try again, beside those of calls."""

from __future__ import annotations

import pandas as pd
import pytest

import ringsim as rs
from ringsim.metrics import METRICS, Merger, Thresholds, group_layout
from support.redials import EAGER, office

OF_CALLERS = [name for name, metric in METRICS.items() if metric.of_callers]


def by_hand() -> tuple[rs.Scenario, rs.Workload]:
    """Caller 0 is reached at once, 1 at the third attempt, 2 never; 1 gives up once."""
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}], hours=1)
    script = rs.Workload(
        arrives_at=[0, 400, 1000],
        talk_time=[10, 10, 10],
        answer_delay={"201": [5, 18, float("inf")]},
        patience=[60, 12, 60],
        redial_delay=[[100, 100], [100, 100], [100, float("inf")]],
        redial_patience=[[60, 60], [12, 60], [60, 60]],
    )
    return scenario, script


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_callers_by_hand(engine: str) -> None:
    """1 calls at 400, 512 (gives up after 12 s twice) and 624, and is answered at 642."""
    scenario, script = by_hand()
    log = rs.play(scenario, script, engine)
    assert log.calls["arrives_at"].tolist() == [0, 400, 1000, 512, 624, 1120]
    found = log.summary()["estimate"]
    assert found["offered"] == 6
    assert found["answer_rate"] == pytest.approx(2 / 6)
    assert found["callers"] == 3
    assert found["caller_answer_rate"] == pytest.approx(2 / 3)
    assert found["attempts_per_caller"] == pytest.approx(2)
    assert found["mean_time_to_reach"] == pytest.approx((5 + 242) / 2)
    assert found["first_answer_rate"] == pytest.approx(1 / 3)
    assert found["first_abandonment_rate"] == pytest.approx(1 / 3)
    assert found["first_overflow_rate"] == pytest.approx(1 / 3)
    assert found["first_service_level"] == pytest.approx(1 / 3)


def test_metrics_of_callers_need_callers_who_try_again() -> None:
    assert not set(OF_CALLERS) & set(rs.simulate(office(), replications=2).summary().index)
    assert set(OF_CALLERS) < set(rs.simulate(office(EAGER), replications=2).summary().index)


def test_without_redial_callers_are_calls() -> None:
    """Their metrics can be asked for by name, and are those of calls."""
    result = rs.simulate(office(), replications=5)
    for of_callers, of_calls in (
        ("callers", "offered"),
        ("caller_answer_rate", "answer_rate"),
        ("mean_time_to_reach", "mean_speed_of_answer"),
        ("first_answer_rate", "answer_rate"),
        ("first_abandonment_rate", "abandonment_rate"),
        ("first_overflow_rate", "overflow_rate"),
        ("first_service_level", "service_level"),
    ):
        one, other = (result.figure(name).estimate() for name in (of_callers, of_calls))
        assert one[:3] == other[:3], of_callers
    assert result.figure("attempts_per_caller").estimate().estimate == 1


def test_figures_are_those_of_the_logs() -> None:
    """Sums over the frames of all replications, with a warm-up that splits callers."""
    warm_up = 1800.0
    result = rs.simulate(office(EAGER), replications=6, seed=2, warm_up=warm_up, keep_logs=True)
    callers = attempts = reached = first_answered = 0
    for log in result.logs:
        calls = log.calls
        first_at = calls["arrives_at"][calls["caller"]].to_numpy()
        counted = calls[first_at >= warm_up]
        callers += (counted["attempt"] == 1).sum()
        attempts += len(counted)
        reached += (counted["outcome"] == "answered").sum()
        first_answered += ((counted["attempt"] == 1) & (counted["outcome"] == "answered")).sum()
    found = result.summary()["estimate"]
    assert found["callers"] == pytest.approx(callers / 6)
    assert found["attempts_per_caller"] == pytest.approx(attempts / callers)
    assert found["caller_answer_rate"] == pytest.approx(reached / callers)
    assert found["first_answer_rate"] == pytest.approx(first_answered / callers)
    assert found["caller_answer_rate"] > found["first_answer_rate"] > found["answer_rate"]


def test_engines_workers_and_joined_parts_agree() -> None:
    whole = rs.simulate(office(EAGER), replications=6, seed=2)
    simpy = rs.simulate(office(EAGER), replications=6, seed=2, engine="simpy")
    threads = rs.simulate(office(EAGER), replications=6, seed=2, workers=2)
    parts = [
        rs.simulate(office(EAGER), replications=3, seed=2, first_replication=first)
        for first in (0, 3)
    ]
    for other in (simpy, threads, rs.Result.join(*parts)):
        pd.testing.assert_frame_equal(whole.summary(), other.summary(), check_exact=True)


def test_intervals_count_callers_where_they_first_called() -> None:
    """Attempts after the last interval are in none; the callers of all intervals are all."""
    result = rs.simulate(office(EAGER), replications=4, seed=2)
    table = result.intervals(1800)
    assert len(table) == 4
    whole = result.summary()["estimate"]
    assert table["callers"].sum() == pytest.approx(whole["callers"])
    assert (table["callers"] * table["attempts_per_caller"]).sum() == pytest.approx(
        whole["callers"] * whole["attempts_per_caller"]
    )
    assert table["offered"].sum() < whole["offered"]
    log = result.replay(0).intervals(1800)
    assert log["offered"].sum() == len(result.replay(0).calls)


def test_groups_have_their_own_callers() -> None:
    scenario = rs.Scenario(
        groups=[
            {"extension_number": number, "members": ["201"], "ring_time": 10}
            for number in ("600", "601")
        ],
        demand={
            "600": rs.Demand(calls_per_hour=40, talk_time=100),
            "601": rs.Demand(
                calls_per_hour=40, talk_time=100, redial=rs.Redial(probability=1, delay=30)
            ),
        },
        hours=2,
    )
    result = rs.simulate(scenario, replications=3)
    without, with_it = (result.summary(group=number)["estimate"] for number in ("600", "601"))
    assert without["attempts_per_caller"] == 1
    assert with_it["caller_answer_rate"] == 1 > with_it["first_answer_rate"]
    every = result.summary()["estimate"]
    assert every["callers"] == pytest.approx(without["callers"] + with_it["callers"])


def test_offered_is_certain_only_without_redial() -> None:
    """Given instants: as many callers every day, but not as many calls."""
    given = {"calls_per_hour": None, "arrives_at": list(range(0, 7000, 50))}
    plain = rs.simulate(office(**given), replications=5).summary()
    again = rs.simulate(
        office(rs.Redial(probability=0.8, delay=200), **given), replications=5
    ).summary()
    assert plain.loc["offered", "low"] == plain.loc["offered", "high"]
    assert again.loc["callers", "low"] == again.loc["callers", "high"]
    assert again.loc["offered", "low"] < again.loc["offered", "high"]


def test_merging_needs_no_table_of_callers_without_redial() -> None:
    roster = rs.simulate(office(), replications=1).roster
    merged = Merger(roster, group_layout(roster, Thresholds()), 1).observations()
    assert merged.callers.size == 0
