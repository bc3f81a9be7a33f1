"""Compiled hash table that counts waits by section, cell, outcome and bin, and samples them.

Each wait has a tag, a hash of its replication and of the position of its call; the waits with
the lowest tags are the sample. Counts and sample do not depend on the order of counting.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled

BUILT_ON = "8bafaa5fd91e17d1"  # fingerprint of what comes from elsewhere: see ringsim._jit

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


@compiled
def _mixed(word):
    """Return a hash of a 64-bit word (the finaliser of SplitMix64)."""
    word = (word ^ (word >> SHIFT)) * MULTIPLIER_0
    word = (word ^ (word >> SHIFT)) * MULTIPLIER_1
    return word ^ (word >> HALF_A_WORD)


@compiled
def _count(rows, key, count):
    """Add a count to the row of a key; return whether the row is new."""
    if len(rows.key) == 0:
        rows.n[key] += count
        return False
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
def count_waits(kept, bits, n_cells, sections, rows, drawn, least_tag, state, limit):
    """Count waits from `state[NEXT]` on, and sample those with tags below `least_tag`.

    Stop when there are more rows than the limit, or no room for another sampled wait.
    """
    replication, base = -1, 0
    while state[NEXT] < len(bits) and state[N_ROWS] <= limit and state[N_DRAWN] < len(drawn.tag):
        call = state[NEXT]
        if kept.replication[call] != replication:
            replication = int(kept.replication[call])
            base = (replication % sections) * n_cells
            if call == 0 or kept.replication[call - 1] != replication:
                state[BEGAN] = call
        kind = int(kept.is_answered[call])
        wait_bin = bin_of(bits[call])
        key = ((base + int(kept.cell[call])) * 2 + kind) * BINS + wait_bin
        state[N_ROWS] += _count(rows, key, np.uint32(1))
        source = np.uint64(replication) << HALF_A_WORD
        tag = _mixed((source | np.uint64(call - state[BEGAN])) + ONE)
        if tag < least_tag:
            last = state[N_DRAWN]
            drawn.tag[last], drawn.wait[last] = tag, kept.wait[call]
            drawn.is_answered[last] = kept.is_answered[call]
            state[N_DRAWN] += 1
        state[NEXT] += 1


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
