"""Scenarios in which an event happens that a group may have to withstand.

`usual_events`
    The events of a stress test that names none.
`settled`
    Return an event with its defaults replaced.
`stressed`
    Return the scenario in which an event happens.

The callers of the group stay the same in each event, as far as the event allows it. The calls of
a burst are those of another group, without members, that forwards them at once: the group's own
callers then have the same random numbers as without the burst, and the figures are theirs alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ringsim.distributions import scaled
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import Action, RingGroup
from ringsim.planning._stress_events import MAX_BURST, VOICEMAIL, Stress, seconds_after_opening
from ringsim.planning._talk_times import calls_between
from ringsim.scenario import (
    DAY,
    Demand,
    Scenario,
    clock_seconds,
    clock_text,
    has_seconds,
    with_duty,
)
from ringsim.scenario._members import free_numbers

__all__ = ["settled", "stressed", "usual_events"]

HALF_HOUR = 1800.0  # seconds


def usual_events(scenario: Scenario, group: str) -> Iterator[Stress]:
    """Yield the usual events of a group: as many calls in a burst as in a usual half-hour."""
    if scenario.group(group).members:
        yield Stress.absence()
    demand = scenario.demand[group]
    if demand.arrives_at is None:
        yield Stress.volume(1.3)
    mean = demand.expected_calls(scenario.hours) / (2 * scenario.hours)
    yield Stress.burst(max(5, min(MAX_BURST, round(mean))), 10)
    yield Stress.longer_calls(1.2)
    if _target_of(scenario.group(group)) is not None:
        yield Stress.closed()


def stressed(event: Stress, scenario: Scenario, group: str) -> Scenario:
    """Return the scenario in which an event happens.

    Raises
    ------
    ConfigurationError
        If the event cannot happen in the scenario.
    """
    match event.kind:
        case "absence":
            return _absent(scenario, str(event.person))
        case "volume":
            demand = {**scenario.demand, group: scenario.demand[group].scaled(event.factor)}
            return scenario.replace(demand=demand)
        case "burst":
            return _with_burst(event, scenario, group)
        case "longer_calls":
            return _with_longer_calls(scenario, event.factor)
        case _:
            return _closed(event, scenario)


def settled(event: Stress, scenario: Scenario, group: str, busiest: str | None) -> Stress:
    """Return an event with its defaults replaced: who is absent, when a burst is, what closes.

    `busiest` is the number of the member who answers most calls.
    """
    if event.kind == "absence" and event.person is None:
        if busiest is None:
            raise ConfigurationError("person", "must be given: the group has no members")
        return event.replace(person=busiest)
    if event.kind == "burst":
        busiest_at = _busiest_half_hour(scenario, group) if event.at is None else event.at
        return event.replace(at=_as_shown(busiest_at, scenario))
    if event.kind == "closed" and event.target is None:
        target = _target_of(scenario.group(group))
        if target is None:
            raise ConfigurationError(
                "target", "must be given: the group does not forward calls that nobody answers"
            )
        return event.replace(target=target)
    return event


def _absent(scenario: Scenario, number: str) -> Scenario:
    if number not in scenario.extension_numbers:
        raise ConfigurationError(
            "person",
            "must be a person of the scenario",
            number,
            did_you_mean(number, scenario.extension_numbers),
        )
    return with_duty(scenario, {number: []})


def _with_burst(event: Stress, scenario: Scenario, group: str) -> Scenario:
    """Return the scenario with another group that forwards the calls of a burst."""
    start = _start_of(event.at, scenario)
    apart = 60 * event.minutes / event.calls if event.calls else 0.0
    instants = [start + apart * (at + 0.5) for at in range(event.calls)]
    fields = {"calls_per_hour": None, "calls_per_interval": None, "busyness": 0}
    demand: Demand = scenario.demand[group].replace(**fields, arrives_at=instants)
    number = next(free_numbers(scenario, group))
    rule = {"action": Action.FORWARD_TO_NUMBER, "number": group}
    callers = RingGroup(extension_number=number, name="Burst", no_answer_forward_rule=rule)
    return scenario.replace(
        groups=[*scenario.groups, callers], demand={**scenario.demand, number: demand}
    )


def _start_of(at: str | float, scenario: Scenario) -> float:
    """Return the start of a burst in seconds from the start of the scenario."""
    start = at
    if isinstance(start, str):
        if scenario.opens_at is None:
            raise ConfigurationError(
                "at", "must be in seconds, as the scenario has no opens_at", start
            )
        start = seconds_after_opening(start, scenario.opens_at)
    if not 0 <= start < 3600 * scenario.hours:
        raise ConfigurationError("at", "must be within the hours of the scenario", at)
    return start


def _as_shown(at: str | float, scenario: Scenario) -> str | float:
    """Return the start of a burst as a time of day, if the scenario has any; it is the same."""
    start, opens_at = _start_of(at, scenario), scenario.opens_at
    if opens_at is None or isinstance(at, str) or start % 1:
        return at
    instant = clock_seconds(opens_at) + start
    text = clock_text(instant, seconds=has_seconds(instant))
    return text.partition(" ")[0] if start < DAY else text


def _busiest_half_hour(scenario: Scenario, group: str) -> float:
    """Return the start of the half-hour with most calls; the first of equal ones."""
    demand, closes = scenario.demand[group], 3600 * float(scenario.hours)
    starts = [at * HALF_HOUR for at in range(max(1, math.ceil(closes / HALF_HOUR)))]
    counts = [round(calls_between(demand, start, start + HALF_HOUR, closes), 9) for start in starts]
    return starts[counts.index(max(counts))]


def _with_longer_calls(scenario: Scenario, factor: float) -> Scenario:
    def longer(demand: Demand) -> Demand:
        return demand.replace(talk_time=scaled(demand.talk_time, factor))

    return scenario.replace(
        demand={number: longer(demand) for number, demand in scenario.demand.items()},
        extensions=[
            person
            if person.own_calls is None
            else person.replace(own_calls=longer(person.own_calls))
            for person in scenario.extensions
        ],
    )


def _target_of(group: RingGroup) -> str | None:
    """Return the target of calls that nobody answers: a number, or `voicemail`."""
    rule = group.no_answer_forward_rule
    if rule.action is Action.FORWARD_TO_VOICEMAIL:
        return VOICEMAIL
    return rule.number if rule.action is Action.FORWARD_TO_NUMBER else None


def _closed(event: Stress, scenario: Scenario) -> Scenario:
    targets = [_target_of(group) for group in scenario.groups]
    if event.target not in targets:
        known = sorted({each for each in targets if each is not None})
        raise ConfigurationError(
            "target",
            "must be where a group forwards calls that nobody answers",
            event.target,
            f"Targets are {', '.join(known)}." if known else "",
        )
    hung_up = {"action": Action.HANGUP}
    return scenario.replace(
        groups=[
            group.replace(no_answer_forward_rule=hung_up) if target == event.target else group
            for group, target in zip(scenario.groups, targets, strict=True)
        ]
    )
