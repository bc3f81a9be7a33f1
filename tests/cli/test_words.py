"""`check` says in words what a file means; `example` writes a file to edit; and records, parts."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import ringsim as rs
from ringsim.cli._parse import what_if
from ringsim.cli._scenario import example_text
from ringsim.errors import ConfigurationError
from support.commands import ringsim, told


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


OFFICE = {
    "name": "Praxis",
    "opens_at": "08:00",
    "hours": 4,
    "groups": [
        {
            "name": "Desk", "extension_number": "600", "ring_strategy": "PRIORITIZED_HUNT",
            "ring_time": 15, "skip_busy_member": False,
            "members": [
                {"extension_number": "201"}, {"extension_number": "202", "skill_level": 2}
            ],
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
        },
        {
            "extension_number": "601", "members": [],
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "700"},
        },
    ],
    "demand": {
        "600": {"calls_per_hour": [10, 30], "interval": 7200, "talk_time": {"mean": 180},
                "patience": "inf", "wrap_up_time": 20},
        "601": {"arrives_at": [0, 60, 90], "talk_time": 60, "patience": {"mean": 45}},
    },
    "extensions": [
        {"extension_number": "201", "on_duty": [["08:00", "10:00"], ["11:00", "12:00"]],
         "answer_delay": 4, "answer_probability": 0.9,
         "own_calls": {"calls_per_hour": 2, "talk_time": 120}},
        {"extension_number": "202", "on_duty": [], "answer_delay": "inf"},
    ],
}  # fmt: skip
WORDS = """\
Praxis: calls arrive for 4 hours, from 08:00 on.

Groups:
  600 Desk: PRIORITIZED_HUNT, ring time 15 s, 2 members
    Ring one member at a time, in the configured order.
    Members, in their order: 201 (level 1), 202 (level 2).
    A member on a call is rung all the same. Unanswered calls are forwarded to group 601.
  601: RING_SIMULTANEOUSLY, ring time 20 s, 0 members
    Ring all candidates at once; the first to lift the handset has the call.
    Members, in their order: none.
    A member on a call is skipped. Unanswered calls are forwarded to 700, which is not a group of \
the file: they leave.

People:
  201: answers after exactly 4 s, 90 % of rings, on duty 08:00 to 10:00 and 11:00 to 12:00, \
8 own calls a day, each exactly 120 s.
  202: answers never, never on duty.

Callers:
  600: 80 calls a day, 10 to 30 an hour, in 2 intervals of 7200 s.
    Calls last 180 s on average; wrap-up lasts exactly 20 s. Callers wait for ever.
  601: 3 calls, at given instants.
    Calls last exactly 60 s. Callers give up after 45 s on average.
