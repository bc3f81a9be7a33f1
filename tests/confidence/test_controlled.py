"""Figures corrected by a sum whose expectation is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ringsim.confidence import Controlled, Count, Product, Rate, controlled


def test_the_correction_is_that_of_a_regression() -> None:
    """The line of the days' contributions over their control, at the expected control."""
    random = np.random.default_rng(1)
    control = random.normal(size=50)
    cases = np.full(50, 100.0)
    events = np.round(80 - 5 * control + random.normal(size=50))
    found = controlled(Rate(events, cases), control).estimate()
    line = stats.linregress(control, events / cases)
    half = stats.t.ppf(0.975, 48) * line.intercept_stderr
    assert found.estimate == pytest.approx(line.intercept)
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.02)  # on the logit scale


@given(shift=st.floats(-2, 2), scale=st.floats(0.1, 10))
def test_the_unit_of_a_control_does_not_matter(shift: float, scale: float) -> None:
    random = np.random.default_rng(2)
    control = random.normal(size=30) + shift
    rate = Rate(np.round(60 + 3 * control + random.normal(size=30)), np.full(30, 100.0))
    one, other = (Controlled(rate, each).estimate() for each in (control, control * scale))
    assert one[:3] == pytest.approx(other[:3])


@pytest.mark.parametrize(
    "control",
    [np.zeros(30), np.arange(9.0)],
    ids=["always the same", "few replications"],
)
def test_a_control_that_says_nothing_changes_nothing(control: Any) -> None:
    random = np.random.default_rng(3)
    rate = Rate(random.integers(50, 80, len(control)).astype(float), np.full(len(control), 100.0))
    assert Controlled(rate, control).estimate() == rate.estimate()
    mine, plain = Controlled(rate, control).influence(), rate.influence()
    assert (mine.residuals == plain.residuals).all()


def test_a_figure_that_is_certain_or_marked_stays() -> None:
    control = np.linspace(-1, 1, 30)
    rare = Rate(np.r_[np.zeros(29), 1.0], np.full(30, 100.0))
    assert Controlled(rare, control).estimate() == rare.estimate()


def test_a_mean_is_corrected_on_the_log_scale() -> None:
    random = np.random.default_rng(4)
    control = random.normal(size=50)
    sums, cases = 600 + 20 * control + random.normal(size=50), np.full(50, 100.0)
    found = controlled(Product((sums, 1), (cases, -1)), control).estimate()
    line = stats.linregress(control, sums / cases)
    assert found.estimate == pytest.approx(line.intercept)
    assert np.log(found.high / found.estimate) == pytest.approx(np.log(found.estimate / found.low))


def test_residuals_carry_the_error() -> None:
    """Their plain standard error is that of the interval, so that comparisons are right, too."""
    random = np.random.default_rng(5)
    control = random.normal(size=40) + 0.2
    rate = Rate(np.round(70 - 4 * control + random.normal(size=40)), np.full(40, 100.0))
    mine = controlled(rate, control)
    found, influence = mine.estimate(), mine.influence()
    error = influence.residuals.std(ddof=1) / np.sqrt(40)
    half = stats.t.ppf(0.975, 38) * error
    assert influence.value == found.estimate
    assert influence.residuals.sum() == pytest.approx(0, abs=1e-9)
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.02)


def test_other_figures_stay() -> None:
    control = np.linspace(-1, 1, 20)
    count, certain = Count(np.arange(20.0)), Rate(np.ones(20), np.ones(20), is_fixed=True)
    assert controlled(count, control) is count
    assert controlled(certain, control) is certain


def test_a_correction_out_of_range_is_not_made() -> None:
    """The days of the study had so little to do that the line leaves the range of a rate."""
    control = np.linspace(-50, -10, 30)
    noise = np.random.default_rng(6).normal(size=30)
    rate = Rate(np.round(90 + control + noise), np.full(30, 100.0))
    assert Controlled(rate, control - 200).estimate() == rate.estimate()


def test_an_interval_is_widened_as_the_plain_one_is() -> None:
    control = np.linspace(-1, 1, 30)
    noise = np.random.default_rng(7).normal(size=30)
    mine = Controlled(Rate(np.round(60 + 5 * control + noise), np.full(30, 100.0)), control)
    plain = mine.plain.estimate()
    wide = plain._replace(low=plain.low - 0.1, high=plain.high + 0.2)
    narrow, found = mine.estimate(), mine.widened(plain, wide, 0.95)
    assert found.low == pytest.approx(narrow.low - 0.1)
    assert found.high == pytest.approx(narrow.high + 0.2)
