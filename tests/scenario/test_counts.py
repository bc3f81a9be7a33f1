"""Tests of counts per interval, which are the same demand as the equivalent rates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringsim as rs
from ringsim.planning._steady_state import steady_scenario
from ringsim.reporting._tables import rates
from ringsim.scenario import changed
from support.helpers import refusal

COUNTS = [18, 25, 7, 0]
GROUP = {"extension_number": "600", "members": ["201", "202"]}


def demand(**fields: Any) -> rs.Demand:
    return rs.Demand(**{"calls_per_interval": COUNTS, "interval": 900, "talk_time": 60, **fields})


def office(calls: rs.Demand, **fields: Any) -> rs.Scenario:
    return rs.Scenario(**{"groups": [GROUP], "demand": {"600": calls}, "hours": 1, **fields})


def test_a_count_in_a_quarter_of_an_hour_is_four_times_the_rate() -> None:
    assert demand().hourly_rates == (72, 100, 28, 0)
    assert demand().expected_calls(1) == sum(COUNTS)
    assert demand().expected_calls(0.5) == 43
    assert demand().expected_calls(0.125) == 9


@given(
    st.lists(st.integers(0, 40), max_size=5),
    st.sampled_from([450, 900, 1800, 3600]),
    st.sampled_from([0.3, 1, 2]),
)
def test_the_same_calls_are_drawn(counts: list[int], interval: float, hours: float) -> None:
    counted = rs.Demand(calls_per_interval=counts, interval=interval, talk_time=60)
    hourly = rs.Demand(calls_per_hour=counted.hourly_rates, interval=interval, talk_time=60)
    both = [rs.Workload.draw(office(each, hours=hours), seed=3) for each in (counted, hourly)]
    assert np.array_equal(both[0].arrives_at, both[1].arrives_at)
    assert counted.expected_calls(hours) == hourly.expected_calls(hours)


@pytest.mark.parametrize("made", [np.array, pd.Series, tuple, lambda x: pd.Series(x, [5, 6, 7, 8])])
def test_arrays_and_series(made: Any) -> None:
    assert demand(calls_per_interval=made(COUNTS)) == demand()
    rate = rs.Demand(calls_per_hour=made(COUNTS), talk_time=60)
    assert rate == rs.Demand(calls_per_hour=COUNTS, talk_time=60)


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    office(demand()).dump(path)
    assert "calls_per_interval" in path.read_text()
    assert rs.Scenario.load(path) == office(demand())


def test_what_scales_and_changes_calls() -> None:
    assert demand().scaled(2).calls_per_interval == (36, 50, 14, 0)
    twice = changed(office(demand()), {"demand.600.scale": 2})
    assert twice.demand["600"] == demand().scaled(2)
    other = changed(office(demand()), {"demand.600.calls_per_interval": [1, 2]})
    assert other.demand["600"].hourly_rates == (4, 8)


def test_a_stretch_is_as_busy_as_its_interval() -> None:
    calls = steady_scenario(office(demand()), 900, 900, 5).demand["600"]
    assert calls.hourly_rates == 100
    assert calls.calls_per_interval is None


def test_own_calls() -> None:
    person = rs.Extension("201", own_calls=demand())
    workload = rs.Workload.draw(office(demand(), extensions=[person]), seed=1)
    hourly = rs.Demand(calls_per_hour=(72, 100, 28, 0), interval=900, talk_time=60)
    same = rs.Extension("201", own_calls=hourly)
    again = rs.Workload.draw(office(demand(), extensions=[same]), seed=1)
    assert np.array_equal(workload.own_calls.at, again.own_calls.at)
    assert len(workload.own_calls.at) > 20


def test_the_report_says_calls_per_hour() -> None:
    assert rates(demand()) == "0 to 100, by intervals of 15 min"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"calls_per_hour": 4}, "calls_per_hour must not be given beside calls_per_interval."),
        ({"arrives_at": [4]}, "calls_per_interval must not be given beside arrives_at."),
        (
            {"calls_per_interval": 18},
            "calls_per_interval must be a list of numbers of calls, one for each interval, got 18.",
        ),
        (
            {"calls_per_interval": [1, -1]},
            "calls_per_interval[1] must be a finite number of calls, at least 0, got -1.",
        ),
        (
            {"calls_per_intervall": [1]},
            "Demand must have no field 'calls_per_intervall', got [1]. "
            "Did you mean 'calls_per_interval'?",
        ),
    ],
)
def test_refusals(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: demand(**fields)) == sentence
