"""Fast inverses are exact, and Philox is numpy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import ringsim as rs
from ringsim.distributions import as_distribution
from ringsim.workload._inverse import at_uniforms, table_of
from ringsim.workload._jit_draws import philox, uniform

random = np.random.default_rng(5)
U = np.concatenate(
    [
        random.random(20_000),
        2.0 ** -random.uniform(1, 53, 4_000),
        1 - 2.0 ** -random.uniform(1, 52, 4_000),
        [2.0**-53, 0.5, np.nextafter(0.5, 0), np.nextafter(1, 0)],
    ]
)

SMOOTH = [
    stats.gamma(2, scale=3),
    stats.gamma(0.2, scale=50),
    stats.expon(scale=60),
    stats.expon(loc=5, scale=60),
    stats.lognorm(0.9, scale=150),
    stats.weibull_min(0.5, scale=30),
    stats.uniform(3, 9),
    stats.pareto(1.5, scale=10),
    stats.truncnorm(-1, 3, loc=60, scale=50),
    stats.erlang(3, scale=10),
    stats.loguniform(1, 100),
]


@pytest.mark.parametrize("frozen", SMOOTH, ids=lambda frozen: frozen.dist.name)
def test_table_misses_u_by_less_than_a_billionth(frozen: Any) -> None:
    """In the body and in both tails, measured by the distribution's own cdf and sf."""
    distribution = as_distribution(frozen)
    assert table_of(distribution) is not None
    times = at_uniforms(distribution, U)
    assert np.abs(frozen.cdf(times) - U).max() < 1e-9
    rounding = 4 * np.spacing(times) * frozen.pdf(times) + 2.0**-51  # of times, and of cdf and sf
    from_end = np.where(U < 0.5, frozen.cdf(times), frozen.sf(times))
    distance = np.minimum(U, 1 - U)
    assert (np.abs(from_end - distance) <= 1e-6 * distance + rounding).all()


def test_table_of_a_lognormal_by_mean_and_cv() -> None:
    sigma2 = np.log1p(1.2**2)
    twin = stats.lognorm(np.sqrt(sigma2), scale=180 * np.exp(-sigma2 / 2))
    times = at_uniforms(rs.lognormal(mean=180, cv=1.2), U)
    assert np.abs(twin.cdf(times) - U).max() < 1e-9


@pytest.mark.parametrize(
    "given",
    [
        stats.poisson(3),
        stats.triang(0.3),
        stats.rv_histogram(([1, 2, 3], [0, 1, 2, 3])),
        {"samples": [1, 2, 3]},
    ],
    ids=["counts", "corner", "histogram", "samples"],
)
def test_where_a_table_would_not_be_exact_there_is_none(given: Any) -> None:
    distribution = as_distribution(given)
    assert table_of(distribution) is None
    assert (at_uniforms(distribution, U) == distribution.ppf(U)).all()


def test_zero_is_the_least_and_times_do_not_fall() -> None:
    for frozen in SMOOTH:
        distribution = as_distribution(frozen)
        ordered = at_uniforms(distribution, np.sort(np.append(U, 0.0)))
        assert (np.diff(ordered) >= -1e-9 * ordered[1:]).all()
        assert ordered[0] >= 0


@pytest.mark.parametrize("counter", [(0, 0), (7, 3), (2**40, 1)])
@pytest.mark.parametrize("key", [(1, 2), (2**63 + 5, 2**64 - 1)])
def test_philox_is_that_of_numpy(key: tuple[int, int], counter: tuple[int, int]) -> None:
    """Salmon and others, SC 2011."""
    words = philox(np.uint64(key[0]), np.uint64(key[1]), *counter)
    theirs = np.random.Philox(
        key=np.array(key, dtype=np.uint64), counter=np.array([*counter, 0, 0], dtype=np.uint64)
    )
    assert [int(word) for word in words] == theirs.random_raw(4).tolist()


def test_uniform_is_below_1() -> None:
    assert uniform(np.uint64(2**64 - 1)) == 1 - 2.0**-53
    assert uniform(np.uint64(2**11 - 1)) == 0
