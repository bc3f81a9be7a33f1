"""Compiled bounds of percentiles of one cell of pooled values, or of many.

A cursor moves over the sorted values of a cell and keeps the sums over replications that the
share of values up to its place, and the variance of this share, are computed from. The places
that are asked for lie near the percentile, so that it moves little. `_quantiles` says how the
bounds are defined.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled
from ringsim.confidence._jit_estimates import (
    FEW,
    few_carry,
    logit_bounds,
    spread_of,
    two_carry,
    unseen_share,
)

BUILT_ON = "3517155924a41b4d"  # fingerprint of what comes from elsewhere: see ringsim._jit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

NOWHERE = -1  # place of a bound that no value reaches
LARGEST_EXACT = 2.0**62  # sums below this are computed in whole numbers
SLACK = 1e-9  # of the place of a quantile among the values
CELL, PLACE, N, SQUARES, PRODUCTS = range(5)  # of `Cursor.at`


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


class Cells(NamedTuple):
    """Columns of cells: number of values, of replications with values, and squares of cases."""

    total: Ints
    informative: Ints
    squares: Ints


class Places(NamedTuple):
    """Columns of cells: rows of a quantile and of its bounds, and whether it is marked."""

    at: Ints
    low: Ints
    high: Ints
    is_few: Flags


class Rest(NamedTuple):
    """What the bounds of a share depend on besides the share.

    Attributes
    ----------
    q : float
        The quantile.
    t, tail : float
        Quantile of Student's t, and the probability of error on each side.
    unseen : float
        Share of unseen days to allow for.
    at, place : int
        Row of the quantile, and its place among the values of the cell.
    """

    q: float
    t: float
    tail: float
    unseen: float
    at: int
    place: int


@compiled
def describe_cells(data, cursor, cells):
    """Compute the columns of `cells`."""
    for cell in range(len(cells.total)):
        enter(data, cursor, cell)
        total, informative, squares = 0, 0, 0
        for place in range(len(cursor.cases)):
            n = cursor.cases[place]
            total += n
            informative += n > 0
            squares += n * n
        cells.total[cell], cells.informative[cell], cells.squares[cell] = (
            total,
            informative,
            squares,
        )


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


@compiled
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
    last = cursor.at[PLACE]
    if len(data.source) == 0:
        if place > last:
            _count(data, last, place, 1, cursor.running)
        else:
            _count(data, place, last, -1, cursor.running)
        cursor.at[N] = cursor.at[SQUARES] = cursor.at[PRODUCTS] = 0
        for source in range(len(cursor.running)):
            n = cursor.running[source]
            cursor.at[N] += n
            cursor.at[SQUARES] += n * n
            cursor.at[PRODUCTS] += n * cursor.cases[source]
    else:
        _move_over_rows(data, cursor, min(last, place), max(last, place), 1 if place > last else -1)
    cursor.at[PLACE] = place


@compiled
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
def bound_quantiles(data, cells, cursor, q, t, tail, unseen, places):
    """Find the `q`-quantile of each cell and its bounds, and mark it if it rests on little.

    Parameters
    ----------
    data, cells, cursor
        The values.
    q, tail : float
        The quantile, and the probability of error on each side.
    t, unseen : arrays of shape (cells,)
        Quantile of Student's t, and the share of unseen days that the bounds allow for.
    places : Places
        The rows found, the last ones of their value; `NOWHERE` for an unknown bound.
    """
    for cell in range(len(cells.total)):
        places.at[cell] = places.low[cell] = places.high[cell] = NOWHERE
        if cells.total[cell] == 0:
            continue
        if cursor.at[CELL] != cell:
            enter(data, cursor, cell)
        place = place_of(q, cells, cell)
        at = row_at(data, cell, place)
        places.at[cell] = at
        rest = Rest(q, t[cell], tail, unseen[cell], at, place)
        low, high = _bounds_at(data, cells, cursor, at, rest)
        places.is_few[cell] = _is_few(cursor, cells, q)
        if cells.informative[cell] < 2:
            continue
        at_low, at_high = place_of(2 * q - high, cells, cell), place_of(2 * q - low, cells, cell)
        places.low[cell] = _first_reached(data, cells, cursor, rest, 1, at_low)
        places.high[cell] = _first_reached(data, cells, cursor, rest, 0, at_high)


@compiled
def place_of(q, cells, cell):
    """Return the place of the `q`-quantile among the values of a cell, from 0."""
    total = cells.total[cell]
    return min(max(1, math.ceil(q * total - SLACK)), total) - 1


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


@compiled
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


@compiled
def _share(cells, cursor):
    """Return the share of a cell's values before the cursor, and its variance.

    The variance is computed in whole numbers if they are small enough. Products that overflow
    do not matter then: they are right modulo 2^64.
    """
    cell = cursor.at[CELL]
    total, k = cells.total[cell], cells.informative[cell]
    n, squares, products = cursor.at[N], cursor.at[SQUARES], cursor.at[PRODUCTS]
    if k < 2:
        return n / total, 0.0
    p, every = n / total, float(total)
    spread = (
        squares / every / every
        - 2 * p * (products / every / every)
        + p * p * (cells.squares[cell] / every / every)
    )
    if abs(spread) * every**4 < LARGEST_EXACT:
        exact = squares * total * total - 2 * n * products * total + n * n * cells.squares[cell]
        spread = exact / every**4
    return p, max(0.0, spread) * k / (k - 1)


@compiled
def _independent_values(data, cells, cursor, at):
    """Return the number of independent values that would give the share the same variance."""
    cell = cursor.at[CELL]
    move(data, cursor, first_equal(data, at, data.first[cell]))
    total = float(cells.total[cell])
    p, variance = _share(cells, cursor)
    return total * min(1.0, p * (1 - p) / total / variance) if variance > 0 else total


@compiled
def _bounds_at(data, cells, cursor, row, rest):
    """Return the bounds of the share of values up to a row; the cursor is behind it then."""
    move(data, cursor, row + 1)
    p, variance = _share(cells, cursor)
    if p == 1:
        values = _independent_values(data, cells, cursor, rest.at)
        low, high = 1 - unseen_share(values, rest.tail), 1.0
        move(data, cursor, row + 1)
    else:
        low, high = logit_bounds(p, rest.t * math.sqrt(variance) if variance > 0 else 0.0)
    return low * (1 - rest.unseen), high + rest.unseen * (1 - high)


@compiled
def _first_reached(data, cells, cursor, rest, side, near):
    """Return the row of the first value whose lower (`side` 0) or upper (1) bound reaches q.

    From that value on it must stay so. It is found by bisection among the places of values,
    which starts at the place `near` with strides of a tenth of the distance from the quantile.
    """
    cell = cursor.at[CELL]
    low, high, stride, probe = 0, cells.total[cell], 1 + abs(near - rest.place) // 10, near
    is_near = True
    while low < high:
        row = row_at(data, cell, probe)
        if _bounds_at(data, cells, cursor, row, rest)[side] >= rest.q:
            high = probe
        else:
            low = cursor.at[N]
        is_near = is_near and (low == 0 or high == cells.total[cell])
        if is_near:
            probe = max(high - stride, low) if low == 0 else min(low + stride, high - 1)
            stride *= 2
        else:
            probe = (low + high) // 2
    return row_at(data, cell, low) if low < cells.total[cell] else NOWHERE


@compiled
def _is_few(cursor, cells, q):
    """Return whether few values lie on a quantile's rarer side, or few days carry its error.

    The cursor is behind the quantile.
    """
    cell = cursor.at[CELL]
    total, informative = cells.total[cell], cells.informative[cell]
    if total * min(q, 1 - q) < FEW:
        return True
    if informative < 2:
        return False
    p = cursor.at[N] / total
    for place in range(len(cursor.cases)):
        residual = cursor.running[place] - p * cursor.cases[place]
        cursor.residuals[place] = residual / total
    spread = spread_of(cursor.residuals)
    return two_carry(spread) and few_carry(spread, informative)
