"""The line without a limit in which callers give up: Erlang A, by integrals."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from ringsim.erlang._states import StationaryQueue, relative_weights

__all__ = ["ImpatientQueue"]

NEGLIGIBLE = 50.0  # e-folds below its peak at which an integrand adds nothing to a float


class ImpatientQueue(StationaryQueue):
    """No limit; callers give up after an exponential time.

    Notes
    -----
    Of callers with patience enough, the weight of those who would wait for s is
    n w exp(a H(s) - n s), H(s) = (1 - exp(-r s)) / r, w being the weight of n calls
    in progress (F. Baccelli and G. Hebuterne, On queues with impatient customers,
    Performance '81, 159-179; S. Zeltyn and A. Mandelbaum, Call centers with impatient
    customers: many-server asymptotics of the M/M/n+G queue, Queueing Systems 51, 2005). They
    are answered with probability exp(-r s), and wait H(s) on average until they are or
    give up. Every figure is an integral of positive terms.

    With d = s - top, the distance from the highest point of the exponent, the exponent falls
    from there by (min(a, n) / r) k(r d) + max(n - a, 0) d, k(x) = x - 1 + exp(-x), which
    does not cancel either. Weights are relative to that point.
    """

    def __init__(self, n: int, load: float, impatience: float) -> None:
        self._n, self._load, self.impatience = n, load, impatience
        self._top = math.log(max(load / n, 1.0)) / impatience  # where the exponent is highest
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
        """By how much a H(s) - n s is lower at a distance d from its top."""
        from scipy.special import hyp1f1

        n, a, r = self._n, self._load, self.impatience
        x = r * d
        k = x * x / 2 * float(hyp1f1(1, 3, -x))  # x - 1 + exp(-x), also where that cancels
        return min(a, n) / r * k + max(n - a, 0.0) * d

    def _integral(
        self, factor: Callable[[float], float], within: float = math.inf, *, answered: bool = False
    ) -> float:
        """The integral of a factor over the waits that end within a time.

        Notes
        -----
        The logarithm of the density is concave: it nowhere falls faster than at the ends,
        where it has become negligible, so that adaptive quadrature overlooks nothing. But
        1 / r may be a far smaller scale than the rest, so that the first 40 of it are
        integrated apart.
        """
        from scipy.integrate import quad

        r = self.impatience
        gives_up = r if answered else 0.0
        start = min(within, self._top)
        fallen = self._fall(start - self._top)
        scale = self._density * math.exp(-fallen - gives_up * start)
        if scale == 0:  # too rare for a float, and too far from the top for distances to be exact
            return 0.0

        def fall(u: float) -> float:
            """How far the exponent has fallen at a distance u from the start."""
            return self._fall(start - self._top + u) - fallen + gives_up * u

        def integrand(u: float) -> float:
            return math.exp(-fall(u)) * factor(start + u)

        near = 1 / (self._n + self._load + r)  # where the density is not negligible yet
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
    """How far to go from the start, in the direction of a first step, for all that matters."""
    while fall(step) < NEGLIGIBLE:
        step *= 2
    return step
