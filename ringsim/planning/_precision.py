"""As many replications as a precision takes.

`Precision`
    What is wanted: a metric, and how wide its interval may be.
`play_until`
    A study played until it is there, or a limit is.

A study that stops as soon as its interval happens to be short enough stops too early: an
interval is the shorter for a spread that was underestimated. So the interval must also stay
short while a few replications more are looked at (Hoad, Robinson and Davies, Automated
selection of the number of replications for a discrete-event simulation, Journal of the
Operational Research Society 61, 2010, 1632-1644): 5 of them, or 5 % where there are more
than 100. Their algorithm looks after each replication, from the third on. Here the first
look is at 20, and one that fails says how many the next should be at, at most twice as many:
fewer looks are fewer occasions to be lucky, and replications come in parts worth sharing
among workers.

An interval that rests on few events is not taken, however short it is: nothing blocked in 25
replications does not say that nothing ever is. Nor is one without width, unless every
replication must be the same. And a rate, a share, a count of what becomes of calls or a mean of
seconds must be known as precisely with one more day that is as bad, or as good, as a day can be
(see `_evidence`): where one day in twenty is bad, studies that stopped before they had seen enough
of them covered 80 to 85 % (measured).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ringsim._checks import is_integer, is_number
from ringsim._renamed import renamed
from ringsim.confidence import Count, Estimate, Figure, Product
from ringsim.errors import ConfigurationError
from ringsim.metrics import Observations, Thresholds, calls_of, metric_named
from ringsim.planning._bounds import longest_mean_wait
from ringsim.planning._certain import is_certain
from ringsim.planning._evidence import evidence_of
from ringsim.planning._replications import GrowingStudy
from ringsim.planning._study import Study

__all__ = ["Precision", "half_width", "play_until"]

FIRST_LOOK = 20  # replications
LOOK_AHEAD = 5  # further looks, each a replication or 1 % of them later
LARGEST = 10_000_000


@renamed(most="max_replications")
@dataclass(frozen=True)
class Precision:
    """How precisely a metric is to be known: see `simulate`.

    Parameters
    ----------
    metric : str
        Name of a metric, as in `Result.summary`.
    half_width : float
        Half of the width that its interval may have, in the unit of the metric.
    group : str, optional
        Number of a group: of its calls only. All, unless given.
    relative : bool, default False
        Whether `half_width` is a share of the estimate instead.
    within, variant, short, target, level
        What the metric must be told, as in `Result.summary`.
    max_replications : int, default 10000
        How many replications at most.

    Raises
    ------
    ConfigurationError
        When there is no such metric, or another argument cannot be.

    Examples
    --------
    >>> Precision("answer_rate", 0.01).half_width
    0.01
    >>> Precision("answer_rat", 0.01)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: metric must be one of offered, ... 'answer_rate'?
    """

    metric: str
    half_width: float
    group: str | None = None
    relative: bool = False
    within: float = 20.0
    variant: str = "offered"
    short: float = 5.0
    target: float = 0.8
    level: float = 0.95
    max_replications: int = 10_000

    def __post_init__(self) -> None:
        metric_named(self.metric)
        if not is_number(self.half_width) or not 0 < self.half_width < math.inf:
            raise ConfigurationError(
                "half_width", "must be a positive finite number", self.half_width
            )
        if not isinstance(self.relative, bool):
            raise ConfigurationError("relative", "must be true or false", self.relative)
        if (
            not is_integer(self.max_replications)
            or not FIRST_LOOK <= self.max_replications <= LARGEST
        ):
            raise ConfigurationError(
                "max_replications",
                f"must be a whole number from {FIRST_LOOK} to {LARGEST}",
                self.max_replications,
            )
        _ = self.question

    @property
    def question(self) -> Thresholds:
        """What the metric must be told."""
        return Thresholds(self.within, self.variant, self.short, self.target, self.level)

    def figure(self, observations: Observations, place: int | None) -> Figure:
        """Return the metric of the calls of the group at a place, or of all."""
        return metric_named(self.metric).figure(calls_of(observations, place), self.question)

    def estimate(self, observations: Observations, place: int | None) -> Estimate:
        """Return the metric with its interval."""
        return self.figure(observations, place).estimate(self.level)

    def with_a_worst_day(
        self, observations: Observations, place: int | None, study: Study
    ) -> Estimate:
        """Return the metric with an interval for days that were not seen; NaN where unknown."""
        figure, unit, max_replications = (
            self.figure(observations, place),
            metric_named(self.metric).unit,
            1.0,
        )
        if isinstance(figure, Product):
            if unit != "s":
                return Estimate(math.nan)
            max_replications = _longest(study, place, figure.estimate().estimate)
        if isinstance(figure, Count):
            if unit != "calls" or self.metric == "offered":
                return Estimate(math.nan)
            max_replications = float(calls_of(observations, place).of("offered").mean())
        error = (1 - self.level) / 2
        return evidence_of(figure, max_replications).bounds(error, error)

    def width_ratio(self, estimate: Estimate, *, certain: bool = False) -> float:
        """Return the half width of an interval over the one wanted; NaN if it has none.

        It is infinite for an interval that cannot be trusted. Where every replication is the
        same, `certain`, there is nothing more to know.
        """
        half = half_width(estimate)
        if math.isnan(half):
            return half
        if certain:
            return 0.0
        if half == 0 or not estimate.is_trusted:
            return math.inf
        allowed = self.half_width * (abs(estimate.estimate) if self.relative else 1)
        return half / allowed if allowed else math.inf


def half_width(estimate: Estimate) -> float:
    """Return half the width of an interval; one on the logit or the log scale is not symmetric."""
    return (estimate.high - estimate.low) / 2


def play_until(
    growing: GrowingStudy, until: Precision, place: int | None
) -> tuple[Observations, bool]:
    """Play a study until a metric is known as precisely as asked for.

    Parameters
    ----------
    growing : Growing
        A study of which nothing was played yet, its layout that of the question.
    until : Precision
        What is asked for.
    place : int or None
        Place of its group.

    Returns
    -------
    observations : Observations
        Of as many replications as it took; the number depends on nothing but the study.
    reached : bool
        Whether it is known so precisely. At the limit there is nothing left to look ahead to.
    """
    certain = is_certain(growing.study, until.metric, until.group)

    def width_ratio(seen: Observations) -> float:
        found = until.width_ratio(until.estimate(seen, place), certain=certain)
        if certain or not found <= 1:
            return found
        wide = until.width_ratio(until.with_a_worst_day(seen, place, growing.study))
        return found if math.isnan(wide) else max(found, math.sqrt(wide))  # it goes with 1 / count

    count = FIRST_LOOK
    while True:
        [seen] = growing.upto(count)
        if width_ratio(seen) <= 1:
            ahead = _counts_ahead(count, until.max_replications)
            looks = growing.upto(*ahead) if ahead else [seen]
            if all(width_ratio(look) <= 1 for look in looks):
                return looks[-1], True
            seen = looks[-1]
        count = growing.replications
        if count == until.max_replications:
            return seen, width_ratio(seen) <= 1
        count = min(_next_look(count, width_ratio(seen)), until.max_replications)


def _longest(study: Study, place: int | None, limit: float) -> float:
    """Return how long calls of a group, or of any, can have waited on average on a day [s]."""
    scenario = study.scenario
    called = [
        number for number, each in scenario.demand.items() if each.expected_calls(scenario.hours)
    ]
    if place is not None:
        called = [scenario.group_numbers[place]]
    groups = [scenario.group(number) for number in called if number in scenario.demand]
    return max(
        (longest_mean_wait(scenario, each, study.dispatchers, limit) for each in groups),
        default=limit,
    )


def _counts_ahead(count: int, max_replications: int) -> list[int]:
    """Counts at which the interval must still be short enough."""
    step = max(1, count // 100)
    counts = (min(count + step * look, max_replications) for look in range(1, LOOK_AHEAD + 1))
    return [later for later in dict.fromkeys(counts) if later > count]


def _next_look(count: int, width_ratio: float) -> int:
    """Where the interval should be short enough, as its width goes with 1 / sqrt(count)."""
    if math.isnan(width_ratio):
        return 2 * count
    return max(count + 1, math.ceil(count * min(width_ratio**2, 2)))
