"""Search for the smallest size of a group that meets its goals.

`SizeResult`
    The outcome of testing one group size.
`Search`
    Test all sizes upwards, up to the first that meets the goals.

A larger group does not always do better: its answered calls may have waited longer on average,
because it answers late some calls that a smaller group would have lost. So no size is skipped.
That costs little, as a size that is far too small is rejected before the first checkpoint.

A size is tested at the `Checkpoints`, until the evidence decides.

All sizes meet the same callers. Sizes whose members have no time for enough calls need not be
played (see `_capacity`): their number is known in advance, and uses up no error probability.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from ringsim.confidence import Estimate, Influence
from ringsim.metrics import Layout, Observations
from ringsim.planning._bounds import longest_mean_wait, most_rings
from ringsim.planning._checkpoints import ERROR, Checkpoints, checkpoints_for
from ringsim.planning._evidence import Evidence
from ringsim.planning._goals import Errors, Goal, GroupView, Meets, overall_verdict
from ringsim.planning._replications import GrowingStudy
from ringsim.planning._runner import Runner
from ringsim.planning._study import Study

__all__ = [
    "ERROR",
    "Checkpoints",
    "Search",
    "SizeResult",
    "checkpoints_for",
    "longest_wait",
    "with_extremes",
]

MOST_COMPARED = 20_000  # replications of a size, to compare it with another one


class SizeResult(NamedTuple):
    """The outcome of testing one group size.

    Attributes
    ----------
    members : int
        The size.
    meets : str
        Whether it meets all goals: `yes`, `no` or `undecided`.
    replications : int
        Number of replications played.
    needed : float
        Approximate number of replications that would decide; infinite if none would.
    evidence : tuple of Evidence
        Evidence on the metric of each goal.
    errors : Errors
        Error probabilities of each goal's bounds.
    occupancy : float
        Occupancy of the group's people.
    nobody_free : float
        Share of calls entering the group that found nobody to ring at first.
    limits : tuple of Estimate
        For a size that was ruled out without playing: the range of each goal's metric that
        theory leaves. Empty for sizes that were played.
    influences : dict of int to dict of str to Influence
        Influences of the metrics that are compared with those of other sizes, by the number
        of replications.
    answered : float
        Share of the calls arriving at the group that were answered; NaN if none was played.
    """

    members: int
    meets: Meets
    replications: int
    needed: float
    evidence: tuple[Evidence, ...]
    errors: Errors
    occupancy: float
    nobody_free: float
    limits: tuple[Estimate, ...] = ()
    influences: Mapping[int, Mapping[str, Influence]] = {}
    answered: float = math.nan

    @classmethod
    def ruled_out(cls, members: int, limits: Sequence[Estimate], errors: Errors) -> SizeResult:
        """Return the result of a size that is not played, because a bound rules it out."""
        unknown = (Evidence(),) * len(limits)
        rest = (math.inf, unknown, errors, math.nan, math.nan)
        return cls(members, "no", 0, *rest, tuple(limits))

    def estimates(self, goals: Sequence[Goal]) -> list[Estimate]:
        """Return the metric of each goal, with the bounds that decide whether it is met."""
        if self.limits:
            return list(self.limits)
        pairs = zip(goals, self.evidence, strict=True)
        return [goal.bounds(evidence, self.errors) for goal, evidence in pairs]


@dataclass(frozen=True)
class Search:
    """A search for the smallest group size that meets all goals.

    Parameters
    ----------
    sized : callable
        Returns the study of a size.
    goals : sequence of Goal
        Goals, all of which a size must meet.
    checkpoints : Checkpoints
        Numbers of replications after which a size is tested.
    layout : Layout
        Thresholds and intervals by which calls are counted.
    view : callable
        Returns the `GroupView` of a study's observations.
    runner : Runner
        Runner that plays the studies.
    compared : callable
        Returns the influences of metrics, by name, that are compared with those of other sizes.
    """

    sized: Callable[[int], Study]
    goals: Sequence[Goal]
    checkpoints: Checkpoints
    layout: Layout
    view: Callable[[Observations], GroupView]
    runner: Runner
    compared: Callable[[GroupView], dict[str, Influence]] = lambda _: {}

    def upwards(self, most: int, least: int = 0) -> list[SizeResult]:
        """Test sizes from `least` up to one beyond the first that meets the goals.

        If no size meets the goals, all sizes up to `most` are tested.
        """
        found: list[SizeResult] = []
        for members in range(least, most + 1):
            met = bool(found) and found[-1].meets == "yes"
            undecided = sum(each.meets == "undecided" for each in found)
            found.append(self.tried(members, undecided))
            if met:
                break
        return found

    def tried(self, members: int, undecided: int = 0) -> SizeResult:
        """Test one size until the evidence decides, or the last checkpoint.

        `undecided` is the number of smaller sizes that are undecided.
        """
        study = self.sized(members)
        growing = GrowingStudy(study, replace(self.layout, keeps_waits=False), self.runner)
        influences: dict[int, dict[str, Influence]] = {}
        for count, is_early in self.checkpoints.looks:
            errors = self.checkpoints.errors(undecided, len(self.goals), early=is_early)
            seen = with_extremes(self.view(growing.upto(count)[0]), study)
            if count <= MOST_COMPARED or not influences:
                influences[count] = self.compared(seen)
            evidence = tuple(goal.evidence(seen) for goal in self.goals)
            verdicts = [
                goal.verdict(each, seen.offered, errors)
                for goal, each in zip(self.goals, evidence, strict=True)
            ]
            meets = overall_verdict([verdict.meets for verdict in verdicts])
            if meets == "no" or (meets == "yes" and not is_early):
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
            influences=influences,
            answered=seen.answered.estimate().estimate,
        )


def with_extremes(seen: GroupView, study: Study) -> GroupView:
    """Return the view with the longest wait and the most rings that one day of the study allows."""
    rings = most_rings(study.scenario, study.scenario.groups[seen.place])
    return seen._replace(longest=longest_wait(study, seen.place), most_rings=rings)


def longest_wait(study: Study, place: int) -> Callable[[float], float]:
    """Return a function from a limit [s] to the greatest possible mean speed of answer of a day."""
    group = study.scenario.groups[place]
    return partial(longest_mean_wait, study.scenario, group, study.dispatchers)
