"""Durations in options: in seconds, as `3:00` or as `2 min`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ringsim.cli._durations import DISTRIBUTION_FORMS
from support.commands import own_commands, ringsim

ONE_GROUP = ("--members", "201,202", "--calls-per-hour", "20", "--replications", "40", "--json")
GROUP = {"name": "Sales", "extension_number": "600", "ring_strategy": "CYCLIC_HUNT"}
SAID = {
    ("simulate", "--within"): ("30", "0:30", "30 s", "0.5 min"),
    ("simulate", "--warm-up"): ("1800", "30:00", "0:30:00", "30 min", "0.5 h"),
    ("simulate", "--intervals"): ("3600", "60:00", "1 hour", "1h"),
    ("simulate", "--talk-time"): ("180", "3:00", "3 min", "3m", "2m60s"),
    ("simulate", "--patience"): (
        "mean=90,cv=0.5",
        "mean=1:30,cv=0.5",
        "mean=1.5 min,cv=0.5",
        "mean=1m30s,cv=0.5",
    ),
    ("size", "--mean-speed-of-answer"): ("20", "0:20", "20 sec"),
    ("size", "--width"): ("14400", "4:00:00", "4 h"),
    ("size", "--service-level"): ("80/30", "80/30s", "80/0:30", "80%/0.5 min", "0.8/0.5m"),
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "group.json"
    path.write_text(json.dumps(GROUP))
    return str(path)


@pytest.mark.parametrize(("command", "option"), SAID)
def test_a_duration_may_be_written_in_every_form(
    file: str, capsys: Any, command: str, option: str
) -> None:
    """All forms give the same output, and another duration gives another one."""
    talk = () if option == "--talk-time" else ("--talk-time", "mean=60")
    given = (command, file, *ONE_GROUP, *talk)
    answers = set()
    for text in SAID[command, option]:
        status, out, err = ringsim(capsys, *given, option, text)
        assert (status, err) == (0, "")
        answers.add(out)
    assert len(answers) == 1
    other = "80/7:00" if option == "--service-level" else "7:00"
    assert ringsim(capsys, *given, option, other)[1] not in answers


def test_intervals_of_counts_may_be_durations(file: str, capsys: Any) -> None:
    given = ("simulate", file, "--members", "201", "--calls-per-interval", "9,3", "--json")
    given = (*given, "--talk-time", "mean=60", "--hours", "2", "--replications", "5")
    answers = {ringsim(capsys, *given, "--interval", each)[1] for each in ("3600", "1 h", "60:00")}
    assert len(answers) == 1


PLAIN = [key for key in SAID if key[1] not in ("--patience", "--service-level")]


@pytest.mark.parametrize(("command", "option"), PLAIN)
@pytest.mark.parametrize("text", ["soon", "3 weeks", "1:75", ""])
def test_another_text_is_refused_in_one_line(
    file: str, capsys: Any, command: str, option: str, text: str
) -> None:
    status, _, err = ringsim(capsys, command, file, *ONE_GROUP, option, text)
    assert (status, err.count("\n")) == (2, 1)
    assert err.startswith(f"ringsim: {option} must be")


@pytest.mark.parametrize(
    ("option", "text", "got"),
    [
        ("--talk-time", "3k", "--talk-time must be {}, got '3k'."),
        ("--talk-time", "median=180", "--talk-time must be {}, got 'median=180'."),
        ("--talk-time", "three", "--talk-time must be {}, got 'three'."),
        ("--talk-time", "3:70", "--talk-time must be {}, got '3:70'."),
        ("--talk-time", "120,three", "--talk-time[1] must be {}, got 'three'."),
        ("--patience", "3k", "--patience must be {}, got '3k'."),
        ("--patience", "mean=3,5 min", "--patience must be {}, got 'mean=3,5 min'."),
        ("--redial", "probability=1 delay=soon", "--redial delay must be {}, got 'soon'."),
    ],
)
def test_the_forms_of_a_distribution_are_those_of_an_option(
    file: str, capsys: Any, option: str, text: str, got: str
) -> None:
    """The forms of Python, such as a frozen distribution of scipy, cannot be typed there."""
    talk = () if option == "--talk-time" else ("--talk-time", "60")
    status, _, err = ringsim(capsys, "simulate", file, *ONE_GROUP, *talk, option, text)
    assert (status, err) == (2, f"ringsim: {got.format(f'in {DISTRIBUTION_FORMS}')}\n")


@pytest.mark.parametrize("text", ["3,5 min", "3,5 min,4", "2 min,3"])
def test_a_decimal_comma_is_no_list_of_durations(file: str, capsys: Any, text: str) -> None:
    """`3,5 min` would else be 3 seconds in the first interval, and 5 minutes in the others."""
    given = ("simulate", file, *ONE_GROUP, "--talk-time")
    status, _, err = ringsim(capsys, *given, text)
    rule = "must have a unit at every duration of the list, or at none"
    hint = "Write decimals with a point: 3.5 min."
    assert (status, err) == (2, f"ringsim: --talk-time {rule}, got {text!r}. {hint}\n")
    for right in ("3 min,5 min", "180,300", "3:00,300", "3.5 min"):
        assert ringsim(capsys, *given, right)[0] == 0


@pytest.mark.parametrize("text", ["180", "3:00", "2 min", "mean=180", "mean=180,cv=1.2"])
def test_each_form_that_an_error_gives_can_be_written(file: str, capsys: Any, text: str) -> None:
    assert text == "180" or text in DISTRIBUTION_FORMS
    assert ringsim(capsys, "simulate", file, *ONE_GROUP, "--talk-time", text)[0] == 0


def test_every_option_in_seconds_takes_a_duration() -> None:
    options = [
        (name, each)
        for name, command in own_commands().items()
        for each in command.params
        if getattr(each, "help", None) and each.opts[0].startswith("--")
    ]
    assert len(options) > 100
    for name, option in options:
        if "seconds" in option.help.lower() or option.metavar == "SECONDS":
            assert option.metavar == "DURATION", (name, option.opts)


@pytest.mark.parametrize("option", ["--answer-rate", "--abandonment-rate", "--shrinkage"])
def test_a_share_may_be_a_percentage(file: str, capsys: Any, option: str) -> None:
    given = ("size", file, *ONE_GROUP, "--talk-time", "mean=60", "--patience", "mean=60", option)
    found = [ringsim(capsys, *given, text) for text in ("0.3", "30%", "30 %")]
    assert found[0][0] == 0
    assert found[0] == found[1] == found[2]
    status, _, err = ringsim(capsys, *given, "most")
    assert (status, err) == (
        2,
        f"ringsim: {option} must be a number or a percentage, got 'most'.\n",
    )
