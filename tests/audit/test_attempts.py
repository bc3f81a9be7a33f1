"""Audit of callers who try again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from ringsim.audit import audit
from support.option_days import option_day
from support.profiles import PROFILE
from support.redials import EAGER, office

FRAMES = ("calls", "rings", "visits", "own_calls")
N_DAYS = max(PROFILE.equal_days // 16, 40)


def played() -> tuple[rs.Scenario, rs.Workload, dict[str, pd.DataFrame]]:
    scenario = office(EAGER)
    workload = rs.Workload.draw(scenario, seed=6)
    log = rs.play(scenario, workload)
    return scenario, workload, {name: getattr(log, name).copy() for name in FRAMES}


def test_logs_of_both_engines_pass() -> None:
    scenario, workload, _ = played()
    for engine in ("simpy", "compiled"):
        log = rs.play(scenario, workload, engine)
        assert log.calls["attempt"].max() > 4
        audit(scenario, log, workload).check()
        audit(scenario, log).check()
        audit(scenario, log, workload, tolerance=0.01).check()


def test_days_with_options_pass() -> None:
    for number in range(N_DAYS):
        scenario, workload = option_day(number, redials=True)
        try:
            log = rs.play(scenario, workload)
        except rs.ConfigurationError:  # somebody would wait for ever
            continue
        for given in (workload, None):
            found = audit(scenario, log, given)
            assert found.ok, (number, str(found))


def last_attempt(calls: pd.DataFrame) -> int:
    """Return the row of the last attempt."""
    return len(calls) - 1


def later(frames: dict[str, pd.DataFrame], row: int) -> None:
    """Let an attempt arrive a second later, with all that happens to it."""
    for name, columns in (
        ("calls", ["arrives_at"]),
        ("rings", ["started_at", "ended_at"]),
        ("visits", ["entered_at", "left_at"]),
    ):
        frames[name].loc[frames[name]["call"] == row, columns] += 1.0


def without(frames: dict[str, pd.DataFrame], row: int) -> None:
    """Remove the last call."""
    for name in ("calls", "rings", "visits"):
        frames[name] = frames[name][frames[name]["call"] != row]


def renumbered(frames: dict[str, pd.DataFrame], row: int) -> None:
    frames["calls"].loc[row, "attempt"] += 1


def of_another(frames: dict[str, pd.DataFrame], row: int) -> None:
    """Give an attempt to a caller whose call was answered."""
    calls = frames["calls"]
    answered = calls.index[(calls["outcome"] == "answered") & (calls["attempt"] == 1)][0]
    calls.loc[row, ["caller", "attempt"]] = [answered, 2]


def first_as_second(frames: dict[str, pd.DataFrame], row: int) -> None:
    frames["calls"].loc[0, "attempt"] = 2


def half(frames: dict[str, pd.DataFrame], row: int) -> None:
    frames["calls"] = frames["calls"].astype({"attempt": "float64"})
    frames["calls"].loc[row, "attempt"] = 1.5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (later, "arrives_at must be the workload's arrives_at"),
        (without, "and makes none"),
        (renumbered, "must be the next attempt of a caller"),
        (of_another, "as call .* was answered"),
        (first_as_second, "caller and attempt must be 0 and 1, got 0 and 2"),
        (half, "must be whole"),
    ],
)
def test_wrong_attempts_are_found(change: Callable[[Any, int], None], said: str) -> None:
    scenario, workload, frames = played()
    change(frames, last_attempt(frames["calls"]))
    found = audit(scenario, frames, workload)
    assert not found.ok
    assert any(pd.Series([str(one)]).str.contains(said).all() for one in found.violations)


def test_attempts_beyond_the_cap_are_found() -> None:
    _, _, frames = played()
    capped = office(EAGER.replace(max_attempts=3))
    found = audit(capped, frames, rs.Workload.draw(capped, seed=6))
    said = [str(one) for one in found.violations if "must not make attempt 4" in str(one)]
    assert said
    assert all("gives no delay after attempt 3" in one for one in said)


def test_a_log_without_the_columns_is_refused() -> None:
    scenario, workload, frames = played()
    frames["calls"] = frames["calls"].drop(columns="attempt")
    with pytest.raises(rs.ConfigurationError, match=r"log\.calls must have a column 'attempt'"):
        audit(scenario, frames, workload)


def test_a_log_without_some_callers_is_refused() -> None:
    scenario, workload, frames = played()
    few = {name: frames[name][frames[name]["call"] < 3] for name in ("calls", "rings", "visits")}
    found = audit(scenario, {**frames, **few}, workload)
    assert "callers, got 3 rows" in str(found.violations[0])
