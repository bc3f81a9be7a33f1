"""Tests of Erlang's formulas by exact arithmetic and by the equations that define them.

The exact figures come from fractions and from decimals of 320 digits (`erlang_exact`), the others
from the generator of the Markov chain: its stationary vector, and the path of one caller.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm

from ringsim import erlang
from support import erlang_exact
from support.effort import lines_run

EXACT = 1e-12  # relative, even for tiny probabilities
TINIEST = 1e-280  # below it, intermediate results may have fewer than 53 bits


def near(value: Any, tolerance: float = EXACT) -> Any:
    return pytest.approx(value, rel=tolerance, abs=TINIEST)


def figures(n: int, load: float, patience: float, places: float, within: float) -> dict[str, float]:
    """Return all figures of a queue, in units of the handle time."""
    line = {"handle_time": 1.0, "patience": patience, "places": places}
    return {
        "waiting": erlang.waiting(n, load, **line),
        "overflow_rate": erlang.overflow_rate(n, load, **line),
        "answer_rate": erlang.answer_rate(n, load, **line),
        "abandonment_rate": erlang.abandonment_rate(n, load, **line),
        "mean_wait": erlang.mean_wait(n, load, **line),
        "mean_speed_of_answer": erlang.mean_speed_of_answer(n, load, **line),
        "service_level": erlang.service_level(n, load, within=within, **line),
    }


# Nobody waits


@pytest.mark.parametrize(
    ("n", "load"),
    [
        (0, 3),
        (1, 1e-9),
        (1, 1e9),
        (7, 0.01),
        (200, 5),
        (300, 299.5),
        (1000, 500),
        (10_000, 8_000),
        (10_000, 9_900),
        (10_000, 10_000),
        (10_000, 15_000),
        (10_000, 1e7),
    ],
)
def test_blocking(n: int, load: float) -> None:
    with localcontext() as context:
        context.prec = 50
        exact = erlang_exact.lost(n, Decimal(load))
    assert erlang.blocking(n, load) == near(float(exact))


def test_blocking_below_the_reach_of_floats_is_0() -> None:
    assert erlang.blocking(10_000, 100) == 0


@given(st.integers(0, 60), st.floats(1e-3, 1e3))
def test_blocking_of_any_load(n: int, load: float) -> None:
    assert erlang.blocking(n, load) == near(float(erlang_exact.lost(n, Fraction(load))))


@given(st.integers(0, 40), st.floats(1e-3, 1e4))
@example(40, 1e12)
def test_ordered_loads(n: int, load: float) -> None:
    exact = [float(carried) for carried in erlang_exact.ordered(n, Fraction(load))]
    assert erlang.ordered_loads(n, load).tolist() == near(exact)


@pytest.mark.parametrize("load", [8_000, 9_900, 20_000, 1e12])
def test_ordered_loads_of_ten_thousand_members(load: float) -> None:
    with localcontext() as context:
        context.prec = 50
        exact = [float(carried) for carried in erlang_exact.ordered(10_000, Decimal(load))]
    assert np.max(np.abs(erlang.ordered_loads(10_000, load) / exact - 1)) < EXACT


# Callers wait

LOADS = st.one_of(st.floats(0.01, 3), st.floats(0.9, 1.1))  # per member


@st.composite
def lines(draw: st.DrawFn) -> tuple[int, float, float, float, float]:
    """Members, load, patience, places and a threshold, in handle times."""
    n = draw(st.integers(1, 60))
    places = draw(st.one_of(st.just(math.inf), st.integers(n, n + 80)))
    patience = draw(st.floats(-3, 2 if places == math.inf else 11)) if draw(st.booleans()) else 1
    within = draw(st.one_of(st.just(0.0), st.floats(1e-3, 3), st.floats(1e-3, 3 / n)))
    return n, n * draw(LOADS), float(10**patience), places, within


@settings(max_examples=150)
@given(lines())
@example((28, 24.0, 1.25, 80, 1 / 12))
@example((4, 5.0, 1e9, 34, 8.0))  # whole parameters of the beta function, one of them huge
@example((1, 100.0, 1e-3, math.inf, 0.01))  # callers give up long before anybody is answered
@example((60, 2.0, 0.5, math.inf, 0.1))  # hardly anybody waits
@example((20, 190.0, 1.0, math.inf, 0.0))  # hardly anybody is answered at once
def test_line(line: tuple[int, float, float, float, float]) -> None:
    assert figures(*line) == near(erlang_exact.line(*line))


@pytest.mark.parametrize("places", [10_000, 10_200, math.inf])
@pytest.mark.parametrize("load", [9_900, 10_000, 11_000])
def test_line_of_ten_thousand_members(load: float, places: float) -> None:
    line = (10_000, load, 0.3, places, 0.01)
    assert figures(*line) == near(erlang_exact.line(*line))


@pytest.mark.parametrize(
    "line",
    [
        (1, 0.5, math.inf, math.inf, 0.5),
        (30, 29.9, math.inf, 3000, 0.5),
        (30, 29.0, math.inf, math.inf, 0.5),
        (150, 5.0, math.inf, math.inf, 0.5),
        (10, 25.0, math.inf, 200, 12.0),
        (10, 8.0, math.inf, 10, 0.5),
    ],
)
def test_line_of_patient_callers(line: tuple[int, float, float, float, float]) -> None:
    assert figures(*line) == near(erlang_exact.line(*line))


@pytest.mark.parametrize("patience", [1e3, 1e6, 1e9, 1e12])
@pytest.mark.parametrize("n", [1, 20, 1000])
def test_line_of_callers_of_long_patience_who_bring_just_what_members_can_do(
    n: int, patience: float
) -> None:
    """Waiting callers weigh T times as much as callers who find n calls. With y = n patience,

    T = y! (e / y)^y / 2 + 1/3 + 4 / (135 y) + O(y^-2), by which Ramanujan split the exponential
    series in the middle (Question 294, Journal of the Indian Mathematical Society 3, 1911).
    """
    y = n * patience
    half = math.sqrt(math.pi * y / 2) * math.exp(1 / (12 * y) - 1 / (360 * y**3))
    waits = half + 1 / 3 + 4 / (135 * y)
    blocked = erlang.blocking(n, n)
    expected = waits / (waits + (1 - blocked) / blocked)
    tolerance = EXACT + y**-2.5
    assert erlang.waiting(n, n, handle_time=1, patience=patience) == near(expected, tolerance)


# The equations


def by_linear_algebra(
    n: int, load: float, patience: float, places: int, within: float
) -> dict[str, float]:
    """Return the stationary vector of the chain, and the path of one caller through the queue."""
    r = 1 / patience
    born = np.full(places, load)
    died = [min(k, n) + max(k - n, 0) * r for k in range(1, places + 1)]
    generator = np.diag(born, 1) + np.diag(died, -1)
    generator -= np.diag(generator.sum(axis=1))
    equations = np.vstack([generator.T, np.ones(places + 1)])
    state = np.linalg.lstsq(equations, np.append(np.zeros(places + 1), 1), rcond=None)[0]
    at_once, met, full = state[:n].sum(), state[n:-1], state[-1]

    # Position 0 is the head of the line; the last two states are answered and given up.
    m = len(met)
    moves = np.zeros((m + 2, m + 2))
    for ahead in range(m):
        moves[ahead, ahead - 1 if ahead else m] = n + ahead * r
        moves[ahead, m + 1] = r
    moves -= np.diag(moves.sum(axis=1))
    in_line, answers = moves[:m, :m], moves[:m, m]
    answered = met @ np.linalg.solve(-in_line, answers)
    waits = met @ np.linalg.solve(-in_line, np.ones(m))
    answered_waits = met @ np.linalg.solve(-in_line, np.linalg.solve(-in_line, answers))
    fate: NDArray[np.float64] = expm(moves * within)
    return {
        "waiting": met.sum(),
        "overflow_rate": full,
        "answer_rate": at_once + answered,
        "abandonment_rate": r * waits,
        "mean_wait": waits,
        "mean_speed_of_answer": answered_waits / (at_once + answered),
        "service_level": at_once + met @ fate[:m, m],
    }


@pytest.mark.parametrize(
    "line",
    [
        (1, 0.7, 0.5, 4, 0.3),
        (3, 2.0, 1 / 3, 20, 1 / 9),
        (5, 9.0, 2.0, 30, 0.5),
        (10, 8.0, 40.0, 25, 0.2),
        (28, 24.0, 1.25, 60, 1 / 12),
    ],
)
def test_line_solves_the_equations_of_its_chain(
    line: tuple[int, float, float, int, float],
) -> None:
    """The tolerance allows for the generator's condition number, of the order of 1e6."""
    assert figures(*line) == pytest.approx(by_linear_algebra(*line), rel=1e-9, abs=1e-12)


# Speed

LINE = {"handle_time": 180.0, "patience": 60.0}


@pytest.mark.parametrize(
    "call",
    [
        lambda: erlang.blocking(10_000, 9_900),
        lambda: erlang.blocking(10_000, 9_900, recall=0.5),
        lambda: erlang.load_for_blocking(10_000, 0.01),
        lambda: erlang.members_for_blocking(9_900, 0.01),
        lambda: erlang.ordered_loads(10_000, 9_900),
        lambda: erlang.service_level(10_000, 9_900, handle_time=180),
        lambda: erlang.members_for_service_level(9_900, 0.8, handle_time=180),
        lambda: erlang.service_level(10_000, 9_900, **LINE),
        lambda: erlang.mean_speed_of_answer(10_000, 11_000, **LINE),
        lambda: erlang.service_level(10_000, 9_900, **LINE, places=15_000),
    ],
)
def test_ten_thousand_members_take_few_lines_for_each(call: Callable[[], object]) -> None:
    call()  # imports what it needs
    assert lines_run(call) < 10 * 10_000
