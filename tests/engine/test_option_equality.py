"""Laws of groups whose rules have options: both engines, all defaults, recorded phone systems."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import ringsim as rs
from ringsim._jit import INTERPRETED
from ringsim._log_arrays import LogArrays
from ringsim.engine import (
    _compiled_options,
    _compiled_options_line,
    _compiled_options_player,
    _compiled_tables,
    _simpy,
    _simpy_options,
    _simpy_options_events,
    _simpy_options_line,
    plan_of,
)
from ringsim.engine._plan import OPTION_FIELDS, Plan
from ringsim.group import Member
from ringsim.rules import Rules
from ringsim.workload import Workload
from support.line_days import line_day
from support.numbered_days import random_day
from support.option_days import option_day
from support.profiles import PROFILE, SLOW
from support.traces import MISSED, NAMES, differences, played_trace, traces

N_DAYS = max(PROFILE.equal_days // 4, 60)
N_EQUAL_DAYS = 4000 if SLOW else N_DAYS
N_LINE_DAYS = min(PROFILE.equal_days // 2, 600)
PARTS = 4  # for workers that play at the same time
LEAST_SHARE = 0.005  # of the days in which each option, and each of these pairs, occurs

# Options that change what another does: both are set in one group
INTERACTING = (
    "order_by rotation",
    "order_by memory_scope=extension",
    "order_by skill_order",
    "rotation order_fixed=pass",
    "rotation=within_call passes",
    "rotation=within_call one_wave",
    "memory_scope=extension enforced_wrap_up",
    "memory_scope=extension missed_rest",
    "memory_scope=extension auto_pause_grace",
    "memory_hunt after_decline",
    "memory_hunt declined_again",
    "memory_hunt=again order_fixed=call",
    "memory_hunt=ring_on wave_step",
    "memory_hunt=ring_on join_ringing",
    "member.ring_delay at_once",
    "member.ring_delay join_ringing",
    "member.ring_time last_ring=finish",
    "member.skip_busy ringing_is_busy",
    "member.skip_busy primary",
    "passes retry_pause",
    "passes repeat_delay",
    "passes=inf max_wait_time",
    "passes declined_again",
    "passes missed_rest",
    "max_wait_time last_ring=finish",
    "max_wait_time line_poll",
    "max_wait_time after_decline=rest",
    "one_wave after_decline=rest",
    "join_ringing at_once=ALL",
    "join_ringing at_once=2",
    "auto_pause_after auto_pause_time",
    "auto_pause_after auto_pause_scope",
    "auto_pause_after auto_pause_on_decline",
    "auto_pause_after auto_pause_grace",
    "order_fixed=call primary",
    "order_fixed=pass level_rules",
    "order_fixed=pass auto_answer=True",
    "wait_in_line passes=inf",
    "wait_in_line level_rules",
    "wait_in_line queue_weight",
    "wait_in_line connect_delay",
    "wait_in_line missed_rest",
    "wait_in_line declined_rest",
    "wait_in_line max_active_calls",
    "line_serves line_poll",
    "line_serves=head join_ringing",
    "line_serves=one_ringing ringing_is_busy",
    "line_poll last_ring=finish",
    "line_poll join_ringing",
    "line_poll max_active_calls",
    "max_queue_length connect_delay",
    "max_queue_length join_empty",
    "join_empty enforced_wrap_up",
    "leave_when_empty auto_pause_after",
    "level_rules order_by",
    "level_rules skill_order",
    "level_rules empty_level_opens_next",
    "level_rules levels_ignored_up_to",
)


# Calls of recorded scenarios that no options reproduce, and why
def columns(log: LogArrays) -> dict[str, Any]:
    tables = {"lines": log.lines, "pauses": log.pauses}
    tables |= {name: getattr(log, name) for name in ("calls", "rings", "visits", "own_calls")}
    return {
        f"{name}.{column}": values
        for name, table in tables.items()
        if table is not None
        for column, values in vars(table).items()
    }


def check_equal(one: LogArrays, other: LogArrays) -> None:
    assert columns(one).keys() == columns(other).keys()
    for name, values in columns(one).items():
        assert values.tobytes() == columns(other)[name].tobytes(), name


def played(engine: Any, plan: Plan, workload: Workload) -> LogArrays | str:
    """Return the log, or the sentence that refuses it."""
    try:
        log: LogArrays = engine.play(plan, workload)
    except rs.ConfigurationError as refused:
        return str(refused)
    return log


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_both_engines_give_the_same_log_whatever_the_options(part: int) -> None:
    for number in range(part, N_EQUAL_DAYS, PARTS):
        scenario, workload = option_day(number)
        plan = plan_of(scenario, None)
        reference = played(_simpy_options, plan, workload)
        compiled = played(_compiled_options_player, plan, workload)
        if isinstance(reference, str) or isinstance(compiled, str):
            assert reference == compiled, number
        else:
            check_equal(reference, compiled)


@pytest.mark.long
def test_lines_that_are_looked_at_in_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """In many days it matters that a look at a line comes before a caller who looks."""
    days = []
    for number in range(N_LINE_DAYS):
        scenario, workload = line_day(number)
        days.append((plan_of(scenario, None), workload))
    logs = [_simpy_options.play(plan, workload) for plan, workload in days]
    for (plan, workload), log in zip(days, logs, strict=True):
        check_equal(log, _compiled_options_player.play(plan, workload))
    monkeypatch.setattr(_simpy_options_events, "LINE", _simpy.START)  # after a caller who looks
    others = [_simpy_options.play(plan, workload) for plan, workload in days]
    n_other = sum(
        not np.array_equal(log.calls.wait, other.calls.wait)
        for log, other in zip(logs, others, strict=True)
    )
    assert n_other > N_LINE_DAYS / 20


def test_every_option_and_every_pair_that_interacts_occurs() -> None:
    """In at least half a percent of the days."""
    n_days = max(N_DAYS, 200)
    occurred: Counter[str] = Counter()
    for number in range(n_days):
        found = [settings_of(group) for group in option_day(number)[0].groups]
        occurred.update(set[str]().union(*found))
        occurred.update(
            {pair for pair in INTERACTING if any(set(pair.split()) <= given for given in found)}
        )
    options = {*Rules.model_fields, *(f"member.{name}" for name in Member._own)}
    least = {name: occurred[name] for name in (*options, *INTERACTING)}
    assert {name: n for name, n in least.items() if n < LEAST_SHARE * n_days} == {}


def settings_of(group: rs.RingGroup) -> set[str]:
    """Return the options of a group and its members: `at_once`, `at_once=2`, `member.ring_time`."""
    given = list(group.rules.given().items())
    for member in group.members:
        own = Member._own & set(member.given())
        given += [(f"member.{name}", getattr(member, name)) for name in own]
    return {text for name, value in given for text in (name, f"{name}={value}")}


def test_with_defaults_the_engines_with_options_are_the_others() -> None:
    compared = 0
    for number in range(N_DAYS):
        day = random_day(number)
        plan = plan_of(day.scenario, day.dispatchers)
        if any(group.dispatcher.looks_at(name) for group in plan.groups for name in OPTION_FIELDS):
            continue
        plain, workload = played(_simpy, plan, day.workload), day.workload
        if isinstance(plain, str):
            continue
        for engine in (_simpy_options, _compiled_options_player):
            found = played(engine, plan, workload)
            assert isinstance(found, LogArrays)
            check_equal(plain, found)
        compared += 1
    assert compared > N_DAYS / 3


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_recorded_scenarios_of_real_phone_systems(engine: str) -> None:
    """Rings, results, outcomes and instants of 314 scenarios; random strategies: who may ring."""
    missed: dict[str, set[int]] = {}
    calls = 0
    for trace in traces():
        scenario, workload = played_trace(trace)
        log = rs.play(scenario, workload, engine)
        calls += len(log.calls)
        if trace["compare"] == "times" and (found := differences(trace, log)):
            missed[trace["id"]] = {difference[0] for difference in found}
    assert missed == {name: miss.calls for name, miss in MISSED.items()}
    assert (calls, sum(map(len, missed.values()))) == (653, 8)


@pytest.mark.parametrize("trace", [trace for trace in traces() if trace["id"] in MISSED])
def test_recorded_scenarios_that_other_options_reproduce(trace: dict[str, Any]) -> None:
    """The reason of a miss names the options with which a scenario is reproduced, if any are."""
    options = MISSED[trace["id"]].options
    scenario, workload = played_trace(trace)
    [group] = scenario.groups
    for name, values in (
        ("order_fixed", ("ring", "pass")),
        ("last_ring", ("finish", "cut")),
        ("after_decline", ("next", "rest", "end")),
        ("line_poll", (0, 1)),
    ):
        for value in values:
            rules = {**group.own_rules.given(), name: value}
            try:
                office = scenario.replace(groups=[group.replace(rules=rules)])
                found = differences(trace, rs.play(office, workload))
            except rs.ConfigurationError:  # of two options that exclude each other
                continue
            assert bool(found) == (options.get(name) != value)


RANDOM = [trace for trace in traces() if trace["compare"] == "set"]


@pytest.mark.parametrize("trace", RANDOM, ids=lambda trace: trace["id"])
def test_random_strategies_ring_whom_the_recorded_ones_may_ring(trace: dict[str, Any]) -> None:
    """Of many random orders, some ring those who rang, and none others of an unanswered call.

    By weight, others may have a small one.
    """
    by_weight = trace["queues"][0]["strategy"] == "wrandom"
    seen = [{ring["member"] for ring in call["rings"]} for call in trace["observed"]]
    rang: list[set[str]] = [set() for _ in seen]
    for seed in range(60):
        scenario, workload = played_trace(trace, seed)
        log = rs.play(scenario, workload, "compiled")
        assert log.calls["outcome"].tolist() == [each["outcome"] for each in trace["observed"]]
        for call, member in zip(log.rings["call"], log.rings["member"], strict=True):
            rang[call].add(NAMES[str(member)])
    for observed, ours, ended in zip(seen, rang, trace["observed"], strict=True):
        assert observed <= ours
        if ended["outcome"] == "overflowed" and not by_weight:
            assert observed == ours


LINE = {
    "wait_in_line": True,
    "passes": "inf",
    "ringing_is_busy": True,
    "retry_pause": 1,
}


def queue(**rules: Any) -> dict[str, Any]:
    return {
        "extension_number": "600",
        "members": ["201", "202"],
        "ring_strategy": "CYCLIC_HUNT",
        "rules": {**LINE, **rules},
    }


def test_a_line_of_many_callers_needs_larger_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """More callers wait than the first tables have rows for, and more rings and visits."""
    monkeypatch.setattr(_compiled_tables, "FEWEST_ROWS", 1)
    monkeypatch.setattr(_compiled_tables, "_of_thread", threading.local())
    scenario = rs.Scenario(groups=[queue(max_wait_time=4000)])
    n = 150
    workload = rs.Workload(
        arrives_at=range(n), talk_time=20, answer_delay={"201": 1, "202": 2}, patience=3000
    )
    logs = [rs.play(scenario, workload, engine) for engine in ("simpy", "compiled")]
    check_equal(*(log.arrays for log in logs))
    assert (logs[0].calls["outcome"] == "answered").sum() > 100


@pytest.mark.parametrize("groups", [1, 2])
def test_a_line_in_which_talks_are_still_to_begin_needs_more_places(groups: int) -> None:
    """As many callers wait as the first tables have rows for, and some have an answer besides."""
    people = ["201", "202", "203"]
    rules = {"wait_in_line": True, "max_wait_time": 500, "connect_delay": 100}
    offices = [
        {"extension_number": number, "members": people, "ring_time": 200, "rules": rules}
        for number in ("600", "601")[:groups]
    ]
    n = 4 * _compiled_tables.FEWEST_CALLERS
    workload = rs.Workload(
        arrives_at=[0.1 * call for call in range(n)],
        group=["600"] * n,
        talk_time=20,
        answer_delay=dict.fromkeys(people, 1),
    )
    plan = plan_of(rs.Scenario(groups=offices), None)
    log = _simpy_options.play(plan, workload)
    check_equal(log, _compiled_options_player.play(plan, workload))
    assert log.lines is not None
    assert log.lines.line_length.max() == n - 1


def test_rings_of_one_end_are_in_order_if_others_have_joined_waves_that_ring_on() -> None:
    """The waves before were not in the configured order (S13)."""
    rules = {
        "at_once": 3,
        "memory_hunt": "ring_on",
        "wave_step": 5,
        "join_ringing": True,
    }
    people = ["201", "202", "203"]
    group = {
        "ring_strategy": "PRIORITIZED_HUNT",
        "ring_time": 4,
        "members": [*people[:2], rs.Member("203", ring_time=30)],
        "rules": rules,
    }
    scenario = rs.Scenario(groups=[{"extension_number": "600", **group}])
    workload = rs.Workload(
        arrives_at=[0], talk_time=1, patience=8, own_calls=[(0, "201", 7), (0, "202", 4.5)]
    )
    plan = plan_of(scenario, None)
    log = _simpy_options.play(plan, workload)
    check_equal(log, _compiled_options_player.play(plan, workload))
    assert log.rings.started_at.tolist() == [7, 5, 0]


def test_delays_without_a_table_are_laid_out() -> None:
    people = [
        rs.Extension(
            number,
            answer_delay=stats.poisson(50),
            decline_probability=0.5,
            decline_delay=stats.poisson(3),
        )
        for number in ("201", "202")
    ]
    scenario = rs.Scenario(
        groups=[queue(max_wait_time=200)],
        extensions=people,
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=30)},
        hours=1,
    )
    results = [
        rs.simulate(scenario, replications=3, engine=engine).summary()
        for engine in ("simpy", "compiled")
    ]
    pd.testing.assert_frame_equal(*results, check_exact=True)


@pytest.fixture
def soon_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty passes or looks go on for ever, except in compiled code, which has its constants."""
    monkeypatch.setattr(_simpy_options, "MOST_LOOKS", 50)
    monkeypatch.setattr(_simpy_options_line, "MOST_LOOKS", 50)
    monkeypatch.setattr(_simpy_options_line, "MOST_PASSES", 50)
    if INTERPRETED:  # else they might be compiled, and cached
        monkeypatch.setattr(_compiled_options, "MOST_LOOKS", 50)
        monkeypatch.setattr(_compiled_options_line, "MOST_LOOKS", 50)
        monkeypatch.setattr(_compiled_options_line, "MOST_PASSES", 50)


