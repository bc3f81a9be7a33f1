"""Tables as files: CSV with two kinds of separators, and workbooks of Excel."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import ringsim as rs
from ringsim.cli import _spreadsheets
from ringsim.cli._options import ScenarioOptions
from ringsim.cli._scenario import scenario_from
from ringsim.cli._spreadsheets import long_form
from ringsim.metrics import DEFAULT_METRICS, FORWARDED_METRICS, METRICS
from support.commands import ringsim

FEW = ["--replications", "6"]
COMMANDS = {
    "simulate": FEW,
    "compare": ["--group", "600", "--strategy", "PRIORITIZED_HUNT", *FEW],
    "sweep": ["--group", "600", "--set", "ring_time=10,15", *FEW],
    "size": ["--group", "601", "--max-members", "2", "--replications", "20"],
    "report": ["--section", "variants", *FEW],  # the table has all, whatever the page shows
    "strategies": [],
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(capsys: pytest.CaptureFixture[str], verb: str, *options: str) -> None:
    status, _, err = ringsim(capsys, verb, *options)
    assert (status, err) == (0, "")


@pytest.fixture(scope="module")
def result() -> rs.Result:
    return rs.simulate(scenario_from(ScenarioOptions())[0], replications=6)


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_table_command_writes_all_forms_of_one_table(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [*COMMANDS[verb], "--csv", "table.csv", "--xlsx", "table.xlsx"]
    written(capsys, verb, *options)
    plain = pd.read_csv("table.csv")
    book = pd.read_excel("table.xlsx", sheet_name=0, dtype=plain.dtypes.to_dict())
    pd.testing.assert_frame_equal(plain, book)
    written(capsys, verb, *options[:-4], "--csv", "decimal.csv", "--separator", ";")
    pd.testing.assert_frame_equal(plain, pd.read_csv("decimal.csv", sep=";", decimal=","))
    assert len(plain) > 1


def test_figures_of_groups_are_one_long_table(
    result: rs.Result, capsys: pytest.CaptureFixture[str]
) -> None:
    written(capsys, "simulate", *FEW, "--csv", "day.csv")
    table = pd.read_csv("day.csv", keep_default_na=False)
    assert list(table.columns) == ["group", "metric", "estimate", "low", "high", "note"]
    assert list(table["group"].unique()) == ["600", "601", "all"]
    assert list(table[table["group"] == "all"]["metric"]) == [
        name for name in METRICS if name in DEFAULT_METRICS + FORWARDED_METRICS
    ]
    for number in ("600", "601", "all"):
        summary = result.summary(group=None if number == "all" else number)
        rows = table[table["group"] == number].set_index("metric")
        assert rows["estimate"].tolist() == summary.loc[rows.index, "estimate"].tolist()
        assert rows["note"].tolist() == summary.loc[rows.index, "note"].tolist()
    written(capsys, "simulate", *FEW, "--all", "--csv", "all.csv")
    assert set(pd.read_csv("all.csv")["metric"]) == {*summary.index}


def test_members_and_intervals_are_tables_beside_it(
    result: rs.Result, capsys: pytest.CaptureFixture[str]
) -> None:
    written(capsys, "simulate", *FEW, "--intervals", "7200", "--csv", "day.csv", "--xlsx", "d.xlsx")
    assert sorted(path.name for path in Path().iterdir()) == [
        "d.xlsx", "day-intervals.csv", "day-members.csv", "day.csv",
    ]  # fmt: skip
    assert openpyxl.load_workbook("d.xlsx").sheetnames == ["callers", "members", "intervals"]
    intervals = pd.read_csv("day-intervals.csv")
    assert list(intervals.columns) == [
        "group", "from", "to", "starts_at", "ends_at", "metric", "estimate", "low", "high", "note",
    ]  # fmt: skip
    assert list(intervals["from"].unique()) == ["08:00", "10:00", "12:00", "14:00"]
    assert intervals["to"].iloc[-1] == "16:00"
    sales = intervals[(intervals["group"] == "600") & (intervals["metric"] == "answer_rate")]
    expected = result.intervals(7200, "600")["answer_rate"].tolist()
    assert sales["estimate"].tolist() == pytest.approx(expected)
    members = pd.read_csv("day-members.csv")
    rung = members[members["metric"] == "rung"]["estimate"].tolist()
    assert rung == pytest.approx(result.members()["rung"].tolist())


def test_long_form_has_every_figure_once() -> None:
    wide = pd.DataFrame(
        {
            "at": [0, 1], "a": [1.0, 2.0], "a_low": [0.5, 1.5], "a_high": [1.5, 2.5],
            "b": [3.0, math.nan], "b_low": [2.0, math.nan], "b_high": [4.0, math.nan],
            "note": ["few events: b", ""],
        }
    )  # fmt: skip
    long = long_form(wide, ["a", "b"])
    assert list(long.columns) == ["at", "metric", "estimate", "low", "high", "note"]
    assert long["estimate"].tolist()[:3] == [1.0, 3.0, 2.0]
    assert long["note"].tolist() == ["", "few events", "", ""]


def test_names_in_a_workbook_are_no_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    what_if = ["--what-if", "=1+1:ring_time=8", "--metric", "answer_rate"]
    written(capsys, "compare", "--group", "600", *what_if, *FEW, "--xlsx", "t.xlsx")
    cells = [cell for row in openpyxl.load_workbook("t.xlsx").active.rows for cell in row]
    assert "'=1+1" in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--csv", "t.txt"], "--csv must end in .csv, got 't.txt'."),
        (["--xlsx", "t.csv"], "--xlsx must end in .xlsx, got 't.csv'."),
        (["--xlsx", "nowhere/t.xlsx"], "nowhere/t.xlsx must be a file that can be written: its"),
        (
            ["--csv", "t.csv", "--separator", "x"],
            "--separator must be a comma, a semicolon or a tab, got 'x'.",
        ),
        (
            ["--csv", "t.csv", "--calls", "t-members.csv"],
            "--calls must be another file than those of --csv, got 't-members.csv'.",
        ),
    ],
)
def test_what_cannot_be_written_is_told_first(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = ringsim(capsys, "simulate", "--replications", "100000", *options)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"ringsim: {sentence}")
    assert list(Path().iterdir()) == []


def test_without_the_extra_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert ringsim(capsys, "simulate", "--xlsx", "t.xlsx") == (
        2,
        "",
        "ringsim: --xlsx must have openpyxl. Install it with: pip install 'ringsim[excel]'\n",
    )


def test_all_files_are_written_or_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The workbook fails after the CSV files are complete; none of them appears."""
    Path("day.csv").write_text("precious", "utf-8")

    def full(*arguments: Any, **options: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_spreadsheets, "_write_workbook", full)
    status, out, err = ringsim(capsys, "simulate", *FEW, "--csv", "day.csv", "--xlsx", "day.xlsx")
    assert (status, out) == (2, "")
    assert "no space left on device" in err
    assert Path("day.csv").read_text("utf-8") == "precious"
    assert [path.name for path in Path().iterdir()] == ["day.csv"]
