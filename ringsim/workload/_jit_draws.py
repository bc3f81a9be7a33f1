"""Compiled random draws: arrivals, answer delays, draws for dispatchers.

`arrivals`, `merge`
    Draw the instants of Poisson processes, and merge the instants of several.
`PhoneArrays`
    Parameters of the answer delays of all phones, drawn or given.
`answer_delay`, `answer_delays`, `random_draw`
    Return the delay of one ring; of one ring of each call of a block; a draw for dispatchers.
`answer_words`, `delay_at`
    The two steps of `answer_delay`. For several phones, all first steps and then all second
    steps take two thirds of the time, as the processor computes several at once (measured).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled, inlined, internal
from ringsim._jit_heap import pop, push
from ringsim.workload._jit_lanes import COIN, DELAY, DRAWN_TOGETHER, RANDOM, draw_blocks
from ringsim.workload._jit_random import PER_BLOCK, ZERO, inverse, philox, uniform

__all__ = [
    "ATTEMPT",
    "COIN",
    "CONSTANT",
    "DELAY",
    "GIVEN",
    "NO_LIMIT",
    "RANDOM",
    "TABLE",
    "PhoneArrays",
    "answer_delay",
    "answer_delays",
    "answer_words",
    "arrivals",
    "delay_at",
    "is_random",
    "merge",
    "numbers",
    "phone_uniforms",
    "random_draw",
]

BUILT_ON = "891d7f15f5a26e03"  # fingerprint of the imports: see ringsim._jit


class PhoneArrays(NamedTuple):
    """Parameters of the answer delays and draws of E extensions, one array element each.

    Attributes
    ----------
    kind : int64
        `GIVEN`, `CONSTANT`, `TABLE` or `SAMPLES`.
    at : int64
        Index in `given` of the first delay, or the index in `tables`.
    by_call, rings : bool, int64
        For given delays: True if they differ by call, and the number of rings per call. The
        delay of the last ring is that of all further rings, too. For samples, `rings` is the
        number of samples.
    limit : int64
        First ring whose delay is unknown.
    probability : float64
        For drawn delays, the probability that a ring is answered.
    random_at, random_by_call, random_picks : int64, bool, int64
        Index in `given` of the first draw for dispatchers, or -1 if draws are random; True if
        they differ by call; the number of draws per call, of which the last is for all further
        picks, too.
    given : float64
        All given delays, samples and draws, concatenated; the rings of a call are contiguous.
    tables : float64 of shape (T, 2 * CELLS, DEGREE + 1)
        Tables of inverses.
    keys : uint64 of shape (replications * groups called, E, 2)
        Keys of the random numbers.
    """

    kind: NDArray[np.int64]
    at: NDArray[np.int64]
    by_call: NDArray[np.bool_]
    rings: NDArray[np.int64]
    limit: NDArray[np.int64]
    probability: NDArray[np.float64]
    random_at: NDArray[np.int64]
    random_by_call: NDArray[np.bool_]
    random_picks: NDArray[np.int64]
    given: NDArray[np.float64]
    tables: NDArray[np.float64]
    keys: NDArray[np.uint64]


GIVEN, CONSTANT, TABLE, SAMPLES = range(4)
NO_LIMIT = 2**62
ATTEMPT = 2**40  # added to the number of a call, for each earlier attempt of its caller


@compiled
def arrivals(keys, factors, starts, ends, per_second, last, u, out, first):
    """Draw the instants of Poisson processes; return False if `out` is too small.

    The rates change in steps: they hold from `starts` to `ends` [s] and are 0 elsewhere. All
    rates of a stream are multiplied by its factor. For
    each stream, the gaps of a process of rate 1 are drawn, and the inverse of the expected
    number of calls converts them to instants. Instants before `last` are written to `out`, and
    the index of the first instant of each stream to `first`. `u` is scratch space for
    `DRAWN_TOGETHER` numbers.
    """
    n = 0
    for stream in range(len(keys)):
        key_0, key_1 = keys[stream, 0], keys[stream, 1]
        reached, passed, interval, number = 0.0, 0.0, 0, 0
        factor = factors[stream]
        rate = per_second[0] * factor
        expected = rate * (ends[0] - starts[0])
        first[stream] = n
        while True:
            if number % DRAWN_TOGETHER == 0:
                draw_blocks(key_0, key_1, number // PER_BLOCK, u, 0)
            reached -= math.log(1.0 - u[number % DRAWN_TOGETHER])
            number += 1
            while reached >= expected and interval < len(starts):
                interval += 1
                if interval < len(starts):
                    passed = expected
                    rate = per_second[interval] * factor
                    expected += rate * (ends[interval] - starts[interval])
            if interval == len(starts):
                break
            instant = starts[interval] + (reached - passed) / rate
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
    """Write the run of every row to `run`, and the number of the row in its run to `nth`."""
    for one in range(len(first) - 1):
        for row in range(first[one], first[one + 1]):
            run[row], nth[row] = one, row - first[one]


@compiled
def merge(at, first, next_at, next_part, next_source, order, part, nth):
    """Merge the sorted instants of several parts, run by run; ties go to the earlier part.

    Parameters
    ----------
    at : float64
        Instants of all parts, one part after another, sorted within each run of a part.
    first : int64 of shape (parts, runs + 1)
        Index in `at` of the first instant of each run of each part.
    next_at, next_part, next_source : one element per part
        Scratch space of the heap.
    order, part, nth : int64, of the length of `at`
        Outputs: for each merged instant its index in `at`, its part, and its number in that
        run of the part.
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


