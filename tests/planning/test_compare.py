"""Comparisons: each variant's figures equal those of its own study, and differences are paired.

The scenario is small and crowded: one group overflows into another, some people are members of
both, and callers give up.
"""

from __future__ import annotations

import math
import multiprocessing
import re
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim.confidence import FEW_EVENTS, UNVARIED, BaselineComparison, BestComparison, Estimate
from ringsim.dispatch import CyclicHunt, Hunt, dispatcher_for
from ringsim.planning._alike import order_of, plays_alike
from ringsim.planning._findings import Finding, describe_finding
from ringsim.planning._study import Study, study_of
from ringsim.scenario import changed
from support.effort import lines_run
from support.helpers import PLAIN_METRICS, refusal
from support.own_dispatchers import Deadly, LastFirst

OFFICE = rs.Scenario(
    name="Office",
    groups=[
        {
            "name": "Sales",
            "extension_number": "600",
            "ring_strategy": "CYCLIC_HUNT",
            "ring_time": 12,
            "members": ["201", "202", "203"],
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
        },
        {
            "extension_number": "601",
            "ring_strategy": "PRIORITIZED_HUNT",
            "members": ["203", "204"],
        },
    ],
    demand={
        "600": rs.Demand(
            calls_per_hour=[60, 120],
            talk_time=rs.lognormal(mean=80, cv=1),
            patience=stats.expon(scale=40),
        ),
        "601": rs.Demand(calls_per_hour=20, talk_time=60, patience=stats.expon(scale=60)),
    },
    extensions=[rs.Extension("201", answer_probability=0.7)],
    hours=1,
)
DAYS: dict[str, Any] = {"replications": 8, "seed": 5}
VARIANTS: dict[str, Any] = {
    "patient": {"ring_time": 30},
    "alike": {"ring_time": 12},
    "last first": LastFirst,
    "busier": changed(OFFICE, {"demand.scale": 1.3}),
}
LEVELS = {"groups.600.members": ["201", rs.Member("202", skill_level=2), "203"]}
ANSWERING = [strategy for strategy in rs.RingStrategy if strategy != "PAGING_INTERCOM"]


@pytest.fixture(scope="module")
def comparison() -> rs.Comparison:
    return rs.compare(OFFICE, "600", variants=VARIANTS, metrics=list(PLAIN_METRICS), **DAYS)


def same(one: rs.Comparison, other: rs.Comparison) -> None:
    """Assert that two comparisons are equal to the last bit; NaN equals NaN."""
    assert one.baseline == other.baseline
    pd.testing.assert_frame_equal(one.table, other.table, check_exact=True)


def figures(table: pd.DataFrame) -> pd.DataFrame:
    return table[["estimate", "low", "high"]]


# Each variant


def alone(name: str, **asked: Any) -> pd.DataFrame:
    """Return the summary of one variant, simulated on its own."""
    given = VARIANTS[name]
    if name == "last first":
        return rs.simulate(OFFICE, dispatcher={"600": given}, **DAYS).summary(group="600", **asked)
    scenario = given if isinstance(given, rs.Scenario) else changed(OFFICE, given, "600")
    return rs.simulate(scenario, **DAYS).summary(group="600", **asked)


@pytest.mark.parametrize("name", VARIANTS)
def test_figures_of_a_variant_are_those_of_its_own_study(
    comparison: rs.Comparison, name: str
) -> None:
    pd.testing.assert_frame_equal(
        figures(comparison.table.loc[name]), figures(alone(name)), check_exact=True
    )


@pytest.mark.parametrize("strategy", ANSWERING)
def test_figures_of_a_strategy_are_those_of_its_own_study(strategy: rs.RingStrategy) -> None:
    result = rs.simulate(OFFICE, dispatcher=strategy, **DAYS)
    comparison = rs.compare(OFFICE, strategies=ANSWERING, metrics=list(PLAIN_METRICS), **DAYS)
    pd.testing.assert_frame_equal(
        figures(comparison.table.loc[strategy]), figures(result.summary()), check_exact=True
    )
    assert {group.ring_strategy for group in comparison.results[strategy].scenario.groups} == {
        strategy
    }


def test_thresholds_are_those_that_are_asked_for() -> None:
    asked: dict[str, Any] = {"within": 7, "short": 2, "target": 0.5, "level": 0.8}
    asked["variant"] = "answered_only"
    comparison = rs.compare(
        OFFICE, "600", variants=VARIANTS, metrics=list(PLAIN_METRICS), **DAYS, **asked
    )
    for name in VARIANTS:
        found = comparison.table.loc[name]
        pd.testing.assert_frame_equal(
            figures(found), figures(alone(name, **asked)), check_exact=True
        )
        assert found.loc["service_level", "note"].startswith("within 7 s, answered_only")
    assert {len(result._observed) for result in comparison.results.values()} == {1}


