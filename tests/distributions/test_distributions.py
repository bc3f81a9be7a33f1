"""Tests of distributions: forms that users may give, equality, and drawn values."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate, stats

from ringsim.distributions import (
    Constant,
    CustomScipy,
    Distribution,
    Empirical,
    Lognormal,
    NamedScipy,
    as_distribution,
    lognormal,
)
from support.generated import durations, json_trees, spoiled
from support.helpers import makes_or_refuses, named, refusal

LAST = 1 - 2**-53  # the largest uniform number
UNIFORMS = np.array([0, 2**-53, 0.01, 0.25, 0.5, 0.75, 0.99, LAST])
HISTOGRAM = stats.rv_histogram(np.histogram([10, 20, 20, 40], bins=3))
SAMPLE = stats.rv_discrete(values=([5, 15], [0.25, 0.75]))


class Custom(stats.rv_continuous):
    """A user's own distribution, without a name in scipy."""

    def _ppf(self, q: NDArray[np.float64]) -> NDArray[np.float64]:
        return 10 * q**2


def drawn(given: Any, *uniforms: float) -> list[float]:
    """Return the durations at some uniform numbers."""
    values: list[float] = as_distribution(given).ppf(np.array(uniforms)).tolist()
    return values


class TestWhatStandsForADuration:
    @pytest.mark.parametrize(
        ("given", "distribution"),
        [
            (180, Constant(180.0)),
            (0, Constant(0.0)),
            (0.5, Constant(0.5)),
            (np.float32(0.5), Constant(0.5)),
            (np.int64(3), Constant(3.0)),
            (math.inf, Constant(math.inf)),
            ("inf", Constant(math.inf)),
            (10**400, Constant(math.inf)),
            ({"mean": 180, "cv": 1.2}, Lognormal(180.0, 1.2)),
            ({"samples": [30, "inf", 10]}, Empirical([10, 30, math.inf])),
            (np.array([30, 10]), None),
            ({"dist": "expon", "scale": 60}, NamedScipy("expon", (("scale", 60.0),))),
            (stats.expon(scale=60), NamedScipy("expon", (("scale", 60.0),))),
            (stats.expon, NamedScipy("expon", ())),
            (stats.poisson(3), NamedScipy("poisson", (("mu", 3.0),))),
            (
                stats.randint(3, 9, loc=1),
                NamedScipy("randint", (("low", 3.0), ("high", 9.0), ("loc", 1.0))),
            ),
        ],
        ids=named,
    )
    def test_is_wrapped(self, given: Any, distribution: Distribution | None) -> None:
        if distribution is None:
            assert refusal(as_distribution, given).startswith("must be a number of seconds, a ")
        else:
            assert as_distribution(given) == distribution

    def test_a_distribution_stays_itself(self) -> None:
        given = lognormal(mean=180, cv=1.2)
        assert as_distribution(given) is given

    @pytest.mark.parametrize(
        "frozen",
        [HISTOGRAM, HISTOGRAM(), SAMPLE, SAMPLE(), Custom(a=0, b=10, name="custom")()],
        ids=["histogram", "frozen histogram", "sample", "frozen sample", "custom"],
    )
    def test_scipy_without_a_name(self, frozen: Any) -> None:
        wrapped = as_distribution(frozen)
        assert isinstance(wrapped, CustomScipy)
        assert np.array_equal(wrapped.ppf(UNIFORMS[1:]), frozen.ppf(UNIFORMS[1:]))
        assert refusal(wrapped.to_file).startswith("must be in scipy.stats by name")

    def test_a_class_of_ones_own_is_not_taken_for_scipys_of_that_name(self) -> None:
        assert isinstance(as_distribution(Custom(a=0, b=10, name="expon")()), CustomScipy)

    def test_nor_is_one_derived_from_scipys(self) -> None:
        class Doubled(type(stats.expon)):  # type: ignore[misc]
            def _ppf(self, q: NDArray[np.float64]) -> NDArray[np.float64]:
                return -2 * np.log1p(-q)

        doubled = Doubled(a=0, name="expon")(scale=10)
        assert drawn(doubled, 0.5) == [doubled.ppf(0.5)]


