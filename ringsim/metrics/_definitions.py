"""Definitions of all metrics of calls: unit, description and formula.

The metrics of a group are about the calls that *arrived* at it, with six exceptions:
`received`, `answered_here`, `answer_rate_of_received` and `no_candidate_rate` are about all visits
to the group, of calls that others forwarded to it too; `interruptions_per_hour` and `fairness` are
about its members. If callers may try again, each attempt is a call; metrics of callers count a
caller once, where the first attempt arrived.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ringsim.confidence import Count, Days, Figure, Product, Rate, Smooth, Unknown, controlled
from ringsim.errors import check_choice
from ringsim.metrics._calls import Calls, Floats
from ringsim.metrics._roster import Roster
from ringsim.metrics._thresholds import VARIANTS, Thresholds

__all__ = ["METRICS", "Metric", "metric_named", "shown_metrics"]

WAITED = ("waited_answered", "waited_abandoned", "waited_overflowed")

FigureOf = Callable[[Calls, Thresholds], Figure]


@dataclass(frozen=True)
class Metric:
    """One row of a summary.

    Attributes
    ----------
    unit : str
        `calls`, `rate`, `s`, `rings`, `attempts`, `1/h`, `erlang` or `index`.
    definition : str
        Description in one line.
    formula : callable
        Function from calls and thresholds to the figure.
    of_any_calls : bool
        Whether the metric is defined for any set of calls, such as those of an interval.
    better : str
        `higher` or `lower` if that is better for callers or members without any drawback;
        else "". A shorter mean wait is not always better: callers may just give up sooner.
    needs : str
        One of `Roster.options` without which the metric is not shown, or "".
    """

    unit: str
    definition: str
    formula: FigureOf
    of_any_calls: bool = True
    better: Literal["higher", "lower", ""] = ""
    needs: str = ""

    @property
    def of_callers(self) -> bool:
        """Whether the metric is about callers or their first attempts."""
        return self.needs == "callers"

    @property
    def needs_waits(self) -> bool:
        """Whether the metric needs the wait of every call, and not only their sum."""
        return isinstance(self.formula, _Percentile)

    def figure(self, calls: Calls, question: Thresholds) -> Figure:
        """Return the figure of some calls, corrected by their control if they have one."""
        plain = self.formula(calls, question)
        control = calls.control
        return plain if control is None else controlled(plain, control)


def _count(name: str) -> FigureOf:
    return lambda calls, question: Count(calls.of(name))


def _offered(calls: Calls, question: Thresholds) -> Figure:
    fixed = calls.are_given and not calls.observations.roster.counts_callers
    return Count(calls.of("offered"), is_fixed=fixed)


def _callers(calls: Calls, question: Thresholds) -> Figure:
    return Count(calls.of_callers("callers"), is_fixed=calls.are_given)


def _rate_of_callers(events: str) -> FigureOf:
    return lambda calls, question: Rate(calls.of_callers(events), calls.of_callers("callers"))


def _mean_of_callers(total: str, cases: str) -> FigureOf:
    return lambda calls, question: Product(
        (calls.of_callers(total), 1), (calls.of_callers(cases), -1)
    )


def _first_service_level(calls: Calls, question: Thresholds) -> Figure:
    events, cases = calls.of_callers("first_answered_within"), calls.of_callers("callers")
    return Rate(events, cases, note=f"within {question.within:g} s")


def _rate(events: str, cases: str) -> FigureOf:
    return lambda calls, question: Rate(calls.of(events), calls.of(cases))


def _mean(sums: tuple[str, ...], cases: str) -> FigureOf:
    return lambda calls, question: Product((calls.of(*sums), 1), (calls.of(cases), -1))


@dataclass(frozen=True)
class _Percentile:
    """A percentile of the waits, the only kind of metric that needs the wait of every call."""

    q: float
    answered_only: bool

    def __call__(self, calls: Calls, question: Thresholds) -> Figure:  # noqa: ARG002
        return calls.wait(self.q, answered_only=self.answered_only)


def _service_level(calls: Calls, question: Thresholds) -> Figure:
    events, cases = VARIANTS[question.variant].counts(calls)
    return Rate(events, cases, note=f"within {question.within:g} s, {question.variant}")


def _p_target_met(calls: Calls, question: Thresholds) -> Figure:
    """Return the share of days that met the target.

    Days without calls that the variant counts are left out. A day with `answered_only` on
    which no call was answered has not met the target.
    """
    variant = VARIANTS[question.variant]
    events, cases = variant.counts(calls)
    met = (events >= question.target * cases - 1e-9) & ((cases > 0) | (question.target == 0))
    counted = calls.of("offered") - calls.of(*variant.without) > 0
    without = "calls that count" if variant.without else "calls"
    return Days(met, counted, without, note=f"target {question.target:g}")


def _short_abandon(calls: Calls, question: Thresholds) -> Figure:
    return Count(calls.of("short_abandoned"), note=f"within {question.short:g} s")


def _offered_load(calls: Calls, question: Thresholds) -> Figure:
    return Product(
        (calls.of("offered"), 1),
        (calls.of("handle_time"), 1),
        (calls.of("answered"), -1),
        constant=1 / calls.observations.roster.counted_time,
    )


def _interruptions(calls: Calls, question: Thresholds) -> Figure:
    roster = calls.observations.roster
    hours = float(roster.duty_time[roster.people_of(calls.group)].sum()) / 3600
    return Count(calls.of_seats("interruptions"), per=hours) if hours else Unknown()


def _fairness(calls: Calls, question: Thresholds) -> Figure:
    """Return Jain's index of the answered calls per hour on duty.

    Left out are people who are never on duty, and groups that only page: everybody answers a
    page.
    """
    observations = calls.observations
    roster = observations.roster
    rung, answered = observations.of_seat("rung"), observations.of_seat("answered")
    groups = range(len(roster.groups)) if calls.group is None else [calls.group]
    ringing = {at for at in groups if rung[:, roster.seats_of_group(at)].any()}
    of_person: dict[int, Floats] = {}
    for seat, (at, who) in enumerate(roster.seats):
        if at in ringing and roster.duty_time[who] > 0:
            of_person[who] = of_person.get(who, 0.0) + answered[:, seat]
    rates = [count / roster.duty_time[who] for who, count in of_person.items()]
    by_person = np.array(rates).reshape(len(rates), len(answered)).T.copy()
    least = 1 / max(1, len(rates))
    return Smooth(_jain, by_person, least, 1.0, is_fixed=least == 1)


def _jain(x: Floats) -> Floats:
    """Return (sum x)^2 / (n sum x^2) along the last axis, NaN where all x are 0."""
    least = x.shape[-1] * (x * x).sum(axis=-1)
    index: Floats = np.divide(
        x.sum(axis=-1) ** 2, least, out=np.full(least.shape, np.nan), where=least > 0
    )
    return index


def _needing(option: str, figure: FigureOf) -> FigureOf:
    """Return a figure that is unknown without an option of the scenario."""

    def known(calls: Calls, question: Thresholds) -> Figure:
        if option not in calls.observations.roster.options:
            return Unknown()
        return figure(calls, question)

    return known


def _longest_line(calls: Calls, question: Thresholds) -> Figure:
    by_group = calls.observations.of_group("longest_line")
    longest = by_group.max(axis=1) if calls.group is None else by_group[:, calls.group]
    return Count(longest)


METRICS: dict[str, Metric] = {
    "offered": Metric("calls", "calls that arrived", _offered),
    "answered": Metric(
        "calls", "calls answered, here or elsewhere", _count("answered"), better="higher"
    ),
    "abandoned": Metric("calls", "calls whose caller gave up", _count("abandoned"), better="lower"),
    "overflowed": Metric(
        "calls", "calls ended by a no-answer rule", _count("overflowed"), better="lower"
    ),
    "blocked": Metric(
        "calls",
        "calls that overflowed without a ring; part of overflowed",
        _count("blocked"),
        better="lower",
    ),
    "short_abandon": Metric(
        "calls",
        "calls abandoned within the short threshold; part of abandoned",
        _short_abandon,
    ),
    "answer_rate": Metric(
        "rate", "answered / offered", _rate("answered", "offered"), better="higher"
    ),
    "abandonment_rate": Metric(
        "rate", "abandoned / offered", _rate("abandoned", "offered"), better="lower"
    ),
    "overflow_rate": Metric(
        "rate", "overflowed / offered", _rate("overflowed", "offered"), better="lower"
    ),
    "service_level": Metric(
        "rate",
        "answered within the threshold / offered, or another variant",
        _service_level,
        better="higher",
    ),
    "p_target_met": Metric(
        "rate",
        "share of replications whose service level reached the target",
        _p_target_met,
        better="higher",
    ),
    "mean_speed_of_answer": Metric(
        "s",
        "sum of waits of answered calls / answered",
        _mean(("waited_answered",), "answered"),
        better="lower",
    ),
    "mean_wait": Metric("s", "sum of waits / offered", _mean(WAITED, "offered")),
    "wait_p50": Metric("s", "median wait of all calls", _Percentile(0.5, answered_only=False)),
    "wait_p90": Metric(
        "s", "90th percentile of the wait of all calls", _Percentile(0.9, answered_only=False)
    ),
    "wait_p95": Metric(
        "s", "95th percentile of the wait of all calls", _Percentile(0.95, answered_only=False)
    ),
    "answer_wait_p50": Metric(
        "s", "median wait of answered calls", _Percentile(0.5, answered_only=True), better="lower"
    ),
    "answer_wait_p90": Metric(
        "s",
        "90th percentile of the wait of answered calls",
        _Percentile(0.9, answered_only=True),
        better="lower",
    ),
    "answer_wait_p95": Metric(
        "s",
        "95th percentile of the wait of answered calls",
        _Percentile(0.95, answered_only=True),
        better="lower",
    ),
    "mean_time_to_abandon": Metric(
        "s",
        "sum of waits of abandoned calls / abandoned",
        _mean(("waited_abandoned",), "abandoned"),
    ),
    "mean_time_to_overflow": Metric(
        "s",
        "sum of waits of overflowed calls / overflowed",
        _mean(("waited_overflowed",), "overflowed"),
    ),
    "rings_per_call": Metric(
        "rings", "phones rung / offered", _mean(("rings",), "offered"), better="lower"
    ),
    "rings_per_answer": Metric(
        "rings", "phones rung / answered", _mean(("rings",), "answered"), better="lower"
    ),
    "ring_no_answer_rate": Metric(
        "rate",
        "rings that ran their full time unanswered / rings",
        _rate("no_answer", "rings"),
        better="lower",
    ),
    "offered_load": Metric(
        "erlang", "arrival rate x mean handle time of answered calls", _offered_load, False
    ),
    "received": Metric(
        "calls",
        "calls that entered the group, by arrival or forward",
        lambda c, q: Count(c.of_group("received")),
        False,
    ),
    "answered_here": Metric(
        "calls",
        "calls answered in the group, wherever they arrived",
        lambda c, q: Count(c.of_group("answered_here")),
        False,
    ),
    "answer_rate_of_received": Metric(
        "rate",
        "answered here / received",
        lambda c, q: Rate(c.of_group("answered_here"), c.of_group("received")),
        False,
        better="higher",
    ),
    "no_candidate_rate": Metric(
        "rate",
        "visits that at first found nobody to ring / received",
        lambda c, q: Rate(c.of_group("no_candidate"), c.of_group("received")),
        False,
        better="lower",
    ),
    "interruptions_per_hour": Metric(
        "1/h",
        "rings of the group on its members' phones, within hours / their hours on duty",
        _interruptions,
        False,
        better="lower",
    ),
    "fairness": Metric(
        "index",
        "Jain's index of answered calls per hour on duty over the members",
        _fairness,
        False,
        better="higher",
    ),
    "line_wait": Metric(
        "s",
        "time in line until the first ring or the end of the visit / visits in line",
        _mean(("line_time",), "lined_up"),
        better="lower",
        needs="line",
    ),
    "longest_line": Metric(
        "calls",
        "greatest number of callers in line, in the longest line",
        _longest_line,
        False,
        better="lower",
        needs="line",
    ),
    "queue_full_rate": Metric(
        "rate",
        "visits turned away from a full line / received",
        lambda c, q: Rate(c.of_group("queue_full"), c.of_group("received")),
        False,
        better="lower",
        needs="limit",
    ),
    "declined_rate": Metric(
        "rate",
        "rings that were declined / rings",
        _rate("declined", "rings"),
        better="lower",
        needs="declines",
    ),
    "pause_time": Metric(
        "s",
        "time on duty that members are paused after missed rings, within hours",
        lambda c, q: Count(c.of_seats("pause_time")),
        False,
        better="lower",
        needs="pauses",
    ),
    "callers": Metric("calls", "callers: calls without later attempts", _callers, needs="callers"),
    "caller_answer_rate": Metric(
        "rate",
        "callers answered in the end, at some attempt / callers",
        _rate_of_callers("callers_answered"),
        better="higher",
        needs="callers",
    ),
    "attempts_per_caller": Metric(
        "attempts",
        "attempts of the callers / callers",
        _mean_of_callers("attempts", "callers"),
        better="lower",
        needs="callers",
    ),
    "mean_time_to_reach": Metric(
        "s",
        "mean time from the first attempt to the answer, over callers answered in the end",
        _mean_of_callers("waited_callers_answered", "callers_answered"),
        needs="callers",
    ),
    "first_answer_rate": Metric(
        "rate",
        "first attempts answered / callers",
        _rate_of_callers("first_answered"),
        better="higher",
        needs="callers",
    ),
    "first_abandonment_rate": Metric(
        "rate",
        "first attempts abandoned / callers",
        _rate_of_callers("first_abandoned"),
        better="lower",
        needs="callers",
    ),
    "first_overflow_rate": Metric(
        "rate",
        "first attempts overflowed / callers",
        _rate_of_callers("first_overflowed"),
        better="lower",
        needs="callers",
    ),
    "first_service_level": Metric(
        "rate",
        "first attempts answered within the threshold / callers",
        _first_service_level,
        better="higher",
        needs="callers",
    ),
}
METRICS |= {
    name: replace(metric, formula=_needing(metric.needs, metric.formula))
    for name, metric in METRICS.items()
    if metric.needs and not metric.of_callers  # without redial, callers are calls
}


def shown_metrics(roster: Roster) -> dict[str, Metric]:
    """Return the metrics that the options of a scenario make possible."""
    return {
        name: metric for name, metric in METRICS.items() if metric.needs in ("", *roster.options)
    }


def metric_named(name: str) -> Metric:
    """Return the metric with this name.

    Raises
    ------
    ConfigurationError
        If there is no metric with this name.
    """
    check_choice("metric", name, METRICS)
    return METRICS[name]
