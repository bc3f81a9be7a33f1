"""Compiled steps around a sort of waits by numpy: see `_wait_order`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import compiled

BUILT_ON = "99113438cfb953de"  # fingerprint of what comes from elsewhere: see ringsim._jit

NEAR = -1  # returned if different waits have the same key

Codes = NDArray[np.int32]


class Digits(NamedTuple):
    """Numbers of bits of a key: of the cell, of the replication, and of the wait left out."""

    cell: int
    replication: int
    left_out: int


@compiled
def waits_to_keys(kept, bits, least, digits, keys):
    """Compute numbers that put waits in order, followed by cell, replication and outcome.

    Parameters
    ----------
    kept : Kept
        The waits.
    bits : array of int
        The bits of their floats.
    least : int
        Bits below which waits are not told apart.
    digits : Digits
        Numbers of bits.
    keys : array of int
        The numbers.
    """
    for row in range(len(bits)):
        key = (max(bits[row], least) - least) >> digits.left_out
        key = key << digits.cell | np.int64(kept.cell[row])
        key = key << digits.replication | np.int64(kept.replication[row])
        keys[row] = key << 1 | np.int64(kept.is_answered[row])


@compiled
def keys_to_columns(keys, bits, digits, is_answered, cell, replication):
    """Split sorted keys into columns; return `NEAR` if their order is not that of the waits.

    `bits` are those of the waits in rising order.
    """
    of_cell, of_replication = (1 << digits.cell) - 1, (1 << digits.replication) - 1
    wait_at = digits.cell + digits.replication + 1
    last, last_bits, is_near = np.int64(-1), np.int64(-1), False
    for row in range(len(keys)):
        key, wait = keys[row], keys[row] >> wait_at
        is_near |= wait == last and bits[row] != last_bits
        last, last_bits = wait, bits[row]
        is_answered[row] = key & 1 != 0
        replication[row] = key >> 1 & of_replication
        cell[row] = key >> 1 + digits.replication & of_cell
    return NEAR if is_near else len(keys)
