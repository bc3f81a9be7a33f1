"""Probability integral transforms of days that were predicted."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["randomised_pit"]

Floats: TypeAlias = NDArray[np.float64]


def randomised_pit(observed: Floats, predicted: Floats, uniform: Floats) -> Floats:
    """Return (number of predictions below + U (number of equal ones + 1)) / (R + 1).

    Uniform on (0, 1) if observed and predicted values have the same distribution, ties included
    (Czado, Gneiting and Held, Biometrics 65, 2009). `predicted` is sorted, NaN last.
    """
    known = predicted[np.isfinite(predicted)]
    below = np.searchsorted(known, observed, side="left")
    equal = np.searchsorted(known, observed, side="right") - below
    placed: Floats = (below + uniform * (equal + 1)) / (len(known) + 1)
    return np.where(np.isfinite(observed), placed, np.nan)
