"""Retrial queues: callers who find everybody busy try again until they are answered.

Rates are per second, times in seconds. Callers never wait in line, members answer at once, and
the time until another attempt is exponential: the classical retrial queue M/M/c. Figures are of
callers, each of whom counts where the first attempt arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

import ringsim as rs
from support.played import Columns, Floats, group
from validation.figures import SEED, Case, Figure

N_CALLERS = 70_000
MOST_TRYING = 400  # callers between two attempts, in the truncated chain


@dataclass(frozen=True)
class Callers(Columns):
    """A time span of a long run: the callers who first call in it, with all their attempts."""

    attempts: Floats
    first_answered: Floats
    answered: Floats
    reached_after: Floats

    @classmethod
    def of(cls, log: rs.CallLog) -> Callers:
        """Return the span from 0 s to the last first attempt."""
        calls = log.calls
        answered = calls["outcome"] == "answered"
        ended_at = calls["arrives_at"] + calls["wait"]
        of_caller = calls.assign(answered=answered, ended_at=ended_at).groupby("caller")
        first, last = of_caller.first(), of_caller.last()
        return cls(
            starts_at=0.0,
            ends_at=float(first["arrives_at"].iloc[-1]),
            arrives_at=first["arrives_at"].to_numpy(),
            attempts=of_caller.size().to_numpy().astype(np.float64),
            first_answered=first["answered"].to_numpy().astype(np.float64),
            answered=last["answered"].to_numpy().astype(np.float64),
            reached_after=(last["ended_at"] - first["arrives_at"]).to_numpy(),
        )


FIGURES: dict[str, Callable[[Any], float]] = {
    "attempts_per_caller": lambda run: run.attempts.mean(),
    "first_answer_rate": lambda run: run.first_answered.mean(),
    "caller_answer_rate": lambda run: run.answered.mean(),
    "mean_time_to_reach": lambda run: run.reached_after[run.answered == 1].mean(),
}


def one_member(rate: float, talk: float, delay: float) -> dict[str, float]:
    """Return the figures of the retrial queue M/M/1, in which nobody gives up for good.

    The member is busy with probability r = rate talk, since all callers are answered in the end;
    Poisson arrivals see time averages. While N callers are between two attempts, the chain has
    the mean E N = r / (1 - r) (rate delay + r): multiply the balance of flows between N and N + 1,
    rate P(busy, N) = (N + 1) / delay P(free, N + 1), by powers and sum up (G. Falin and
    J. Templeton, Retrial Queues, 1997, section 1.2). Little's law gives the time until a caller
    is answered, E N / rate = r / (1 - r) (delay + talk), and E N / (rate delay) more attempts.
    """
    busy = rate * talk
    time = busy / (1 - busy) * (delay + talk)
    return {
        "attempts_per_caller": 1 + time / delay,
        "first_answer_rate": 1 - busy,
        "mean_time_to_reach": time,
    }


def members(
    n: int, rate: float, talk: float, delay: float, persistence: float = 1.0
) -> dict[str, float]:
    """Return the figures of the retrial queue M/M/n, by a chain with a bounded number who try.

    The state is the number of busy members and of callers between two attempts. Who finds all
    members busy tries again with probability `persistence`.
    """
    size = MOST_TRYING + 1
    flows = np.zeros(((n + 1) * size, (n + 1) * size))

    def flow(busy: int, trying: int, to: tuple[int, int], speed: float) -> None:
        if 0 <= to[1] < size:
            flows[busy * size + trying, to[0] * size + to[1]] += speed

    for busy in range(n + 1):
        for trying in range(size):
            if busy:
                flow(busy, trying, (busy - 1, trying), busy / talk)
            if busy < n:
                flow(busy, trying, (busy + 1, trying), rate)
                flow(busy, trying, (busy + 1, trying - 1), trying / delay)
            else:
                flow(busy, trying, (busy, trying + 1), rate * persistence)
                flow(busy, trying, (busy, trying - 1), trying / delay * (1 - persistence))
    balance = (flows - np.diag(flows.sum(axis=1))).T
    balance[0] = 1
    state = np.linalg.solve(balance, np.eye(len(balance))[0]).reshape(n + 1, size)
    trying = float((state.sum(axis=0) * np.arange(size)).sum())
    answered = float((state.sum(axis=1) * np.arange(n + 1)).sum()) / talk
    return {
        "attempts_per_caller": 1 + trying / delay / rate,
        "first_answer_rate": 1 - float(state[n].sum()),
        "caller_answer_rate": answered / rate,
        **({"mean_time_to_reach": trying / rate} if persistence == 1 else {}),
    }


def retrial(
    name: str,
    title: str,
    theory: dict[str, float],
    ringing: rs.RingGroup,
    *,
    rate: float,
    talk: float,
    redial: rs.Redial,
) -> Case:
    """Return a case of callers who call one group at `rate` and try again."""

    def play(n: int, engine: str) -> Any:
        gaps = np.random.default_rng([SEED, *name.encode()]).exponential(1 / rate, n)
        demand = rs.Demand(
            arrives_at=np.cumsum(gaps).tolist(), talk_time=stats.expon(scale=talk), redial=redial
        )
        scenario = rs.Scenario(
            groups=[ringing],
            extensions=[
                rs.Extension(member.extension_number, answer_delay=0) for member in ringing.members
            ],
            demand={"600": demand},
        )
        workload = rs.Workload.draw(scenario, seed=sum(name.encode()))
        return Callers.of(rs.play(scenario, workload, engine))

    figures = [
        Figure(key, value, FIGURES[key], 0 if key == "caller_answer_rate" and value == 1 else None)
        for key, value in theory.items()
    ]
    return Case(name, title, N_CALLERS, play, figures)


def for_ever(delay: float) -> rs.Redial:
    return rs.Redial(probability=1, delay=stats.expon(scale=delay))


RETRIALS: Sequence[Case] = [
    retrial(
        "RT-01",
        "Retrial queue M/M/1: callers try until they are answered, 0.5 erlang",
        one_member(1 / 120, talk=60, delay=90) | {"caller_answer_rate": 1},
        group("A"),
        rate=1 / 120,
        talk=60,
        redial=for_ever(90),
    ),
    retrial(
        "RT-02",
        "Retrial queue M/M/2 in the order of the list, 1.2 erlang",
        members(2, 1 / 50, talk=60, delay=40) | {"caller_answer_rate": 1},
        group("A B"),
        rate=1 / 50,
        talk=60,
        redial=for_ever(40),
    ),
    retrial(
        "RT-03",
        "Retrial queue M/M/2 with an attempt more in 7 of 10 cases, 3 erlang, longest free first",
        members(2, 1 / 20, talk=60, delay=100, persistence=0.7),
        group("A B", "LEAST_WORKED_HUNT"),
        rate=1 / 20,
        talk=60,
        redial=rs.Redial(probability=0.7, delay=stats.expon(scale=100), after="overflowed"),
    ),
]
