"""Callers who try again: laws of attempts, on both engines."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import ringsim as rs
from ringsim import _log_arrays
from ringsim.engine import _compiled_options_attempts, _limits, batch_player, plan_of, run
from ringsim.scenario import changed
from ringsim.workload import Sampler, _redials
from support.option_days import option_day
from support.profiles import PROFILE
from support.redials import EAGER, office

FRAMES = ("calls", "rings", "visits", "own_calls", "pauses")
N_DAYS = max(PROFILE.equal_days // 8, 40)
ENGINES = ("simpy", "compiled")


def check_same(one: rs.CallLog, other: rs.CallLog, *, without: tuple[str, ...] = ()) -> None:
    for frame in FRAMES:
        kept = getattr(one, frame).drop(columns=list(without), errors="ignore")
        pd.testing.assert_frame_equal(kept, getattr(other, frame), check_exact=True)


def played(engine: str, scenario: rs.Scenario, workload: rs.Workload) -> rs.CallLog | str:
    """Return the log, or the sentence that refuses it."""
    try:
        return rs.play(scenario, workload, engine)
    except rs.ConfigurationError as refused:
        return str(refused)


def test_both_engines_play_the_same_attempts_whatever_the_options() -> None:
    """Days full of ties; attempts are also as if they were calls at given instants."""
    occurred: Counter[str] = Counter()
    for number in range(N_DAYS):
        scenario, workload = option_day(number, redials=True)
        logs = [played(engine, scenario, workload) for engine in ENGINES]
        if isinstance(logs[0], str) or isinstance(logs[1], str):
            assert logs[0] == logs[1], number
            continue
        check_same(*logs)
        calls = logs[0].calls
        check_attempts(calls, workload)
        expanded = workload.with_attempts(
            calls["caller"].to_numpy(), calls["attempt"].to_numpy(), calls["arrives_at"].to_numpy()
        )
        check_same(logs[0], rs.play(scenario, expanded, "simpy"), without=("caller", "attempt"))
        occurred.update({f"attempt {n}": 1 for n in set(calls["attempt"])})
        occurred["at one instant"] += (
            calls["arrives_at"].duplicated() & (calls["attempt"] > 1)
        ).any()
    assert min(occurred[f"attempt {n}"] for n in (2, 3, 4)) > N_DAYS / 20, occurred
    assert occurred["at one instant"] > N_DAYS / 20


def check_attempts(calls: pd.DataFrame, workload: rs.Workload) -> None:
    """Check each attempt: its caller, number and instant, and that it follows no answer."""
    n = len(workload)
    assert calls["caller"][:n].tolist() == list(range(n))
    assert (calls["attempt"][:n] == 1).all()
    last: dict[int, Any] = {}
    for row in calls.itertuples():
        if row.attempt == 1:
            last[row.caller] = row
            continue
        before = last[row.caller]
        assert row.attempt == before.attempt + 1
        delay = workload.redial_delay(row.caller, before.attempt)
        assert row.arrives_at == pytest.approx(before.arrives_at + before.wait + delay, abs=1e-9)
        assert before.outcome in followed(workload)
        assert (row.group, row.wrap_up_time) == (before.group, before.wrap_up_time)
        last[row.caller] = row
    for caller, row in last.items():
        delay = workload.redial_delay(caller, row.attempt)
        assert row.outcome not in followed(workload) or delay == math.inf


def followed(workload: rs.Workload) -> set[str]:
    """Return the outcomes that another attempt may follow."""
    assert workload.redials is not None
    outcomes = np.array(["answered", "abandoned", "overflowed"])
    return set(outcomes[workload.redials.is_followed[0]].tolist())


@pytest.mark.parametrize("engine", ENGINES)
def test_a_caller_tries_again_by_hand(engine: str) -> None:
    """A 0-20 unanswered, again 100 s after it ended, again 50 s later; then they give up."""
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    script = rs.Workload(
        arrives_at=[0, 7], talk_time=30, redial_delay=[[100, 50], [math.inf, 1]], patience=60
    )
    calls = rs.play(scenario, script, engine).calls
    assert calls["arrives_at"].tolist() == [0, 7, 120, 190]
    assert calls["caller"].tolist() == [0, 1, 0, 0]
    assert calls["attempt"].tolist() == [1, 1, 2, 3]
    assert (calls["outcome"] == "overflowed").all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("after", "attempts"), [("abandoned", [1, 2, 1]), ("overflowed", [1, 1, 2])]
)
def test_only_some_outcomes_are_followed(engine: str, after: str, attempts: list[int]) -> None:
    """Call 0 is answered, 1 abandoned, 2 overflowed; a later attempt may have a new patience."""
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    script = rs.Workload(
        arrives_at=[0, 1000, 2000],
        talk_time=30,
        patience=[math.inf, 5, math.inf],
        answer_delay={"201": [2, math.inf, math.inf]},
        redial_delay=40,
        redial_after=after,
        redial_patience=3,
    )
    calls = rs.play(scenario, script, engine).calls
    assert calls.groupby("caller")["attempt"].max().tolist() == attempts
    assert calls["patience"].tolist()[3] == 3
    assert calls["wait"].tolist()[3] == 3


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "redial",
    [
        rs.Redial(probability=0, delay=10),
        rs.Redial(probability=1, delay=10, max_attempts=1),
    ],
    ids=["probability 0", "one attempt"],
)
def test_redial_that_never_happens_is_no_redial(engine: str, redial: rs.Redial) -> None:
    without, with_it = (
        rs.play(scenario, rs.Workload.draw(scenario, seed=5), engine)
        for scenario in (office(), office(redial))
    )
    check_same(without, with_it)
    assert "attempt" not in with_it.calls


@pytest.mark.parametrize("cap", [2, 3])
def test_nobody_tries_more_often_than_the_cap(cap: int) -> None:
    scenario = office(rs.Redial(probability=1, delay=60, max_attempts=cap))
    calls = rs.play(scenario, rs.Workload.draw(scenario, seed=2)).calls
    of_caller = calls.groupby("caller")
    assert of_caller["attempt"].max().max() == cap
    assert (of_caller["attempt"].max() == of_caller.size()).all()
    last = calls.loc[of_caller["attempt"].idxmax()]
    assert ((last["outcome"] == "answered") | (last["attempt"] == cap)).all()


def test_variants_meet_callers_who_redial_alike() -> None:
    """Who is unanswered in both variants tries again after the same time with the same patience."""
    scenario = office(EAGER)
    workload = rs.Workload.draw(scenario, seed=3)
    other = rs.Scenario(
        groups=[scenario.group("600").replace(ring_time=8)],
        extensions=scenario.extensions,
        demand=scenario.demand,
        hours=scenario.hours,
    )
    again = rs.Workload.draw(other, seed=3)
    logs = [rs.play(one, drawn).calls for one, drawn in ((scenario, workload), (other, again))]
    seen = [
        {(row.caller, row.attempt): (row.patience, row.talk_time) for row in calls.itertuples()}
        for calls in logs
    ]
    shared = seen[0].keys() & seen[1].keys()
    assert len([key for key in shared if key[1] > 2]) > 20
    assert all(seen[0][key][0] == seen[1][key][0] for key in shared)
    for key in shared:
        assert workload.redial_delay(*key) == again.redial_delay(*key)


def test_a_longer_day_keeps_the_attempts_of_earlier_callers() -> None:
    scenario = office(EAGER)
    workload, longer = (rs.Workload.draw(scenario.replace(hours=hours), seed=3) for hours in (2, 3))
    for caller in range(len(workload)):
        for attempt in (1, 2, 5):
            assert workload.redial_delay(caller, attempt) == longer.redial_delay(caller, attempt)


@pytest.mark.parametrize("engine", ENGINES)
def test_results_do_not_depend_on_the_batch(engine: str) -> None:
    """Replications in one batch are those played one by one, with all their attempts."""
    scenario = office(EAGER)
    plan = plan_of(scenario, None)
    batch, borders = batch_player(plan)(Sampler(scenario).draw(7, range(4)))
    for replication in range(4):
        alone = run(plan, rs.Workload.draw(scenario, 7, replication), engine)
        for name, one, table in (
            ("calls", alone.calls, batch.calls),
            ("attempts", alone.attempts, batch.attempts),
        ):
            first, last = borders.calls[replication : replication + 2]
            for column, values in vars(one).items():
                assert (vars(table)[column][first:last] == values)[values == values].all(), name
        first, last = borders.rings[replication : replication + 2]
        order = np.argsort(batch.rings.call[first:last], kind="stable")
        calls = batch.rings.call[first:last][order] - borders.calls[replication]
        assert (calls == alone.rings.call).all()
        assert (batch.rings.started_at[first:last][order] == alone.rings.started_at).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_lines_and_pauses_among_attempts_do_not_depend_on_the_batch(engine: str) -> None:
    rules = {"wait_in_line": True, "max_wait_time": 60, "auto_pause_after": 1}
    scenario = changed(office(EAGER), {"groups.600.rules": {**rules, "auto_pause_time": 60}})
    plan = plan_of(scenario, None)
    batch, borders = batch_player(plan)(Sampler(scenario).draw(7, range(4)))
    for replication in range(4):
        alone = run(plan, rs.Workload.draw(scenario, 7, replication), engine)
        assert alone.lines
        assert alone.pauses
        assert batch.lines
        assert batch.pauses
        assert (alone.lines.line_length > 0).any()
        assert len(alone.pauses)
        first, last = borders.visits[replication : replication + 2]
        order = np.argsort(batch.visits.call[first:last], kind="stable")
        for name, values in vars(alone.lines).items():
            together = vars(batch.lines)[name][first:last][order]
            np.testing.assert_array_equal(together, values, name)
        first, last = batch.pauses.first[replication : replication + 2]
        for name in ("extension", "group", "started_at", "ended_at"):
            together = vars(batch.pauses)[name][first:last]
            np.testing.assert_array_equal(together, vars(alone.pauses)[name], name)


def test_tables_of_attempts_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_compiled_options_attempts, "FEWEST_ATTEMPTS", 1)
    scenario = office(rs.Redial(probability=0.98, delay=20))
    workload = rs.Workload.draw(scenario, seed=1)
    logs = [rs.play(scenario, workload, engine) for engine in ENGINES]
    check_same(*logs)
    assert len(logs[0].calls) > 4 * len(workload)


@pytest.mark.parametrize("engine", ENGINES)
def test_callers_who_try_for_ever_are_refused(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody ever answers, and everybody always tries again, at once."""
    monkeypatch.setattr(_limits, "MOST_ATTEMPTS_OF_ONE", 0)
    monkeypatch.setattr(_limits, "MOST_ATTEMPTS_BESIDE", 500)
    scenario = office(rs.Redial(probability=1, delay=0, after="overflowed"), patience=math.inf)
    nobody = scenario.replace(
        extensions=[rs.Extension(number, on_duty=[]) for number in ("201", "202")]
    )
    workload = rs.Workload.draw(nobody, seed=1)
    with pytest.raises(rs.ConfigurationError, match=r"at most 500 in .* Give redial.max_a"):
        rs.play(nobody, workload, engine)


