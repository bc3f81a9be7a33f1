"""Objective of `optimize`: a metric, the number of members, or a cost.

`Cost`
    Prices of an hour of a member, an interruption and a lost call.
`Objective`
    A figure to make as low or as high as possible.
`objective_of`
    Make a checked objective from the arguments of `optimize`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from ringsim._checks import as_float, is_number
from ringsim.confidence import Count, Figure
from ringsim.errors import ConfigurationError, check_choice
from ringsim.metrics import METRICS, Thresholds
from ringsim.planning._goals import GroupView

__all__ = [
    "N_MEMBERS",
    "PRICES",
    "Cost",
    "Objective",
    "ObjectiveLike",
    "objective_of",
]

N_MEMBERS, OCCUPANCY, COST = "n_members", "occupancy", "cost"
PRICES = ("member_hour", "interruption", "lost_call")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Cost of one day of a group, or of a week if the scenario has several days.

    Parameters
    ----------
    member_hour : float, optional
        Price of an hour on duty of one member of the group, in any currency. Somebody who is a
        member of several groups counts in full.
    interruption : float, optional
        Price of one ring of the group on a member's phone.
    lost_call : float, optional
        Price of a call of the group that nobody answers; of callers who try again, that of a
        caller whom nobody answers in the end.

    Raises
    ------
    ConfigurationError
        If no price is given, or one is negative.

    Examples
    --------
    >>> print(Cost(member_hour=30, lost_call=12))
    30 for an hour of a member and 12 for a lost call
    >>> Cost(member_hour=-30)
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: member_hour must be a finite number, at least 0, got -30.
    """

    member_hour: float | None = None
    interruption: float | None = None
    lost_call: float | None = None

    def __post_init__(self) -> None:
        for name in PRICES:
            price = getattr(self, name)
            if price is None:
                continue
            if not is_number(price) or not 0 <= as_float(price) < math.inf:
                raise ConfigurationError(name, "must be a finite number, at least 0", price)
            object.__setattr__(self, name, as_float(price))
        if not any(getattr(self, name) for name in PRICES):
            raise ConfigurationError(
                "cost", "must have a member_hour, an interruption or a lost_call above 0"
            )

    def figure(self, seen: GroupView) -> Figure:
        """Return the cost of a day, or of a week if a replication is one."""
        calls, roster = seen.calls, seen.observations.roster
        hours = float(roster.duty_time[roster.people_of(seen.place)].sum()) / 3600
        lost = calls.of_callers("callers") - calls.of_callers("callers_answered")
        days = np.full(len(lost), (self.member_hour or 0.0) * hours)
        days += (self.interruption or 0.0) * calls.of_seats("interruptions")
        days += (self.lost_call or 0.0) * lost
        return Count(days)

    @property
    def is_certain(self) -> bool:
        """True if the cost is the same on each day."""
        return not self.interruption and not self.lost_call

    def __str__(self) -> str:
        names = {
            "member_hour": "an hour of a member",
            "interruption": "an interruption",
            "lost_call": "a lost call",
        }
        told = [
            f"{getattr(self, n):g} for {words}" for n, words in names.items() if getattr(self, n)
        ]
        return " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))


ObjectiveLike: TypeAlias = str | Cost


@dataclass(frozen=True)
class Objective:
    """A figure to make as low or as high as possible.

    Attributes
    ----------
    name, unit : str
        Name of the figure, and its unit as in `ringsim.metrics.UNITS`.
    is_greatest : bool
        Whether the greatest figure is the best, or the least.
    figure : callable
        Returns the figure for a `GroupView`.
    is_certain : bool
        Whether the figure is the same on each day.
    needs_waits : bool
        Whether the figure is a percentile, for which the waits of all calls must be kept.
    """

    name: str
    unit: str
    is_greatest: bool
    figure: Callable[[GroupView], Figure]
    is_certain: bool = False
    needs_waits: bool = False

    @property
    def sign(self) -> float:
        """1 if the greatest figure is the best, else -1."""
        return 1.0 if self.is_greatest else -1.0


def objective_of(minimise: Any, maximise: Any, thresholds: Thresholds) -> Objective:
    """Return a checked objective.

    Parameters
    ----------
    minimise, maximise : str, Cost or None
        The one that is given.
    thresholds : Thresholds
        Thresholds of the metric.

    Raises
    ------
    ConfigurationError
        If not exactly one is given, it is not a metric or `Cost`, or its better direction is the
        other one.
    """
    if (minimise is None) == (maximise is None):
        raise ConfigurationError(
            "minimise",
            "must be given" if minimise is None else "must not be given beside another objective",
            hint="Write minimise='interruptions_per_hour' or maximise='service_level'.",
        )
    argument, other = ("minimise", "maximise") if maximise is None else ("maximise", "minimise")
    asked = minimise if maximise is None else maximise
    is_greatest = maximise is not None
    if isinstance(asked, Cost):
        if is_greatest:
            raise ConfigurationError("maximise", "must be a metric; a Cost is minimised", asked)
        return Objective(COST, "money", False, asked.figure, asked.is_certain)
    if isinstance(asked, str) and asked == COST:
        raise ConfigurationError(
            argument, "must be a ringsim.Cost with prices", asked, "Write Cost(member_hour=30)."
        )
    check_choice(argument, asked, [*METRICS, N_MEMBERS, OCCUPANCY])
    better = "" if asked == OCCUPANCY else _better(asked)
    if better and better != ("higher" if is_greatest else "lower"):
        raise ConfigurationError(
            argument,
            f"must not be {asked}, which is better {better}",
            hint=f"Write {other}={asked!r}.",
        )
    return metric_objective(asked, is_greatest, thresholds)


def metric_objective(name: str, is_greatest: bool, thresholds: Thresholds) -> Objective:
    """Return the objective of a metric, the occupancy, or the number of members."""
    if name == N_MEMBERS:
        return Objective(name, "members", is_greatest, _n_members, is_certain=True)
    if name == OCCUPANCY:
        return Objective(name, "rate", is_greatest, lambda seen: seen.occupancy)
    metric = METRICS[name]
    return Objective(
        name,
        metric.unit,
        is_greatest,
        lambda seen: metric.figure(seen.calls, thresholds),
        needs_waits=metric.needs_waits,
    )


def _better(name: str) -> str:
    return "lower" if name == N_MEMBERS else METRICS[name].better


def _n_members(seen: GroupView) -> Figure:
    roster = seen.observations.roster
    members = float(len(roster.seats_of_group(seen.place)))
    return Count(np.full(seen.observations.replications, members), is_fixed=True)
