"""Search for the smallest size of a group that meets its goals.

`Checkpoints`
    Numbers of replications after which a size is tested, and the error probability of each test.
`SizeResult`
    The outcome of testing one group size.
`Search`
    Test all sizes upwards, up to the first that meets the goals.

A larger group does not always do better: its answered calls may have waited longer on average,
because it answers late some calls that a smaller group would have lost. So no size is skipped.
That costs little, as a size that is far too small is rejected before the first checkpoint.

A size is tested after 20, 40, 80, ... replications, until the evidence decides. Many tests and
many sizes are many chances of a wrong decision. So the error probability of the answer, 5 %, is
divided before anything is played (Bonferroni):

- Half is for accepting a size that misses the target. Its parts are 1/2, 1/6, 1/12, ..., which
  sum to 1. A size gets the first part if all smaller sizes were rejected, the second if one of
  them is undecided, and so on. Rejected sizes use up no part, because evidence strong enough to
  reject a size is hardly ever evidence that it meets the target.
- Half is for rejecting a size that meets the target. That makes the answer wrong only at the
  smallest such size, so every size gets the full half. Several goals share it equally.
- The checkpoints of one size share equally nine tenths of what the size gets. Two early looks,
  after two and three fifths of the first checkpoint's replications, share the last tenth. They
  reject sizes that are far too small; they accept none.

All sizes meet the same callers. Sizes whose members have no time for enough calls need not be
played (see `_capacity`): their number is known in advance, and uses up no error probability.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from ringsim._checks import is_integer
from ringsim.confidence import Estimate, Influence
from ringsim.errors import ConfigurationError
from ringsim.metrics import Layout, Observations
from ringsim.planning._bounds import longest_mean_wait, most_rings
from ringsim.planning._evidence import Evidence
from ringsim.planning._goals import Errors, Goal, GroupView, Meets, overall_verdict
from ringsim.planning._replications import GrowingStudy
from ringsim.planning._runner import Runner
from ringsim.planning._study import Study, check_replications

__all__ = [
    "ERROR",
    "Checkpoints",
    "Search",
    "SizeResult",
    "checkpoints_for",
    "longest_wait",
    "with_extremes",
]

ERROR = 0.05  # probability of a wrong answer
MOST_COMPARED = 20_000  # replications of a size, to compare it with another one
EARLY_SHARE = 0.1  # of the error probability of a size, for its early looks
MOST_REPLICATIONS_OF_A_SIZE = 10_000_000
FEWEST_FOR_AN_EARLY_LOOK = 6  # replications; from fewer, next to nothing is rejected


class Checkpoints(NamedTuple):
    """Numbers of replications after which a size is tested: first, twice that, ..., most."""

    first: int
    most: int

    @property
    def counts(self) -> list[int]:
        """All numbers of replications, rising."""
        counts = [self.first]
        while 2 * counts[-1] < self.most:
            counts.append(2 * counts[-1])
        return counts if counts[-1] == self.most else [*counts, self.most]

    @property
    def early_counts(self) -> list[int]:
        """Numbers of replications of the early looks, rising; none if `first` is small."""
        counts = [2 * self.first // 5, 3 * self.first // 5]
        return counts if counts[0] >= FEWEST_FOR_AN_EARLY_LOOK else []

    @property
    def looks(self) -> list[tuple[int, bool]]:
        """All numbers of replications at which a size is tested, and whether the look is early."""
        early = [(count, True) for count in self.early_counts]
        return [*early, *((count, False) for count in self.counts)]

    def errors(self, undecided: int, goals: int, *, early: bool = False) -> Errors:
        """Return the error probabilities of one goal at one checkpoint, or early look, of a size.

        `undecided` is the number of smaller sizes that are undecided.
        """
        early_share = EARLY_SHARE if self.early_counts else 0.0
        counts, share = self.counts, 1 - early_share
        if early:
            counts, share = self.early_counts, early_share
        each = ERROR / 2 * share / len(counts)
        return Errors(yes=each / ((undecided + 1) * (undecided + 2)), no=each / goals)


def checkpoints_for(first: int, most: int) -> Checkpoints:
    """Return checked checkpoints.

    Raises
    ------
    ConfigurationError
        If one of the numbers of replications is invalid.
    """
    if not is_integer(first) or first < 2:
        raise ConfigurationError("replications", "must be a whole number, at least 2", first)
    check_replications(first)
    if not is_integer(most) or most < first:
        raise ConfigurationError(
            "max_replications", f"must be a whole number, at least {first}", most
        )
    if most > MOST_REPLICATIONS_OF_A_SIZE:
        raise ConfigurationError(
            "max_replications", f"must be at most {MOST_REPLICATIONS_OF_A_SIZE:,}", most
        )
    return Checkpoints(int(first), int(most))


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

    @classmethod
    def ruled_out(cls, members: int, limits: Sequence[Estimate], errors: Errors) -> SizeResult:
        """Return the result of a size that a bound rules out, so that it is not played."""
        unknown = (Evidence(),) * len(limits)
        rest = (math.inf, unknown, errors, math.nan, math.nan)
        return cls(members, "no", 0, *rest, tuple(limits))

    def estimates(self, goals: Sequence[Goal]) -> list[Estimate]:
        """Return the metric of each goal, with the bounds that decide whether it is met."""
        if self.limits:
            return list(self.limits)
        pairs = zip(goals, self.evidence, strict=True)
        return [goal.bounds(evidence, self.errors) for goal, evidence in pairs]

    def shortfall(self, goals: Sequence[Goal]) -> float:
        """Return the largest relative shortfall over all goals."""
        pairs = zip(goals, self.evidence, strict=True)
        return max(goal.shortfall(evidence.estimate) for goal, evidence in pairs)


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
        )


def with_extremes(seen: GroupView, study: Study) -> GroupView:
    """Return the view with what one day could be at worst, by the settings of its study."""
    rings = most_rings(study.scenario, study.scenario.groups[seen.place])
    return seen._replace(longest=longest_wait(study, seen.place), most_rings=rings)


def longest_wait(study: Study, place: int) -> Callable[[float], float]:
    """Return a function from a limit [s] to the greatest possible mean speed of answer of a day."""
    group = study.scenario.groups[place]
    return partial(longest_mean_wait, study.scenario, group, study.dispatchers)
