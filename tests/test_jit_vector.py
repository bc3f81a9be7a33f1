"""Tests that operations on sixteen elements do what Python does with each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ringsim import _jit_vector as vector
from ringsim._jit import compiled

LANES = vector.LANES
WHOLE = arrays(np.int64, 3 * LANES, elements=st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 2))
REAL = arrays(
    np.float64, 3 * LANES, elements=st.floats(-2, 2) | st.sampled_from([-math.inf, math.inf])
)
STARTS = st.integers(0, LANES)
SETS = st.integers(0, 2**LANES - 1)


@compiled
def at_most(array: Any, start: Any, limit: Any) -> Any:
    return vector.at_most(array, start, limit)


@compiled
def at_most_by_index(array: Any, indices: Any, start: Any, limit: Any) -> Any:
    return vector.at_most_by_index(array, indices, start, limit)


@compiled
def unequal(array: Any, start: Any, number: Any) -> Any:
    return vector.unequal(array, start, number)


@compiled
def of_least(array: Any, start: Any, lanes: Any) -> Any:
    return vector.of_least(array, start, lanes)


@compiled
def first_and_number(lanes: Any) -> Any:
    return vector.first_lane(lanes), vector.n_lanes(lanes)


@compiled
def put(array: Any, start: Any, lane: Any, number: Any) -> None:
    vector.put(array, start, lane, number)


def where(holds: Callable[[int], bool]) -> int:
    return sum(1 << lane for lane in range(LANES) if holds(lane))


@given(REAL, STARTS, st.floats(-2, 2) | st.just(math.inf))
def test_elements_that_are_not_above_a_limit(array: Any, start: int, limit: float) -> None:
    assert at_most(array, start, limit) == where(lambda lane: array[start + lane] <= limit)


@given(REAL, st.data(), STARTS, st.floats(-2, 2))
def test_elements_at_indices(array: Any, data: Any, start: int, limit: float) -> None:
    places = data.draw(arrays(np.int64, 2 * LANES, elements=st.integers(0, len(array) - 1)))
    expected = where(lambda lane: array[places[start + lane]] <= limit)
    assert at_most_by_index(array, places, start, limit) == expected


@given(WHOLE, STARTS, st.integers(-3, 3))
def test_other_elements(array: Any, start: int, number: int) -> None:
    assert unequal(array, start, number) == where(lambda lane: array[start + lane] != number)


@given(WHOLE, STARTS, SETS)
def test_those_whose_elements_are_the_least(array: Any, start: int, lanes: int) -> None:
    chosen = [lane for lane in range(LANES) if lanes >> lane & 1]
    least = min((array[start + lane] for lane in chosen), default=None)
    expected = where(lambda lane: lane in chosen and array[start + lane] == least)
    assert of_least(array, start, lanes) == expected


@given(st.integers(1, 2**LANES - 1))
def test_the_first_of_a_set_and_their_number(lanes: int) -> None:
    elements = [lane for lane in range(LANES) if lanes >> lane & 1]
    assert first_and_number(lanes) == (elements[0], len(elements))


@pytest.mark.parametrize("number", [7, 0.5])
def test_one_element_is_written(number: float) -> None:
    array = np.arange(3 * LANES, dtype=np.asarray(number).dtype)
    expected = array.copy()
    put(array, 5, 11, number)
    expected[16] = number
    assert array.tolist() == expected.tolist()
