"""Formulas of queues whose callers wait in line, beside Erlang's of `ringsim.erlang`.

Rates are per second, times in seconds. Waits are the times from arrival to the start of service,
in the order of arrival unless a function says otherwise. Each function names its source.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

import ringsim as rs

MOST_IN_LINE = 250  # callers in line, in truncated chains

Floats = NDArray[np.float64]


def erlang(
    n: int, load: float, talk: float, *, patience: float = math.inf, places: float = math.inf
) -> dict[str, float]:
    """Return the figures of a queue M/M/n, M/M/n+M or M/M/n/K, from `ringsim.erlang`.

    `found_k` is the probability of finding k callers in line. It sums up the states of the birth
    and death process, since Poisson arrivals see time averages.
    """
    queue = rs.erlang.Queue(n, load, handle_time=talk, patience=patience, places=places)
    most = int(min(places, n + MOST_IN_LINE))
    busy = np.arange(1, most + 1)
    leaving = np.minimum(busy, n) + np.maximum(busy - n, 0) * talk / patience
    weights = np.cumprod([1.0, *(load / leaving)])
    states = weights / weights.sum()
    figures = {
        "mean_wait": queue.mean_wait,
        "answered_at_once_rate": 1 - queue.waiting - queue.overflow_rate,
        "service_level_20": queue.service_level(20),
        "mean_wait_answered": queue.mean_speed_of_answer,
        "found_0": float(states[: n + 1].sum()),
        "found_2": float(states[n + 2]),
    }
    if patience < math.inf:
        figures = {"abandonment_rate": queue.abandonment_rate} | figures
    if places < math.inf:
        figures = {"overflow_rate": queue.overflow_rate} | figures
    return figures


def one_server(rate: float, mean: float, variance: float, before: float = 0.0) -> dict[str, float]:
    """Return the figures of M/G/1: the formula of Pollaczek (1930) and Khinchine (1932).

    The mean wait is rate E S^2 / (2 (1 - rate E S)) for a service time S, to which `before` is
    added: the time from the start of the service to the answer.
    """
    busy = rate * mean
    return {
        "mean_wait": rate * (mean**2 + variance) / (2 * (1 - busy)) + before,
        "found_an_idle_member_rate": 1 - busy,
    }


def constant_service_one(rate: float, service: float) -> dict[str, float]:
    """Return the figures of M/D/1: A. K. Erlang (1909), for the distribution of the wait.

    P(W <= t) is (1 - r) times the sum over k from 0 to t / service of (-u)^k / k! exp(u), where
    u = rate (t - k service) and r = rate service.
    """
    within = 20
    k = np.arange(int(within / service) + 1)
    u = rate * (within - k * service)
    terms = [(-each) ** n / math.factorial(n) * math.exp(each) for n, each in enumerate(u.tolist())]
    return one_server(rate, service, 0.0) | {
        "service_level_20": (1 - rate * service) * math.fsum(terms)
    }


def constant_service(n: int, rate: float, service: float) -> dict[str, float]:
    """Return the figures of M/D/n: C. D. Crommelin (1932).

    All calls in service now have left after one service time; all others, and those that arrive
    meanwhile, are still there. So the number N of calls, looked at once in a service time, is the
    chain max(N - n, 0) + a Poisson number of mean rate service. Little's law gives the mean wait.
    """
    size = n + MOST_IN_LINE
    before = np.maximum(np.arange(size) - n, 0)
    steps = stats.poisson.pmf(np.arange(size) - before[:, None], rate * service)
    states = stationary(steps - np.eye(size))
    in_line = np.maximum(np.arange(size) - n, 0)
    return {
        "mean_wait": float((states * in_line).sum()) / rate,
        "answered_at_once_rate": float(states[:n].sum()),
        "found_0": float(states[: n + 1].sum()),
        "found_2": float(states[n + 2]),
    }


def two_phases(
    n: int, rate: float, speeds: Sequence[float], begins: float, goes_on: float
) -> dict[str, float]:
    """Return the figures of M/G/n with a service time of at most two exponential phases.

    A service begins with phase 1 with probability `begins`, else with phase 2; phase 1 is
    followed by phase 2 with probability `goes_on`. This is Erlang's distribution of two phases
    (1, 1) or a mixture of two exponential ones (p, 0). A state of the chain is the number of
    members in phase 1, the number in phase 2, and the number in line.
    """
    idle = [(one, two, 0) for busy in range(n) for one in range(busy + 1) for two in [busy - one]]
    full = [(one, n - one, line) for line in range(MOST_IN_LINE) for one in range(n + 1)]
    place = {state: at for at, state in enumerate([*idle, *full])}
    flows = np.zeros((len(place), len(place)))

    def flow(start: tuple[int, int, int], end: tuple[int, int, int], speed: float) -> None:
        if end in place:
            flows[place[start], place[end]] += speed

    def begin(start: tuple[int, int, int], one: int, two: int, line: int, speed: float) -> None:
        flow(start, (one + 1, two, line), speed * begins)
        flow(start, (one, two + 1, line), speed * (1 - begins))

    def end(start: tuple[int, int, int], one: int, two: int, speed: float) -> None:
        if start[2]:
            begin(start, one, two, start[2] - 1, speed)
        else:
            flow(start, (one, two, 0), speed)

    for start in place:
        one, two, line = start
        if one + two < n:
            begin(start, one, two, 0, rate)
        else:
            flow(start, (one, two, line + 1), rate)
        if one:
            flow(start, (one - 1, two + 1, line), one * speeds[0] * goes_on)
            end(start, one - 1, two, one * speeds[0] * (1 - goes_on))
        if two:
            end(start, one, two - 1, two * speeds[1])
    states = stationary(flows - np.diag(flows.sum(axis=1)))
    line = np.array([state[2] for state in place])
    return {
        "mean_wait": float((states * line).sum()) / rate,
        "answered_at_once_rate": float(states[: len(idle)].sum()),
        "found_0": float(states[line == 0].sum()),
        "found_2": float(states[line == 2].sum()),
    }


def stationary(generator: Floats) -> Floats:
    """Return the stationary distribution of a chain whose rows of flows add up to 0."""
    balance = generator.T.copy()
    balance[0] = 1
    return np.asarray(np.linalg.solve(balance, np.eye(len(balance))[0]))


def by_priority(residual: float, loads: Sequence[float]) -> dict[str, float]:
    """Return the mean wait of each class of callers, the most urgent first: A. Cobham (1954).

    A talk that goes on is not interrupted. `residual` is the mean time until a member who is
    busy with others becomes free: rate E S^2 / 2 for one member, C(n, a) talk / n for n members
    with exponential talks. `loads` are the loads of the classes per member. Class k waits for
    residual / ((1 - s) (1 - s - load k)), where s is the load of the classes before k.
    """
    ends = np.cumsum(loads)
    starts = ends - loads
    waits = residual / ((1 - starts) * (1 - ends))
    return {f"mean_wait_{place}": float(wait) for place, wait in enumerate(waits, 1)}


def bounds(n: int, rate: float, mean: float, variance: float) -> tuple[float, float]:
    """Return bounds of the mean wait of M/G/n that hold for every service time.

    Below: the wait of one member of n times the speed, less (n - 1) E S^2 / (2 n E S) (J. F. C.
    Kingman, 1970; S. L. Brumelle, Operations Research 19, 1971). Above: calls that are dealt out
    in turn wait longer (R. W. Wolff, 1977), and they wait at most as Kingman (1962) says:
    (variance of the gaps + variance of S) / (2 mean of the gaps (1 - r)).
    """
    square = mean**2 + variance
    busy = rate * mean / n
    fast = rate * square / n**2 / (2 * (1 - busy))
    return (
        max(0.0, fast - (n - 1) * square / (2 * n * mean)),
        (n / rate**2 + variance) / (2 * n / rate * (1 - busy)),
    )


def two_moments(n: int, rate: float, mean: float, variance: float) -> float:
    """Return the approximation of the mean wait of M/G/n by A. M. Lee and P. A. Longton (1959).

    (1 + cv^2) / 2 times the wait of M/M/n. It is exact for one member and for exponential talks.
    """
    queue = rs.erlang.Queue(n, rate * mean, handle_time=mean)
    return (1 + variance / mean**2) / 2 * queue.mean_wait


def between_constant_and_exponential(n: int, rate: float, mean: float, variance: float) -> float:
    """Return the approximation of the mean wait of M/G/n by E. Page (Queueing Theory in OR, 1972).

    It is the mean of M/D/n and M/M/n, weighted with 1 - cv^2 and cv^2.
    """
    weight = variance / mean**2
    constant = constant_service(n, rate, mean)["mean_wait"]
    return (1 - weight) * constant + weight * two_moments(n, rate, mean, mean**2)
