"""Rules of a group with a preset: the preset's rules, replaced by the group's own where given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import PrivateAttr

from ringsim.errors import ConfigurationError
from ringsim.presets import Preset
from ringsim.rules import Rules

__all__ = ["PresetRules", "merged_rules", "own_rules"]


class PresetRules(Rules):
    """Rules of a preset and a group; `own` has the group's rules, and only these go to files."""

    _own: Rules = PrivateAttr(default_factory=Rules)
    _preset: str = PrivateAttr(default="")

    def __repr_name__(self) -> str:
        return Rules.__name__

    @property
    def own(self) -> Rules:
        """The options that the group sets itself."""
        return self._own


def merged_rules(preset: Preset, given: Any) -> Rules:
    """Return the rules of a group with a preset.

    Parameters
    ----------
    preset : Preset
        The options that count where the group does not set them.
    given : Rules, mapping or None
        The group's own options.

    Raises
    ------
    ConfigurationError
        If an option is invalid, or conflicts with one of the preset; the hint then names it.
    """
    if isinstance(given, PresetRules) and given._preset == preset.name:
        return given
    own = given.given() if isinstance(given, Rules) else given or {}
    if not isinstance(own, Mapping):
        raise ConfigurationError("rules", "must be a table", given)
    own = {name: value for name, value in own.items() if value is not None}
    ours = preset.rules.given()
    try:
        merged = PresetRules(**{**ours, **own})
    except ConfigurationError as wrong:
        sets = [name for name in ours if name in str(wrong) and name not in own]
        hint = f"The preset {preset.name} sets {' and '.join(sets)}." if sets and own else ""
        raise ConfigurationError(
            wrong.inside("rules").subject, wrong.constraint, wrong.got, wrong.hint or hint
        ) from None
    merged._preset = preset.name
    merged._own = Rules.model_construct(**{name: getattr(merged, name) for name in own})
    return merged


def own_rules(rules: Rules) -> Rules:
    """Return the options that a group sets itself: all of them without a preset."""
    return rules.own if isinstance(rules, PresetRules) else rules
