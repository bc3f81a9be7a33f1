"""The line of callers for what is asked.

`queue_for`
    `FiniteQueue` to a number of places; or without a limit, `ImpatientQueue`, `PatientQueue`, or
    `OverloadedQueue` for ever.

Within a limit every figure is a sum over the states of the line. Without one there may be any
number of states that matter. Patient callers then have closed forms; what impatient ones
meet is an integral over time, as exact, which costs the same whatever the load.
"""

from __future__ import annotations

import math

import numpy as np

from ringsim.erlang._impatient import ImpatientQueue
from ringsim.erlang._states import Floats, StationaryQueue, relative_weights

__all__ = ["queue_for"]


def queue_for(n: int, load: float, impatience: float, places: float) -> StationaryQueue:
    """The line of callers for n members, at least 1, and at least n places, or inf."""
    if math.isfinite(places):
        return FiniteQueue(n, load, impatience, int(places))
    if impatience > 0:
        return ImpatientQueue(n, load, impatience)
    return PatientQueue(n, load) if load < n else OverloadedQueue(n, load)


class FiniteQueue(StationaryQueue):
    """At most so many calls at once, waiting or not.

    Notes
    -----
    The caller at position i of those who wait moves up at the rates n + i r, ..., n + r,
    whether by an answer, or by somebody who gives up; they are themselves answered with
    probability n / (n + i r), whatever the times. The sum of such exponential times is
    distributed as the i-th smallest of n/r + i exponential ones of rate r (A. Renyi, On the
    theory of order statistics, 1953), so that it is at most t with probability
    I_x(i, n/r + 1), x = 1 - exp(-r t), the regularised incomplete beta function; without
    impatience it is a gamma time.
    """

    def __init__(self, n: int, load: float, impatience: float, places: int) -> None:
        self._n, self.impatience = n, impatience
        self._position = np.arange(1, places - n + 1)
        self._rate = n + impatience * self._position
        weights = relative_weights(load / np.concatenate([np.arange(1, n + 1), self._rate]))
        self._weights = weights[n:-1]
        self._answered = self._weights * n / self._rate
        self.at_once = float(weights[:n].sum())
        self.waiting = float(self._weights.sum())
        self.full = float(weights[-1])

    def answered(self, within: float = math.inf) -> float:
        return float((self._answered * self._in_time(within)).sum())

    def _in_time(self, within: float) -> Floats:
        """Probability of each to have moved up within a time."""
        from scipy.special import betainc, gammainc

        n, r = self._n, self.impatience
        if r == 0:
            return np.asarray(gammainc(self._position, n * within), np.float64)
        # For two whole parameters betainc takes a power that loses digits of the larger one.
        others = math.nextafter(n / r + 1, math.inf)
        return np.asarray(betainc(self._position, others, -math.expm1(-r * within)), np.float64)

    def waits(self) -> float:
        return float((self._weights * self._position / self._rate).sum())

    def answered_waits(self) -> float:
        return float((self._answered * np.cumsum(1 / self._rate)).sum())


class PatientQueue(StationaryQueue):
    """No limit, nobody gives up: those who wait do so for an exponential time."""

    def __init__(self, n: int, load: float) -> None:
        weights = relative_weights(load / np.arange(1, n + 1))
        self._rate = n - load
        self.at_once = float(weights[:-1].sum())
        self.waiting = float(weights[-1]) * n / self._rate

    def answered(self, within: float = math.inf) -> float:
        return self.waiting * -math.expm1(-self._rate * within)

    def waits(self) -> float:
        return self.waiting / self._rate

    def answered_waits(self) -> float:
        return self.waits()


class OverloadedQueue(StationaryQueue):
    """No limit, nobody gives up, and more calls than are ended: it never becomes stationary."""

    at_once, waiting = 0.0, 1.0

    def __init__(self, n: int, load: float) -> None:
        self._share = n / load

    def answered(self, within: float = math.inf) -> float:
        return self._share if within == math.inf else 0.0

    def waits(self) -> float:
        return math.inf

    def answered_waits(self) -> float:
        return math.inf
