"""The strategies of FusionPBX's ring groups as options of `Rules`."""

from __future__ import annotations

from typing import Any, Final

from ringsim.importers._strategies import rules_of_strategy, strategies_of

__all__ = ["AT_ONCE", "PBX", "STRATEGIES", "is_true", "rules_of"]

AT_ONCE = ("simultaneous", "enterprise")
PBX: Final = "fusionpbx"
STRATEGIES: Final = strategies_of(PBX)


def is_true(text: str) -> bool:
    """Return FusionPBX's reading of a text as true or false."""
    return text.strip().lower() in ("true", "t", "yes", "1", "enabled")


def rules_of(strategy: str, max_wait_time: float) -> dict[str, Any]:
    """Return the options of `Rules` of a ring group.

    Parameters
    ----------
    strategy : str
        One of `STRATEGIES`.
    max_wait_time : float
        Time after which the call goes elsewhere [s]; only `simultaneous` and `enterprise` have it.
    """
    rules = rules_of_strategy(PBX, strategy)
    if strategy in AT_ONCE:
        rules["max_wait_time"] = max_wait_time
    return rules
