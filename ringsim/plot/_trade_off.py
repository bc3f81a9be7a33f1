"""The price of a better variant: two metrics of all variants, one on each axis.

`trade_off`
    The picture.
`Dot`, `draw_dot`, `label_dots`
    A dot with both intervals, and labels that do not overlap.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ringsim._words import word
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.planning import Comparison
from ringsim.plot._axes import axes_for, dot, draw_row_lines, hide_frame, legend_below
from ringsim.plot._colours import BLUE, ORANGE, background_colour, text_colour
from ringsim.plot._frames import axis_label, unit_of
from ringsim.plot._text import literal, text_points

__all__ = ["Dot", "draw_dot", "label_dots", "trade_off"]

WIDTH, HEIGHT = 8.0, 4.2  # inches
FONT = 9.0  # points
LINE = 14.0  # points between the labels of two dots
INSIDE = 6.0  # points from the left end of a label above a dot to the dot
BESIDE = 12.0  # points from a dot to its label
LONGEST_NAME = 48  # letters


class Dot(NamedTuple):
    """A variant: both estimates with intervals, in the units of the axes."""

    name: str
    x: float
    y: float
    across: tuple[float, float]
    up: tuple[float, float]


def trade_off(
    comparison: Comparison,
    x: str = "interruptions_per_hour",
    y: str = "answer_rate",
    *,
    names: Mapping[str, str] | None = None,
    chosen: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each variant as a dot: what it brings upwards, and what it costs to the right.

    Parameters
    ----------
    comparison : Comparison
        Result of `ringsim.compare`.
    x, y : str
        Metrics of the two axes, of those compared; by default the interruptions of members
        and the answer rate.
    names : dict of str to str, optional
        Names to show, by variant; only these variants are drawn. By default one of those that
        do the same, by its own name.
    chosen : str, optional
        Variant to mark, with an arrow that leads to it from the baseline.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with a dot and a cross of intervals for each variant. A ring marks the baseline.

    Raises
    ------
    ConfigurationError
        If a metric was not compared, or a variant does not exist.

    Examples
    --------
    >>> from ringsim import Demand, Scenario, compare
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=1)
    >>> ax = trade_off(compare(office, "600", replications=5))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('interruptions per hour', 'answer rate [%]')
    """
    _check(comparison, (x, y), [*(names or ()), *([] if chosen is None else [chosen])])
    if names is None:
        names = {name: name for name in comparison.distinct}
    axes = axes_for(ax, WIDTH, HEIGHT)
    hide_frame(axes)
    draw_row_lines(axes)
    dots = [_dot_of(comparison, name, x, y) for name in names]
    for each in dots:
        draw_dot(axes, each, comparison.baseline, chosen)
    axes.margins(0.08)
    axes.set(xlabel=axis_label(x), ylabel=axis_label(y))
    by_name = {each.name: each for each in dots}
    start, end = by_name.get(comparison.baseline), by_name.get(chosen or "")
    legend_below(axes, _legend(axes, chosen=chosen is not None))
    nudges: dict[str, float] = {}
    if start is not None and end is not None and start is not end:
        _arrow(axes, start, end)
        nudges = {each.name: _above(axes, each, end.y >= start.y) for each in (start, end)}
    label_dots(axes, dots, names, nudges)
    return axes


def _check(comparison: object, metrics: Sequence[str], variants: Sequence[str]) -> None:
    if not isinstance(comparison, Comparison):
        raise ConfigurationError(
            "comparison", "must be a Comparison", comparison, "Give the result of compare()."
        )
    for axis, metric in zip("xy", metrics, strict=True):
        if metric not in comparison.metrics:
            known = comparison.metrics
            constraint = f"must be one of the compared metrics, {', '.join(known)}"
            raise ConfigurationError(axis, constraint, metric, did_you_mean(metric, known))
    for name in variants:
        if name not in comparison.variants:
            known = comparison.variants
            raise ConfigurationError(
                "names", f"must be variants, {', '.join(known)}", name, did_you_mean(name, known)
            )


def _dot_of(comparison: Comparison, name: str, x: str, y: str) -> Dot:
    def scaled(metric: str) -> tuple[float, float, float]:
        row: Any = comparison.table.loc[(name, metric)]
        scale = unit_of(metric).scale
        return row["estimate"] * scale, row["low"] * scale, row["high"] * scale

    (at_x, *across), (at_y, *up) = scaled(x), scaled(y)
    return Dot(name, at_x, at_y, (across[0], across[1]), (up[0], up[1]))


def _colour(name: str, chosen: str | None) -> str:
    return ORANGE if name == chosen else BLUE


