"""Control of a study by the talk time of its callers, whose expectation is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import control_studies
import ringsim as rs
from ringsim.confidence import Controlled, Count
from ringsim.metrics import METRICS
from ringsim.planning._control import excess_talk_time
from ringsim.planning._study import study_of
from support.helpers import refusal
from support.profiles import SLOW

slow = pytest.mark.skipif(not SLOW, reason="plays many studies: set RINGSIM_SLOW=1")
OFFICE = rs.Scenario(
    groups=[
        {"extension_number": "600", "members": ["201", "202"], "ring_time": 15},
        {"extension_number": "601", "members": ["203"]},
    ],
    demand={
        "601": rs.Demand(calls_per_hour=10, talk_time=rs.Empirical([20.0, 100.0])),
        "600": rs.Demand(
            calls_per_interval=[10, 20, 5],
            interval=1800,
            talk_time=rs.lognormal(mean=120, cv=1),
            patience=stats.expon(scale=40),
            busyness=0.2,
        ),
    },
    hours=2,
)


def simulated(replications: int = 40, **given: Any) -> rs.Result:
    return rs.simulate(OFFICE, replications=replications, control=True, **given)


def studied(scenario: rs.Scenario) -> Any:
    return study_of(scenario, seed=3, engine="auto", dispatcher=None)


def test_the_talk_time_is_that_of_the_callers_of_each_group() -> None:
    [excess] = excess_talk_time(studied(OFFICE), [range(5), range(7, 9)])
    for row, replication in enumerate([0, 1, 2, 3, 4, 7, 8]):
        workload = rs.Workload.draw(OFFICE, seed=3, replication=replication)
        for place, (number, expected) in enumerate([("600", 35 * 120), ("601", 20 * 60)]):
            mine = np.array(workload.group) == number
            asked = workload.talk_time[mine].sum()
            assert excess[row, place] == pytest.approx(asked - expected)


def test_its_expectation_is_known() -> None:
    """Also with busy days and with rates by interval; the mean excess is 0 but for chance."""
    [excess] = excess_talk_time(studied(OFFICE), [range(4000)])
    errors = excess.std(axis=0) / np.sqrt(len(excess))
    assert (np.abs(excess.mean(axis=0)) < 4 * errors).all()


def test_rates_and_means_are_corrected_and_nothing_else() -> None:
    result, plain = simulated(), rs.simulate(OFFICE, replications=40)
    for name in METRICS:
        mine, theirs = (each.figure(name, "600") for each in (result, plain))
        estimate, other = mine.estimate(), theirs.estimate()
        if isinstance(mine, Controlled) and other.is_trusted:
            assert estimate.estimate != other.estimate
            assert estimate.low < estimate.estimate < estimate.high
        else:
            assert estimate == other or np.isnan(other.estimate)
    assert isinstance(result.figure("service_level", "600"), Controlled)
    assert isinstance(result.figure("offered", "600"), Count)


def test_fewer_replications_are_needed() -> None:
    wanted = rs.Precision("service_level", 0.02, group="600")
    plain, mine = (rs.simulate(OFFICE, until=wanted, control=each) for each in (False, True))
    assert mine.reached
    assert mine.replications < plain.replications
    assert "service_level reached" in mine.note


def test_parts_joined_are_the_whole() -> None:
    whole = simulated()
    parts = [simulated(20, first_replication=first) for first in (20, 0)]
    joined = type(whole).join(*parts)
    assert joined.summary().equals(whole.summary())
    assert joined.summary(within=7).equals(whole.summary(within=7))


def test_a_week_is_corrected_by_the_talk_time_of_all_its_days() -> None:
    calls = {"mon": [20, 30], "tue": [60, 40]}
    week = rs.Scenario(
        groups=[OFFICE.groups[0]],
        demand={"600": OFFICE.demand["600"].replace(calls_per_interval=calls, interval=3600)},
        days=["mon", "tue"],
        hours=2,
    )
    result = rs.simulate(week, replications=30, control=True)
    by_hand = sum(
        excess_talk_time(
            study_of(week.on(day), seed=0, engine="auto", dispatcher=None), [range(30)]
        )[0]
        for day in week.days
    )
    seen = next(iter(result._observed.values()))
    assert seen.excess_talk_time is not None
    assert seen.excess_talk_time == pytest.approx(by_hand)
    of_day = rs.simulate(week.on("tue"), replications=30, control=True).summary()
    assert result.summary(day="tue").equals(of_day)
    assert (
        result.summary().loc["service_level", "estimate"] != of_day.loc["service_level", "estimate"]
    )


def test_what_a_result_says_of_its_control() -> None:
    assert any("talked than is expected" in note for note in simulated(20).notes)
    assert not any("talked" in note for note in rs.simulate(OFFICE, replications=20).notes)


def test_studies_that_cannot_be_controlled() -> None:
    endless = rs.Demand(calls_per_hour=10, talk_time=stats.pareto(0.9))
    scenario = OFFICE.replace(demand={"600": endless})
    assert refusal(lambda: rs.simulate(scenario, control=True)) == (
        "control must be False, as the mean talk time of callers is not finite, "
        "got 'demand.600.talk_time'."
    )
    day = rs.Workload.draw(OFFICE, seed=1)
    assert "control must not be given beside workload" in refusal(
        lambda: rs.simulate(OFFICE, workload=day, control=True)
    )
    given: Any = 1
    assert "control must be true or false" in refusal(lambda: rs.simulate(OFFICE, control=given))


@slow
@pytest.mark.parametrize("place", control_studies.PLACES)
@pytest.mark.parametrize("replications", [20, 100])
def test_coverage(place: str, replications: int) -> None:
    """The control costs no coverage: at most what chance explains in 400 studies."""
    for row in control_studies.study_of(place, replications, 400):
        lost = row.plain - row.controlled
        assert row.controlled >= stats.binom.ppf(1e-3, row.of, 0.92), row
        assert lost <= 0.05 * row.of, row
