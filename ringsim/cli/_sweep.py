"""Command `sweep`: simulate every combination of some settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringsim.cli import _plan_tables
from ringsim.cli._options import PlanOptions
from ringsim.cli._parse import settings as settings_of
from ringsim.cli._parse import told_of_settings
from ringsim.cli._plans import PlanCommand
from ringsim.cli._screen import Part
from ringsim.planning import sweep
from ringsim.scenario import changed, implied_group

__all__ = ["run"]


def run(
    plan: PlanOptions,
    group: str | None,
    *,
    metrics: Sequence[str] | None,
) -> None:
    """Simulate all combinations of the values of `--set` and print the table."""
    combined = settings_of(plan.source.setting or ())
    planned = PlanCommand.read(replace(plan, source=replace(plan.source, setting=None)))
    number = implied_group(planned.scenario, group)
    with planned.playing("Sweeping") as where, told_of_settings(combined, "--set"):
        table = sweep(
            planned.scenario,
            combined,
            group=number,
            metrics=metrics,
            **planned.asked,
            **where,
        )
    first = {path: values[0] for path, values in combined.items()}
    swept = planned.assuming(changed(planned.scenario, first, number))  # `--set` is not assumed
    parts: list[Part] = [
        planned.heading(number),
        _plan_tables.combinations(table, planned.thresholds, planned.scenario),
    ]
    parts += [table.price] if table.price else []
    swept.print_result("sweep", table, parts, group=number, **planned.asked, text=table.price)
