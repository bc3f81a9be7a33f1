"""Rows of Channel Event Logging of Asterisk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ringsim._sources import Source
from ringsim.errors import ConfigurationError
from ringsim.records._csv import first_fields, sheet_of_csv
from ringsim.records._sheet import Sheet

__all__ = ["FIELDS", "NEEDED", "cel_sheet", "is_event"]

EVENTS: Final = ("CHAN_START", "CHAN_END", "HANGUP", "ANSWER", "LINKEDID_END", "APP_START")

FIELDS: Final = [
    "eventtype",
    "eventtime",
    "cid_name",
    "cid_num",
    "cid_ani",
    "cid_rdnis",
    "cid_dnid",
    "exten",
    "context",
    "channame",
    "appname",
    "appdata",
    "amaflags",
    "accountcode",
    "uniqueid",
    "linkedid",
    "peer",
    "userdeftype",
    "extra",
]


NEEDED: Final = ("eventtype", "eventtime", "channame", "uniqueid", "linkedid")


def is_event(row: Sequence[str]) -> bool:
    return len(row) >= len(FIELDS) - 1 and row[0].upper() in EVENTS


def cel_sheet(source: Source) -> Sheet:
    head = (first_fields(source.head, n=1) or [[]])[0]
    if is_event(head):
        return sheet_of_csv(source, FIELDS)
    sheet = sheet_of_csv(source)
    columns = {name.lower(): column for name, column in sheet.columns.items()}
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise ConfigurationError(
            source.name, f"must have the columns {', '.join(NEEDED)}", head[:20]
        )
    columns = {name: column for name, column in columns.items() if name in FIELDS}
    return Sheet(columns, sheet.names, sheet.file, sheet.row, sheet.notes)
