"""Who is a member of which group, and how long each person is on duty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.scenario import Scenario
from ringsim.times import Span

__all__ = ["DutyClock", "Roster"]

Floats: TypeAlias = NDArray[np.float64]


class DutyClock:
    """Time on duty of one person within [0, end), as a function of time.

    Parameters
    ----------
    spans : sequence of (start, end), or None
        Sorted and disjoint [s]; None is always.
    end : float
        Where the count of time ends [s].
    """

    def __init__(self, spans: tuple[Span, ...] | None, end: float) -> None:
        whole: tuple[Span, ...] = ((0.0, end),) if spans is None else spans
        clipped = [(max(start, 0.0), min(stop, end)) for start, stop in whole]
        kept = [(start, stop) for start, stop in clipped if start < stop]
        self._edges = np.array([edge for span in kept for edge in span] or [0.0])
        lengths = [step for start, stop in kept for step in (0.0, stop - start)] or [0.0]
        self._passed = np.cumsum(lengths)

    @property
    def total(self) -> float:
        """All time on duty [s]."""
        return float(self._passed[-1])

    def __call__(self, instants: Floats) -> Floats:
        """Time on duty before each instant [s]."""
        passed: Floats = np.interp(instants, self._edges, self._passed)
        return passed

    def covered(self, starts: Floats, ends: Floats) -> float:
        """Time on duty within the union of intervals [s]."""
        starts, ends = self(starts), self(ends)
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
        reached = np.maximum.accumulate(np.concatenate(([-math.inf], ends)))[:-1]
        return float(np.maximum(0.0, ends - np.maximum(starts, reached)).sum())


@dataclass(frozen=True)
class Roster:
    """What metrics need of a scenario."""

    scenario: Scenario

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Numbers of the groups."""
        return self.scenario.group_numbers

    @cached_property
    def extensions(self) -> tuple[str, ...]:
        """Numbers of the people."""
        return self.scenario.extension_numbers

    @cached_property
    def seats(self) -> tuple[tuple[int, int], ...]:
        """Group and extension, as places, of every member of every group."""
        place = {number: at for at, number in enumerate(self.extensions)}
        return tuple(
            (at, place[member.extension_number])
            for at, group in enumerate(self.scenario.groups)
            for member in group.members
        )

    @cached_property
    def clocks(self) -> tuple[DutyClock, ...]:
        """The duty of each person within the hours of the scenario."""
        return tuple(DutyClock(self.scenario.duty(number), self.end) for number in self.extensions)

    @property
    def end(self) -> float:
        """Length of the scenario [s]."""
        return float(self.scenario.hours) * 3600

    @cached_property
    def duty_time(self) -> Floats:
        """Time on duty of each person [s]."""
        return np.array([clock.total for clock in self.clocks])

    def seats_of(self, group: int | None) -> list[int]:
        """Places of the seats of one group, or of all."""
        return [seat for seat, (at, _) in enumerate(self.seats) if group in (None, at)]

    def people_of(self, group: int | None) -> list[int]:
        """Places of the members of one group, or of all groups, each once."""
        return list(dict.fromkeys(self.seats[seat][1] for seat in self.seats_of(group)))
