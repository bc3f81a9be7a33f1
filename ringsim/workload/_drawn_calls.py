"""The calls of a drawn workload: inverses of their distributions at keyed uniform numbers.

A drawn number is the inverse of a distribution at one number of a `Stream`, whose key names
what it is about:

================================================  ======================  ===================
quantity of the stream                            about                   number
================================================  ======================  ===================
`arrival`, `talk_time`, `wrap_up_time`,           group                   of its k-th call
`patience`
`phone`: answer delay, whether it is answered     group of arrival and    of the k-th call of
at all, and the draw for dispatchers              person                  the group, by ring
`own_arrival`, `own_talk_time`                    person                  of their k-th own
                                                                          call
================================================  ======================  ===================

`Arrivals`, `Durations`
    What is the same in every replication, made ready once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringsim.checks import is_number
from ringsim.distributions import Constant, Distribution, as_float
from ringsim.errors import ConfigurationError
from ringsim.people import Demand
from ringsim.scenario import Scenario
from ringsim.workload._inverse import checked_inverse
from ringsim.workload._jit_draws import arrivals, uniforms
from ringsim.workload._parts import Floats

__all__ = ["Arrivals", "Durations", "check_expected"]

Key = NDArray[np.uint64]


class Arrivals:
    """The instants of arrival of one demand in [0, 3600 hours), in order; given ones as given.

    The inverse of the expected number of calls carries a Poisson process of rate 1 to rates
    that change by steps, exactly (Çinlar, Introduction to Stochastic Processes, 1975, section
    4.7): no interval is skipped however short, and a longer day keeps the earlier calls.
    """

    def __init__(self, demand: Demand, hours: float) -> None:
        self._given = (
            None
            if demand.arrives_at is None
            else np.sort(np.array(demand.arrives_at, dtype=np.float64))
        )
        self._last = hours * 3600.0
        rates = demand.calls_per_hour
        if isinstance(rates, tuple):
            per_second = np.array(rates, dtype=np.float64) / 3600.0
            edges = np.arange(len(rates) + 1, dtype=np.float64) * float(demand.interval)
        else:
            per_second = np.array([float(rates or 0)]) / 3600.0
            edges = np.array([0.0, math.inf])
        busy = per_second > 0
        self._starts, self._ends = edges[:-1][busy], edges[1:][busy]
        self._per_second = per_second[busy]
        expected = demand.expected_calls(hours)
        self._room = int(expected + 6 * math.sqrt(expected) + 16)

    def draw(self, key: Key) -> Floats:
        """The instants [s] of one replication."""
        if self._given is not None:
            return self._given
        if not len(self._starts):
            return np.empty(0)
        while True:
            instants = np.empty(self._room)
            process = (self._starts, self._ends, self._per_second, self._last)
            n = arrivals(key[0], key[1], *process, instants)
            if n >= 0:
                return instants[:n]
            self._room *= 2


@dataclass(frozen=True)
class Durations:
    """One duration of every call of a demand."""

    distribution: Distribution
    subject: str  # of errors

    def draw(self, key: Key, n: int) -> Floats:
        """Those of the first n calls [s]."""
        if isinstance(self.distribution, Constant):
            return np.full(n, self.distribution.value)
        u = np.empty(n)
        uniforms(key[0], key[1], u)
        return checked_inverse(self.distribution, u, self.subject)


def check_expected(scenario: Scenario, most_calls: float) -> None:
    if not is_number(most_calls) or not most_calls >= 0:
        raise ConfigurationError("most_calls", "must be a number, at least 0", most_calls)
    own = (person.own_calls for person in scenario.extensions if person.own_calls is not None)
    demands = [*scenario.demand.values(), *own]
    expected = sum(demand.expected_calls(scenario.hours) for demand in demands)
    if expected > most_calls:
        raise ConfigurationError(
            "expected number of calls",
            f"must be at most {as_float(most_calls):,.0f}",
            f"{expected:,.0f}",
            "Raise the limit with most_calls=.",
        )
