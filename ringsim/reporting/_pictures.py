"""Pictures of a report, embedded in the page."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ringsim import plot
from ringsim.calllog import CallLog
from ringsim.planning import Comparison, Result

__all__ = [
    "Picture",
    "day",
    "embedded",
    "heat_map",
    "members",
    "ring_charts",
    "strategies",
    "waits",
    "width_of_intervals",
]

CALLS_IN_CHART = 7  # number of calls in a ring chart
HALF_HOUR, HOUR, DAY, WEEK = 1800, 3600, 86_400, 604_800  # seconds
WIDTHS = {HALF_HOUR: "half-hour", HOUR: "hour", 4 * HOUR: "four hours", DAY: "day", WEEK: "week"}
MAX_INTERVALS = 336  # in one picture: the half-hours of a week


@dataclass(frozen=True)
class Picture:
    """An image as a data URL, with its caption."""

    source: str
    caption: str


def strategies(comparison: Comparison) -> Picture:
    """Return a picture of answer rate and service level of each variant."""
    axes = plot.strategies(comparison.table, baseline=comparison.baseline)
    return embedded(
        axes,
        "Answer rate and service level of each strategy with 95 % intervals, and the difference to "
        f"{comparison.baseline}. Filled dots mark strategies that may be the best.",
    )


def waits(result: Result, group: str, within: float) -> Picture:
    """Return a picture of the outcomes of calls by the time waited."""
    logs = (result.replay(replication).calls for replication in range(result.replications))
    calls = [log.loc[log["group"] == group, ["outcome", "wait"]] for log in logs]
    axes = plot.waits(pd.concat(calls, ignore_index=True), within)
    return embedded(
        axes, "Calls answered, abandoned and overflowed by the time waited, in all replications."
    )


def members(result: Result, group: str) -> Picture:
    """Return a picture of the rings, answers and occupancy of each member."""
    axes = plot.members(result.members().loc[[group]])
    return embedded(axes, "Who is rung, who answers, and how busy each member is.")


def width_of_intervals(result: Result) -> float:
    """Return the width [s] of the intervals of `day`: half an hour, or more for a long scenario."""
    end = max(3600.0 * result.scenario.hours, result.latest)
    enough = (width for width in WIDTHS if end / width <= MAX_INTERVALS)
    return next(enough, WEEK * math.ceil(end / WEEK / MAX_INTERVALS))


def day(result: Result, group: str, by_time: pd.DataFrame, width: float) -> Picture:
    """Return a picture of calls, service level and members on duty over the day."""
    axes = plot.day(by_time, result.scenario, group=group)
    name = WIDTHS.get(int(width), f"{width / WEEK:.0f} weeks")
    return embedded(axes, f"Calls by {name} of arrival, service level, and members on duty.")


def heat_map(frame: pd.DataFrame, x: str, y: str, caption: str) -> Picture:
    """Return a picture of the service level against two settings."""
    return embedded(plot.heat_map(frame, x=x, y=y), caption)


def ring_charts(results: Mapping[str, Result], baseline: str, group: str) -> list[Picture]:
    """Return ring charts of the same few callers; strategies with equal rings share a chart."""
    start, end = _window(results[baseline].replay(0), group)
    charts: dict[bytes, tuple[CallLog, list[str]]] = {}
    for name, result in results.items():
        log = result.replay(0)
        rings = log.arrays.rings
        key = b"".join(column.tobytes() for column in vars(rings).values())
        charts.setdefault(key, (log, []))[1].append(name)
    return [
        embedded(
            plot.ring_chart(log, start=start, end=end),
            f"{' and '.join(names)}: the same callers as in the other charts.",
        )
        for log, names in charts.values()
    ]


def _window(log: CallLog, group: str) -> tuple[float, float]:
    """Return a window of time in which calls of the group arrive close together."""
    calls = log.calls
    arrives_at = calls.loc[calls["group"] == group, "arrives_at"].sort_values().to_numpy()
    if len(arrives_at) == 0:
        return 0.0, 300.0
    n = min(CALLS_IN_CHART, len(arrives_at))
    spans = arrives_at[n - 1 :] - arrives_at[: len(arrives_at) - n + 1]
    first = int(spans.argmin())
    start = max(0.0, float(arrives_at[first]) - 10)
    return start, max(float(arrives_at[first + n - 1]) + 90, start + 240)


def embedded(axes: Any, caption: str) -> Picture:
    """Return the figure of some axes as a picture, and close it."""
    encoded = base64.b64encode(plot.svg(axes, close=True).encode()).decode("ascii")
    return Picture(f"data:image/svg+xml;base64,{encoded}", caption)
