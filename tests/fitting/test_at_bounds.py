"""Fits of people, wrap-up and hours whose truth is at the end of what can be estimated."""

from __future__ import annotations

import math
import re
from functools import cache

import numpy as np
import pytest

import ringsim as rs
from ringsim._words import Said, speaking
from ringsim.estimators import Exposure
from ringsim.fitting._steadiness import steadiness
from ringsim.reporting._assumed import translated
from support.known_group import month

USUAL = {"answer_probability": 0.8, "answer_delay": {"dist": "gamma", "a": 2.5, "scale": 2.4}}


@cache
def fitted(odd: tuple[tuple[str, object], ...] = (), wrap_up: float = 0.0, days: int = 4) -> rs.Fit:
    """Return a fit to days of three people, of whom the last differs, each under its limits."""
    people = [rs.Extension(each, **USUAL) for each in ("201", "202")]
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202", "203"], "ring_time": 15}],
        demand={
            "600": rs.Demand(
                calls_per_hour=40, talk_time=60, patience={"mean": 60}, wrap_up_time=wrap_up
            )
        },
        extensions=[*people, rs.Extension("203", **USUAL | dict(odd))],
        hours=4,
    )
    return rs.fit(month(scenario=scenario, days=days, busyness=0, seed=3), template=scenario)


def row(found: rs.Fit, name: str):
    return found.table.set_index("parameter").loc[name]


def plays(found: rs.Fit) -> bool:
    """Return whether the scenario is that of its file and can be simulated."""
    scenario = rs.Scenario.from_file(found.scenario.to_file())
    answered = rs.simulate(scenario, replications=4, seed=1, workers=1).summary().loc["answer_rate"]
    return scenario == found.scenario and 0 < answered["estimate"] < 1


def test_somebody_who_never_answers_is_not_said_to_be_slow():
    """Their answer delay was at the bound of the search, 148 s."""
    found = fitted((("answer_probability", 0.0),))
    probability = row(found, "extensions.203.answer_probability")
    assert probability["low"] == 0
    assert 0 < probability["estimate"] < probability["high"] < 0.03
    delay = row(found, "extensions.203.answer_delay")
    assert np.isnan(delay["low"])
    assert np.isnan(delay["high"])
    assert delay["method"] == "episodes, delay of the others"
    others = [row(found, f"extensions.{each}.answer_delay")["estimate"] for each in (201, 202)]
    assert min(others) < delay["estimate"] < max(others)
    in_scenario = found.scenario.extension("203")
    assert in_scenario.answer_delay.mean() == pytest.approx(delay["estimate"])
    assert in_scenario.answer_probability == probability["estimate"]
    assert any(each.startswith("203: the rings do not show how soon") for each in found.limits)
    assert plays(found)
    calls = rs.play(found.scenario, rs.Workload.draw(found.scenario, seed=1)).calls
    assert (calls["answered_by"] == "203").sum() <= 2 < (calls["answered_by"] == "201").sum()


def test_somebody_who_always_answers_may_do_so_for_certain():
    """The probability was 0.9975 at most, and 1 outside its interval."""
    found = fitted((("answer_probability", 1.0),))
    probability = row(found, "extensions.203.answer_probability")
    assert 0.9 < probability["low"] < probability["estimate"] <= probability["high"] == 1
    assert 0.98 < found.scenario.extension("203").answer_probability <= 1
    within = row(found, "extensions.203.answers within 15 s")
    assert within["low"] <= within["estimate"] <= within["high"] <= 1
    assert plays(found)


def test_somebody_who_answers_at_once_does_not_change_the_others():
    found = fitted((("answer_delay", 0.0),), days=6)
    delay = row(found, "extensions.203.answer_delay")
    assert delay["low"] == 0
    assert delay["estimate"] <= delay["high"] < 0.1
    for each in ("201", "202"):
        other = row(found, f"extensions.{each}.answer_delay")
        assert other["low"] < 6.0 < other["high"]
    assert not any("more eagerly in some hours" in each for each in found.limits)
    assert plays(found)


