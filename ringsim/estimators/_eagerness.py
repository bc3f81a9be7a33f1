"""Eagerness of people with few rings: how much sooner each of them answers than all together.

`Eagerness`
    The factors of all people.
`eagerness`
    Estimate the factors; the fewer rings a person has, the closer the factor is to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ringsim.estimators._days import Floats

__all__ = ["Eagerness", "eagerness"]

LOG_SHAPES = (-2.0, 8.0)  # bounds of the logarithm of the shape
N_SHAPES = 60  # over which intervals are integrated
LOG_FACTORS = (-40.0, 8.0)  # between which bounds of factors lie
N_HALVINGS = 50


@dataclass(frozen=True)
class Eagerness:
    """Factors by which each person answers more readily than all people together.

    Attributes
    ----------
    factor, low, high : ndarrays of float
        Posterior mean of each person's factor, and the bounds of its interval, in which the shape
        is as uncertain as it is.
    shape : float
        Shape of the gamma distribution of the factors: the larger, the more alike people are.
    """

    factor: Floats
    low: Floats
    high: Floats
    shape: float


def eagerness(answers: ArrayLike, expected: ArrayLike, level: float = 0.95) -> Eagerness:
    """Estimate how readily people with few rings answer.

    Parameters
    ----------
    answers : array of int
        Answers of each person.
    expected : array of float
        Answers that the habit of all people together would have given: the sum, over the rings
        of the person, of the cumulative hazard -log(1 - p F(c)) at the exposure c of the ring.
    level : float, default 0.95
        Level of the intervals.

    Notes
    -----
    The hazard of person j is z_j times that of all, with z_j from a gamma distribution with shape
    and rate a. The answers are then negative binomial, which gives a by maximum likelihood; the
    posterior of z_j is gamma with shape a + answers and rate a + expected. Intervals are integrated
    over a, of which a few people say little, with a uniform prior on 1 / sqrt(a), the coefficient
    of variation of the factors (Gelman, Bayesian Analysis 1, 2006). Below about fifty rings
    a person, these factors predict better than each person's own estimate (root mean square error
    of the probability of an answer within 5 s 0.105 against 0.120 with 13 rings each); above, each
    person's own estimate is better.

    Examples
    --------
    >>> eagerness([3, 9, 0, 4], [4.0, 4.0, 4.0, 4.0]).factor.round(1).tolist()
    [0.8, 1.9, 0.3, 1.0]
    """
    from scipy.optimize import minimize_scalar

    n = np.asarray(answers, dtype=np.float64)
    mean = np.maximum(np.asarray(expected, dtype=np.float64), 1e-9)

    def surprise(log_shape: float) -> float:
        return -float(_log_likelihood(np.array([math.exp(log_shape)]), n, mean)[0])

    found = minimize_scalar(surprise, bounds=LOG_SHAPES, method="bounded")
    shape = math.exp(found.x)
    tail = (1 - level) / 2
    low, high = _quantiles(n, mean, (tail, 1 - tail))
    return Eagerness((shape + n) / (shape + mean), low, high, shape)


def _log_likelihood(shapes: Floats, n: Floats, mean: Floats) -> Floats:
    """Return the log-likelihood of the answers of all people, for each shape."""
    from scipy.special import gammaln

    a = shapes[:, None]
    terms = gammaln(a + n) - gammaln(a) + a * np.log(a / (a + mean))
    likelihood: Floats = (terms + n * np.log(mean / (a + mean))).sum(axis=1)
    return likelihood


def _quantiles(n: Floats, mean: Floats, levels: tuple[float, ...]) -> list[Floats]:
    """Return quantiles of the factor of each person, whose posterior is a mixture over shapes."""
    from scipy.special import gammainc

    most, least = (math.exp(-each / 2) for each in LOG_SHAPES)
    variation = np.linspace(least, most, N_SHAPES)
    a = variation**-2
    weights = _log_likelihood(a, n, mean)
    weights = np.exp(weights - weights.max())
    weights /= weights.sum()
    found = []
    for level in levels:
        low, high = (np.full(len(n), each) for each in LOG_FACTORS)
        for _ in range(N_HALVINGS):
            middle = (low + high) / 2
            below = weights @ gammainc(a[:, None] + n, np.exp(middle) * (a[:, None] + mean))
            low, high = np.where(below < level, middle, low), np.where(below < level, high, middle)
        found.append(np.exp(low))
    return found
