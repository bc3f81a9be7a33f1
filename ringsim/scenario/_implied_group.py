"""The group that an analysis is about, given or the only one; groups that others forward to."""

from __future__ import annotations

from ringsim.errors import ConfigurationError
from ringsim.scenario._scenario import Scenario, check_scenario

__all__ = ["forwarded_to", "implied_group", "named_group"]


def implied_group(scenario: Scenario, group: str | None) -> str | None:
    """Return the number of the given group, or of the only group; None for all of several.

    Raises
    ------
    ConfigurationError
        If there is no such group, or `scenario` is not a `Scenario`.
    """
    check_scenario(scenario)
    if group is not None:
        return scenario.group(group).extension_number
    return scenario.group_numbers[0] if len(scenario.groups) == 1 else None


def named_group(scenario: Scenario, group: str | None) -> str:
    """Return the number of the given group, or of the only group.

    Raises
    ------
    ConfigurationError
        If there is no such group, or several groups and none is given.
    """
    number = implied_group(scenario, group)
    if number is None:
        raise ConfigurationError(
            "group",
            f"must say which of the {len(scenario.groups)} groups it is",
            hint=f"Its groups are {', '.join(scenario.group_numbers)}.",
        )
    return number


def forwarded_to(scenario: Scenario) -> frozenset[str]:
    """Return the numbers of the groups to which another group forwards unanswered calls."""
    rules = [(each.extension_number, each.no_answer_forward_rule) for each in scenario.groups]
    numbers = {
        rule.number
        for number, rule in rules
        if rule.action == "FORWARD_TO_NUMBER" and rule.number != number
    }
    return frozenset(numbers & set(scenario.group_numbers))