def test_the_limit_of_attempts_holds_for_tables_with_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limits, "MOST_ATTEMPTS_OF_ONE", 0)
    monkeypatch.setattr(_limits, "MOST_ATTEMPTS_BESIDE", 5)
    scenario = office(rs.Redial(probability=0.5, delay=60))
    workload = rs.Workload.draw(scenario, seed=1)
    for engine in ENGINES:
        with pytest.raises(rs.ConfigurationError, match="must be at most 5 in a replication"):
            rs.play(scenario, workload, engine)


def test_delays_without_a_table_are_laid_out() -> None:
    """The binomial's inverse has steps: no table; those of later attempts are laid out, too."""
    redial = rs.Redial(probability=0.9, delay=stats.binom(100, 0.5), patience_anew=True)
    scenario = office(redial, patience=stats.poisson(20))
    workload = rs.Workload.draw(scenario, seed=4)
    logs = [rs.play(scenario, workload, engine) for engine in ENGINES]
    check_same(*logs)
    assert logs[0].calls["attempt"].max() > 4
    table = rs.simulate(scenario, replications=3, seed=4, engine="compiled")
    other = rs.simulate(scenario, replications=3, seed=4, engine="simpy")
    pd.testing.assert_frame_equal(table.summary(), other.summary(), check_exact=True)


