"""Sums of weeks: days added up, kept apart, merged and reordered."""

from __future__ import annotations

import numpy as np
import pytest

import ringsim as rs
from ringsim.metrics import Observations, Thresholds, group_layout
from support.helpers import refusal

WEEK = rs.Scenario(
    groups=[{"extension_number": "600", "members": ["201"]}],
    extensions=[rs.Extension("201", on_duty={"mon": [(0, 1800)], "tue": []})],
    hours=1,
    days=["mon", "tue"],
)


def script(*arrives_at: float) -> rs.Workload:
    return rs.Workload(arrives_at=arrives_at, talk_time=60, group="600", answer_delay={"201": 2})


def log(monday: rs.Workload, tuesday: rs.Workload) -> rs.WeekLog:
    return rs.play(WEEK, {"mon": monday, "tue": tuesday})


def test_tables_of_a_week_and_of_its_days() -> None:
    found = log(script(0, 1000), script(5))
    assert found.weekdays == ("mon", "tue")
    assert found.by_day()["answered"].tolist() == [2, 0, 2]
    assert found.summary(day="tue").loc["offered", "estimate"] == 1
    assert found.members(day="mon")["rung"].tolist() == [2]
    assert found.intervals(1800)["offered"].tolist() == [2, 0, 1, 0]
    assert found.intervals(1800, day="tue")["offered"].tolist() == [1, 0]
    monday = found.on("mon")
    assert monday.on("mon") is monday
    assert refusal(lambda: monday.on("tue")).startswith("day must be one of mon")
    assert found.roster.is_week
    assert not monday.roster.is_week
    assert found.roster.duty_time.tolist() == [1800]
    assert found.roster.counted_time == 7200


def test_tables_by_day_need_days() -> None:
    plain = rs.play(WEEK.on("mon").replace(days=[], extensions=[]), script(0))
    assert refusal(plain.by_day).startswith("by_day() must have days")


def test_parts_of_a_study_of_weeks_are_merged_day_by_day() -> None:
    layout = group_layout(log(script(0), script(0)).roster, Thresholds())
    parts = [log(script(*range(0, 100 * n, 100)), script(0)).observed(layout) for n in (1, 2, 3)]
    joined = Observations.joined(parts)
    assert joined.calls[:, 0, 0].tolist() == [2, 3, 4]
    assert [day.calls[:, 0, 0].tolist() for day in joined.daily] == [[1, 2, 3], [1, 1, 1]]
    turned = joined.reordered(np.array([2, 0, 1]))
    assert turned.calls[:, 0, 0].tolist() == [4, 2, 3]
    assert turned.daily[0].calls[:, 0, 0].tolist() == [3, 1, 2]
    assert joined.waits.n == 9


@pytest.mark.parametrize("day", ["mon", None])
def test_figures_of_a_day(day: str | None) -> None:
    figure = log(script(0, 9), script(0)).figure("offered", day=day)
    assert figure.estimate().estimate == (2 if day else 3)
