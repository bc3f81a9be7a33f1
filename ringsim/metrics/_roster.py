"""Members of the groups of a scenario, and the time that each person is on duty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.metrics._jit_time_use import People
from ringsim.scenario import Scenario, Span

__all__ = ["Roster"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Roster:
    """Groups, people, seats and time on duty of a scenario, by index.

    A seat is one membership: a member of two groups has two seats.

    Attributes
    ----------
    scenario : Scenario
        The groups and people. If it has several days, times are those of the whole week.
    warm_up : float, default 0
        Instant [s] from which time counts; time on duty before it is left out.
    of_real_days : bool, default False
        Whether the runs are real days, whose calls no scenario determines.
    has_declines : bool, default False
        Whether rings may be declined though no person of the scenario does so.
    counts_callers : bool, default False
        Whether callers may try again, so that they are counted apart from calls.
    time_on_duty : tuple of float, optional
        Mean time on duty of each person [s], if it was recorded and differs from run to run.
    """

    scenario: Scenario
    warm_up: float = 0.0
    of_real_days: bool = False
    has_declines: bool = False
    counts_callers: bool = False
    time_on_duty: tuple[float, ...] | None = None

    @cached_property
    def daily(self) -> tuple[Roster, ...]:
        """Roster of each day; the roster itself alone, if there is one day."""
        days = self.scenario.daily
        if len(days) == 1:
            return (self,)
        return tuple(replace(self, scenario=day) for day in days)

    @property
    def is_week(self) -> bool:
        """True if the scenario has several days."""
        return len(self.daily) > 1

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Extension numbers of the groups."""
        return self.scenario.group_numbers

    @cached_property
    def extensions(self) -> tuple[str, ...]:
        """Extension numbers of the people."""
        return self.scenario.extension_numbers

    @cached_property
    def seats(self) -> tuple[tuple[int, int], ...]:
        """Indices of group and person for each seat, group by group in the configured order."""
        index = {number: i for i, number in enumerate(self.extensions)}
        return tuple(
            (at, index[member.extension_number])
            for at, group in enumerate(self.scenario.groups)
            for member in group.members
        )

    @cached_property
    def rules(self) -> tuple[Any, ...]:
        """Rules of each group, with every option set."""
        return tuple(self.scenario.rules(number) for number in self.groups)

    @cached_property
    def options(self) -> frozenset[str]:
        """Parts of a log that only options make possible and that these runs may have.

        `line`, `limit` (a line that can be full), `declines`, `pauses`, and `callers` who may
        try again.
        """
        possible = {
            "line": any(rules.wait_in_line for rules in self.rules),
            "limit": any(rules.max_queue_length < math.inf for rules in self.rules),
            "declines": self.has_declines
            or any(person.decline_probability > 0 for person in self.scenario.extensions),
            "callers": self.counts_callers,
            "pauses": any(rules.auto_pause_after < math.inf for rules in self.rules),
        }
        return frozenset(name for name, is_possible in possible.items() if is_possible)

    @property
    def end(self) -> float:
        """Length of the scenario, or of each of its days [s]."""
        return float(self.scenario.hours) * 3600

    @cached_property
    def duty(self) -> tuple[tuple[Span, ...], ...]:
        """Spans of duty of each person from the warm-up to the end of the only day [s]."""
        always = ((0.0, self.end),)
        spans = (self.scenario.duty(number) for number in self.extensions)
        return tuple(
            tuple(
                (max(start, self.warm_up), min(stop, self.end))
                for start, stop in (always if duty is None else duty)
                if start < self.end and stop > self.warm_up
            )
            for duty in spans
        )

    @cached_property
    def duty_time(self) -> Floats:
        """Time on duty of each person, on all days [s]."""
        if self.time_on_duty is not None:
            return np.array(self.time_on_duty)
        if self.is_week:
            of_week: Floats = sum((day.duty_time for day in self.daily), np.zeros(1))
            return of_week
        return np.array([sum(stop - start for start, stop in spans) for spans in self.duty])

    def duty_time_by(self, width: float, n: int, people: Sequence[int]) -> Floats:
        """Return the time on duty [s] of some people together, in each of `n` intervals."""
        edges = np.arange(n + 1) * width
        spans = [span for who in people for span in self.duty[who]]
        passed = sum((np.clip(edges, *span) for span in spans), np.zeros(n + 1))
        by_interval: Floats = np.diff(passed)
        return by_interval

    @cached_property
    def people(self) -> People:
        """Seats and spans of duty as arrays, for compiled code."""
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

    @property
    def counted_time(self) -> float:
        """Time from the warm-up to the end of the day, on all days [s]."""
        return len(self.daily) * (self.end - self.warm_up)

    def index_of_group(self, group: str | None) -> int | None:
        """Return the index of the group with this number, or None for None.

        Raises
        ------
        ConfigurationError
            If there is no group with this number.
        """
        if group is None:
            return None
        return self.groups.index(self.scenario.group(group).extension_number)

    def seats_of_group(self, group: int | None) -> list[int]:
        """Return the indices of the seats of one group; of all groups for None."""
        return list(range(len(self.seats))) if group is None else self._seats_by_group[group]

    @cached_property
    def _seats_by_group(self) -> list[list[int]]:
        seats: list[list[int]] = [[] for _ in self.groups]
        for seat, (at, _) in enumerate(self.seats):
            seats[at].append(seat)
        return seats

    def people_of(self, group: int | None) -> list[int]:
        """Return the indices of the members of one group, each once; of all groups for None."""
        return list(dict.fromkeys(self.seats[seat][1] for seat in self.seats_of_group(group)))
