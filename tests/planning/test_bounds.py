"""Upper bounds of metrics hold for whatever is simulated, and say what would be found out.

The bounds of groups whose members do not decline are tested in `test_size.py`, too.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import ringsim as rs
from ringsim.confidence import Count, Product
from ringsim.dispatch import FanOut, Hunt, dispatcher_for
from ringsim.metrics import Thresholds
from ringsim.planning._bounds import longest_mean_wait, longest_visit, reachable_share
from ringsim.planning._evidence import evidence_of
from ringsim.planning._study import study_of
from support.helpers import refusal

STRATEGIES = [
    "PRIORITIZED_HUNT",
    "CYCLIC_HUNT",
    "SKILL_BASED_ROUTING_PRIORITIZED_HUNT",
    "RING_SIMULTANEOUSLY",
]
DELAYS = [0, 3, 12, stats.expon(scale=8), rs.lognormal(mean=9, cv=1)]


def reached(scenario: rs.Scenario, within: float) -> float:
    group = scenario.groups[0]
    return reachable_share(scenario, group, dispatcher_for(group.ring_strategy), within)


def simulated(scenario: rs.Scenario, within: float) -> Any:
    """Return the service level, with an interval that is wrong once in 10,000 studies."""
    result = rs.simulate(scenario, replications=30, workers=1)
    return result.figure("service_level", "600", Thresholds(within)).estimate(0.9999)


def decliners(n: int = 5, **fields: Any) -> rs.Scenario:
    """Return a group whose members answer every second ring after 3 s, and decline after 4 s."""
    person = {"answer_delay": 3, "answer_probability": 0.5, "decline_probability": 1}
    numbers = [f"20{place}" for place in range(n)]
    group = {"extension_number": "600", "members": numbers, "ring_time": 20}
    people = [rs.Extension(number, decline_delay=4, **person) for number in numbers]
    return rs.Scenario(
        groups=[{"ring_strategy": "PRIORITIZED_HUNT"} | group | fields],
        demand={"600": rs.Demand(calls_per_hour=10, talk_time=30)},
        extensions=people,
        hours=8,
    )


@st.composite
def groups_that_decline(draw: st.DrawFn) -> rs.Scenario:
    """Draw a group of which some members decline some of their rings, with its callers."""
    numbers = [f"20{place}" for place in range(draw(st.integers(2, 5)))]
    people = [
        rs.Extension(
            number,
            answer_delay=draw(st.sampled_from(DELAYS)),
            answer_probability=draw(st.sampled_from([0.3, 0.6])),
            decline_probability=draw(st.sampled_from([1, 0.5, 0])),
            decline_delay=draw(st.sampled_from(DELAYS)),
        )
        for number in numbers
    ]
    group: dict[str, Any] = {
        "extension_number": "600",
        "members": numbers,
        "ring_strategy": draw(st.sampled_from(STRATEGIES)),
        "ring_time": draw(st.sampled_from([20, 5])),
    }
    if draw(st.booleans()):
        group |= {"no_answer_forward_rule": {"action": "REPEAT"}, "max_repeats": 2}
    demand = rs.Demand(
        calls_per_hour=30,
        talk_time=draw(st.sampled_from([0, 60])),
        patience=draw(st.sampled_from([math.inf, stats.expon(scale=30), 8])),
    )
    return rs.Scenario(groups=[group], demand={"600": demand}, extensions=people, hours=3)


@given(groups_that_decline(), st.sampled_from([20, 8, 4, math.inf]))
def test_no_more_calls_are_answered_than_can_be_reached(
    scenario: rs.Scenario, within: float
) -> None:
    low = simulated(scenario, within).low
    assert math.isnan(low) or low <= reached(scenario, within)


@pytest.mark.parametrize("within", [3, 7, 11, 20, math.inf])
def test_where_all_decline_and_are_free_the_bound_is_what_is_reached(within: float) -> None:
    """Declines after 4 s: the waves start after 0, 4, 8, ... s."""
    waves = min(5, (within - 3) // 4 + 1)
    assert reached(decliners(), within) == pytest.approx(1 - 0.5**waves)
    found = simulated(decliners(), within)
    assert found.low <= 1 - 0.5**waves


def test_a_wave_ends_when_the_quickest_could_have_declined() -> None:
    """One member who declines at any time is enough for a bound of all phones at once."""
    scenario = decliners(3)
    never = [person.replace(decline_probability=0) for person in scenario.extensions]
    assert reached(scenario.replace(extensions=never), 20) == 0.5
    at_any_time = [*never[:2], never[2].replace(decline_probability=0.1, decline_delay=PATIENT)]
    assert reached(scenario.replace(extensions=at_any_time), 3) == 1 - 0.5**3


PATIENT = stats.expon(scale=60)
TARGET = rs.Target(service_level=0.8)


def test_a_target_that_is_met_with_declines_is_not_refused() -> None:
    scenario = decliners()
    assert rs.size(scenario, target=TARGET, max_members=6).members == 3
    staffing = rs.staffing(scenario, target=TARGET, width=8 * 3600, replications_played=20)
    assert staffing.table["members"].tolist() == [3]
    optimum = rs.optimize(
        scenario,
        over={"ring_strategy": ["PRIORITIZED_HUNT", "RING_SIMULTANEOUSLY"]},
        minimise="interruptions_per_hour",
        subject_to=TARGET,
        max_replications=200,
    )
    assert optimum.table["replications"].min() > 0
    assert "PRIORITIZED_HUNT" in str(optimum.best)


def test_a_target_that_declines_do_not_reach_is_refused() -> None:
    beyond = rs.Target(service_level=0.98)
    assert refusal(lambda: rs.size(decliners(), target=beyond, max_members=5)).startswith(
        "target.service_level must be at most 0.969, got 0.98. However many of up to 5 members"
    )


# The longest mean wait of a day


class InPairs(Hunt):
    """Dispatcher that rings two members at a time."""

    at_once = 2


def test_a_wave_of_which_others_are_on_calls_is_a_wave_too() -> None:
    """Four members are free one after the other, so that four waves of one phone are rung."""
    free_at = {"201": 0, "202": 15, "203": 35, "204": 55}
    group = {"extension_number": "600", "members": list(free_at), "ring_time": 20}
    office = rs.Scenario(
        groups=[group], demand={"600": rs.Demand(calls_per_hour=1, talk_time=60)}, hours=1
    )
    workload = rs.Workload(
        arrives_at=[0],
        talk_time=60,
        wrap_up_time=0,
        patience=math.inf,
        group="600",
        answer_delay=dict.fromkeys(free_at, math.inf) | {"204": 19},
        own_calls=[(0, number, until) for number, until in free_at.items() if until],
    )
    [call] = rs.play(office, workload, dispatcher=InPairs()).calls.itertuples()
    assert call.wait == 79
    rules = office.rules("600")
    assert longest_visit(office.groups[0], InPairs(), rules) == 80
    assert longest_visit(office.groups[0], FanOut(), rules) == 20


@given(groups_that_decline(), st.integers(0, 1000), st.sampled_from([1, 2, 3]))
@settings(max_examples=25)
def test_no_call_stays_longer_than_the_longest_visit(
    scenario: rs.Scenario, seed: int, at_once: int
) -> None:
    """Whoever declines, answers for another call, or is on a call."""
    dispatcher = type("Several", (Hunt,), {"at_once": at_once})()
    own = rs.Demand(calls_per_hour=20, talk_time=60)
    people = [person.replace(own_calls=own) for person in scenario.extensions]
    log = rs.play(
        scenario.replace(extensions=people),
        rs.Workload.draw(scenario.replace(extensions=people), seed=seed),
        dispatcher=dispatcher,
    )
    most = longest_visit(scenario.groups[0], dispatcher, scenario.rules("600"))
    assert (log.calls["wait"] <= most + 1e-6).all()


PATIENCE: dict[str, Any] = {
    "constant": stats.uniform(60, 1e-9),
    "uniform": stats.uniform(0, 90),
    "exponential": stats.expon(scale=60),
    "lognormal": stats.lognorm(1, scale=60),
    "of a heavy tail": stats.pareto(1.5, scale=30),
}
WITHOUT_END = ["freepbx-ringgroup/hunt", "asterisk-queue/rrmemory"]


def waiting(preset: str, patience: Any) -> rs.Scenario:
    """Return a group whose rules set no limit to the time that a call spends in it."""
    group = {"extension_number": "600", "members": ["201", "202", "203"], "preset": preset}
    demand = rs.Demand(calls_per_hour=20, talk_time=120, patience=patience)
    return rs.Scenario(groups=[group], demand={"600": demand}, hours=2)


def longest(scenario: rs.Scenario, limit: float) -> float:
    study = study_of(scenario, seed=0, engine="auto", dispatcher=None)
    return longest_mean_wait(scenario, scenario.groups[0], study.dispatchers, limit)


@pytest.mark.parametrize("limit", [1.0, 40.0, 5000.0])
@pytest.mark.parametrize("kind", PATIENCE)
def test_without_an_end_of_the_visit_the_wait_ends_with_the_patience(
    kind: str, limit: float
) -> None:
    """On the worst day everybody who is that patient waits to the end of their patience."""
    patience = PATIENCE[kind]
    exact = limit + integrate.quad(patience.sf, limit, np.inf, limit=500)[0]
    found = longest(waiting(WITHOUT_END[0], patience), limit)
    assert exact - 1e-6 <= found <= 1.05 * exact


def test_without_any_end_the_wait_has_none() -> None:
    for patience in (math.inf, stats.pareto(0.9, scale=30)):
        assert longest(waiting(WITHOUT_END[0], patience), 30) == math.inf


def test_the_worst_day_is_twice_the_worst_seen_if_nobody_knows_it() -> None:
    sums, cases = np.array([30.0, 8.0]), np.array([3.0, 2.0])
    waits = Product((sums, 1), (cases, -1))
    assert evidence_of(waits, math.inf).most == 20
    assert evidence_of(waits, 12).most == 12
    assert evidence_of(waits, 5).most == 10
    rings = Count(events=sums, per=2)
    assert evidence_of(rings, math.inf).most == 30


@pytest.mark.parametrize(
    ("preset", "patience"),
    [
        (WITHOUT_END[0], 60),
        (WITHOUT_END[0], math.inf),
        (WITHOUT_END[1], stats.expon(scale=60)),
    ],
    ids=["constant", "for ever", "exponential"],
)
def test_a_mean_wait_is_decided_whatever_the_rules(preset: str, patience: Any) -> None:
    scenario = waiting(preset, patience)
    verdicts = {
        limit: rs.size(
            scenario,
            target=rs.Target(mean_speed_of_answer=limit),
            max_members=2,
            max_replications=200,
        ).table["meets"]
        for limit in (30, 3)
    }
    assert verdicts[30].loc[2] == "yes"
    assert verdicts[3].loc[2] == "no"
    wanted = rs.Precision("mean_speed_of_answer", 1.0, max_replications=400)
    assert rs.simulate(scenario, until=wanted).reached


def test_why_a_size_is_undecided() -> None:
    """Too few calls with 3 of them; too close with a limit that is the very figure."""

    def told(calls_per_hour: float, limit: float | None, replications: int) -> str:
        callers = {"600": rs.Demand(calls_per_hour=calls_per_hour, talk_time=30)}
        scenario = decliners(1).replace(demand=callers)
        seen = rs.simulate(scenario, replications=replications).figure("answer_rate")
        target = rs.Target(answer_rate=seen.estimate().estimate if limit is None else limit)
        given = {"replications": replications, "max_replications": replications}
        return str(rs.size(scenario, target=target, max_members=1, **given))

    assert "undecided after 2 replications: too few calls to tell" in told(0.2, 0.5, 2)
    assert "undecided after 25 replications: too close to the target to tell" in told(30, None, 25)
