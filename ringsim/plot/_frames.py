"""Checks of the frames that pictures are drawn from, and labels and numbers of metrics."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from ringsim.confidence import FEW_EVENTS
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.metrics import METRICS, Unit, unit_named
from ringsim.plot._text import literal

__all__ = ["axis_label", "check_frame", "number_text", "numbers", "unit_of"]


LONGEST_LABEL = 60


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
    thresholds = [part for part in note.split("; ") if part and part != FEW_EVENTS]
    words = metric.replace("_", " ") + (f", {'; '.join(thresholds)}" if thresholds else "")
    unit = unit_of(metric).axis
    return literal(words, LONGEST_LABEL) + (f" [{unit}]" if unit else "")


def number_text(value: float, unit: Unit, *, sign: bool = False) -> str:
    """Return a number for a picture, with a true minus sign; an en dash for NaN."""
    if math.isnan(value):
        return "\N{EN DASH}"
    return unit.number(value, sign=sign).replace("-", "\N{MINUS SIGN}")


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
