"""Values that options accept, and their completion by the shell.

This module imports nothing heavy: the functions that complete names import what they list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ringsim._choices import ENGINES, LANGUAGES
from ringsim._service_levels import VARIANTS

__all__ = [
    "complete_engine",
    "complete_language",
    "complete_variant",
    "completing",
    "metric_names",
    "preset_names",
    "strategy_names",
]


def strategy_names() -> list[str]:
    """Return the names of all strategies, for shell completion."""
    from ringsim.dispatch import registered

    return list(registered())


def preset_names() -> list[str]:
    """Return the names of all presets, for shell completion."""
    from ringsim.presets import names

    return list(names())


def metric_names() -> list[str]:
    """Return the names of all metrics, for shell completion."""
    from ringsim.metrics import METRICS

    return list(METRICS)


def completing(names: Callable[[], Sequence[str]]) -> Callable[[str], list[str]]:
    """Return a completion of the names that begin with the text typed so far."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete)]

    return complete


complete_engine = completing(lambda: ENGINES)
complete_variant = completing(lambda: [*VARIANTS])
complete_language = completing(lambda: LANGUAGES)