class TestEquality:
    """Two frozen `expon(scale=60)` of scipy are unequal; their wrappers are equal."""

    @pytest.mark.parametrize(
        "spellings",
        [
            pytest.param(
                [
                    stats.expon(scale=60),
                    stats.expon(0, 60),
                    stats.expon(0, scale=60.0),
                    stats.expon(scale=60, loc=0),
                    {"dist": "expon", "scale": 60},
                    {"scale": 60.0, "loc": 0, "dist": "expon"},
                ],
                id="expon",
            ),
            pytest.param(
                [
                    stats.gamma(2, scale=3),
                    stats.gamma(a=2, scale=3),
                    stats.gamma(2, 0, 3),
                    stats.gamma(scale=3, a=2.0),
                    {"dist": "gamma", "scale": 3, "a": 2},
                ],
                id="gamma",
            ),
            pytest.param(
                [stats.beta(2, 3), stats.beta(b=3, a=2), stats.beta(2, b=3, loc=0, scale=1)],
                id="two shapes",
            ),
            pytest.param(
                [stats.expon(), stats.expon, stats.expon(scale=1), {"dist": "expon"}],
                id="defaults",
            ),
            pytest.param([stats.poisson(3), stats.poisson(mu=3, loc=0)], id="discrete"),
            pytest.param([Empirical([1, 2]), {"samples": [2, 1]}], id="samples in any order"),
            pytest.param([lognormal(mean=3, cv=1), {"cv": 1, "mean": 3}], id="lognormal"),
            pytest.param([5, 5.0, np.float64(5)], id="numbers"),
        ],
    )
    def test_however_it_was_spelled(self, spellings: list[Any]) -> None:
        wrapped = [as_distribution(given) for given in spellings]
        assert all(each == wrapped[0] for each in wrapped)
        assert len({hash(each) for each in wrapped}) == 1

    def test_other_parameters_are_another(self) -> None:
        different = [
            *(60, 61, math.inf, Empirical([60]), Empirical([60, 60])),
            *(lognormal(mean=60, cv=0), lognormal(mean=60, cv=1)),
            *(stats.expon(scale=60), stats.expon(60), stats.gamma(60), stats.gamma(1, scale=60)),
            *(HISTOGRAM(), HISTOGRAM()),
        ]
        wrapped = [as_distribution(given) for given in different]
        assert all(a != b for i, a in enumerate(wrapped) for b in wrapped[:i])

    @given(durations)
    def test_it_survives_a_file_and_another_process(self, given: Any) -> None:
        wrapped = as_distribution(given)
        assert as_distribution(wrapped.to_file()) == wrapped
        wrapped.ppf(UNIFORMS)  # pickles exclude caches
        assert pickle.loads(pickle.dumps(wrapped)) == wrapped


class TestRefusals:
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (-1, "must be a number of seconds, at least 0, got -1."),
            (-(10**400), None),
            (math.nan, "must be a number of seconds, at least 0, got nan."),
            (-math.inf, "must be a number of seconds, at least 0, got -inf."),
            ("-inf", None),
            ("180", None),
            (None, None),
            (True, None),
            ([180], None),
            (stats.gamma, None),
            (
                {},
                'must be a table with "dist" and its parameters, with "mean" and maybe "cv", '
                'or with "samples", got {}.',
            ),
            (
                {"cv": 1},
                'must be a table with "dist" and its parameters, with "mean" and maybe "cv", '
                "or with \"samples\", got {'cv': 1}.",
            ),
            (
                {"mean": 180, "cv": 1, "sd": 2},
                'must be a table with "dist" and its parameters, with "mean" and maybe "cv", '
                "or with \"samples\", got {'mean': 180, 'cv': 1, 'sd': 2}.",
            ),
            ({"mean": 0, "cv": 1}, "mean must be a positive finite number of seconds, got 0.0."),
            (
                {"mean": "inf", "cv": 1},
                "mean must be a positive finite number of seconds, got 'inf'.",
            ),
            ({"mean": 9, "cv": -1}, "cv must be between 0 and 1000, got -1.0."),
            ({"mean": 9, "cv": 1e200}, "cv must be between 0 and 1000, got 1e+200."),
            ({"mean": 9, "cv": math.nan}, "cv must be between 0 and 1000, got nan."),
            ({"samples": []}, "samples must hold at least one duration, got []."),
            ({"samples": 5}, "samples must be a list of durations in seconds, got 5."),
            ({"samples": "123"}, "samples must be a list of durations in seconds, got '123'."),
            ({"samples": [1, -1]}, "samples[1] must be a number of seconds, at least 0, got -1."),
            ({"samples": [[1]]}, "samples[0] must be a number of seconds, got [1]."),
            ({"dist": 5}, "dist must be the name of a distribution, got 5."),
            (
                {"dist": "lognrm", "s": 1},
                "dist must be the name of a scipy.stats distribution, got 'lognrm'. "
                "Did you mean 'lognorm'?",
            ),
            (
                {"dist": "rv_histogram"},
                "dist must be the name of a scipy.stats distribution, got 'rv_histogram'.",
            ),
            (
                {"dist": "gamma", "shape": 2},
                "shape must be a parameter of gamma, got 2.0. They are a, loc, scale.",
            ),
            (
                {"dist": "poisson", "mu": 2, "scale": 3},
                "scale must be a parameter of poisson, got 3.0. They are mu, loc.",
            ),
            ({"dist": "gamma"}, "a must be given for gamma."),
            ({"dist": "gamma", "a": "2"}, "a must be a finite number, got '2'."),
            ({"dist": "gamma", "a": math.inf}, "a must be a finite number, got inf."),
            (
                {"dist": "gamma", "a": -1},
                "must have parameters that scipy accepts, got 'gamma(a=-1)'.",
            ),
            (
                {"dist": "kstwo", "n": 0},
                "must have parameters that scipy accepts, got 'kstwo(n=0)'.",
            ),
            (
                {"dist": "poisson_binom", "p": 0.5},
                "must have parameters that scipy accepts, got 'poisson_binom(p=0.5)'.",
            ),
            (stats.gamma([1, 2]), "a must be one number, not an array, got [1, 2]."),
        ],
        ids=named,
    )
    def test_sentences(self, given: Any, sentence: str | None) -> None:
        refused = refusal(as_distribution, given)
        if sentence is None:  # invalid forms: the error lists the valid ones
            assert "or one of their file forms" in refused or "at least 0" in refused
        else:
            assert refused == sentence

    @pytest.mark.parametrize(
        ("frozen", "lowest", "name"),
        [
            (stats.norm(180, 60), "-inf", "norm(loc=180, scale=60)"),
            (stats.uniform(-1, 5), "-1", "uniform(loc=-1, scale=5)"),
            (stats.expon(-0.5), "-0.5", "expon(loc=-0.5)"),
            (stats.randint(-2, 3), "-2", "randint(low=-2, high=3)"),
            (stats.poisson(3, loc=-1), "-1", "poisson(mu=3, loc=-1)"),
            (stats.rv_histogram(np.histogram([-4, 4], bins=2)), "-4", "rv_histogram"),
            (stats.rv_discrete(values=([-3, 2], [0.5, 0.5])), "-3", "rv_sample"),
        ],
        ids=lambda each: each if isinstance(each, str) else "",
    )
    def test_negative_durations(self, frozen: Any, lowest: str, name: str) -> None:
        assert refusal(as_distribution, frozen) == (
            f"must have no negative values, but reaches down to {lowest}, got {name!r}. "
            "A duration cannot be negative: try lognorm, gamma or truncnorm."
        )

    @given(json_trees | spoiled(durations.map(lambda given: as_distribution(given).to_file())))
    def test_any_json_is_a_distribution_or_refused(self, tree: Any) -> None:
        makes_or_refuses(lambda: as_named("talk_time", tree))


