"""JSON and CSV output of the commands, and the assumptions below their tables."""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ringsim import _files
from ringsim._version import __version__
from ringsim.errors import ConfigurationError
from ringsim.scenario import Scenario, assumptions

__all__ = [
    "JSON_VERSION",
    "all_notes",
    "assumed",
    "check_csv",
    "heading",
    "json_text",
    "print_json",
    "rows",
    "write_csv",
]

JSON_VERSION = 1
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # first characters of a formula in a spreadsheet


def check_csv(path: Path | None) -> None:
    """Check before the work begins that the table can be written.

    Raises
    ------
    ConfigurationError
        If the path does not end in .csv, or the file cannot be written.
    """
    if path is None:
        return
    if path.suffix != ".csv":
        raise ConfigurationError("--csv", "must end in .csv", str(path))
    _files.check_writable(path)


def write_csv(path: Path | None, frame: pd.DataFrame) -> None:
    """Write a table atomically; spreadsheets read no text in it as a formula."""
    if path is None:
        return
    with _files.replacing(path) as file:
        _with_index(frame).map(_safe_cell).to_csv(file, index=False)


def _safe_cell(value: Any) -> Any:
    """Return text that a spreadsheet does not read as a formula, without carriage returns.

    `to_csv` does not quote a carriage return, which would end the row.
    """
    if not isinstance(value, str):
        return value
    text = f"'{value}" if value.startswith(FORMULA) else value
    return text.replace("\r\n", "\n").replace("\r", "\n")


def heading(kind: str, scenario: Scenario, notes: Sequence[str], **asked: Any) -> dict[str, Any]:
    """Return the first fields of every JSON object."""
    return {
        "format": f"ringsim.{kind}",
        "version": JSON_VERSION,
        "ringsim": __version__,
        "scenario": scenario.name,
        "notes": list(notes),
        **asked,
    }


def all_notes(
    scenario: Scenario, missing: Sequence[str], dispatched: Collection[str] = ()
) -> list[str]:
    """Return the `notes` of a JSON object: missing data, notes of the scenario, assumptions."""
    return [*missing, *scenario.notes, *assumptions(scenario, dispatched)]


def assumed(scenario: Scenario, dispatched: Collection[str] = ()) -> list[str]:
    """Return the text below the tables: a heading, and each assumption on a line of its own."""
    lines = [f"- {sentence}" for sentence in assumptions(scenario, dispatched)]
    return ["\n".join(["", "Assumed:", *lines])] if lines else []


def rows(frame: pd.DataFrame) -> list[Mapping[Any, Any]]:
    """Return a table as one object per row, including its index."""
    return _with_index(frame).to_dict("records")  # type: ignore[return-value]  # keys are names


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its index as columns, if the index has a name."""
    return frame.reset_index() if frame.index.names != [None] else frame


def _json_value(value: Any) -> Any:
    """Return a value as JSON can hold it: NaN and NA become None, infinities become text."""
    if isinstance(value, Mapping):
        return {str(key): _json_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(item) for item in value]
    if value is None or value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def print_json(report: Mapping[str, Any]) -> None:
    """Print an object as JSON to standard output."""
    sys.stdout.write(json_text(report))


def json_text(report: Mapping[str, Any]) -> str:
    """Return an object as JSON, with control characters and surrogates escaped."""
    text = json.dumps(_json_value(report), indent=2, ensure_ascii=False, allow_nan=False)
    return "".join(map(_escaped, text)) + "\n"


def _escaped(char: str) -> str:
    unsafe = char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs")
    return json.dumps(char)[1:-1] if unsafe else char
