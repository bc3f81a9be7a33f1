"""Simulations of many replications: determinism by seed, sums, dispatchers, progress and errors.

The scenario is small and has everything that the tables distinguish: two groups, of which one
overflows into the other, a page, duty, own calls, and callers who give up.
"""

from __future__ import annotations

import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import ringsim as rs
from ringsim.metrics import _waits
from ringsim.planning import _playing
from support.helpers import PLAIN_METRICS
from support.played import frames, rows

SCENARIO = rs.Scenario(
    groups=[
        {
            "extension_number": "600",
            "ring_strategy": "CYCLIC_HUNT",
            "ring_time": 12,
            "members": ["201", "202"],
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
        },
        {
            "extension_number": "601",
            "ring_strategy": "RING_SIMULTANEOUSLY",
            "members": ["202", "203", "204"],
        },
        {"extension_number": "602", "ring_strategy": "PAGING_INTERCOM", "members": ["204"]},
    ],
    demand={
        "600": rs.Demand(
            calls_per_hour=[40, 90],
            talk_time=rs.lognormal(mean=90, cv=1),
            wrap_up_time=15,
            patience=stats.expon(scale=40),
        ),
        "601": rs.Demand(calls_per_hour=12, talk_time=60, patience=stats.expon(scale=60)),
        "602": rs.Demand(calls_per_hour=6, talk_time=20),
    },
    extensions=[
        rs.Extension("201", answer_probability=0.7),
        rs.Extension("203", on_duty=[(600, 3000)]),
        rs.Extension("204", own_calls=rs.Demand(calls_per_hour=4, talk_time=120)),
    ],
    hours=1,
)
REPLICATIONS, SEED = 5, 11
COUNTS = [name for name, metric in PLAIN_METRICS.items() if metric.unit == "calls"]


@pytest.fixture(scope="module")
def result() -> rs.Result:
    return rs.simulate(SCENARIO, replications=REPLICATIONS, seed=SEED)


def tables(of: rs.Result | rs.CallLog) -> list[pd.DataFrame]:
    """Return all tables of a result."""
    groups = [None, *SCENARIO.group_numbers]
    return [
        of.members(),
        *(of.summary(15, number) for number in groups),
        *(of.intervals(1200, number) for number in groups),
    ]


def assert_alike(one: rs.Result | rs.CallLog, other: rs.Result | rs.CallLog) -> None:
    """Assert that all tables are equal to the last bit; NaN equals NaN."""
    for table, twin in zip(tables(one), tables(other), strict=True):
        pd.testing.assert_frame_equal(table, twin, check_exact=True)


def differ(one: rs.Result, other: rs.Result) -> bool:
    return not one.summary().equals(other.summary())


# The same, or not


def test_the_scenario_has_everything_that_the_tables_tell_apart(result: rs.Result) -> None:
    """The other tests need calls of every outcome."""
    estimates = result.summary()["estimate"]
    assert (estimates[["answered", "abandoned", "overflowed", "blocked"]] > 0).all()
    assert estimates["received"] > estimates["offered"]
    assert (result.members()[["rung", "paged"]].sum() > 0).all()


def test_the_same_seed_gives_the_same_tables(result: rs.Result) -> None:
    assert_alike(result, rs.simulate(SCENARIO, replications=REPLICATIONS, seed=SEED))


def test_another_seed_gives_others(result: rs.Result) -> None:
    assert differ(result, rs.simulate(SCENARIO, replications=REPLICATIONS, seed=SEED + 1))


def test_auto_is_an_engine_like_any_other(result: rs.Result, engine: str) -> None:
    assert_alike(result, rs.simulate(SCENARIO, replications=REPLICATIONS, seed=SEED, engine=engine))


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_the_number_of_threads_changes_nothing(result: rs.Result, workers: int) -> None:
    alike = rs.simulate(SCENARIO, replications=REPLICATIONS, seed=SEED, workers=workers)
    assert_alike(result, alike)