def as_named(field: str, tree: Any) -> Distribution:
    """Return a distribution as a field of a record converts it."""
    from ringsim.scenario import Demand

    found: Distribution = getattr(
        Demand(**{"calls_per_hour": 1, "talk_time": 1, field: tree}), field
    )
    return found


class TestDrawing:
    """A duration is the inverse of its distribution at one uniform number in [0, 1)."""

    @given(durations, st.lists(st.floats(0, LAST), min_size=2, max_size=20))
    def test_a_larger_uniform_is_no_shorter_duration(
        self, given: Any, uniforms: list[float]
    ) -> None:
        distribution = as_distribution(given)
        values = distribution.ppf(np.sort(uniforms))
        assert (values[1:] >= values[:-1]).all()
        assert (values >= 0).all()
        assert values.dtype == np.float64

    @given(durations, st.lists(st.floats(0, LAST), min_size=2, max_size=20))
    def test_each_uniform_stands_alone(self, given: Any, uniforms: list[float]) -> None:
        distribution = as_distribution(given)
        together = distribution.ppf(np.array(uniforms))
        alone = [distribution.ppf(np.array([uniform]))[0] for uniform in uniforms]
        assert together.tolist() == alone

    @pytest.mark.parametrize(
        "frozen",
        [
            stats.expon(scale=60),
            stats.gamma(2, scale=3),
            stats.lognorm(0.9, scale=150),
            stats.weibull_min(1.5, loc=1, scale=20),
            stats.triang(0.3, 5, 20),
            stats.truncnorm(-3, 3, loc=180, scale=60),
            stats.poisson(12),
            stats.geom(0.2),
            stats.randint(3, 9),
        ],
        ids=lambda frozen: frozen.dist.name,
    )
    def test_scipys_are_scipys(self, frozen: Any) -> None:
        wrapped = as_distribution(frozen)
        assert np.array_equal(wrapped.ppf(UNIFORMS[1:]), frozen.ppf(UNIFORMS[1:]))
        assert wrapped.mean() == frozen.mean()

    @pytest.mark.parametrize(
        ("frozen", "lowest"),
        [(stats.poisson(12), 0), (stats.randint(3, 9), 3), (stats.geom(0.2), 1), (SAMPLE, 5)],
    )
    def test_a_discrete_one_at_0_is_what_it_can_be(self, frozen: Any, lowest: float) -> None:
        """At 0 scipy's own inverse is one less, and negative for the first distribution."""
        assert drawn(frozen, 0) == [lowest]

    def test_a_constant(self) -> None:
        assert drawn(30, 0, 0.5, LAST) == [30, 30, 30]
        assert drawn("inf", 0, LAST) == [math.inf, math.inf]
        assert as_distribution(30).mean() == 30

    def test_samples_are_drawn_equally_often(self) -> None:
        assert drawn(Empirical([30, 10, 20, 20]), 0, 0.2499, 0.25, 0.7499, 0.75, LAST) == [
            *(10, 10, 20, 20, 30, 30)
        ]
        assert Empirical([30, 10, 20, 20]).mean() == 20

    @pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 1000, 1023, 4097])
    def test_the_last_sample_is_drawn_and_none_beyond(self, n: int) -> None:
        assert drawn(Empirical(range(n)), 0, LAST) == [0, n - 1]

    def test_infinity_among_samples(self) -> None:
        assert drawn(Empirical([math.inf, 10]), 0, 0.5) == [10, math.inf]
        assert Empirical([math.inf, 10]).mean() == math.inf

    @pytest.mark.parametrize("samples", [(3, 1), np.array([3, 1]), iter([3, 1])])
    def test_samples_in_any_container(self, samples: Any) -> None:
        assert Empirical(samples).samples == (1, 3)

    def test_a_set_is_no_list_of_samples(self) -> None:
        """It has lost the samples that were equal."""
        assert refusal(Empirical, {1, 3}).startswith("samples must be a list of durations")


