"""Upper bounds of a group's metrics that hold for any number of members.

`reachable_share`
    Upper bound of the share of calls answered in time, even if all members are free.
`longest_mean_wait`
    Upper bound of a day's mean speed of answer.
`most_rings`
    Upper bound of the rings of one call.
`longest_visit`, `goes_on`, `quantiles_of`
    What these bounds, and others, are made of.

Adding members does not make a member lift the handset sooner or a caller wait longer. Let F(x)
be the highest probability, over all members, of answering within x seconds. A hunt rings k
phones at once, each wave for r seconds; a wave that all its members decline ends sooner. Let s be
the least time that a wave rings: r, or the least time to decline of any member, if that is less.
The waves start no sooner than 0, s, 2s, ... after the arrival. So a call is still unanswered
after x seconds with a probability of at least

    (1 - F(min(r, x)))^k (1 - F(min(r, x - s)))^k (1 - F(min(r, x - 2s)))^k ...

as long as there are phones and passes left; a fan-out rings all phones in one wave per pass.
The bound is 1 minus the expectation of this product over the caller's patience. Distributions
are tabulated at 4096 quantiles and rounded upwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.dispatch import TIED, Dispatcher
from ringsim.distributions import ByInterval, Distribution
from ringsim.group import Action, RingGroup
from ringsim.metrics import WITHIN_SLACK
from ringsim.rules import Rules
from ringsim.scenario import Extension, Scenario

__all__ = [
    "QUANTILES",
    "Floats",
    "goes_on",
    "longest_mean_wait",
    "longest_visit",
    "most_rings",
    "quantiles_of",
    "reachable_share",
]

Floats: TypeAlias = NDArray[np.float64]

QUANTILES = 4096
MAX_WAVES = 1000  # waves of one call that enter the bound


def reachable_share(
    scenario: Scenario, group: RingGroup, dispatcher: Dispatcher, within: float = math.inf
) -> float:
    """Return an upper bound of the share of a group's calls answered within a threshold.

    Parameters
    ----------
    scenario : Scenario
        The scenario in which the group has its largest number of members.
    group : RingGroup
        The group; it must receive calls. The bound is 1 if it pages or forwards unanswered
        calls to another group, or if its callers may try again.
    dispatcher : Dispatcher
        The dispatcher of the group.
    within : float, default inf
        The threshold [s].
    """
    if dispatcher.auto_answer or group.departures or goes_on(scenario, group):
        return 1.0
    if scenario.demand[group.extension_number].redials:
        return 1.0  # those who try again may be the more patient callers
    patience = quantiles_of(scenario.demand[group.extension_number].patience)
    given = np.minimum(np.append(patience[1:], np.inf), within + WITHIN_SLACK)
    people = [scenario.extension(member.extension_number) for member in group.members]
    passes = int(scenario.rules(group.extension_number).passes or 1)
    at_once, n_waves = _most_phones_and_waves(group, dispatcher, passes)
    step = _shortest_wave(group, people)
    unanswered = np.ones(QUANTILES)
    for wave in range(min(n_waves, MAX_WAVES)):
        left = given - wave * step
        if (left < 0).all():  # the wave that starts as a caller gives up may be answered at once
            break
        unanswered *= (1 - _answered(people, np.minimum(left, group.ring_time))) ** at_once
    if n_waves > MAX_WAVES:
        unanswered[given >= MAX_WAVES * step] = 0
    return float(1 - unanswered.mean())


def longest_mean_wait(
    scenario: Scenario, group: RingGroup, dispatchers: Mapping[str, Dispatcher], limit: float
) -> float:
    """Return an upper bound of a day's mean speed of answer [s].

    On the worst day every caller who waits longer than a limit is answered at the last moment:
    when the last ring of the last group ends, or just before the caller gives up. It is infinite
    if neither is known: the rules of the group set no limit to a visit, and the mean patience is
    infinite.

    Parameters
    ----------
    scenario : Scenario
        The scenario. Its groups may forward to each other; a call enters each at most once.
    group : RingGroup
        The group at which the calls arrive; it must receive calls.
    dispatchers : mapping of str to Dispatcher
        Dispatchers by group number.
    limit : float
        Limit of the mean speed of answer [s].
    """
    longest, entered = 0.0, set[str]()
    at: RingGroup | None = group
    while at is not None and at.extension_number not in entered:
        entered.add(at.extension_number)
        rules = scenario.rules(at.extension_number)
        longest += longest_visit(at, dispatchers[at.extension_number], rules)
        number = str(at.no_answer_forward_rule.number)
        at = scenario.group(number) if goes_on(scenario, at) else None
    demand = scenario.demand[group.extension_number]
    if demand.redials:
        return max(limit, longest)  # those who try again may be the more patient callers
    quantiles = quantiles_of(demand.patience)
    waits = np.append(np.minimum(quantiles[1:], longest), 0.0)  # the last is that of `most_patient`
    beyond = np.maximum(waits - limit, 0.0)
    beyond[-1] = min(max(longest - limit, 0.0), _most_patient(demand.patience, limit))
    return limit + float(beyond.mean())


def _most_patient(patience: Distribution, limit: float) -> float:
    """Return an upper bound of the mean of max(0, patience - limit) [s] beyond the last quantile.

    There is no upper end to most distributions, but a mean: what is left of it.
    """
    quantiles = quantiles_of(patience)
    mean = patience.mean()
    if not math.isfinite(mean):
        return math.inf
    last = QUANTILES * mean - float(quantiles[:-1].sum())
    return max(0.0, last - min(limit, float(quantiles[-1])))


def goes_on(scenario: Scenario, group: RingGroup) -> bool:
    """Return whether a group forwards unanswered calls to a group of the scenario."""
    rule = group.no_answer_forward_rule
    return rule.action is Action.FORWARD_TO_NUMBER and rule.number in scenario.group_numbers


def longest_visit(group: RingGroup, dispatcher: Dispatcher, rules: Rules) -> float:
    """Return the longest time that one call can spend in a group [s].

    A wave rings for the whole ring time at most, and one phone at least: where several ring at
    once, the others may be on calls.
    """
    if group.departures:
        return math.inf
    passes = int(rules.passes or 1)
    pauses = (passes - 1) * (rules.repeat_delay or 0.0)
    if dispatcher.auto_answer or not group.members:
        return pauses
    one_wave = dispatcher.is_ordering and dispatcher.one_wave
    n_waves = passes if one_wave else passes * len(group.members)
    return n_waves * group.ring_time + pauses


def most_rings(scenario: Scenario, group: RingGroup) -> float:
    """Return the most rings of one call in a group; infinite if its rules set no limit."""
    if group.departures:
        return math.inf
    return len(group.members) * int(scenario.rules(group.extension_number).passes or 1)


def _most_phones_and_waves(
    group: RingGroup, dispatcher: Dispatcher, passes: int
) -> tuple[int, int]:
    """Return the most phones that ring at once, and the waves of one call if that many do."""
    n, at_once = len(group.members), dispatcher.at_once
    if not dispatcher.is_ordering:
        return n, n * passes
    phones = min(at_once, n) if isinstance(at_once, int) else n
    if dispatcher.one_wave:
        return phones, passes
    return phones, passes * (n if at_once is TIED else math.ceil(n / max(1, phones)))


def _shortest_wave(group: RingGroup, people: Sequence[Extension]) -> float:
    """Return the least time [s] that phones ring without an answer until others ring instead."""
    declined = [
        float(quantiles_of(person.decline_delay)[0])
        for person in people
        if person.decline_probability > 0
    ]
    return min([group.ring_time, *declined])


def _answered(people: Sequence[Extension], seconds: Floats) -> Floats:
    """Return the highest answer probability over some people, for each ringing time [s]."""
    best = np.zeros(len(seconds))
    for delay, chance in {(person.answer_delay, person.answer_probability) for person in people}:
        in_time = np.searchsorted(quantiles_of(delay), seconds, side="right") / QUANTILES
        np.maximum(best, chance * in_time, out=best)
    return best


@lru_cache(maxsize=64)  # many combinations of settings share the durations
def quantiles_of(duration: Distribution) -> Floats:
    """Return 4096 quantiles of a duration, from that of 0 on; they cannot be changed.

    A duration by interval counts as the shortest of its parts, so that bounds hold for any hours.
    """
    at = np.arange(QUANTILES) / QUANTILES
    quantiles = duration.least(at) if isinstance(duration, ByInterval) else duration.ppf(at)
    quantiles.setflags(write=False)
    return quantiles
