"""Estimates at a bound of their search, and estimates at the end of their scale."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from ringsim.estimators import (
    Exposure,
    Interval,
    answering,
    away,
    busyness,
    day_interval,
    patience,
    rate_per_hour,
    survival_interval,
)
from ringsim.estimators._answering_likelihood import START, bounds_of, log_likelihood_of
from ringsim.estimators._at_bounds import Intervals
from ringsim.estimators._episodes import Episodes
from ringsim.estimators._likelihood import Maximum, Parameters, maximise, without_each_day
from ringsim.estimators._wrap_up import WRAP_UPS

LOSS = stats.chi2.isf(0.05, 1) / 2  # of log-likelihood, that a likelihood ratio test accepts
ONE = Parameters(units=1, own=1, shared=0)
SHAPE = 2.5


def holds(found: Interval, value: float) -> bool:
    return found.low <= value <= found.high


def enough(of: int, level: float = 0.95) -> float:
    """Return the number of intervals that cover, below which chance is no excuse."""
    return float(stats.binom.ppf(5e-4, of, level))


def rung(rng, people, *, rings=200, days=6, shape=SHAPE, ring_time=15.0, colleague=20.0):
    """Return rings of people, each with a probability and a mean delay, who never wrap up."""
    n = len(people) * rings
    member = np.repeat(np.arange(len(people)), rings)
    probability, mean = np.array(people).T[:, member]
    lifts = np.where(rng.random(n) < probability, rng.gamma(shape, mean / shape), np.inf)
    ends = np.minimum(ring_time, rng.exponential(colleague, n))
    return Exposure(
        day=np.tile(np.arange(rings) * days // rings, len(people)),
        member=member,
        start=np.tile(np.arange(rings) * 100.0, len(people)),
        since=np.full(n, np.inf),
        exposed=np.minimum(lifts, ends),
        answered=lifts <= ends,
    )


# Days left out


def normal(data):
    """Return the log-likelihood of a mean for each unit and one shared log sigma."""

    def function(x):
        mean, spread = x[:-1, None, None], np.exp(x[-1])
        return stats.norm.logpdf(data, mean, spread).sum(axis=2)

    return function


def exactly_without(data, bounds):
    """Return the maximum within bounds without each day, each found by a search of its own."""
    units, days, _ = data.shape
    layout = Parameters(units, 1, 1)
    parts = [np.delete(data, day, axis=1) for day in range(days)]
    return np.array(
        [maximise(normal(part), layout, np.zeros(units + 1), bounds).x for part in parts]
    )


def test_a_parameter_at_its_bound_stays_there_without_each_day():
    """Its Newton step would follow a slope that does not end, and take the others along."""
    rng = np.random.default_rng(1)
    data = rng.normal([[1.0], [3.0]], 1.0, (2, 400)).reshape(2, 8, 50)
    bounds = [(-9.0, 0.5), (-9.0, 9.0), (-9.0, 9.0)]
    found = maximise(normal(data), Parameters(2, 1, 1), np.zeros(3), bounds)
    assert found.at_bound.tolist() == [True, False, False]
    without = without_each_day(normal(data), Parameters(2, 1, 1), found)
    assert (without[:, 0] == 0.5).all()
    moved, really = without[:, 1:] - found.x[1:], exactly_without(data, bounds)[:, 1:] - found.x[1:]
    assert moved == pytest.approx(really, abs=0.1 * np.abs(really).max())


def test_a_step_beyond_a_bound_ends_at_the_bound():
    """The first day alone keeps the mean of the first unit above its bound."""
    rng = np.random.default_rng(2)
    data = rng.normal(0.0, 1.0, (2, 6, 40))
    data[0] -= data[0].mean(axis=1, keepdims=True)
    data[0, 0] += 1.0
    bounds = [(0.1, 9.0), (-9.0, 9.0), (-9.0, 9.0)]
    found = maximise(normal(data), Parameters(2, 1, 1), np.zeros(3), bounds)
    assert not found.at_bound.any()
    without, really = (
        without_each_day(normal(data), Parameters(2, 1, 1), found),
        exactly_without(data, bounds),
    )
    assert without[0, 0] == really[0, 0] == 0.1
    assert (without[1:, 0] > 0.1).all()
    assert without[:, 1:] == pytest.approx(really[:, 1:], abs=0.01)


def test_a_parameter_at_its_bound_stays_there_where_the_likelihood_is_convex():
    """There, a Newton step leads to a minimum, away from the bound."""
    found = maximise(lambda x: np.exp(x[0]) * np.ones((1, 4)), ONE, np.zeros(1), [(-9.0, 2.0)])
    without = without_each_day(lambda x: np.exp(x[0]) * np.ones((1, 4)), ONE, found)
    assert without.tolist() == [[2.0]] * 4


def test_the_others_are_stepped_anew_if_a_step_ends_at_a_bound():
    """Of a quadratic likelihood, one step finds the maximum within bounds, were others moved."""
    rng = np.random.default_rng(3)
    centres = rng.normal(0.0, 1.0, (8, 2))
    centres += 0.05 - centres.mean(axis=0)
    precision = np.array([[1.0, 0.9], [0.9, 1.0]])

    def without_one(day):
        others = np.delete(centres, day, axis=0) if day is not None else centres
        return lambda x: -np.einsum("di,ij,dj->d", x - others, precision, x - others)[None] / 2

    layout, bounds = Parameters(1, 2, 0), [(0.0, 9.0), (-9.0, 9.0)]
    found = maximise(without_one(None), layout, np.zeros(2), bounds)
    assert not found.at_bound.any()
    really = [maximise(without_one(day), layout, np.zeros(2), bounds).x for day in range(8)]
    without = without_each_day(without_one(None), layout, found)
    assert 0 < sum(without[:, 0] == 0) < 8
    assert without == pytest.approx(np.array(really), abs=1e-4)


def test_a_search_that_stops_on_a_slope_begins_anew():
    """With somebody who answers at once, at a bound, it stopped at delays of 9 s, not 6 s."""
    rings = rung(np.random.default_rng(0), [(0.8, 6.0), (0.8, 6.0), (0.8, 1e-6)], rings=1500)
    function, layout = log_likelihood_of(Episodes(rings, 3, 6, 0.1), WRAP_UPS["none"])
    start = np.repeat([*START[:2], START[2]], [3, 3, 1])
    found = maximise(function, layout, start, bounds_of(3, WRAP_UPS["none"], 0.1))
    delays, shape = np.exp(found.x[3:5]), np.exp(found.x[6])
    assert shape == pytest.approx(SHAPE, rel=0.15)
    assert delays == pytest.approx([6.0, 6.0], rel=0.12)


# Intervals by likelihood


def searched(function, bounds, start=0.0) -> Intervals:
    found = maximise(function, ONE, np.array([start]), [bounds])
    return Intervals.of_maximum(function, ONE, found)


@pytest.mark.parametrize("n", [5, 40, 300, 5000])
def test_the_interval_of_a_probability_of_1_or_0_is_that_of_the_formula(n):
    """n answers to n rings: n log p is the loss at the lower bound."""

    def all_answered(x):
        return np.full((1, 4), -n / 4) * np.log1p(np.exp(-x[0]))

    sure = searched(all_answered, (-12.0, 12.0)).of(0, "logit")
    assert sure.low == pytest.approx(math.exp(-LOSS / n), abs=2e-2 * (1 - math.exp(-LOSS / n)))
    assert sure.high == 1
    never = searched(lambda x: all_answered(-x), (-12.0, 12.0)).of(0, "logit")
    assert never.low == 0
    assert never.high == pytest.approx(1 - sure.low, rel=1e-2)


@pytest.mark.parametrize("seconds", [1.0, 300.0])
def test_the_interval_of_a_time_that_never_ends_has_no_upper_bound(seconds):
    """Nothing happened for so long: the mean is at least seconds / loss."""

    def nothing(x):
        return np.full((1, 4), -seconds / 4) * np.exp(-x[0])

    found = searched(nothing, (-5.0, 12.0)).of(0)
    assert found.low == pytest.approx(seconds / LOSS, rel=0.03)
    assert found.high == math.inf


def test_bounds_are_unknown_if_the_data_accept_both():
    found = searched(lambda x: np.full((1, 4), 1e-3) * x[0], (-5.0, 5.0)).of(0)
    assert np.isnan(found.low)
    assert np.isnan(found.high)


def test_an_estimate_far_from_the_bounds_has_its_interval_by_days():
    data = np.random.default_rng(3).normal(0.2, 1.0, (1, 8, 50))
    layout = Parameters(1, 1, 1)
    found = maximise(normal(data), layout, np.zeros(2), [(-9.0, 9.0)] * 2)
    without = without_each_day(normal(data), layout, found)[:, 0]
    by_days = day_interval(math.exp(found.x[0]), np.exp(without), "log")
    assert Intervals.of_maximum(normal(data), layout, found).of(0) == by_days


def test_a_bound_in_doubt_is_tested():
    """By days, this probability is known exactly and below 1: each day is like the others."""

    def one_in_1000_missed(x):
        return np.full((1, 4), -25.0) * np.log1p(np.exp(-x[0])) - 0.025 * np.log1p(np.exp(x[0]))

    intervals = searched(one_in_1000_missed, (-9.0, 9.0))
    assert intervals.of(0, "logit").high < 1
    doubted = intervals.of(0, "logit", may_be_most=True)
    assert doubted.high == 1
    assert 0.97 < doubted.low < math.exp(-LOSS / 100)


def test_equal_bounds_hold_a_parameter():
    found = maximise(lambda x: -((x[None] - 3.0) ** 2), ONE, np.array([0.0]), [(1.0, 1.0)])
    assert isinstance(found, Maximum)
    assert found.x.tolist() == [1.0]


# Answering


@pytest.mark.parametrize("probability", [1.0, 0.99])
def test_intervals_of_people_who_answer_nearly_all_cover(probability):
    """They ended below 1 for everybody, so that 1 was never in them."""
    rng, n, covered = np.random.default_rng(4), 15, 0
    for _ in range(n):
        found = answering(rung(rng, [(probability, 6.0), (0.8, 6.0)])).probability[0]
        assert found.low <= found.estimate <= found.high
        assert found.low > 0.6
        covered += holds(found, probability)
    assert covered >= enough(n)


@pytest.mark.parametrize("rings", [50, 400])
def test_somebody_who_never_answered_has_a_bound_above_and_a_borrowed_delay(rings):
    """Their answer delay was at the bound of the search, 148 s."""
    rng = np.random.default_rng(5)
    some = rung(rng, [(0.8, 4.0), (0.0, 6.0), (0.8, 8.0)], rings=rings)
    found = answering(some)
    never, delay = found.probability[1], found.delay[1]
    by_end = stats.gamma.cdf(
        some.exposed[some.member == 1],
        found.shape.estimate,
        scale=delay.estimate / found.shape.estimate,
    )
    assert never.low == 0
    assert np.prod(1 - never.high * by_end) == pytest.approx(0.025)
    assert np.prod(1 - never.estimate * by_end) == pytest.approx(0.5)
    assert found.within[1].high < never.high
    assert found.delay[0].estimate < delay.estimate < found.delay[2].estimate
    assert np.isnan(delay.low)
    assert found.borrowed.tolist() == [False, True, False]
    assert found.n_answered[1] == 0
    assert found.n_rings.tolist() == [rings] * 3


def test_somebody_who_never_answered_changes_nothing_for_the_others():
    some = rung(np.random.default_rng(6), [(0.8, 4.0), (0.0, 6.0), (0.7, 8.0)])
    alone = answering(some.of(some.member != 1).with_member(some.member[some.member != 1] // 2))
    found = answering(some)
    assert found.shape == alone.shape
    assert [found.delay[0], found.delay[2]] == alone.delay
    assert [found.probability[0], found.probability[2]] == alone.probability


def test_people_without_a_ring_are_like_the_others_with_unknown_bounds():
    found = answering(rung(np.random.default_rng(7), [(0.8, 6.0)]), people=2)
    assert found.probability[1].estimate == pytest.approx(found.probability[0].estimate)
    assert np.isnan(found.probability[1].high)
    assert found.delay[1].estimate == found.delay[0].estimate


def test_intervals_of_people_who_seldom_answer_cover():
    rng, n, covered = np.random.default_rng(8), 15, 0
    for _ in range(n):
        found = answering(rung(rng, [(0.02, 6.0), (0.8, 6.0)], rings=60)).probability[0]
        assert found.estimate < 0.5
        covered += holds(found, 0.02)
    assert covered >= enough(n)


def one_answer(after, rings=300):
    """Return rings of one usual person, and of one who answered once, after some seconds."""
    some = rung(np.random.default_rng(9), [(0.8, 6.0), (0.0, 6.0)], rings=rings)
    answered, exposed = some.answered.copy(), some.exposed.copy()
    longest = rings + np.argmax(exposed[some.member == 1])
    answered[longest], exposed[longest] = True, after
    return Exposure(**vars(some) | {"answered": answered, "exposed": exposed})


@pytest.mark.parametrize("after", [3.0, 6.0, 11.0])
def test_a_delay_that_one_answer_does_not_tell_is_that_of_the_others(after):
    """It was 148 s, the bound of the search, or as long as the one answer took."""
    found = answering(one_answer(after))
    assert found.borrowed.tolist() == [False, True]
    assert found.delay[1].estimate == pytest.approx(found.delay[0].estimate, rel=0.01)
    for each in (found.delay[1], found.probability[1]):
        assert not each.high < each.estimate < each.low
        assert not each.high < 3 * each.low
    assert found.probability[1].estimate < 0.05
    assert holds(found.within[1], 1 / 300)


def test_an_answer_that_the_delay_of_the_others_does_not_explain_keeps_its_own():
    found = answering(one_answer(14.9))
    assert found.borrowed.tolist() == [False, False]
    assert found.delay[1].low > found.delay[0].estimate
    assert found.probability[1].high == 1
    assert holds(found.within[1], 1 / 300)


def test_a_delay_of_which_only_the_beginning_is_seen_has_a_wide_interval():
    """The search ended at 148 s, with the probability of 0.39 that goes with it."""
    rng = np.random.default_rng(10)
    found = answering(rung(rng, [(1.0, 400.0), (0.8, 6.0)], rings=3000, shape=1.0))
    assert not found.borrowed[0]
    assert 6 < found.delay[0].low < found.delay[0].estimate
    assert holds(found.delay[0], 400)
    assert holds(found.probability[0], 1.0)
    assert holds(found.within[0], stats.expon.cdf(found.horizon, scale=400))


@pytest.mark.parametrize("clock", [0.1, 1.0])
def test_people_who_answer_at_once_have_a_delay_from_0(clock):
    rng = np.random.default_rng(11)
    rings = rung(rng, [(0.8, 1e-6), (0.8, 1e-6)])
    exposed = np.round(rings.exposed / clock) * clock
    found = answering(Exposure(**vars(rings) | {"exposed": exposed}), clock=clock)
    for delay in found.delay:
        assert delay.low == 0
        assert delay.estimate <= delay.high < clock
    assert not found.borrowed.any()


def test_delays_that_are_all_alike_have_a_shape_from_below():
    rng = np.random.default_rng(12)
    rings = rung(rng, [(0.8, 5.0), (0.7, 5.0)], shape=1e6)
    found = answering(rings)
    assert found.shape.high == math.inf
    assert found.shape.low > 20
    for delay, probability, truth in zip(found.delay, found.probability, (0.8, 0.7), strict=True):
        assert delay.estimate == pytest.approx(5.0, abs=0.1)
        assert holds(probability, truth)


# Wrap-up


def rings_after_calls(rng, wrap_up, *, n=1200, days=8, gap=200.0):
    """Return rings of somebody who answers all after 5 s on average, unless in wrap-up."""
    rows, free, hang_up, now, day = [], 0.0, -np.inf, 0.0, 0
    for i in range(n):
        if i * days // n != day:
            day, free, hang_up, now = i * days // n, 0.0, -np.inf, 0.0
        now += rng.exponential(gap)
        lifts = max(now + rng.gamma(SHAPE, 5.0 / SHAPE), free)
        answers = lifts <= now + 15
        end = lifts if answers else now + 15
        rows.append((day, 0, now, now - hang_up, end - now, answers))
        now = end
        if answers:
            now = hang_up = end + 60
            free = hang_up + wrap_up
    return Exposure(*(np.array(column) for column in zip(*rows, strict=True)))


def test_a_wrap_up_longer_than_the_search_is_known_from_below():
    """It was 1,097 s, give or take 1 s, for 1,500 s in truth."""
    found = answering(rings_after_calls(np.random.default_rng(13), 1500.0)).wrap_up_time
    assert 600 < found.low < found.estimate
    assert holds(found, 1500.0)
    assert found.high == math.inf


@pytest.mark.parametrize("wrap_up", [20.0, 45.0])
def test_a_wrap_up_that_is_always_alike_is_found(wrap_up):
    """At the least variation that was searched, 20 s were 20.16 s, give or take 1.1 s."""
    found = answering(rings_after_calls(np.random.default_rng(14), wrap_up, gap=30.0))
    assert found.wrap_up_time.estimate == pytest.approx(wrap_up, abs=0.3)
    assert found.wrap_up_time.high - found.wrap_up_time.low < 2
    assert found.probability[0].high == 1


# Away spells


def test_spells_that_last_all_day_are_known_from_below():
    rng = np.random.default_rng(15)
    rings = rung(rng, [(0.8, 5.0)], rings=1200, days=20, colleague=1e9)
    gone = np.isin(rings.day, [3, 9, 10])
    columns = vars(rings) | {
        "answered": rings.answered & ~gone,
        "start": rings.start % 6000 * 4.8,
    }
    [found] = away(Exposure(**columns), np.ones(len(rings)))
    assert found.p_value < 1e-6
    assert 3600 < found.lasting.low < found.lasting.estimate
    assert found.lasting.high == math.inf
    assert (found.is_away[gone] > 0.9).all()


# Patience


def test_callers_who_all_give_up_at_one_instant_are_a_curve():
    """The shape of Weibull was 20, the bound of the search."""
    rng = np.random.default_rng(16)
    served = rng.exponential(40.0, 3000)
    found = patience(np.minimum(served, 30.0), served > 30.0, np.arange(3000) % 10)
    assert not found.agrees
    samples = np.array(found.dist["samples"], dtype=float)
    assert samples.min() == samples.max() == 30.0


def test_two_callers_who_gave_up_together_are_no_evidence_of_a_shape():
    found = patience(
        [20.0, 20.0, *[10.0, 40.0] * 20], [True, True, *[False] * 40], np.arange(42) % 6
    )
    assert found.family == "exponential"


def test_callers_who_give_up_at_once_have_a_scale_from_0():
    found = patience(np.zeros(40), np.ones(40, dtype=bool), np.arange(40) % 4)
    scale = found.parameters["scale"]
    assert scale.low == 0
    assert 0 < scale.estimate <= scale.high < 0.01


# Ends of a scale


@pytest.mark.parametrize(("scale", "estimate"), [("log", 0.0), ("logit", 0.0), ("logit", 1.0)])
def test_days_say_nothing_at_the_end_of_a_scale(scale, estimate):
    """The interval was one point, a millionth of a millionth away from the estimate."""
    found = day_interval(estimate, [estimate] * 5, scale)
    assert found.estimate == estimate
    assert np.isnan(found.low)
    assert np.isnan(found.high)


@pytest.mark.parametrize("hours", [2.0, 500.0])
def test_a_rate_without_an_event_has_the_upper_bound_of_poisson(hours):
    found = rate_per_hour(np.zeros(4), np.full(4, hours * 900))
    assert (found.estimate, found.low) == (0, 0)
    assert math.exp(-found.high * hours) == pytest.approx(0.025)


def test_a_share_of_all_callers_has_a_lower_bound():
    wait, gave_up = np.array([*[20.0] * 80, *[5.0] * 20, 12.0]), np.array([False] * 100 + [True])
    found = survival_interval(wait, gave_up, np.arange(101) % 5, 10.0)
    assert (found.estimate, found.high) == (1, 1)
    assert found.low**81 == pytest.approx(0.025)


def test_a_share_of_no_caller_has_unknown_bounds():
    found = survival_interval([5.0] * 30, [True] * 30, np.arange(30) % 5, 9.0)
    assert found.estimate == 0
    assert np.isnan(found.high)


@pytest.mark.parametrize("totals", [[1, 999], [3, 1, 4000], [0, 0, 0, 0, 10_000]])
def test_bounds_of_busyness_have_no_end_of_a_search(totals):
    """They ended at 10."""
    n = np.array(totals, dtype=float)
    found, mean, degrees = busyness(totals).cv, n.mean(), len(n) - 1
    assert found.low <= found.estimate <= found.high
    for cv, tail in ((found.low, 0.975), (found.high, 0.025)):
        pearson = ((n - mean) ** 2 / (mean + (mean * cv) ** 2)).sum()
        assert stats.chi2.cdf(pearson, degrees) == pytest.approx(tail, rel=1e-6)


# Few answers


@pytest.mark.parametrize("answers", [4, 7, 10])
def test_days_do_not_change_the_interval_of_a_delay_with_few_answers(answers: int) -> None:
    """Intervals by days are too short where one day has most answers."""
    rings = rung(np.random.default_rng(answers), [(0.8, 6.0), (0.8, 6.0)], days=12)
    seen = np.cumsum(rings.answered & (rings.member == 1))
    some = rings.of((rings.member == 0) | (seen <= answers))
    found = answering(some, days=12)
    assert found.n_answered[1] == answers
    wanted = found.delay[1]
    for day in (0, np.arange(len(some)) % 12, np.arange(len(some)) % 5):
        moved = replace(some, day=np.where(some.member == 1, day, some.day))
        got = answering(moved.with_member(moved.member), days=12).delay[1]
        assert got == pytest.approx(wanted, rel=0.02)
