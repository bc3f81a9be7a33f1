"""Two systems, each in ringsim, SimPy, salabim, Ciw and Cimba-Python.

`LOSS`
    Implementations of M/M/10/10: phones are answered at once, and a caller who finds all ten
    members busy is lost. ringsim simulates it like any group, without a shortcut.
`HUNT`
    Implementations of the cyclic hunt of `bare_simpy`.
`check_loss`, `check_hunt`
    Check that an implementation gives the right results.

The other libraries only count outcomes, in the fastest way that their documentation shows.
Cimba-Python's models are in `peers_cimba`. Libraries that are not installed are reported.
"""

from __future__ import annotations

import importlib.util
import math
import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import bare_simpy
import numpy as np
import simpy
from cases import numbers, office
from measure import Work
from scipy import stats

import ringsim as rs

if importlib.util.find_spec("cimba"):  # must precede any compilation by numba
    import peers_cimba

__all__ = ["HUNT", "LOSS", "Check", "Peer", "check_hunt", "check_loss", "is_missing"]

MEMBERS = 10
MEAN_TALK = 180.0
CALLS_PER_HOUR = 120.0
OFFERED_LOAD = CALLS_PER_HOUR / 3600 * MEAN_TALK  # erlang
BEYOND_FOUR_SIGMA = float(stats.norm.sf(4))

Play = Callable[[int, int, int], Any]
Shares = Sequence[float]
Check = Callable[["Peer", int, int], float]


class Peer(NamedTuple):
    """One implementation of a system.

    Attributes
    ----------
    name : str
        Name in the table.
    module : str
        Module that must be installed.
    play : callable
        `(days, calls, seed)` -> result; `calls` is the mean number per day.
    shares : callable
        Result -> share of each day's calls that were lost, or answered.
    slower : int
        Divisor of the number of days, because a slow peer plays fewer.
    """

    name: str
    module: str
    play: Play
    shares: Callable[[Any], Shares] = list
    slower: int = 1

    def work(self, days: int, calls: int) -> Work:
        return Work(lambda: self.play(days, calls, 1), days * calls)


def is_missing(peer: Peer) -> bool:
    """Return True if the peer's module is not installed."""
    return importlib.util.find_spec(peer.module) is None


def check_loss(peer: Peer, days: int, calls: int) -> float:
    """Return the share of calls that are lost, after checking it.

    A day begins with nobody on the phone. With 10,000 calls this lowers the share by a
    thousandth, which is neglected.

    Raises
    ------
    RuntimeError
        If it differs from Erlang's formula by more than four standard errors.
    """
    return _mean(peer, peer.play(days, calls, 2), _erlang_b(MEMBERS, OFFERED_LOAD), 0.0)


def check_hunt(peer: Peer, days: int, calls: int) -> float:
    """Return the share of calls that are answered, after checking it.

    Raises
    ------
    RuntimeError
        If it differs from the bare script's share by more than four standard errors.
    """
    bare = _expected_of_hunt(days, calls)
    return _mean(peer, peer.play(days, calls, 2), float(np.mean(bare)), _error(bare))


@cache
def _expected_of_hunt(days: int, calls: int) -> Shares:
    return _bare_hunt(days, calls, 3)


def _mean(peer: Peer, came_out: Any, expected: float, error: float) -> float:
    """Return the mean of shares; raise an error if it differs significantly from `expected`."""
    shares = peer.shares(came_out)
    found = float(np.mean(shares))
    most = stats.t.isf(BEYOND_FOUR_SIGMA, len(shares) - 1) * math.hypot(error, _error(shares))
    if not abs(found - expected) <= most:
        raise RuntimeError(f"{peer.name} plays something else: {found:.4f}, not {expected:.4f}")
    return found


def _error(shares: Shares) -> float:
    return float(np.std(shares, ddof=1)) / math.sqrt(len(shares))


def _erlang_b(servers: int, load: float) -> float:
    """Return Erlang's loss formula by its recursion, B(n) = a B(n-1) / (n + a B(n-1))."""
    lost = 1.0
    for n in range(1, servers + 1):
        lost = load * lost / (n + load * lost)
    return lost


def _ringsim_loss(strategy: str, engine: str) -> Play:
    group = rs.RingGroup(extension_number="600", ring_strategy=strategy, members=numbers(MEMBERS))
    people = [rs.Extension(number, answer_delay=0) for number in numbers(MEMBERS)]
    demand = rs.Demand(calls_per_hour=CALLS_PER_HOUR, talk_time=stats.expon(scale=MEAN_TALK))

    def play(days: int, calls: int, seed: int) -> rs.Result:
        hours = calls / CALLS_PER_HOUR
        scenario = rs.Scenario(
            groups=[group], demand={"600": demand}, extensions=people, hours=hours
        )
        return rs.simulate(scenario, replications=days, seed=seed, engine=engine, workers=1)

    return play


