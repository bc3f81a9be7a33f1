"""Optimizing a group: the choice against brute force, laws, sentences, and invalid input."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

import ringsim as rs
from ringsim.dispatch import CyclicHunt, Hunt
from ringsim.metrics import Thresholds
from ringsim.planning import _contender_player
from ringsim.planning._elimination import errors_of
from ringsim.planning._objective import objective_of
from ringsim.planning._optimize import _usual_first
from ringsim.planning._optimum_words import _about_next
from support.helpers import NO_CALLS, refusal

STRATEGIES = ("RING_SIMULTANEOUSLY", "PRIORITIZED_HUNT", "CYCLIC_HUNT")
OVER: dict[str, Any] = {
    "ring_strategy": STRATEGIES,
    "ring_time": [8, 20],
    "n_members": range(1, 5),
}
TARGET = rs.Target(service_level=0.8)


@cache
def office(hours: float = 2, **person: Any) -> rs.Scenario:
    return rs.Scenario(
        groups=[
            {
                "extension_number": "600",
                "ring_strategy": "CYCLIC_HUNT",
                "members": ["201", "202", "203"],
            }
        ],
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=120, patience=90)},
        hours=hours,
    )


@cache
def optimum() -> rs.Optimum:
    return rs.optimize(office(), over=OVER, minimise="interruptions_per_hour", subject_to=TARGET)


def best_of(**asked: Any) -> rs.Optimum:
    given = {"over": OVER, "minimise": "interruptions_per_hour", "subject_to": TARGET} | asked
    return rs.optimize(office(), **given)


# The choice


@cache
def brute_force() -> dict[tuple[Any, ...], tuple[float, float]]:
    """Return interruptions and service level of every combination, from 4,000 days of each."""
    settings = {path: list(values) for path, values in OVER.items()}
    metrics = ["interruptions_per_hour", "service_level"]
    table = rs.sweep(office(), settings, metrics=metrics, replications=4000, seed=10**6)
    figures = table[metrics].itertuples(index=False, name=None)
    return dict(zip(table[list(OVER)].itertuples(index=False, name=None), figures, strict=True))


def test_the_choice_is_the_best_by_brute_force() -> None:
    truth = brute_force()
    feasible = {point: figures for point, figures in truth.items() if figures[1] >= 0.8}
    best = min(feasible, key=lambda point: feasible[point][0])
    found = optimum()
    assert found.decided
    assert tuple(found.settings.values()) == best
    assert found.best is not None
    assert found.best.group("600").ring_strategy == best[0]
    assert found.replications < 4000 * len(truth) / 10


def test_no_verdict_contradicts_brute_force() -> None:
    """Verdicts hold together; points next to the limit may go either way within the error."""
    for (_, row), (point, (_, level)) in zip(
        optimum().table.iterrows(), brute_force().items(), strict=True
    ):
        assert tuple(row[list(OVER)]) == point
        assert row["feasible"] != "yes" or level > 0.79
        assert row["feasible"] != "no" or level < 0.81
        assert row["state"] != "beaten" or point != tuple(optimum().settings.values())


def test_the_fewest_members_that_meet_a_target() -> None:
    found = best_of(minimise="n_members")
    truth = brute_force()
    least = min(point[2] for point, (_, level) in truth.items() if level >= 0.8)
    assert found.decided
    assert found.settings["n_members"] == least
    assert found.best is not None
    assert len(found.best.group("600").members) == least


def test_of_equals_the_one_with_more_to_spare_is_chosen() -> None:
    found = best_of(minimise="n_members")
    table = found.table
    n = found.settings["n_members"]
    feasible = table[(table["n_members"] == n) & (table["feasible"] == "yes")]
    best = table[table["state"] == "best"]["service_level"].iloc[0]
    assert best == feasible["service_level"].max()


def test_a_cost_weighs_members_against_lost_calls() -> None:
    cheap = rs.Cost(member_hour=0.01, lost_call=12)
    dear = rs.Cost(member_hour=300, lost_call=12)
    many = best_of(minimise=cheap, subject_to=None)
    few = best_of(minimise=dear, subject_to=None)
    assert many.settings["n_members"] > few.settings["n_members"] == 1


def test_the_cost_of_a_day_is_the_sum_of_its_prices() -> None:
    cost = rs.Cost(member_hour=30, interruption=0.5, lost_call=12)
    found = best_of(minimise=cost, subject_to=None)
    assert found.best is not None
    played = int(found.table.loc[found.table["state"] == "best", "replications"].iloc[0])
    summary = rs.simulate(found.best, replications=played).summary()["estimate"]
    members = len(found.best.group("600").members)
    expected = (
        30 * 2 * members
        + 0.5 * summary["interruptions_per_hour"] * 2 * members
        + 12 * (summary["offered"] - summary["answered"])
    )
    assert found.table.loc[found.table["state"] == "best", "cost"].iloc[0] == pytest.approx(
        expected
    )


def test_a_metric_can_be_maximised_without_a_target() -> None:
    found = rs.optimize(office(), over={"n_members": [1, 2, 3]}, maximise="service_level")
    assert found.decided
    assert found.settings == {"n_members": 3}
    assert set(found.table["feasible"]) == {"yes"}


def test_an_indifference_zone_saves_replications() -> None:
    over = {"ring_time": [20, 20.001]}
    exact = best_of(over=over, max_replications=640)
    zone = best_of(over=over, max_replications=640, within=0.5)
    assert not exact.decided
    assert zone.decided
    assert zone.replications < exact.replications
    assert set(zone.table["state"]) <= {"best", "close", "beaten"}


def test_combinations_that_never_differ_are_equal_after_many_days() -> None:
    found = best_of(over={"ring_time": [20, 20.00001]}, max_replications=1280)
    assert found.decided
    assert sorted(found.table["state"]) == ["best", "close"]


@pytest.mark.parametrize(
    ("contenders", "most", "first"),
    [
        (1, None, 100),
        (100, None, 100),
        (500, None, 20),
        (10**5, None, 10),
        (24, 40, 40),
        (1, 5, 10),
    ],
)
def test_few_combinations_get_more_replications_at_first(
    contenders: int, most: int | None, first: int
) -> None:
    assert _usual_first(contenders, most) == first


# Settings


def test_orders_of_members_and_targets_of_forwards_are_settings() -> None:
    slow = [rs.Extension("201", answer_delay=stats.expon(scale=30)), rs.Extension("202")]
    groups = [
        {
            "extension_number": "600",
            "members": ["201", "202"],
            "ring_strategy": "PRIORITIZED_HUNT",
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
        },
        {"extension_number": "601", "members": []},
        {"extension_number": "602", "members": ["301", "302"]},
    ]
    scenario = rs.Scenario(
        groups=groups,
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=60)},
        extensions=slow,
        hours=2,
    )
    over = {
        "members": [["201", "202"], ["202", "201"]],
        "no_answer_forward_rule.number": ["601", "602"],
    }
    found = rs.optimize(scenario, group="600", over=over, maximise="answer_rate")
    assert found.settings["no_answer_forward_rule.number"] == "602"
    fast = rs.optimize(scenario, group="600", over=over, minimise="mean_speed_of_answer")
    assert fast.settings["members"] == "202, 201"
    assert fast.best is not None
    assert fast.best.group("600").members[0].extension_number == "202"


class LastFirst(Hunt):
    """Ring one member at a time, the last in the list first."""

    order_by = ("-position",)


def test_strategies_may_be_dispatchers() -> None:
    over = {"strategy": ["CYCLIC_HUNT", LastFirst, CyclicHunt], "n_members": [2, 3]}
    wrong = refusal(lambda: best_of(over=over))
    assert wrong == "strategy must not have a value twice, got 'CYCLIC_HUNT'."
    over["strategy"] = ["CYCLIC_HUNT", LastFirst]
    found = best_of(over=over)
    assert list(found.table["strategy"]) == ["CYCLIC_HUNT"] * 2 + ["LastFirst"] * 2
    alone = best_of(over={"strategy": [LastFirst]}, subject_to=None)
    assert [type(each) for each in alone.dispatchers.values()] == [LastFirst]


def test_a_page_is_no_candidate_among_others() -> None:
    over = {"ring_strategy": ["PAGING_INTERCOM", "CYCLIC_HUNT"]}
    found = best_of(over=over)
    assert list(found.table["state"]) == ["page", "best"]
    assert found.table["replications"].iloc[0] == 0
    alone = best_of(over={"ring_strategy": ["PAGING_INTERCOM"]}, subject_to=None)
    assert list(alone.table["state"]) == ["best"]


def test_combinations_that_play_alike_are_played_once() -> None:
    """Skill levels are all alike, so that a strategy by skill rings like the one without."""
    twin = {"ring_strategy": ["SKILL_BASED_ROUTING_CYCLIC_HUNT", "CYCLIC_HUNT"]}
    table = best_of(over=twin).table
    assert list(table["state"]) == ["close", "best"]
    assert list(table["replications"] > 0) == [False, True]
    assert table["note"].iloc[0] == "plays like row 1"
    same = table.drop(columns=["ring_strategy", "state", "replications", "note"])
    assert same.iloc[0].equals(same.iloc[1])


# Laws


def test_the_table_has_every_combination_once_and_all_replications() -> None:
    table = optimum().table
    points = list(table[list(OVER)].itertuples(index=False, name=None))
    assert points == [(s, t, n) for s in STRATEGIES for t in (8, 20) for n in range(1, 5)]
    assert table["replications"].sum() == optimum().replications
    assert list(table["state"]).count("best") == 1
    assert {*table["state"]} <= {"best", "close", "rival", "beaten", "infeasible"}


def test_the_same_seed_gives_the_same_optimum_with_any_workers() -> None:
    for asked in ({}, {"workers": 1}, {"workers": 3}, {"executor": ThreadPoolExecutor(2)}):
        again = best_of(**asked)
        assert again.table.equals(optimum().table)
        assert str(again) == str(optimum())


def test_sums_that_are_not_kept_are_played_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded, and the result does not depend on the bound."""
    monkeypatch.setattr(_contender_player, "MOST_KEPT", 100_000)
    again = best_of()
    assert again.table.equals(optimum().table)


