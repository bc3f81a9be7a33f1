"""Sizing a group: comparison with brute force and with Erlang's formulas, and the sentences.

Brute force plays every size for many days; the targets are chosen so that it decides on each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim import erlang
from ringsim.confidence import Estimate
from ringsim.dispatch import dispatcher_for
from ringsim.metrics import Thresholds, group_layout, occupancy
from ringsim.metrics._waits import Waits
from ringsim.planning._advice import price_of
from ringsim.planning._bounds import longest_mean_wait, reachable_share
from ringsim.planning._capacity import answerable_share
from ringsim.planning._evidence import Evidence
from ringsim.planning._goals import Errors, Goal, Meets, overall_verdict
from ringsim.planning._search import checkpoints_for
from ringsim.planning._size import affordable
from ringsim.planning._study import study_of
from ringsim.planning._target import Target
from ringsim.scenario import with_members
from support import profiles
from support.helpers import NO_CALLS, refusal

PATIENT = stats.expon(scale=60)


def office(calls: Any = 40, strategy: str = "CYCLIC_HUNT", **fields: Any) -> rs.Scenario:
    """Return an hour of a group of two, with changed fields."""
    demand = {name: fields.pop(name) for name in ("wrap_up_time", "patience") if name in fields}
    talk_time = fields.pop("talk_time", rs.lognormal(mean=120, cv=1))
    whole = {name: fields.pop(name) for name in ("extensions", "hours") if name in fields}
    others = fields.pop("others", [])
    group = {"extension_number": "600", "ring_strategy": strategy, "members": ["201", "202"]}
    return rs.Scenario(
        groups=[group | fields, *others],
        demand={
            "600": rs.Demand(
                calls_per_hour=calls,
                talk_time=talk_time,
                **{"patience": PATIENT} | demand,
            ),
            **{
                other["extension_number"]: rs.Demand(calls_per_hour=10, talk_time=90)
                for other in others
            },
        },
        **{"hours": 1} | whole,
    )


SLOW = [rs.Extension("202", answer_probability=0.6, answer_delay=stats.gamma(3, scale=4))]
BUSY = [rs.Extension("202", own_calls=rs.Demand(calls_per_hour=10, talk_time=120))]
BACKUP = {"extension_number": "601", "members": ["301", "201"]}
FORWARD = {"action": "FORWARD_TO_NUMBER", "number": "601"}

SLOW_GROUP = {"extension_number": "600", "ring_strategy": "CYCLIC_HUNT"}

SIZED = {
    "service level": (office(), rs.Target(service_level=0.75)),
    "service level within 10 s": (office(80), rs.Target(service_level=0.62, within=10)),
    "all at once": (office(60, "RING_SIMULTANEOUSLY"), rs.Target(service_level=0.82)),
    "in the configured order": (office(30, "PRIORITIZED_HUNT"), rs.Target(answer_rate=0.8)),
    "by skill": (
        office(50, "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT"),
        rs.Target(service_level=0.8, variant="answered_only", answer_rate=0.7),
    ),
    "slow ones": (office(extensions=SLOW), rs.Target(answer_rate=0.63)),
    "own calls": (office(extensions=BUSY, wrap_up_time=30), rs.Target(occupancy=0.54)),
    "backup": (
        office(50, others=[BACKUP], no_answer_forward_rule=FORWARD, ring_time=12),
        rs.Target(service_level=0.78, within=25),
    ),
    "repeats": (
        office(40, no_answer_forward_rule={"action": "REPEAT"}, repeat_delay=5),
        rs.Target(mean_speed_of_answer=8, answer_rate=0.8),
    ),
    "busy phones ring": (
        office(45, "RING_SIMULTANEOUSLY", skip_busy_member=False),
        rs.Target(answer_rate=0.78),
    ),
    "a morning rush": (
        office([20, 90, 30, 10], hours=2, talk_time=stats.expon(scale=150)),
        rs.Target(service_level=0.72, occupancy=0.32),
    ),
    "good days": (
        office(60, "LEAST_WORKED_HUNT"),
        rs.Target(service_level=0.7, p_target_met=0.85),
    ),
    "a loose target": (office(40), rs.Target(mean_speed_of_answer=20)),
}


def figures(scenario: rs.Scenario, target: Target, replications: int, level: float) -> Any:
    """Return estimates of the target's metrics for one size, by a plain simulation."""
    result = rs.simulate(scenario, replications=replications, seed=12345)
    asked = Thresholds(target.within, target.variant, target=target.service_level or 0.8)
    return [_figure(result, goal, asked).estimate(level) for goal in target.goals]


def _figure(result: rs.Result, goal: Goal, asked: Thresholds) -> Any:
    if goal.name != "occupancy":
        return result.figure(goal.name, "600", asked)
    layout = group_layout(result.roster, asked)
    return occupancy(result.observed(layout), result.roster.index_of_group("600"))


def by_brute_force(scenario: rs.Scenario, target: Target, most: int) -> list[Meets]:
    """Return whether each size meets the target, by 99.9 % intervals of 300 days."""
    found = []
    for members in range(most + 1):
        estimates = figures(with_members(scenario, "600", members), target, 300, 0.999)
        pairs = zip(target.goals, estimates, strict=True)
        found.append(overall_verdict([by_interval(goal, estimate) for goal, estimate in pairs]))
    return found


def by_interval(goal: Goal, estimate: Estimate) -> Meets:
    """Return whether a goal is met by a t interval; false without a figure."""
    if math.isnan(estimate.estimate):
        return "no"
    low, high = estimate.low, estimate.high
    met, missed = (high, low) if goal.at_most else (low, high)
    if (met <= goal.limit) if goal.at_most else (met >= goal.limit):
        return "yes"
    return (
        "no" if ((missed > goal.limit) if goal.at_most else (missed < goal.limit)) else "undecided"
    )


# The answer


@pytest.mark.parametrize("name", SIZED)
def test_it_finds_what_brute_force_finds(name: str) -> None:
    scenario, target = SIZED[name]
    sizing = rs.size(scenario, "600", target, seed=3)
    assert sizing.members is not None
    expected = by_brute_force(scenario, target, sizing.members)
    assert "undecided" not in expected, f"brute force is not sure: {expected}"
    assert sizing.members == expected.index("yes")
    assert (sizing.decided, sizing.possible) == (True, (sizing.members,))
    assert sizing.table["meets"].tolist()[:-1] == expected
    assert sizing.table.index.tolist() == list(range(sizing.members + 2))


