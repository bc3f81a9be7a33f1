"""Summaries that print all their columns in 80 columns of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pandas as pd

__all__ = ["Summary"]

COLUMNS = 80  # of a terminal
DIGITS = (6, 5, 4, 3)  # significant digits of a figure: as many as there is room for
NARROWEST = 12  # characters for the notes, if even three digits leave less room


class Summary(pd.DataFrame):
    """A table of metrics; `print` never leaves out a column.

    In a narrow terminal pandas leaves out columns in the middle. This table is then printed with
    fewer digits, and with notes over several lines. Everything derived from it is a plain
    DataFrame.
    """

    def __repr__(self) -> str:
        text: str = super().__repr__()
        whole = text.partition("\n")[0].split() == [*self.columns]
        return text if whole and "note" in self else self._narrow()

    __str__ = __repr__

    def _narrow(self) -> str:
        """Return the table in 80 columns, with as many digits as fit beside the notes."""
        longest = max(map(len, self["note"]), default=0)
        for digits in DIGITS:
            figures = self.drop(columns="note").map(lambda value, n=digits: f"{value:.{n}g}")
            lines = figures.to_string().splitlines()
            room = COLUMNS - max(map(len, lines)) - 2
            if room >= longest:
                break
        return "\n".join(self._with_notes(lines, max(room, NARROWEST)))

    def _with_notes(self, lines: list[str], room: int) -> Iterator[str]:
        width = max(map(len, lines)) + 2
        headings = len(lines) - len(self)
        yield f"{lines[0]:{width}}note"
        yield from lines[1:headings]
        for line, note in zip(lines[headings:], self["note"], strict=True):
            first, *others = textwrap.wrap(note, room) or [""]
            yield f"{line:{width}}{first}".rstrip()
            yield from (" " * width + other for other in others)
