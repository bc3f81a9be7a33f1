"""Parsing of the settings in options: `ring_time=10`, `ring_time=10,15,20`, and their errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ringsim.errors import ConfigurationError

__all__ = ["assigned", "compared", "settings", "told_of_settings", "value_of", "what_if"]

NAMED = re.compile(r"[^:]+:\s*[\w.]+\s*=")  # a name may have an equals sign, too
RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)")
MOST_IN_RANGE = 1_000_000


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
        variant[path.strip()] = _setting(path.strip(), value)
    return found or None


def compared(texts: Sequence[str]) -> dict[str, dict[str, Any]] | None:
    """Return a variant for each value of the settings, or the variants by name.

    `["ring_time=10,15"]` is `{"ring_time=10": {"ring_time": 10}, "ring_time=15": {...}}`.

    Raises
    ------
    ConfigurationError
        If a text has neither form, or the forms are mixed.
    """
    asked = what_if(texts)
    if asked is None or all(isinstance(each, dict) for each in asked.values()):
        return asked
    return {
        f"{path}={value if isinstance(value, str) else json.dumps(value)}": {path: value}
        for path, values in asked.items()
        for value in values
    }


def what_if(texts: Sequence[str]) -> dict[str, Any] | None:
    """Parse settings with values, or variants by name; no texts give None.

    `["ring_time=10,15"]` is `{"ring_time": [10, 15]}`; `["short:ring_time=10"]` is a variant.

    Raises
    ------
    ConfigurationError
        If a text has neither form, or the forms are mixed.
    """
    named = [text for text in texts if _is_named(text)]
    if named and len(named) < len(texts):
        other = next(text for text in texts if text not in named)
        hint = f"Write NAME:{other}, or give no names at all."
        raise ConfigurationError("--what-if", "must have one form throughout", other, hint)
    return variants(named) if named or not texts else settings(texts, "--what-if")


def settings(texts: Sequence[str], option: str = "--set") -> dict[str, list[Any]]:
    """Parse settings: `["ring_time=10,15"]` is `{"ring_time": [10, 15]}`.

    Values that contain commas must be written as a JSON list. `n_members=3..6` has all whole
    numbers from 3 to 6.

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
        if _is_members(path) and "[[" not in values:
            raise ConfigurationError(
                option,
                "must have a name for other members"
                if option == "--what-if"
                else "must have a list of the members of each value",
                text,
                f"Write --what-if fewer:{path.strip()}={values.strip()}."
                if option == "--what-if"
                else f'Write {option} {path.strip()}=\'[["201"], ["201", "202"]]\'.',
            )
        if path.strip() in found:
            raise ConfigurationError(option, "must not be given twice for a setting", text)
        whole = value_of(values)
        subject = f"{option} {path.strip()}"
        found[path.strip()] = (
            whole
            if isinstance(whole, list)
            else [value for part in values.split(",") for value in _listed(part, subject)]
        )
    if not found:
        raise ConfigurationError(
            option, "must be given", hint=f"Write {option} ring_time=10,15,20."
        )
    return found


def assigned(texts: Sequence[str]) -> dict[str, Any]:
    """Parse settings with one value each: `["ring_time=10"]` is `{"ring_time": 10}`.

    Raises
    ------
    ConfigurationError
        If a text is not of the form PATH=VALUE, or sets what another one sets.
    """
    found: dict[str, Any] = {}
    for text in texts:
        path, equals, value = (part.strip() for part in text.partition("="))
        if not (path and equals and value):
            raise ConfigurationError(
                "--set", "must be SETTING=VALUE", text, "Write --set ring_time=15."
            )
        if path in found:
            raise ConfigurationError("--set", "must not be given twice for a setting", text)
        found[path] = _setting(path, value)
    return found


@contextmanager
def told_of_settings(settings: Mapping[str, Any], option: str) -> Iterator[None]:
    """Let errors of the block about a setting begin with the option that sets it."""
    try:
        yield
    except ConfigurationError as wrong:
        if not wrong.subject.startswith(tuple(settings)):
            raise
        raise ConfigurationError(
            f"{option} {wrong.subject}", wrong.constraint, wrong.got, wrong.hint
        ) from None


def _is_named(text: str) -> bool:
    """Return True for `short:ring_time=10`, and False for `opens_at=08:00`."""
    return ":" in text.partition("=")[0] or NAMED.match(text) is not None


def _is_members(path: str) -> bool:
    return path.strip().rsplit(".", maxsplit=1)[-1] == "members"


def _setting(path: str, text: str) -> Any:
    """Return the value of one setting; members are extension numbers between commas."""
    text = text.strip()
    if _is_members(path) and not text.startswith("["):
        return [number.strip() for number in text.split(",")]
    return value_of(text)


def _listed(text: str, subject: str) -> list[Any]:
    """Return the whole numbers of a range, or the one value of a text."""
    match = RANGE.fullmatch(text.strip())
    if match is None:
        return [value_of(text)]
    first, last = int(match[1]), int(match[2])
    if not first <= last <= first + MOST_IN_RANGE:
        raise ConfigurationError(subject, "must rise by at most a million", text)
    return list(range(first, last + 1))


def value_of(text: str) -> Any:
    """Return a value parsed as JSON, or as text if it is not valid JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()