@pytest.mark.parametrize(
    ("calls", "target"), [(20, 0.7), (20, 0.95), (60, 0.9), (60, 0.99), (150, 0.8), (150, 0.97)]
)
def test_where_nobody_has_to_ring_it_agrees_with_erlang_b(calls: float, target: float) -> None:
    """Members answer at once, callers who find none are lost, and the empty start is negligible.

    At the first arrivals all are free: of 4000 mean handle times that is one.
    """
    scenario = office(
        calls,
        "PRIORITIZED_HUNT",
        talk_time=stats.expon(scale=90),
        patience=math.inf,
        hours=100,
        members=["201"],
        extensions=[rs.Extension("201", answer_delay=0)],
    )
    sizing = rs.size(scenario, "600", rs.Target(answer_rate=target), max_replications=2000)
    load = erlang.offered_load(calls, 90)
    assert sizing.members == erlang.members_for_blocking(load, 1 - target) == sizing.erlang_members
    table = sizing.table
    assert table["offered_load"].tolist() == pytest.approx([load] * len(table))
    for members in table.index:
        exact = erlang.blocking(members, load)
        assert table.loc[members, "erlang_b_blocking"] == exact
        row = table.loc[members]
        assert members not in sizing.ruled_out or 1 - exact <= row["high"] < target
        assert row["low"] - 0.002 <= 1 - exact <= row["high"] + 1e-12


@pytest.mark.parametrize(
    "target",
    [rs.Target(service_level=0.75), rs.Target(answer_rate=0.8), rs.Target(occupancy=0.5)],
    ids=str,
)
def test_more_calls_need_more_members(target: Target) -> None:
    sizes = [rs.size(office(calls), "600", target).members for calls in (5, 20, 60, 120)]
    assert None not in sizes
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_a_stricter_target_needs_more_members() -> None:
    sizes = [
        rs.size(office(60), "600", rs.Target(answer_rate=rate)).members
        for rate in (0.3, 0.5, 0.7, 0.82)
    ]
    assert sizes == sorted(set(sizes))


def test_all_metrics_of_a_target_must_be_met() -> None:
    scenario = office(60)
    alone = [
        rs.size(scenario, "600", target).members
        for target in (rs.Target(answer_rate=0.7), rs.Target(occupancy=0.4))
    ]
    both = rs.size(scenario, "600", rs.Target(answer_rate=0.7, occupancy=0.4))
    assert alone[0] < alone[1] == both.members  # type: ignore[operator]
    table = both.table
    assert table.loc[alone[0], "estimate"] >= 0.7
    assert table.loc[alone[0], "occupancy_low"] > 0.4
    assert table.loc[alone[0], "meets"] == "no"


def test_more_members_that_do_worse_are_seen() -> None:
    """One member answers soon or not at all; with two, more calls are answered late."""
    scenario = office(
        60,
        "PRIORITIZED_HUNT",
        extensions=[
            rs.Extension("201", answer_delay=4),
            rs.Extension("202", answer_delay=15),
        ],
        patience=math.inf,
    )
    sizing = rs.size(scenario, "600", rs.Target(mean_speed_of_answer=6))
    assert (sizing.members, sizing.decided) == (1, True)
    assert sizing.table["meets"].to_dict() == {0: "no", 1: "yes", 2: "no"}
    assert "2 do not: mean speed of answer" in str(sizing)


# Sizes that theory rules out


def share_answered(scenario: rs.Scenario, replications: int = 100) -> Estimate:
    result = rs.simulate(scenario, replications=replications, seed=99)
    return result.figure("answer_rate", "600").estimate(0.999)


HANDLE_TIMES = {
    "constant": {"talk_time": 150},
    "one call for all day": {"talk_time": 4000},
    "one call for ever": {"talk_time": math.inf},
    "exponential": {"talk_time": stats.expon(scale=150), "wrap_up_time": 30},
    "some calls take no time": {"talk_time": rs.Empirical([0, 0, 0, 600])},
    "long tail": {"talk_time": rs.lognormal(mean=100, cv=3), "wrap_up_time": stats.expon(scale=60)},
    "without a mean": {"talk_time": stats.lomax(0.8, scale=60)},
}


@pytest.mark.parametrize("handle", HANDLE_TIMES)
@pytest.mark.parametrize("patience", [math.inf, 20, 600])
@pytest.mark.parametrize("members", [1, 3])
def test_no_group_answers_more_calls_than_its_members_have_time_for(
    handle: str, patience: float, members: int
) -> None:
    """Phones that are answered at once, and ring again and again, come close to the bound."""
    at_once = [rs.Extension(number, answer_delay=0) for number in ("201", "202", "203")]
    scenario = office(
        [400, 100],
        patience=patience,
        members=["201", "202", "203"][:members],
        extensions=at_once,
        skip_busy_member=False,
        no_answer_forward_rule={"action": "REPEAT"},
        **HANDLE_TIMES[handle],
    )
    group = scenario.group("600")
    bound = answerable_share(scenario, group, dispatcher_for(group.ring_strategy))
    assert 0 < bound <= 1
    assert share_answered(scenario).low <= bound


def test_the_bound_is_the_number_of_constant_calls_in_the_day() -> None:
    """Of 1,000 calls in an hour, two members who talk for 60 s begin 61 each."""
    at_once = rs.Extension("201", answer_delay=0)
    scenario = office(1000, talk_time=60, patience=0, extensions=[at_once])
    group = scenario.group("600")
    bound = answerable_share(scenario, group, dispatcher_for(group.ring_strategy))
    assert bound == pytest.approx(2 * 61 / 1000, rel=1e-3)


def test_given_calls_after_the_hours_count_too() -> None:
    given_at = rs.Demand(arrives_at=[100.0 * at for at in range(100)], talk_time=99)
    scenario = office().replace(demand={"600": given_at})
    group = scenario.group("600")
    bound = answerable_share(scenario, group, dispatcher_for(group.ring_strategy))
    assert bound == 1


@pytest.mark.parametrize("name", SIZED)
def test_sizes_that_are_ruled_out_miss_the_target(name: str) -> None:
    """Playing them shows the same; and no size that another group helps is ruled out."""
    scenario, target = SIZED[name]
    sizing = rs.size(scenario, "600", target, seed=3)
    assert sizing.ruled_out == tuple(range(len(sizing.ruled_out)))
    needs = "answer_rate" in name or target.answer_rate or target.service_level
    if name in ("backup", "good days") or not needs:
        assert sizing.ruled_out == ()
    else:
        assert 0 in sizing.ruled_out
    for members in sizing.ruled_out:
        row = sizing.table.loc[members]
        assert (row["meets"], row["replications"]) == ("no", 0)
        assert math.isnan(row["estimate"])
        names = [name for name in ("high", "answer_rate_high") if name in row]
        high = row[names].min()
        assert share_answered(with_members(scenario, "600", members)).low <= high
        assert high < max(target.answer_rate or 0, target.service_level or 0)


