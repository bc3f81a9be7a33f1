"""Compiled sums over the time in line of visits, and over the lengths of lines."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim._jit import INDEX_MASK, compiled
from ringsim.metrics._jit_sums import LINE_TIME, LINED_UP, LONGEST_LINE, NO_CELL, QUEUE_FULL

BUILT_ON = "442a185ad624fffa"  # fingerprint of what comes from elsewhere: see ringsim._jit

__all__ = ["LinedVisits", "observe_lines"]


class LinedVisits(NamedTuple):
    """Columns of the visits, and of how their callers stood in line."""

    call: NDArray[np.int32]
    group: NDArray[np.int32]
    run: NDArray[np.int64]
    left_at: NDArray[np.float64]
    line_length: NDArray[np.int32]
    lined_up_at: NDArray[np.float64]
    first_rung_at: NDArray[np.float64]


@compiled
def observe_lines(visits, order, arrives_at, warm_up, limits, cell_of, calls, groups):
    """Add visits to the sums of calls and of groups, in the order of the rows given.

    `limits` has `max_queue_length` of each group, and `cell_of` the cell of each call.
    """
    for i in range(len(order)):
        row = order[i] & INDEX_MASK
        call, group = visits.call[row] & INDEX_MASK, visits.group[row] & INDEX_MASK
        run, length = visits.run[row] & INDEX_MASK, visits.line_length[row]
        lined_up_at = visits.lined_up_at[row]
        stood = not math.isnan(lined_up_at)
        cell = cell_of[call]
        if stood and cell != NO_CELL:
            until = visits.left_at[row]
            if visits.first_rung_at[row] < until:  # false if never rung
                until = visits.first_rung_at[row]
            calls[run, cell, LINED_UP] += 1
            calls[run, cell, LINE_TIME] += until - lined_up_at
        if arrives_at[call] < warm_up:
            continue
        if stood:
            groups[run, group, LONGEST_LINE] = max(groups[run, group, LONGEST_LINE], length + 1)
        elif length >= limits[group]:
            groups[run, group, QUEUE_FULL] += 1
