"""Settings as they are written in an option: `ring_time=10`, `ring_time=10,15,20`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ringsim.errors import ConfigurationError

__all__ = ["settings", "variants"]


def variants(texts: Sequence[str]) -> dict[str, dict[str, Any]] | None:
    """`["short: ring_time=10"]` as `{"short": {"ring_time": 10}}`; one name may come again.

    Raises
    ------
    ConfigurationError
        When a text is no variant.
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
        found.setdefault(name.strip(), {})[path.strip()] = _value(value)
    return found or None


def settings(texts: Sequence[str]) -> dict[str, list[Any]]:
    """`["ring_time=10,15"]` as `{"ring_time": [10, 15]}`; a value with commas is a JSON list.

    Raises
    ------
    ConfigurationError
        When a text is no setting, or there is none.
    """
    found: dict[str, list[Any]] = {}
    for text in texts:
        path, equals, values = text.partition("=")
        if not (path.strip() and equals and values.strip()):
            raise ConfigurationError(
                "--set", "must be PATH=VALUE,VALUE", text, "Write --set ring_time=10,15,20."
            )
        whole = _value(values)
        listed = whole if isinstance(whole, list) else [_value(each) for each in values.split(",")]
        found[path.strip()] = listed
    if not found:
        raise ConfigurationError("--set", "must be given", hint="Write --set ring_time=10,15,20.")
    return found


def _value(text: str) -> Any:
    """A number, yes or no, a list or a table in JSON; anything else is text."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()
