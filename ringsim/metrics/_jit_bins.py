"""Waits counted by bins, compiled."""

from __future__ import annotations

import math

from ringsim._jit import compiled

BUILT_ON = "84cc7fe743ec15f2"  # fingerprint of what comes from elsewhere: see ringsim._jit

LEAST_EXPONENT, MOST_EXPONENT = -6, 20  # of waits: bins for 2**-7 to 2**20 seconds
BINS_PER_OCTAVE = 64
BINS = (MOST_EXPONENT - LEAST_EXPONENT + 1) * BINS_PER_OCTAVE + 1


@compiled
def bin_of(wait):
    """Which bin a wait is put in: the first is for those near 0, then 64 to an octave."""
    if wait < 2.0 ** (LEAST_EXPONENT - 1):
        return 0
    mantissa, exponent = math.frexp(wait)
    if exponent > MOST_EXPONENT:
        return BINS - 1
    step = int((mantissa - 0.5) * (2 * BINS_PER_OCTAVE))
    return 1 + (exponent - LEAST_EXPONENT) * BINS_PER_OCTAVE + step


@compiled
def count_waits(wait, is_answered, cell_of, section, counts, least, most):
    """Count waits by section, cell, outcome and bin, and keep the extremes of each bin."""
    for call in range(len(wait)):
        cell, kind, place = cell_of[call], int(is_answered[call]), bin_of(wait[call])
        counts[section[call], cell, kind, place] += 1
        least[cell, kind, place] = min(least[cell, kind, place], wait[call])
        most[cell, kind, place] = max(most[cell, kind, place], wait[call])
