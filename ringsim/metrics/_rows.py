"""Rows of the tables of a run, as plain values: what the command line prints needs no pandas.

`summary_rows`
    The rows of `Tables.summary`, by metric.
`member_rows`
    The rows of `Tables.members`.
"""

from __future__ import annotations

from typing import Any

from ringsim.metrics._layouts import group_layout
from ringsim.metrics._member_metrics import columns_of, few_events_notes, member_figures
from ringsim.metrics._note_codes import short_note
from ringsim.metrics._summaries import estimates_of
from ringsim.metrics._tables import Tables
from ringsim.metrics._thresholds import Thresholds

__all__ = ["member_rows", "summary_rows"]


def summary_rows(
    tables: Tables, thresholds: Thresholds, group: str | None = None
) -> dict[str, dict[str, Any]]:
    """Return `estimate`, `low`, `high` and `note` of every metric, as in `Tables.summary`."""
    observations = tables.observed(group_layout(tables.roster, thresholds))
    found = estimates_of(observations, thresholds, tables.roster.index_of_group(group))
    return {
        name: {
            "estimate": float(each.estimate),
            "low": float(each.low),
            "high": float(each.high),
            "note": short_note(each.note),
        }
        for name, each in found.items()
    }


def member_rows(tables: Tables, level: float = 0.95) -> list[dict[str, Any]]:
    """Return a row for each group and member, with the columns of `Tables.members`."""
    roster = tables.roster
    observations = tables.observed(group_layout(roster, Thresholds(level=level)))
    shown, figures, is_few = member_figures(observations, level)
    columns = [column for name in shown for column in columns_of(name)]
    return [
        {
            "group": roster.groups[at],
            "member": roster.extensions[who],
            **dict(zip(columns, row, strict=True)),
            "note": note,
        }
        for (at, who), row, note in zip(
            roster.seats, figures.tolist(), few_events_notes(shown, is_few), strict=True
        )
    ]
