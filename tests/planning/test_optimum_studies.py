"""Choices of `optimize` in problems whose best combination is known from brute force.

A choice may be wrong in 5 % of studies: the counts are compared with the binomial limit of
99.9 %. Two problems have few studies, and all of them 20 with RINGSIM_SLOW=1.
"""

from __future__ import annotations

import pytest
from scipy import stats

import ringsim as rs
from decision_studies import unlike_days
from optimum_studies import LEAST_SHARE, PROBLEMS, brute_force, is_right, study_of
from support.profiles import SLOW

pytestmark = pytest.mark.long
STUDIES, DAYS = (20, 2000) if SLOW else (4, 400)
CHOSEN = list(PROBLEMS) if SLOW else ["equal members", "soon gone"]
ONE_IN = 1e-3  # probability that a correct program fails
MOST_SHARE = 0.1  # of the replications that a brute force with 20,000 days needs
DECIDED = 0.8


@pytest.mark.parametrize("what", CHOSEN)
def test_the_choice_is_right_decided_and_cheap(what: str) -> None:
    row = study_of(what, STUDIES, DAYS)
    assert row.right >= stats.binom.ppf(ONE_IN, row.of, LEAST_SHARE), row
    assert row.decided >= stats.binom.ppf(ONE_IN, row.of, DECIDED), row
    assert row.share * DAYS / 20_000 < MOST_SHARE, row


def test_a_bad_day_in_twenty_is_seldom_overlooked() -> None:
    """A second member costs less than the calls that are lost on one day in twenty."""
    cost = rs.Cost(member_hour=1, lost_call=7)
    truth = [_cost(cost, members) for members in (1, 2)]
    assert truth[1] < truth[0] - 1
    studies = 60
    wrong = 0
    for seed in range(studies):
        found = rs.optimize(unlike_days(), over={"n_members": [1, 2]}, minimise=cost, seed=seed)
        wrong += found.decided and found.settings["n_members"] == 1
    assert wrong <= stats.binom.ppf(1 - ONE_IN, studies, 0.05)


def _cost(cost: rs.Cost, members: int) -> float:
    scenario = rs.planning.with_members(unlike_days(), "600", members)
    found = rs.simulate(scenario, replications=20_000, seed=77).summary()["estimate"]
    lost = float(found["offered"] - found["answered"])
    return float((cost.member_hour or 0) * 4 * members + (cost.lost_call or 0) * lost)


@pytest.mark.parametrize("what", CHOSEN)
def test_few_combinations_are_right(what: str) -> None:
    """So that a choice at random would be found out."""
    truth = brute_force(what, DAYS)
    names = list(truth.index.names)
    right = sum(is_right(what, dict(zip(names, at, strict=True)), DAYS) for at in truth.index)
    assert 0 < right <= len(truth) / 4
    assert not is_right(what, {}, DAYS)
