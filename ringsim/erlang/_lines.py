"""The queues for each kind of parameters.

`queue_for`
    Returns a `FiniteQueue` if the number of places is limited. Otherwise it returns an
    `ImpatientQueue` if callers give up, an `OverloadedQueue` if the load is n or more, and
    else a `PatientQueue`.

With a limit, every figure is a sum over the states of the queue. Without one, the number of
states that matter has no bound: patient callers have closed forms, and impatient callers have
integrals over time, which are as exact and take the same time for any load.
"""

from __future__ import annotations

import math

import numpy as np

from ringsim.erlang._impatient import ImpatientQueue
from ringsim.erlang._states import Floats, StationaryQueue, relative_weights

__all__ = ["queue_for"]


def queue_for(n: int, load: float, impatience: float, places: float) -> StationaryQueue:
    """Return the queue of n members, at least 1; `places` is at least n, or inf."""
    if math.isfinite(places):
        return FiniteQueue(n, load, impatience, int(places))
    if impatience > 0:
        return ImpatientQueue(n, load, impatience)
    return PatientQueue(n, load) if load < n else OverloadedQueue(n, load)


class FiniteQueue(StationaryQueue):
    """A queue with at most `places` calls, waiting or not.

    Notes
    -----
    The caller at position i of the queue moves up at the rates n + i r, ..., n + r, r being
    the rate of giving up: each step is an answer, or a waiting caller who gives up. The
    caller is answered with probability n / (n + i r), independently of the times. The sum
    of such exponential times is distributed as the i-th smallest of n/r + i exponential times
    of rate r (A. Renyi, On the theory of order statistics, 1953). It is therefore at most t
    with probability I_x(i, n/r + 1), x = 1 - exp(-r t), the regularised incomplete beta
    function. Without impatience it has a gamma distribution.
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
        """Return the probability that each position has moved up to the front within a time."""
        from scipy.special import betainc, gammainc

        n, r = self._n, self.impatience
        if r == 0:
            return np.asarray(gammainc(self._position, n * within), np.float64)
        # If both parameters are integers, betainc uses a power that loses digits of the larger.
        others = math.nextafter(n / r + 1, math.inf)
        return np.asarray(betainc(self._position, others, -math.expm1(-r * within)), np.float64)

    def waits(self) -> float:
        return float((self._weights * self._position / self._rate).sum())

    def answered_waits(self) -> float:
        return float((self._answered * np.cumsum(1 / self._rate)).sum())


class PatientQueue(StationaryQueue):
    """A queue without a limit, whose callers never give up; waits are exponential."""

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
    """A queue without a limit whose load is n or more; it grows for ever.

    Callers never give up. Every call waits for ever, and n / load of all calls are answered.
    """

    at_once, waiting = 0.0, 1.0

    def __init__(self, n: int, load: float) -> None:
        self._share = n / load

    def answered(self, within: float = math.inf) -> float:
        return self._share if within == math.inf else 0.0

    def waits(self) -> float:
        return math.inf

    def answered_waits(self) -> float:
        return math.inf
