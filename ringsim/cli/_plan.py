"""What the commands about plans do alike: read, play, write the table, and tell of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd

from ringsim.cli import _output, _render
from ringsim.cli._cluster import opened
from ringsim.cli._input import scenario_from
from ringsim.cli._options import Plan
from ringsim.cli._progress import Progress
from ringsim.scenario import Scenario

__all__ = ["Planned"]


@dataclass(frozen=True)
class Planned:
    """A plan with the scenario that it is about."""

    plan: Plan
    scenario: Scenario
    notes: Sequence[str]  # on what the scenario lacks

    @classmethod
    def read(cls, plan: Plan) -> Self:
        """Read the scenario, and find out whether the table can be written.

        Raises
        ------
        ConfigurationError
            When the scenario cannot be, or the table not be written.
        """
        scenario, notes = scenario_from(plan.source)
        _output.check_csv(plan.output.csv)
        return cls(plan, scenario, notes)

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked, as functions of planning take it and reports repeat it."""
        asked = self.plan.asked
        return {
            "replications": asked.replications,
            "seed": asked.seed,
            "within": asked.within,
            "variant": asked.variant,
        }

    @contextmanager
    def playing(self, doing: str) -> Iterator[dict[str, Any]]:
        """Where to play and whom to tell how far it is, as functions of planning take it."""
        with Progress(doing) as progress, opened(self.plan.running) as where:
            yield {**where, "on_progress": progress.show}

    def tell(
        self, kind: str, table: pd.DataFrame, words: Sequence[_render.Part], **about: Any
    ) -> None:
        """Write the table, and print words, or JSON of what it is about and the table."""
        _output.write_csv(self.plan.output.csv, table)
        if self.plan.output.as_json:
            notes = _output.all_notes(self.scenario, self.notes)
            report = _output.heading(kind, self.scenario, notes, **about)
            _output.print_json({**report, "table": _output.rows(table)})
        else:
            _render.show([*self.notes, *words, *_output.assumed(self.scenario)])
