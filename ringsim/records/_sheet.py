"""Tables of text with the file and row of each line, read from CSV and the like.

`Sheet`
    Columns of text; each keeps its different values once.
`Text`
    One column: the different values, and a code per row.
`sheet_of_rows`
    A sheet of dictionaries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Codes", "Sheet", "Text", "joined", "sheet_of_rows", "stacked"]

Codes: TypeAlias = NDArray[Any]
Mask: TypeAlias = NDArray[np.bool_]

NOTHING = frozenset(["", "NULL", "null", "NA", "\\N", "None"])


@dataclass(frozen=True)
class Text:
    """A column of text.

    Attributes
    ----------
    codes : ndarray of int32
        Index of each row's value.
    distinct : ndarray of str
        The different values; missing ones are "".
    """

    codes: Codes
    distinct: NDArray[np.object_]

    def map(self, function: Callable[[NDArray[np.object_]], Any]) -> Any:
        """Apply a function to the different values, and return its results by row."""
        return np.asarray(function(self.distinct))[self.codes]

    def each(self, function: Callable[[str], Any], dtype: Any = object) -> NDArray[Any]:
        """Apply a function to each different value, and return its results by row."""
        results = np.empty(len(self.distinct), dtype=dtype)
        for at, value in enumerate(self.distinct):
            results[at] = function(value)
        return results[self.codes]

    def derived(self, function: Callable[[str], str]) -> Text:
        """Return the column of the texts that a function makes of the values."""
        return self._rewritten([function(value) for value in self.distinct])

    def _rewritten(self, texts: list[str]) -> Text:
        """Return the column with a text in place of each different value."""
        codes, different = pd.factorize(np.array(texts, dtype=object))
        return Text(codes.astype(np.int32)[self.codes], np.asarray(different, dtype=object))

    def is_in(self, words: Iterable[str]) -> Mask:
        """Return which rows hold one of some words, in any case."""
        wanted = {word.lower() for word in words}
        return self.each(lambda value: value.strip().lower() in wanted, np.bool_)

    def matches(self, pattern: str) -> Mask:
        """Return in which rows a regular expression is found."""
        found = re.compile(pattern, re.IGNORECASE).search
        return self.each(lambda value: found(value) is not None, np.bool_)

    @property
    def text(self) -> NDArray[np.object_]:
        """The value of each row."""
        return self.distinct[self.codes]

    @property
    def given(self) -> Mask:
        """True for each row that has a value."""
        found: Mask = (self.distinct != "")[self.codes]
        return found

    def at(self, rows: Any) -> Text:
        """Return some rows."""
        return Text(self.codes[rows], self.distinct)

    @classmethod
    def of(cls, texts: Sequence[str] | NDArray[np.object_]) -> Text:
        """Return a column of some texts."""
        codes, values = pd.factorize(np.asarray(texts, dtype=object))
        return cls(codes.astype(np.int32), np.asarray(values, dtype=object)).cleaned()

    def cleaned(self) -> Text:
        """Return the column with every form of a missing value written as ""."""
        values = self.distinct.tolist()
        texts = ["" if text in NOTHING else text for text in map(str.strip, values)]
        return self if texts == values else self._rewritten(texts)


class Sheet:
    """Columns of text of one or more files, with the file and row of each line."""

    def __init__(
        self,
        columns: Mapping[str, Text],
        names: Sequence[str],
        file: NDArray[np.int32],
        row: Codes,
        notes: Sequence[str] = (),
    ) -> None:
        self.columns = dict(columns)
        self.names = tuple(names)
        self.file = file
        self.row = row
        self.notes = list(notes)

    def __len__(self) -> int:
        return len(self.row)

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Text:
        """Return a column; one that the files lack is empty in every row."""
        if name not in self.columns:
            return Text(np.zeros(len(self), dtype=np.int64), np.array([""], dtype=object))
        return self.columns[name]

    def where(self, at: int) -> str:
        """Return the file and row of a line, for messages."""
        if not len(self):
            return self.names[0] if self.names else "the records"
        return f"{self.names[self.file[at]]} row {self.row[at]}"

    def at(self, rows: Any) -> Sheet:
        """Return some rows, by a mask or their indices."""
        if rows.dtype == np.bool_ and rows.all():
            return self
        columns = {name: column.at(rows) for name, column in self.columns.items()}
        return Sheet(columns, self.names, self.file[rows], self.row[rows], self.notes)

    def of(self, names: Iterable[str]) -> Sheet:
        """Return the sheet with some of its columns; without any, it still tells places."""
        columns = {name: self.columns[name] for name in names if name in self.columns}
        return Sheet(columns, self.names, self.file, self.row, self.notes)

    def without_duplicates(self) -> Sheet:
        """Return the sheet without rows that equal an earlier one in every column."""
        if len(self) < 2:
            return self
        frame = pd.DataFrame({name: column.codes for name, column in self.columns.items()})
        again = frame.duplicated().to_numpy()
        if not again.any():
            return self
        self.leave_out(again, "they repeat an earlier row")
        return self.at(~again)

    def leave_out(self, rows: Mask, why: str, what: str = "Row") -> None:
        """Note that some rows are left out, and the first of them."""
        if rows.any():
            first = self.where(int(np.argmax(rows)))
            self.notes.append(
                f"{what}s left out because {why}: {int(rows.sum())}; first at {first}."
            )


def joined(sheets: Sequence[Sheet]) -> Sheet:
    """Return the rows of several sheets one after another."""
    if len(sheets) == 1:
        return sheets[0]
    names = [name for sheet in sheets for name in sheet.names]
    shifts = np.cumsum([0, *(len(sheet.names) for sheet in sheets)])
    file = [sheet.file + np.int32(shift) for sheet, shift in zip(sheets, shifts, strict=False)]
    columns = {
        name: stacked([sheet[name] for sheet in sheets])
        for name in dict.fromkeys(name for sheet in sheets for name in sheet.columns)
    }
    return Sheet(
        columns,
        names,
        np.concatenate(file),
        np.concatenate([sheet.row for sheet in sheets]),
        [note for sheet in sheets for note in sheet.notes],
    )


def stacked(parts: Sequence[Text]) -> Text:
    """Return columns one after another, each different value once."""
    everything = np.concatenate([part.distinct for part in parts])
    codes, values = pd.factorize(everything)
    codes = codes.astype(np.int32)
    starts = np.cumsum([0, *(len(part.distinct) for part in parts)])
    rows = [
        codes[start : start + len(part.distinct)][part.codes]
        for part, start in zip(parts, starts, strict=False)
    ]
    return Text(np.concatenate(rows), np.asarray(values, dtype=object))


def sheet_of_rows(name: str, rows: Sequence[Mapping[str, Any]], first: int = 1) -> Sheet:
    """Return a sheet of dictionaries; nested values become "", true and false text."""
    keys = dict.fromkeys(key for row in rows for key in row)
    columns = {str(key): Text.of([_plain(row.get(key)) for row in rows]) for key in keys}
    n = len(rows)
    return Sheet(columns, [name], np.zeros(n, np.int32), np.arange(first, first + n))


def _plain(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return str(value)
    except ValueError:  # an integer of more than 4300 digits
        return ""
