"""Rosters that are solved and played, round by round.

Sizing each interval on its own errs, because calls of one interval occupy members in the next
and people of a real group differ. So whole days are played with each roster; where an interval
is not shown to meet its target, its need is raised above the number of members who were there,
and the roster is solved again.

If people or shifts are not enough, fewer members are there than are needed. Such days do not show
a need for more, so that the need stays; but the next roster aims higher in the intervals that
missed, which draws people to them.

All verdicts hold together with 95 % confidence: the error is divided by the number of intervals
with calls, of rounds, and of looks at the days of one round (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ringsim.metrics import Roster as Seats
from ringsim.metrics import interval_layout
from ringsim.planning._closeness import Closeness, closeness
from ringsim.planning._cover import Cover, Covering
from ringsim.planning._goals import Errors
from ringsim.planning._on_duty import covers
from ringsim.planning._played_interval import PlayedInterval
from ringsim.planning._replications import GrowingStudy
from ringsim.planning._roster_slots import Slot
from ringsim.planning._roster_team import Team
from ringsim.planning._runner import Runner
from ringsim.planning._search import ERROR, longest_wait
from ringsim.planning._study import Study
from ringsim.planning._turns import RosterDay, Turn
from ringsim.scenario import Scenario

__all__ = ["Attempt", "Rounds", "on_duty", "ranks_of", "worked_on"]

SHORT_ROUNDS = 3  # rosters that cannot meet their needs; further ones hardly differ


@dataclass(frozen=True)
class Attempt:
    """A roster of one round, with the days played.

    Attributes
    ----------
    cover : Cover
        The roster.
    needed : tuple of tuple of int
        Members needed, by slot and interval, as sizing and the days of earlier rounds show.
    scenarios : tuple of Scenario
        The scenario of each day with the people on duty.
    played : tuple of tuple of PlayedInterval
        Intervals of the days played, by slot.
    """

    cover: Cover
    needed: tuple[tuple[int, ...], ...]
    scenarios: tuple[Scenario, ...]
    played: tuple[tuple[PlayedInterval, ...], ...]

    @property
    def missed(self) -> list[tuple[int, int]]:
        """Slot and index of each interval that is not shown to meet its target."""
        return [
            (slot, at)
            for slot, intervals in enumerate(self.played)
            for at, each in enumerate(intervals)
            if each.meets != "yes"
        ]


@dataclass(frozen=True)
class Rounds:
    """Solving and playing of rosters, with the settings that all rounds share.

    Attributes
    ----------
    team : Team
        People, days and shifts.
    slots : tuple of Slot
        The groups to staff on each day.
    studied : callable
        Returns the study of a scenario with a seed.
    runner : Runner
        Runner that plays the studies.
    max_rounds : int
        Number of times that needs may be raised.
    replications : int
        Largest number of days to play for each day of the roster.
    seed : int
        Seed of the sizing; the days of each round have seeds of their own.
    """

    team: Team
    slots: tuple[Slot, ...]
    studied: Callable[[Scenario, int], Study]
    runner: Runner
    max_rounds: int
    replications: int
    seed: int

    @property
    def counts(self) -> list[int]:
        """Numbers of days after which the intervals of a round are tested."""
        return sorted({max(1, self.replications // part) for part in (4, 2, 1)})

    @property
    def errors(self) -> Errors:
        """Error probabilities of each verdict."""
        called = sum(each.has_calls for slot in self.slots for each in slot.sizings)
        each = ERROR / max(1, called) / (self.max_rounds + 1) / len(self.counts)
        return Errors(each, each)

    def attempts(self) -> list[Attempt]:
        """Return the rosters of all rounds; the last one is shown to meet the target, or none."""
        needed = aims = [list(slot.enough) for slot in self.slots]
        found: list[Attempt] = []
        for at in range(self.max_rounds + 1):
            cover = self.covering(aims).solve()
            if any(each.cover.turns == cover.turns for each in found):
                break
            found.append(self.attempt(cover, needed, at))
            short = sum(not each.cover.is_full for each in found)
            if not found[-1].missed or short >= SHORT_ROUNDS:
                break
            needed, aims = self.raised(found[-1]), self._aims(aims, found[-1])
        return found

    def covering(self, needed: Sequence[Sequence[int]]) -> Covering:
        """Return the covering problem of some needs."""
        pairs = zip(self.slots, needed, strict=True)
        needs = [slot.need(members) for slot, members in pairs]
        axis = self.team.axis
        return Covering(self.team.turns, self.team.workers, needs, axis.begins, axis.period)

    def attempt(self, cover: Cover, needed: Sequence[Sequence[int]], round_: int) -> Attempt:
        """Play the days of a roster with the seed of a round."""
        scenarios = [self.team.rostered(at, cover) for at in range(len(self.team.days))]
        played = [
            self._played(slot, scenarios[slot.day], self.seed + 1 + round_) for slot in self.slots
        ]
        return Attempt(cover, tuple(map(tuple, needed)), tuple(scenarios), tuple(played))

    def _played(self, slot: Slot, scenario: Scenario, seed: int) -> tuple[PlayedInterval, ...]:
        """Play a day until all intervals of a group are decided, or the last number of days."""
        study = self.studied(scenario, seed)
        seats = Seats(scenario)
        place = seats.index_of_group(slot.group)
        width = self.team.days[slot.day].width
        layout = interval_layout(
            seats, study.latest, slot.target.question, width=width, group=place
        )
        growing = GrowingStudy(study, layout, self.runner)
        longest = longest_wait(study, layout.group)
        found: list[PlayedInterval] = []
        for count in self.counts:
            [sums] = growing.upto(count)
            found = [
                PlayedInterval(slot.target, sums, at, longest, self.errors)
                for at in range(len(slot.sizings))
            ]
            if all(each.meets != "undecided" for each in found):
                break
        return tuple(found)

    def raised(self, attempt: Attempt) -> list[list[int]]:
        """Return the needs of an attempt, raised as far as its days show."""
        raised = [list(members) for members in attempt.needed]
        for place, at, there, more in self._missing(attempt):
            raised[place][at] = max(raised[place][at], there + more)
        return raised

    def _aims(self, aims: Sequence[Sequence[int]], attempt: Attempt) -> list[list[int]]:
        """Return higher aims in each interval that an attempt missed."""
        raised = [list(members) for members in aims]
        for place, at, there, more in self._missing(attempt):
            raised[place][at] = max(raised[place][at], there) + more
        return raised

    def _missing(self, attempt: Attempt) -> Iterator[tuple[int, int, int, int]]:
        """Yield slot and index of each interval missed, the members there, and how many more.

        One more, or as many as the interval misses of its target, as a share of those there.
        """
        for place, at in attempt.missed:
            slot = self.slots[place]
            scenario = attempt.scenarios[slot.day]
            there = on_duty(scenario, slot.group, self.team.days[slot.day], at)
            each = attempt.played[place][at]
            missing = min(1.0, max(each.shortfall(goal) for goal in each.target.goals))
            yield place, at, there, max(1, round(missing * there))


def ranks_of(attempts: Sequence[Attempt]) -> list[tuple[float, ...]]:
    """Return a sort key of each attempt that puts better rosters first.

    The keys compare the calls of intervals in which a metric is unknown, then the relative
    shortfalls of all intervals, weighted by calls, then the calls lost in intervals that fall
    short, then the number of intervals not shown to meet the target, then the cost. As in
    `closeness`, losing more callers brings an interval no closer to its target.
    """
    ranks: list[tuple[float, ...]] = []
    found = [list(_closeness(intervals)) for intervals in _intervals(attempts)]
    for at, attempt in enumerate(attempts):
        short = [each[at] for each in found if each[at][0].shortfall > 0]
        unknown = sum(calls for key, calls in short if key.shortfall == math.inf)
        known = sum(key.shortfall * calls for key, calls in short if key.shortfall < math.inf)
        lost = sum(key.lost * calls for key, calls in short)
        ranks.append((unknown, known, lost, len(attempt.missed), attempt.cover.cost))
    return ranks


def _intervals(attempts: Sequence[Attempt]) -> Iterator[tuple[PlayedInterval, ...]]:
    """Yield each interval of each slot, as it was played in all attempts."""
    for slots in zip(*(attempt.played for attempt in attempts), strict=True):
        yield from zip(*slots, strict=True)


def _closeness(played: Sequence[PlayedInterval]) -> Iterator[tuple[Closeness, float]]:
    """Yield closeness of one interval in each attempt, and its mean number of calls.

    An interval that meets its target has no shortfall. Attempts are played for different numbers
    of days; the calls are the same for all, so that they do not decide between equal shortfalls.
    """
    calls = sum(each.offered for each in played) / len(played)
    figures = [each.figures for each in played]
    found = closeness(played[0].target.goals, figures, [each.answered for each in played])
    for each, key in zip(played, found, strict=True):
        yield key._replace(shortfall=0.0) if each.meets == "yes" else key, calls


def worked_on(cover: Cover, turns: Sequence[Turn], day: int) -> dict[int, Turn]:
    """Return the turns of one day, by the index of the person."""
    return {who: turns[turn] for (who, at), turn in cover.turns.items() if at == day}


def on_duty(scenario: Scenario, group: str, day: RosterDay, at: int) -> int:
    """Return the number of members of a group on duty throughout an interval."""
    start, end = day.interval(at)
    members = scenario.group(group).members
    return sum(covers(scenario.duty(member.extension_number), start, end) for member in members)
