"""Compiled bounds of percentiles of one cell of pooled values, or of many.

The places that are asked for lie near the percentile, so that the cursor moves little.
`_quantiles` says how the bounds are defined.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled, internal
from ringsim.confidence._jit_cursor import (
    CELL,
    PRODUCTS,
    SQUARES,
    N,
    enter,
    first_equal,
    move,
    row_at,
)
from ringsim.confidence._jit_estimates import (
    FEW,
    few_carry,
    logit_bounds,
    spread_of,
    two_carry,
    unseen_share,
)

BUILT_ON = "cbee7330de4166aa"  # fingerprint of what comes from elsewhere: see ringsim._jit

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

NOWHERE = -1  # place of a bound that no value reaches
LARGEST_EXACT = 2.0**62  # sums below this are computed in whole numbers
SLACK = 1e-9  # of the place of a quantile among the values


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


@internal
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


@internal
def _independent_values(data, cells, cursor, at):
    """Return the number of independent values that would give the share the same variance."""
    cell = cursor.at[CELL]
    move(data, cursor, first_equal(data, at, data.first[cell]))
    total = float(cells.total[cell])
    p, variance = _share(cells, cursor)
    return total * min(1.0, p * (1 - p) / total / variance) if variance > 0 else total


@internal
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


@internal
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


@internal
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
