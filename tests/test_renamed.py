"""Tests of renamed arguments and options: errors for the old name give the new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import ringsim as rs
from ringsim.cli import main

OFFICE = rs.Scenario(
    groups=[{"extension_number": "600", "members": ["201"]}],
    demand={"600": rs.Demand(calls_per_hour=10, talk_time=60)},
    hours=0.1,
)
TARGET = rs.Target(answer_rate=0.1)


@pytest.mark.parametrize(
    ("call", "old", "new"),
    [
        (lambda **old: rs.simulate(OFFICE, **old), "most_calls", "max_calls"),
        (lambda **old: rs.Workload.draw(OFFICE, **old), "most_calls", "max_calls"),
        (lambda **old: rs.size(OFFICE, "600", TARGET, **old), "most", "max_members"),
        (
            lambda **old: rs.size(OFFICE, "600", TARGET, **old),
            "most_replications",
            "max_replications",
        ),
        (lambda **old: rs.staffing(OFFICE, "600", TARGET, **old), "most", "max_members"),
        (
            lambda **old: rs.staffing(OFFICE, "600", TARGET, **old),
            "most_replications",
            "max_replications",
        ),
        (lambda **old: rs.staffing(OFFICE, "600", TARGET, **old), "days", "replications_played"),
        (lambda **old: rs.Precision("answer_rate", 0.1, **old), "most", "max_replications"),
    ],
)
def test_the_old_name_of_an_argument_names_the_new(
    call: Callable[..., Any], old: str, new: str
) -> None:
    with pytest.raises(rs.ConfigurationError) as refused:
        call(**{old: 5})
    assert str(refused.value) == f"{old} must be given as {new}, got 5."


def test_the_old_name_of_an_option_names_the_new(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["size", "--most", "5"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("ringsim: No such option: --most")
    assert said.endswith("Write --max-members.\n")
