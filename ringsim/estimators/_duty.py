"""Times on duty, from the phones that rang.

`duty`
    Spans in which a person's phone rang, from counts by part of the day.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringsim.estimators._days import Floats

__all__ = ["CELL", "duty"]

CELL = 300.0  # seconds
STRAY = 0.03  # rate of rings off duty, as a share of the rate on duty
CHANGE = math.log(1e-3)  # log probability that duty begins or ends at a cell
ROUNDS = 6


def duty(rang: ArrayLike, chances: ArrayLike, cell: float = CELL) -> list[tuple[float, float]]:
    """Return the spans of the day in which a person was on duty [s].

    Parameters
    ----------
    rang : array of shape (C,)
        Rings of the person's phone in each of C cells of the day, over all days.
    chances : array of shape (C,)
        Calls in the same cells for which it could have rung. If all phones ring together, the
        calls during which the person was not on the phone; in a hunt, all calls.
    cell : float, default 300
        Length of a cell [s].

    Returns
    -------
    list of (start, end)
        Sorted spans; empty if the phone never rang.

    Notes
    -----
    On duty the phone rings for a constant share of the chances, off duty for 3 % of that share.
    The most likely sequence of the two (Viterbi) decides; a change of duty costs log 1000, so
    that it takes evidence of several missing rings.

    Examples
    --------
    >>> duty([0, 0, 9, 8, 9, 0, 0], [9, 9, 9, 9, 9, 9, 9], cell=1800)
    [(3600.0, 9000.0)]
    """
    k, n = np.asarray(rang, dtype=np.float64), np.asarray(chances, dtype=np.float64)
    if not k.any():
        return []
    present = k > 0
    for _ in range(ROUNDS):
        share = k[present].sum() / max(float(n[present].sum()), 1.0)
        before, present = present, _most_likely(k, n * share)
        if not present.any():
            present = k > 0
            break
        if (present == before).all():
            break
    edges = np.flatnonzero(np.diff(np.concatenate(([0], present.astype(np.int8), [0]))))
    return [(float(a * cell), float(b * cell)) for a, b in edges.reshape(-1, 2)]


def _most_likely(k: Floats, expected: Floats) -> NDArray[np.bool_]:
    """Return the most likely cells on duty, given counts and their expectation on duty."""
    for_duty = -k * math.log(STRAY) - expected * (1 - STRAY)  # log likelihood ratio
    gain = np.zeros(2)  # of the best path that ends off duty, and on duty
    came_from = np.zeros((len(k), 2), dtype=np.int64)
    for i, ratio in enumerate(for_duty):
        stay, change = gain, gain[::-1] + CHANGE
        came_from[i] = np.where(stay >= change, [0, 1], [1, 0])
        gain = np.maximum(stay, change) + np.array([0.0, ratio])
    state = int(gain[1] > gain[0])
    path = np.zeros(len(k), dtype=np.bool_)
    for i in range(len(k) - 1, -1, -1):
        path[i] = state == 1
        state = int(came_from[i, state])
    return path
