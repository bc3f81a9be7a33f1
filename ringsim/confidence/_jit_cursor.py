"""Compiled cursor over the sorted values of cells.

It keeps the sums over replications from which the share of a cell's values up to a place, and the
variance of this share, are computed. The values stand in sorted rows or in a table of bins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled, internal

BUILT_ON = "3f64fecbc71e5925"  # fingerprint of what comes from elsewhere: see ringsim._jit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELL, PLACE, N, SQUARES, PRODUCTS = range(5)  # of `Cursor.at`
FAR = 2  # rows per replication from which on the sums are computed anew after a move


class Data(NamedTuple):
    """Sorted values of all cells, in rows or in a table of bins.

    Attributes
    ----------
    first : array of shape (cells + 1,)
        First row of each cell, and the number of rows.
    upto : array of shape (n,)
        Number of values in all rows up to each row; empty if each row is one value.
    values, source, counts : arrays of shape (n,)
        Value of each row, its replication, and its number of values (empty if 1). In a table,
        each row is a bin of the only cell, and all three are empty.
    table : array of shape (sections, kinds, n)
        Number of values by section, kind and bin; without sections if there are rows.
    kinds : array of int
        Kinds of the table that count.
    """

    first: Ints
    upto: Ints
    values: Floats
    source: NDArray[np.int32]
    counts: NDArray[np.uint32]
    table: NDArray[np.uint32]
    kinds: Ints


class Cursor(NamedTuple):
    """The cursor, and working memory.

    Attributes
    ----------
    at : array of shape (5,)
        The cell, the first row that is not counted, the number of values before it, the sum over
        replications of the square of their number, and of it times the replication's cases.
    running, cases : arrays of shape (sources,)
        Number of values of each replication before the place, and of all in the cell.
    residuals : array of shape (sources,)
        Working memory.
    """

    at: Ints
    running: Ints
    cases: Ints
    residuals: Floats


@compiled
def count_bins(table, kinds, first, last, upto):
    """Compute the numbers of values in all bins up to each, from the first bin with values on."""
    for source in range(table.shape[0]):
        for kind in kinds:
            bins, counts = table[source, kind, first:last], upto[first:last]
            for place in range(len(bins)):
                counts[place] += np.int64(bins[place])
    for bin_ in range(first + 1, last):
        upto[bin_] += upto[bin_ - 1]


@compiled
def enter(data, cursor, cell):
    """Put the cursor before the first row of a cell, and count the cell's cases."""
    first, last = data.first[cell], data.first[cell + 1]
    cursor.cases[:] = 0
    _count(data, first, last, 1, cursor.cases)
    cursor.running[:] = 0
    cursor.at[CELL], cursor.at[PLACE] = cell, first
    cursor.at[N] = cursor.at[SQUARES] = cursor.at[PRODUCTS] = 0


@internal
def _count(data, first, last, sign, counts):
    """Add the values of some rows to counts by replication, or subtract them."""
    if len(data.source) == 0:
        for source in range(data.table.shape[0]):
            n = np.int64(0)
            for kind in data.kinds:
                bins = data.table[source, kind, first:last]
                for place in range(len(bins)):
                    n += np.int64(bins[place])
            counts[source] += sign * n
    elif len(data.counts) == 0:
        for row in range(first, last):
            counts[data.source[row]] += sign
    else:
        for row in range(first, last):
            counts[data.source[row]] += sign * np.int64(data.counts[row])


@compiled
def move(data, cursor, place):
    """Move the cursor so that all rows before a place are counted."""
    _jump(data, cursor, place)
    last = cursor.at[PLACE]
    rows, sources = abs(place - last), len(cursor.running)
    if len(data.source) == 0 or rows > FAR * sources:
        if place > last:
            _count(data, last, place, 1, cursor.running)
        else:
            _count(data, place, last, -1, cursor.running)
        cursor.at[N] = cursor.at[SQUARES] = cursor.at[PRODUCTS] = 0
        for source in range(sources):
            n = cursor.running[source]
            cursor.at[N] += n
            cursor.at[SQUARES] += n * n
            cursor.at[PRODUCTS] += n * cursor.cases[source]
    else:
        _move_over_rows(data, cursor, min(last, place), max(last, place), 1 if place > last else -1)
    cursor.at[PLACE] = place


@internal
def _jump(data, cursor, place):
    """Put the cursor on the first or the last place of its cell if that is nearer to a place.

    Where many values are equal, bounds are looked for from one end to the other.
    """
    first, end = data.first[cursor.at[CELL]], data.first[cursor.at[CELL] + 1]
    distance = abs(place - cursor.at[PLACE])
    if min(place - first, end - place) + len(cursor.cases) >= distance:
        return
    is_end = end - place < place - first
    n, squares = 0, 0
    for source in range(len(cursor.cases)):
        cases = cursor.cases[source] if is_end else 0
        cursor.running[source] = cases
        n += cases
        squares += cases * cases
    cursor.at[PLACE] = end if is_end else first
    cursor.at[N], cursor.at[SQUARES], cursor.at[PRODUCTS] = n, squares, squares


@internal
def _move_over_rows(data, cursor, first, last, sign):
    """Count some rows, or no longer count them."""
    total, squares, products = 0, 0, 0
    for row in range(first, last):
        source = data.source[row]
        n = sign * (np.int64(data.counts[row]) if len(data.counts) > 0 else 1)
        before = cursor.running[source]
        cursor.running[source] = before + n
        total += n
        squares += (2 * before + n) * n
        products += cursor.cases[source] * n
    cursor.at[N] += total
    cursor.at[SQUARES] += squares
    cursor.at[PRODUCTS] += products


@compiled
def row_at(data, cell, place):
    """Return the row of the value at a place in a cell; of rows of equal value, the last one."""
    first, end = data.first[cell], data.first[cell + 1]
    if len(data.upto) == 0:
        return last_equal(data, first + place, end)
    place += data.upto[first - 1] if first > 0 else 0
    low, high = first, end - 1
    while low < high:
        middle = (low + high) // 2
        if data.upto[middle] > place:
            high = middle
        else:
            low = middle + 1
    return last_equal(data, low, end)


@internal
def last_equal(data, row, end):
    """Return the last row before `end` with the same value."""
    if len(data.source) == 0:
        return row
    low, high, stride = row, end, 1
    while low + stride < end and data.values[low + stride] == data.values[row]:
        low += stride
        stride *= 2
    high = min(low + stride, end)
    while high - low > 1:  # the value at `low` is the same, that at `high` is not
        middle = (low + high) // 2
        if data.values[middle] == data.values[row]:
            low = middle
        else:
            high = middle
    return low


@compiled
def first_equal(data, row, start):
    """Return the first row from `start` on with the same value."""
    if len(data.source) == 0:
        return row
    low, high = start, row
    while low < high:
        middle = (low + high) // 2
        if data.values[middle] == data.values[row]:
            high = middle
        else:
            low = middle + 1
    return low