def _ringsim_hunt(engine: str) -> Play:
    def play(days: int, calls: int, seed: int) -> rs.Result:
        scenario = office(calls=calls)
        return rs.simulate(scenario, replications=days, seed=seed, engine=engine, workers=1)

    return play


def _of_result(outcome: str) -> Callable[[rs.Result], Shares]:
    def shares(result: rs.Result) -> Shares:
        logs = map(result.replay, range(result.replications))
        return [float((log.calls["outcome"] == outcome).mean()) for log in logs]

    return shares


def _bare_hunt(days: int, calls: int, seed: int) -> Shares:
    played = (bare_simpy.play(calls, 1000 * seed + day) for day in range(days))
    return [outcomes["answered"] / calls for outcomes in played]


def _bare_loss(days: int, calls: int, seed: int) -> Shares:
    return [_bare_loss_day(calls, random.Random(1000 * seed + day)) for day in range(days)]


def _bare_loss_day(calls: int, draw: random.Random) -> float:
    env = simpy.Environment()
    n_busy = n_lost = 0

    def caller() -> Iterator[Any]:
        nonlocal n_busy
        n_busy += 1
        yield env.timeout(draw.expovariate(1 / MEAN_TALK))
        n_busy -= 1

    def source() -> Iterator[Any]:
        nonlocal n_lost
        for _ in range(calls):
            yield env.timeout(draw.expovariate(CALLS_PER_HOUR / 3600))
            if n_busy == MEMBERS:
                n_lost += 1
            else:
                env.process(caller())

    env.process(source())
    env.run()
    return n_lost / calls


def _ciw_loss(days: int, calls: int, seed: int) -> Shares:
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(CALLS_PER_HOUR / 3600)],
        service_distributions=[ciw.dists.Exponential(1 / MEAN_TALK)],
        number_of_servers=[MEMBERS],
        queue_capacities=[0],
    )
    ciw.seed(seed)
    shares = []
    for _ in range(days):
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_customers(calls, method="Arrive")
        shares.append(len(simulation.get_all_records(only=["rejection"])) / calls)
    return shares


def _salabim_loss(days: int, calls: int, seed: int) -> Shares:
    return [_salabim_loss_day(calls, 1000 * seed + day) for day in range(days)]


def _salabim_loss_day(calls: int, seed: int) -> float:
    import salabim as sim

    draw = random.Random(seed)
    env = sim.Environment(yieldless=False)  # generators, which are faster than greenlets
    free: list[Any] = []
    n_lost = 0

    class Member(sim.Component):
        def process(self) -> Iterator[Any]:
            while True:
                free.append(self)
                yield self.passivate()
                yield self.hold(draw.expovariate(1 / MEAN_TALK))

    class Source(sim.Component):
        def process(self) -> Iterator[Any]:
            nonlocal n_lost
            for _ in range(calls):
                yield self.hold(draw.expovariate(CALLS_PER_HOUR / 3600))
                if free:
                    free.pop().activate()
                else:
                    n_lost += 1

    for _ in range(MEMBERS):  # to create a component takes ten times as long as to wake one
        Member()
    Source()
    env.run()
    return n_lost / calls


def _cimba(model: str) -> Play:
    def play(days: int, calls: int, seed: int) -> Shares:
        seconds = calls / CALLS_PER_HOUR * 3600
        return peers_cimba.shares(getattr(peers_cimba, model), days, seconds, seed)

    return play


def _by_ringsim(name: str, play: Play, outcome: str, slower: int = 1) -> Peer:
    return Peer(name, "ringsim", play, _of_result(outcome), slower)


LOSS = [
    _by_ringsim(
        "ringsim, PRIORITIZED_HUNT", _ringsim_loss("PRIORITIZED_HUNT", "compiled"), "overflowed"
    ),
    _by_ringsim("ringsim, CYCLIC_HUNT", _ringsim_loss("CYCLIC_HUNT", "compiled"), "overflowed"),
    Peer("Cimba-Python, events and one counter for all members", "cimba", _cimba("LossByEvents")),
    Peer("Cimba-Python, a process per member", "cimba", _cimba("LossByMembers")),
    Peer("Cimba-Python, a process per call", "cimba", _cimba("LossByCalls")),
    Peer("SimPy, a process per call and one counter", "simpy", _bare_loss, slower=10),
    Peer("salabim, a component per member", "salabim", _salabim_loss, slower=20),
    Peer("Ciw", "ciw", _ciw_loss, slower=20),
    _by_ringsim(
        "ringsim, PRIORITIZED_HUNT, `engine='simpy'`",
        _ringsim_loss("PRIORITIZED_HUNT", "simpy"),
        "overflowed",
        slower=20,
    ),
]

HUNT = [
    _by_ringsim("ringsim", _ringsim_hunt("compiled"), "answered"),
    Peer("Cimba-Python, a process per call", "cimba", _cimba("HuntByCalls")),
    Peer("SimPy, the bare script", "simpy", _bare_hunt, slower=20),
    _by_ringsim("ringsim, `engine='simpy'`", _ringsim_hunt("simpy"), "answered", slower=20),
]