@pytest.mark.parametrize(
    "rules",
    [{}, {"wait_in_line": None, "passes": "inf"}, {"line_poll": 1}],
    ids=["in line", "in passes", "in looks"],
)
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.usefixtures("soon_for_ever")
def test_nobody_waits_for_ever(rules: dict[str, Any], engine: str) -> None:
    """A caller without patience whom nobody can answer is an error, not an endless run."""
    people = [rs.Extension(number, on_duty=[]) for number in ("201", "202")]
    scenario = rs.Scenario(groups=[queue(**rules)], extensions=people)
    refused = "600.rules.max_wait_time must be given, as a caller would wait for ever"
    with pytest.raises(rs.ConfigurationError, match=refused):
        rs.play(scenario, rs.Workload(arrives_at=[0], talk_time=1), engine)


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.usefixtures("soon_for_ever")
def test_passes_without_end_in_no_time_name_the_pause(engine: str) -> None:
    """A line does not help if whom it would ring is of a level that is closed."""
    rules = {
        "order_by": ["skill_level"],
        "level_rules": [(0, 1, 1)],
        "wait_in_line": True,
        "passes": "inf",
        "max_wait_time": 60,
        "repeat_delay": 0,
    }
    members = [rs.Member("201", skill_level=2)]
    group = rs.RingGroup(
        extension_number="600", ring_strategy="PRIORITIZED_HUNT", members=members, rules=rules
    )
    calls = rs.Workload(arrives_at=[0], talk_time=1, patience=30)
    with pytest.raises(rs.ConfigurationError) as refused:
        rs.play(rs.Scenario(groups=[group]), calls, engine)
    assert str(refused.value).startswith("groups.600.rules.retry_pause must be more than 0, as a ")


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize(
    ("option", "most", "own_calls"),
    [("retry_pause", "100,000", []), ("line_poll", "10,000,000", [(0.05, "201", 100)])],
)
@pytest.mark.usefixtures("soon_for_ever")
def test_a_pause_that_no_instant_shows_is_named(
    option: str, most: str, own_calls: list[Any], engine: str
) -> None:
    """Passes without a ring's time; a caller who is in line again after their phone has rung."""
    rules = {"ringing_is_busy": False, "max_wait_time": 60, option: 1e-300}
    group = queue(**rules) | {"members": ["201"], "ring_time": 0.1 if own_calls else 0}
    calls = rs.Workload(arrives_at=[0], talk_time=1, own_calls=own_calls)
    with pytest.raises(rs.ConfigurationError) as refused:
        rs.play(rs.Scenario(groups=[group]), calls, engine)
    assert str(refused.value) == (
        f"groups.600.rules.{option} must be longer, as a caller would look for members more than "
        f"{most} times, got 1e-300."
    )


def test_results_do_not_depend_on_the_batch() -> None:
    rules = {
        "wait_in_line": True,
        "passes": "inf",
        "max_wait_time": 90,
        "order_by": ["redrawn"],
        "ringing_is_busy": True,
        "retry_pause": 2,
    }
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"], "rules": rules}],
        extensions=[
            rs.Extension("201", answer_probability=0.6, decline_probability=0.4),
            rs.Extension("202", answer_probability=0.7, decline_probability=0.2),
        ],
        demand={"600": {"calls_per_hour": 60, "talk_time": 60, "patience": 50}},
        hours=1,
    )
    together = rs.simulate(scenario, replications=6, engine="compiled").summary()
    one_by_one = rs.simulate(scenario, replications=6, engine="simpy").summary()
    pd.testing.assert_frame_equal(together, one_by_one, check_exact=True)
