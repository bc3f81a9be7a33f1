"""The strategies of FusionPBX's ring groups as options of `Rules`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ringsim.group import RingStrategy

__all__ = ["AT_ONCE", "STRATEGIES", "rules_of"]

AT_ONCE = ("simultaneous", "enterprise")
STRATEGIES: Final[Mapping[str, tuple[RingStrategy, Mapping[str, Any]]]] = {
    "simultaneous": (RingStrategy.RING_SIMULTANEOUSLY, {"at_once": "ALL", "one_wave": True}),
    "enterprise": (RingStrategy.RING_SIMULTANEOUSLY, {"at_once": "ALL", "one_wave": True}),
    "sequence": (RingStrategy.PRIORITIZED_HUNT, {}),
    "rollover": (RingStrategy.PRIORITIZED_HUNT, {}),
    "random": (RingStrategy.PRIORITIZED_HUNT, {"order_by": ["random"]}),
}


def rules_of(strategy: str, max_wait_time: float | None = None) -> dict[str, Any]:
    """Return the options of `Rules` of a ring group.

    Parameters
    ----------
    strategy : str
        One of `STRATEGIES`.
    max_wait_time : float, optional
        Time after which the call goes elsewhere [s]; only `simultaneous` and `enterprise` have it.
    """
    rules: dict[str, Any] = {
        "order_by": [],
        "at_once": 1,
        "one_wave": False,
        **STRATEGIES[strategy][1],
        "order_fixed": "call",
        "ringing_is_busy": False,
        "after_decline": "next",
    }
    if strategy in AT_ONCE and max_wait_time is not None:
        rules["max_wait_time"] = max_wait_time
    return rules
