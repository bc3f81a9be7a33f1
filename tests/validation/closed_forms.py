"""Closed forms that we derived ourselves: repeats, wrap-up, call waiting, duty and own calls.

Rates are per second, times in seconds. Each function derives its formula in the docstring. Each
case of `DERIVED` has a ring group and calls that satisfy the assumptions. Unless a case says
otherwise, calls arrive one by one and members answer at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import integrate, stats

import ringsim as rs
from support.played import NUMBER, Span, group
from validation.figures import SEED, Case, Figure

N_CALLS = 70_000
A = NUMBER["A"]

# Figures of a run

METRICS: dict[str, Callable[[Span], float]] = {
    "answer_rate": lambda run: run.ended("answered").mean(),
    "overflow_rate": lambda run: run.ended("overflowed").mean(),
    "abandon_rate": lambda run: run.ended("abandoned").mean(),
    "no_candidate_rate": lambda run: (run.ended("overflowed") & (run.n_rings == 0)).mean(),
    "mean_wait_answered": lambda run: run.wait[run.ended("answered")].mean(),
    "answered_at_once_rate": lambda run: (run.ended("answered") & (run.wait == 0)).mean(),
    "rings_per_call": lambda run: run.n_rings.mean(),
    "own_calls_taken_rate": lambda run: run.own_taken.mean(),
}


# Formulas: rates, waits and their standard deviations


def repeated_passes(
    n_rings: int, ring_time: float, delay: float, chance: float, patience: float
) -> dict[str, float]:
    """Return the figures of at most n rings in a row over all passes of a REPEAT, nobody busy.

    A ring of `ring_time` T is answered with some chance p, after an exponential delay of rate
    m = 1 / delay; the caller gives up at rate g = 1 / patience. Given that a ring starts, it is
    answered with probability a = p m (1 - exp(-(m + g) T)) / (m + g), and the caller is still
    there at its end with x = exp(-g T) (1 - p + p exp(-m T)). By the lack of memory of patience
    every ring is like the first, so that ring j, from 0, starts with probability x^j: answered
    are a (1 - x^n) / (1 - x), overflowed x^n. An answer at y into ring j has waited j T + y.
    """
    m, g = 1 / delay, 1 / patience
    both = m + g
    kept = math.exp(-both * ring_time)
    answered = chance * m * (1 - kept) / both
    within = chance * m * (1 - kept * (1 + both * ring_time)) / both**2
    x = math.exp(-g * ring_time) * (1 - chance + chance * math.exp(-m * ring_time))
    starts = x ** np.arange(n_rings)
    answer_rate = answered * starts.sum()
    waited = (starts * (np.arange(n_rings) * ring_time * answered + within)).sum()
    return {
        "answer_rate": answer_rate,
        "overflow_rate": x**n_rings,
        "abandon_rate": 1 - answer_rate - x**n_rings,
        "rings_per_call": starts.sum(),
        "mean_wait_answered": waited / answer_rate,
    }


def repeated_looks(
    n_repeats: int, every: float, own_rate: float, own_talk: float, patience: float
) -> dict[str, float]:
    """Return the figures of one member with own calls, whom a REPEAT tries `every` d seconds.

    Own calls are taken at rate a when the member is free and end at rate m. This chain of two
    states is in the state "on a call" with probability b = a / (a + m) in equilibrium. Given that
    state now, it is in the same state after a time d with probability
    s = b + (1 - b) exp(-(a + m) d). A caller is still there after d with probability
    e = exp(-d / patience). So repeat k finds the member on a call, as all tries before did, with
    probability b (s e)^k; the call is answered at once with probability 1 - b, and at repeat k
    with probability b (s e)^(k-1) (1 - s) e. Calls must be so far apart that the chain is back in
    equilibrium.
    """
    total = own_rate + 1 / own_talk
    busy = own_rate / total
    still = busy + (1 - busy) * math.exp(-total * every)
    there = math.exp(-every / patience)
    looks = np.arange(1, n_repeats + 1)
    answered = busy * (still * there) ** (looks - 1) * (1 - still) * there
    answer_rate = 1 - busy + answered.sum()
    overflow_rate = busy * (still * there) ** n_repeats
    return {
        "answer_rate": answer_rate,
        "answered_at_once_rate": 1 - busy,
        "overflow_rate": overflow_rate,
        "no_candidate_rate": overflow_rate,
        "abandon_rate": 1 - answer_rate - overflow_rate,
        "mean_wait_answered": (answered * looks * every).sum() / answer_rate,
    }


def lost_in_wrap_up(rate: float, talk: float, wrap_up: float) -> dict[str, float]:
    """Return the figures of one member and callers with no patience.

    A renewal cycle is talk, wrap-up, and the wait for the next call. One call is answered per
    cycle of mean length talk + wrap_up + 1 / rate, in which 1 + rate (talk + wrap_up) calls
    arrive. Calls during the talk ring nobody; calls during the wrap-up ring and give up. Only the
    means of talk and wrap-up matter.
    """
    offered = 1 + rate * (talk + wrap_up)
    return {
        "answer_rate": 1 / offered,
        "no_candidate_rate": rate * talk / offered,
        "abandon_rate": rate * wrap_up / offered,
    }


def of_renewals(rate: float, handle: float, variance: float) -> dict[str, float]:
    """Return the standard deviation of the answer rate of `lost_in_wrap_up`, times sqrt(calls).

    From one answered call to the next there are K = 1 + N calls, N Poisson given the handle time
    in between: E K = 1 + rate handle, var K = rate handle + rate^2 variance. The number of
    renewals among n calls has a variance of n var K / (E K)^3 (W. Feller, "Fluctuation theory of
    recurrent events", Trans. AMS 67, 1949).
    """
    of_calls = rate * handle + rate**2 * variance
    return {"answer_rate": math.sqrt(of_calls / (1 + rate * handle) ** 3)}


def of_independent_calls(theory: dict[str, float]) -> dict[str, float]:
    """Return the standard deviations of binomial rates, times sqrt(calls)."""
    return {
        name: math.sqrt(value * (1 - value))
        for name, value in theory.items()
        if name.endswith("_rate")
    }


def rung_in_wrap_up(rate: float, talk: float, wrap_up: float, ring_time: float) -> dict[str, float]:
    """Return the figures of one member with a constant talk, longer than a ring, and wrap-up.

    The wrap-up is exponential. Calls during the talk ring nobody. A call that arrives in the last
    m = min(ring_time, wrap-up) seconds of the wrap-up still rings at its end. The oldest such
    call is then answered; the others time out during the talk that follows. There is no such call
    with probability E exp(-rate m); the member is then free for 1 / rate more on average. A cycle
    has one answer and a mean length of talk + wrap_up + E exp(-rate m) / rate. If the oldest call
    arrives X seconds after the start of the m seconds, it has waited m - X. Per cycle that is
    E(m - X)+ = E m - (1 - E exp(-rate m)) / rate. With v = 1 / wrap_up, E exp(-rate m) is
    (v + rate exp(-(rate + v) ring_time)) / (rate + v) and E m is (1 - exp(-v ring_time)) / v.
    """
    v = 1 / wrap_up
    none_rings = (v + rate * math.exp(-(rate + v) * ring_time)) / (rate + v)
    window = (1 - math.exp(-v * ring_time)) / v
    offered = rate * (talk + wrap_up) + none_rings
    return {
        "answer_rate": 1 / offered,
        "answered_at_once_rate": none_rings / offered,
        "no_candidate_rate": rate * talk / offered,
        "mean_wait_answered": window - (1 - none_rings) / rate,
    }


def call_waiting(
    n: int, rate: float, handle: float, patience: float, ring_time: float
) -> dict[str, float]:
    """Return the figures of n members who are all rung, busy or not: a queue M/M/n+G.

    The first free member answers the oldest call (the lowest number), so callers are served in
    the order of arrival. A caller is still there after x < T = ring_time with probability
    exp(-x / patience), and never after T. Let H(x) be the integral of this probability up to x,
    and w(x) = exp(rate H(x) - n x / handle). The states with a free member have the weight
    e = 1 / B(n - 1, rate handle), where B is Erlang's loss, and the other states have the weight
    rate J, where J is the integral of w up to T plus w(T) handle / n. A fraction e / (e + rate J)
    of the callers is answered at once, and the fraction
    rate exp(-x / patience) w(x) dx / (e + rate J) after a wait of x to x + dx.

    F. Baccelli and G. Hebuterne, "On queues with impatient customers", Performance '81; S. Zeltyn
    and A. Mandelbaum, "Call centers with impatient customers", Queueing Systems 51 (2005).
    """

    def weight(x: float) -> float:
        return math.exp(-rate * patience * math.expm1(-x / patience) - n * x / handle)

    def integral(of: Callable[[float], float]) -> float:
        return float(integrate.quad(lambda x: of(x) * weight(x), 0, ring_time, limit=200)[0])

    free = 1 / rs.erlang.blocking(n - 1, rate * handle)
    total = free + rate * (integral(lambda x: 1) + weight(ring_time) * handle / n)
    later = rate * integral(lambda x: math.exp(-x / patience)) / total
    waited = rate * integral(lambda x: x * math.exp(-x / patience)) / total
    return {
        "answer_rate": free / total + later,
        "answered_at_once_rate": free / total,
        "mean_wait_answered": waited / (free / total + later),
    }


def on_duty(rate: float, talk: float, on: float, off: float) -> dict[str, float]:
    """Return the figures of one member who is on duty `on` seconds and off duty `off` in turn.

    Calls in progress continue off duty (S12). The member is busy with probability p. On duty
    p' = rate (1 - p) - p / talk, off duty p' = -p / talk. On duty p tends to
    b = rate talk / (1 + rate talk) with the rate s = rate + 1 / talk. So a span on duty begins
    with p0 = p1 exp(-off / talk) and ends with p1 = b + (p0 - b) exp(-s on). Poisson arrivals see
    time averages, so the calls answered are those that arrive while the member is free on duty:
    on (1 - b) - (p0 - b) (1 - exp(-s on)) / s of every on + off seconds.
    """
    speed = rate + 1 / talk
    balance = rate / speed
    kept_on, kept_off = math.exp(-speed * on), math.exp(-off / talk)
    begins = balance * (1 - kept_on) * kept_off / (1 - kept_on * kept_off)
    free = on * (1 - balance) - (begins - balance) * (1 - kept_on) / speed
    answer_rate = free / (on + off)
    return {"answer_rate": answer_rate, "no_candidate_rate": 1 - answer_rate}


def own_calls(rate: float, talk: float, own_rate: float, own_talk: float) -> dict[str, float]:
    """Return the figures of one member with calls and own calls, both lost while on a call.

    Both are Poisson streams and find the member free with the same probability,
    1 / (1 + rate talk + own_rate own_talk): Poisson arrivals see time averages, and a cycle is a
    free time of mean 1 / (rate + own_rate) and a call of either kind, in proportion to the rates.
    Only the means of the talk times matter.
    """
    free = 1 / (1 + rate * talk + own_rate * own_talk)
    return {
        "answer_rate": free,
        "no_candidate_rate": 1 - free,
        "own_calls_taken_rate": free,
    }


# Cases


def exponential(mean: float) -> Any:
    return stats.expon(scale=mean)


def derived(
    name: str,
    title: str,
    theory: dict[str, float],
    ringing: rs.RingGroup,
    *,
    rate: float | None = None,
    every: float | None = None,
    person: Callable[[float], dict[str, Any]] = lambda lasts: {},
    deviations: Callable[[dict[str, float]], dict[str, float]] = lambda theory: {},
    bias: float = 0.0,
    **demand: Any,
) -> Case:
    """Return a case of calls to one group, Poisson at `rate` or one `every` so many seconds.

    `person` returns further fields of each member's `Extension`, given the length of the day [s].
    `deviations` returns known standard deviations per call, given the theory.
    """
    seed = [SEED, *name.encode()]

    def play(n: int, engine: str) -> Span:
        gaps = np.random.default_rng(seed).exponential(1 / rate, n) if rate else np.full(n, every)
        arrives_at = np.cumsum(gaps)
        lasts = float(arrives_at[-1])
        scenario = rs.Scenario(
            groups=[ringing],
            extensions=[
                rs.Extension(member.extension_number, **{"answer_delay": 0} | person(lasts))
                for member in ringing.members
            ],
            demand={"600": rs.Demand(arrives_at=arrives_at.tolist(), **demand)},
            hours=lasts / 3600,
        )
        workload = rs.Workload.draw(scenario, seed=sum(seed))
        return Span.of(rs.play(scenario, workload, engine), workload)

    known = deviations(theory)
    figures = [
        Figure(key, value, METRICS[key], known.get(key), bias) for key, value in theory.items()
    ]
    return Case(name, title, N_CALLS, play, figures)


def with_own_calls(rate: float, talk_time: Any) -> Callable[[float], dict[str, Any]]:
    return lambda lasts: {"own_calls": rs.Demand(calls_per_hour=3600 * rate, talk_time=talk_time)}


def shifts(on: float, off: float) -> Callable[[float], dict[str, Any]]:
    return lambda lasts: {
        "on_duty": [(at, at + on) for at in np.arange(0, lasts, on + off).tolist()]
    }


LOGNORMAL = rs.lognormal(mean=60, cv=1.2)
FAN_OUT = "RING_SIMULTANEOUSLY"
DERIVED: Sequence[Case] = [
    derived(
        "OWN-01",
        "REPEAT with patience: two members, three passes, nobody busy",
        repeated_passes(6, ring_time=15, delay=20, chance=0.7, patience=60),
        group("A B", action="REPEAT", max_repeats=2, ring_time=15),
        every=200,
        talk_time=30,
        patience=exponential(60),
        person=lambda lasts: {"answer_delay": exponential(20), "answer_probability": 0.7},
        deviations=of_independent_calls,
    ),
    derived(
        "OWN-02",
        "REPEAT with repeat_delay and patience: a member on own calls",
        repeated_looks(4, every=10, own_rate=1 / 40, own_talk=60, patience=50),
        group("A", action="REPEAT", max_repeats=4, repeat_delay=10),
        every=400,
        talk_time=5,
        patience=exponential(50),
        person=with_own_calls(1 / 40, exponential(60)),
        deviations=of_independent_calls,
        bias=1e-5,  # the chain is not quite in equilibrium after 350 s
    ),
    *(
        derived(
            name,
            f"Wrap-up keeps from answering: {law}",
            lost_in_wrap_up(rate=1 / 80, talk=60, wrap_up=40),
            group("A"),
            rate=1 / 80,
            talk_time=talk_time,
            wrap_up_time=wrap_up_time,
            patience=0,
            deviations=lambda theory, variance=variance: of_renewals(1 / 80, 100, variance),
        )
        for name, law, talk_time, wrap_up_time, variance in (
            ("OWN-03a", "lognormal talk, constant wrap-up", LOGNORMAL, 40, 72**2),
            ("OWN-03b", "constant talk, uniform wrap-up", 60, stats.uniform(0, 80), 80**2 / 12),
        )
    ),
    derived(
        "OWN-04",
        "Wrap-up may end inside the ring",
        rung_in_wrap_up(rate=1 / 50, talk=60, wrap_up=30, ring_time=20),
        group("A"),
        rate=1 / 50,
        talk_time=60,
        wrap_up_time=exponential(30),
    ),
    derived(
        "OWN-05a",
        "Call waiting, one member: patience and rings of 30 s cut the wait",
        call_waiting(1, 1 / 50, 60, patience=45, ring_time=30),
        group("A", skip_busy_member=False, ring_time=30),
        rate=1 / 50,
        talk_time=exponential(60),
        patience=exponential(45),
    ),
    derived(
        "OWN-05b",
        "Call waiting, three members rung at once, M/M/3+M (Erlang A)",
        call_waiting(3, 1 / 25, 70, patience=40, ring_time=600),
        group("A B C", FAN_OUT, skip_busy_member=False, ring_time=600),
        rate=1 / 25,
        talk_time=exponential(70),
        patience=exponential(40),
    ),
    derived(
        "OWN-06",
        "Wrap-up is all there is: phones ring although busy ones are skipped, M/M/2+M",
        call_waiting(2, 1 / 30, 50, patience=30, ring_time=600),
        group("A B", FAN_OUT, ring_time=600),
        rate=1 / 30,
        talk_time=0,
        wrap_up_time=exponential(50),
        patience=exponential(30),
    ),
    derived(
        "OWN-07",
        "Duty: present for 5 of every 8 minutes",
        on_duty(rate=1 / 60, talk=90, on=300, off=180),
        group("A"),
        rate=1 / 60,
        talk_time=exponential(90),
        person=shifts(300, 180),
    ),
    *(
        derived(
            name,
            f"Own calls of the one member: {law}",
            own_calls(rate=1 / 70, talk=60, own_rate=1 / 100, own_talk=45),
            group("A"),
            rate=1 / 70,
            talk_time=talk_time,
            person=with_own_calls(1 / 100, own_talk),
        )
        for name, law, talk_time, own_talk in (
            ("OWN-08a", "exponential", exponential(60), exponential(45)),
            ("OWN-08b", "lognormal, own ones constant", LOGNORMAL, 45),
        )
    ),
]
