"""Every metric, defined once: its words, and its figure for a set of calls.

`Calls`
    A set of calls of all replications: those of a group, of an interval, or all.
`Question`
    The thresholds that some metrics need.
`METRICS`
    The metrics, in the order of tables.
`VARIANTS`
    The five service levels in use.

The calls of a group are those that *arrived* at it; four metrics look at the group as a
place instead, and say so in their names or words: `received`, `answered_here`,
`no_candidate_rate` and `interruptions_per_hour`, and `fairness` at its members.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.checks import is_number
from ringsim.confidence import (
    UNKNOWN,
    Estimate,
    joined,
    of_count,
    of_days,
    of_product,
    of_quantile,
    of_rate,
    of_smooth,
)
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.logarrays import ABANDONED, ANSWERED, OVERFLOWED
from ringsim.metrics._observe import Observations

__all__ = ["METRICS", "VARIANTS", "Calls", "Metric", "Question"]

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

WITHIN_SLACK = 1e-9  # seconds, so that sums of floats do not decide what is within


class Calls:
    """A set of calls, its sums by replication: each of shape (R,)."""

    def __init__(
        self, observations: Observations, chosen: Bools | None = None, group: int | None = None
    ) -> None:
        self.observations = observations
        self.group = group
        self._chosen: Any = slice(None) if chosen is None else chosen
        self.replication = observations.replication[self._chosen]
        self.wait = observations.wait[self._chosen]
        outcome = observations.outcome[self._chosen]
        self.is_answered: Bools = outcome == ANSWERED
        self.is_abandoned: Bools = outcome == ABANDONED
        self.is_overflowed: Bools = outcome == OVERFLOWED

    def count(self, which: Bools) -> Floats:
        """Number of the calls for which something is so."""
        return self.observations.per_replication(self.replication[which])

    def waited(self, which: Bools) -> Floats:
        """Sum of the waits of the calls for which something is so [s]."""
        return self.observations.per_replication(self.replication[which], self.wait[which])

    def total(self, column: str) -> Floats:
        """Sum of a column of the observations."""
        values = getattr(self.observations, column)[self._chosen]
        return self.observations.per_replication(self.replication, values)

    def here(self, column: str) -> Floats:
        """A sum by group: that of the group, or of all groups."""
        by_group: Floats = getattr(self.observations, column)
        return by_group.sum(axis=1) if self.group is None else by_group[:, self.group]

    def at_seats(self, column: str) -> Floats:
        """A sum by seat: over those of the group, or over all."""
        seats = self.observations.roster.seats_of(self.group)
        by_seat: Floats = getattr(self.observations, column)
        total: Floats = by_seat[:, seats].sum(axis=1)
        return total

    def within(self, seconds: float) -> Bools:
        """Which waits are within a threshold."""
        return self.wait <= seconds + WITHIN_SLACK

    @cached_property
    def offered(self) -> Floats:
        return self.observations.per_replication(self.replication)

    @cached_property
    def answered(self) -> Floats:
        return self.count(self.is_answered)

    @cached_property
    def abandoned(self) -> Floats:
        return self.count(self.is_abandoned)

    @cached_property
    def overflowed(self) -> Floats:
        return self.count(self.is_overflowed)

    @cached_property
    def blocked(self) -> Floats:
        unrung = self.observations.n_rings[self._chosen] == 0
        return self.count(self.is_overflowed & unrung)

    @cached_property
    def rings(self) -> Floats:
        return self.total("n_rings")


@dataclass(frozen=True)
class Question:
    """What some metrics must be told.

    Parameters
    ----------
    within : float, default 20
        Threshold of the service level [s].
    variant : str, default "offered"
        Which service level, one of `VARIANTS`.
    short : float, default 5
        An abandoned call is short when its wait is within this [s].
    target : float, default 0.8
        Service level that `p_target_met` asks for.
    level : float, default 0.95
        Confidence level of the intervals.

    Raises
    ------
    ConfigurationError
        When one of them cannot be.
    """

    within: float = 20.0
    variant: str = "offered"
    short: float = 5.0
    target: float = 0.8
    level: float = 0.95

    def __post_init__(self) -> None:
        for name in ("within", "short"):
            value = getattr(self, name)
            if not is_number(value) or not value >= 0:
                raise ConfigurationError(name, "must be a number of seconds, at least 0", value)
        if self.variant not in VARIANTS:
            raise ConfigurationError(
                "variant",
                f"must be one of {', '.join(VARIANTS)}",
                self.variant,
                did_you_mean(self.variant, VARIANTS),
            )
        if not is_number(self.target) or not 0 <= self.target <= 1:
            raise ConfigurationError("target", "must be between 0 and 1", self.target)
        if not is_number(self.level) or not 0 < self.level < 1:
            raise ConfigurationError("level", "must be between 0 and 1", self.level)


@dataclass(frozen=True)
class Variant:
    """One way to count a service level: answered within the threshold over what."""

    definition: str
    events: Callable[[Calls, Question], Floats]
    cases: Callable[[Calls, Question], Floats]


def _answered_within(calls: Calls, question: Question) -> Floats:
    return calls.count(calls.is_answered & calls.within(question.within))


def _abandoned_within(calls: Calls, question: Question) -> Floats:
    return calls.count(calls.is_abandoned & calls.within(question.within))


def _short_abandoned(calls: Calls, question: Question) -> Floats:
    return calls.count(calls.is_abandoned & calls.within(question.short))


VARIANTS: dict[str, Variant] = {
    "offered": Variant(
        "answered within the threshold / offered",
        _answered_within,
        lambda calls, question: calls.offered,
    ),
    "ignore_abandoned_within": Variant(
        "answered within / (offered - abandoned within)",
        _answered_within,
        lambda calls, question: calls.offered - _abandoned_within(calls, question),
    ),
    "credit_abandoned_within": Variant(
        "(answered within + abandoned within) / offered",
        lambda calls, question: (
            _answered_within(calls, question) + _abandoned_within(calls, question)
        ),
        lambda calls, question: calls.offered,
    ),
    "answered_only": Variant(
        "answered within / answered",
        _answered_within,
        lambda calls, question: calls.answered,
    ),
    "short_excluded": Variant(
        "answered within / (offered - short abandons)",
        _answered_within,
        lambda calls, question: calls.offered - _short_abandoned(calls, question),
    ),
}


@dataclass(frozen=True)
class Metric:
    """One row of a summary.

    Attributes
    ----------
    unit : str
        `calls`, `rate`, `s`, `erlang`, ...: how the figure reads.
    definition : str
        What it is, in one line.
    estimate : callable
        Its figure for a set of calls.
    of_any_calls : bool
        Whether it makes sense for any set of calls, an interval's too.
    """

    unit: str
    definition: str
    estimate: Callable[[Calls, Question], Estimate]
    of_any_calls: bool = True


def _mean_wait(which: Callable[[Calls], Bools]) -> Callable[[Calls, Question], Estimate]:
    return lambda calls, question: of_product(
        (calls.waited(which(calls)), 1),
        (calls.count(which(calls)), -1),
        level=question.level,
    )


def _percentile(q: float, which: Callable[[Calls], Bools]) -> Callable[[Calls, Question], Estimate]:
    def estimate(calls: Calls, question: Question) -> Estimate:
        chosen = which(calls)
        return of_quantile(
            q,
            calls.wait[chosen],
            calls.replication[chosen],
            calls.observations.replications,
            level=question.level,
        )

    return estimate


def _everyone(calls: Calls) -> Bools:
    return np.ones(len(calls.wait), dtype=np.bool_)


def _service_level(calls: Calls, question: Question) -> Estimate:
    variant = VARIANTS[question.variant]
    events, cases = variant.events(calls, question), variant.cases(calls, question)
    level = of_rate(events, cases, level=question.level)
    asked = f"within {question.within:g} s, {question.variant}"
    return level._replace(note=joined(asked, level.note))


def _p_target_met(calls: Calls, question: Question) -> Estimate:
    variant = VARIANTS[question.variant]
    events, cases = variant.events(calls, question), variant.cases(calls, question)
    days = cases > 0
    met = events >= question.target * cases - 1e-9
    counts = (int(which.sum()) for which in (met & days, days, ~days))
    share = of_days(*counts, level=question.level)
    asked = f"target {question.target:g}"
    return share._replace(note=joined(asked, share.note))


def _short_abandon(calls: Calls, question: Question) -> Estimate:
    count = of_count(_short_abandoned(calls, question), level=question.level)
    return count._replace(note=joined(f"within {question.short:g} s", count.note))


def _offered_load(calls: Calls, question: Question) -> Estimate:
    return of_product(
        (calls.offered, 1),
        (calls.total("handle_time"), 1),
        (calls.answered, -1),
        constant=1 / calls.observations.roster.end,
        level=question.level,
    )


def _interruptions(calls: Calls, question: Question) -> Estimate:
    roster = calls.observations.roster
    hours = float(roster.duty_time[roster.people_of(calls.group)].sum()) / 3600
    if hours == 0:
        return UNKNOWN
    return of_count(calls.at_seats("interruptions"), per=hours, level=question.level)


def _fairness(calls: Calls, question: Question) -> Estimate:
    """Jain's index of the answered calls per hour on duty.

    Who is never on duty counts for nothing, nor does a group that nobody was rung by: a page
    is answered by everybody.
    """
    observations = calls.observations
    roster = observations.roster
    counted = [
        (seat, who)
        for seat, (at, who) in enumerate(roster.seats)
        if calls.group in (None, at)
        and roster.duty_time[who] > 0
        and observations.rung[:, roster.seats_of(at)].any()
    ]
    people = list(dict.fromkeys(who for _, who in counted))
    seats = np.zeros((len(people), len(roster.seats)))
    for seat, who in counted:
        seats[people.index(who), seat] = 1
    rates = observations.answered @ seats.T / roster.duty_time[people]
    return of_smooth(_jain, rates, 1 / max(1, len(people)), 1.0, level=question.level)


def _jain(x: Floats) -> Floats:
    """(sum x)^2 / (n sum x^2) of the last axis, NaN where all are 0."""
    least = x.shape[-1] * (x * x).sum(axis=-1)
    index: Floats = np.divide(
        x.sum(axis=-1) ** 2, least, out=np.full(least.shape, np.nan), where=least > 0
    )
    return index


METRICS: dict[str, Metric] = {
    "offered": Metric(
        "calls", "calls that arrived", lambda c, q: of_count(c.offered, level=q.level)
    ),
    "answered": Metric(
        "calls",
        "calls answered, here or elsewhere",
        lambda c, q: of_count(c.answered, level=q.level),
    ),
    "abandoned": Metric(
        "calls", "callers who gave up", lambda c, q: of_count(c.abandoned, level=q.level)
    ),
    "overflowed": Metric(
        "calls",
        "calls that a no-answer rule ended",
        lambda c, q: of_count(c.overflowed, level=q.level),
    ),
    "blocked": Metric(
        "calls",
        "overflowed without one ring; part of overflowed",
        lambda c, q: of_count(c.blocked, level=q.level),
    ),
    "short_abandon": Metric(
        "calls",
        "abandoned within the short threshold; part of abandoned",
        _short_abandon,
    ),
    "answer_rate": Metric(
        "rate", "answered / offered", lambda c, q: of_rate(c.answered, c.offered, level=q.level)
    ),
    "abandonment_rate": Metric(
        "rate", "abandoned / offered", lambda c, q: of_rate(c.abandoned, c.offered, level=q.level)
    ),
    "overflow_rate": Metric(
        "rate", "overflowed / offered", lambda c, q: of_rate(c.overflowed, c.offered, level=q.level)
    ),
    "service_level": Metric(
        "rate", "answered within a threshold / offered, or a variant", _service_level
    ),
    "p_target_met": Metric(
        "rate", "share of replications whose service level reached the target", _p_target_met
    ),
    "mean_speed_of_answer": Metric(
        "s", "sum of waits of answered calls / answered", _mean_wait(lambda c: c.is_answered)
    ),
    "mean_wait": Metric("s", "sum of waits / offered", _mean_wait(_everyone)),
    "wait_p50": Metric("s", "median wait of all calls", _percentile(0.5, _everyone)),
    "wait_p90": Metric("s", "90th percentile of the same", _percentile(0.9, _everyone)),
    "wait_p95": Metric("s", "95th percentile of the same", _percentile(0.95, _everyone)),
    "answer_wait_p50": Metric(
        "s", "median wait of answered calls", _percentile(0.5, lambda c: c.is_answered)
    ),
    "answer_wait_p90": Metric(
        "s", "90th percentile of the same", _percentile(0.9, lambda c: c.is_answered)
    ),
    "answer_wait_p95": Metric(
        "s", "95th percentile of the same", _percentile(0.95, lambda c: c.is_answered)
    ),
    "mean_time_to_abandon": Metric(
        "s", "sum of waits of abandoned calls / abandoned", _mean_wait(lambda c: c.is_abandoned)
    ),
    "mean_time_to_overflow": Metric(
        "s", "sum of waits of overflowed calls / overflowed", _mean_wait(lambda c: c.is_overflowed)
    ),
    "rings_per_call": Metric(
        "rings",
        "phones rung / offered",
        lambda c, q: of_product((c.rings, 1), (c.offered, -1), level=q.level),
    ),
    "rings_per_answer": Metric(
        "rings",
        "phones rung / answered",
        lambda c, q: of_product((c.rings, 1), (c.answered, -1), level=q.level),
    ),
    "ring_no_answer_rate": Metric(
        "rate",
        "rings that ran their full time unanswered / rings",
        lambda c, q: of_rate(c.total("n_no_answer"), c.rings, level=q.level),
    ),
    "offered_load": Metric(
        "erlang", "arrival rate x mean handle time of answered calls", _offered_load, False
    ),
    "received": Metric(
        "calls",
        "calls that entered the group, by arrival or forward",
        lambda c, q: of_count(c.here("received"), level=q.level),
        False,
    ),
    "answered_here": Metric(
        "calls",
        "calls answered in the group, wherever they arrived",
        lambda c, q: of_count(c.here("answered_here"), level=q.level),
        False,
    ),
    "no_candidate_rate": Metric(
        "rate",
        "visits whose first look found nobody to ring / received",
        lambda c, q: of_rate(c.here("no_candidate"), c.here("received"), level=q.level),
        False,
    ),
    "interruptions_per_hour": Metric(
        "rings",
        "rings of the group's members by the group, within hours / their hours on duty",
        _interruptions,
        False,
    ),
    "fairness": Metric(
        "index",
        "Jain's index of answered calls per hour on duty over the members",
        _fairness,
        False,
    ),
}
