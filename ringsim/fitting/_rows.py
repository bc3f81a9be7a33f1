"""Rows of the table of a fit."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ringsim.estimators import Interval

__all__ = ["COLUMNS", "Row", "row", "table_of"]


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


def table_of(rows: list[Row]) -> pd.DataFrame:
    """Return rows as a frame."""
    return pd.DataFrame(rows, columns=list(COLUMNS))
