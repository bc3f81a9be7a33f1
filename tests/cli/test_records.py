"""The command `records`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import ringsim as rs
from ringsim.records import write
from support.commands import ringsim, told


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a queue_log of a simulated day."""
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"]}],
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=60, patience=30)},
        hours=2,
    )
    path = tmp_path_factory.mktemp("pbx") / "queue_log"
    played = rs.play(scenario, rs.Workload.draw(scenario))
    write(played, path, format="queue_log", starts_at="2024-03-04 08:00:00")
    return path


def test_what_really_happened(capsys: pytest.CaptureFixture[str], log: Path) -> None:
    status, out, err = ringsim(capsys, "records", str(log), "--group", "600", "--timezone", "UTC")
    assert (status, err) == (0, "")
    assert out.startswith("Records of group 600: 1 day, ")
    assert "grade B: rings that were cut short are not recorded" in out
    assert "2024-03-04" in out
    assert "not recorded" in out
    assert "- The records cover 1 day" in out


def test_json_and_files(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    table, rows = tmp_path / "metrics.csv", tmp_path / "rows.csv"
    said = told(
        capsys,
        "records",
        str(log),
        "--group",
        "600",
        "--timezone",
        "UTC",
        "--csv",
        str(table),
        "--output",
        str(rows),
        "--within",
        "10",
    )
    records = rs.read_records(log, group="600", timezone="UTC")
    assert (said["format"], said["grade"], said["group"]) == ("ringsim.records", "B", "600")
    assert said["notes"] == list(records.notes)
    offered = next(row for row in said["summary"] if row["metric"] == "offered")
    assert offered["estimate"] == len(records.calls)
    assert said["days"][0]["date"].startswith("2024-03-04")
    assert len(pd.read_csv(table)) == len(said["summary"])
    again = rs.read_records(rows, group="600")
    assert again.calls["wait"].tolist() == records.calls["wait"].tolist()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--group", "601"], "group must be named in a row of"),
        ([], "--group must be given"),
        (["--group", "600", "--format", "cdr"], "format must be auto or one of"),
        (["--group", "600", "--timezone", "Nowhere"], "timezone must be the name of a time zone"),
        (["--group", "600", "--members", "Anna=201,202"], "--members must be all numbers"),
        (["--group", "600", "--exclude", "Xmas"], "must be a date such as"),
        (["--group", "600", "--map", "none.toml"], "none.toml must be a readable file"),
        (["--group", "600", "--csv", "metrics.txt"], "--csv must end in .csv"),
    ],
)
def test_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], log: Path, arguments: list[str], said: str
) -> None:
    status, out, err = ringsim(capsys, "records", str(log), *arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_no_file_and_members_by_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, _, err = ringsim(capsys, "records", "--group", "600")
    assert status == 2
    assert "FILE must name at least one file" in err
    table = tmp_path / "calls.csv"
    table.write_text("When,Wait,Who\n2024-03-04 08:00:10,7,Anna\n2024-03-05 08:00:10,7,Bob\n")
    mapping = tmp_path / "map.toml"
    mapping.write_text('arrived_at = "When"\nwait = "Wait"\nanswered_by = "Who"\n')
    asked = ["records", str(table), "--group", "600", "--map", str(mapping)]
    said = told(capsys, *asked, "--members", "Anna=201", "--members", "Bob=202")
    assert not any("given one" in note for note in said["notes"])
    assert any("Anna = 9001" in note for note in told(capsys, *asked)["notes"])