def test_the_first_size_that_is_not_ruled_out_is_played() -> None:
    sizing = rs.size(office(200), "600", rs.Target(answer_rate=0.9), max_replications=40)
    first = len(sizing.ruled_out)
    assert first > 3
    assert (sizing.table["replications"] > 0).tolist() == [
        size not in sizing.ruled_out for size in sizing.table.index
    ]
    assert f"0 to {first - 1} cannot, and were not played: {first - 1} would have" in str(sizing)


def test_a_group_that_can_only_be_too_small_is_played_at_its_largest() -> None:
    sizing = rs.size(office(400), "600", rs.Target(answer_rate=0.9), max_members=2)
    assert sizing.ruled_out == (0, 1)
    assert (sizing.members, sizing.closest, sizing.decided) == (None, 2, True)
    assert "No number of members of group 600 up to 2" in str(sizing)
    assert "0 to 1 cannot" in str(sizing)


@pytest.mark.long
@pytest.mark.parametrize("largest", [200 if profiles.SLOW else 81])
def test_a_large_group_is_sized_in_few_replications(largest: int) -> None:
    """100 erlang take seconds: a bound and the default limit of replications see to it."""
    scenario = office(2000, talk_time=rs.lognormal(mean=180, cv=1.2), hours=8)
    sizing = rs.size(scenario, "600", rs.Target(service_level=0.8), max_members=largest)
    assert sizing.ruled_out == tuple(range(79))
    played = sizing.table["replications"].drop(list(sizing.ruled_out))
    assert played.min() >= 8
    assert played.sum() < 2200
    if largest == 200:
        assert sizing.members is not None
        assert 90 < sizing.members <= 101
    else:
        assert sizing.members is None


@pytest.mark.parametrize(
    ("calls", "asked", "most"),
    [(250, None, 2000), (2000, None, 250), (10**6, None, 200), (2000, 1500, 1500)],
)
def test_a_day_of_many_calls_is_played_less_often(
    calls: float, asked: int | None, most: int
) -> None:
    assert affordable(office(calls, hours=8), "600", 20, asked) == most


# Its steps


def test_each_row_is_a_plain_study_of_that_size() -> None:
    scenario, target = office(60), rs.Target(service_level=0.75, within=15)
    sizing = rs.size(scenario, "600", target, seed=5)
    for members, row in sizing.table.drop(list(sizing.ruled_out)).iterrows():
        plain = rs.simulate(
            with_members(scenario, "600", int(str(members))),
            replications=row["replications"],
            seed=5,
        )
        found = plain.figure("service_level", "600", Thresholds(15)).estimate()
        assert row["estimate"] == found.estimate
        assert 0 <= row["low"] <= found.low <= found.high <= row["high"] <= 1
        bounds = {"yes": row["low"] >= 0.75, "no": row["high"] < 0.75}
        assert [name for name, passed in bounds.items() if passed] == [row["meets"]]
        mean = plain.members().loc["600", "occupancy"].mean() if members else math.nan
        assert row["occupancy"] == pytest.approx(mean, nan_ok=True)


def test_it_does_not_depend_on_who_plays() -> None:
    scenario, target = SIZED["good days"]
    alone = rs.size(scenario, "600", target, workers=1)
    with ThreadPoolExecutor(2) as executor:
        others = [
            rs.size(scenario, "600", target, workers=3),
            rs.size(scenario, "600", target, executor=executor),
        ]
    for other in others:
        pd.testing.assert_frame_equal(other.table, alone.table, check_exact=True)


def test_engines_and_dispatchers_are_those_of_simulate() -> None:
    target = rs.Target(answer_rate=0.8)
    plain = rs.size(office(20, "PRIORITIZED_HUNT"), "600", target)
    other = rs.size(
        office(20), "600", target, engine="simpy", dispatcher={"600": "PRIORITIZED_HUNT"}
    )
    pd.testing.assert_frame_equal(other.table, plain.table, check_exact=True)


def test_members_are_taken_from_the_candidates_in_order() -> None:
    """The slow candidate comes first, and is always a member."""
    people = [rs.Extension("209", answer_delay=19), *SLOW]
    scenario = office(20, extensions=people)
    candidates = ["209", "201", rs.Member("202", skill_level=2), "205", "206"]
    sizing = rs.size(scenario, "600", rs.Target(answer_rate=0.8), candidates=candidates)
    assert sizing.members is not None
    members = sizing.scenario.group("600").members
    assert [member.extension_number for member in members] == ["209", "201", "202", "205"][
        : sizing.members
    ]
    assert len(members) >= 2


def test_new_members_are_like_the_template() -> None:
    scenario = office(60, extensions=SLOW)
    quick = rs.size(scenario, "600", rs.Target(answer_rate=0.69), template="201")
    slow = rs.size(scenario, "600", rs.Target(answer_rate=0.69))
    assert quick.members is not None
    assert slow.members is not None
    assert quick.members < slow.members
    newest = quick.scenario.group("600").members[-1].extension_number
    assert quick.scenario.extension(newest).answer_probability == 1


def test_the_scenario_of_a_sizing_has_its_members() -> None:
    scenario, target = SIZED["service level"]
    sizing = rs.size(scenario, "600", target)
    assert sizing.members is not None
    assert sizing.scenario == with_members(scenario, "600", sizing.members)


def test_progress_counts_on_through_all_sizes() -> None:
    told: list[tuple[int, int]] = []
    sizing = rs.size(
        office(),
        "600",
        rs.Target(answer_rate=0.8),
        workers=1,
        on_progress=lambda done, of: told.append((done, of)),
    )
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1][0] == sizing.table["replications"].sum()
    assert all(done <= of for done, of in told)


@given(st.integers(2, 50), st.integers(0, 3000))
def test_looks_double_up_to_the_last(first: int, more: int) -> None:
    checkpoints = checkpoints_for(first, first + more)
    counts = checkpoints.counts
    assert (counts[0], counts[-1]) == (first, first + more)
    assert all(b == 2 * a for a, b in pairwise(counts[:-1]))
    assert counts == sorted(set(counts))
    assert counts[-1] <= 2 * (counts[-2] if len(counts) > 1 else first)


