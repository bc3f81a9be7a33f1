"""Presets on the command line."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from ringsim.presets import names, preset
from support.commands import ringsim, told

OFFICE = """
hours = 0.5
[[groups]]
extension_number = "600"
members = ["201", "202"]
{}
[demand.600]
calls_per_hour = 40
talk_time = 60
patience = 30
"""


def office(folder: Path, line: str = "") -> str:
    path = folder / "office.toml"
    path.write_text(OFFICE.format(line))
    return str(path)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    status, out, err = ringsim(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    return err


def test_the_list_has_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = ringsim(capsys, "presets")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("  ") for line in lines) == len(names())
    assert sum(line.startswith("  /") for line in lines) == sum("/" in name for name in names())


@pytest.mark.parametrize("name", names())
def test_one_shows_all_of_it(capsys: pytest.CaptureFixture[str], name: str) -> None:
    status, out, err = ringsim(capsys, "presets", name)
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    chosen, words = preset(name), " ".join(out.split())
    for cell in chosen.cells:
        [line] = [line for line in out.splitlines() if line.startswith(f"{cell.option} ")]
        assert cell.certainty in line
    for sentence in (*chosen.notes, *chosen.limits):
        assert sentence in words
    assert (" * No default" in words) == bool(chosen.to_give())


def test_json_and_csv(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one = told(capsys, "presets", "asterisk-queue/rrmemory")
    assert one["preset"] == "asterisk-queue/rrmemory"
    assert one["limits"]
    rotation = next(row for row in one["table"] if row["option"] == "rotation")
    assert (rotation["value"], rotation["certainty"]) == ("rung", "traced")
    path = tmp_path / "all.csv"
    every = told(capsys, "presets", "--csv", str(path))
    assert [row["preset"] for row in every["table"]] == list(names())
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["preset"] for row in csv.DictReader(file)] == list(names())


def test_every_command_takes_a_preset(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file, name = office(tmp_path), "asterisk-queue/rrmemory"
    few = ("--replications", "2", "--preset", name)
    out = told(capsys, "simulate", file, *few)
    assert out["groups"]["600"]["dispatcher"] == name
    assert f"The rules of group 600 are those of the preset {name}." in out["notes"]
    assert told(capsys, "simulate", file, "--replications", "2", "--strategy", name) == out
    by_number = ("--replications", "2", "--preset", f"600={name}")
    assert told(capsys, "simulate", file, *by_number) == out
    swept = told(capsys, "sweep", file, *few, "--set", "rules.retry_pause=1,5")
    assert [row["rules.retry_pause"] for row in swept["table"]] == [1, 5]
    sized = ("--max-members", "3", "--replications", "20", "--preset", name)
    assert f"preset {name}." in " ".join(told(capsys, "size", file, *sized)["notes"])
    status, out_of_check, _ = ringsim(capsys, "check", file, "--preset", name)
    assert status == 0
    assert f"600: {name}, ring time 15 s, 2 members" in out_of_check
    assert "As Asterisk, queues (app_queue): rings one phone at a time" in out_of_check


def test_compare_and_report_take_presets_as_strategies(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = office(tmp_path, 'preset = "webex/circular"')
    few = ("--replications", "2", "--preset", "cucm/top-down", "--strategy", "CYCLIC_HUNT")
    compared = told(capsys, "compare", file, *few, "--strategy", "webex/circular")
    named = {row["variant"] for row in compared["table"]}
    assert named == {"cucm/top-down", "CYCLIC_HUNT", "webex/circular"}
    assert compared["baseline"] == "webex/circular"
    page = tmp_path / "page.html"
    told(capsys, "report", file, *few, "-o", str(page))
    shown = re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))
    assert "cucm/top-down: Cisco CUCM, line groups" in shown
    assert re.search(r"\bwebex/circular\s+Webex Calling, hunt groups", shown)
    assert "strategy: cucm/top-down" not in shown


def test_errors_name_the_option(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = office(tmp_path)
    said = "must be the name of a preset, got 'cucm/tpo-down'. Did you mean 'cucm/top-down'?\n"
    for command in ("simulate", "compare", "size", "report"):
        assert refused(capsys, command, file, "--preset", "cucm/tpo-down") == (
            f"ringsim: --preset {said}"
        )
    for command in ("compare", "report"):
        assert refused(capsys, command, file, "--strategy", "cucm/tpo-down") == (
            f"ringsim: --strategy {said}"
        )
    swept = ("--set", "preset=cucm/top-down,cucm/tpo-down")
    assert refused(capsys, "sweep", file, *swept) == f"ringsim: --set preset {said}"
    assert refused(capsys, "presets", "cucm/tpo-down") == f"ringsim: preset {said}"
    conflict = office(tmp_path, 'preset = "cucm/top-down"\nring_strategy = "CYCLIC_HUNT"')
    assert refused(capsys, "check", conflict).endswith(
        "groups[0].ring_strategy must not be given beside preset 'cucm/top-down', "
        "got 'CYCLIC_HUNT'.\n"
    )


def test_each_of_several_groups_may_have_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    few = ("--replications", "2")
    out = told(capsys, "simulate", *few, "--preset", "601=cucm/broadcast")
    assert out["groups"]["600"]["dispatcher"] == "CYCLIC_HUNT"
    assert out["groups"]["601"]["dispatcher"] == "cucm/broadcast"
    out = told(capsys, "simulate", *few, "--preset", "cucm/broadcast")
    assert {each["dispatcher"] for each in out["groups"].values()} == {"cucm/broadcast"}
    assert json.dumps(out)
