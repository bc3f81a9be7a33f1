"""Search and text functions of SQLite that agree with Python's.

SQLite's own functions ignore the case of ASCII letters only, and some of them stop at NUL. A
table that can be searched therefore has a column `folded`, with the case-folded text of its
searched columns, in which plain SQL finds words of any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Row, Table, Text, cast, func
from sqlalchemy.engine.default import DefaultExecutionContext

__all__ = ["contains", "ends_with", "folded_column", "mentions", "with_folded"]

SEPARATOR = "A"  # between fields: no case-folded text has a capital letter


def folded_column(*names: str) -> Column[str]:
    """Return the column `folded` of a table, filled from the named columns by each insert."""

    def fold(context: DefaultExecutionContext) -> str:
        return _folded(context.get_current_parameters(), names)  # type: ignore[no-untyped-call]

    return Column("folded", Text, nullable=False, default=fold, info={"searched": names})


def with_folded(table: Table, former: Row[Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes of a row, together with its new value of `folded`."""
    names = table.c.folded.info["searched"]
    return {**changes, "folded": _folded({**former._asdict(), **changes}, names)}


def _folded(row: Mapping[str, Any], names: Iterable[str]) -> str:
    texts = (row.get(name) for name in names)
    return SEPARATOR.join(str(text).casefold() for text in texts if text is not None)


def mentions(table: Table, word: str) -> ColumnElement[bool]:
    """Return the condition that a searched column contains a word, in any case."""
    return contains(table.c.folded, word.casefold())


def contains(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Return the condition that a column contains a text."""
    return func.instr(column, text) > 0


def ends_with(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Return the condition that a column ends with a text.

    It compares bytes: in UTF-8 a text is at the end exactly if its bytes are.
    """
    if not text:
        return contains(column, text)  # true, or unknown for a null
    coded = text.encode()
    ending: ColumnElement[bool] = func.substr(cast(column, LargeBinary), -len(coded)) == coded
    return ending
