"""The price of a better variant: two metrics of all variants, one on each axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ringsim._words import word
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.planning import Comparison
from ringsim.plot._axes import axes_for, dot, draw_row_lines, hide_frame, legend_below
from ringsim.plot._colours import BLUE, ORANGE, background_colour, text_colour
from ringsim.plot._dots import Dot, above, draw_dot, label_dots
from ringsim.plot._frames import label_with, unit_of

__all__ = ["trade_off"]

WIDTH, HEIGHT = 8.0, 4.2  # inches
ROOM = 0.13  # of the height, above and below all intervals: a label may stand there


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
    axes.margins(0.08, ROOM)
    axes.set(xlabel=label_with(comparison.question, x), ylabel=label_with(comparison.question, y))
    by_name = {each.name: each for each in dots}
    start, end = by_name.get(comparison.baseline), by_name.get(chosen or "")
    legend_below(axes, _legend(axes, chosen=chosen is not None))
    nudges: dict[str, float] = {}
    if start is not None and end is not None and start is not end:
        _arrow(axes, start, end)
        nudges = {each.name: above(axes, each, end.y >= start.y) for each in (start, end)}
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


def _arrow(axes: Axes, start: Dot, end: Dot) -> None:
    looks = {"arrowstyle": "-|>", "color": text_colour(axes), "shrinkA": 8, "shrinkB": 8}
    axes.annotate(
        "", (end.x, end.y), (start.x, start.y), arrowprops={**looks, "linewidth": 0.9}, zorder=3
    )


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
