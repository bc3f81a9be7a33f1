"""Sections of a report, with their texts, tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ringsim.confidence import FEW_EVENTS
from ringsim.dispatch import Dispatcher
from ringsim.metrics import METRICS, format_estimate, format_figure
from ringsim.planning import Comparison, Result
from ringsim.reporting import _assumptions, _pictures
from ringsim.reporting._assumptions import Table
from ringsim.scenario import Scenario

__all__ = [
    "Section",
    "assumptions_section",
    "callers_section",
    "charts_section",
    "people_section",
    "settings_section",
    "strategies_section",
]


@dataclass(frozen=True)
class Section:
    """A heading with texts, tables and pictures."""

    heading: str
    parts: Sequence[Any]


def strategies_section(comparison: Comparison) -> Section:
    """Return the section that compares the strategies."""
    half = (len(comparison.metrics) + 1) // 2
    return Section(
        "The strategies, with the same callers",
        [
            _pictures.strategies(comparison),
            _figures(comparison, comparison.metrics[:half]),
            _figures(comparison, comparison.metrics[half:]),
            "Numbers in brackets are 95 % intervals; * means too few events to trust the interval. "
            "To see whether two strategies differ, look at the differences in the picture: all "
            "strategies met the same callers.",
        ],
    )


def _figures(comparison: Comparison, metrics: Sequence[str]) -> Table:
    """Return a table of metrics with a row per strategy."""
    rows = []
    for name in comparison.variants:
        of_variant = comparison.table.loc[name]
        figures = (_figure(of_variant.loc[metric], metric) for metric in metrics)
        baseline = " (as it is)" if name == comparison.baseline else ""
        rows.append((name + baseline, *figures))
    return Table(("strategy", *(metric.replace("_", " ") for metric in metrics)), tuple(rows))


def _figure(row: Any, metric: str) -> str:
    few = FEW_EVENTS in row["note"]
    return format_estimate(row["estimate"], row["low"], row["high"], METRICS[metric].unit, few=few)


def callers_section(now: Result, comparison: Comparison) -> Section:
    """Return the section on the calls of the group today, with their outcomes by time."""
    group, question = str(comparison.group), comparison.question
    summary = now.summary(question.within, group, variant=question.variant)
    rows = [
        (metric.replace("_", " "), _figure(summary.loc[metric], metric), METRICS[metric].definition)
        for metric in summary.index
    ]
    parts: list[Any] = [
        _pictures.waits(now, group, question.within),
        Table(("metric", "as it is", "definition"), tuple(rows), left=3),
    ]
    asked: dict[str, Any] = {"within": question.within, "variant": question.variant}
    width = _pictures.width_of_intervals(now)
    by_time = now.intervals(width, group, **asked)
    if len(by_time) > 1:
        parts.insert(1, _pictures.day(now, group, by_time, width))
    return Section("What callers experience as it is", parts)


def people_section(now: Result, group: str) -> Section:
    """Return the section on rings, answers and occupancy of the members today."""
    units = {
        "rung": "calls",
        "answered": "calls",
        "ring_no_answer": "calls",
        "interruptions_per_hour": "calls",
        "answer_share": "rate",
        "occupancy": "rate",
    }
    rows = [
        (
            str(member),
            *(format_figure(row[name], unit) for name, unit in units.items()),
        )
        for member, row in now.members().loc[group].iterrows()
    ]
    headings = ("member", *(name.replace("_", " ") for name in units))
    return Section(
        "What members experience as it is",
        [
            _pictures.members(now, group),
            Table(headings, tuple(rows)),
            "Rings and answers are those of this group, per replication. Occupancy is the share of "
            "time on duty in calls and wrap-up, in all groups. The picture shows the intervals.",
        ],
    )


def settings_section(tried: pd.DataFrame, comparison: Comparison) -> Section:
    """Return the section on other ring times and numbers of members."""
    caption = (
        f"Service level within {comparison.question.within:g} s, in percent, for other ring "
        "times and numbers of members. A smaller group has the first members of the list; further "
        "members are like the last one."
    )
    return Section(
        "Other ring times and numbers of members",
        [_pictures.heat_map(tried, "ring_time", "n_members", caption)],
    )


def charts_section(comparison: Comparison, group: str) -> Section:
    """Return the section with ring charts of a few calls for each strategy."""
    charts = _pictures.ring_charts(comparison.results, comparison.baseline, group)
    return Section("What each strategy does", charts)


def assumptions_section(scenario: Scenario, present: Mapping[str, Dispatcher]) -> Section:
    """Return the section with the input tables and the assumptions of the model."""
    return Section(
        "What was assumed",
        [
            _assumptions.groups(scenario, present),
            _assumptions.callers(scenario),
            _assumptions.people(scenario),
            *_assumptions.ASSUMPTIONS,
        ],
    )
