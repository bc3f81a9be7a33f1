"""Formulas of the metrics of calls: functions from calls and thresholds to a figure.

Some are made by functions: `rate("answered", "offered")` is a formula.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ringsim._service_levels import VARIANTS
from ringsim.confidence import Count, Days, Figure, Product, Rate, Smooth, Unknown
from ringsim.metrics._calls import Calls, Floats
from ringsim.metrics._thresholds import Thresholds

__all__ = [
    "FigureOf",
    "Percentile",
    "callers",
    "count",
    "fairness",
    "first_service_level",
    "interruptions",
    "longest_line",
    "mean",
    "mean_of_callers",
    "needing",
    "offered",
    "offered_load",
    "p_target_met",
    "rate",
    "rate_of_callers",
    "service_level",
    "short_abandon",
]

FigureOf = Callable[[Calls, Thresholds], Figure]


def count(name: str) -> FigureOf:
    return lambda calls, thresholds: Count(calls.of(name))


def offered(calls: Calls, thresholds: Thresholds) -> Figure:
    fixed = calls.are_given and not calls.observations.roster.counts_callers
    return Count(calls.of("offered"), is_fixed=fixed)


def callers(calls: Calls, thresholds: Thresholds) -> Figure:
    return Count(calls.of_callers("callers"), is_fixed=calls.are_given)


def rate_of_callers(events: str) -> FigureOf:
    return lambda calls, thresholds: Rate(calls.of_callers(events), calls.of_callers("callers"))


def mean_of_callers(total: str, cases: str) -> FigureOf:
    return lambda calls, thresholds: Product(
        (calls.of_callers(total), 1), (calls.of_callers(cases), -1)
    )


def first_service_level(calls: Calls, thresholds: Thresholds) -> Figure:
    events, cases = calls.of_callers("first_answered_within"), calls.of_callers("callers")
    return Rate(events, cases, note=f"within {thresholds.within:g} s")


def rate(events: str, cases: str) -> FigureOf:
    return lambda calls, thresholds: Rate(calls.of(events), calls.of(cases))


def mean(sums: tuple[str, ...], cases: str) -> FigureOf:
    return lambda calls, thresholds: Product((calls.of(*sums), 1), (calls.of(cases), -1))


@dataclass(frozen=True)
class Percentile:
    """A percentile of the waits, the only kind of metric that needs the wait of every call."""

    q: float
    answered_only: bool

    def __call__(self, calls: Calls, thresholds: Thresholds) -> Figure:  # noqa: ARG002
        return calls.wait(self.q, answered_only=self.answered_only)


def service_level(calls: Calls, thresholds: Thresholds) -> Figure:
    events, cases = VARIANTS[thresholds.variant].counts(calls)
    return Rate(events, cases, note=thresholds.note)


def p_target_met(calls: Calls, thresholds: Thresholds) -> Figure:
    """Return the share of days, or of weeks if a replication is one, that met the target.

    Days without calls that the variant counts are left out. A day with `answered_only` on
    which no call was answered has not met the target.
    """
    variant = VARIANTS[thresholds.variant]
    events, cases = variant.counts(calls)
    met = (events >= thresholds.target * cases - 1e-9) & ((cases > 0) | (thresholds.target == 0))
    counted = calls.of("offered") - calls.of(*variant.without) > 0
    without = "calls that count" if variant.without else "calls"
    is_week = calls.observations.roster.is_week
    note = f"target {thresholds.target:g}{', by week' if is_week else ''}"
    return Days(met, counted, without, "week" if is_week else "day", note=note)


def short_abandon(calls: Calls, thresholds: Thresholds) -> Figure:
    return Count(calls.of("short_abandoned"), note=f"within {thresholds.short:g} s")


def offered_load(calls: Calls, thresholds: Thresholds) -> Figure:
    return Product(
        (calls.of("offered"), 1),
        (calls.of("handle_time"), 1),
        (calls.of("answered"), -1),
        constant=1 / calls.observations.roster.counted_time,
    )


def interruptions(calls: Calls, thresholds: Thresholds) -> Figure:
    roster = calls.observations.roster
    hours = float(roster.duty_time[roster.people_of(calls.group)].sum()) / 3600
    return Count(calls.of_seats("interruptions"), per=hours) if hours else Unknown()


def fairness(calls: Calls, thresholds: Thresholds) -> Figure:
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


def needing(option: str, figure: FigureOf) -> FigureOf:
    """Return a figure that is unknown without an option of the scenario."""

    def known(calls: Calls, thresholds: Thresholds) -> Figure:
        if option not in calls.observations.roster.options:
            return Unknown()
        return figure(calls, thresholds)

    return known


def longest_line(calls: Calls, thresholds: Thresholds) -> Figure:
    by_group = calls.observations.of_group("longest_line")
    longest = by_group.max(axis=1) if calls.group is None else by_group[:, calls.group]
    return Count(longest)