def test_the_order_of_settings_and_values_does_not_matter() -> None:
    turned: Mapping[str, Any] = {
        path: list(reversed(list(values))) for path, values in reversed(OVER.items())
    }
    other = best_of(over=turned)
    assert other.settings == optimum().settings
    assert other.replications == optimum().replications
    paths = list(OVER)
    rows = [
        each.table.drop(columns="note").sort_values(paths, ignore_index=True)
        for each in (optimum(), other)
    ]
    assert rows[0].equals(rows[1][rows[0].columns])


def test_a_dominated_combination_changes_nothing_in_the_choice() -> None:
    worse = best_of(over={**OVER, "ring_time": [8, 20, 2]})
    assert worse.settings == optimum().settings


def test_more_replications_never_turn_a_choice_into_a_beaten_one() -> None:
    for most in (20, 40, 80, 640):
        found = best_of(max_replications=most)
        if found.chosen is not None:
            assert found.table.loc[found.chosen.index, "feasible"] == "yes"
        assert found.decided == ("rival" not in set(found.table["state"]))


def test_the_error_is_spent_once() -> None:
    for contenders, goals, looks in ((1, 0, 1), (1, 1, 3), (96, 2, 9), (100_000, 3, 10)):
        errors, comparison = errors_of(contenders, goals, looks)
        spent = comparison * max(1, contenders - 1) * looks
        if goals:
            spent += (errors.yes * contenders + errors.no * goals) * looks
        assert spent == pytest.approx(0.05)


