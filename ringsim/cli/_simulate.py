"""Command `simulate`: simulate, print tables or JSON, and write calls and rings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from ringsim import _files
from ringsim._lazy import pd
from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.cli import _output
from ringsim.cli._options import EngineOptions, ScenarioOptions
from ringsim.cli._parse import assigned
from ringsim.cli._per_group import per_group
from ringsim.cli._running import ProgressBar, execution
from ringsim.cli._scenario import scenario_from
from ringsim.cli._screen import show
from ringsim.cli._settings import check_beside
from ringsim.cli._simulate_options import DayOptions, DisplayOptions
from ringsim.cli._simulated import SimulatedDays
from ringsim.cli._spreadsheets import FrameFiles, check_suffix
from ringsim.cli._strategy_files import dispatcher_named
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError
from ringsim.metrics import Thresholds, default_metrics, shown_metrics
from ringsim.planning import Result, simulate
from ringsim.presets import names as preset_names
from ringsim.scenario import Scenario

__all__ = ["run"]

SUFFIXES = (".csv", ".parquet")


def run(
    source: ScenarioOptions,
    strategy: Sequence[str],
    asked: DayOptions,
    shown: DisplayOptions,
    running: EngineOptions,
) -> None:
    """Simulate the scenario, write the files asked for, and print the results."""
    named = [text for text in strategy if text.rpartition("=")[2] in preset_names()]
    presets = [*(source.preset or ()), *named]
    strategy = [text for text in strategy if text not in named]
    for path in assigned(source.setting or ()):
        if path.endswith("ring_strategy"):
            check_beside(path, "--strategy", strategy)
    scenario, notes = scenario_from(replace(source, preset=presets))
    tables = ["days"] if scenario.days else []
    tables += ["intervals"] if shown.intervals is not None else []
    files = FrameFiles(shown, ["members", *tables])
    outputs = _outputs(shown, files.paths)
    with ProgressBar("Playing") as progress, execution(running) as where:
        result = simulate(
            scenario,
            replications=asked.replications,
            seed=asked.seed,
            warm_up=asked.warm_up,
            first_replication=asked.first_replication,
            control=asked.control,
            dispatcher=_dispatchers(scenario, strategy),
            on_progress=progress.show,
            **where,
        )
        study = SimulatedDays(
            result,
            notes,
            Thresholds(asked.within, asked.variant, target=shown.target),
            shown.intervals,
            tuple(shown_metrics(result.roster))
            if shown.show_all
            else default_metrics(scenario, None, counts_callers=result.counts_callers),
        )
        report = _report(study, as_json=shown.as_json)
        with ExitStack() as stack:
            files.write(study.frames if files.paths else {}, stack)
            _write(result, outputs, stack)
        report()


def _report(study: SimulatedDays, *, as_json: bool) -> Callable[[], object]:
    """Compute all results and return a function that prints them.

    Any error thus occurs before files are written or anything is printed.
    """
    if as_json:
        return partial(sys.stdout.write, _output.json_text(study.json))
    return partial(show, study.parts)


def _dispatchers(scenario: Scenario, texts: Sequence[str]) -> DispatcherChoice:
    """Return the dispatcher for all groups (`--strategy NAME`) or by group (`600=NAME`)."""
    if not texts:
        return None
    if len(texts) == 1 and "=" not in texts[0]:
        return dispatcher_named(texts[0])
    chosen = per_group("--strategy", texts, scenario.group_numbers)
    return {number: dispatcher_named(text) for number, text in chosen.items()}


def _outputs(shown: DisplayOptions, others: Sequence[Path]) -> dict[str, Path]:
    """Return the files to write, by frame, after checking that they can be written."""
    wanted = {"calls": shown.calls, "rings": shown.rings}
    outputs = {frame: path for frame, path in wanted.items() if path is not None}
    for frame, path in outputs.items():
        check_suffix(f"--{frame}", path, *SUFFIXES)
        _files.check_writable(path)
    if len({path.resolve() for path in outputs.values()}) < len(outputs):
        raise ConfigurationError("--rings", "must be another file than --calls", str(shown.rings))
    taken = {path.resolve() for path in others}
    for frame, path in outputs.items():
        if path.resolve() in taken:
            raise ConfigurationError(
                f"--{frame}", "must be another file than those of --csv", str(path)
            )
    return outputs


def _write(result: Result, outputs: dict[str, Path], stack: ExitStack) -> None:
    """Write the calls and rings of every replication; the files appear when the stack closes.

    Replications are played again one by one. CSV files are written as they come, so that
    memory holds one replication; a Parquet file is written at the end from all of them.
    """
    if not outputs:
        return
    whole: dict[str, list[pd.DataFrame]] = {frame: [] for frame in outputs}
    with ProgressBar("Writing") as progress:
        open_files = {
            frame: stack.enter_context(_files.replacing(path, binary=path.suffix == ".parquet"))
            for frame, path in outputs.items()
        }
        for done, replication in enumerate(result.replication_numbers):
            log = result.replay(replication)
            for frame, file in open_files.items():
                table = _numbered(log, frame, replication)
                if outputs[frame].suffix == ".parquet":
                    whole[frame].append(table)
                else:
                    table.to_csv(file, index=False, header=done == 0)
            progress.show(done + 1, result.replications)
        for frame, tables in whole.items():
            if tables:
                pd.concat(tables).to_parquet(open_files[frame], index=False)


def _numbered(log: CallLog | WeekLog, frame: str, replication: int) -> pd.DataFrame:
    table: pd.DataFrame = getattr(log, frame)
    return table.assign(replication=replication)[["replication", *table.columns]]
