"""Weeks: days of their own, added up; the same on both engines, by hand and in every verb."""

from __future__ import annotations

import math
import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import ringsim as rs
from ringsim.audit import audit
from ringsim.metrics import Thresholds, _waits, group_layout
from support.helpers import PLAIN_METRICS, refusal
from support.profiles import SLOW

DAYS = ("mon", "tue", "wed")
TWO = [{"extension_number": "600", "members": ["201", "202"], "ring_strategy": "CYCLIC_HUNT"}]


def week(**fields: Any) -> rs.Scenario:
    """Return a scenario of three days that differ in calls and duty."""
    demand = rs.Demand(
        calls_per_hour={"mon": 60, "tue": 20, "wed": [30, 40]}, talk_time=120, patience=60
    )
    duty = {"mon": [("08:00", "09:00")], "tue": [], "wed": [("08:00", "12:00")]}
    given: dict[str, Any] = {
        "groups": TWO,
        "demand": {"600": demand},
        "extensions": [rs.Extension("201", on_duty=duty)],
        "hours": 2,
        "opens_at": "08:00",
        "days": DAYS,
    }
    return rs.Scenario(**(given | fields))


@cache
def result() -> rs.Result:
    return rs.simulate(week(), replications=40, seed=3, keep_logs=True)


def frames(log: rs.CallLog | rs.WeekLog) -> list[pd.DataFrame]:
    return [log.calls, log.rings, log.visits, log.own_calls]


def are_equal(one: rs.CallLog | rs.WeekLog, other: rs.CallLog | rs.WeekLog) -> bool:
    return all(a.equals(b) for a, b in zip(frames(one), frames(other), strict=True))


# One day of a week


@pytest.mark.parametrize("day", DAYS)
def test_a_day_of_the_week_is_that_day_simulated_alone(day: str) -> None:
    alone = rs.simulate(week().on(day), replications=40, seed=3)
    assert result().summary(day=day).equals(alone.summary())
    assert (
        result()
        .summary(10, "600", day=day, variant="answered_only")
        .equals(alone.summary(10, "600", variant="answered_only"))
    )
    assert result().members(day=day).equals(alone.members())
    assert result().intervals(day=day).equals(alone.intervals())
    assert result().on(day).summary().equals(alone.summary())
    assert are_equal(result().on(day).replay(7), alone.replay(7))
    assert alone.summary(day=day).equals(alone.summary())


def test_other_days_and_their_order_change_nothing() -> None:
    fewer = rs.simulate(week(days=["wed", "mon"]), replications=40, seed=3)
    for day in fewer.scenario.days:
        assert fewer.summary(day=day).equals(result().summary(day=day))
    turned = rs.simulate(week(days=DAYS[::-1]), replications=40, seed=3)
    assert turned.summary().equals(result().summary())


def test_days_have_random_numbers_of_their_own() -> None:
    alike = week(demand={"600": rs.Demand(calls_per_hour=30, talk_time=60)}, extensions=[])
    found = [rs.Workload.draw(each, 7).arrives_at[:5].tolist() for each in alike.daily]
    plain = rs.Workload.draw(alike.replace(days=[]), 7).arrives_at[:5].tolist()
    assert len({tuple(each) for each in [*found, plain]}) == 4


def test_days_that_are_alike_have_the_figures_of_the_plain_scenario() -> None:
    demand = {"600": rs.Demand(calls_per_hour=30, talk_time=60, patience=40)}
    alike = week(demand=demand, extensions=[])
    of_week = rs.simulate(alike, replications=400)
    plain = rs.simulate(alike.replace(days=[]), replications=400)
    for day in DAYS:
        one, other = of_week.summary(day=day), plain.summary()
        for metric in ("offered", "answer_rate", "service_level", "mean_speed_of_answer"):
            a, b = one.loc[metric], other.loc[metric]
            error = math.hypot(a["high"] - a["low"], b["high"] - b["low"]) / 2 / 1.96
            assert abs(a["estimate"] - b["estimate"]) < 4 * error, (day, metric)