def test_results_are_there_to_be_looked_into(comparison: rs.Comparison) -> None:
    result = comparison.results["busier"]
    assert result.scenario == VARIANTS["busier"]
    expected = rs.play(VARIANTS["busier"], rs.Workload.draw(VARIANTS["busier"], 5, 3))
    assert result.replay(3).calls.equals(expected.calls)
    assert list(comparison.results) == list(comparison.variants) == list(VARIANTS)
    assert (comparison.replications, comparison.seed, comparison.group) == (8, 5, "600")


# Differences


def test_a_difference_is_that_of_the_figures(comparison: rs.Comparison) -> None:
    table = comparison.table
    for name in comparison.variants:
        expected = table.loc[name, "estimate"] - table.loc["alike", "estimate"]
        assert table.loc[name, "difference"].tolist() == pytest.approx(
            expected.tolist(), rel=1e-9, abs=1e-12, nan_ok=True
        )
    known = table[table["difference_low"].notna()]
    assert (known["difference_low"] <= known["difference"]).all()
    assert (known["difference"] <= known["difference_high"]).all()


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "ring_time": st.integers(2, 40),
            "skip_busy_member": st.booleans(),
            "ring_strategy": st.sampled_from(list(rs.RingStrategy)),
            "groups.601.n_members": st.integers(0, 4),
        },
    )
)
@settings(max_examples=8)
def test_what_plays_like_the_baseline_differs_by_exactly_nothing(changes: dict[str, Any]) -> None:
    variants = {"one": changes, "other": changed(OFFICE, changes, "600")}
    found = rs.compare(
        OFFICE,
        "600",
        variants=variants,
        baseline="one",
        metrics=list(PLAIN_METRICS),
        replications=3,
    ).table.loc["other"]
    known = found[found["estimate"].notna()]
    assert len(known) > 15
    assert (known[["difference", "difference_low", "difference_high"]] == 0).all(axis=None)
    assert known["note"].str.endswith(("the same in every replication", "a page")).all()
    assert not found["differs"].any()


def test_the_order_of_variants_changes_nothing(comparison: rs.Comparison) -> None:
    turned = rs.compare(
        OFFICE,
        "600",
        variants=dict(reversed(VARIANTS.items())),
        metrics=list(PLAIN_METRICS),
        **DAYS,
    )
    assert turned.baseline == comparison.baseline
    pd.testing.assert_frame_equal(
        turned.table.reindex(comparison.table.index), comparison.table, check_exact=True
    )


def test_more_variants_make_wider_intervals_of_the_same_differences(
    comparison: rs.Comparison,
) -> None:
    few = rs.compare(
        OFFICE,
        "600",
        variants={name: VARIANTS[name] for name in ("alike", "patient")},
        metrics=list(PLAIN_METRICS),
        **DAYS,
    ).table.loc["patient"]
    many = comparison.table.loc["patient"]
    assert few["difference"].equals(many["difference"])
    ratio = (many["difference_high"] - many["difference"]) / (
        few["difference_high"] - few["difference"]
    )
    df = DAYS["replications"] - 1
    expected = stats.t.ppf(1 - 0.025 / 3, df) / stats.t.ppf(1 - 0.025, df)
    of_t = ratio.drop("p_target_met").dropna()
    assert of_t.tolist() == pytest.approx([expected] * len(of_t), rel=1e-6)
    assert len(of_t) > 20
    assert ratio["p_target_met"] > 1  # exact limits of shares of days


def test_percentiles_are_paired_by_replication_too(comparison: rs.Comparison) -> None:
    """8 replications give 7 degrees of freedom."""
    found = comparison.table.loc[("patient", "wait_p90")]
    assert found["difference_low"] < found["difference"] < found["difference_high"]


def contributions(group: str | None, seed: int) -> dict[str, dict[str, Any]]:
    """Return the influences of 1000 days of the packaged example on two rates, by strategy."""
    example = rs.Scenario.load(str(files("ringsim") / "data" / "my-office.toml"))
    hunts = ["PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT"]
    found = rs.compare(example, group, strategies=hunts, replications=1000, seed=seed)
    return {
        metric: {
            name: result.figure(metric, group).influence().residuals
            for name, result in found.results.items()
        }
        for metric in ("service_level", "answer_rate")
    }


@pytest.mark.parametrize("group", [None, "600"])
def test_common_random_numbers_make_differences_sure(group: str | None) -> None:
    """Without common random numbers the variance of a difference is three times as large.

    Measured: 3.7 to 4.3 times for the service level, 5.8 to 6.9 for the answer rate. The logarithm
    of such a ratio has a standard error of some 0.07 here.
    """
    paired, others = contributions(group, 1), contributions(group, 2)
    for metric, least in (("service_level", 3), ("answer_rate", 4.5)):
        same, apart = paired[metric], others[metric]["PRIORITIZED_HUNT"]
        for name in ("CYCLIC_HUNT", "LEAST_WORKED_HUNT"):
            ratio = np.var(same[name] - apart) / np.var(same[name] - same["PRIORITIZED_HUNT"])
            assert ratio > least


