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
"""

from __future__ import annotations

import numpy as np

from ringsim.estimators._days import Floats, sums_by
from ringsim.estimators._exposure import Exposure

__all__ = ["Episodes"]

LONGEST_WRAP_UP = 900.0  # seconds; later rings are not affected
LEAST = 1e-300
SAME_HANG_UP = 1e-3  # seconds


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
        self._answered = rings.answered[order]
        self._member = rings.member[order]
        self._day = rings.day[order]
        first = np.flatnonzero(np.diff(episode, prepend=-1))
        self._first = first
        self._episode = episode
        self._last = np.append(first[1:], len(episode))[: len(first)] - 1
        exposed, ended = rings.exposed[order], ended[order]
        self._delay = np.round(exposed / clock).astype(np.int64)
        self.delays: Floats = np.arange(self._delay.max(initial=0) + 2, dtype=np.float64) * clock
        longest = int((LONGEST_WRAP_UP + exposed.max(initial=0.0)) / clock) + 3
        self.ages: Floats = np.arange(longest, dtype=np.float64) * clock
        self._never_talked = ~np.isfinite(ended)
        age = np.where(self._never_talked, 0.0, ended)
        self._age = np.round(age / clock).astype(np.int64)
        self._is_first = np.zeros(len(episode), dtype=bool)
        self._is_first[first] = True
        self._before = np.where(self._is_first, 0, np.roll(self._age, 1))
        self._cell = self._member[first] * days + self._day[first]
        self._longest = longest

    def __len__(self) -> int:
        return len(self._first)

    def log_likelihood(self, answered_by: Floats, over_by: Floats | None) -> Floats:
        """Return the log-likelihood of each person and day.

        Parameters
        ----------
        answered_by : ndarray of shape (units, len(delays))
            Probability of an answer within each delay, p F.
        over_by : ndarray of shape (len(ages),), optional
            Probability that the wrap-up is over at each age of the hang-up, H; None if there is
            no wrap-up.
        """
        within = answered_by[self._member, self._delay]
        later = answered_by[self._member, self._delay + 1]
        earlier = answered_by[self._member, np.maximum(self._delay - 1, 0)]
        factor = np.where(self._answered, (later - earlier) / 2, 1 - within)
        log_factor = np.log(np.maximum(factor, LEAST))
        total = np.cumsum(log_factor)
        product = np.exp(total[self._last][self._episode] - total + log_factor)
        ended, grown, density = self._wrap_up(over_by)
        known = np.add.reduceat(grown * product, self._first) if len(self._first) else np.zeros(0)
        last = self._last
        rest = np.where(self._answered[last], density[last] * within[last], 1 - ended[last])
        surprise = np.log(np.maximum(known + rest, LEAST))
        cells = sums_by(self._cell, self.units * self.days, surprise)
        return cells.reshape(self.units, self.days)

    def _wrap_up(self, over_by: Floats | None) -> tuple[Floats, Floats, Floats]:
        """Return H at the end of each ring, its growth since the ring before, and its density."""
        if over_by is None:
            one = np.ones(len(self._age))
            return one, self._is_first.astype(np.float64), np.zeros(len(one))
        age = np.minimum(self._age, self._longest - 2)
        ended, sooner = over_by[age], over_by[np.maximum(age - 1, 0)]
        before = np.where(self._is_first, 0.0, over_by[np.minimum(self._before, self._longest - 1)])
        reached = np.where(self._answered, (ended + sooner) / 2, ended)
        grown = np.maximum(reached - before, 0.0)
        density = (over_by[age + 1] - sooner) / 2
        none = self._never_talked
        return np.where(none, 1.0, ended), np.where(none, 1.0, grown), np.where(none, 0.0, density)


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
