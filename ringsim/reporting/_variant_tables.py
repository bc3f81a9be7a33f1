"""Tables of a report that compare variants."""

from __future__ import annotations

from collections.abc import Sequence

from ringsim._words import decimal, word
from ringsim.metrics import METRICS
from ringsim.reporting._figures import Cell, change_text, compared_cell
from ringsim.reporting._subject import Subject
from ringsim.reporting._tables import Table

__all__ = ["changes_table", "figures_table", "pages"]


def changes_table(subject: Subject, variant: str) -> Table:
    """Return a table of the figures with the baseline and with the recommended variant."""
    comparison = subject.comparison
    headings = ("metric", "variant", "difference", "verdict")
    rows = []
    for metric in comparison.metrics:
        new = comparison.row(variant, metric)
        bounds = new.difference, new.difference_low, new.difference_high
        better = METRICS[metric].better
        verdict = "same"
        if new.differs:
            verdict = "other"
            if better:
                verdict = "better" if (new.difference > 0) == (better == "higher") else "worse"
        rows.append(
            (
                _metric_cell(metric, subject),
                compared_cell(comparison, comparison.baseline, metric),
                compared_cell(comparison, variant, metric),
                Cell(*change_text(*bounds, metric).partition("; ")[::2])
                if new.difference
                else word("figure.same"),
                word(f"table.{verdict}"),
            )
        )
    titles = [word(f"table.{name}") for name in headings]
    columns = (
        titles[0],
        subject.now_word,
        subject.labels.get(variant, subject.label(variant)),
        *titles[2:],
    )
    return Table(word("table.changes"), columns, tuple(rows))


def _metric_cell(metric: str, subject: Subject) -> Cell:
    """Return the name of a metric, with its threshold below it."""
    within = word("plot.within", within=decimal(f"{subject.thresholds.within:g}"))
    return Cell(subject.metric_name(metric), within if metric == "service_level" else "")


def pages(subject: Subject, variant: str) -> bool:
    """Return whether a group pages with a variant."""
    playing = subject.comparison.results[variant].study.dispatchers
    return any(dispatcher.auto_answer for dispatcher in playing.values())


def figures_table(subject: Subject, metrics: Sequence[str]) -> Table:
    """Return a table of metrics with a row for each variant that differs."""
    comparison = subject.comparison
    rows = []
    for name in subject.labels:
        figures = (compared_cell(comparison, name, metric) for metric in metrics)
        rows.append((Cell(subject.marked(name), subject.details(name)), *figures))
    captions = {
        ("answer_rate", "abandonment_rate"): "for_callers",
        ("overflow_rate", "fairness"): "for_members",
    }
    caption = captions.get((metrics[0], metrics[-1]), "figures")
    headings = (word("table.variant"), *(subject.metric_name(metric) for metric in metrics))
    return Table(word(f"table.{caption}"), headings, tuple(rows))