@given(st.integers(2, 50), st.integers(0, 3000), st.integers(1, 200), st.integers(1, 4))
def test_the_errors_of_all_looks_at_all_sizes_are_5_percent(
    first: int, more: int, sizes: int, goals: int
) -> None:
    checkpoints = checkpoints_for(first, first + more)
    looks = [is_early for _, is_early in checkpoints.looks]
    errors = [
        [checkpoints.errors(undecided, goals, early=is_early) for is_early in looks]
        for undecided in range(sizes)
    ]
    named = sum(each.yes for of_size in errors for each in of_size)
    rejected = goals * sum(each.no for each in errors[-1])
    assert named == pytest.approx(0.025 * sizes / (sizes + 1))
    assert rejected == pytest.approx(0.025)


@given(st.integers(2, 50), st.integers(0, 3000), st.integers(0, 9), st.integers(1, 4))
def test_early_looks_come_before_the_first_checkpoint_and_are_stricter(
    first: int, more: int, undecided: int, goals: int
) -> None:
    checkpoints = checkpoints_for(first, first + more)
    early = checkpoints.early_counts
    assert bool(early) == (first >= 15)
    assert [count for count, _ in checkpoints.looks] == [*early, *checkpoints.counts]
    assert [*early, first] == sorted({*early, first})
    if early:
        strict = checkpoints.errors(undecided, goals, early=True)
        usual = checkpoints.errors(undecided, goals)
        assert max(strict) <= max(usual)


def test_a_size_that_is_far_too_small_is_rejected_in_a_few_days() -> None:
    """Nobody gives up, so callers wait longer and longer: hardly any is answered in time."""
    scenario = office(150, "PRIORITIZED_HUNT", patience=math.inf, members=["201"], hours=4)
    scenario = scenario.replace(extensions=[rs.Extension("201", answer_delay=0)])
    repeats = {"no_answer_forward_rule": {"action": "REPEAT"}, "max_repeats": 1000}
    scenario = scenario.replace(groups=[scenario.group("600").replace(**repeats)])
    table = rs.size(scenario, "600", rs.Target(service_level=0.8), seed=2).table
    missed = table[(table["replications"] > 0) & (table["estimate"] < 0.5)]
    assert len(missed)
    assert set(missed["replications"]) == {8}
    met = table[table["meets"] == "yes"]
    assert met["replications"].min() >= 20


def test_no_size_is_accepted_early() -> None:
    """Everybody is answered at once, but 12 perfect days do not name a size."""
    scenario = office(20, extensions=[rs.Extension("201", answer_delay=0)], members=["201"])
    sizing = rs.size(scenario, "600", rs.Target(service_level=0.02), seed=2)
    assert sizing.table.loc[1, "meets"] == "yes"
    assert sizing.table.loc[1, "replications"] == 20


