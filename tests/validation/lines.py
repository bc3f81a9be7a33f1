"""Callers who wait in line: the options of queues against the theory of queues.

Calls are Poisson. Members answer at once unless a case says otherwise, so that a caller who waits
is answered when a member becomes free, by whatever rules that member is found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from scipy import stats

import ringsim as rs
from support.played import INF
from validation.closed_forms import call_waiting, exponential
from validation.figures import Case
from validation.waiting_runs import constant, missed_rings, queue, two_exponential, waiting
from validation.waiting_theory import (
    by_priority,
    constant_service,
    constant_service_one,
    erlang,
    one_server,
    two_phases,
)


def rings_before_the_answer(chance: float, each: float) -> tuple[float, float]:
    """Return mean and variance of the time that missed rings take, `each` with its pause [s]."""
    return each * chance / (1 - chance), each**2 * chance / (1 - chance) ** 2


def mean_only(theory: Mapping[str, float]) -> Mapping[str, float]:
    """Return the first figure, where a log does not show the others."""
    return dict([*theory.items()][:1])


LOGNORMAL = stats.lognorm(math.sqrt(math.log(1.49)), scale=60 / math.sqrt(1.49))  # cv 0.7
MISSED = rings_before_the_answer(0.5, 15 + 20)
ROUND_ROBIN = {"order_by": ["rotation"], "rotation": "rung", "at_once": 1}
HUNT = "LEAST_WORKED_HUNT"

LINES: Sequence[Case] = [
    waiting(
        "LN-01",
        "Line, all rung at once: M/M/3 (Erlang C), 2.2 erlang",
        erlang(3, 2.2, 60),
        queue("A B C"),
        rates=[2.2 / 60],
        talk=exponential(60),
    ),
    waiting(
        "LN-02",
        "Line, one rung after the other: M/M/3 (Erlang C), 2.2 erlang",
        erlang(3, 2.2, 60),
        queue("A B C", HUNT),
        rates=[2.2 / 60],
        talk=exponential(60),
    ),
    waiting(
        "LN-03",
        "Line, round robin, only the first caller rings: M/M/6 (Erlang C), 5 erlang",
        erlang(6, 5, 40),
        queue("A B C D E F", line_serves="head", **ROUND_ROBIN),
        rates=[5 / 40],
        talk=exponential(40),
    ),
    waiting(
        "LN-04",
        "Line and patience, all rung at once: M/M/3+M (Erlang A), 2.8 erlang",
        erlang(3, 2.8, 70, patience=90),
        queue("A B C"),
        rates=[2.8 / 70],
        talk=exponential(70),
        patience=exponential(90),
    ),
    waiting(
        "LN-05",
        "Line and patience, one after the other: M/M/4+M (Erlang A), 5 erlang",
        erlang(4, 5, 60, patience=45),
        queue("A B C D", HUNT),
        rates=[5 / 60],
        talk=exponential(60),
        patience=exponential(45),
    ),
    waiting(
        "LN-06",
        "Line left after max_wait_time: M/M/2 with patience of at most 50 s, 2.2 erlang",
        call_waiting(2, 2.2 / 60, 60, patience=100, ring_time=50),
        queue("A B", max_wait_time=50),
        rates=[2.2 / 60],
        talk=exponential(60),
        patience=exponential(100),
    ),
    waiting(
        "LN-07",
        "Full line, max_queue_length 3: M/M/2/5, 2.4 erlang",
        erlang(2, 2.4, 60, places=5),
        queue("A B", max_queue_length=3),
        rates=[2.4 / 60],
        talk=exponential(60),
    ),
    waiting(
        "LN-08",
        "Full line and patience, max_queue_length 4: M/M/3/7+M, 4 erlang",
        erlang(3, 4, 60, patience=60, places=7),
        queue("A B C", HUNT, max_queue_length=4),
        rates=[4 / 60],
        talk=exponential(60),
        patience=exponential(60),
    ),
    waiting(
        "LN-09",
        "Line, one member, constant talk: M/D/1 (Erlang; Pollaczek, Khinchine), 0.7 erlang",
        constant_service_one(0.7 / 60, 60),
        queue("A"),
        rates=[0.7 / 60],
        talk=constant(60),
    ),
    waiting(
        "LN-10",
        "Line, one member, lognormal talk: M/G/1 (Pollaczek, Khinchine), 0.6 erlang",
        one_server(0.6 / 60, 60, 42**2),
        queue("A"),
        rates=[0.6 / 60],
        talk=LOGNORMAL,
    ),
    waiting(
        "LN-11",
        "Pick-up 6 s, connect_delay 10, enforced_wrap_up 15 as part of the service: M/G/1",
        one_server(1 / 130, 6 + 10 + 60 + 15, 60**2, before=6),
        queue("A", connect_delay=10, enforced_wrap_up=15),
        rates=[1 / 130],
        talk=exponential(60),
        delays=constant(6),
        at_once_within=6,
    ),
    waiting(
        "LN-12",
        "Missed rings and pauses between passes as part of the service: M/G/1",
        mean_only(one_server(1 / 180, MISSED[0] + 5 + 60, MISSED[1] + 60**2, before=MISSED[0] + 5)),
        queue(
            *("A", HUNT),
            ring_time=15,
            retry_pause=20,
            passes=INF,
            max_wait_time=1e9,
            line_serves="head",
        ),
        rates=[1 / 180],
        talk=exponential(60),
        delays=missed_rings(0.5, 5),
    ),
    waiting(
        "LN-13",
        "Line, constant talk: M/D/3 (Crommelin), 2.4 erlang",
        constant_service(3, 2.4 / 60, 60),
        queue("A B C", HUNT),
        rates=[2.4 / 60],
        talk=constant(60),
    ),
    waiting(
        "LN-14",
        "Line, talk of two exponential phases: M/E2/3, 2.4 erlang",
        two_phases(3, 2.4 / 60, (2 / 60, 2 / 60), 1, 1),
        queue("A B C"),
        rates=[2.4 / 60],
        talk=stats.gamma(2, scale=30),
    ),
    waiting(
        "LN-15",
        "Line, short and long talks: M/H2/2, 1.2 erlang",
        two_phases(2, 1.2 / 60, (1 / 30, 1 / 150), 0.75, 0),
        queue("A B", **ROUND_ROBIN),
        rates=[1.2 / 60],
        talk=two_exponential(0.75, 30, 150),
    ),
    waiting(
        "LN-16",
        "Three groups of one member by queue_weight: M/G/1 with priorities (Cobham)",
        by_priority(0.6 / 60 * (60**2 + 42**2) / 2, [0.15, 0.2, 0.25]),
        queue("A", queue_weight=10),
        queue("A", number="601", queue_weight=5),
        queue("A", number="602"),
        rates=[0.15 / 60, 0.2 / 60, 0.25 / 60],
        talk=LOGNORMAL,
    ),
    waiting(
        "LN-17",
        "Two kinds of callers by priority: M/M/3 with priorities (Cobham), 2.4 erlang",
        by_priority(rs.erlang.waiting(3, 2.4) * 60 / 3, [0.3, 0.5]),
        queue("A B C", HUNT),
        rates=[0.9 / 60, 1.5 / 60],
        talk=exponential(60),
        priorities=[1, 0],
    ),
]
