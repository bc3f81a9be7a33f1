"""JSON output of the commands, and the assumptions below their tables."""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ringsim._version import __version__
from ringsim.scenario import Scenario, assumptions

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "JSON_VERSION",
    "all_notes",
    "assumed",
    "head",
    "heading",
    "json_text",
    "print_json",
    "rows",
    "told",
    "with_index",
]

JSON_VERSION = 1


def head(kind: str) -> dict[str, Any]:
    """Return the first fields of every JSON object."""
    return {"format": f"ringsim.{kind}", "version": JSON_VERSION, "ringsim": __version__}


def heading(kind: str, scenario: Scenario, notes: Sequence[str], **asked: Any) -> dict[str, Any]:
    """Return the first fields of every JSON object about a scenario."""
    return {**head(kind), "scenario": scenario.name, "notes": list(notes), **asked}


def all_notes(
    scenario: Scenario,
    missing: Sequence[str],
    dispatched: Collection[str] = (),
    further: Sequence[str] = (),
) -> list[str]:
    """Return the `notes` of a JSON object: missing data, notes of the scenario, assumptions.

    `further` are assumptions beside those of the scenario.
    """
    return [*missing, *scenario.notes, *assumptions(scenario, dispatched), *further]


def assumed(
    scenario: Scenario, dispatched: Collection[str] = (), further: Sequence[str] = ()
) -> list[str]:
    """Return the text below the results: a heading, and each assumption on a line of its own."""
    lines = [f"- {sentence}" for sentence in (*assumptions(scenario, dispatched), *further)]
    return ["\n".join(["Assumed:", *lines])] if lines else []


def told(notes: Sequence[str]) -> list[str]:
    """Return notes as one text with a line for each; none if there are no notes."""
    return ["\n".join(notes)] if notes else []


def rows(frame: pd.DataFrame) -> list[Mapping[Any, Any]]:
    """Return a table as one object per row, including its index."""
    return with_index(frame).to_dict("records")  # type: ignore[return-value]  # keys are names


def with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its index as columns, if the index has a name."""
    return frame.reset_index() if frame.index.names != [None] else frame


def _json_value(value: Any) -> Any:
    """Return a value as JSON can hold it: NaN and NA become None, infinities become text."""
    if isinstance(value, Mapping):
        return {str(key): _json_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(item) for item in value]
    if value is None or _is_na(value):
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def _is_na(value: Any) -> bool:
    """Return True for NA of pandas, which nothing can hold unless pandas is imported."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and value is pandas.NA


def print_json(report: Mapping[str, Any]) -> None:
    """Print an object as JSON to standard output."""
    sys.stdout.write(json_text(report))


def json_text(report: Mapping[str, Any], encoding: str | None = None) -> str:
    """Return an object as JSON, with escapes for what is unsafe or not in the encoding.

    Unsafe are control characters and surrogates. By default, the encoding is that of standard
    output.
    """
    name = encoding or sys.stdout.encoding or "utf-8"
    text = json.dumps(_json_value(report), indent=2, ensure_ascii=False, allow_nan=False)
    return "".join(_escaped(char, name) for char in text) + "\n"


def _escaped(char: str, encoding: str) -> str:
    if char.isascii() and (char.isprintable() or char == "\n"):
        return char
    unsafe = unicodedata.category(char) in ("Cc", "Cf", "Cs")
    return json.dumps(char)[1:-1] if unsafe or not _has(encoding, char) else char


def _has(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
