"""Instants of arrival and durations of the calls of a drawn workload.

Each is the inverse of a distribution at one uniform number of a `Stream`. The key of the stream
names the quantity and the group or person:

================================================  ======================  ===================
quantity of the stream                            about                   number
================================================  ======================  ===================
`arrival`, `talk_time`, `wrap_up_time`,           group                   of its k-th call
`patience`
`busyness`                                        group, or nobody if     0
                                                  all groups share it
`phone`: answer delay, whether it is answered     group of arrival and    of the k-th call of
at all, and the draw for dispatchers              person                  the group, by ring
`own_arrival`, `own_talk_time`                    person                  of their k-th own
                                                                          call
`own_busyness`                                    person                  0
`away_every`, `away_lasting`                      person                  of their k-th spell
================================================  ======================  ===================

`Arrivals`, `Busyness`, `Durations`
    Prepare the parts that are the same in every replication once, and draw many replications.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringsim._checks import as_float, is_number
from ringsim.distributions import ByInterval, Constant, Distribution
from ringsim.errors import ConfigurationError
from ringsim.scenario import Demand, Scenario
from ringsim.workload._batch import Floats, Ints
from ringsim.workload._inverse_tables import checked_inverse
from ringsim.workload._jit_draws import arrivals
from ringsim.workload._jit_lanes import DRAWN_TOGETHER, uniforms

__all__ = ["Arrivals", "Busyness", "Durations", "checked_expected"]

Keys = NDArray[np.uint64]  # of R streams, shape (R, 2)
LEAST_CV = 1e-6  # smaller ones make no difference, and their squares may be 0


class Arrivals:
    """Generator of the instants of arrival of one demand.

    Drawn instants are in [0, 3600 hours) s. Instants given by `arrives_at` are all kept. Both
    are sorted. A Poisson process of rate 1 is drawn, and the inverse of the expected number of
    calls converts it exactly to rates that change in steps (Çinlar, Introduction to Stochastic
    Processes, 1975, section 4.7). No interval is skipped, even a very short one, and a longer
    day keeps the earlier calls.
    """

    def __init__(self, demand: Demand, hours: float) -> None:
        self._given = (
            None
            if demand.arrives_at is None
            else np.sort(np.array(demand.arrives_at, dtype=np.float64)) + 0.0  # no negative zero
        )
        self._last = hours * 3600.0
        rates = demand.hourly_rates
        if isinstance(rates, tuple):
            per_second = np.array(rates, dtype=np.float64) / 3600.0
            edges = np.arange(len(rates) + 1, dtype=np.float64) * float(demand.interval)
        else:
            per_second = np.array([float(rates)]) / 3600.0
            edges = np.array([0.0, math.inf])
        busy = per_second > 0
        self._starts, self._ends = edges[:-1][busy], edges[1:][busy]
        self._per_second = per_second[busy]
        self._expected = demand.expected_calls(hours)

    def draw(self, keys: Keys, factors: Floats) -> tuple[Floats, Ints]:
        """Return the instants [s] of R replications, and the first row of each, shape (R + 1,).

        `factors` are the busyness of each replication, which multiplies all rates.
        """
        n = len(keys)
        if self._given is not None:
            return np.tile(self._given, n), np.arange(n + 1) * len(self._given)
        first = np.zeros(n + 1, dtype=np.int64)
        if not len(self._starts):
            return np.empty(0), first
        room = self._room(float(factors.sum()))
        process = (self._starts, self._ends, self._per_second, self._last)
        while True:
            instants = np.empty(room)
            if arrivals(keys, factors, *process, np.empty(DRAWN_TOGETHER), instants, first):
                return instants[: first[n]], first
            room *= 2

    def _room(self, replications: float) -> int:
        """Return a number of calls that the replications hardly ever exceed."""
        expected = replications * self._expected
        return int(expected + 6 * math.sqrt(expected) + 16)


@dataclass(frozen=True)
class Busyness:
    """Generator of the busyness of days: a gamma factor with mean 1 and coefficient `cv`."""

    cv: float

    def draw(self, keys: Keys) -> Floats:
        """Return the factor of each of R replications, at the first number of each stream."""
        from scipy.special import gammaincinv

        u = np.empty(len(keys))
        uniforms(keys, np.arange(len(keys) + 1), u)
        shape = 1 / max(self.cv, LEAST_CV) ** 2
        return np.asarray(gammaincinv(shape, u) / shape, dtype=np.float64)


@dataclass(frozen=True)
class Durations:
    """Generator of one kind of duration, such as talk times, of the calls of a demand."""

    distribution: Distribution
    subject: str  # of errors

    def draw(self, keys: Keys, first: Ints, instants: Floats | None = None) -> Floats:
        """Return a duration [s] per call of R replications, which begin at the indices `first`.

        Durations by interval need the instants of arrival [s].
        """
        n = int(first[-1])
        if isinstance(self.distribution, Constant):
            return np.full(n, self.distribution.value)
        u = np.empty(n)
        uniforms(keys, first, u)
        if instants is None or not isinstance(self.distribution, ByInterval):
            return checked_inverse(self.distribution, u, self.subject)
        interval, drawn = self.distribution.interval_of(instants), np.empty(n)
        for index, part in enumerate(self.distribution.parts):
            here = interval == index
            drawn[here] = checked_inverse(part, u[here], self.subject)
        return drawn


def checked_expected(scenario: Scenario, max_calls: float) -> float:
    """Return the expected number of calls of one replication, own calls and spells included.

    Raises
    ------
    ConfigurationError
        If more than `max_calls` are expected.
    """
    if not is_number(max_calls) or not max_calls >= 0:
        raise ConfigurationError("max_calls", "must be a number, at least 0", max_calls)
    own = (person.own_calls for person in scenario.extensions if person.own_calls is not None)
    demands = [*scenario.demand.values(), *own]
    away = (person.away for person in scenario.extensions if person.away is not None)
    expected: float = sum(demand.expected_calls(scenario.hours) for demand in demands)
    expected += sum(each.expected_spells(scenario.hours) for each in away)
    if expected > max_calls:
        raise ConfigurationError(
            "expected number of calls",
            f"must be at most {as_float(max_calls):,.0f}",
            f"{expected:,.0f}",
            "Raise the limit with max_calls=.",
        )
    return expected
