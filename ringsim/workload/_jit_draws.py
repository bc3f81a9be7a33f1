"""Random numbers by key and inverses by table, compiled: the one place where both are made.

`philox`
    Four words of Philox 4x64-10 at a key and a counter, as numpy's generator gives them.
`uniform`
    A word as a number in [0, 1).
`inverse`, `inverses`
    The inverse of a distribution at such a number, from its table.
`uniforms`, `arrivals`, `merge`
    Numbers of many streams, instants of Poisson processes, and several of these in one order.
`PhoneArrays`
    Where the answer delays of all phones come from, drawn or given.
`answer_delay`, `answer_delays`, `random_draw`
    The delay of one ring, or of one ring of a block of calls; the draw for dispatchers.

A table holds the inverse as polynomials of degree 7, one for each of the cells into which
eight steps an octave divide the distance to the nearer end of [0, 1]. Cells get ever smaller
towards both ends, so that tails are as exact as the body.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from ringsim._jit import INTERPRETED, PLACES, compiled
from ringsim._jit_heap import pop, push

BUILT_ON = "e1a672084088c50c"  # fingerprint of what comes from elsewhere: see ringsim._jit

__all__ = [
    "CELLS_PER_OCTAVE",
    "COIN",
    "CONSTANT",
    "DEGREE",
    "DELAY",
    "GIVEN",
    "NO_LIMIT",
    "OCTAVES",
    "RANDOM",
    "SMALLEST",
    "TABLE",
    "PhoneArrays",
    "answer_delay",
    "answer_delays",
    "arrivals",
    "inverse",
    "inverses",
    "merge",
    "numbers",
    "philox",
    "phone_uniforms",
    "random_draw",
    "uniform",
    "uniforms",
]


class PhoneArrays(NamedTuple):
    """Where the answer delays of all phones come from: arrays by extension, E of them.

    Attributes
    ----------
    kind : int64
        `GIVEN`, `CONSTANT`, `TABLE` or `SAMPLES`.
    at : int64
        Where in `given` its delays begin, or which of `tables` is its.
    by_call, rings : bool, int64
        Of given ones, whether they differ by call, and for how many rings; the last stands
        for all further ones. Of samples, `rings` is their number.
    limit : int64
        From which ring on its delays are not known.
    probability : float64
        Of drawn ones, the chance that a ring is answered.
    random_at, random_by_call : int64, bool
        Where in `given` its draws for dispatchers begin; -1 if they are drawn.
    given : float64
        All that is given, one after another, the rings of a call together.
    tables : float64 of shape (T, 2, CELLS, DEGREE + 1)
        Inverses.
    keys : uint64 of shape (replications * groups called, E, 2)
        Keys of what is drawn.
    """

    kind: NDArray[np.int64]
    at: NDArray[np.int64]
    by_call: NDArray[np.bool_]
    rings: NDArray[np.int64]
    limit: NDArray[np.int64]
    probability: NDArray[np.float64]
    random_at: NDArray[np.int64]
    random_by_call: NDArray[np.bool_]
    given: NDArray[np.float64]
    tables: NDArray[np.float64]
    keys: NDArray[np.uint64]


GIVEN, CONSTANT, TABLE, SAMPLES = range(4)
NO_LIMIT = 2**62

# Words of a phone's block of four: what each is for
DELAY, COIN, RANDOM = range(3)

CELLS_PER_OCTAVE = 8
OCTAVES = 52  # of distances from 2**-53 to a half
CELLS = OCTAVES * CELLS_PER_OCTAVE
DEGREE = 7  # as `inverse` has it, term by term
SMALLEST = 2.0**-53
FRACTION_BITS = 52  # of a float, below its exponent
FRACTION = 2**FRACTION_BITS - 1
LOWEST_OCTAVE = 1023 - 53  # exponent of `SMALLEST`, as a float holds it
LARGEST = 0.5 - 2.0**-54

PER_BLOCK = 4  # numbers of a stream
ROUNDS = 10
MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
ONE = np.uint64(1)
ZERO = np.uint64(0)
DROPPED_BITS = np.uint64(11)


def _high_word_typing(typing_context: Any, a: Any, b: Any) -> Any:
    """The upper 64 bits of the product of two words of 64."""
    signature = types.uint64(types.uint64, types.uint64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        from llvmlite import ir

        wide, word = ir.IntType(128), ir.IntType(64)
        factors = [builder.zext(argument, wide) for argument in arguments]
        product = builder.mul(*factors)
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)

    return signature, generate


def _high_word_in_python(a: Any, b: Any) -> Any:
    """The same where nothing is compiled."""
    return np.uint64(int(a) * int(b) >> 64)


_high_word: Any = _high_word_in_python if INTERPRETED else intrinsic(_high_word_typing)


@compiled
def philox(key_0, key_1, counter_0, counter_1):
    """Four words: numpy's `Philox(key=, counter=[counter_0, counter_1, 0, 0]).random_raw(4)`."""
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
    """The upper 53 bits of a word over 2**53."""
    return (word >> DROPPED_BITS) * 2.0**-53


