"""Stress tests: events, the same callers in each, and what breaks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim.distributions import as_distribution, scaled
from ringsim.planning._stressed import settled, stressed
from ringsim.scenario._members import free_numbers
from support.helpers import NO_CALLS, refusal


def office(**fields: Any) -> rs.Scenario:
    """Return an office in which 600 overflows to 601; 203 answers hardly any call."""
    rule = {"action": "FORWARD_TO_NUMBER", "number": "601"}
    whole: dict[str, Any] = {
        "groups": [
            {
                "extension_number": "600",
                "members": ["201", "202", "203"],
                "no_answer_forward_rule": rule,
            },
            {"extension_number": "601", "members": ["301"]},
        ],
        "demand": {
            "600": rs.Demand(
                calls_per_hour=[20, 40],
                interval=3600,
                talk_time=rs.lognormal(mean=90, cv=1),
                patience=stats.expon(scale=60),
            ),
        },
        "extensions": [rs.Extension("203", answer_probability=0.1)],
        "hours": 2,
        "opens_at": "08:00",
    }
    return rs.Scenario(**whole | fields)


def played(what: Any = None, scenario: Any = None, group: Any = "600", **given: Any) -> Any:
    return rs.stress(
        office() if scenario is None else scenario, group, what, **{"replications": 40} | given
    )


@pytest.fixture(scope="module")
def usual() -> rs.StressTest:
    return played()


def test_the_usual_events_are_five_with_all_that_was_left_open(usual: rs.StressTest) -> None:
    assert [str(event) for event in usual.events.values()] == list(usual.events)
    assert list(usual.events) == [
        *("201 absent", "1.3 times the calls", "15 calls in 10 min at 09:00"),
        *("calls 1.2 times as long", "601 closed"),
    ]


def test_the_table_has_intervals_of_differences(usual: rs.StressTest) -> None:
    table = usual.table
    assert table.index.names == ["metric", "event"]
    assert len(table) == 8 * 6
    rows = table.loc["answer_rate"]
    assert rows.index.tolist() == ["as it is", *usual.events]
    assert (rows["difference_low"] <= rows["difference"]).all()
    assert (rows["difference"] <= rows["difference_high"]).all()
    as_it_is = rs.simulate(office(), replications=40).summary(group="600")
    assert rows.loc["as it is", "estimate"] == as_it_is.loc["answer_rate", "estimate"]


def test_the_order_goes_from_the_worst_event_to_the_mildest(usual: rs.StressTest) -> None:
    falls = usual.table.loc[usual.deciding]["difference"]
    assert usual.deciding == "service_level"
    assert falls.loc[list(usual.order)].is_monotonic_increasing
    assert f"suffers most from {usual.order[0]}" in str(usual)
    assert ": its service level (within 20 s, offered) goes from " in str(usual)
    assert len(str(usual).splitlines()) == 2
    assert "<table" in usual._repr_html_()
    assert repr(usual) == "<StressTest of group 600: 5 events>"


def calls_of(scenario: rs.Scenario) -> Any:
    workload = rs.Workload.draw(scenario, seed=3)
    own = np.array(workload.group) == "600"
    assert own.sum() > 20
    return {name: getattr(workload, name)[own] for name in ("arrives_at", "talk_time", "patience")}


EVENTS = [
    rs.Stress.absence("202"),
    rs.Stress.burst(30, 5, at="08:30"),
    rs.Stress.closed("601"),
    rs.Stress.longer_calls(1.5),
]


TALK_TIMES = {
    "one for all": rs.lognormal(mean=90, cv=1),
    "by interval": [30, stats.gamma(2, scale=300)],
}


@pytest.mark.parametrize("talk_time", TALK_TIMES)
@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_the_callers_of_the_group_are_the_same_in_each_event(
    event: rs.Stress, talk_time: str
) -> None:
    calls = office().demand["600"].replace(talk_time=TALK_TIMES[talk_time])
    scenario = office(demand={"600": calls})
    before, after = calls_of(scenario), calls_of(stressed(event, scenario, "600"))
    factor = event.factor
    for name, values in before.items():
        expected = values * (factor if name == "talk_time" else 1)
        assert after[name] == pytest.approx(expected, rel=1e-12)


def test_a_burst_brings_its_calls_to_the_group_at_once_and_counts_none_of_them() -> None:
    scenario = stressed(rs.Stress.burst(12, 6, at="08:30"), office(), "600")
    log = rs.play(scenario, rs.Workload.draw(scenario, seed=1))
    more = log.calls[~log.calls["group"].isin(["600", "601"])]
    assert more["arrives_at"].tolist() == [1800 + 30 * (at + 0.5) for at in range(12)]
    visits = log.visits[log.visits["call"].isin(more.index) & (log.visits["group"] == "600")]
    arrived = visits.merge(more, left_on="call", right_index=True)
    assert len(arrived) == 12
    assert (arrived["entered_at"] == arrived["arrives_at"]).all()
    table = played([rs.Stress.burst(12, 6, at="08:30")]).table
    assert table.loc[("offered", "12 calls in 6 min at 08:30"), "difference"] == 0


def test_the_rings_of_a_burst_count_as_interruptions() -> None:
    """Its calls are none of the group's own, and its visits and rings are the group's."""
    metrics = ["received", "interruptions_per_hour", "offered"]
    found = played([rs.Stress.burst(30, 10)], metrics=metrics)
    received, rings, offered = (
        found.comparison.row(found.order[0], name).difference for name in metrics
    )
    assert received >= 30
    assert rings > 0
    assert offered == 0


def test_a_figure_that_is_neither_good_nor_bad_changes_and_does_not_suffer() -> None:
    what = [rs.Stress.volume(1.3), rs.Stress.volume(0.5)]
    found = played(what, metrics=["offered"])
    assert found.order == ("0.5 times the calls", "1.3 times the calls")
    assert str(found).startswith("Group 600 changes most with 0.5 times the calls: its offered")
    unchanged = played([rs.Stress.absence("203")], metrics=["offered"])
    assert str(unchanged).startswith("No event changes the offered of group 600 measurably")
    assert "Without measurable change: 203 absent." in str(unchanged)


def test_events_that_the_days_do_not_tell_apart_may_all_be_the_worst() -> None:
    """One call in three hundred more is beyond what forty days can show."""
    what = [rs.Stress.volume(1.3), rs.Stress.volume(1.301), rs.Stress.volume(1.05)]
    found = played(what)
    assert set(found.worst) == {"1.3 times the calls", "1.301 times the calls"}
    first, second = str(found).splitlines()
    assert first.startswith(f"Group 600 suffers most from {' or '.join(found.worst)}: its ")
    assert first.endswith("with the same callers, which do not tell these events apart.")
    assert f" with {found.order[0]}, in 40 replications" in first
    assert second.startswith(f"The others: {found.order[1]} (-")


@pytest.mark.parametrize("metric", ["service_level", "mean_speed_of_answer"])
def test_events_that_the_days_tell_apart_have_one_worst(metric: str) -> None:
    found = played([rs.Stress.volume(1.1), rs.Stress.volume(3)], metrics=[metric])
    assert found.worst == found.order[:1] == ("3 times the calls",)
    assert "tell these events apart" not in str(found)


def test_a_closed_voicemail_surely_changes_no_figure() -> None:
    """Its callers have overflowed, whether they may leave a message or not."""
    rule = {"action": "FORWARD_TO_VOICEMAIL"}
    groups = [{"extension_number": "600", "members": ["201"], "no_answer_forward_rule": rule}]
    table = played([rs.Stress.closed()], office(groups=groups, extensions=[])).table
    assert (table[["difference_low", "difference_high"]] == 0).all(axis=None)


def test_an_event_without_effect_changes_nothing() -> None:
    """No calls more, the same number of calls, the same length: not a bit differs."""
    what = [rs.Stress.burst(0, 10), rs.Stress.volume(1), rs.Stress.longer_calls(1)]
    found = played(what)
    assert (found.table["difference"] == 0).all()
    assert str(found).startswith("No event worsens the service level of group 600 measurably")


def test_who_is_absent_is_never_rung_and_a_closed_target_is_never_entered() -> None:
    absent = stressed(rs.Stress.absence("201"), office(), "600")
    log = rs.play(absent, rs.Workload.draw(absent, seed=2))
    assert "201" not in set(log.rings["member"])
    closed = stressed(rs.Stress.closed("601"), office(), "600")
    log = rs.play(closed, rs.Workload.draw(closed, seed=2))
    assert set(log.visits["group"]) == {"600"}


def test_voicemail_can_close_too_and_other_rules_stay() -> None:
    groups = [
        {
            "extension_number": "600",
            "members": ["201"],
            "no_answer_forward_rule": {"action": "FORWARD_TO_VOICEMAIL", "number": "600"},
        },
        {
            "extension_number": "601",
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "600"},
        },
    ]
    scenario = office(groups=groups)
    [event] = [e for e in played(scenario=scenario).events.values() if e.kind == "closed"]
    assert event.target == "voicemail"
    changed = stressed(event, scenario, "600")
    actions = [str(group.no_answer_forward_rule.action) for group in changed.groups]
    assert actions == ["HANGUP", "FORWARD_TO_NUMBER"]


def test_own_calls_by_interval_are_longer_too() -> None:
    own = rs.Demand(calls_per_hour=[40, 40], interval=3600, talk_time=[30, 600])
    scenario = office(extensions=[rs.Extension("201", own_calls=own)])
    before, after = (
        rs.Workload.draw(each, seed=1).own_calls
        for each in (scenario, stressed(rs.Stress.longer_calls(1.2), scenario, "600"))
    )
    assert set(before.talk_time) == {30, 600}
    assert after.talk_time == pytest.approx(1.2 * before.talk_time)


# Starts of bursts

SECONDS = [0, 1, 1800, 30_630, 79_200, 86_399]  # of the day, at which it opens


@st.composite
def busy_hours(draw: st.DrawFn) -> tuple[rs.Scenario, int]:
    """Draw a scenario that opens at any time, with the index of its busiest half-hour."""
    n = draw(st.integers(1, 100))
    busiest = draw(st.integers(0, n - 1))
    rates = [10 + 5 * (at == busiest) for at in range(n)]
    opens_at = draw(st.none() | st.sampled_from(SECONDS))
    clock = opens_at if opens_at is None else pd.Timestamp(opens_at, unit="s").time()
    demand = rs.Demand(calls_per_hour=rates, interval=1800, talk_time=60)
    whole = {"demand": {"600": demand}, "hours": n / 2, "opens_at": clock}
    return office(extensions=[], **whole), busiest


@given(busy_hours())
def test_the_usual_burst_starts_with_the_busiest_half_hour(
    scenario_and_busiest: tuple[rs.Scenario, int],
) -> None:
    """Whenever the scenario opens, to the second, and however many days it lasts."""
    scenario, busiest = scenario_and_busiest
    event = settled(rs.Stress.burst(1, 60), scenario, "600", None)
    [first] = stressed(event, scenario, "600").demand[next_number(scenario)].arrives_at or ()
    assert first == 1800 * busiest + 1800
    again = settled(event, scenario, "600", None)
    assert (again, str(again)) == (event, str(event))


def next_number(scenario: rs.Scenario) -> str:
    """Return the number of the group that a burst calls."""
    return next(free_numbers(scenario, "600"))


@pytest.mark.parametrize(
    ("at", "opens_at", "name"),
    [
        (None, "08:00:30", "5 calls in 10 min at 09:00:30"),
        (1800, "08:00", "5 calls in 10 min at 08:30"),
        (9, "08:00", "5 calls in 10 min at 08:00:09"),
        ("8:30", "08:00", "5 calls in 10 min at 8:30"),
        (1800, "23:45", "5 calls in 10 min at 00:15"),
        (93_600, "08:00", "5 calls in 10 min at 10:00 +1 d"),
        ("10:00 +1 d", "08:00", "5 calls in 10 min at 10:00 +1 d"),
        (1800, None, "5 calls in 10 min at 1800 s"),
        (0.25, "08:00", "5 calls in 10 min at 0.25 s"),
    ],
)
def test_the_start_of_a_burst_is_a_time_of_day_where_there_are_any(
    at: Any, opens_at: str | None, name: str
) -> None:
    scenario = office(opens_at=opens_at, hours=30)
    assert list(played([rs.Stress.burst(5, 10, at=at)], scenario, replications=2).events) == [name]


@settings(max_examples=30)
@given(st.sampled_from([stats.gamma(2, scale=30), 60, "samples", stats.expon(scale=9)]),
       st.floats(0.01, 100))  # fmt: skip
def test_a_scaled_distribution_gives_the_multiple_at_every_uniform(
    kind: Any, factor: float
) -> None:
    given = as_distribution(rs.Empirical([1, 5, 9]) if kind == "samples" else kind)
    u = np.linspace(0, 0.999, 50)
    many = scaled(given, factor)
    assert many.ppf(u) == pytest.approx(factor * given.ppf(u), rel=1e-12)
    assert many.isf(1 - u) == pytest.approx(factor * given.isf(1 - u), rel=1e-12)
    assert many.mean() == pytest.approx(factor * given.mean())


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ([], "what must be a list of events, got []."),
        ("absence", "what must be a list of events, got 'absence'."),
        ([3], "what[0] must be a ringsim.Stress, got 3. Write Stress.volume(1.3)."),
        (
            [rs.Stress.absence("209")],
            "what[0].person must be a person of the scenario, got '209'. Did you mean '203'?",
        ),
        (
            [rs.Stress.volume(2), rs.Stress.volume(2)],
            "what[1] must not be listed twice, got '2 times the calls'.",
        ),
        (
            [rs.Stress.closed("700")],
            "what[0].target must be where a group forwards calls that nobody answers, got '700'. "
            "Targets are 601.",
        ),
        (
            [{"kind": "volume", "factor": -1}],
            "what[0].factor must be a positive number, at most 1000, got -1.",
        ),
        (
            [{"kind": "burst", "calls": 1.5}],
            "what[0].calls must be a whole number from 0 to 100000, got 1.5.",
        ),
        (
            [{"kind": "burst"}],
            "what[0].calls must be given for kind 'burst'.",
        ),
        (
            [{"kind": "longer_calls"}],
            "what[0].factor must be given for kind 'longer_calls'.",
        ),
        (
            [{"kind": "absence", "person": "201", "factor": 2}],
            "what[0].factor must not be given for kind 'absence', got 2.",
        ),
        (
            [rs.Stress.burst(5, 10, at="07:00")],
            "what[0].at must be within the hours of the scenario, got '07:00'.",
        ),
        (
            [rs.Stress.burst(5, 10, at=10**6)],
            "what[0].at must be within the hours of the scenario, got 1000000.",
        ),
        (
            [rs.Stress.burst(5, 10, at="08:00 +0 d"), rs.Stress.burst(5, 10, at="07:59 +0 d")],
            "what[1].at must be within the hours of the scenario, got '07:59 +0 d'.",
        ),
        (
            [rs.Stress.burst(5, 10, at="08:30 +1 d")],
            "what[0].at must be within the hours of the scenario, got '08:30 +1 d'.",
        ),
        (
            [{"kind": "burst", "calls": 5, "at": "08:30 +x d"}],
            'what[0].at must be a time of day such as "08:30", got \'08:30 +x d\'.',
        ),
        (
            [{"kind": "burst", "calls": 5, "at": "8"}],
            'what[0].at must be a time of day such as "08:30", got \'8\'.',
        ),
    ],
)  # fmt: skip
def test_bad_events_are_refused_in_one_sentence(what: Any, message: str) -> None:
    assert refusal(lambda: played(what)) == message


def test_events_that_the_scenario_cannot_have_are_refused() -> None:
    alone = {"extension_number": "600", "members": ["201"]}
    calls = {"600": rs.Demand(arrives_at=[5, 60], talk_time=60)}
    given = office(groups=[alone], demand=calls, opens_at=None, extensions=[])
    assert refusal(lambda: played([rs.Stress.closed()], given)) == (
        "what[0].target must be given: the group does not forward calls that nobody answers."
    )
    assert refusal(lambda: played([rs.Stress.burst(5, 5, at="09:00")], given)) == (
        "what[0].at must be in seconds, as the scenario has no opens_at, got '09:00'."
    )
    assert "what[0].scaled() must be applied to a demand with calls_per_hour" in refusal(
        lambda: played([rs.Stress.volume(2)], given)
    )
    assert [event.kind for event in played(None, given).events.values()] == [
        *("absence", "burst", "longer_calls")
    ]


def test_it_does_not_depend_on_who_plays() -> None:
    with ThreadPoolExecutor(2) as executor:
        tables = [
            rs.stress(office(), "600", replications=20, seed=3, **asked).table
            for asked in ({}, {"workers": 1}, {"executor": executor})
        ]
    for other in tables[1:]:
        pd.testing.assert_frame_equal(other, tables[0])


def test_a_group_without_calls_is_an_error() -> None:
    assert refusal(lambda: rs.stress(office().replace(demand={}), "600")) == NO_CALLS.format(600)
