"""The command `backtest`: a scenario against days that happened."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringsim.cli._options import with_option_groups
from ringsim.cli._record_files import RecordOptions, records_from
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.fitting import Backtest

__all__ = ["backtest"]


@with_option_groups
def backtest(
    *,
    scenario: Annotated[
        str | None, typer.Argument(help="Scenario file (TOML or JSON).", show_default=False)
    ] = None,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files of call records, folders or patterns; .gz is decompressed.",
            show_default=False,
        ),
    ] = None,
    drawn: Annotated[
        bool,
        typer.Option(
            "--drawn-calls",
            help="Predict the days with drawn arrivals, not given the calls of each day.",
        ),
    ] = False,
    within: Annotated[
        float, typer.Option(help="Seconds within which a call should be answered.")
    ] = 20.0,
    seed: Annotated[int, typer.Option(help="Number that selects the random numbers.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv: Annotated[
        Path | None, typer.Option(help="Write the table of days to this file (.csv).")
    ] = None,
    reading: RecordOptions,
) -> None:
    """Test whether a scenario reproduces days that happened."""
    from ringsim.cli import _output, _tables
    from ringsim.fitting import backtest as test_days
    from ringsim.scenario import Scenario

    if scenario is None:
        raise ConfigurationError("SCENARIO", "must be given, and after it files of call records")
    _output.check_csv(csv)
    read = Scenario.load(scenario)
    only = read.group_numbers[0] if len(read.group_numbers) == 1 else None
    records = records_from(files or (), reading, group=only)
    found = test_days(read, records, given_calls=not drawn, within=within, seed=seed)
    _output.write_csv(csv, found.table)
    if as_json:
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
    _tables.show([f"{found.verdict}\n", _table(found)])


def _table(found: Backtest) -> Any:
    from ringsim.cli import _tables
    from ringsim.metrics import METRICS, format_figure

    columns = ["mean over days", "observed", "predicted", "95 % bounds", "days inside", "least p"]
    table = _tables.new_table("Tests", columns)
    for metric, row in found.tests.iterrows():
        unit = METRICS[metric].unit if metric in METRICS else "rate"
        p = min(each for each in row[["bias", "spread", "uniformity"]] if each == each)
        table.add_row(
            str(metric),
            format_figure(row["observed"], unit),
            format_figure(row["predicted"], unit),
            f"{format_figure(row['low'], unit)} to {format_figure(row['high'], unit)}",
            str(row["inside"]),
            "< 0.001" if p < 0.001 else f"{p:.3f}",
        )
    table.caption = "All tests together reject a right scenario with probability 5 %."
    table.caption_justify = "left"
    return table