# The best


def test_the_best_are_told_where_more_or_less_is_better(comparison: rs.Comparison) -> None:
    for name, metric in PLAIN_METRICS.items():
        found = comparison.table.xs(name, level="metric")
        if not metric.better:
            assert found["best"].isna().all()
        elif found["estimate"].notna().all():
            values = found["estimate"] * (1 if metric.better == "higher" else -1)
            assert found["best"].notna().all()
            assert found.loc[values.idxmax(), "best"]
    assert comparison.table["best"].sum() > len(PLAIN_METRICS) / 2


def test_a_clear_best_is_the_only_one() -> None:
    variants = {"nobody": {"members": []}, "more": {"n_members": 8}}
    comparison = rs.compare(OFFICE, "600", variants=variants, metrics=["answer_rate"], **DAYS)
    best = comparison.table["best"].droplevel("metric")
    assert best.to_dict() == {"as it is": False, "nobody": False, "more": True}


def test_the_surer_the_more_may_be_best() -> None:
    strategies = ["CYCLIC_HUNT", "LEAST_WORKED_HUNT", "PRIORITIZED_HUNT"]
    sure, unsure = (
        rs.compare(OFFICE, "600", strategies=strategies, level=level, **DAYS).table["best"]
        for level in (0.9999, 0.5)
    )
    assert (sure | ~unsure).all()
    assert sure.sum() > unsure.sum()


def test_a_page_is_no_candidate_for_the_best() -> None:
    comparison = rs.compare(
        OFFICE, "600", strategies=["CYCLIC_HUNT", "PAGING_INTERCOM", LastFirst], **DAYS
    )
    page = comparison.table.loc["PAGING_INTERCOM"]
    assert page["best"].isna().all()
    assert page["note"].str.contains("a page").all()
    ringing = comparison.table.drop("offered", level="metric").loc[["CYCLIC_HUNT", "LastFirst"]]
    assert ringing["best"].notna().all()
    assert "\nPAGING_INTERCOM: a page reaches everybody at once" in str(comparison)
    assert "Best of those that ring (higher is better)" in str(comparison)


def test_where_all_page_nothing_is_said_of_pages() -> None:
    paging = changed(OFFICE, {"groups.601.ring_strategy": "PAGING_INTERCOM"})
    comparison = rs.compare(paging, "600", strategies=["CYCLIC_HUNT", LastFirst], **DAYS)
    assert comparison.table["best"].drop("offered", level="metric").notna().all()
    assert "page" not in str(comparison)


def test_without_a_figure_there_is_nothing_to_compare() -> None:
    quiet = {"quiet": {"demand.scale": 0}}
    comparison = rs.compare(OFFICE, variants=quiet, metrics=["answer_rate", "offered"], **DAYS)
    row = comparison.table.loc[("quiet", "answer_rate")]
    assert math.isnan(row["difference"])
    assert not row["differs"]
    assert pd.isna(row["best"])
    assert comparison.table.loc[("quiet", "offered"), "differs"]
    assert "  quiet cannot be compared: there is no figure.\n" in str(comparison)


# Choice of variants

FEW: dict[str, Any] = {"metrics": ["offered"], "replications": 2}


def test_unless_said_the_seven_strategies_that_answer_are_compared() -> None:
    comparison = rs.compare(OFFICE, "600", metrics=["offered"], replications=2)
    assert comparison.variants == tuple(ANSWERING)
    assert comparison.baseline == "CYCLIC_HUNT"
    for name, result in comparison.results.items():
        assert result.dispatchers == {"600": name, "601": "PRIORITIZED_HUNT"}


def test_without_a_group_every_group_rings_so() -> None:
    comparison = rs.compare(OFFICE, metrics=["offered"], replications=2)
    assert comparison.variants == ("as it is", *ANSWERING)
    assert comparison.baseline == "as it is"
    own = {"600": "CYCLIC_HUNT", "601": "PRIORITIZED_HUNT"}
    for name, result in comparison.results.items():
        assert result.dispatchers == (own if name == "as it is" else {"600": name, "601": name})
    said = str(comparison)
    assert "a strategy rings in all groups at once, 600 and 601" in said
    assert "No group is named" not in str(rs.compare(OFFICE, "600", **FEW))