@internal
def answer_delay(phones, extension, key_row, call, nth, ring):
    """Return the answer delay [s] of a ring of a call on a phone; inf if it is not answered.

    `ring` counts the rings of the call on this phone from 0. In a drawn workload, `key_row`
    is the row of keys of the group that the call arrived at in its replication, and `nth` the
    number of the call in that group. A later attempt has the `call` and `key_row` of the first
    one, and an `nth` that is larger by `ATTEMPT` for each attempt before it.
    """
    delay, coin = answer_words(phones, extension, key_row, nth, ring)
    return delay_at(phones, extension, call, ring, delay, coin)


@inlined
def answer_words(phones, extension, key_row, nth, ring):
    """Return the random words of a ring's delay and of whether it is answered; 0 if given."""
    if not is_random(phones, extension):
        return ZERO, ZERO
    words = philox(
        phones.keys[key_row, extension, 0], phones.keys[key_row, extension, 1], nth, ring
    )
    return words[DELAY], words[COIN]


@inlined
def is_random(phones, extension):
    """Return whether the delays of a phone depend on random numbers."""
    kind = phones.kind[extension]
    return not (kind == GIVEN or (kind == CONSTANT and phones.probability[extension] >= 1.0))


@inlined
def delay_at(phones, extension, call, ring, word, coin):
    """Return the answer delay of a ring from its `answer_words`: see `answer_delay`."""
    kind, at = phones.kind[extension], phones.at[extension]
    if kind == GIVEN:
        rings = phones.rings[extension]
        row = call if phones.by_call[extension] else 0
        return phones.given[at + row * rings + min(ring, rings - 1)]
    if kind == TABLE:
        delay = inverse(phones.tables, at, word)
    elif kind == SAMPLES:
        delay = phones.given[at + int(uniform(word) * phones.rings[extension])]
    else:
        delay = phones.given[at]
    # No branch to be mispredicted: a delay that is not needed takes less time
    return delay if uniform(coin) < phones.probability[extension] else math.inf


@compiled
def answer_delays(phones, extension, key_row, start, ring, out):
    """Write `answer_delay` of consecutive calls of a row of keys to `out`, from call `start`."""
    for i in range(len(out)):
        out[i] = answer_delay(phones, extension, key_row, 0, start + i, ring)


@internal
def random_draw(phones, extension, key_row, call, nth, pick):
    """Return the draw in [0, 1) of a call and a phone, which dispatchers may order by.

    `pick` counts the picks of the call from 0, for draws that are made anew at each.
    """
    at = phones.random_at[extension]
    if at >= 0:
        picks = phones.random_picks[extension]
        row = call if phones.random_by_call[extension] else 0
        return phones.given[at + row * picks + min(pick, picks - 1)]
    key = phones.keys[key_row, extension]
    return uniform(philox(key[0], key[1], nth, pick)[RANDOM])


@compiled
def phone_uniforms(key_0, key_1, calls, ring, word, out):
    """Write a uniform number of a phone for each of some calls of a key to `out`."""
    for i in range(len(out)):
        out[i] = uniform(philox(key_0, key_1, calls[i], ring)[word])
