"""The covering problem of a roster, as a mixed-integer linear program for HiGHS.

`Worker`, `Need`
    A person with the turns that they can work; the members needed by one group on one day.
`Covering`
    The problem; `solve` returns a `Cover`.

A binary variable says whether a person works a shift on a day. Lunch is decided for all people
of a shift together: an integer variable counts those who have lunch at a time. That keeps the
problem small, and people who are alike do not make it large. A person of several groups is
counted in one of them at a time: continuous variables divide the people on duty among groups,
a transport problem whose vertices are whole.

If all needs can be met, the cost is the least with which they are. Otherwise the loss is
minimised first, then the cost among rosters with this loss. `Need.losses` says what each number
of members loses.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ringsim.errors import RingsimError
from ringsim.planning._turns import Turn

__all__ = ["Cover", "Covering", "Need", "Worker"]

NODES = 50_000  # branches of one solution; a fixed number, so that a seed reproduces a roster
SLACK = 1e-6  # relative tolerance of the loss that the second solution keeps
HELPERS = -1  # stands for the shift of people who can work any
INFEASIBLE = 2  # status of `scipy.optimize.milp`


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
        Least time between the shifts of two successive days [h].
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


@dataclass
class _Program:
    """Variables and constraints of a mixed-integer linear program."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[Mapping[int, float], float, float]] = field(default_factory=list)

    def variable(self, cost: float = 0.0, upper: float = 1.0, *, whole: bool = True) -> int:
        """Add a variable from 0 to `upper` and return its index."""
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def constrain(self, row: Mapping[int, float], low: float, high: float) -> None:
        """Add the constraint low <= sum of coefficient times variable <= high."""
        if row:
            self.rows.append((row, low, high))

    def solve(self, cost: Sequence[float] | None = None) -> tuple[list[float], float, bool] | None:
        """Return the values, the cost and whether it is proven the least; None if infeasible."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix

        if not self.cost:
            return None if any(low > 0 for _, low, _ in self.rows) else ([], 0.0, True)
        entries = [(i, j, a) for i, (row, _, _) in enumerate(self.rows) for j, a in row.items()]
        i, j, a = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = csr_matrix((a, (i, j)), shape=(len(self.rows), len(self.cost)))
        constraints = [LinearConstraint(matrix, *zip(*[row[1:] for row in self.rows], strict=True))]
        done = milp(
            self.cost if cost is None else cost,
            integrality=np.array(self.whole, dtype=int),
            bounds=Bounds(0, np.array(self.upper)),
            constraints=constraints if self.rows else (),
            options={"node_limit": NODES, "mip_rel_gap": 1e-9},
        )
        if done.x is None:
            if done.status == INFEASIBLE:
                return None
            raise RingsimError(f"HiGHS must solve the roster: {done.message}")
        return done.x.tolist(), float(done.fun), done.status == 0


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
    """

    turns: Sequence[Turn]
    workers: Sequence[Worker]
    needs: Sequence[Need]

    def solve(self) -> Cover:
        """Return the cheapest roster that meets all needs, or else the one that loses least."""
        model = _Model(self)
        model.require_needs()
        solved = model.program.solve()
        if solved is not None:
            values, cost, proven = solved
            return Cover(model.assignment(values), cost, 0.0, proven)
        model = _Model(self)
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
        model = _Model(self)
        model.require_needs()
        return model.program.solve([0.0] * len(model.program.cost)) is not None

    def relaxed(self, *names: str) -> Covering:
        """Return the problem without some limits of people: `max_hours`, `max_days`, `rest`."""
        free = {"max_hours": math.inf, "max_days": math.inf, "rest": 0.0}
        limits: dict[str, Any] = {name: free[name] for name in names}
        return replace(self, workers=[each._replace(**limits) for each in self.workers])

    def people_missing(self, groups: frozenset[str]) -> int | None:
        """Return how many more people, without limits, meet all needs; None if none do."""
        model = _Model(self)
        missing = model.add_helpers(groups)
        model.require_needs()
        cost = [0.0] * len(model.program.cost)
        cost[missing] = 1.0
        solved = model.program.solve(cost)
        return None if solved is None else round(solved[1])

    @staticmethod
    def _solved(model: _Model, cost: Sequence[float] | None) -> tuple[list[float], float, bool]:
        solved = model.program.solve(cost)
        if solved is None:
            raise RingsimError("HiGHS must solve the roster: it found no roster at all.")
        return solved