def test_a_wrap_up_too_long_to_be_seen_is_known_from_below():
    found = fitted(wrap_up=1500.0, days=6)
    wrap_up = row(found, "demand.600.wrap_up_time")
    assert 300 < wrap_up["low"] < 1500
    assert wrap_up["low"] <= wrap_up["estimate"]
    assert wrap_up["high"] == math.inf
    [said] = [each for each in found.limits if "only show that some times are long" in each]
    assert f"demand.600.wrap_up_time ≥ {wrap_up['low']:.3g} s" in said
    assert found.scenario.demand["600"].wrap_up_time.mean() == pytest.approx(wrap_up["estimate"])
    assert plays(found)


def test_every_sentence_on_bounds_has_words_in_every_language():
    for found in (fitted((("answer_probability", 0.0),)), fitted(wrap_up=1500.0, days=6)):
        with speaking("de"):
            for limit in found.limits:
                assert isinstance(limit, Said)
                assert limit.words != limit
            for part in {part for each in found.table["method"] for part in each.split(", ")}:
                assert translated(part, "method.").lang == "de", part
        assert not re.search(r"\bnan\b", found.report().html)


# Hours


def rung(rng, shape, mean, swing=0.0):
    """Return rings of three people, in hours in which colleagues answer soon and in others."""
    days, hours, per_hour, people = 10, 8, 20, 3
    n = days * hours * per_hour * people
    hour = np.tile(np.repeat(np.arange(hours), per_hour), days * people)
    pace = np.exp(swing * rng.normal(size=hours))[hour]
    lifts = np.where(rng.random(n) < 0.8, pace * rng.gamma(shape, mean / shape, n), np.inf)
    ends = np.minimum(15.0, rng.exponential(np.where(hour % 2, 30.0, 3.0)))
    return Exposure(
        day=np.tile(np.repeat(np.arange(days), hours * per_hour), people),
        member=np.repeat(np.arange(people), n // people),
        start=hour * 3600.0,
        since=np.full(n, np.inf),
        exposed=np.round(np.minimum(lifts, ends), 1),
        answered=lifts <= ends,
    )


@pytest.mark.parametrize(("shape", "mean"), [(0.5, 6.0), (1.0, 6.0), (2.5, 6.0), (20.0, 2.0)])
def test_hours_of_short_rings_are_steady_whatever_the_form_of_the_delays(shape, mean):
    """Answers per second, as if delays were exponential, rejected every one of these studies."""
    rng = np.random.default_rng(1)
    p_values = [steadiness(rung(rng, shape, mean)).p_value for _ in range(40)]
    assert sum(p < 0.05 for p in p_values) <= 8  # exceeded by chance once in 5,000 at 5 %
    assert 0.3 < np.mean(p_values) < 0.75


@pytest.mark.parametrize("shape", [1.0, 2.5, 20.0])
def test_hours_in_which_people_are_slower_are_found(shape):
    rng = np.random.default_rng(2)
    p_values = [steadiness(rung(rng, shape, 6.0, swing=0.6)).p_value for _ in range(10)]
    assert sum(p < 0.05 for p in p_values) >= 8


def test_a_wrap_up_is_no_lack_of_eagerness():
    """Rings within it are left out; they are more frequent in busy hours."""
    rates = [10.0, 90.0] * 4
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"], "ring_time": 15}],
        demand={"600": rs.Demand(calls_per_hour=rates, talk_time=30, wrap_up_time=40)},
        extensions=[rs.Extension(each, **USUAL) for each in ("201", "202")],
        hours=4,
    )
    said = [
        any("more eagerly in some hours" in each for each in found.limits)
        for seed in range(4)
        for found in [
            rs.fit(month(scenario=scenario, days=8, busyness=0, seed=seed), template=scenario)
        ]
    ]
    assert sum(said) <= 1
