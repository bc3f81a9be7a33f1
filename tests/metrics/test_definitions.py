"""Edge cases of the metrics: variants, thresholds, percentiles, empty denominators.

`test_worked_figures` has the ordinary cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan
from typing import Any

import pytest

import ringsim as rs
from ringsim.metrics import (
    MEMBER_METRICS,
    METRICS,
    VARIANTS,
    Layout,
    Observations,
    Observer,
    Tables,
    Thresholds,
)
from support.played import INF, group, scene, script

OF_CALLS = [
    "offered",
    "answered",
    "abandoned",
    "overflowed",
    "blocked",
    "short_abandon",
    "answer_rate",
    "abandonment_rate",
    "overflow_rate",
    "service_level",
    "p_target_met",
    "mean_speed_of_answer",
    "mean_wait",
    "wait_p50",
    "wait_p90",
    "wait_p95",
    "answer_wait_p50",
    "answer_wait_p90",
    "answer_wait_p95",
    "mean_time_to_abandon",
    "mean_time_to_overflow",
    "rings_per_call",
    "rings_per_answer",
    "ring_no_answer_rate",
    "offered_load",
    "received",
    "answered_here",
    "answer_rate_of_received",
    "no_candidate_rate",
    "interruptions_per_hour",
    "fairness",
]
# See `test_option_metrics`
OF_OPTIONS = ["line_wait", "longest_line", "queue_full_rate", "declined_rate", "pause_time"]
OF_CALLERS = [
    "callers",
    "caller_answer_rate",
    "attempts_per_caller",
    "mean_time_to_reach",
    "first_answer_rate",
    "first_abandonment_rate",
    "first_overflow_rate",
    "first_service_level",
]
OF_MEMBERS = [
    "rung",
    "answered",
    "ring_no_answer",
    "paged",
    "talk_share",
    "ring_share",
    "wrap_up_share",
    "occupancy",
    "answer_share",
    "interruptions_per_hour",
]


class Days(Tables):
    """Several days of one scenario, each made by hand."""

    def __init__(self, scenario: rs.Scenario, *days: rs.Workload) -> None:
        self.scenario = scenario
        self.days = days

    def observed(self, layout: Layout) -> Observations:
        observer = Observer(self.roster, layout, len(self.days))
        for day in self.days:
            observer.add(rs.play(self.scenario, day).arrays)
        return observer.observations()

    @property
    def latest(self) -> float:
        return max(float(day.arrives_at.max()) for day in self.days)


def figure(tables: Tables, metric: str, **asked: Any) -> float:
    estimate: float = tables.summary(**asked).loc[metric, "estimate"]
    return estimate


def one_at_a_time(
    *answered: float, abandoned: Sequence[float] = (), ring_time: float = 1000
) -> rs.CallLog:
    """Return a day of one member whose calls, far apart, have these waits."""
    n = len(answered) + len(abandoned)
    return rs.play(
        scene(group("A", ring_time=ring_time)),
        script(
            *(5000.0 * call for call in range(n)),
            patience=[INF] * len(answered) + list(abandoned),
            A=list(answered) + [INF] * len(abandoned),
        ),
    )


def test_every_agreed_metric_is_there_and_no_other() -> None:
    assert set(METRICS) == {*OF_CALLS, *OF_OPTIONS, *OF_CALLERS}
    assert [name for name, metric in METRICS.items() if metric.of_callers] == OF_CALLERS
    assert set(MEMBER_METRICS) == {*OF_MEMBERS, "declined", "pause_time"}


@pytest.mark.parametrize("name", OF_CALLS)
def test_every_metric_says_what_it_is(name: str) -> None:
    assert METRICS[name].definition
    assert METRICS[name].unit


# Service level


@pytest.mark.parametrize(
    ("variant", "per_mille"),
    [
        ("offered", 811),
        ("ignore_abandoned_within", 827),
        ("credit_abandoned_within", 830),
        ("answered_only", 860),
        ("short_excluded", 819),
    ],
)
def test_service_level_of_the_published_example(variant: str, per_mille: int) -> None:
    """1000 answered, 860 of them within; 60 abandoned, 20 within, 10 of them short."""
    log = one_at_a_time(
        *[20.0] * 860, *[20.5] * 140, abandoned=[5.0] * 10 + [20.0] * 10 + [60.0] * 40
    )
    assert round(1000 * figure(log, "service_level", variant=variant)) == per_mille


def test_the_variants_are_the_five_agreed() -> None:
    assert list(VARIANTS) == [
        "offered",
        "ignore_abandoned_within",
        "credit_abandoned_within",
        "answered_only",
        "short_excluded",
    ]


def test_overflowed_calls_count_in_all_variants_but_answered_only() -> None:
    log = rs.play(scene(group("A", ring_time=10)), script(0, 100, 200, 300, A=[1, 1, 1, INF]))
    levels = {variant: figure(log, "service_level", variant=variant) for variant in VARIANTS}
    assert levels.pop("answered_only") == 1
    assert set(levels.values()) == {3 / 4}


@pytest.mark.parametrize(
    ("within", "expected"), [(0, 1 / 4), (19.9, 2 / 4), (20, 3 / 4), (20.5, 1), (inf, 1)]
)
def test_within_includes_the_threshold(within: float, expected: float) -> None:
    assert figure(one_at_a_time(0, 5, 20, 20.5), "service_level", within=within) == expected


def test_the_last_bits_of_a_float_do_not_decide_what_is_within() -> None:
    """A wait of (12.2 + 20) - 12.2 is 20 s, though its float is more."""
    log = rs.play(scene(group("A", ring_time=60)), script(12.2, 100, A=[20, 20.00000001]))
    assert log.calls["wait"][0] > 20
    assert figure(log, "service_level", within=20) == 1 / 2


@pytest.mark.parametrize(("short", "expected"), [(0, 0), (2.9, 1), (3, 2), (5, 2), (10, 3)])
def test_short_abandons_are_within_their_threshold(short: float, expected: int) -> None:
    log = one_at_a_time(1, abandoned=[1, 3, 10])
    assert figure(log, "short_abandon", short=short) == expected
    assert figure(log, "service_level", short=short, variant="short_excluded") == 1 / (4 - expected)


def test_the_thresholds_are_told_beside_the_figures() -> None:
    notes = one_at_a_time(1).summary(30, variant="answered_only", short=2, target=0.9)["note"]
    assert notes["service_level"].startswith("30 s answered")
    assert notes["short_abandon"].startswith("2 s")
    assert notes["p_target_met"].startswith(">= 0.9")


# Outcomes


def test_a_call_that_rang_somewhere_is_not_blocked() -> None:
    """Call 0 rings unanswered in 600 and finds nobody in 601; call 1 finds nobody at all."""
    scenario = scene(group("A", to="601"), group("B", number="601"), duty={"B": []})
    log = rs.play(scenario, script(0, 5, to=["600", "601"]))
    assert figure(log, "overflowed") == 2
    assert figure(log, "blocked") == 1
    assert figure(log, "blocked", group="600") == 0


def test_a_caller_who_gives_up_before_any_ring_is_abandoned_not_blocked() -> None:
    """Patience 0.5 s ends while the group waits a second to repeat."""
    scenario = scene(group("", action="REPEAT"))
    log = rs.play(scenario, script(0, patience=0.5))
    assert (figure(log, "abandoned"), figure(log, "blocked")) == (1, 0)


@pytest.mark.parametrize(
    ("strategy", "expected"), [("RING_SIMULTANEOUSLY", 0), ("PRIORITIZED_HUNT", 2 / 3)]
)
def test_only_rings_of_full_time_are_ring_no_answers(strategy: str, expected: float) -> None:
    """C answers after 5: A and B lose a simultaneous ring, but sit out their hunt."""
    log = rs.play(scene(group("A B C", strategy)), script(0, C=5))
    assert figure(log, "ring_no_answer_rate") == expected


def test_a_ring_that_the_caller_ends_is_no_ring_no_answer() -> None:
    assert figure(one_at_a_time(abandoned=[7]), "ring_no_answer_rate") == 0


# Waits


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("answer_wait_p50", 50),
        ("answer_wait_p90", 90),
        ("answer_wait_p95", 95),
        ("wait_p50", 40),  # the 60th of 120
        ("wait_p90", 88),  # the 108th
        ("wait_p95", 94),  # the 114th
    ],
)
def test_a_percentile_is_the_smallest_wait_that_so_many_do_not_exceed(
    metric: str, expected: float
) -> None:
    """Answered after 1, 2, ..., 100 s, and 20 who gave up after half a second."""
    assert figure(one_at_a_time(*range(1, 101), abandoned=[0.5] * 20), metric) == expected


def test_offered_load_leaves_out_calls_that_were_not_answered_but_counts_their_arrival() -> None:
    """4 calls in 2 hours, of 100 + 20 s each when answered: 4 / 7200 x 120 erlang."""
    log = rs.play(
        scene(group("A"), hours=2),
        script(0, 1000, 2000, 3000, talk=100, wrap_up=20, A=[0, 0, 0, INF]),
    )
    assert figure(log, "offered_load") == pytest.approx(4 / 7200 * 120, rel=1e-12)


# Members of a group


@pytest.mark.parametrize(
    ("members", "answered_by", "expected"),
    [
        ("A B", "AB", 1),
        ("A B", "AA", 1 / 2),
        ("A B C", "AAB", 9 / (3 * 5)),  # C answers nothing and counts
        ("A B", "", nan),
    ],
)
def test_fairness_is_jains_index_over_all_members(
    members: str, answered_by: str, expected: float
) -> None:
    delays = {
        name: [0 if name == who else INF for who in answered_by] or 0 for name in members.split()
    }
    log = rs.play(
        scene(group(members, ring_time=1)),
        script(*(100 * call for call in range(len(answered_by))), **delays),
    )
    assert figure(log, "fairness") == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_fairness_is_of_answers_per_hour_on_duty() -> None:
    """A answers one call in one hour, B two in two hours: fair."""
    scenario = scene(group("A B", ring_time=1), hours=2, duty={"A": [(0, 3600)]})
    log = rs.play(scenario, script(0, 100, 200, A=[0, INF, INF], B=0))
    assert figure(log, "fairness") == 1


def test_interruptions_are_rings_per_hour_on_duty_of_the_groups_members() -> None:
    """A (one hour on duty) and B (two hours) ring twice each; C is not a member."""
    scenario = scene(
        group("A B", "RING_SIMULTANEOUSLY"),
        group("C", number="601"),
        duty={"A": [(0, 3600)]},
        hours=2,
    )
    log = rs.play(scenario, script(0, 100, to="600"))
    assert figure(log, "interruptions_per_hour", group="600") == 4 / 3
    assert figure(log, "interruptions_per_hour", group="601") == 0
    assert figure(log, "interruptions_per_hour") == 4 / 5


# Days

GOOD, BAD, QUIET = script(0, 100, 200, 300, A=1), script(0, A=30), script()


@pytest.mark.parametrize(
    ("days", "expected", "note"),
    [
        ([GOOD, GOOD, BAD, GOOD], 3 / 4, ">= 0.8"),
        ([GOOD, BAD, QUIET], 1 / 2, ">= 0.8; 1 out"),
        ([QUIET, GOOD, QUIET], 1, ">= 0.8; 2 out"),
        ([QUIET, QUIET], nan, ">= 0.8; 2 out"),
    ],
)
def test_target_met_is_a_share_of_days_with_calls(
    days: list[rs.Workload], expected: float, note: str
) -> None:
    summary = Days(scene(group("A", ring_time=60)), *days).summary(within=20)
    assert summary.loc["p_target_met", "estimate"] == pytest.approx(expected, nan_ok=True)
    assert summary.loc["p_target_met", "note"] == note


LOST, AT_ONCE = script(0, 100, patience=60), script(0, 100, patience=1)


@pytest.mark.parametrize(
    ("variant", "days", "expected", "note"),
    [
        ("answered_only", [GOOD, LOST, LOST], 1 / 3, ">= 0.8"),
        ("answered_only", [LOST, LOST], 0, ">= 0.8"),
        (
            "answered_only",
            [GOOD, AT_ONCE, QUIET],
            1 / 2,
            ">= 0.8; 1 out",
        ),
        ("offered", [GOOD, LOST, AT_ONCE], 1 / 3, ">= 0.8"),
        ("credit_abandoned_within", [GOOD, LOST, AT_ONCE], 2 / 3, ">= 0.8"),
        *(
            (
                variant,
                [GOOD, LOST, AT_ONCE, QUIET],
                1 / 2,
                ">= 0.8; 2 out",
            )
            for variant in ("ignore_abandoned_within", "short_excluded")
        ),
    ],
)
def test_a_day_whose_calls_were_all_lost_has_not_met_its_target(
    variant: str, days: list[rs.Workload], expected: float, note: str
) -> None:
    """But for calls that the variant sets aside, as if nobody had called."""
    summary = Days(scene(group("A", ring_time=60)), *days).summary(20, variant=variant)
    assert summary.loc["p_target_met", "estimate"] == pytest.approx(expected)
    assert summary.loc["p_target_met", "note"] == note


def test_every_day_meets_a_target_of_nothing() -> None:
    days = Days(scene("A"), GOOD, LOST)
    found = days.summary(variant="answered_only", target=0)
    assert found.loc["p_target_met", "estimate"] == 1


def test_calls_at_given_instants_are_certain_and_drawn_ones_are_not() -> None:
    """This holds for each group, for all calls, and by interval."""
    people = [group("A"), group("B", number="601")]
    given, drawn = (
        rs.Demand(talk_time=5, **calls)
        for calls in ({"arrives_at": [0, 60]}, {"calls_per_hour": 9})
    )
    office = rs.Scenario(groups=people, demand={"600": given, "601": drawn}, hours=1)
    result = rs.simulate(office, replications=3)
    offered = {who: result.figure("offered", who).estimate() for who in ("600", "601", None)}
    assert offered["600"] == (2, 2, 2, "")
    assert offered["600"].is_certain
    assert not offered["601"].is_certain
    assert not offered[None].is_certain
    assert "offered" not in result.intervals(group="600")["note"].iloc[0].split(": ")[1].split(", ")
    assert "offered" in result.intervals(group="601")["note"].iloc[0]


def test_what_a_scenario_rules_out_is_certain() -> None:
    """Examples: no wrap-up time, and the share and fairness of a group with one member."""
    office = rs.Scenario(
        groups=[group("A"), group("B C", number="601")],
        demand={each: rs.Demand(calls_per_hour=30, talk_time=60) for each in ("600", "601")},
        hours=8,
    )
    result = rs.simulate(office, replications=20)
    notes = result.members()["note"]
    assert not notes.str.contains("wrap_up_share").any()
    assert "answer_share" not in notes.loc["600"].iloc[0]
    assert result.figure("fairness", "600").estimate() == (1, 1, 1, "")
    assert not result.figure("fairness", "601").estimate().is_certain
    demand = {"600": rs.Demand(calls_per_hour=30, talk_time=60, wrap_up_time=1)}
    wrapping = rs.simulate(office.replace(demand=demand), replications=20).members()["note"]
    assert wrapping.str.contains("wrap_up_share").all()  # of 601, which nobody calls, too


def test_a_day_that_just_reaches_the_target_meets_it() -> None:
    four_of_five = script(0, 100, 200, 300, 400, A=[1, 1, 1, 1, 30])
    log = rs.play(scene(group("A", ring_time=60)), four_of_five)
    assert figure(log, "p_target_met", target=0.8) == 1
    assert figure(log, "p_target_met", target=0.81) == 0


def test_a_rate_over_days_is_a_ratio_of_sums_not_a_mean_of_ratios() -> None:
    """4 of 4 within on one day, 0 of 1 on another: 4 of 5, not a half."""
    days = Days(scene(group("A", ring_time=60)), GOOD, BAD)
    assert figure(days, "service_level") == 4 / 5
    assert figure(days, "mean_wait") == pytest.approx((4 * 1 + 30) / 5, rel=1e-12)
    assert figure(days, "offered") == 5 / 2


# Nothing to divide by

WITHOUT_CALLS = {
    name: nan if metric.unit != "calls" and name != "interruptions_per_hour" else 0
    for name, metric in METRICS.items()
}


@pytest.mark.parametrize("name", OF_CALLS)
def test_without_calls_counts_are_0_and_the_rest_is_nan(name: str) -> None:
    log = rs.play(scene(group("A B")), script())
    assert figure(log, name) == pytest.approx(WITHOUT_CALLS[name], nan_ok=True)


def test_interruptions_of_a_group_that_nobody_is_on_duty_for_are_nan() -> None:
    log = rs.play(scene(group("A"), duty={"A": []}), script(0))
    assert figure(log, "interruptions_per_hour") == pytest.approx(nan, nan_ok=True)
    assert figure(log, "fairness") == pytest.approx(nan, nan_ok=True)


# Questions that cannot be


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"within": -1}, "within must be a number of seconds, at least 0, got -1."),
        ({"within": nan}, "within must be a number of seconds, at least 0, got nan."),
        ({"within": True}, "within must be a number of seconds, at least 0, got True."),
        ({"short": "5"}, "short must be a number of seconds, at least 0, got '5'."),
        ({"target": 80}, "target must be between 0 and 1, got 80."),
        ({"target": nan}, "target must be between 0 and 1, got nan."),
        (
            {"variant": "ofered"},
            f"variant must be one of {', '.join(VARIANTS)}, got 'ofered'. Did you mean 'offered'?",
        ),
        (
            {"group": "700"},
            "group must be the number of a group of the scenario, got '700'. Its groups are 600.",
        ),
    ],
)
def test_a_question_that_cannot_be_is_an_error(asked: dict[str, Any], sentence: str) -> None:
    log = one_at_a_time(1)
    for ask in (log.summary, log.intervals):
        with pytest.raises(rs.ConfigurationError) as wrong:
            ask(**asked)
        assert str(wrong.value) == sentence


def test_a_question_has_the_defaults_of_a_summary() -> None:
    log = one_at_a_time(1, 25, abandoned=[4])
    asked = Thresholds()
    explicit = log.summary(
        asked.within, variant=asked.variant, short=asked.short, target=asked.target
    )
    assert log.summary().equals(explicit)


def test_fairness_of_all_groups_leaves_out_those_that_page() -> None:
    """A and B answer one call each; C is only ever paged."""
    paged = group("C", "PAGING_INTERCOM", "601")
    scenario = scene("A B", paged)
    day = script(0, 1, 2000, talk=100, to=["600", "600", "601"], A=0, B=0)
    assert figure(rs.play(scenario, day), "fairness") == 1


def test_interval_of_a_lower_level_lies_within_that_of_a_higher() -> None:
    demand = {"600": rs.Demand(calls_per_hour=60, talk_time=60, patience=20)}
    result = rs.simulate(scene("A B", hours=2).replace(demand=demand), replications=20)
    wide, narrow = result.summary(level=0.99), result.summary(level=0.5)
    moves = wide["low"].notna() & (wide["low"] < wide["high"])
    assert moves.sum() > 20
    assert (wide.loc[moves, "low"] <= narrow.loc[moves, "low"]).all()
    assert (wide.loc[moves, "high"] >= narrow.loc[moves, "high"]).all()
    assert (wide.loc[moves, "low"] < narrow.loc[moves, "low"]).sum() > 20
    assert result.members(level=0.5)["occupancy_low"].gt(result.members()["occupancy_low"]).all()
    with pytest.raises(rs.ConfigurationError, match=r"level must be between 0 and 1, got 1\."):
        result.summary(level=1)


def test_percentiles_need_all_waits() -> None:
    needing = {name for name, metric in METRICS.items() if metric.needs_waits}
    assert needing == {name for name in METRICS if "wait_p" in name}
