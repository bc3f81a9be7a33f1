"""Compiled random numbers: Philox uniforms by key, and inverses of distributions by table.

`philox`
    Returns four words of Philox 4x64-10 at a key and a counter, equal to numpy's.
`uniform`
    Converts a word to a number in [0, 1).
`inverse`, `inverses`
    Return the inverse of a distribution at a uniform number, from its table.

A table has one polynomial of degree 7 per cell. Cells divide the distance to the nearer end
of [0, 1] into octaves, and each octave into eight. They become smaller towards both ends, so
that tails are as exact as the centre.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ringsim._jit import INDEX_MASK, INTERPRETED, compiled, inlined, internal

BUILT_ON = "3f64fecbc71e5925"  # fingerprint of the imports: see ringsim._jit

__all__ = [
    "CELLS",
    "CELLS_PER_OCTAVE",
    "DEGREE",
    "OCTAVES",
    "SMALLEST",
    "inverse",
    "inverses",
    "philox",
    "uniform",
]

CELLS_PER_OCTAVE = 8
OCTAVES = 52  # of distances from 2**-53 to a half
CELLS = OCTAVES * CELLS_PER_OCTAVE
DEGREE = 7  # `inverse` writes out the terms
NUMBER_BITS = 53  # of a uniform number, times 2**53
SMALLEST = 2.0**-NUMBER_BITS
PLACE_BITS = 60  # after the sign and the three bits of the cell in its octave
LOWEST_ZEROS = 62  # before `SMALLEST`, in halves

PER_BLOCK = 4  # numbers of a stream in one block of Philox
ROUNDS = 10
MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
ONE = np.uint64(1)
ZERO = np.uint64(0)
DROPPED_BITS = np.uint64(64 - NUMBER_BITS)


def _high_word_typing(typing_context: Any, a: Any, b: Any) -> Any:
    """Generate code for the upper 64 bits of the product of two 64-bit words."""
    signature = types.uint64(types.uint64, types.uint64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide, word = ir.IntType(128), ir.IntType(64)
        factors = [builder.zext(argument, wide) for argument in arguments]
        product = builder.mul(*factors)
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)

    return signature, generate


def _high_word_in_python(a: Any, b: Any) -> Any:
    """Return the upper 64 bits of the product of two 64-bit words, if numba is disabled."""
    return np.uint64(int(a) * int(b) >> 64)


_high_word: Any = _high_word_in_python if INTERPRETED else intrinsic(_high_word_typing)


@compiled
def philox(key_0, key_1, counter_0, counter_1):
    """Return numpy's `Philox(key=, counter=[counter_0, counter_1, 0, 0]).random_raw(4)`."""
    x_0, x_1 = np.uint64(counter_0) + ONE, np.uint64(counter_1)
    x_2, x_3 = ZERO, ZERO
    for _ in range(ROUNDS):
        high_0, low_0 = _high_word(MULTIPLIER_0, x_0), MULTIPLIER_0 * x_0
        high_1, low_1 = _high_word(MULTIPLIER_1, x_2), MULTIPLIER_1 * x_2
        x_0, x_2 = high_1 ^ (x_1 ^ key_0), high_0 ^ (x_3 ^ key_1)  # the products are late
        x_1, x_3 = low_1, low_0
        key_0, key_1 = key_0 + WEYL_0, key_1 + WEYL_1
    return x_0, x_1, x_2, x_3


@compiled
def uniform(word):
    """Return the upper 53 bits of a word, divided by 2**53."""
    return (word >> DROPPED_BITS) * 2.0**-NUMBER_BITS


def _leading_zeros_typing(typing_context: Any, number: Any) -> Any:
    """Generate code for the number of zeros before the first one of 64 bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctlz(arguments[0], ir.IntType(1)(1))

    return types.int64(types.int64), generate


def _leading_zeros_in_python(number: Any) -> int:
    """Return the number of zeros before the first one of 64 bits."""
    return 64 - int(number).bit_length()


_leading_zeros: Any = _leading_zeros_in_python if INTERPRETED else intrinsic(_leading_zeros_typing)


@inlined
def _cell_at(number):
    """Return the cell of a number in [0, 2**53), of both halves of a table, and the place in it.

    The place is in [-1, 1). No float is converted on the way to the cell, as that takes long.
    """
    side = number >> (NUMBER_BITS - 1)  # no branch, as half of its predictions would fail
    distance = number + side * (2**NUMBER_BITS - 2 * number)
    halves = min(max(2 * distance, 2), 2**NUMBER_BITS - 1)  # 0 and a half belong to other cells
    zeros = _leading_zeros(halves)
    aligned = halves << zeros  # the first one is the sign, and the step and the place follow
    step = (aligned >> PLACE_BITS) & (CELLS_PER_OCTAVE - 1)
    cell = side * CELLS + (LOWEST_ZEROS - zeros) * CELLS_PER_OCTAVE + step
    return cell, (aligned & (2**PLACE_BITS - 1)) * (2.0 * 2.0**-PLACE_BITS) - 1.0


@inlined
def _value_at(tables, which, cell, x):
    """Return the polynomial of a cell of table `which` at a place."""
    c = tables[which & INDEX_MASK, cell & INDEX_MASK]
    # Estrin's scheme (1960): pairs of terms depend on fewer earlier results than Horner's
    square = x * x
    low = (c[0] + c[1] * x) + (c[2] + c[3] * x) * square
    high = (c[4] + c[5] * x) + (c[6] + c[7] * x) * square
    return max(low + high * (square * square), 0.0)


@internal
def inverse(tables, which, word):
    """Return the inverse at the `uniform` of a word, from a table of shape (2 * CELLS, DEGREE + 1).

    `which` is the index of the table in `tables`.
    """
    cell, x = _cell_at(np.int64(word >> DROPPED_BITS))
    return _value_at(tables, which, cell, x)


@compiled
def inverses(tables, u, cells, out):
    """Write `inverse` at each of many numbers to `out`, from the first table.

    All cells of a block are found first, as a loop of that alone vectorises; `cells` is scratch
    space of the length of a block. That takes half of the time (measured).
    """
    for start in range(0, len(u), len(cells)):
        some, values = u[start : start + len(cells)], out[start : start + len(cells)]
        for i in range(len(some)):
            cells[i], values[i] = _cell_at(np.int64(some[i] * 2.0**NUMBER_BITS))
        for i in range(len(some)):
            values[i] = _value_at(tables, 0, cells[i], values[i])
