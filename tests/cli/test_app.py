"""The command line: its output, the files it writes, and its errors."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from support.commands import ringsim, told

GROUP = {
    "name": "Sales",
    "extension_number": "600",
    "ring_time": 20,
    "ring_strategy": "CYCLIC_HUNT",
    "skip_busy_member": True,
}
CALLS = ["--calls-per-hour", "30", "--talk-time", "60", "--hours", "1", "--replications", "3"]


@pytest.fixture
def group_file(tmp_path: Path) -> str:
    """Return a file with a group as the PBX exports it, without members."""
    path = tmp_path / "group.json"
    path.write_text(json.dumps(GROUP), "utf-8")
    return str(path)


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Return the parsed output of `ringsim simulate ... --json`."""
    return told(capsys, "simulate", *arguments)


class TestSimulate:
    """`ringsim simulate`."""

    def test_packaged_example_is_played_without_a_file(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status, out, err = ringsim(capsys, "simulate", "--replications", "2")
        assert (status, err) == (0, "")
        assert out.startswith(
            "My office: 8 hours from 08:00, 2 replications, seed 0\n"
            "600 Sales: CYCLIC_HUNT, ring time 12 s, 5 members\n"
            "601 Back office: RING_SIMULTANEOUSLY, ring time 15 s, 4 members\n"
        )
        assert "What callers experienced" in out
        assert "What members experienced" in out

    def test_same_seed_prints_the_same_bytes(self, capsys: pytest.CaptureFixture[str]) -> None:
        first = ringsim(capsys, "simulate", "--replications", "2", "--seed", "5")
        assert ringsim(capsys, "simulate", "--replications", "2", "--seed", "5") == first
        assert ringsim(capsys, "simulate", "--replications", "2", "--seed", "6") != first

    def test_order_of_groups_and_extensions_in_the_file_changes_no_number(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        ringsim_example = tmp_path / "office.toml"
        _, text, _ = ringsim(capsys, "example")
        ringsim_example.write_text(text, "utf-8")
        scenario = rs.Scenario.load(ringsim_example)
        turned = scenario.replace(
            groups=scenario.groups[::-1],
            extensions=scenario.extensions[::-1],
            demand=dict(reversed(scenario.demand.items())),
        )
        turned.dump(tmp_path / "turned.json")
        one = as_json(capsys, str(ringsim_example), "--replications", "3")
        other = as_json(capsys, str(tmp_path / "turned.json"), "--replications", "3")
        assert one["all"] == other["all"]
        assert one["groups"] == other["groups"]

        def by_seat(report: dict[str, Any]) -> dict[tuple[str, str], Any]:
            return {(row["group"], row["member"]): row for row in report["members"]}

        assert by_seat(one) == by_seat(other)

    def test_tables_are_never_cut_short_in_a_pipe(
        self, capsys: pytest.CaptureFixture[str], group_file: str
    ) -> None:
        name = "Sales department of the northern branch " * 6
        Path(group_file).write_text(json.dumps(GROUP | {"name": name.strip()}), "utf-8")
        _, out, _ = ringsim(capsys, "simulate", group_file, "--members", "201", *CALLS)
        assert name.strip() in out
        assert "…" not in out
        assert all(line == line.rstrip() for line in out.splitlines())

    def test_names_cannot_command_the_terminal(
        self, capsys: pytest.CaptureFixture[str], group_file: str
    ) -> None:
        Path(group_file).write_text(json.dumps(GROUP | {"name": "a\x1b[31m[red]b\u202e"}), "utf-8")
        _, out, _ = ringsim(capsys, "simulate", group_file, "--members", "201", *CALLS)
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "[red]b" in out

    @pytest.mark.parametrize(
        "form",
        [
            GROUP,
            [GROUP],
            {"count": 1, "items": [GROUP]},
            {key: value for key, value in GROUP.items() if key != "extension_number"},
            {"id": "NzAwNTUxOTA5NzczMTQ4MTYw"},
        ],
        ids=["detail", "list", "page", "update", "created"],
    )
    def test_every_form_of_the_record_is_played(
        self, capsys: pytest.CaptureFixture[str], group_file: str, form: Any
    ) -> None:
        Path(group_file).write_text(json.dumps(form), "utf-8")
        report = as_json(capsys, group_file, "--members", "201,202", *CALLS)
        assert list(report["groups"]) == ["600"]
        assert report["all"]["offered"]["estimate"] > 10
        assert {row["member"] for row in report["members"]} == {"201", "202"}

    def test_standard_input_is_a_file_too(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        group_file: str,
    ) -> None:
        typed = io.TextIOWrapper(io.BytesIO(Path(group_file).read_bytes()))
        monkeypatch.setattr(sys, "stdin", typed)
        from_stdin = as_json(capsys, "-", "--members", "201", *CALLS)
        assert from_stdin == as_json(capsys, group_file, "--members", "201", *CALLS)

    def test_agents_come_from_a_file(
        self, capsys: pytest.CaptureFixture[str], group_file: str, tmp_path: Path
    ) -> None:
        items = [{"extension_number": "202", "skill_level": 2}, {"extension_number": "201"}]
        agents = tmp_path / "agents.json"
        for form in ({"items": items}, items):
            agents.write_text(json.dumps(form), "utf-8")
            report = as_json(capsys, group_file, "--agents", str(agents), *CALLS)
            assert [row["member"] for row in report["members"]] == ["202", "201"]

    def test_options_take_the_place_of_what_a_scenario_says(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        report = as_json(
            capsys, "--members", "601=301,302", "--calls-per-hour", "601=0",
            "--talk-time", "30", "--patience", "inf", "--hours", "2", "--replications", "2",
        )  # fmt: skip
        assert report["hours"] == 2
        assert [row["member"] for row in report["members"] if row["group"] == "601"] == [
            "301",
            "302",
        ]
        assert report["groups"]["601"]["metrics"]["offered"]["estimate"] == 0
        assert report["all"]["abandoned"]["estimate"] == 0

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("180", 180),
            ("inf", "inf"),
            ("mean=180,cv=1.2", {"mean": 180, "cv": 1.2}),
            ("dist=expon,scale=60", {"dist": "expon", "scale": 60}),
            ('{"samples": [1, 2]}', {"samples": [1, 2]}),
        ],
    )
    def test_durations_have_the_forms_of_files(self, text: str, value: Any) -> None:
        from ringsim.cli._durations import distribution_option
        from ringsim.distributions import as_distribution

        assert distribution_option("--talk-time", text) == as_distribution(value)

    def test_strategy_of_all_groups_or_of_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        few = ["--replications", "1"]
        all_groups = as_json(capsys, "--strategy", "PRIORITIZED_HUNT", *few)["groups"]
        assert {group["dispatcher"] for group in all_groups.values()} == {"PRIORITIZED_HUNT"}
        one = as_json(capsys, "--strategy", "601=LEAST_WORKED_HUNT", *few)["groups"]
        assert [one[number]["dispatcher"] for number in ("600", "601")] == [
            "CYCLIC_HUNT",
            "LEAST_WORKED_HUNT",
        ]

    def test_json_has_the_figures_of_the_library(self, capsys: pytest.CaptureFixture[str]) -> None:
        report = as_json(capsys, "--replications", "4", "--seed", "3", "--intervals", "3600")
        assert (report["format"], report["version"]) == ("ringsim.simulate", 1)
        _, text, _ = ringsim(capsys, "example")
        result = rs.simulate(_office(text), replications=4, seed=3)
        summary = result.summary(within=20, group="601")
        for metric, figures in report["groups"]["601"]["metrics"].items():
            for bound in ("estimate", "low", "high"):
                expected = summary.loc[metric, bound]
                assert figures[bound] == pytest.approx(expected, rel=1e-12, nan_ok=True) or (
                    figures[bound] is None and pd.isna(expected)
                )
        assert len(report["intervals"]) == 8
        assert len(report["members"]) == len(result.members())

    def test_json_marks_few_events_of_members_and_intervals(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The marks are those of the notes in the tables of the library."""
        report = as_json(capsys, "--replications", "20", "--intervals", "3600")
        _, text, _ = ringsim(capsys, "example")
        result = rs.simulate(_office(text), replications=20)
        for rows, table in (
            (report["members"], result.members()),
            (report["intervals"], result.intervals(3600)),
        ):
            marked = {True: 0, False: 0}
            for row, note in zip(rows, table["note"], strict=True):
                few = note.removeprefix("few events: ").split(", ")
                figures = {name: each for name, each in row.items() if isinstance(each, dict)}
                for name, each in figures.items():
                    assert each["note"] == ("few events" if name in few else "")
                    marked[name in few] += 1
            assert min(marked.values()) > 0

    def test_intervals_have_stars_where_there_are_few_events(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _, out, _ = ringsim(capsys, "simulate", "--replications", "20", "--intervals", "3600")
        _, text, _ = ringsim(capsys, "example")
        notes = rs.simulate(_office(text), replications=20).intervals(3600)["note"]
        few = [
            name in note.removeprefix("few events: ").split(", ")
            for note in notes
            for name in ["offered", "answer_rate", "service_level"]
        ]
        table = out[out.index("By time of arrival") : out.index("\nAssumed:")]
        *lines, caption = [line for line in table.splitlines() if ")" in line or "*" in line]
        assert table.count(")*") == sum(few)
        assert 0 < sum(few) < len(few)
        assert len(lines) == 8
        assert caption.strip().endswith("* too few events to trust the interval.")

    def test_intervals_add_a_table_by_the_clock(self, capsys: pytest.CaptureFixture[str]) -> None:
        _, out, _ = ringsim(capsys, "simulate", "--replications", "1", "--intervals", "1800")
        assert "By time of arrival" in out
        assert "\n08:30 " in out

    @pytest.mark.parametrize("suffix", [".csv", ".parquet"])
    def test_calls_and_rings_are_written_for_every_replication(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str
    ) -> None:
        places = {name: tmp_path / f"{name}{suffix}" for name in ("calls", "rings")}
        status, _, err = ringsim(
            capsys, "simulate", "--replications", "2", "--hours", "1",
            "--calls", str(places["calls"]), "--rings", str(places["rings"]),
        )  # fmt: skip
        assert (status, err) == (0, "")
        read = pd.read_csv if suffix == ".csv" else pd.read_parquet
        _, text, _ = ringsim(capsys, "example")
        result = rs.simulate(_office(text).replace(hours=1), replications=2)
        for name, place in places.items():
            table = read(place)
            logs = [getattr(result.replay(replication), name) for replication in (0, 1)]
            assert list(table.columns) == ["replication", *logs[0].columns]
            assert table["replication"].value_counts().to_dict() == {
                0: len(logs[0]),
                1: len(logs[1]),
            }
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
            place.name for place in places.values()
        )


def _office(text: str) -> rs.Scenario:
    import tomllib

    return rs.Scenario.from_file(tomllib.loads(text))


class TestWhatIsLacking:
    """Notes on groups without members or callers, with the option to give."""

    def test_nobody_there_and_nobody_calls(
        self, capsys: pytest.CaptureFixture[str], group_file: str
    ) -> None:
        status, out, err = ringsim(capsys, "simulate", group_file)
        assert (status, err) == (0, "")
        assert out.splitlines() == [
            "Group 600 has no members: every call overflows at once. "
            "Give --members 201,202 or --agents FILE.",
            "Nobody calls group 600. Give --calls-per-hour 40 --talk-time 180, for instance.",
        ]

    def test_nobody_there(self, capsys: pytest.CaptureFixture[str], group_file: str) -> None:
        status, out, _ = ringsim(capsys, "simulate", group_file, *CALLS)
        assert status == 0
        assert out.startswith("Group 600 has no members")
        assert "What callers" not in out

    def test_json_says_it_too(self, capsys: pytest.CaptureFixture[str], group_file: str) -> None:
        report = as_json(capsys, group_file, "--members", "201")
        assert report["notes"][0] == (
            "Nobody calls group 600. Give --calls-per-hour 40 --talk-time 180, for instance."
        )
        assert report["all"]["answer_rate"]["estimate"] is None

    def test_group_that_is_only_forwarded_to_is_not_said_to_lack_callers(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        report = as_json(capsys, "--calls-per-hour", "601=0", "--replications", "1")
        assert not [note for note in report["notes"] if "Nobody calls" in note]


WRONG = [
    (["--replications", "0"], "--replications must be a whole number, at least 1, got 0."),
    (["--seed", "-1"], "--seed must be a whole number, at least 0, got -1."),
    (["--within", "-1"], "--within must be a number of seconds, at least 0, got -1.0."),
    (["--within", "nan"], "--within must be a number of seconds, at least 0, got nan."),
    (["--target", "2"], "--target must be between 0 and 1, got 2.0."),
    (["--intervals", "0"], "--intervals must be a positive number of seconds, got 0.0."),
    (
        ["--engine", "simpi"],
        "--engine must be 'auto' or 'simpy' or 'compiled', got 'simpi'. Did you mean 'simpy'?",
    ),
    (
        ["--strategy", "CYCLIC_HNT"],
        "--strategy must be the name of a registered dispatcher, got 'CYCLIC_HNT'. "
        "Did you mean 'CYCLIC_HUNT'?",
    ),
    (
        ["--variant", "offred"],
        "--variant must be one of offered, ignore_abandoned_within, credit_abandoned_within, "
        "answered_only, short_excluded, got 'offred'. Did you mean 'offered'?",
    ),
    (["--hours", "0"], "--hours must be a positive number of hours, at most 8784, got 0.0."),
    (["--talk-time", "-3"], "--talk-time must be a number of seconds, at least 0, got -3.0."),
    (
        ["--talk-time", "dist=norm,scale=3"],
        "--talk-time must have no negative values, but reaches down to -inf, got 'norm(scale=3)'. "
        "A duration cannot be negative: try lognorm, gamma or truncnorm.",
    ),
    (["--calls-per-hour", "600=many"], "--calls-per-hour must be a number of calls, got 'many'."),
    (
        ["--members", "201,202"],
        "--members must say which of the 2 groups it is for, got '201,202'. "
        "Write --members 600=201,202.",
    ),
    (
        ["--members", "700=201"],
        "--members must be for a group of the file, got '700=201'. Its groups are 600, 601.",
    ),
    (
        ["--members", "600=20"],
        "--members must be a string of 3 to 64 digits, got '20'. Write --members 600=201,202.",
    ),
    (
        ["--members", "600="],
        "--members must be a string of 3 to 64 digits, got ''. Write --members 600=201,202.",
    ),
    (
        ["--members", ""],
        "--members must say which of the 2 groups it is for, got ''. Write --members 600=VALUE.",
    ),
    (
        ["--calls-per-hour", "600=1e9"],
        "expected number of calls must be at most 10,000,000, got '8,000,000,152'.\n",
    ),
    (["--members", "600=201,201"], "--members must not be listed twice, got '201'."),
    (["--calls", "calls.txt"], "--calls must end in .csv or .parquet, got 'calls.txt'."),
    (
        ["--calls", "nowhere/calls.csv"],
        "nowhere/calls.csv must be a file that can be written: its folder does not exist.",
    ),
    (
        ["--calls", "x.csv", "--rings", "x.csv"],
        "--rings must be another file than --calls, got 'x.csv'.",
    ),
    (["--agents", "600=nowhere.json"], "nowhere.json must be a readable file: no such file"),
    (["--no-such-option"], "No such option: --no-such-option"),
    (["--replications", "many"], "--replications must be a whole number, got 'many'."),
    (["one.toml", "two.toml"], "Got unexpected extra argument(s) (two.toml)"),
    (["nowhere.toml"], "nowhere.toml must be a readable file: no such file or directory."),
]


class TestSayingNo:
    """Invalid input: one line on standard error, exit status 2, no file written."""

    @pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=lambda value: str(value)[:50])
    def test_wrong_options(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
        arguments: list[str],
        sentence: str,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        status, out, err = ringsim(capsys, "simulate", *arguments)
        assert (status, out) == (2, "")
        assert err.startswith(f"ringsim: {sentence}")
        assert err.count("\n") == 1
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("contents", "sentence"),
        [
            (b"", "{} must hold a scenario or a ring group, and is empty."),
            (b"{", "{} must be JSON or TOML: "),
            (b"\xff", "{} must be UTF-8 text, and is not at byte 0."),
            (b"\xff\xfe{", "{} must be UTF-16 text, and is not at byte 2."),
            (b"\xff\xfe", "{} must hold a scenario or a ring group, and is empty."),
            (b"[]", "{}: must hold at least one ring group."),
            (b"7", "{} must be JSON or TOML: "),
            (b'{"ring_strategy": "CYCLIC_HNT"}', "{}: ring_strategy must be one of the eight"),
            (b'{"ring_time": -1}', "{}: ring_time must be from 0 to 2147483647 seconds, got -1."),
            (b'{"groups": [], "demand": {"600": {}}}', "{}: demand.600"),
            (b"hours = 8", "{}: groups must be given."),
            (
                b'{"items": [{"extension_number": "201", "skill_level": 1}]}',
                "{}: items must be ring groups, not members.",
            ),
        ],
    )
    def test_wrong_files(
        self,
        capsys: pytest.CaptureFixture[str],
        tmp_path: Path,
        contents: bytes,
        sentence: str,
    ) -> None:
        path = tmp_path / "file"
        path.write_bytes(contents)
        status, out, err = ringsim(capsys, "simulate", str(path))
        assert (status, out) == (2, "")
        assert err.startswith(f"ringsim: {sentence.format(path)}")
        assert err.count("\n") == 1

    def test_folder_is_no_file(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        status, _, err = ringsim(capsys, "simulate", str(tmp_path))
        assert (status, err) == (
            2,
            f"ringsim: {tmp_path} must be a readable file: is a directory.\n",
        )

    def test_unknown_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        status, _, err = ringsim(capsys, "simulat")
        assert status == 2
        assert err.startswith("ringsim: No such command 'simulat'")

    def test_what_was_there_survives_a_failure(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        """Writing the rings fails; the old file of calls is still there."""
        calls = tmp_path / "calls.csv"
        calls.write_text("precious", "utf-8")
        real = pd.DataFrame.to_csv

        def full(self: pd.DataFrame, *arguments: Any, **options: Any) -> Any:
            if "member" in self.columns:
                raise OSError(28, "No space left on device")
            return real(self, *arguments, **options)

        monkeypatch.setattr(pd.DataFrame, "to_csv", full)
        status, _, err = ringsim(
            capsys, "simulate", "--replications", "1", "--hours", "1",
            "--calls", str(calls), "--rings", str(tmp_path / "rings.csv"),
        )  # fmt: skip
        assert status == 2
        assert "no space left on device" in err
        assert calls.read_text("utf-8") == "precious"
        assert [path.name for path in tmp_path.iterdir()] == ["calls.csv"]


class TestOtherCommands:
    """Help, version, `strategies` and `example`."""

    def test_bare_command_is_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert ringsim(capsys) == ringsim(capsys, "--help")

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert ringsim(capsys, "--version") == (0, f"ringsim {rs.__version__}\n", "")

    def test_strategies_lists_the_eight(self, capsys: pytest.CaptureFixture[str]) -> None:
        status, out, _ = ringsim(capsys, "strategies")
        assert status == 0
        for strategy in rs.RingStrategy:
            _, _, after = f"\n{out}".partition(f"\n{strategy}\n")
            rule, elsewhere, *_ = after.splitlines()
            assert rule.startswith("  ")
            assert elsewhere.startswith("  Elsewhere: similar")
            named = re.findall(r"[a-z0-9-]+/[a-z0-9-]+", elsewhere)
            assert named
            assert set(named) <= set(rs.presets.names())

    def test_example_is_the_packaged_scenario(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        _, text, _ = ringsim(capsys, "example")
        path = tmp_path / "my-office.toml"
        path.write_text(text, "utf-8")
        scenario = rs.Scenario.load(path)
        assert len(scenario.groups) == 2
        assert len(scenario.extensions) == 8
        few = ["--replications", "1"]
        assert as_json(capsys, str(path), *few) == as_json(capsys, *few)


def test_interrupted_command_leaves_what_was_there(tmp_path: Path) -> None:
    """Ctrl-C prints one line, exits with status 130 and leaves no partial file."""
    calls = tmp_path / "calls.csv"
    calls.write_text("precious", "utf-8")
    command = [sys.executable, "-m", "ringsim", "simulate", "--replications", "100000"]
    with subprocess.Popen(
        [*command, "--calls", str(calls)], stderr=subprocess.PIPE, text=True
    ) as running:
        _wait_until_busy(running.pid)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (130, "ringsim: interrupted\n")
    assert calls.read_text("utf-8") == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["calls.csv"]


def _wait_until_busy(pid: int) -> None:
    """Wait until the process has used three seconds of CPU time, so that it plays calls."""
    ticks = 3 * os.sysconf("SC_CLK_TCK")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        if int(fields[11]) + int(fields[12]) >= ticks:
            return
    raise AssertionError("the command does not get going")


def test_closed_pipe_is_no_error() -> None:
    """`ringsim simulate --json | head -n 1` has seen enough, long before its end."""
    command = "simulate --replications 1 --intervals 60 --json"
    done = subprocess.run(
        f'"{sys.executable}" -m ringsim {command} | head -n 1; echo "${{PIPESTATUS[0]}}"',
        shell=True, executable="/bin/bash", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.endswith("0\n")


def test_a_full_disk_is_one_line() -> None:
    """`ringsim strategies > FILE` on a full disk; `/dev/full` is always one."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") as output:
        done = subprocess.run(
            [sys.executable, "-m", "ringsim", "strategies"],
            stdout=output, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "ringsim: output must be written whole: no space left on device.\n"
