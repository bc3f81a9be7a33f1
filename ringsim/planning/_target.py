"""What a group is to reach.

`Target`
    One metric or several, each with what it must be at least, or at most.
`Goal`, `Verdict`
    One of them, and whether it is met.
`trusts`
    Whether an interval is one to decide by.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from ringsim._checks import as_float, is_number
from ringsim.confidence import Estimate, Figure
from ringsim.errors import ConfigurationError
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

__all__ = [
    "Errors",
    "Goal",
    "GroupView",
    "Meets",
    "Target",
    "Verdict",
    "overall_verdict",
    "percent",
    "trusts",
]

Meets: TypeAlias = Literal["yes", "no", "undecided"]

ENOUGH_TO_TELL = 30  # calls, of which none has what a metric is about: it will not come
NUMBERS = (
    "service_level",
    "answer_rate",
    "p_target_met",
    "mean_speed_of_answer",
    "occupancy",
    "within",
)
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


def trusts(estimate: Estimate) -> bool:
    """Whether an interval is one to decide by: it does not rest on few events."""
    return estimate.is_trusted


def _times(score: float, error: float) -> float:
    """Return how many times as many days it takes, as scores grow with the root of their number."""
    return (score_of_error(error) / score) ** 2 if score < 0 else math.inf


def overall_verdict(verdicts: Sequence[Meets]) -> Meets:
    """Whether all goals are met: no if one is surely not, yes if all surely are."""
    if "no" in verdicts:
        return "no"
    return "undecided" if "undecided" in verdicts else "yes"


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a group is to reach: see `size`.

    With several metrics, all must be reached.

    Parameters
    ----------
    service_level : float, optional
        At least this share of calls is answered within `within`.
    within : float, default 20
        Threshold of the service level [s].
    variant : str, default "offered"
        Which service level, as in `Result.summary`.
    p_target_met : float, optional
        The service level is reached on at least this share of days, each for itself, instead
        of over all days together.
    answer_rate : float, optional
        At least this share of calls is answered.
    mean_speed_of_answer : float, optional
        Answered calls have waited at most so long on average [s].
    occupancy : float, optional
        The group's members are on calls or in wrap-up for at most this share of their time on
        duty, over all groups and their own calls.

    Raises
    ------
    ConfigurationError
        When no metric is given, or an argument cannot be.

    Examples
    --------
    >>> print(Target(service_level=0.8, within=15, occupancy=0.75))
    a service level of at least 80 % within 15 s and an occupancy of at most 75 %
    >>> Target(service_level=80)
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: service_level must be above 0 and below 1, got 80.
    """

    service_level: float | None = None
    within: float = 20.0
    variant: str = "offered"
    p_target_met: float | None = None
    answer_rate: float | None = None
    mean_speed_of_answer: float | None = None
    occupancy: float | None = None

    def __post_init__(self) -> None:
        for name in ("service_level", "p_target_met", "answer_rate", "occupancy"):
            share = getattr(self, name)
            if share is not None and (not is_number(share) or not 0 < share < 1):
                raise ConfigurationError(name, "must be above 0 and below 1", share)
        speed = self.mean_speed_of_answer
        if speed is not None and (not is_number(speed) or not 0 < as_float(speed) < math.inf):
            raise ConfigurationError(
                "mean_speed_of_answer", "must be a positive number of seconds", speed
            )
        if self.p_target_met is not None and self.service_level is None:
            raise ConfigurationError(
                "p_target_met", "must be given beside a service_level", self.p_target_met
            )
        _ = self.question
        for name in NUMBERS:  # whatever kind of number was given
            object.__setattr__(self, name, as_float(getattr(self, name)))
        if not self.goals:
            raise ConfigurationError(
                "target",
                "must have a service_level, an answer_rate, a mean_speed_of_answer or an occupancy",
            )

    @property
    def question(self) -> Thresholds:
        """What its metrics must be told."""
        reached = 0.8 if self.service_level is None else self.service_level
        return Thresholds(self.within, self.variant, target=reached)

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Its metrics, each for itself."""
        found = []
        if self.service_level is not None:
            variant = "" if self.variant == "offered" else f" ({self.variant})"
            words = f"a service level{variant} of at least {percent(self.service_level)} within "
            words += f"{self.within:g} s"
            if self.p_target_met is None:
                found.append(self._goal("service_level", self.service_level, words))
            else:
                words += f" on at least {percent(self.p_target_met)} of days"
                found.append(self._goal("p_target_met", self.p_target_met, words))
        if self.answer_rate is not None:
            words = f"an answer rate of at least {percent(self.answer_rate)}"
            found.append(self._goal("answer_rate", self.answer_rate, words))
        if self.mean_speed_of_answer is not None:
            words = f"a mean speed of answer of at most {self.mean_speed_of_answer:g} s"
            found.append(self._goal("mean_speed_of_answer", self.mean_speed_of_answer, words))
        if self.occupancy is not None:
            words = f"an occupancy of at most {percent(self.occupancy)}"
            found.append(
                Goal("occupancy", self.occupancy, True, words, lambda seen: seen.occupancy)
            )
        return tuple(found)

    def _goal(self, name: str, limit: float, words: str) -> Goal:
        metric, question = metric_named(name), self.question
        return Goal(
            name,
            limit,
            name == "mean_speed_of_answer",
            words,
            lambda seen: metric.figure(seen.calls, question),
        )

    def __str__(self) -> str:
        return " and ".join(goal.words for goal in self.goals)


def percent(share: float) -> str:
    """A share as it is said: `80 %`, `99.5 %`."""
    return f"{100 * share:.4g} %"
