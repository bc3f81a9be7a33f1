"""A part of the studies of fits and backtests on a group whose inputs are known."""

from __future__ import annotations

import pytest
from scipy import stats

from recovery_studies import KINDS, RIGHT, recovery, rejections, too_far
from support.known_group import STRATEGIES
from support.profiles import SLOW

pytestmark = pytest.mark.long
MONTHS = 12 if SLOW else 2
BACKTESTS = 10 if SLOW else 1
ONE_IN = 1e-3  # probability that a correct program fails


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_parameters_are_found(strategy: str) -> None:
    found = recovery(strategy, MONTHS, of_totals=200)
    assert list(too_far(found)) == []
    predicted = found["predicted service level"]
    assert abs(predicted.mean - predicted.truth) < 0.01 + 3.3 * 0.012 / MONTHS**0.5
    assert abs(predicted.naive - predicted.truth) > 0.15


@pytest.mark.parametrize("strategy", STRATEGIES if SLOW else STRATEGIES[1:])
def test_backtests_reject_what_is_wrong(strategy: str) -> None:
    rejected = {row.kind: row.rejected for row in rejections(strategy, BACKTESTS)}
    assert list(rejected) == list(KINDS)
    most = {kind: stats.binom.ppf(1 - ONE_IN, BACKTESTS, 0.13) for kind in RIGHT}
    assert all(rejected[kind] <= most[kind] for kind in most)
    assert rejected["usual shortcuts"] == BACKTESTS
    assert rejected["a fit without busyness"] >= stats.binom.ppf(ONE_IN, BACKTESTS, 0.9)
