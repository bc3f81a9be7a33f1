"""Strategies of a PBX with their options, taken from its presets."""

from __future__ import annotations

from typing import Any

from ringsim.presets import names, preset

__all__ = ["rules_of_strategy", "strategies_of"]


def strategies_of(pbx: str) -> tuple[str, ...]:
    """Return the strategies of a kind of group, such as `asterisk-queue`."""
    return tuple(name.removeprefix(f"{pbx}/") for name in names() if name.startswith(f"{pbx}/"))


def rules_of_strategy(pbx: str, strategy: str) -> dict[str, Any]:
    """Return the options of `Rules` of a strategy, where the PBX's own settings are unset."""
    return dict(preset(f"{pbx}/{strategy}").rules.given())
