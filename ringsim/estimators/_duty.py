"""Times on duty, from the phones that rang.

`duty`
    Spans in which a person's phone rang, from counts by part of the day.
`duty_by_weekday`
    The same for each weekday, where weekdays differ.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringsim.estimators._days import Floats

__all__ = ["CELL", "duty", "duty_by_weekday"]

CELL = 300.0  # seconds
STRAY = 0.03  # rate of rings off duty, as a share of the rate on duty
CHANGE = math.log(1e-3)  # log probability that duty begins or ends at a cell
ROUNDS = 6
DIFFERS = -2 * CHANGE  # log likelihood ratio above which a weekday has a duty of its own

Spans = list[tuple[float, float]]


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


def duty_by_weekday(rang: ArrayLike, chances: ArrayLike, cell: float = CELL) -> list[Spans]:
    """Return the spans of duty on each weekday [s]; equal ones, unless the rings say otherwise.

    Parameters
    ----------
    rang, chances : array of shape (W, C)
        As for `duty`, for each of W weekdays.
    cell : float, default 300
        Length of a cell [s].

    Notes
    -----
    A weekday has a duty of its own if that makes its rings a million times more likely than
    the duty of all weekdays together does. The others share one.

    Examples
    --------
    >>> often, never = [0, 9, 9, 9], [0, 0, 0, 0]
    >>> duty_by_weekday([often, often, never], [[9] * 4] * 3, cell=3600)
    [[(3600.0, 14400.0)], [(3600.0, 14400.0)], []]
    """
    k, n = np.asarray(rang, dtype=np.float64), np.asarray(chances, dtype=np.float64)
    own = [duty(*each, cell) for each in zip(k, n, strict=True)]
    cells = [_cells(spans, k.shape[1], cell) for spans in own]
    present = np.array(cells, dtype=bool).reshape(k.shape)
    share = k[present].sum() / max(float(n[present].sum()), 1.0)
    common = duty(k.sum(axis=0), n.sum(axis=0), cell)
    shared = _cells(common, k.shape[1], cell)
    alike = np.array(
        [
            _score(*each, share) - _score(*each[:2], shared, share) <= DIFFERS
            for each in zip(k, n, cells, strict=True)
        ]
    )
    if alike.any():
        common = duty(k[alike].sum(axis=0), n[alike].sum(axis=0), cell)
    return [common if is_alike else spans for is_alike, spans in zip(alike, own, strict=True)]


def _cells(spans: Spans, n: int, cell: float) -> NDArray[np.bool_]:
    """Return which cells of the day are on duty."""
    middle = (np.arange(n) + 0.5) * cell
    on = np.zeros(n, dtype=np.bool_)
    for start, end in spans:
        on |= (start <= middle) & (middle < end)
    return on


def _score(k: Floats, n: Floats, on: NDArray[np.bool_], share: float) -> float:
    """Return the log likelihood of cells on duty, relative to none, with the cost of changes."""
    gain = -k * math.log(STRAY) - n * share * (1 - STRAY)
    changes = int(np.count_nonzero(np.diff(np.concatenate(([0], on.astype(np.int8), [0])))))
    return float(gain[on].sum()) + changes * CHANGE


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
