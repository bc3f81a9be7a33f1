"""Likelihood of answer delays, answer probabilities and a wrap-up time.

The parameters are the logits of the probabilities of all people, the logarithms of their mean
delays and of the shape of these, and those of the wrap-up time.

`log_likelihood_of`
    The log-likelihood of episodes.
`bounds_of`
    Bounds of the search for its maximum.
`within_by`
    Probability of an answer within some seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ringsim.estimators._days import Floats
from ringsim.estimators._episodes import Answers, Episodes, WrapUps
from ringsim.estimators._likelihood import Parameters, remember_last
from ringsim.estimators._wrap_up import WrapUp

__all__ = [
    "LOGITS",
    "LONGEST_DELAY",
    "START",
    "bounds_of",
    "log_likelihood_of",
    "within_by",
]

START = (1.0, math.log(6.0), math.log(2.0))  # logit of p, log of mean delay, log of shape
LOGITS, LONGEST_DELAY, SHAPES = (-9.0, 9.0), 8.0, (-2.0, 4.0)  # of the search
AT_ONCE = 0.2  # mean delay, in ticks of the clock, from which it cannot be told from 0
TOWARDS_HALF = 1e-3  # weight of the square of logit p, which keeps p inside (0, 1)


def bounds_of(n: int, family: WrapUp, clock: float) -> list[tuple[float, float]]:
    """Return the bounds of all parameters of n people."""
    delays = (math.log(AT_ONCE * clock), LONGEST_DELAY)
    return [*[LOGITS] * n, *[delays] * n, SHAPES, *family.bounds]


def log_likelihood_of(
    episodes: Episodes, family: WrapUp
) -> tuple[Callable[[Floats], Floats], Parameters]:
    """Return the log-likelihood by person and day as a function of all parameters."""
    from scipy.special import expit, gammainc

    n = episodes.units

    @remember_last
    def answers(x: Floats) -> Answers:
        shape = math.exp(x[2 * n])
        scaled = shape * episodes.delays / np.exp(x[n : 2 * n])[:, None]
        return episodes.answers(expit(x[:n])[:, None] * gammainc(shape, scaled))

    @remember_last
    def wrap_ups(x: Floats) -> WrapUps | None:
        over_by = family.over_by(episodes.ages, x)
        return None if over_by is None else episodes.wrap_ups(over_by)

    def function(x: Floats) -> Floats:
        by_day = episodes.log_likelihood(answers(x[: 2 * n + 1]), wrap_ups(x[2 * n + 1 :]))
        return by_day - TOWARDS_HALF / episodes.days * (x[:n, None] ** 2)

    return function, Parameters(n, 2, 1 + len(family.start))


def within_by(x: Floats, n: int, horizon: float) -> Floats:
    """Return the probability of an answer within the longest ring, by person."""
    from scipy.special import expit, gammainc

    shape = np.exp(x[..., 2 * n : 2 * n + 1])
    scaled = shape * horizon / np.exp(x[..., n : 2 * n])
    return np.asarray(expit(x[..., :n]) * gammainc(shape, scaled))
