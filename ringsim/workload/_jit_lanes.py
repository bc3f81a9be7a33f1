"""Compiled random numbers of several phones at once: Philox on eight neighbouring keys.

A vector unit has no product of two 64-bit words in full. It is put together from products of their
halves, and eight take as long as three and a half of `ringsim.workload._jit_random.philox`
(measured).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ringsim._jit import INTERPRETED, compiled, inlined
from ringsim._jit_vector import constant, splat, stored
from ringsim.workload._jit_random import (
    DROPPED_BITS,
    MULTIPLIER_0,
    MULTIPLIER_1,
    PER_BLOCK,
    ROUNDS,
    WEYL_0,
    WEYL_1,
    philox,
    uniform,
)

__all__ = [
    "COIN",
    "DELAY",
    "DRAWN_TOGETHER",
    "MOST_LANES",
    "RANDOM",
    "draw_blocks",
    "uniforms",
    "words_together",
]

BUILT_ON = "ecdecf3a07010f14"  # fingerprint of the imports: see ringsim._jit

FEWEST_TOGETHER = 3  # phones; fewer are drawn one by one
EIGHT, SIXTEEN = 8, 16  # phones
MOST_LANES = SIXTEEN
DRAWN_TOGETHER = SIXTEEN * PER_BLOCK  # numbers of a stream
DELAY, COIN, RANDOM = range(3)  # use of the words in a phone's block of four
WORD, NUMBER = ir.IntType(64), ir.DoubleType()
HALF, LOWER_HALF = 32, 2**32 - 1  # bits


def _product(builder: Any, words: Any, factor: int) -> tuple[Any, Any]:
    """Generate the upper and the lower words of the products with a factor.

    Few operations wait for each other, as their delays add up over the rounds.
    """
    lanes = words.type.count
    half, mask = constant(WORD, HALF, lanes), constant(WORD, LOWER_HALF, lanes)
    upper, lower = constant(WORD, factor >> HALF, lanes), constant(WORD, factor & LOWER_HALF, lanes)
    words_upper, words_lower = builder.lshr(words, half), builder.and_(words, mask)
    lowest = builder.mul(words_lower, lower)
    inner, outer = builder.mul(words_upper, lower), builder.mul(words_lower, upper)
    highest = builder.add(
        builder.mul(words_upper, upper),
        builder.add(builder.lshr(inner, half), builder.lshr(outer, half)),
    )
    middle = builder.add(
        builder.add(builder.and_(inner, mask), builder.and_(outer, mask)),
        builder.lshr(lowest, half),
    )
    high = builder.add(highest, builder.lshr(middle, half))
    return high, builder.mul(words, constant(WORD, factor, lanes))


def _words(builder: Any, key_0: Any, key_1: Any, counter_0: Any, counter_1: Any) -> Any:
    """Generate the four words of Philox: see `ringsim.workload._jit_random.philox`."""
    lanes = key_0.type.count
    x_0, x_1 = builder.add(counter_0, constant(WORD, 1, lanes)), counter_1
    x_2 = x_3 = constant(WORD, 0, lanes)
    for _ in range(ROUNDS):
        high_0, low_0 = _product(builder, x_0, int(MULTIPLIER_0))
        high_1, low_1 = _product(builder, x_2, int(MULTIPLIER_1))
        x_0, x_2 = (
            builder.xor(high_1, builder.xor(x_1, key_0)),
            builder.xor(high_0, builder.xor(x_3, key_1)),
        )
        x_1, x_3 = low_1, low_0
        key_0 = builder.add(key_0, constant(WORD, int(WEYL_0), lanes))
        key_1 = builder.add(key_1, constant(WORD, int(WEYL_1), lanes))
    return x_0, x_1, x_2, x_3


def _uniforms(builder: Any, words: Any) -> Any:
    """Generate the uniforms of words: see `ringsim.workload._jit_random.uniform`."""
    lanes = words.type.count
    kept = builder.lshr(words, constant(WORD, int(DROPPED_BITS), lanes))
    numbers = builder.uitofp(kept, ir.VectorType(NUMBER, lanes))
    return builder.fmul(numbers, constant(NUMBER, 2.0**-53, lanes))


def _drawing(lanes: int) -> Any:
    """Return a function that writes the random words of the phones at some places."""

    def typing(
        typing_context: Any,
        keys: Any,
        row: Any,
        phones: Any,
        nth: Any,
        rings: Any,
        start: Any,
        delay: Any,
        coin: Any,
    ) -> Any:
        """Generate the code of the function."""
        whole = types.int64
        signature = types.void(keys, whole, phones, whole, rings, whole, delay, coin)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kinds = signature.args
            given_keys, row, _, nth, _, start = arguments[:6]
            struct = context.make_array(kinds[0])(context, builder, given_keys)
            of_row = builder.mul(row, builder.extract_value(struct.shape, 1))
            vectors = [ir.Constant(ir.VectorType(WORD, lanes), ir.Undefined)] * 3
            # Element by element, as these were stored a moment ago one by one: a processor
            # waits long before it can load several recent stores at once
            for lane in range(lanes):
                place, number = builder.add(start, WORD(lane)), ir.IntType(32)(lane)
                phone, ring = (
                    builder.load(_element(context, builder, kinds[at], arguments[at], place))
                    for at in (2, 4)
                )
                key = builder.shl(builder.add(of_row, phone), WORD(1))
                words = (
                    builder.load(builder.gep(struct.data, [key])),
                    builder.load(builder.gep(struct.data, [builder.add(key, WORD(1))])),
                    ring,
                )
                vectors = [
                    builder.insert_element(vector, word, number)
                    for vector, word in zip(vectors, words, strict=True)
                ]
            counters = splat(builder, nth, lanes)
            words = _words(builder, vectors[0], vectors[1], counters, vectors[2])
            for at, word in ((6, words[DELAY]), (7, words[COIN])):
                stored(context, builder, kinds[at], arguments[at], start, word)
            return context.get_dummy_value()

        return signature, generate

    def in_python(
        keys: Any, row: int, phones: Any, nth: int, rings: Any, start: int, delay: Any, coin: Any
    ) -> None:
        for at in range(start, start + lanes):
            key = keys[row, phones[at]]
            words = philox(key[0], key[1], nth, rings[at])
            delay[at], coin[at] = words[DELAY], words[COIN]

    return in_python if INTERPRETED else intrinsic(typing)


def _indices(places: Iterable[int]) -> Any:
    """Generate the constant vector that names the elements of a shuffled vector."""
    given = list(places)
    return ir.Constant(ir.VectorType(ir.IntType(32), len(given)), given)


def _element(context: Any, builder: Any, kind: Any, array: Any, place: Any) -> Any:
    """Generate the address of an element of an array."""
    return builder.gep(context.make_array(kind)(context, builder, array).data, [place])


_draw_eight = _drawing(EIGHT)
_draw_sixteen = _drawing(SIXTEEN)


@inlined
def words_together(keys, row, phones, nth, rings, n, delay, coin):
    """Write the random words of a ring of each of n phones to `delay` and `coin`.

    They are those of `ringsim.workload._jit_draws.answer_words`.

    The arrays must have `MOST_LANES` elements more.
    """
    start = 0
    while n - start > EIGHT:
        _draw_sixteen(keys, row, phones, nth, rings, start, delay, coin)
        start += SIXTEEN
    if n - start >= FEWEST_TOGETHER:
        _draw_eight(keys, row, phones, nth, rings, start, delay, coin)
        start += EIGHT
    for at in range(start, n):
        words = philox(keys[row, phones[at], 0], keys[row, phones[at], 1], nth, rings[at])
        delay[at], coin[at] = words[DELAY], words[COIN]


def _draw_blocks_typing(
    typing_context: Any, key_0: Any, key_1: Any, block: Any, out: Any, start: Any
) -> Any:
    """Generate code for the uniforms of sixteen blocks."""
    signature = types.void(types.uint64, types.uint64, types.int64, out, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        *keys, block, out, start = arguments
        places = ir.Constant(ir.VectorType(WORD, SIXTEEN), list(range(SIXTEEN)))
        counters = builder.add(splat(builder, block, SIXTEEN), places)
        key_0, key_1 = (splat(builder, key, SIXTEEN) for key in keys)
        words = _words(builder, key_0, key_1, counters, constant(WORD, 0, SIXTEEN))
        together = [_uniforms(builder, word) for word in words]
        while len(together) > 1:  # join two vectors each, one after the other
            pairs = zip(together[::2], together[1::2], strict=True)
            order = _indices(range(2 * together[0].type.count))
            together = [builder.shuffle_vector(*pair, order) for pair in pairs]
        [by_word] = together
        order = _indices(
            word * SIXTEEN + block for block in range(SIXTEEN) for word in range(PER_BLOCK)
        )
        in_order = builder.shuffle_vector(by_word, by_word, order)
        stored(context, builder, signature.args[3], out, start, in_order)
        return context.get_dummy_value()

    return signature, generate


def _draw_blocks_in_python(key_0: int, key_1: int, block: int, out: Any, start: int) -> None:
    for at in range(SIXTEEN):
        words = philox(key_0, key_1, block + at, 0)
        first = start + PER_BLOCK * at
        out[first : first + PER_BLOCK] = [uniform(word) for word in words]


draw_blocks: Any = _draw_blocks_in_python if INTERPRETED else intrinsic(_draw_blocks_typing)


@compiled
def uniforms(keys, first, out):
    """Write the first numbers of each stream to `out`: see `ringsim.workload._keys.Stream`.

    The numbers of stream i fill `out` from index `first[i]` up to `first[i + 1]`.
    """
    for stream in range(len(keys)):
        key_0, key_1 = keys[stream, 0], keys[stream, 1]
        start, end, block = first[stream], first[stream + 1], 0
        while end - start >= DRAWN_TOGETHER:
            draw_blocks(key_0, key_1, block, out, start)
            start, block = start + DRAWN_TOGETHER, block + SIXTEEN
        while start < end:
            words = philox(key_0, key_1, block, 0)
            for place in range(min(PER_BLOCK, end - start)):
                out[start + place] = uniform(words[place])
            start, block = start + PER_BLOCK, block + 1