"""


def test_check_says_what_a_file_means(capsys: pytest.CaptureFixture[str]) -> None:
    Path("office.json").write_text(json.dumps(OFFICE), "utf-8")
    status, out, err = ringsim(capsys, "check", "office.json")
    assert (status, err) == (0, "")
    words, _, rest = out.partition("\nNotes:\n")
    assert words == WORDS
    assert "  - Group 601 has no members: every call overflows at once." in rest
    assumed = rest.partition("\nAssumed:\n")[2].splitlines()
    assert assumed == [f"- {each}" for each in rs.Scenario.load("office.json").assumptions]


def test_check_counts_the_options_in(capsys: pytest.CaptureFixture[str]) -> None:
    Path("group.json").write_text('{"extension_number": "600"}', "utf-8")
    options = ["--members", "201,202", "--calls-per-hour", "30", "--talk-time", "mean=60"]
    _, out, _ = ringsim(capsys, "check", "group.json", *options)
    assert "Members, in their order: 201, 202." in out
    assert "600: 240 calls a day, 30 an hour." in out


def test_check_refuses_what_other_commands_refuse(capsys: pytest.CaptureFixture[str]) -> None:
    Path("group.json").write_text('{"extension_number": "600", "ring_tme": 5}', "utf-8")
    status, out, err = ringsim(capsys, "check", "group.json")
    assert (status, out) == (2, "")
    assert "Did you mean 'ring_time'?" in err


def test_example_is_written_to_a_new_file(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = ringsim(capsys, "example", "--output", "my-office.toml")
    assert (status, err) == (0, "")
    hint = "Edit it, then run: ringsim simulate my-office.toml"
    assert out == f"The example is in my-office.toml. {hint}\n"
    assert Path("my-office.toml").read_text("utf-8") == example_text()
    Path("my-office.toml").write_text("edited", "utf-8")
    assert ringsim(capsys, "example", "--output", "my-office.toml") == (
        2,
        "",
        "ringsim: --output must be a new file, got 'my-office.toml'. It may hold your own "
        "changes: choose another name.\n",
    )
    assert Path("my-office.toml").read_text("utf-8") == "edited"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_file_that_powershell_writes_is_read(
    encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--replications", "2"]
    Path("office.toml").write_text(example_text(), encoding)
    assert told(capsys, "simulate", "office.toml", *few) == told(capsys, "simulate", *few)


def test_warm_up_and_parts_of_a_study(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--warm-up", "3600", "--first-replication", "3", "--replications", "2"]
    report = told(capsys, "simulate", *options)
    scenario = rs.Scenario.from_file(tomllib.loads(example_text()))
    result = rs.simulate(scenario, warm_up=3600, first_replication=3, replications=2)
    assert report["all"]["offered"]["estimate"] == result.summary().loc["offered", "estimate"]
    assert (report["warm_up"], report["first_replication"]) == (3600, 3)
    _, out, _ = ringsim(capsys, "simulate", *options)
    written = [*options, "--warm-up", "0", "--hours", "1", "--calls", "calls.csv"]
    assert ringsim(capsys, "simulate", *written)[0] == 0
    assert pd.read_csv("calls.csv")["replication"].unique().tolist() == [3, 4]
    assert "2 replications from 3 on, without calls of the first 3600 s, seed 0\n" in out


@pytest.mark.parametrize(
    ("texts", "meant"),
    [
        ([], None),
        (["ring_time=10,15", "n_members=4"], {"ring_time": [10, 15], "n_members": [4]}),
        (["short:ring_time=10"], {"short": {"ring_time": 10}}),
        (['name=["a:b"]'], {"name": ["a:b"]}),
    ],
)
def test_what_if_of_a_report_has_two_forms(texts: list[str], meant: object) -> None:
    assert what_if(texts) == meant


def test_what_if_of_a_report_has_one_form_at_a_time() -> None:
    with pytest.raises(ConfigurationError, match="--what-if must have one form throughout"):
        what_if(["ring_time=10", "short:ring_time=10"])


def test_the_options_of_a_report_reach_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--title", "Unser Bericht", "--language", "de", "--what-if", "ring_time=10,15",
               "--section", "variants", "--replications", "4"]  # fmt: skip
    status, out, err = ringsim(capsys, "report", *options)
    assert (status, err) == (0, "")
    assert "The report is in report.html." in out
    page = Path("report.html").read_text("utf-8")
    assert "<title>Unser Bericht" in page
    assert 'lang="de"' in page
    for wrong, sentence in (
        (["--language", "fr"], "--language must be one of"),
        (["--section", "none"], "--section must be one of"),
        (["--logo", "none.png"], "--logo must be a readable file"),
    ):
        status, out, err = ringsim(capsys, "report", *wrong)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"ringsim: {sentence}")


def test_records_are_shown_in_words_and_written(capsys: pytest.CaptureFixture[str]) -> None:
    Path("queue.log").write_text(
        "".join(
            f"{1700000000 + at}|{at}.1|600|NONE|ENTERQUEUE||0049\n"
            f"{1700000008 + at}|{at}.1|600|SIP/201|CONNECT|8|{at}.2|5\n"
            f"{1700000068 + at}|{at}.1|600|SIP/201|COMPLETECALLER|8|60|1\n"
            for at in range(0, 3600, 120)
        )
    )
    options = ["records", "queue.log", "--group", "600", "--timezone", "UTC"]
    status, out, err = ringsim(capsys, *options, "--csv", "real.csv")
    assert (status, err) == (0, "")
    assert "What callers experienced" in out
    assert "mean speed of answer" in out
    assert "wait p90" not in out
    assert "wait p90" in ringsim(capsys, *options, "--all")[1]
    assert {"metric", "estimate"} <= set(pd.read_csv("real.csv").columns)
    assert Path("real-days.csv").exists()


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("short: ring_time=10", {"short": {"ring_time": 10}}),
        ("=1+1:ring_time=8", {"=1+1": {"ring_time": 8}}),
        ("a=b:ring_time=8", {"a=b": {"ring_time": 8}}),
        ("opens_at=08:00,09:00", {"opens_at": ["08:00", "09:00"]}),
        ('on_duty=[{"mon": "x=y"}]', {"on_duty": [{"mon": "x=y"}]}),
        ("fewer:members=201, 202", {"fewer": {"members": ["201", "202"]}}),
    ],
)
def test_a_variant_with_a_name_is_told_from_values_of_a_setting(text: str, parsed: object) -> None:
    assert what_if([text]) == parsed
