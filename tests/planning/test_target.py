"""Targets: the limits that they state, and the verdicts of `size` on them."""

from __future__ import annotations

import pytest

import ringsim as rs
from decision_studies import busy
from ringsim.confidence import Count
from ringsim.errors import ConfigurationError
from ringsim.metrics import METRICS, Thresholds, group_layout
from ringsim.planning._goals import GroupView
from ringsim.planning._replications import GrowingStudy
from ringsim.planning._runner import Runner
from ringsim.planning._search import with_extremes


def test_a_target_can_limit_interruptions_and_abandonment() -> None:
    target = rs.Target(interruptions_per_hour=12, abandonment_rate=0.05)
    assert [(goal.name, goal.limit, goal.at_most) for goal in target.goals] == [
        ("abandonment_rate", 0.05, True),
        ("interruptions_per_hour", 12.0, True),
    ]
    assert str(target) == (
        "an abandonment rate of at most 5 % and at most 12 interruptions per hour"
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"abandonment_rate": 5},
            "abandonment_rate must be above 0 and below 1, got 5. Write 0.05 for 5 %.",
        ),
        (
            {"interruptions_per_hour": 0},
            "interruptions_per_hour must be a positive number, got 0.",
        ),
        (
            {"interruptions_per_hour": "few"},
            "interruptions_per_hour must be a positive number, got 'few'.",
        ),
    ],
)
def test_an_invalid_limit_is_one_sentence(given: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        rs.Target(**given)  # type: ignore[arg-type]
    assert str(wrong.value) == told


@pytest.mark.parametrize(
    ("target", "meets"),
    [
        (rs.Target(interruptions_per_hour=60), "yes"),
        (rs.Target(interruptions_per_hour=15), "no"),
        (rs.Target(abandonment_rate=0.5), "yes"),
    ],
)
def test_size_judges_these_limits(target: rs.Target, meets: str) -> None:
    sizing = rs.size(busy(), "600", target, max_members=1)
    assert sizing.table.loc[1, "meets"] == meets


@pytest.mark.parametrize("passes", [1, 3])
def test_the_worst_day_is_the_busiest_one_with_every_ring_that_can_be(passes: int) -> None:
    action = {"action": "REPEAT"} if passes > 1 else {}
    sales = busy().group("600").replace(max_repeats=passes - 1, no_answer_forward_rule=action)
    study = rs.simulate(busy().replace(groups=[sales]), replications=50).study
    [seen] = GrowingStudy(study, group_layout(study.roster, Thresholds()), Runner(1)).upto(50)
    view = with_extremes(GroupView(seen, 0), study)
    figure = METRICS["interruptions_per_hour"].figure(view.calls, Thresholds())
    assert isinstance(figure, Count)
    assert view.most_interruptions(figure) == view.calls.of("offered").max() * passes / 2
    assert (figure.events / figure.per <= view.most_interruptions(figure)).all()


def test_staffing_refuses_a_limit_of_interruptions() -> None:
    with pytest.raises(
        ConfigurationError, match=r"target.interruptions_per_hour must not be given"
    ):
        rs.staffing(busy(), "600", rs.Target(interruptions_per_hour=9), width=1800)