def test_slow_answer_delays_are_refused_where_callers_try_again() -> None:
    scenario = office(EAGER).replace(
        extensions=[rs.Extension("201", answer_delay=stats.poisson(9))]
    )
    workload = rs.Workload.draw(scenario, seed=1)
    expected = "201.answer_delay must have an inverse that is fast where callers try again"
    with pytest.raises(rs.ConfigurationError, match=expected):
        rs.play(scenario, workload, "compiled")
    assert rs.play(scenario, workload, "simpy").calls["attempt"].max() > 2


def test_outcomes_of_workloads_have_the_codes_of_logs() -> None:
    assert _redials.OUTCOMES == _log_arrays.OUTCOMES


def test_callers_of_each_group_have_their_own_habits() -> None:
    """Only those of 601 try again, and only those who overflowed."""
    scenario = rs.Scenario(
        groups=[
            {"extension_number": "600", "members": ["201"], "ring_time": 10},
            {"extension_number": "601", "members": ["201"], "ring_time": 10},
        ],
        demand={
            "600": rs.Demand(calls_per_hour=40, talk_time=100),
            "601": rs.Demand(
                calls_per_hour=40,
                talk_time=100,
                redial=rs.Redial(probability=1, delay=30, max_attempts=4),
            ),
        },
        hours=2,
    )
    workload = rs.Workload.draw(scenario, seed=1)
    logs = [rs.play(scenario, workload, engine) for engine in ENGINES]
    check_same(*logs)
    calls = logs[0].calls
    assert set(calls[calls["attempt"] > 1]["group"]) == {"601"}
    assert calls["attempt"].max() == 4
