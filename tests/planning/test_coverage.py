"""Coverage of intervals in studies of simulated days; most tests need RINGSIM_SLOW=1.

A part of the matrix of `coverage_matrix.py` is always played, all of it if slow. In no cell may
more studies miss the truth without a mark than with an interval that covers 92 %.

In the other tests, each study has 20 days with random numbers of its own. The truth comes from
so many more days that its error is a thirtieth of an interval. A day is an hour of few calls, of
many calls, or of calls that overflow into another group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import pytest
from scipy import stats

import coverage_matrix
import ringsim as rs
from coverage_matrix import (
    LONG_WAITS,
    coverage_of_differences,
    coverage_of_metrics,
    coverage_of_percentiles,
    is_too_low,
)
from ringsim.confidence import Figure, Product, Rate
from ringsim.metrics import Layout
from ringsim.planning._goals import GroupView
from ringsim.planning._runner import Runner
from ringsim.planning._search import Search, checkpoints_for
from ringsim.planning._study import study_of
from support.profiles import SLOW

pytestmark = pytest.mark.long
slow = pytest.mark.skipif(not SLOW, reason="plays millions of calls: set RINGSIM_SLOW=1")

STUDIES, REPLICATIONS, TRUE_DAYS = 1000, 20, 20_000
METRICS = ("answer_rate", "service_level", "mean_speed_of_answer")
LEAST, MOST = 0.93, 0.97
ONE_IN = 1e-3  # probability that a correct program fails
OFFICES = {name: coverage_matrix.OFFICES[name] for name in ("quiet", "busy", "overflow")}


@pytest.fixture(scope="module")
def studied() -> Callable[[str], tuple[rs.Result, rs.Result]]:
    """Return results of an office: the days of all studies, and many more for the truth."""

    @cache
    def played(name: str) -> tuple[rs.Result, rs.Result]:
        return (
            rs.simulate(OFFICES[name], replications=STUDIES * REPLICATIONS, seed=1),
            rs.simulate(OFFICES[name], replications=TRUE_DAYS, seed=2),
        )

    return played


def part(figure: Figure, days: slice) -> Figure:
    """Return the figure of some of the days."""
    if isinstance(figure, Rate):
        return Rate(figure.events[days], figure.cases[days])
    assert isinstance(figure, Product)
    return Product(*((sums[days], power) for sums, power in figure.factors))


def covered(figure: Figure, truth: float) -> float:
    """Share of the studies whose interval covers the truth."""
    found = [
        part(figure, slice(first, first + REPLICATIONS)).estimate()
        for first in range(0, STUDIES * REPLICATIONS, REPLICATIONS)
    ]
    return sum(each.low <= truth <= each.high for each in found) / STUDIES


CASES = [
    (name, number, metric)
    for name, office in OFFICES.items()
    for number in office.group_numbers
    for metric in METRICS
]


MATRIX_STUDIES = 400


@pytest.mark.parametrize("office", ["easy", "unlike days"])
def test_no_metric_claims_too_much_in_the_hardest_offices(office: str) -> None:
    """Studies have 20 days: in one office losses are rare, in the other one day in 20 is bad."""
    rows = coverage_of_metrics(office, 20, 100)
    assert len(rows) > 30
    assert not [row for row in rows if is_too_low(row)]


@pytest.mark.parametrize("replications", [20, 30])
def test_percentiles_of_days_unlike_each_other_are_covered(replications: int) -> None:
    """On one day in twenty all calls wait long, and no such day comes in a third of studies."""
    rows = coverage_of_percentiles(LONG_WAITS, replications, 100)
    assert len(rows) == 6
    assert not [row for row in rows if is_too_low(row)]


def test_strategies_that_rarely_differ_are_not_told_apart_by_chance() -> None:
    """All differences hold together, and the best variant may be best."""
    rows = coverage_of_differences("easy", 20, 60)
    assert {row.of for row in rows} == {60}
    assert not [row for row in rows if is_too_low(row)]


@slow
@pytest.mark.parametrize("replications", coverage_matrix.REPLICATIONS)
@pytest.mark.parametrize(
    ("study", "office"),
    [(study, office) for study, offices in coverage_matrix.STUDIES.items() for office in offices],
)
def test_no_cell_of_the_matrix_is_too_low(study: Any, office: str, replications: int) -> None:
    rows = study(office, replications, MATRIX_STUDIES)
    assert not [row for row in rows if is_too_low(row)]


@slow
@pytest.mark.parametrize(("name", "number", "metric"), CASES)
def test_intervals_cover_what_is_true(name: str, number: str, metric: str, studied: Any) -> None:
    result, true = studied(name)
    truth = true.figure(metric, number).estimate()
    if metric != "mean_speed_of_answer":
        assert 0.2 < truth.estimate < 0.95
    assert LEAST <= covered(result.figure(metric, number), truth.estimate) <= MOST


@slow
@pytest.mark.parametrize(
    "until", [rs.Precision("answer_rate", 0.03), rs.Precision("mean_wait", 0.4)]
)
def test_intervals_of_studies_that_stop_when_they_are_short_cover_as_often(
    until: rs.Precision, studied: Any
) -> None:
    """94 to 95 % of 4000 studies each, and less if the first short interval were taken."""
    _, true = studied("quiet")
    truth = true.figure(until.metric).estimate().estimate
    found = []
    for seed in range(STUDIES):
        result = rs.simulate(OFFICES["quiet"], until=until, seed=seed + 10, workers=1)
        found.append(result.figure(until.metric).estimate())
    share = sum(each.low <= truth <= each.high for each in found) / STUDIES
    assert stats.binom.ppf(ONE_IN, STUDIES, 0.94) <= share * STUDIES


@slow
@pytest.mark.parametrize("metric", ["answer_rate", "mean_speed_of_answer"])
def test_a_size_that_is_just_as_good_as_its_target_is_seldom_judged(
    metric: str, studied: Any
) -> None:
    """Either way in at most 5 % of the searches, all their looks together."""
    _, true = studied("busy")
    truth = true.figure(metric).estimate().estimate
    goals = rs.Target(**{metric: truth}).goals
    found: Counter[str] = Counter()
    for seed in range(STUDIES):
        study = study_of(OFFICES["busy"], seed=seed + 10, engine="auto", dispatcher=None)
        search = Search(
            lambda _, study=study: study,
            goals,
            checkpoints_for(20, 160),
            Layout(1),
            partial(GroupView, place=0),
            Runner(workers=1),
        )
        found[search.tried(5).meets] += 1
    assert max(found["yes"], found["no"]) <= stats.binom.ppf(1 - ONE_IN, STUDIES, 0.05)
