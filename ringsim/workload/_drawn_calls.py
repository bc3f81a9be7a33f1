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
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringsim.distributions import Distribution
from ringsim.errors import ConfigurationError
from ringsim.keyed import Stream
from ringsim.people import Demand
from ringsim.scenario import Scenario
from ringsim.workload._inverse import checked_inverse
from ringsim.workload._parts import Floats, Ints, OwnCalls, sealed

__all__ = ["Calls", "check_expected", "drawn_calls", "drawn_own_calls", "merged"]


@dataclass(frozen=True)
class Calls:
    """The calls of one group, in the order of arrival: arrays of one length."""

    group: str
    arrives_at: Floats
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats
    nth: Ints


def drawn_calls(scenario: Scenario, number: str, seed: int, replication: int) -> Calls:
    demand = scenario.demand[number]
    about = (number,)
    arrives_at = _arrivals(demand, scenario.hours, Stream(seed, replication, "arrival", about))
    n = len(arrives_at)

    def drawn(quantity: str, distribution: Distribution) -> Floats:
        uniform = Stream(seed, replication, quantity, about).take(0, n)
        return checked_inverse(distribution, uniform, f"demand.{number}.{quantity}")

    return Calls(
        group=number,
        arrives_at=arrives_at,
        talk_time=drawn("talk_time", demand.talk_time),
        wrap_up_time=drawn("wrap_up_time", demand.wrap_up_time),
        patience=drawn("patience", demand.patience),
        nth=np.arange(n, dtype=np.int64),
    )


def drawn_own_calls(scenario: Scenario, seed: int, replication: int) -> OwnCalls:
    """Own calls of everybody, by instant, then by number."""
    at: list[Floats] = []
    talk_time: list[Floats] = []
    whose: list[str] = []
    demands = {
        person.extension_number: person.own_calls
        for person in scenario.extensions
        if person.own_calls is not None
    }
    for number, demand in sorted(demands.items()):
        about = (number,)
        begins = _arrivals(demand, scenario.hours, Stream(seed, replication, "own_arrival", about))
        uniform = Stream(seed, replication, "own_talk_time", about).take(0, len(begins))
        at.append(begins)
        talk_time.append(
            checked_inverse(demand.talk_time, uniform, f"{number}.own_calls.talk_time")
        )
        whose += [number] * len(begins)
    begins = np.concatenate(at) if at else np.empty(0)
    order = np.argsort(begins, kind="stable")
    talks = np.concatenate(talk_time) if talk_time else np.empty(0)
    return OwnCalls(
        at=sealed(begins[order]),
        extension=tuple(whose[place] for place in order.tolist()),
        talk_time=sealed(talks[order]),
    )


def _arrivals(demand: Demand, hours: float, stream: Stream) -> Floats:
    """Instants of arrival in [0, 3600 hours), in order; given ones as they are.

    A Poisson process of rate 1 is drawn by its gaps and carried to the demand's own time by
    the inverse of its expected number of calls, which is exact for rates that change by
    steps (Çinlar, Introduction to Stochastic Processes, 1975, section 4.7): no interval is
    skipped however short, and a longer day keeps the earlier calls.
    """
    if demand.arrives_at is not None:
        return np.sort(np.array(demand.arrives_at, dtype=np.float64))
    end = hours * 3600.0
    rates = demand.calls_per_hour
    if isinstance(rates, tuple):
        per_second = np.array(rates, dtype=np.float64) / 3600.0
        edges = np.arange(len(rates) + 1, dtype=np.float64) * float(demand.interval)
    else:
        per_second = np.array([float(rates or 0)]) / 3600.0
        edges = np.array([0.0, math.inf])
    busy = per_second > 0
    starts, stops, per_second = edges[:-1][busy], edges[1:][busy], per_second[busy]
    if not len(per_second):
        return np.empty(0)
    expected = np.cumsum(per_second * (stops - starts))
    before = np.concatenate(([0.0], expected[:-1]))
    reached = _poisson_sums(stream, demand.expected_calls(hours))
    reached = reached[reached < expected[-1]]
    interval = np.searchsorted(expected, reached, side="right")
    with np.errstate(over="ignore"):  # of a rate near 0, which is beyond the end
        instants: Floats = starts[interval] + (reached - before[interval]) / per_second[interval]
    return instants[instants < end]


def _poisson_sums(stream: Stream, limit: float) -> Floats:
    """Running sums of exponential gaps of mean 1, up to the first beyond `limit`."""
    parts: list[Floats] = []
    total, drawn = 0.0, 0
    count = int(limit + 6 * math.sqrt(limit) + 16)
    while total <= limit:
        gaps = -np.log1p(-stream.take(drawn, count))
        gaps[0] += total  # sums as one running sum over all parts, whatever their lengths
        parts.append(np.cumsum(gaps))
        total, drawn = float(parts[-1][-1]), drawn + count
    return np.concatenate(parts)


def merged(parts: Sequence[Calls]) -> tuple[Ints, Calls]:
    """Which part each call comes from, and all calls by instant, then by number of the group."""
    if not parts:
        none = np.empty(0)
        whole = np.empty(0, dtype=np.int64)
        return whole, Calls("", none, none, none, none, whole)
    source = np.repeat(np.arange(len(parts)), [len(part.nth) for part in parts])
    arrives_at = np.concatenate([part.arrives_at for part in parts])
    order = np.argsort(arrives_at, kind="stable")
    return source[order], Calls(
        group="",
        arrives_at=sealed(arrives_at[order]),
        talk_time=sealed(np.concatenate([part.talk_time for part in parts])[order]),
        wrap_up_time=sealed(np.concatenate([part.wrap_up_time for part in parts])[order]),
        patience=sealed(np.concatenate([part.patience for part in parts])[order]),
        nth=np.concatenate([part.nth for part in parts])[order],
    )


def check_expected(scenario: Scenario, most_calls: float) -> None:
    own = (person.own_calls for person in scenario.extensions if person.own_calls is not None)
    demands = [*scenario.demand.values(), *own]
    expected = sum(demand.expected_calls(scenario.hours) for demand in demands)
    if expected > most_calls:
        raise ConfigurationError(
            "expected number of calls",
            f"must be at most {most_calls:,.0f}",
            f"{expected:,.0f}",
            "Draw with most_calls= to raise the limit.",
        )
