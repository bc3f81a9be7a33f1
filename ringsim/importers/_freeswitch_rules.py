"""Settings of a queue of FreeSWITCH as options of `Rules`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ringsim.importers._drafts import whole
from ringsim.importers._strategies import rules_of_strategy, strategies_of

__all__ = ["LEVEL", "PBX", "STRATEGIES", "WAVE_STEP", "is_true", "rules_of"]

WAVE_STEP = 10  # s, FreeSWITCH's default
LEVEL: Final = "skill_level"
PBX: Final = "freeswitch-callcenter"
STRATEGIES: Final = strategies_of(PBX)


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
    rules = rules_of_strategy(PBX, strategy)
    if rules.get("memory_hunt") == "ring_on":
        step = whole(parameters.get("ring-progressively-delay", ""), WAVE_STEP)
        rules["wave_step"] = step if step > 0 else WAVE_STEP
    if (limit := whole(parameters.get("max-wait-time", ""), 0)) > 0:
        rules["max_wait_time"] = limit
    if whole(parameters.get("max-wait-time-with-no-agent", ""), 0) > 0:
        rules["leave_when_empty"] = ["off_duty"]
    return rules