@compiled
def inverse(tables, which, u):
    """The inverse at u in [0, 1) from one of tables of shape (2, CELLS, DEGREE + 1)."""
    if u < 0.5:
        side, distance = 0, max(u, SMALLEST)
    else:
        side, distance = 1, min(1.0 - u, LARGEST)
    bits = np.float64(distance).view(np.int64)  # of an octave, then of the place in it
    octave = (bits >> FRACTION_BITS) - LOWEST_OCTAVE
    steps = (bits & FRACTION) * (CELLS_PER_OCTAVE * 2.0**-FRACTION_BITS)
    step = int(steps)
    cell = octave * CELLS_PER_OCTAVE + step
    x = 2.0 * (steps - step) - 1.0
    c = tables[which & PLACES, side, cell & PLACES]
    # In pairs of pairs, of which each waits for fewer others than term by term (Estrin, 1960)
    square = x * x
    low = (c[0] + c[1] * x) + (c[2] + c[3] * x) * square
    high = (c[4] + c[5] * x) + (c[6] + c[7] * x) * square
    return max(low + high * (square * square), 0.0)


@compiled
def inverses(tables, u, out):
    """`inverse` at many numbers, from the first table."""
    for place in range(len(u)):
        out[place] = inverse(tables, 0, u[place])