def test_days_are_independent_even_if_busyness_varies() -> None:
    demand = {"600": rs.Demand(calls_per_hour=30, talk_time=60, busyness=0.5)}
    found = rs.simulate(week(demand=demand, extensions=[], hours=1), replications=400)
    layout = group_layout(found.roster, Thresholds())
    offered = [found.on(day).observed(layout).calls[:, 0, 0] for day in DAYS]
    correlation = np.corrcoef(np.array(offered))[np.triu_indices(3, 1)]
    assert (np.abs(correlation) < 4 / math.sqrt(400)).all()


# The whole week


def test_the_week_adds_up_its_days() -> None:
    table = result().by_day()
    assert list(table.index) == [*DAYS, "week"]
    days = table.loc[list(DAYS)]
    for name in ("offered", "answered", "abandoned", "overflowed", "received"):
        assert table.loc["week", name] == pytest.approx(days[name].sum(), rel=1e-12)
    rate = (days["answer_rate"] * days["offered"]).sum() / days["offered"].sum()
    assert table.loc["week", "answer_rate"] == pytest.approx(rate, rel=1e-12)
    rung = sum(result().members(day=day)["rung"] for day in DAYS)
    assert result().members()["rung"].to_numpy() == pytest.approx(np.asarray(rung), rel=1e-12)


def test_rows_by_day_are_the_summaries() -> None:
    table = result().by_day(10, "600")
    for day in (*DAYS, None):
        summary = result().summary(10, "600", day=day)
        row = table.loc[day or "week"]
        assert list(summary.index) == list(PLAIN_METRICS)
        for bound, column in (("", "estimate"), ("_low", "low"), ("_high", "high")):
            found = row[[name + bound for name in PLAIN_METRICS]].to_numpy(np.float64)
            assert np.array_equal(found, summary[column].to_numpy(np.float64), equal_nan=True)


def test_the_replication_is_the_unit_of_the_weeks_intervals() -> None:
    totals = np.array([len(log.calls) for log in result().logs], dtype=np.float64)
    error = stats.t.ppf(0.975, 39) * totals.std(ddof=1) / math.sqrt(40)
    row = result().summary().loc["offered"]
    assert row["estimate"] == pytest.approx(totals.mean())
    assert (row["high"] - row["low"]) / 2 == pytest.approx(error, rel=0.02)


def test_times_on_duty_are_those_of_all_days() -> None:
    roster = result().roster
    assert roster.duty_time.tolist() == [3600 + 0 + 7200, 3 * 7200]
    assert roster.counted_time == 3 * 7200
    interruptions = result().summary().loc["interruptions_per_hour", "estimate"]
    rung = result().members()["rung"].sum()
    assert interruptions == pytest.approx(rung / (32400 / 3600), rel=0.02)  # some after hours


def test_percentiles_are_of_all_waits_of_the_week(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = np.concatenate([log.calls["wait"] for log in result().logs])
    exact = result().summary().loc["wait_p90", "estimate"]
    assert exact == pytest.approx(np.sort(waits)[math.ceil(0.9 * len(waits)) - 1])
    monkeypatch.setattr(_waits, "MAX_KEPT", 0)
    binned = rs.simulate(week(), replications=40, seed=3).summary().loc["wait_p90"]
    assert binned["estimate"] == pytest.approx(exact, rel=1e-3)
    kept = result().summary().loc["wait_p90"]
    assert binned["high"] - binned["low"] == pytest.approx(kept["high"] - kept["low"], rel=0.2)


def test_intervals_of_a_week_are_by_day() -> None:
    table = result().intervals(3600)
    assert table.index.names == ["day", "starts_at"]
    assert list(table.index) == [(day, start) for day in DAYS for start in (0.0, 3600.0)]
    assert table.loc["wed"].equals(result().intervals(3600, day="wed"))


def test_a_small_week_by_hand() -> None:
    """Two calls on Monday, one of which finds nobody; one on Tuesday, with nobody on duty."""
    duty = {"mon": None, "tue": []}
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"], "ring_time": 20}],
        extensions=[rs.Extension("201", on_duty={"mon": [(0, 3600)], "tue": []})],
        hours=1,
        days=list(duty),
    )
    monday = rs.Workload(arrives_at=[0, 10], talk_time=100, group="600", answer_delay={"201": 4})
    tuesday = rs.Workload(arrives_at=[5], talk_time=50, group="600", answer_delay={"201": 4})
    log = rs.play(scenario, {"tue": tuesday, "mon": monday})
    assert repr(log) == "<WeekLog of 2 days, 3 calls: 1 answered, 0 abandoned, 2 overflowed>"
    calls = log.calls[["call", "day", "arrives_at", "outcome", "wait"]]
    assert calls.to_numpy().tolist() == [
        [0, 0, 0.0, "answered", 4.0],
        [1, 0, 10.0, "overflowed", 0.0],
        [2, 1, 5.0, "overflowed", 0.0],
    ]
    assert log.rings[["call", "day", "member"]].to_numpy().tolist() == [[0, 0, "201"]]
    table = log.by_day()
    assert table["offered"].tolist() == [2, 1, 3]
    assert table["answer_rate"].tolist() == [0.5, 0.0, 1 / 3]
    assert table["mean_speed_of_answer"].tolist()[::2] == [4.0, 4.0]
    assert log.members()["talk_share"].tolist() == [100 / 3600]
    assert log.members(day="mon")["interruptions_per_hour"].tolist() == [1.0]
    assert log.summary().loc["interruptions_per_hour", "estimate"] == 1.0
    assert log.summary().loc["offered_load", "estimate"] == pytest.approx(3 / 7200 * 100)


