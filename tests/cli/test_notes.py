"""Notes of the command line on its input: misspelt and unknown fields, and assumptions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from support.commands import ringsim


class Shown:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.exit_code, self.stdout, self.stderr = status, out, err


Run = Callable[..., Shown]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return lambda *arguments: Shown(*ringsim(capsys, *arguments))


FEW = ["--replications", "20"]
CALLED = ["--calls-per-hour", "20", "--talk-time", "mean=60", *FEW]
GROUP = {"extension_number": "600", "members": ["201", "202"], "site": "north"}
VERBS: dict[str, list[str]] = {
    "simulate": [],
    "compare": ["--strategy", "CYCLIC_HUNT", "--strategy", "PRIORITIZED_HUNT"],
    "sweep": ["--set", "ring_time=10,20", "--group", "600"],
    "size": ["--max-members", "2"],
}
ASSUMED = [
    "Calls arrive for 8 hours, as no hours are given.",
    "Each phone of group 600 rings for 20 s, as no ring_time is given.",
    "Callers of 600 wait for ever, as no patience is given.",
    "There is no wrap-up after calls of 600, as no wrap_up_time is given.",
    "They are always on duty, as no on_duty is given: all members.",
]


def holding(folder: Path, record: Any) -> str:
    path = folder / "group.json"
    path.write_text(json.dumps(record))
    return str(path)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_lists_what_it_assumes_once(verb: str, tmp_path: Path, run: Run) -> None:
    path, page = holding(tmp_path, GROUP), str(tmp_path / "page.html")
    options = [page if each == "OUTPUT" else each for each in VERBS[verb]]
    shown = run(verb, path, *options, *CALLED)
    assert shown.exit_code == 0, shown.stderr
    for sentence in ASSUMED:
        swept = verb == "sweep" and "ring_time" in sentence
        assert shown.stdout.count(f"- {sentence}\n") == (not swept)
    told = json.loads(run(verb, path, *options, *CALLED, "--json").stdout)
    assert set(ASSUMED) - set(told["notes"]) == ({ASSUMED[1]} if verb == "sweep" else set())


def test_an_unknown_field_is_named_once_on_stderr_and_in_json(tmp_path: Path, run: Run) -> None:
    shown = run("simulate", holding(tmp_path, GROUP), *CALLED, "--json")
    assert shown.stderr.count("site") == 1
    [note] = [each for each in json.loads(shown.stdout)["notes"] if "site" in each]
    assert note.startswith("groups[0].site is carried along and changes nothing")


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({**GROUP, "ring_tme": 5}, "ring_tme must be a field of a ring group. Did you mean"),
        ({"groups": [{**GROUP, "skip_busy_mebmer": False}]}, "groups[0].skip_busy_mebmer must be"),
        ({"name": "Office", "gruops": [GROUP]}, "Did you mean 'groups'?"),
        ({"ring_group_name": "Sales", "ring_group_strategy": "sequence"}, "One looks like {"),
        ({"foo": 1}, "must have at least one field of a ring group"),
        ({}, "must hold a ring group or a scenario"),
    ],
)
def test_misspelt_files(record: Any, said: str, tmp_path: Path, run: Run) -> None:
    shown = run("simulate", holding(tmp_path, record), *CALLED)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert said in shown.stderr
    assert shown.stderr.count("\n") == 1


def test_misspelt_agents(tmp_path: Path, run: Run) -> None:
    agents = tmp_path / "agents.json"
    agents.write_text('{"items": [{"extension_number": "201", "skill_levle": 2}]}')
    shown = run("simulate", holding(tmp_path, GROUP), "--agents", str(agents), *CALLED)
    assert shown.exit_code == 2
    assert "items[0].skill_levle must be a field of a member." in shown.stderr


def test_a_constant_patience_is_named_and_a_mean_alone_varies(tmp_path: Path, run: Run) -> None:
    path = holding(tmp_path, GROUP)
    shown = run("simulate", path, *CALLED, "--patience", "60")
    assert "Every caller of 600 hangs up at exactly 60 s: patience is a constant." in shown.stdout
    assert "exactly" not in run("simulate", path, *CALLED, "--patience", "mean=60").stdout


def test_counts_per_interval(tmp_path: Path, run: Run) -> None:
    path = holding(tmp_path, GROUP)
    options = ["--talk-time", "60", "--hours", "1", *FEW, "--json"]
    counts = run(
        "simulate", path, "--calls-per-interval", "18,25,7,0", "--interval", "900", *options
    )
    offered = json.loads(counts.stdout)["all"]["offered"]
    assert offered["low"] < 50 < offered["high"]
    both = run("simulate", path, "--calls-per-interval", "1", "--calls-per-hour", "1", *options)
    assert "--calls-per-interval must not be given beside --calls-per-hour" in both.stderr
    alone = run("simulate", path, "--calls-per-hour", "1", "--interval", "9", *options)
    assert "--interval must be given with --calls-per-interval" in alone.stderr


def test_python_has_them_too() -> None:
    scenario = rs.Scenario(
        groups=[GROUP], demand={"600": rs.Demand(calls_per_hour=9, talk_time={"mean": 60})}
    )
    result = rs.simulate(scenario, replications=2)
    assert set(ASSUMED) <= set(scenario.assumptions)
    assert result.notes == (*scenario.notes, *scenario.assumptions)
    [note] = scenario.notes
    assert note.startswith("groups[0].site ")


def test_a_page_names_its_unknown_fields_and_groups_that_it_lacks(tmp_path: Path, run: Run) -> None:
    path = holding(tmp_path, {"items": [GROUP], "count": 5, "next_page": "abc"})
    notes = json.loads(run("simulate", path, *CALLED, "--json").stdout)["notes"]
    assert "The file holds 1 of 5 ring groups." in notes
    assert any(note.startswith("next_page is carried along and changes nothing") for note in notes)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--talk-time", "mean=60,cv=1,cv=2"], "--talk-time.cv must not be given twice"),
        (["--calls-per-hour", "3"], "--calls-per-hour must not be given twice for a group"),
        (
            ["--calls-per-interval", "3", "--calls-per-interval", "600=4"],
            "--calls-per-interval must not be given twice for a group",
        ),
        (["--members", "201", "--members", "202"], "--members must not be given twice"),
    ],
)
def test_an_option_that_is_given_twice_is_refused(
    options: list[str], said: str, tmp_path: Path, run: Run
) -> None:
    shown = run("simulate", holding(tmp_path, GROUP), *CALLED, *options)
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1)
    assert said in shown.stderr


def test_a_setting_that_is_given_twice_is_refused(tmp_path: Path, run: Run) -> None:
    path = holding(tmp_path, GROUP)
    swept = run("sweep", path, *CALLED, "--set", "ring_time=5", "--set", "ring_time=9")
    assert "--set must not be given twice for a setting, got 'ring_time=9'." in swept.stderr
    options = ["--what-if", "a:ring_time=5", "--what-if", "a:ring_time=9"]
    compared = run("compare", path, *CALLED, *options)
    assert "--what-if must not change a setting twice, got 'a:ring_time=9'." in compared.stderr


def test_a_wrong_interval_and_an_empty_file_name_are_named(tmp_path: Path, run: Run) -> None:
    options = ["--calls-per-interval", "1,2", "--interval", "0", "--talk-time", "60"]
    shown = run("simulate", holding(tmp_path, GROUP), *options)
    assert "--interval must be a positive number of seconds, got 0.0." in shown.stderr
    assert "path must be the path of a file, got ''." in run("simulate", "").stderr


def test_days_without_a_call_are_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "quiet.json"
    path.write_text(json.dumps(GROUP))
    shown = run("simulate", str(path), *CALLED[2:], "--calls-per-hour", "0.000001")
    assert shown.exit_code == 0
    assert "No call arrives in 20 replications." in shown.stdout
