"""Groups to which others forward calls: what they did with them, in every table."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

import ringsim as rs
from ringsim.metrics import DEFAULT_METRICS, FORWARDED_METRICS, default_metrics
from ringsim.scenario import forwarded_to
from support.commands import ringsim, told

BEHIND = [*FORWARDED_METRICS, "no_candidate_rate", "interruptions_per_hour"]


@cache
def office() -> rs.Scenario:
    """Return a group that nobody calls behind one that overflows, and one with both."""

    def group(number: str, *members: str, forward: str = "") -> rs.RingGroup:
        rule = {"action": "FORWARD_TO_NUMBER", "number": forward} if forward else {}
        return rs.RingGroup(
            name=f"Team {number}",
            extension_number=number,
            ring_time=12,
            members=list(members),
            **({"no_answer_forward_rule": rule} if rule else {}),
        )

    called = rs.Demand(calls_per_hour=30, talk_time=120, patience=stats.expon(scale=60))
    return rs.Scenario(
        groups=[
            group("600", "201", forward="601"),
            group("601", "202", forward="602"),
            group("602", "203"),
        ],
        demand={"600": called, "602": called.scaled(0.2)},
        hours=3,
    )


@cache
def days() -> rs.Result:
    return rs.simulate(office(), replications=20, seed=5)


@pytest.mark.parametrize("group", ["600", "601", "602", None])
def test_they_are_what_the_logs_count(group: str | None) -> None:
    logs = [days().replay(k) for k in range(20)]
    received = answered = 0
    for log in logs:
        visits, calls = log.visits, log.calls
        mine = calls["outcome"] == "answered"
        if group is not None:
            visits, mine = visits[visits["group"] == group], mine & (calls["ended_in"] == group)
        received, answered = received + len(visits), answered + int(mine.sum())
    found = days().summary(group=group)
    assert found.loc["received", "estimate"] == pytest.approx(received / 20)
    assert found.loc["answered_here", "estimate"] == pytest.approx(answered / 20)
    rate = found.loc["answer_rate_of_received"]
    assert rate["estimate"] == pytest.approx(answered / received)
    assert 0 < rate["low"] < rate["estimate"] < rate["high"] < 1


def test_groups_that_others_forward_to() -> None:
    assert forwarded_to(office()) == {"601", "602"}
    assert default_metrics(office(), "601") == tuple(BEHIND)
    for called in ("600", "602", None):
        assert default_metrics(office(), called) == DEFAULT_METRICS
    alone = office().replace(groups=[office().group("601")], demand={})
    assert default_metrics(alone, "601") == DEFAULT_METRICS  # nobody calls it, by any way


def test_a_comparison_and_a_sweep_of_such_a_group_have_figures() -> None:
    comparison = rs.compare(office(), "601", variants={"long": {"ring_time": 20}}, replications=20)
    assert list(comparison.metrics) == BEHIND
    assert comparison.table["estimate"].notna().all()
    assert "no figure" not in str(comparison)
    table = rs.sweep(office(), {"ring_time": [10, 20]}, "601", replications=5)
    assert list(table.metrics) == BEHIND
    assert table["answer_rate_of_received"].notna().all()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "office.toml"
    office().dump(path)
    return str(path)


def test_the_table_of_groups_has_their_rows(file: str, capsys: Any) -> None:
    status, out, err = ringsim(capsys, "simulate", file, "--replications", "20")
    assert (status, err) == (0, "")
    rows = {line[:24].strip(): line for line in out.splitlines()}
    found = days_of_the_command(capsys, file)["metrics"]["answer_rate_of_received"]["estimate"]
    for metric in ("received", "answered here", "answer rate of received"):
        assert rows[metric].count("(") == 4  # three groups and all calls, each with its interval
    assert f"{100 * found:.1f} %" in rows["answer rate of received"]


def days_of_the_command(capsys: Any, file: str) -> Any:
    return told(capsys, "simulate", file, "--replications", "20")["groups"]["601"]


def test_without_forwarded_calls_the_rows_are_left_out(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "one.toml"
    office().replace(groups=[office().group("600")], demand={"600": office().demand["600"]}).dump(
        path
    )
    assert "received" not in ringsim(capsys, "simulate", str(path), "--replications", "5")[1]


def plain(page: rs.Report) -> str:
    """Return the text of a page without pictures."""
    text = re.sub(r"<style.*?</style>|<svg.*?</svg>", " ", page.html, flags=re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", text).split())


def test_the_report_on_such_a_group_is_about_what_it_received() -> None:
    brief: Any = {"sections": ["variants", "callers"], "replications": 5}
    text = plain(rs.report(office(), "601", variants={"long": {"ring_time": 20}}, **brief))
    assert "Nobody calls the group directly. It receives" in text
    assert "received calls answered here" in text
    assert "by the time waited" not in text  # no calls arrive here


def test_variants_that_change_nothing_have_no_details_in_a_report() -> None:
    """Their details are empty, and empty texts are not joined by commas."""
    brief: Any = {"sections": ["variants"], "replications": 3}
    text = plain(rs.report(office(), "600", variants={"same": {"name": "Other"}}, **brief))
    assert " , " not in text


@pytest.mark.parametrize(
    ("language", "caption"),
    [("en", "Calls that other groups receive today"), ("de", "Anrufe, die andere Gruppen heute")],
)
def test_the_report_on_a_caller_s_group_has_the_groups_behind_it(
    language: str, caption: str
) -> None:
    brief: Any = {"sections": ["callers"], "replications": 5, "language": language}
    text = plain(rs.report(office(), "600", variants={"long": {"ring_time": 20}}, **brief))
    _, _, table = text.partition(caption)
    assert "601 Team 601" in table
    assert "602 Team 602" in table
