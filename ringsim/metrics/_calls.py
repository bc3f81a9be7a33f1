"""A set of calls of all replications, and its sums by replication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import Figure, Quantile, Ranked
from ringsim.metrics._jit_sums import CALL_SUMS
from ringsim.metrics._sums import Observations

__all__ = ["Calls", "Floats"]

Floats: TypeAlias = NDArray[np.float64]


class Calls:
    """The calls of some cells.

    Parameters
    ----------
    observations : Observations
        Of which study.
    cells : sequence of int
        Which of its cells.
    group : int, optional
        Place of the group that is looked at as a place; all, unless given.
    """

    def __init__(
        self, observations: Observations, cells: Sequence[int], group: int | None = None
    ) -> None:
        self.observations = observations
        self.group = group
        self._cells = list(cells)
        self._ladders: dict[bool, Ranked] = {}
        self._sums = observations.calls_of(self._cells)

    def of(self, *names: str) -> Floats:
        """A sum of the calls, or of several of them together, by replication: shape (R,)."""
        places = [CALL_SUMS.index(name) for name in names]
        one = len(places) == 1
        total: Floats = self._sums[places[0]] if one else self._sums[places].sum(axis=0)
        return total

    @property
    def are_given(self) -> bool:
        """Whether all of them arrive at given instants, the same in every replication."""
        roster = self.observations.roster
        callers = roster.scenario.demand
        numbers = callers if self.group is None else {roster.groups[self.group]} & set(callers)
        return all(callers[number].arrives_at is not None for number in numbers)

    def here(self, name: str) -> Floats:
        """A sum by group: that of the group, or of all groups."""
        by_group = self.observations.of_group(name)
        total: Floats = by_group.sum(axis=1) if self.group is None else by_group[:, self.group]
        return total

    def at_seats(self, name: str) -> Floats:
        """A sum by seat: over those of the group, or over all."""
        seats = self.observations.roster.seats_of_group(self.group)
        total: Floats = self.observations.of_seat(name)[:, seats].sum(axis=1)
        return total

    def wait(self, q: float, *, answered_only: bool) -> Figure:
        """A percentile of the waits."""
        if answered_only not in self._ladders:
            waits = self.observations.waits
            self._ladders[answered_only] = waits.ladder(self._cells, answered_only=answered_only)
        return Quantile(q, self._ladders[answered_only])