def draw_dot(axes: Axes, each: Dot, baseline: str, chosen: str | None) -> None:
    colour = _colour(each.name, chosen)
    axes.plot(each.across, [each.y, each.y], color=colour, linewidth=1.4, zorder=2)
    axes.plot([each.x, each.x], each.up, color=colour, linewidth=1.4, zorder=2)
    hollow = each.name == baseline
    axes.add_line(
        dot(
            each.x,
            each.y,
            colour,
            background_colour(axes),
            hollow=hollow,
            size=9 if hollow or each.name == chosen else 6.5,
            gid=f"dot-{each.name}",
            zorder=4,
        )
    )


def _arrow(axes: Axes, start: Dot, end: Dot) -> None:
    looks = {"arrowstyle": "-|>", "color": text_colour(axes), "shrinkA": 8, "shrinkB": 8}
    axes.annotate(
        "", (end.x, end.y), (start.x, start.y), arrowprops={**looks, "linewidth": 0.9}, zorder=3
    )


def label_dots(
    axes: Axes, dots: Sequence[Dot], names: Mapping[str, str], nudges: Mapping[str, float]
) -> None:
    """Write names beside the dots, towards the middle, with a line where they had to move."""
    scale = _points_per_unit(axes)
    middle = sum(axes.get_xlim()) / 2
    known = [each for each in dots if math.isfinite(each.x) and math.isfinite(each.y)]
    leads = {"arrowstyle": "-", "color": text_colour(axes), "linewidth": 0.5, "alpha": 0.6}
    for each, up in zip(known, _apart(known, scale[1], nudges), strict=True):
        name = literal(names[each.name], LONGEST_NAME)
        side = 1 if each.x <= middle else -1
        across = -INSIDE
        if each.name not in nudges:
            across = _across(each, up, text_points(name, FONT), side, known, scale)
        is_far = each.name not in nudges and (abs(up) > LINE or across > BESIDE)
        axes.annotate(
            name,
            (each.x, each.y),
            (side * across, up),
            textcoords="offset points",
            horizontalalignment="left" if side > 0 else "right",
            verticalalignment="center",
            fontsize=FONT,
            arrowprops=leads if is_far else None,
            bbox={"facecolor": background_colour(axes), "edgecolor": "none", "pad": 0.6},
            zorder=5,
            gid=f"label-{each.name}",
        )


def _above(axes: Axes, each: Dot, is_above: bool) -> float:
    """Return how far a label is from its dot [points], above or below its interval."""
    scale, half = _points_per_unit(axes)[1], LINE / 2 + 2
    bound = each.up[1] if is_above else each.up[0]
    if math.isnan(bound):
        bound = each.y
    return (bound - each.y) * scale + (half if is_above else -half)


def _points_per_unit(axes: Axes) -> tuple[float, float]:
    """Return how many points a unit of the x axis and of the y axis takes."""
    figure = axes.get_figure(root=True)
    if figure is not None and figure.get_layout_engine() is not None:
        figure.draw_without_rendering()  # lays out the axes
    extent, per_dot = axes.get_window_extent(), 72 / axes.figure.dpi
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return extent.width * per_dot / (right - left), extent.height * per_dot / (high - low)


def _apart(dots: Sequence[Dot], scale: float, nudges: Mapping[str, float]) -> list[float]:
    """Return how far to move the labels of dots upwards [points], so that none overlap."""
    heights = [each.y * scale for each in dots]
    wanted = [at + nudges.get(each.name, 0.0) for at, each in zip(heights, dots, strict=True)]
    order = sorted(range(len(dots)), key=lambda i: wanted[i])
    places = dict.fromkeys(order, 0.0)
    lowest = -math.inf
    for i in order:
        lowest = places[i] = max(wanted[i], lowest + LINE)
    shift = sum(places[i] - wanted[i] for i in order) / max(1, len(order))
    return [places[i] - shift - heights[i] for i in range(len(dots))]


def _across(
    of: Dot, up: float, width: float, side: int, dots: Sequence[Dot], scale: tuple[float, float]
) -> float:
    """Return how far to move a label sideways [points], so that it hides no dot and interval."""
    height, across = of.y * scale[1] + up, BESIDE
    for each in sorted(dots, key=lambda each: side * each.x):
        away = side * (each.x - of.x) * scale[0]
        bottom, top = (min(each.y, each.up[0]) * scale[1], max(each.y, each.up[1]) * scale[1])
        is_level = bottom - LINE / 2 < height < top + LINE / 2
        if each is not of and is_level and across - 8 < away < across + width + 8:
            across = away + BESIDE
    return across


def _legend(axes: Axes, *, chosen: bool) -> list[Artist]:
    behind = background_colour(axes)
    handles: list[Artist] = [
        dot(0, 0, BLUE, behind, hollow=True, size=9, label=word("plot.now")),
    ]
    if chosen:
        handles.append(
            dot(0, 0, ORANGE, behind, hollow=False, size=9, label=word("plot.recommended"))
        )
    handles.append(dot(0, 0, BLUE, behind, hollow=False, label=word("plot.other")))
    handles.append(Line2D([], [], color=BLUE, linewidth=1.4, label=word("plot.interval")))
    return handles
