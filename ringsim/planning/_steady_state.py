"""One interval of a day as a long stretch in which nothing changes.

`SteadyPeriod`
    How long it is, and what of it is looked at.
`steady_scenario`
    A scenario whose calls arrive all the time as in one interval.
`end_of`
    Where an interval ends for those who are on duty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ringsim.scenario import Demand, Extension, Scenario

__all__ = ["SteadyPeriod", "end_of", "steady_scenario"]

WARM_UP = 5  # mean handle times, after which hardly a call is left of when nobody had called
MEASURED = 4  # warm-ups


@dataclass(frozen=True)
class SteadyPeriod:
    """How long a stretch is: a warm-up, of which nothing is looked at, and four times that.

    Attributes
    ----------
    width : float
        Of an interval [s].
    warm_up : int
        Intervals at its beginning.
    """

    width: float
    warm_up: int

    @classmethod
    def of(cls, scenario: Scenario, width: float) -> SteadyPeriod:
        """Long enough for every demand of a scenario."""
        times = (each.talk_time.mean() + each.wrap_up_time.mean() for each in _demands(scenario))
        longest = max((time for time in times if math.isfinite(time)), default=0.0)
        return cls(width, max(1, math.ceil(WARM_UP * longest / width)))

    @property
    def measured(self) -> range:
        """The intervals that are looked at."""
        return range(self.warm_up, self.warm_up * (1 + MEASURED))

    @property
    def hours(self) -> float:
        """All of it."""
        return self.measured.stop * self.width / 3600


def steady_scenario(scenario: Scenario, start: float, width: float, hours: float) -> Scenario:
    """The scenario, all the time as it is in the interval from `start` [s], for so many hours.

    All calls, own ones too, arrive at their mean rates of the interval, or of what of it is
    within the hours; calls whose instants are given are counted in all of it. Who is on duty
    at its middle is on duty, and nobody else.
    """
    end = end_of(scenario, start, width)

    def steady(demand: Demand) -> Demand:
        last = end if demand.arrives_at is None else start + width
        calls = _calls_between(demand, start, last, 3600 * float(scenario.hours))
        rate = calls / (last - start) * 3600
        return demand.replace(calls_per_hour=rate, calls_per_interval=None, arrives_at=None)

    def person(number: str) -> Extension:
        found, duty = scenario.extension(number), scenario.duty(number)
        there = duty is None or any(first <= (start + end) / 2 < last for first, last in duty)
        own = None if found.own_calls is None else steady(found.own_calls)
        return found.replace(on_duty=None if there else [], own_calls=own)

    return scenario.replace(
        hours=hours,
        demand={number: steady(demand) for number, demand in scenario.demand.items()},
        extensions=[person(number) for number in scenario.extension_numbers],
    )


def end_of(scenario: Scenario, start: float, width: float) -> float:
    """Return the end of an interval, or of what of it is within the hours [s]."""
    closes = 3600 * float(scenario.hours)
    return min(start + width, closes) if start < closes else start + width


def _calls_between(demand: Demand, start: float, end: float, closes: float) -> float:
    """Expected number of calls; after closing time only those whose instants are given."""
    if demand.arrives_at is not None:
        return float(sum(start <= instant < end for instant in demand.arrives_at))
    before, after = (demand.expected_calls(min(at, closes) / 3600) for at in (start, end))
    return after - before


def _demands(scenario: Scenario) -> list[Demand]:
    own = (person.own_calls for person in scenario.extensions)
    return [*scenario.demand.values(), *(demand for demand in own if demand is not None)]
