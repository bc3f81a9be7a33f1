"""The cases of `cases.json`, on both engines: simulations, a cold start and scripts."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest

import ringsim as rs
from support.played import rows
from validation.figures import BOUND, EXACT, SEED, Case, errors_off
from validation.file_of_cases import (
    CASES,
    COLD_START,
    PUBLISHED,
    SIMULATIONS,
    TRACES,
    cold_starts,
    numbers_of,
    scenario_of,
    script_expected,
    script_played,
)

FEWER_DAYS = 1000  # in SimPy
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
    """The compiled engine plays the full number of calls, SimPy fewer."""
    n = case.n_calls if engine == "compiled" else min(case.n_calls, FEWER_CALLS[case.name])
    run = case.play(n, engine)
    assert len(run) == n
    for figure in case.figures:
        assert abs(errors_off(figure, run)) <= BOUND, (figure.name, figure.of(run))


@pytest.mark.parametrize("name", [name for name in SIMULATIONS if "sequence" in CASES[name]])
def test_rotation_is_strict(name: str, engine: str) -> None:
    """Member k modulo n answers call k; equal numbers of answers would not be enough."""
    case = CASES[name]
    scenario = scenario_of(case, case["n_calls"])
    log = rs.play(scenario, rs.Workload.draw(scenario, seed=SEED), engine)
    in_turn = list(numbers_of(case).values())
    assert rows(log.calls, "answered_by") == [
        (in_turn[call % len(in_turn)],) for call in range(case["n_calls"])
    ]


def test_a_cold_start_is_simulated_from_the_first_call_on(engine: str) -> None:
    """TS-01: the first 20 calls of many days that begin with all members idle."""
    (expected,) = CASES[COLD_START]["expected"]
    assert expected["metric"] == "answered_among_first_20"
    days = CASES[COLD_START]["replications"] if engine == "compiled" else FEWER_DAYS
    answered = cold_starts(days, engine)
    tolerance = BOUND * np.std(answered, ddof=1) / math.sqrt(days)
    assert np.mean(answered) == pytest.approx(expected["value"], rel=0, abs=tolerance)


@pytest.mark.parametrize("name", TRACES)
def test_trace(name: str, engine: str) -> None:
    assert script_played(name, engine) == script_expected(name)