def test_a_sizing_keeps_no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Percentiles are in no target, so a search does not pay for them."""
    added: list[int] = []
    monkeypatch.setattr(Waits, "add", lambda *arguments: added.append(len(arguments)))
    rs.size(office(), "600", rs.Target(answer_rate=0.8), seed=3, workers=1)
    assert not added


ERRORS = Errors(0.05, 0.05)


def goal_of(**fields: Any) -> Goal:
    [goal] = rs.Target(**fields).goals
    return goal


def days(ratios: Sequence[float], whole: float = 10.0, most: float = 1.0) -> Evidence:
    """Return days with equal numbers of calls, and the given share of good calls on each."""
    return Evidence(whole * np.array(ratios), np.full(len(ratios), whole), most=most)


@pytest.mark.parametrize(
    ("goal", "ratios", "expected"),
    [
        (goal_of(answer_rate=0.7), [0.5] * 40, "no"),
        (goal_of(answer_rate=0.7), [0.6, 0.8] * 20, "undecided"),
        (goal_of(answer_rate=0.7), [0.9] * 40, "yes"),
        (goal_of(occupancy=0.7), [0.5] * 40, "yes"),
        (goal_of(occupancy=0.7), [0.6, 0.8] * 20, "undecided"),
        (goal_of(occupancy=0.7), [0.9] * 40, "no"),
        (goal_of(answer_rate=0.98), [1.0] * 20, "undecided"),
        (goal_of(answer_rate=0.98), [1.0] * 145, "undecided"),
        (goal_of(answer_rate=0.98), [1.0] * 152, "yes"),
        (goal_of(answer_rate=0.98), [1.0] * 39 + [0.5], "undecided"),
        (goal_of(answer_rate=0.7), [], "no"),
    ],
)
def test_evidence_decides(goal: Goal, ratios: Sequence[float], expected: Meets) -> None:
    """Perfect days prove 98 % once 0.98^n is below 5 %, after about 149 days."""
    assert goal.verdict(days(ratios), 100, ERRORS).meets == expected


def test_nothing_is_decided_before_anybody_called() -> None:
    assert goal_of(answer_rate=0.7).verdict(days([]), 29, ERRORS).meets == "undecided"


@given(
    st.lists(st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0]), min_size=1, max_size=60),
    st.sampled_from([0.1, 0.5, 0.8, 0.98]),
)
def test_a_bound_passes_the_limit_where_the_goal_is_decided(
    ratios: list[float], limit: float
) -> None:
    """And one more day, better or worse than all, moves a verdict to its side only."""
    for goal in (goal_of(answer_rate=limit), goal_of(occupancy=limit)):
        evidence = days(ratios)
        low, high = goal.bounds(evidence, ERRORS)[1:3]
        above, below = ("no", "yes") if goal.at_most else ("yes", "no")
        told = above if low > limit + 1e-6 else below if high < limit - 1e-6 else None
        verdict = goal.verdict(evidence, 100, ERRORS).meets
        if told is not None:
            assert verdict == told
        elif low < limit - 1e-6 and high > limit + 1e-6:
            assert verdict == "undecided"
        assert evidence.score_above(limit) >= days([*ratios, 1.0]).score_above(limit) - 1e-9
        assert evidence.score_below(limit) >= days([*ratios, 0.0]).score_below(limit) - 1e-9


@pytest.mark.parametrize("met", [0, 1, 7, 19, 20])
@pytest.mark.parametrize("error", [0.05, 0.001])
def test_where_days_are_good_or_bad_the_bounds_are_the_exact_binomial_ones(
    met: int, error: float
) -> None:
    """Bounds agree to 5 % of their distance from the extreme."""
    low, high = days([1.0] * met + [0.0] * (20 - met), 1).bounds(error, error)[1:3]
    exact = stats.binomtest(met, 20).proportion_ci(1 - 2 * error, "exact")
    assert low == pytest.approx(exact.low, rel=0.05)
    assert 1 - high == pytest.approx(1 - exact.high, rel=0.05)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=12), st.floats(0.01, 1))
@settings(max_examples=20)
def test_a_score_is_that_of_exponential_weights(margins: list[float], worst: float) -> None:
    """Compare with 20,000 drawn weights, to five standard errors and a percent of the rest."""
    given_ = np.array(margins)
    evidence = Evidence(given_, np.ones(len(margins)), least=-worst)
    weights = np.random.default_rng(1).exponential(size=(20_000, len(margins) + 1))
    share = float((weights @ np.append(given_, -worst) <= 0).mean())
    told = float(stats.norm.cdf(evidence.score_above(0.0)))
    assert told == pytest.approx(share, abs=0.02)


def test_many_days_that_vary_little_are_those_of_a_z_test() -> None:
    ratios = np.random.default_rng(3).normal(0.5, 0.2, 2000).clip(0, 1)
    z = (0.5 - ratios.mean()) / ratios.std() * math.sqrt(2000)
    assert days(list(ratios)).score_above(0.5) == pytest.approx(z, abs=0.2)


@pytest.mark.parametrize(("n", "expected"), [(999, "undecided"), (1000, "yes")])
def test_a_mean_that_is_exactly_its_limit_on_a_thousand_days_meets_it(
    n: int, expected: Meets
) -> None:
    """3.3 s each, added up with rounding; a little more never does."""
    goal = goal_of(mean_speed_of_answer=3.3)
    waits = float(np.cumsum(np.full(7, 3.3))[-1])  # sum() rounds only once from Python 3.12 on
    assert waits != 7 * 3.3
    evidence = Evidence(np.full(n, waits), np.full(n, 7.0), most=20.0)
    assert goal.verdict(evidence, 7 * n, ERRORS).meets == expected
    more = evidence._replace(part=evidence.part * (1 + 1e-8))
    assert goal.verdict(more, 7 * n, ERRORS).meets != "yes"


def test_an_undecided_goal_says_how_many_days_would_tell() -> None:
    """The number is approximate: repeated that often, the days decide; a quarter of that do not."""
    goal = goal_of(answer_rate=0.8)
    few = days([0.9, 0.8, 0.9, 0.6, 0.95] * 8)
    times = goal.verdict(few, 400, ERRORS).times
    assert 1 < times < 100
    for factor, expected in ((1.3 * times, "yes"), (0.25 * times, "undecided")):
        more = days([0.9, 0.8, 0.9, 0.6, 0.95] * round(8 * factor))
        assert goal.verdict(more, 400, ERRORS).meets == expected
    assert goal.verdict(days([0.8] * 40), 400, ERRORS).times == math.inf


def test_no_lost_call_in_a_few_days_does_not_decide() -> None:
    """Three members lose one call in a thousand, and none in the first 20 hours of 12 calls."""
    people = [rs.Extension("201", answer_delay=0)]
    scenario = office(12, extensions=people, members=["201"], patience=math.inf, talk_time=60)
    sizing = rs.size(scenario, "600", rs.Target(answer_rate=0.99), max_replications=1280)
    lost = (1 - sizing.table["estimate"]) * sizing.table["replications"] * 12
    decided = sizing.table["replications"].between(1, 1279)
    assert (lost[decided] > 12).all()  # twelve days at the limit lose 1.4
    load = erlang.offered_load(12, 60)
    assert sizing.members == erlang.members_for_blocking(load, 0.01)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["yes"], "yes"),
        (["yes", "undecided"], "undecided"),
        (["undecided", "no", "yes"], "no"),
    ],
)
def test_all_must_be_met(verdicts: list[Meets], expected: Meets) -> None:
    assert overall_verdict(verdicts) == expected


# Sentences


def test_a_sizing_is_said_in_words() -> None:
    scenario, target = SIZED["service level"]
    sizing = rs.size(scenario, "600", target, shrinkage=0.3)
    assert sizing.members == 3
    rows = {
        members: f"{100 * row.estimate:.1f} % ({100 * row.low:.1f} to {100 * row.high:.1f})"
        for members, row in zip(sizing.table.index, sizing.table.itertuples(), strict=True)
    }
    [step] = [line for line in str(sizing).splitlines() if line.startswith("The step from")]
    assert str(sizing) == (
        "3 members of group 600 meet a service level of at least 75 % within 20 s.\n"
        f"3 do: service level {rows[3]}.\n"
        f"2 do not: service level {rows[2]}.\n"
        f"4 do: service level {rows[4]}.\n"
        f"{step}\n"
        "Erlang's formulas, for 1.33 erlang and members who answer at once: "
        f"{sizing.erlang_members}.\n"
        "With a shrinkage of 30 %, a head count of 4.29."
    )
    assert repr(sizing) == "<Sizing of group 600: 3>"


@pytest.mark.parametrize(
    ("name", "target", "step"),
    [
        ("the last member", rs.Target(service_level=0.75), (2, 3)),
        ("one member more, as fewer are ruled out", rs.Target(answer_rate=0.3), (1, 2)),
    ],
)
def test_the_price_of_a_member_is_that_of_a_comparison(
    name: str, target: rs.Target, step: tuple[int, int]
) -> None:
    """With the same callers and replications, `compare` finds the same gain and price."""
    assert name
    before, after = step
    sizing = rs.size(office(40), "600", target)
    assert sizing.members in step
    compared = rs.compare(
        sizing.pool.sized(before),
        group="600",
        variants={"larger": sizing.pool.sized(after)},
        replications=int(sizing.table.loc[list(step), "replications"].min()),
    )
    assert compared.advice is not None
    price = price_of(compared, "larger")
    assert price is not None
    [gain, *_] = [
        each for each in compared.advice.gains if each.metric == sizing.target.goals[0].name
    ]
    assert (
        f"The step from {before} to {after} members: {gain.words}, at the price of 1 more member "
        f"and {price.words}."
    ) in str(sizing).splitlines()


def test_a_size_that_improves_nothing_has_no_price() -> None:
    """Nobody is there to compare with: a single size was played."""
    sizing = rs.size(office(1), "600", rs.Target(answer_rate=0.3), max_members=1)
    assert "The step" not in str(sizing)


def test_a_head_count_needs_a_shrinkage() -> None:
    scenario, target = SIZED["service level"]
    without = rs.size(scenario, "600", target)
    assert without.head_count is None
    assert "head_count" not in without.table
    assert "head count" not in str(without)
    sizing = rs.size(scenario, "600", target, shrinkage=0.25)
    assert sizing.members is not None
    assert sizing.head_count == sizing.members / 0.75
    assert sizing.table["head_count"].tolist() == [n / 0.75 for n in sizing.table.index]


def test_what_the_replications_do_not_tell_is_said() -> None:
    """The target is the exact figure of two members, so that no study can decide."""
    scenario = office()
    truth = figures(with_members(scenario, "600", 2), rs.Target(answer_rate=0.5), 2000, 0.95)
    target = rs.Target(answer_rate=truth[0].estimate)
    sizing = rs.size(scenario, "600", target, max_replications=160)
    assert (sizing.members, sizing.decided, sizing.possible) == (3, False, (2, 3))
    assert str(sizing).startswith("2 or 3 members of group 600 meet an answer rate of at least ")
    assert "2 may: answer rate" in str(sizing)
    assert re.search(
        r"undecided after 160 replications: (about [\d,]+ would|too close to the target to) tell\.",
        str(sizing),
    )
    assert repr(sizing) == "<Sizing of group 600: 2 or 3>"


def test_a_target_that_no_size_was_found_for_is_said() -> None:
    scenario = office(120)
    sizing = rs.size(scenario, "600", rs.Target(service_level=0.8), max_members=4)
    assert (sizing.members, sizing.decided, sizing.possible) == (None, True, ())
    assert (sizing.closest, sizing.head_count) == (4, None)
    assert sizing.scenario == with_members(scenario, "600", 4)
    said = str(sizing)
    assert said.startswith(
        "No number of members of group 600 up to 4 meets a service level of at least 80 % "
        "within 20 s with 95 % confidence.\nThe closest: 4 do not: service level "
    )
    assert "% of its calls found nobody to ring at first." in said
    assert repr(sizing) == "<Sizing of group 600: none>"


def test_a_target_that_more_members_are_no_help_for_is_said_to_be_one() -> None:
    sizing = rs.size(
        office(10), "600", rs.Target(mean_speed_of_answer=4, answer_rate=0.5), max_members=8
    )
    assert sizing.members is None
    assert "so that more members are no help: people answer too late" in str(sizing)


def hardly_called(target: rs.Target) -> rs.Sizing:
    own = rs.Demand(calls_per_hour=0.002, talk_time=7200)
    person = rs.Extension("201", own_calls=own)
    scenario = office(2, talk_time=1, patience=math.inf, hours=8, extensions=[person])
    return rs.size(scenario, "600", target, max_members=2, max_replications=40)


def test_more_members_are_no_help_only_where_that_is_known() -> None:
    undecided = hardly_called(rs.Target(answer_rate=0.995))
    assert undecided.possible
    assert "no help" not in str(undecided)
    too_busy = hardly_called(rs.Target(occupancy=1e-5))  # members who answer at once are no better
    assert (too_busy.members, too_busy.decided) == (None, True)
    assert "no help" not in str(too_busy)


def test_a_figure_that_misses_its_target_does_not_look_equal_to_it() -> None:
    said = str(hardly_called(rs.Target(occupancy=1e-5)))
    assert "do not: occupancy 0.0 %" not in said
    assert re.search(r"do not: occupancy 0\.0\d* % \(", said)


def test_what_is_possible_without_an_answer_is_said() -> None:
    scenario = office()
    truth = figures(with_members(scenario, "600", 2), rs.Target(answer_rate=0.5), 2000, 0.95)
    target = rs.Target(answer_rate=truth[0].estimate)
    sizing = rs.size(scenario, "600", target, max_members=2, max_replications=160)
    assert (sizing.members, sizing.decided, sizing.possible) == (None, False, (2,))
    assert "The closest: 2 may: answer rate" in str(sizing)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (rs.Target(service_level=0.8), "a service level of at least 80 % within 20 s"),
        (
            rs.Target(service_level=0.995, within=7.5, variant="answered_only"),
            "a service level (answered_only) of at least 99.5 % within 7.5 s",
        ),
        (
            rs.Target(service_level=0.8, p_target_met=0.9, occupancy=0.75),
            "a service level of at least 80 % within 20 s on at least 90 % of days and "
            "an occupancy of at most 75 %",
        ),
        (
            rs.Target(mean_speed_of_answer=9, answer_rate=0.9),
            "an answer rate of at least 90 % and a mean speed of answer of at most 9 s",
        ),
    ],
)
def test_a_target_is_said_in_words(target: Target, words: str) -> None:
    assert str(target) == words


def test_erlangs_formulas_are_those_of_the_targets() -> None:
    def asked(target: Target) -> int | None:
        return rs.size(office(60), "600", target, max_members=1).erlang_members

    load, handle = 2.0, 120
    level = erlang.members_for_service_level(load, 0.8, within=15, handle_time=handle)
    assert asked(rs.Target(service_level=0.8, within=15)) == level
    speed = erlang.members_for_mean_speed_of_answer(load, 9, handle_time=handle)
    assert asked(rs.Target(mean_speed_of_answer=9)) == speed
    lost = erlang.members_for_blocking(load, 0.2)
    assert asked(rs.Target(answer_rate=0.8)) == lost
    assert asked(rs.Target(occupancy=0.5)) == 4
    assert asked(rs.Target(answer_rate=0.8, occupancy=0.25)) == 8


def test_without_a_load_erlangs_formulas_say_nothing() -> None:
    """Cover an infinite mean, and calls that take no time."""
    for talk_time in (stats.pareto(0.9, scale=60), 0):
        sizing = rs.size(office(20, talk_time=talk_time), "600", rs.Target(answer_rate=0.5))
        assert sizing.erlang_members is None
        assert "Erlang" not in str(sizing)
        assert sizing.table["erlang_b_blocking"].isna().all()


@pytest.mark.parametrize("metric", ["abandonment_rate", "interruptions_per_hour"])
def test_there_is_no_formula_of_abandonment_and_interruptions(metric: str) -> None:
    """Alone they have no formula; beside another metric, that one's formula counts."""
    limit = {"abandonment_rate": 0.9, "interruptions_per_hour": 90}[metric]
    target, scenario = rs.Target(**{metric: limit}), office(20)
    sizing = rs.size(scenario, "600", target, max_members=1)
    assert sizing.erlang_members is None
    assert "Erlang" not in str(sizing)
    both = rs.Target(**{metric: limit}, occupancy=0.5)
    assert rs.size(scenario, "600", both, max_members=1).erlang_members == 2
    if metric == "abandonment_rate":  # `staffing` takes no other
        staffing = rs.staffing(scenario, "600", target, max_members=3, replications_played=2)
        assert staffing.table["erlang_members"].isna().all()


