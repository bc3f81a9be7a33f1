"""Rows of a queue_log: of the file, of the realtime table and of the table of Thirdlane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from ringsim._sources import Source
from ringsim.errors import ConfigurationError
from ringsim.records._csv import check_columns, first_fields, sheet_of_csv
from ringsim.records._sheet import Sheet, Text

__all__ = ["FIELDS", "TABLES", "is_line", "queue_log_sheet"]

FIELDS: Final = ("time", "callid", "queue", "agent", "event", *(f"data{n}" for n in range(1, 9)))


# Columns of tables by our name of the field
NAMES: Final = {"queuename": "queue", "queue_name": "queue"}


TABLES: Final = (
    {"time", "callid", "queuename", "agent", "event"},
    {"date_time", "callid", "queue_name", "type", "event"},
)

THIRDLANE: Final = ("param1", "param3", "htime", "ttime")


def is_line(row: Sequence[str]) -> bool:
    return len(row) >= 5 and row[0].partition(".")[0].isdecimal() and row[4][:1].isalpha()


def queue_log_sheet(source: Source) -> Sheet:
    rows = first_fields(source.head, "|", 1)
    if rows and is_line(rows[0]):
        return sheet_of_csv(source, FIELDS, delimiter="|", quoted=False)
    head = (first_fields(source.head, n=1) or [[]])[0]
    names = [name.lower() for name in head]
    sheet = sheet_of_csv(source)
    columns = {NAMES.get(name, name): sheet[given] for name, given in zip(names, head, strict=True)}
    if TABLES[1] <= set(names):
        check_columns(source.name, columns, *([name] for name in THIRDLANE))
        return _thirdlane(sheet, columns)
    if not TABLES[0] <= set(names):
        raise ConfigurationError(
            source.name, "must be lines of queue_log, or a table of them", ", ".join(head)
        )
    check_columns(source.name, columns, ("data1", "data"))
    fields = {name: columns[name] for name in FIELDS if name in columns}
    kept = Sheet(fields, sheet.names, sheet.file, sheet.row, sheet.notes)
    return _with_data(kept, columns) if "data" in columns else kept


def _with_data(kept: Sheet, columns: Mapping[str, Text]) -> Sheet:
    """Split the column `data` of older tables into data1, data2, ..."""
    for at in range(1, 6):
        if f"data{at}" not in kept:
            parts = columns["data"].each(partial(_part, at=at))
            kept.columns[f"data{at}"] = Text.of(parts)
    return kept


def _part(text: str, at: int) -> str:
    """Return a part of a text between `|`, counted from 1."""
    parts = text.split("|")
    return parts[at - 1] if at <= len(parts) else ""


def _thirdlane(sheet: Sheet, columns: Mapping[str, Text]) -> Sheet:
    """Return Thirdlane's table under the names of the fields.

    It keeps hold (`htime`) and talk (`ttime`) in columns of their own; for RINGNOANSWER `htime` is
    the ring in ms, and for CONNECT `param3` is the ring.
    """
    kept = {
        "time": columns["date_time"],
        "callid": columns["callid"],
        "queue": columns["queue"],
        "agent": columns["type"],
        "event": columns["event"],
        "htime": columns["htime"],
        "ttime": columns["ttime"],
        "data3": columns["param3"],
        "data1": columns["param1"],
    }
    return Sheet(kept, sheet.names, sheet.file, sheet.row, sheet.notes)
