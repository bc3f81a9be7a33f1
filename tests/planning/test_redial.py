"""Studies of callers who try again: the offered load depends on the strategy."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import ringsim as rs
from ringsim.dispatch import dispatchers_of
from ringsim.metrics import default_metrics
from ringsim.planning._bounds import longest_mean_wait, reachable_share
from ringsim.planning._capacity import answerable_share
from ringsim.planning._certain import is_certain
from ringsim.planning._study import study_of
from ringsim.scenario import changed
from support.redials import EAGER, office

REPLICATIONS = 25


def test_compared_variants_have_the_same_callers_and_not_the_same_calls() -> None:
    """A slower strategy answers fewer first attempts, and so is called more often."""
    variants = {"short rings": {"groups.600.ring_time": 4}}
    compared = rs.compare(
        office(EAGER),
        "600",
        variants=variants,
        replications=REPLICATIONS,
        metrics=["offered", "callers", "caller_answer_rate"],
    )
    table = compared.table.loc["short rings"]
    assert table.loc["callers", "difference"] == 0
    assert table.loc["offered", "differs"]
    offered = {
        name: result.summary().loc["offered", "estimate"]
        for name, result in compared.results.items()
    }
    assert offered["short rings"] > offered[compared.baseline]


def test_default_metrics_have_those_of_callers_only_with_redial() -> None:
    plain, again = (
        rs.compare(one, "600", variants={"slow": {"groups.600.ring_time": 25}}, replications=3)
        for one in (office(), office(EAGER))
    )
    assert plain.metrics == default_metrics(office(), "600")
    assert again.metrics == default_metrics(office(), "600", counts_callers=True)
    assert "caller_answer_rate" in str(again)
    assert "attempts_per_caller" not in str(plain)


def test_a_variant_without_redial_can_be_compared() -> None:
    """Metrics of callers are those of calls where nobody tries again."""
    compared = rs.compare(
        office(EAGER),
        "600",
        variants={"patient": {"demand.600.redial": None}},
        replications=REPLICATIONS,
    )
    found = compared.results["patient"]
    figures = [
        found.figure(name, "600").estimate()[:3] for name in ("caller_answer_rate", "answer_rate")
    ]
    assert figures[0] == figures[1]


def test_a_sweep_counts_callers() -> None:
    table = rs.sweep(
        office(EAGER), {"demand.600.redial.probability": [0, 0.4, 0.8]}, replications=REPLICATIONS
    )
    assert table["attempts_per_caller"].is_monotonic_increasing
    assert table["offered"].is_monotonic_increasing
    assert table["attempts_per_caller"][0] == 1
    assert table["first_answer_rate"].is_monotonic_decreasing


def test_sizes_count_the_attempts_of_callers() -> None:
    """Callers who try again need more members for the same share of calls answered."""
    target = rs.Target(answer_rate=0.7)
    plain, again = (
        rs.size(one, "600", target, seed=1, max_members=8, replications=50)
        for one in (office(), office(rs.Redial(probability=0.95, delay=60)))
    )
    assert plain.members is not None
    assert again.members is not None
    assert again.members > plain.members
    table = again.table
    assert (table["replications"][1:] > 0).all()  # no bound rules a size out


def test_bounds_of_the_share_answered_hold_for_attempts() -> None:
    """Impatient callers give up once; the patient ones overflow until somebody answers.

    So patient callers make most of the calls, and the share of them answered is larger than if
    patience were that of all callers: 0.5 x 0.15.
    """
    redial = rs.Redial(probability=1, delay=60, after="overflowed")
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"], "ring_time": 20}],
        extensions=[rs.Extension("201", answer_delay=15, answer_probability=0.15)],
        demand={
            "600": rs.Demand(
                calls_per_hour=2,
                talk_time=1,
                patience=rs.Empirical([1.0, 1000.0]),
                redial=redial,
            )
        },
    )
    answered = rs.simulate(scenario, replications=50).summary().loc["answer_rate"]
    group, dispatcher = scenario.group("600"), dispatchers_of(scenario, None)["600"]
    without = changed(scenario, {"demand.600.redial": None})
    assert reachable_share(without, group, dispatcher) < answered["low"]
    assert reachable_share(scenario, group, dispatcher) >= answered["high"]
    assert answerable_share(scenario, group, dispatcher) >= answered["high"]
    longest = longest_mean_wait(scenario, group, {"600": dispatcher}, 1.0)
    assert longest >= 15 > longest_mean_wait(without, group, {"600": dispatcher}, 1.0)


@pytest.mark.parametrize(
    ("metric", "redial", "certain"),
    [
        ("offered", None, True),
        ("offered", rs.Redial(probability=0.5, delay=1), False),
        ("callers", rs.Redial(probability=0.5, delay=1), True),
        ("answer_rate", None, True),
        ("answer_rate", rs.Redial(probability=0.5, delay=1), False),
        ("answer_rate", rs.Redial(probability=1, delay=1, max_attempts=3), True),
        ("answer_rate", rs.Redial(probability=1, delay={"mean": 1, "cv": 1}), False),
    ],
)
def test_what_is_certain(metric: str, redial: rs.Redial | None, certain: bool) -> None:
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        extensions=[rs.Extension("201", answer_delay=3)],
        demand={"600": rs.Demand(arrives_at=[0, 5, 9], talk_time=7, redial=redial)},
    )
    study = study_of(scenario, seed=0, engine="auto", dispatcher=None)
    assert is_certain(study, metric) is certain


def test_given_workloads_may_have_redials() -> None:
    """`compare` of a workload by hand shows metrics of callers, too."""
    scenario = office()
    workload = rs.Workload(
        arrives_at=[0, 5, 10],
        talk_time=60,
        answer_delay={"201": 3, "202": 4},
        redial_delay=30,
    )
    compared = rs.compare(
        scenario, "600", variants={"slow": {"groups.600.ring_time": 2}}, workload=workload
    )
    result = compared.results["slow"]
    assert result.figure("attempts_per_caller").estimate().estimate == pytest.approx(2)
    assert "attempts_per_caller" in result.summary().index
    assert "attempts_per_caller" in compared.metrics


def test_a_caller_who_is_answered_in_the_end_is_not_lost() -> None:
    """A cost charges each caller whom nobody answers once, whatever their attempts."""
    scenario = office(rs.Redial(probability=0.9, delay=30))
    found = rs.optimize(
        scenario,
        group="600",
        over={"ring_time": [15]},
        minimise=rs.Cost(lost_call=12),
        max_replications=100,
    )
    summary = rs.simulate(scenario, replications=100).summary(group="600")["estimate"]
    lost = summary["callers"] * (1 - summary["caller_answer_rate"])
    assert found.table.loc[0, "cost"] == pytest.approx(12 * lost)
    assert lost < summary["offered"] - summary["answered"]


def test_attempts_after_the_last_interval_are_said() -> None:
    scenario = changed(office(rs.Redial(probability=0.9, delay=900)), {"hours": 1})
    given: dict[str, Any] = {"width": 1800, "max_members": 1, "replications_played": 50}
    plan = rs.staffing(scenario, "600", rs.Target(answer_rate=0.3), **given)
    attempts = rs.simulate(plan.scenario, replications=50, seed=1).summary()["estimate"]["offered"]
    late = attempts - plan.table["offered"].sum()
    assert late > 1
    assert f"{late:.1f} of {attempts:.1f} attempts a day, of callers who try again," in str(plan)
    without = rs.staffing(office(None), "600", rs.Target(answer_rate=0.3), **given)
    assert "attempts a day" not in str(without)


def test_staffing_plays_attempts() -> None:
    plan = rs.staffing(
        changed(office(rs.Redial(probability=0.9, delay=30)), {"hours": 1}),
        "600",
        rs.Target(answer_rate=0.6),
        width=1800,
        max_members=6,
        replications=20,
    )
    assert isinstance(plan.table, pd.DataFrame)
    assert len(plan.table) == 2
