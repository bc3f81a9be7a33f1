"""Durations that depend on the time of day: one distribution per interval of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringsim.distributions._base import Distribution, Empirical, FloatArray

__all__ = ["ByInterval"]

GRID = 1024  # quantiles of each part, from which those of all calls together are computed


@dataclass(frozen=True)
class ByInterval(Distribution):
    """One distribution for each interval in which calls arrive.

    A call takes the distribution of the interval in which it arrives; after the last interval,
    the last one. As a distribution, this is that of all calls together.

    Attributes
    ----------
    parts : tuple of Distribution
        The distribution of each interval.
    interval : float
        Length of the intervals [s].
    weights : tuple of float
        Expected number of calls in each interval, up to a factor; equal by default.
    """

    parts: tuple[Distribution, ...]
    interval: float = 1800.0
    weights: tuple[float, ...] = ()

    def with_calls(self, interval: float, calls: Sequence[float]) -> ByInterval:
        """Return the same parts for intervals of another length or with other calls."""
        return replace(self, interval=float(interval), weights=tuple(map(float, calls)))

    def interval_of(self, instants: FloatArray) -> NDArray[np.int64]:
        """Return the index of the part for calls that arrive at some instants [s]."""
        found = np.floor_divide(instants, self.interval)
        return np.clip(found, 0, len(self.parts) - 1).astype(np.int64)

    @property
    def called_parts(self) -> tuple[Distribution, ...]:
        """Distributions of the intervals in which calls arrive."""
        pairs = zip(self.parts, self._shares, strict=True)
        return tuple(part for part, share in pairs if share > 0)

    @property
    def pooled(self) -> Distribution:
        """Distribution of all calls together, whenever they arrive."""
        if len(self.called_parts) == 1:
            return self.called_parts[0]
        return Empirical(self.ppf((np.arange(GRID) + 0.5) / GRID))

    def least(self, u: FloatArray) -> FloatArray:
        """Return the smallest of all parts' durations [s] at uniform numbers, elementwise."""
        found: FloatArray = np.min([part.ppf(u) for part in self.parts], axis=0)
        return found

    @cached_property
    def _shares(self) -> FloatArray:
        """Share of the calls that arrive in each interval."""
        weights = np.array(self.weights or [1.0] * len(self.parts))
        total = weights.sum()
        equal = np.full(len(weights), 1 / len(weights))
        return weights / total if total > 0 else equal

    @cached_property
    def _pooled(self) -> tuple[FloatArray, FloatArray]:
        """Quantiles of all parts in ascending order, and the share of calls up to each."""
        middle = (np.arange(GRID) + 0.5) / GRID
        values = np.concatenate([part.ppf(middle) for part in self.parts])
        shares = np.repeat(self._shares / GRID, GRID)
        order = np.argsort(values, kind="stable")
        return values[order], np.cumsum(shares[order])

    def ppf(self, u: FloatArray) -> FloatArray:
        values, shares = self._pooled
        found: FloatArray = values[
            np.minimum(np.searchsorted(shares, u, side="right"), len(values) - 1)
        ]
        return found

    def mean(self) -> float:
        pairs = zip(self._shares, self.parts, strict=True)
        return float(sum(share * part.mean() for share, part in pairs if share))

    def to_file(self) -> Any:
        return [part.to_file() for part in self.parts]

    def __str__(self) -> str:
        means = [part.mean() for part in self.parts]
        return f"by interval, mean {min(means):g} to {max(means):g} s"
