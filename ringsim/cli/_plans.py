"""Parts of all commands that plan: the scenario and its table, and the target.

`PlanCommand`
    Options of a planning command with the scenario that they name.
`with_goals`, `target_of`
    Return the limits of the target, and the target, from options.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Self, TypeVar

import pandas as pd

from ringsim._sentences import counted
from ringsim.cli import _output, _tables
from ringsim.cli._options import PlanOptions, StudyOptions
from ringsim.cli._parse_amounts import service_level
from ringsim.cli._running import ProgressBar, execution
from ringsim.cli._scenario import scenario_from
from ringsim.cli._screen import Part, show
from ringsim.cli._spreadsheets import FrameFiles
from ringsim.cli._target_options import TargetOptions
from ringsim.errors import ConfigurationError
from ringsim.metrics import Thresholds
from ringsim.planning import Target
from ringsim.presets import preset
from ringsim.scenario import Scenario

__all__ = ["PlanCommand", "limits_of", "target_of", "with_goals"]

SERVICE_LEVEL = 0.8  # default limit of a target

P = TypeVar("P", bound=PlanOptions)


@dataclass(frozen=True)
class PlanCommand:
    """Options of a planning command with the scenario that they name."""

    plan: PlanOptions
    scenario: Scenario
    notes: Sequence[str]  # on data that the scenario lacks
    files: FrameFiles
    further: Sequence[str] = ()  # assumptions beside those of the scenario

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
    def thresholds(self) -> Thresholds:
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
        days = "" if count is None else counted(count, "replication")
        if at_most and days:
            days = f"at most {days}"
        numbers = self.scenario.group_numbers if group is None else [group]
        lines = _tables.group_lines(self.scenario, numbers, now=" today")
        scenario, seed = self.scenario, self.plan.asked.seed
        return _tables.heading(scenario, days, seed, lines)

    def assuming(self, scenario: Scenario, further: Sequence[str] = ()) -> Self:
        """Return the command with the assumptions of the scenario that it found."""
        return replace(self, scenario=scenario, further=further)

    def print_decision(
        self, kind: str, table: pd.DataFrame, parts: Sequence[Part], **fields: Any
    ) -> None:
        """Print what was found for a target; its JSON has the seed and the thresholds."""
        asked = self.plan.asked
        repeated = {"seed": asked.seed, "within": asked.within, "variant": asked.variant}
        self.print_result(kind, table, parts, **repeated, **fields)

    def print_result(
        self, kind: str, table: pd.DataFrame, parts: Sequence[Part], **fields: Any
    ) -> None:
        """Write the table to files, and print `parts`, or JSON of `fields` and table."""
        self.files.write({kind: table})
        if self.plan.output.as_json:
            notes = _output.all_notes(self.scenario, self.notes, further=self.further)
            report = _output.heading(kind, self.scenario, notes, **fields)
            _output.print_json({**report, "table": _output.rows(table)})
        else:
            assumed = _output.assumed(self.scenario, further=self.further)
            show([*_output.told(self.notes), *parts, *assumed])


def _check_preset(name: str) -> None:
    try:
        preset(name)
    except ConfigurationError as wrong:
        raise ConfigurationError("--preset", wrong.constraint, wrong.got, wrong.hint) from None


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


def target_of(asked: StudyOptions, given: dict[str, float]) -> Target:
    """Return the target."""
    return Target(**limits_of(given), within=asked.within, variant=asked.variant)


def limits_of(given: dict[str, float]) -> dict[str, float]:
    """Return the limits of the target by metric, by default a service level of 80 %."""
    usual = {} if given.keys() - {"p_target_met"} else {"service_level": SERVICE_LEVEL}
    return given | usual
