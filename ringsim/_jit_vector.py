"""Compiled operations on sixteen neighbouring elements of an array at once.

A set of the sixteen is an integer, a bit per element. The compiler turns a loop over the members
of a group into such operations only if there are many, so that they are written out here.

`LANES`
    The number of elements: sixteen fill two registers of the widest vector unit.
`MOST`
    A whole number that no element exceeds.
`at_most`, `at_most_by_index`, `unequal`
    Return the set of elements that compare with a number.
`of_least`
    Returns those of a set whose elements are the least.
`first_lane`, `n_lanes`
    Return the first element of a set, and their number.
`put`
    Writes one element.
`loaded`, `stored`, `splat`, `constant`
    Generate the code for vectors in other operations.

An array must have `LANES - 1` more elements than are used, as those after the last one are read,
too. Results are the same on every little-endian processor: one without such a unit computes them
in turn.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ringsim._jit import INTERPRETED

__all__ = [
    "LANES",
    "MOST",
    "at_most",
    "at_most_by_index",
    "constant",
    "first_lane",
    "loaded",
    "n_lanes",
    "of_least",
    "put",
    "splat",
    "stored",
    "unequal",
]

LANES = 16
MOST = 2**63 - 1


# Parts of the code that other functions generate


def _vector(element: Any, lanes: int = LANES) -> Any:
    return ir.VectorType(element, lanes)


def splat(builder: Any, value: Any, lanes: int = LANES) -> Any:
    """Generate a vector of which each element is a value."""
    vector, index = _vector(value.type, lanes), ir.IntType(32)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), value, index(0))
    everywhere = ir.Constant(_vector(index, lanes), [0] * lanes)
    return builder.shuffle_vector(first, first, everywhere)


def constant(element: Any, value: Any, lanes: int = LANES) -> Any:
    """Generate a vector of which each element is a constant."""
    return ir.Constant(_vector(element, lanes), [value] * lanes)


def _pointer(
    context: Any, builder: Any, kind: Any, array: Any, start: Any, lanes: int = LANES
) -> Any:
    struct = context.make_array(kind)(context, builder, array)
    element = builder.gep(struct.data, [start])
    return builder.bitcast(element, _vector(struct.data.type.pointee, lanes).as_pointer())


def loaded(
    context: Any, builder: Any, kind: Any, array: Any, start: Any, lanes: int = LANES
) -> Any:
    """Generate a vector of the elements of an array from an index on."""
    return builder.load(_pointer(context, builder, kind, array, start, lanes), align=8)


def stored(context: Any, builder: Any, kind: Any, array: Any, start: Any, vector: Any) -> None:
    """Generate code that writes a vector to the elements of an array from an index on."""
    at = _pointer(context, builder, kind, array, start, vector.type.count)
    builder.store(vector, at, align=8)


def _set(builder: Any, comparison: Any) -> Any:
    return builder.zext(builder.bitcast(comparison, ir.IntType(LANES)), ir.IntType(64))


# Operations, as code and in Python, which runs if numba is disabled


def _at_most_typing(typing_context: Any, array: Any, start: Any, limit: Any) -> Any:
    """Generate code for the set of elements that are not above a limit."""
    signature = types.int64(array, types.int64, types.float64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        elements = loaded(context, builder, signature.args[0], *arguments[:2])
        limits = splat(builder, arguments[2])
        return _set(builder, builder.fcmp_ordered("<=", elements, limits))

    return signature, generate


def _at_most_in_python(array: Any, start: int, limit: float) -> int:
    """Return the set of elements that are not above a limit."""
    return _set_of(array[start : start + LANES] <= limit)


def _at_most_by_index_typing(
    typing_context: Any, array: Any, indices: Any, start: Any, limit: Any
) -> Any:
    """Generate code for the set of neighbouring indices whose elements are not above a limit."""
    signature = types.int64(array, indices, types.int64, types.float64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        struct = context.make_array(kinds[0])(context, builder, arguments[0])
        places = loaded(context, builder, kinds[1], *arguments[1:3])
        elements = ir.Constant(_vector(struct.data.type.pointee), ir.Undefined)
        for lane in range(LANES):
            number = ir.IntType(32)(lane)
            element = builder.gep(struct.data, [builder.extract_element(places, number)])
            elements = builder.insert_element(elements, builder.load(element), number)
        limits = splat(builder, arguments[3])
        return _set(builder, builder.fcmp_ordered("<=", elements, limits))

    return signature, generate


def _at_most_by_index_in_python(array: Any, indices: Any, start: int, limit: float) -> int:
    """Return the set of neighbouring indices whose elements are not above a limit."""
    return _set_of(array[indices[start : start + LANES]] <= limit)


def _unequal_typing(typing_context: Any, array: Any, start: Any, number: Any) -> Any:
    """Generate code for the set of elements other than a number."""
    signature = types.int64(array, types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        elements = loaded(context, builder, signature.args[0], *arguments[:2])
        return _set(builder, builder.icmp_signed("!=", elements, splat(builder, arguments[2])))

    return signature, generate


def _unequal_in_python(array: Any, start: int, number: int) -> int:
    """Return the set of elements other than a number."""
    return _set_of(array[start : start + LANES] != number)


def _of_least_typing(typing_context: Any, array: Any, start: Any, lanes: Any) -> Any:
    """Generate code for those of a set whose elements are the least."""
    signature = types.int64(array, types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        elements = loaded(context, builder, signature.args[0], *arguments[:2])
        one = ir.IntType(1)
        chosen = builder.bitcast(builder.trunc(arguments[2], ir.IntType(LANES)), _vector(one))
        others = builder.select(chosen, elements, constant(ir.IntType(64), MOST))
        # Exchange halves, quarters, ..., so that the least reaches all lanes without leaving
        # the vector unit, from which the way is long
        best, apart = others, LANES // 2
        while apart:
            order = ir.Constant(_vector(ir.IntType(32)), [lane ^ apart for lane in range(LANES)])
            other = builder.shuffle_vector(best, best, order)
            best = builder.select(builder.icmp_signed("<", other, best), other, best)
            apart //= 2
        return _set(builder, builder.and_(chosen, builder.icmp_signed("==", others, best)))

    return signature, generate


def _of_least_in_python(array: Any, start: int, lanes: int) -> int:
    """Return those of a set whose elements are the least."""
    chosen = [lane for lane in range(LANES) if lanes >> lane & 1]
    best = min((array[start + lane] for lane in chosen), default=MOST)
    return sum(1 << lane for lane in chosen if array[start + lane] == best)


def _first_lane_typing(typing_context: Any, lanes: Any) -> Any:
    """Generate code for the first element of a set that is not empty."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.int64(types.int64), generate


