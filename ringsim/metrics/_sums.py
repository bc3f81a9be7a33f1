"""Sums over the calls, visits, rings and people of runs, from which all metrics follow.

`Layout`
    Cells that calls are counted in (by group or by interval of arrival), and thresholds.
`Observations`
    The sums of any number of runs.
`Merger`
    Merging of observations of parts of one study.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.metrics._caller_sums import CALLER_SUMS
from ringsim.metrics._jit_sums import (
    CALL_SUMS,
    GROUP_SUMS,
    SEAT_SUMS,
    Sums,
)
from ringsim.metrics._jit_time_use import PERSON_SUMS
from ringsim.metrics._roster import Roster
from ringsim.metrics._waits import Waits

__all__ = ["Layout", "Merger", "Observations", "empty_sums"]

Floats: TypeAlias = NDArray[np.float64]

TABLES = (*Sums._fields, "callers")  # of `Observations`
CELLS_TOGETHER = 64  # cells in one block: reading cells that lie far apart is slow
LONGEST_LINE = "longest_line"  # of the sums of a week, the only one that is not a sum


@dataclass(frozen=True)
class Layout:
    """Cells that calls are counted in, and thresholds.

    Attributes
    ----------
    n_cells : int
        Number of cells; a cell is a group or an interval of arrival.
    within, short : float
        Thresholds [s].
    width : float
        Width of the intervals [s]; 0 if cells are groups.
    group : int
        Index of the only group whose calls are counted by interval; -1 for all groups.
    keeps_waits : bool
        Whether the waits of all calls are kept, for percentiles. They cost time and memory.
    """

    n_cells: int
    within: float = 20.0
    short: float = 5.0
    width: float = 0.0
    group: int = -1
    keeps_waits: bool = True


class Observations:
    """The sums of R runs of one scenario.

    A run of a scenario with several days is a week: its sums are those of all days together.

    Attributes
    ----------
    roster : Roster
        Groups and members of the scenario.
    layout : Layout
        Cells that calls are counted in.
    calls : ndarray of shape (R, cells, len(CALL_SUMS))
        Sums over calls, by cell.
    groups : ndarray of shape (R, groups, len(GROUP_SUMS))
        Sums over visits.
    seats : ndarray of shape (R, seats, len(SEAT_SUMS))
        Sums over rings.
    people : ndarray of shape (R, people, len(PERSON_SUMS))
        Times on duty within hours [s].
    busy : ndarray of shape (R, cells)
        Time [s] in talk and wrap-up on duty of the people of `layout.group`, by interval;
        no columns if cells are groups.
    callers : ndarray of shape (R, cells, len(CALLER_SUMS))
        Sums over callers, by cell of their first attempt; no cells if nobody may try again.
    waits : Waits
        Waits of all calls, for percentiles.
    daily : tuple of Observations
        Sums of each day of a week, with the same runs; empty for single days.
    excess_talk_time : ndarray of shape (R, groups) or None
        Control of a study that has one: by how much the talk times [s] of all callers of a group
        exceed their expectation.
    """

    def __init__(
        self,
        roster: Roster,
        layout: Layout,
        sums: Sequence[Floats],
        waits: Waits,
        daily: tuple[Observations, ...] = (),
    ) -> None:
        self.roster = roster
        self.layout = layout
        self.calls, self.groups, self.seats, self.people, self.busy, self.callers = sums
        self.waits = waits
        self.daily = daily
        self.replications = len(self.calls)
        self.excess_talk_time: Floats | None = None
        self._block: tuple[int, Floats] = -1, np.empty(0)

    @property
    def n_bytes(self) -> int:
        """Memory of the sums and waits [bytes], those of the days of a week included."""
        sums = sum(getattr(self, name).nbytes for name in TABLES)
        copied = self._block[1].nbytes
        days = sum(day.n_bytes for day in self.daily)
        return int(sums) + copied + days + self.waits.n_bytes

    def calls_of(self, cells: Sequence[int]) -> Floats:
        """Return the sums over the calls in some cells together, shape (len(CALL_SUMS), R)."""
        if len(cells) != 1:
            together: Floats = self.calls[:, cells].sum(axis=1).T
            return together
        number, row = divmod(cells[0], CELLS_TOGETHER)
        last, block = self._block  # read once: another thread may be asking for other cells
        if last != number:
            first = number * CELLS_TOGETHER
            block = self.calls_by_cell(range(first, first + CELLS_TOGETHER))
            self._block = number, block
        of_cell: Floats = block[:, row]
        return of_cell

    def calls_by_cell(self, cells: range) -> Floats:
        """Return the sums over the calls in adjacent cells, shape (len(CALL_SUMS), cells, R)."""
        return np.ascontiguousarray(self.calls[:, cells.start : cells.stop].transpose(2, 1, 0))

    def blocks(self, first: int = 0) -> list[range]:
        """Return the cells from `first` on as ranges, small enough for `calls_by_cell`."""
        n = self.layout.n_cells
        return [
            range(start, min(start + CELLS_TOGETHER, n))
            for start in range(first, n, CELLS_TOGETHER)
        ]

    def of_group(self, name: str) -> Floats:
        """Return one of the `GROUP_SUMS`, shape (R, groups)."""
        return self.groups[:, :, GROUP_SUMS.index(name)]

    def of_seat(self, name: str) -> Floats:
        """Return one of the `SEAT_SUMS`, shape (R, seats)."""
        return self.seats[:, :, SEAT_SUMS.index(name)]

    def of_person(self, name: str) -> Floats:
        """Return one of the `PERSON_SUMS`, shape (R, people)."""
        return self.people[:, :, PERSON_SUMS.index(name)]

    def reordered(self, order: NDArray[np.int64]) -> Observations:
        """Return the same runs in another order."""
        sums = [getattr(self, name)[order] for name in TABLES]
        daily = tuple(day.reordered(order) for day in self.daily)
        return Observations(self.roster, self.layout, sums, self.waits, daily)

    @classmethod
    def of_week(cls, roster: Roster, daily: Sequence[Observations]) -> Observations:
        """Return the sums of weeks, from those of each of their days in the order of the week."""
        layout = daily[0].layout
        sums = [np.sum([getattr(day, name) for day in daily], axis=0) for name in TABLES]
        longest = [day.of_group(LONGEST_LINE) for day in daily]
        sums[TABLES.index("groups")][:, :, GROUP_SUMS.index(LONGEST_LINE)] = np.max(longest, axis=0)
        waits = Waits(layout.n_cells)
        for day in daily:
            waits.take_in(day.waits, are_same_runs=day is not daily[0])
        return cls(roster, layout, sums, waits, tuple(daily))

    @classmethod
    def joined(cls, parts: Sequence[Observations]) -> Observations:
        """Return the merged parts of one study, given in the order of their replications."""
        whole = Merger(parts[0].roster, parts[0].layout, sum(part.replications for part in parts))
        start = 0
        for part in parts:
            whole.add(start, part)
            start += part.replications
        return whole.observations()


class Merger:
    """Merges the observations of parts of one study, in any order.

    It holds sums only, so that its memory does not grow with the number of calls. The days of
    weeks are merged day by day.
    """

    def __init__(self, roster: Roster, layout: Layout, replications: int) -> None:
        self._roster, self._layout = roster, layout
        days = roster.daily if roster.is_week else ()
        self._daily = [Merger(day, layout, replications) for day in days]
        if self._daily:
            return
        self._sums = empty_sums(roster, layout, replications)
        self._waits = Waits(layout.n_cells)

    def add(self, start: int, part: Observations) -> None:
        """Add the part whose first replication has the index `start`, from 0."""
        for merger, day in zip(self._daily, part.daily, strict=True):
            merger.add(start, day)
        if self._daily:
            return
        for whole, name in zip(self._sums, TABLES, strict=True):
            whole[start : start + part.replications] = getattr(part, name)
        self._waits.take_in(part.waits)

    def observations(self) -> Observations:
        """Return the merged observations, in the order of the replications."""
        if self._daily:
            return Observations.of_week(self._roster, [day.observations() for day in self._daily])
        return Observations(self._roster, self._layout, self._sums, self._waits)


def empty_sums(roster: Roster, layout: Layout, replications: int) -> list[Floats]:
    """Return the tables of `Sums` for each replication, all zero."""
    shapes = [
        (layout.n_cells, len(CALL_SUMS)),
        (len(roster.groups), len(GROUP_SUMS)),
        (len(roster.seats), len(SEAT_SUMS)),
        (len(roster.extensions), len(PERSON_SUMS)),
        (layout.n_cells if layout.width > 0 else 0,),
        (layout.n_cells if roster.counts_callers else 0, len(CALLER_SUMS)),
    ]
    return [np.zeros((replications, *shape)) for shape in shapes]
