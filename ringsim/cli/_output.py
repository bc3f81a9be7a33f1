"""What a command about plans prints and writes: words or JSON, and a table as CSV."""

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
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the start of one


def check_csv(path: Path | None) -> None:
    """Find out whether the table can be written before the work begins.

    Raises
    ------
    ConfigurationError
        When it is no .csv file, or cannot be written.
    """
    if path is None:
        return
    if path.suffix != ".csv":
        raise ConfigurationError("--csv", "must end in .csv", str(path))
    _files.check_writable(path)


def write_csv(path: Path | None, frame: pd.DataFrame) -> None:
    """Write a table, complete or not at all; no text in it is a formula to a spreadsheet."""
    if path is None:
        return
    with _files.replacing(path) as file:
        _with_index(frame).map(_cell).to_csv(file, index=False)


def _cell(value: Any) -> Any:
    """Text that stays in its cell, which a carriage return is not quoted for, and is text."""
    if not isinstance(value, str):
        return value
    text = f"'{value}" if value.startswith(FORMULA) else value
    return text.replace("\r\n", "\n").replace("\r", "\n")


def heading(kind: str, scenario: Scenario, notes: Sequence[str], **asked: Any) -> dict[str, Any]:
    """What every JSON object begins with."""
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
    """What JSON has as `notes`: what is missing, what is carried along, what is assumed."""
    return [*missing, *scenario.notes, *assumptions(scenario, dispatched)]


def assumed(scenario: Scenario, dispatched: Collection[str] = ()) -> list[str]:
    """What stands below the tables: a heading, and each assumption on a line of its own."""
    lines = [f"- {sentence}" for sentence in assumptions(scenario, dispatched)]
    return ["\n".join(["", "Assumed:", *lines])] if lines else []


def rows(frame: pd.DataFrame) -> list[Mapping[Any, Any]]:
    """A table as one object a row, its index included."""
    return _with_index(frame).to_dict("records")  # type: ignore[return-value]  # keys are names


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with its index, if it has one that means something, as columns."""
    return frame.reset_index() if frame.index.names != [None] else frame


def _plain(value: Any) -> Any:
    """What JSON has for it: NaN and what is missing are null, infinity is a word."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def print_json(report: Mapping[str, Any]) -> None:
    """One object on standard output."""
    sys.stdout.write(json_text(report))


def json_text(report: Mapping[str, Any]) -> str:
    """An object as JSON, with escapes for what a terminal would obey or cannot be encoded."""
    text = json.dumps(_plain(report), indent=2, ensure_ascii=False, allow_nan=False)
    return "".join(map(_escaped, text)) + "\n"


def _escaped(char: str) -> str:
    unsafe = char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs")
    return json.dumps(char)[1:-1] if unsafe else char
