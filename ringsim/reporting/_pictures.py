"""Pictures of a report: drawn by `ringsim.plot`, with captions in the language in use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ringsim import plot
from ringsim._week_log import first_day
from ringsim._words import word
from ringsim.calllog import CallLog
from ringsim.planning import Result, StressTest
from ringsim.reporting._figures import duration, series
from ringsim.reporting._stress import event_words
from ringsim.reporting._subject import Subject
from ringsim.reporting._svg import Sheet

__all__ = ["Gallery", "Picture", "width_of_intervals"]

CALLS_IN_CHART = 7  # number of calls in a ring chart
HALF_HOUR, HOUR, DAY, WEEK = 1800, 3600, 86_400, 604_800  # seconds
WIDTHS = {
    HALF_HOUR: "half_hour",
    HOUR: "hour",
    4 * HOUR: "four_hours",
    DAY: "one_day",
    WEEK: "week",
}
MAX_INTERVALS = 336  # in one picture: the half-hours of a week


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, with its caption."""

    svg: str
    caption: str


def width_of_intervals(result: Result) -> float:
    """Return the width [s] of the intervals of a day: half an hour, or more for a long scenario."""
    end = max(3600.0 * result.scenario.hours, result.latest)
    enough = (width for width in WIDTHS if end / width <= MAX_INTERVALS)
    return next(enough, WEEK * math.ceil(end / WEEK / MAX_INTERVALS))


class Gallery:
    """The pictures of one report."""

    def __init__(self, subject: Subject, sheet: Sheet) -> None:
        self.subject = subject
        self.sheet = sheet
        self.labels = subject.labels

    def trade_off(self, x: str, y: str) -> Picture:
        """Return a picture of what each variant brings and costs."""
        advice = self.subject.advice
        chosen = None if advice is None else self._stands_for(advice.variant)
        names = {name: self.subject.marked(name) for name in self.labels}
        axes = plot.trade_off(self.subject.comparison, x, y, names=names, chosen=chosen)
        caption = word(
            "caption.trade_off", x=self.subject.metric_name(x), y=self.subject.metric_name(y)
        )
        return self._picture(axes, caption)

    def _stands_for(self, variant: str) -> str:
        """Return the variant whose row or dot stands for a variant."""
        rows = self.subject.comparison.distinct.items()
        return next(first for first, names in rows if variant in names)

    def variants(self, metrics: tuple[str, ...]) -> Picture:
        """Return a picture of some metrics of each variant."""
        comparison = self.subject.comparison
        table = comparison.table
        rows = table[table.index.get_level_values("variant").isin(list(self.labels))]
        axes = plot.strategies(
            rows.rename(index=self.labels, level="variant"),
            metrics,
            baseline=self.labels[comparison.baseline],
        )
        names = series([self.subject.metric_name(metric) for metric in metrics])
        words = {"metrics": names[:1].upper() + names[1:]}
        baseline = self.labels[comparison.baseline]
        return self._picture(axes, word("caption.strategies", **words, baseline=baseline))

    def waits(self) -> Picture | None:
        """Return a picture of the outcomes of calls by the time waited; None without calls."""
        subject = self.subject
        if not subject.is_called:
            return None
        axes = plot.waits(subject.now, subject.thresholds.within, group=subject.group)
        return self._picture(axes, word("caption.waits"))

    def members(self) -> Picture:
        """Return a picture of the rings, answers and occupancy of each member."""
        axes = plot.members(members_of(self.subject))
        return self._picture(axes, word("caption.members"))

    def day(self) -> Picture | None:
        """Return a picture of calls, service level and members on duty.

        It is None for one interval, and without calls. For a week it shows the calls and the
        service level of each day.
        """
        subject, thresholds = self.subject, self.subject.thresholds
        if not subject.is_called:
            return None
        if len(subject.scenario.days) > 1:
            by_day = subject.now.by_day(
                thresholds.within, subject.group, variant=thresholds.variant
            )
            return self._picture(plot.week(by_day), word("caption.weekdays"))
        width = width_of_intervals(subject.now)
        asked: dict[str, Any] = {"within": thresholds.within, "variant": thresholds.variant}
        by_time = subject.now.intervals(width, subject.group, **asked)
        if len(by_time) < 2:
            return None
        name = WIDTHS.get(int(width))
        weeks = f"{width / WEEK:.0f}"
        interval = word(f"caption.{name}") if name else word("caption.weeks", n=weeks)
        axes = plot.day(by_time, subject.scenario, group=subject.group)
        return self._picture(axes, word("caption.day", interval=interval))

    def heat_map(self, frame: pd.DataFrame, x: str, y: str) -> Picture:
        """Return a picture of the service level against two settings."""
        within = duration(self.subject.thresholds.within)
        return self._picture(
            plot.heat_map(frame, x=x, y=y), word("caption.heat_map", within=within)
        )

    def stress(self, found: StressTest) -> Picture:
        """Return a picture of the events of a stress test, the worst one first."""
        names = {name: event_words(event) for name, event in found.events.items()}
        axes = plot.stress(found, ["service_level", "interruptions_per_hour"], names=names)
        return self._picture(axes, word("caption.stress"))

    def ring_charts(self) -> list[Picture]:
        """Return ring charts of the same few callers; variants with equal rings share a chart."""
        start, end = _window(first_day(self.subject.now.replay(0)), self.subject.group)
        charts: dict[bytes, tuple[CallLog, list[str]]] = {}
        for name in self.labels:
            log = first_day(self.subject.comparison.results[name].replay(0))
            rings = log.arrays.rings
            key = b"".join(column.tobytes() for column in vars(rings).values())
            charts.setdefault(key, (log, []))[1].append(name)
        return [
            self._picture(
                plot.ring_chart(log, start=start, end=end),
                word("caption.ring_chart", names=series([self.labels[name] for name in names])),
            )
            for log, names in charts.values()
        ]

    def _picture(self, axes: Any, caption: str) -> Picture:
        return Picture(self.sheet.picture(axes, caption), caption)


def members_of(subject: Subject) -> pd.DataFrame:
    """Return the table of the members of the group, or of all groups."""
    members = subject.now.members()
    return members if subject.group is None else members.loc[[subject.group]]


def _window(log: CallLog, group: str | None) -> tuple[float, float]:
    """Return a window of time in which calls of the group arrive close together.

    For a group that nobody calls directly, they are the calls that others forward to it.
    """
    calls = log.calls if group is None else log.calls[log.calls["group"] == group]
    instants = calls["arrives_at"]
    if len(instants) == 0:
        instants = log.visits.loc[log.visits["group"] == group, "entered_at"]
    arrives_at = instants.sort_values().to_numpy()
    if len(arrives_at) == 0:
        return 0.0, 300.0
    n = min(CALLS_IN_CHART, len(arrives_at))
    spans = arrives_at[n - 1 :] - arrives_at[: len(arrives_at) - n + 1]
    first = int(spans.argmin())
    start = max(0.0, float(arrives_at[first]) - 10)
    return start, max(float(arrives_at[first + n - 1]) + 90, start + 240)