def test_the_only_group_needs_no_naming() -> None:
    alone = changed(OFFICE, {"groups": [OFFICE.groups[0]], "demand": {"600": OFFICE.demand["600"]}})
    asked = {"variants": {"a": {"ring_time": 9}}, **FEW}
    comparison = rs.compare(alone, **asked)
    assert comparison.group == "600"
    assert str(comparison) == str(rs.compare(alone, "600", **asked))
    assert refusal(lambda: rs.compare(OFFICE, **asked)) == (
        "variants['a'].ring_time must say which of the 2 groups it is for. "
        "Write groups.600.ring_time, or add group='600'."
    )


def test_the_scenario_as_it_is_can_be_asked_for_as_baseline() -> None:
    comparison = rs.compare(OFFICE, "600", strategies=[LastFirst], baseline="as it is", **FEW)
    assert comparison.variants == ("as it is", "LastFirst")


@pytest.mark.parametrize(
    ("given", "variants", "baseline"),
    [
        ({"strategies": ["CYCLIC_HUNT", "LEAST_WORKED_HUNT"]}, "CYCLIC_HUNT LEAST_WORKED_HUNT", 0),
        ({"strategies": [LastFirst, CyclicHunt]}, "LastFirst CYCLIC_HUNT", 1),
        (
            {"strategies": [LastFirst(), "LEAST_WORKED_HUNT"]},
            "as_it_is LastFirst LEAST_WORKED_HUNT",
            0,
        ),
        ({"strategies": ["LEAST_WORKED_HUNT"]}, "as_it_is LEAST_WORKED_HUNT", 0),
        ({"variants": {"a": {"ring_time": 9}}}, "as_it_is a", 0),
        ({"variants": {"a": {"ring_time": 9}, "b": {}}}, "a b", 1),
        ({"variants": {"a": {"ring_time": 9}, "b": CyclicHunt()}}, "a b", 1),
        ({"variants": {"a": {"ring_time": 9}, "b": OFFICE}}, "a b", 1),
        (
            {"variants": {"a": {"ring_time": 9}, "b": "LEAST_WORKED_HUNT"}, "baseline": "b"},
            "a b",
            1,
        ),
        (
            {"strategies": ["LEAST_WORKED_HUNT"], "variants": {"a": {"ring_time": 9}}},
            "as_it_is LEAST_WORKED_HUNT a",
            0,
        ),
        ({"variants": {"a": LastFirst}, "dispatcher": {"600": LastFirst}, "baseline": "a"}, "", 0),
        (
            {"variants": {"a": CyclicHunt, "b": {"ring_time": 9}}, "dispatcher": LastFirst},
            "as_it_is a b",
            0,
        ),
        (
            {"variants": {"a": LastFirst, "b": {"ring_time": 9}}, "dispatcher": LastFirst},
            "a b",
            0,
        ),
    ],
    ids=str,
)
def test_what_is_compared_with_what(given: Any, variants: str, baseline: int) -> None:
    asked = {"metrics": ["offered"], "replications": 1, **given}
    if not variants:
        assert refusal(lambda: rs.compare(OFFICE, "600", **asked)).startswith("strategies must be")
        return
    comparison = rs.compare(OFFICE, "600", **asked)
    names = tuple(
        name.replace("_", " ") if name == "as_it_is" else name for name in variants.split()
    )
    assert comparison.variants == names
    assert comparison.baseline == names[baseline]


def test_a_dispatcher_for_all_rings_in_every_variant_that_names_none() -> None:
    comparison = rs.compare(
        OFFICE,
        "600",
        variants={"named": "LEAST_WORKED_HUNT", "whole": VARIANTS["busier"]},
        dispatcher=LastFirst,
        metrics=["offered"],
        replications=1,
    )
    assert {name: result.dispatchers for name, result in comparison.results.items()} == {
        "as it is": {"600": "LastFirst", "601": "LastFirst"},
        "named": {"600": "LEAST_WORKED_HUNT", "601": "LastFirst"},
        "whole": {"600": "LastFirst", "601": "LastFirst"},
    }


def test_attributes_of_an_instance_are_its_own() -> None:
    """A cyclic hunt that rings three phones at once, unlike the eight strategies."""
    by_threes = CyclicHunt()
    by_threes.at_once = 3
    comparison = rs.compare(
        OFFICE, "600", variants={"by threes": by_threes}, metrics=["rings_per_call"], **DAYS
    )
    assert comparison.variants == ("as it is", "by threes")
    assert comparison.table.loc[("by threes", "rings_per_call"), "difference"] > 0.1


# Threads and executors


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_threads_make_no_difference(comparison: rs.Comparison, workers: int) -> None:
    same(
        comparison,
        rs.compare(
            OFFICE, "600", variants=VARIANTS, metrics=list(PLAIN_METRICS), workers=workers, **DAYS
        ),
    )


def test_the_engine_makes_no_difference(comparison: rs.Comparison) -> None:
    same(
        comparison,
        rs.compare(
            OFFICE, "600", variants=VARIANTS, metrics=list(PLAIN_METRICS), engine="simpy", **DAYS
        ),
    )


def processes(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))


