"""Command `compare`: compare strategies or settings on the same callers."""

from __future__ import annotations

from collections.abc import Sequence

from ringsim.cli._options import PlanOptions
from ringsim.cli._parse import compared
from ringsim.cli._parse_amounts import margins
from ringsim.cli._plans import PlanCommand
from ringsim.cli._spoken import with_options
from ringsim.cli._strategy_files import dispatcher_named
from ringsim.planning import compare

__all__ = ["run"]


def run(
    plan: PlanOptions,
    group: str | None,
    *,
    strategies: Sequence[str],
    what_if: Sequence[str],
    baseline: str | None,
    metrics: Sequence[str] | None,
    equivalent_within: str | None = None,
) -> None:
    """Compare variants and print the findings."""
    planned, presets = PlanCommand.with_presets_apart(plan)
    same = margins(equivalent_within, "--equivalent-within")
    with planned.playing("Comparing") as where:
        comparison = compare(
            planned.scenario,
            group=group,
            strategies=[*(dispatcher_named(text) for text in strategies), *presets] or None,
            variants=compared(what_if),
            baseline=baseline,
            metrics=metrics,
            equivalent_within=same,
            **planned.asked,
            **where,
        )
    planned.print_result(
        "compare",
        comparison.table,
        [
            planned.heading(comparison.group),
            with_options(str(comparison), {"group": "--group"}),
        ],
        group=comparison.group,
        **planned.asked,
        baseline=comparison.baseline,
        equivalent_within=same,
        text=str(comparison),
    )
