"""The command `simulate`: simulate, print tables or JSON, and write calls and rings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ringsim import _files
from ringsim._version import __version__
from ringsim.calllog import CallLog
from ringsim.cli import _output, _tables
from ringsim.cli._options import DisplayOptions, EngineOptions, ScenarioOptions, StudyOptions
from ringsim.cli._running import ProgressBar, execution
from ringsim.cli._scenario import per_group, scenario_from
from ringsim.confidence import FEW_EVENTS
from ringsim.errors import ConfigurationError
from ringsim.metrics import MEMBER_METRICS, METRICS, Thresholds, few_events
from ringsim.planning import Result, simulate
from ringsim.scenario import Scenario

__all__ = ["run"]

SUFFIXES = (".csv", ".parquet")


def run(
    source: ScenarioOptions,
    strategy: Sequence[str],
    asked: StudyOptions,
    shown: DisplayOptions,
    running: EngineOptions,
) -> None:
    """Simulate the scenario, write the files asked for, and print the results."""
    scenario, notes = scenario_from(source)
    outputs = _outputs(shown)
    with ProgressBar("Playing") as progress, execution(running) as where:
        result = simulate(
            scenario,
            replications=asked.replications,
            seed=asked.seed,
            dispatcher=_dispatchers(scenario, strategy),
            on_progress=progress.show,
            **where,
        )
        thresholds = {"within": asked.within, "variant": asked.variant, "target": shown.target}
        report = _report(result, notes, thresholds, shown)
        if outputs:
            _write(result, outputs)
        report()


def _report(
    result: Result, notes: list[str], thresholds: dict[str, Any], shown: DisplayOptions
) -> Callable[[], object]:
    """Compute all results and return a function that prints them.

    Any error thus occurs before files are written or anything is printed.
    """
    if shown.as_json:
        text = _output.json_text(_json(result, notes, thresholds, shown.intervals))
        return partial(sys.stdout.write, text)
    return partial(_tables.show, _shown(result, notes, thresholds, shown.intervals))


def _dispatchers(scenario: Scenario, texts: Sequence[str]) -> dict[str, str] | str | None:
    """Return the dispatcher for all groups (`--strategy NAME`) or by group (`600=NAME`)."""
    if not texts:
        return None
    if len(texts) == 1 and "=" not in texts[0]:
        return texts[0]
    return per_group("--strategy", texts, scenario.group_numbers)


def _outputs(shown: DisplayOptions) -> dict[str, Path]:
    """Return the files to write, by frame, after checking that they can be written."""
    wanted = {"calls": shown.calls, "rings": shown.rings}
    outputs = {frame: path for frame, path in wanted.items() if path is not None}
    for frame, path in outputs.items():
        if path.suffix not in SUFFIXES:
            raise ConfigurationError(f"--{frame}", "must end in .csv or .parquet", str(path))
        _files.check_writable(path)
    if len({path.resolve() for path in outputs.values()}) < len(outputs):
        raise ConfigurationError("--rings", "must be another file than --calls", str(shown.rings))
    return outputs


def _write(result: Result, outputs: dict[str, Path]) -> None:
    """Write the calls and rings of every replication: all files complete, or none.

    Replications are played again one by one. CSV files are written as they come, so that
    memory holds one replication; a Parquet file is written at the end from all of them.
    """
    whole: dict[str, list[pd.DataFrame]] = {frame: [] for frame in outputs}
    with ExitStack() as stack, ProgressBar("Writing") as progress:
        open_files = {
            frame: stack.enter_context(_files.replacing(path, binary=path.suffix == ".parquet"))
            for frame, path in outputs.items()
        }
        for replication in range(result.replications):
            log = result.replay(replication)
            for frame, file in open_files.items():
                table = _numbered(log, frame, replication)
                if outputs[frame].suffix == ".parquet":
                    whole[frame].append(table)
                else:
                    table.to_csv(file, index=False, header=replication == 0)
            progress.show(replication + 1, result.replications)
        for frame, tables in whole.items():
            if tables:
                pd.concat(tables).to_parquet(open_files[frame], index=False)


def _numbered(log: CallLog, frame: str, replication: int) -> pd.DataFrame:
    table: pd.DataFrame = getattr(log, frame)
    return table.assign(replication=replication)[["replication", *table.columns]]


def _json(
    result: Result, notes: list[str], thresholds: dict[str, Any], width: float | None
) -> dict[str, Any]:
    """Return the JSON object of the command; its shape is that of `JSON_VERSION`."""
    scenario = result.scenario
    report: dict[str, Any] = {
        "format": "ringsim.simulate",
        "version": _output.JSON_VERSION,
        "ringsim": __version__,
        "scenario": scenario.name,
        "hours": scenario.hours,
        "opens_at": scenario.opens_at,
        "replications": result.replications,
        "seed": result.seed,
        **thresholds,
        "notes": _output.all_notes(scenario, notes, _dispatched(result)),
        "all": _figures(result.summary(**thresholds)),
        "groups": {
            group.extension_number: {
                "name": group.name,
                "dispatcher": result.dispatchers[group.extension_number],
                "metrics": _figures(result.summary(group=group.extension_number, **thresholds)),
            }
            for group in scenario.groups
        },
        "members": _rows(result.members(), MEMBER_METRICS),
    }
    if width is not None:
        table = result.intervals(width, **thresholds)
        asked = [name for name, metric in METRICS.items() if metric.of_any_calls]
        report["intervals"] = _rows(table, asked, ["ends_at"])
    return report


def _figures(summary: pd.DataFrame) -> dict[str, Any]:
    return {
        row["metric"]: {name: row[name] for name in ("estimate", "low", "high", "note")}
        for row in summary.reset_index().to_dict("records")
    }


def _rows(table: pd.DataFrame, metrics: Any, plain: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return a table with columns `x`, `x_low`, `x_high` as one object per row."""
    return [
        {
            **{str(name): row[name] for name in (*table.index.names, *plain)},
            **{
                metric: {
                    "estimate": row[metric],
                    "low": row[f"{metric}_low"],
                    "high": row[f"{metric}_high"],
                    "note": FEW_EVENTS if few_events(row["note"], metric) else "",
                }
                for metric in metrics
            },
        }
        for row in table.reset_index().to_dict("records")
    ]


def _shown(
    result: Result, notes: list[str], thresholds: dict[str, Any], width: float | None
) -> list[_tables.Part]:
    """Return the texts and tables on screen: notes, callers, members, intervals."""
    scenario = result.scenario
    parts: list[_tables.Part] = [*notes]
    called = [
        group
        for group in scenario.groups
        if result.summary(group=group.extension_number).loc["received", "estimate"]
    ]
    if not any(group.members for group in called):
        return parts
    columns = {
        group.extension_number: result.summary(group=group.extension_number, **thresholds)
        for group in called
    }
    if len(columns) > 1:
        columns["all"] = result.summary(**thresholds)
    parts.append(_tables.heading(result))
    parts.append(_tables.callers(columns, scenario, Thresholds(**thresholds)))
    parts.append(_tables.members(result.members()))
    if width is not None:
        table = result.intervals(width, **thresholds)
        parts.append(_tables.intervals(table, scenario))
    return [*parts, *_output.assumed(scenario, _dispatched(result))]


def _dispatched(result: Result) -> list[str]:
    """Return the numbers of the groups whose strategy an option replaced."""
    own = {group.extension_number: str(group.ring_strategy) for group in result.scenario.groups}
    return [number for number, name in result.dispatchers.items() if name != own[number]]