@pytest.mark.parametrize("make", [ThreadPoolExecutor, processes])
def test_executors_make_no_difference(comparison: rs.Comparison, make: Any) -> None:
    executor: Executor
    with make(1) as executor:
        found = rs.compare(
            OFFICE, "600", variants=VARIANTS, metrics=list(PLAIN_METRICS), executor=executor, **DAYS
        )
        same(comparison, found)


def test_a_dispatcher_that_cannot_travel_is_refused() -> None:
    class Local(Hunt):
        """Nobody else can import it."""

    with processes(1) as executor:
        sentence = refusal(
            lambda: rs.compare(OFFICE, "600", strategies=[Local, "CYCLIC_HUNT"], executor=executor)
        )
    assert sentence.startswith("dispatcher of group 600 must be picklable to run on an executor: ")
    assert sentence.endswith(
        "got 'Local'. Define its class at the top of a module that the other processes can import."
    )


def test_replications_that_an_executor_lost_are_named() -> None:
    with processes(1) as executor, pytest.raises(rs.RingsimError) as lost:
        rs.compare(
            OFFICE,
            "600",
            strategies=["CYCLIC_HUNT", Deadly],
            replications=4,
            executor=executor,
        )
    assert re.match(r"The executor lost replications [0-3] to [0-3]: \w+", str(lost.value))
    assert not isinstance(lost.value, rs.ConfigurationError)


def test_progress_is_told_of_all_variants() -> None:
    heard: list[tuple[int, int]] = []
    rs.compare(
        OFFICE,
        "600",
        replications=3,
        workers=1,
        on_progress=lambda done, of: heard.append((done, of)),
    )
    assert [done for done, _ in heard] == sorted({done for done, _ in heard})
    assert len(heard) >= 7  # of each variant at least once
    assert {of for _, of in heard} == {21}
    assert heard[-1] == (21, 21)


# Sentences


def finding(metric: str = "answer_rate", better: str = "", **changes: Any) -> Finding:
    """Return a handmade finding with baseline alpha and one variant of each kind."""
    made: dict[str, Any] = {
        "metric": metric,
        "note": "",
        "estimates": {"alpha": Estimate(0.84, 0.83, 0.85)},
        "versus": {
            "beta": BaselineComparison(Estimate(0.03, 0.02, 0.04), True),
            "gamma": BaselineComparison(Estimate(-0.001, -0.004, 0.002), False),
            "delta": BaselineComparison(Estimate(0.0, -0.01, 0.01, UNVARIED), False),
            "epsilon": BaselineComparison(Estimate(math.nan), False),
            "zeta": BaselineComparison(Estimate(-0.0312, -0.0313, -0.0311), True),
            "eta theta": BaselineComparison(Estimate(0.03, 0.02, 0.04), True),
        },
        "to_best": {},
        "pages": [],
    }
    return Finding(**made | changes)


def test_every_kind_of_difference_has_its_sentence() -> None:
    assert describe_finding(finding(note="within 20 s"), "alpha") == [
        "answer_rate (within 20 s): 84.0 % (83.0 to 85.0) with alpha.",
        "  beta and 'eta theta' have 3.0 points more (2.0 to 4.0).",
        "  zeta has 3.120 points less (3.110 to 3.130).",
        "  gamma cannot be told from it (0.40 points apart at most).",
        "  delta does the same in every replication.",
        "  epsilon cannot be compared: there is no figure.",
    ]


def test_nothing_is_said_of_how_much_few_replications_may_differ() -> None:
    few = Estimate(-0.001, -0.004, 0.002, FEW_EVENTS)
    versus = {"gamma": BaselineComparison(few, False)}
    to_best = {
        "alpha": BestComparison(-0.01, 0.02, True),
        "gamma": BestComparison(-0.02, 0.01, True),
    }
    found = finding(
        estimates={"alpha": Estimate(0.9, 0.8, 1.0, FEW_EVENTS)},
        versus=versus,
        to_best=to_best,
        best_are_trusted=False,
    )
    assert describe_finding(found, "alpha") == [
        "answer_rate: 90.0 % (80.0 to 100.0)* with alpha.",
        "  gamma cannot be told from it: too few replications differ.",
        "  Best (higher is better): any of them.",
    ]


