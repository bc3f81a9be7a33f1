"""Search for the smallest size of a group that meets its goals.

`Checkpoints`
    After how many replications a size is looked at, and how sure a look must be.
`SizeResult`
    A size, and what became of it.
`Search`
    Of all sizes from none on, up to the first that meets.

More members do not always do better: answered calls of a larger group may have waited longer
on average, because more of those that would have found nobody are answered late. So no size
is skipped, which costs little: a size that is far too small says so at the first look.

A size is looked at after 20, 40, 80, ... replications, until the evidence decides. Looking often
is looking for luck, and so is looking at many sizes. So the 5 % by which the answer may be wrong
are shared out before anything is played (Bonferroni):

- half is for naming a size that misses the target. Its parts are 1/2, 1/6, 1/12, ..., which
  sum to 1: a size gets the next one for every smaller size that could not be rejected. Sizes
  that were rejected take nothing, as evidence against them is hardly ever evidence for them;
- half is for rejecting a size that meets it. Only at the smallest of these does that make
  the answer wrong, so every size gets all of it; several goals share it;
- the looks at one size share alike what it gets.

All sizes meet the same callers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from ringsim._checks import is_integer
from ringsim.confidence import Estimate
from ringsim.errors import ConfigurationError
from ringsim.metrics import Layout, Observations
from ringsim.planning._bounds import longest_mean_wait
from ringsim.planning._evidence import Evidence
from ringsim.planning._goals import Errors, Goal, GroupView, Meets, overall_verdict
from ringsim.planning._replications import GrowingStudy
from ringsim.planning._runner import Runner
from ringsim.planning._study import Study

__all__ = ["ERROR", "Checkpoints", "Search", "SizeResult", "checkpoints_for", "longest_wait"]

ERROR = 0.05  # how often an answer may be wrong


class Checkpoints(NamedTuple):
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

    def errors(self, undecided: int, goals: int) -> Errors:
        """Return how often each of some goals may be misjudged at one look at a size.

        `undecided` is the number of smaller sizes that could not be rejected.
        """
        each = ERROR / 2 / len(self.counts)
        return Errors(yes=each / ((undecided + 1) * (undecided + 2)), no=each / goals)


def checkpoints_for(first: int, most: int) -> Checkpoints:
    """When to look.

    Raises
    ------
    ConfigurationError
        When one of the numbers of replications cannot be.
    """
    if not is_integer(first) or first < 2:
        raise ConfigurationError("replications", "must be a whole number, at least 2", first)
    if not is_integer(most) or most < first:
        raise ConfigurationError(
            "max_replications", f"must be a whole number, at least {first}", most
        )
    return Checkpoints(int(first), int(most))


class SizeResult(NamedTuple):
    """A size, and what became of it.

    Attributes
    ----------
    members : int
        The size.
    meets : str
        Whether it meets all goals: `yes`, `no` or `undecided`.
    replications : int
        How many it took to tell, or did not tell.
    needed : float
        How many would have told, about; infinite where that is out of sight.
    evidence : tuple of Evidence
        Of the metric of each goal.
    errors : Errors
        How often the bound of a goal may be wrong.
    occupancy : float
        Of its people.
    nobody_free : float
        Share of the group's visits that found nobody to ring at first.
    """

    members: int
    meets: Meets
    replications: int
    needed: float
    evidence: tuple[Evidence, ...]
    errors: Errors
    occupancy: float
    nobody_free: float

    def estimates(self, goals: Sequence[Goal]) -> list[Estimate]:
        """Return the metric of each goal, with the bounds that decide."""
        pairs = zip(goals, self.evidence, strict=True)
        return [goal.bounds(evidence, self.errors) for goal, evidence in pairs]

    def shortfall(self, goals: Sequence[Goal]) -> float:
        """Return by how much the goal that it misses most is missed."""
        pairs = zip(goals, self.evidence, strict=True)
        return max(goal.shortfall(evidence.estimate) for goal, evidence in pairs)


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
    looks: Checkpoints
    layout: Layout
    view: Callable[[Observations], GroupView]
    runner: Runner

    def upwards(self, most: int, least: int = 0) -> list[SizeResult]:
        """Return all sizes up to the first that meets, and the one beyond it; or to the largest."""
        found: list[SizeResult] = []
        for members in range(least, most + 1):
            met = bool(found) and found[-1].meets == "yes"
            undecided = sum(each.meets == "undecided" for each in found)
            found.append(self.tried(members, undecided))
            if met:
                break
        return found

    def tried(self, members: int, undecided: int = 0) -> SizeResult:
        """Return one size, looked at until the evidence decides.

        `undecided` is the number of smaller sizes that could not be rejected.
        """
        study = self.sized(members)
        growing = GrowingStudy(study, self.layout, self.runner)
        errors = self.looks.errors(undecided, len(self.goals))
        for count in self.looks.counts:
            seen = self.view(growing.upto(count)[0])
            seen = seen._replace(longest=longest_wait(study, seen.place))
            evidence = tuple(goal.evidence(seen) for goal in self.goals)
            verdicts = [
                goal.verdict(each, seen.offered, errors)
                for goal, each in zip(self.goals, evidence, strict=True)
            ]
            meets = overall_verdict([verdict.meets for verdict in verdicts])
            if meets != "undecided":
                break
        times = [each.times for each in verdicts if each.meets == "undecided"]
        return SizeResult(
            members,
            meets,
            count,
            count * max(times, default=1.0),
            evidence,
            errors,
            seen.occupancy.estimate().estimate,
            seen.nobody_free.estimate().estimate,
        )


def longest_wait(study: Study, place: int) -> Callable[[float], float]:
    """Return the longest mean speed of answer of a day in a study, by the limit asked for."""
    group = study.scenario.groups[place]
    return partial(longest_mean_wait, study.scenario, group, study.dispatchers)
