"""Predicted days against days that happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ringsim._words import word
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.plot._axes import axes_for, draw_row_lines, hide_frame, legend_below, panels
from ringsim.plot._colours import VERMILLION, background_colour, mix, text_colour
from ringsim.plot._frames import axis_label, check_frame, unit_of

if TYPE_CHECKING:
    from ringsim.fitting import Backtest

__all__ = ["backtest"]

SHOWN = ("answer_rate", "service_level", "mean_speed_of_answer", "offered")
COLUMNS = ("metric", "day", "observed", "predicted", "low", "high", "verdict")
HEIGHT, WIDTH = 1.45, 7.5  # of a panel, and of the picture [inch]


def backtest(
    found: Backtest, metrics: Sequence[str] | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw each day against what the scenario predicted for it.

    Parameters
    ----------
    found : Backtest
        Result of `ringsim.backtest` or `Fit.check`.
    metrics : sequence of str, optional
        Metrics to draw, each in a panel; by default answer rate, service level, mean speed of
        answer and number of calls.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with a panel for each metric: a bar between the bounds that hold a day with 90 %
        probability, a line at the prediction, a dot for a day inside and a cross for one outside.

    Raises
    ------
    ConfigurationError
        If there is no such metric.
    """
    table: Any = getattr(found, "table", found)
    check_frame("backtest", table, COLUMNS, "ringsim.backtest(...)")
    chosen = _chosen(table, metrics)
    axes = axes_for(ax, WIDTH, HEIGHT * len(chosen) + 0.9)
    within = getattr(found, "within", None)
    for panel, metric in zip(panels(axes, len(chosen), stacked=True), chosen, strict=True):
        _draw(panel, table[(table["metric"] == metric).to_numpy()], metric, within)
    days = sorted(table["day"].unique())
    axes.set_xlim(min(days) - 0.6, max(days) + 0.6)
    axes.set_xticks(days)
    axes.set_xlabel(word("backtest.day"))
    hide_frame(axes)
    legend_below(axes, _legend(axes))
    return axes


def _chosen(table: Any, metrics: Sequence[str] | None) -> list[str]:
    known = list(dict.fromkeys(table["metric"]))
    if metrics is None:
        return [metric for metric in SHOWN if metric in known] or known[:1]
    if not metrics:
        raise ConfigurationError("metrics", "must name at least one metric", metrics)
    for metric in metrics:
        if metric not in known:
            raise ConfigurationError(
                "metrics", f"must be among {', '.join(known)}", metric, did_you_mean(metric, known)
            )
    return list(metrics)


def _draw(ax: Axes, rows: pd.DataFrame, metric: str, within: float | None) -> None:
    scale = _unit(metric).scale
    day = rows["day"].to_numpy()
    columns = {
        name: scale * rows[name].to_numpy() for name in ("observed", "predicted", "low", "high")
    }
    pale = mix(background_colour(ax), text_colour(ax), 0.25)
    ax.vlines(day, columns["low"], columns["high"], color=pale, linewidth=7, gid="bounds")
    ax.plot(
        day,
        columns["predicted"],
        linestyle="none",
        marker="_",
        markersize=9,
        color=text_colour(ax),
        gid="predicted",
    )
    inside = (rows["verdict"] == "inside").to_numpy()
    for some, name, style in ((inside, "inside", _INSIDE), (~inside, "outside", _OUTSIDE)):
        colour = text_colour(ax) if name == "inside" else VERMILLION
        ax.plot(
            day[some], columns["observed"][some], linestyle="none", color=colour, gid=name, **style
        )
    draw_row_lines(ax)
    is_level = metric == "service_level" and within is not None
    note = f"within {within:g} s" if is_level else ""
    ax.set_title(axis_label(metric, note), loc="left", fontsize="small")
    ax.margins(y=0.15)


_INSIDE: dict[str, Any] = {"marker": "o", "markersize": 5}
_OUTSIDE: dict[str, Any] = {"marker": "X", "markersize": 7}


def _unit(metric: str) -> Any:
    return unit_of("answer_rate" if metric.startswith("answer_share") else metric)


def _legend(ax: Axes) -> list[Any]:
    ink = text_colour(ax)
    return [
        Line2D([], [], linestyle="none", color=ink, label=word("backtest.inside"), **_INSIDE),
        Line2D(
            [], [], linestyle="none", color=VERMILLION, label=word("backtest.outside"), **_OUTSIDE
        ),
        Line2D(
            [],
            [],
            linestyle="none",
            color=ink,
            marker="_",
            markersize=9,
            label=word("backtest.predicted"),
        ),
        Patch(facecolor=mix(background_colour(ax), ink, 0.25), label=word("backtest.bounds")),
    ]