@pytest.mark.parametrize(
    ("to_best", "sentence"),
    [
        (
            {"alpha": BestComparison(0, 0.02, True), "beta": BestComparison(-0.03, 0, False)},
            "alpha.",
        ),
        (
            {
                "alpha": BestComparison(0, 0.02, True),
                "beta": BestComparison(0, 0.02, True),
                "gamma": BestComparison(-0.03, 0, False),
            },
            "alpha and beta, which do the same.",
        ),
        (
            {
                "alpha": BestComparison(-0.01, 0.02, True),
                "beta": BestComparison(-0.02, 0.01, True),
                "gamma": BestComparison(-0.03, 0, False),
            },
            "one of alpha or beta; each is within 2.0 points of the best.",
        ),
        (
            {"alpha": BestComparison(-0.01, 0.02, True), "beta": BestComparison(-0.02, 0.01, True)},
            "any of them; each is within 2.0 points of the best.",
        ),
    ],
)
def test_the_best_have_their_sentence(to_best: Any, sentence: str) -> None:
    same = "do the same" in sentence
    last = describe_finding(finding(to_best=to_best, best_are_same=same), "alpha")[-1]
    assert last == f"  Best (higher is better): {sentence}"
    mirrored = {
        name: BestComparison(-high, -low, may) for name, (low, high, may) in to_best.items()
    }
    found = finding("overflow_rate", to_best=mirrored, pages=["x"], best_are_same=same)
    last = describe_finding(found, "alpha")[-1]
    assert last == f"  Best of those that ring (lower is better): {sentence}"


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("mean_speed_of_answer", Estimate(7.8, 7.74, 7.86), "7.80 s (7.74 to 7.86)"),
        ("mean_speed_of_answer", Estimate(7.8, 7.7995, 7.8005), "7.8000 s (7.7995 to 7.8005)"),
        ("offered", Estimate(400, 390, 410), "400.0 calls (390.0 to 410.0)"),
        ("fairness", Estimate(1, 1, 1), "1.000 (1.000 to 1.000)"),
        ("answer_rate", Estimate(0.0004), "0.040 %"),
        ("answer_rate", Estimate(0.0, 0.0, 0.0), "0.0 % (0.0 to 0.0)"),
        ("answer_rate", Estimate(0.5), "50.0 %"),
        ("answer_rate", Estimate(math.nan), "no figure"),
    ],
)
def test_figures_have_the_digits_that_make_sense(
    metric: str, value: Estimate, expected: str
) -> None:
    found = finding(metric, estimates={"alpha": value}, versus={})
    assert describe_finding(found, "alpha") == [f"{metric}: {expected} with alpha."]


def test_one_replication_is_told_without_intervals() -> None:
    comparison = rs.compare(
        OFFICE, "600", variants=VARIANTS, metrics=["service_level"], replications=1
    )
    text = str(comparison)
    assert "one replication does not say what is chance" in text
    assert "busier has " in text
    assert "Best" not in text
    assert not comparison.table["differs"].any()


def test_the_heading_says_what_was_played(comparison: rs.Comparison) -> None:
    assert str(comparison).startswith(
        "4 variants of group 600 Sales of Office, with callers of their own: "
        "8 replications, seed 5.\n"
        "All are compared with alike; the intervals of the differences in a metric hold "
        "together with 95 % confidence.\n"
    )
    longer = rs.compare(
        OFFICE.replace(name=""), variants={"b": {"groups.600.ring_time": 30}}, replications=2
    )
    assert str(longer).startswith(
        "2 variants of the scenario, with the same callers: 2 replications, seed 0.\n"
    )
    assert repr(longer) == "<Comparison of 2 variants, 2 replications, seed 0>"


def test_where_nothing_differs_it_says_so() -> None:
    comparison = rs.compare(
        OFFICE, "600", variants={"a": {"max_repeats": 1}}, metrics=["answer_rate"], **DAYS
    )
    assert "\nNo variant differs measurably from the baseline.\n" in str(comparison)
    assert "  a does the same in every replication.\n" in str(comparison)
    assert str(comparison).endswith(
        "  Best (higher is better): 'as it is' and a, which do the same."
    )


def test_a_notebook_shows_words_and_table() -> None:
    comparison = rs.compare(
        OFFICE, "600", variants={"<b>": {"ring_time": 30}}, metrics=["offered"], replications=2
    )
    page = comparison._repr_html_()
    assert "2 variants of group 600" in page
    assert "<table" in page
    assert "<b>" not in page


