"""Tests that both engines give the same log, float for float."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim._jit import INTERPRETED
from ringsim._log_arrays import Borders, LogArrays
from ringsim.dispatch import ALL, SORT_FIELDS, TIED, Dispatcher, Hunt, Moment
from ringsim.engine import (
    _compiled,
    _compiled_player,
    _compiled_tables,
    _limits,
    batch_player,
    plan_of,
    run,
)
from ringsim.workload import Batch, Sampler
from support.happenings import EVERYTHING, happenings
from support.hard_days import Day, days
from support.helpers import n_compilations
from support.profiles import PROFILE

FRAMES = ("calls", "rings", "visits", "own_calls")


def equal_log(scenario: rs.Scenario, workload: rs.Workload, dispatcher: Any = None) -> rs.CallLog:
    """Return the log, after checking that all columns of both engines' frames are identical."""
    reference = rs.play(scenario, workload, "simpy", dispatcher=dispatcher)
    compiled = rs.play(scenario, workload, "compiled", dispatcher=dispatcher)
    for name in FRAMES:
        one, other = getattr(compiled, name), getattr(reference, name)
        pd.testing.assert_frame_equal(one, other, check_exact=True, obj=name)
        for column in one.select_dtypes("float64"):  # pandas takes -0.0 for 0.0
            assert one[column].to_numpy().tobytes() == other[column].to_numpy().tobytes()
    return reference


@pytest.mark.long
def test_days_full_of_trouble() -> None:
    """Both engines give the same log, and every kind of event occurs in the generated days.

    Over the days compared, each event, and each pair of kinds of event at one instant, occurs
    in at least one day in a hundred.
    """
    met: Counter[str] = Counter()

    @settings(max_examples=PROFILE.equal_days, derandomize=True, database=None)
    @given(days)
    def play(day: Day) -> None:
        note(day)
        met.update(happenings(day, equal_log(day.scenario, day.workload, day.dispatchers)))

    play()
    assert set(met) <= EVERYTHING
    assert {what: met[what] for what in EVERYTHING if met[what] < PROFILE.least_days} == {}


DELAYS = [
    stats.gamma(2, scale=3),
    stats.expon(scale=10),
    rs.lognormal(mean=8, cv=1),
    4,
    "inf",
    rs.Empirical([2, 4, 4, 9]),  # the rest have no table
    stats.poisson(6),
    stats.triang(0.3, scale=20),
]


@st.composite
def drawn_scenarios(draw: st.DrawFn) -> rs.Scenario:
    """Draw two groups, one overflowing into the other or repeating, with various people."""
    people = [str(201 + place) for place in range(6)]
    strategies = st.sampled_from(list(rs.RingStrategy))
    members = st.lists(st.sampled_from(people), max_size=5, unique=True)
    actions = [
        {"action": "FORWARD_TO_NUMBER", "number": "601"},
        {"action": "REPEAT"},
        {"action": "HANGUP"},
    ]
    groups = [
        {
            "extension_number": number,
            "ring_strategy": draw(strategies),
            "members": draw(members),
            "ring_time": draw(st.sampled_from([5, 12.5])),
            "no_answer_forward_rule": draw(st.sampled_from(actions)),
            "max_repeats": draw(st.integers(0, 7)),
        }
        for number in ("600", "601")
    ]
    demand = rs.Demand(
        calls_per_hour=draw(st.sampled_from([30, 90])),
        talk_time=rs.lognormal(mean=60, cv=1),
        wrap_up_time=stats.uniform(0, 20),
        patience=draw(st.sampled_from([stats.expon(scale=30), "inf"])),
    )
    extensions = [
        rs.Extension(
            number,
            answer_delay=draw(st.sampled_from(DELAYS)),
            answer_probability=draw(st.sampled_from([0, 0.5, 1])),
            own_calls=draw(st.sampled_from([None, rs.Demand(calls_per_hour=20, talk_time=30)])),
        )
        for number in people
    ]
    demands = {"600": demand, "601": demand} if draw(st.booleans()) else {"600": demand}
    return rs.Scenario(groups=groups, demand=demands, extensions=extensions, hours=0.5)


