"""Goals of a group, and the verdict on each of them.

`GroupView`
    The calls and members of one group in a study's observations.
`Goal`, `Verdict`
    A metric with its limit, and the decision whether the limit is met.
`Errors`
    Error probabilities of the two possible wrong verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from ringsim.confidence import Estimate, Figure
from ringsim.metrics import (
    Calls,
    Observations,
    Thresholds,
    calls_of,
    metric_named,
    occupancy,
    occupancy_within,
)
from ringsim.planning._evidence import Evidence, evidence_of, score_of_error

__all__ = ["Errors", "Goal", "GroupView", "Meets", "Verdict", "overall_verdict"]

Meets: TypeAlias = Literal["yes", "no", "undecided"]

ENOUGH_TO_TELL = 30  # calls, of which none has what a metric is about: it will not come
SLACK = 1e-9  # relative: what rounding may add to a mean of waits
ENOUGH_ALIKE = 1000  # days, every one of them exactly at the limit, so that it is met


class GroupView(NamedTuple):
    """What is looked at: the calls of a group, and its people, all day or in some intervals."""

    observations: Observations
    place: int
    cells: Sequence[int] | None = None
    longest: Callable[[float], float] = lambda _: math.inf  # mean wait of a day, by its limit

    @property
    def calls(self) -> Calls:
        """The calls that arrived at the group."""
        if self.cells is None:
            return calls_of(self.observations, self.place)
        return Calls(self.observations, self.cells, self.place)

    @property
    def offered(self) -> float:
        """How many calls arrived in all."""
        return float(self.calls.of("offered").sum())

    @property
    def nobody_free(self) -> Figure:
        """Share of the visits of the group, of all day, that found nobody to ring at first."""
        return metric_named("no_candidate_rate").figure(self.calls, Thresholds())

    @property
    def occupancy(self) -> Figure:
        """Of the people of the group."""
        if self.cells is None:
            return occupancy(self.observations, self.place)
        return occupancy_within(self.observations, self.cells)


class Errors(NamedTuple):
    """How often a goal may wrongly be said to be met, and wrongly not to be."""

    yes: float
    no: float


class Verdict(NamedTuple):
    """Whether a goal is met; if that is undecided, how many times as many days would tell."""

    meets: Meets
    times: float = math.inf


@dataclass(frozen=True)
class Goal:
    """One metric, and what it must be.

    Attributes
    ----------
    name : str
        Of the metric.
    limit : float
        What it must be.
    at_most : bool
        Whether it must be at most that, and not at least.
    words : str
        What is asked for: `a service level of at least 80 % within 20 s`.
    figure : callable
        Its figure for what is looked at.
    """

    name: str
    limit: float
    at_most: bool
    words: str
    figure: Callable[[GroupView], Figure]

    def evidence(self, seen: GroupView) -> Evidence:
        """Return what the metric rests on."""
        most = seen.longest(self.limit) if self.name == "mean_speed_of_answer" else 1.0
        return evidence_of(self.figure(seen), most)

    def verdict(self, evidence: Evidence, offered: float, errors: Errors) -> Verdict:
        """Return whether the goal is met, so that either answer is wrong as seldom as asked.

        A metric that is unknown after some calls, because none was answered or nobody is on
        duty, does not meet it. One that was exactly the limit on each of a thousand days does:
        no number of days would tell whether it is a little more.
        """
        if math.isnan(evidence.estimate):
            return Verdict("no" if offered >= ENOUGH_TO_TELL else "undecided")
        limit = self.limit * (1 + SLACK if self.at_most else 1 - SLACK)
        above, below = evidence.score_above(limit), evidence.score_below(limit)
        met, missed = (below, above) if self.at_most else (above, below)
        if met <= score_of_error(errors.yes):
            return Verdict("yes")
        if missed <= score_of_error(errors.no):
            return Verdict("no")
        if len(evidence.part) >= ENOUGH_ALIKE and evidence.is_exactly(self.limit, SLACK):
            return Verdict("yes")
        return Verdict("undecided", min(_times(met, errors.yes), _times(missed, errors.no)))

    def bounds(self, evidence: Evidence, errors: Errors) -> Estimate:
        """Return the metric with its bounds: each is one-sided, and decides where it passes."""
        low, high = (errors.no, errors.yes) if self.at_most else (errors.yes, errors.no)
        return evidence.bounds(low, high)

    def shortfall(self, figure: float) -> float:
        """Return by how much a figure misses the limit, relative to it; negative if it meets."""
        if math.isnan(figure):
            return math.inf
        miss = (figure - self.limit) / self.limit
        return miss if self.at_most else -miss


def _times(score: float, error: float) -> float:
    """Return how many times as many days it takes, as scores grow with the root of their number."""
    return (score_of_error(error) / score) ** 2 if score < 0 else math.inf


def overall_verdict(verdicts: Sequence[Meets]) -> Meets:
    """Whether all goals are met: no if one is surely not, yes if all surely are."""
    if "no" in verdicts:
        return "no"
    return "undecided" if "undecided" in verdicts else "yes"
