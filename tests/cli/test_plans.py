"""The commands that plan: their output, the files they write, and their errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from ringsim.cli import _size
from ringsim.cli._options import ScenarioOptions
from ringsim.cli._scenario import scenario_from
from ringsim.errors import ConfigurationError
from support.commands import ringsim, told

FEW = ["--replications", "4"]


@pytest.fixture(scope="module")
def office() -> rs.Scenario:
    """Return the example scenario of the package."""
    return scenario_from(ScenarioOptions())[0]


class TestCompare:
    """`ringsim compare`."""

    def test_it_says_what_python_says(
        self, office: rs.Scenario, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status, out, err = ringsim(capsys, "compare", "--group", "600", *FEW)
        assert (status, err) == (0, "")
        said, assumed = out.split("\nAssumed:\n")
        assert said == (
            "My office: 8 hours from 08:00, 4 replications, seed 0\n"
            "600 Sales today: CYCLIC_HUNT, ring time 12 s, 5 members\n\n"
            f"{rs.compare(office, '600', replications=4)}\n"
        )
        assert assumed == "".join(f"- {sentence}\n" for sentence in office.assumptions)

    def test_json_and_csv_hold_the_table(
        self, office: rs.Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "table.csv"
        asked = ["--strategy", "CYCLIC_HUNT", "--strategy", "PRIORITIZED_HUNT", "--csv", str(path)]
        report = told(capsys, "compare", "--group", "600", *asked, *FEW)
        comparison = rs.compare(
            office, "600", strategies=["CYCLIC_HUNT", "PRIORITIZED_HUNT"], replications=4
        )
        assert (report["format"], report["baseline"]) == ("ringsim.compare", "CYCLIC_HUNT")
        assert report["text"] == str(comparison)
        estimates = comparison.table["estimate"].tolist()
        assert [row["estimate"] for row in report["table"]] == estimates
        assert pd.read_csv(path)["estimate"].tolist() == pytest.approx(estimates)

    def test_what_if_takes_settings_of_all_kinds(
        self, office: rs.Scenario, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = [
            *("--what-if", "short:ring_time=8", "--what-if", "short:skip_busy_member=false"),
            *("--what-if", 'fewer: members = ["201", "202"]'),
            *("--what-if", "other:ring_strategy=PRIORITIZED_HUNT"),
        ]
        report = told(capsys, "compare", "--group", "600", *asked, *FEW)
        variants = {
            "short": {"ring_time": 8, "skip_busy_member": False},
            "fewer": {"members": ["201", "202"]},
            "other": {"ring_strategy": "PRIORITIZED_HUNT"},
        }
        assert report["text"] == str(rs.compare(office, "600", variants=variants, replications=4))

    def test_what_if_takes_the_values_of_a_setting_as_report_does(
        self, office: rs.Scenario, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = ["--what-if", "ring_time=8,15", "--what-if", "skip_busy_member=false"]
        report = told(capsys, "compare", "--group", "600", *asked, *FEW)
        variants = {
            "ring_time=8": {"ring_time": 8},
            "ring_time=15": {"ring_time": 15},
            "skip_busy_member=false": {"skip_busy_member": False},
        }
        assert report["text"] == str(rs.compare(office, "600", variants=variants, replications=4))

    @pytest.mark.parametrize("members", ["201,202", " 201, 202", '["201", "202"]'])
    def test_members_are_written_as_in_the_option_members(
        self, members: str, office: rs.Scenario, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = ["--what-if", f"fewer:members={members}", "--metric", "answer_rate"]
        report = told(capsys, "compare", "--group", "600", *asked, *FEW)
        variants = {"fewer": {"members": ["201", "202"]}}
        expected = rs.compare(
            office, "600", variants=variants, metrics=["answer_rate"], replications=4
        )
        assert report["text"] == str(expected)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--strategy", "CYCLIC_HNT"], "Did you mean 'CYCLIC_HUNT'?"),
            (["--what-if", "ring_time"], "--what-if must be PATH=VALUE,VALUE, got 'ring_time'."),
            (["--what-if", "a:b"], "--what-if must be NAME:PATH=VALUE, got 'a:b'."),
            (
                ["--what-if", "members=201,202"],
                "--what-if must have a name for other members, got 'members=201,202'. "
                "Write --what-if fewer:members=201,202.",
            ),
            (
                ["--what-if", "ring_time=8", "--what-if", "x:ring_time=9"],
                "--what-if must have one form throughout, got 'ring_time=8'. "
                "Write NAME:ring_time=8, or give no names at all.",
            ),
            (
                ["--what-if", "x:ring_tme=8"],
                "--what-if x:ring_tme must be the path of a setting. Did you mean 'ring_time'?",
            ),
            (["--metric", "answer_rat"], "Did you mean 'answer_rate'?"),
            (["--csv", "table.txt"], "--csv must end in .csv"),
            (["--csv", "missing/table.csv"], "its folder does not exist"),
            (["--replications", "0"], "--replications must be a whole number, at least 1"),
            (["--baseline", "none"], "--baseline must be one of"),
            (["--group", "699"], "Its groups are 600, 601."),
            (["--workers", "0"], "--workers must be a whole number, at least 1"),
        ],
    )
    def test_what_cannot_be_is_one_line(
        self, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        group = [] if "--group" in arguments else ["--group", "600"]
        status, out, err = ringsim(capsys, "compare", *group, *FEW, *arguments)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert sentence in err

    def test_names_are_no_formulas_and_obey_no_terminal(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "table.csv"
        asked = ["--what-if", "=1+1:ring_time=8", "--csv", str(path), *FEW]
        status, _, _ = ringsim(capsys, "compare", "--group", "600", *asked)
        assert status == 0
        assert set(pd.read_csv(path)["variant"]) == {"as it is", "'=1+1"}


class TestSweep:
    """`ringsim sweep`."""

    SETTINGS = ("--set", "ring_time=10,15", "--set", "skip_busy_member=true,false")

    def test_a_row_for_each_combination(
        self, office: rs.Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "table.csv"
        asked = ["sweep", "--group", "600", *self.SETTINGS, "--metric", "answer_rate", *FEW]
        report = told(capsys, *asked, "--csv", str(path))
        settings = {"ring_time": [10, 15], "skip_busy_member": [True, False]}
        table = rs.sweep(office, settings, "600", metrics=["answer_rate"], replications=4)
        assert [row["answer_rate"] for row in report["table"]] == table["answer_rate"].tolist()
        assert [row["ring_time"] for row in report["table"]] == [10, 10, 15, 15]
        assert len(pd.read_csv(path)) == 4
        status, out, err = ringsim(capsys, *asked)
        assert (status, err) == (0, "")
        lines = [line.split() for line in out.splitlines() if line.strip()[:2] in ("10", "15")]
        assert [line[:2] for line in lines] == [
            ["10", "True"],
            ["10", "False"],
            ["15", "True"],
            ["15", "False"],
        ]
        assert f"{100 * table['answer_rate'].iloc[0]:.1f} % (" in out

    def test_values_with_commas_are_a_list_in_json(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings = 'members=[["201", "202"], ["203"]]'
        report = told(capsys, "sweep", "--group", "600", "--set", settings, *FEW)
        assert len(report["table"]) == 2

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ([], "--set must be given"),
            (["--set", "ring_time"], "--set must be PATH=VALUE,VALUE"),
            (["--set", "ring_time=-1,10"], "--set ring_time must be from 0"),
            (["--set", "ring_tim=10"], "Did you mean 'ring_time'?"),
        ],
    )
    def test_what_cannot_be_is_one_line(
        self, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status, out, err = ringsim(capsys, "sweep", "--group", "600", *FEW, *arguments)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert sentence in err


class TestSize:
    """`ringsim size`."""

    GROUP = ("--members", "201", "--calls-per-hour", "30", "--talk-time", "120", "--hours", "2")

    @pytest.fixture
    def file(self, tmp_path: Path) -> str:
        """Return a file with a group as the PBX exports it."""
        path = tmp_path / "group.json"
        path.write_text('{"extension_number": "600", "ring_strategy": "CYCLIC_HUNT"}', "utf-8")
        return str(path)

    def test_it_says_what_python_says(
        self, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "table.csv"
        asked = ["size", file, *self.GROUP, "--answer-rate", "0.9", "--shrinkage", "0.25"]
        report = told(capsys, *asked, "--csv", str(path))
        scenario = rs.Scenario(
            groups=[
                {"extension_number": "600", "ring_strategy": "CYCLIC_HUNT", "members": ["201"]}
            ],
            demand={"600": rs.Demand(calls_per_hour=30, talk_time=120)},
            hours=2,
        )
        sizing = rs.size(scenario, "600", rs.Target(answer_rate=0.9), shrinkage=0.25)
        assert (report["members"], report["text"]) == (sizing.members, str(sizing))
        assert report["head_count"] == pytest.approx(sizing.members / 0.75)
        assert [row["meets"] for row in report["table"]] == sizing.table["meets"].tolist()
        assert len(pd.read_csv(path)) == len(sizing.table)
        status, out, err = ringsim(capsys, *asked)
        assert (status, err) == (0, "")
        assert out.startswith("Scenario: 2 hours, seed 0\n600 today: ")
        assert f"\n\n{sizing}\n\n" in out

    @pytest.mark.parametrize("width", [(), ("--width", "3600")])
    @pytest.mark.parametrize("given", [None, 200])
    def test_the_largest_number_of_days_is_the_library_s(
        self,
        file: str,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        width: tuple[str, ...],
        given: int | None,
    ) -> None:
        """A large group is sized in seconds by both, because the default is the same."""
        asked: dict[str, Any] = {}

        def take(*_: Any, **arguments: Any) -> None:
            asked.update(arguments)
            raise ConfigurationError("seen", "must be enough")

        monkeypatch.setattr(_size, "staffing" if width else "size", take)
        option = () if given is None else ("--replications", str(given))
        ringsim(capsys, "size", file, *self.GROUP, *width, *option)
        assert asked.get("max_replications") == given
        assert asked["seed"] == 0

    def test_by_interval_it_is_a_staffing_table(
        self, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = ["--answer-rate", "0.8", "--width", "3600", "--replications", "200"]
        report = told(capsys, "size", file, *self.GROUP, *asked)
        assert [row["starts_at"] for row in report["table"]] == [0, 3600]
        assert all(row["members"] >= 2 for row in report["table"])
        assert not [note for note in report["notes"] if "always on duty" in note]

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--service-level", "80"], "--service-level must be above 0 and below 1, got 80"),
            (["--shrinkage", "1"], "--shrinkage must be at least 0 and below 1"),
            (["--group", "601"], "--group must be the number of a group"),
            (["--mean-speed-of-answer", "-1"], "must be a positive number of seconds"),
            (["--p-target-met", "2"], "--p-target-met must be above 0 and below 1"),
        ],
    )
    def test_what_cannot_be_is_one_line(
        self, arguments: list[str], sentence: str, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status, out, err = ringsim(capsys, "size", file, *self.GROUP, *arguments)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert sentence in err

    def test_of_several_groups_one_must_be_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        status, _, err = ringsim(capsys, "size")
        assert status == 2
        assert "--group must say which of the 2 groups it is. Its groups are 600, 601." in err


def test_no_figure_of_a_sweep_is_a_raw_float(capsys: pytest.CaptureFixture[str]) -> None:
    """The order in which the metrics are asked for does not matter."""
    metrics = ["--metric", "service_level", "--metric", "answer_rate"]
    settings = ["--group", "600", "--set", "ring_time=10,15"]
    status, out, err = ringsim(capsys, "sweep", *settings, *metrics, *FEW)
    assert (status, err) == (0, "")
    assert not re.search(r"\d\.\d{5,}", out)
    assert out.index("83.5 %") < out.index("85.2 %")  # as asked: first the service level
