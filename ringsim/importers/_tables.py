"""Rows of tables: CSV, tab separated text, JSON, and the dump of a database.

`read_tables`
    The tables of a file, by name; "" if the file has no names.
`Row`
    Values by column, and where they stand.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ringsim._sentences import counted
from ringsim.errors import ConfigurationError
from ringsim.importers._files import MOST_ROWS, ConfigFile
from ringsim.importers._findings import Findings, Place
from ringsim.importers._sql import CutOffError, rows_of_dump

__all__ = ["Row", "json_of", "read_tables", "row_of", "text_of"]

MOST_COLUMNS = 1000
CUT_OFF = "must end its row; the file may be cut off"


class Row(NamedTuple):
    """A row of a table.

    Attributes
    ----------
    place : Place
    values : dict of str to str or None
        By column, in lower case; None is NULL.
    """

    place: Place
    values: dict[str, str | None]

    def text(self, column: str, default: str = "") -> str:
        """Return a value without blanks around it; NULL and absent columns are the default."""
        value = self.values.get(column)
        return default if value is None else value.strip()


def read_tables(
    file: ConfigFile,
    wanted: Collection[str],
    findings: Findings,
    columns: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, list[Row]]:
    """Return the rows of a dump's tables, or those of delimited text with a header.

    Parameters
    ----------
    file : ConfigFile
        A dump in SQL, or a table.
    wanted : collection of str
        Names of tables to read in a dump.
    findings : Findings
        Takes a remark on each row that has fewer or more values than columns.
    columns : mapping of str to sequence of str, optional
        Columns of tables whose `CREATE TABLE` the dump lacks.

    Raises
    ------
    ConfigurationError
        If there are too many rows, or if the file ends inside a row.
    """
    if not file.looks_like_sql:
        return {"": list(_delimited(file, findings))}
    tables: dict[str, list[Row]] = {}
    try:
        for n, (table, line, values) in enumerate(rows_of_dump(file.data, wanted, columns or {})):
            _check(n, file)
            tables.setdefault(table, []).append(Row(Place(file.name, line), values))
    except CutOffError as wrong:
        raise ConfigurationError(f"{file.name} line {wrong}", CUT_OFF) from None
    return tables


def _check(n: int, file: ConfigFile) -> None:
    if n >= MOST_ROWS:
        raise ConfigurationError(file.name, f"must have at most {MOST_ROWS:,} rows")


def _delimited(file: ConfigFile, findings: Findings) -> Iterator[Row]:
    first = file.text.lstrip("\n").partition("\n")[0]
    delimiter = max("\t,;|", key=first.count)
    reader = csv.reader(io.StringIO(file.text, newline=""), delimiter=delimiter)
    header: list[str] = []
    fields: list[str] = []
    try:
        for n, fields in enumerate(reader):
            _check(n, file)
            if not any(field.strip() for field in fields):
                continue
            if not header:
                header = [field.strip().lower() for field in fields[:MOST_COLUMNS]]
                continue
            place = Place(file.name, reader.line_num)
            _check_length(fields, header, place, findings)
            values = (None if field in ("NULL", "\\N") else field for field in fields)
            yield Row(place, dict(zip(header, values, strict=False)))
    except csv.Error as wrong:
        raise ConfigurationError(
            f"{file.name} line {reader.line_num}", f"must be a row of a table: {wrong}"
        ) from None
    if fields and fields[-1].endswith("\n"):  # a quoted text took the end of the file
        raise ConfigurationError(f"{file.name} line {reader.line_num}", CUT_OFF)


def _check_length(
    fields: Sequence[str], header: Sequence[str], place: Place, findings: Findings
) -> None:
    n = len(fields) if len(fields) < len(header) else len(header)
    if n < len(header) or any(fields[n:]):
        text = f"the row has {counted(len(fields), 'value')} for {counted(len(header), 'column')}"
        findings.add("not_understood", place, "", text)


def json_of(file: ConfigFile) -> Any:
    """Return the contents of a JSON file.

    Raises
    ------
    ConfigurationError
        If it is not JSON, or nested too deeply.
    """
    try:
        return json.loads(file.text)
    except json.JSONDecodeError as wrong:
        raise ConfigurationError(
            f"{file.name} line {wrong.lineno}", f"must be JSON: {wrong.msg.lower()}"
        ) from None
    except (RecursionError, ValueError):
        raise ConfigurationError(
            file.name, "must be JSON of few levels and short numbers"
        ) from None


def row_of(table: Mapping[str, Any], place: Place, findings: Findings) -> Row:
    """Return a table of JSON as a row; nested values are left out, lists of tables in silence."""
    for key, value in table.items():
        if isinstance(value, Mapping) or (
            isinstance(value, list) and not any(isinstance(each, Mapping) for each in value)
        ):
            text = "the value must be a text or a number; it is left out"
            findings.add("not_understood", place, str(key), text)
    return Row(place, {str(key).lower(): text_of(value) for key, value in table.items()})


def text_of(value: Any) -> str | None:
    """Return a value of JSON as a table of a database shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    return value if isinstance(value, str) else None
