"""The strategies of FreePBX's ring groups as options of `Rules`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ringsim.group import RingStrategy

__all__ = ["PRIMARY", "STRATEGIES", "rules_of"]

STRATEGIES: Final[Mapping[str, tuple[RingStrategy, Mapping[str, Any]]]] = {
    "ringall": (RingStrategy.RING_SIMULTANEOUSLY, {"at_once": "ALL", "one_wave": True}),
    "ringallv2": (RingStrategy.RING_SIMULTANEOUSLY, {"at_once": "ALL", "one_wave": True}),
    "hunt": (RingStrategy.PRIORITIZED_HUNT, {}),
    "memoryhunt": (
        RingStrategy.PRIORITIZED_HUNT,
        {"memory_hunt": "again", "declined_again": True},
    ),
    "firstavailable": (
        RingStrategy.PRIORITIZED_HUNT,
        {"after_decline": "end", "one_wave": True},
    ),
    "firstnotonphone": (
        RingStrategy.PRIORITIZED_HUNT,
        {"after_decline": "end", "one_wave": True},
    ),
    "random": (RingStrategy.PRIORITIZED_HUNT, {"order_by": ["random"]}),
}
PRIMARY = "-prim"


def rules_of(strategy: str) -> dict[str, Any]:
    """Return the options of `Rules` of a ring group's strategy, such as `hunt-prim`."""
    rules = {
        "order_by": [],
        "at_once": 1,
        "one_wave": False,
        "declined_again": False,
        "after_decline": "next",
        **STRATEGIES[strategy.removesuffix(PRIMARY)][1],
        "order_fixed": "call",
        "ringing_is_busy": True,
    }
    return {**rules, "primary": True} if strategy.endswith(PRIMARY) else rules