@settings(max_examples=PROFILE.equal_workloads)
@given(drawn_scenarios(), st.integers(0, 99))
def test_drawn_workloads(scenario: rs.Scenario, seed: int) -> None:
    """The engines evaluate answer delays in different ways, with the same results."""
    equal_log(scenario, rs.Workload.draw(scenario, seed))


@pytest.mark.parametrize("at_once", [1, 2, 3, ALL, TIED])
@pytest.mark.parametrize("field", [*SORT_FIELDS, *(f"-{name}" for name in SORT_FIELDS)])
def test_every_ordering(field: str, at_once: Any) -> None:
    """Orderings by each field, ascending and descending, with each choice of `at_once`."""
    ordering = type("Ordering", (Hunt,), {"order_by": (field,), "at_once": at_once})
    group = {
        "extension_number": "600",
        "ring_time": 8,
        "members": [
            {"extension_number": str(201 + k), "skill_level": 3 - k // 2} for k in range(5)
        ],
    }
    demand = {"600": rs.Demand(calls_per_hour=150, talk_time=rs.lognormal(mean=60, cv=1))}
    scenario = rs.Scenario(groups=[group], demand=demand, hours=0.5)
    equal_log(scenario, rs.Workload.draw(scenario), ordering)


def test_many_callers_and_rings_at_once() -> None:
    """More rows than the initial tables of the loop have."""
    group = {
        "extension_number": "600",
        "members": [str(201 + place) for place in range(30)],
        "ring_strategy": "RING_SIMULTANEOUSLY",
        "skip_busy_member": False,
        "no_answer_forward_rule": {"action": "REPEAT"},
    }
    scenario = rs.Scenario(groups=[group])
    equal_log(scenario, rs.Workload(arrives_at=np.arange(400) * 0.1, talk_time=1))


def test_more_rings_of_one_phone_than_are_laid_out() -> None:
    """Delays of a distribution without a table are evaluated beforehand, for few rings."""
    group = {
        "extension_number": "600",
        "members": ["201"],
        "ring_time": 1,
        "no_answer_forward_rule": {"action": "REPEAT"},
        "max_repeats": 20,
    }
    counts = rs.Extension("201", answer_delay=stats.poisson(20))
    demand = {"600": rs.Demand(calls_per_hour=20, talk_time=30)}
    scenario = rs.Scenario(groups=[group], demand=demand, extensions=[counts], hours=1)
    assert equal_log(scenario, rs.Workload.draw(scenario)).calls["n_rings"].max() == 21


@pytest.mark.parametrize("strategy", ["RING_SIMULTANEOUSLY", "PRIORITIZED_HUNT"])
def test_phones_draw_anew_at_each_ring_of_a_call(strategy: str) -> None:
    repeats = {"action": "REPEAT"}
    team = rs.RingGroup(
        extension_number="600",
        ring_strategy=strategy,
        ring_time=5,
        members=["201", "202", "203"],
        no_answer_forward_rule=repeats,
        max_repeats=9,
    )
    demand = rs.Demand(calls_per_hour=20, talk_time=90)
    scenario = rs.Scenario(groups=[team], demand={"600": demand}, hours=1)
    log = equal_log(scenario, rs.Workload.draw(scenario, seed=1))
    rung = log.rings.groupby(["call", "member"])["result"].agg(list)
    assert any("ring_no_answer" in results[:-1] and "answered" in results for results in rung)


def test_many_visits() -> None:
    """Many rings per call: more than the initial tables have room for."""
    rule = {"action": "FORWARD_TO_NUMBER"}
    numbers = [str(600 + place) for place in range(10)]
    groups = [
        {
            "extension_number": number,
            "members": ["201"],
            "ring_time": 1,
            "no_answer_forward_rule": {**rule, "number": following},
        }
        for number, following in zip(numbers, [*numbers[1:], "999"], strict=True)
    ]
    calls = rs.Workload(arrives_at=np.arange(300) * 0.1, talk_time=1, group=numbers[0])
    assert len(equal_log(rs.Scenario(groups=groups), calls).visits) == 10 * 300


def test_nothing_to_play() -> None:
    nobody = rs.Scenario(groups=[])
    equal_log(nobody, rs.Workload(arrives_at=[], talk_time=1))
    equal_log(nobody, rs.Workload.draw(nobody))


class Own(Dispatcher):
    """A dispatcher that picks the last candidate, which no ordering can express."""

    def wave(self, candidates: Any, moment: Moment) -> Any:  # noqa: ARG002
        return candidates[-1:]


class OwnKey(Hunt):
    """A hunt from the last member to the first, by a key of its own."""

    @property
    def key(self) -> Any:
        """Sort key, as a function of a candidate."""
        return lambda candidate: (-candidate.position,)


def test_a_wave_set_on_an_instance_is_played_by_every_engine() -> None:
    """A `wave` set on an instance counts: "auto" chooses SimPy, and compiled code refuses it."""
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201", "202"]}])
    script = rs.Workload(arrives_at=[0], talk_time=1, answer_delay={"202": 3})
    patched = Hunt()
    patched.wave = lambda candidates, moment: candidates[-1:]  # type: ignore[method-assign]
    assert not patched.is_ordering
    for engine in ("simpy", "auto"):
        rings = rs.play(scenario, script, engine, dispatcher=patched).rings
        assert rings["member"].tolist() == ["202"]
    with pytest.raises(rs.ConfigurationError, match=r"cannot run Hunt: it overrides wave\(\) or"):
        rs.play(scenario, script, "compiled", dispatcher=patched)


def test_compiled_engine_says_that_it_cannot_run_a_wave_or_a_key_of_ones_own() -> None:
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201", "202"]}])
    script = rs.Workload(arrives_at=[0], talk_time=1, answer_delay={"202": 3})
    for own in (Own, OwnKey):
        sentence = (
            f"engine='compiled' cannot run {own.__name__}: it overrides wave() or key. "
            "Use engine='simpy'."
        )
        with pytest.raises(rs.ConfigurationError, match=re.escape(sentence)):
            rs.play(scenario, script, "compiled", dispatcher=own)
        for engine in ("auto", "simpy"):
            log = rs.play(scenario, script, engine, dispatcher=own)
            assert log.calls["answered_by"].tolist() == ["202"]


def test_auto_is_the_compiled_engine_for_every_ordering(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []
    real = _compiled_player.play
    monkeypatch.setattr(
        _compiled_player, "play", lambda *plan: played.append("compiled") or real(*plan)
    )
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    rs.play(scenario, rs.Workload(arrives_at=[0], talk_time=1))
    assert played == ["compiled"]


@pytest.mark.skipif(INTERPRETED, reason="nothing is compiled")
def test_loop_is_compiled_once_for_all() -> None:
    """All arrays share one compilation: read-only, Fortran-ordered, broadcast, empty."""
    test_nothing_to_play()
    frame = pd.DataFrame({"at": [0.0, 5.0], "talk": [3.0, 4.0]})
    arrays = np.asfortranarray(np.ones((2, 3)))
    script = rs.Workload(
        arrives_at=frame["at"], talk_time=frame["talk"], answer_delay={"201": arrays}
    )
    equal_log(rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}]), script)
    assert n_compilations(_compiled.play_runs) == 1


