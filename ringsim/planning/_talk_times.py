"""Talk times of the calls that are expected in given hours.

`calls_between`
    Return the expected number of calls between two instants.
`talk_time_between`
    Return the distribution of the talk times of the calls between two instants.
`talk_time_of`, `talk_time_of_callers`
    Return the distribution of the talk times of all calls of some demands, or of a group.
`expected_talk_time`
    Return the expected talk time of all callers of a day.

Talk times by interval have one distribution for each interval of arrival. A mean over all calls
depends on the number of calls in each interval, and so on the hours of the scenario, which a
demand does not know: the last distribution is also that of all later calls, rates may be given
for longer than the hours, and calls with given instants have no rates at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from ringsim.distributions import ByInterval, Distribution
from ringsim.scenario import Demand, Scenario

__all__ = [
    "calls_between",
    "expected_talk_time",
    "talk_time_between",
    "talk_time_of",
    "talk_time_of_callers",
]


def calls_between(demand: Demand, start: float, end: float, closes: float) -> float:
    """Return the expected number of calls; after closing time only calls with given instants."""
    if demand.arrives_at is not None:
        return float(sum(start <= instant < end for instant in demand.arrives_at))
    before, after = (demand.expected_calls(min(at, closes) / 3600) for at in (start, end))
    return after - before


def talk_time_between(demand: Demand, start: float, end: float, closes: float) -> Distribution:
    """Return the distribution of the talk times of the calls that arrive in [start, end) [s].

    One by interval has the expected calls of each interval as its weights.
    """
    talk_time = demand.talk_time
    if not isinstance(talk_time, ByInterval):
        return talk_time
    starts = [at * talk_time.interval for at in range(len(talk_time.parts))]
    spans = ((max(start, low), min(end, high)) for low, high in pairwise([*starts, math.inf]))
    calls = [calls_between(demand, low, high, closes) if low < high else 0.0 for low, high in spans]
    return talk_time.with_calls(talk_time.interval, calls)


def talk_time_of(demands: Sequence[Demand], hours: float) -> Distribution:
    """Return the distribution of the talk times of all calls of the first `hours`.

    Parameters
    ----------
    demands : sequence of Demand
        The demand of each day of a week, or that of one day; only their calls differ.
    hours : float
        Length of a day [h]. Calls with given instants count after it, too.
    """
    days = [talk_time_between(each, 0.0, math.inf, 3600 * hours) for each in demands]
    weights = [day.weights for day in days if isinstance(day, ByInterval)]
    first = days[0]
    if not isinstance(first, ByInterval):
        return first
    return first.with_calls(first.interval, list(map(math.fsum, zip(*weights, strict=True))))


def talk_time_of_callers(scenario: Scenario, group: str) -> Distribution:
    """Return the distribution of the talk times of all calls that arrive at a group."""
    demands = [day.demand[group] for day in scenario.daily if group in day.demand]
    return talk_time_of(demands, scenario.hours)


def expected_talk_time(demand: Demand, hours: float) -> float:
    """Return the expected talk time [s] of all callers of the first `hours` of a day."""
    calls = demand.expected_calls(hours)
    return calls * talk_time_of([demand], hours).mean() if calls else 0.0
