"""Test of days that differ from simulated days which are all the same."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Novelty"]

Floats: TypeAlias = NDArray[np.float64]

ROUNDING = 1e-9  # relative difference of values that count as equal


class Novelty:
    """Days of one metric whose simulated values are all the same, such as no call given up.

    Their variance is 0, so that nothing can be measured in standard errors. But of R + 1 days of
    one distribution, each is as likely as any other to be the only one that differs: a real day
    does so with probability 1 / (R + 1) at most, and with 1 / (n + 1) more if n days have shown a
    fit that this never happens.

    Attributes
    ----------
    is_fixed : array of D bools
        Whether all simulated values of a day are the same, rounding apart.
    """

    def __init__(self, predicted: Floats, n_fitted: int) -> None:
        is_known = np.isfinite(predicted)
        self._low = np.where(is_known, predicted, np.inf).min(axis=1)
        high = np.where(is_known, predicted, -np.inf).max(axis=1)
        self._slack = ROUNDING * np.maximum(1, np.abs(high))
        self.is_fixed = is_known.any(axis=1) & (high <= self._low + self._slack)
        self._n_simulated, self._n_fitted = is_known.sum(axis=1), n_fitted

    def p_value(self, days: Floats) -> float:
        """Return the probability that so many days differ; NaN if no day can be tested."""
        tails = self._tails(days)
        if not len(tails):
            return math.nan
        differs = np.abs(days - self._low) > 2 * self._slack
        return float(tails[int(differs[self.is_fixed].sum())])

    def chance(self, days: Floats, p_value: float) -> float:
        """Return the probability of a p-value as small as this, or smaller."""
        tails = self._tails(days)
        return float(tails[tails <= p_value].max(initial=0.0))

    def _tails(self, days: Floats) -> Floats:
        """Return the probabilities that at least 0, 1, ... days differ."""
        from scipy.special import bdtrc

        some = self.is_fixed & np.isfinite(days)
        n = int(some.sum())
        if not n:
            return np.array([])
        odds = 1 / (int(self._n_simulated[some].min()) + 1)
        if self._n_fitted:
            odds = min(1.0, odds + 1 / (self._n_fitted + 1))
        return np.array([1.0, *bdtrc(np.arange(n), n, odds)])
