"""Audit of callers in line: who may join, who must leave, and who must be served."""

from __future__ import annotations

from typing import Any

import pytest

import ringsim as rs
from engine.test_options import CASES
from ringsim.audit import audit
from ringsim.engine._simpy_options_events import RunWithEvents

LINE = {"wait_in_line": True, "passes": "inf", "max_wait_time": 50}
BUSY = [(0, "201", 30)]


def office(*others: dict[str, Any], **rules: Any) -> rs.Scenario:
    group = {"extension_number": "600", "members": ["201"], "rules": {**LINE, **rules}}
    return rs.Scenario(groups=[group, *others])


def rules_broken(played: rs.Scenario, audited: rs.Scenario, workload: rs.Workload) -> set[str]:
    """Return the rules of a scenario that a log of another one breaks."""
    audit(audited, rs.play(audited, workload, "simpy"), workload).check()
    found = audit(audited, rs.play(played, workload, "simpy"), workload)
    return {one.rule for one in found.violations}


CALL = rs.Workload(arrives_at=[10], talk_time=5, group="600", own_calls=BUSY)


@pytest.mark.parametrize(
    ("played", "audited", "rule"),
    [
        ({}, {"join_empty": ["busy"]}, "join_empty"),
        ({"join_empty": ["busy"]}, {"join_empty": ["paused"]}, "join_empty"),
        ({}, {"leave_when_empty": ["busy"]}, "leave_when_empty"),
        ({"leave_when_empty": ["busy"]}, {"leave_when_empty": ["paused"]}, "leave_when_empty"),
        ({"leave_when_empty": ["busy"]}, {}, "leave_when_empty"),
        ({"max_active_calls": 1}, {"join_empty": ["off_duty", "busy"]}, "join_empty"),
    ],
)
def test_who_joins_or_stays_against_a_rule_is_found(
    played: dict[str, Any], audited: dict[str, Any], rule: str
) -> None:
    assert rule in rules_broken(office(**played), office(**audited), CALL)


def test_a_caller_who_waits_while_a_member_is_free_is_found() -> None:
    late = office(enforced_wrap_up=20)
    calls = rs.Workload(arrives_at=[0, 8], talk_time=5, group="600", answer_delay={"201": 5})
    assert "wait_in_line" in rules_broken(late, office(), calls)


def test_a_lighter_line_that_looks_too_late_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller of more weight begins to ring; the other line is not looked at."""

    def watch_own_line(run: RunWithEvents, group: Any, now: float) -> None:
        if group.watches:
            run.watch_group(group, now)

    case = CASES["queue_weight: who no longer waits for a member leaves them to others at once"]
    audit(case.scenario(), case.play("simpy"), case.workload).check()
    monkeypatch.setattr(RunWithEvents, "watch_up_to", watch_own_line)
    found = audit(case.scenario(), case.play("simpy"), case.workload)
    assert {one.rule for one in found.violations} == {"wait_in_line"}
