"""Estimators of people: exposure, answering, eagerness, duty."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from ringsim.errors import ConfigurationError
from ringsim.estimators import Talks, answering, away, duty, eagerness, exposure
from ringsim.estimators._episodes import Episodes
from ringsim.estimators._likelihood import Parameters, curvature, maximise, without_each_day

NOBODY = Talks([], [], [], [])


def ring(start, end, answered=False, *, day=0, member=0):
    return day, member, start, end, answered


def exposed(*rings, talks=NOBODY, own=None):
    return exposure(*zip(*rings, strict=True), talks=talks, own=own)


# Exposure


@pytest.mark.parametrize(
    ("talks", "own", "since", "until", "answered"),
    [
        (NOBODY, None, np.inf, 20.0, True),
        (Talks([0], [0], [10.0], [70.0]), None, 30.0, 20.0, True),
        (Talks([1], [0], [10.0], [70.0]), None, np.inf, 20.0, True),
        (Talks([0], [1], [10.0], [70.0]), None, np.inf, 20.0, True),
        (Talks([0], [0], [10.0], [105.0]), None, -5.0, 20.0, True),
        (Talks([0], [0], [104.0], [150.0]), None, np.inf, 4.0, False),
        (Talks([0], [0], [120.0], [150.0]), None, np.inf, 20.0, True),
        (NOBODY, Talks([0], [0], [112.0], [150.0]), np.inf, 12.0, False),
        (NOBODY, Talks([0], [0], [10.0], [90.0]), np.inf, 20.0, True),
    ],
    ids=[
        "never talked",
        "after a hang-up",
        "another day",
        "another person",
        "still talking",
        "answers another call",
        "answers this call",
        "begins an own call",
        "no wrap-up after an own call",
    ],
)
def test_exposure_of_a_ring(talks, own, since, until, answered):
    found = exposed(ring(100.0, 120.0, True), talks=talks, own=own)
    assert found.since.tolist() == [since]
    assert found.exposed.tolist() == [until]
    assert found.answered.tolist() == [answered]


def test_rings_are_sorted_by_person_day_and_start():
    found = exposed(ring(9, 10, member=1), ring(5, 6, day=1), ring(7, 8), ring(2, 3))
    assert found.start.tolist() == [2, 7, 5, 9]


# Likelihood by day


def test_curvature_and_days_left_out_of_a_known_likelihood():
    """Normal observations with a mean for each unit and one shared log sigma."""
    rng = np.random.default_rng(1)
    data = rng.normal([[1.0], [3.0]], 1.0, (2, 400)).reshape(2, 8, 50)

    def function(x):
        mean, spread = x[:2, None, None], np.exp(x[2])
        return stats.norm.logpdf(data, mean, spread).sum(axis=2)

    layout = Parameters(units=2, own=1, shared=1)
    found = maximise(function, layout, np.zeros(3), [(-9.0, 9.0)] * 3)
    assert found.x[:2] == pytest.approx(data.mean(axis=(1, 2)), abs=1e-4)
    matrix = curvature(function, layout, found.x).sum(axis=0)
    variance = np.exp(2 * found.x[2])
    assert matrix == pytest.approx(np.diag([-400 / variance, -400 / variance, -1600]), abs=0.5)
    without = without_each_day(function, layout, found)
    exact = [np.delete(data, day, axis=1).mean(axis=(1, 2)) for day in range(8)]
    moved, really = without[:, :2] - found.x[:2], np.array(exact) - found.x[:2]
    assert (moved * really).sum() / (really**2).sum() == pytest.approx(1, abs=0.05)


# Episodes


@pytest.mark.parametrize("wraps_up", [True, False])
def test_the_likelihood_of_episodes_is_that_of_the_formula(wraps_up):
    """Each episode is taken on its own, ring by ring; times lie on the clock."""
    rng = np.random.default_rng(2)
    rings = played(rng, 300, probability=0.7, shape=2.0, mean=6.0, wrap_up=stats.gamma(1, scale=20))
    start, hang_up = np.round(rings.start, 1), np.round(rings.start - rings.since, 1)
    exposed = np.maximum(np.round(rings.exposed, 1), 0.1)
    on_clock = {"start": start, "since": start - hang_up, "exposed": exposed}
    rings = type(rings)(**vars(rings) | on_clock)
    episodes = Episodes(rings, 1, 20, 0.1)

    def answers(seconds):
        return 0.7 * stats.gamma.cdf(seconds, 2.0, scale=3.0)

    def over(seconds):
        return stats.gamma.cdf(seconds, 1.5, scale=12.0) if wraps_up else np.ones_like(seconds)

    def formula(rows):
        likelihood, before = 0.0, 0.0
        tick = 0.1
        exposed, age = rings.exposed[rows], rings.since[rows] + rings.exposed[rows]
        factors = [
            (answers(c + tick) - answers(c - tick)) / 2 if answered else 1 - answers(c)
            for c, answered in zip(exposed, rings.answered[rows], strict=True)
        ]
        for r, answered in enumerate(rings.answered[rows]):
            known = 1.0 if np.isinf(age[r]) else float(over(age[r]))
            reached = known
            if answered and np.isfinite(age[r]):
                reached = (known + float(over(age[r] - tick))) / 2
            likelihood += (reached - before) * np.prod(factors[r:])
            before = known
        if answered and np.isfinite(age[-1]):
            density = (over(age[-1] + tick) - over(age[-1] - tick)) / 2
            return likelihood + float(density) * answers(exposed[-1])
        return likelihood + (0.0 if answered else 1 - before)

    bounds = [0]
    for r in range(1, len(rings)):
        same = rings.day[r] == rings.day[r - 1] and hang_up[r] == hang_up[r - 1] > 0
        if not same or rings.answered[r - 1]:
            bounds.append(r)
    bounds.append(len(rings))
    expected = np.zeros(20)
    for a, b in pairwise(bounds):
        expected[rings.day[a]] += np.log(formula(np.arange(a, b)))
    halves = (
        episodes.answers(answers(episodes.delays)[None]),
        episodes.wrap_ups(over(episodes.ages)) if wraps_up else None,
    )
    assert len(episodes) == len(bounds) - 1
    assert episodes.log_likelihood(*halves)[0] == pytest.approx(expected, rel=1e-9)


# Answering


def played(rng, n, *, probability, shape, mean, wrap_up=None, ring_time=15.0, colleague=20.0):
    """Return rings of one person: each ends at an answer, at a colleague's, or after its time.

    The next ring comes 5 to 60 s after the end, so that many fall into the wrap-up.
    """
    rows, talks, now, free = [], [], 0.0, 0.0
    for i in range(n):
        day = i * 20 // n
        if rows and rows[-1][0] != day:
            now = free = 0.0
        start = now + rng.uniform(5, 60)
        lifts = start + rng.gamma(shape, mean / shape) if rng.random() < probability else np.inf
        lifts = max(lifts, free)
        ends = start + min(ring_time, rng.exponential(colleague))
        if lifts <= ends:
            hang_up = lifts + rng.exponential(60)
            free = hang_up + (wrap_up.rvs(random_state=rng) if wrap_up else 0.0)
            rows.append(ring(start, lifts, True, day=day))
            talks.append((day, 0, lifts, hang_up))
            now = hang_up
        else:
            rows.append(ring(start, ends, day=day))
            now = ends
    return exposed(*rows, talks=Talks(*zip(*talks, strict=True)))


def inside(found, value):
    """Return whether a value is within twice the half-width of an interval."""
    return abs(found.estimate - value) <= found.high - found.low


@pytest.mark.parametrize("wrap_up", [None, stats.lognorm(0.7, scale=20), stats.gamma(1, scale=25)])
def test_answering_recovers_habit_and_wrap_up(wrap_up):
    rng = np.random.default_rng(3)
    rings = played(rng, 6000, probability=0.8, shape=2.5, mean=6.0, wrap_up=wrap_up)
    found = answering(rings)
    assert found.probability[0].estimate == pytest.approx(0.8, abs=0.04)
    assert found.delay[0].estimate == pytest.approx(6.0, rel=0.06)
    assert found.shape.estimate == pytest.approx(2.5, rel=0.08)
    assert inside(found.within[0], 0.8 * stats.gamma.cdf(15, 2.5, scale=6 / 2.5))
    if wrap_up is None:
        assert found.wrap_up == "none"
        assert found.wrap_up_dist == 0.0
        assert found.free_after(np.array([0.0])) == 1.0
    else:
        assert found.wrap_up != "none"
        assert found.wrap_up_time.estimate == pytest.approx(wrap_up.mean(), rel=0.12)
        assert found.free_after(np.array([20.0])) == pytest.approx(wrap_up.cdf(20), abs=0.06)
    assert rings.answered.mean() < 0.65  # answered over rung is far below the truth


def test_people_are_told_apart():
    rng = np.random.default_rng(4)
    sure = played(rng, 3000, probability=0.95, shape=2.5, mean=4.0)
    slow = played(rng, 3000, probability=0.6, shape=2.5, mean=9.0)
    columns = zip(vars(sure).values(), vars(slow).values(), strict=True)
    both = [np.concatenate(pair) for pair in columns]
    both[1] = np.repeat([0, 1], [len(sure), len(slow)])
    found = answering(type(sure)(*both))
    assert [inside(p, truth) for p, truth in zip(found.probability, (0.95, 0.6), strict=True)]
    assert found.delay[0].estimate == pytest.approx(4.0, rel=0.06)
    assert found.delay[1].estimate == pytest.approx(9.0, rel=0.12)
    assert found.answered_by(1, np.array([15.0])) == pytest.approx(found.within[1].estimate)


def test_whole_seconds_hardly_bias_the_answer_delay():
    rng = np.random.default_rng(5)
    rings = played(rng, 6000, probability=0.9, shape=2.5, mean=5.0)
    columns = vars(rings) | {"exposed": np.round(rings.exposed), "start": np.floor(rings.start)}
    found = answering(type(rings)(**columns), clock=1.0)
    assert found.delay[0].estimate == pytest.approx(5.0, rel=0.05)
    assert found.probability[0].estimate == pytest.approx(0.9, abs=0.03)


def test_answering_needs_an_answer():
    with pytest.raises(ConfigurationError, match="must hold one that was answered"):
        answering(exposed(ring(0, 20)))


def test_one_answer_is_enough():
    found = answering(exposed(ring(0, 5, True), ring(100, 120)))
    assert 0 < found.probability[0].estimate < 1


# Eagerness


def test_people_who_are_alike_are_drawn_together():
    rng = np.random.default_rng(6)
    alike = eagerness(rng.poisson(8.0, 40), np.full(40, 8.0))
    unlike = eagerness(rng.poisson(8 * rng.gamma(1.0, 1.0, 40)), np.full(40, 8.0))
    assert alike.shape > 10 > unlike.shape
    assert np.ptp(alike.factor) < np.ptp(unlike.factor)


def test_somebody_who_never_answered_is_not_taken_for_nobody():
    found = eagerness([0, 6, 4, 9], [5.0, 5.0, 5.0, 5.0])
    assert 0 < found.low[0] < found.factor[0] < found.high[0] < 1


def test_intervals_of_eagerness_cover():
    rng = np.random.default_rng(7)
    z = rng.gamma(4, 1 / 4, 2000)
    found = eagerness(rng.poisson(z * 6), np.full(2000, 6.0))
    covered = int(((found.low <= z) & (z <= found.high)).sum())
    assert stats.binom.ppf(5e-4, 2000, 0.95) <= covered <= stats.binom.ppf(1 - 5e-4, 2000, 0.95)


@pytest.mark.parametrize(("people", "expected"), [(3, 2.0), (4, 6.0), (6, 6.0)])
def test_intervals_of_a_few_people_cover(people, expected):
    """They say little of how alike they are: most likely, all are the same."""
    rng = np.random.default_rng(7)
    covered, n = 0, 100
    for _ in range(n):
        z = rng.gamma(4, 1 / 4, people)
        found = eagerness(rng.poisson(z * expected), np.full(people, expected))
        covered += int(((found.low <= z) & (z <= found.high)).sum())
        assert (found.low < found.factor).all()
        assert (found.factor < found.high).all()
    assert covered >= stats.binom.ppf(5e-4, n * people, 0.95)


# Duty


@pytest.mark.parametrize(
    ("rang", "chances", "spans"),
    [
        ([0] * 6, [9] * 6, []),
        ([8] * 6, [9] * 6, [(0, 1800)]),
        ([0, 0, 9, 9, 9, 9], [9] * 6, [(600, 1800)]),
        ([9, 9, 0, 0, 9, 9], [9] * 6, [(0, 600), (1200, 1800)]),
        ([9, 9, 0, 9, 9, 9], [9, 9, 0, 9, 9, 9], [(0, 1800)]),
        ([3, 2, 0, 4, 3, 3], [9, 9, 1, 9, 9, 9], [(0, 1800)]),
        ([9, 9, 1, 0, 9, 9], [9, 9, 30, 30, 9, 9], [(0, 600), (1200, 1800)]),
    ],
    ids=["never", "always", "comes later", "a break", "no call", "few calls", "a stray ring"],
)
def test_duty(rang, chances, spans):
    assert duty(rang, chances) == spans


def test_duty_of_a_hunt_is_found_to_five_minutes():
    rng = np.random.default_rng(8)
    chances = rng.poisson(80, 96)
    true = np.ones(96, dtype=bool)
    true[:12] = true[48:54] = False
    rang = rng.poisson(np.where(true, chances * 0.2 * np.where(np.arange(96) < 48, 1.3, 0.7), 0))
    found = np.zeros(96, dtype=bool)
    for start, end in duty(rang, chances):
        found[int(start / 300) : int(end / 300)] = True
    assert (found == true).all()


# Away spells


def rung_all_day(rng, every, lasting, probability=0.8, days=20, rings=150):
    """Return rings of somebody who alternates between present and away."""
    rows = []
    for day in range(days):
        now, here = 0.0, rng.random() < every / (every + lasting)
        change = rng.exponential(every if here else lasting)
        for _ in range(rings):
            now += rng.exponential(28_800 / rings)
            while now > change:
                here = not here
                change += rng.exponential(every if here else lasting)
            answers = here and rng.random() < probability
            rows.append(ring(now, now + (5 if answers else 15), answers, day=day))
    return exposed(*rows)


def test_away_spells_are_found_with_their_length_and_frequency():
    rings = rung_all_day(np.random.default_rng(9), every=3600, lasting=600)
    [found] = away(rings, np.ones(len(rings)))
    assert found.p_value < 1e-6
    assert inside(found.every, 3600)
    assert inside(found.lasting, 600)
    assert found.probability.estimate == pytest.approx(0.8, abs=0.03)
    assert found.share == pytest.approx(1 / 7, abs=0.04)
    assert found.is_away[rings.answered].max() == 0
    assert found.is_away.mean() == pytest.approx(found.share, abs=0.03)


def test_somebody_who_misses_rings_at_random_is_not_away():
    p_values = []
    for seed in range(8):
        rings = rung_all_day(np.random.default_rng(seed), every=1e9, lasting=1, days=6, rings=60)
        p_values.append(away(rings, np.ones(len(rings)))[0].p_value)
    assert min(p_values) > 0.01