# Targets out of reach


def bound(scenario: rs.Scenario, within: float = math.inf, dispatcher: Any = None) -> float:
    group = scenario.group("600")
    rings = rs.dispatch.dispatcher_for(group.ring_strategy) if dispatcher is None else dispatcher
    return reachable_share(scenario, group, rings, within)


def lonely(strategy: str, n: int = 3, **fields: Any) -> rs.Scenario:
    """Calls so far apart that everybody is always free."""
    people = [
        rs.Extension(f"20{place}", answer_delay=stats.expon(scale=15), answer_probability=0.8)
        for place in range(n)
    ]
    members = [person.extension_number for person in people]
    return office(3, strategy, members=members, extensions=people, talk_time=0, hours=100, **fields)


@pytest.mark.parametrize(
    ("scenario", "within"),
    [
        (lonely("CYCLIC_HUNT"), 15),
        (lonely("CYCLIC_HUNT"), 50),
        (lonely("CYCLIC_HUNT"), math.inf),
        (lonely("PRIORITIZED_HUNT", patience=math.inf), math.inf),
        (lonely("RING_SIMULTANEOUSLY"), 10),
        (lonely("RING_SIMULTANEOUSLY"), math.inf),
        (lonely("LEAST_WORKED_HUNT", no_answer_forward_rule={"action": "REPEAT"}), 200),
        (lonely("RING_SIMULTANEOUSLY", no_answer_forward_rule={"action": "REPEAT"}), 30),
        (lonely("CYCLIC_HUNT", patience=30), 60),
    ],
)
def test_where_everybody_is_free_the_bound_is_what_is_reached(
    scenario: rs.Scenario, within: float
) -> None:
    """The bound is exact up to one quantile of 4096 per ring, and one for the patience."""
    result = rs.simulate(scenario, replications=100)
    found = result.figure("service_level", "600", Thresholds(within)).estimate(0.999)
    assert found.low <= bound(scenario, within) <= found.high + 8 / 4096


