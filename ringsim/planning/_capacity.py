"""Upper bound of the share of calls that a group's members have time to answer.

`answerable_share`
    The bound for a number of members; sizes whose bound misses a target need not be played.

A member talks to one caller at a time. Talk and wrap-up of a call do not depend on who answers
it, nor on whether anybody does: so the calls that one member answers before an instant H are at
most as many as the renewals, the one at 0 included, of a process whose lifetimes are handle
times. Their mean is at most

    H / m + s / m^2,    m, s: mean and mean square of the handle time

(Lorden, On excess over the boundary, Annals of Mathematical Statistics 41, 1970). Waits for calls
and for phones to be lifted only make it less. Calls answered after the end of arrivals are among
those whose callers still wait then; these are counted as if nobody were answered before.

Handle times are rounded down to one of 4096 quantiles, which makes calls shorter and the bound
higher. It holds for every strategy, engine and number of groups, but not for pages, which take
any number of calls at a time, nor for calls that other groups can answer.
"""

from __future__ import annotations

import numpy as np

from ringsim.dispatch import Dispatcher
from ringsim.distributions import Distribution
from ringsim.group import RingGroup
from ringsim.planning._bounds import QUANTILES, Floats, goes_on, longest_visit, quantiles_of
from ringsim.scenario import Demand, Scenario

__all__ = ["answerable_share"]

SLACK = 1e-6  # relative, for the rounding of drawn times


def answerable_share(scenario: Scenario, group: RingGroup, dispatcher: Dispatcher) -> float:
    """Return an upper bound of the share of a group's calls that its members can answer.

    The share is the expected number of answered calls over that of all calls; of several days,
    it is that of the best one.

    Parameters
    ----------
    scenario : Scenario
        The scenario in which the group has the number of members in question.
    group : RingGroup
        The group; it must receive calls. The bound is 1 if it pages or forwards unanswered
        calls to another group, or if its callers may try again.
    dispatcher : Dispatcher
        The dispatcher of the group.
    """
    number = group.extension_number
    days = [day for day in scenario.daily if day.expected_calls(number)]
    return max(_answerable_on(day, day.group(number), dispatcher) for day in days)


def _answerable_on(scenario: Scenario, group: RingGroup, dispatcher: Dispatcher) -> float:
    """Return the bound of `answerable_share` for a scenario of one day."""
    if dispatcher.auto_answer or group.departures or goes_on(scenario, group):
        return 1.0
    if not group.members:
        return 0.0
    demand = scenario.demand[group.extension_number]
    if demand.redials:
        return 1.0  # attempts go on after the end of first attempts
    handle_time = _Moments.of(demand.talk_time) + _Moments.of(demand.wrap_up_time)
    if handle_time.mean == 0:
        return 1.0
    end = float(max(demand.arrives_at or (scenario.hours * 3600,)))
    by_one = end / handle_time.mean + handle_time.square / handle_time.mean**2
    rules = scenario.rules(group.extension_number)
    after = _waiting_after(demand, end, longest_visit(group, dispatcher, rules))
    answered = len(group.members) * by_one + after
    return min(1.0, answered / demand.expected_calls(scenario.hours) * (1 + SLACK))


class _Moments:
    """Mean and variance of a duration rounded down to one of its quantiles."""

    def __init__(self, mean: float, variance: float) -> None:
        self.mean, self.variance = mean, variance

    @property
    def square(self) -> float:
        return self.variance + self.mean**2

    @classmethod
    def of(cls, duration: Distribution) -> _Moments:
        least = quantiles_of(duration)
        finite = np.minimum(least, 1e150)  # an endless call keeps its member for good
        return cls(float(finite.mean()), float(finite.var()))

    def __add__(self, other: _Moments) -> _Moments:
        return _Moments(self.mean + other.mean, self.variance + other.variance)


def _waiting_after(demand: Demand, end: float, longest: float) -> float:
    """Return an upper bound of the expected number of callers who still wait at `end` [s]."""
    waits: Floats = np.minimum(np.append(quantiles_of(demand.patience)[1:], np.inf), longest)
    if demand.arrives_at is not None:
        left = end - np.array(demand.arrives_at)
        return float((QUANTILES - np.searchsorted(waits, left)).sum() / QUANTILES)
    rates = demand.hourly_rates
    peak = max(rates, default=0.0) if isinstance(rates, tuple) else rates
    return float(peak) / 3600 * float(waits.mean())
