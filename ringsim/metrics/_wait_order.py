"""Sorting of waits together with the columns beside them.

numpy sorts numbers four times as fast as it finds their order, and to put four columns in an order
takes as long as a sort. So the columns are packed into the last bits of numbers that begin with
the waits. The bits of the waits that have no room beside them are left out, and numpy sorts the
waits once more without columns. That is right unless waits differ in the bits left out alone: then
the order is looked for, as for a few waits, where it costs less than to load compiled code.

A compiled radix sort took twice as long (measured).
"""

from __future__ import annotations

import numpy as np

from ringsim.metrics._jit_wait_order import NEAR, Digits, keys_to_columns, waits_to_keys
from ringsim.metrics._wait_table import Kept

__all__ = ["in_order"]

FEW = 20_000  # waits whose order is looked for
LEAST = int(np.float64(2.0**-30).view(np.int64))  # waits below a nanosecond are as good as 0
BITS = 63  # of a key, which is not negative
MOST_LEFT_OUT = 12  # bits; waits that differ in later ones alone are rare


def in_order(kept: Kept) -> Kept:
    """Return waits in rising order, with their columns; equal waits may stand in any order."""
    found = _sorted_by_key(kept) if len(kept.wait) > FEW else None
    return kept.at(np.argsort(kept.wait)) if found is None else found


def _sorted_by_key(kept: Kept) -> Kept | None:
    """Return waits in rising order; None if it takes more bits than a key has."""
    bits = kept.wait.view(np.int64)
    digits = _digits_of(kept, int(bits.max()))
    if digits.left_out > MOST_LEFT_OUT:
        return None
    n, keys = len(bits), np.empty_like(bits)
    waits_to_keys(kept, bits, LEAST, digits, keys)  # type: ignore[no-untyped-call]
    keys.sort()
    wait = np.sort(kept.wait)
    found = Kept(wait, np.empty(n, np.bool_), np.empty(n, np.int32), np.empty(n, np.int32))
    columns = (found.is_answered, found.cell, found.replication)
    done = keys_to_columns(keys, wait.view(np.int64), digits, *columns)  # type: ignore[no-untyped-call]
    return None if done == NEAR else found


def _digits_of(kept: Kept, greatest: int) -> Digits:
    """Return the numbers of bits of a key, given the bits of the greatest wait."""
    cell, replication = (int(codes.max()).bit_length() for codes in (kept.cell, kept.replication))
    needed = max(greatest - LEAST, 0).bit_length() + cell + replication + 1
    return Digits(cell, replication, max(0, needed - BITS))
