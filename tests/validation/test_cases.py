"""The cases of `cases.json`: ring groups whose figures queueing theory gives exactly.

Closed forms and Markov chains, each with its assumptions and with the standard deviation of every
figure, so that a tolerance is four standard deviations at however many calls are played. Where no
standard deviation is known, it is taken from batch means of the simulation itself.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from played import INF, Span, rows, standard_error
from scipy import stats

import ringsim as rs
from ringsim.logarrays import ANSWERED

FILE = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in FILE["cases"]}
COLD_START = "TS-01"
TRACES = [name for name, case in CASES.items() if case["kind"] == "trace"]
SIMULATIONS = [name for name in CASES if name not in {*TRACES, COLD_START}]

CALLS = 40_000  # of each case, or all of them
MORE_CALLS = {"ER-17": 200_000}  # figures of the overflow, which is rare and comes in bursts
SEED = 7
SIGMAS = 4

# What the file calls things, and what they are here

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
    """A distribution of the file; none is a patience without end."""
    if named is None:
        return INF
    return DISTRIBUTIONS[named["dist"]](**{k: v for k, v in named.items() if k != "dist"})


def metric(name: str, numbers: dict[str, str]) -> Callable[[Span], float]:
    """A metric of the file as a function of a run."""
    kind, _, member = name.partition(":")
    if member:
        return lambda run: METRICS[kind](run, numbers[member])
    if kind.startswith("service_level_"):
        return lambda run: METRICS["service_level"](run, float(kind.removeprefix("service_level_")))
    return METRICS[kind]


def numbers_of(case: dict[str, Any]) -> dict[str, str]:
    """Extension numbers for the members' names."""
    return {member["id"]: str(201 + place) for place, member in enumerate(case["members"])}


def arrivals_of(case: dict[str, Any], n: int) -> list[float]:
    arrivals = case["arrivals"]
    if arrivals["process"] == "trace":
        return [float(at) for at in arrivals["times"]]
    if arrivals["process"] == "deterministic":
        return [k * arrivals["interval"] for k in range(n)]
    gaps = np.random.default_rng([SEED, n]).exponential(1 / arrivals["rate"], n)
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


def tolerance(
    expected: dict[str, Any], case: dict[str, Any], run: Span, of: Callable[[Span], float]
) -> float:
    """Four standard deviations, and the bias of the figure; nothing where it is exact."""
    bias: float = expected.get("bias_bound", case["bias_bound"])
    deviation: float | None = expected.get("sd_per_sqrt_call")
    if deviation == 0:
        return 1e-9
    if deviation is None:
        return SIGMAS * standard_error(of, run) + bias
    return SIGMAS * deviation / math.sqrt(len(run)) + bias


def test_there_are_34_cases() -> None:
    assert (len(SIMULATIONS), len(TRACES), len(CASES)) == (25, 8, 34)


@pytest.mark.parametrize("name", SIMULATIONS)
def test_simulation_agrees_with_theory(name: str, engine: str) -> None:
    case = CASES[name]
    scenario = scenario_of(case, min(case["n_calls"], MORE_CALLS.get(name, CALLS)))
    workload = rs.Workload.draw(scenario, seed=SEED)
    run = Span.of(rs.play(scenario, workload, engine), workload)
    for expected in case["expected"]:
        figure = metric(expected["metric"], numbers_of(case))
        assert figure(run) == pytest.approx(
            expected["value"], rel=0, abs=tolerance(expected, case, run, figure)
        ), expected["metric"]


@pytest.mark.parametrize("name", [name for name in SIMULATIONS if "sequence" in CASES[name]])
def test_rotation_is_strict(name: str, engine: str) -> None:
    """Call k is answered by member k modulo n, not only so many calls by each."""
    case = CASES[name]
    scenario = scenario_of(case, case["n_calls"])
    log = rs.play(scenario, rs.Workload.draw(scenario, seed=SEED), engine)
    in_turn = list(numbers_of(case).values())
    assert rows(log.calls, "answered_by") == [
        (in_turn[call % len(in_turn)],) for call in range(case["n_calls"])
    ]


def test_a_cold_start_is_simulated_from_the_first_call_on(engine: str) -> None:
    """TS-01: the first 20 calls of 4000 days that begin with everybody idle."""
    case = CASES[COLD_START]
    (expected,) = case["expected"]
    assert expected["metric"] == "answered_among_first_20"
    scenario = scenario_of(case, n=0)
    rng = np.random.default_rng(SEED)
    days, calls = case["replications"], case["n_calls"]
    arrives_at = np.cumsum(rng.exponential(1 / case["arrivals"]["rate"], (days, calls)), axis=1)
    talk_time = rng.exponential(case["talk"]["mean"], (days, calls))
    at_once = dict.fromkeys(numbers_of(case).values(), 0.0)  # as their pickup is
    answered = np.empty(days)
    for day in range(days):
        workload = rs.Workload(
            arrives_at=arrives_at[day], talk_time=talk_time[day], answer_delay=at_once
        )
        outcomes = rs.play(scenario, workload, engine).arrays.calls.outcome
        answered[day] = (outcomes == ANSWERED).sum()
    tolerance = SIGMAS * answered.std(ddof=1) / math.sqrt(days)
    assert answered.mean() == pytest.approx(expected["value"], rel=0, abs=tolerance)


@pytest.mark.parametrize("name", TRACES)
def test_trace(name: str, engine: str) -> None:
    """Call by call: outcome, who answered, how long it took, and who was rung in which order."""
    case = CASES[name]
    scenario = scenario_of(case, n=0)
    log = rs.play(scenario, rs.Workload.draw(scenario, seed=SEED), engine)
    numbers = numbers_of(case)
    rung: dict[int, list[str]] = {call: [] for call in range(len(log.calls))}
    for call, member in rows(log.rings, "call", "member"):
        rung[call].append(member)
    assert [
        (*row, rung[call])
        for call, row in enumerate(rows(log.calls, "outcome", "answered_by", "wait"))
    ] == [
        (
            OUTCOMES[call["outcome"]],
            numbers.get(call["by"]),
            call["wait"],
            [numbers[member] for member in call["rung"]],
        )
        for call in case["expected_calls"]
    ]