def _first_lane_in_python(lanes: int) -> int:
    """Return the first element of a set that is not empty."""
    return (int(lanes) & -int(lanes)).bit_length() - 1


def _n_lanes_typing(typing_context: Any, lanes: Any) -> Any:
    """Generate code for the number of elements of a set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.int64), generate


def _n_lanes_in_python(lanes: int) -> int:
    """Return the number of elements of a set."""
    return int(lanes).bit_count()


def _put_typing(typing_context: Any, array: Any, start: Any, lane: Any, number: Any) -> Any:
    """Generate code that writes a number to one of the elements.

    All are stored, as a processor waits long before it can load many of which one was stored a
    moment ago.
    """
    signature = types.void(array, types.int64, types.int64, array.dtype)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given, start, lane, number = arguments
        kind = signature.args[0]
        old = loaded(context, builder, kind, given, start)
        lanes = ir.Constant(_vector(ir.IntType(64)), list(range(LANES)))
        here = builder.icmp_signed("==", lanes, splat(builder, lane))
        stored(
            context, builder, kind, given, start, builder.select(here, splat(builder, number), old)
        )
        return context.get_dummy_value()

    return signature, generate


def _put_in_python(array: Any, start: int, lane: int, number: float) -> None:
    """Write a number to one of the elements."""
    array[start + lane] = number


def _set_of(comparison: Any) -> int:
    return sum(1 << lane for lane in range(LANES) if comparison[lane])


def _operation(typing: Any, in_python: Any) -> Any:
    return in_python if INTERPRETED else intrinsic(typing)


at_most: Any = _operation(_at_most_typing, _at_most_in_python)
at_most_by_index: Any = _operation(_at_most_by_index_typing, _at_most_by_index_in_python)
unequal: Any = _operation(_unequal_typing, _unequal_in_python)
of_least: Any = _operation(_of_least_typing, _of_least_in_python)
first_lane: Any = _operation(_first_lane_typing, _first_lane_in_python)
n_lanes: Any = _operation(_n_lanes_typing, _n_lanes_in_python)
put: Any = _operation(_put_typing, _put_in_python)
