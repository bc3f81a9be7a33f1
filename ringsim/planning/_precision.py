"""Precision of a metric at which a study stops adding replications.

An interval that is marked `few events` does not count, however narrow it is: if no call was
blocked in 25 replications, one may still be blocked on another day. An interval of width 0 does
not count either, unless every replication must be the same. A rate, a share, a count of call
outcomes or a mean of seconds must also be precise enough with one more day added that is as bad,
or as good, as a day can be (see `_evidence`). Without this rule, if one day in twenty is bad,
80 to 86 % of the intervals contained the truth, because studies stopped before they had seen
enough bad days; with it, 90 % do (measured: 300 studies of a busy office that loses all calls on
one day in twenty, half-width 0.02 and 0.03). The price is paid where all days are alike: about
three times as many days. A worst day that only adds to the variance costs a quarter less, but
covers as few as 87 % if one day in fifty is bad.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ringsim._checks import is_integer, is_number
from ringsim._renamed import renamed
from ringsim.confidence import Controlled, Count, Estimate, Figure, Product
from ringsim.errors import ConfigurationError, check_flag
from ringsim.metrics import Observations, Thresholds, calls_of, metric_named
from ringsim.planning._bounds import longest_mean_wait
from ringsim.planning._evidence import evidence_of
from ringsim.planning._study import Study

__all__ = ["Precision", "half_width"]

FIRST_LOOK = 20  # replications
LARGEST = 10_000_000


@renamed(most="max_replications")
@dataclass(frozen=True)
class Precision:
    """A metric, and how precise its estimate must be: see `until` in `simulate`.

    Parameters
    ----------
    metric : str
        Name of a metric, as in `Result.summary`.
    half_width : float
        Greatest half-width of its interval, in the unit of the metric.
    group : str, optional
        Number of a group, to count only its calls; all calls by default.
    relative : bool, default False
        Whether `half_width` is a fraction of the estimate instead.
    within, variant, short, target, level
        Thresholds of the metric and the confidence level, as in `Result.summary`.
    max_replications : int, default 10000
        Greatest number of replications.

    Raises
    ------
    ConfigurationError
        If the metric does not exist or another argument is invalid.

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
        if self.group is not None and not isinstance(self.group, str):
            raise ConfigurationError("group", "must be the number of a group", self.group)
        check_flag("relative", self.relative)
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
        """Thresholds of the metric, and the confidence level."""
        return Thresholds(self.within, self.variant, self.short, self.target, self.level)

    def figure(self, observations: Observations, place: int | None) -> Figure:
        """Return the metric of one group's calls, by the group's index; None for all calls."""
        return metric_named(self.metric).figure(calls_of(observations, place), self.question)

    def estimate(self, observations: Observations, place: int | None) -> Estimate:
        """Return the metric with its interval."""
        return self.figure(observations, place).estimate(self.level)

    def with_a_worst_day(
        self, observations: Observations, place: int | None, study: Study
    ) -> Estimate:
        """Return the metric, its interval widened for an unseen worst or best day.

        NaN for metrics without a known range on one day.
        """
        figure = self.figure(observations, place)
        if isinstance(figure, Controlled):
            plain = figure.plain.estimate(self.level)
            wide = self._with_a_worst_day(figure.plain, observations, place, study)
            return figure.widened(plain, wide, self.level)
        return self._with_a_worst_day(figure, observations, place, study)

    def _with_a_worst_day(
        self, figure: Figure, observations: Observations, place: int | None, study: Study
    ) -> Estimate:
        unit = metric_named(self.metric).unit
        most = 1.0
        if isinstance(figure, Product):
            if unit != "s":
                return Estimate(math.nan)
            most = _longest(study, place, figure.estimate().estimate)
        if isinstance(figure, Count):
            if unit != "calls" or self.metric in ("offered", "callers"):
                return Estimate(math.nan)
            most = float(calls_of(observations, place).of("offered").mean())
        error = (1 - self.level) / 2
        return evidence_of(figure, most).bounds(error, error)

    def width_ratio(self, estimate: Estimate, *, certain: bool = False) -> float:
        """Return the ratio of the interval's half-width to the target; NaN without an interval.

        It is infinite for an interval that is marked `few events` or has no width. It is 0 if
        the metric is `certain`, that is, must be the same in every replication.
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


def _longest(study: Study, place: int | None, limit: float) -> float:
    """Return an upper bound of a day's mean speed of answer [s], of one group or of all."""
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


def half_width(estimate: Estimate) -> float:
    """Return half the width of an interval, which need not be symmetric about its estimate."""
    return (estimate.high - estimate.low) / 2
