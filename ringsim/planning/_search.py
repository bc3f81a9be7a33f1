"""The search for the smallest size of a group that meets its goals.

`Looks`
    After how many replications a size is looked at, and how sure a look must be.
`Tried`
    A size, and what became of it.
`Search`
    Of all sizes from none on, up to the first that meets.

More members do not always do better: answered calls of a larger group may have waited longer
on average, because more of those that would have found nobody are answered late. So no size
is skipped, which costs little: a size that is far too small says so at the first look.

A size is looked at after 20, 40, 80, ... replications, until one bound of an interval tells.
Whoever looks often sees something in the end, so that each of k looks has 1/k of the 5 % by
which a one-sided bound may err (Bonferroni): the bounds of all looks at a size hold together
with 95 %. All sizes meet the same callers. An interval of few events decides nothing before
the last look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ringsim.checks import is_whole
from ringsim.confidence import Estimate
from ringsim.errors import ConfigurationError
from ringsim.metrics import Layout, Observations
from ringsim.planning._growing import Growing
from ringsim.planning._runner import Runner
from ringsim.planning._study import Study
from ringsim.planning._target import Goal, Meets, Seen, worst

__all__ = ["Looks", "Search", "Tried", "looks_of"]

ERROR = 0.05  # how often a bound may be on the wrong side


class Looks(NamedTuple):
    """After how many replications a size is looked at: first, twice that, ..., most."""

    first: int
    most: int

    @property
    def counts(self) -> list[int]:
        """All of them."""
        counts = [self.first]
        while 2 * counts[-1] < self.most:
            counts.append(2 * counts[-1])
        return counts if counts[-1] == self.most else [*counts, self.most]

    @property
    def level(self) -> float:
        """Of the two-sided intervals whose bounds hold together with 95 % each."""
        return 1 - 2 * ERROR / len(self.counts)


def looks_of(first: int, most: int) -> Looks:
    """When to look.

    Raises
    ------
    ConfigurationError
        When one of the numbers of replications cannot be.
    """
    if not is_whole(first) or first < 2:
        raise ConfigurationError("replications", "must be a whole number, at least 2", first)
    if not is_whole(most) or most < first:
        raise ConfigurationError(
            "most_replications", f"must be a whole number, at least {first}", most
        )
    return Looks(int(first), int(most))


class Tried(NamedTuple):
    """A size, and what became of it.

    Attributes
    ----------
    members : int
        The size.
    meets : str
        Whether it meets all goals: `yes`, `no` or `undecided`.
    replications : int
        How many it took to tell, or did not tell.
    estimates : tuple of Estimate
        Of the metric of each goal.
    occupancy : float
        Of its people.
    nobody_free : float
        Share of the group's visits that found nobody to ring at first.
    """

    members: int
    meets: Meets
    replications: int
    estimates: tuple[Estimate, ...]
    occupancy: float
    nobody_free: float

    def falls_short(self, goals: Sequence[Goal]) -> float:
        """By how much the goal that it misses most is missed."""
        pairs = zip(goals, self.estimates, strict=True)
        return max(goal.falls_short(estimate) for goal, estimate in pairs)


@dataclass(frozen=True)
class Search:
    """What is looked for, and where.

    Parameters
    ----------
    sized : callable
        The study of a size.
    goals : sequence of Goal
        What is to be met, all of it.
    looks : Looks
        When to look.
    layout : Layout
        How calls are counted.
    view : callable
        What is looked at, of what was observed.
    runner : Runner
        What plays.
    """

    sized: Callable[[int], Study]
    goals: Sequence[Goal]
    looks: Looks
    layout: Layout
    view: Callable[[Observations], Seen]
    runner: Runner

    def upwards(self, most: int) -> list[Tried]:
        """All sizes up to the first that meets, and the one beyond it; or up to the largest."""
        found: list[Tried] = []
        for members in range(most + 1):
            met = bool(found) and found[-1].meets == "yes"
            found.append(self.tried(members))
            if met:
                break
        return found

    def tried(self, members: int) -> Tried:
        """One size, looked at until a bound tells that can be trusted."""
        growing = Growing(self.sized(members), self.layout, self.runner)
        for count in self.looks.counts:
            seen = self.view(growing.upto(count)[0])
            estimates = [goal.figure(seen).estimate(self.looks.level) for goal in self.goals]
            pairs = list(zip(self.goals, estimates, strict=True))
            meets = worst([goal.meets(estimate, seen.offered) for goal, estimate in pairs])
            if meets != "undecided" and all(goal.trusts(estimate) for goal, estimate in pairs):
                break
        return Tried(
            members,
            meets,
            count,
            tuple(estimates),
            seen.occupancy.estimate().estimate,
            seen.nobody_free.estimate().estimate,
        )
