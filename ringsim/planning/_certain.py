"""Metrics that are certain: nothing random is in them, so that every replication is the same."""

from __future__ import annotations

from ringsim.distributions import Constant
from ringsim.planning._study import Study
from ringsim.scenario import Demand

__all__ = ["is_certain"]


def is_certain(study: Study, metric: str, group: str | None = None) -> bool:
    """Whether a metric must be the same in every replication, as nothing random is in it.

    The number of calls is certain where their instants are given, or nobody calls. Any metric is
    where also everything about the calls and the people is.
    """
    scenario = study.scenario
    calls = [
        demand
        for number, demand in scenario.demand.items()
        if metric != "offered" or group in (None, number)
    ]
    if not all(_is_given(demand, scenario.hours) for demand in calls):
        return False
    if metric == "offered":
        return True
    people = [scenario.extension(number) for number in scenario.extension_numbers]
    own = [person.own_calls for person in people if person.own_calls is not None]
    if not all(_is_given(demand, scenario.hours) for demand in own):
        return False
    if not any(demand.expected_calls(scenario.hours) for demand in calls):
        return True
    durations = [
        *(duration for each in calls for duration in (each.talk_time, each.wrap_up_time)),
        *(each.patience for each in calls),
        *(each.talk_time for each in own),
        *(person.answer_delay for person in people),
    ]
    return (
        all(isinstance(duration, Constant) for duration in durations)
        and all(person.answer_probability in (0, 1) for person in people)
        and all(
            each.is_ordering and "random" not in {name.lstrip("-") for name in each.order_by}
            for each in study.dispatchers.values()
        )
    )


def _is_given(demand: Demand, hours: float) -> bool:
    """Whether the instants of all calls are known beforehand."""
    return demand.arrives_at is not None or demand.expected_calls(hours) == 0
