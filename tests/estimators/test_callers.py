"""Estimators of callers: arrivals, busyness, patience, talk times."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ringsim.errors import ConfigurationError
from ringsim.estimators import (
    arrivals,
    busyness,
    day_interval,
    mean_of,
    one_way,
    patience,
    rate_per_hour,
    survival,
    survival_interval,
)

SEED = 20


def censored(would_wait, answered_after):
    """Return waits and whether the caller gave up."""
    return np.minimum(would_wait, answered_after), would_wait < answered_after


# Intervals by days


def test_a_mean_has_the_classical_interval():
    values = np.array([3.0, 5.0, 4.0, 8.0])
    found = day_interval(values.mean(), (values.sum() - values) / 3)
    low, high = stats.t.interval(0.95, 3, loc=values.mean(), scale=stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize("scale", ["linear", "log", "logit"])
def test_an_interval_holds_its_estimate_and_stays_possible(scale):
    found = day_interval(0.9, [0.85, 0.99, 0.91], scale)
    assert found.low < 0.9 < found.high
    assert scale != "logit" or 0 < found.low < found.high < 1


def test_one_day_has_no_bounds():
    found = day_interval(3.0, [math.nan])
    assert found.estimate == 3.0
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@pytest.mark.parametrize("scale", ["log", "logit"])
def test_bounds_that_say_nothing_are_unknown(scale):
    """Two days gave bounds of 1e-76 and 1e75 calls an hour."""
    wide = day_interval(0.4, [0.1, 0.9], scale)
    assert wide.estimate == 0.4
    assert math.isnan(wide.low)
    assert math.isnan(wide.high)
    narrow = day_interval(0.4, [0.39, 0.41], scale)
    assert narrow.low < 0.4 < narrow.high


def test_an_estimate_that_is_infinite_without_a_day_has_no_bounds():
    """Such days were left out, and the bounds were too narrow."""
    found = day_interval(0.4, [0.39, math.inf, 0.41, 0.4], "log")
    assert found.estimate == 0.4
    assert math.isnan(found.low)
    assert math.isnan(found.high)


# Arrivals and busyness


def test_arrivals_are_means_of_days():
    found = arrivals([[4, 1], [6, 3]])
    assert found.calls.tolist() == [[5.0, 2.0]]
    assert found.a_day.estimate == 7.0
    assert (found.low <= found.calls).all()
    assert (found.calls <= found.high).all()


@pytest.mark.parametrize("expected", [1.0, 3.0, 30.0])
@pytest.mark.parametrize("days", [2, 20])
def test_intervals_of_few_calls_cover(days, expected):
    """Half-hours without a call had an interval from 0 to 0."""
    rng = np.random.default_rng(SEED)
    found = arrivals(rng.poisson(expected / days, (days, 2000)))
    covered = ((found.low <= expected / days) & (expected / days <= found.high)).sum()
    assert covered >= stats.binom.ppf(5e-4, 2000, 0.95)


def test_an_interval_without_calls_has_the_upper_bound_of_poisson():
    found = arrivals([[0], [0], [0], [0]])
    assert found.low.tolist() == [[0.0]]
    assert found.high == pytest.approx(-math.log(0.025) / 4)
    assert found.a_day.high == pytest.approx(-math.log(0.025) / 4)


def test_two_equal_days_of_few_calls_are_not_certain():
    found = arrivals([[7], [7]]).a_day
    assert found.low < 7 < found.high
    assert found.estimate == 7


def test_weekdays_have_arrivals_of_their_own():
    found = arrivals([[4], [10], [6], [20]], weekday=["mon", "tue", "mon", "tue"])
    assert found.weekdays == ("mon", "tue")
    assert found.calls.tolist() == [[5.0], [15.0]]


def test_busyness_is_found_without_bias_and_its_interval_covers():
    rng = np.random.default_rng(SEED)
    found = [busyness(rng.poisson(400 * rng.gamma(25, 1 / 25, 20))).cv for _ in range(400)]
    mean = np.mean([each.estimate for each in found])
    error = np.std([each.estimate for each in found]) / 20
    assert abs(mean - 0.2) < 3.3 * error
    covered = sum(each.low <= 0.2 <= each.high for each in found)
    assert stats.binom.ppf(5e-4, 400, 0.95) <= covered <= stats.binom.ppf(1 - 5e-4, 400, 0.95)


def test_busyness_has_no_bias_where_half_of_the_differences_are_chance():
    """Chance widens the error of the variance, and so the bias of its root: it was -5 % here.

    The squared busyness by moments, whose mean is known, is the control variate.
    """
    rng = np.random.default_rng(SEED)
    days = rng.poisson(100 * rng.gamma(100, 1 / 100, (800, 20)))
    estimate, low, high = np.array([busyness(each).cv for each in days]).T
    assert (low <= estimate).all()
    assert (estimate <= high).all()
    squared = (days.var(axis=1, ddof=1) - days.mean(axis=1)) / 100**2
    slope, _ = np.polyfit(squared, estimate, 1)
    adjusted = estimate - slope * (squared - 0.1**2)
    error = adjusted.std() / 800**0.5 / 0.1
    assert abs(adjusted.mean() / 0.1 - 1) < 0.02 + error


def test_days_that_differ_by_chance_are_seldom_called_busy():
    rng = np.random.default_rng(SEED)
    few = sum(busyness(rng.poisson(400, 20)).p_value < 0.05 for _ in range(400))
    assert few <= stats.binom.ppf(1 - 5e-4, 400, 0.05)


def test_weekdays_are_no_busyness():
    calls = np.tile([300, 500], 10) + np.tile([0, 0, 5, 5], 5)
    weekday = np.tile(["mon", "fri"], 10)
    assert busyness(calls).p_value < 1e-6
    assert busyness(calls, weekday).p_value > 0.5


@pytest.mark.parametrize("totals", [[5], [0, 0, 0], [7, 7]])
def test_busyness_of_days_without_differences_is_none(totals):
    assert busyness(totals).cv.estimate == 0


def test_weekdays_differ_only_if_they_differ_more_than_days_do():
    rng = np.random.default_rng(SEED)
    alike = [rng.poisson(400 * rng.gamma(25, 1 / 25, 4)) for _ in range(5)]
    assert one_way(alike) > 0.01
    unlike = [*alike[:4], 2 * alike[4]]
    assert one_way(unlike) < 0.01
    assert one_way([[5, 5], [5, 5]]) == 1
    assert one_way([[5, 5], [9, 9]]) == 0


# Patience


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=60).filter(
        lambda rows: any(gave_up for _, gave_up in rows)
    )
)
def test_survival_agrees_with_scipy(rows):
    wait, gave_up = (np.array(part) for part in zip(*rows, strict=True))
    sample = stats.CensoredData(uncensored=wait[gave_up], right=wait[~gave_up])
    oracle = stats.ecdf(sample).sf
    mine = survival(wait, gave_up)
    at = dict(zip(mine.times, mine.share, strict=True))
    for time, share in zip(oracle.quantiles, oracle.probabilities, strict=True):
        if time in at:
            assert at[time] == pytest.approx(share)


def test_the_tail_is_exponential_beyond_the_last_25_callers():
    rng = np.random.default_rng(SEED)
    wait, gave_up = censored(rng.exponential(60, 4000), np.full(4000, 30.0))
    curve = survival(wait, gave_up)
    assert curve.horizon == pytest.approx(30, abs=0.2)
    assert curve.at(90.0) / curve.at(60.0) == pytest.approx(math.exp(-30 * curve.hazard))
    assert curve.hazard == pytest.approx(1 / 60, rel=0.15)
    samples = curve.samples(400)
    assert np.median(samples) == pytest.approx(60 * math.log(2), rel=0.12)
    assert (np.diff(samples) >= 0).all()


def test_too_few_callers_have_no_horizon():
    curve = survival([1.0, 2.0], [True, False])
    assert curve.horizon == 0


@pytest.mark.parametrize(
    ("family", "true", "parameters"),
    [
        ("exponential", stats.expon(scale=60), {"scale": 60}),
        ("Weibull", stats.weibull_min(0.6, scale=60), {"scale": 60, "c": 0.6}),
        ("lognormal", stats.lognorm(1.2, scale=40), {"scale": 40, "s": 1.2}),
    ],
)
def test_patience_recovers_its_family(family, true, parameters):
    rng = np.random.default_rng(SEED)
    wait, gave_up = censored(true.rvs(8000, random_state=rng), rng.exponential(25, 8000))
    found = patience(wait, gave_up, np.arange(8000) % 20)
    assert found.family == family
    assert found.agrees
    for name, value in parameters.items():
        low, high = found.parameters[name].low, found.parameters[name].high
        assert abs(found.parameters[name].estimate - value) < high - low  # twice its half-width
        assert high - low < 0.5 * value
    assert found.dist["dist"] == true.dist.name


def test_patience_that_no_family_follows_is_given_as_samples():
    rng = np.random.default_rng(SEED)
    would_wait = np.where(rng.random(8000) < 0.5, rng.uniform(4, 5, 8000), 400.0)
    wait, gave_up = censored(would_wait, rng.exponential(20, 8000))
    found = patience(wait, gave_up)
    assert not found.agrees
    samples = np.array(found.dist["samples"], dtype=float)
    assert np.mean(samples < 4.6) == pytest.approx(0.3, abs=0.03)


def test_a_curve_on_which_nobody_is_left_is_known_before():
    """The share at earlier waits was NaN."""
    curve = survival([3.0] * 30 + [6.0] * 60, [False] * 30 + [True] * 60)
    assert curve.at([0.0, 5.0, 6.0, 9.0]).tolist() == [1.0, 1.0, 0.0, 0.0]
    assert curve.samples(4).tolist() == [6.0] * 4
    early = survival([0.0] * 30 + [5.0] * 60, [True] * 30 + [False] * 60)
    assert early.at([0.0, 3.0]) == pytest.approx([2 / 3, 2 / 3])


def test_no_family_follows_callers_who_all_give_up_at_two_instants():
    """A rate of infinity after the last instant hid how far each family was off."""
    wait = np.repeat([4.0, 60.0], 200)
    found = patience(wait, np.ones(400, dtype=bool))
    assert not found.agrees
    assert sorted(set(found.dist["samples"])) == [4.0, 60.0]


def test_patience_needs_a_caller_who_gave_up():
    with pytest.raises(ConfigurationError, match="must hold a caller who gave up"):
        patience([3.0, 5.0], [False, False])


def test_whole_seconds_do_not_bias_patience():
    rng = np.random.default_rng(SEED)
    wait, gave_up = censored(rng.exponential(30, 8000), rng.exponential(10, 8000))
    start = rng.uniform(0, 1, 8000)
    whole = np.floor(start + wait) - np.floor(start)
    exact = patience(wait, gave_up).parameters["scale"].estimate
    rounded = patience(whole, gave_up, clock=1.0)
    scale = rounded.at(30.0)
    assert scale == pytest.approx(math.exp(-30 / exact), abs=0.02)


def test_the_interval_of_survival_is_by_days():
    rng = np.random.default_rng(SEED)
    wait, gave_up = censored(rng.exponential(60, 2000), rng.exponential(30, 2000))
    found = survival_interval(wait, gave_up, np.arange(2000) % 10, 20.0)
    assert found.low < math.exp(-20 / 60) < found.high


# Means and rates


def test_a_mean_pools_the_calls_of_all_days():
    assert mean_of([1.0, 2.0, 6.0], [0, 0, 1]).estimate == 3.0


def test_a_rate_is_per_hour_of_exposure():
    found = rate_per_hour([2, 4, 3], [1800, 3600, 2700])
    assert found.estimate == pytest.approx(4.0)
    assert found.low <= 4 <= found.high
    assert rate_per_hour([0, 0], [3600, 3600]) == pytest.approx((0.0, 0.0, -math.log(0.025) / 2))
