"""The command `records`: read call records; show what really happened."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ringsim import _files
from ringsim.cli import _output, _tables
from ringsim.errors import ConfigurationError
from ringsim.metrics import METRICS, Thresholds, format_estimate
from ringsim.records import Records, read_records, write

__all__ = ["members_of", "run"]

GRADES = {
    "A": "every ring is recorded",
    "B": "rings that were cut short are not recorded",
    "C": "one row a call, no rings",
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


def run(
    files: Sequence[str],
    group: str | None,
    *,
    reading: dict[str, Any],
    members: Sequence[str],
    thresholds: Thresholds,
    as_json: bool,
    csv: Path | None,
    output: Path | None,
) -> None:
    """Read the files, write the table asked for, and print what happened."""
    if group is None:
        raise ConfigurationError("--group", "must be given: the number or name of the group")
    if not files:
        raise ConfigurationError("FILE", "must name at least one file of call records")
    _output.check_csv(csv)
    if output is not None:
        _files.check_writable(output)
    records = read_records(list(files), group=group, members=members_of(members), **reading)
    summary = records.summary(
        within=thresholds.within, variant=thresholds.variant, target=thresholds.target
    )
    _output.write_csv(csv, summary)
    if output is not None:
        write(records, output, format="csv")
    if as_json:
        sys.stdout.write(_output.json_text(_json(records, summary)))
        return
    _tables.show([_heading(records), _table(records, summary), *_days(records), *_notes(records)])


def _heading(records: Records) -> str:
    return f"{repr(records)[1:-1]}: {GRADES[records.grade]}\n"


def _table(records: Records, summary: Any) -> Any:
    table = _tables.new_table("What callers experienced", ["", "per day"])
    for metric, about in METRICS.items():
        row = summary.loc[metric]
        cell = (
            "not recorded"
            if "not recorded" in row["note"]
            else format_estimate(row["estimate"], row["low"], row["high"], about.unit)
        )
        table.add_row(metric, cell)
    table.caption = f"Means of {records.n_days} days with 95 % intervals over days."
    table.caption_justify = "left"
    return table


def _days(records: Records) -> list[Any]:
    columns = ["offered", "answered", "abandoned", "overflowed"]
    table = _tables.new_table("Days", ["date", "", *columns], left=2)
    for row in records.days.to_dict("records"):
        date = str(row["date"])[:10]
        table.add_row(date, row["weekday"], *(str(row[name]) for name in columns))
    return [table]


def _notes(records: Records) -> list[str]:
    if not records.notes:
        return []
    return ["\n".join(["", "Notes of the reader:", *(f"- {note}" for note in records.notes)])]


def _json(records: Records, summary: Any) -> dict[str, Any]:
    days = records.days
    return {
        "format": "ringsim.records",
        "version": _output.JSON_VERSION,
        "group": records.group,
        "grade": records.grade,
        "timezone": records.timezone,
        "notes": list(records.notes),
        "summary": _output.rows(summary),
        "days": _output.rows(days.assign(date=days["date"].astype(str))),
    }
