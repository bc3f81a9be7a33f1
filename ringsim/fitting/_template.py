"""The group that a fit fills in: the phone system's record, or what the records show of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ringsim.dispatch import ALL
from ringsim.dispatch._registry import dispatcher_of
from ringsim.errors import ConfigurationError
from ringsim.group import RingGroup
from ringsim.scenario import Scenario

if TYPE_CHECKING:
    from ringsim.records import Records

__all__ = ["group_of", "rings_together"]

TOGETHER = 0.25  # share of calls on which two phones ring at once, from which all ring together
AGAIN = 0.1  # share of phones that ring again for a call, from which the group repeats
LONG = 0.99  # quantile of the rings that nobody answered


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
        return _inferred(records)
    group = _given(records, template)
    if not group.members:
        return group.replace(members=records.scenario.groups[0].members), [
            "The record of the group lists no members: everybody in the records is one."
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
    return group, [
        f"{number} is in the records but no member of the group: their rings are left out."
        for number in others
    ]


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


def _inferred(records: Records) -> tuple[RingGroup, list[str]]:
    rings = records.rings
    together = _ring_together(rings)
    missed = rings[(rings["result"] == "ring_no_answer").to_numpy(dtype=bool)]
    length = (missed["ended_at"] - missed["started_at"]).to_numpy(dtype=np.float64)
    ring_time = max(1, round(float(np.quantile(length, LONG)))) if len(length) else 20
    strategy = "RING_SIMULTANEOUSLY" if together else "CYCLIC_HUNT"
    fields = {"ring_strategy": strategy, "ring_time": ring_time}
    passes = _passes(rings)
    if passes > 1:
        fields |= {"no_answer_forward_rule": {"action": "REPEAT"}, "max_repeats": passes - 1}
    seen = "the rings of the records" if len(rings) else "no ring at all"
    often = f" up to {passes} times" if passes > 1 else ""
    return records.scenario.groups[0].replace(**fields), [
        f"No record of the group was given: {strategy} with a ring time of {ring_time} s{often} is "
        f"a guess from {seen}."
    ]


def _passes(rings: Any) -> int:
    """Return how often the group is rung for a call: 1 unless phones often ring again for one."""
    if not len(rings):
        return 1
    times = rings.groupby(["call", "member"], observed=True).size()
    return int(times.max()) if (times > 1).mean() > AGAIN else 1


def _ring_together(rings: Any) -> bool:
    """Return whether several phones often ring at once for a call."""
    if not len(rings):
        return True
    at_once = rings.groupby(["call", "started_at"], observed=True)["member"].size()
    first = at_once.groupby("call").max()
    return bool((first > 1).mean() > TOGETHER)


def rings_together(group: RingGroup) -> bool:
    """Return whether all free phones of a group ring together."""
    dispatcher = dispatcher_of(group)
    return dispatcher.one_wave and dispatcher.at_once == ALL