# Invalid arguments


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"group": "700"}, "group must be the number of a group of the scenario, got '700'."),
        ({"strategies": "CYCLIC_HUNT"}, "strategies must be a list of strategies, got"),
        (
            {"strategies": ["CYCLIC_HUNT", "CYCLIC_HNT"]},
            "strategies[1] must be the name of a registered dispatcher, got 'CYCLIC_HNT'. "
            "Did you mean 'CYCLIC_HUNT'?",
        ),
        (
            {"strategies": ["CYCLIC_HUNT", 5]},
            "strategies[1] must be a Dispatcher, a subclass of it, or a registered name, got 5.",
        ),
        (
            {"strategies": ["CYCLIC_HUNT", CyclicHunt]},
            "strategies[1] must not have the name of another, got 'CYCLIC_HUNT'.",
        ),
        (
            {"strategies": ["CYCLIC_HUNT"]},
            "strategies must be at least two, got ['CYCLIC_HUNT']. Give another strategy",
        ),
        ({"strategies": []}, "strategies must be at least two, got []."),
        ({"variants": [1]}, "variants must be a table of variants by name, got [1]."),
        (
            {"variants": {"a": 5}},
            "variants['a'] must be changes by path, a Scenario or a dispatcher, got 5.",
        ),
        ({"variants": {"": {}}}, "variants[''] must have a name that can be printed."),
        ({"variants": {3: {}}}, "variants[3] must have a name that can be printed."),
        (
            {"variants": {"a": {"ring_tme": 5}}},
            "variants['a'].ring_tme must be the path of a setting. Did you mean 'ring_time'?",
        ),
        (
            {"variants": {"a": {"ring_time": -5}}},
            "variants['a'].ring_time must be from 0 to 2147483647 seconds, got -5.",
        ),
        (
            {"variants": {"a": "CYCLIC_HNT"}},
            "variants['a'] must be the name of a registered dispatcher, got 'CYCLIC_HNT'.",
        ),
        (
            {"variants": {"a": OFFICE.replace(groups=[], demand={})}},
            "variants['a'] must have the group 600, got [].",
        ),
        (
            {"variants": {"a": {"groups": [], "demand": {}}}},
            "variants['a'] must have the group 600, got [].",
        ),
        (
            {"variants": {"as it is": {"ring_time": 5}}},
            "variants['as it is'] must change nothing. Give it another name.",
        ),
        (
            {"strategies": [LastFirst], "variants": {"LastFirst": {}}},
            "variants['LastFirst'] must not have the name of a strategy beside it.",
        ),
        (
            {"baseline": "CYCLIC_HNT"},
            "baseline must be one of RING_SIMULTANEOUSLY, PRIORITIZED_HUNT, CYCLIC_HUNT,",
        ),
        ({"metrics": "offered"}, "metrics must be a list of metrics, got 'offered'."),
        ({"metrics": []}, "metrics must be a list of metrics, got []."),
        ({"metrics": ["offered", "answer_rat"]}, "metrics[1] must be one of offered, answered,"),
        ({"metrics": ["offered"] * 2}, "metrics[1] must not be asked for twice, got 'offered'."),
        ({"replications": 0}, "replications must be a whole number, at least 1, got 0."),
        ({"seed": -1}, "seed must be a whole number, at least 0, got -1."),
        ({"engine": "compild"}, "engine must be 'auto' or 'simpy' or 'compiled', got 'compild'."),
        (
            {"engine": "compiled", "strategies": ["CYCLIC_HUNT", Deadly]},
            "engine='compiled' cannot run Deadly: it overrides wave() or key. Use engine='simpy'.",
        ),
        ({"within": -1}, "within must be a number of seconds, at least 0, got -1."),
        ({"variant": "offerd"}, "variant must be one of offered, "),
        ({"level": 1}, "level must be between 0 and 1, got 1."),
        ({"workers": 0}, "workers must be a whole number, at least 1, got 0."),
        ({"dispatcher": {"700": LastFirst}}, "dispatcher must be keyed by the numbers of"),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_before_anything_is_played(
    asked: dict[str, Any], sentence: str
) -> None:
    heard: list[int] = []
    given = {"group": "600", "on_progress": lambda done, of: heard.append(done), **asked}
    assert refusal(lambda: rs.compare(OFFICE, **given)).startswith(sentence)
    assert heard == []


def test_the_strategies_of_the_pbx_are_all_there() -> None:
    """The seven strategies and the page are all strategies: a ninth would fail here."""
    assert {*ANSWERING, "PAGING_INTERCOM"} == set(rs.RingStrategy)
    assert all(not dispatcher_for(strategy).auto_answer for strategy in ANSWERING)


# As good as


@pytest.fixture(scope="module")
def close() -> rs.Comparison:
    return rs.compare(
        OFFICE,
        "600",
        variants={"longer": {"ring_time": 12.1}, "alone": {"n_members": 1}},
        metrics=["answer_rate", "mean_speed_of_answer"],
        replications=200,
        equivalent_within=0.02,
    )


def test_a_variant_within_the_margin_is_as_good_as_the_baseline(close: rs.Comparison) -> None:
    equivalent = close.table["equivalent"]
    assert equivalent.loc[("longer", "answer_rate")]
    assert not equivalent.loc[("alone", "answer_rate")]
    assert equivalent.loc[("as it is", "answer_rate")]
    assert "  longer is as good as it: less than 2.0 points apart." in str(close).splitlines()
    assert "longer cannot be told" not in str(close)


