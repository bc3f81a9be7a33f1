"""Stress test of a report: played with its callers, and told in the language in use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ringsim._words import decimal, word
from ringsim.metrics import METRICS
from ringsim.planning import Stress, StressTest, stress
from ringsim.reporting._figures import Cell, change_text, figure_text, metric_name, sentence
from ringsim.reporting._subject import Subject
from ringsim.reporting._tables import Table

__all__ = ["SHOWN", "event_words", "stress_table", "stress_test_of"]

SHOWN = ("service_level", "answer_rate", "mean_speed_of_answer", "interruptions_per_hour")


def stress_test_of(subject: Subject, running: Mapping[str, Any]) -> StressTest | None:
    """Return the stress test of the group as it is, with the callers of the report.

    None for all groups, for given days, of which there are no others, and without calls.
    """
    now, group = subject.now, subject.group
    if group is None or now.study.workloads:
        return None
    demand = now.scenario.demand.get(group)
    if demand is None or not demand.expected_calls(now.scenario.hours):
        return None
    return stress(
        now.scenario,
        group,
        metrics=SHOWN,
        level=subject.thresholds.level,
        **subject.asked,
        **running,
    )


def event_words(event: Stress) -> str:
    """Return an event in words."""
    at = event.at if isinstance(event.at, str) or event.at is None else decimal(f"{event.at:g} s")
    return word(
        f"stress.{event.kind}",
        person=event.person,
        factor=decimal(f"{event.factor:g}"),
        calls=event.calls,
        minutes=decimal(f"{event.minutes:g}"),
        at=at,
        target=word("stress.voicemail") if event.target == "voicemail" else event.target,
    )


def stress_table(found: StressTest) -> Table:
    """Return a table with a row for each event, from the worst one on."""
    comparison = found.comparison
    rows: list[tuple[str | Cell, ...]] = []
    for name in (comparison.baseline, *found.order):
        is_today = name == comparison.baseline
        words = word("report.now") if is_today else event_words(found.events[name])
        rows.append((sentence(words), *(_cell(found, name, metric) for metric in SHOWN)))
    headings = (word("table.event"), *(metric_name(metric) for metric in SHOWN))
    return Table(word("table.stress"), headings, tuple(rows))


def _cell(found: StressTest, event: str, metric: str) -> Cell:
    """Return a figure with its change from the scenario as it is."""
    row = found.comparison.row(event, metric)
    text = figure_text(row.estimate, METRICS[metric].unit)
    if row.difference == 0 or math.isnan(row.difference):
        return Cell(text)
    return Cell(text, change_text(row.difference, row.difference_low, row.difference_high, metric))
