"""Parsing of the settings in options: `ring_time=10`, `ring_time=10,15,20`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ringsim.errors import ConfigurationError

__all__ = ["settings", "variants", "what_if"]


def variants(texts: Sequence[str]) -> dict[str, dict[str, Any]] | None:
    """Parse variants: `["short: ring_time=10"]` is `{"short": {"ring_time": 10}}`.

    Texts with the same name add settings to the same variant. No texts give None.

    Raises
    ------
    ConfigurationError
        If a text is not of the form NAME:PATH=VALUE.
    """
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        name, colon, change = text.partition(":")
        path, equals, value = change.partition("=")
        if not (name.strip() and colon and path.strip() and equals):
            raise ConfigurationError(
                "--what-if",
                "must be NAME:PATH=VALUE",
                text,
                "Write --what-if short:ring_time=10.",
            )
        variant = found.setdefault(name.strip(), {})
        if path.strip() in variant:
            raise ConfigurationError("--what-if", "must not change a setting twice", text)
        variant[path.strip()] = _value(value)
    return found or None


def what_if(texts: Sequence[str]) -> dict[str, Any] | None:
    """Parse settings with values, or variants by name; no texts give None.

    `["ring_time=10,15"]` is `{"ring_time": [10, 15]}`; `["short:ring_time=10"]` is a variant.

    Raises
    ------
    ConfigurationError
        If a text has neither form, or the forms are mixed.
    """
    named = [text for text in texts if ":" in text.partition("=")[0]]
    if named and len(named) < len(texts):
        other = next(text for text in texts if text not in named)
        raise ConfigurationError("--what-if", "must have one form throughout", other)
    return variants(named) if named or not texts else settings(texts, "--what-if")


def settings(texts: Sequence[str], option: str = "--set") -> dict[str, list[Any]]:
    """Parse settings: `["ring_time=10,15"]` is `{"ring_time": [10, 15]}`.

    Values that contain commas must be written as a JSON list.

    Raises
    ------
    ConfigurationError
        If a text is not of the form PATH=VALUE,VALUE, or there is no text.
    """
    found: dict[str, list[Any]] = {}
    for text in texts:
        path, equals, values = text.partition("=")
        if not (path.strip() and equals and values.strip()):
            raise ConfigurationError(
                option, "must be PATH=VALUE,VALUE", text, f"Write {option} ring_time=10,15,20."
            )
        if path.strip() in found:
            raise ConfigurationError(option, "must not be given twice for a setting", text)
        whole = _value(values)
        listed = whole if isinstance(whole, list) else [_value(each) for each in values.split(",")]
        found[path.strip()] = listed
    if not found:
        raise ConfigurationError(
            option, "must be given", hint=f"Write {option} ring_time=10,15,20."
        )
    return found


def _value(text: str) -> Any:
    """Return a value parsed as JSON, or as text if it is not valid JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()
