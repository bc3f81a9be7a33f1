"""Answer delay, answer probability and wrap-up time together.

`Answering`
    Their estimates.
`answering`
    Maximum likelihood over episodes: rings between a hang-up and the next answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ringsim.errors import ConfigurationError
from ringsim.estimators._days import Floats, Interval, day_interval
from ringsim.estimators._episodes import Answers, Episodes, WrapUps
from ringsim.estimators._exposure import Exposure
from ringsim.estimators._likelihood import (
    Maximum,
    Parameters,
    maximise,
    remember_last,
    without_each_day,
)
from ringsim.estimators._wrap_up import WRAP_UPS, WrapUp

__all__ = ["Answering", "answering"]

START = (1.0, math.log(6.0), math.log(2.0))  # logit of p, log of mean delay, log of shape
BOUNDS = ((-6.0, 6.0), (-2.0, 5.0), (-2.0, 4.0))
TOWARDS_HALF = 1e-3  # weight of the square of logit p, which keeps p inside (0, 1)
LEAST_GAIN = 2.0  # of AIC, to believe in a wrap-up


@dataclass(frozen=True)
class Answering:
    """Estimates of how surely and how soon each person answers, and of the wrap-up time.

    Attributes
    ----------
    probability : list of Interval
        Probability that a ring is answered at all, if it rings long enough, by person.
    delay : list of Interval
        Mean answer delay [s], by person.
    shape : Interval
        Shape of the gamma distribution of all answer delays.
    within : list of Interval
        Probability of an answer within the longest ring, by person.
    horizon : float
        Longest ring [s].
    wrap_up : str
        Family of the wrap-up time: `none`, `lognormal` or `gamma`.
    wrap_up_time : Interval
        Mean wrap-up time [s].
    wrap_up_dist : float or dict
        Wrap-up time for a scenario file.
    aic : dict of str to float
        Akaike's criterion with each family of the wrap-up time.
    n_rings, n_answered : ndarrays of int
        Rings and answers, by person.
    n_episodes : int
        Episodes: hang-ups with at least one ring before the next answer.
    """

    probability: list[Interval]
    delay: list[Interval]
    shape: Interval
    within: list[Interval]
    horizon: float
    wrap_up: str
    wrap_up_time: Interval
    wrap_up_dist: Any
    aic: dict[str, float]
    n_rings: Any
    n_answered: Any
    n_episodes: int
    wrap_up_parameters: Any

    def answered_by(self, person: int, seconds: Floats) -> Floats:
        """Return the probability that a person answers a ring within some seconds."""
        from scipy.special import gammainc

        shape, delay = self.shape.estimate, self.delay[person].estimate
        scaled = shape * np.asarray(seconds, dtype=np.float64) / delay
        answered = self.probability[person].estimate * gammainc(shape, scaled)
        return np.asarray(answered, dtype=np.float64)

    def free_after(self, seconds: Floats) -> Floats:
        """Return the probability that a wrap-up is over some seconds after the hang-up."""
        over = WRAP_UPS[self.wrap_up].over_by(seconds, self.wrap_up_parameters)
        return np.ones(len(seconds)) if over is None else over


def answering(
    rings: Exposure, *, people: int | None = None, days: int | None = None, clock: float = 0.1
) -> Answering:
    """Estimate how surely and how soon people answer, and their wrap-up time.

    Parameters
    ----------
    rings : Exposure
        Rings of all people, from `exposure`.
    people, days : int, optional
        Numbers of people and days, if the last ones have no ring.
    clock : float, default 0.1
        Resolution of the times [s]; 1 if the records have whole seconds.

    Raises
    ------
    ConfigurationError
        If nobody answered.

    Notes
    -----
    Delays have a gamma distribution, with a mean for each person and one shape for all. The
    wrap-up time is `none`, lognormal or gamma, whichever has the smallest AIC. Wrap-up can be
    estimated because phones ring through it: a ring soon after a hang-up is missed more often.
    Rings alone, taken as independent, put 25 s of wrap-up at 27 s, outside half of their
    intervals (measured). Intervals are by days.

    Answered rings over all rings is not an estimate of the answer probability, because a colleague
    or the caller ends most rings before this person would have answered. The mean delay of answered
    rings is too short for the same reason.
    """
    if not rings.answered.any():
        raise ConfigurationError("rings", "must hold one that was answered")
    n_people = int(rings.member.max()) + 1 if people is None else people
    n_days = int(rings.day.max()) + 1 if days is None else days
    episodes = Episodes(rings, n_people, n_days, clock)
    tried: dict[str, tuple[Maximum, Parameters, Callable[[Floats], Floats]]] = {}
    start = np.concatenate((np.full(n_people, START[0]), np.full(n_people, START[1]), START[2:]))
    for name, family in WRAP_UPS.items():
        function, layout = _log_likelihood(episodes, family)
        bounds = _bounds(n_people, family)
        x = np.concatenate((start[: 2 * n_people + 1], family.start))
        found = maximise(function, layout, x, bounds)
        start = found.x
        tried[name] = found, layout, function
    aic = {name: found.aic for name, (found, _, _) in tried.items()}
    best = min(aic, key=lambda name: aic[name] - (LEAST_GAIN if name == "none" else 0.0))
    return _estimates(rings, episodes, best, aic, *tried[best])


def _bounds(people: int, family: WrapUp) -> list[tuple[float, float]]:
    return [*[BOUNDS[0]] * people, *[BOUNDS[1]] * people, BOUNDS[2], *family.bounds]


def _log_likelihood(
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


def _estimates(
    rings: Exposure,
    episodes: Episodes,
    wrap_up: str,
    aic: dict[str, float],
    found: Maximum,
    layout: Parameters,
    function: Callable[[Floats], Floats],
) -> Answering:
    from scipy.special import expit, gammainc

    n, x, family = episodes.units, found.x, WRAP_UPS[wrap_up]
    without = without_each_day(function, layout, x)
    horizon = float(rings.exposed.max())

    def probability(at: Floats) -> Floats:
        return np.asarray(expit(at[..., :n]))

    def within(at: Floats) -> Floats:
        shape = np.exp(at[..., 2 * n : 2 * n + 1])
        scaled = shape * horizon / np.exp(at[..., n : 2 * n])
        return np.asarray(expit(at[..., :n]) * gammainc(shape, scaled))

    def each(of: Callable[[Floats], Floats], scale: Any) -> list[Interval]:
        values, left_out = of(x), of(without)
        return [day_interval(float(values[j]), left_out[:, j], scale) for j in range(n)]

    wrapped = x[2 * n + 1 :]
    mean = Interval(0.0)
    if len(wrapped):
        left_out = family.mean(without[:, 2 * n + 1 :])
        mean = day_interval(float(family.mean(wrapped)), left_out, "log")
    return Answering(
        probability=each(probability, "logit"),
        delay=each(lambda at: np.exp(at[..., n : 2 * n]), "log"),
        shape=day_interval(math.exp(x[2 * n]), np.exp(without[:, 2 * n]), "log"),
        within=each(within, "logit"),
        horizon=horizon,
        wrap_up=wrap_up,
        wrap_up_time=mean,
        wrap_up_dist=family.dist(wrapped),
        aic=aic,
        n_rings=np.bincount(rings.member, minlength=n),
        n_answered=np.bincount(rings.member[rings.answered], minlength=n),
        n_episodes=len(episodes),
        wrap_up_parameters=wrapped,
    )
