"""Our own closed forms on both engines, and the chance that correct engines fail the tests."""

from __future__ import annotations

import pytest

import ringsim as rs
from validation.closed_forms import DERIVED, call_waiting
from validation.figures import BOUND, Case, errors_off, family_wise
from validation.file_of_cases import PUBLISHED
from validation.lines import LINES
from validation.retrials import RETRIALS

FEWER_CALLS = 30_000  # of each case in SimPy


@pytest.mark.parametrize("case", DERIVED, ids=lambda case: case.name)
def test_simulation_agrees_with_what_was_derived(case: Case, engine: str) -> None:
    run = case.play(case.n_calls if engine == "compiled" else FEWER_CALLS, engine)
    for figure in case.figures:
        assert abs(errors_off(figure, run)) <= BOUND, (figure.name, figure.of(run))


def test_correct_engines_would_fail_by_chance_less_than_once_in_twenty_seeds() -> None:
    """All figures together: those of the file, our own, retrial queues and lines, both engines."""
    every = [*PUBLISHED, *DERIVED, *RETRIALS, *LINES]
    figures = [figure for case in every for figure in case.figures]
    assert 0 < family_wise(figures, n_engines=2) < 0.05


@pytest.mark.parametrize("n", [1, 2, 3, 10])
@pytest.mark.parametrize("load_per_member", [0.5, 1.0, 1.5])
def test_call_waiting_with_patience_alone_is_erlang_a(n: int, load_per_member: float) -> None:
    load = n * load_per_member
    theory = call_waiting(n, load / 60, 60, patience=40, ring_time=1200)
    expected = rs.erlang.answer_rate(n, load, handle_time=60, patience=40)
    assert theory["answer_rate"] == pytest.approx(expected, rel=1e-9)
