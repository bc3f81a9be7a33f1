"""Callers who try again, on the command line: `--redial 'probability=0.4 delay=300'`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim.cli._redial import redial_of
from support.commands import ringsim, told

DAYS = ("--replications", "3", "--seed", "7")
GROUPS = """
hours = 1
[[groups]]
extension_number = "600"
members = ["201"]
[[groups]]
extension_number = "601"
members = ["202"]
[demand.600]
calls_per_hour = 60
talk_time = 200
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "office.toml"
    path.write_text(GROUPS)
    return str(path)


@pytest.mark.parametrize(
    ("text", "redial"),
    [
        ("probability=0.4 delay=300", rs.Redial(probability=0.4, delay=300)),
        (" delay=5:00   probability=1 ", rs.Redial(probability=1, delay=300)),
        (
            "probability=1 delay=mean=300,cv=1 max_attempts=3",
            rs.Redial(probability=1, delay={"mean": 300, "cv": 1}, max_attempts=3),
        ),
        (
            "probability=1 delay=3 after=abandoned patience_anew=true max_attempts=inf",
            rs.Redial(probability=1, delay=3, after="abandoned", patience_anew=True),
        ),
        (
            "probability=1 delay=3 after=overflowed,abandoned",
            rs.Redial(probability=1, delay=3),
        ),
    ],
)
def test_fields_are_those_of_the_record(text: str, redial: rs.Redial) -> None:
    assert redial_of(text) == redial


def test_an_option_gives_the_figures_of_the_library(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = told(
        capsys, "simulate", file, *DAYS, "--all", "--redial", "600=probability=0.5 delay=60"
    )
    scenario = rs.Scenario.load(file)
    demand = scenario.demand["600"].replace(redial=rs.Redial(probability=0.5, delay=60))
    scenario = scenario.replace(demand={"600": demand})
    summary = rs.simulate(scenario, replications=3, seed=7).summary(group="600")
    for metric in ("attempts_per_caller", "offered", "answer_rate"):
        found = report["groups"]["600"]["metrics"][metric]["estimate"]
        assert found == pytest.approx(summary.loc[metric, "estimate"])
    assert report["groups"]["600"]["metrics"]["attempts_per_caller"]["estimate"] > 1.1


def test_an_option_goes_before_the_file(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = GROUPS + "[demand.600.redial]\nprobability = 1\ndelay = 9\n"
    Path(file).write_text(given)
    eager = told(capsys, "simulate", file, *DAYS, "--all")
    never = told(capsys, "simulate", file, *DAYS, "--all", "--redial", "600=probability=0 delay=9")
    attempts = [
        report["groups"]["600"]["metrics"].get("attempts_per_caller") for report in (eager, never)
    ]
    assert attempts[0]["estimate"] > 1.1
    assert attempts[1] is None or attempts[1]["estimate"] == 1


def test_one_group_needs_no_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group.json"
    path.write_text('{"extension_number": "600", "members": ["201"]}')
    called: tuple[Any, ...] = ("--calls-per-hour", "60", "--talk-time", "200")
    report = told(
        capsys,
        *("simulate", str(path), *DAYS, *called, "--redial", "probability=0.5 delay=60", "--all"),
    )
    assert report["groups"]["600"]["metrics"]["attempts_per_caller"]["estimate"] > 1.1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("600=often", "--redial must be NAME=VALUE NAME=VALUE, got 'often'. Write --redial"),
        ("600=probability=1", "--redial must give probability and delay, got 'probability=1'."),
        ("600=probability=1 delay=1 delay=2", "--redial must not give delay twice, got"),
        ("600=probability=2 delay=1", "--redial probability must be between 0 and 1, got 2"),
        ("600=probability=1 delay=soon", "--redial delay must be"),
        ("600=probability=1 delay=1,2", "--redial delay must be"),
        ("600=probability=1 delay=-1", "--redial delay must be"),
        ("600=probability=1 delay=1 max_attempts=0", "--redial max_attempts must be a whole"),
        ("600=probability=1 delay=1 after=answered", "--redial after must be one of abandoned"),
        (
            "600=probability=1 delay=1 tries=3",
            "--redial must be one of probability, delay, max_attempts",
        ),
        ("600=probability=1 delay=1 patience_anew=maybe", "--redial patience_anew must be"),
        ("601=probability=1 delay=1", "--redial must be for a group that somebody calls, got"),
        ("probability=1 delay=1", "--redial must say which of the 2 groups it is for"),
        ("602=probability=1 delay=1", "--redial must be for a group of the file, got"),
    ],
)
def test_bad_input_is_one_sentence(
    file: str, text: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = ringsim(capsys, "simulate", file, "--redial", text)
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
