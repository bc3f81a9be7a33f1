"""Compiled hash table that counts waits by section, cell, outcome and bin, and samples them.

Each wait has a tag, a hash of its replication and of the position of its call; the waits with
the lowest tags are the sample. Counts and sample do not depend on the order of counting.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled

BUILT_ON = "48088d4b95222cb6"  # fingerprint of what comes from elsewhere: see ringsim._jit

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
    call, began, n_rows, last = state  # in registers: stores to arrays may change arrays
    replication, base, source = -1, 0, EMPTY
    while call < len(bits) and n_rows <= limit and last < len(drawn.tag):
        if kept.replication[call] != replication:
            replication = int(kept.replication[call])
            base = (replication % sections) * n_cells
            source = np.uint64(replication) << HALF_A_WORD
            if call == 0 or kept.replication[call - 1] != replication:
                began = call
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
def keys_by_wait(n, n_cells, sections, keys):
    """Put keys of a table with a slot for each in order: by cell, bin, outcome and section.

    Rows of one bin are far apart in the table, which is read in steps.
    """
    found, of_section = 0, n_cells * 2 * BINS
    for cell in range(n_cells):
        for place in range(BINS):
            for kind in range(2):
                first = (cell * 2 + kind) * BINS + place
                for section in range(sections):
                    key = section * of_section + first
                    if n[key] > 0:
                        keys[found] = key
                        found += 1


@compiled
def split_keys(keys, n_cells, places, is_answered, cell, section):
    """Split keys of rows into columns; places are numbers of outcome and bin."""
    of_section = n_cells * 2 * BINS
    for row in range(len(keys)):
        section[row] = keys[row] // of_section
        place = keys[row] % of_section
        cell[row] = place // (2 * BINS)
        places[row] = place % (2 * BINS)
        is_answered[row] = places[row] >= BINS


@compiled
def tell_waits(places, rows, first, drawn, number, told):
    """Give each row one of the waits drawn of its outcome and bin, the least to the first rows.

    Of the rows of a place, as large a share has a wait as of its draws. `rows` says how many
    rows it has and `first` where its draws begin and end in `drawn`, which has them in order;
    `number` is 0 for each place. A row without draws is left as it is.
    """
    for row in range(len(places)):
        place = places[row]
        draws = first[place + 1] - first[place]
        if draws > 0:
            chosen = (2 * number[place] + 1) * draws // (2 * rows[place])
            told[row] = drawn[first[place] + chosen]
            number[place] += 1


@compiled
def order_within_bins(wait, cell, places, order):
    """Order rows by wait, where they are so for each outcome, by cell, bin and outcome before."""
    end = 0
    while end < len(wait):
        one = end
        answered = places[one] if places[one] >= BINS else places[one] + BINS
        while end < len(wait) and cell[end] == cell[one] and places[end] == answered - BINS:
            end += 1
        middle = end
        while end < len(wait) and cell[end] == cell[one] and places[end] == answered:
            end += 1
        other, start = middle, one
        for place in range(start, end):
            if other == end or (one < middle and wait[one] <= wait[other]):
                order[place] = one
                one += 1
            else:
                order[place] = other
                other += 1
