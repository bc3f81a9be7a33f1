"""Long scenarios with constant rates that represent one interval of a day.

`SteadyPeriod`
    Length of the scenario, divided into warm-up and measured time.
`steady_scenario`
    Make a scenario in which calls always arrive at the rates of one interval.
`end_of`
    Return the end of an interval, or the closing time within it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ringsim.distributions import ByInterval, Distribution
from ringsim.errors import ConfigurationError
from ringsim.planning._talk_times import calls_between, talk_time_between, talk_time_of
from ringsim.scenario import Demand, Extension, Scenario
from ringsim.scenario._scenario import LONGEST_HOURS

__all__ = ["SteadyPeriod", "end_of", "steady_scenario"]

WARM_UP = 5  # mean handle times, after which the empty start hardly matters
MEASURED = 4  # length of the measured time, in warm-ups


@dataclass(frozen=True)
class SteadyPeriod:
    """Length of a steady scenario: a warm-up that is not counted, and four times that measured.

    Attributes
    ----------
    width : float
        Length of an interval [s].
    warm_up : int
        Number of intervals in the warm-up.
    """

    width: float
    warm_up: int

    @classmethod
    def of(cls, scenario: Scenario, width: float) -> SteadyPeriod:
        """Return a period that is long enough for every demand of a scenario.

        Raises
        ------
        ConfigurationError
            If the intervals or the calls are so long that the period exceeds the longest scenario.
        """
        times = [
            part.mean() + each.wrap_up_time.mean()
            for each in _demands(scenario)
            for part in _parts(each, float(scenario.hours))
        ]
        longest = max((time for time in times if math.isfinite(time)), default=0.0)
        found = cls(width, max(1, math.ceil(WARM_UP * longest / width)))
        if found.hours > LONGEST_HOURS:
            raise ConfigurationError(
                "width",
                f"must make a steady period of at most {LONGEST_HOURS:g} hours, "
                f"not {found.hours:.4g}",
                width,
                f"It takes at least {1 + MEASURED} intervals and "
                f"{WARM_UP * (1 + MEASURED)} mean handle times.",
            )
        return found

    @property
    def measured(self) -> range:
        """Indices of the measured intervals."""
        return range(self.warm_up, self.warm_up * (1 + MEASURED))

    @property
    def hours(self) -> float:
        """Length of the whole period [h]."""
        return self.measured.stop * self.width / 3600


def steady_scenario(scenario: Scenario, start: float, width: float, hours: float) -> Scenario:
    """Return a scenario of some hours that is always like the interval from `start` [s].

    All calls, own calls too, arrive at their mean rates of the interval, or of the part of it
    before closing time. Calls with given instants count in the whole interval. The people on
    duty are those on duty at the middle of the interval.
    """
    end = end_of(scenario, start, width)

    def steady(demand: Demand) -> Demand:
        last = end if demand.arrives_at is None else start + width
        closes = 3600 * float(scenario.hours)
        rate = calls_between(demand, start, last, closes) / (last - start) * 3600
        talk_time = talk_time_between(demand, start, last, closes)
        if isinstance(talk_time, ByInterval):
            talk_time = talk_time.pooled
        changes: dict[str, Any] = {"talk_time": talk_time, "calls_per_interval": None}
        return demand.replace(calls_per_hour=rate, arrives_at=None, **changes)

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
    """Return the end of an interval, or the closing time if that is within it [s]."""
    closes = 3600 * float(scenario.hours)
    return min(start + width, closes) if start < closes else start + width


def _parts(demand: Demand, hours: float) -> tuple[Distribution, ...]:
    """Return the distributions of the talk times of all intervals in which calls arrive."""
    talk_time = talk_time_of([demand], hours)
    return talk_time.called_parts if isinstance(talk_time, ByInterval) else (talk_time,)


def _demands(scenario: Scenario) -> list[Demand]:
    own = (person.own_calls for person in scenario.extensions)
    return [*scenario.demand.values(), *(demand for demand in own if demand is not None)]
