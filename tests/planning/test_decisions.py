"""Frequencies of wrong and of missing decisions, in studies with a known truth.

Decisions may be wrong, and intervals of `until=` may miss, in 5 % of studies: the counts are
compared with the binomial limit of 99.9 %. If the truth is not near the target, 80 % of studies
must decide. Each case has few studies, and 100 with RINGSIM_SLOW=1.
"""

from __future__ import annotations

import pytest
from scipy import stats

import ringsim as rs
from decision_studies import (
    CASES,
    PRECISIONS,
    Row,
    study_of_precision,
    study_of_searches,
    study_of_sizes,
)
from ringsim.metrics import Thresholds
from support.profiles import SLOW

pytestmark = pytest.mark.long
STUDIES = 100 if SLOW else 20
REPLICATIONS = 2000
FEWER = 2000 if SLOW else 320  # where nothing need be decided
ONE_IN = 1e-3  # probability that a correct program fails
WRONG, DECIDED = 0.05, 0.8


def is_seldom_wrong(row: Row) -> bool:
    return row.wrong <= stats.binom.ppf(1 - ONE_IN, row.of, WRONG)


def is_mostly_decided(row: Row) -> bool:
    return row.decided >= stats.binom.ppf(ONE_IN, row.of, DECIDED)


@pytest.mark.parametrize("what", CASES)
def test_a_size_is_seldom_misjudged_and_mostly_judged(what: str) -> None:
    row = study_of_sizes(what, STUDIES, FEWER if CASES[what].near else REPLICATIONS)
    assert is_seldom_wrong(row), row
    assert CASES[what].near or is_mostly_decided(row), row


def test_a_search_seldom_names_one_of_many_sizes_that_miss_alike() -> None:
    assert is_seldom_wrong(study_of_searches(STUDIES, FEWER))


@pytest.mark.parametrize("what", PRECISIONS)
def test_intervals_that_until_waited_for_cover(what: str) -> None:
    row = study_of_precision(what, STUDIES)
    assert is_seldom_wrong(row), row
    assert is_mostly_decided(row), row


@pytest.mark.parametrize("what", CASES)
def test_the_truth_of_a_case_is_what_it_says(what: str) -> None:
    """And on the side of its target that it says."""
    case = CASES[what]
    [goal] = case.target.goals
    assert (case.truth <= goal.limit if goal.at_most else case.truth >= goal.limit) is (
        case.right == "yes"
    )
    result = rs.simulate(case.office(), replications=20_000, seed=77)
    if goal.name == "occupancy":
        found = result.members().loc[("600", "201"), "occupancy"]
        assert found == pytest.approx(case.truth, rel=0.05)
    else:
        thresholds = Thresholds(20, target=case.target.service_level or 0.8)
        estimate = result.figure(goal.name, "600", thresholds).estimate(0.999)
        assert estimate.low - 1e-4 <= case.truth <= estimate.high + 1e-4
