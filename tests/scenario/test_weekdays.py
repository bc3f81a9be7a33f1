"""Weekdays of a scenario: tables of calls and duty, their files, changes and errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim.scenario import WEEKDAYS, changed
from support.helpers import refusal

MONDAY, TUESDAY = [("08:00", "10:00")], [("09:00", "17:00")]


def week(**fields: Any) -> rs.Scenario:
    """Return a scenario of a Monday and a Tuesday that differ in calls and duty."""
    given: dict[str, Any] = {
        "groups": [{"extension_number": "600", "members": ["201", "202"]}],
        "demand": {
            "600": rs.Demand(calls_per_interval={"mon": [30, 10], "tue": [5, 5]}, talk_time=60)
        },
        "extensions": [
            rs.Extension(
                "201",
                on_duty={"mon": MONDAY, "tue": TUESDAY},
                own_calls=rs.Demand(calls_per_hour={"mon": 2, "tue": [1, 3]}, talk_time=60),
            )
        ],
        "opens_at": "08:00",
        "days": ["tue", "mon"],
    }
    return rs.Scenario(**(given | fields))


def test_a_day_has_its_own_calls_and_duty() -> None:
    monday, tuesday = week().daily
    assert (monday.days, tuesday.days) == (("mon",), ("tue",))
    assert monday.demand["600"].calls_per_interval == (30, 10)
    assert tuesday.extension("201").own_calls.calls_per_hour == (1, 3)  # type: ignore[union-attr]
    assert monday.duty("201") == ((0.0, 7200.0),)
    assert tuesday.duty("201") == ((3600.0, 32400.0),)
    assert monday == week().on("mon")
    assert monday.on("mon") is monday
    assert monday.one_day is monday


def test_days_are_kept_in_the_order_of_the_week() -> None:
    assert week() == week(days=("mon", "tue"))
    assert week(days=reversed(WEEKDAYS[:2])).days == ("mon", "tue")


def test_a_scenario_without_days_is_its_own_day() -> None:
    plain = week(days=[], demand={}, extensions=[])
    assert plain.daily == (plain,)
    assert plain.one_day is plain
    assert "days" not in rs.Scenario(groups=[]).to_file()


def test_a_day_that_needs_no_table_may_be_a_plain_number() -> None:
    scenario = week(demand={"600": rs.Demand(calls_per_hour=10, talk_time=60)})
    assert {each.demand["600"].calls_per_hour for each in scenario.daily} == {10}


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_files_keep_tables_by_weekday(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"week.{suffix}"
    week().dump(path)
    assert rs.Scenario.load(path) == week()


def test_a_file_is_read_as_people_write_it(tmp_path: Path) -> None:
    path = tmp_path / "week.toml"
    path.write_text(
        """
        days = ["mon", "tue"]
        opens_at = 08:00:00
        [[groups]]
        extension_number = "600"
        members = ["201"]
        [demand.600]
        talk_time = 60
        calls_per_hour = { mon = [60, 30], tue = 20 }
        [[extensions]]
        extension_number = "201"
        on_duty = { mon = [["08:00", "10:00"]], tue = [] }
        """,
        "utf-8",
    )
    scenario = rs.Scenario.load(path)
    assert scenario.on("mon").demand["600"].hourly_rates == (60, 30)
    assert scenario.on("tue").duty("201") == ()


def test_expected_calls_are_those_of_the_week() -> None:
    assert week().expected_calls("600") == 50
    assert week().on("mon").expected_calls("600") == 40
    assert week().expected_calls("601") == 0
    assert week().demand["600"].expected_calls(8) == 25  # a mean day


def test_scaling_scales_every_day() -> None:
    demand = rs.Demand(calls_per_hour={"mon": 10, "tue": [4, 6]}, talk_time=1).scaled(1.5)
    assert demand.calls_per_hour == {"mon": 15, "tue": (6, 9)}
    assert changed(week(), {"demand.600.scale": 2}).demand["600"].calls_per_interval == {
        "mon": (60, 20),
        "tue": (10, 10),
    }


def test_paths_change_days_and_tables() -> None:
    changes = {
        "days": ["mon"],
        "demand.600.calls_per_interval": {"mon": [1]},
        "extensions.201.on_duty": {"mon": []},
    }
    scenario = changed(week(), changes)
    assert scenario.one_day.duty("201") == ()
    assert scenario.expected_calls("600") == 1


def test_assumptions_that_concern_some_days_name_them() -> None:
    said = week().assumptions
    everyday = "A ringing phone may ring for another call too, as no ringing_is_busy is given."
    assert everyday in said
    never = [sentence for sentence in week(hours=0.5).assumptions if "any time" in sentence]
    assert never == ["tue: They are not on duty at any time of the 0.5 h: 201."]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"days": ["Monday"]},
            "days[0] must be one of mon, tue, wed, thu, fri, sat, sun, got 'Monday'. "
            "Did you mean 'mon'?",
        ),
        ({"days": ["mon", "mon"]}, "days[1] must not be listed twice, got 'mon'."),
        ({"days": "mon"}, 'days must be a list of weekdays such as ["mon", "tue"], got \'mon\'.'),
        ({"days": 5}, 'days must be a list of weekdays such as ["mon", "tue"], got 5.'),
        (
            {"days": ["mon", "wed"]},
            "extensions[0].own_calls.calls_per_hour.wed must be given, as it is a day of the "
            "scenario.",
        ),
        (
            {"days": ["wed"], "extensions": []},
            "demand.600.calls_per_interval.wed must be given, as it is a day of the scenario.",
        ),
        (
            {"days": [], "extensions": []},
            "demand.600.calls_per_interval must be the same on all days, as the scenario has no "
            "days, got {'mon': (30, 10), 'tue': (5, 5)}. Give days=['mon', 'tue'].",
        ),
        (
            {"extensions": [rs.Extension("201", on_duty={"mon": [("9", "10:00")], "tue": []})]},
            "extensions[0].on_duty.mon[0] must be a time of day such as \"08:30\", got '9'.",
        ),
    ],
)
def test_invalid_days_are_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: week(**fields)) == sentence


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"calls_per_hour": {"Tue": 5}},
            "calls_per_hour must be one of mon, tue, wed, thu, fri, sat, sun, got 'Tue'. "
            "Did you mean 'tue'?",
        ),
        ({"calls_per_hour": {}}, "calls_per_hour must name at least one weekday, got {}."),
        (
            {"calls_per_hour": {"mon": -1}},
            "calls_per_hour.mon must be a finite number of calls, at least 0, got -1.",
        ),
        ({"calls_per_hour": {"mon": None}}, "calls_per_hour.mon must be given."),
        (
            {"calls_per_interval": {"mon": [1, "x"]}},
            "calls_per_interval.mon[1] must be a finite number of calls, at least 0, got 'x'.",
        ),
    ],
)
def test_invalid_tables_of_calls_are_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: rs.Demand(talk_time=60, **fields)) == sentence


def test_duty_by_weekday_is_validated_when_it_is_given() -> None:
    wrong = refusal(lambda: rs.Extension("201", on_duty={"mon": [("08:00",)]}))
    assert wrong == (
        "on_duty.mon[0] must be a start and an end, got ('08:00',). "
        'Write [("08:00", "12:00"), ("12:30", "17:00")].'
    )


def test_what_is_for_one_day_refuses_a_week() -> None:
    sentence = (
        "scenario.days must be one day here, got ['mon', 'tue']. "
        "Take one of them with scenario.on('mon')."
    )
    assert refusal(lambda: week().one_day) == sentence
    assert refusal(lambda: week().duty("201")) == sentence
    assert refusal(lambda: rs.Workload.draw(week())) == sentence
    script = rs.Workload(arrives_at=[0], talk_time=1, group="600")
    assert refusal(lambda: rs.play(week(), script)) == sentence


def test_a_day_must_be_one_of_the_scenarios() -> None:
    assert refusal(lambda: week().on("wed")) == "day must be one of mon, tue, got 'wed'."
    assert refusal(lambda: week().on("Monday")) == (
        "day must be one of mon, tue, got 'Monday'. Did you mean 'mon'?"
    )
    plain = rs.Scenario(groups=[])
    assert refusal(lambda: plain.on("mon")).startswith("day must not be given")
