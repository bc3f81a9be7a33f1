"""The covering problem of a roster as a mixed-integer linear program.

A binary variable says whether a person works a shift on a day. Lunch is decided for all people
of a shift together: an integer variable counts those who have lunch at a time. That keeps the
problem small, and people who are alike do not make it large. A person of several groups is
counted in one of them at a time: continuous variables divide the people on duty among groups,
a transport problem whose vertices are whole.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ringsim.planning._integer_program import Program

if TYPE_CHECKING:
    from ringsim.planning._cover import Covering, Need, Worker

__all__ = ["CoverModel"]

HELPERS = -1  # stands for the shift of people who can work any
SLACK = 1e-6  # seconds


class CoverModel:
    """The program of a covering problem, and the meaning of its variables."""

    def __init__(self, covering: Covering) -> None:
        self.covering = covering
        self.program = Program()
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
        """Yield the variables of shifts on two days with too little rest between them.

        If the days repeat, the next shift is the first to come round.
        """
        spans = {key: self.covering.span(turns[0]) for key, turns in worker.turns.items()}
        for (day, shift), (start, end) in spans.items():
            for (next_day, next_shift), (next_start, _) in spans.items():
                rest = (next_start - start) % self.covering.period - (end - start)
                if next_day != day and rest < 3600 * worker.rest - SLACK:
                    yield self.shifts[who, day][shift], self.shifts[who, next_day][next_shift]

    def _add_lunches(self, team: tuple[Any, ...], members: Sequence[tuple[int, int]]) -> None:
        """Add the numbers of people of a shift, by the time of their lunch."""
        turns = team[3]
        counts = {turn: self.program.variable(upper=len(members)) for turn in turns}
        row = dict.fromkeys(counts.values(), 1.0) | {at: -1.0 for _, at in members}
        self.program.constrain(row, 0, 0)
        self.lunches[team] = counts

    def add_helpers(self, groups: frozenset[str]) -> int:
        """Add people without limits; return the variable of their number at the busiest time.

        Each works at most one shift a day, and no two at once.
        """
        helpers = self.program.variable(upper=math.inf)
        by_day: dict[int, dict[int, int]] = defaultdict(dict)
        for index, turn in enumerate(self.covering.turns):
            by_day[turn.day][index] = self.program.variable(upper=math.inf)
        for day, counts in by_day.items():
            self.lunches[groups, day, HELPERS, tuple(counts)] = counts
        for busy in self._at_once(by_day):
            self.program.constrain(dict.fromkeys(busy, 1.0) | {helpers: -1.0}, -math.inf, 0)
        return helpers

    def _at_once(self, by_day: Mapping[int, Mapping[int, int]]) -> Iterator[list[int]]:
        """Yield sets of variables of turns, by day, of which nobody works two.

        Such a set has the turns of one day up to a start of a shift, and those of other days
        that last beyond it. The sets are enough: turns that are extended to the last start of
        their day are intervals of time, and as few people work intervals as overlap at most.
        """
        spans = {index: self.covering.span(index) for turns in by_day.values() for index in turns}
        for day, counts in by_day.items():
            starts = {spans[index][0] for index in counts}
            for now in sorted(starts):
                others = [
                    turns[index]
                    for other, turns in by_day.items()
                    for index in turns
                    if other != day
                    and (now - spans[index][0]) % self.covering.period
                    < spans[index][1] - spans[index][0]
                ]
                if others or now == max(starts):
                    yield others + [at for index, at in counts.items() if spans[index][0] <= now]

    @cached_property
    def _present(self) -> dict[tuple[str, int, int], dict[int, float]]:
        """For each group, day and interval, the variables that sum to its members on duty."""
        wanted = {(need.day, need.group) for need in self.covering.needs}
        found: dict[tuple[str, int, int], dict[int, float]] = defaultdict(dict)
        mixed: dict[tuple[Any, ...], dict[int, float]] = defaultdict(dict)
        for (groups, _, _, _), counts in self.lunches.items():
            for turn, at in counts.items():
                for day, i in self.covering.turns[turn].covered():
                    staffed = sorted(group for group in groups if (day, group) in wanted)
                    if len(staffed) == 1:
                        found[staffed[0], day, i][at] = 1.0
                    elif staffed:
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
