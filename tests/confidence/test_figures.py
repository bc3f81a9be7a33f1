"""Figures as objects: their estimates, and each replication's contribution to their error."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import ringsim as rs
from ringsim._log_arrays import LogArrays
from ringsim.confidence import (
    Count,
    Days,
    Figure,
    Product,
    Quantile,
    Ranked,
    Rate,
    Share,
    Smooth,
    Unknown,
)
from ringsim.metrics import (
    Layout,
    Observations,
    Observer,
    Roster,
    check_identity,
    format_estimate,
    metric_named,
)

RANDOM = np.random.default_rng(7)
R = 60
CASES = RANDOM.integers(5, 40, R).astype(float)
EVENTS = RANDOM.binomial(CASES.astype(int), 0.7).astype(float)


def _ratio(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    quotient: NDArray[np.float64] = sums[..., 0] / sums[..., 1]
    return quotient


FIGURES: dict[str, Figure] = {
    "count": Count(EVENTS, per=2),
    "rate": Rate(EVENTS, CASES),
    "product": Product((EVENTS, 1), (CASES, -1), constant=3.0),
    "share": Share(CASES, 100),
    "days": Days(EVENTS > 15, CASES > 6),
    "smooth": Smooth(_ratio, np.column_stack((EVENTS, CASES)), 0, 1),
    "quantile": Quantile(0.5, Ranked(RANDOM.gamma(2, 3, R * 40), np.arange(R * 40) % R, R)),
}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_the_influence_tells_the_figure_and_an_error_like_that_of_its_interval(
    figure: Figure,
) -> None:
    """Near enough, as intervals are taken on scales of their own."""
    estimate, (value, residuals) = figure.estimate(), figure.influence()[:2]
    assert value == pytest.approx(estimate.estimate)
    error = math.sqrt((residuals**2).sum() / (len(residuals) * (len(residuals) - 1)))
    half = float(stats.t.ppf(0.975, len(residuals) - 1)) * error
    assert half == pytest.approx((estimate.high - estimate.low) / 2, rel=0.25)


@pytest.mark.parametrize(
    "figure",
    [
        Unknown(),
        Rate(np.zeros(3), np.zeros(3)),
        Share(np.zeros(3), 0),
        Product((np.ones(3), 1), (np.zeros(3), -1)),
    ],
)
def test_without_cases_there_is_neither(figure: Figure) -> None:
    assert math.isnan(figure.estimate().estimate)
    assert math.isnan(figure.influence().value)


def test_one_replication_has_no_error_that_could_be_told() -> None:
    value, residuals = Smooth(_ratio, np.array([[1.0, 2.0]]), 0, 1).influence()[:2]
    assert (value, residuals.tolist()) == (0.5, [0])


def test_a_sum_of_nothing_adds_nothing_to_an_influence() -> None:
    value, residuals = Product((np.zeros(3), 1), (np.ones(3), -1)).influence()[:2]
    assert (value, residuals.tolist()) == (0, [0, 0, 0])


def test_a_note_goes_before_what_the_estimate_says() -> None:
    few = Rate(np.array([0.0, 0.0]), np.array([3.0, 4.0]), note="within 20 s")
    assert few.estimate().note.startswith("within 20 s; few events")


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ((0.841, 0.837, 0.845, "rate"), "84.1 % (83.7 to 84.5)"),
        ((7.5, math.nan, math.nan, "s"), "7.50 s"),
        ((3.0, 2.5, 3.5, "calls"), "3.0 (2.5 to 3.5)"),
        ((1.25, 1.0, 1.5, "erlang"), "1.250 (1.000 to 1.500)"),
        ((math.nan, math.nan, math.nan, "rate"), "-"),
    ],
)
def test_figures_in_words(figure: tuple[float, float, float, str], text: str) -> None:
    assert format_estimate(*figure) == text
    starred = format_estimate(*figure, few=True)
    assert starred == (text if text == "-" else f"{text}*")


def test_a_metric_is_known_by_its_name() -> None:
    assert metric_named("answer_rate").unit == "rate"
    with pytest.raises(rs.ConfigurationError, match=r"Did you mean 'answer_rate'\?"):
        metric_named("answer_rat")


def _day(n: int) -> LogArrays:
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    script = rs.Workload(arrives_at=np.arange(n) * 5.0, talk_time=7, answer_delay={"201": 1})
    return rs.play(scenario, script).arrays


def test_parts_of_a_study_join_into_the_whole() -> None:
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    days = [_day(n) for n in (3, 9, 4)]

    def seen(*logs: LogArrays, first: int = 0) -> Observations:
        observer = Observer(Roster(scenario), Layout(1), len(logs), first)
        for log in logs:
            observer.add(log)
        return observer.observations()

    whole = seen(*days)
    joined = Observations.joined([seen(days[0]), seen(*days[1:], first=1)])
    for name in ("calls", "groups", "seats", "people"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))
    assert (joined.waits.n, joined.replications) == (16, 3)


def test_a_call_without_an_outcome_is_found_out() -> None:
    """A log that breaks the counting identity raises an error."""
    log = _day(3)
    calls = replace(log.calls, outcome=np.array([0, 7, 1], dtype=np.int32))
    wrong = replace(log, calls=calls)
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    observer = Observer(Roster(scenario), Layout(1), 1)
    for check in (check_identity, observer.add):
        with pytest.raises(rs.RingsimError, match="each of 3 calls an outcome, got 1 answered"):
            check(wrong)


def test_a_percentile_of_no_values_is_unknown() -> None:
    nothing = Quantile(0.5, Ranked(np.empty(0), np.empty(0, dtype=int), R))
    assert math.isnan(nothing.estimate().estimate)
    assert math.isnan(nothing.influence().value)
    assert math.isnan(nothing.values.quantile(0.5))
