"""`ringsim compare`: variants of a group on the same callers, and what was found."""

from __future__ import annotations

from collections.abc import Sequence

from ringsim.cli._options import Plan
from ringsim.cli._plan import Planned
from ringsim.cli._settings import variants
from ringsim.planning import compare

__all__ = ["run"]


def run(
    plan: Plan,
    group: str | None,
    *,
    strategies: Sequence[str],
    what_if: Sequence[str],
    baseline: str | None,
    metrics: Sequence[str],
) -> None:
    """Compare and tell what was found."""
    planned = Planned.read(plan)
    with planned.playing("Comparing") as where:
        comparison = compare(
            planned.scenario,
            group=group,
            strategies=list(strategies) or None,
            variants=variants(what_if),
            baseline=baseline,
            metrics=list(metrics) or None,
            **planned.asked,
            **where,
        )
    planned.tell(
        "compare",
        comparison.table,
        [str(comparison)],
        group=comparison.group,
        **planned.asked,
        baseline=comparison.baseline,
        text=str(comparison),
    )
