"""Tests of fast inverses, which must be exact, and of Philox, which must equal numpy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import ringsim as rs
from ringsim.distributions import as_distribution
from ringsim.distributions._inverses import SearchedInverse
from ringsim.workload import _jit_random
from ringsim.workload._inverse_tables import at_uniforms, table_of
from ringsim.workload._jit_random import SMALLEST, uniform

random = np.random.default_rng(5)
U = np.concatenate(
    [
        random.random(20_000),
        2.0 ** -random.uniform(1, 53, 4_000),
        1 - 2.0 ** -random.uniform(1, 52, 4_000),
        [2.0**-53, 0.5, np.nextafter(0.5, 0), np.nextafter(1, 0)],
    ]
)


def histogram(counts: Any, edges: Any) -> Any:
    return stats.rv_histogram((counts, edges), density=False)


class Mixture(stats.rv_continuous):
    """A distribution in which a share of the calls is short and all others are longer."""

    def _cdf(self, x: Any, share: Any) -> Any:
        short, long = stats.uniform(2, 3), stats.uniform(60, 20)
        return share * short.cdf(x) + (1 - share) * long.cdf(x)

    def _ppf(self, q: Any, share: Any) -> Any:
        return np.where(q <= share, 2 + 3 * q / share, 60 + 20 * (q - share) / (1 - share))


class SearchedMixture(stats.rv_continuous):
    """The same distribution without an inverse."""

    _cdf = Mixture._cdf


class SearchedGap(stats.rv_continuous):
    """A distribution on 2 to 5 and 60 to 80, without an inverse."""

    def _cdf(self, x: Any) -> Any:
        return np.interp(x, [2, 5, 60, 80], [0, 0.5, 0.5, 1])


mixture = Mixture(a=2, b=80, shapes="share")
WITH_TABLE = {
    "beta": stats.beta(2, 5, scale=90),
    "beta at a distance": stats.beta(2, 3, loc=10, scale=60),
    "beta, steep at both ends": stats.beta(0.5, 0.5, scale=90),
    "burr12": stats.burr12(2, 3, scale=10),
    "chi2": stats.chi2(4),
    "chi2, steep": stats.chi2(1),
    "erlang": stats.erlang(3, scale=10),
    "argus": stats.argus(1, scale=20),
    "dpareto_lognorm": stats.dpareto_lognorm(3, 1.2, 1.5, 2),
    "expon": stats.expon(scale=60),
    "expon at a distance": stats.expon(loc=5, scale=60),
    "exponweib": stats.exponweib(2, 1.5, scale=10),
    "fisk": stats.fisk(3, scale=20),
    "fisk without a mean": stats.fisk(0.7, scale=20),
    "foldcauchy": stats.foldcauchy(4.7, scale=9),
    "foldnorm": stats.foldnorm(2, loc=5, scale=30),
    "gamma": stats.gamma(2, scale=3),
    "gamma, steep": stats.gamma(0.2, scale=50),
    "gamma, narrow": stats.gamma(1000, scale=0.1),
    "gengamma": stats.gengamma(2, 0.7, scale=10),
    "genpareto": stats.genpareto(0.2, scale=10),
    "halfnorm": stats.halfnorm(scale=10),
    "invgamma": stats.invgamma(3, scale=10),
    "invgauss": stats.invgauss(0.5, scale=20),
    "invgauss, narrow": stats.invgauss(0.001, scale=60_000),
    "invgauss, wide": stats.invgauss(3, scale=20),
    "lognorm": stats.lognorm(0.9, scale=150),
    "lognorm, narrow": stats.lognorm(0.01, scale=150),
    "lognorm, wide": stats.lognorm(3, scale=150),
    "lomax": stats.lomax(2, scale=10),
    "loguniform": stats.loguniform(1, 100),
    "maxwell": stats.maxwell(scale=4),
    "nakagami": stats.nakagami(2, scale=5),
    "pareto": stats.pareto(1.5, scale=10),
    "powerlaw": stats.powerlaw(0.3, scale=20),
    "rayleigh": stats.rayleigh(scale=8),
    "recipinvgauss": stats.recipinvgauss(0.6, scale=20),
    "rel_breitwigner": stats.rel_breitwigner(36, scale=3),
    "truncexpon": stats.truncexpon(4, scale=10),
    "truncnorm": stats.truncnorm(-1, 3, loc=60, scale=50),
    "truncnorm, hardly cut": stats.truncnorm(-3, 10, loc=30, scale=10),
    "uniform": stats.uniform(3, 9),
    "uniform from 0": stats.uniform(0, 9),
    "vonmises_line": stats.vonmises_line(4, loc=40, scale=10),
    "weibull_min": stats.weibull_min(1.5, loc=1, scale=20),
    "weibull_min, steep": stats.weibull_min(0.5, scale=30),
    "weibull_min, narrow": stats.weibull_min(10, scale=20),
    "a histogram of one bin": histogram([1], [2, 9]),
    "a mixture with its gap between the halves": mixture(0.5),
    "such a mixture, searched": SearchedGap(a=2, b=80)(),
    "a histogram with edges on those of cells": histogram([1, 1, 2], [0, 1, 5, 9]),
}


TWO_PEAKS = np.concatenate(
    [
        stats.gamma(9).ppf((np.arange(2000) + 0.5) / 2000),
        stats.gamma(9, loc=100, scale=2).ppf((np.arange(1000) + 0.5) / 1000),
    ]
)
WITHOUT_TABLE = {
    "counts, poisson": stats.poisson(3),
    "counts, geom": stats.geom(0.3),
    "counts, nbinom": stats.nbinom(3, 0.4),
    "counts, randint": stats.randint(3, 9),
    "a corner, triang": stats.triang(0.3, scale=20),
    "corners, trapezoid": stats.trapezoid(0.3, 0.6, scale=30),
    "a histogram": histogram([1, 2, 3], [0, 1, 2, 3]),
    "a histogram with a gap": histogram([3, 0, 4], [0, 1, 7, 9]),
    "a histogram of a mixture": histogram(*np.histogram(TWO_PEAKS, bins=80)),
    "a mixture": mixture(0.4),
    "a mixture, searched": SearchedMixture(a=2, b=80, shapes="share")(0.4),
}
ULPS = 4  # units in the last place by which a time, being a float, may be off


def misses(frozen: Any, times: Any, u: Any) -> tuple[Any, Any]:
    """Return the errors of times as errors of u, and the distance of u from 0 or 1.

    Errors are measured by the distribution's own `cdf` and `sf`. Because these may jump,
    u is correct if it lies between their values just before and just after the time.
    """
    step = ULPS * np.spacing(times)
    if not hasattr(frozen, "pdf"):
        step = np.maximum(step, 1)  # from one count to the next
    before, after = frozen.cdf(times - step), frozen.cdf(times + step)
    of_u = np.maximum(np.maximum(before - u, u - after), 0)
    distance = np.where(u < 0.5, u, 1 - u)
    near = np.where(u < 0.5, before, frozen.sf(times + step))
    far = np.where(u < 0.5, after, frozen.sf(times - step))
    return of_u, np.maximum(np.maximum(near - distance, distance - far), 0)


def of_table(families: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("frozen", families.values(), ids=families)


@of_table(WITH_TABLE | WITHOUT_TABLE)
def test_an_inverse_misses_u_by_less_than_a_billionth(frozen: Any) -> None:
    """Errors are small in the centre, and below a millionth of the distance in both tails.

    This holds with a table and without: scipy's own inverses meet it, too.
    """
    distribution = as_distribution(frozen)
    of_u, of_distance = misses(frozen, at_uniforms(distribution, U), U)
    assert of_u.max() < 1e-9
    is_searched = isinstance(getattr(distribution, "_inverse", None), SearchedInverse)
    rounding = 2.0 ** (-48 if is_searched else -51)  # of cdf and sf; of some with steps down
    assert (of_distance <= 1e-6 * np.minimum(U, 1 - U) + rounding).all()


@of_table(WITH_TABLE)
def test_smooth_distributions_have_a_table(frozen: Any) -> None:
    assert table_of(as_distribution(frozen)) is not None


@of_table(WITHOUT_TABLE | {"samples": {"samples": [1, 2, 3]}})
def test_where_a_table_would_not_be_exact_there_is_none(frozen: Any) -> None:
    distribution = as_distribution(frozen)
    assert table_of(distribution) is None
    assert (at_uniforms(distribution, U) == distribution.ppf(U)).all()


@pytest.mark.parametrize("half", ["lower", "upper"])
@pytest.mark.parametrize(
    "place",
    [-1, -0.9999999, -0.999, -0.99, -0.9, -0.5, 0, 0.19, 0.5, 0.97, 0.975, 0.985, 0.99, 0.9999, 1],
)
def test_a_corner_is_seen_wherever_in_a_cell_it_is(place: float, half: str) -> None:
    """A histogram's density jumps where a bin ends: from 1/4 to 1/16 per second, say."""
    start, width = 0.25 - 0.25 / 16, 0.25 / 16  # a cell just below a quarter
    edge = start + width * (place + 1) / 2
    u = edge + np.append(np.linspace(-1, 1, 10_001), np.linspace(-1e-3, 1e-3, 1_001)) * width / 2
    if half == "lower":
        frozen = histogram([edge, 1 - edge], [0, 1, 5])
    else:
        frozen, u = histogram([1 - edge, edge], [0, 4, 5]), 1 - u
    of_u, _ = misses(frozen, at_uniforms(as_distribution(frozen), u), u)
    assert of_u.max() < 1e-9


