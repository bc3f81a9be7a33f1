"""Callers who try again against the theory of retrial queues, on both engines."""

from __future__ import annotations

import pytest

from validation.figures import BOUND, Case, errors_off
from validation.retrials import RETRIALS, members, one_member

FEWER_CALLERS = 8_000  # of each case in SimPy


@pytest.mark.parametrize("case", RETRIALS, ids=lambda case: case.name)
def test_simulation_agrees_with_retrial_queues(case: Case, engine: str) -> None:
    run = case.play(case.n_calls if engine == "compiled" else FEWER_CALLERS, engine)
    for figure in case.figures:
        assert abs(errors_off(figure, run)) <= BOUND, (figure.name, figure.of(run))


@pytest.mark.parametrize(("rate", "talk", "delay"), [(1 / 120, 60, 90), (1 / 100, 70, 10)])
def test_chain_of_one_member_is_the_closed_form(rate: float, talk: float, delay: float) -> None:
    chain, closed = members(1, rate, talk, delay), one_member(rate, talk, delay)
    assert chain.pop("caller_answer_rate") == pytest.approx(1)
    assert chain == pytest.approx(closed)
