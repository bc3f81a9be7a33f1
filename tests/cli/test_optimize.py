"""The command `optimize`, and ranges and service levels as options write them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import ringsim as rs
from ringsim.cli._parse import settings
from ringsim.cli._parse_amounts import amounts, service_level
from ringsim.errors import ConfigurationError
from support.commands import on_terminal, ringsim, told

OFFICE = """hours = 2
[[groups]]
extension_number = "600"
ring_strategy = "CYCLIC_HUNT"
members = ["201", "202", "203"]
[demand.600]
calls_per_hour = 30
talk_time = 120
patience = 90
"""
OVER = ["--over", "ring_time=8,20", "--over", "n_members=2..4"]
ASKED = [*OVER, "--minimise", "interruptions_per_hour", "--service-level", "80/20"]


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "office.toml"
    path.write_text(OFFICE, "utf-8")
    return str(path)


def test_it_says_what_python_says(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    report = told(capsys, "optimize", file, "--group", "600", *ASKED, "--csv", str(path))
    found = rs.optimize(
        rs.Scenario.load(file),
        over={"ring_time": [8, 20], "n_members": [2, 3, 4]},
        minimise="interruptions_per_hour",
        subject_to=rs.Target(service_level=0.8),
    )
    assert (report["format"], report["text"]) == ("ringsim.optimize", str(found))
    assert report["settings"] == found.settings
    assert (report["decided"], report["replications"]) == (found.decided, found.replications)
    assert report["target"] == {"service_level": 0.8}
    assert [row["state"] for row in report["table"]] == list(found.table["state"])
    assert [row["row"] for row in report["frontier"]] == list(found.frontier.index)
    assert list(pd.read_csv(path)["replications"]) == list(found.table["replications"])
    status, out, err = ringsim(capsys, "optimize", file, *ASKED)
    assert (status, err) == (0, "")
    assert out.startswith("Scenario: 2 hours, at most 5,000 replications, seed 0\n600 today: ")
    assert f"\n\n{found}\n\n" in out
    assert "as no ring_time is given" not in out


def test_the_table_fits_a_terminal(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = on_terminal(monkeypatch, "optimize", file, *ASKED, columns=80)
    assert "Combinations that no other one beats in all figures" in text
    assert max(map(len, text.splitlines())) <= 80


def test_strategies_costs_and_goals(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--over", "strategy=CYCLIC_HUNT,RING_SIMULTANEOUSLY", "--indifference", "5"]
    asked += ["--cost", "member_hour=30, interruption=0.5", "--abandonment-rate", "0.2"]
    report = told(capsys, "optimize", file, *asked, "--interruptions-per-hour", "15")
    assert report["settings"] == {"strategy": "CYCLIC_HUNT"}
    assert report["indifference"] == 5
    assert report["target"] == {"abandonment_rate": 0.2, "interruptions_per_hour": 15}
    assert "cost" in report["table"][0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "--over must be given. Write --over ring_time=10,15,20."),
        (OVER, "--minimise must be given. Write --minimise interruptions_per_hour or --maximise "),
        ([*OVER, "--minimise", "n_membrs"], "--minimise must be one of "),
        ([*OVER, "--minimise", "answer_rate"], "--minimise must not be answer_rate, which is "),
        ([*OVER, "--minimise", "cost"], "--cost must be given. Write --cost member_hour=30."),
        ([*OVER, "--cost", "member_hour=-1"], "--cost member_hour must be a finite number, at le"),
        ([*OVER, "--cost", "hour=30"], "--cost must have prices of member_hour, interruption, l"),
        ([*OVER, "--cost", "30"], "--cost must be NAME=NUMBER,NAME=NUMBER, got '30'. Write --cost"),
        (
            [*OVER, "--cost", "lost_call=1", "--maximise", "answer_rate"],
            "--cost must not be given beside another objective",
        ),
        ([*ASKED, "--indifference", "-1"], "--indifference must be a finite number, at least 0"),
        ([*ASKED, "--over", "ring_time=9"], "--over must not be given twice for a setting"),
        ([*ASKED, "--over", "ring_tim=9"], "--over ring_tim must be the path of a setting"),
        ([*ASKED, "--over", "strategy=CYCLIC"], "must be the name of a registered dispatcher"),
        (["--over", "n_members=1..1000", "--over", "ring_time=1..1000", "--minimise", "n_members"],
         "--over must make at most 100000 combinations, got 1000000."),
        (["--over", "ring_time=1,2", *ASKED[4:]], "--service-level must be at most 0."),
        ([*ASKED, "--within", "30"], "--within must not be given beside a threshold in --serv"),
        ([*ASKED, "--replications", "5"], "--replications must be a whole number, at least 10"),
    ],
)  # fmt: skip
def test_invalid_input_is_one_line(
    arguments: list[str], sentence: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = ringsim(capsys, "optimize", file, *arguments)
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert sentence in err


def test_the_json_of_size_has_the_usual_target(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "size", file)["target"] == {"service_level": 0.8}
    asked = told(capsys, "size", file, "--p-target-met", "0.5")["target"]
    assert asked == {"service_level": 0.8, "p_target_met": 0.5}


def test_the_json_says_what_is_optimized(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    over = ["--over", "n_members=2,3", "--replications", "20"]
    found = told(capsys, "optimize", file, *over, "--cost", "member_hour=30,lost_call=12")
    prices = {"member_hour": 30, "lost_call": 12}
    assert found["objective"] == {"name": "cost", "best": "least", "prices": prices}
    found = told(capsys, "optimize", file, *over, "--maximise", "answer_rate")
    assert found["objective"] == {"name": "answer_rate", "best": "greatest"}


def test_the_json_of_a_comparison_has_its_margins(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--replications", "20", "--metric", "answer_rate"]
    assert told(capsys, "compare", file, *few)["equivalent_within"] is None
    found = told(capsys, "compare", file, *few, "--equivalent-within", "answer_rate=0.02")
    assert found["equivalent_within"] == {"answer_rate": 0.02}


def test_size_takes_a_service_level_with_its_threshold(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = told(capsys, "size", file, "--service-level", "80/10")
    assert (report["target"], report["within"]) == ({"service_level": 0.8}, 10)
    assert "at least 80 % within 10 s" in report["text"]


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("0.8", (0.8, None)),
        ("80", (80, None)),
        ("99.9/20", (0.999, 20)),
        ("80 %", (0.8, None)),
        ("80/20", (0.8, 20)),
        ("80%/15", (0.8, 15)),
        ("0.8/20", (0.8, 20)),
    ],
)
def test_forms_of_a_service_level(text: str, parsed: tuple[float, float | None]) -> None:
    assert service_level(text) == parsed


def test_forms_of_values() -> None:
    asked = ["n_members=3..6", "ring_time=8,10..12", "hours=-1..1"]
    assert settings(asked) == {
        "n_members": [3, 4, 5, 6],
        "ring_time": [8, 10, 11, 12],
        "hours": [-1, 0, 1],
    }
    assert amounts("a=1,b=2.5", "--cost") == {"a": 1, "b": 2.5}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: service_level("high"), "--service-level must be a share, or percent/seconds, got"),
        (lambda: service_level("80/"), "--service-level must be a share, or percent/seconds, got"),
        (lambda: settings(["n=6..3"]), "--set n must rise by at most a million, got '6..3'."),
        (lambda: settings(["n=1..9999999"], "--over"), "--over n must rise by at most a million"),
        (lambda: amounts("a=1,a=2", "--cost"), "--cost must not give a price twice, got 'a=1,a=2'"),
    ],
)  # fmt: skip
def test_invalid_forms_are_one_sentence(wrong: object, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        wrong()  # type: ignore[operator]
    assert str(caught.value).startswith(sentence)


def test_compare_takes_margins(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["compare", file, "--strategy", "PRIORITIZED_HUNT", "--metric", "answer_rate"]
    for margin in ("0.05", "answer_rate=0.05"):
        report = told(capsys, *asked, "--equivalent-within", margin)
        assert "PRIORITIZED_HUNT is as good as it: less than 5.0 points apart." in report["text"]
        assert all(row["equivalent"] for row in report["table"])
    for margin, sentence in (
        ("close", "--equivalent-within must be a number, or NAME=NUMBER,NAME=NUMBER, got 'close'"),
        ("0", "--equivalent-within must be a positive finite number, got 0.0."),
        ("offered=1", "--equivalent-within offered must be one of the compared metrics, answer"),
    ):
        status, out, err = ringsim(capsys, *asked, "--equivalent-within", margin)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert sentence in err


def test_sweep_says_the_price(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["sweep", file, "--set", "ring_strategy=CYCLIC_HUNT,RING_SIMULTANEOUSLY"]
    report = told(capsys, *asked)
    assert "Its price: interruptions per hour " in report["text"]
    assert report["text"] in ringsim(capsys, *asked)[1]
