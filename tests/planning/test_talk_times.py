"""Talk times by interval of arrival: their means over the calls of given hours.

The oracle adds up the calls of small steps, each with the talk time of its interval.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import ringsim as rs
from ringsim.cli._check import _callers
from ringsim.planning._control import excess_talk_time
from ringsim.planning._erlang import ErlangFigures
from ringsim.planning._steady_state import SteadyPeriod, end_of, steady_scenario
from ringsim.planning._study import study_of
from ringsim.planning._talk_times import expected_talk_time, talk_time_of_callers
from ringsim.reporting import _tables

STEP = 45.0  # seconds; all instants below are multiples of it
GROUP = {"extension_number": "600", "members": ["201", "202", "203"]}
INTERVALS = [450.0, 900.0, 1800.0]
RATES = st.integers(0, 90)
HOURS = st.integers(1, 300).map(lambda steps: steps * STEP / 3600)


@st.composite
def demands(draw: st.DrawFn) -> rs.Demand:
    """Draw calls of any kind, with talk times by interval."""
    talk_time = draw(st.lists(st.integers(0, 900), min_size=1, max_size=5))
    n = len(talk_time)
    calls: dict[str, Any] = draw(
        st.one_of(
            st.fixed_dictionaries({"calls_per_hour": RATES}),
            st.fixed_dictionaries({"calls_per_hour": st.lists(RATES, min_size=n, max_size=n)}),
            st.fixed_dictionaries({"calls_per_interval": st.lists(RATES, min_size=n, max_size=n)}),
            st.fixed_dictionaries(
                {"arrives_at": st.lists(st.integers(0, 400).map(lambda at: at * STEP), max_size=9)}
            ),
        )
    )
    return rs.Demand(interval=draw(st.sampled_from(INTERVALS)), talk_time=talk_time, **calls)


def by_hand(demand: rs.Demand, start: float, end: float, closes: float) -> tuple[float, float]:
    """Return the expected number of calls in [start, end), and their talk time [s]."""
    times = [part.mean() for part in getattr(demand.talk_time, "parts", [demand.talk_time])]

    def talk_time(at: float) -> float:
        return times[min(int(at // demand.interval), len(times) - 1)]

    def rate(at: float) -> float:
        rates = demand.hourly_rates
        if not isinstance(rates, tuple):
            return rates
        index = int(at // demand.interval)
        return rates[index] if index < len(rates) else 0.0

    if demand.arrives_at is not None:
        given = [at for at in demand.arrives_at if start <= at < end]
        return len(given), sum(map(talk_time, given))
    first, last = (round(at / STEP) for at in (start, min(end, closes)))
    middles = (np.arange(first, last) + 0.5) * STEP
    calls = [rate(at) * STEP / 3600 for at in middles]
    return sum(calls), sum(n * talk_time(at) for n, at in zip(calls, middles, strict=True))


def office(demand: rs.Demand, **fields: Any) -> rs.Scenario:
    return rs.Scenario(**{"groups": [GROUP], "demand": {"600": demand}, "hours": 2} | fields)


@given(demands(), HOURS)
def test_all_callers_of_a_day(demand: rs.Demand, hours: float) -> None:
    calls, seconds = by_hand(demand, 0, math.inf, hours * 3600)
    assert expected_talk_time(demand, hours) == pytest.approx(seconds)
    assume(calls)
    scenario = office(demand, hours=hours)
    assert talk_time_of_callers(scenario, "600").mean() == pytest.approx(seconds / calls)


@given(demands(), HOURS, st.sampled_from([450, 900, 1350, 3600]), st.integers(0, 4))
def test_the_callers_of_a_steady_period(
    demand: rs.Demand, hours: float, width: float, index: int
) -> None:
    scenario, start = office(demand, hours=hours), index * width
    end = start + width if demand.arrives_at is not None else end_of(scenario, start, width)
    calls, seconds = by_hand(demand, start, end, hours * 3600)
    assume(calls)
    steady = steady_scenario(scenario, start, width, 4).demand["600"]
    assert steady.hourly_rates == pytest.approx(calls / (end - start) * 3600)
    about = 900 / 1024 / 2 * len(getattr(demand.talk_time, "parts", [0]))  # of tabulated quantiles
    assert steady.talk_time.mean() == pytest.approx(seconds / calls, abs=about)


CASES = {
    "one rate, longer hours": (rs.Demand(calls_per_hour=40, talk_time=[60, 300]), {"hours": 4}),
    "rates, shorter hours": (
        rs.Demand(calls_per_hour=[10, 80, 20, 10], talk_time=[60, 600, 30, 30], busyness=0.2),
        {"hours": 1.25},
    ),
    "given instants": (
        rs.Demand(
            arrives_at=[60, 1700, 1750, 7300],
            talk_time=[rs.lognormal(mean=100, cv=1), rs.lognormal(mean=400, cv=0.5)],
        ),
        {},
    ),
    "callers who try again": (
        rs.Demand(
            calls_per_hour=60,
            talk_time=[30, 300],
            patience=20,
            redial=rs.Redial(probability=0.5, delay=60),
        ),
        {"hours": 3},
    ),
    "weekdays": (
        rs.Demand(calls_per_hour={"mon": [90, 10], "tue": [10, 90]}, talk_time=[60, 600]),
        {"days": ["mon", "tue"], "hours": 0.75},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_control_is_0_on_average(name: str) -> None:
    demand, fields = CASES[name]
    study = study_of(office(demand, **fields), seed=3, engine="auto", dispatcher=None)
    for day in excess_talk_time(study, [range(1500)]):
        assert abs(day.mean()) < 4 * day.std() / math.sqrt(len(day))


def test_a_controlled_share_is_the_plain_one() -> None:
    demand = CASES["one rate, longer hours"][0].replace(patience=60)
    plain, controlled = (
        rs.simulate(office(demand, hours=4), replications=60, control=each).figure("service_level")
        for each in (False, True)
    )
    low, high = plain.estimate(0.999)[1:3]
    assert low < controlled.estimate().estimate < high


@pytest.mark.parametrize("name", CASES)
def test_erlangs_load_is_that_of_all_calls(name: str) -> None:
    demand, fields = CASES[name]
    scenario = office(demand, **fields)
    seconds = sum(
        by_hand(day.demand["600"], 0, math.inf, day.hours * 3600)[1] for day in scenario.daily
    )
    assert ErlangFigures.of(scenario, "600").load == pytest.approx(
        seconds / (3600 * scenario.hours * len(scenario.daily))
    )


def test_a_steady_period_is_long_enough_for_the_longest_calls() -> None:
    demand = rs.Demand(calls_per_hour=20, talk_time=[60, 60, 60, 1800])
    assert SteadyPeriod.of(office(demand), 1800).warm_up == 5
    assert SteadyPeriod.of(office(demand, hours=1.5), 1800).warm_up == 1, "there are none then"


def test_mean_talk_times_on_the_screen_and_in_a_report() -> None:
    own = rs.Extension("201", own_calls=rs.Demand(calls_per_hour=2, talk_time=[30, 90]))
    scenario = office(CASES["one rate, longer hours"][0], hours=4, extensions=[own])
    assert "Calls last 270 s on average" in "\n".join(_callers(scenario))
    assert "270 s" in str(_tables.callers(scenario).rows)
    assert "82.5 s" in str(_tables.people(scenario).rows)
