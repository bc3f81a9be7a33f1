"""Away spells: the phone rings, and nobody is there.

`Away`
    How often and how long a person is away, and which rings fell into it.
`away`
    Maximum likelihood of a hidden state, present or away, that lasts from ring to ring.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringsim.estimators._at_bounds import Intervals
from ringsim.estimators._days import Floats, Interval, Ints
from ringsim.estimators._exposure import Exposure
from ringsim.estimators._likelihood import Maximum, Parameters, maximise

__all__ = ["Away", "away"]

LOGITS = (-6.0, 6.0)
EVERY = (math.log(60.0), math.log(200_000.0))
LASTING = (math.log(30.0), math.log(14_400.0))
START = (1.0, math.log(3600.0), math.log(600.0))
NEVER = 60.0  # logarithm of the time between spells of somebody who is never away


@dataclass(frozen=True)
class Away:
    """Away spells of one person.

    Attributes
    ----------
    every, lasting : Interval
        Mean time between spells, and mean length of a spell [s].
    probability : Interval
        Probability of answering a ring while present, if it rings long enough.
    p_value : float
        Probability of so much better a fit if the person is never away.
    is_away : ndarray of float
        Probability of being away at each of their rings, in the order of the rings.
    """

    every: Interval
    lasting: Interval
    probability: Interval
    p_value: float
    is_away: Floats

    @property
    def share(self) -> float:
        """Share of the time spent away."""
        return self.lasting.estimate / (self.lasting.estimate + self.every.estimate)


def away(
    rings: Exposure, within: ArrayLike, *, people: int | None = None, days: int | None = None
) -> list[Away]:
    """Estimate away spells of people.

    Parameters
    ----------
    rings : Exposure
        Rings of all people, from `exposure`.
    within : array of float
        For each ring, the probability that somebody present who answers at all does so within
        its exposure: delay and wrap-up short enough.
    people, days : int, optional
        Numbers of people and days, if the last ones have no ring.

    Notes
    -----
    A person alternates between present and away, each for an exponential time. Away, nothing is
    answered. Present, a ring is answered with probability p times `within`. The likelihood of a
    day is a product of 2 x 2 matrices, one per ring (a hidden Markov model: Rabiner, Proceedings
    of the IEEE 77, 1989); talking, a person is present. Without away spells, missed rings do not
    cluster in time beyond what wrap-up explains; the likelihood ratio tests that.
    """
    n_people = int(rings.member.max(initial=-1)) + 1 if people is None else people
    n_days = int(rings.day.max(initial=-1)) + 1 if days is None else days
    chain = _Chain(rings, np.asarray(within, dtype=np.float64), n_people, n_days)
    full, alone = Parameters(n_people, 3, 0), Parameters(n_people, 1, 0)
    start = np.repeat(START, n_people)
    bounds = [*[LOGITS] * n_people, *[EVERY] * n_people, *[LASTING] * n_people]
    present = maximise(chain.never_away, alone, start[:n_people], [LOGITS] * n_people)
    start[:n_people] = present.x
    found = maximise(chain.log_likelihood, full, start, bounds)
    better = chain.log_likelihood(found.x).sum(axis=1) - chain.never_away(present.x).sum(axis=1)
    return _results(chain, full, found, better)


def _results(chain: _Chain, layout: Parameters, found: Maximum, better: Floats) -> list[Away]:
    from scipy.special import chdtrc

    n = layout.units
    intervals = Intervals.of_maximum(chain.log_likelihood, layout, found)
    is_away = chain.is_away(found.x)
    return [
        Away(
            every=intervals.of(n + j),
            lasting=intervals.of(2 * n + j),
            probability=intervals.of(j, "logit"),
            p_value=float(chdtrc(2, max(2 * better[j], 0.0))),
            is_away=is_away[chain.member == j],
        )
        for j in range(n)
    ]


class _Chain:
    """Rings of each person and day as a chain of 2 x 2 matrices; state 0 is present."""

    def __init__(self, rings: Exposure, within: Floats, people: int, days: int) -> None:
        self.member, self.answered, self.within = rings.member, rings.answered, within
        self.people, self.days = people, days
        self.cell = rings.member * days + rings.day
        first = np.flatnonzero(np.diff(self.cell, prepend=-1))
        number = np.cumsum(np.diff(self.cell, prepend=-1) != 0) - 1
        self.place: Ints = np.arange(len(self.cell)) - (first[number] if len(first) else 0)
        gap = np.diff(rings.start, prepend=0.0)
        since = np.where(rings.since >= 0, rings.since, 0.0)
        self.gap: Floats = np.where(self.place == 0, np.inf, np.minimum(np.maximum(gap, 0), since))
        longest = int(self.place.max(initial=0)) + 1
        self.length = 1 << (longest - 1).bit_length()

    def never_away(self, x: Floats) -> Floats:
        """Return the log-likelihood by person and day of people who are never away."""
        n = self.people
        return self.log_likelihood(np.concatenate((x, np.full(n, NEVER), np.zeros(n))))

    def log_likelihood(self, x: Floats) -> Floats:
        """Return the log-likelihood by person and day."""
        chain = np.tile(np.eye(2), (self.people * self.days, self.length, 1, 1))
        chain[self.cell, self.place] = self._matrices(x)
        total = np.zeros(self.people * self.days)
        while chain.shape[1] > 1:
            chain = chain[:, ::2] @ chain[:, 1::2]
            size = np.maximum(chain.max(axis=(2, 3)), 1e-300)
            chain = chain / size[:, :, None, None]
            total += np.log(size).sum(axis=1)
        start = np.repeat(self._stationary(x), self.days, axis=0)
        last = np.einsum("ci,cij->c", start, chain[:, 0])
        by_day = total + np.log(np.maximum(last, 1e-300))
        return np.asarray(by_day.reshape(self.people, self.days), dtype=np.float64)

    def is_away(self, x: Floats) -> Floats:
        """Return the probability of being away at each ring, given all rings of its day."""
        matrices = self._matrices(x)
        n_cells = self.people * self.days
        row_of = np.full((n_cells, self.length), -1)
        row_of[self.cell, self.place] = np.arange(len(self.cell))
        forward, backward = np.ones((2, len(self.cell), 2))
        state = np.repeat(self._stationary(x), self.days, axis=0)
        for place in range(self.length):
            some, rows = _present(row_of[:, place])
            state[some] = _scaled(np.einsum("ci,cij->cj", state[some], matrices[rows]))
            forward[rows] = state[some]
        state = np.ones((n_cells, 2))
        for place in reversed(range(self.length)):
            some, rows = _present(row_of[:, place])
            backward[rows] = state[some]
            state[some] = _scaled(np.einsum("cij,cj->ci", matrices[rows], state[some]))
        both = forward * backward
        share: Floats = both[:, 1] / np.maximum(both.sum(axis=1), 1e-300)
        return share

    def _stationary(self, x: Floats) -> Floats:
        n = self.people
        every, lasting = np.exp(x[n : 2 * n]), np.exp(x[2 * n : 3 * n])
        share = lasting / (every + lasting)
        return np.column_stack((1 - share, share))

    def _matrices(self, x: Floats) -> Floats:
        """Return transition times emission of each ring, shape (rings, 2, 2)."""
        from scipy.special import expit

        n = self.people
        every, lasting = np.exp(x[n : 2 * n]), np.exp(x[2 * n : 3 * n])
        rate = (1 / every + 1 / lasting)[self.member]
        share = (lasting / (every + lasting))[self.member]
        moved = -np.expm1(-rate * self.gap)
        leaves, returns = share * moved, (1 - share) * moved
        answers = expit(x[:n])[self.member] * self.within
        seen = np.where(self.answered, expit(x[:n])[self.member], 1 - answers)
        missed = np.where(self.answered, 0.0, 1.0)
        return np.stack(
            (
                np.stack(((1 - leaves) * seen, leaves * missed), axis=-1),
                np.stack((returns * seen, (1 - returns) * missed), axis=-1),
            ),
            axis=1,
        )


def _present(rows: Ints) -> tuple[NDArray[np.bool_], Ints]:
    some = rows >= 0
    return some, rows[some]


def _scaled(state: Floats) -> Floats:
    scaled: Floats = state / np.maximum(state.sum(axis=1, keepdims=True), 1e-300)
    return scaled
