"""Sums, by replication, over some of the calls of a study.

`Calls`
    The calls in some cells, together.
`CallsByCell`
    The calls in adjacent cells, each cell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence import Figure, Quantile, Values
from ringsim.metrics._caller_sums import CALLER_SUMS, OF_ONE_ATTEMPT
from ringsim.metrics._jit_sums import CALL_SUMS
from ringsim.metrics._sums import Observations

__all__ = ["Calls", "CallsByCell", "Floats"]

Floats: TypeAlias = NDArray[np.float64]


class Calls:
    """The calls in some cells of a study, together.

    Parameters
    ----------
    observations : Observations
        Sums of the study.
    cells : sequence of int
        Indices of the cells.
    group : int, optional
        Index of the group whose visits and members are counted; all groups by default.
    """

    def __init__(
        self, observations: Observations, cells: Sequence[int], group: int | None = None
    ) -> None:
        self.observations = observations
        self.group = group
        self._cells = cells
        self._waits: dict[bool, Values] = {}
        self._sums = self._read()

    def _read(self) -> Floats:
        """Return the `CALL_SUMS` of the cells."""
        return self.observations.calls_of(self._cells)

    def of(self, *names: str) -> Floats:
        """Return the total of one or more of the `CALL_SUMS` by replication, shape (R,)."""
        rows = [CALL_SUMS.index(name) for name in names]
        one = len(rows) == 1
        total: Floats = self._sums[rows[0]] if one else self._sums[rows].sum(axis=0)
        return total

    def of_callers(self, name: str) -> Floats:
        """Return one of the `CALLER_SUMS`: of callers whose first attempt is in the cells."""
        if not self.observations.roster.counts_callers:
            return self.of(OF_ONE_ATTEMPT[name])
        return self._read_callers(CALLER_SUMS.index(name))

    def _read_callers(self, column: int) -> Floats:
        total: Floats = self.observations.callers[:, self._cells, column].sum(axis=1)
        return total

    @property
    def control(self) -> Floats | None:
        """Excess talk time [s] of the callers by replication; None without a control."""
        by_group = self.observations.excess_talk_time
        if by_group is None or self.group is None:
            return None if by_group is None else by_group.sum(axis=1)
        excess: Floats = by_group[:, self.group]
        return excess

    @property
    def are_given(self) -> bool:
        """True if all callers first call at given instants, the same in every replication."""
        roster = self.observations.roster
        if roster.of_real_days:
            return False
        callers = roster.scenario.demand
        numbers = callers if self.group is None else {roster.groups[self.group]} & set(callers)
        return all(callers[number].arrives_at is not None for number in numbers)

    def of_group(self, name: str) -> Floats:
        """Return one of the `GROUP_SUMS` for the group, or for all groups together, shape (R,)."""
        by_group = self.observations.of_group(name)
        total: Floats = by_group.sum(axis=1) if self.group is None else by_group[:, self.group]
        return total

    def of_seats(self, name: str) -> Floats:
        """Return one of the `SEAT_SUMS`, added up over the members of the group, shape (R,)."""
        seats = self.observations.roster.seats_of_group(self.group)
        total: Floats = self.observations.of_seat(name)[:, seats].sum(axis=1)
        return total

    def wait(self, q: float, *, answered_only: bool) -> Figure:
        """Return the quantile `q` of the waits."""
        if answered_only not in self._waits:
            self._waits[answered_only] = self._read_waits(answered_only=answered_only)
        return Quantile(q, self._waits[answered_only])

    def _read_waits(self, *, answered_only: bool) -> Values:
        return self.observations.waits.ranked(self._cells, answered_only=answered_only)


class CallsByCell(Calls):
    """The calls in adjacent cells of a study, each cell apart.

    Sums have the shape (cells, R), and figures one row per cell. The cells are given as a range.
    """

    _cells: range

    @property
    def control(self) -> None:
        """Nothing: the talk time of callers is known by group only."""

    def _read(self) -> Floats:
        return self.observations.calls_by_cell(self._cells)

    def _read_callers(self, column: int) -> Floats:
        by_cell = self.observations.callers[:, self._cells.start : self._cells.stop, column].T
        return np.ascontiguousarray(by_cell)

    def _read_waits(self, *, answered_only: bool) -> Values:
        return self.observations.waits.by_cell(self._cells, answered_only=answered_only)
