"""Command `backtest`: a scenario against days that happened."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ringsim.cli._durations import duration_option
from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._options import OutputOptions
from ringsim.cli._record_files import RecordFiles, RecordOptions, records_from
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.cli._screen import Grid
    from ringsim.fitting import Backtest

__all__ = ["backtest"]


@with_option_groups
def backtest(
    *,
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO", help="Scenario file (TOML or JSON).", show_default=False
        ),
    ] = None,
    files: RecordFiles = None,
    drawn_calls: Annotated[
        bool,
        typer.Option(
            "--drawn-calls",
            metavar="",
            help="Draw the calls of each day; by default, its real calls are played.",
        ),
    ] = False,
    within: Annotated[
        float,
        duration_option("--within", "Time within which a call should be answered."),
    ] = 20.0,
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", help="Number that selects the random numbers.")
    ] = 0,
    reading: RecordOptions,
    shown: OutputOptions,
) -> None:
    """Test whether a scenario reproduces days that happened."""
    from ringsim.cli import _output, _screen
    from ringsim.cli._spreadsheets import FrameFiles
    from ringsim.fitting import backtest as test_days
    from ringsim.scenario import Scenario

    if scenario is None:
        raise ConfigurationError("SCENARIO", "must be given, and after it files of call records")
    tables = FrameFiles(shown)
    read = Scenario.load(scenario)
    only = read.group_numbers[0] if len(read.group_numbers) == 1 else None
    records = records_from(files or (), reading, group=only)
    found = test_days(read, records, given_calls=not drawn_calls, within=within, seed=seed)
    tables.write({"days": found.table})
    if shown.as_json:
        about = _output.heading(
            "backtest",
            read,
            list(records.notes),
            verdict=found.verdict,
            reproduces=found.reproduces,
            p_value=found.p_value,
            tests=_output.rows(found.tests),
            days=_output.rows(found.table),
        )
        sys.stdout.write(_output.json_text(about))
        return
    _screen.show([found.verdict, _table(found)])


def _table(found: Backtest) -> Grid:
    from ringsim.cli._screen import Grid
    from ringsim.metrics import METRICS, format_figure

    rows = []
    for metric, row in found.tests.iterrows():
        unit = METRICS[metric].unit if metric in METRICS else "rate"
        observed, predicted, low, high = (
            format_figure(row[name], unit) for name in ("observed", "predicted", "low", "high")
        )
        p = row[["bias", "spread", "uniformity"]].min()
        least = "< 0.001" if p < 0.001 else f"{p:.3f}"
        cells = [observed, predicted, f"{low} to {high}", str(row["inside"]), least]
        rows.append([str(metric), *cells])
    return Grid(
        "Means over days",
        ["metric", "observed", "predicted", "95 % bounds", "days inside", "least p"],
        rows,
        caption="All tests together reject a right scenario with probability 5 %.",
    )
