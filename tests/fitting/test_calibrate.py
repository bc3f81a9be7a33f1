"""Calibration to known totals."""

from __future__ import annotations

import math
from functools import cache

import pytest

import ringsim as rs
from ringsim.fitting._free import free_settings
from ringsim.scenario._changes import changed
from support.helpers import refusal
from support.known_group import known_group
from support.readme import EXAMPLE

PATIENCE, WRAP_UP = "demand.600.patience", "demand.600.wrap_up_time"


@cache
def totals():
    """Return figures of the known group, and the same group without patience and wrap-up."""
    known = known_group()
    figures = rs.simulate(known, replications=100, seed=8).summary().estimate
    demand = known.demand["600"].replace(patience=math.inf, wrap_up_time=0)
    return figures, known.replace(demand={"600": demand})


def calibrated(*metrics, free, **options):
    figures, scenario = totals()
    return rs.calibrate(scenario, {name: figures[name] for name in metrics}, free=free, **options)


def test_one_setting_is_found_from_one_total():
    found = calibrated("abandonment_rate", free=[PATIENCE])
    assert found.verdict.startswith("Reached. No other settings that were tried reach these totals")
    [row] = found.reached.to_dict("records")
    assert row["reached"] == pytest.approx(row["target"], abs=0.005)
    again = rs.simulate(found.scenario, replications=100, seed=77).summary().estimate
    assert again["abandonment_rate"] == pytest.approx(row["target"], abs=0.015)
    [row] = found.table.to_dict("records")
    assert found.scenario.demand["600"].patience.mean() == pytest.approx(row["value"])
    assert row["low"] == row["value"] == row["high"]


def test_two_settings_are_found_from_two_totals():
    found = calibrated("abandonment_rate", "mean_speed_of_answer", free=[PATIENCE, WRAP_UP])
    assert found.alike is None
    values = found.table.set_index("parameter")["value"]
    assert 20 < values[WRAP_UP] < 60  # truth 25, of another shape
    assert 30 < values[PATIENCE] < 60


def test_settings_that_fit_alike_are_told():
    found = calibrated("abandonment_rate", free=[PATIENCE, WRAP_UP])
    assert found.verdict.startswith("Reached, but two settings fit alike: demand.600.patience ")
    one, other = found.alike
    assert max(one[WRAP_UP] / other[WRAP_UP], other[WRAP_UP] / one[WRAP_UP]) > 1.4
    row = found.table.set_index("parameter").loc[WRAP_UP]
    assert row["low"] < row["value"] < row["high"]


def test_totals_that_are_not_found_are_told():
    _, scenario = totals()
    found = rs.calibrate(scenario, {"abandonment_rate": 0.9}, free=[WRAP_UP])
    assert found.verdict == (
        "Not found with these settings free: abandonment rate came to 0.0 %, not 90.0 %."
    )
    assert found.alike is None
    [row] = found.table.to_dict("records")
    assert math.isnan(row["low"])
    assert math.isnan(row["high"])


def test_a_figure_without_a_value_is_told():
    """No call has a wait until the answer if nobody answers."""
    people = [rs.Extension(number, answer_probability=0) for number in ("201", "202")]
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"]}],
        extensions=people,
        demand={"600": rs.Demand(calls_per_hour=20, talk_time=60, patience=30)},
        hours=2,
    )
    found = rs.calibrate(scenario, {"mean_speed_of_answer": 18}, free=[PATIENCE], replications=5)
    assert found.verdict == (
        "Not found with these settings free: mean speed of answer has no value with any settings "
        "that were tried, not 18.00 s."
    )
    assert found.reached["reached"].isna().all()


@pytest.mark.parametrize("target", [15.0, 18.0, 19.0])
def test_figures_of_few_days_are_found_although_they_jump(target):
    found = rs.calibrate(
        known_group(),
        {"mean_speed_of_answer": target},
        free=["extensions.*.answer_probability"],
        replications=5,
    )
    assert found.verdict.startswith("Reached")
    assert found.reached["reached"][0] == pytest.approx(target, rel=0.02)


