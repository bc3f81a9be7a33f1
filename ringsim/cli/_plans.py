"""The commands that plan: compare, sweep, size and report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import pandas as pd
from rich.table import Table

from ringsim import _files
from ringsim.cli import _output, _tables
from ringsim.cli._options import (
    PlanOptions,
    SizePlanOptions,
    StaffOptions,
    StudyOptions,
    TargetOptions,
)
from ringsim.cli._parse import settings as settings_of
from ringsim.cli._parse import variants
from ringsim.cli._running import ProgressBar, execution
from ringsim.cli._scenario import scenario_from
from ringsim.errors import ConfigurationError
from ringsim.metrics import METRICS, few_events, format_estimate
from ringsim.planning import Sizing, Staffing, Target, compare, size, staffing, sweep
from ringsim.reporting import report_on
from ringsim.scenario import Scenario, changed

__all__ = ["PlanCommand", "run_compare", "run_report", "run_size", "run_sweep"]

SERVICE_LEVEL = 0.8  # default target of `size`


@dataclass(frozen=True)
class PlanCommand:
    """Options of a planning command with the scenario that they name."""

    plan: PlanOptions
    scenario: Scenario
    notes: Sequence[str]  # on data that the scenario lacks

    @classmethod
    def read(cls, plan: PlanOptions) -> Self:
        """Read the scenario, and check that the table can be written.

        Raises
        ------
        ConfigurationError
            If the scenario is invalid, or the table cannot be written.
        """
        scenario, notes = scenario_from(plan.source)
        _output.check_csv(plan.output.csv)
        return cls(plan, scenario, notes)

    @property
    def asked(self) -> dict[str, Any]:
        """Arguments of planning functions that the JSON output repeats."""
        asked = self.plan.asked
        return {
            "replications": asked.replications,
            "seed": asked.seed,
            "within": asked.within,
            "variant": asked.variant,
        }

    @contextmanager
    def playing(self, doing: str) -> Iterator[dict[str, Any]]:
        """Show progress during the block; yield engine, workers and callback as arguments."""
        with ProgressBar(doing) as progress, execution(self.plan.running) as where:
            yield {**where, "on_progress": progress.show}

    def print_result(
        self, kind: str, table: pd.DataFrame, parts: Sequence[_tables.Part], **fields: Any
    ) -> None:
        """Write the table to the CSV file, and print `parts`, or JSON of `fields` and table."""
        _output.write_csv(self.plan.output.csv, table)
        if self.plan.output.as_json:
            notes = _output.all_notes(self.scenario, self.notes)
            report = _output.heading(kind, self.scenario, notes, **fields)
            _output.print_json({**report, "table": _output.rows(table)})
        else:
            _tables.show([*self.notes, *parts, *_output.assumed(self.scenario)])


def run_compare(
    plan: PlanOptions,
    group: str | None,
    *,
    strategies: Sequence[str],
    what_if: Sequence[str],
    baseline: str | None,
    metrics: Sequence[str],
) -> None:
    """Compare variants and print the findings."""
    planned = PlanCommand.read(plan)
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
    planned.print_result(
        "compare",
        comparison.table,
        [str(comparison)],
        group=comparison.group,
        **planned.asked,
        baseline=comparison.baseline,
        text=str(comparison),
    )


def run_sweep(
    plan: PlanOptions, group: str | None, *, settings: Sequence[str], metrics: Sequence[str]
) -> None:
    """Simulate all combinations of settings and print the table."""
    planned, combined = PlanCommand.read(plan), settings_of(settings)
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
    swept = replace(
        planned, scenario=changed(planned.scenario, first, group)
    )  # swept settings are not assumed
    swept.print_result("sweep", table, [_sweep_table(table)], group=group, **planned.asked)


def _sweep_table(frame: pd.DataFrame) -> Table:
    """Return a table with a row per combination: settings, then metrics with intervals."""
    metrics = [name for name in frame.columns if f"{name}_low" in frame]
    settings = list(frame.columns[: frame.columns.get_loc(metrics[0])])
    table = _tables.new_table("", [*settings, *metrics], left=len(settings))
    for row in frame.to_dict("records"):
        figures = (
            format_estimate(
                row[name],
                row[f"{name}_low"],
                row[f"{name}_high"],
                METRICS[name].unit,
                few=few_events(row["note"], name),
            )
            for name in metrics
        )
        table.add_row(*(_tables.printable(str(row[path])) for path in settings), *figures)
    return table


def run_size(
    plan: SizePlanOptions, group: str | None, goals: TargetOptions, staffed: StaffOptions
) -> None:
    """Size the group and print how many members it needs."""
    planned = PlanCommand.read(plan)
    number = _group(planned.scenario, group)
    given = {name: value for name, value in asdict(goals).items() if value is not None}
    found = _size_or_staff(planned, number, _target(plan.asked, given), staffed)
    table = found.table.reset_index().to_string(index=False, float_format="{:.4g}".format)
    planned.print_result(
        "size",
        found.table,
        [str(found), "", table],
        group=number,
        seed=plan.asked.seed,
        within=plan.asked.within,
        variant=plan.asked.variant,
        target=given,
        text=str(found),
        **_day_figures(found),
    )


def _size_or_staff(
    planned: PlanCommand, group: str, target: Target, staffed: StaffOptions
) -> Sizing | Staffing:
    """Size the group for the whole day, or by interval if a width is given."""
    arguments: dict[str, Any] = {
        "candidates": _split_list(staffed.candidates),
        "max_members": staffed.max_members,
        "shrinkage": staffed.shrinkage,
        "max_replications": planned.plan.asked.replications,
        "seed": planned.plan.asked.seed,
    }
    with planned.playing("Sizing") as where:
        if staffed.width is None:
            return size(planned.scenario, group, target, **arguments, **where)
        return staffing(planned.scenario, group, target, width=staffed.width, **arguments, **where)


def _day_figures(found: Sizing | Staffing) -> dict[str, Any]:
    """Return the JSON fields of a sizing for the whole day; none for one by interval."""
    if isinstance(found, Staffing):
        return {}
    return {
        "members": found.members,
        "decided": found.decided,
        "possible": list(found.possible),
        "erlang_members": found.erlang_members,
        "head_count": found.head_count,
    }


def _target(asked: StudyOptions, given: dict[str, float]) -> Target:
    """Return the target, by default a service level of 80 %."""
    usual = {} if given.keys() - {"p_target_met"} else {"service_level": SERVICE_LEVEL}
    return Target(**given, **usual, within=asked.within, variant=asked.variant)


def _group(scenario: Scenario, group: str | None) -> str:
    """Return the number of the given group, or of the only group.

    Raises
    ------
    ConfigurationError
        If there is no such group, or several groups and none is given.
    """
    if group is not None:
        return scenario.group(group).extension_number
    if len(scenario.groups) != 1:
        raise ConfigurationError(
            "--group",
            f"must say which of the {len(scenario.groups)} groups it is",
            hint=f"Its groups are {', '.join(scenario.group_numbers)}.",
        )
    return scenario.group_numbers[0]


def _split_list(text: str | None) -> Sequence[str] | None:
    return None if text is None else [part.strip() for part in text.split(",")]


def run_report(plan: PlanOptions, group: str | None, path: Path) -> None:
    """Write the report, and print its findings and its path."""
    planned = PlanCommand.read(plan)
    _files.check_writable(path)
    with planned.playing("Playing") as where:
        report = report_on(planned.scenario, group=group, **planned.asked, **where)
    report.write(path)
    planned.print_result(
        "report",
        report.comparison.table,
        [*report.findings, f"The report is in {path}."],
        group=report.comparison.group,
        replications=plan.asked.replications,
        seed=plan.asked.seed,
        report=str(path),
        findings=list(report.findings),
    )
