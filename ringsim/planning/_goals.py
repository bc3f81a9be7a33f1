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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from ringsim.confidence import Count, Estimate, Figure, Influence
from ringsim.metrics import (
    METRICS,
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

ENOUGH_TO_TELL = 30  # calls after which a metric that is still unknown does not meet its goal
SLACK = 1e-9  # relative rounding error of a mean of waits
ENOUGH_ALIKE = 1000  # days; if each is exactly at the limit, the limit is met


class GroupView(NamedTuple):
    """Calls and people of one group in a study's observations, all day or in some intervals.

    Attributes
    ----------
    observations : Observations
        The observations of a study.
    place : int
        Index of the group.
    cells : sequence of int or None
        Indices of the intervals; None for all day.
    longest : callable
        Greatest possible mean speed of answer of a day [s], by the limit of the goal [s].
    most_rings : float
        Greatest number of rings of one call in the group; infinite if unknown.
    """

    observations: Observations
    place: int
    cells: Sequence[int] | None = None
    longest: Callable[[float], float] = lambda _: math.inf
    most_rings: float = math.inf

    @property
    def calls(self) -> Calls:
        """The calls that arrived at the group."""
        if self.cells is None:
            return calls_of(self.observations, self.place)
        return Calls(self.observations, self.cells, self.place)

    @property
    def offered(self) -> float:
        """Number of calls that arrived in all replications."""
        return float(self.calls.of("offered").sum())

    def most_interruptions(self, figure: Figure) -> float:
        """Return the greatest possible interruptions per hour of a day.

        On the worst day, as many calls enter the group as on the busiest day seen, and each
        rings as often as it can. It is infinite where that is unknown.
        """
        if not isinstance(figure, Count):
            return 1.0
        busiest = float(self.calls.of_group("received").max(initial=0.0))
        return busiest * self.most_rings / figure.per

    def influences(self, metrics: Iterable[str], thresholds: Thresholds) -> dict[str, Influence]:
        """Return the influences of the metrics, by name."""
        return {name: METRICS[name].figure(self.calls, thresholds).influence() for name in metrics}

    @property
    def nobody_free(self) -> Figure:
        """Share of the calls entering the group, all day, that found nobody to ring at first."""
        return metric_named("no_candidate_rate").figure(self.calls, Thresholds())

    @property
    def answered(self) -> Figure:
        """Share of the calls that arrived at the group that were answered."""
        return metric_named("answer_rate").figure(self.calls, Thresholds())

    @property
    def occupancy(self) -> Figure:
        """Occupancy of the group's people."""
        if self.cells is None:
            return occupancy(self.observations, self.place)
        return occupancy_within(self.observations, self.cells)


class Errors(NamedTuple):
    """Probabilities that a verdict of `yes`, and a verdict of `no`, is wrong."""

    yes: float
    no: float


class Verdict(NamedTuple):
    """The verdict on a goal; if undecided, the factor of additional days that would decide."""

    meets: Meets
    times: float = math.inf


@dataclass(frozen=True)
class Goal:
    """One metric, and its limit.

    Attributes
    ----------
    name : str
        Name of the metric.
    limit : float
        Limit of the metric.
    at_most : bool
        Whether the limit is an upper one.
    words : str
        The goal in a sentence: `a service level of at least 80 % within 20 s`.
    figure : callable
        Returns the metric's figure for a `GroupView`.
    rewards_losses : bool
        Whether the metric improves if more callers are lost in a way that it does not count.
    """

    name: str
    limit: float
    at_most: bool
    words: str
    figure: Callable[[GroupView], Figure]
    rewards_losses: bool = False

    def evidence(self, seen: GroupView) -> Evidence:
        """Return the evidence on the metric, a ratio of sums over days."""
        figure, most = self.figure(seen), 1.0
        if self.name == "mean_speed_of_answer":
            most = seen.longest(self.limit)
        if self.name == "interruptions_per_hour":
            most = seen.most_interruptions(figure)
        return evidence_of(figure, most)

    def verdict(self, evidence: Evidence, offered: float, errors: Errors) -> Verdict:
        """Return whether the goal is met, with the given error probabilities.

        A metric that is still unknown after 30 calls, because no call was answered or nobody
        is on duty, does not meet the goal. A metric that equals the limit on each of 1,000 days
        meets it, because no number of days would show a difference.
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
        """Return the metric with one-sided bounds; the goal is decided if one passes the limit."""
        low, high = (errors.no, errors.yes) if self.at_most else (errors.yes, errors.no)
        return evidence.bounds(low, high)

    def shortfall(self, figure: float) -> float:
        """Return by how much a figure misses the limit, relative to it; negative if it meets it."""
        if math.isnan(figure):
            return math.inf
        miss = (figure - self.limit) / self.limit
        return miss if self.at_most else -miss


def _times(score: float, error: float) -> float:
    """Return the factor of days that would decide; scores grow with the root of their number."""
    return (score_of_error(error) / score) ** 2 if score < 0 else math.inf


def overall_verdict(verdicts: Sequence[Meets]) -> Meets:
    """Return `no` if one verdict is `no`, `yes` if all are, and else `undecided`."""
    if "no" in verdicts:
        return "no"
    return "undecided" if "undecided" in verdicts else "yes"