def test_an_executor_changes_nothing(result: rs.Result) -> None:
    """Sums come back from other processes; the SimPy engine goes as well as the compiled one."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        for engine in ("compiled", "simpy"):
            assert_alike(
                result,
                rs.simulate(
                    SCENARIO,
                    replications=REPLICATIONS,
                    seed=SEED,
                    engine=engine,
                    executor=executor,
                ),
            )


def test_logs_are_kept_if_asked_for(result: rs.Result) -> None:
    assert result.logs == ()
    keeping = rs.simulate(SCENARIO, replications=REPLICATIONS, seed=SEED, keep_logs=True)
    assert_alike(result, keeping)
    for replication, log in enumerate(keeping.logs):
        assert frames(log) == frames(result.replay(replication))


def test_other_thresholds_are_counted_when_asked_for(result: rs.Result) -> None:
    """The figures of a threshold do not depend on thresholds asked for before."""
    calls = pd.concat(result.replay(replication).calls for replication in range(REPLICATIONS))
    waits = calls.loc[calls["outcome"] == "answered", "wait"]
    for within in (3.0, 20.0, 7.5, 3.0, 11.0, 12.0, 13.0, 20.0):
        level = result.summary(within).loc["service_level", "estimate"]
        assert level == pytest.approx((waits <= within).sum() / len(calls), rel=1e-12)


def test_a_study_larger_than_a_million_calls_has_percentiles_all_the_same(
    result: rs.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Percentiles come from bins that are at most 0.1 % wide."""
    monkeypatch.setattr(_waits, "MAX_KEPT", 100)
    binned = rs.simulate(SCENARIO, replications=REPLICATIONS, seed=SEED)
    assert repr(binned) == repr(result)
    percentiles = [name for name in PLAIN_METRICS if "wait_p" in name]
    exact, near = (each.summary().loc[percentiles, "estimate"] for each in (result, binned))
    assert near.tolist() == pytest.approx(exact.tolist(), rel=1e-3)
    others = [name for name in PLAIN_METRICS if name not in percentiles]
    pd.testing.assert_frame_equal(binned.summary().loc[others], result.summary().loc[others])


def test_a_replication_is_the_same_in_a_shorter_study(result: rs.Result) -> None:
    shorter = rs.simulate(SCENARIO, replications=2, seed=SEED)
    for replication in range(2):
        assert frames(shorter.replay(replication)) == frames(result.replay(replication))


def test_replications_differ_from_each_other(result: rs.Result) -> None:
    waits = [tuple(result.replay(replication).calls["wait"]) for replication in range(REPLICATIONS)]
    assert len(set(waits)) == REPLICATIONS


def test_a_replay_is_the_workload_drawn_and_played(result: rs.Result) -> None:
    log = rs.play(SCENARIO, rs.Workload.draw(SCENARIO, SEED, 3))
    assert frames(result.replay(3)) == frames(log)


def test_a_study_of_one_replication_says_what_its_replay_says() -> None:
    single = rs.simulate(SCENARIO, replications=1, seed=SEED)
    assert_alike(single, single.replay(0))


def test_replays_are_what_was_summarised(result: rs.Result) -> None:
    """Counts are means per replication, rates ratios of sums, percentiles of pooled waits."""
    calls = [result.replay(replication).calls for replication in range(REPLICATIONS)]
    estimates = result.summary()["estimate"]
    pooled = pd.concat(calls)
    answered = pooled[pooled["outcome"] == "answered"]
    assert estimates["offered"] == len(pooled) / REPLICATIONS
    assert estimates["answer_rate"] == len(answered) / len(pooled)
    assert estimates["mean_speed_of_answer"] == pytest.approx(answered["wait"].mean(), rel=1e-12)
    assert estimates["wait_p90"] == np.quantile(pooled["wait"], 0.9, method="inverted_cdf")


# Adding up


@pytest.mark.parametrize("name", COUNTS)
def test_the_counts_of_the_groups_add_up(result: rs.Result, name: str) -> None:
    of_groups = [result.summary(group=number) for number in SCENARIO.group_numbers]
    total = sum(table.loc[name, "estimate"] for table in of_groups)
    assert total == pytest.approx(result.summary().loc[name, "estimate"], rel=1e-12)


@pytest.mark.parametrize("number", [None, *SCENARIO.group_numbers])
@pytest.mark.parametrize("width", [700, 1800])
def test_the_counts_of_the_intervals_add_up(
    result: rs.Result, number: str | None, width: float
) -> None:
    intervals, summary = result.intervals(width, number), result.summary(group=number)
    counts = [name for name in COUNTS if PLAIN_METRICS[name].of_any_calls]
    expected = summary.loc[counts, "estimate"].tolist()
    assert intervals[counts].sum().tolist() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("number", [None, *SCENARIO.group_numbers])
def test_calls_offered_are_answered_abandoned_or_overflowed(
    result: rs.Result, number: str | None
) -> None:
    """The counting identity holds for groups and for intervals."""
    for counts in (result.summary(group=number)[["estimate"]].T, result.intervals(900, number)):
        ended = counts["answered"] + counts["abandoned"] + counts["overflowed"]
        assert ended.tolist() == pytest.approx(counts["offered"].tolist(), rel=1e-12)
        assert (counts["blocked"] <= counts["overflowed"]).all()
        assert (counts["short_abandon"] <= counts["abandoned"]).all()


