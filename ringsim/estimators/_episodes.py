"""Likelihood of the rings between a hang-up and the next answer of a person (an episode).

A ring that starts g seconds after the person's last hang-up is answered max(D, W - g) seconds
later, if at all: D is the answer delay (never, with probability 1 - p), W the wrap-up time of
that last call. W is the same for all rings of an episode, so these rings are not independent:
two missed rings make a long W likelier. Let T_r be the age of the hang-up when ring r ended,
s_r = 1 - p F(c_r) the probability that it was not answered in the c_r seconds that it could be,
and H the distribution of W. Rings that ended before the wrap-up say nothing, so that an episode of
n rings has the likelihood

    sum_k [H(T_k) - H(T_(k-1))] prod_(r >= k) s_r  +  1 - H(T_n)

if none was answered, and if the last one was answered after a seconds

    sum_k [H(T_k) - H(T_(k-1))] prod_(k <= r < n) s_r  p f(a)  +  h(T_n) p F(a).

Times are rounded to the clock of the records; densities are differences over two ticks of it.

`Episodes`
    The rings of all people, prepared for this likelihood.
`Answers`, `WrapUps`
    Its two halves, of which only one changes with a parameter. The halves take few distinct
    values, which are tabulated and looked up for each ring.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim.estimators._days import Floats, Ints, sums_by
from ringsim.estimators._exposure import Exposure

__all__ = ["Answers", "Episodes", "WrapUps"]

LONGEST_WRAP_UP = 900.0  # seconds; later rings are not affected
LEAST = 1e-300
SAME_HANG_UP = 1e-3  # seconds


class Answers(NamedTuple):
    """Half of the likelihood that depends on the answer delays.

    Attributes
    ----------
    product : ndarray of float
        Product of the factors of each ring and those after it in its episode.
    within : ndarray of float
        p F(a) of each episode that ended with an answer after a seconds, 1 of others.
    """

    product: Floats
    within: Floats


class WrapUps(NamedTuple):
    """Half of the likelihood that depends on the wrap-up times.

    Attributes
    ----------
    grown : ndarray of float
        Growth of H at each ring since the one before it in its episode.
    rest : ndarray of float
        Density h at the end of each episode that ended with an answer, 1 - H of others.
    """

    grown: Floats
    rest: Floats


class Episodes:
    """Rings grouped into episodes, on a grid of times.

    Parameters
    ----------
    rings : Exposure
        Rings, sorted by member, day and start. Those that began while the person was talking are
        left out.
    clock : float
        Distance of the times on the grid [s].

    Attributes
    ----------
    units, days : int
        Numbers of people and of days.
    delays, ages : ndarrays of float
        Times [s] at which the likelihood needs the distributions of the answer delay and of the
        wrap-up time.
    """

    def __init__(self, rings: Exposure, units: int, days: int, clock: float) -> None:
        rings = rings.of(rings.since > -clock / 2)
        self.units, self.days, self.clock = units, days, clock
        since = np.where(rings.since > LONGEST_WRAP_UP, np.inf, np.maximum(rings.since, 0.0))
        ended = since + rings.exposed
        new = _begins(rings, since)
        episode = np.cumsum(new) - 1
        order = np.lexsort((np.where(rings.answered, np.inf, ended), episode))
        answered = rings.answered[order]
        exposed, ended = rings.exposed[order], ended[order]
        self._first = np.flatnonzero(np.diff(episode, prepend=-1))
        self._sizes = np.diff(np.append(self._first, len(episode)))
        self._last = self._first + self._sizes - 1
        delay = np.round(exposed / clock).astype(np.int64)
        self.delays: Floats = np.arange(delay.max(initial=0) + 2, dtype=np.float64) * clock
        longest = int((LONGEST_WRAP_UP + exposed.max(initial=0.0)) / clock) + 3
        self.ages: Floats = np.arange(longest, dtype=np.float64) * clock
        self._place_answers(rings.member[order], delay, answered)
        self._place_wrap_ups(ended, answered)
        self._cell = (rings.member * days + rings.day)[order][self._first]

    def _place_answers(self, member: Ints, delay: Ints, answered: NDArray[np.bool_]) -> None:
        """Find where `answers` looks up each ring, and the last ring of each episode."""
        n = len(self.delays)
        self._factor_at = (member * 2 + answered) * n + delay
        self._was_answered = answered[self._last]
        ends = self._last[self._was_answered]
        self._within_at = member[ends] * n + delay[ends]

    def _place_wrap_ups(self, ended: Floats, answered: NDArray[np.bool_]) -> None:
        """Find where `wrap_ups` looks up each ring, and the last ring of each episode."""
        n = len(self.ages)
        never_talked = ~np.isfinite(ended)
        age = np.round(np.where(never_talked, 0.0, ended) / self.clock).astype(np.int64)
        before = np.minimum(np.roll(age, 1), n - 1)
        before[self._first] = n
        place = np.where(never_talked, 2 * n, answered * n + np.minimum(age, n - 2))
        self._before_at, self._reached_at, self._rest_at = before, place, place[self._last]

    def __len__(self) -> int:
        return len(self._first)

    def answers(self, answered_by: Floats) -> Answers:
        """Return what the likelihood needs of the answer delays.

        Parameters
        ----------
        answered_by : ndarray of shape (units, len(delays))
            Probability of an answer within each delay, p F.
        """
        around = np.pad(answered_by, ((0, 0), (1, 1)), mode="edge")
        density = (around[:, 2:] - around[:, :-2]) / 2
        factors = np.stack((1 - answered_by, density), axis=1)
        log_factor = np.log(np.maximum(factors, LEAST)).take(self._factor_at)
        total = np.cumsum(log_factor)
        product = np.exp(np.repeat(total[self._last], self._sizes) - total + log_factor)
        within = np.ones(len(self))
        within[self._was_answered] = answered_by.take(self._within_at)
        return Answers(product, within)

    def wrap_ups(self, over_by: Floats) -> WrapUps:
        """Return what the likelihood needs of the wrap-up times.

        Parameters
        ----------
        over_by : ndarray of shape (len(ages),)
            Probability that the wrap-up is over at each age of the hang-up, H.
        """
        around = np.pad(over_by, 1, mode="edge")
        density = (around[2:] - around[:-2]) / 2
        reached = np.concatenate((over_by, (over_by + around[:-2]) / 2, [1.0]))
        before = np.append(over_by, 0.0)
        rest = np.concatenate((1 - over_by, density, [0.0]))
        grown = np.maximum(reached.take(self._reached_at) - before.take(self._before_at), 0.0)
        return WrapUps(grown, rest.take(self._rest_at))

    def log_likelihood(self, answers: Answers, wrap_ups: WrapUps | None) -> Floats:
        """Return the log-likelihood of each person and day; `wrap_ups` is None if there is none."""
        if not len(self):
            return np.zeros((self.units, self.days))
        if wrap_ups is None:
            likelihood = answers.product[self._first]
        else:
            likelihood = np.add.reduceat(wrap_ups.grown * answers.product, self._first)
            likelihood += wrap_ups.rest * answers.within
        log_likelihood = np.log(np.maximum(likelihood, LEAST))
        cells = sums_by(self._cell, self.units * self.days, log_likelihood)
        return cells.reshape(self.units, self.days)


def _begins(rings: Exposure, since: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which rings begin an episode: after another hang-up, or after an answer."""
    if not len(rings):
        return np.zeros(0, dtype=bool)
    hang_up = np.where(np.isfinite(since), rings.start - since, -np.inf)
    with np.errstate(invalid="ignore"):
        # inf - inf is NaN: two rings without a hang-up before them are apart, too
        other = ~(np.abs(np.diff(hang_up)) <= SAME_HANG_UP)
    apart = (np.diff(rings.member) != 0) | (np.diff(rings.day) != 0) | other
    return np.concatenate(([True], apart | rings.answered[:-1]))