# Frontier, and the next step


def test_the_frontier_goes_from_the_best_objective_to_the_worst() -> None:
    frontier = optimum().frontier
    on = frontier[frontier["on_frontier"]]
    assert on["interruptions_per_hour"].is_monotonic_increasing
    assert on["service_level"].is_monotonic_increasing
    played = optimum().table[optimum().table["service_level"].notna()]
    for _, row in played.iterrows():
        better = (on["interruptions_per_hour"] <= row["interruptions_per_hour"]) & (
            on["service_level"] >= row["service_level"]
        )
        assert better.any()


def test_the_surely_dominated_are_dominated_by_brute_force() -> None:
    truth = np.array([(-calls, level) for calls, level in brute_force().values()])
    dominated = optimum().table["dominated"].to_numpy()
    assert dominated.any()
    for row in truth[dominated]:
        assert (truth > row).all(axis=1).any()
    assert not set(optimum().frontier.index) & set(np.flatnonzero(dominated))


def test_chance_neither_dominates_nor_makes_a_next_step() -> None:
    """Two ring times that hardly differ: the figures may, but not measurably."""
    for times in ([20, 20.2], [20, 24]):
        found = best_of(over={"ring_time": times}, max_replications=80)
        assert not found.table["dominated"].any()
        assert len(found.frontier) == 2
        assert str(found).endswith("\nNo combination has a measurably better service level.")


