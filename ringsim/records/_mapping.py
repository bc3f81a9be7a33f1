"""Keys and settings of the mapping of a table of the user's own, and their checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ringsim.errors import ConfigurationError, check_choice
from ringsim.records._extract import GRADES

__all__ = ["COLUMNS", "UNITS", "checked"]

COLUMNS: Final = (
    "arrived_at",
    "date",
    "time",
    "group",
    "answered_at",
    "wait",
    "ended_at",
    "talk_time",
    "duration",
    "answered_by",
    "outcome",
    "call",
    "member",
    "ring_started_at",
    "ring_ended_at",
    "ring_time",
    "ring_result",
    "direction",
)
SETTINGS: Final = (
    "unit",
    "date_format",
    "duration_includes_wait",
    "delimiter",
    "grade",
    "outcomes",
    "ring_results",
    "members",
)
UNITS: Final = {"s": 1.0, "ms": 0.001}


def checked(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the mapping after checking its keys and settings."""
    for key, value in mapping.items():
        check_choice(f"mapping.{key}", key, [*COLUMNS, *SETTINGS])
        if key in COLUMNS and not isinstance(value, str):
            raise ConfigurationError(f"mapping.{key}", "must be the name of a column", value)
    _check_choice(mapping, "unit", tuple(UNITS))
    _check_choice(mapping, "date_format", ("ymd", "dmy", "mdy"))
    _check_choice(mapping, "grade", GRADES)
    for key in ("outcomes", "ring_results"):
        if not isinstance(mapping.get(key, {}), Mapping):
            raise ConfigurationError(f"mapping.{key}", "must be a table of words", mapping[key])
    if not isinstance(mapping.get("duration_includes_wait", False), bool):
        raise ConfigurationError(
            "mapping.duration_includes_wait",
            "must be true or false",
            mapping["duration_includes_wait"],
        )
    mark = mapping.get("delimiter", ",")
    if not isinstance(mark, str) or len(mark) != 1 or not mark.isascii() or mark in '"\r\n\0':
        raise ConfigurationError("mapping.delimiter", "must be one character", mark)
    return mapping


def _check_choice(mapping: Mapping[str, Any], key: str, choices: Sequence[str]) -> None:
    if key in mapping:
        check_choice(f"mapping.{key}", mapping[key], choices)