@pytest.mark.parametrize("name", SIZED)
def test_the_bound_is_one(name: str) -> None:
    scenario, _ = SIZED[name]
    for members in (1, 3, 6):
        larger = with_members(scenario, "600", members)
        result = rs.simulate(larger, replications=50)
        for within in (4, 20, math.inf):
            found = result.figure("service_level", "600", Thresholds(within)).estimate(0.999)
            assert found.low <= bound(larger, within)


@pytest.mark.parametrize(("within", "expected"), [(4.99, 0), (5, 1), (24, 1), (math.inf, 1)])
def test_nobody_answers_sooner_than_they_do(within: float, expected: float) -> None:
    people = [rs.Extension(number, answer_delay=5) for number in ("201", "202")]
    assert bound(office(extensions=people, patience=math.inf), within) == expected


def test_the_best_of_the_people_counts() -> None:
    """One member never answers within 20 s, the other answers every second ring at once."""
    people = [
        rs.Extension("201", answer_delay=30),
        rs.Extension("202", answer_delay=0, answer_probability=0.5),
    ]
    scenario = office(extensions=people, patience=math.inf)
    assert bound(scenario, 5) == 1 / 2
    assert bound(scenario, 20) == bound(scenario, 1000) == 3 / 4
    assert bound(scenario.replace(groups=[{**SLOW_GROUP, "members": ["201"]}])) == 0


@pytest.mark.parametrize(
    "scenario",
    [
        office(strategy="PAGING_INTERCOM"),
        office(others=[BACKUP], no_answer_forward_rule=FORWARD),
    ],
)
def test_nothing_is_known_of_pages_and_of_calls_that_go_on(scenario: rs.Scenario) -> None:
    assert bound(scenario, 0) == 1


def test_a_dispatcher_of_ones_own_may_ring_anybody() -> None:
    class Pairs(rs.dispatch.Hunt):
        """Ring two at a time."""

        at_once = 2

    class Odd(rs.dispatch.Hunt):
        """Ring any members."""

        def wave(self, candidates: Sequence[Any], moment: Any) -> Sequence[Any]:
            return candidates if moment else ()

    scenario = lonely("CYCLIC_HUNT", n=4)
    one, two, all_ = (bound(scenario, 10, each) for each in (None, Pairs(), Odd()))
    assert one < two < all_
    assert all_ == bound(lonely("RING_SIMULTANEOUSLY", n=4), 10)


def test_a_target_out_of_reach_is_an_error_that_says_what_can_be_reached() -> None:
    people = [rs.Extension(number, answer_delay=12) for number in ("201", "202")]
    scenario = office(extensions=people)
    reached = math.exp(-12 / 60)

    def ask(target: Target) -> rs.Sizing:
        return rs.size(scenario, "600", target)

    assert refusal(ask, rs.Target(service_level=0.5, within=10)) == (
        "target.service_level must be at most 0, got 0.5. However many of up to 100 members are "
        "free, no more calls are answered within 10 s: people answer later, or callers give up "
        "sooner."
    )
    assert refusal(ask, rs.Target(answer_rate=0.9)).startswith(
        f"target.answer_rate must be at most {reached:.3f}, got 0.9. However many"
    )
    assert ask(rs.Target(answer_rate=0.7)).members is not None


# Invalid arguments


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {},
            "target must have a service_level, an answer_rate, a mean_speed_of_answer, ",
        ),
        (
            {"service_level": 80},
            "service_level must be above 0 and below 1, got 80. Write 0.8 for 80 %.",
        ),
        ({"service_level": 1}, "service_level must be above 0 and below 1, got 1."),
        ({"answer_rate": 0}, "answer_rate must be above 0 and below 1, got 0."),
        (
            {"occupancy": "75 %"},
            "occupancy must be above 0 and below 1, got '75 %'. Write 0.8 for 80 %.",
        ),
        ({"mean_speed_of_answer": 0}, "mean_speed_of_answer must be a positive number of seconds"),
        ({"mean_speed_of_answer": math.inf}, "mean_speed_of_answer must be a positive number of"),
        ({"p_target_met": 0.9}, "p_target_met must be given beside a service_level, got 0.9."),
        ({"p_target_met": 0.9, "answer_rate": 0.5}, "p_target_met must be given beside a service"),
        ({"service_level": 0.8, "p_target_met": 1}, "p_target_met must be above 0 and below 1"),
        ({"service_level": 0.8, "within": -1}, "within must be a number of seconds, at least 0"),
        ({"service_level": 0.8, "variant": "al"}, "variant must be one of offered, "),
    ],
)
def test_a_target_that_cannot_be_is_an_error(asked: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: Target(**asked)).startswith(sentence)


