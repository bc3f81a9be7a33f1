"""Tests of the choice of metrics that a comparison or a sweep shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ringsim.metrics import DEFAULT_METRICS, METRICS, checked_metrics
from support.helpers import refusal


def test_without_a_choice_there_are_known_defaults() -> None:
    assert checked_metrics(None) == DEFAULT_METRICS
    assert set(DEFAULT_METRICS) <= set(METRICS)
    assert (len(DEFAULT_METRICS), DEFAULT_METRICS[0]) == (8, "offered")


@pytest.mark.parametrize("given", [["answer_rate"], ("wait_p90", "offered")])
def test_a_choice_keeps_its_order(given: Sequence[str]) -> None:
    assert checked_metrics(given) == tuple(given)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            "answer_rate",
            "metrics must be a list of metrics, got 'answer_rate'. "
            'Write metrics=["service_level"].',
        ),
        ([], "metrics must be a list of metrics, got []."),
        (5, "metrics must be a list of metrics, got 5."),
        (["offered", "offered"], "metrics[1] must not be asked for twice, got 'offered'."),
    ],
)
def test_no_other_choice_is_taken(given: Any, sentence: str) -> None:
    assert refusal(lambda: checked_metrics(given)) == sentence


def test_a_misspelt_metric_gets_a_hint() -> None:
    said = refusal(lambda: checked_metrics(["offered", "anwser_rate"]))
    assert said.startswith("metrics[1] must be one of offered, ")
    assert said.endswith("Did you mean 'answer_rate'?")