def test_a_number_is_a_share_of_the_figure_where_that_is_no_rate(close: rs.Comparison) -> None:
    now = close.table.loc[("as it is", "mean_speed_of_answer"), "estimate"]
    by_name = rs.compare(
        OFFICE,
        "600",
        variants={"longer": {"ring_time": 12.1}, "alone": {"n_members": 1}},
        metrics=["answer_rate", "mean_speed_of_answer"],
        replications=200,
        equivalent_within={"mean_speed_of_answer": 0.02 * now},
    )
    metric = "mean_speed_of_answer"
    columns = by_name.table.xs(metric, level="metric")["equivalent"]
    assert columns.equals(close.table.xs(metric, level="metric")["equivalent"])
    assert by_name.table.xs("answer_rate", level="metric")["equivalent"].isna().all()


def test_equivalence_is_an_interval_inside_the_margin(close: rs.Comparison) -> None:
    """The interval of two one-sided tests is shorter than that of the difference."""
    for metric in close.metrics:
        row = close.row("longer", metric)
        margin = close._margin(metric)
        assert margin is not None
        if max(-row.difference_low, row.difference_high) < margin:
            assert row.equivalent
        if abs(row.difference) >= margin:
            assert not row.equivalent


def test_without_a_margin_there_is_no_column(comparison: rs.Comparison) -> None:
    assert "equivalent" not in comparison.table.columns


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (0, "equivalent_within must be a positive finite number, got 0."),
        ("2 %", "equivalent_within must be a positive finite number, got '2 %'."),
        (True, "equivalent_within must be a positive finite number, got True."),
        (math.inf, "equivalent_within must be a positive finite number, got inf."),
        ({"answer_rate": -1}, "equivalent_within.answer_rate must be a positive finite number"),
        ({"offered": 1}, "equivalent_within.offered must be one of the compared metrics, answer"),
    ],
)
def test_an_invalid_margin_is_one_sentence(given: Any, sentence: str) -> None:
    asked = {"metrics": ["answer_rate"], "equivalent_within": given, "replications": 2}
    assert refusal(lambda: rs.compare(OFFICE, "600", **asked)).startswith(sentence)


def study(strategy: str, changes: dict[str, Any]) -> Study:
    scenario = changed(OFFICE, {"groups.600.ring_strategy": strategy, **changes})
    return study_of(scenario, seed=5, engine="auto", dispatcher=None)


@given(
    *[
        st.builds(
            study,
            st.sampled_from(rs.RingStrategy),
            st.sampled_from(
                [{}, {"groups.600.ring_time": 9}, LEVELS, {"hours": 2}, {"demand.scale": 2}]
            ),
        )
    ]
    * 2
)
def test_studies_play_alike_if_all_but_the_name_of_the_order_is_equal(
    one: Study, other: Study
) -> None:
    same_strategy = {"groups.600.ring_strategy": "PRIORITIZED_HUNT"}
    rest = [changed(each.scenario, same_strategy) for each in (one, other)]
    are_in_one_order = order_of(one, "600") == order_of(other, "600")
    assert plays_alike(one, other) == (rest[0] == rest[1] and are_in_one_order)


LEAVING = [
    {"action": "HANGUP"},
    {"action": "HANGUP", "number": "601"},
    {"action": "FORWARD_TO_VOICEMAIL"},
    {"action": "FORWARD_TO_NUMBER", "number": "030123"},
]
STAYING = [{"action": "FORWARD_TO_NUMBER", "number": "601"}, {"action": "REPEAT"}]


@pytest.mark.parametrize("redial", [None, rs.Redial(probability=0.8, delay=60)])
def test_calls_that_leave_the_scenario_are_alike_wherever_they_go(redial: Any) -> None:
    """A law: no metric tells a voicemail from a hang-up."""
    demand = {"600": OFFICE.demand["600"].replace(redial=redial)}
    variants = {
        f"{rule['action']} {rule.get('number', '')}": OFFICE.replace(
            groups=[OFFICE.groups[0].replace(no_answer_forward_rule=rule), *OFFICE.groups[1:]],
            demand=demand,
        )
        for rule in (*LEAVING, *STAYING)
    }
    found = rs.compare(OFFICE, "600", variants=variants, metrics=["answer_rate"], replications=3)
    hung_up, *others = (found.results[name] for name in variants)
    for rule, other in zip((*LEAVING[1:], *STAYING), others, strict=True):
        assert plays_alike(hung_up.study, other.study) == (rule in LEAVING)
        if rule in LEAVING:
            pd.testing.assert_frame_equal(hung_up.summary(group="600"), other.summary(group="600"))
            pd.testing.assert_frame_equal(hung_up.members(), other.members())
            pd.testing.assert_frame_equal(hung_up.intervals(), other.intervals())


def test_groups_are_validated_once_for_each_study_and_not_for_each_pair() -> None:
    one, other, third = (study(each, {}) for each in ANSWERING[:3])
    assert not plays_alike(one, other)
    once = lines_run(plays_alike, other, third)
    assert lines_run(plays_alike, one, third) < once / 2