class _Model:
    """The program of a covering problem, and the meaning of its variables."""

    def __init__(self, covering: Covering) -> None:
        self.covering = covering
        self.program = _Program()
        self.shifts: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
        self.lunches: dict[tuple[Any, ...], dict[int, int]] = {}
        self._teams: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
        for who, worker in enumerate(covering.workers):
            self._add_worker(who, worker)
        for team, members in self._teams.items():
            self._add_lunches(team, members)

    def _add_worker(self, who: int, worker: Worker) -> None:
        """Add the shifts of a person, at most one a day, and the limits of the person."""
        hours: dict[int, float] = {}
        for (day, shift), turns in worker.turns.items():
            turn = self.covering.turns[turns[0]]
            at = self.program.variable(worker.cost * turn.hours)
            self.shifts[who, day][shift] = at
            hours[at] = turn.hours
            self._teams[worker.groups, day, shift, turns].append((who, at))
        for day in {day for day, _ in worker.turns}:
            self.program.constrain(dict.fromkeys(self.shifts[who, day].values(), 1.0), 0, 1)
        if worker.max_hours < math.inf:
            self.program.constrain(hours, 0, worker.max_hours)
        if worker.max_days < math.inf:
            self.program.constrain(dict.fromkeys(hours, 1.0), 0, worker.max_days)
        for pair in self._too_close(who, worker):
            self.program.constrain(dict.fromkeys(pair, 1.0), 0, 1)

    def _too_close(self, who: int, worker: Worker) -> Iterator[tuple[int, int]]:
        """Yield the variables of shifts on successive days with too little rest between them."""
        for (day, shift), turns in worker.turns.items():
            ends = self.covering.turns[turns[0]].end
            for (next_day, next_shift), next_turns in worker.turns.items():
                starts = self.covering.turns[next_turns[0]].start + 24 * 3600
                if next_day == day + 1 and starts - ends < 3600 * worker.rest:
                    yield self.shifts[who, day][shift], self.shifts[who, next_day][next_shift]

    def _add_lunches(self, team: tuple[Any, ...], members: Sequence[tuple[int, int]]) -> None:
        """Add the numbers of people of a shift, by the time of their lunch."""
        turns = team[3]
        counts = {turn: self.program.variable(upper=len(members)) for turn in turns}
        row = dict.fromkeys(counts.values(), 1.0) | {at: -1.0 for _, at in members}
        self.program.constrain(row, 0, 0)
        self.lunches[team] = counts

    def add_helpers(self, groups: frozenset[str]) -> int:
        """Add people without limits; return the variable of their number on the busiest day."""
        helpers = self.program.variable(upper=math.inf)
        for day in {turn.day for turn in self.covering.turns}:
            counts = {
                index: self.program.variable(upper=math.inf)
                for index, turn in enumerate(self.covering.turns)
                if turn.day == day
            }
            self.lunches[groups, day, HELPERS, tuple(counts)] = counts
            self.program.constrain(
                dict.fromkeys(counts.values(), 1.0) | {helpers: -1.0}, -math.inf, 0
            )
        return helpers

    @cached_property
    def _present(self) -> dict[tuple[str, int, int], dict[int, float]]:
        """For each group, day and interval, the variables that sum to its members on duty."""
        wanted = {(need.day, need.group) for need in self.covering.needs}
        found: dict[tuple[str, int, int], dict[int, float]] = defaultdict(dict)
        mixed: dict[tuple[Any, ...], dict[int, float]] = defaultdict(dict)
        for (groups, day, _, _), counts in self.lunches.items():
            staffed = sorted(group for group in groups if (day, group) in wanted)
            for turn, at in counts.items():
                for i, works in enumerate(self.covering.turns[turn].works):
                    if works and len(staffed) == 1:
                        found[staffed[0], day, i][at] = 1.0
                    elif works and staffed:
                        mixed[tuple(staffed), day, i][at] = 1.0
        for (staffed, day, i), row in mixed.items():
            shares = {
                group: self.program.variable(upper=math.inf, whole=False) for group in staffed
            }
            self.program.constrain(
                dict.fromkeys(shares.values(), 1.0) | {at: -a for at, a in row.items()},
                -math.inf,
                0,
            )
            for group, share in shares.items():
                found[group, day, i][share] = 1.0
        return found

    def _intervals(self) -> Iterable[tuple[Need, int, dict[int, float]]]:
        for need in self.covering.needs:
            for i in range(len(need.members)):
                yield need, i, self._present.get((need.group, need.day, i), {})

    def require_needs(self) -> None:
        """Require that all needs are met."""
        for need, i, present in self._intervals():
            row = present or {self.program.variable(upper=0.0): 1.0}  # nobody can be there
            self.program.constrain(row, need.members[i], math.inf)

    def reward_needs(self) -> list[float]:
        """Add a variable for each member that is needed; return the (negative) cost of each."""
        gains: dict[int, float] = {}
        for need, i, present in self._intervals():
            losses, counted = need.losses[i], dict(present)
            before = None
            for k in range(1, need.members[i] + 1):
                at = self.program.variable()
                gains[at] = losses[k - 1] - losses[k]
                counted[at] = -1.0
                if before is not None:
                    self.program.constrain({before: 1.0, at: -1.0}, 0, 1)
                before = at
            self.program.constrain(counted, 0, math.inf)
        return [-gains.get(at, 0.0) for at in range(len(self.program.cost))]

    def assignment(self, values: Sequence[float]) -> dict[tuple[int, int], int]:
        """Return the turn of each person and day."""
        found = {}
        for team, counts in self.lunches.items():
            day = team[1]
            free = [turn for turn, at in counts.items() for _ in range(round(values[at]))]
            working = [who for who, at in self._teams[team] if round(values[at])]
            for who, turn in zip(working, free, strict=True):
                found[who, day] = turn
        return dict(sorted(found.items()))