def test_members_add_up_to_their_group(result: rs.Result) -> None:
    members = result.members().groupby(level="group", sort=False).sum()
    for number in ("600", "601"):
        here = result.summary(group=number).loc["answered_here", "estimate"]
        assert members.loc[number, "answered"] == pytest.approx(here, rel=1e-12)
        assert members.loc[number, "answer_share"] == pytest.approx(1, rel=1e-12)
    rings = sum(len(result.replay(replication).rings) for replication in range(REPLICATIONS))
    assert members[["rung", "paged"]].sum().sum() == pytest.approx(rings / REPLICATIONS, rel=1e-12)


def test_estimates_lie_in_their_intervals(result: rs.Result) -> None:
    for number in (None, *SCENARIO.group_numbers):
        summary = result.summary(group=number)
        known = summary[summary["low"].notna() & summary["high"].notna()]
        assert len(known) > 20
        assert (known["low"] <= known["estimate"]).all()
        assert (known["estimate"] <= known["high"]).all()


# Dispatchers


def test_a_dispatcher_takes_the_place_of_all_strategies() -> None:
    prioritized = rs.simulate(SCENARIO, replications=2, seed=SEED, dispatcher="PRIORITIZED_HUNT")
    changed = SCENARIO.replace(
        groups=[group.replace(ring_strategy="PRIORITIZED_HUNT") for group in SCENARIO.groups]
    )
    assert_alike(prioritized, rs.simulate(changed, replications=2, seed=SEED))


def test_a_dispatcher_of_one_group_leaves_the_others_their_strategy() -> None:
    class LastFirst(rs.dispatch.Hunt):
        """Ring one member at a time, the last in the configured order first."""

        order_by = ("-position",)

    swapped = rs.simulate(SCENARIO, replications=2, seed=SEED, dispatcher={"600": LastFirst})
    assert differ(swapped, rs.simulate(SCENARIO, replications=2, seed=SEED))
    first_of_600 = swapped.replay(0).rings.query("group == '600'").groupby("call").first()
    assert (first_of_600["member"] == "202").mean() > 0.5
    pages = rows(swapped.replay(0).rings.query("group == '602'"), "result")
    assert set(pages) == {("paged",)}


def test_a_replay_is_played_by_the_same_dispatcher() -> None:
    paged = rs.simulate(SCENARIO, replications=1, seed=SEED, dispatcher="PAGING_INTERCOM")
    assert set(paged.replay(0).rings["result"]) == {"paged"}
    assert_alike(paged, paged.replay(0))


# Progress and errors


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"engine": "simpy"}, [(1, 3), (2, 3), (3, 3)]),
        ({"workers": 2}, [(1, 3), (2, 3), (3, 3)]),
        ({"workers": 1}, [(3, 3)]),  # one report per batch
    ],
)
def test_progress_is_told_of_all_that_is_done(
    how: dict[str, Any], expected: list[tuple[int, int]]
) -> None:
    told: list[tuple[int, int]] = []
    options = {"on_progress": lambda done, of: told.append((done, of)), **how}
    rs.simulate(SCENARIO, replications=3, **options)
    assert told == expected


def test_a_result_is_told_by_its_size(result: rs.Result) -> None:
    calls = sum(len(result.replay(replication).calls) for replication in range(REPLICATIONS))
    assert repr(result) == f"<Result of 5 replications, {calls} calls, seed 11>"
    assert (result.replications, result.seed, result.scenario) == (5, 11, SCENARIO)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"replications": 0}, "replications must be a whole number, at least 1, got 0."),
        ({"replications": 2.0}, "replications must be a whole number, at least 1, got 2.0."),
        ({"replications": True}, "replications must be a whole number, at least 1, got True."),
        ({"seed": -1}, "seed must be a whole number, at least 0, got -1."),
        ({"seed": "7"}, "seed must be a whole number, at least 0, got '7'."),
        ({"dispatcher": {"700": "CYCLIC_HUNT"}}, "dispatcher must be keyed by the numbers of"),
        ({"dispatcher": "CYCLIC_HNT"}, "Did you mean 'CYCLIC_HUNT'?"),
    ],
)
def test_what_cannot_be_is_an_error_before_anything_is_played(
    asked: dict[str, Any], sentence: str
) -> None:
    told: list[int] = []
    with pytest.raises(rs.ConfigurationError) as wrong:
        rs.simulate(SCENARIO, **asked, on_progress=lambda done, of: told.append(done))
    assert sentence in str(wrong.value)
    assert told == []


def test_the_limit_of_calls_can_be_raised() -> None:
    crowd = SCENARIO.replace(demand={"600": rs.Demand(calls_per_hour=5000, talk_time=1)})
    sentence = r"must be at most 1,000, got '5,004'\. Raise the limit with max_calls=\."
    with pytest.raises(rs.ConfigurationError, match=sentence):
        rs.simulate(crowd, replications=1, max_calls=1000)
    result = rs.simulate(crowd, replications=1, max_calls=6000)
    assert len(result.replay(0).calls) > 4000


