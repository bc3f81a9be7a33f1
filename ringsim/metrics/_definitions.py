"""Every metric, defined once: its words, and its figure for a set of calls.

The calls of a group are those that *arrived* at it; four metrics look at the group as a
place instead, and say so in their names or words: `received`, `answered_here`,
`no_candidate_rate` and `interruptions_per_hour`, and `fairness` at its members.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

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
from ringsim.metrics._calls import Bools, Calls, Floats
from ringsim.metrics._question import VARIANTS, Question, short_abandoned

__all__ = ["METRICS", "Metric"]


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
    count = of_count(short_abandoned(calls, question), level=question.level)
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