class TestLognormal:
    """A lognormal given by mean and coefficient of variation (standard deviation / mean)."""

    @pytest.mark.parametrize("cv", [0.1, 0.5, 1.2, 2.5])
    @pytest.mark.parametrize("mean", [0.5, 180, 4000])
    def test_moments_by_numerical_integration(self, mean: float, cv: float) -> None:
        """E X^k is the integral of ppf(u)^k over (0, 1), here over u = Phi(z)."""
        distribution = lognormal(mean=mean, cv=cv)

        def moment(power: int) -> float:
            def integrand(z: float) -> float:
                u = np.array([stats.norm.cdf(z)])
                return float(distribution.ppf(u)[0] ** power * stats.norm.pdf(z))

            # near 1 uniform numbers are sparse: those above 7 are accounted for below
            value, _ = integrate.quad(integrand, -9, 7, limit=200, epsabs=0, epsrel=1e-10)
            return float(value)

        # of E X^k the part Phi(k s - 7) lies above 7 standard deviations, s^2 = log(1 + cv^2)
        s = math.sqrt(math.log1p(cv**2))
        first = mean
        second = mean**2 * (1 + cv**2)
        assert moment(1) == pytest.approx(first * (1 - stats.norm.cdf(s - 7)), rel=1e-6)
        assert moment(2) == pytest.approx(second * (1 - stats.norm.cdf(2 * s - 7)), rel=1e-6)
        assert distribution.mean() == mean

    def test_it_is_scipys_by_other_parameters(self) -> None:
        s = math.sqrt(math.log1p(1.2**2))
        scipys = stats.lognorm(s, scale=180 * math.exp(-(s**2) / 2))
        ours = lognormal(mean=180, cv=1.2)
        assert ours.ppf(UNIFORMS) == pytest.approx(scipys.ppf(UNIFORMS), rel=1e-12)

    @pytest.mark.parametrize("cv", [0, 1e-200])
    def test_without_variation_it_is_a_constant(self, cv: float) -> None:
        assert drawn(lognormal(mean=180, cv=cv), 0, 0.5, LAST) == [180, 180, 180]

    @pytest.mark.parametrize("mean", [0, -1, math.nan, math.inf, "180", None, True])
    def test_mean(self, mean: Any) -> None:
        assert refusal(lambda: lognormal(mean=mean, cv=1)).startswith(
            "mean must be a positive finite number of seconds, got "
        )

    @pytest.mark.parametrize("cv", [-1, math.nan, math.inf, "1", None, True])
    def test_cv(self, cv: Any) -> None:
        assert refusal(lambda: lognormal(mean=1, cv=cv)).startswith("cv must be between 0 and 1000")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (180, "180 s"),
        ("inf", "inf s"),
        (lognormal(mean=180, cv=1.2), "lognormal, mean 180 s, cv 1.2"),
        (Empirical([10, 20]), "2 samples, mean 15 s"),
        (stats.gamma(2, scale=3), "gamma(a=2, scale=3)"),
        (SAMPLE, "rv_sample, mean 12.5 s"),
    ],
)
def test_in_words(given: Any, told: str) -> None:
    assert str(as_distribution(given)) == told