GOOD: dict[str, Any] = {"group": "600", "target": rs.Target(answer_rate=0.6)}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"group": "700"},
            "group must be the number of a group of the scenario, got '700'. "
            "Its groups are 600, 601.",
        ),
        ({"group": "601"}, NO_CALLS.format(601)),
        (
            {"target": 0.8},
            "target must be a ringsim.Target, got 0.8. Write Target(service_level=0.8, within=20).",
        ),
        ({"max_members": 0}, "max_members must be a whole number from 1 to 10000, got 0."),
        ({"max_members": 2.5}, "max_members must be a whole number from 1 to 10000, got 2.5."),
        (
            {"candidates": ["201"], "max_members": 2},
            "max_members must be at most 1, the candidates there are, got 2.",
        ),
        ({"candidates": []}, "candidates must name somebody, got []."),
        ({"candidates": "201"}, "candidates must be a list, got '201'."),
        (
            {"candidates": ["201", "x"]},
            "candidates[1].extension_number must be a string of 3 to 64 digits, got 'x'.",
        ),
        (
            {"candidates": ["201", "201"]},
            "candidates[1].extension_number must not be listed twice, got '201'.",
        ),
        (
            {"candidates": ["201", "601"]},
            "candidates[1].extension_number must be a person's number, not a ring group's, "
            "got '601'.",
        ),
        (
            {"candidates": ["201"], "template": "201"},
            "template must not be given beside candidates, got '201'.",
        ),
        ({"template": "209"}, "template must be the number of a person of the scenario, got '209'"),
        ({"shrinkage": 1}, "shrinkage must be at least 0 and below 1, got 1."),
        ({"shrinkage": "30 %"}, "shrinkage must be at least 0 and below 1, got '30 %'."),
        ({"replications": 1}, "replications must be a whole number, at least 2, got 1."),
        ({"max_replications": 19}, "max_replications must be a whole number, at least 20, got"),
        ({"seed": -1}, "seed must be a whole number, at least 0, got -1."),
        ({"engine": "simpi"}, "engine must be "),
        ({"workers": 0}, "workers must be a whole number, at least 1, got 0."),
        ({"dispatcher": "CYCLIC"}, "dispatcher must be the name of a registered dispatcher"),
    ],
)
def test_what_cannot_be_is_an_error_before_anything_is_played(
    asked: dict[str, Any], sentence: str
) -> None:
    told: list[int] = []
    scenario = office().replace(
        groups=[*office().groups, {"extension_number": "601", "members": ["301"]}]
    )

    def ask() -> rs.Sizing:
        return rs.size(scenario, **GOOD | asked, on_progress=lambda done, of: told.append(done))

    assert refusal(ask).startswith(sentence)
    assert told == []


def test_nobody_calling_is_an_error() -> None:
    quiet = office(0)
    assert refusal(lambda: rs.size(quiet, "600", rs.Target(answer_rate=0.5))) == (
        NO_CALLS.format(600)
    )


# How long a caller can wait


@pytest.mark.parametrize(
    ("scenario", "longest"),
    [
        (lonely("CYCLIC_HUNT", patience=math.inf), 60),
        (lonely("RING_SIMULTANEOUSLY", patience=math.inf), 20),
        (lonely("CYCLIC_HUNT", patience=45), 45),
        (
            lonely(
                "CYCLIC_HUNT",
                patience=math.inf,
                no_answer_forward_rule={"action": "REPEAT"},
                max_repeats=2,
                repeat_delay=7,
            ),
            3 * 60 + 2 * 7,
        ),
        (lonely("CYCLIC_HUNT", n=0, patience=math.inf), 3),
        (
            office(patience=math.inf, others=[BACKUP], no_answer_forward_rule=FORWARD),
            2 * 20 + 20,
        ),
        (lonely("CYCLIC_HUNT", patience=2), 3),
    ],
)
def test_the_longest_mean_wait_is_that_of_all_rings(scenario: rs.Scenario, longest: float) -> None:
    """With a limit of 3 s, the greatest mean wait is at least 3 s."""
    dispatchers = {
        each.extension_number: rs.dispatch.dispatcher_for(each.ring_strategy)
        for each in scenario.groups
    }
    found = longest_mean_wait(scenario, scenario.group("600"), dispatchers, 3.0)
    assert longest - 1e-9 <= found <= longest + 60 / 4096  # rounded up by a quantile


def test_the_longest_mean_wait_of_callers_who_give_up_is_their_patience() -> None:
    scenario = lonely("CYCLIC_HUNT", n=50, patience=stats.expon(scale=40))
    dispatchers = {"600": rs.dispatch.dispatcher_for(scenario.group("600").ring_strategy)}
    found = longest_mean_wait(scenario, scenario.group("600"), dispatchers, 10.0)
    assert found == pytest.approx(10 + 40 * math.exp(-10 / 40), rel=0.01)


@pytest.mark.parametrize("name", SIZED)
def test_no_day_has_a_longer_mean_wait(name: str) -> None:
    scenario, _ = SIZED[name]
    study = study_of(scenario, seed=1, engine="auto", dispatcher=None)
    longest = longest_mean_wait(scenario, scenario.group("600"), study.dispatchers, 0.0)
    for replication in range(20):
        calls = study.replay(replication).calls
        answered = calls[(calls["group"] == "600") & (calls["outcome"] == "answered")]
        assert answered.empty or answered["wait"].mean() <= longest


def test_the_only_group_needs_no_naming() -> None:
    scenario, asked = office(), {"target": rs.Target(answer_rate=0.5), "max_replications": 20}
    assert str(rs.size(scenario, **asked)) == str(rs.size(scenario, "600", **asked))
    several = scenario.replace(groups=[*scenario.groups, {"extension_number": "601"}])
    assert refusal(lambda: rs.size(several, **asked)) == (
        "group must say which of the 2 groups it is. Its groups are 600, 601."
    )
    assert refusal(lambda: rs.size(scenario)).startswith("target must be a ringsim.Target, got")
