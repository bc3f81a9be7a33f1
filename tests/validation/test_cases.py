"""The cases of `cases.json`, on both engines: simulations, a cold start and scripts."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from played import rows
from validation.figures import BOUND, EXACT, SEED, Case, errors_off
from validation.file_of_cases import (
    CASES,
    COLD_START,
    OUTCOMES,
    PUBLISHED,
    SIMULATIONS,
    TRACES,
    numbers_of,
    scenario_of,
)

import ringsim as rs
from ringsim.logarrays import ANSWERED

FEWER_CALLS = defaultdict(lambda: 5000, {"ER-17": 40_000})  # in SimPy; overflow comes in bursts


def test_there_are_34_cases() -> None:
    assert (len(SIMULATIONS), len(TRACES), len(CASES)) == (25, 8, 34)


def test_tolerances_of_the_file_are_four_deviations_and_the_bias() -> None:
    for case in PUBLISHED:
        for figure, expected in zip(case.figures, CASES[case.name]["expected"], strict=True):
            if figure.deviation is None:
                continue
            spread = BOUND * figure.deviation / math.sqrt(case.n_calls)
            assert expected["tolerance"] == pytest.approx(max(spread + figure.bias, EXACT))


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.name)
def test_simulation_agrees_with_theory(case: Case, engine: str) -> None:
    """The stated number of calls on the compiled engine, fewer in SimPy."""
    n = case.n_calls if engine == "compiled" else min(case.n_calls, FEWER_CALLS[case.name])
    run = case.play(n, engine)
    assert len(run) == n
    for figure in case.figures:
        assert abs(errors_off(figure, run)) <= BOUND, (figure.name, figure.of(run))


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
    """TS-01: the first 20 calls of many days that begin with everybody idle."""
    case = CASES[COLD_START]
    (expected,) = case["expected"]
    assert expected["metric"] == "answered_among_first_20"
    scenario = scenario_of(case, n=0)
    rng = np.random.default_rng(SEED)
    days, calls = case["replications"] // (1 if engine == "compiled" else 4), case["n_calls"]
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
    tolerance = BOUND * answered.std(ddof=1) / math.sqrt(days)
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
