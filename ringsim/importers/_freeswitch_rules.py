"""Settings of a queue of FreeSWITCH as options of `Rules`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from ringsim.group import RingStrategy
from ringsim.importers._drafts import whole

__all__ = ["LEVEL", "STRATEGIES", "is_true", "rules_of"]

WAVE_STEP = 10  # s, FreeSWITCH's default
LEVEL: Final = "skill_level"
HUNT, LEVELS = RingStrategy.PRIORITIZED_HUNT, RingStrategy.SKILL_BASED_ROUTING_PRIORITIZED_HUNT
STRATEGIES: Final[Mapping[str, tuple[RingStrategy, Mapping[str, Any]]]] = {
    "ring-all": (
        RingStrategy.RING_SIMULTANEOUSLY,
        {"order_by": [LEVEL], "at_once": "ALL", "join_ringing": True},
    ),
    "ring-progressively": (
        LEVELS,
        {"order_by": [LEVEL], "one_wave": False, "memory_hunt": "ring_on", "join_ringing": True},
    ),
    "longest-idle-agent": (
        RingStrategy.SKILL_BASED_ROUTING_LEAST_WORKED_HUNT,
        {"order_by": [LEVEL, "last_completed_at"]},
    ),
    "round-robin": (
        RingStrategy.CYCLIC_HUNT,
        {"order_by": ["rotation"], "rotation": "rung"},
    ),
    "top-down": (LEVELS, {"order_by": [LEVEL, "rotation"], "rotation": "within_call"}),
    "agent-with-least-talk-time": (LEVELS, {"order_by": [LEVEL, "talked_time"]}),
    "agent-with-fewest-calls": (LEVELS, {"order_by": [LEVEL, "n_answered"]}),
    "sequentially-by-agent-order": (LEVELS, {"order_by": [LEVEL]}),
    "random": (LEVELS, {"order_by": [LEVEL, "redrawn"]}),
}


def is_true(text: str, default: bool) -> bool:
    """Return FreeSWITCH's reading of a text as true or false."""
    return text.strip().lower() in ("true", "yes", "on", "enabled", "t", "1") if text else default


def rules_of(strategy: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return the options of `Rules` of a queue, without those of its agents and tiers.

    Parameters
    ----------
    strategy : str
        One of `STRATEGIES`.
    parameters : mapping of str to str
        Parameters of the queue.
    """
    rules: dict[str, Any] = {
        "at_once": 1,
        "one_wave": True,
        **STRATEGIES[strategy][1],
        "order_fixed": "ring",
        "memory_scope": "extension",
        "passes": math.inf,
        "retry_pause": 0,
        "ringing_is_busy": True,
        "after_decline": "next",
        "declined_again": True,
        "wait_in_line": True,
        "line_serves": "all",
        "line_poll": 0.1,
    }
    if rules.get("memory_hunt") == "ring_on":
        step = whole(parameters.get("ring-progressively-delay", ""), WAVE_STEP)
        rules["wave_step"] = step if step > 0 else WAVE_STEP
    if (limit := whole(parameters.get("max-wait-time", ""), 0)) > 0:
        rules["max_wait_time"] = limit
    if whole(parameters.get("max-wait-time-with-no-agent", ""), 0) > 0:
        rules["leave_when_empty"] = ["off_duty"]
    return rules