def test_numbers_of_calls_are_of_a_week_as_in_a_summary():
    """The totals of a scenario are reached by its own settings."""
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(calls_per_hour={"mon": 10, "tue": 20}, talk_time=60, patience=30)},
        hours=4,
        days=["mon", "tue"],
    )
    figures = rs.simulate(scenario, replications=10, seed=0).summary().estimate
    targets = {name: figures[name] for name in ("offered", "answer_rate")}
    found = rs.calibrate(scenario, targets, free=["demand.600.scale"], replications=10)
    assert found.verdict.startswith("Reached.")
    assert found.verdict.endswith(" Numbers of calls are of a week.")
    assert found.table["value"][0] == pytest.approx(1, rel=0.02)
    rates = rs.calibrate(
        scenario, {"answer_rate": targets["answer_rate"]}, free=[PATIENCE], replications=10
    )
    assert "week" not in rates.verdict


@pytest.mark.parametrize(
    "settings",
    [
        {"extensions.*.answer_probability": 0.37},  # half of 0.98 changes hardly anything
        {"extensions.*.answer_probability": 0.02},
        {"demand.600.patience": 1.0},
        {"demand.600.talk_time": 800.0},
        {"demand.600.wrap_up_time": 300.0},
    ],
)
def test_totals_that_some_settings_have_are_reached(settings):
    office = rs.Scenario.load(EXAMPLE)
    [(path, value)] = settings.items()
    [free] = free_settings(office, "600", [path])
    place = math.log(value) if value > 0.99 else math.log(value / (1 - value))
    there = rs.simulate(changed(office, free.changes(place)), replications=20, seed=1)
    rate = float(there.summary(group="600").loc["answer_rate", "estimate"])
    found = rs.calibrate(
        office, {"answer_rate": rate}, free=[path], group="600", replications=20, seed=1
    )
    assert found.verdict.startswith("Reached")
    assert found.table["low"][0] <= found.table["value"][0] <= found.table["high"][0]


def test_settings_of_all_members_are_made_alike():
    found = calibrated("answer_rate", free=["extensions.*.answer_probability"], replications=20)
    shares = {found.scenario.extension(n).answer_probability for n in ("201", "203", "206")}
    assert len(shares) == 1


@pytest.mark.parametrize(
    ("field", "given", "mean"),
    [
        ("talk_time", 100, 100),
        ("talk_time", {"mean": 100, "cv": 0.5}, 100),
        ("talk_time", {"samples": [50, 150]}, 100),
        ("talk_time", {"dist": "gamma", "a": 2, "scale": 50}, 100),
    ],
)
def test_any_distribution_is_scaled_to_its_mean(field, given, mean):
    demand = rs.Demand(calls_per_hour=20, **{field: given})
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}], demand={"600": demand}, hours=2
    )
    path = f"demand.600.{field}"
    found = rs.calibrate(scenario, {"answer_rate": 0.4}, free=[path], replications=10)
    [row] = found.table.to_dict("records")
    assert row["start"] == pytest.approx(mean)
    changed = getattr(found.scenario.demand["600"], field)
    assert changed.mean() == pytest.approx(row["value"])
    assert type(changed) is type(getattr(demand, field))


def test_a_calibration_shows_itself():
    found = calibrated("abandonment_rate", free=[PATIENCE])
    assert repr(found) == f"<Calibration: {found.verdict}>"
    assert "Reached" in found._repr_html_()


@pytest.mark.parametrize(
    ("targets", "free", "said"),
    [
        ({}, [PATIENCE], "targets must be a table of figures by metric, got {}."),
        (
            {"abandonment_rate": 1.5},
            [PATIENCE],
            "targets.abandonment_rate must be a fraction",
        ),
        ({"abandonment_rate": "x"}, [PATIENCE], "targets.abandonment_rate must be a finite number"),
        ({"answer_rat": 0.5}, [PATIENCE], "metric must be"),
        ({"answer_rate": 0.5}, [], "free must be a list of at least one path, got []."),
        ({"answer_rate": 0.5}, PATIENCE, "free must be a list of at least one path"),
        ({"answer_rate": 0.5}, ["ring_time"], "free[0] must be a path of a setting"),
        (
            {"answer_rate": 0.5},
            ["demand.601.patience"],
            "free[0] must belong to a group that receives",
        ),
        (
            {"answer_rate": 0.5},
            ["demand.600.interval"],
            "free[0] must be a setting that can",
        ),
        ({"answer_rate": 0.5}, ["extensions.299.answer_delay"], "free[0] must be of a person"),
        ({"answer_rate": 0.5}, ["extensions.201.on_duty"], "free[0] must be a setting that can"),
        ({"answer_rate": 0.5}, [PATIENCE, PATIENCE], "free must name each setting once"),
    ],
)
def test_refusals(targets, free, said):
    _, scenario = totals()
    assert refusal(lambda: rs.calibrate(scenario, targets, free=free)).startswith(said)
