"""Rows of the table of a fit."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ringsim.estimators import Interval

__all__ = ["COLUMNS", "Row", "row", "table_of", "unit_of_parameter"]

UNITS = {  # by the end of a path; all others are bare numbers
    "calls_a_day": "calls",
    "calls_per_hour": "1/h",
    "talk_time": "s",
    "wrap_up_time": "s",
    "answer_delay": "s",
    "patience": "s",
    "patience.scale": "s",
    "every": "s",
    "lasting": "s",
    "on_duty": "h",
}


class Row(NamedTuple):
    """One parameter of a fit; `parameter` is its path in the scenario."""

    parameter: str
    estimate: float
    low: float
    high: float
    naive: float
    n_events: int
    method: str


COLUMNS = Row._fields


def row(parameter: str, found: Interval, naive: float, n_events: int, method: str) -> Row:
    """Return the row of an estimate."""
    return Row(parameter, *found, naive=float(naive), n_events=int(n_events), method=method)


def unit_of_parameter(parameter: str) -> str:
    """Return the unit of a parameter by its path, or "".

    Examples
    --------
    >>> [unit_of_parameter(f"extensions.201.{name}") for name in ("on_duty", "answer_probability")]
    ['h', '']
    >>> [unit_of_parameter(f"demand.600.{name}") for name in ("patience", "scale")]
    ['s', '']
    >>> [unit_of_parameter(f"demand.600.calls{name}") for name in ("_a_day on mon", "_per_hour")]
    ['calls', '1/h']
    """
    name = parameter.partition(" on ")[0].partition("[")[0]
    if ".calls_per_interval" in name:
        return "calls"
    return next((unit for end, unit in UNITS.items() if name.endswith(f".{end}")), "")


def table_of(rows: list[Row]) -> pd.DataFrame:
    """Return rows as a frame."""
    return pd.DataFrame(rows, columns=list(COLUMNS))
