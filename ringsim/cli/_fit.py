"""Command `fit`: a scenario and a page from call records."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringsim._choices import LANGUAGES
from ringsim._sentences import counted
from ringsim.cli._completion import complete_language
from ringsim.cli._durations import duration_option
from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._options import OutputOptions
from ringsim.cli._pbx_options import Authority, Insecure, read_from_pbx
from ringsim.cli._record_files import RecordFiles, RecordOptions, group_record, records_from
from ringsim.errors import ConfigurationError, check_choice

if TYPE_CHECKING:
    from ringsim.cli._screen import Grid
    from ringsim.fitting import Backtest, Fit
    from ringsim.group import RingGroup
    from ringsim.scenario import Scenario

__all__ = ["fit"]

INTERVAL = "calls_per_interval"
COLUMNS = ("parameter", "unit", "estimate", "95 % interval", "shortcut", "events")


@with_option_groups
def fit(
    *,
    files: RecordFiles = None,
    record: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The ring group as exported from the phone system (JSON), or a scenario with it. "
            "By default, strategy and ring time are inferred from the rings.",
        ),
    ] = None,
    hold_out: Annotated[
        int,
        typer.Option(
            metavar="DAYS",
            help="Number of last days to keep for the check; at most a third of all days.",
        ),
    ] = 5,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="File for the scenario.")
    ] = Path("fit.toml"),
    page: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Web page to write: the check, the parameters and the limits of the fit.",
        ),
    ] = None,
    language: Annotated[
        str,
        typer.Option(
            metavar="CODE", help="Language of the page: en or de.", autocompletion=complete_language
        ),
    ] = "en",
    within: Annotated[
        float,
        duration_option("--within", "Time within which a call should be answered."),
    ] = 20.0,
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", help="Number that selects the random numbers.")
    ] = 0,
    pbx: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="PBX to read records and the group from, in place of files."
        ),
    ] = None,
    days: Annotated[
        int, typer.Option(metavar="NUMBER", help="Days before today to read, with --pbx.")
    ] = 20,
    ca: Authority = None,
    insecure: Insecure = False,
    reading: RecordOptions,
    shown: OutputOptions,
) -> None:
    """Fit a scenario to call records and check it on days held out."""
    from ringsim import _files
    from ringsim.cli import _output, _screen
    from ringsim.cli._spreadsheets import FrameFiles, check_suffix
    from ringsim.fitting import fit as fit_to

    tables = FrameFiles(shown)
    check_choice("--language", language, LANGUAGES)
    check_suffix("--output", output, *_files.SUFFIXES)
    for path in (output, *([page] if page else [])):
        _files.check_writable(path)
    template: RingGroup | Scenario | None = None
    if pbx is None:
        records = records_from(files or (), reading)
    else:
        if files:
            raise ConfigurationError("--pbx", "must not be given beside files", files[0])
        records, template = read_from_pbx(
            pbx, reading.group, days, reading.timezone, authority=ca, insecure=insecure
        )
    if record is not None:
        template = group_record(record, records.group)
    found = fit_to(records, template=template, hold_out=hold_out, seed=seed)
    check = found.check(within=within)
    text = None if page is None else found.report(language=language, within=within).html
    with ExitStack() as stack:  # after all that takes time, so that all files are of one fit
        _files.write(output, found.scenario.to_file(), stack)
        if page is not None:
            stack.enter_context(_files.replacing(page)).write(text)
        tables.write({"parameters": found.table}, stack)
    if shown.as_json:
        sys.stdout.write(_output.json_text(_json(found, check)))
        return
    written = [f"The scenario is in {output}."]
    written += [f"The page is in {page}."] if page else []
    _screen.show([check.verdict, *_tables(found), *_sentences(found, check), "\n".join(written)])


def _tables(found: Fit) -> list[Grid]:
    """Return a table of callers and one of people; their titles say how the paths begin."""
    from ringsim.cli._screen import Grid
    from ringsim.fitting import unit_of_parameter

    shown = found.table[~found.table["parameter"].str.contains(INTERVAL, regex=False)]
    callers = f"demand.{found.records.group}"
    days = counted(len(found.fitted_days), "day")
    caption = (
        f"From {days}. Intervals are by days; of people with few rings, also by how far people "
        "differ. The shortcut is what most would type in, such as answered over rung."
    )
    tables = []
    for title, start, below in (("Callers", callers, ""), ("People", "extensions", caption)):
        rows = [
            [
                row["parameter"].removeprefix(f"{start}."),
                unit_of_parameter(row["parameter"]),
                _number(row["estimate"]),
                "-"
                if math.isnan(row["low"])
                else f"{_number(row['low'])} to {_number(row['high'])}",
                _number(row["naive"]),
                f"{row['n_events']:,}",
            ]
            for row in shown.to_dict("records")
            if row["parameter"].startswith(f"{start}.")
        ]
        tables.append(Grid(f"{title}: {start}", COLUMNS, rows, keys=2, caption=below))
    return tables


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3g}"


def _sentences(found: Fit, check: Backtest) -> list[str]:
    from ringsim.cli import _screen

    headed = {
        "Notes of the check:": check.notes,
        "What the records cannot show:": found.limits,
        "Notes of the reader:": found.records.notes,
    }
    return _screen.headed_lists(headed)


def _json(found: Fit, check: Backtest) -> Mapping[str, Any]:
    from ringsim.cli import _output

    return _output.heading(
        "fit",
        found.scenario,
        [*found.limits, *check.notes, *found.records.notes],
        verdict=check.verdict,
        reproduces=check.reproduces,
        p_value=check.p_value,
        parameters=_output.rows(found.table),
        tests=_output.rows(check.tests),
        days=_output.rows(check.table),
    )
