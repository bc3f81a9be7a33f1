"""Tests of the conversion of spans of duty to seconds from the start (rule S12).

Every row has the spans as given, the opening time, the length in hours, and the spans
in seconds.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringsim.scenario import Extension, Scenario, clock_seconds
from ringsim.scenario._duty import resolved_duty
from support.effort import lines_run
from support.helpers import refusal

HOUR = 3600.0


def h(*pairs: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """Convert spans from hours to seconds."""
    return tuple((start * HOUR, end * HOUR) for start, end in pairs)


@pytest.mark.parametrize(
    ("spans", "opens_at", "hours", "seconds"),
    [
        pytest.param([], None, 8, (), id="never"),
        pytest.param([(0, 60), (60, 90.5)], None, 8, ((0, 60), (60, 90.5)), id="in seconds"),
        pytest.param([(60, 90), (0, 30)], None, 8, ((0, 30), (60, 90)), id="put in order"),
        pytest.param(
            [(0, 1e9)], None, 8, ((0, 1e9),), id="beyond the end, as calls are played out"
        ),
        pytest.param([(60, math.inf)], None, 8, ((60, math.inf),), id="without an end"),
        pytest.param([("08:00", "12:00")], "08:00", 8, h((0, 4)), id="from the opening"),
        pytest.param(
            [("08:00", "12:00"), ("13:00", "17:00")], "08:00", 9, h((0, 4), (5, 9)), id="a break"
        ),
        pytest.param([("09:30", "10:15")], "08:00", 8, h((1.5, 2.25)), id="minutes"),
        pytest.param(
            [("08:00:30", "08:01:15")], "08:00", 8, ((30, 75),), id="seconds of the clock"
        ),
        pytest.param([("06:00", "10:00")], "08:00", 8, h((-2, 2)), id="begun before the opening"),
        pytest.param([("06:00", "08:00")], "08:00", 8, (), id="over at the opening"),
        pytest.param([("20:00", "24:00")], "08:00", 8, h((12, 16)), id="until the end of the day"),
        pytest.param([(0, 60), ("09:00", "10:00")], "08:00", 8, ((0, 60), *h((1, 2))), id="both"),
        pytest.param(
            [("08:00", "12:00"), ("12:00", "16:00")],
            "08:00",
            8,
            h((0, 4), (4, 8)),
            id="shifts meet",
        ),
        pytest.param(
            [("23:00", "02:00")],
            "22:00",
            8,
            h((1, 4), (25, 28)),
            id="through midnight, as the scenario does",
        ),
        pytest.param(
            [("22:00", "06:00")],
            "00:00",
            30,
            h((-2, 6), (22, 30), (46, 54)),
            id="through midnight, begun the day before",
        ),
        pytest.param(
            [("08:00", "12:00")], "08:00", 48, h((0, 4), (24, 28), (48, 52)), id="on every day"
        ),
        pytest.param(
            [("00:00", "24:00")], "12:00", 24, h((-12, 12), (12, 36)), id="round the clock"
        ),
        pytest.param(
            [("22:00", "06:00"), ("06:00", "14:00")],
            "14:00",
            24,
            h((8, 16), (16, 24), (32, 40)),
            id="two shifts of three, the early one from the day after",
        ),
    ],
)
def test_spans(
    spans: list[Any], opens_at: str | None, hours: float, seconds: tuple[Any, ...]
) -> None:
    assert resolved_duty(spans, opens_at, hours) == seconds


@pytest.mark.parametrize(
    ("spans", "opens_at", "hours", "sentence"),
    [
        (
            [(10, 5)],
            None,
            8,
            "on_duty[0] must start at 0 or later and end after it starts, got (10, 5).",
        ),
        (
            [(0, 5), (7, 7)],
            None,
            8,
            "on_duty[1] must start at 0 or later and end after it starts, got (7, 7).",
        ),
        (
            [(-5, 5)],
            None,
            8,
            "on_duty[0] must start at 0 or later and end after it starts, got (-5, 5).",
        ),
        (
            [(0, math.nan)],
            None,
            8,
            "on_duty[0] must start at 0 or later and end after it starts, got (0, nan).",
        ),
        ([(0, 60), (59, 90)], None, 8, "on_duty[1] must not overlap another span, got (59, 90)."),
        ([(59, 90), (0, 60)], None, 8, "on_duty[0] must not overlap another span, got (59, 90)."),
        (
            [("08:00", "12:00"), ("11:00", "13:00")],
            "08:00",
            8,
            "on_duty[1] must not overlap another span, got ('11:00', '13:00').",
        ),
        (
            [("08:00", "12:00"), (0, 60)],
            "08:00",
            8,
            "on_duty[0] must not overlap another span, got ('08:00', '12:00').",
        ),
        (
            [("22:00", "06:00"), ("05:00", "09:00")],
            "20:00",
            12,
            "on_duty[1] must not overlap another span, got ('05:00', '09:00').",
        ),
        (
            [("12:00", "12:00")],
            "08:00",
            48,
            "on_duty[0] must end after it starts, got ('12:00', '12:00').",
        ),
        (
            [("08:00", "12:00")],
            None,
            8,
            "on_duty[0] must be in seconds from the start, as the scenario has no opens_at, got "
            "('08:00', '12:00'). Give opens_at, such as \"08:00\".",
        ),
        (
            [("08:00", 14_400)],
            "08:00",
            8,
            "on_duty[0] must be two times of day or two numbers of seconds, got ('08:00', 14400).",
        ),
        (
            [(None, 60)],
            "08:00",
            8,
            "on_duty[0] must be two times of day or two numbers of seconds, got (None, 60).",
        ),
        (
            [(False, True)],
            "08:00",
            8,
            "on_duty[0] must be two times of day or two numbers of seconds, got (False, True).",
        ),
        (
            [("8am", "12:00")],
            "08:00",
            8,
            "on_duty[0] must be a time of day such as \"08:30\", got '8am'.",
        ),
    ],
)
def test_spans_that_cannot_be(
    spans: list[Any], opens_at: str | None, hours: float, sentence: str
) -> None:
    assert refusal(resolved_duty, spans, opens_at, hours) == sentence


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("00:00", 0),
        ("8:30", 30_600),
        ("08:30", 30_600),
        ("08:30:15", 30_615),
        ("23:59:59", 86_399),
        ("24:00", 86_400),
    ],
)
def test_times_of_day(time: str, seconds: float) -> None:
    assert clock_seconds(time) == seconds


@pytest.mark.parametrize(
    "time",
    [
        "",
        "8",
        "08:60",
        "08:30:60",
        "24:01",
        "25:00",
        "-1:00",
        "08:30 ",
        "08:30\n",
        "٠٨:٣٠",
        8,
        None,
    ],
)
def test_what_is_no_time_of_day(time: Any) -> None:
    assert refusal(clock_seconds, time, "opens_at") == (
        f'opens_at must be a time of day such as "08:30", got {time!r}.'
    )


class TestOfAScenario:
    """A scenario checks the duty of all listed people when it is constructed."""

    GROUP = {"extension_number": "600", "members": ["201", "202"]}  # noqa: RUF012

    def test_always_unless_given(self) -> None:
        scenario = Scenario(groups=[self.GROUP], extensions=[Extension("201")])
        assert scenario.duty("201") is None
        assert scenario.duty("202") is None

    def test_never_if_empty(self) -> None:
        scenario = Scenario(groups=[self.GROUP], extensions=[Extension("201", on_duty=[])])
        assert scenario.duty("201") == ()

    def test_times_of_day_count_from_the_opening(self) -> None:
        scenario = Scenario(
            groups=[self.GROUP],
            opens_at="07:30",
            extensions=[Extension("201", on_duty=[("08:00", "12:00")])],
        )
        assert scenario.duty("201") == h((0.5, 4.5))
        assert scenario.replace(opens_at="08:00").duty("201") == h((0, 4))

    def test_one_span_wrong_refuses_the_scenario(self) -> None:
        people = [Extension("201"), Extension("202", on_duty=[(0, 9), (5, 20)])]
        assert refusal(lambda: Scenario(groups=[self.GROUP], extensions=people)) == (
            "extensions[1].on_duty[1] must not overlap another span, got (5, 20)."
        )

    def test_whom_no_group_lists_is_checked_too(self) -> None:
        people = [Extension("299", on_duty=[("08:00", "12:00")])]
        assert "as the scenario has no opens_at" in refusal(
            lambda: Scenario(groups=[self.GROUP], extensions=people)
        )


def clock(minute: int) -> str:
    """Format minutes since midnight as a time of day."""
    return f"{minute // 60:02}:{minute % 60:02}"


@given(
    minutes=st.lists(st.integers(0, 1439), min_size=2, max_size=6, unique=True),
    opens_at=st.integers(0, 1439),
    hours=st.integers(1, 72),
    instant=st.integers(0, 72 * 3600 - 1),
)
def test_on_duty_at_an_instant_if_the_clock_says_so(
    minutes: list[int], opens_at: int, hours: int, instant: int
) -> None:
    """At every instant of the day, the spans agree with the times of day."""
    instant %= hours * 3600
    minutes = sorted(minutes[: len(minutes) // 2 * 2])
    written = list(zip(minutes[::2], minutes[1::2], strict=True))
    spans = resolved_duty(
        [(clock(start), clock(end)) for start, end in written], clock(opens_at), hours
    )
    on_the_wall = (opens_at * 60 + instant) % 86_400
    assert any(start <= instant < end for start, end in spans) == any(
        start * 60 <= on_the_wall < end * 60 for start, end in written
    )
    assert all(end <= later for (_, end), (later, _) in pairwise(spans))


def test_duty_is_resolved_once() -> None:
    on_duty = [("08:00", "12:00"), ("13:00", "17:00")]
    scenario = Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        extensions=[Extension("201", on_duty=on_duty)],
        opens_at="08:00",
    )
    first, again = (lines_run(scenario.duty, "201") for _ in range(2))
    assert again < first / 2
    assert scenario.duty("201") == h((0, 4), (5, 9))
    assert scenario.replace(opens_at="07:00").duty("201") == h((1, 5), (6, 10))
