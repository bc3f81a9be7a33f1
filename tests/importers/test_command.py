"""A user's day of each importer: from the files of a PBX to a table, on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from support.commands import ringsim

CONFIGS = Path(__file__).parent / "configs"
DAYS = [
    ("asterisk", "sales", "600", "600 sales: asterisk-queue/rrmemory, 20 s, 5 members"),
    (
        "freepbx/backup-ringgroups.json",
        "601",
        "601",
        "601 Back office: freepbx-ringgroup/ringall-prim, 25 s, 3 members",
    ),
    (
        "freeswitch",
        "sales@example.com",
        "600",
        "600 sales@example.com: freeswitch-callcenter/round-robin, 60 s, 3 members",
    ),
    ("fusionpbx", "Sales", "600", "600 Sales: fusionpbx/simultaneous, 30 s, 2 members"),
]


@pytest.mark.parametrize(("name", "queue", "number", "line"), DAYS)
def test_from_the_files_to_a_table_in_two_commands(
    name: str, queue: str, number: str, line: str, tmp_path: Path, capsys: Any
) -> None:
    output = tmp_path / "office.toml"
    status, out, err = ringsim(
        capsys, "import", str(CONFIGS / name), "--queue", queue, "--output", str(output)
    )
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == line
    assert f"Next: ringsim simulate {output} --calls-per-hour 30" in out
    assert rs.Scenario.load(output).group_numbers == (number,)
    status, out, _ = ringsim(capsys, "check", str(output))
    assert status == 0
    assert f"{number} " in out
    status, out, _ = ringsim(
        capsys, *("simulate", str(output), "--calls-per-hour", "30", "--replications", "5")
    )
    assert status == 0
    assert "answer rate" in out


@pytest.mark.parametrize(("name", "queue", "number", "line"), DAYS)
def test_from_the_files_to_a_table_by_simulate_alone(
    name: str, queue: str, number: str, line: str, capsys: Any
) -> None:
    """Every command that reads a scenario reads these files; standard error has what was read."""
    arguments = (str(CONFIGS / name), "--queue", queue, "--calls-per-hour", "30")
    status, out, err = ringsim(capsys, "simulate", *arguments, "--replications", "5")
    assert status == 0
    assert err.startswith(line)
    assert line not in out
    assert "answer rate" in out
    status, out, err = ringsim(capsys, "check", *arguments)
    assert status == 0
    assert err.startswith(line)
    assert f"{number} " in out


def test_results_name_the_settings_that_they_do_not_follow(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "queues.conf"
    path.write_text("[600]\nmember=SIP/201\nmember=Agent/1\ntimeuot=9\nmember=SIP/201\n")
    for arguments in (("check",), ("simulate", "--json", "--replications", "1")):
        command, *options = arguments
        status, out, err = ringsim(
            capsys, command, str(path), *options, "--calls-per-hour", "30", "--talk-time", "60"
        )
        assert status == 0
        assert "Not played, or not exactly: 600.member (reasons on standard error)." in out
        assert "Not understood: 600.timeuot (reasons on standard error)." in out
        assert f"{path} line 3, 600.member: Agent/1 is not a phone" in err
    assert json.loads(ringsim(capsys, "simulate", str(path), "--json")[1])["notes"]


def test_a_queue_is_chosen_by_name_wherever_a_scenario_is_read(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "queues.conf"
    path.write_text("[sales]\nmember=SIP/201\n[support]\nmember=SIP/202\nmember=SIP/203\n")
    given = (str(path), "--queue", "support", "--calls-per-hour", "20", "--replications", "2")
    for command, *options in (
        ("simulate",),
        ("compare", "--what-if", "ring_time=10,20"),
        ("sweep", "--set", "ring_time=10,20"),
    ):
        status, out, err = ringsim(capsys, command, *given, *options)
        assert (status, err.splitlines()[0]) == (
            0,
            "601 support: asterisk-queue/ringall, 15 s, 2 members",
        ), (out, err)
    status, out, err = ringsim(capsys, "compare", str(path), "--queue", "suport")
    assert (status, out) == (2, "")
    assert (
        "must say which of the 2 groups"
        in ringsim(capsys, "check", str(path), "--calls-per-hour", "20")[2].splitlines()[0]
    )
    assert err == (
        "ringsim: --queue must be a group or queue of the file, got 'suport'. "
        "Did you mean 'support'?\n"
    )


@pytest.mark.parametrize("file", [(), ("office.toml",), ("group.json",)])
def test_a_queue_of_a_scenario_is_refused(
    file: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = rs.Scenario(groups=[rs.RingGroup(extension_number="600", members=["201"])])
    scenario.dump("office.toml")
    Path("group.json").write_text(json.dumps(scenario.groups[0].to_api()))
    status, out, err = ringsim(capsys, "check", *file, "--queue", "sales")
    assert (status, out) == (2, "")
    assert err == (
        "ringsim: --queue must be given with a configuration file of a phone system, such as "
        "queues.conf, got 'sales'. A scenario file is read with all its groups.\n"
    )


@pytest.mark.parametrize("text", ["", "member=201\n", "[sales\n"])
def test_a_file_of_no_known_kind_is_refused_as_before(
    text: str, tmp_path: Path, capsys: Any
) -> None:
    path = tmp_path / "queues.conf"
    path.write_text(text)
    status, out, err = ringsim(capsys, "simulate", str(path))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "queues.conf" in err
    assert f"`ringsim import {path} --format NAME` reads the configuration" in err


@pytest.mark.parametrize(("name", "queue", "number", "line"), DAYS)
def test_from_the_files_to_a_table_in_one_command(
    name: str, queue: str, number: str, line: str, tmp_path: Path, capsys: Any
) -> None:
    output = tmp_path / "office.toml"
    status, out, _ = ringsim(
        capsys,
        *("import", str(CONFIGS / name), "--queue", queue, "--output", str(output)),
        *("--calls-per-hour", "30", "--talk-time", "mean=60"),
    )
    assert status == 0
    assert line in out
    assert "answer rate" in out
    demand = rs.Scenario.load(output).demand[number]
    assert demand.calls_per_hour == 30
    assert demand.talk_time.mean() == pytest.approx(60)
    assert demand.priority == (5 if name == "asterisk" else 0)  # as the dialplan says


def test_an_enforced_wrap_up_is_not_denied(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "queues.conf"
    path.write_text("[600]\nwrapuptime=10\nmember=SIP/201\n[601]\nmember=SIP/202\n")
    _, out, _ = ringsim(capsys, "check", str(path))
    assert "There is no wrap-up after calls of 601, as no wrap_up_time is given." in out
    assert "no wrap-up after calls of 600 beyond the one that the rules enforce, as no" in out


def test_all_queues_with_numbers_and_everybody_on_duty(tmp_path: Path, capsys: Any) -> None:
    output = tmp_path / "office.json"
    status, out, _ = ringsim(
        capsys,
        *("import", str(CONFIGS / "asterisk"), "--output", str(output), "--all-on-duty"),
        *("--number", "support=650", "--format", "asterisk"),
    )
    assert status == 0
    scenario = rs.Scenario.load(output)
    assert scenario.group_numbers == ("600", "650", "601")
    assert scenario.duty("205") is None
    assert "--calls-per-hour 600=30" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--queue", "slaes"], "Did you mean 'sales'?"),
        (["--format", "asterix"], "format must be auto or one of"),
        (["--number", "600"], "--number must be NAME=NUMBER, got '600'."),
        (["--number", "sales=6"], "numbers.sales must be a string of 3 to 64 digits"),
        (["--output", "no/such/office.toml"], "its folder does not exist"),
        (["--output", "office.txt"], "--output must end in .json or .toml"),
        (["--queue", "sales", "--calls-per-hour", "many"], "--calls-per-hour must be a number"),
    ],
)
def test_what_is_refused(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = ringsim(capsys, "import", str(CONFIGS / "asterisk"), *arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_not_replaced_without_force(tmp_path: Path, capsys: Any) -> None:
    output = tmp_path / "office.toml"
    output.write_text("mine")
    arguments = ("import", str(CONFIGS / "freepbx"), "--output", str(output))
    status, _, err = ringsim(capsys, *arguments)
    assert status == 2
    assert "--output must not exist yet" in err
    assert output.read_text() == "mine"
    assert ringsim(capsys, *arguments, "--force")[0] == 0
    assert rs.Scenario.load(output).groups


def test_check_says_how_imported_groups_ring(tmp_path: Path, capsys: Any) -> None:
    """It names the preset and what differs from it."""
    files = {
        "queues.conf": "[600]\nstrategy=linear\nretry=9\nmember=SIP/201\n",
        "ringgroups.csv": "grpnum,strategy,grptime,grplist\n600,ringallv2-prim,20,201-202\n",
    }
    told = []
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        output = tmp_path / f"{name}.toml"
        status, _, err = ringsim(capsys, "import", str(tmp_path / name), "--output", str(output))
        assert (status, err) == (0, "")
        status, out, _ = ringsim(capsys, "check", str(output))
        assert status == 0
        told.append(out)
    queue, ring_group = told
    assert "600 600: asterisk-queue/linear, ring time 15 s, 1 member" in queue
    assert "As Asterisk, queues (app_queue): rings" in queue
    assert "Rules of its own: retry_pause = 9.\n" in queue
    assert "600 600: freepbx-ringgroup/ringallv2, ring time 20 s, 2 members" in ring_group
    assert "Rules of its own: primary = true.\n" in ring_group
