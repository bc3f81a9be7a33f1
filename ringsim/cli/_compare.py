"""`ringsim compare` and `ringsim sweep`: what if."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from ringsim.cli import _output, _render
from ringsim.cli._cluster import Running
from ringsim.cli._progress import Progress
from ringsim.errors import ConfigurationError
from ringsim.metrics import METRICS, in_words
from ringsim.planning import compare, sweep
from ringsim.scenario import Scenario

__all__ = ["Asked", "run_compare", "run_sweep"]


@dataclass(frozen=True)
class Asked:
    """What is asked of both."""

    group: str | None
    metrics: Sequence[str]
    replications: int
    seed: int
    within: float
    variant: str
    engine: str
    running: Running
    as_json: bool
    csv: Path | None

    def arguments(self, progress: Progress) -> dict[str, Any]:
        """The same as arguments of a function of planning."""
        return {
            "group": self.group,
            "metrics": list(self.metrics) or None,
            "replications": self.replications,
            "seed": self.seed,
            "within": self.within,
            "variant": self.variant,
            "engine": self.engine,
            "on_progress": progress.show,
        }


def run_compare(
    scenario: Scenario,
    notes: list[str],
    asked: Asked,
    *,
    strategies: Sequence[str],
    what_if: Sequence[str],
    baseline: str | None,
) -> None:
    """Compare and tell what was found."""
    _output.check_csv(asked.csv)
    with Progress("Comparing") as progress, asked.running.open() as where:
        comparison = compare(
            scenario,
            strategies=list(strategies) or None,
            variants=_variants(what_if),
            baseline=baseline,
            **asked.arguments(progress),
            **where,
        )
    _output.write_csv(asked.csv, comparison.table)
    if not asked.as_json:
        _output.show(notes, str(comparison))
        return
    about = {
        "group": comparison.group,
        "replications": comparison.replications,
        "seed": comparison.seed,
        "within": asked.within,
        "variant": asked.variant,
        "baseline": comparison.baseline,
        "text": str(comparison),
    }
    report = _output.heading("compare", scenario, notes, **about)
    _output.print_json({**report, "table": _output.rows(comparison.table)})


def run_sweep(scenario: Scenario, notes: list[str], asked: Asked, settings: Sequence[str]) -> None:
    """Try all combinations of settings and show the table."""
    _output.check_csv(asked.csv)
    with Progress("Sweeping") as progress, asked.running.open() as where:
        table = sweep(scenario, _settings(settings), **asked.arguments(progress), **where)
    _output.write_csv(asked.csv, table)
    if not asked.as_json:
        _render.show([*map(_render.printable, notes), _swept(table)])
        return
    about = {
        "group": asked.group,
        "replications": asked.replications,
        "seed": asked.seed,
        "within": asked.within,
        "variant": asked.variant,
    }
    report = _output.heading("sweep", scenario, notes, **about)
    _output.print_json({**report, "table": _output.rows(table)})


def _swept(frame: pd.DataFrame) -> Table:
    """A row per combination: its settings, then its figures with their intervals."""
    metrics = [name for name in METRICS if f"{name}_low" in frame]
    settings = list(frame.columns[: frame.columns.get_loc(metrics[0])])
    table = _render.table("", [*settings, *metrics], left=len(settings))
    for row in frame.to_dict("records"):
        figures = (
            in_words(
                row[name],
                row[f"{name}_low"],
                row[f"{name}_high"],
                METRICS[name].unit,
                few=name in row["note"],
            )
            for name in metrics
        )
        table.add_row(*(_render.printable(str(row[path])) for path in settings), *figures)
    return table


def _variants(texts: Sequence[str]) -> dict[str, dict[str, Any]] | None:
    """`["short: ring_time=10"]` as `{"short": {"ring_time": 10}}`; one name may come again."""
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        name, colon, change = text.partition(":")
        path, equals, value = change.partition("=")
        if not (name.strip() and colon and path.strip() and equals):
            raise ConfigurationError(
                "--what-if",
                "must be NAME:PATH=VALUE",
                text,
                "Write --what-if short:ring_time=10.",
            )
        found.setdefault(name.strip(), {})[path.strip()] = _value(value)
    return found or None


def _settings(texts: Sequence[str]) -> dict[str, list[Any]]:
    """`["ring_time=10,15"]` as `{"ring_time": [10, 15]}`; a value with commas is a JSON list."""
    found: dict[str, list[Any]] = {}
    for text in texts:
        path, equals, values = text.partition("=")
        if not (path.strip() and equals and values.strip()):
            raise ConfigurationError(
                "--set", "must be PATH=VALUE,VALUE", text, "Write --set ring_time=10,15,20."
            )
        whole = _value(values)
        listed = whole if isinstance(whole, list) else [_value(each) for each in values.split(",")]
        found[path.strip()] = listed
    if not found:
        raise ConfigurationError("--set", "must be given", hint="Write --set ring_time=10,15,20.")
    return found


def _value(text: str) -> Any:
    """A number, yes or no, a list or a table in JSON; anything else is text."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()
