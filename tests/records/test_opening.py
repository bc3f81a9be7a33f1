"""Records and scenarios that open at different times of day."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ringsim as rs
from ringsim.records import Records
from ringsim.records._aligned import aligned, within_hours
from ringsim.records._duty import DutyRecord
from support.helpers import refusal
from support.known_group import PEOPLE, known_group, month

OPENS = {3600.0: "07:00", 0.0: "08:00", -3600.0: "09:00"}
EARLY = {"group": "600", "arrives_at": 3300.0, "outcome": "abandoned", "wait": 9.0}  # at 07:55


@cache
def usual(strategy: str = "CYCLIC_HUNT", grade: str = "A") -> Records:
    """Return three days that open at 08:00, as the scenario does."""
    return month(strategy, days=3, busyness=0, seed=4, grade=grade)


def opened(records: Records, seconds: float, **options: Any) -> Records:
    """Return the same calls in records that open so many seconds earlier."""
    calls, rings, own = (x.copy() for x in (records.calls, records.rings, records.own_calls))
    calls["arrives_at"] += seconds
    rings[["started_at", "ended_at"]] += seconds
    own["started_at"] += seconds
    fields = {"opens_at": OPENS[seconds], "hours": 8 + seconds / 3600} | options
    return Records.from_frames(
        calls, rings, own, group="600", members=list(PEOPLE), grade=records.grade, **fields
    )


def with_an_early_call(records: Records) -> Records:
    """Return records that open at 07:00, because of a call at 07:55 on the first day."""
    moved = opened(records, 3600.0)
    early = pd.DataFrame([{**EARLY, "call": 10_000, "day": 0, "date": moved.calls["date"].iloc[0]}])
    calls = pd.concat([early, moved.calls.astype(object)], ignore_index=True)
    calls = calls.astype({"call": np.int64, "day": np.int64, "arrives_at": float, "wait": float})
    calls = calls.astype({"talk_time": float})
    return Records.from_frames(
        calls,
        moved.rings,
        moved.own_calls,
        group="600",
        members=list(PEOPLE),
        opens_at="07:00",
        hours=9,
    )


def test_one_early_call_changes_no_backtest() -> None:
    usually = rs.backtest(known_group(), usual())
    found = rs.backtest(known_group(), with_an_early_call(usual()))
    assert usually.reproduces
    assert usually.notes == ()
    assert found.notes == ("1 call outside the hours of the scenario is left out.",)
    assert found.verdict == usually.verdict
    known = [name for name in found.table if name != "pit"]
    pd.testing.assert_frame_equal(found.table[known], usually.table[known])


def test_calls_after_the_hours_of_the_scenario_are_left_out() -> None:
    shorter = known_group().replace(hours=7)
    late = int((usual().calls["arrives_at"] >= 7 * 3600).sum())
    found = rs.backtest(shorter, usual())
    assert found.notes == (f"{late} calls outside the hours of the scenario are left out.",)
    offered = found.tests.loc["offered", "observed"]
    assert offered == pytest.approx((len(usual().calls) - late) / 3)


def test_a_scenario_at_another_time_of_day_is_refused() -> None:
    evening = known_group().replace(
        opens_at="20:00", hours=2, extensions=[rs.Extension(number) for number in PEOPLE]
    )
    n = len(usual().calls)
    assert refusal(lambda: rs.backtest(evening, usual())) == (
        f"records must have a call within the hours of the scenario. Calls outside them: {n}."
    )
    assert refusal(lambda: usual().workload(evening)) == (
        "day must have a call within the hours of the scenario, got '2001-01-01'."
    )


@pytest.mark.parametrize("of_scenario", [None, "08:00"])
def test_an_unknown_opening_is_said(of_scenario: str | None) -> None:
    """Hours of duty are in seconds, as times of day need an opening."""
    people = [rs.Extension(number) for number in PEOPLE]
    scenario = known_group().replace(opens_at=of_scenario, extensions=people)
    unknown = opened(usual(), 0.0, opens_at=None)
    notes = rs.backtest(scenario, unknown, days=[0]).notes
    sentence = "The records or the scenario have no opens_at: both are taken to open at the same "
    assert [note.startswith(sentence) for note in notes] == [True] * (of_scenario is not None)
    worked_out = unknown.with_rings(scenario).notes
    assert any(note.startswith(sentence) for note in worked_out) == (of_scenario is not None)


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
def test_a_workload_has_the_times_of_day_of_the_calls(seconds: float) -> None:
    first = usual().calls["arrives_at"].min()
    records = usual() if seconds > 0 else only_after(usual(), 3600.0)
    usually, found = (
        each.workload(known_group(), day=1, seed=3) for each in (records, opened(records, seconds))
    )
    assert first < 3600
    for name in ("arrives_at", "patience", "talk_time", "wrap_up_time"):
        np.testing.assert_allclose(getattr(found, name), getattr(usually, name))
    assert found.answer_delay(5, "203") == pytest.approx(usually.answer_delay(5, "203"))


def only_after(records: Records, seconds: float) -> Records:
    calls = records.calls[records.calls["arrives_at"] >= seconds]
    own = records.own_calls[records.own_calls["started_at"] >= seconds]
    rings = records.rings[records.rings["call"].isin(calls["call"])]
    return Records.from_frames(
        calls, rings, own, group="600", members=list(PEOPLE), opens_at="08:00", hours=8
    )


def test_a_workload_leaves_out_calls_outside_the_hours() -> None:
    usually = usual().workload(known_group(), seed=3)
    found = with_an_early_call(usual()).workload(known_group(), seed=3)
    np.testing.assert_allclose(found.arrives_at, usually.arrives_at)
    assert found.answer_delay(0, "201") == pytest.approx(usually.answer_delay(0, "201"))
    played = rs.simulate(known_group(), workload=found).summary()
    assert played.loc["offered", "estimate"] == len(usually)


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
def test_rings_are_worked_out_at_the_same_times_of_day(seconds: float) -> None:
    recorded = usual("RING_SIMULTANEOUSLY", "C")
    if seconds < 0:
        recorded = only_after(recorded, 3600.0)._with(grade="C")
    scenario = known_group("RING_SIMULTANEOUSLY")
    usually, moved = (each.with_rings(scenario) for each in (recorded, opened(recorded, seconds)))
    assert len(usually.rings) > 1000
    assert moved.scenario.opens_at == OPENS[seconds]
    for name in ("call", "member", "result"):
        assert moved.rings[name].tolist() == usually.rings[name].tolist()
    for name in ("started_at", "ended_at"):
        np.testing.assert_allclose(moved.rings[name], usually.rings[name] + seconds)


def test_recorded_duty_is_at_the_same_times_of_day() -> None:
    columns = {"extension": "201", "state": "on_duty", "started_at": 3600.0, "ended_at": 7200.0}
    frame = pd.DataFrame([columns | {"day": 0}])
    records = opened(usual(), 3600.0)
    records.duty_record = DutyRecord(frame, signing=("201",))
    scenario = known_group()
    assert records.scenarios_on_duty(scenario)[0].duty("201") == ((0.0, 3600.0),)
    moved = aligned(records, scenario)
    assert moved.scenarios_on_duty(scenario)[0].duty("201") == ((0.0, 3600.0),)


@pytest.mark.parametrize("seconds", OPENS)
def test_records_within_hours_open_with_the_scenario(seconds: float) -> None:
    records = only_after(usual(), 3600.0)
    found = within_hours(opened(records, seconds), known_group())
    assert found.scenario.opens_at == "08:00"
    for name in ("calls", "rings", "visits", "own_calls"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(records, name))
