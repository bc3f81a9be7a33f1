"""Rows of single tables in the dump of a database, `INSERT` or `COPY`.

A dump of all tables may be large. Only the statements of the wanted tables are taken apart, and no
statement is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

__all__ = ["CutOffError", "rows_of_dump"]

STATEMENT = (
    r"(?im)^[ \t]*(?:(create)\s+table(?:\s+if\s+not\s+exists)?"
    r"|(?:insert(?:\s+ignore)?|replace)\s+into|(copy))\s+"
    r"(?:[`\"]?\w+[`\"]?\.)?[`\"]?(%s)[`\"]?(?=[\s(;])"
)
VALUES = re.compile(rb"\s*+(?:\(([^)]*+)\))?\s*+values\b", re.I)
COPIED = re.compile(rb"\s*\(([^)]*+)\)[^\n]*+\n")
COLUMN = re.compile(r"^\s*[`\"]?(\w+)[`\"]?\s+\S")
NO_COLUMNS = ("primary", "unique", "key", "constraint", "index", "foreign", "fulltext", "check")
# Possessive, so that a string without an end costs no memory
TOKEN = re.compile(
    rb"\s*+(?:E?'((?:[^'\\]++|\\.|'')*+)'|\"((?:[^\"\\]++|\\.)*+)\"|([^\s,()';\"]++)|([(),;]))",
    re.S,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "", "Z": "", "b": ""}
LONGEST_CREATE = 2**16


class CutOffError(Exception):
    """End of a dump inside a row; the text is the number of its line."""


Value: TypeAlias = tuple[str, int, dict[str, str | None]]


def rows_of_dump(
    data: bytes, wanted: Collection[str], known: Mapping[str, Sequence[str]]
) -> Iterator[Value]:
    """Yield table, line and values by column of each row of the wanted tables.

    Parameters
    ----------
    data : bytes
        The dump.
    wanted : collection of str
        Names of tables.
    known : mapping of str to sequence of str
        Columns of tables that the dump does not create.

    Raises
    ------
    CutOffError
        If the dump ends inside a row.
    """
    return _Dump(data, known).rows(wanted)


class _Dump:
    """A dump, the columns of its tables, and how far it has been read."""

    def __init__(self, data: bytes, known: Mapping[str, Sequence[str]]) -> None:
        self.data = data
        self.columns: dict[str, Sequence[str]] = dict(known)
        self.at = 0
        self._line, self._counted = 1, 0

    def rows(self, wanted: Collection[str]) -> Iterator[Value]:
        names = "|".join(map(re.escape, sorted(wanted, key=len, reverse=True)))
        for match in re.finditer((STATEMENT % names).encode(), self.data):
            if match.start() < self.at:  # inside a value
                continue
            self.at = match.end()
            table = match[3].decode().lower()
            if match[1]:
                text = _text(self.data[self.at : self.at + LONGEST_CREATE])
                self.columns[table] = _created(text)
            elif match[2]:
                yield from self._copied(table)
            else:
                yield from self._inserted(table)

    def line(self, at: int) -> int:
        """Return the number of a line, from 1; positions must not go back."""
        self._line += self.data.count(b"\n", self._counted, at)
        self._counted = at
        return self._line

    def _inserted(self, table: str) -> Iterator[Value]:
        match = VALUES.match(self.data, self.at)
        if match is None:
            return
        self.at = match.end()
        names = _names(match[1]) if match[1] else self.columns.get(table, ())
        row: list[str | None] = []
        depth = 0
        while token := TOKEN.match(self.data, self.at):
            self.at = token.end()
            quoted, double, bare, mark = token.groups()
            if mark == b"(":
                depth, row = depth + 1, []
            elif mark == b")":
                depth -= 1
                yield table, self.line(self.at), dict(zip(names, row, strict=False))
            elif mark == b";":
                return
            elif mark is None and depth == 1:
                row.append(_value(quoted if quoted is not None else double, bare))
        if depth > 0:
            raise CutOffError(self.line(self.at))

    def _copied(self, table: str) -> Iterator[Value]:
        r"""Yield the rows of PostgreSQL's `COPY table (columns) FROM stdin;` up to `\.`."""
        match = COPIED.match(self.data, self.at)
        if match is None:
            return
        self.at = match.end()
        names = _names(match[1])
        n_values = len(names)
        while self.at < len(self.data):
            end = self.data.find(b"\n", self.at)
            end = len(self.data) if end < 0 else end
            start, self.at = self.at, end + 1
            row = _text(self.data[start:end]).rstrip("\r")
            if row.startswith("\\.") or not row:
                return
            fields = row.split("\t")
            n_values = len(fields)
            values = (None if field == "\\N" else _unescaped(field) for field in fields)
            yield table, self.line(start), dict(zip(names, values, strict=False))
        if n_values < len(names):
            raise CutOffError(self.line(len(self.data)))


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _names(listed: bytes) -> list[str]:
    return [part.strip().strip('`"').lower() for part in _text(listed).split(",")]


def _created(text: str) -> list[str]:
    """Return the columns of `CREATE TABLE`, one on each line as dumps write them."""
    found = []
    for line in text.partition("(")[2].split("\n"):
        if line.lstrip().startswith(")"):
            break
        match = COLUMN.match(line)
        if match and match[1].lower() not in NO_COLUMNS:
            found.append(match[1].lower())
    return found


def _value(quoted: bytes | None, bare: bytes | None) -> str | None:
    if quoted is not None:
        return _unescaped(_text(quoted.replace(b"''", b"'")))
    word = _text(bare or b"")
    return None if word.upper() == "NULL" else word.partition("::")[0]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda one: ESCAPES.get(one[1], one[1]), text, flags=re.S)
