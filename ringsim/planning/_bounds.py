"""What no number of members can reach, and how long a caller can wait.

`reachable_share`
    An upper bound of how many calls are answered in time, whoever is busy.
`longest_mean_wait`
    An upper bound of the mean speed of answer of a day.

However many members a group has, a phone is not answered before somebody lifts the handset,
and a caller may give up sooner. Whoever is rung answers within x seconds at most with the
probability F(x) of the best of them. A hunt that rings k phones at once, each wave for r
seconds, begins its waves no sooner than 0, r, 2r, ... after the arrival, so that a call is
still unanswered after x seconds with a probability of at least

    (1 - F(min(r, x)))^k (1 - F(min(r, x - r)))^k (1 - F(min(r, x - 2r)))^k ...

as long as there are phones and passes left; a fan-out has one wave a pass, of all phones. The
bound is the expectation of what this leaves over the caller's patience. Distributions are
tabled at 4096 quantiles and rounded upwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.dispatch import TIED, Dispatcher
from ringsim.distributions import Distribution
from ringsim.group import Action, RingGroup
from ringsim.metrics import WITHIN_SLACK
from ringsim.rules import Rules
from ringsim.scenario import Extension, Scenario

__all__ = ["longest_mean_wait", "reachable_share"]

Floats: TypeAlias = NDArray[np.float64]

QUANTILES = 4096
MOST_WAVES = 1000  # of a call, that are looked at


def reachable_share(
    scenario: Scenario, group: RingGroup, dispatcher: Dispatcher, within: float = math.inf
) -> float:
    """An upper bound of the share of a group's calls that are answered within a threshold.

    Parameters
    ----------
    scenario : Scenario
        With as many members of the group as there may be.
    group : RingGroup
        Which group, called by somebody. Of pages, and of calls that may go on to another
        group, nothing is known here: the bound is 1.
    dispatcher : Dispatcher
        Who rings whom in it.
    within : float, default inf
        The threshold [s].
    """
    rule = group.no_answer_forward_rule
    goes_on = rule.action is Action.FORWARD_TO_NUMBER and rule.number in scenario.group_numbers
    if dispatcher.auto_answer or goes_on:
        return 1.0
    patience = _quantiles(scenario.demand[group.extension_number].patience)
    given = np.minimum(np.append(patience[1:], np.inf), within + WITHIN_SLACK)
    people = [scenario.extension(member.extension_number) for member in group.members]
    passes = scenario.rules(group.extension_number).passes or 1
    at_once, n_waves = _most_phones_and_waves(group, dispatcher, passes)
    unanswered = np.ones(QUANTILES)
    for wave in range(min(n_waves, MOST_WAVES)):
        left = given - wave * group.ring_time
        unanswered *= (1 - _answered(people, np.minimum(left, group.ring_time))) ** at_once
        if (left <= group.ring_time).all():
            return float(1 - unanswered.mean())
    if n_waves > MOST_WAVES:
        unanswered[given >= MOST_WAVES * group.ring_time] = 0
    return float(1 - unanswered.mean())


def longest_mean_wait(
    scenario: Scenario, group: RingGroup, dispatchers: Mapping[str, Dispatcher], limit: float
) -> float:
    """Return how long the calls of a day can have waited on average when they were answered [s].

    On the worst day every caller who waits longer than a limit is answered at the last moment:
    when the last ring of the last group ends, or before the caller gives up.

    Parameters
    ----------
    scenario : Scenario
        Its groups forward to each other; a call enters each at most once.
    group : RingGroup
        Where the calls arrive, called by somebody.
    dispatchers : mapping of str to Dispatcher
        Who rings whom, by number of the group.
    limit : float
        What is asked for [s].
    """
    longest, entered = 0.0, set[str]()
    at: RingGroup | None = group
    while at is not None and at.extension_number not in entered:
        entered.add(at.extension_number)
        rules = scenario.rules(at.extension_number)
        longest += _longest_visit(at, dispatchers[at.extension_number], rules)
        rule = at.no_answer_forward_rule
        goes_on = rule.action is Action.FORWARD_TO_NUMBER and rule.number in scenario.group_numbers
        at = scenario.group(str(rule.number)) if goes_on else None
    patience = _quantiles(scenario.demand[group.extension_number].patience)
    waits = np.minimum(np.append(patience[1:], np.inf), longest)
    return limit + float(np.maximum(waits - limit, 0.0).mean())


def _longest_visit(group: RingGroup, dispatcher: Dispatcher, rules: Rules) -> float:
    """Return how long a call can be in a group [s]."""
    passes = rules.passes or 1
    pauses = (passes - 1) * (rules.repeat_delay or 0.0)
    if dispatcher.auto_answer or not group.members:
        return pauses
    _, n_waves = _most_phones_and_waves(group, dispatcher, passes)
    return n_waves * group.ring_time + pauses


def _most_phones_and_waves(
    group: RingGroup, dispatcher: Dispatcher, passes: int
) -> tuple[int, int]:
    """How many phones ring at once at most, and how many waves a call may have."""
    n, at_once = len(group.members), dispatcher.at_once
    if not dispatcher.is_ordering:
        return n, n * passes
    phones = min(at_once, n) if isinstance(at_once, int) else n
    if dispatcher.one_wave:
        return phones, passes
    return phones, passes * (n if at_once is TIED else math.ceil(n / max(1, phones)))


def _answered(people: Sequence[Extension], seconds: Floats) -> Floats:
    """Chance that the best of some people answers a phone that rings so long."""
    best = np.zeros(len(seconds))
    for delay, chance in {(person.answer_delay, person.answer_probability) for person in people}:
        in_time = np.searchsorted(_quantiles(delay), seconds, side="right") / QUANTILES
        np.maximum(best, chance * in_time, out=best)
    return best


def _quantiles(duration: Distribution) -> Floats:
    return duration.ppf(np.arange(QUANTILES) / QUANTILES)
