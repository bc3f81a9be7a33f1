"""`ringsim report`: one page to hand over."""

from __future__ import annotations

from pathlib import Path

from ringsim import files
from ringsim.cli import _output
from ringsim.cli._compare import Asked
from ringsim.cli._progress import Progress
from ringsim.report import report_on
from ringsim.scenario import Scenario

__all__ = ["run"]


def run(scenario: Scenario, notes: list[str], asked: Asked, path: Path) -> None:
    """Make the page, write it, and say where it is."""
    files.check_writable(path)
    _output.check_csv(asked.csv)
    with Progress("Playing") as progress, asked.running.open() as where:
        arguments = asked.arguments(progress)
        del arguments["metrics"]
        report = report_on(scenario, **arguments, **where)
    report.write(path)
    _output.write_csv(asked.csv, report.comparison.table)
    if not asked.as_json:
        _output.show(notes, *report.findings, f"The report is in {path}.")
        return
    about = {
        "group": report.comparison.group,
        "replications": asked.replications,
        "seed": asked.seed,
        "report": str(path),
        "findings": list(report.findings),
    }
    whole = _output.heading("report", scenario, notes, **about)
    _output.print_json({**whole, "table": _output.rows(report.comparison.table)})
