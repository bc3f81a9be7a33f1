"""Coverage of intervals of percentiles, on small days and with values that many calls share."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from support.percentile_study import KINDS, coverage

from ringsim.confidence import (
    FEW_EVENTS,
    BySection,
    Influence,
    Quantile,
    Ranked,
    of_quantile,
    paired,
)

STUDIES = 100
ONE_IN = 1e-3  # how seldom what is right may fail
LEAST = stats.binom.ppf(ONE_IN, STUDIES, 0.92) / STUDIES


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unlike days"])
@pytest.mark.parametrize("q", [0.5, 0.95])
@pytest.mark.parametrize(("replications", "calls"), [(20, 20), (64, 5), (64, 20), (200, 5)])
def test_intervals_cover_percentiles_of_small_days(
    kind: str, q: float, replications: int, calls: int
) -> None:
    """Sections of the replications would cover 44 to 93 % of them in comparisons."""
    found = coverage(kind, q, replications, calls, studies=STUDIES)
    assert found.of_estimate >= LEAST or found.few > 0.5
    assert found.of_influence >= LEAST or found.few > 0.5
    assert found.of_difference >= LEAST or found.few > 0.5


def test_percentiles_that_rest_on_one_day_are_marked() -> None:
    random = np.random.default_rng(8)
    day = np.repeat(np.arange(20), 100)
    alike = random.exponential(20, 2000)
    unlike = np.where(day == 7, alike * 50, alike)
    notes = [of_quantile(0.95, Ranked(waits, day, 20)).note for waits in (alike, unlike)]
    assert notes == ["", FEW_EVENTS]


def test_the_influence_reaches_as_far_as_the_interval() -> None:
    """Also where all of the doubt is on one side: a median of 5 that may as well be 10."""
    day = np.repeat(np.arange(40), 10)
    random = np.random.default_rng(2)
    for waits in (random.exponential(20, 400), np.where(random.random(400) < 0.505, 5.0, 10.0)):
        ranked = Ranked(waits, day, 40)
        estimate, influence = of_quantile(0.5, ranked), Quantile(0.5, ranked).influence()
        low, high = paired(influence, Influence(0.0, np.zeros(40))).bounds(0.95)
        sides = estimate.estimate - estimate.low, estimate.high - estimate.estimate
        assert (high - low) / 2 == pytest.approx(max(sides), rel=1e-9)
        assert high > low


def test_where_a_bound_is_not_known_the_influence_reaches_the_greatest_value() -> None:
    ranked = Ranked(np.arange(30.0), np.tile([0, 1], 15), 2)
    assert math.isnan(of_quantile(0.9, ranked).high)
    _, high = paired(Quantile(0.9, ranked).influence(), Influence(0.0, np.zeros(2))).bounds(0.95)
    assert high >= 29


def test_residuals_by_replication_are_compared_with_those_by_section() -> None:
    """Both are treated as by section if one of them is."""
    residuals = np.random.default_rng(4).normal(size=100)
    by_section = np.bincount(np.arange(100) % 64, residuals, 64) * 0.64
    sections = BySection(3.0, by_section)
    assert paired(Influence(3.0, residuals), sections)[:2] == (0.0, 0.0)
    assert math.isnan(paired(Influence(3.0, residuals), Influence(3.0, by_section)).error)
