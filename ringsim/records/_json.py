"""Rows of JSON files: a list of objects, an object that holds one, or an object per line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ringsim._sources import Source, decoded
from ringsim.errors import ConfigurationError
from ringsim.records._sheet import Sheet, sheet_of_rows

__all__ = ["objects_in", "sheet_of_json"]


def objects_in(source: Source) -> list[Mapping[str, Any]]:
    """Return the objects of a file.

    Raises
    ------
    ConfigurationError
        If the file is not JSON, or holds no list of objects.
    """
    data, encoding = decoded(source.data)
    text = data.decode(encoding, errors="replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        found = _lines(text)
        if found is None:
            why = " ".join(str(wrong).split())
            raise ConfigurationError(source.name, f"must be JSON: {why}") from None
    if isinstance(found, Mapping):
        lists = [value for value in found.values() if _has_objects(value)]
        found = lists[0] if lists else [found]
    if not isinstance(found, list):
        raise ConfigurationError(source.name, "must hold a list of calls", found)
    return [each for each in found if isinstance(each, Mapping)]


def sheet_of_json(source: Source) -> Sheet:
    """Return the objects of a file as rows, numbered from 1."""
    return sheet_of_rows(source.name, objects_in(source))


def _has_objects(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(each, Mapping) for each in value)


def _lines(text: str) -> list[Any] | None:
    """Return an object per line, or None if the text is not that."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None
