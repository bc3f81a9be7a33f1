"""Titles of columns, and cells with a figure and its interval."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from ringsim.metrics import METRICS, Thresholds, few_events, format_estimate, format_figure
from ringsim.scenario import Scenario

__all__ = [
    "INTERVALS",
    "STAR",
    "cell_of",
    "cells_of",
    "metric_title",
    "narrow",
    "periods_of",
    "unit_of",
]

WIDTH_OF_TITLE = 16
INTERVALS = "95 % intervals"
STAR = " * too few events to trust the interval."


def periods_of(scenario: Scenario) -> str:
    """Return the word for replications: `days`, or `weeks` if the scenario has several days."""
    return "weeks" if len(scenario.days) > 1 else "days"


def metric_title(metric: str, thresholds: Thresholds, periods: str = "days") -> str:
    """Return the name of a metric in words, with the threshold that it depends on.

    `periods` is the word for replications, which some metrics count.
    """
    titles = {
        "service_level": f"service level within {thresholds.within:g} s",
        "p_target_met": f"{periods} that reach {thresholds.target * 100:g} %",
        "short_abandon": f"abandoned within {thresholds.short:g} s",
    }
    return titles.get(metric, metric.replace("_", " "))


def narrow(title: str) -> str:
    """Return a title, folded into lines about as wide as a figure."""
    return textwrap.fill(title, WIDTH_OF_TITLE, break_long_words=False)


def unit_of(metric: str) -> str:
    """Return the unit of a metric; a goal that is not a metric is a share."""
    return METRICS[metric].unit if metric in METRICS else "rate"


def cells_of(row: Mapping[Any, Any], metrics: Sequence[str]) -> list[str]:
    """Return the figures of a row whose `note` lists the metrics with few events."""
    return [
        cell_of(row, name, METRICS[name].unit, few_events(row["note"], name)) for name in metrics
    ]


def cell_of(row: Mapping[Any, Any], name: str, unit: str, few: bool = False) -> str:
    """Return a figure with its interval; without a name, from `estimate`, `low` and `high`.

    A figure of which only an upper bound is known is shown as `at most` that bound.
    """
    plain = name in ("", "estimate")
    low, high = ("low", "high") if plain else (f"{name}_low", f"{name}_high")
    estimate, most = row[name or "estimate"], row[high]
    if math.isnan(estimate) and not math.isnan(most):
        return f"at most {format_figure(most, unit)}"
    return format_estimate(estimate, row[low], most, unit, few=few)