def test_an_unknown_engine_is_an_error() -> None:
    with pytest.raises(rs.ConfigurationError, match=r"engine must be .* got 'simpi'"):
        rs.simulate(SCENARIO, replications=1, engine="simpi")


@pytest.mark.parametrize("replication", [-1, 5, 1.0, True, "0", None])
def test_a_replication_that_was_not_is_an_error(result: rs.Result, replication: Any) -> None:
    with pytest.raises(rs.ConfigurationError) as wrong:
        result.replay(replication)
    assert str(wrong.value) == (
        f"replication must be a whole number from 0 to 4, got {replication!r}."
    )


def test_numpys_whole_numbers_are_whole_numbers(result: rs.Result) -> None:
    """A search for the worst day returns NumPy integers."""
    assert frames(result.replay(np.int64(2))) == frames(result.replay(2))
    assert rs.simulate(SCENARIO, replications=np.int64(1), seed=np.int64(SEED)).replications == 1


def test_nobody_to_call_and_nobody_calling_is_legal() -> None:
    """Every call of a group without members overflows at once; a quiet group has no rates."""
    scenario = rs.Scenario(
        groups=[{"extension_number": "600"}, {"extension_number": "601", "members": ["201"]}],
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=60)},
        hours=1,
    )
    result = rs.simulate(scenario, replications=3)
    empty, quiet = (result.summary(group=number)["estimate"] for number in ("600", "601"))
    assert empty["overflow_rate"] == empty["no_candidate_rate"] == 1
    assert empty["blocked"] == empty["offered"]
    assert quiet["offered"] == 0
    assert np.isnan(quiet["answer_rate"])


def test_compilation_is_begun_by_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any thread is started: there Ctrl-C would wait for the compiler."""
    asked: list[tuple[str, int]] = []
    play = _playing._Workspace.play

    def recorded(bench: Any, replications: range, batch: Any, observer: Any) -> None:
        asked.append((threading.current_thread().name, len(replications)))
        play(bench, replications, batch, observer)

    monkeypatch.setattr(_playing._Workspace, "play", recorded)
    rs.simulate(SCENARIO, replications=4, workers=2)
    assert asked[0] == (threading.current_thread().name, 0)
    assert all(name.startswith("ringsim") and played for name, played in asked[1:])


# Numbers that are no keys


HUGE = 10**5000  # Python refuses to convert so long an integer to text


@pytest.mark.parametrize("seed", [HUGE, 2**128], ids=["huge", "first"])
def test_a_seed_without_end_is_refused_before_anything_is_played(seed: int) -> None:
    told: list[int] = []
    for play in (
        lambda: rs.simulate(SCENARIO, seed=seed, on_progress=lambda done, of: told.append(done)),
        lambda: rs.compare(SCENARIO, seed=seed, on_progress=lambda done, of: told.append(done)),
        lambda: rs.Workload.draw(SCENARIO, seed),
    ):
        with pytest.raises(rs.ConfigurationError, match=r"^seed must be below 2\*\*128, got "):
            play()
    with pytest.raises(rs.ConfigurationError, match=r"^replication must be below 2\*\*128, got "):
        rs.Workload.draw(SCENARIO, 0, seed)
    assert not told


def test_the_largest_seed_is_played() -> None:
    assert rs.simulate(SCENARIO, replications=1, seed=2**128 - 1).replications == 1


@pytest.mark.parametrize("wrong", [0, "x", [1]])
def test_progress_is_told_to_what_can_be_called(wrong: Any) -> None:
    for play in (rs.simulate, rs.compare):
        with pytest.raises(rs.ConfigurationError, match="on_progress must be callable"):
            play(SCENARIO, replications=1, on_progress=wrong)


@pytest.mark.parametrize("wrong", [[1], {}])
def test_what_has_no_hash_is_refused_like_any_other_value(wrong: Any) -> None:
    for name, constraint in (
        ("variant", "must be one of offered"),
        ("group", "must be the number of a group"),
        ("baseline", "must be one of RING_SIM"),
    ):
        with pytest.raises(rs.ConfigurationError, match=f"^{name} {constraint}"):
            rs.compare(SCENARIO, replications=1, **{name: wrong})


def test_a_threshold_beyond_all_floats_is_one_without_end() -> None:
    summary = rs.simulate(SCENARIO, replications=2).summary(within=HUGE)
    assert summary.loc["service_level", "estimate"] == summary.loc["answer_rate", "estimate"]
