"""Comparison of scenarios by what they draw: the same calls, or the same reactions to rings."""

from __future__ import annotations

import operator

from ringsim.scenario import Away, Demand, Scenario

__all__ = ["answer_alike", "draw_alike"]


def draw_alike(one: Scenario, other: Scenario) -> bool:
    """Return True if two scenarios draw the same calls under the same seed.

    Their groups, people and answer behaviour may differ, but not their hours, their demand, or
    the own calls and spells away of anybody. Records of demand are compared by identity: those
    that a change of a scenario left alone are kept.
    """
    mine, theirs = one.demand, other.demand
    return (
        (one.hours, one.days, one.shared_busyness)
        == (other.hours, other.days, other.shared_busyness)
        and mine.keys() == theirs.keys()
        and all(mine[number] is theirs[number] for number in mine)
        and _away_from_groups(one) == _away_from_groups(other)
    )


def answer_alike(one: Scenario, other: Scenario) -> bool:
    """Return True if two scenarios have the same records of people, by identity."""
    same_number = len(one.extensions) == len(other.extensions)
    return same_number and all(map(operator.is_, one.extensions, other.extensions))


def _away_from_groups(scenario: Scenario) -> dict[str, tuple[Demand | None, Away | None]]:
    """Return the own calls and spells away of the people who have some, by their number."""
    return {
        person.extension_number: (person.own_calls, person.away)
        for person in scenario.extensions
        if person.own_calls is not None or person.away is not None
    }
