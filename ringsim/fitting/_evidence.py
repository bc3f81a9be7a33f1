"""Tests of predicted days against days that happened.

`Tested`
    What the tests of one metric found.
`Evidence`, `evidence`
    The tests of all metrics, and the level at which all of them together reject.

Under the scenario, an observed day is one more draw of the predicted days. For each metric

- *bias*: the mean over days of observed - predicted, against its standard error; and the number of
  days that differ from predictions that are all the same, against the probability that a day is
  the only one of all its simulated ones that differs;
- *spread*: the sum over days of (observed - predicted)^2 / variance, against chi-square;
- *uniformity*: the randomised probability integral transforms of the days, by Kolmogorov and
  Smirnov; with five days or more.

A scenario fitted on n days has an error of its own, of about the size of a mean of n days; it
widens the first two. The tests are not independent of each other, so their joint level comes from
pseudo-days: days drawn from the predictions, and tested like the observed ones. They give the
p-value that the smallest p-value of all tests must fall below (Westfall and Young, Resampling-Based
Multiple Testing, 1993, section 2.3). No pseudo-day differs where all simulated days are the same:
the probability that a real one does by chance is added to the joint p-value.

The bias that would be found with a probability of 80 % follows from its standard error and the
level that is left for a single test.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.fitting._novelty import Novelty
from ringsim.fitting._pit import randomised_pit

__all__ = ["LEVEL", "POWER", "Evidence", "Tested", "evidence"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

LEVEL = 0.05
POWER = 0.8  # probability with which an error of the size that is told is found
N_PSEUDO = 1999
ENOUGH_DAYS = 5  # for the test of uniformity
KINDS = ("bias", "spread", "uniformity")


class Tested(NamedTuple):
    """Result of the tests of one metric.

    Attributes
    ----------
    observed, predicted : float
        Means over days.
    low, high : float
        Bounds within which the mean over days should be, with 95 % probability.
    distance, expected_distance : float
        Root mean squares over days of observed - predicted.
    p_bias, p_spread, p_uniformity : float
        p-values; NaN if there are too few days.
    """

    observed: float
    predicted: float
    low: float
    high: float
    distance: float
    expected_distance: float
    p_bias: float
    p_spread: float
    p_uniformity: float

    @property
    def p_values(self) -> tuple[float, float, float]:
        return self.p_bias, self.p_spread, self.p_uniformity


@dataclass(frozen=True)
class Evidence:
    """The tests of all metrics.

    Attributes
    ----------
    metrics : dict of str to Tested
    p_value : float
        Probability of a p-value as small as the smallest, if the scenario is right.
    critical : float
        p-value of a single test below which it rejects, so that all together reject a right
        scenario with probability 5 %.
    detectable : dict of str to float
        Least error of the mean of a metric over these days that its test of bias finds with a
        probability of 80 %; NaN if unknown.
    """

    metrics: dict[str, Tested]
    p_value: float
    critical: float
    detectable: dict[str, float]

    @property
    def rejects(self) -> bool:
        """Whether the tests reject the scenario."""
        return self.p_value < LEVEL

    def rejected(self, metric: str) -> list[str]:
        """Return which tests of a metric reject: `bias`, `spread`, `uniformity`."""
        found = self.metrics[metric].p_values
        if not self.rejects:
            return []
        return [kind for kind, p in zip(KINDS, found, strict=True) if p <= self.critical]


def evidence(
    observed: Mapping[str, Floats],
    predicted: Mapping[str, Floats],
    *,
    bias_only: Mapping[str, bool],
    n_fitted: int = 0,
    seed: int = 0,
) -> Evidence:
    """Test observed days against predicted ones.

    Parameters
    ----------
    observed : dict of str to array of D floats
        Each metric on each day; NaN if the day has no value.
    predicted : dict of str to array of shape (D, R)
        The same on R simulated days for each day. A replication is the same day in all metrics.
    bias_only : dict of str to bool
        Whether only the bias of a metric is tested.
    n_fitted : int, default 0
        Days that the scenario was fitted on; 0 if it is not uncertain.
    seed : int, default 0
        Seed of the pseudo-days.
    """
    rng = np.random.default_rng(seed)
    some = next(iter(predicted.values()))
    n_days, n_simulated = some.shape
    drawn = rng.integers(0, n_simulated, (N_PSEUDO, n_days))
    error = rng.integers(0, n_days * n_simulated, (N_PSEUDO, n_fitted)) if n_fitted else None
    uniform = rng.random((N_PSEUDO + 1, n_days))
    found: dict[str, Tested] = {}
    tested: dict[str, tuple[_Metric, Floats]] = {}
    smallest = np.ones(N_PSEUDO)
    for metric, days in observed.items():
        one = _Metric(predicted[metric], n_fitted, with_all=not bias_only[metric])
        pseudo = one.pseudo(drawn, error)
        p_values = one.p_values(np.vstack((days[None, :], pseudo)), uniform)
        smallest = np.fmin(smallest, np.fmin.reduce(p_values[:, 1:]))
        found[metric] = one.tested(days, pseudo, p_values[:, 0])
        tested[metric] = one, days
    known = [p for each in found.values() for p in each.p_values if not math.isnan(p)]
    least = min(known, default=1.0)
    by_pseudo_days = (1 + int((smallest <= least).sum())) / (N_PSEUDO + 1)
    by_chance = sum(one.novelty.chance(days, least) for one, days in tested.values())
    critical = float(np.quantile(smallest, LEVEL))
    detectable = {name: one.detectable(days, critical) for name, (one, days) in tested.items()}
    return Evidence(found, min(1.0, by_pseudo_days + by_chance), critical, detectable)


class _Metric:
    """The predictions of one metric."""

    def __init__(self, predicted: Floats, n_fitted: int, *, with_all: bool) -> None:
        with np.errstate(invalid="ignore"):
            self.mean = _nan_mean(predicted)
            deviations = predicted - self.mean[:, None]
            self.variance = _nan_mean(deviations**2) * predicted.shape[1]
            self.variance /= np.maximum(np.isfinite(predicted).sum(axis=1) - 1, 1)
        self.novelty = Novelty(predicted, n_fitted)
        self.variance[self.novelty.is_fixed] = 0.0
        self.predicted, self.deviations = predicted, deviations
        self.sorted = np.sort(predicted, axis=1)
        self.of_fit = 1 / n_fitted if n_fitted else 0.0
        self.with_all = with_all

    def pseudo(self, drawn: Ints, error: Ints | None) -> Floats:
        """Return pseudo-days, shape (N_PSEUDO, D), with the error of a fit."""
        days: Floats = self.predicted[np.arange(self.predicted.shape[0]), drawn]
        if error is None:
            return days
        return days - _nan_mean(self.deviations.ravel()[error])[:, None]

    def p_values(self, days: Floats, uniform: Floats) -> Floats:
        """Return the p-values of bias, spread and uniformity of rows of days, shape (3, rows).

        The first row is observed, the others are pseudo-days, among whose distances from
        uniformity that of a row takes its place.
        """
        from scipy.special import chdtr, chdtrc, ndtr

        usable = np.isfinite(days) & (self.variance > 0)
        off = np.where(usable, days - self.mean, 0.0)
        variance = np.where(usable, self.variance, 0.0)
        n = usable.sum(axis=1)
        total = variance.sum(axis=1)
        z = off.sum(axis=1) / np.sqrt(np.maximum(total * (1 + n * self.of_fit), 1e-300))
        bias = np.where(n > 0, 2 * ndtr(-np.abs(z)), np.nan)
        bias[0] = np.fmin(bias[0], self.novelty.p_value(days[0]))
        if not self.with_all:
            return np.array([bias, np.full_like(bias, np.nan), np.full_like(bias, np.nan)])
        squares = np.where(usable, off**2 / np.where(usable, self.variance, 1.0), 0.0)
        squares = squares.sum(axis=1) / (1 + self.of_fit)
        degrees = np.maximum(n, 1)
        spread = 2 * np.minimum(chdtrc(degrees, squares), chdtr(degrees, squares))
        spread = np.where(n > 1, np.minimum(spread, 1.0), np.nan)
        return np.array([bias, spread, self._uniformity(days, uniform)])

    def _uniformity(self, days: Floats, uniform: Floats) -> Floats:
        n = days.shape[1]
        if n < ENOUGH_DAYS or not np.isfinite(days).all():
            return np.full(len(days), np.nan)
        pit = np.sort(self.pit(days, uniform), axis=1)
        steps = np.arange(1, n + 1) / n
        distance = np.maximum((steps - pit).max(axis=1), (pit - steps + 1 / n).max(axis=1))
        pseudo = np.sort(distance[1:])
        as_far = len(pseudo) - np.searchsorted(pseudo, distance, side="left")
        placed: Floats = (as_far + 1) / (len(pseudo) + 1)
        return placed

    def pit(self, days: Floats, uniform: Floats) -> Floats:
        """Return the randomised probability integral transforms of rows of days."""
        columns = [
            randomised_pit(days[:, d], self.sorted[d], uniform[:, d]) for d in range(days.shape[1])
        ]
        return np.array(columns).T

    def detectable(self, days: Floats, critical: float) -> float:
        """Return the least bias that a test at the level `critical` finds in 80 % of cases."""
        from scipy.special import ndtri

        usable = np.isfinite(days) & (self.variance > 0)
        n = int(usable.sum())
        if not n:
            return math.nan
        error = math.sqrt(float(self.variance[usable].sum()) * (1 + n * self.of_fit)) / n
        return float(ndtri(POWER) - ndtri(critical / 2)) * error

    def tested(self, days: Floats, pseudo: Floats, p_values: Floats) -> Tested:
        usable = np.isfinite(days) & np.isfinite(self.mean)
        means = _nan_mean(pseudo[:, usable]) if usable.any() else np.array([np.nan])
        means = means[np.isfinite(means)]
        if not len(means):
            return Tested(*[math.nan] * 6, *p_values.tolist())
        low, high = np.quantile(means, [0.025, 0.975])
        off = days[usable] - self.mean[usable]
        expected = float(self.variance[usable].mean()) * (1 + self.of_fit)
        return Tested(
            float(days[usable].mean()),
            float(self.mean[usable].mean()),
            float(low),
            float(high),
            math.sqrt(float((off**2).mean())),
            math.sqrt(expected),
            *p_values.tolist(),
        )


def _nan_mean(values: Floats) -> Floats:
    """Return the mean along the last axis without NaN; NaN where there is nothing else."""
    known = np.isfinite(values)
    n = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    mean: Floats = np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0)
    return mean
