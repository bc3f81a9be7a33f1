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
    from ringsim.records import Records
    from ringsim.scenario import Scenario

__all__ = ["backtest"]

MOST_DATES = 5  # named in one error


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
    _check_weekdays(read, records)
    found = test_days(read, records, given_calls=not drawn_calls, within=within, seed=seed)
    tables.write({"days": found.table})
    if shown.as_json:
        about = _output.heading(
            "backtest",
            read,
            [*found.notes, *records.notes],
            verdict=found.verdict,
            reproduces=found.reproduces,
            p_value=found.p_value,
            tests=_output.rows(found.tests),
            days=_output.rows(found.table),
        )
        sys.stdout.write(_output.json_text(about))
        return
    notes = {"Notes of the test:": found.notes, "Notes of the reader:": records.notes}
    _screen.show([found.verdict, _table(found), *_screen.headed_lists(notes)])


def _check_weekdays(scenario: Scenario, records: Records) -> None:
    """Raise `ConfigurationError` for dates whose weekday the scenario lacks, with the way out."""
    try:
        records.scenarios(scenario)
    except ConfigurationError as wrong:
        pairs = zip(records.dates, records.weekday_of_days, strict=True)
        dates = [str(date) for date, name in pairs if name not in scenario.days]
        options = " ".join(f"--exclude {date}" for date in dates[:MOST_DATES])
        more = f" and {len(dates) - MOST_DATES} more" if len(dates) > MOST_DATES else ""
        hint = f"Leave out days of the records with {options}{more}."
        raise ConfigurationError(wrong.subject, wrong.constraint, wrong.got, hint) from None


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
