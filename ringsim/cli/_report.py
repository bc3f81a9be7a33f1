"""`ringsim report`: one page to hand over."""

from __future__ import annotations

from pathlib import Path

from ringsim import files
from ringsim.cli._options import Plan
from ringsim.cli._plan import Planned
from ringsim.report import report_on

__all__ = ["run"]


def run(plan: Plan, group: str | None, path: Path) -> None:
    """Make the page, write it, and say where it is."""
    planned = Planned.read(plan)
    files.check_writable(path)
    with planned.playing("Playing") as where:
        report = report_on(planned.scenario, group=group, **planned.asked, **where)
    report.write(path)
    planned.tell(
        "report",
        report.comparison.table,
        [*report.findings, f"The report is in {path}."],
        group=report.comparison.group,
        replications=plan.asked.replications,
        seed=plan.asked.seed,
        report=str(path),
        findings=list(report.findings),
    )
