"""Command `report`: compare strategies or settings, and write a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ringsim import _files
from ringsim.cli._options import PlanOptions
from ringsim.cli._page_options import PageOptions
from ringsim.cli._parse import what_if as what_if_of
from ringsim.cli._plans import PlanCommand
from ringsim.cli._strategy_files import dispatcher_named
from ringsim.dispatch import Dispatcher, name_of
from ringsim.planning._variants import strategy_named
from ringsim.reporting import report

__all__ = ["run"]


def run(
    plan: PlanOptions,
    group: str | None,
    path: Path,
    *,
    strategies: Sequence[str],
    what_if: Sequence[str],
    page: PageOptions,
) -> None:
    """Write the report, and print its findings and its path."""
    planned, presets = PlanCommand.with_presets_apart(plan)
    _files.check_writable(path)
    wanted = asdict(page)
    sections = wanted.pop("section") or None
    chosen = [strategy_named(dispatcher_named(text), "--strategy") for text in strategies]
    chosen += presets
    with planned.playing("Playing") as where:
        written = report(
            planned.scenario,
            group,
            variants={_name(each): each for each in chosen} or None,
            what_if=what_if_of(what_if),
            sections=sections,
            **wanted,
            **planned.asked,
            **where,
        )
    written.save(path)
    comparison = written.comparison
    planned.print_result(
        "report",
        comparison.table,
        [
            planned.heading(comparison.group),
            "\n".join([*written.findings, f"The report is in {path}."]),
        ],
        group=comparison.group,
        replications=plan.asked.replications,
        seed=plan.asked.seed,
        report=str(path),
        findings=list(written.findings),
    )


def _name(strategy: Dispatcher | str) -> str:
    return strategy if isinstance(strategy, str) else name_of(strategy)
