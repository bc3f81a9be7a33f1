"""Weeks on the command line, in pictures and in the report."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import ringsim as rs
from ringsim import plot
from ringsim._words import speaking
from support.commands import ringsim, told
from support.drawn import labels
from support.helpers import refusal

FEW = ["--replications", "20"]


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Return a file of a week with two days that differ."""
    path = tmp_path / "week.toml"
    scenario().dump(path)
    return str(path)


def scenario() -> rs.Scenario:
    return rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"]}],
        demand={"600": rs.Demand(calls_per_hour={"mon": 60, "tue": [20, 10]}, talk_time=60)},
        extensions=[rs.Extension("201", on_duty={"mon": [("08:00", "09:00")], "tue": []})],
        hours=1,
        opens_at="08:00",
        days=["mon", "tue"],
    )


def test_simulate_shows_each_weekday_and_the_week(
    capsys: pytest.CaptureFixture[str], file: str, tmp_path: Path
) -> None:
    status, shown, _ = ringsim(capsys, "simulate", file, *FEW, "--intervals", "1800")
    assert status == 0
    assert "1 hour from 08:00 on mon, tue" in shown
    assert "By weekday" in shown
    assert "tue 08:30" in shown
    assert max(map(len, shown.splitlines())) <= 120
    report = told(capsys, "simulate", file, *FEW, "--json", "--csv", str(tmp_path / "t.csv"))
    by_day = rs.simulate(scenario(), replications=20).by_day()
    assert [row["day"] for row in report["days"]] == ["mon", "tue", "week"]
    assert report["days"][2]["offered"]["estimate"] == by_day.loc["week", "offered"]
    days = pd.read_csv(tmp_path / "t-days.csv")
    assert set(days["day"]) == {"mon", "tue", "week"}


def test_one_day_is_that_of_the_week(capsys: pytest.CaptureFixture[str], file: str) -> None:
    week = told(capsys, "simulate", file, *FEW, "--json")
    tuesday = told(capsys, "simulate", file, *FEW, "--day", "tue", "--json")
    found = {row["day"]: row for row in week["days"]}["tue"]
    assert tuesday["all"]["offered"]["estimate"] == found["offered"]["estimate"]
    status, _, wrong = ringsim(capsys, "simulate", file, "--day", "sun")
    assert (status, wrong.strip()) == (2, "ringsim: --day must be one of mon, tue, got 'sun'.")
    status, _, wrong = ringsim(capsys, "simulate", "--day", "mon")
    assert status == 2
    assert "--day must not be given, as the scenario has no days" in wrong


def test_check_says_what_differs_by_day(capsys: pytest.CaptureFixture[str], file: str) -> None:
    _, shown, _ = ringsim(capsys, "check", file)
    assert "from 08:00 on, on mon, tue." in shown
    assert "mon: on duty 08:00 to 09:00; tue: never on duty" in shown
    assert "mon: 60 calls a day, 60 an hour; tue: 15 calls a day" in shown


def test_plans_take_weeks(capsys: pytest.CaptureFixture[str], file: str) -> None:
    for command in (
        ["compare", "--metric", "answer_rate"],
        ["sweep", "--set", "ring_time=10,20"],
        ["size", "--answer-rate", "0.5"],
    ):
        status, shown, wrong = ringsim(capsys, *command[:1], file, *FEW, *command[1:])
        assert status == 0, wrong
        assert shown
    status, shown, _ = ringsim(
        capsys, "size", file, "--replications", "20", "--answer-rate", "0.5", "--width", "3600"
    )
    assert status == 0
    assert "The week has" in shown


def test_what_is_counted_by_week_is_called_weeks(
    capsys: pytest.CaptureFixture[str], file: str
) -> None:
    """In the tables of every command; rows of weekdays count days, the row of the week weeks."""
    levels = ["--replications", "100", "--target", "0.5"]
    _, shown, _ = ringsim(capsys, "simulate", file, "--all", *levels)
    callers, weekdays = shown.split("By weekday")
    assert "weeks that reach 50 %" in callers
    assert "days that reach" not in callers.replace("weeks that reach", "")
    assert "days or weeks" in weekdays
    sweep = "sweep", file, "--set", "ring_time=10,20", "--metric", "p_target_met"
    assert "weeks that" in ringsim(capsys, *sweep, *FEW)[1]
    stress = "stress", file, "--absent", "201", "--metric", "p_target_met", "--replications", "20"
    assert "weeks that" in ringsim(capsys, *stress)[1]
    sized = ringsim(capsys, "size", file, *FEW, "--answer-rate", "0.5")[1]
    assert sized.split("meets")[1].split()[0] == "weeks"
    over = "optimize", file, "--over", "ring_time=10,20", "--maximise", "p_target_met"
    found = ringsim(capsys, *over, "--replications", "200")[1]
    assert "weeks that" in found
    assert re.search("state +weeks", found)
    one_day = ringsim(capsys, "simulate", file, "--day", "mon", "--all", *levels)[1]
    assert "\ndays that reach 50 %" in one_day


def test_notes_count_weeks() -> None:
    """A week without calls is left out, and its note says so."""
    quiet = scenario().replace(demand={"600": rs.Demand(calls_per_hour=0.3, talk_time=60)})
    week = rs.simulate(quiet, replications=20)
    assert re.fullmatch(r">= 0.8 weekly; \d+ out", week.summary().loc["p_target_met", "note"])
    figure = week.figure("p_target_met").estimate()
    assert re.fullmatch(r"target 0.8, by week; \d+ weeks? without calls left out", figure.note)
    day = week.on("mon").figure("p_target_met").estimate()
    assert re.fullmatch(r"target 0.8; \d+ days without calls left out", day.note)


def test_pictures_have_weekdays_on_their_axis() -> None:
    result = rs.simulate(scenario(), replications=5)
    axes = plot.week(result)
    assert labels(axes, "x") == ["Mon", "Tue"]
    assert len(axes.child_axes) == 2
    with speaking("de"):
        assert labels(plot.week(result.by_day()), "x") == ["Mo", "Di"]
    assert refusal(lambda: plot.day(result)) == (
        "frame must be the result of one day, got ['mon', 'tue']. Draw one with "
        "day(result.on('mon')), or the week with plot.week(result)."
    )
    assert plot.day(result.on("tue")).get_xlabel() == "time of day"
    heat = plot.heat_map(result.intervals(), x="starts_at", y="day")
    assert labels(heat, "y") == ["mon", "tue"]
    assert refusal(lambda: plot.week(result.by_day(), group="600")).startswith("group must")


@pytest.mark.parametrize(("language", "words"), [("en", "Mon: 60"), ("de", "Mo: 60")])
def test_the_report_shows_the_weekdays(tmp_path: Path, language: str, words: str) -> None:
    path = tmp_path / "week.html"
    rs.report(
        scenario(),
        path=path,
        replications=5,
        language=language,
        sections=["callers", "charts", "assumptions", "appendix"],
    )
    page = path.read_text("utf-8")
    assert words in page
    assert ("weeks that meet the target" in page) == (language == "en")
    assert ("Anteil der Wochen mit einem Servicelevel von" in page) == (language == "de")
    assert "Share of days with" not in page
    assert "Calls and service level of each weekday" in page or language == "de"
    assert "Anrufe und Servicelevel jedes Wochentags" in page or language == "en"
