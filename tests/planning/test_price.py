"""The price of a better variant: which variant, what it brings, and what worsens most."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import ringsim as rs
from ringsim.confidence import Count, Rate
from ringsim.metrics import METRICS
from ringsim.planning._advice import advice_on, describe_advice, price_of
from ringsim.planning._metric_changes import GOALS, Change, changes_between, gain_and_price
from support.plot_frames import office


@cache
def comparison(**asked: object) -> rs.Comparison:
    return rs.compare(office(), group="600", replications=60, **asked)


def test_ringing_everyone_at_once_is_paid_with_interruptions() -> None:
    compared = comparison()
    advice = advice_on(compared)
    assert advice is not None
    assert advice.variant == "RING_SIMULTANEOUSLY"
    assert [each.metric for each in advice.gains] == ["service_level", "mean_speed_of_answer"]
    assert {each.metric for each in advice.gains} <= {*GOALS}
    assert advice.price is not None
    assert advice.price.metric == "interruptions_per_hour"
    row = compared.table.loc[("RING_SIMULTANEOUSLY", "interruptions_per_hour")]
    now = compared.table.loc[("CYCLIC_HUNT", "interruptions_per_hour")]
    assert advice.price.before == now["estimate"]
    assert advice.price.after == row["estimate"]
    assert advice.price.difference == pytest.approx(row["estimate"] - now["estimate"])
    assert advice.members == (3, 3)


def test_only_significant_changes_for_the_worse_are_a_price() -> None:
    compared = comparison()
    for variant in compared.variants:
        price = price_of(compared, variant)
        worse = [
            metric
            for metric in compared.metrics
            if compared.row(variant, metric).differs
            and METRICS[metric].better
            and (compared.row(variant, metric).difference > 0)
            == (METRICS[metric].better == "lower")
            and compared.finding(metric).versus[variant].difference.is_trusted
        ]
        assert (price is None) == (not worse)
        assert price is None or price.metric in worse
    assert price_of(compared, compared.baseline) is None


def test_more_members_are_counted() -> None:
    advice = advice_on(
        rs.compare(office(), group="600", variants={"more": {"n_members": 5}}, replications=40)
    )
    assert advice is not None
    assert (advice.variant, advice.members) == ("more", (3, 5))


def test_no_advice_where_nothing_is_better() -> None:
    same = rs.compare(office(), group="600", variants={"same": {"name": "x"}}, replications=20)
    assert advice_on(same) is None


def test_a_rate_counts_by_its_difference_and_a_mean_by_its_ratio() -> None:
    assert Change("answer_rate", 0.8, 0.7, -0.1, -0.1, -0.1).size == pytest.approx(0.1)
    assert Change("interruptions_per_hour", 12, 24, 12, 12, 12).size == 1
    assert Change("rings_per_call", 0, 1, 1, 1, 1).size == float("inf")
    assert not Change("answer_rate", 0.8, 0.7, -0.1, -0.1, -0.1).is_better
    assert Change("mean_speed_of_answer", 8, 7, -1, -1, -1).is_better


def test_variants_that_do_the_same_are_one() -> None:
    compared = comparison()
    assert compared.distinct["CYCLIC_HUNT"] == ("CYCLIC_HUNT", "SKILL_BASED_ROUTING_CYCLIC_HUNT")
    assert sorted(name for names in compared.distinct.values() for name in names) == sorted(
        compared.variants
    )
    for first, names in compared.distinct.items():
        for name in names:
            assert compared.table.loc[name, "estimate"].equals(
                compared.table.loc[first, "estimate"]
            )


def test_the_baseline_stands_for_its_like() -> None:
    compared = rs.compare(
        office(), group="600", baseline="SKILL_BASED_ROUTING_CYCLIC_HUNT", replications=3
    )
    assert compared.distinct["SKILL_BASED_ROUTING_CYCLIC_HUNT"] == (
        "CYCLIC_HUNT",
        "SKILL_BASED_ROUTING_CYCLIC_HUNT",
    )


def test_a_sentence_names_what_improves_and_what_worsens_most() -> None:
    compared = comparison()
    advice = advice_on(compared)
    assert advice is not None
    assert advice.price is not None
    told = describe_advice(advice, compared.baseline)
    assert told == (
        "RING_SIMULTANEOUSLY improves on CYCLIC_HUNT: "
        f"{advice.gains[0].words}. Its price: {advice.price.words}."
    )
    assert advice.gains[0].words.startswith("service level ")
    assert advice.price.words.startswith("interruptions per hour ")
    assert told in str(compared).splitlines()


def test_further_members_are_a_price() -> None:
    compared = rs.compare(
        office(),
        group="600",
        variants={"more": {"n_members": 5}},
        metrics=["service_level"],
        replications=40,
    )
    assert "points more (" in str(compared)
    assert " Its price: 2 more members." in str(compared)


def test_a_comparison_without_advice_has_no_sentence_on_a_price() -> None:
    same = rs.compare(office(), group="600", variants={"same": {"name": "x"}}, replications=20)
    assert "rice" not in str(same)
    paged = rs.compare(
        office(), group="600", strategies=["CYCLIC_HUNT", "PAGING_INTERCOM"], replications=20
    )
    assert "rice" not in str(paged)


def test_a_change_without_a_price_says_so() -> None:
    compared = rs.compare(
        office(),
        group="600",
        strategies=["CYCLIC_HUNT", "RING_SIMULTANEOUSLY"],
        metrics=["service_level"],
        replications=60,
    )
    assert " No compared metric gets worse." in str(compared)


def test_answering_fewer_calls_sooner_is_no_gain() -> None:
    """Phones that stop ringing after 5 s: fewer calls are answered, and these sooner."""
    sales = {"extension_number": "600", "members": ["201", "202"]}
    demand = {"600": rs.Demand(calls_per_hour=20, talk_time=60)}
    compared = rs.compare(
        rs.Scenario(groups=[sales], demand=demand, hours=2),
        variants={"short": {"ring_time": 5}},
        metrics=["answer_rate", "mean_speed_of_answer"],
        replications=60,
    )
    for metric in compared.metrics:
        assert compared.row("short", metric).differs
        assert compared.row("short", metric).difference < 0
    assert advice_on(compared) is None


def change(metric: str, difference: float) -> Change:
    return Change(metric, 0.8, 0.8 + difference, difference, difference, difference)


def test_a_falling_answer_rate_is_named_and_bars_gains_in_later_goals() -> None:
    lost, sooner = change("answer_rate", -0.1), change("mean_speed_of_answer", -0.7)
    fewer, rings = change("abandonment_rate", -0.1), change("interruptions_per_hour", 6.3)
    assert gain_and_price([lost, sooner, fewer, rings], ["mean_speed_of_answer"]) == (
        None,
        [lost, rings],
    )
    assert gain_and_price([lost, sooner], []) == (None, [lost])


def test_a_gain_in_an_earlier_goal_may_cost_a_later_one() -> None:
    more, later = change("answer_rate", 0.1), change("mean_speed_of_answer", 0.7)
    fewer = change("abandonment_rate", -0.1)
    assert gain_and_price([fewer, later, more], ["abandonment_rate"]) == (more, [later])
    rings = change("interruptions_per_hour", 6.3)
    assert gain_and_price([fewer, rings], []) == (fewer, [rings])
    assert gain_and_price([], []) == (None, [])


def test_a_price_that_all_replications_carry_is_not_doubted() -> None:
    """Rings double in all replications, of four calls each."""
    members = ["201", "202", "203"]
    scenario = rs.Scenario(
        groups=[
            {
                "extension_number": "600",
                "ring_strategy": "PRIORITIZED_HUNT",
                "members": members,
            }
        ],
        demand={"600": rs.Demand(arrives_at=[10, 20, 30, 4000], talk_time=60)},
        hours=2,
    )
    found = rs.compare(scenario, strategies=["RING_SIMULTANEOUSLY"], replications=30)
    worse = found.row("RING_SIMULTANEOUSLY", "interruptions_per_hour")
    assert worse.differs
    assert "Its price: interruptions per hour " in str(found)
    assert "few events." not in str(found)


def test_a_price_that_few_events_carry_is_named_as_such_and_not_denied() -> None:
    """A fifth of all days differ, and one of them carries most of the difference."""
    apart = np.repeat([10.0, 1.0, 0.0], [1, 20, 79])
    rings = [Count(np.full(100, 9.0) + extra).influence() for extra in (0, apart)]
    better = Rate(np.full(100, 5.0) + np.arange(100) % 2, np.full(100, 10.0))
    best = Rate(better.events + 2, better.cases)
    metrics = "interruptions_per_hour", "service_level"
    before, after = (
        dict(zip(metrics, (count, rate.influence()), strict=True))
        for count, rate in zip(rings, (better, best), strict=True)
    )
    gain, prices = gain_and_price(changes_between(before, after), [])
    assert gain is not None
    assert gain.metric == "service_level"
    assert [each.metric for each in prices] == ["interruptions_per_hour"]
    assert prices[0].words.endswith("), from few events")
    gain, _ = gain_and_price(changes_between(after, before), [])
    assert gain is None


def test_a_change_on_the_edge_of_significance_is_no_gain_and_a_doubtful_price() -> None:
    """Holm's test finds it, and Bonferroni's interval just includes 0."""
    edge = Change("mean_speed_of_answer", 8, 8.17, 0.17, -0.01, 0.35)
    clear = change("interruptions_per_hour", 1)
    assert edge.words.endswith(", on the edge of significance")
    assert gain_and_price([edge], []) == (None, [edge])
    assert gain_and_price([edge, clear], []) == (None, [clear])
    sooner = edge._replace(after=7.83, difference=-0.17, low=-0.35, high=0.01)
    assert gain_and_price([sooner], []) == (None, [])
