"""The commands `roster` and `stress`: output, files and errors."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import ringsim as rs
from ringsim.cli._options import ScenarioOptions
from ringsim.cli._scenario import scenario_from
from support.commands import ringsim, told

STAFF = """
shifts = [{ starts_at = "08:00", ends_at = "12:00" }, { starts_at = "12:00", ends_at = "16:00" }]
costs = { 201 = 30, 202 = 25, 205 = 25 }
[[people]]
extension_number = "201"
name = "Ada"
[[people]]
extension_number = "202"
[[people]]
extension_number = "205"
"""
ASKED = ["--group", "600", "--answer-rate", "0.3", "--width", "7200", "--replications", "100"]


@pytest.fixture(scope="module")
def office() -> rs.Scenario:
    """Return the example scenario of the package."""
    return scenario_from(ScenarioOptions())[0]


def two_members(folder: Path) -> Path:
    """Write the record of a group of two members, and return its file."""
    path = folder / "group.json"
    path.write_text('{"extension_number": "600", "members": ["201", "202"]}')
    return path


class TestRoster:
    """`ringsim roster`."""

    def test_it_says_what_python_says_and_writes_files(
        self, office: rs.Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staff, table, calendar = (tmp_path / name for name in ("staff.toml", "r.csv", "r.ics"))
        staff.write_text(STAFF)
        files = ["--csv", str(table), "--ics", str(calendar), "--starts-on", "2026-03-02"]
        status, out, err = ringsim(capsys, "roster", *ASKED, "--staff", str(staff), *files)
        assert (status, err) == (0, "")
        found = rs.roster(
            office,
            "600",
            rs.Target(answer_rate=0.3),
            shifts=[rs.Shift("08:00", "12:00"), rs.Shift("12:00", "16:00")],
            people=[rs.Person("201", name="Ada"), "202", "205"],
            costs={"201": 30, "202": 25, "205": 25},
            width=7200,
            replications_played=100,
        )
        assert f"\n{found}\n" in out
        assert pd.read_csv(table)["from"].tolist() == found.table["from"].tolist()
        assert calendar.read_text().count("BEGIN:VEVENT") == len(found.table)

    @pytest.mark.parametrize("days", [[], ["--days", "mon,tue"], ["--days", "one,two"]])
    def test_no_one_whose_shifts_it_plans_is_said_to_be_always_on_duty(
        self, days: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "office.toml"
        rs.Scenario(
            groups=[
                {"extension_number": "600", "members": ["201", "202", "203"]},
                {"extension_number": "601", "members": ["203", "204"]},
            ],
            demand={"600": rs.Demand(calls_per_hour=6, talk_time=60)},
            extensions=[rs.Extension("201", on_duty=[("08:00", "12:00")])],
            hours=4,
            opens_at="08:00",
        ).dump(path)
        asked = [*ASKED, "--shift", "08:00-12:00", *days]
        status, out, _ = ringsim(capsys, "roster", str(path), *asked)
        assert status == 0
        assert "- They are always on duty, as no on_duty is given: 203 and 204.\n" in out
        assert "- They can work at any time, as no on_duty or available is given: 202.\n" in out
        notes = told(capsys, "roster", str(path), *asked)["notes"]
        assert [f"- {each}" for each in notes[1:]] == out.partition("Assumed:\n")[2].splitlines()

    def test_the_days_that_could_tell_are_asked_for_by_the_option(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = [*ASKED[:4], "--members", "600=211,212,213,214,215,216", "--shift", "08:00-16:00"]
        _, out, _ = ringsim(capsys, "roster", *asked, "--replications", "4")
        assert "; more days (--replications) may show it.\n" in out

    def test_shifts_of_a_file_are_not_dropped_for_others(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staff = tmp_path / "staff.json"
        staff.write_text('{"shifts": [{"starts_at": "08:00", "ends_at": "16:00"}]}')
        given = [*ASKED, "--staff", str(staff), "--shift", "10:00-16:00"]
        status, out, err = ringsim(capsys, "roster", *given)
        assert (status, out) == (2, "")
        assert err == "ringsim: --shift must not be given beside --staff with shifts.\n"

    def test_json_holds_the_roster_of_the_shifts_given(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staff = tmp_path / "staff.json"
        staff.write_text('{"people": ["202", {"extension_number": "205"}]}')
        shifts = ["--shift", "08:00-16:00,11:30-14:00", "--shift", "10:00-16:00"]
        days = ["--days", "mon,tue"]
        report = told(capsys, "roster", *ASKED, "--staff", str(staff), *shifts, *days)
        assert report["format"] == "ringsim.roster"
        assert {row["shift"] for row in report["table"]} <= {"08:00-16:00", "10:00-16:00"}
        assert {row["day"] for row in report["table"]} == {"mon", "tue"}
        assert report["meets"] in {"yes", "no", "undecided"}
        assert len(report["by_interval"]) == 8

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ([], "--shift must be given, or --staff with shifts."),
            (
                ["--shift", "08:00-16:00", "--starts-on", "xyz"],
                "--starts-on must be given beside --ics, got 'xyz'.",
            ),
            (["--shift", "8"], "--shift must be such as 08:00-16:30, got '8'."),
            (
                ["--shift", "08:00-16:00,1-2,3-4"],
                "--shift must have at most one lunch, got '08:00-16:00,1-2,3-4'.",
            ),
            (
                ["--shift", "08:00-25:00"],
                "--shift must be a time of day such as \"08:30\", got '25:00'.",
            ),
            (
                ["--shift", "08:00-16:00", "--ics", "r.ics"],
                "--starts-on must be given: the date of the first day. Write it as '2026-03-02'.",
            ),
            (
                ["--shift", "08:00-16:00"],
                "extensions.201.on_duty must cover a shift on at least one day, got "
                "(('08:00', '12:00'), ('12:30', '16:00')). Give a shift within this duty, or "
                "--staff.",
            ),
        ],
    )
    def test_bad_input_is_one_line(
        self, given: list[str], message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status, out, err = ringsim(capsys, "roster", *ASKED, *given)
        assert (status, out) == (2, "")
        assert err.strip().removeprefix("ringsim: ") == message

    def test_a_file_without_opening_time_can_get_one_by_an_option(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        group = two_members(tmp_path)
        calls = ["--calls-per-hour", "4", "--talk-time", "60", "--hours", "2"]
        given = ["roster", str(group), *calls, "--shift", "08:00-10:00", "--answer-rate", "0.3"]
        status, _, err = ringsim(capsys, *given)
        assert (status, err.strip()) == (
            2,
            "ringsim: --shift must be in seconds from the start, as the scenario has no opens_at, "
            "got '08:00'. Give --set opens_at=08:00.",
        )
        opening = ["--set", "opens_at=08:00", "--width", "1 h"]
        assert ringsim(capsys, *given, *opening)[0] == 0
        given[given.index("08:00-10:00")] = "08:00-09:00"
        status, _, err = ringsim(capsys, *given, *opening)
        assert (status, err.strip()) == (
            2,
            "ringsim: --shift must cover all intervals with calls; none lasts from 09:00 to 10:00. "
            "Add a shift, or move a lunch window.",
        )

    def test_intervals_of_seconds_differ_in_the_table(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """`--width 30` is half a minute: each row says so."""
        group = two_members(tmp_path)
        calls = ["--calls-per-hour", "40", "--talk-time", "6", "--hours", "0.05"]
        given = [*calls, "--set", "opens_at=08:00", "--shift", "08:00-08:03", "--width", "30"]
        status, out, _ = ringsim(
            capsys, "roster", str(group), *given, "--answer-rate", "0.3", "--replications", "20"
        )
        assert status == 0
        assert "\nday  08:00 " in out
        assert "\nday  08:00:30 " in out

    def test_an_error_names_the_option_of_the_command(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = ["--shift", "08:00-16:00", "--replications", "0"]
        status, _, err = ringsim(capsys, "roster", "--group", "600", "--answer-rate", "0.3", *given)
        assert (status, err.startswith("ringsim: --replications must be")) == (2, True)

    def test_a_misspelt_table_of_the_staff_is_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staff = tmp_path / "staff.toml"
        staff.write_text("shift = []")
        status, _, err = ringsim(capsys, "roster", *ASKED, "--staff", str(staff))
        assert status == 2
        assert "must be one of shifts, people, costs. Did you mean 'shifts'?" in err

    def test_an_empty_staff_file_says_what_it_must_hold(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staff = tmp_path / "staff.toml"
        staff.write_text("")
        status, _, err = ringsim(capsys, "roster", *ASKED, "--staff", str(staff))
        assert (status, err) == (
            2,
            f"ringsim: {staff} must hold the tables shifts and people, and is empty.\n",
        )

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                '[{"extension_number": "202", "max_hours": -1}]',
                "people[0].max_hours must be a positive number of hours, at most 1e6, got -1.",
            ),
            (
                "[202]",
                'people[0] must be a Person, a number in quotes such as "201", or a table with '
                '"extension_number", got 202.',
            ),
            ('["202", "202"]', "people[1].extension_number must not be listed twice, got '202'."),
        ],
    )
    def test_an_error_of_the_staff_begins_with_their_file(
        self, text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staff = tmp_path / "staff.json"
        staff.write_text(f'{{"people": {text}}}')
        given = ["--staff", str(staff), "--shift", "08:00-16:00"]
        status, out, err = ringsim(capsys, "roster", *ASKED, *given)
        assert (status, out) == (2, "")
        assert err == f"ringsim: {staff}: {message}\n"


class TestStress:
    """`ringsim stress`."""

    def test_it_says_what_python_says(
        self, office: rs.Scenario, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = ["--absent", "201", "--volume", "1.2", "--longer", "1.1", "--closed", "601"]
        status, out, err = ringsim(
            capsys,
            *("stress", "--group", "600", "--replications", "4"),
            *(*asked, "--burst", "20/10@09:30"),
        )
        assert (status, err) == (0, "")
        events = [
            rs.Stress.absence("201"),
            rs.Stress.volume(1.2),
            rs.Stress.burst(20, 10, "09:30"),
            rs.Stress.longer_calls(1.1),
            rs.Stress.closed("601"),
        ]
        found = rs.stress(office, "600", events, replications=4)
        assert f"\n{found}\n" in out
        assert all(event in out for event in found.events)

    def test_json_holds_the_usual_events(self, capsys: pytest.CaptureFixture[str]) -> None:
        report = told(capsys, "stress", "--group", "600", "--replications", "4")
        assert report["format"] == "ringsim.stress"
        assert len(report["order"]) == 5
        assert {"metric", "event", "difference_low"} <= set(report["table"][0])

    @pytest.mark.parametrize("text", ["20", "20/x", "20/10@9:x", "20/0.1.2"])
    def test_a_bad_burst_is_one_line(self, text: str, capsys: pytest.CaptureFixture[str]) -> None:
        status, _, err = ringsim(capsys, "stress", "--group", "600", "--burst", text)
        assert status == 2
        assert err == f"ringsim: --burst must be such as 20/10@09:30, got {text!r}.\n"

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ("--volume 0", "--volume must be a positive number, at most 1000, got 0.0."),
            ("--longer -1", "--longer must be a positive number, at most 1000, got -1.0."),
            ("--burst 5/0", "--burst must be a positive number of minutes, at most 1440"),
            ("--burst 5/10@22:00", "--burst must be within the hours of the scenario"),
            (
                "--burst 20/10@9",
                "--burst must have a time of day, as the scenario has opens_at, got '20/10@9'. "
                "Write 20/10@09:30.",
            ),
            ("--volume 1.1 --absent 999", "--absent must be a person of the scenario, got '999'."),
            ("--absent 201 --absent 201", "--absent must not be listed twice"),
            ("--closed 999", "--closed must be where a group forwards calls"),
        ],
    )
    def test_an_event_is_refused_by_its_option(
        self, options: str, sentence: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status, out, err = ringsim(capsys, "stress", "--group", "600", *options.split())
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"ringsim: {sentence}")

    def test_the_table_says_that_calls_of_a_burst_are_not_counted(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        few = ["--group", "600", "--replications", "2"]
        told = "The calls of a burst are not counted among the group's own, only their effect on"
        for options, is_told in ((["--burst", "5/10"], True), (["--volume", "1.1"], False)):
            _, out, _ = ringsim(capsys, "stress", *few, *options)
            assert (told in " ".join(out.split())) is is_told
