"""A set of calls of all replications, and its sums by replication."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.logarrays import ABANDONED, ANSWERED, OVERFLOWED
from ringsim.metrics._observe import Observations

__all__ = ["Bools", "Calls", "Floats"]

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

WITHIN_SLACK = 1e-9  # seconds, so that sums of floats do not decide what is within


class Calls:
    """A set of calls, its sums by replication: each of shape (R,)."""

    def __init__(
        self, observations: Observations, chosen: Bools | None = None, group: int | None = None
    ) -> None:
        self.observations = observations
        self.group = group
        self._chosen: Any = slice(None) if chosen is None else chosen
        self.replication = observations.replication[self._chosen]
        self.wait = observations.wait[self._chosen]
        outcome = observations.outcome[self._chosen]
        self.is_answered: Bools = outcome == ANSWERED
        self.is_abandoned: Bools = outcome == ABANDONED
        self.is_overflowed: Bools = outcome == OVERFLOWED

    def count(self, which: Bools) -> Floats:
        """Number of the calls for which something is so."""
        return self.observations.per_replication(self.replication[which])

    def waited(self, which: Bools) -> Floats:
        """Sum of the waits of the calls for which something is so [s]."""
        return self.observations.per_replication(self.replication[which], self.wait[which])

    def total(self, column: str) -> Floats:
        """Sum of a column of the observations."""
        values = getattr(self.observations, column)[self._chosen]
        return self.observations.per_replication(self.replication, values)

    def here(self, column: str) -> Floats:
        """A sum by group: that of the group, or of all groups."""
        by_group: Floats = getattr(self.observations, column)
        return by_group.sum(axis=1) if self.group is None else by_group[:, self.group]

    def at_seats(self, column: str) -> Floats:
        """A sum by seat: over those of the group, or over all."""
        seats = self.observations.roster.seats_of(self.group)
        by_seat: Floats = getattr(self.observations, column)
        total: Floats = by_seat[:, seats].sum(axis=1)
        return total

    def within(self, seconds: float) -> Bools:
        """Which waits are within a threshold."""
        return self.wait <= seconds + WITHIN_SLACK

    @cached_property
    def offered(self) -> Floats:
        return self.observations.per_replication(self.replication)

    @cached_property
    def answered(self) -> Floats:
        return self.count(self.is_answered)

    @cached_property
    def abandoned(self) -> Floats:
        return self.count(self.is_abandoned)

    @cached_property
    def overflowed(self) -> Floats:
        return self.count(self.is_overflowed)

    @cached_property
    def blocked(self) -> Floats:
        unrung = self.observations.n_rings[self._chosen] == 0
        return self.count(self.is_overflowed & unrung)

    @cached_property
    def rings(self) -> Floats:
        return self.total("n_rings")
