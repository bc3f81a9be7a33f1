"""Who is a member of which group, and how long each person is on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.metrics._jit_time_use import People
from ringsim.scenario import Scenario, Span

__all__ = ["Roster"]

Floats: TypeAlias = NDArray[np.float64]


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

    @property
    def end(self) -> float:
        """Length of the scenario [s]."""
        return float(self.scenario.hours) * 3600

    @cached_property
    def duty(self) -> tuple[tuple[Span, ...], ...]:
        """Spans of duty of each person within the hours of the scenario [s]."""
        always = ((0.0, self.end),)
        spans = (self.scenario.duty(number) for number in self.extensions)
        return tuple(
            tuple(
                (max(start, 0.0), min(stop, self.end))
                for start, stop in (always if duty is None else duty)
                if start < self.end
            )
            for duty in spans
        )

    @cached_property
    def duty_time(self) -> Floats:
        """Time on duty of each person [s]."""
        return np.array([sum(stop - start for start, stop in spans) for spans in self.duty])

    def duty_time_by(self, width: float, n: int, people: Sequence[int]) -> Floats:
        """Time on duty of some people together [s], in each of `n` intervals of time."""
        edges = np.arange(n + 1) * width
        spans = [span for who in people for span in self.duty[who]]
        passed = sum((np.clip(edges, *span) for span in spans), np.zeros(n + 1))
        by_interval: Floats = np.diff(passed)
        return by_interval

    @cached_property
    def people(self) -> People:
        """The same, and where everybody sits, for compiled code."""
        seat_of = np.full((len(self.groups), len(self.extensions)), -1, dtype=np.int64)
        for seat, (at, who) in enumerate(self.seats):
            seat_of[at, who] = seat
        spans = np.array([span for duty in self.duty for span in duty]).reshape(-1, 2)
        return People(
            seat_of=seat_of,
            first_span=np.cumsum([0, *map(len, self.duty)]),
            starts_at=spans[:, 0].copy(),
            ends_at=spans[:, 1].copy(),
            end=self.end,
        )

    def index_of_group(self, group: str | None) -> int | None:
        """Place of the group with this number; None, for all, of None.

        Raises
        ------
        ConfigurationError
            When there is no such group.
        """
        if group is None:
            return None
        return self.groups.index(self.scenario.group(group).extension_number)

    def seats_of_group(self, group: int | None) -> list[int]:
        """Places of the seats of one group, or of all."""
        return [seat for seat, (at, _) in enumerate(self.seats) if group in (None, at)]

    def people_of(self, group: int | None) -> list[int]:
        """Places of the members of one group, or of all groups, each once."""
        return list(dict.fromkeys(self.seats[seat][1] for seat in self.seats_of_group(group)))
