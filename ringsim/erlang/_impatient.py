"""Erlang A without a limit of calls, by integrals: the queue whose callers give up."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from ringsim.erlang._states import StationaryQueue, relative_weights

__all__ = ["ImpatientQueue"]

NEGLIGIBLE = 50.0  # factors of e below its peak at which an integrand is negligible in a float


class ImpatientQueue(StationaryQueue):
    """A queue without a limit, whose callers give up after an exponential time.

    Notes
    -----
    Let r be the rate of giving up, a the load and w the weight of n calls in progress. The
    density of the time s that a caller with enough patience would wait is
    n w exp(a H(s) - n s), H(s) = (1 - exp(-r s)) / r (F. Baccelli and G. Hebuterne, On
    queues with impatient customers,
    Performance '81, 159-179; S. Zeltyn and A. Mandelbaum, Call centers with impatient
    customers: many-server asymptotics of the M/M/n+G queue, Queueing Systems 51, 2005). Such
    a caller is answered with probability exp(-r s), and waits H(s) on average until the
    answer or until giving up. Every figure is an integral of positive terms.

    At a distance d = s - top from its maximum, the exponent is lower by
    (min(a, n) / r) k(r d) + max(n - a, 0) d, k(x) = x - 1 + exp(-x), which does not cancel
    either. Weights are relative to that maximum.
    """

    def __init__(self, n: int, load: float, impatience: float) -> None:
        self._n, self._load, self.impatience = n, load, impatience
        self._top = math.log(max(load / n, 1.0)) / impatience  # maximum of the exponent
        weights = relative_weights(load / np.arange(1, n + 1))
        self._density = n * float(weights[-1])
        self.at_once = float(weights[:-1].sum()) * math.exp(-self._fall(-self._top))
        self.waiting = self._integral(lambda wait: 1.0)

    def answered(self, within: float = math.inf) -> float:
        return self._integral(lambda wait: 1.0, within, answered=True)

    def waits(self) -> float:
        r = self.impatience
        return self._integral(lambda wait: -math.expm1(-r * wait) / r)

    def answered_waits(self) -> float:
        return self._integral(lambda wait: wait, answered=True)

    def _fall(self, d: float) -> float:
        """Return by how much a H(s) - n s is below its maximum, at a distance d from it."""
        from scipy.special import hyp1f1

        n, a, r = self._n, self._load, self.impatience
        x = r * d
        k = x * x / 2 * float(hyp1f1(1, 3, -x))  # x - 1 + exp(-x) without cancellation
        return min(a, n) / r * k + max(n - a, 0.0) * d

    def _integral(
        self, factor: Callable[[float], float], within: float = math.inf, *, answered: bool = False
    ) -> float:
        """Return the integral of a factor over all waits of at most `within`.

        With `answered`, only callers who are answered count.

        Notes
        -----
        The logarithm of the density is concave: it falls fastest at the ends, where the
        density is negligible, so that adaptive quadrature misses nothing. But 1 / r may be far
        smaller than the other scales, so that the first 40 / r are integrated separately.
        """
        from scipy.integrate import quad

        r = self.impatience
        gives_up = r if answered else 0.0
        start = min(within, self._top)
        fallen = self._fall(start - self._top)
        scale = self._density * math.exp(-fallen - gives_up * start)
        if scale == 0:  # underflow; so far from the maximum, distances would be inexact
            return 0.0

        def fall(u: float) -> float:
            """Return by how much the exponent falls from the start to a distance u."""
            return self._fall(start - self._top + u) - fallen + gives_up * u

        def integrand(u: float) -> float:
            return math.exp(-fall(u)) * factor(start + u)

        near = 1 / (self._n + self._load + r)  # a distance at which the density still matters
        left = max(_integration_limit(fall, -near), -start) if start > 0 else 0.0
        right = min(_integration_limit(fall, near), within - start)
        edges = [left, 0.0, min(40 / r, right), right]
        parts = [
            quad(integrand, start, end, epsabs=0, epsrel=1e-11, limit=200)[0]
            for start, end in pairwise(edges)
            if start < end
        ]
        return scale * sum(parts)


def _integration_limit(fall: Callable[[float], float], step: float) -> float:
    """Double a step, which may be negative, until the integrand is negligible there."""
    while fall(step) < NEGLIGIBLE:
        step *= 2
    return step
