"""Ticks are at round times and have labels like a clock."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringsim.plot._time_axis import MAX_TICKS, STEPS, time_axis
from ringsim.scenario import clock_text
from support.drawn import MINUS, fresh_axes, labels
from support.played import scene

CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?(?: ([+-]\d+) d)?")


def ticks(start: float, end: float, opens_at: str | None = None) -> tuple[list[float], list[str]]:
    """Return the ticks within the axis, with their labels."""
    ax = fresh_axes()
    time_axis(ax, scene("A", opens_at=opens_at), start, end)
    found = zip(ax.get_xticks().tolist(), labels(ax, "x"), strict=True)
    inside = [(at, text) for at, text in found if start <= at <= end]
    return [at for at, _ in inside], [text for _, text in inside]


opening = st.sampled_from(["00:00", "08:00", "08:30:15", "23:59"])


@given(st.integers(0, 200_000), st.integers(2, 200_000), opening)
@settings(max_examples=20)
def test_a_clock_tells_the_time_of_every_tick(start: int, length: int, opens_at: str) -> None:
    at, texts = ticks(start, start + length, opens_at)
    hours, minutes, seconds = (int(part) for part in f"{opens_at}:00".split(":")[:3])
    for instant, text in zip(at, texts, strict=True):
        match = CLOCK.fullmatch(text)
        assert match
        hour, minute, second, day = (int(part or 0) for part in match.groups())
        told = day * 86_400 + hour * 3600 + minute * 60 + second
        assert told == round(instant + hours * 3600 + minutes * 60 + seconds)


@given(st.floats(0, 1e5), st.floats(2, 3e5), opening)
@settings(max_examples=20)
def test_ticks_are_few_and_equally_far_apart(start: float, length: float, opens_at: str) -> None:
    at, _ = ticks(start, start + length, opens_at)
    steps = {round(b - a, 3) for a, b in pairwise(at)}
    assert len(at) <= MAX_TICKS + 1
    assert len(steps) <= 1
    assert steps <= set(STEPS) | {86_400.0 * days for days in range(1, 9)}


@pytest.mark.parametrize(
    ("start", "end", "opens_at", "expected"),
    [
        (0, 100, None, ["0", "15", "30", "45", "60", "75", "90"]),
        (0, 7200, None, ["0:00", "0:15", "0:30", "0:45", "1:00", "1:15", "1:30", "1:45", "2:00"]),
        (-60, 60, None, ["-60", "-45", "-30", "-15", "0", "15", "30", "45", "60"]),
        (0, 100, "08:00", ["08:00:00", "08:00:15", "08:00:30", "08:00:45", "08:01:00",
                           "08:01:15", "08:01:30"]),
        (0, 4 * 3600, "22:00", ["22:00", "22:30", "23:00", "23:30", "00:00 +1 d", "00:30 +1 d",
                                "01:00 +1 d", "01:30 +1 d", "02:00 +1 d"]),
    ],
)  # fmt: skip
def test_texts_of_ticks(
    start: float, end: float, opens_at: str | None, expected: list[str]
) -> None:
    _, texts = ticks(start, end, opens_at)
    assert [text.replace(MINUS, "-") for text in texts] == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [(-30, "-0:00:30"), (59.9999999, "0:01:00"), (3661.25, "1:01:01.25"), (172_800, "48:00:00")],
)
def test_a_stretch_of_time_does_not_start_again_at_midnight(instant: float, expected: str) -> None:
    assert clock_text(instant, recurs=False, seconds=True) == expected


def test_less_than_a_second_has_ticks_too() -> None:
    at, texts = ticks(10, 10.5, "08:00")
    assert 2 <= len(at) <= MAX_TICKS + 1
    assert texts[0] == "08:00:10"
    assert texts[-1] == "08:00:10.5"
