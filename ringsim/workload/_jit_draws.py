"""Random draws by stream, compiled: arrivals, answer delays, draws for dispatchers.

`arrivals`, `merge`
    Instants of Poisson processes, and several of these in one order.
`PhoneArrays`
    Where the answer delays of all phones come from, drawn or given.
`answer_delay`, `answer_delays`, `random_draw`
    The delay of one ring, or of one ring of a block of calls; the draw for dispatchers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled
from ringsim._jit_heap import pop, push
from ringsim.workload._jit_random import PER_BLOCK, ZERO, inverse, philox, uniform

__all__ = [
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
    "arrivals",
    "merge",
    "numbers",
    "phone_uniforms",
    "random_draw",
]

BUILT_ON = "e3fc9829b50d3bd2"  # fingerprint of what comes from elsewhere: see ringsim._jit


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