def test_memory_begins_anew_each_day() -> None:
    """The cyclic hunt begins with the first member again on Tuesday."""
    scenario = rs.Scenario(groups=TWO, days=["mon", "tue"])
    script = rs.Workload(
        arrives_at=[0], talk_time=1, group="600", answer_delay={"201": 1, "202": 1}
    )
    log = rs.play(scenario, {"mon": script, "tue": script})
    assert log.rings["member"].tolist() == ["201", "201"]
    assert log.on("tue").calls["call"].tolist() == [0]
    assert log.calls["call"].tolist() == [0, 1]


# Logs


def test_both_engines_give_the_same_weeks() -> None:
    away = rs.Away(every=900, lasting=120)
    person = rs.Extension("202", away=away, own_calls=rs.Demand(calls_per_hour=3, talk_time=60))
    scenario = week(extensions=[*week().extensions, person])
    slow, fast = (
        rs.simulate(scenario, replications=3, seed=5, engine=engine, keep_logs=True)
        for engine in ("simpy", "compiled")
    )
    for one, other in zip(slow.logs, fast.logs, strict=True):
        assert are_equal(one, other)
    assert slow.summary().equals(fast.summary())
    workloads = {day: rs.Workload.draw(scenario.on(day), 5, 2) for day in DAYS}
    assert are_equal(rs.play(scenario, workloads), fast.replay(2))
    assert audit(scenario, fast.replay(2), workloads).ok


def test_logs_are_kept_replayed_and_written(tmp_path: Path) -> None:
    log = result().replay(4)
    assert isinstance(log, rs.WeekLog)
    assert are_equal(log, result().logs[4])
    assert log.calls["day"].dtype == np.int64
    assert log.calls["group"].dtype == "category"
    assert log.calls["call"].tolist() == list(range(len(log.calls)))
    assert set(log.rings["call"]) <= set(log.calls["call"])
    assert log.latest == log.calls["arrives_at"].max()
    log.to_csv(tmp_path / "rings.csv", "rings")
    assert len(pd.read_csv(tmp_path / "rings.csv")) == len(log.rings)
    assert log.by_day()["offered"].tolist()[-1] == len(log.calls)
    wednesday = log.on("wed").rings
    assert len(wednesday) == (log.rings["day"] == 2).sum()


def test_a_log_needs_every_day() -> None:
    log = result().replay(0)
    assert isinstance(log, rs.WeekLog)
    assert refusal(lambda: rs.WeekLog(week(), log.logs[:2])) == (
        "logs must be one for each of the scenario's days, got ['mon', 'tue', 'wed']."
    )
    script = rs.Workload(arrives_at=[0], talk_time=1)
    assert refusal(lambda: rs.play(week(), {"mon": script})) == (
        "workload must have one workload for each of the scenario's days, got ['mon']. "
        "Its days are mon, tue, wed."
    )


