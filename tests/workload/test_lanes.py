"""Tests that random numbers drawn together are those that are drawn one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ringsim._jit import compiled
from ringsim.workload import _jit_lanes, _jit_random
from ringsim.workload._inverse_tables import table_of
from ringsim.workload._jit_lanes import COIN, DELAY, MOST_LANES
from ringsim.workload._jit_random import (
    CELLS,
    CELLS_PER_OCTAVE,
    DROPPED_BITS,
    NUMBER_BITS,
    inverses,
)

HALF = 2 ** (NUMBER_BITS - 1)
MOST = 2**NUMBER_BITS - 1


@compiled
def draw_together(
    keys: Any, row: Any, phones: Any, nth: Any, rings: Any, n: Any, delay: Any, coin: Any
) -> None:
    _jit_lanes.words_together(keys, row, phones, nth, rings, n, delay, coin)


@compiled
def inverse_at(tables: Any, which: Any, word: Any) -> Any:
    return _jit_random.inverse(tables, which, word)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 8, 9, 16, 17, 19, 24, 25, 40])
def test_words_of_a_wave_are_those_of_each_phone(n: int) -> None:
    random = np.random.default_rng(n)
    keys = random.integers(0, 2**64, (3, 50, 2), dtype=np.uint64)
    phones = random.integers(0, 50, n + MOST_LANES)
    rings = random.integers(0, 4, n + MOST_LANES)
    delay, coin = np.zeros((2, n + MOST_LANES), dtype=np.uint64)
    draw_together(keys, 2, phones, 2**40 + 12, rings, n, delay, coin)
    for place in range(n):
        counter = np.array([2**40 + 12, rings[place], 0, 0], dtype=np.uint64)
        philox = np.random.Philox(key=keys[2, phones[place]], counter=counter)
        words = philox.random_raw(4)
        assert (delay[place], coin[place]) == (words[DELAY], words[COIN])


def cell_by_logarithm(number: int) -> tuple[int, float]:
    """Return the cell of a number in [0, 2**53) and the place in it, from floats."""
    u = number * 2.0**-NUMBER_BITS
    distance = min(max(min(u, 1 - u), 2.0**-NUMBER_BITS), 0.5 - 2.0 ** -(NUMBER_BITS + 1))
    fraction, exponent = np.frexp(distance)  # fraction in [0.5, 1)
    steps = (2 * fraction - 1) * CELLS_PER_OCTAVE
    cell = (exponent + NUMBER_BITS - 1) * CELLS_PER_OCTAVE + int(steps)
    return int(cell) + CELLS * (u >= 0.5), 2 * (steps - int(steps)) - 1


@given(
    st.integers(0, MOST)
    | st.integers(0, 9)
    | st.integers(MOST - 9, MOST)
    | st.integers(HALF - 9, HALF + 9)
    | st.builds(lambda bits, more: (1 << bits) + more, st.integers(4, 52), st.integers(-9, 9))
)
def test_inverses_are_polynomials_of_the_cell(number: int) -> None:
    table = table_of(stats.gamma(2, scale=3))
    assert table is not None
    cell, x = cell_by_logarithm(number)
    value = np.polynomial.polynomial.polyval(x, table[cell])
    word = np.uint64(number) << DROPPED_BITS
    one = inverse_at(table[np.newaxis], 0, word)
    assert one == pytest.approx(max(value, 0), rel=1e-12, abs=1e-300)
    many = np.empty(5)
    u = np.full(5, number * 2.0**-NUMBER_BITS)
    inverses(table[np.newaxis], u, np.empty(3, dtype=np.int64), many)
    assert many.tolist() == [one] * 5
