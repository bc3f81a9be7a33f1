"""Tests of Erlang's formulas: laws, inverses, limits in which they agree, and refusals."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ringsim import erlang
from support.helpers import makes_or_refuses, refusal

ROUNDING = 1e-12  # relative error of floats

members = st.integers(1, 100)
per_member = st.one_of(st.floats(0.01, 3), st.floats(0.9, 1.1))
stable = st.floats(0.01, 0.99)  # load per member that patient callers can bring
ratios = st.floats(-3, 3).map(lambda power: float(10**power))  # patience in handle times
targets = st.one_of(st.floats(1e-6, 1 - 1e-6), st.floats(-250, -1).map(lambda x: float(10**x)))
recalls = st.floats(0, 1)

HANDLE = 180.0


def near(value: Any, tolerance: float = ROUNDING) -> Any:
    return pytest.approx(value, rel=tolerance, abs=1e-280)


def in_order(*values: float) -> bool:
    """Return True if no value exceeds the next by more than rounding."""
    return all(low <= high * (1 + ROUNDING) for low, high in pairwise(values))


# Load


def test_offered_load_is_calls_times_handle_time() -> None:
    assert erlang.offered_load(40, 180) == 2
    assert erlang.offered_load(calls_per_hour=0, handle_time=180) == 0


# Nobody waits


@given(st.integers(0, 300), st.floats(1e-3, 1e3))
def test_blocking_follows_from_that_of_one_member_less(n: int, load: float) -> None:
    fewer = load * erlang.blocking(n, load)
    assert erlang.blocking(n + 1, load) == near(fewer / (n + 1 + fewer))


@given(st.integers(0, 300), st.floats(1e-3, 1e3), st.floats(1, 2))
def test_blocking_falls_with_members_and_rises_with_load(n: int, load: float, more: float) -> None:
    assert in_order(erlang.blocking(n + 1, load), erlang.blocking(n, load), 1)
    assert in_order(erlang.blocking(n, load), erlang.blocking(n, load * more), 1)


@given(st.integers(1, 300), st.floats(1e-3, 1e3))
def test_blocking_keeps_its_bounds(n: int, load: float) -> None:
    """Bounds: the load that n members cannot carry, and the loss of n single members."""
    assert in_order(1 - n / load, erlang.blocking(n, load), load / (n + load))


def test_no_members_lose_every_call_and_no_load_loses_none() -> None:
    assert erlang.blocking(0, 3) == erlang.blocking(0, 0) == 1
    assert erlang.blocking(1, 0) == erlang.blocking(5, 0, recall=1) == 0


@given(st.integers(1, 300), targets, recalls)
@example(1, 1e-250, 0.0)
@example(1_000, 1e-250, 0.0)  # blocking at the lower bound of the load underflows
@example(300, 1 - 1e-9, 0.5)
def test_load_for_blocking_inverts_blocking(n: int, target: float, recall: float) -> None:
    """An error of one bit of load changes blocking by n bits; with recall, by 1/(1 - target)."""
    load = erlang.load_for_blocking(n, target, recall=recall)
    bits = 2**-50 * n / (1 - target)
    assert erlang.blocking(n, load, recall=recall) == near(target, ROUNDING + bits)


@given(members, st.floats(1e-3, 200), st.floats(0, 0.99))
def test_recalled_calls_add_to_the_load(n: int, load: float, recall: float) -> None:
    """The blocking b of the attempts a / (1 - r b) is a fixed point."""
    blocked = erlang.blocking(n, load, recall=recall)
    attempts = load / (1 - recall * blocked)
    assert erlang.blocking(n, attempts) == near(blocked, 1e-10)
    assert in_order(erlang.blocking(n, load), blocked)


@given(members, st.floats(1e-3, 0.999))
def test_if_every_blocked_call_is_made_again_all_of_the_load_is_carried(
    n: int, share: float
) -> None:
    load = share * n
    blocked = erlang.blocking(n, load, recall=1)
    attempts = load / (1 - blocked)
    assert erlang.blocking(n, attempts) == near(blocked, 1e-9)


@pytest.mark.parametrize(("n", "load"), [(0, 1), (3, 3), (3, 3.5), (100, 1e300)])
def test_attempts_grow_for_ever_if_what_is_made_again_cannot_be_carried(
    n: int, load: float
) -> None:
    assert erlang.blocking(n, load, recall=1) == 1


@given(st.floats(1e-3, 300), targets, recalls)
@example(1, 0.5, 0.0)  # exactly the loss of one member
@example(300, 1e-250, 1.0)
def test_members_for_blocking_are_the_fewest(load: float, target: float, recall: float) -> None:
    n = erlang.members_for_blocking(load, target, recall=recall)
    assert erlang.blocking(n, load, recall=recall) <= target * (1 + 1e-8)
    assert erlang.blocking(n - 1, load, recall=recall) > target


@given(members, targets, recalls)
def test_members_for_the_load_of_some_members_are_as_many(
    n: int, target: float, recall: float
) -> None:
    load = erlang.load_for_blocking(n, target, recall=recall)
    assert erlang.members_for_blocking(load, target, recall=recall) == n


@given(st.integers(0, 300), st.floats(1e-3, 1e3))
def test_ordered_loads_add_up_to_what_is_carried(n: int, load: float) -> None:
    loads = erlang.ordered_loads(n, load)
    assert loads.shape == (n,)
    assert loads.sum() == near(load * (1 - erlang.blocking(n, load)), 1e-11 + 1e-13 * load)
    assert in_order(*loads[::-1], 1)


def test_first_members_carry_the_same_whoever_comes_after_them() -> None:
    assert np.array_equal(erlang.ordered_loads(3, 2), erlang.ordered_loads(9, 2)[:3])
    assert erlang.ordered_loads(2, 0).tolist() == [0, 0]


# Patient callers


@given(members, stable)
def test_more_callers_wait_than_would_be_lost(n: int, share: float) -> None:
    """C = B / (1 - (a / n)(1 - B)), at least B."""
    blocked, waits = erlang.blocking(n, share * n), erlang.waiting(n, share * n)
    assert waits == near(blocked / (1 - share * (1 - blocked)), 1e-11)
    assert in_order(blocked, waits, 1)


@given(members, stable, st.floats(0, 600))
def test_patient_callers_wait_for_an_exponential_time(n: int, share: float, within: float) -> None:
    load = share * n
    waits = erlang.waiting(n, load)
    level = erlang.service_level(n, load, within=within, handle_time=HANDLE)
    left = waits * math.exp(-(n - load) * within / HANDLE)
    assert level == pytest.approx(1 - left, rel=1e-9, abs=1e-14)
    speed = erlang.mean_speed_of_answer(n, load, handle_time=HANDLE)
    assert speed == near(waits * HANDLE / (n - load))
    assert erlang.mean_wait(n, load, handle_time=HANDLE) == speed
    assert erlang.answer_rate(n, load) == near(1)


@pytest.mark.parametrize("load", [3.0, 4.5])
def test_line_of_patient_callers_grows_for_ever_when_they_bring_too_much(load: float) -> None:
    line = {"handle_time": HANDLE}
    assert erlang.waiting(3, load) == 1
    assert erlang.mean_wait(3, load, **line) == math.inf
    assert erlang.mean_speed_of_answer(3, load, **line) == math.inf
    assert erlang.service_level(3, load, within=1e9, **line) == 0
    assert erlang.answer_rate(3, load) == 3 / load
    assert erlang.occupancy(3, load) == 1
    assert erlang.abandonment_rate(3, load, **line, patience=math.inf) == 0


# Impatient callers, and places


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    """Draw any queue that becomes stationary, with times in seconds."""
    n = draw(members)
    places = draw(st.one_of(st.just(math.inf), st.integers(n, n + 50)))
    patience = HANDLE * draw(ratios)
    load = n * draw(per_member)
    return {
        "n": n, "load": load, "handle_time": HANDLE, "patience": patience, "places": places
    }  # fmt: skip


@given(lines())
def test_every_call_is_answered_abandoned_or_lost(line: dict[str, Any]) -> None:
    rates = [
        rate(**line) for rate in (erlang.answer_rate, erlang.abandonment_rate, erlang.overflow_rate)
    ]
    assert sum(rates) == near(1)
    assert all(0 <= rate <= 1 for rate in rates)


@given(lines())
def test_callers_give_up_at_the_same_rate_as_long_as_they_wait(line: dict[str, Any]) -> None:
    assert erlang.mean_wait(**line) == near(erlang.abandonment_rate(**line) * line["patience"])
    assert in_order(erlang.occupancy(**line), 1)
    answered = erlang.answer_rate(**line) * line["load"]
    assert erlang.occupancy(**line) * line["n"] == near(answered)


@given(lines())
def test_the_first_in_line_are_the_least_likely_to_give_up(line: dict[str, Any]) -> None:
    """At least r / (n + r) of waiting callers give up before the next member is free."""
    r = line["handle_time"] / line["patience"]
    waits = erlang.waiting(**line)
    assert in_order(waits * r / (line["n"] + r), erlang.abandonment_rate(**line), waits)


@given(lines(), st.floats(0, 1000), st.floats(0, 1000))
def test_service_level_rises_from_the_calls_answered_at_once_to_all_that_are(
    line: dict[str, Any], within: float, longer: float
) -> None:
    at_once = 1 - erlang.waiting(**line) - erlang.overflow_rate(**line)
    levels = [
        erlang.service_level(**line, within=threshold)
        for threshold in (0, within, within + longer, math.inf)
    ]
    assert levels[0] == pytest.approx(at_once, rel=ROUNDING, abs=1e-15)
    assert levels[-1] == near(erlang.answer_rate(**line))
    assert in_order(*levels, 1)


@given(lines(), st.floats(0, 1000))
def test_only_ratios_of_times_matter(line: dict[str, Any], within: float) -> None:
    """Powers of two scale times exactly."""
    slower = line | {"handle_time": 4 * line["handle_time"], "patience": 4 * line["patience"]}
    assert erlang.service_level(**line, within=within) == erlang.service_level(
        **slower, within=4 * within
    )
    assert 4 * erlang.mean_speed_of_answer(**line) == erlang.mean_speed_of_answer(**slower)


@settings(max_examples=50)
@given(members, per_member, ratios, st.floats(0, 600))
def test_another_member_makes_every_figure_better(
    n: int, share: float, ratio: float, within: float
) -> None:
    line = {"load": share * n, "handle_time": HANDLE, "patience": HANDLE * ratio}
    for falls in (erlang.waiting, erlang.abandonment_rate, erlang.mean_speed_of_answer):
        assert in_order(falls(n + 1, **line), falls(n, **line))
    level = erlang.service_level(n, **line, within=within)
    assert in_order(level, erlang.service_level(n + 1, **line, within=within))


@given(members, stable, st.floats(3, 12))
def test_callers_of_long_patience_are_patient(n: int, share: float, power: float) -> None:
    """A -> C. With r the handle time over the patience and q = a / n, 1 - A / C is in [0, e],

    e = r q / (n (1 - q)^2): each term of the sum over those who wait, q^i, is multiplied by
    prod_{j<=i} 1 / (1 + j r / n), which is at least 1 - i (i + 1) r / (2 n).
    """
    load, ratio = share * n, float(10**power)
    patient = erlang.waiting(n, load)
    waits = erlang.waiting(n, load, handle_time=1, patience=ratio)
    bound = share / (ratio * n * (1 - share) ** 2)
    assert in_order(patient * (1 - bound), waits, patient)


@given(members, per_member, st.floats(-12, -3))
def test_callers_without_patience_are_lost(n: int, share: float, power: float) -> None:
    """A -> B. With r as above, A / B - 1 is in [0, exp(a / r) - 1]: those who wait number

    sum_i prod_{j<=i} a / (n + j r), at most exp(a / r), for one who is lost.
    """
    load, ratio = share * n, float(10**power)
    blocked = erlang.blocking(n, load)
    line = {"handle_time": 1.0, "patience": ratio}
    assert in_order(blocked, erlang.waiting(n, load, **line), blocked * math.exp(load * ratio))
    assert in_order(
        blocked / (1 + n * ratio),
        erlang.abandonment_rate(n, load, **line),
        blocked * math.exp(load * ratio),
    )


@given(members, per_member, st.one_of(ratios, st.just(math.inf)))
def test_without_a_place_to_wait_callers_are_lost(n: int, share: float, ratio: float) -> None:
    line = {"load": share * n, "handle_time": 1.0, "patience": ratio, "places": n}
    assert erlang.overflow_rate(n, **line) == near(erlang.blocking(n, share * n))
    assert erlang.waiting(n, **line) == 0


@settings(max_examples=50)
@given(members, per_member, st.floats(-3, 0.5), st.floats(0, 3))
def test_places_enough_are_as_good_as_any_number(
    n: int, share: float, power: float, within: float
) -> None:
    """Further states weigh less than 1e-40: each weighs at most half of the previous one."""
    load, ratio = share * n, float(10**power)
    line = {"n": n, "load": load, "handle_time": 1.0, "patience": ratio}
    places = n + math.ceil(2 * load * ratio) + 150
    assert erlang.overflow_rate(**line, places=places) < 1e-40
    for figure in (erlang.waiting, erlang.abandonment_rate, erlang.mean_speed_of_answer):
        assert figure(**line, places=places) == near(figure(**line))
    level = erlang.service_level(**line, within=within)
    assert erlang.service_level(**line, within=within, places=places) == near(level)


@given(members, per_member, st.one_of(ratios, st.just(math.inf)), st.integers(0, 30))
def test_each_place_more_loses_fewer_and_lets_more_wait(
    n: int, share: float, ratio: float, room: int
) -> None:
    line = {"n": n, "load": share * n, "handle_time": 1.0, "patience": ratio}
    fewer, more = n + room, n + room + 1
    assert in_order(
        erlang.overflow_rate(**line, places=more), erlang.overflow_rate(**line, places=fewer)
    )
    assert in_order(erlang.waiting(**line, places=fewer), erlang.waiting(**line, places=more))


def test_without_load_every_call_would_be_answered_at_once() -> None:
    for line in ({}, {"patience": 60.0}, {"places": 9}, {"patience": 60.0, "places": 9}):
        timed = {"handle_time": HANDLE, **line}
        assert erlang.service_level(3, 0, within=0, **timed) == 1
        assert erlang.mean_wait(3, 0, **timed) == erlang.mean_speed_of_answer(3, 0, **timed) == 0
        assert erlang.waiting(3, 0, **timed) == erlang.occupancy(3, 0, **timed) == 0


EXTREME = st.floats(-12, 12).map(lambda power: float(10**power))


@given(members, EXTREME, EXTREME, EXTREME, st.one_of(st.just(math.inf), st.integers(100, 300)))
@example(3, 1e5, 1e12, 1e-12, math.inf)
@example(37, 38.9 / 37, 1336.0, 6.4e-13, math.inf)
@example(100, 1e12, 1e-12, 1e12, math.inf)
@example(1, 1e300, 1e3, 1.0, math.inf)  # what gives up, over all, is a bit more than 1
def test_nothing_overflows_nor_warns(
    n: int, share: float, ratio: float, within: float, places: float
) -> None:
    line = {"n": n, "load": share * n, "handle_time": 1.0, "patience": ratio, "places": places}
    for rate in (erlang.waiting, erlang.answer_rate, erlang.abandonment_rate, erlang.occupancy):
        assert 0 <= rate(**line) <= 1
    assert 0 <= erlang.service_level(**line, within=within) <= 1
    assert 0 <= erlang.mean_wait(**line) <= ratio * (1 + ROUNDING)
    assert 0 <= erlang.mean_speed_of_answer(**line) < math.inf


# Number of members

loads = st.floats(0.01, 60)


@settings(max_examples=50)
@given(
    loads,
    st.floats(0.01, 0.9999),
    st.floats(0, 100),
    st.one_of(st.just(math.inf), ratios.map(lambda ratio: ratio * HANDLE)),
)
def test_members_for_a_service_level_are_the_fewest(
    load: float, target: float, within: float, patience: float
) -> None:
    line = {"handle_time": HANDLE, "patience": patience, "within": within}
    n = erlang.members_for_service_level(load, target, **line)
    assert 1 - erlang.service_level(n, load, **line) <= (1 - target) * (1 + 1e-8)
    assert n == 1 or erlang.service_level(n - 1, load, **line) < target


@settings(max_examples=50)
@given(
    loads,
    st.floats(1e-3, 1e3),
    st.one_of(st.just(math.inf), ratios.map(lambda ratio: ratio * HANDLE)),
)
def test_members_for_a_mean_speed_of_answer_are_the_fewest(
    load: float, target: float, patience: float
) -> None:
    line = {"handle_time": HANDLE, "patience": patience}
    n = erlang.members_for_mean_speed_of_answer(load, target, **line)
    assert erlang.mean_speed_of_answer(n, load, **line) <= target * (1 + 1e-8)
    assert n == 1 or erlang.mean_speed_of_answer(n - 1, load, **line) > target


def test_nobody_is_needed_for_no_calls() -> None:
    assert erlang.members_for_blocking(0, 0.01) == 0
    assert erlang.members_for_service_level(0, 0.8, handle_time=HANDLE) == 0
    assert erlang.members_for_mean_speed_of_answer(0, 10, handle_time=HANDLE) == 0


def test_a_target_that_is_just_reached_costs_no_member_more() -> None:
    target = erlang.service_level(5, 3, handle_time=HANDLE)
    assert erlang.members_for_service_level(3, target, handle_time=HANDLE) == 5
    target = erlang.mean_speed_of_answer(5, 3, handle_time=HANDLE)
    assert erlang.members_for_mean_speed_of_answer(3, target, handle_time=HANDLE) == 5
    assert erlang.members_for_blocking(1, Fraction(1, 5)) == 2


# Invalid arguments

SOMETIMES = "With any number of members, a call sometimes finds all of them busy."


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: erlang.offered_load(-1, 180),
            "calls_per_hour must be a finite number, at least 0, got -1.",
        ),
        (
            lambda: erlang.offered_load(40, 0),
            "handle_time must be a positive finite number of seconds, got 0.",
        ),
        (
            lambda: erlang.blocking(-1, 2),
            "n must be a whole number from 0 to 1000000, got -1.",
        ),
        (
            lambda: erlang.blocking(2.0, 2),  # type: ignore[arg-type]
            "n must be a whole number from 0 to 1000000, got 2.0.",
        ),
        (
            lambda: erlang.ordered_loads(10**6 + 1, 2),
            "n must be a whole number from 0 to 1000000, got 1000001.",
        ),
        (
            lambda: erlang.waiting(0, 2),
            "n must be a whole number from 1 to 1000000, got 0.",
        ),
        (
            lambda: erlang.blocking(3, math.nan),
            "load must be a finite number of erlang, at least 0, got nan.",
        ),
        (
            lambda: erlang.blocking(3, 10**400),
            f"load must be a finite number of erlang, at least 0, got 1{116 * '0'}....",
        ),
        (
            lambda: erlang.blocking(3, 2, recall=1.5),
            "recall must be between 0 and 1, got 1.5.",
        ),
        (
            lambda: erlang.load_for_blocking(3, 0),
            "target must be more than 0 and less than 1, got 0. "
            "Every load above 0 is blocked sometimes, but never always.",
        ),
        (
            lambda: erlang.members_for_blocking(3, 0),
            f"target must be more than 0 and less than 1, got 0. {SOMETIMES}",
        ),
        (
            lambda: erlang.members_for_service_level(3, 1, handle_time=180),
            f"target must be more than 0 and less than 1, got 1. {SOMETIMES}",
        ),
        (
            lambda: erlang.members_for_mean_speed_of_answer(3, 0, handle_time=180),
            f"target must be a positive finite number of seconds, got 0. {SOMETIMES}",
        ),
        (
            lambda: erlang.members_for_mean_speed_of_answer(3, 10, handle_time=-180),
            "handle_time must be a positive finite number of seconds, got -180.",
        ),
        (
            lambda: erlang.members_for_blocking(2e6, 0.01),
            "load must be in reach of 1000000 members, got 2000000.0.",
        ),
        (
            lambda: erlang.service_level(3, 2, within=-1, handle_time=180),
            "within must be a number of seconds, at least 0, got -1.",
        ),
        (
            lambda: erlang.waiting(3, 2, handle_time=math.inf),
            "handle_time must be a positive finite number of seconds, got inf.",
        ),
        (
            lambda: erlang.waiting(3, 2, patience=60),
            "handle_time must be given beside a patience.",
        ),
        (
            lambda: erlang.service_level(3, 2, handle_time=None),
            "handle_time must be given for figures in seconds.",
        ),
        (
            lambda: erlang.waiting(3, 2, handle_time=180, patience=0),
            "patience must be a positive number of seconds, or inf, got 0.",
        ),
        (
            lambda: erlang.waiting(3, 2, handle_time=180, patience=1e-12),
            "patience must be from 1e-12 to 1e+12 handle times, or inf, got 1e-12.",
        ),
        (
            lambda: erlang.waiting(3, 2, places=2),
            "places must be a whole number from 3 to 1000000, got 2.",
        ),
    ],
)
def test_refusal(call: Callable[[], object], sentence: str) -> None:
    assert refusal(call) == sentence


NO_NUMBERS = [None, True, "3", [3], b"", 1j, Decimal(3), math.nan]
SMALL = [-math.inf, -(10**400), -1, 0, -0.0, 5e-324, 1e-300, np.float32(0.5), 0.999]
LARGE = [1, 1.5, 3, Fraction(7, 2), np.int64(4), 20, 180, 1e15, 1e300, 1.7e308, 10**400, math.inf]
ANYTHING = st.sampled_from([*NO_NUMBERS, *SMALL, *LARGE])
FUNCTIONS: dict[str, list[str]] = {
    "offered_load": ["calls_per_hour", "handle_time"],
    "blocking": ["n", "load", "recall"],
    "load_for_blocking": ["n", "target", "recall"],
    "members_for_blocking": ["load", "target", "recall"],
    "ordered_loads": ["n", "load"],
    "waiting": ["n", "load", "handle_time", "patience", "places"],
    "answer_rate": ["n", "load", "handle_time", "patience", "places"],
    "abandonment_rate": ["n", "load", "handle_time", "patience", "places"],
    "overflow_rate": ["n", "load", "handle_time", "patience", "places"],
    "mean_wait": ["n", "load", "handle_time", "patience", "places"],
    "mean_speed_of_answer": ["n", "load", "handle_time", "patience", "places"],
    "occupancy": ["n", "load", "handle_time", "patience", "places"],
    "service_level": ["n", "load", "within", "handle_time", "patience", "places"],
    "members_for_service_level": ["load", "target", "within", "handle_time", "patience"],
    "members_for_mean_speed_of_answer": ["load", "target", "handle_time", "patience"],
}


def test_every_function_is_in_the_table() -> None:
    assert {*FUNCTIONS, "Queue"} == set(erlang.__all__)


FIGURES = ["waiting", "answer_rate", "abandonment_rate", "overflow_rate", "occupancy"]
FIGURES += ["mean_wait", "mean_speed_of_answer", "service_level"]


@pytest.mark.parametrize("name", FIGURES)
@given(
    n=st.integers(1, 30),
    load=st.floats(0, 40),
    options=st.fixed_dictionaries(
        {"handle_time": st.floats(1, 1000)},
        optional={"patience": st.floats(1, 1000), "places": st.integers(30, 60)},
    ),
)
def test_functions_are_figures_of_a_queue(
    name: str, n: int, load: float, options: dict[str, Any]
) -> None:
    of_queue = getattr(erlang.Queue(n, load, **options), name)
    assert getattr(erlang, name)(n, load, **options) == (
        of_queue() if callable(of_queue) else of_queue
    )


def test_queues_are_values() -> None:
    queue = erlang.Queue(3, 2, handle_time=180)
    assert queue.waiting == erlang.Queue(3, 2).waiting
    assert queue == erlang.Queue(3, 2.0, 180.0)
    assert hash(queue) == hash(erlang.Queue(3, 2.0, 180.0))


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=40)
@given(data=st.data())
def test_anything_is_a_figure_or_refused_in_one_sentence(name: str, data: st.DataObject) -> None:
    """Draw one or two arguments of any type, and valid values for the others."""
    usual = {"n": 4, "load": 3.0, "target": 0.2, "handle_time": 180.0, "patience": 60.0}
    usual |= {"places": 9, "within": 20.0, "recall": 0.5, "calls_per_hour": 40.0}
    arguments = {argument: usual[argument] for argument in FUNCTIONS[name]}
    for argument in data.draw(st.sets(st.sampled_from(FUNCTIONS[name]), max_size=2)):
        arguments[argument] = data.draw(ANYTHING)

    def figure() -> object:
        value = getattr(erlang, name)(**arguments)
        assert not np.isnan(value).any()
        return value

    makes_or_refuses(figure)
