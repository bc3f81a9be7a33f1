"""Events of a stress test, from the one that breaks a group first."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ringsim._words import word
from ringsim.confidence import FEW_EVENTS
from ringsim.errors import ConfigurationError, check_choice, check_instance
from ringsim.metrics import METRICS, Thresholds, Unit
from ringsim.planning import StressTest
from ringsim.planning._findings import Row
from ringsim.plot._axes import (
    axes_for,
    dot,
    draw_row_lines,
    hide_frame,
    label_dot,
    legend_below,
    panels,
)
from ringsim.plot._colours import BLUE, VERMILLION, background_colour, text_colour
from ringsim.plot._frames import label_with, number_text, unit_of
from ringsim.plot._text import on_two_lines

__all__ = ["stress"]

NAMES, PANEL, ROW = 2.0, 4.0, 0.5  # inches: widths of the names and a panel, height of a row


def stress(
    found: StressTest,
    metrics: Sequence[str] | None = None,
    *,
    names: dict[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the difference that each event makes, with its interval, the worst event first.

    Parameters
    ----------
    found : StressTest
        Result of `ringsim.stress`.
    metrics : list of str, optional
        Metrics to show, a panel each; by default the one that orders the events, and the
        interruptions of members.
    names : dict of str to str, optional
        Labels of events, by their names.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with a row for each event; the panels of several metrics are its `child_axes`.
        Filled dots differ significantly from the scenario as it is, the vertical line.

    Raises
    ------
    ConfigurationError
        If it is not a stress test, or a metric was not compared.

    Examples
    --------
    >>> from ringsim import Demand, Scenario, Stress, stress as play
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=1)
    >>> ax = stress(play(office, what=[Stress.volume(1.3)], replications=5))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['1.3 times the calls']
    """
    check_instance("found", found, StressTest)
    compared = found.comparison.metrics
    if metrics is None:
        usual = dict.fromkeys([found.deciding, "interruptions_per_hour"])
        metrics = [name for name in usual if name in compared]
    if isinstance(metrics, str) or not metrics:
        raise ConfigurationError("metrics", "must be a list of at least one metric", metrics)
    for name in metrics:
        check_choice("metrics", name, compared)
    axes = axes_for(ax, NAMES + PANEL * len(metrics), 1.3 + ROW * len(found.order))
    labels = [on_two_lines((names or {}).get(name, name)) for name in found.order]
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.7)
    draw_row_lines(axes)
    for panel, metric in zip(panels(axes, len(metrics), stacked=False), metrics, strict=True):
        _panel(panel, [found.comparison.row(name, metric) for name in found.order], metric)
        panel.set_xlabel(_label_of(found.comparison.question, metric))
    legend_below(axes, _legend(axes))
    return axes


def _panel(panel: Axes, rows: Sequence[Row], metric: str) -> None:
    """Draw the differences in one metric."""
    unit = unit_of(metric)
    hide_frame(panel, "left")
    panel.tick_params(axis="y", length=0)
    panel.axvline(0, color=text_colour(panel), linewidth=0.9, zorder=1)
    for y, row in enumerate(rows):
        at, low, high = (
            value * unit.scale
            for value in (row.difference, row.difference_low, row.difference_high)
        )
        colour = VERMILLION if _is_worse(row, metric) else BLUE
        panel.plot([low, high], [y, y], color=colour, linewidth=2, gid=f"interval-{y}")
        hollow, behind = not row.differs, background_colour(panel)
        panel.add_line(dot(at, y, colour, behind, hollow=hollow, gid=f"estimate-{y}"))
    panel.margins(x=0.2)
    panel.autoscale_view(scaley=False)
    for y, row in enumerate(rows):
        _label(panel, y, row, unit)


def _label_of(thresholds: Thresholds, metric: str) -> str:
    """Return the label of the axis of the differences in a metric."""
    label = label_with(thresholds, metric)
    if unit_of(metric).text != " %":
        return word("plot.change_of", metric=label)
    return word("plot.change_in_points", metric=label.rpartition(" [")[0])


def _is_worse(row: Row, metric: str) -> bool:
    better = METRICS[metric].better
    return bool(row.differs and better and (row.difference > 0) == (better == "lower"))


def _label(panel: Axes, y: int, row: Row, unit: Unit) -> None:
    """Write the difference and its interval above a dot."""
    by, low, high = (
        number_text(value, unit, sign=True)
        for value in (row.difference, row.difference_low, row.difference_high)
    )
    star = "*" if row.difference and FEW_EVENTS in row.note else ""
    text = f"{by}{star} ({word('figure.between', low=low, high=high)})"
    label_dot(panel, row.difference * unit.scale, y, text)


def _legend(axes: Axes) -> list[Line2D]:
    behind = background_colour(axes)
    return [
        dot(0, 0, VERMILLION, behind, hollow=False, label=word("plot.worse")),
        dot(0, 0, BLUE, behind, hollow=False, label=word("plot.not_worse")),
        dot(0, 0, BLUE, behind, hollow=True, label=word("plot.no_difference")),
        Line2D([], [], color=BLUE, linewidth=2, label=word("plot.interval")),
    ]
