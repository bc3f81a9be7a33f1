"""Strategies or other variants side by side, on the same callers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ringsim._words import word
from ringsim.confidence import FEW_EVENTS
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.metrics import Unit
from ringsim.planning import Comparison
from ringsim.plot._axes import (
    axes_for,
    dot,
    draw_row_lines,
    hide_frame,
    label_dot,
    legend_below,
    panels,
)
from ringsim.plot._colours import BLUE, background_colour, text_colour
from ringsim.plot._frames import axis_label, check_frame, number_text, unit_of
from ringsim.plot._text import on_two_lines

__all__ = ["strategies"]

NAMES, PANEL, ROW = 2.0, 4.0, 0.48  # inches: widths of the names and a panel, height of a row
COLUMNS = ("estimate", "low", "high", "difference", "difference_low", "difference_high", "best")


def strategies(
    frame: pd.DataFrame | Comparison,
    metrics: Sequence[str] = ("answer_rate", "service_level"),
    *,
    baseline: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw estimates with their intervals, a row for each variant and a panel for each metric.

    Parameters
    ----------
    frame : Comparison or DataFrame
        A comparison, or its table: indexed by `variant` and `metric`, with `estimate`, `low`,
        `high`, `difference`, `difference_low`, `difference_high`, `best` and `note`.
    metrics : sequence of str, default ("answer_rate", "service_level")
        Metrics to show, in this order.
    baseline : str, optional
        Variant that the others are compared with: a line marks it, and the other rows show
        their differences to it. By default that of the comparison, and none for a table.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with the names of the variants, in the order of the frame; the panels of several
        metrics are its `child_axes`.

    Raises
    ------
    ConfigurationError
        If the frame is not such a table, or lacks a metric or the baseline.

    Notes
    -----
    Variants meet the same callers, so that their differences are known more precisely than the
    intervals of the estimates suggest. To see whether two variants differ, look at the
    difference and its interval. Filled dots mark the variants that may be the best.

    Examples
    --------
    >>> columns = ["estimate", "low", "high", "difference", "difference_low", "difference_high"]
    >>> rows = {
    ...     ("now", "answer_rate"): [0.80, 0.78, 0.82, float("nan"), float("nan"), float("nan")],
    ...     ("new", "answer_rate"): [0.85, 0.83, 0.87, 0.05, 0.04, 0.06],
    ... }
    >>> index = pd.MultiIndex.from_tuples(rows, names=["variant", "metric"])
    >>> frame = pd.DataFrame(rows.values(), index, columns).assign(best=[False, True], note="")
    >>> ax = strategies(frame, ["answer_rate"], baseline="now")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['now (baseline)', 'new']
    """
    if isinstance(frame, Comparison):
        baseline = frame.baseline if baseline is None else baseline
        frame = frame.table
    variants = _checked(frame, metrics, baseline)
    axes = axes_for(ax, NAMES + PANEL * len(metrics), 1.3 + ROW * len(variants))
    names = [word("plot.baseline", name=name) if name == baseline else name for name in variants]
    axes.set_yticks(range(len(names)), [on_two_lines(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.7)
    draw_row_lines(axes)
    drawn = panels(axes, len(metrics), stacked=False)
    for panel, metric in zip(drawn, metrics, strict=True):
        rows = frame[frame.index.get_level_values("metric") == metric].droplevel("metric")
        _panel(panel, rows.loc[variants], metric, baseline)
    few = any(FEW_EVENTS in str(note).split("; ") for note in frame["note"])
    legend_below(axes, _legend(axes, baseline, few=few))
    return axes


def _checked(frame: pd.DataFrame, metrics: Sequence[str], baseline: str | None) -> list[str]:
    """Return the names of the variants after checking all arguments."""
    check_frame("frame", frame, (*COLUMNS, "note"), "the summary of a comparison")
    if list(frame.index.names) != ["variant", "metric"]:
        raise ConfigurationError(
            "frame", "must be indexed by variant and metric", list(frame.index.names)
        )
    variants = list(dict.fromkeys(frame.index.get_level_values("variant")))
    if isinstance(metrics, str) or not list(metrics):
        raise ConfigurationError("metrics", "must be a list of at least one metric", metrics)
    known = set(frame.index.get_level_values("metric"))
    for metric in metrics:
        if metric not in known:
            raise ConfigurationError(
                "metrics", "must be metrics of the frame", metric, did_you_mean(metric, known)
            )
        for variant in variants:
            if (n := int((frame.index == (variant, metric)).sum())) != 1:
                raise ConfigurationError(
                    "frame", f"must have one row for {variant!r} and {metric!r}", n
                )
    if baseline is not None and baseline not in variants:
        raise ConfigurationError(
            "baseline", "must be a variant of the frame", baseline, did_you_mean(baseline, variants)
        )
    return variants


def _panel(panel: Axes, rows: pd.DataFrame, metric: str, baseline: str | None) -> None:
    """Draw one metric of all variants."""
    unit = unit_of(metric)
    hide_frame(panel, "left")
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel(axis_label(metric, str(rows["note"].iloc[0])))
    if baseline is not None:
        at = float(rows["estimate"].loc[baseline]) * unit.scale
        panel.axvline(at, color=text_colour(panel), linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    best = [value is True for value in rows["best"].astype("object").tolist()]
    records = rows.astype(dict.fromkeys(COLUMNS[:-1], "float64")).to_dict("records")
    for y, row in enumerate(records):
        at, low, high = (row[name] * unit.scale for name in ("estimate", "low", "high"))
        hollow = any(best) and not best[y]
        panel.plot([low, high], [y, y], color=BLUE, linewidth=2, gid=f"interval-{y}")
        name = f"estimate-{y}"
        panel.add_line(dot(at, y, BLUE, background_colour(panel), hollow=hollow, gid=name))
    panel.margins(x=0.15)
    panel.autoscale_view(scaley=False)
    for y, (variant, row) in enumerate(zip(rows.index, records, strict=True)):
        is_compared = baseline not in (None, variant)
        text = _dot_text(row, unit, is_compared=is_compared)
        label_dot(panel, row["estimate"] * unit.scale, y, text)


def _dot_text(row: Mapping[Any, Any], unit: Unit, *, is_compared: bool) -> str:
    """Return `84.2` or `84.2   Δ +3.1 (+2.2 to +4.0)`, with a star for few events."""
    text = number_text(row["estimate"], unit)
    if FEW_EVENTS in str(row["note"]).split("; "):
        text += "*"
    if not is_compared or math.isnan(row["difference"]):
        return text
    by, low, high = (
        number_text(row[name], unit, sign=True)
        for name in ("difference", "difference_low", "difference_high")
    )
    interval = word("figure.between", low=low, high=high)
    return f"{text}   \N{GREEK CAPITAL LETTER DELTA} {by} ({interval})"


def _legend(axes: Axes, baseline: str | None, *, few: bool) -> list[Artist]:
    interval = Line2D([], [], color=BLUE, linewidth=2, label=word("plot.interval"))
    best, other = (
        dot(0, 0, BLUE, background_colour(axes), hollow=hollow, label=label)
        for hollow, label in ((False, word("plot.may_be_best")), (True, word("plot.not_best")))
    )
    handles: list[Artist] = [best, other, interval]
    if baseline is not None:
        looks: dict[str, Any] = {
            "color": text_colour(axes),
            "linewidth": 0.9,
            "linestyle": (0, (4, 3)),
        }
        handles.append(
            Line2D(
                [],
                [],
                **looks,
                label=word("plot.baseline_line"),
            )
        )
    if few:
        handles.append(Line2D([], [], linestyle="none", label=word("plot.few_events_star")))
    return handles
