"""Frames that pictures are made of, and the words and units of what is in them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from ringsim.confidence import FEW_EVENTS
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.metrics import METRICS
from ringsim.plot._text import literal

__all__ = ["Measure", "check_frame", "measure_of", "numbers"]


LONGEST_LABEL = 60


class Measure(NamedTuple):
    """How a metric reads: what its figures are multiplied by, its axis, its decimals and unit."""

    scale: float
    label: str
    decimals: int
    unit: str

    def text(self, figure: float, *, sign: bool = False) -> str:
        """A figure in words, a dash where there is none."""
        if math.isnan(figure):
            return "\N{EN DASH}"
        text = f"{figure * self.scale:{'+' if sign else ''}.{self.decimals}f}"
        return text.replace("-", "\N{MINUS SIGN}")


def measure_of(metric: str, note: str = "") -> Measure:
    """How a metric reads; of one that ringsim does not know, the bare figure.

    Examples
    --------
    >>> measure_of("answer_rate")
    Measure(scale=100, label='answer rate [%]', decimals=1, unit='%')
    """
    unit = METRICS[metric].unit if metric in METRICS else ""
    told = "; ".join(part for part in note.split("; ") if part and part != FEW_EVENTS)
    words = literal(metric.replace("_", " ") + (f", {told}" if told else ""), LONGEST_LABEL)
    scale, decimals, shown = {"rate": (100, 1, "%"), "s": (1, 1, "s"), "index": (1, 2, "")}.get(
        unit, (1, 2, unit)
    )
    return Measure(scale, f"{words} [{shown}]" if shown else words, decimals, shown)


def check_frame(name: str, frame: object, columns: Iterable[str], source: str) -> None:
    """Refuse what is no frame with these columns and a row.

    Parameters
    ----------
    name : str
        What the frame is called.
    frame : object
        What was given.
    columns : iterable of str
        What it must have.
    source : str
        Where such a frame comes from.
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
    """A column of a frame as floats; NaN is one.

    Raises
    ------
    ConfigurationError
        When it holds anything else.
    """
    found = pd.to_numeric(column, errors="coerce").astype("float64")
    wrong = column[found.isna() & column.notna()]
    if len(wrong):
        raise ConfigurationError(f"{name}[{column.name!r}]", "must hold numbers", wrong.tolist()[0])
    return found
