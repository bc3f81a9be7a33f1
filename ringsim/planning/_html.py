"""Tables of results for readers: figures as text, and HTML for notebooks.

`readable`
    A table whose cells are text: an estimate and its bounds become one cell.
`estimates_table`
    The same from estimates by metric.
`as_html`
    Sentences and tables as HTML.
`as_text`
    A table as text that fits the width of pandas' display.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping
from typing import Any

from ringsim._lazy import pd
from ringsim._sentences import counted
from ringsim.confidence import Estimate
from ringsim.metrics import METRICS, few_events, format_estimate, format_figure

__all__ = ["as_html", "as_text", "estimates_table", "readable"]

UNITS_OF_COLUMNS = {  # columns of tables that are not metrics of calls
    "estimate": "rate",
    "occupancy": "rate",
    "erlang_b_blocking": "rate",
    "erlang_c_service_level": "rate",
    "offered_load": "erlang",
    "head_count": "calls",
}
BOUNDS = ("_low", "_high")


def readable(frame: pd.DataFrame, units: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return a table with text in every cell, and none of its figures as a raw float.

    Parameters
    ----------
    frame : DataFrame
        Table of a sweep, a sizing or a staffing. A column `x` with `x_low` and `x_high`
        becomes one column; `low` and `high` belong to `estimate`.
    units : dict of str to str, optional
        Units of columns, in addition to those of the metrics.

    Examples
    --------
    >>> rates = {"answer_rate": [0.8248], "answer_rate_low": [0.81], "answer_rate_high": [0.84]}
    >>> readable(pd.DataFrame({"ring_time": [12.0]} | rates)).iloc[0].tolist()
    ['12', '82.5 % (81.0 to 84.0)']
    """
    of_metrics = {name: metric.unit for name, metric in METRICS.items()}
    units = {**of_metrics, **UNITS_OF_COLUMNS, **(units or {})}
    bounds = {
        name: [low, high]
        for name in frame.columns
        for low, high in [_bounds_of(str(name))]
        if {low, high} <= {*frame.columns}
    }
    hidden = {each for pair in bounds.values() for each in pair} | {"note"}
    shown = [name for name in frame.columns if name not in hidden]
    rows = frame.to_dict("records")
    cells = {
        name: [_cell(row, name, bounds.get(name), units.get(str(name))) for row in rows]
        for name in shown
    }
    return pd.DataFrame(cells, index=frame.index, columns=shown, dtype="object")


def _bounds_of(name: str) -> tuple[str, str]:
    return ("low", "high") if name == "estimate" else (f"{name}_low", f"{name}_high")


def _cell(row: Mapping[Any, Any], name: str, bounds: list[str] | None, unit: str | None) -> str:
    value = row[name]
    if bounds is not None:
        few = few_events(row.get("note", ""), name)
        low, high = (row[bound] for bound in bounds)
        return format_estimate(value, low, high, unit or "", few=few)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and unit is not None:
        return format_figure(value, unit)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def estimates_table(columns: Mapping[str, Mapping[str, Estimate]]) -> pd.DataFrame:
    """Return a table of text with a row per metric, from the estimates of each column."""
    cells = {
        title: {
            _words(name): format_estimate(*found[:3], METRICS[name].unit, few=not found.is_trusted)
            for name, found in estimates.items()
        }
        for title, estimates in columns.items()
    }
    return pd.DataFrame(cells)


def as_html(text: str, tables: Iterable[pd.DataFrame]) -> str:
    """Return a text and tables of text, escaped, as HTML for a notebook."""
    paragraphs = f"<pre>{html.escape(text)}</pre>" if text else ""
    return paragraphs + "".join(
        table.rename(columns=_words).to_html(border=0, escape=True) for table in tables
    )


def as_text(table: pd.DataFrame) -> str:
    """Return a table of text with its columns below each other if they do not fit in one line.

    Of a table with more rows than `display.max_rows`, the first and the last ones are shown, and
    the number of rows.
    """
    width, most, some = map(
        pd.get_option, ("display.width", "display.max_rows", "display.min_rows")
    )
    is_long = most is not None and len(table) > most
    rows = min(most, some or most) if is_long else None
    text = table.to_string(line_width=width, max_rows=rows, sparsify=False)
    lines = [line.removesuffix("\\").rstrip() for line in text.splitlines()]
    return "\n".join([*lines, *([f"[{counted(len(table), 'row')}]"] if is_long else [])])


def _words(column: object) -> str:
    return str(column) if "." in str(column) else str(column).replace("_", " ")
