"""Coverage of intervals of percentiles, on small days and with values that many calls share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ringsim._jit import INTERPRETED
from ringsim.confidence import (
    FEW_EVENTS,
    BySection,
    Data,
    Influence,
    Quantile,
    Ranked,
    data_of_rows,
    data_of_table,
    of_quantile,
    paired,
)
from ringsim.confidence._jit_cursor import Cursor, enter, move
from support.percentile_study import KINDS, coverage

STUDIES = 20 if INTERPRETED else 100
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


@pytest.mark.parametrize("q", [0.5, 0.9, 0.95])
@pytest.mark.parametrize(("replications", "calls"), [(20, 20), (20, 100), (30, 20), (30, 100)])
def test_intervals_of_few_days_cover_percentiles_of_days_unlike_each_other(
    q: float, replications: int, calls: int
) -> None:
    """One day in twenty is bad. In 36 % of studies of 20 days, and 21 % of 30, no day is."""
    found = coverage("unlike days", q, replications, calls, studies=STUDIES)
    assert found.of_estimate >= LEAST


def test_percentiles_that_rest_on_one_day_are_marked() -> None:
    random = np.random.default_rng(8)
    day = np.repeat(np.arange(20), 100)
    alike = random.exponential(20, 2000)
    unlike = np.where(day == 7, alike * 50, alike)
    notes = [of_quantile(0.95, Ranked(waits, day, 20)).note for waits in (alike, unlike)]
    assert notes == ["", FEW_EVENTS]


@pytest.mark.parametrize(
    ("kind", "most"), [("independent", 0.0), ("mixed", 0.1), ("busy days", 0.2)]
)
def test_ordinary_days_are_seldom_marked(kind: str, most: float) -> None:
    """Percentiles with 100 calls beyond them, of 20 days of which none is of a kind of its own."""
    assert coverage(kind, 0.95, 20, 100, studies=100).few <= most


@pytest.mark.parametrize("q", [0.9, 0.95])
def test_days_unlike_each_other_are_marked_when_one_or_two_came(q: float) -> None:
    """One or two of 20 days are bad in 57 % of studies, if one in twenty is; no bad one in 36 %."""
    assert coverage("unlike days", q, 20, 100, studies=100).few >= 0.45


def values_of(form: str) -> Data:
    """Return 80 values of 7 replications in some form."""
    random = np.random.default_rng(5)
    values, source = np.sort(np.round(random.exponential(5, 80))), random.integers(0, 7, 80)
    counts = random.integers(1, 9, 80)
    if form == "bins":
        table = random.integers(0, 3, (7, 4, 90)).astype(np.uint32)
        return data_of_table(table, np.array([1, 2]), 5, 85)
    first = np.array([0, 0, 30, 80]) if form == "cells" else None
    return data_of_rows(values, source, counts if form == "counts" else None, first)


@pytest.mark.parametrize("form", ["values", "counts", "cells", "bins"])
def test_the_sums_of_the_cursor_are_those_of_the_counts_by_replication(form: str) -> None:
    """In any order of places."""
    data = values_of(form)
    columns = (np.zeros(7, np.int64) for _ in range(2))
    cursor = Cursor(np.full(5, -1), *columns, np.empty(7))
    for cell in range(len(data.first) - 1):
        first, end = data.first[cell : cell + 2].tolist()
        enter(data, cursor, cell)
        cases = counts_between(data, first, end)
        assert cursor.cases.tolist() == cases.tolist()
        for place in np.random.default_rng(1).permutation(np.arange(first, end + 1)).tolist():
            move(data, cursor, place)
            upto = counts_between(data, first, place)
            assert cursor.running.tolist() == upto.tolist()
            assert cursor.at.tolist() == [cell, place, upto.sum(), upto @ upto, upto @ cases]


@pytest.mark.parametrize("times", [10, 10**4, 10**7])
@pytest.mark.parametrize("q", [0.5, 0.9, 0.95])
def test_bounds_do_not_depend_on_how_many_values_each_one_stands_for(times: int, q: float) -> None:
    """The variance of a share is computed in whole numbers, or in floats if they are too large."""
    random = np.random.default_rng(9)
    values, source = np.sort(random.exponential(9, 600)), random.integers(0, 20, 600)
    counts = np.ones(600, dtype=np.uint32)
    few, many = (of_quantile(q, Ranked(values, source, 20, n * counts)) for n in (1, times))
    assert many == few


def counts_between(data: Data, first: int, end: int) -> Any:
    """Return the number of values in some rows by replication, counted by numpy."""
    rows = slice(first, end)
    if len(data.kinds):
        return data.table[:, data.kinds, rows].sum(axis=(1, 2), dtype=np.int64)
    counts = data.counts[rows] if len(data.counts) else None
    return np.bincount(data.source[rows], counts, minlength=7).astype(np.int64)


def test_the_influence_reaches_as_far_as_the_interval() -> None:
    """Also where all of the doubt is on one side: a median of 5 that may as well be 10.

    With fewer days, the interval allows for unseen ones, which comparisons share.
    """
    day = np.repeat(np.arange(60), 10)
    random = np.random.default_rng(2)
    for waits in (random.exponential(20, 600), np.where(random.random(600) < 0.505, 5.0, 10.0)):
        ranked = Ranked(waits, day, 60)
        estimate, influence = of_quantile(0.5, ranked), Quantile(0.5, ranked).influence()
        low, high = paired(influence, Influence(0.0, np.zeros(60))).bounds(0.95)
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
