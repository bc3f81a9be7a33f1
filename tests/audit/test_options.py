"""Audit of groups with options of other phone systems.

Logs of both engines pass. A log that was played without an option is a log that breaks its rule:
the audit of the rules with the option finds it, or says that it does not check the rule.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ringsim as rs
from engine.test_options import CASES
from ringsim.audit import audit
from ringsim.engine import _limits
from support.corruptions import Frames, with_another_value, with_rows_changed, without_a_row
from support.option_days import option_day
from support.profiles import PROFILE, SLOW
from support.traces import played_trace, traces

N_DAYS = max(PROFILE.equal_days // 8, 40)

# Options whose rule the audit names as unchecked, or that change a choice that it leaves open
LEFT_OPEN = {
    *("order_by", "rotation", "skill_order", "memory_scope", "join_empty", "passes"),
    *("order_fixed", "join_ringing", "primary", "wait_in_line"),
    *("ringing_is_busy", "level_rules", "one_wave", "empty_level_opens_next"),
    *("leave_when_empty", "levels_ignored_up_to"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_worked_example_of_an_option_passes(name: str) -> None:
    case = CASES[name]
    log = case.play("simpy")
    audit(case.scenario(), log, case.workload).check()
    audit(case.scenario(), log).check()


@pytest.mark.long
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_day_with_options_passes(engine: str) -> None:
    for number in range(N_DAYS):
        scenario, workload = option_day(number)
        try:
            log = rs.play(scenario, workload, engine)
        except rs.ConfigurationError:  # somebody would wait for ever
            continue
        for known in (workload, None):
            found = audit(scenario, log, known)
            assert found.ok, (number, str(found))


def check_day(number: int) -> None:
    """Raise an error if the audit refuses the log of a day, with or without the workload."""
    scenario, workload = option_day(number)
    try:
        log = rs.play(scenario, workload)
    except rs.ConfigurationError:  # somebody would wait for ever
        return
    audit(scenario, log, workload).check()
    has_options = any(group.departures for group in scenario.groups)
    if has_options or workload.max_wait_time is None:  # which no row of other logs tells
        audit(scenario, log).check()


@pytest.mark.long
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(number=st.integers(0, 2**32))
def test_any_day_with_options_passes(number: int) -> None:
    check_day(number)


@pytest.mark.long
@pytest.mark.parametrize("hundred", range(120 if SLOW else 0))
def test_hundred_days_with_options_pass(hundred: int) -> None:
    for number in range(100 * hundred, 100 * (hundred + 1)):
        check_day(number)


REFUSED = {
    1922: "a phone joins a wave that starts late in other waves",
    2088: "a member declines a call and answers it in the same instant",
    2399: "passes of a group with phones that join and phones that start late",
    2911: "a page reaches nobody and goes on to a line of greater weight",
    3226: "calls are forwarded to a group that they leave at once",
    3249: "a phone that was to start late is left out, so the first ring is of a later wave",
    4085: "members had their turn in a wave whose phone was left out",
    4145: "a phone joins after its level has opened",
    4514: "callers leave a line as another arrives and leaves at once",
    4635: "a phone that starts late is answered at once, as another call's ring is missed",
    5364: "of a wave of two, one declines at once, which does not end the wave",
    6058: "a member declined the call in a group before",
    7540: "the only option is that one member is rung on calls",
    8288: "a phone that was to start late is left out, and its member free again at the end",
    11800: "waves ring on, and the next starts in the same instant",
}


@pytest.mark.parametrize("number", REFUSED)
def test_a_day_that_was_refused_passes(number: int) -> None:
    check_day(number)


def test_a_ring_that_is_missed_ends_before_one_that_starts_late_and_is_answered_at_once() -> None:
    """So the answer sets the count of missed rings back to 0 (S13)."""
    late = rs.Member("201", ring_delay=2)
    rules = {"at_once": "ALL", "auto_pause_after": 2}
    group = {"extension_number": "600", "ring_time": 5, "members": [late], "rules": rules}
    workload = rs.Workload(
        arrives_at=[0, 5, 100, 200],
        talk_time=9,
        answer_delay={"201": [math.inf, 0, math.inf, math.inf]},
    )
    scenario = rs.Scenario(groups=[group])
    log = rs.play(scenario, workload)
    assert log.rings["ended_at"].tolist() == [7, 7, 107, 207]
    assert log.pauses["started_at"].tolist() == [207]
    audit(scenario, log, workload).check()
    frames = {name: getattr(log, name) for name in ("calls", "rings", "visits", "own_calls")}
    audit(scenario, frames, workload).check()
    found = audit(scenario, {**frames, "pauses": log.pauses.assign(started_at=107)})
    assert {one.rule for one in found.violations} == {"auto_pause_after"}


def test_waves_that_start_in_one_instant_are_not_taken_for_one() -> None:
    rules = {"order_by": ["skill_level"], "at_once": "TIED", "memory_hunt": "ring_on"}
    members = [rs.Member("201"), rs.Member("202", skill_level=2)]
    hunt = {"extension_number": "600", "ring_strategy": "PRIORITIZED_HUNT", "members": members}
    group = {**hunt, "rules": {**rules, "wave_step": 0}}
    scenario, workload = rs.Scenario(groups=[group]), rs.Workload(arrives_at=[0], talk_time=9)
    log = rs.play(scenario, workload)
    assert log.rings["started_at"].tolist() == [0, 0]
    audit(scenario, log, workload).check()


def test_waves_that_ring_on_and_are_never_followed_by_another_pass() -> None:
    """With an infinite `wave_step`, the next wave starts in the next pass."""
    rules = {"memory_hunt": "ring_on", "wave_step": math.inf, "passes": 2, "retry_pause": 3}
    hunt = {"extension_number": "600", "ring_strategy": "PRIORITIZED_HUNT", "members": ["201"]}
    scenario = rs.Scenario(groups=[{**hunt, "rules": rules}])
    workload = rs.Workload(arrives_at=[0], talk_time=9)
    log = rs.play(scenario, workload)
    assert log.rings["started_at"].tolist() == [0, 23]
    audit(scenario, log, workload).check()
    late = {name: getattr(log, name) for name in ("calls", "rings", "visits", "own_calls")}
    late["rings"] = log.rings.assign(started_at=[0, 24], ended_at=[20, 44])
    assert "S5" in {one.rule for one in audit(scenario, late).violations}


def test_who_joins_and_answers_in_one_instant_was_not_picked_by_order() -> None:
    """Of two who could join, only one has room."""
    short = rs.Member("201", ring_time=5)
    group = {
        "extension_number": "600",
        "members": [short, "202", "203", "204"],
        "rules": {"at_once": 2, "join_ringing": True},
    }
    workload = rs.Workload(arrives_at=[0], talk_time=9, answer_delay={"203": 0})
    scenario = rs.Scenario(groups=[group])
    log = rs.play(scenario, workload)
    assert log.rings["started_at"].tolist() == [0, 0, 5]
    assert log.calls["wait"].tolist() == [5]
    audit(scenario, log, workload).check()


def test_who_was_busy_when_those_of_their_level_rang_has_had_their_turn() -> None:
    """In a fixed order; the member comes later in the list than who rang."""
    group = {
        "extension_number": "600",
        "ring_strategy": "PRIORITIZED_HUNT",
        "members": ["201", rs.Member("202", skill_level=2), "203"],
        "rules": {"order_by": ["skill_level"], "at_once": "TIED", "order_fixed": "pass"},
    }
    workload = rs.Workload(arrives_at=[0], talk_time=9, own_calls=[(0, "203", 5)])
    scenario = rs.Scenario(groups=[group])
    log = rs.play(scenario, workload)
    assert log.rings["member"].tolist() == ["201", "202"]
    audit(scenario, log, workload).check()


def test_a_pass_that_begins_as_the_one_before_is_declined_at_once() -> None:
    """The last ring of the one and the first of the other start in one instant."""
    hunt = {"extension_number": "600", "ring_strategy": "CYCLIC_HUNT", "members": ["201", "202"]}
    scenario = rs.Scenario(groups=[{**hunt, "rules": {"passes": 2}}])
    workload = rs.Workload(arrives_at=[0], talk_time=9, decline_delay={"202": [[0, 1]]})
    log = rs.play(scenario, workload)
    assert log.rings["started_at"].tolist() == [0, 20, 20, 40]
    audit(scenario, log, workload).check()


def test_a_call_in_line_may_leave_after_a_pass_whose_phones_were_all_left_out() -> None:
    """It was the call's turn, but another call's ring began before the phone started."""
    rules = {"wait_in_line": True, "ringing_is_busy": True}
    late = rs.Member("201", ring_delay=4)
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": [late], "rules": rules}],
    )
    workload = rs.Workload(arrives_at=[0, 1], talk_time=9)
    log = rs.play(scenario, workload)
    assert log.calls["n_rings"].tolist() == [1, 0]
    assert log.visits["left_at"].tolist() == [24, 5]
    audit(scenario, log, workload).check()


@pytest.mark.parametrize("rules", [{"passes": "inf", "retry_pause": 1}, {}], ids=["passes", "hunt"])
def test_a_call_that_stays_after_its_time_is_found(rules: dict[str, Any]) -> None:
    """The last ring may be finished; no other may start."""

    def office(seconds: float) -> rs.Scenario:
        limits = {**rules, "max_wait_time": seconds, "last_ring": "finish"}
        hunt = {"ring_strategy": "PRIORITIZED_HUNT", "members": ["201", "202", "203"]}
        return rs.Scenario(groups=[{"extension_number": "600", **hunt, "rules": limits}])

    workload = rs.Workload(arrives_at=[0], talk_time=9)
    log = rs.play(office(45), workload)
    assert log.rings["started_at"].tolist() == [0, 20, 40]
    audit(office(45), log, workload).check()
    found = audit(office(30), log, workload).violations
    assert [(one.frame, one.row) for one in found if one.rule == "max_wait_time"] == [
        ("visits", 0),
        ("rings", 2),
    ]


def test_a_day_with_options_passes_with_a_tolerance() -> None:
    for number in range(N_DAYS // 2):
        scenario, workload = option_day(number)
        try:
            log = rs.play(scenario, workload)
        except rs.ConfigurationError:
            continue
        found = audit(scenario, log, workload, tolerance=0.01)
        assert found.ok, (number, str(found))


def test_logs_of_recorded_scenarios_pass() -> None:
    for trace in list(traces())[::10]:
        scenario, workload = played_trace(trace)
        log = rs.play(scenario, workload, "simpy")
        audit(scenario, log, workload).check()


def without(name: str, option: str) -> rs.CallLog | None:
    """Return the log of an example without an option, None if that is no scenario or no change."""
    case = CASES[name]
    try:
        log = rs.play(case.scenario(option), case.workload, "simpy")
    except rs.ConfigurationError:
        return None
    same = all(
        getattr(log, frame).equals(getattr(case.play("simpy"), frame))
        for frame in ("calls", "rings")
    )
    return None if same else log


def neighbours() -> Iterator[tuple[str, str, rs.CallLog]]:
    """Yield an example, an option that changes it, and its log without the option."""
    for name, case in CASES.items():
        for option in case.rules:
            if option not in LEFT_OPEN and (log := without(name, option)) is not None:
                yield name, option, log


def test_a_log_without_an_option_breaks_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """In at least one of the examples that the option changes."""
    monkeypatch.setattr(_limits, "MOST_RINGS_BESIDE", 0)  # callers who would wait for ever
    noticed: dict[str, bool] = {}
    for name, option, log in neighbours():
        found = audit(CASES[name].scenario(), log, CASES[name].workload)
        noticed[option] = noticed.get(option, False) or not found.ok
    assert [option for option, is_noticed in noticed.items() if not is_noticed] == []
    assert len(noticed) >= 15


def test_nobody_rings_beside_the_first_member_who_is_on_a_call() -> None:
    rules: dict[str, Any] = {"order_fixed": "call", "at_once": "ALL"}
    own = rs.Workload(arrives_at=[10], talk_time=9, own_calls=[(0, "201", 60)])

    def office(**given: Any) -> rs.Scenario:
        group = {"extension_number": "600", "members": ["201", "202"], "skip_busy_member": False}
        return rs.Scenario(groups=[{**group, "rules": {**rules, **given}}])

    audit(office(primary=True), rs.play(office(primary=True), own), own).check()
    found = audit(office(primary=True), rs.play(office(), own), own)
    assert {one.rule for one in found.violations} == {"primary"}


def rung(log: rs.CallLog, row: int, **values: Any) -> dict[str, Any]:
    """Return the frames of a log with other values in a row of the rings."""
    frames = {name: getattr(log, name) for name in ("calls", "rings", "visits", "own_calls")}
    rings = log.rings
    for column, value in values.items():
        rings.loc[row, column] = value
    return {**frames, "rings": rings, "pauses": log.pauses}


@pytest.mark.parametrize(
    ("name", "row", "values", "rule"),
    [
        ("enforced_wrap_up", 1, {"member": "201"}, "enforced_wrap_up"),
        ("missed_rest in line", 3, {"started_at": 65.0}, "missed_rest, declined_rest"),
        ("declined_again", 3, {"member": "201"}, "declined_again"),
        ("after_decline next", 0, {"ended_at": 4.0}, "after_decline"),
        ("last_ring finish", 2, {"ended_at": 50.0}, "S5"),
        ("auto_pause_after", 0, {"result": "caller_gave_up"}, "S5"),
        ("ring_delay and ring_time of members", 1, {"ended_at": 16.0}, "S5"),
        ("skip_busy of a member", 0, {"member": "203"}, "S5"),
        ("connect_delay", 0, {"ended_at": 7.0}, "S5"),
        ("at_once TIED rings a level at a time", 2, {"started_at": 10.0}, "S5"),
        ("memory_hunt ring_on and wave_step", 1, {"started_at": 12.0}, "S5"),
        ("max_active_calls in line", 1, {"started_at": 20.0, "member": "202"}, "max_active_calls"),
        ("line_poll", 2, {"started_at": 35.5}, "line_poll"),
        ("line_poll", 2, {"result": "paged"}, "S10"),
        ("order_fixed pass pages nobody on a call", 0, {"result": "answered"}, "S10"),
        ("order_fixed pass pages nobody on a call", 1, {"ended_at": 7.0}, "S10"),
    ],
)
def test_a_changed_ring_breaks_a_named_rule(
    name: str, row: int, values: dict[str, Any], rule: str
) -> None:
    case = CASES[name]
    found = audit(case.scenario(), rung(case.play("simpy"), row, **values), case.workload)
    assert rule in {violation.rule for violation in found.violations}, str(found)


@pytest.mark.long
def test_most_changed_days_are_found() -> None:
    """Of changed days, some of which are possible too, five in six break a rule."""
    random, found, changed = Random(1), 0, 0
    for number in range(N_DAYS):
        scenario, workload = option_day(number)
        try:
            log = rs.play(scenario, workload, "simpy")
        except rs.ConfigurationError:
            continue
        frames = Frames.of(log)
        corrupted = [
            with_another_value(frames, "rings", column, scenario, random)
            for column in ("call", "group", "member", "result")
        ]
        corrupted += [with_rows_changed(frames, "rings", without_a_row, random)]
        corrupted += [
            with_another_value(frames, "calls", column, scenario, random)
            for column in ("outcome", "answered_by", "n_rings", "ended_in")
        ]
        for one in corrupted:
            if one is not None and len(one.rings) and one.differs_from(frames):
                changed += 1
                found += not audit(scenario, one, workload).ok
    assert found / changed > 5 / 6, (found, changed)


def test_a_ring_for_a_call_without_a_visit_is_a_violation_and_no_failure() -> None:
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"], "rules": {"retry_pause": 5}}]
    )
    log = rs.play(scenario, rs.Workload(arrives_at=[0, 100], talk_time=9))
    frames = {name: getattr(log, name) for name in Frames._fields}
    found = audit(scenario, {**frames, "visits": log.visits.iloc[1:].reset_index(drop=True)})
    assert [str(one) for one in found.violations if one.rule == "S1"] == [
        "calls row 0: S1 call must enter a group, got no row in visits"
    ]


def test_a_call_that_stays_where_it_must_be_forwarded_is_found() -> None:
    """And so are a group that is entered twice, and one that is not the target."""
    rule = {"action": "FORWARD_TO_NUMBER", "number": "601"}
    first = {"extension_number": "600", "members": ["201"], "rules": {"retry_pause": 5}}
    office = rs.Scenario(
        groups=[
            {**first, "no_answer_forward_rule": rule},
            {"extension_number": "601", "members": ["202"]},
            {"extension_number": "602", "members": ["203"]},
        ]
    )
    log = rs.play(office, rs.Workload(arrives_at=[0], talk_time=9, group="600"))
    frames = {name: getattr(log, name) for name in Frames._fields}
    rings, visits = (
        frame[frame["group"] == "600"].reset_index(drop=True) for frame in (log.rings, log.visits)
    )
    calls = log.calls.assign(wait=20.0, n_rings=1, ended_in="600")
    found = audit(office, {**frames, "calls": calls, "rings": rings, "visits": visits})
    assert [str(one) for one in found.violations] == [
        "calls row 0: S9 call must enter group 601, got an end as overflowed"
    ]
    for group, said in (("602", "S9 group must be '601', got '602'"), ("600", "a second time")):
        other = log.visits.assign(group=["600", group])
        broken = audit(office, {**frames, "visits": other}).violations
        assert any(said in str(one) for one in broken), broken


def test_what_is_not_checked_is_named() -> None:
    case = CASES["line_serves all"]
    log = case.play("simpy")
    with_workload = {one.rule for one in audit(case.scenario(), log, case.workload).unchecked}
    assert {"S4, S7", "S13", "join_empty, leave_when_empty"} <= with_workload
    assert "wait_in_line" not in with_workload
    plain = {name: getattr(log, name) for name in ("calls", "rings", "visits", "own_calls")}
    plain["visits"] = log.visits.drop(columns=["line_length", "lined_up_at", "first_rung_at"])
    without_columns = audit(case.scenario(), plain)
    assert without_columns.ok
    assert {"wait_in_line", "line_serves"} <= {one.rule for one in without_columns.unchecked}


def test_declined_rings_of_a_plain_group_are_audited() -> None:
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201", "202"]}])
    workload = rs.Workload(arrives_at=[0], talk_time=9, decline_delay={"201": 3})
    log = rs.play(scenario, workload)
    audit(scenario, log, workload).check()
    assert not audit(scenario, log, rs.Workload(arrives_at=[0], talk_time=9)).ok