@compiled
def uniforms(keys, first, out):
    """Of each stream, the first numbers: see `ringsim.keyed.Stream`.

    Those of a stream fill `out` from the place in `first` on, to that of the next stream.
    """
    for stream in range(len(keys)):
        key_0, key_1 = keys[stream, 0], keys[stream, 1]
        words = (ZERO, ZERO, ZERO, ZERO)
        for place in range(first[stream + 1] - first[stream]):
            if place % PER_BLOCK == 0:
                words = philox(key_0, key_1, place // PER_BLOCK, 0)
            out[first[stream] + place] = uniform(words[place % PER_BLOCK])


@compiled
def arrivals(keys, starts, ends, per_second, last, out, first):
    """Instants of Poisson processes of rates that change by steps: whether there is room.

    Of each stream a process of rate 1 is drawn by its gaps and carried to the process's own
    time by the inverse of its expected number of calls. Rates hold from `starts` to `ends` [s]
    and are 0 between; only instants before `last` count. They fill `out`, those of one stream
    from the place in `first` on, which is filled in too.
    """
    n = 0
    for stream in range(len(keys)):
        key_0, key_1 = keys[stream, 0], keys[stream, 1]
        words = (ZERO, ZERO, ZERO, ZERO)
        reached, passed, interval, place = 0.0, 0.0, 0, 0
        expected = per_second[0] * (ends[0] - starts[0])
        first[stream] = n
        while True:
            if place % PER_BLOCK == 0:
                words = philox(key_0, key_1, place // PER_BLOCK, 0)
            reached -= math.log(1.0 - uniform(words[place % PER_BLOCK]))
            place += 1
            while reached >= expected and interval < len(starts):
                interval += 1
                if interval < len(starts):
                    passed = expected
                    expected += per_second[interval] * (ends[interval] - starts[interval])
            if interval == len(starts):
                break
            instant = starts[interval] + (reached - passed) / per_second[interval]
            if instant >= last:
                break
            if n == len(out):
                return False
            out[n] = instant
            n += 1
    first[len(keys)] = n
    return True


@compiled
def numbers(first, run, nth):
    """Fill in of every row its run, and which row of the run it is."""
    for one in range(len(first) - 1):
        for row in range(first[one], first[one + 1]):
            run[row], nth[row] = one, row - first[one]


@compiled
def merge(at, first, next_at, next_part, next_source, order, part, nth):
    """Instants of several parts in one order, run by run; of equal ones the earlier part's.

    Parameters
    ----------
    at : float64
        Instants, those of a part together and in order within each of its runs.
    first : int64 of shape (parts, runs + 1)
        Where in `at` the runs of each part begin.
    next_at, next_part, next_source : one element a part
        Room to work in.
    order, part, nth : int64, of the length of `at`
        Filled in: where in `at` each instant stands, its part, and which of its part's run
        it is.
    """
    n = 0
    for run in range(first.shape[1] - 1):
        coming = 0
        for one in range(len(first)):
            source = first[one, run]
            if source < first[one, run + 1]:
                push(next_at, next_part, next_source, coming, at[source], one, source)
                coming += 1
        while coming > 0:
            one, source = next_part[0], next_source[0]
            pop(next_at, next_part, next_source, coming)
            coming -= 1
            order[n], part[n], nth[n] = source, one, source - first[one, run]
            n += 1
            source += 1
            if source < first[one, run + 1]:
                push(next_at, next_part, next_source, coming, at[source], one, source)
                coming += 1


@compiled
def answer_delay(phones, extension, key_row, call, nth, ring):
    """The delay [s] of the `ring`-th ring of a call on a phone; inf if it is not answered.

    Of a drawn workload the call is the `nth` of those whose keys are in `key_row`, those of the
    group that it arrived at in its replication.
    """
    kind = phones.kind[extension]
    if kind == GIVEN:
        place = phones.at[extension]
        rings = phones.rings[extension]
        row = call if phones.by_call[extension] else 0
        return phones.given[place + row * rings + min(ring, rings - 1)]
    place, probability = phones.at[extension], phones.probability[extension]
    if kind == CONSTANT and probability >= 1.0:
        return phones.given[place]
    key = phones.keys[key_row, extension]
    words = philox(key[0], key[1], nth, ring)
    if uniform(words[COIN]) >= probability:
        return math.inf
    if kind == CONSTANT:
        return phones.given[place]
    if kind == SAMPLES:
        return phones.given[place + int(uniform(words[DELAY]) * phones.rings[extension])]
    return inverse(phones.tables, place, uniform(words[DELAY]))


@compiled
def answer_delays(phones, extension, key_row, start, ring, out):
    """`answer_delay` of the calls of a row of keys from the `start`-th on."""
    for place in range(len(out)):
        out[place] = answer_delay(phones, extension, key_row, 0, start + place, ring)


@compiled
def random_draw(phones, extension, key_row, call, nth):
    """The draw in [0, 1) of a call and a phone that dispatchers may order by."""
    place = phones.random_at[extension]
    if place >= 0:
        return phones.given[place + (call if phones.random_by_call[extension] else 0)]
    key = phones.keys[key_row, extension]
    return uniform(philox(key[0], key[1], nth, 0)[RANDOM])


@compiled
def phone_uniforms(key_0, key_1, start, ring, word, out):
    """One of the numbers of a phone, for the calls of a row of keys from the `start`-th on."""
    for place in range(len(out)):
        out[place] = uniform(philox(key_0, key_1, start + place, ring)[word])
