"""The record of callers who try again."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim.scenario import changed
from support.redials import EAGER, office


def test_defaults() -> None:
    redial = rs.Redial(probability=0.5, delay=60)
    assert redial.max_attempts == math.inf
    assert redial.after == ("abandoned", "overflowed")
    assert not redial.patience_anew
    assert rs.Demand(calls_per_hour=1, talk_time=1).redial is None


@pytest.mark.parametrize("given", ["overflowed", ["overflowed"], ("overflowed",)])
def test_outcomes_are_one_text_or_a_list(given: Any) -> None:
    assert rs.Redial(probability=1, delay=1, after=given).after == ("overflowed",)


def test_order_and_repetition_of_outcomes_do_not_matter() -> None:
    both = rs.Redial(probability=1, delay=1, after=["overflowed", "abandoned", "overflowed"])
    assert both == rs.Redial(probability=1, delay=1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"probability": 1.5}, "probability must be between 0 and 1, got 1.5"),
        ({"probability": "often"}, "probability must be between 0 and 1, got 'often'"),
        ({"delay": -1}, "delay must be"),
        ({"max_attempts": 0}, 'max_attempts must be a whole number from 1 to 1,000,000, or "inf"'),
        ({"max_attempts": 2.5}, "max_attempts must be a whole number"),
        ({"max_attempts": True}, "max_attempts must be a whole number"),
        ({"max_attempts": "many"}, "max_attempts must be a whole number"),
        ({"after": []}, "after must be abandoned, overflowed, or a list of both"),
        ({"after": 3}, "after must be abandoned, overflowed, or a list of both"),
        ({"after": "overflow"}, "Did you mean 'overflowed'?"),
        ({"after": ["answered"]}, "after must be one of abandoned, overflowed, got 'answered'"),
        ({"delays": 3}, "Did you mean 'delay'?"),
    ],
)
def test_invalid_fields_are_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(rs.ConfigurationError) as refused:
        rs.Redial(**{"probability": 0.5, "delay": 60, **fields})
    assert sentence in str(refused.value)


def test_errors_name_the_path() -> None:
    demand = {"calls_per_hour": 1, "talk_time": 1, "redial": {"probability": 2, "delay": 1}}
    with pytest.raises(rs.ConfigurationError, match=r"^demand\.600\.redial\.probability must be"):
        rs.Scenario(groups=[{"extension_number": "600"}], demand={"600": demand})


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_a_scenario_survives_its_file(tmp_path: Path, suffix: str) -> None:
    redial = rs.Redial(probability=0.5, delay={"mean": 9, "cv": 2}, after="abandoned")
    scenario = office(redial)
    path = tmp_path / f"office{suffix}"
    scenario.dump(path)
    assert rs.Scenario.load(path) == scenario


def test_settings_have_paths() -> None:
    eager = changed(office(EAGER), {"demand.600.redial.probability": 0.1})
    assert eager.demand["600"].redial == EAGER.replace(probability=0.1)
    made = changed(office(), {"demand.600.redial.probability": 0.1, "demand.600.redial.delay": 30})
    assert made.demand["600"].redial == rs.Redial(probability=0.1, delay=30)
    with pytest.raises(rs.ConfigurationError, match="Did you mean"):
        changed(office(), {"demand.600.redial.delai": 30})


@pytest.mark.parametrize(
    ("redial", "happens"),
    [
        (None, False),
        (rs.Redial(probability=0, delay=1), False),
        (rs.Redial(probability=1, delay=1, max_attempts=1), False),
        (rs.Redial(probability=0.01, delay=1), True),
    ],
)
def test_whether_anybody_may_try_again(redial: rs.Redial | None, happens: bool) -> None:
    assert office(redial).redials is happens


def test_scaled_demand_keeps_its_redial() -> None:
    assert office(EAGER).demand["600"].scaled(2).redial == EAGER