def test_a_combination_that_looks_worse_in_all_figures_may_still_be_on_the_frontier() -> None:
    over = {"ring_strategy": ["LEAST_WORKED_HUNT", "PRIORITIZED_HUNT"]}
    found = best_of(over=over, max_replications=20)
    assert sorted(found.frontier["on_frontier"]) == [False, True]
    assert not found.table["dominated"].any()


def test_two_sentences_say_the_choice_and_the_price_of_the_next_step() -> None:
    first, second = str(optimum()).split("\n")
    assert first.startswith(
        "The best of 24 combinations for group 600 with 95 % confidence: ring_strategy "
        "CYCLIC_HUNT, ring_time 20, n_members 4. It meets a service level of at least 80 % within "
        "20 s, with interruptions per hour "
    )
    assert second.startswith("The next step, ring_strategy RING_SIMULTANEOUSLY: service level ")
    assert " points more (" in second
    assert ", at the price of interruptions per hour " in second


@pytest.mark.parametrize("target", [None, rs.Target(answer_rate=0.1)])
def test_a_service_level_that_the_target_lacks_is_told_with_its_threshold(
    target: rs.Target | None,
) -> None:
    found = best_of(
        over={"n_members": [2, 3]}, maximise="service_level", minimise=None, subject_to=target
    )
    assert "with service level (within 20 s, offered) " in str(found)
    assert "(within" not in str(optimum())


def test_the_next_step_meets_the_target() -> None:
    """Ringing everyone at once gives a better service level, and too many interruptions."""
    over = {"n_members": [3, 4], "ring_strategy": ["CYCLIC_HUNT", "RING_SIMULTANEOUSLY"]}
    target = rs.Target(service_level=0.7, interruptions_per_hour=18)
    found = best_of(over=over, minimise="n_members", subject_to=target)
    feasible = found.table.groupby("ring_strategy")["feasible"].agg(set)
    assert feasible.to_dict() == {"CYCLIC_HUNT": {"yes"}, "RING_SIMULTANEOUSLY": {"no"}}
    last = str(found).split("\n")[1]
    assert last.startswith("The next step, n_members 4: service level ")
    assert last.endswith(", at the price of 1 member more.")
    best = best_of(over=over | {"n_members": [3]}, minimise="n_members", subject_to=target)
    assert str(best).endswith(
        "\nNo other combination that may meet the target has a measurably better service level."
    )


def test_the_next_step_may_cost_nothing_but_a_further_figure() -> None:
    over = {"n_members": [3], "ring_strategy": ["CYCLIC_HUNT", "RING_SIMULTANEOUSLY"]}
    target = rs.Target(service_level=0.7, interruptions_per_hour=30)
    found = best_of(over=over, minimise="n_members", subject_to=target)
    first, last = str(found).split("\n")
    assert ": n_members 3, ring_strategy CYCLIC_HUNT. It meets " in first
    assert last.startswith("The next step, ring_strategy RING_SIMULTANEOUSLY: service level ")
    assert ", at the price of interruptions per hour " in last
    assert "member" not in last


