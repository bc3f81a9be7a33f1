"""The order of waits.

numpy sorts whole numbers three times as fast as it finds the order of floats. So waits become whole
numbers that begin with the bits of a wait and end with its row. The last bits of the waits have no
room beside the rows and are left out: if waits differ in these alone, which is rare, they are put
in order at last, as fast as anything that is nearly in order.

A compiled radix sort took twice as long, and so did to sort the waits beside whole numbers that end
with replications and outcomes (measured).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["in_order"]

Floats: TypeAlias = NDArray[np.float64]

LEAST = int(np.float64(2.0**-30).view(np.int64))  # waits below a nanosecond begin alike
BITS = 63  # of a whole number that is not negative


def in_order(waits: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return the rows of waits in rising order, and the waits in this order.

    Equal waits may stand in any order.
    """
    n = len(waits)
    keys = np.maximum(waits.view(np.int64), LEAST)  # in the same order as the floats
    keys -= LEAST
    of_row = n.bit_length()
    left_out = int(keys.max(initial=0)).bit_length() + of_row - BITS
    keys >>= max(left_out, 0)
    keys <<= of_row
    keys |= np.arange(n)
    keys.sort()
    keys &= (1 << of_row) - 1
    found = waits.take(keys)
    if (found[1:] < found[:-1]).any():
        order = np.argsort(found, kind="stable")
        keys, found = keys.take(order), found.take(order)
    return keys, found
