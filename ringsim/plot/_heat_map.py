"""Heat map of a metric against two settings."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from ringsim._words import decimal, word
from ringsim.errors import ConfigurationError
from ringsim.plot._axes import axes_for, points_across
from ringsim.plot._colours import GREY, background_colour, contrast_colour
from ringsim.plot._frames import (
    check_frame,
    label_of,
    number_text,
    numbers,
    setting_label,
    unit_of,
)
from ringsim.plot._text import literal, text_points

__all__ = ["heat_map"]

CELL = (0.75, 0.5)  # inches
FONT = 10.0  # points
COLOURS = "Blues"  # light to dark, in grey as well


def heat_map(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    metric: str = "service_level",
    ax: Axes | None = None,
) -> Axes:
    """Draw a metric for each pair of values of two settings, as a number on a shaded cell.

    Parameters
    ----------
    frame : DataFrame
        A row for each pair. Settings and metric are columns or levels of the index.
    x, y : str
        Settings along the axes. Numbers are sorted, y upwards; texts keep the order of the frame.
    metric : str, default "service_level"
        Metric to show; darker cells have higher values.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Cells are crossed out if the pair is not in the frame or its metric is NaN.

    Raises
    ------
    ConfigurationError
        If the frame lacks a column or has a pair twice.

    Examples
    --------
    >>> rows = [(2, 10, 0.61), (2, 20, 0.58), (3, 10, 0.83), (3, 20, 0.80)]
    >>> frame = pd.DataFrame(rows, columns=["members", "ring_time", "service_level"])
    >>> ax = heat_map(frame, x="ring_time", y="members")
    >>> [text.get_text() for text in ax.texts]
    ['61.0', '58.0', '83.0', '80.0']
    """
    table = _table(frame, x, y, metric)
    columns, rows = _sorted(table[x]), _sorted(table[y])
    figures = numbers("frame", table.set_index([y, x])[metric]).to_dict()
    width, height = (2 + CELL[0] * len(columns), 1.2 + CELL[1] * len(rows))
    axes = axes_for(ax, max(width, 4.0), height)
    known = [value for value in figures.values() if not np.isnan(value)]
    scale = Normalize(min(known, default=0), max(known, default=1))
    for row, of_row in enumerate(rows):
        for column, of_column in enumerate(columns):
            figure = figures.get((of_row, of_column), np.nan)
            _draw_cell(axes, column, row, figure, number_text(figure, unit_of(metric)), scale)
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(-0.5, len(rows) - 0.5))
    labels = [_tick(value) for value in columns]
    axes.set_xticks(range(len(columns)), labels)
    if max(text_points(label, FONT) for label in labels) > points_across(axes) / len(labels):
        axes.tick_params(axis="x", rotation=30)
        for tick in axes.get_xticklabels():
            tick.set(horizontalalignment="right", rotation_mode="anchor")
    axes.set_yticks(range(len(rows)), [_tick(value) for value in rows])
    axes.set(xlabel=setting_label(x), ylabel=setting_label(y))
    axes.set_title(label_of(frame, metric), loc="left", fontsize="medium")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return axes


def _tick(value: Any) -> str:
    """Return the label of a value: a number without trailing zeros, yes or no, or its text."""
    if isinstance(value, bool | np.bool_):
        return word("figure.yes" if value else "figure.no")
    if isinstance(value, float):
        return decimal(f"{value:.12g}")
    return literal(value)


def _table(frame: pd.DataFrame, x: str, y: str, metric: str) -> pd.DataFrame:
    """Return the three columns after checking them."""
    if isinstance(frame, pd.DataFrame):
        named = [name for name in frame.index.names if name is not None]
        frame = frame.reset_index(named)
    check_frame("frame", frame, (x, y, metric), "a row for each pair of settings")
    if x == y:
        raise ConfigurationError("y", "must be another setting than x", y)
    table = frame[[x, y, metric]]
    for setting in (x, y):
        table = table.assign(**{setting: [_hashable(value) for value in table[setting]]})
    twice = table[table.duplicated([x, y])]
    if len(twice):
        pair = tuple(twice[[x, y]].iloc[0].tolist())
        raise ConfigurationError(
            "frame",
            f"must have one row for each pair of {x} and {y}",
            pair,
            "Choose the rows of one value of every other setting.",
        )
    return table


def _hashable(value: Any) -> Any:
    """Return a value that can be hashed: the setting itself, or its text."""
    return value if isinstance(value, Hashable) else str(value)


def _sorted(values: pd.Series[Any]) -> list[Any]:
    """Return each value once: numbers sorted, other values in the order of the frame."""
    found = values.drop_duplicates()
    return (found.sort_values() if pd.api.types.is_numeric_dtype(found) else found).tolist()


def _draw_cell(
    axes: Axes, column: int, row: int, figure: float, text: str, scale: Normalize
) -> None:
    behind = background_colour(axes)
    known = not np.isnan(figure)
    shade = mpl.colormaps[COLOURS](0.1 + 0.8 * float(scale(figure))) if known else behind
    cell = Rectangle(
        (column - 0.5, row - 0.5),
        width=1,
        height=1,
        facecolor=shade,
        edgecolor=behind if known else GREY,
        hatch=None if known else "xx",
        linewidth=1.5 if known else 0,
    )
    axes.add_patch(cell)
    axes.text(
        column,
        row,
        text,
        color=contrast_colour(shade[:3]),
        horizontalalignment="center",
        verticalalignment="center",
    )