def test_without_a_folder_for_compiled_code_it_says_so_once_and_plays(tmp_path: Any) -> None:
    (tmp_path / "file").write_text("no folder")
    code = (
        "from ringsim._jit import compiled\n"
        "one, two = compiled(lambda: 1), compiled(lambda: 2)\n"
        "print(one() + two())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"NUMBA_CACHE_DIR": str(tmp_path / "file" / "below"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "3\n"), done.stderr
    assert (
        done.stderr == "ringsim: no folder for compiled code can be written; compiling in memory\n"
    )


@pytest.mark.parametrize("form", [iter, set, tuple], ids=lambda form: form.__name__)
def test_a_wave_may_be_any_collection(form: Any) -> None:
    wave = lambda self, candidates, moment: form(candidates[:1])  # noqa: E731
    own = type("OwnForm", (Dispatcher,), {"wave": wave})
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    script = rs.Workload(arrives_at=[0], talk_time=1, answer_delay={"201": 3})
    assert rs.play(scenario, script, dispatcher=own).calls["wait"].tolist() == [3]


def test_a_wave_of_what_only_looks_like_candidates_is_refused() -> None:
    wave = lambda self, candidates, moment: [tuple(candidates[0])]  # noqa: E731
    own = type("Lookalike", (Dispatcher,), {"wave": wave})
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    with pytest.raises(rs.DispatcherError, match=r"Lookalike\.wave\(\) must pick from"):
        rs.play(scenario, rs.Workload(arrives_at=[0], talk_time=1), dispatcher=own)


def assert_same_rows(of_many: Any, rows: slice, first_call: int, alone: Any) -> None:
    """Check that rows of a table of several runs equal those of a single run, in any order."""
    one, other = ({**vars(table)} for table in (of_many, alone))
    one = {column: values[rows] for column, values in one.items()}
    if "call" in one:
        order = np.argsort(one["call"], kind="stable")
        one = {column: values[order] for column, values in one.items()}
        one["call"] = (one["call"] - first_call).astype(np.int32)
    for column in one:
        assert one[column].tobytes() == other[column].tobytes(), column


def assert_each_as_alone(plays: Any, batch: Batch, alone: list[LogArrays]) -> LogArrays:
    """Check that each run of a batch equals the same run played alone."""
    log, borders = plays(batch)
    for place, run_alone in enumerate(alone):
        for table in Borders._fields:
            start, stop = getattr(borders, table)[place : place + 2]
            first_call = borders.calls[place]
            rows = slice(start, stop)
            assert_same_rows(getattr(log, table), rows, first_call, getattr(run_alone, table))
    return log


@settings(max_examples=PROFILE.law_days)
@given(days)
def test_a_player_remembers_nothing_of_the_workload_before(day: Day) -> None:
    """A player reuses its tables: for one day, a part of it, and the day again."""
    part = replace(day, calls=day.calls[1::2], own_calls=())
    plan = plan_of(day.scenario, day.dispatchers)
    plays = batch_player(plan)
    for workload in (day.workload, part.workload, day.workload):
        assert_each_as_alone(plays, workload.batch, [run(plan, workload, "simpy")])


@settings(max_examples=PROFILE.equal_workloads)
@given(drawn_scenarios(), st.integers(0, 99), st.integers(0, 5), st.integers(0, 4))
def test_replications_together_are_what_they_are_alone(
    scenario: rs.Scenario, seed: int, first: int, count: int
) -> None:
    """In a batch, each run has the same callers as alone, and is not affected by other runs."""
    plan = plan_of(scenario, None)
    replications = range(first, first + count)
    batch = Sampler(scenario).draw(seed, replications)
    alone = [run(plan, rs.Workload.draw(scenario, seed, each), "simpy") for each in replications]
    log = assert_each_as_alone(batch_player(plan), batch, alone)
    assert len(log.calls) == sum(len(each.calls) for each in alone)


def test_runs_together_outgrow_every_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """More simultaneous callers, rings and visits than the tables hold, in the second run too."""
    monkeypatch.setattr(_compiled_tables, "_of_thread", threading.local())
    groups = [
        {
            "extension_number": number,
            "ring_time": 30,
            "ring_strategy": "RING_SIMULTANEOUSLY",
            "skip_busy_member": False,
            "members": [f"{number}{k}" for k in range(10)],
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": other},
        }
        for number, other in (("600", "601"), ("601", "602"), ("602", "603"))
    ]
    demand = rs.Demand(calls_per_hour=6000, talk_time=rs.lognormal(mean=600, cv=1))
    scenario = rs.Scenario(groups=groups, demand={"600": demand}, hours=0.05)
    plan = plan_of(scenario, None)
    alone = [run(plan, rs.Workload.draw(scenario, 1, each), "simpy") for each in range(4)]
    assert_each_as_alone(batch_player(plan), Sampler(scenario).draw(1, range(4)), alone)
    assert len(alone[0].calls) > _compiled_tables.FEWEST_CALLERS
    assert min(len(each.rings) for each in alone[1:]) > _compiled_tables.FEWEST_ROWS


ENDLESS = {
    "extension_number": "600",
    "members": ["201", "202"],
    "ring_strategy": "RING_SIMULTANEOUSLY",
    "skip_busy_member": False,
    "no_answer_forward_rule": {"action": "REPEAT"},
    "max_repeats": 29,
}


@pytest.mark.parametrize(("most", "is_left"), [(0, False), (10**6, True)])
def test_a_thread_keeps_tables_that_are_not_too_large(
    most: int, is_left: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cached tables do not change later results: see the days above, one player after another."""
    monkeypatch.setattr(_compiled_tables, "_of_thread", threading.local())
    monkeypatch.setattr(_compiled_tables, "MOST_ROWS_LEFT", most)
    demand = {"600": rs.Demand(calls_per_hour=20, talk_time=30)}
    scenario = rs.Scenario(groups=[ENDLESS], demand=demand, hours=1)
    batch, plan = Sampler(scenario).draw(0, range(2)), plan_of(scenario, None)
    first, _ = batch_player(plan)(batch)
    expected = first.rings.started_at.copy()
    first.rings.started_at[:] = -1
    again, _ = batch_player(plan)(batch)
    np.testing.assert_array_equal(again.rings.started_at, expected)
    assert np.shares_memory(first.rings.started_at, again.rings.started_at) == is_left


@pytest.mark.parametrize("calls", [1, 3])
def test_rings_without_an_end_are_refused(
    calls: int, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both engines have the same limit."""
    scenario = rs.Scenario(groups=[ENDLESS])
    script = rs.Workload(arrives_at=range(calls), talk_time=1)
    rings = 2 * 30 * calls
    monkeypatch.setattr(_limits, "MOST_RINGS_OF_A_CALL", 0)
    monkeypatch.setattr(_limits, "MOST_RINGS_OF_ONE", 30)
    monkeypatch.setattr(_limits, "MOST_RINGS_BESIDE", 0)
    assert len(rs.play(scenario, script, engine).rings) == rings
    monkeypatch.setattr(_limits, "MOST_RINGS_BESIDE", -1)
    with pytest.raises(rs.ConfigurationError) as wrong:
        rs.play(scenario, script, engine)
    assert str(wrong.value) == (
        f"number of rings must be at most {rings - 1} in a replication of {calls} calls."
        " Give callers a patience, lower max_repeats, or play less at a time."
    )
    monkeypatch.setattr(_limits, "MOST_RINGS_BESIDE", 0)
    monkeypatch.setattr(_limits, "MOST_RINGS", rings - 1)
    with pytest.raises(rs.ConfigurationError):
        rs.play(scenario, script, engine)


@pytest.mark.parametrize("beside", [0, 300, 1000])
def test_whether_rings_are_refused_does_not_depend_on_who_plays(
    beside: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of a replication depends on its own calls only."""
    demand = rs.Demand(calls_per_hour=8, talk_time=1)
    people = [rs.Extension(number, answer_probability=0) for number in ("201", "202")]
    scenario = rs.Scenario(groups=[ENDLESS], demand={"600": demand}, extensions=people, hours=1)
    monkeypatch.setattr(_limits, "MOST_RINGS_OF_A_CALL", 0)
    monkeypatch.setattr(_limits, "MOST_RINGS_OF_ONE", 0)
    monkeypatch.setattr(_limits, "MOST_RINGS_BESIDE", beside)
    monkeypatch.setattr(_compiled_tables, "RINGS_OF_A_CALL", 0)

    def refused(play: Any) -> bool:
        try:
            play()
        except rs.ConfigurationError:
            return True
        return False

    days = 6 if INTERPRETED else 16
    alone = [
        refused(lambda each=each: rs.play(scenario, rs.Workload.draw(scenario, 0, each)))
        for each in range(days)
    ]
    for options in ({}, {"workers": 1}, {"keep_logs": True}, {"engine": "simpy"}):
        together = refused(
            lambda options=options: rs.simulate(scenario, replications=days, **options)
        )
        assert together == any(alone)
    assert any(alone) == (beside < 1000)
    assert all(alone) == (beside == 0)


def test_replications_whose_rings_are_too_many_together_are_played_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then no table holds the rings of hundreds of replications; the results are the same."""
    people = [rs.Extension(number, answer_probability=0.1) for number in ("201", "202")]
    demand = rs.Demand(calls_per_hour=20, talk_time=30)
    scenario = rs.Scenario(groups=[ENDLESS], demand={"600": demand}, extensions=people, hours=1)
    expected = rs.simulate(scenario, replications=12, workers=1)
    monkeypatch.setattr(_compiled_tables, "RINGS_OF_A_CALL", 0)
    monkeypatch.setattr(_compiled_player, "MOST_RINGS_TOGETHER", 1024)
    monkeypatch.setattr(_compiled_tables, "_of_thread", threading.local())
    told: list[int] = []
    result = rs.simulate(
        scenario, replications=12, workers=1, on_progress=lambda done, of: told.append(done)
    )
    assert expected.summary().loc["rings_per_call", "estimate"] * 20 * 12 > 1024
    pd.testing.assert_frame_equal(result.summary(), expected.summary(), check_exact=True)
    pd.testing.assert_frame_equal(result.members(), expected.members(), check_exact=True)
    assert told == [12]
    drawn = Sampler(scenario).draw(0, range(12))
    with pytest.raises(_limits.TooManyRingsError):
        batch_player(plan_of(scenario, None))(drawn)


def test_how_many_rings_are_laid_out_is_forgotten_between_workloads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A replication with many rings does not cause the refusal of another."""
    group = {**ENDLESS, "members": ["201"], "ring_time": 5}
    people = [rs.Extension("201", answer_delay=stats.poisson(50))]
    scenario = rs.Scenario(
        groups=[group],
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=1, patience=stats.expon(scale=30))},
        extensions=people,
        hours=1,
    )
    plan = plan_of(scenario, None)
    batches = [Sampler(scenario).draw(0, range(each, each + 1)) for each in range(12)]
    asked: list[int] = []
    phones_of = type(batches[0].phones).arrays

    def arrays(phones: Any, extensions: Any, rings: int, reached: Any) -> Any:
        asked.append(rings)
        return phones_of(phones, extensions, rings, reached)

    monkeypatch.setattr(type(batches[0].phones), "arrays", arrays)
    plays = batch_player(plan)
    for batch in batches:
        plays(batch)
    assert asked.count(1) == len(batches)
    assert max(asked) > 1


@pytest.mark.parametrize("rules", [{}, {"wait_in_line": True}], ids=["plain", "options"])
def test_a_plan_is_made_into_arrays_once_and_playing_does_not_change_them(
    monkeypatch: pytest.MonkeyPatch, rules: dict[str, Any]
) -> None:
    """Other days of the scenario use the same arrays, and do not remember a day before."""
    made: list[Any] = []
    real = _compiled_player.plan_arrays
    monkeypatch.setattr(
        _compiled_player, "plan_arrays", lambda plan: made.append(real(plan)) or made[-1]
    )
    members = [{"extension_number": number} for number in ("201", "202", "203")]
    group = {"extension_number": "600", "members": members, "rules": rules}
    demand = rs.Demand(calls_per_hour=120, talk_time=90, patience=60)
    scenario = rs.Scenario(groups=[group], demand={"600": demand}, hours=1)
    days = [rs.Workload.draw(scenario, seed) for seed in (1, 2)]
    plan = plan_of(scenario, None)
    logs = [run(plan, day, "compiled") for day in (*days, *days)]
    assert len(made) == 1
    for field, now in zip(made[0]._fields, real(plan), strict=True):
        assert np.array_equal(getattr(made[0], field), now), field
    for log, again in zip(logs[:2], logs[2:], strict=True):
        for name in vars(log.rings):
            assert np.array_equal(getattr(log.rings, name), getattr(again.rings, name)), name


def test_players_of_one_plan_take_turns_on_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day with declined calls needs wider tables than one without; the thread keeps the last."""
    monkeypatch.setattr(_compiled_tables, "_of_thread", threading.local())
    members = [{"extension_number": number} for number in ("201", "202", "203")]
    group = {"extension_number": "600", "ring_strategy": "PRIORITIZED_HUNT", "members": members}
    scenario = rs.Scenario(groups=[group])
    times, delays = [0, 1, 30, 31, 32], {"201": 4, "202": 5, "203": 6}
    plain = rs.Workload(arrives_at=times, talk_time=20, answer_delay=delays)
    declined = rs.Workload(
        arrives_at=times, talk_time=20, answer_delay=delays, decline_delay={"201": 3, "203": 2}
    )
    plan, widths = plan_of(scenario, None), []
    for day in (plain, declined, plain, declined):
        log, expected = run(plan, day, "compiled"), run(plan, day, "simpy")
        for name in vars(log.rings):
            assert np.array_equal(getattr(log.rings, name), getattr(expected.rings, name)), name
        _, state = _compiled_tables._of_thread.state
        widths.append(state.rings.shape[1])
    assert widths == 2 * [1, max(widths)]
    assert max(widths) >= len(members)
