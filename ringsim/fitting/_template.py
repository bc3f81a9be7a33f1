"""The group that a fit fills in: the phone system's record, or what the records show of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ringsim._words import Said
from ringsim.dispatch import ALL, TIED
from ringsim.dispatch._registry import dispatcher_of
from ringsim.errors import ConfigurationError
from ringsim.fitting._inferred import inferred_group
from ringsim.group import RingGroup
from ringsim.scenario import Scenario

if TYPE_CHECKING:
    from ringsim.records import Records

__all__ = ["group_of", "rings_together"]


def group_of(records: Records, template: Any) -> tuple[RingGroup, list[str]]:
    """Return the group to fit, and sentences on what was assumed of it.

    Parameters
    ----------
    records : Records
        Records of one group.
    template : RingGroup, Scenario, dict or None
        The phone system's record of the group, or a scenario that contains it. Without it, the
        members are those of the records, and strategy and ring time are inferred from the rings.

    Raises
    ------
    ConfigurationError
        If the template is of another group, or has no member of the records.
    """
    if template is None:
        return inferred_group(records)
    group = _given(records, template)
    if not group.members:
        return group.replace(members=records.scenario.groups[0].members), [
            Said("limits.no_members")
        ]
    numbers = [member.extension_number for member in group.members]
    others = [number for number in records.member_numbers if number not in numbers]
    if set(others) == set(records.member_numbers):
        raise ConfigurationError(
            "template.members",
            "must have one who is in the records",
            numbers,
            f"The records have {', '.join(others) or 'nobody'}.",
        )
    return group, [Said("limits.no_member", who=number) for number in others]


def _given(records: Records, template: Any) -> RingGroup:
    if isinstance(template, Scenario):
        return template.group(records.group)
    if isinstance(template, Mapping):
        template = RingGroup.from_pbx(template)
    if not isinstance(template, RingGroup):
        raise ConfigurationError(
            "template", "must be a RingGroup, its record as a dict, or a Scenario", template
        )
    if template.extension_number not in ("", records.group):
        raise ConfigurationError(
            "template.extension_number",
            f"must be the group of the records, {records.group}",
            template.extension_number,
        )
    return template.replace(extension_number=records.group)


def rings_together(group: RingGroup) -> bool:
    """Return whether all free phones of a group ring together."""
    dispatcher = dispatcher_of(group)
    alike = len({member.skill_level for member in group.members}) < 2
    tied = dispatcher.at_once == TIED and dispatcher.order_by == ("skill_level",) and alike
    return dispatcher.one_wave and (dispatcher.at_once == ALL or tied)
