"""Compiled random numbers: Philox uniforms by key, and inverses of distributions by table.

`philox`
    Returns four words of Philox 4x64-10 at a key and a counter, equal to numpy's.
`uniform`
    Converts a word to a number in [0, 1).
`inverse`, `inverses`
    Return the inverse of a distribution at a uniform number, from its table.
`uniforms`
    Draws the first numbers of many streams.

A table has one polynomial of degree 7 per cell. Cells divide the distance to the nearer end
of [0, 1] into octaves, and each octave into eight. They become smaller towards both ends, so
that tails are as exact as the centre.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from ringsim._jit import INDEX_MASK, INTERPRETED, compiled, internal

BUILT_ON = "99113438cfb953de"  # fingerprint of the imports: see ringsim._jit

__all__ = [
    "CELLS_PER_OCTAVE",
    "DEGREE",
    "OCTAVES",
    "SMALLEST",
    "inverse",
    "inverses",
    "philox",
    "uniform",
    "uniforms",
]

CELLS_PER_OCTAVE = 8
OCTAVES = 52  # of distances from 2**-53 to a half
CELLS = OCTAVES * CELLS_PER_OCTAVE
DEGREE = 7  # `inverse` writes out the terms
SMALLEST = 2.0**-53
FRACTION_BITS = 52  # of a float
FRACTION = 2**FRACTION_BITS - 1
LOWEST_OCTAVE = 1023 - 53  # biased exponent of `SMALLEST`
LARGEST = 0.5 - 2.0**-54

PER_BLOCK = 4  # numbers of a stream in one block of Philox
ROUNDS = 10
MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
ONE = np.uint64(1)
ZERO = np.uint64(0)
DROPPED_BITS = np.uint64(11)


def _high_word_typing(typing_context: Any, a: Any, b: Any) -> Any:
    """Generate code for the upper 64 bits of the product of two 64-bit words."""
    signature = types.uint64(types.uint64, types.uint64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        from llvmlite import ir

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
        x_0, x_1, x_2, x_3 = high_1 ^ x_1 ^ key_0, low_1, high_0 ^ x_3 ^ key_1, low_0
        key_0, key_1 = key_0 + WEYL_0, key_1 + WEYL_1
    return x_0, x_1, x_2, x_3


@compiled
def uniform(word):
    """Return the upper 53 bits of a word, divided by 2**53."""
    return (word >> DROPPED_BITS) * 2.0**-53


@internal
def inverse(tables, which, u):
    """Return the inverse at u in [0, 1) from table `which`, shape (2, CELLS, DEGREE + 1)."""
    side = int(u >= 0.5)  # no branch, as half of its predictions would fail
    distance = min(max(min(u, 1.0 - u), SMALLEST), LARGEST)
    bits = np.float64(distance).view(np.int64)  # exponent: octave; fraction: position in it
    octave = (bits >> FRACTION_BITS) - LOWEST_OCTAVE
    steps = (bits & FRACTION) * (CELLS_PER_OCTAVE * 2.0**-FRACTION_BITS)
    step = int(steps)
    cell = octave * CELLS_PER_OCTAVE + step
    x = 2.0 * (steps - step) - 1.0
    c = tables[which & INDEX_MASK, side, cell & INDEX_MASK]
    # Estrin's scheme (1960): pairs of terms depend on fewer earlier results than Horner's
    square = x * x
    low = (c[0] + c[1] * x) + (c[2] + c[3] * x) * square
    high = (c[4] + c[5] * x) + (c[6] + c[7] * x) * square
    return max(low + high * (square * square), 0.0)


@compiled
def inverses(tables, u, out):
    """Write `inverse` at each of many numbers to `out`, from the first table."""
    for i in range(len(u)):
        out[i] = inverse(tables, 0, u[i])


@compiled
def uniforms(keys, first, out):
    """Write the first numbers of each stream to `out`: see `ringsim.workload._keys.Stream`.

    The numbers of stream i fill `out` from index `first[i]` up to `first[i + 1]`.
    """
    for stream in range(len(keys)):
        key_0, key_1 = keys[stream, 0], keys[stream, 1]
        words = (ZERO, ZERO, ZERO, ZERO)
        for number in range(first[stream + 1] - first[stream]):
            if number % PER_BLOCK == 0:
                words = philox(key_0, key_1, number // PER_BLOCK, 0)
            out[first[stream] + number] = uniform(words[number % PER_BLOCK])
