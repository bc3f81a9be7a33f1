"""The commands that plan: compare, sweep and size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Self, TypeVar

import pandas as pd

from ringsim.cli import _output, _plan_tables, _tables
from ringsim.cli._options import PlanOptions, StudyOptions
from ringsim.cli._parse import compared, margins, service_level, told_of_settings
from ringsim.cli._parse import settings as settings_of
from ringsim.cli._running import ProgressBar, execution
from ringsim.cli._scenario import scenario_from
from ringsim.cli._screen import Part, show
from ringsim.cli._spoken import with_options
from ringsim.cli._spreadsheets import FrameFiles, by_the_clock
from ringsim.cli._strategy_files import dispatcher_named
from ringsim.cli._target_options import SizePlanOptions, StaffOptions, TargetOptions
from ringsim.errors import ConfigurationError
from ringsim.metrics import Thresholds
from ringsim.planning import (
    Sizing,
    Staffing,
    Target,
    WeekStaffing,
    compare,
    size,
    staffing,
    sweep,
)
from ringsim.presets import preset
from ringsim.scenario import Scenario, changed, implied_group, named_group

__all__ = [
    "PlanCommand",
    "run_compare",
    "run_size",
    "run_sweep",
    "target_of",
    "with_goals",
]

SERVICE_LEVEL = 0.8  # default target of `size`

P = TypeVar("P", bound=PlanOptions)


@dataclass(frozen=True)
class PlanCommand:
    """Options of a planning command with the scenario that they name."""

    plan: PlanOptions
    scenario: Scenario
    notes: Sequence[str]  # on data that the scenario lacks
    files: FrameFiles

    @classmethod
    def read(cls, plan: PlanOptions) -> Self:
        """Read the scenario, and check that the table can be written.

        Raises
        ------
        ConfigurationError
            If the scenario is invalid, or the table cannot be written.
        """
        scenario, notes = scenario_from(plan.source)
        return cls(plan, scenario, notes, FrameFiles(plan.output))

    @classmethod
    def with_presets_apart(cls, plan: PlanOptions) -> tuple[Self, Sequence[str]]:
        """Read the scenario without the presets, which are strategies to compare."""
        source = replace(plan.source, preset=None)
        presets = plan.source.preset or ()
        for name in presets:
            _check_preset(name)
        return cls.read(replace(plan, source=source)), presets

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

    @property
    def question(self) -> Thresholds:
        """Thresholds of the metrics."""
        return Thresholds(self.plan.asked.within, self.plan.asked.variant)

    @contextmanager
    def playing(self, doing: str) -> Iterator[dict[str, Any]]:
        """Show progress during the block; yield engine, workers and callback as arguments."""
        with ProgressBar(doing) as progress, execution(self.plan.running) as where:
            yield {**where, "on_progress": progress.show}

    def heading(self, group: str | None, *, at_most: bool = False) -> str:
        """Return the lines above the results: the scenario, and the group or all groups.

        With `at_most`, the number of replications is a limit, which need not be given.
        """
        count = self.plan.asked.replications
        days = "1 replication" if count == 1 else f"{count} replications"
        if at_most:
            days = "" if count is None else f"at most {days}"
        numbers = self.scenario.group_numbers if group is None else [group]
        lines = _tables.group_lines(self.scenario, numbers, now=" today")
        scenario, seed = self.scenario, self.plan.asked.seed
        return _tables.heading(scenario, days, seed, lines)

    def print_result(
        self, kind: str, table: pd.DataFrame, parts: Sequence[Part], **fields: Any
    ) -> None:
        """Write the table to files, and print `parts`, or JSON of `fields` and table."""
        self.files.write({kind: table})
        if self.plan.output.as_json:
            notes = _output.all_notes(self.scenario, self.notes)
            report = _output.heading(kind, self.scenario, notes, **fields)
            _output.print_json({**report, "table": _output.rows(table)})
        else:
            show([*_output.told(self.notes), *parts, *_output.assumed(self.scenario)])


def _check_preset(name: str) -> None:
    try:
        preset(name)
    except ConfigurationError as wrong:
        raise ConfigurationError("--preset", wrong.constraint, wrong.got, wrong.hint) from None


def run_compare(
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
    with planned.playing("Comparing") as where:
        comparison = compare(
            planned.scenario,
            group=group,
            strategies=[*(dispatcher_named(text) for text in strategies), *presets] or None,
            variants=compared(what_if),
            baseline=baseline,
            metrics=metrics,
            equivalent_within=margins(equivalent_within, "--equivalent-within"),
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
        text=str(comparison),
    )


def run_sweep(
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
    swept = replace(
        planned, scenario=changed(planned.scenario, first, number)
    )  # swept settings are not assumed
    parts: list[Part] = [
        planned.heading(number),
        _plan_tables.combinations(table, planned.question),
    ]
    parts += [table.price] if table.price else []
    swept.print_result("sweep", table, parts, group=number, **planned.asked, text=table.price)


def run_size(
    plan: SizePlanOptions, group: str | None, goals: TargetOptions, staffed: StaffOptions
) -> None:
    """Size the group and print how many members it needs."""
    plan, given = with_goals(plan, goals)
    planned = PlanCommand.read(plan)
    number = named_group(planned.scenario, group)
    found = _size_or_staff(planned, number, target_of(plan.asked, given), staffed)
    planned.print_result(
        "size",
        by_the_clock(found.table, planned.scenario.opens_at),
        [planned.heading(number, at_most=True), str(found), *_grids(found)],
        group=number,
        seed=plan.asked.seed,
        within=plan.asked.within,
        variant=plan.asked.variant,
        target=given,
        text=str(found),
        **_day_figures(found),
    )


def _grids(found: Sizing | Staffing | WeekStaffing) -> Iterator[Part]:
    """Yield the table of a sizing, or of each day of a week."""
    if isinstance(found, Sizing):
        yield _plan_tables.sizes(found)
    elif isinstance(found, Staffing):
        yield _plan_tables.staffed(found)
    else:
        for day, plan in found.by_day.items():
            yield _plan_tables.staffed(plan, day)


def with_goals(plan: P, goals: TargetOptions) -> tuple[P, dict[str, float]]:
    """Return the plan and the limits of the target by metric.

    The plan has the threshold of a service level such as 80/20.

    Raises
    ------
    ConfigurationError
        If the service level is invalid, or its threshold is given in two ways.
    """
    given = {name: value for name, value in asdict(goals).items() if value is not None}
    if goals.service_level is None:
        return plan, given
    given["service_level"], within = service_level(goals.service_level)
    if within is None:
        return plan, given
    if plan.asked.within not in (within, StudyOptions.within):
        raise ConfigurationError(
            "--within", "must not be given beside a threshold in --service-level", plan.asked.within
        )
    return replace(plan, asked=replace(plan.asked, within=within)), given


def _size_or_staff(
    planned: PlanCommand, group: str, target: Target, staffed: StaffOptions
) -> Sizing | Staffing | WeekStaffing:
    """Size the group for the whole day, or by interval if a width is given."""
    arguments: dict[str, Any] = {
        "candidates": _split_list(staffed.candidates),
        "max_members": staffed.max_members,
        "shrinkage": staffed.shrinkage,
        "seed": planned.plan.asked.seed,
    }
    if planned.plan.asked.replications is not None:
        arguments["max_replications"] = planned.plan.asked.replications
    with planned.playing("Sizing") as where:
        if staffed.width is None:
            return size(planned.scenario, group, target, **arguments, **where)
        return staffing(planned.scenario, group, target, width=staffed.width, **arguments, **where)


def _day_figures(found: Sizing | Staffing | WeekStaffing) -> dict[str, Any]:
    """Return the JSON fields of a sizing for the whole day; none for one by interval."""
    if not isinstance(found, Sizing):
        return {}
    return {
        "members": found.members,
        "decided": found.decided,
        "possible": list(found.possible),
        "erlang_members": found.erlang_members,
        "head_count": found.head_count,
    }


def target_of(asked: StudyOptions, given: dict[str, float]) -> Target:
    """Return the target, by default a service level of 80 %."""
    usual = {} if given.keys() - {"p_target_met"} else {"service_level": SERVICE_LEVEL}
    return Target(**given, **usual, within=asked.within, variant=asked.variant)


def _split_list(text: str | None) -> Sequence[str] | None:
    return None if text is None else [part.strip() for part in text.split(",")]
