"""Groups whose own order of ringing is varied: a given dispatcher must not replace it.

`ordered_groups`
    Return the groups whose order some changes set, even if to the same order.
`reordered_groups`
    Return the groups whose order differs between two scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringsim.group import RingGroup
from ringsim.rules import STRATEGY_OPTIONS
from ringsim.scenario import Scenario
from ringsim.scenario._change_paths import full_paths
from ringsim.scenario._implied_group import implied_group

__all__ = ["ordered_groups", "reordered_groups"]

FIELDS = ("ring_strategy", "preset")


def ordered_groups(scenario: Scenario, changes: Mapping[str, Any], group: str | None) -> set[str]:
    """Return the numbers of the groups whose strategy, preset or order some changes set.

    Parameters
    ----------
    scenario : Scenario
        The scenario to change.
    changes : mapping of str to object
        Values by path, which exist.
    group : str or None
        Number of the group whose paths may be shortened.
    """
    written = full_paths(scenario, changes, implied_group(scenario, group))
    names = (*FIELDS, *(f"rules.{option}" for option in STRATEGY_OPTIONS))
    return {
        number
        for number in scenario.group_numbers
        if any(f"groups.{number}.{name}" in written for name in names)
    }


def reordered_groups(before: Scenario, after: Scenario) -> set[str]:
    """Return the numbers of the groups of a scenario whose own order is another than before."""
    return {
        group.extension_number
        for group in after.groups
        if group.extension_number in before.group_numbers
        and _order(before.group(group.extension_number)) != _order(group)
    }


def _order(group: RingGroup) -> tuple[Any, ...]:
    return (
        *(getattr(group, name) for name in FIELDS),
        *(getattr(group.own_rules, option) for option in STRATEGY_OPTIONS),
    )
