"""The command `records`: read call records; show what really happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pandas as pd
import typer

from ringsim import _files
from ringsim.cli import _output
from ringsim.cli._options import All, OutputOptions, with_option_groups
from ringsim.cli._screen import Grid, show
from ringsim.cli._spreadsheets import FrameFiles
from ringsim.cli._tables import metric_title
from ringsim.errors import ConfigurationError
from ringsim.metrics import DEFAULT_METRICS, METRICS, Thresholds, format_estimate
from ringsim.records import Records, read_records, write

__all__ = ["ReadingOptions", "members_of", "records"]

GRADES = {
    "A": "every ring is recorded",
    "B": "rings that were cut short are not recorded",
    "C": "one row a call, no rings",
}
NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class ReadingOptions:
    """How call records are read."""

    panel: ClassVar[str] = "Records"

    format: Annotated[
        str,
        typer.Option(
            metavar="FORMAT",
            help="queue_log, asterisk_cdr, asterisk_cel, freeswitch_cdr, portsip, webex, 3cx or "
            "csv; auto recognises it.",
        ),
    ] = "auto"
    timezone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="Time zone of the phone system, for example Europe/Berlin."
        ),
    ] = None
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="FILE",
            help="TOML file that names the columns of a table of your own.",
        ),
    ] = None
    members: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=201",
            help="Numbers of members by the names in the records, NAME=201; or the members in "
            "their configured order, 201,202.",
        ),
    ] = None
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DATE",
            help="Date to leave out, for example 2024-12-25; repeat it for more.",
        ),
    ] = None

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of `read_records`."""
        return {
            "format": self.format,
            "timezone": self.timezone,
            "mapping": self.mapping,
            "members": members_of(self.members or ()),
            "exclude": self.exclude or (),
        }


def members_of(texts: Sequence[str]) -> dict[str, str] | tuple[str, ...] | None:
    """Return numbers by name (`NAME=201`), or the members in order (`201,202`).

    Raises
    ------
    ConfigurationError
        If some texts are of one form and some of the other.
    """
    parts = [part for text in texts for part in text.split(",") if part]
    named = [part for part in parts if "=" in part]
    if not parts:
        return None
    if not named:
        return tuple(parts)
    if len(named) < len(parts):
        raise ConfigurationError(
            "--members", "must be all numbers, or all NAME=NUMBER", ",".join(parts)
        )
    pairs = (part.rpartition("=") for part in named)
    return {name: number for name, _, number in pairs}


@with_option_groups
def records(
    *,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILES",
            help="Files of call records, folders or patterns; .gz is decompressed.",
            show_default=False,
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="Number or name of the group, as the records write it."
        ),
    ] = None,
    reading: ReadingOptions,
    within: Annotated[
        float,
        typer.Option(metavar="SECONDS", help="Seconds within which a call should be answered."),
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
    if group is None:
        raise ConfigurationError("--group", "must be given: the number or name of the group")
    if not files:
        raise ConfigurationError("FILE", "must name at least one file of call records")
    written = FrameFiles(tables, ["days"])
    if output is not None:
        _files.check_writable(output)
    question = Thresholds(within)
    read = read_records(list(files), group=group, **reading.arguments)
    summary = read.summary(within=within)
    with ExitStack() as stack:
        written.write({"metrics": summary, "days": _dated(read)}, stack)
        if output is not None:
            write(read, output, format="csv")
    if tables.as_json:
        _output.print_json(_json(read, summary))
        return
    metrics = METRICS if show_all else DEFAULT_METRICS
    show([_heading(read), _table(read, summary, question, metrics), _days(read), *_notes(read)])


def _heading(records: Records) -> str:
    return f"{repr(records)[1:-1]}: {GRADES[records.grade]}"


def _table(
    records: Records, summary: pd.DataFrame, question: Thresholds, metrics: Collection[str]
) -> Grid:
    rows = []
    for metric in (name for name in METRICS if name in metrics):
        row = summary.loc[metric].to_dict()
        cell = (
            NOT_RECORDED
            if NOT_RECORDED in row["note"]
            else format_estimate(row["estimate"], row["low"], row["high"], METRICS[metric].unit)
        )
        rows.append([metric_title(metric, question), cell])
    caption = f"Means of {records.n_days} days with 95 % intervals over days."
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
