"""Busyness: a factor of all rates of a day, drawn for each replication."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import gammaincinv

import ringsim as rs
from ringsim.workload._keys import Stream
from support.helpers import refusal
from support.played import frames
from support.profiles import PROFILE

COLUMNS = ("arrives_at", "talk_time", "wrap_up_time", "patience")


def office(
    cv: float = 0.4, *, shared: bool = False, hours: float = 2, **demands: Any
) -> rs.Scenario:
    """Return an office of two groups whose callers have the same busyness."""
    common = {"talk_time": stats.expon(scale=90), "patience": stats.expon(scale=60), "busyness": cv}
    rates = {"600": 40, "601": [30, 0, 90, 10]} | demands
    return rs.Scenario(
        groups=[
            {"extension_number": number, "members": ["201", "202"]} for number in ("600", "601")
        ],
        demand={number: rs.Demand(calls_per_hour=rate, **common) for number, rate in rates.items()},
        shared_busyness=shared,
        hours=hours,
    )


def factor(cv: float, seed: int, replication: int, *about: str) -> float:
    """Return the busyness of a day, by its definition."""
    [u] = Stream(seed, replication, "busyness", about).take(0, 1)
    return float(gammaincinv(cv**-2, u) * cv**2)


def scaled(scenario: rs.Scenario, factors: dict[str, float]) -> rs.Scenario:
    """Return the scenario without busyness, its calls multiplied by the factors."""
    return scenario.replace(
        demand={
            number: demand.scaled(factors[number]).replace(busyness=0)
            for number, demand in scenario.demand.items()
        }
    )


def counts(scenario: rs.Scenario, replications: int) -> np.ndarray[Any, Any]:
    """Return the number of calls of each group in each replication."""
    result = rs.simulate(scenario, replications=replications, seed=3)
    figures = [result.figure("offered", number).events for number in scenario.group_numbers]  # type: ignore[union-attr]
    return np.array(figures)


@settings(max_examples=PROFILE.examples // 2)
@given(
    cv=st.sampled_from([0.01, 0.2, 1, 3]),
    shared=st.booleans(),
    seed=st.integers(0, 9),
    replication=st.integers(0, 9),
)
def test_a_day_is_a_day_of_its_rates_times_the_factor(
    cv: float, shared: bool, seed: int, replication: int
) -> None:
    """Its callers have the numbers of the same day without busyness."""
    scenario = office(cv, shared=shared)
    about = {number: () if shared else (number,) for number in scenario.demand}
    factors = {number: factor(cv, seed, replication, *about[number]) for number in scenario.demand}
    busy = rs.Workload.draw(scenario, seed, replication)
    plain = rs.Workload.draw(scaled(scenario, factors), seed, replication)
    assert busy.group == plain.group
    for name in COLUMNS:
        assert getattr(busy, name) == pytest.approx(getattr(plain, name), rel=1e-9)


@pytest.mark.parametrize("cv", [0.3, 1])
def test_the_number_of_calls_is_negative_binomial(cv: float) -> None:
    """The mean stays, and the variance m becomes m + (m cv)^2."""
    n = 3000
    of_first, of_second = counts(office(cv), n)
    mean = 80.0
    spread = math.sqrt(mean + (mean * cv) ** 2)
    assert of_first.mean() == pytest.approx(mean, abs=3.3 * spread / math.sqrt(n))
    law = stats.nbinom(cv**-2, 1 / (1 + mean * cv**2))
    u = law.cdf(of_first - 1) + np.random.default_rng(1).random(n) * law.pmf(of_first)
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(of_first, of_second)[0, 1]) < 3.3 / math.sqrt(n)


def test_groups_may_share_their_busy_days() -> None:
    of_first, of_second = counts(office(1, shared=True), 300)
    assert np.corrcoef(of_first, of_second)[0, 1] > 0.9


def test_without_busyness_nothing_changes() -> None:
    plain = office(0)
    unsaid = plain.replace(
        demand={number: each.replace(busyness=0.0) for number, each in plain.demand.items()},
        shared_busyness=True,
    )
    for replication in range(3):
        one, two = (rs.Workload.draw(each, 5, replication) for each in (plain, unsaid))
        assert all((getattr(one, name) == getattr(two, name)).all() for name in COLUMNS)


def test_a_tiny_busyness_makes_no_difference() -> None:
    one, two = (rs.Workload.draw(office(cv), 5) for cv in (0, 1e-200))
    assert len(one) == len(two)
    assert two.arrives_at == pytest.approx(one.arrives_at, rel=1e-4)


@pytest.mark.parametrize("shared", [False, True])
def test_other_groups_and_longer_days_change_no_caller(shared: bool) -> None:
    alone = office(1, shared=shared, hours=1)
    alone = alone.replace(demand={"600": alone.demand["600"]})
    long = office(1, shared=shared, hours=3)
    for replication in range(5):
        one, two = (rs.Workload.draw(each, 5, replication) for each in (alone, long))
        mine = np.array(two.group) == "600"
        early = two.arrives_at[mine] < 3600
        for name in COLUMNS:
            assert (getattr(two, name)[mine][early] == getattr(one, name)).all()


def test_days_of_a_study_are_the_days_drawn_alone() -> None:
    """On both engines, in batches or one by one."""
    scenario = office(1)
    results = [
        rs.simulate(scenario, replications=6, seed=2, engine=engine, keep_logs=True)
        for engine in ("simpy", "compiled")
    ]
    for replication, logs in enumerate(zip(*(each.logs for each in results), strict=True)):
        alone = rs.play(scenario, rs.Workload.draw(scenario, 2, replication))
        assert frames(logs[0]) == frames(logs[1]) == frames(alone)
    batched = rs.simulate(scenario, replications=6, seed=2)
    assert batched.summary().equals(results[0].summary())


def test_own_calls_have_busy_days_of_their_own() -> None:
    own = rs.Demand(calls_per_hour=20, talk_time=1, busyness=2)
    scenario = office(0, hours=1).replace(
        extensions=[rs.Extension(number, own_calls=own) for number in ("201", "202")]
    )
    numbers = np.array(
        [
            [
                (
                    rs.play(scenario, rs.Workload.draw(scenario, 1, r)).own_calls["extension"]
                    == who
                ).sum()
                for who in ("201", "202")
            ]
            for r in range(200)
        ]
    )
    assert (numbers.var(axis=0) > 10 * numbers.mean(axis=0)).all()
    assert abs(np.corrcoef(numbers.T)[0, 1]) < 0.3


def test_it_is_kept_in_files_and_swept_over(tmp_path: Any) -> None:
    scenario = office(0.25, shared=True)
    for name in ("office.toml", "office.json"):
        scenario.dump(tmp_path / name)
        assert rs.Scenario.load(tmp_path / name) == scenario
    table = rs.sweep(scenario, {"demand.600.busyness": [0, 1]}, replications=40, seed=1)
    assert len(table) == 2


@pytest.mark.parametrize("wrong", [-0.1, 10.5, math.nan, math.inf, True, "much"])
def test_it_is_a_number_from_0_to_10(wrong: Any) -> None:
    said = refusal(lambda: rs.Demand(calls_per_hour=1, talk_time=1, busyness=wrong))
    assert said.startswith("busyness must be between 0 and 10, got ")


def test_given_instants_have_no_busyness() -> None:
    said = refusal(lambda: rs.Demand(arrives_at=[1], talk_time=1, busyness=0.2))
    assert said == "busyness must not be given beside arrives_at, got 0.2."
