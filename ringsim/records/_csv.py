"""Sheets read from delimited text.

`sheet_of_csv`
    Read a file.
`first_fields`, `mostly`
    Its first lines, from which a format is recognised.
`delimiter_of`
    The character between its fields.
`check_columns`
    Refuse a table that lacks a column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ringsim._sources import Source, decoded
from ringsim.errors import ConfigurationError
from ringsim.records._sheet import Codes, Sheet, Text, stacked

__all__ = [
    "check_columns",
    "delimiter_of",
    "first_fields",
    "mostly",
    "sheet_of_csv",
]

CHUNK = 20_000  # rows that are text at a time
MOST_FIELDS = 400
BLOCK = 2**24  # bytes
DELIMITERS = (",", ";", "\t", "|")
TITLES = 10  # lines that may stand above the names of columns
# What stands before the quotes is looked at last: a search for them alone is twenty times as fast
BAD_QUOTES = re.compile(rb'""(?<![^,;\t\r\n]"")([^"\r\n]*)" <([^"<>\r\n]*)>"')


def _mended(data: bytes) -> bytes:
    """Return text with caller ids such as `""Anna" <201>"` quoted as CSV readers expect."""
    return BAD_QUOTES.sub(rb'"""\1"" <\2>"', data) if b'""' in data else data


def delimiter_of(data: bytes) -> str:
    """Return the character that splits the first line of a file into most fields.

    A line that none of them splits is a title, after which the next line counts. A spreadsheet may
    write semicolons, and a client of a database tabs.
    """
    lines = {mark: first_fields(data, mark, TITLES) for mark in DELIMITERS}
    for at in range(TITLES):
        widths = {mark: len(rows[at]) for mark, rows in lines.items() if at < len(rows)}
        if max(widths.values(), default=0) > 1:
            return max(widths, key=widths.__getitem__)
    return ","


def check_columns(name: str, given: Collection[str], *needed: Sequence[str]) -> None:
    """Raise `ConfigurationError` if a file has none of the columns of one of some lists."""
    for columns in needed:
        if not any(column in given for column in columns):
            raise ConfigurationError(
                name, f"must have the column {' or '.join(columns)}", ", ".join(given)
            )


def first_fields(data: bytes, delimiter: str | None = None, n: int = 5) -> list[list[str]]:
    """Return the fields of the first lines that are not blank."""
    delimiter = delimiter or delimiter_of(data)
    data, encoding = decoded(data[: 2**16])
    data = _mended(data) if delimiter != "|" else data
    text = data.decode(encoding, errors="replace")
    rows: list[list[str]] = []
    try:
        for fields in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(field.strip() for field in fields):
                rows.append([field.strip() for field in fields])
            if len(rows) == n:
                break
    except csv.Error:
        pass
    return rows


def mostly(rows: Sequence[Any], is_good: Callable[[Any], bool]) -> bool:
    """Return whether the first of some rows, and half of all, are good."""
    good = [is_good(row) for row in rows]
    return bool(good) and good[0] and 2 * sum(good) >= len(good)


def sheet_of_csv(
    source: Source,
    names: Sequence[str] | None = None,
    *,
    wanted: Iterable[str] | None = None,
    delimiter: str | None = None,
    quoted: bool = True,
) -> Sheet:
    """Read delimited text.

    Parameters
    ----------
    source : Source
        The file.
    names : sequence of str, optional
        Names of the fields; by default the first line has them.
    wanted : iterable of str, optional
        Columns to keep; by default all.
    delimiter : str, optional
        Character between fields; by default as the first lines show.
    quoted : bool, default True
        Whether fields may be in double quotes.

    Raises
    ------
    ConfigurationError
        If quotes are not balanced, or a line has more than 400 fields.
    """
    delimiter = delimiter or delimiter_of(source.head)
    data, encoding = decoded(source.data)
    notes = []
    if encoding != "utf-8":
        notes.append(f"{source.name} is not UTF-8 text; it is read as Windows-1252.")
    data = _mended(data) if quoted else data
    blocks = [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]
    del data  # a large file and its columns need not be there together
    skipped = 0
    if names is None:
        head = first_fields(source.head, delimiter, 1)
        if not head:
            return Sheet({}, [source.name], np.empty(0, np.int32), np.empty(0, np.int64), notes)
        names, skipped = head[0], 1
    fields = {name: at for at, name in reversed(list(enumerate(names)))}
    keep = list(fields) if wanted is None else [name for name in wanted if name in fields]
    parts = _chunks(source, blocks, encoding, delimiter, quoted, len(names), skipped)
    columns: dict[str, list[Text]] = {name: [] for name in keep}
    rows: list[Codes] = []
    long = 0
    first_long = ""
    for chunk in parts:
        text = chunk.to_numpy()
        number = chunk.index.to_numpy(np.int64) + 1
        blank = (text == "").all(axis=1)
        extra = (text[:, len(names) :] != "").any(axis=1)
        if extra.any():
            first_long = first_long or f"{source.name} row {number[int(np.argmax(extra))]}"
            long += int(extra.sum())
        good = ~(blank | extra)
        rows.append(number[good])
        for name in keep:
            codes, values = pd.factorize(text[good, fields[name]])
            columns[name].append(Text(codes.astype(np.int32), np.asarray(values, dtype=object)))
    if long:
        notes.append(
            f"Rows left out because they have more fields than columns: {long}; first at "
            f"{first_long}."
        )
    row = np.concatenate([np.empty(0, np.int64), *rows])
    kept = {name: stacked([Text.of([]), *columns.pop(name)]).cleaned() for name in keep}
    return Sheet(kept, [source.name], np.zeros(len(row), np.int32), row, notes)


class _Blocks(io.RawIOBase):
    """Blocks of bytes as one file; each is taken from the list, and freed when it has been read."""

    def __init__(self, blocks: list[bytes]) -> None:
        super().__init__()
        self._left = blocks
        self._left.reverse()
        self._block = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._block and self._left:
            self._block = memoryview(self._left.pop())
        n = min(len(buffer), len(self._block))
        buffer[:n] = self._block[:n]
        self._block = self._block[n:]
        return n


def _chunks(
    source: Source,
    blocks: list[bytes],
    encoding: str,
    delimiter: str,
    quoted: bool,
    n_fields: int,
    skipped: int,
) -> Iterable[pd.DataFrame]:
    """Yield the lines of a file as frames of text, one column more than there are fields."""
    if n_fields > MOST_FIELDS:
        raise ConfigurationError(source.name, f"must have at most {MOST_FIELDS} columns", n_fields)
    width = n_fields + 1
    widest = (delimiter * n_fields + "\n").encode()  # pandas takes the width from the first line
    blocks.insert(0, widest)
    try:
        with pd.read_csv(
            io.BufferedReader(_Blocks(blocks)),
            header=None,
            names=list(range(width)),
            index_col=False,
            usecols=list(range(width)),
            dtype=object,
            na_filter=False,
            sep=delimiter,
            quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            encoding=encoding,
            encoding_errors="replace",
            skip_blank_lines=False,
            chunksize=CHUNK,
            engine="c",
        ) as parts:
            for at, chunk in enumerate(parts):
                filled = chunk.where(chunk.notna(), "")
                filled.index -= 1
                yield filled.iloc[skipped + 1 :] if at == 0 else filled
    except pd.errors.EmptyDataError:
        return
    except (pd.errors.ParserError, ValueError, OverflowError) as wrong:
        why = " ".join(str(wrong).split()).removeprefix("Error tokenizing data. C error: ")
        raise ConfigurationError(source.name, f"must be lines of fields: {why}") from None
