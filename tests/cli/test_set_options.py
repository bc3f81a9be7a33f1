"""Settings of `--set`: one value in every command, several in `sweep`."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import ringsim as rs
from ringsim.scenario import changed
from support.commands import ringsim

QUEUE = """
[[groups]]
extension_number = "600"
members = [{ extension_number = "201" }, { extension_number = "202" }]

[groups.rules]
passes = "inf"
max_wait_time = 60
retry_pause = 1

[demand.600]
calls_per_hour = 40
talk_time = 100
"""


@pytest.mark.parametrize(
    "setting",
    [
        "rules.wait_in_line=true,false",
        "groups.600.rules.wait_in_line=true,false",
        "groups.600.rules.retry_pause=1,2",
        "members.201.skill_level=2,1",
        "members.201.ring_time=5,9",
    ],
)
def test_an_option_can_be_swept(
    setting: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("queue.toml").write_text(QUEUE, encoding="utf-8")
    few = ["--replications", "2", "--workers", "1", "--csv", "table.csv"]
    status, _, err = ringsim(capsys, "sweep", "queue.toml", "--set", setting, *few)
    assert (status, err) == (0, "")
    path = setting.partition("=")[0]
    assert len(pd.read_csv("table.csv")[path].unique()) == 2


@pytest.mark.parametrize(
    ("command", "option", "advice"),
    [
        (["sweep"], "--set", '--set members=\'[["201"], ["201", "202"]]\''),
        (["optimize"], "--over", '--over members=\'[["201"], ["201", "202"]]\''),
        (["compare"], "--what-if", "--what-if fewer:members=201,202"),
    ],
)
def test_the_advice_on_members_names_an_option_of_the_command(
    command: list[str],
    option: str,
    advice: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    file = tmp_path / "queue.toml"
    file.write_text(QUEUE, encoding="utf-8")
    more = ["--minimise", "interruptions_per_hour"] if command == ["optimize"] else []
    status, _, err = ringsim(capsys, *command, str(file), option, "members=201,202", *more)
    assert status == 2
    assert err.endswith(f"Write {advice}.\n")
    if option == "--set":
        lists = 'members=[["201"], ["201", "202"]]'
        few = ["--replications", "2"]
        assert ringsim(capsys, *command, str(file), option, lists, *few)[0] == 0


@pytest.mark.parametrize(
    ("setting", "changes"),
    [
        ("rules.wait_in_line=true", {"groups.600.rules.wait_in_line": True}),
        ("groups.600.ring_time=7", {"groups.600.ring_time": 7}),
        ("ring_strategy=CYCLIC_HUNT", {"groups.600.ring_strategy": "CYCLIC_HUNT"}),
        ("members=201", {"groups.600.members": ["201"]}),
        ("demand.600.calls_per_hour=[10, 90]", {"demand.600.calls_per_hour": [10, 90]}),
        ("demand.600.patience=mean=60", {"demand.600.patience": "mean=60"}),
        ("extensions.201.answer_probability=0.4", {"extensions.201.answer_probability": 0.4}),
        ("opens_at=09:00", {"opens_at": "09:00"}),
    ],
)
def test_a_setting_of_a_command_is_that_of_the_scenario(
    setting: str, changes: dict[str, object], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "queue.toml"
    file.write_text(QUEUE, encoding="utf-8")
    scenario = changed(rs.Scenario.load(file), changes)
    few = ["--replications", "4", "--json"]
    status, out, err = ringsim(capsys, "simulate", str(file), "--set", setting, *few)
    assert (status, err) == (0, "")
    told = json.loads(out)
    expected = rs.simulate(scenario, replications=4)
    assert told["all"]["offered"]["estimate"] == expected.summary()["estimate"]["offered"]
    assert told["all"]["answered"]["estimate"] == expected.summary()["estimate"]["answered"]
    assert told["opens_at"] == scenario.opens_at


@pytest.mark.parametrize("verb", ["simulate", "compare", "size", "sweep", "check", "stress"])
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (["ring_tim=5"], "--set ring_tim must be the path of a setting. Did you mean 'ring_time'?"),
        (["ring_time=-1"], "--set ring_time must be from 0 to 2147483647 seconds, got -1."),
        (["ring_time="], "--set must be "),
        (["ring_time=5", "ring_time=6"], "--set must not be given twice for a setting"),
    ],
)
def test_a_wrong_setting_is_one_sentence_in_every_command(
    verb: str,
    settings: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    file = tmp_path / "queue.toml"
    file.write_text(QUEUE, encoding="utf-8")
    options = [part for setting in settings for part in ("--set", setting)]
    status, out, err = ringsim(capsys, verb, str(file), *options)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"ringsim: {sentence}")


def test_a_short_path_must_name_one_of_several_groups(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = ringsim(capsys, "simulate", "--set", "rules.wait_in_line=true")
    assert (status, out) == (2, "")
    assert err == (
        "ringsim: --set rules.wait_in_line must say which of the 2 groups it is for. "
        "Write groups.600.rules.wait_in_line.\n"
    )


@pytest.mark.parametrize(
    ("setting", "option", "given"),
    [
        ("hours=2", "--hours", "4"),
        ("demand.600.patience=30", "--patience", "60"),
        ("demand.600.patience=30", "--patience", "abandoning=10%"),
        ("demand.600.talk_time=30", "--talk-time", "60"),
        ("demand.600.calls_per_hour=30", "--calls-per-hour", "60"),
        ("members=201", "--members", "201,202"),
        ("preset=freeswitch-callcenter", "--preset", "freeswitch-callcenter"),
        ("groups.600.ring_strategy=CYCLIC_HUNT", "--strategy", "PRIORITIZED_HUNT"),
        ("ring_strategy=CYCLIC_HUNT", "--strategy", "600=PRIORITIZED_HUNT"),
    ],
)
def test_a_setting_beside_an_option_of_its_own_is_refused(
    setting: str, option: str, given: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "queue.toml"
    file.write_text(QUEUE, encoding="utf-8")
    few = ["--replications", "2"]
    status, out, err = ringsim(capsys, "simulate", str(file), "--set", setting, option, given, *few)
    path = setting.partition("=")[0]
    assert (status, out) == (2, "")
    assert err == f"ringsim: --set {path} must not be given beside {option}.\n"


@pytest.mark.parametrize(
    ("setting", "option", "given"),
    [
        ("groups.601.members=201", "--members", "600=201,202"),
        ("extensions.201.patience=30", "--patience", "60"),
        ("groups.601.ring_strategy=CYCLIC_HUNT", "--strategy", "600=PRIORITIZED_HUNT"),
    ],
)
def test_a_setting_of_another_group_stands_beside_an_option(
    setting: str, option: str, given: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "queue.toml"
    two = QUEUE + QUEUE.replace("600", "601")
    file.write_text(two, encoding="utf-8")
    few = ["--replications", "2"]
    _, _, err = ringsim(capsys, "simulate", str(file), "--set", setting, option, given, *few)
    assert "beside" not in err


@pytest.mark.parametrize(
    "options",
    [
        ["--members", "600,201"],
        ["--agents", "agents.json"],
        ["--set", "members=600,201"],
        ["--set", 'members=["201", {"extension_number": "600"}]'],
    ],
)
def test_the_number_of_a_group_without_one_is_nobodys(
    options: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("group.json").write_text('{"name": "Sales", "ring_time": 20}', encoding="utf-8")
    Path("agents.json").write_text('[{"extension_number": "600"}]', encoding="utf-8")
    calls = ["--calls-per-hour", "10", "--talk-time", "60", "--replications", "2"]
    status, out, err = ringsim(capsys, "simulate", "group.json", *options, *calls)
    assert (status, "601 stands in" in out + err) == (0, True), err
