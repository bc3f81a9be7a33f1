"""Durations and instants as people write them: `3:00`, `"2 min"`, `08:15`, dates and times."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringsim as rs
from ringsim._checks import seconds_of
from support.helpers import refusal

GROUP = {"extension_number": "600", "members": ["201"]}


def office(arrives_at: Any, opens_at: Any = "08:00", **fields: Any) -> rs.Scenario:
    demand = {"600": rs.Demand(arrives_at=arrives_at, talk_time=60)}
    return rs.Scenario(groups=[GROUP], demand=demand, opens_at=opens_at, **fields)


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_clock_like_durations(hours: int, minutes: int, seconds: int) -> None:
    assert (
        seconds_of(f"{hours}:{minutes:02d}:{seconds:02d}") == hours * 3600 + minutes * 60 + seconds
    )
    assert seconds_of(f"{hours}:{seconds:02d}") == hours * 60 + seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2 min", 120), ("2min", 120), ("1 minute", 60), ("90 s", 90), ("1.5 h", 5400),
        ("2 hours", 7200), ("45 sec", 45), (" 0:20 ", 20), ("0:07.5", 7.5), ("1 Min", 60),
        ("3m", 180), ("3M", 180), ("2m30s", 150), ("2 min 30 s", 150), ("1h30m", 5400),
        ("1 hr 30 mins", 5400), ("1 h 5 s", 3605), ("2 minutes 30 seconds", 150), ("2 hrs", 7200),
    ],
)  # fmt: skip
def test_durations_with_a_unit(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@given(st.integers(0, 9), st.integers(0, 59), st.integers(0, 59), st.sampled_from(["", " "]))
def test_units_add_up(hours: int, minutes: int, seconds: int, between: str) -> None:
    text = between.join([f"{hours}h", f"{minutes}m", f"{seconds}s"])
    assert seconds_of(text) == hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize(
    "text",
    [
        "3:60", "1:2", "-1:00", "2 weeks", "min", "20", "", "1:00 h",
        "500 ms", "5 ss", "30 s 2 min", "2 min 2 min", "2m30", "2  min", "3,5 min",
    ],
)  # fmt: skip
def test_other_texts_are_no_durations(text: str) -> None:
    assert seconds_of(text) == text
    assert "must be" in refusal(lambda: rs.Demand(calls_per_hour=1, talk_time=text))


def test_durations_are_taken_wherever_there_is_one(tmp_path: Any) -> None:
    """In Python and in files; they are kept as seconds."""
    written = {
        "groups": [{**GROUP, "ring_time": "0:15", "repeat_delay": "2 s"}],
        "demand": {
            "600": {
                "calls_per_interval": [5, 6],
                "interval": "15 min",
                "talk_time": "3:00",
                "wrap_up_time": {"mean": "30 s"},
                "patience": {"mean": "1:30", "cv": 1},
            }
        },
        "extensions": [
            {"extension_number": "201", "answer_delay": "0:04",
             "away": {"every": "1 h", "lasting": "5 min"}}
        ],
    }  # fmt: skip
    seconds = rs.Scenario(
        groups=[{**GROUP, "ring_time": 15, "repeat_delay": 2}],
        demand={
            "600": rs.Demand(
                calls_per_interval=[5, 6],
                interval=900,
                talk_time=180,
                wrap_up_time={"mean": 30},
                patience=rs.lognormal(mean=90, cv=1),
            )
        },
        extensions=[rs.Extension("201", answer_delay=4, away=rs.Away(every=3600, lasting=300))],
    )
    assert rs.Scenario(**written) == seconds
    rs.Scenario(**written).dump(tmp_path / "office.toml")
    assert rs.Scenario.load(tmp_path / "office.toml") == seconds
    result = rs.simulate(seconds, replications=3)
    assert result.summary("0:10").equals(result.summary(10))
    assert result.intervals("10 min").equals(result.intervals(600))
    warm = rs.simulate(seconds, replications=3, warm_up="5 min")
    assert warm.summary().equals(rs.simulate(seconds, replications=3, warm_up=300).summary())
    assert rs.Target(service_level=0.8, within="15 s") == rs.Target(service_level=0.8, within=15)
    table = rs.sweep(seconds, {"groups.600.ring_time": ["0:10", 20]}, replications=2)
    assert len(table) == 2


def test_calls_at_times_of_day() -> None:
    scenario = office(["08:00", "09:30:15", time(12, 0), 60])
    assert scenario.demand["600"].arrives_at == (0, 5415, 14_400, 60)
    assert rs.Workload.draw(scenario).arrives_at.tolist() == [0, 60, 5415, 14_400]


def test_calls_before_opening_are_of_the_next_day() -> None:
    assert office(["23:00", "01:30"], "22:00").demand["600"].arrives_at == (3600, 12_600)


@pytest.mark.parametrize(
    "stamps",
    [
        ["2026-03-02 08:15:30", "2026-03-03T09:00:00"],
        [datetime(2026, 3, 2, 8, 15, 30), datetime(2026, 3, 3, 9)],
        pd.Series(pd.to_datetime(["2026-03-02 08:15:30", "2026-03-03 09:00:00"])),
    ],
    ids=["text", "datetime", "pandas"],
)
def test_calls_at_dates_and_times(stamps: Any) -> None:
    """The first date of all calls is the first day."""
    assert office(stamps).demand["600"].arrives_at == (930, 90_000)


def test_all_calls_share_one_calendar() -> None:
    own = rs.Demand(arrives_at=["2026-03-02 10:00"], talk_time=5)
    scenario = office(["2026-03-03 08:00"], extensions=[rs.Extension("201", own_calls=own)])
    assert scenario.demand["600"].arrives_at == (86_400,)
    assert scenario.extension("201").own_calls.arrives_at == (7200,)


def test_a_scenario_with_times_survives_its_file(tmp_path: Any) -> None:
    scenario = office(["08:15", "2026-03-02 09:00"])
    for name in ("office.toml", "office.json"):
        scenario.dump(tmp_path / name)
        assert rs.Scenario.load(tmp_path / name) == scenario


def test_toml_has_times_of_its_own(tmp_path: Any) -> None:
    file = tmp_path / "office.toml"
    file.write_text(
        'opens_at = 08:00:00\n[[groups]]\nextension_number = "600"\nmembers = ["201"]\n'
        "[demand.600]\narrives_at = [08:15:00, 2026-03-02T09:00:00, 2026-03-02 09:00:30]\n"
        'talk_time = 60\n[[extensions]]\nextension_number = "201"\n'
        "on_duty = [[08:00:00, 12:30:30], [13:00:00, 16:00:00]]\n"
    )
    scenario = rs.Scenario.load(file)
    assert scenario.opens_at == "08:00"
    assert scenario.demand["600"].arrives_at == (900, 3600, 3630)
    assert scenario.duty("201") == ((0, 16_230), (18_000, 28_800))
    assert rs.Scenario(**scenario.to_file()) == scenario


@pytest.mark.parametrize(
    ("arrives_at", "opens_at", "sentence"),
    [
        (["08:15"], None, "demand.600.arrives_at[0] must be in seconds from the start, as the "),
        (
            ["2026-03-02 07:59"],
            "08:00",
            "demand.600.arrives_at[0] must not be before opens_at",
        ),
        (["2026-03-02 08:00+01:00"], "08:00", "arrives_at[0] must be a local time without a zone"),
        (
            ["soon"],
            "08:00",
            "arrives_at[0] must be a finite number of seconds, at least 0, or a",
        ),
        ([5, -1], "08:00", "arrives_at[1] must be a finite number of seconds, at least 0, got -1"),
        (
            ["24:01"],
            "08:00",
            "arrives_at[0] must be a finite number of seconds, at least 0, or a",
        ),
    ],
)
def test_calls_at_other_times_are_refused(arrives_at: Any, opens_at: Any, sentence: str) -> None:
    assert refusal(lambda: office(arrives_at, opens_at)).startswith(sentence)


def test_a_shift_over_midnight_in_the_hours_of_one_day() -> None:
    """A night shift recurs: it ends in the morning and begins in the evening."""
    person = rs.Extension("201", on_duty=[("22:00", "06:00")])
    scenario = rs.Scenario(groups=[GROUP], extensions=[person], opens_at="00:00", hours=24)
    assert scenario.duty("201") == ((-7200, 21_600), (79_200, 108_000))
    people = rs.simulate(
        scenario.replace(demand={"600": rs.Demand(calls_per_hour=4, talk_time=60)}), replications=3
    ).members()
    assert people.loc[("600", "201"), "rung"] > 0


@pytest.mark.parametrize("column", [pd.Series, pd.Index, lambda of: pd.Series(of).to_numpy()])
def test_members_may_be_a_column_of_pandas(column: Any) -> None:
    group = rs.RingGroup(extension_number="600", members=column(["202", "201"]))
    assert [member.extension_number for member in group.members] == ["202", "201"]
