"""Random numbers and scripts of callers who try again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import ringsim as rs
from support.redials import EAGER, office

SCRIPT: dict[str, Any] = {"arrives_at": [0, 100], "talk_time": 30}


@pytest.mark.parametrize(
    ("given", "delays"),
    [
        (60, [[60, math.inf], [60, math.inf]]),
        ([60, math.inf], [[60, math.inf], [math.inf, math.inf]]),
        ([[60, 70], [math.inf, 5]], [[60, 70, math.inf], [math.inf, 5, math.inf]]),
    ],
)
def test_delays_by_hand(given: Any, delays: list[list[float]]) -> None:
    """There are as many later attempts as columns, if no delay is infinite."""
    script = rs.Workload(**SCRIPT, redial_delay=given)
    for call, row in enumerate(delays):
        assert [script.redial_delay(call, 1 + n) for n in range(len(row))] == row


def test_nobody_tries_again_by_default() -> None:
    script = rs.Workload(**SCRIPT)
    assert script.redials is None
    assert script.redial_delay(0) == math.inf


def test_a_script_without_calls() -> None:
    script = rs.Workload(arrives_at=[], talk_time=1, redial_delay=60)
    assert len(rs.play(office(), script).calls) == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"redial_delay": [1, 2, 3]}, "redial_delay must have one value"),
        ({"redial_delay": -1}, "redial_delay must be a number of seconds, at least 0, got -1.0"),
        ({"redial_delay": math.nan}, "redial_delay must be a number of seconds"),
        ({"redial_delay": 1, "redial_patience": -1}, "redial_patience must be a number of seconds"),
        ({"redial_delay": 1, "redial_after": "answered"}, "redial_after must be one of abandoned"),
        ({"redial_delay": 1, "redial_after": []}, "redial_after must be abandoned, overflowed"),
        ({"redial_patience": 1}, "redial_patience must not be given without redial_delay"),
        ({"redial_after": "abandoned"}, "redial_after must not be given without redial_delay"),
    ],
)
def test_invalid_scripts_are_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(rs.ConfigurationError) as refused:
        rs.Workload(**SCRIPT, **fields)
    assert sentence in str(refused.value)


def test_drawn_delays_have_the_probability_and_the_distribution() -> None:
    workload = rs.Workload.draw(office(EAGER, calls_per_hour=1000), seed=1)
    for attempt in (1, 2, 7):
        delays = np.array([workload.redial_delay(n, attempt) for n in range(len(workload))])
        finite = np.isfinite(delays)
        n = finite.sum()
        assert abs(finite.mean() - 0.8) < 4 * math.sqrt(0.16 / len(delays))
        assert abs(delays[finite].mean() - 100) < 4 * 100 / math.sqrt(n)
    first, second = (
        [workload.redial_delay(n, attempt) for n in range(len(workload))] for attempt in (1, 2)
    )
    both = np.isfinite(first) & np.isfinite(second)
    assert abs(np.corrcoef(np.array(first)[both], np.array(second)[both])[0, 1]) < 0.1


def test_redial_changes_no_other_number() -> None:
    """Instants, durations and answer delays of first attempts are those without redial."""
    plain, again = (rs.Workload.draw(one, seed=4) for one in (office(), office(EAGER)))
    for name in ("arrives_at", "talk_time", "wrap_up_time", "patience"):
        assert (getattr(plain, name) == getattr(again, name)).all()
    for call in range(len(plain)):
        assert plain.answer_delay(call, "201") == again.answer_delay(call, "201")


def test_attempts_have_answer_delays_of_their_own() -> None:
    workload = rs.Workload.draw(office(EAGER), seed=4)
    n = len(workload)
    callers = np.arange(n)
    attempts = [
        workload.with_attempts(callers, np.full(n, attempt), workload.arrives_at)
        for attempt in (1, 2, 3)
    ]
    answers = [
        [one.answer_delay(call, "201") for call in range(n)] for one in (workload, *attempts)
    ]
    assert answers[0] == answers[1]
    assert sum(a != b for a, b in zip(answers[1], answers[2], strict=True)) > n / 2
    assert sum(a != b for a, b in zip(answers[2], answers[3], strict=True)) > n / 2
    assert (attempts[0].patience == workload.patience).all()
    assert (attempts[1].patience != workload.patience).mean() > 0.9
    assert (attempts[1].talk_time == workload.talk_time).all()


def test_patience_is_that_of_the_first_attempt_unless_drawn_anew() -> None:
    scenario = office(EAGER.replace(patience_anew=False))
    calls = rs.play(scenario, rs.Workload.draw(scenario, seed=2)).calls
    assert calls["attempt"].max() > 3
    assert (calls["patience"] == calls["patience"][calls["caller"]].to_numpy()).all()
