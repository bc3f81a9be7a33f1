"""Check that what `optimize` varies is counted by its objective.

`check_counted`
    Raise an error if an objective of members does not count some of those that vary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ringsim.errors import ConfigurationError
from ringsim.planning._objective import N_MEMBERS, Cost, ObjectiveLike
from ringsim.scenario import Scenario, changed
from ringsim.scenario._change_paths import full_paths

__all__ = ["check_counted"]

WHOLE_RECORDS = ("groups", "extensions")  # settings of which one value has many people


def check_counted(
    asked: ObjectiveLike, scenario: Scenario, group: str, settings: Mapping[str, Sequence[Any]]
) -> None:
    """Raise `ConfigurationError` if an objective of members would not count some that vary.

    Members, and their hours, are those of the one group: those of others would cost nothing.
    """
    if asked != N_MEMBERS and not (isinstance(asked, Cost) and asked.member_hour):
        return
    own = {member.extension_number for member in scenario.group(group).members}
    for full, path in full_paths(scenario, dict.fromkeys(settings), group).items():
        kind, number, field = (*full.split("."), "", "")[:3]
        is_of_others = kind == "groups" and number not in ("", group)
        if (
            (is_of_others and field in ("members", N_MEMBERS))
            or (kind == "extensions" and number not in own | {""} and field == "on_duty")
            or (
                full in WHOLE_RECORDS
                and any(_varies_others(scenario, group, {full: value}) for value in settings[path])
            )
        ):
            raise ConfigurationError(
                path,
                f"must not be varied: the objective counts the members of group {group} alone",
                hint=f"Optimize the members of group {group}, or another objective.",
            )


def _varies_others(scenario: Scenario, group: str, change: Mapping[str, Any]) -> bool:
    """Return whether a change varies members of other groups, or when those are on duty."""
    try:
        made = changed(scenario, change)
    except ConfigurationError:  # valid only beside other changes: nobody knows
        return True
    own = {
        member.extension_number
        for each in (scenario, made)
        if group in each.group_numbers
        for member in each.group(group).members
    }
    before, after = (
        (
            {
                found.extension_number: {member.extension_number for member in found.members}
                for found in each.groups
                if found.extension_number != group
            },
            {
                number: each.extension(number).on_duty
                for number in each.extension_numbers
                if number not in own
            },
        )
        for each in (scenario, made)
    )
    return before != after
