"""`ringsim sweep`: every combination of settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from rich.table import Table

from ringsim.cli import _render
from ringsim.cli._options import Plan
from ringsim.cli._plan import Planned
from ringsim.cli._settings import settings as settings_of
from ringsim.metrics import METRICS, few_events, in_words
from ringsim.planning import changed, sweep

__all__ = ["run"]


def run(plan: Plan, group: str | None, *, settings: Sequence[str], metrics: Sequence[str]) -> None:
    """Try all combinations of settings and show the table."""
    planned, combined = Planned.read(plan), settings_of(settings)
    with planned.playing("Sweeping") as where:
        table = sweep(
            planned.scenario,
            combined,
            group=group,
            metrics=list(metrics) or None,
            **planned.asked,
            **where,
        )
    first = {path: values[0] for path, values in combined.items()}
    swept = replace(planned, scenario=changed(planned.scenario, first, group))  # swept is given
    swept.tell("sweep", table, [_swept(table)], group=group, **planned.asked)


def _swept(frame: pd.DataFrame) -> Table:
    """A row per combination: its settings, then its figures with their intervals."""
    metrics = [name for name in METRICS if f"{name}_low" in frame]
    settings = list(frame.columns[: frame.columns.get_loc(metrics[0])])
    table = _render.table("", [*settings, *metrics], left=len(settings))
    for row in frame.to_dict("records"):
        figures = (
            in_words(
                row[name],
                row[f"{name}_low"],
                row[f"{name}_high"],
                METRICS[name].unit,
                few=few_events(row["note"], name),
            )
            for name in metrics
        )
        table.add_row(*(_render.printable(str(row[path])) for path in settings), *figures)
    return table
