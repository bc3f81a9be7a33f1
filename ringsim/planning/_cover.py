"""The covering problem of a roster.

`Worker`, `Need`
    A person with the turns that they can work; the members needed by one group on one day.
`Covering`
    The problem; `solve` returns a `Cover`.

If all needs can be met, the cost is the least with which they are. Otherwise the loss is
minimised first, then the cost among rosters with this loss. `Need.losses` says what each number
of members loses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ringsim.errors import RingsimError
from ringsim.planning._cover_model import CoverModel
from ringsim.planning._turns import Turn
from ringsim.scenario import Span

__all__ = ["Cover", "Covering", "Need", "Worker"]

SLACK = 1e-6  # relative tolerance of the loss that the second solution keeps


class Worker(NamedTuple):
    """A person with the turns that they can work.

    Attributes
    ----------
    groups : frozenset of str
        Groups whose calls the person takes.
    turns : dict of (int, int) to tuple of int
        Indices of the turns that the person can work, by day and shift.
    cost : float
        Cost of an hour.
    max_hours, max_days : float
        Greatest working time [h] and number of shifts over all days; may be infinite.
    rest : float
        Least time between the shifts of two days [h].
    """

    groups: frozenset[str]
    turns: Mapping[tuple[int, int], tuple[int, ...]]
    cost: float = 1.0
    max_hours: float = math.inf
    max_days: float = math.inf
    rest: float = 0.0


class Need(NamedTuple):
    """The members that one group needs on one day, beside those who are there anyway.

    Attributes
    ----------
    day : int
        Index of the day.
    group : str
        Number of the group.
    members : tuple of int
        Number needed in each interval.
    losses : tuple of tuple of float
        For each interval, the loss with 0, 1, ... members, falling to 0 with the number needed.
    """

    day: int
    group: str
    members: tuple[int, ...]
    losses: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Cover:
    """A solution of a covering problem.

    Attributes
    ----------
    turns : dict of (int, int) to int
        Index of the turn that a person works, by the indices of person and day.
    cost, loss : float
        Cost of all hours, and loss of the needs that are not met.
    proven : bool
        Whether no roster is better; otherwise the search ended after 50,000 branches.
    """

    turns: Mapping[tuple[int, int], int]
    cost: float
    loss: float
    proven: bool = True

    @property
    def is_full(self) -> bool:
        """Whether all needs are met."""
        return self.loss <= SLACK


@dataclass(frozen=True)
class Covering:
    """The problem of covering needs with the turns of people at the least cost.

    Attributes
    ----------
    turns : sequence of Turn
        All turns.
    workers : sequence of Worker
        People.
    needs : sequence of Need
        Needs of each day and group.
    begins : sequence of float
        Instant at which each day begins, on one time axis [s].
    period : float
        Time after which the days repeat [s]; infinite if they do not.
    """

    turns: Sequence[Turn]
    workers: Sequence[Worker]
    needs: Sequence[Need]
    begins: Sequence[float]
    period: float = math.inf

    def span(self, turn: int) -> Span:
        """Return start and end of a turn, by its index, on the time axis of all days [s]."""
        found = self.turns[turn]
        begins = self.begins[found.day]
        return begins + found.start, begins + found.end

    def solve(self) -> Cover:
        """Return the cheapest roster that meets all needs, or else the one that loses least."""
        model = CoverModel(self)
        model.require_needs()
        solved = model.program.solve()
        if solved is not None:
            values, cost, proven = solved
            return Cover(model.assignment(values), cost, 0.0, proven)
        model = CoverModel(self)
        gains = model.reward_needs()
        total = sum(losses[0] for need in self.needs for losses in need.losses)
        least = self._solved(model, gains)
        reached = -least[1]
        model.program.constrain(
            {at: -gain for at, gain in enumerate(gains) if gain},
            reached - SLACK * max(1.0, reached),
            math.inf,
        )
        values, cost, proven = self._solved(model, None)
        return Cover(model.assignment(values), cost, max(0.0, total - reached), proven and least[2])

    def is_coverable(self) -> bool:
        """Return whether some roster meets all needs."""
        model = CoverModel(self)
        model.require_needs()
        return model.program.solve([0.0] * len(model.program.cost)) is not None

    def relaxed(self, *names: str) -> Covering:
        """Return the problem without some limits of people: `max_hours`, `max_days`, `rest`."""
        free = {"max_hours": math.inf, "max_days": math.inf, "rest": 0.0}
        limits: dict[str, Any] = {name: free[name] for name in names}
        return replace(self, workers=[each._replace(**limits) for each in self.workers])

    def people_missing(self, groups: frozenset[str]) -> int | None:
        """Return how many more people, without limits, meet all needs; None if none do."""
        model = CoverModel(self)
        missing = model.add_helpers(groups)
        model.require_needs()
        cost = [0.0] * len(model.program.cost)
        cost[missing] = 1.0
        solved = model.program.solve(cost)
        return None if solved is None else round(solved[1])

    @staticmethod
    def _solved(model: CoverModel, cost: Sequence[float] | None) -> tuple[list[float], float, bool]:
        solved = model.program.solve(cost)
        if solved is None:
            raise RingsimError("HiGHS must solve the roster: it found no roster at all.")
        return solved
