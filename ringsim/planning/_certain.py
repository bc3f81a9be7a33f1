"""Check for metrics that have the same value in every replication."""

from __future__ import annotations

from ringsim.distributions import Constant
from ringsim.planning._study import Study
from ringsim.scenario import Demand

__all__ = ["is_certain"]

DRAWN = {"random", "redrawn", "weighted"}  # fields that a dispatcher may order by


def is_certain(study: Study, metric: str, group: str | None = None) -> bool:
    """Return whether a metric must be the same in every replication.

    `offered` is certain if all calls have given instants, or there are no calls; so is `callers`.
    Other metrics, and `offered` if callers may try again, are certain if, in addition, all
    durations are constant, all probabilities are 0 or 1, and no dispatcher chooses at random.
    """
    scenario = study.scenario
    by_callers = metric == "callers" or (metric == "offered" and not study.counts_callers)
    calls = [
        demand
        for number, demand in scenario.demand.items()
        if not by_callers or group in (None, number)
    ]
    if not all(_is_given(demand, scenario.hours) for demand in calls):
        return False
    if by_callers:
        return True
    people = [scenario.extension(number) for number in scenario.extension_numbers]
    own = [person.own_calls for person in people if person.own_calls is not None]
    if not all(_is_given(demand, scenario.hours) for demand in own):
        return False
    if not any(demand.expected_calls(scenario.hours) for demand in calls):
        return True
    away = [person.away for person in people if person.away is not None]
    redials = [demand.redial for demand in calls if demand.redial is not None]
    durations = [
        *(duration for each in calls for duration in (each.talk_time, each.wrap_up_time)),
        *(each.patience for each in calls),
        *(redial.delay for redial in redials),
        *(each.talk_time for each in own),
        *(person.answer_delay for person in people),
        *(person.decline_delay for person in people),
        *(spell for each in away for spell in (each.every, each.lasting)),
    ]
    return (
        all(isinstance(duration, Constant) for duration in durations)
        and all(person.answer_probability in (0, 1) for person in people)
        and all(person.decline_probability in (0, 1) for person in people)
        and all(redial.probability in (0, 1) for redial in redials)
        and all(
            each.is_ordering and not DRAWN & {name.lstrip("-") for name in each.order_by}
            for each in study.dispatchers.values()
        )
    )


def _is_given(demand: Demand, hours: float) -> bool:
    """Return whether all calls have given instants, or there are none."""
    return demand.arrives_at is not None or demand.expected_calls(hours) == 0