def test_table_of_a_lognormal_by_mean_and_cv() -> None:
    sigma2 = np.log1p(1.2**2)
    twin = stats.lognorm(np.sqrt(sigma2), scale=180 * np.exp(-sigma2 / 2))
    of_u, _ = misses(twin, at_uniforms(rs.lognormal(mean=180, cv=1.2), U), U)
    assert of_u.max() < 1e-9


@of_table(WITH_TABLE)
def test_zero_is_as_the_smallest_number_and_every_time_is_one(frozen: Any) -> None:
    """A word is 0 once in 2**53 draws; even an unbounded density has a time there."""
    times = at_uniforms(as_distribution(frozen), np.array([0.0, SMALLEST, *U]))
    assert times[0] == times[1]
    assert (times >= 0).all()
    assert np.isfinite(times).all()


@pytest.fixture(params=["as it is", "in Python"])
def philox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The compiled function, unless numba is disabled, and the interpreted one."""
    if request.param == "as it is":
        return _jit_random.philox
    monkeypatch.setattr(_jit_random, "_high_word", _jit_random._high_word_in_python)
    return np.errstate(over="ignore")(getattr(_jit_random.philox, "py_func", _jit_random.philox))


@pytest.mark.parametrize("counter", [(0, 0), (7, 3), (2**40, 1), (2**64 - 2, 5)])
@pytest.mark.parametrize("key", [(1, 2), (2**63 + 5, 2**64 - 1)])
def test_philox_is_that_of_numpy(
    key: tuple[int, int], counter: tuple[int, int], philox: Any
) -> None:
    """Salmon and others, SC 2011."""
    words = philox(np.uint64(key[0]), np.uint64(key[1]), np.uint64(counter[0]), counter[1])
    theirs = np.random.Philox(
        key=np.array(key, dtype=np.uint64), counter=np.array([*counter, 0, 0], dtype=np.uint64)
    )
    assert [int(word) for word in words] == theirs.random_raw(4).tolist()


def test_uniform_is_below_1() -> None:
    assert uniform(np.uint64(2**64 - 1)) == 1 - 2.0**-53
    assert uniform(np.uint64(2**11 - 1)) == 0