def test_a_next_step_that_may_miss_the_target_says_so() -> None:
    found = optimum()
    chosen = found.chosen
    assert chosen is not None
    unsure = [replace(each, meets="undecided") for each in found.contenders if each is not chosen]
    chosen_alone = SimpleNamespace(
        **{name: getattr(found, name) for name in ("figures", "space", "target")},
        contenders=[chosen, *unsure],
    )
    assert _about_next(chosen_alone, chosen).endswith(" It is not sure to meet the target.")


def test_without_a_better_one_there_is_no_next_step() -> None:
    found = best_of(over={"n_members": [3]})
    assert str(found).endswith("\nNo combination has a measurably better service level.")


def test_it_says_what_is_not_decided() -> None:
    found = best_of(over={"ring_time": [20, 20.001]}, max_replications=160)
    assert not found.decided
    assert "though 1 other may be better after 160 replications: " in str(found)


def test_a_notebook_shows_the_frontier() -> None:
    html = optimum()._repr_html_()
    assert "The next step" in html
    assert "interruptions per hour" in html
    assert repr(optimum()).startswith("<Optimum of 24 combinations for group 600: ring_strategy")


# A space without a feasible combination


def test_it_says_which_goal_fails_and_how_close_the_best_comes() -> None:
    target = rs.Target(service_level=0.8, interruptions_per_hour=4)
    found = best_of(subject_to=target)
    assert found.best is None
    assert found.decided
    assert found.settings == {}
    assert set(found.table["feasible"]) == {"no"}
    assert str(found).startswith(
        f"None of 24 combinations for group 600 meets {target} with 95 % confidence. The closest, "
        "ring_strategy CYCLIC_HUNT, ring_time 20, n_members 4, misses at most 4 interruptions per "
        "hour: interruptions per hour 7."
    )


def test_the_closest_is_no_page_and_may_be_one_that_was_not_played() -> None:
    over = {"ring_strategy": ["PAGING_INTERCOM", "CYCLIC_HUNT"], "n_members": [0, 3]}
    found = best_of(over=over, subject_to=rs.Target(interruptions_per_hour=1, answer_rate=0.5))
    assert "The closest, ring_strategy CYCLIC_HUNT, n_members " in str(found)
    assert found._repr_html_()


def test_a_target_out_of_reach_is_an_error() -> None:
    told = refusal(lambda: best_of(over={"ring_time": [1, 2]}))
    assert told.startswith("subject_to.service_level must be at most 0.")
    assert "More is out of reach of all 2 combinations" in told
    told = refusal(lambda: best_of(over={"ring_time": [1]}))
    assert "More is out of reach of the only combination: people" in told


# Invalid arguments


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"minimise": None}, "minimise must be given. Write minimise="),
        ({"maximise": "answer_rate"}, "minimise must not be given beside another objective."),
        ({"minimise": "anser_rate"}, "minimise must be one of offered, "),
        (
            {"minimise": "answer_rate"},
            "minimise must not be answer_rate, which is better higher. Write maximise=",
        ),
        (
            {"minimise": None, "maximise": "n_members"},
            "maximise must not be n_members, which is better lower. Write minimise='n_members'.",
        ),
        (
            {"minimise": None, "maximise": rs.Cost(member_hour=1)},
            "maximise must be a metric; a Cost is minimised, got Cost(",
        ),
        (
            {"minimise": "cost"},
            "minimise must be a ringsim.Cost with prices, got 'cost'. Write Cost(member_hour=30).",
        ),
        ({"subject_to": 0.8}, "subject_to must be a ringsim.Target, got 0.8."),
        ({"within": -1}, "within must be a finite number, at least 0, got -1."),
        ({"within": math.inf}, "within must be a finite number, at least 0, got inf."),
        ({"over": {}}, "over must be a table of lists of values, got {}."),
        ({"over": {"ring_time": 8}}, "ring_time must be a list of values, got 8."),
        ({"over": {"ring_time": [8, 8.0]}}, "ring_time must not have a value twice, got 8.0."),
        ({"over": {"ring_tim": [8]}}, "ring_tim must be the path of a setting. Did you mean"),
        ({"over": {"ring_time": [8, -8]}}, "ring_time must be from 0 to 2147483647 seconds, got"),
        ({"over": {"n_members": [2.5]}}, "n_members must be a whole number from 0 to 10000, got 2"),
        ({"over": {"strategy": ["CYCLIC"]}}, "over.strategy[0] must be "),
        (
            {"over": {"strategy": ["CYCLIC_HUNT"], "ring_strategy": ["CYCLIC_HUNT"]}},
            "over.strategy must not be given beside ring_strategy.",
        ),
        (
            {"over": {"ring_time": range(1000), "n_members": range(1000)}},
            "over must make at most 100000 combinations, got 1000000.",
        ),
        ({"group": "700"}, "group must be"),
        ({"replications": 1}, "replications must be a whole number, at least 2, got 1."),
        ({"max_replications": 5}, "max_replications must be a whole number, at least 10, got 5."),
        ({"seed": -1}, "seed must be"),
    ],
)
def test_invalid_input_is_one_sentence(asked: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: best_of(**asked)).startswith(sentence)


