"""Reader of `cases.json`: ring groups with figures that queueing theory gives exactly.

The theory is a closed form or a Markov chain, each with its assumptions. Most standard deviations
are exact: binomial, or the asymptotic variance of a Markov chain. The others were measured; they
are not used, because batch means of the run are as good.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

import ringsim as rs
from ringsim._log_arrays import ANSWERED
from support.played import INF, Rows, Span, rows
from validation.figures import SEED, Case, Figure

FILE = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in FILE["cases"]}
COLD_START = "TS-01"
TRACES = [name for name, case in CASES.items() if case["kind"] == "trace"]
SIMULATIONS = [name for name in CASES if name not in {*TRACES, COLD_START}]

# Names in the file, and their meaning in ringsim

DISTRIBUTIONS: dict[str, Callable[..., Any]] = {
    "const": lambda value: value,
    "exp": lambda mean: stats.expon(scale=mean),
    "uniform": lambda low, high: stats.uniform(low, high - low),
}
OUTCOMES = {"answered": "answered", "abandoned": "abandoned", "overflow": "overflowed"}
METRICS: dict[str, Callable[..., float]] = {
    "answer_rate": lambda run: run.ended("answered").mean(),
    "overflow_rate": lambda run: run.ended("overflowed").mean(),
    "abandon_rate": lambda run: run.ended("abandoned").mean(),
    "no_member_available_rate": lambda run: (run.ended("overflowed") & (run.n_rings == 0)).mean(),
    "mean_wait_answered": lambda run: run.wait[run.ended("answered")].mean(),
    "service_level": lambda run, t: (run.ended("answered") & (run.wait <= t + 1e-9)).mean(),
    "share": lambda run, member: (run.answered_by[run.ended("answered")] == member).mean(),
    "occupancy": lambda run, member: run.occupancy(member),
    "members_reached_mean": lambda run: run.n_rings[run.ended("answered")].mean(),
    "inter_overflow_mean": lambda run: run.between_overflows().mean(),
    "inter_overflow_scv": lambda run: stats.variation(run.between_overflows()) ** 2,
    "overflow_followed_by_overflow": lambda run: run.ended("overflowed")[1:][
        run.ended("overflowed")[:-1]
    ].mean(),
    "overflow_group_mean": lambda run: run.overflow_group()[0],
    "overflow_group_variance": lambda run: run.overflow_group()[1],
    "overflow_group_peakedness": lambda run: run.overflow_group()[1] / run.overflow_group()[0],
}


def distribution(named: dict[str, Any] | None) -> Any:
    """Return a distribution of the file; None is infinite patience."""
    if named is None:
        return INF
    return DISTRIBUTIONS[named["dist"]](**{k: v for k, v in named.items() if k != "dist"})


def metric(name: str, numbers: dict[str, str]) -> Callable[[Span], float]:
    """Return a metric of the file as a function of a run."""
    kind, _, member = name.partition(":")
    if member:
        return lambda run: METRICS[kind](run, numbers[member])
    if kind.startswith("service_level_"):
        return lambda run: METRICS["service_level"](run, float(kind.removeprefix("service_level_")))
    return METRICS[kind]


def numbers_of(case: dict[str, Any]) -> dict[str, str]:
    """Return the extension number of each member name of the file."""
    return {member["id"]: str(201 + place) for place, member in enumerate(case["members"])}


def seed_of(case: dict[str, Any]) -> int:
    """Return a different seed for each case, so that the cases are independent."""
    return SEED + list(CASES).index(case["id"])


def arrivals_of(case: dict[str, Any], n: int) -> list[float]:
    arrivals = case["arrivals"]
    if arrivals["process"] == "trace":
        return [float(at) for at in arrivals["times"]]
    if arrivals["process"] == "deterministic":
        return [k * arrivals["interval"] for k in range(n)]
    gaps = np.random.default_rng([SEED, seed_of(case), n]).exponential(1 / arrivals["rate"], n)
    return list(np.cumsum(gaps).tolist())


def scenario_of(case: dict[str, Any], n: int) -> rs.Scenario:
    numbers = numbers_of(case)
    return rs.Scenario(
        groups=[
            rs.RingGroup(
                extension_number="600",
                ring_strategy=case["strategy"],
                ring_time=case["ring_time"],
                skip_busy_member=case["skip_busy_member"],
                members=[
                    rs.Member(numbers[member["id"]], skill_level=member.get("level", 1))
                    for member in case["members"]
                ],
            )
        ],
        extensions=[
            rs.Extension(
                numbers[member["id"]],
                answer_delay=distribution(member["pickup"]),
                answer_probability=member["p_answer"],
            )
            for member in case["members"]
        ],
        demand={
            "600": rs.Demand(
                arrives_at=arrivals_of(case, n),
                talk_time=distribution(case["talk"]),
                patience=distribution(case["patience"]),
            )
        },
        ringing_is_busy="R1" in case["assumptions"],
    )


def figures_of(case: dict[str, Any]) -> list[Figure]:
    return [
        Figure(
            expected["metric"],
            expected["value"],
            metric(expected["metric"], numbers_of(case)),
            expected.get("sd_per_sqrt_call"),
            expected.get("bias_bound", case["bias_bound"]),
        )
        for expected in case["expected"]
    ]


def play(name: str, n: int, engine: str) -> Span:
    scenario = scenario_of(CASES[name], n)
    workload = rs.Workload.draw(scenario, seed=seed_of(CASES[name]))
    return Span.of(rs.play(scenario, workload, engine), workload)


def _case(name: str) -> Case:
    case = CASES[name]
    return Case(
        name,
        case["title"],
        case["n_calls"],
        lambda n, engine: play(name, n, engine),
        figures_of(case),
    )


PUBLISHED = [_case(name) for name in SIMULATIONS]


def cold_starts(days: int, engine: str) -> list[int]:
    """Return for each day, which begins with all members idle, how many calls are answered."""
    case = CASES[COLD_START]
    scenario = scenario_of(case, n=0)
    rng = np.random.default_rng(SEED)
    calls = case["n_calls"]
    arrives_at = np.cumsum(rng.exponential(1 / case["arrivals"]["rate"], (days, calls)), axis=1)
    talk_time = rng.exponential(case["talk"]["mean"], (days, calls))
    at_once = dict.fromkeys(numbers_of(case).values(), 0.0)  # the pickup of this case
    answered = []
    for day in range(days):
        workload = rs.Workload(
            arrives_at=arrives_at[day], talk_time=talk_time[day], answer_delay=at_once
        )
        outcomes = rs.play(scenario, workload, engine).arrays.calls.outcome
        answered.append(int((outcomes == ANSWERED).sum()))
    return answered


def script_played(name: str, engine: str) -> Rows:
    """Play a script; return outcome, answering member, wait and members rung of each call."""
    scenario = scenario_of(CASES[name], n=0)
    log = rs.play(scenario, rs.Workload.draw(scenario, seed=SEED), engine)
    rung: dict[int, list[str]] = {call: [] for call in range(len(log.calls))}
    for call, member in rows(log.rings, "call", "member"):
        rung[call].append(member)
    outcomes = rows(log.calls, "outcome", "answered_by", "wait")
    return [(*row, rung[call]) for call, row in enumerate(outcomes)]


def script_expected(name: str) -> Rows:
    """Return the same values as `script_played`, as the file expects them."""
    case = CASES[name]
    numbers = numbers_of(case)
    return [
        (
            OUTCOMES[call["outcome"]],
            numbers.get(call["by"]),
            call["wait"],
            [numbers[member] for member in call["rung"]],
        )
        for call in case["expected_calls"]
    ]
