"""Command `records`: read call records; show what really happened."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from ringsim import _files
from ringsim._sentences import counted
from ringsim.cli import _output
from ringsim.cli._cells import metric_title
from ringsim.cli._durations import duration_option
from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._options import All, OutputOptions
from ringsim.cli._record_files import RecordFiles, RecordOptions, records_from
from ringsim.cli._screen import Grid, show
from ringsim.cli._spreadsheets import FrameFiles
from ringsim.metrics import (
    DEFAULT_METRICS,
    METRICS,
    Thresholds,
    format_estimate,
)
from ringsim.records import Records, write

__all__ = ["records"]

GRADES = {
    "A": "every ring is recorded",
    "B": "rings that were cut short are not recorded",
    "C": "one row a call, no rings",
}
NOT_RECORDED = "not recorded"


@with_option_groups
def records(
    *,
    files: RecordFiles = None,
    reading: RecordOptions,
    within: Annotated[
        float,
        duration_option("--within", "Time within which a call should be answered."),
    ] = 20.0,
    show_all: All = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the calls and rings to this file, as CSV.",
        ),
    ] = None,
    tables: OutputOptions,
) -> None:
    """Read call records of a phone system; show what really happened."""
    written = FrameFiles(tables, ["days"])
    if output is not None:
        _files.check_writable(output)
    thresholds = Thresholds(within)
    read = records_from(files or (), reading)
    summary = read.summary(within=within)
    with ExitStack() as stack:
        written.write({"metrics": summary, "days": _dated(read)}, stack)
        if output is not None:
            write(read, output, format="csv")
    if tables.as_json:
        _output.print_json(_json(read, summary))
        return
    metrics = list(summary.index) if show_all else DEFAULT_METRICS
    show([_heading(read), _table(read, summary, thresholds, metrics), _days(read), *_notes(read)])


def _heading(records: Records) -> str:
    return f"{repr(records)[1:-1]}: {GRADES[records.grade]}"


def _table(
    records: Records, summary: pd.DataFrame, thresholds: Thresholds, metrics: Collection[str]
) -> Grid:
    rows = []
    for metric in (name for name in summary.index if name in metrics):
        row = summary.loc[metric].to_dict()
        cell = (
            NOT_RECORDED
            if NOT_RECORDED in row["note"]
            else format_estimate(row["estimate"], row["low"], row["high"], METRICS[metric].unit)
        )
        rows.append([metric_title(metric, thresholds), cell])
    caption = f"Means of {counted(records.n_days, 'day')} with 95 % intervals over days."
    return Grid("What callers experienced", ["", "per day"], rows, caption=caption)


def _dated(records: Records) -> pd.DataFrame:
    return records.days.assign(date=records.days["date"].astype(str))


def _days(records: Records) -> Grid:
    columns = ["offered", "answered", "abandoned", "overflowed"]
    rows = [
        [str(row["date"])[:10], row["weekday"], *(str(row[name]) for name in columns)]
        for row in records.days.to_dict("records")
    ]
    return Grid("Days", ["date", "", *columns], rows, keys=2)


def _notes(records: Records) -> list[str]:
    if not records.notes:
        return []
    return ["\n".join(["Notes of the reader:", *(f"- {note}" for note in records.notes)])]


def _json(records: Records, summary: Any) -> dict[str, Any]:
    return {
        **_output.head("records"),
        "group": records.group,
        "grade": records.grade,
        "timezone": records.timezone,
        "notes": list(records.notes),
        "summary": _output.rows(summary),
        "days": _output.rows(_dated(records)),
    }
