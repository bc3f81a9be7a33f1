"""Compiled hash table that counts waits by section, cell, outcome and bin, and samples them.

Each wait has a tag, a hash of its replication and of the position of its call; the waits with
the lowest tags are the sample. Counts and sample do not depend on the order of counting.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import INDEX_MASK, compiled, internal

BUILT_ON = "3f64fecbc71e5925"  # fingerprint of what comes from elsewhere: see ringsim._jit

# A bin is the sign, the exponent and the first ten bits of the fraction of a float: 1024 bins
# to an octave, none wider than 0.1 %. The first bin is for waits below 1/16,000 s, the last one
# for waits beyond three weeks.
LEAST_EXPONENT, OCTAVES = -14, 36
BINS_PER_OCTAVE = 1024
BINS = OCTAVES * BINS_PER_OCTAVE
DROPPED_BITS = 42
FIRST_BIN = (1023 + LEAST_EXPONENT) * BINS_PER_OCTAVE

NEXT, BEGAN, N_ROWS, N_DRAWN = range(4)  # of `state`: next wait, first of its replication, counts
EMPTY = np.uint64(0)
MULTIPLIER_0 = np.uint64(0xBF58476D1CE4E5B9)
MULTIPLIER_1 = np.uint64(0x94D049BB133111EB)
HALF_A_WORD = np.uint64(32)
SHIFT = np.uint64(29)
ROUNDING = 1e-9  # of numbers of waits
ATOM = 0.05  # share of a bin's waits on each side of a wait that the others share
PAGE_BITS, PAGE = np.uint64(4), np.uint64(15)  # keeps neighbouring bins together in the table
ONE = np.uint64(1)


class Rows(NamedTuple):
    """Columns of a hash table with a power of 2 of slots.

    A key of 0 marks an empty slot. If there are no keys, every possible key has its own slot.
    """

    key: NDArray[np.uint64]
    n: NDArray[np.uint32]


class Drawn(NamedTuple):
    """Columns of sampled waits, in no order: those with the lowest tags, and some more."""

    tag: NDArray[np.uint64]
    wait: NDArray[np.float64]
    is_answered: NDArray[np.bool_]


@compiled
def bin_of(bits):
    """Return the bin of a wait, given the bits of its float as an integer."""
    return min(max((int(bits) >> DROPPED_BITS) - FIRST_BIN, 0), BINS - 1)


@internal
def _mixed(word):
    """Return a hash of a 64-bit word (the finaliser of SplitMix64)."""
    word = (word ^ (word >> SHIFT)) * MULTIPLIER_0
    word = (word ^ (word >> SHIFT)) * MULTIPLIER_1
    return word ^ (word >> HALF_A_WORD)


@internal
def _count(rows, key, count):
    """Add a count to the row of a key; return whether the row is new."""
    wanted = np.uint64(key) + ONE
    mask = np.uint64(len(rows.key) - 1)
    slot = (_mixed(wanted >> PAGE_BITS) + (wanted & PAGE)) & mask
    while rows.key[slot] != EMPTY and rows.key[slot] != wanted:
        slot = (slot + ONE) & mask
    is_new = rows.key[slot] == EMPTY
    rows.key[slot] = wanted
    rows.n[slot] += count
    return is_new


@compiled
def count_directly(kept, bits, n_cells, sections, counts, keys):
    """Count waits in a table in which every possible key has its own slot.

    All keys are computed before the first is counted. The processor then fetches many slots at a
    time, as the loop that counts is short: 1.9 million waits take 12 ms instead of 56 (measured).
    """
    for call in range(len(bits)):
        section = int(kept.replication[call]) & (sections - 1)
        kind = (section * n_cells + int(kept.cell[call])) * 2 + int(kept.is_answered[call])
        keys[call] = kind * BINS + bin_of(bits[call])
    for call in range(len(bits)):
        counts[keys[call] & INDEX_MASK] += np.uint32(1)


@compiled
def count_waits(kept, bits, n_cells, sections, rows, drawn, least_tag, state, limit):
    """Count waits from `state[NEXT]` on, and sample those with tags below `least_tag`.

    Stop when there are more rows than the limit, or no room for another sampled wait. In a table
    without keys the waits are only sampled: `count_directly` counts them.
    """
    call, began, n_rows, last = state  # in registers: stores to arrays may change arrays
    replication, base, source = -1, 0, EMPTY
    while call < len(bits) and n_rows <= limit and last < len(drawn.tag):
        if kept.replication[call] != replication:
            replication = int(kept.replication[call])
            base = (replication % sections) * n_cells
            source = np.uint64(replication) << HALF_A_WORD
            if call == 0 or kept.replication[call - 1] != replication:
                began = call
        if len(rows.key) > 0:
            kind = int(kept.is_answered[call])
            key = ((base + int(kept.cell[call])) * 2 + kind) * BINS + bin_of(bits[call])
            n_rows += _count(rows, key, np.uint32(1))
        tag = _mixed((source | np.uint64(call - began)) + ONE)
        if tag < least_tag:
            drawn.tag[last], drawn.wait[last] = tag, kept.wait[call]
            drawn.is_answered[last] = kept.is_answered[call]
            last += 1
        call += 1
    state[NEXT], state[BEGAN], state[N_ROWS], state[N_DRAWN] = call, began, n_rows, last


@compiled
def merge_rows(keys, counts, n_cells, sections, rows, state, limit):
    """Merge rows of another table from `state[NEXT]` on; stop above the limit of rows."""
    of_section = n_cells * 2 * BINS
    while state[NEXT] < len(keys) and state[N_ROWS] <= limit:
        row = state[NEXT]
        section = keys[row] // of_section
        key = keys[row] + (section % sections - section) * of_section
        state[N_ROWS] += _count(rows, key, counts[row])
        state[NEXT] += 1


@compiled
def split_keys(keys, n_cells, bins, is_answered, cell, section):
    """Split keys of rows into columns."""
    of_section = n_cells * 2 * BINS
    for row in range(len(keys)):
        section[row] = keys[row] // of_section
        of_cell = keys[row] % of_section
        cell[row] = of_cell // (2 * BINS)
        bins[row] = of_cell % BINS
        is_answered[row] = of_cell % (2 * BINS) >= BINS


@compiled
def keys_by_wait(keys, n_cells, sections, order):
    """Compute numbers that put the keys of rows in order: by cell, bin, outcome and section."""
    of_section = n_cells * 2 * BINS
    for row in range(len(keys)):
        section, of_cell = keys[row] // of_section, keys[row] % of_section
        cell, place = of_cell // (2 * BINS), of_cell % (2 * BINS)
        outcome, bin_ = place // BINS, place % BINS
        order[row] = ((cell * BINS + bin_) * 2 + outcome) * sections + section


class OfOutcome(NamedTuple):
    """Columns of bins for one outcome.

    Attributes
    ----------
    n : array of shape (n,)
        Number of waits in each bin.
    first, last : arrays of shape (n,)
        Where the sampled waits of each bin begin and end.
    drawn : array
        Sampled waits in rising order.
    """

    n: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    drawn: NDArray[np.float64]


@compiled
def tell_waits(lower, upper, lost, answered, shares, told):
    """Put a wait of each bin into `told`, at or below which a share of the bin's waits lies.

    Each sampled wait of a bin stands for an equal share of the bin's waits with its outcome. In
    a bin without sampled waits, they are spread evenly. For a share of 0 or 1, it is the bin's
    `lower` or `upper` edge, unless nearly all of several sampled waits are equal.
    """
    for row in range(len(shares)):
        one, last_one = lost.first[row], lost.last[row]
        other, last_other = answered.first[row], answered.last[row]
        drawn = last_one - one + last_other - other
        if drawn == 0:
            told[row] = lower[row] + shares[row] * (upper[row] - lower[row])
            continue
        share = shares[row]
        if 0 < share < 1:
            told[row] = _wait_at(one, last_one, other, last_other, lost, answered, row, share)
            continue
        least = _wait_at(one, last_one, other, last_other, lost, answered, row, ATOM)
        most = _wait_at(one, last_one, other, last_other, lost, answered, row, 1 - ATOM)
        if drawn > 1 and least == most:
            told[row] = least
        else:
            told[row] = min(lower[row], least) if share <= 0 else max(upper[row], most)


@internal
def _wait_at(one, last_one, other, last_other, lost, answered, row, share):
    """Return the wait at or below which a share of a bin's waits lies; some were sampled."""
    per_one = lost.n[row] / (last_one - one) if one < last_one else 0.0
    per_other = answered.n[row] / (last_other - other) if other < last_other else 0.0
    left = share * (per_one * (last_one - one) + per_other * (last_other - other)) - ROUNDING
    wait = -1.0
    while left > 0 or wait < 0:
        if other == last_other or (one < last_one and lost.drawn[one] <= answered.drawn[other]):
            wait, left, one = lost.drawn[one], left - per_one, one + 1
        else:
            wait, left, other = answered.drawn[other], left - per_other, other + 1
    return wait
