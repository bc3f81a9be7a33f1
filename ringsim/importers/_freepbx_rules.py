"""The strategies of FreePBX's ring groups as options of `Rules`.

Each strategy also exists with the end `-prim`. Of the strategies whose presets have no such
counterpart, it is their preset and the option `primary`.
"""

from __future__ import annotations

from typing import Any, Final

from ringsim.importers._strategies import rules_of_strategy, strategies_of

__all__ = ["PRIMARY", "STRATEGIES", "preset_of", "rules_of"]

PBX: Final = "freepbx-ringgroup"
PRIMARY: Final = "-prim"
STRATEGIES: Final = tuple(name for name in strategies_of(PBX) if not name.endswith(PRIMARY))


def preset_of(strategy: str) -> str:
    """Return the name of the preset of a strategy, such as `hunt-prim`."""
    is_known = strategy in strategies_of(PBX)
    return f"{PBX}/{strategy if is_known else strategy.removesuffix(PRIMARY)}"


def rules_of(strategy: str) -> dict[str, Any]:
    """Return the options of `Rules` of a ring group's strategy, such as `hunt-prim`."""
    rules = rules_of_strategy(PBX, strategy.removesuffix(PRIMARY))
    return {**rules, "primary": True} if strategy.endswith(PRIMARY) else rules