def test_the_audit_names_the_day_of_a_broken_row() -> None:
    log = rs.play(week(), {day: rs.Workload.draw(week().on(day), 1) for day in DAYS})
    turned = week(extensions=[rs.Extension("201", on_duty={"mon": [], "tue": [], "wed": []})])
    found = audit(turned, log)
    assert not found.ok
    first = found.violations[0]
    assert str(first).endswith("(mon)")
    assert first.rule == "S12" or first.rule.startswith("S")
    assert log.rings.loc[first.row, "day"] == 0
    assert any(str(each).endswith("(wed)") for each in found.violations)
    wednesday = next(each for each in found.violations if str(each).endswith("(wed)"))
    assert getattr(log, wednesday.frame).loc[wednesday.row, "day"] == 2
    assert refusal(lambda: audit(week(days=["mon", "tue"]), log)).startswith("scenario.days must")
    script = rs.Workload(arrives_at=[0], talk_time=1)
    assert refusal(lambda: audit(week(), log, script)).startswith("workload must be")


# Studies


def test_workers_and_parts_change_nothing() -> None:
    threads = rs.simulate(week(), replications=40, seed=3, workers=3)
    assert threads.summary().equals(result().summary())
    assert threads.by_day().equals(result().by_day())
    parts = [
        rs.simulate(week(), replications=20, seed=3, first_replication=first) for first in (20, 0)
    ]
    joined = rs.Result.join(*parts)
    assert joined.by_day().equals(result().by_day())
    assert are_equal(joined.replay(30), result().replay(30))
    assert pickle.loads(pickle.dumps(week())) == week()


def test_progress_counts_weeks() -> None:
    seen: list[tuple[int, int]] = []
    rs.simulate(week(), replications=6, workers=2, on_progress=lambda *each: seen.append(each))
    assert seen[-1] == (6, 6)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_precision_of_a_week() -> None:
    until = rs.Precision("answer_rate", 0.03)
    found = rs.simulate(week(), until=until, seed=3)
    row = found.summary().loc["answer_rate"]
    assert found.reached
    assert (row["high"] - row["low"]) / 2 <= 0.03


def test_comparisons_are_of_the_week_and_of_each_day() -> None:
    comparison = rs.compare(
        week(), variants={"longer": {"ring_time": 30}}, replications=20, metrics=["answer_rate"]
    )
    table = comparison.by_day
    assert table.index.names == ["day", "variant", "metric"]
    assert table.loc["week"].equals(comparison.table)
    alone = rs.compare(
        week().on("wed"),
        variants={"longer": {"ring_time": 30}},
        replications=20,
        metrics=["answer_rate"],
    )
    assert table.loc["wed"].equals(alone.table)
    assert comparison.on("wed").table.equals(alone.table)


def test_a_margin_holds_for_each_day_of_a_comparison() -> None:
    asked: dict[str, Any] = {
        "variants": {"longer": {"ring_time": 30}},
        "replications": 20,
        "metrics": ["answer_rate"],
        "equivalent_within": {"answer_rate": 0.9},
    }
    comparison, alone = rs.compare(week(), **asked), rs.compare(week().on("wed"), **asked)
    assert comparison.on("wed").table.equals(alone.table)
    assert comparison.by_day["equivalent"].eq(True).all()


def test_a_sweep_of_weeks_has_the_weeks_figures() -> None:
    table = rs.sweep(week(), {"ring_time": [10, 20]}, replications=10, metrics=["offered"])
    assert (
        table["offered"].tolist()
        == [rs.simulate(week(), replications=10).summary().loc["offered", "estimate"]] * 2
    )


def test_a_group_is_sized_for_the_week_or_for_a_day() -> None:
    target = rs.Target(answer_rate=0.8)
    of_week = rs.size(week(), target=target)
    by_day = {day: rs.size(week().on(day), target=target) for day in DAYS}
    assert of_week.decided
    needed = [each.members for each in by_day.values()]
    assert None not in needed
    assert min(needed) <= of_week.members <= max(needed)  # type: ignore[operator, type-var]


