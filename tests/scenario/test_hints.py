"""Hints for what people write in a first scenario, by analogy with what they know."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim.distributions import as_distribution
from support.helpers import refusal as refusal_of

AT_WORK = (
    'Give the times at work, without breaks, as on_duty=[("08:00", "12:00"), ("12:30", "17:00")].'
)
COUNTS = (
    "Give the counts of a spreadsheet as calls_per_interval, and interval=1800 if they are those "
    "of half hours."
)


def refusal(make: Any, *given: Any, **fields: Any) -> str:
    return refusal_of(lambda: make(*given, **fields))


GROUP = {"extension_number": "600", "members": ["201"]}
LUNCH = ("12:00", "12:30")


@pytest.mark.parametrize("word", ["lunch", "breaks", "Shifts", "pauses"])
def test_breaks_are_given_as_the_times_at_work(word: str) -> None:
    refused = refusal(rs.Extension, "201", **{word: LUNCH})
    assert refused == f"Extension must have no field {word!r}, got ('12:00', '12:30'). {AT_WORK}"
    table = {"extension_number": "201", word: LUNCH}
    refused = refusal(rs.Scenario, groups=[GROUP], extensions=[table])
    assert refused.startswith("extensions[0]")
    assert refused.endswith(AT_WORK)


@pytest.mark.parametrize("word", ["calls", "calls_per_half_hour"])
def test_counts_are_not_taken_for_calls_per_hour(word: str) -> None:
    """A hint `calls_per_hour` would halve the calls of a planner who counts by half hour."""
    refused = refusal(rs.Demand, talk_time=180, **{word: [18, 25]})
    assert refused == f"Demand must have no field {word!r}, got [18, 25]. {COUNTS}"


def test_a_column_is_shown_by_its_size() -> None:
    refused = refusal(rs.Demand, talk_time=180, calls=pd.Series(range(18)))
    assert ", got a Series of 18 values. " in refused
    refused = refusal(rs.Demand, calls_per_hour=pd.DataFrame({"a": [1, 2]}), talk_time=180)
    assert "'a'" in refused


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        ({"closes_at": "17:00"}, 'Give hours, the length of the day, such as opens_at="08:00", '),
        ({"people": []}, "Give extensions, a list of Extension."),
        ({"calls": 40}, "Give demand, a table of Demand by group."),
    ],
)
def test_a_scenario_knows_other_words(fields: dict[str, Any], hint: str) -> None:
    assert hint in refusal(rs.Scenario, groups=[GROUP], **fields)


def test_one_record_in_place_of_a_list_is_shown_shortly() -> None:
    refused = refusal(rs.Scenario, groups=rs.RingGroup(**GROUP))
    assert refused == (
        "groups must be a list, got RingGroup(extension_number='600', "
        "members=(Member(extension_number='201'),)). "
        "Put it in brackets: a list may have one item."
    )


def test_a_record_shows_the_fields_that_were_set() -> None:
    assert repr(rs.Extension("201", answer_probability=0.9)) == (
        "Extension(extension_number='201', answer_probability=0.9)"
    )
    assert str(rs.Demand(calls_per_hour=4, talk_time=9)) == (
        "calls_per_hour=4 talk_time=Constant(value=9.0)"
    )


@pytest.mark.parametrize("away", [0.1, [LUNCH]])
def test_away_is_a_record(away: Any) -> None:
    assert refusal(rs.Extension, "201", away=away) == (
        f"away must be a table, got {away!r}. Give a ringsim.Away, or a table of its fields."
    )


@pytest.mark.parametrize(
    "spans",
    [
        "08:00-12:00, 12:30-17:00",
        ["08:00-12:00", "12:30 \N{EN DASH} 17:00"],
        [("08:00", "12:00"), "12:30-17:00"],
    ],
)
def test_spans_of_duty_may_be_text(spans: Any) -> None:
    asked = [("08:00", "12:00"), ("12:30", "17:00")]
    assert rs.Extension("201", on_duty=spans) == rs.Extension("201", on_duty=asked)
    week = {"mon": spans, "tue": []}
    assert rs.Extension("201", on_duty=week) == rs.Extension("201", on_duty=week | {"mon": asked})


@pytest.mark.parametrize("spans", [("08:00", "12:00"), ["08:00-12:00-13:00"], ["-"]])
def test_a_span_that_is_none_shows_the_form(spans: Any) -> None:
    refused = refusal(rs.Extension, "201", on_duty=spans)
    assert refused.startswith("on_duty[0] must be a start and an end, got ")
    assert refused.endswith('. Write [("08:00", "12:00"), ("12:30", "17:00")].')


@given(st.floats(0.1, 1e5), st.floats(0, 5))
def test_a_distribution_may_be_text_as_on_the_command_line(mean: float, cv: float) -> None:
    assert as_distribution(f"mean={mean!r}") == as_distribution({"mean": mean})
    assert as_distribution(f"mean={mean!r},cv={cv!r}") == rs.lognormal(mean=mean, cv=cv)
    assert as_distribution(f"dist=expon, scale={mean!r}") == as_distribution(
        stats.expon(scale=mean)
    )


def test_a_distribution_in_text_that_is_none_is_refused() -> None:
    refused = refusal(rs.Demand, calls_per_hour=4, talk_time="mean=1,mean=2")
    assert refused == "talk_time.mean must not be given twice, got 'mean=1,mean=2'."
    assert "men" in refusal(rs.Demand, calls_per_hour=4, talk_time="men=3:00")
    assert rs.Demand(calls_per_hour=4, talk_time="mean=3:00").talk_time.mean() == 180


def test_a_table_with_a_column_for_each_weekday_gives_a_week() -> None:
    table = pd.DataFrame({"mon": [4.0, 9.0], "tue": [3.0, 2.0]})
    demand = rs.Demand(calls_per_interval=table, talk_time=180)
    assert demand == rs.Demand(calls_per_interval=table.to_dict("list"), talk_time=180)
    assert refusal(rs.Demand, calls_per_interval=table.rename(columns={"mon": "m"}), talk_time=1)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (80, " Write 0.8 for 80 %."),
        ("80/20", " Write 0.8, and within=20."),
        ("80 %", " Write 0.8 for 80 %."),
        (-1, ""),
        (math.nan, ""),
        (100, ""),
    ],
)
def test_a_share_of_a_target_is_not_in_percent(given: Any, hint: str) -> None:
    refused = refusal(rs.Target, service_level=given)
    assert refused == f"service_level must be above 0 and below 1, got {given!r}.{hint}"


def test_one_metric_is_a_list_of_one() -> None:
    scenario = rs.Scenario(groups=[GROUP])
    refused = refusal(rs.compare, scenario, metrics="service level", replications=2)
    assert refused == (
        "metrics must be a list of metrics, got 'service level'. Write metrics=[\"service_level\"]."
    )


def test_an_exponential_duration_needs_no_function() -> None:
    with pytest.raises(AttributeError, match=r"Write \"mean=60\", or scipy"):
        _ = rs.exponential  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"no attribute 'nothing'$"):
        _ = rs.nothing  # type: ignore[attr-defined]