def test_a_group_without_calls_is_an_error() -> None:
    silent = office().replace(demand={})
    told = refusal(lambda: rs.optimize(silent, over={"ring_time": [8]}, minimise="n_members"))
    assert told == NO_CALLS.format(600)


@pytest.mark.parametrize(
    ("prices", "sentence"),
    [
        ({}, "cost must have a member_hour, an interruption or a lost_call above 0."),
        ({"lost_call": 0}, "cost must have a member_hour, an interruption or a lost_call above 0."),
        ({"member_hour": -30}, "member_hour must be a finite number, at least 0, got -30."),
        ({"interruption": "much"}, "interruption must be a finite number, at least 0, got 'much'."),
        ({"lost_call": math.nan}, "lost_call must be a finite number, at least 0, got nan."),
    ],
)
def test_an_invalid_cost_is_one_sentence(prices: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: rs.Cost(**prices)) == sentence


def test_every_metric_can_be_the_objective() -> None:
    from ringsim.metrics import METRICS

    for name, metric in METRICS.items():
        asked = ("maximise" if metric.better == "higher" else "minimise", name)
        found = rs.optimize(
            office(), over={"n_members": [2, 3]}, max_replications=40, **dict([asked])
        )
        assert found.objective.name == name
        assert name in found.table.columns
    assert objective_of("occupancy", None, Thresholds()).name == "occupancy"


OVERFLOW = rs.Scenario(
    groups=[
        {
            "extension_number": "600",
            "members": ["201"],
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
        },
        {"extension_number": "601", "members": ["301"]},
    ],
    demand={"600": rs.Demand(calls_per_hour=20, talk_time=60, patience=60)},
    hours=1,
)


MORE = rs.RingGroup(extension_number="601", members=["301", "302"])


@pytest.mark.parametrize("minimise", [rs.Cost(member_hour=30, lost_call=5), "n_members"], ids=str)
@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("groups.601.n_members", [1, 2]),
        ("groups.601.members", [["301"], ["301", "302"]]),
        ("extensions.301.on_duty", [None, []]),
        ("groups", [OVERFLOW.groups, (OVERFLOW.groups[0], MORE)]),
        ("extensions", [[], [rs.Extension("301", on_duty=[])]]),
    ],
)
def test_members_who_are_not_counted_are_not_varied(path: str, values: Any, minimise: Any) -> None:
    """They would be free: the objective counts those of the optimized group."""
    assert refusal(
        lambda: rs.optimize(OVERFLOW, group="600", over={path: values}, minimise=minimise)
    ) == (
        f"{path} must not be varied: the objective counts the members of group 600 alone. "
        "Optimize the members of group 600, or another objective."
    )


def test_whole_records_may_vary_the_members_that_are_counted() -> None:
    more = OVERFLOW.groups[0].replace(members=["201", "202"])
    groups = [OVERFLOW.groups, (more, OVERFLOW.groups[1])]
    found = rs.optimize(
        OVERFLOW, group="600", over={"groups": groups}, minimise="n_members", max_replications=100
    )
    assert found.table["n_members"].tolist() == [1, 2]
