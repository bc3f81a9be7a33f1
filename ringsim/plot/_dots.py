"""Dots with an interval on both axes, and labels that do not overlap."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from ringsim.plot._axes import dot
from ringsim.plot._colours import BLUE, ORANGE, background_colour, text_colour
from ringsim.plot._text import literal, text_points

__all__ = ["Dot", "above", "draw_dot", "label_dots"]

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


def above(axes: Axes, each: Dot, isabove: bool) -> float:
    """Return how far a label is from its dot [points], above or below its interval."""
    scale, half = _points_per_unit(axes)[1], LINE / 2 + 2
    bound = each.up[1] if isabove else each.up[0]
    if math.isnan(bound):
        bound = each.y
    return (bound - each.y) * scale + (half if isabove else -half)


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
    """Return how far to move a label sideways [points] to hide neither dots nor intervals."""
    height, across = of.y * scale[1] + up, BESIDE
    for each in sorted(dots, key=lambda each: side * each.x):
        away = side * (each.x - of.x) * scale[0]
        bottom, top = (min(each.y, each.up[0]) * scale[1], max(each.y, each.up[1]) * scale[1])
        is_level = bottom - LINE / 2 < height < top + LINE / 2
        if each is not of and is_level and across - 8 < away < across + width + 8:
            across = away + BESIDE
    return across
