"""Checks of the frames that pictures are drawn from, and labels and numbers of metrics."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from ringsim._words import decimal, has_word, word
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.metrics import METRICS, Thresholds, Unit, unit_named
from ringsim.plot._text import literal

__all__ = [
    "axis_label",
    "check_frame",
    "label_of",
    "label_with",
    "metric_words",
    "number_text",
    "numbers",
    "setting_label",
    "unit_of",
]


LONGEST_LABEL = 60
THRESHOLDS = ("within ", "target ")  # what notes on thresholds begin with
WITHIN = re.compile(r"within (\S+) s(?:, (\w+))?")  # note of the service level


def unit_of(metric: str) -> Unit:
    """Return the unit of a metric; a bare number for metrics that ringsim does not know."""
    return unit_named(METRICS[metric].unit if metric in METRICS else "")


def axis_label(metric: str, note: str = "") -> str:
    """Return the label of an axis: the metric, the thresholds in its note, and its unit.

    Examples
    --------
    >>> axis_label("service_level", "within 20 s, offered")
    'service level, within 20 s, offered [%]'
    """
    thresholds = [_threshold(part) for part in note.split("; ") if part.startswith(THRESHOLDS)]
    words = metric_words(metric) + (f", {'; '.join(thresholds)}" if thresholds else "")
    unit = unit_of(metric).axis
    unit = word(f"unit.{unit}") if has_word(f"unit.{unit}") else unit
    return literal(words, LONGEST_LABEL) + (f" [{unit}]" if unit else "")


def label_of(frame: pd.DataFrame, metric: str) -> str:
    """Return the label of an axis for a metric of a table, with the threshold in its `attrs`."""
    return axis_label(metric, str(frame.attrs.get(metric, "")))


def label_with(thresholds: Thresholds, metric: str) -> str:
    """Return the label of an axis for a metric, with the threshold of a service level."""
    return axis_label(metric, thresholds.note if metric == "service_level" else "")


def metric_words(metric: str) -> str:
    """Return the name of a metric in words."""
    key = f"metric.{metric}"
    return word(key) if has_word(key) else metric.replace("_", " ")


def _threshold(note: str) -> str:
    """Return the threshold in a note of the service level in words; other notes as they are."""
    found = WITHIN.fullmatch(note)
    if found is None:
        return note
    within = word("plot.within", within=decimal(found[1]))
    return within if found[2] is None else f"{within}, {word(f'level.{found[2]}')}"


def setting_label(path: str) -> str:
    """Return the label of an axis of a setting: its words and unit, and whose setting it is.

    Examples
    --------
    >>> setting_label("ring_time"), setting_label("groups.600.n_members")
    ('ring time [s]', 'members of 600')
    """
    *owner, name = str(path).split(".")
    words = word(f"setting.{name}") if has_word(f"setting.{name}") else name.replace("_", " ")
    return literal(_of_owner(words, owner[-1]) if owner else words, LONGEST_LABEL)


def _of_owner(words: str, owner: str) -> str:
    """Return `members of 600`, with the unit of the setting, if any, at the end."""
    setting, bracket, unit = words.partition(" [")
    return word("setting.of", setting=setting, owner=owner) + bracket + unit


def number_text(value: float, unit: Unit, *, sign: bool = False) -> str:
    """Return a number for a picture, with a true minus sign; an en dash for NaN."""
    if math.isnan(value):
        return "\N{EN DASH}"
    return decimal(unit.number(value, sign=sign).replace("-", "\N{MINUS SIGN}"))


def check_frame(name: str, frame: object, columns: Iterable[str], source: str) -> None:
    """Check that `frame` is a DataFrame with some columns and at least one row.

    Parameters
    ----------
    name : str
        Name of the argument, for the error.
    frame : object
        Value of the argument.
    columns : iterable of str
        Columns that the frame must have.
    source : str
        Function or value that gives such a frame, for the hint.

    Raises
    ------
    ConfigurationError
        If the check fails.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ConfigurationError(name, "must be a DataFrame", frame, f"Give {source}.")
    for column in columns:
        if column not in frame.columns:
            hint = did_you_mean(column, frame.columns) or f"Give {source}."
            raise ConfigurationError(
                name, f"must have a column {column!r}", list(frame.columns), hint
            )
    if frame.empty:
        raise ConfigurationError(name, "must have at least one row", list(frame.columns))


def numbers(name: str, column: pd.Series[Any]) -> pd.Series[float]:
    """Return a column as floats; NaN is allowed.

    Raises
    ------
    ConfigurationError
        If the column of the frame `name` holds anything but numbers.
    """
    found = pd.to_numeric(column, errors="coerce").astype("float64")
    wrong = column[found.isna() & column.notna()]
    if len(wrong):
        raise ConfigurationError(f"{name}[{column.name!r}]", "must hold numbers", wrong.tolist()[0])
    return found
