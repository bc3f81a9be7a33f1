"""Definitions of all metrics of calls: unit, description and formula.

The metrics of a group are about the calls that *arrived* at it, with six exceptions:
`received`, `answered_here`, `answer_rate_of_received` and `no_candidate_rate` are about all visits
to the group, of calls that others forwarded to it too; `interruptions_per_hour` and `fairness` are
about its members. If callers may try again, each attempt is a call; metrics of callers count a
caller once, where the first attempt arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ringsim.confidence import Count, Figure, Rate, controlled
from ringsim.errors import check_choice
from ringsim.metrics._calls import Calls
from ringsim.metrics._formulas import (
    FigureOf,
    Percentile,
    callers,
    count,
    fairness,
    first_service_level,
    interruptions,
    longest_line,
    mean,
    mean_of_callers,
    needing,
    offered,
    offered_load,
    p_target_met,
    rate,
    rate_of_callers,
    service_level,
    short_abandon,
)
from ringsim.metrics._roster import Roster
from ringsim.metrics._thresholds import Thresholds

__all__ = ["METRICS", "Metric", "metric_named", "shown_metrics"]

WAITED = ("waited_answered", "waited_abandoned", "waited_overflowed")


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
        """True if the metric needs the wait of every call, and not only their sum."""
        return isinstance(self.formula, Percentile)

    def figure(self, calls: Calls, thresholds: Thresholds) -> Figure:
        """Return the figure of some calls, corrected by their control if they have one."""
        plain = self.formula(calls, thresholds)
        control = calls.control
        return plain if control is None else controlled(plain, control)


METRICS: dict[str, Metric] = {
    "offered": Metric("calls", "calls that arrived", offered),
    "answered": Metric(
        "calls", "calls answered, here or elsewhere", count("answered"), better="higher"
    ),
    "abandoned": Metric("calls", "calls whose caller gave up", count("abandoned"), better="lower"),
    "overflowed": Metric(
        "calls", "calls ended by a no-answer rule", count("overflowed"), better="lower"
    ),
    "blocked": Metric(
        "calls",
        "calls that overflowed without a ring; part of overflowed",
        count("blocked"),
        better="lower",
    ),
    "short_abandon": Metric(
        "calls",
        "calls abandoned within the short threshold; part of abandoned",
        short_abandon,
    ),
    "answer_rate": Metric(
        "rate", "answered / offered", rate("answered", "offered"), better="higher"
    ),
    "abandonment_rate": Metric(
        "rate", "abandoned / offered", rate("abandoned", "offered"), better="lower"
    ),
    "overflow_rate": Metric(
        "rate", "overflowed / offered", rate("overflowed", "offered"), better="lower"
    ),
    "service_level": Metric(
        "rate",
        "answered within the threshold / offered, or another variant",
        service_level,
        better="higher",
    ),
    "p_target_met": Metric(
        "rate",
        "share of replications whose service level reached the target",
        p_target_met,
        better="higher",
    ),
    "mean_speed_of_answer": Metric(
        "s",
        "sum of waits of answered calls / answered",
        mean(("waited_answered",), "answered"),
        better="lower",
    ),
    "mean_wait": Metric("s", "sum of waits / offered", mean(WAITED, "offered")),
    "wait_p50": Metric("s", "median wait of all calls", Percentile(0.5, answered_only=False)),
    "wait_p90": Metric(
        "s", "90th percentile of the wait of all calls", Percentile(0.9, answered_only=False)
    ),
    "wait_p95": Metric(
        "s", "95th percentile of the wait of all calls", Percentile(0.95, answered_only=False)
    ),
    "answer_wait_p50": Metric(
        "s", "median wait of answered calls", Percentile(0.5, answered_only=True), better="lower"
    ),
    "answer_wait_p90": Metric(
        "s",
        "90th percentile of the wait of answered calls",
        Percentile(0.9, answered_only=True),
        better="lower",
    ),
    "answer_wait_p95": Metric(
        "s",
        "95th percentile of the wait of answered calls",
        Percentile(0.95, answered_only=True),
        better="lower",
    ),
    "mean_time_to_abandon": Metric(
        "s",
        "sum of waits of abandoned calls / abandoned",
        mean(("waited_abandoned",), "abandoned"),
    ),
    "mean_time_to_overflow": Metric(
        "s",
        "sum of waits of overflowed calls / overflowed",
        mean(("waited_overflowed",), "overflowed"),
    ),
    "rings_per_call": Metric(
        "rings", "phones rung / offered", mean(("rings",), "offered"), better="lower"
    ),
    "rings_per_answer": Metric(
        "rings", "phones rung / answered", mean(("rings",), "answered"), better="lower"
    ),
    "ring_no_answer_rate": Metric(
        "rate",
        "rings that ran their full time unanswered / rings",
        rate("no_answer", "rings"),
        better="lower",
    ),
    "offered_load": Metric(
        "erlang", "arrival rate x mean handle time of answered calls", offered_load, False
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
        interruptions,
        False,
        better="lower",
    ),
    "fairness": Metric(
        "index",
        "Jain's index of answered calls per hour on duty over the members",
        fairness,
        False,
        better="higher",
    ),
    "line_wait": Metric(
        "s",
        "time in line until the first ring or the end of the visit / visits in line",
        mean(("line_time",), "lined_up"),
        better="lower",
        needs="line",
    ),
    "longest_line": Metric(
        "calls",
        "greatest number of callers in line, in the longest line",
        longest_line,
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
        rate("declined", "rings"),
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
    "callers": Metric("calls", "callers: calls without later attempts", callers, needs="callers"),
    "caller_answer_rate": Metric(
        "rate",
        "callers answered in the end, at some attempt / callers",
        rate_of_callers("callers_answered"),
        better="higher",
        needs="callers",
    ),
    "attempts_per_caller": Metric(
        "attempts",
        "attempts of the callers / callers",
        mean_of_callers("attempts", "callers"),
        better="lower",
        needs="callers",
    ),
    "mean_time_to_reach": Metric(
        "s",
        "mean time from the first attempt to the answer, over callers answered in the end",
        mean_of_callers("waited_callers_answered", "callers_answered"),
        needs="callers",
    ),
    "first_answer_rate": Metric(
        "rate",
        "first attempts answered / callers",
        rate_of_callers("first_answered"),
        better="higher",
        needs="callers",
    ),
    "first_abandonment_rate": Metric(
        "rate",
        "first attempts abandoned / callers",
        rate_of_callers("first_abandoned"),
        better="lower",
        needs="callers",
    ),
    "first_overflow_rate": Metric(
        "rate",
        "first attempts overflowed / callers",
        rate_of_callers("first_overflowed"),
        better="lower",
        needs="callers",
    ),
    "first_service_level": Metric(
        "rate",
        "first attempts answered within the threshold / callers",
        first_service_level,
        better="higher",
        needs="callers",
    ),
}
METRICS |= {
    name: replace(metric, formula=needing(metric.needs, metric.formula))
    for name, metric in METRICS.items()
    if metric.needs and not metric.of_callers  # without redial, callers are calls
}


def shown_metrics(roster: Roster) -> dict[str, Metric]:
    """Return the metrics that the options of a scenario make possible."""
    possible = {"", *roster.options}
    return {name: metric for name, metric in METRICS.items() if metric.needs in possible}


def metric_named(name: str) -> Metric:
    """Return the metric with this name.

    Raises
    ------
    ConfigurationError
        If there is no metric with this name.
    """
    check_choice("metric", name, METRICS)
    return METRICS[name]