@pytest.mark.parametrize("candidates", [None, ["203", "202", "201", "204"]])
def test_the_week_of_a_plan_is_what_was_played(candidates: list[str] | None) -> None:
    """Members ring in the order of each day's plan, though some are off on some days."""
    people = [
        rs.Extension("202", on_duty={"mon": [], "tue": [(0, 3600)]}),
        rs.Extension("203", answer_delay=9),
    ]
    group = {
        "extension_number": "600",
        "members": ["201", "202", "203"],
        "ring_strategy": "PRIORITIZED_HUNT",
    }
    calls = {"mon": 60, "tue": 90}
    scenario = rs.Scenario(
        groups=[group],
        demand={"600": rs.Demand(calls_per_hour=calls, talk_time=90, patience=40)},
        extensions=people,
        days=["mon", "tue"],
        hours=1,
    )
    target = rs.Target(answer_rate=0.8)
    asked: dict[str, Any] = {"target": target, "width": 3600, "replications_played": 5}
    found = rs.staffing(scenario, candidates=candidates, **asked)
    assert isinstance(found, rs.WeekStaffing)
    for day, plan in found.by_day.items():
        planned = [each.extension_number for each in plan.scenario.group("600").members]
        whole = found.scenario.on(day)
        on_duty = [each.extension_number for each in whole.group("600").members]
        assert [number for number in on_duty if whole.duty(number) != ()] == planned
        played, again = (
            rs.simulate(each, replications=5, seed=1).figure("answer_rate")
            for each in (plan.scenario, whole)
        )
        assert again.estimate() == played.estimate()


def test_each_day_is_staffed_on_its_own() -> None:
    asked: dict[str, Any] = {
        "target": rs.Target(answer_rate=0.8),
        "width": 3600,
        "replications_played": 20,
    }
    found = rs.staffing(week(), **asked)
    assert isinstance(found, rs.WeekStaffing)
    for day in DAYS:
        alone = rs.staffing(week().on(day), **asked)
        assert isinstance(alone, rs.Staffing)
        pd.testing.assert_frame_equal(found.table.loc[day], alone.table, check_dtype=False)
        assert found.on(day).member_hours == alone.member_hours
        planned = found.scenario.on(day)
        spans, expected = (
            {number: duty for number in each.extension_numbers if (duty := each.duty(number)) != ()}
            for each in (planned, alone.scenario)
        )
        assert spans == expected
    assert found.member_hours == sum(found.on(day).member_hours for day in DAYS)
    assert "The week has" in str(found)
    assert repr(found).startswith("<WeekStaffing of group 600: mon up to")


def test_given_workloads_are_for_one_day() -> None:
    script = rs.Workload(arrives_at=[0], talk_time=1, group="600")
    assert refusal(lambda: rs.simulate(week(), workload=script)) == (
        "workload must not be given for a scenario with several days, got ['mon', 'tue', 'wed']. "
        "Take one of them with scenario.on('mon')."
    )


def test_tables_by_day_need_days() -> None:
    plain = rs.simulate(week().on("mon").replace(days=[]), replications=2)
    assert refusal(plain.by_day) == (
        'by_day() must have days. Give the scenario days=["mon", "tue"].'
    )
    assert refusal(lambda: plain.summary(day="mon")).startswith("day must not be given")
    assert refusal(lambda: result().summary(day="sun")) == (
        "day must be one of mon, tue, wed, got 'sun'."
    )


@pytest.mark.skipif(not SLOW, reason="starting processes takes seconds")
def test_processes_play_weeks() -> None:
    with ProcessPoolExecutor(2) as pool:
        found = rs.simulate(week(), replications=40, seed=3, executor=pool)
    assert found.by_day().equals(result().by_day())


def test_a_share_of_days_is_no_target_of_a_week() -> None:
    """A replication is a week: three days of four may miss what nine weeks of ten reach."""
    target = rs.Target(service_level=0.7, p_target_met=0.8)
    said = "p_target_met must not be given for a week, whose days are not counted one by one"
    assert said in refusal(lambda: rs.size(week(), target=target))
    asked: dict[str, Any] = {"over": {"n_members": [1, 2]}, "minimise": "n_members"}
    assert said in refusal(lambda: rs.optimize(week(), **asked, subject_to=target))
    assert rs.size(week().on("mon"), target=target).members is not None
