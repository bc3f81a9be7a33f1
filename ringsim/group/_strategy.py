"""The eight ring strategies of the PBX, each described in the PBX's own words."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

__all__ = ["RingStrategy"]

SKILL_PREFIX = (
    'The call assign to the agents in the level "1" skill group first, and move on to the less '
    "experienced agents in subsequent skill groups, if the call is not answered in current "
    "skill group."
)


class RingStrategy(StrEnum):
    """The order in which a ring group rings its members; the eight values of the PBX's API."""

    RING_SIMULTANEOUSLY = (
        "RING_SIMULTANEOUSLY",
        ("Ring all available members of the group simultaneously."),
    )
    PRIORITIZED_HUNT = (
        "PRIORITIZED_HUNT",
        ("Ring each available member of the group serially in the configured order."),
    )
    CYCLIC_HUNT = (
        "CYCLIC_HUNT",
        (
            "Ring each available member of the group serially, ring the member that hasn't been "
            "rung from a call from this group in the longest amount of time first."
        ),
    )
    LEAST_WORKED_HUNT = (
        "LEAST_WORKED_HUNT",
        (
            "Ring each available member of the group serially, ring the member that hasn't "
            "answered a call from this group in the longest amount of time first."
        ),
    )
    PAGING_INTERCOM = (
        "PAGING_INTERCOM",
        (
            "Ring all available members of the group simultaneously and add an auto answer "
            "indication to the calls in order to invoke a page."
        ),
    )
    SKILL_BASED_ROUTING_PRIORITIZED_HUNT = (
        "SKILL_BASED_ROUTING_PRIORITIZED_HUNT",
        (f"{SKILL_PREFIX} {PRIORITIZED_HUNT[1]}"),
    )
    SKILL_BASED_ROUTING_CYCLIC_HUNT = (
        "SKILL_BASED_ROUTING_CYCLIC_HUNT",
        (f"{SKILL_PREFIX} {CYCLIC_HUNT[1]}"),
    )
    SKILL_BASED_ROUTING_LEAST_WORKED_HUNT = (
        "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT",
        (f"{SKILL_PREFIX} {LEAST_WORKED_HUNT[1]}"),
    )

    def __new__(cls, value: str, sentence: str) -> Self:
        strategy = str.__new__(cls, value)
        strategy._value_ = value
        strategy.__doc__ = sentence
        return strategy
