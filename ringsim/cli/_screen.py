r"""Texts and tables on screen: fitted to the terminal, and to what its encoding can show.

`show`
    Print texts and tables.
`Grid`
    A table. If a terminal is too narrow for all its columns, the rest follow as further tables.
`headed_lists`
    Return lists of sentences, each below its heading.
`printable`
    Replace the control characters of a text.

Output to a pipe or file is as wide as it needs to be; no line is broken there. Characters that
the encoding of the output lacks become escapes such as `\u0418`, and lines are drawn with hyphens.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.box import SIMPLE_HEAD, Box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["Grid", "Part", "headed_lists", "printable", "show"]

WIDEST = 10_000  # columns of a pipe
GAP = 2  # spaces between columns
HANGING = 2  # more spaces before the further lines of a broken line
ASCII_HEAD = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


@dataclass(frozen=True)
class Grid:
    """A table with a heading for each column.

    Attributes
    ----------
    title, caption : str
        Lines above and below the table, or "".
    columns : sequence of str
        Headings; a line break in one is kept.
    rows : sequence of sequence of str
    keys : int, default 1
        Number of first columns that name the row. They are text, the others figures; each part
        of a table that is too wide for the terminal begins with them.
    lines : bool, default False
        Leave a line free between rows.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    keys: int = 1
    caption: str = ""
    lines: bool = False

    def parts(self, width: int) -> Iterator[Sequence[int]]:
        """Yield, for each table that fits a width, the indices of its columns."""
        cells = [[name, *(row[at] for row in self.rows)] for at, name in enumerate(self.columns)]
        widths = [max(_width(text) for text in column) for column in cells]
        keys = list(range(self.keys))
        start = sum(min(widths[at], width // 2) + GAP for at in keys)
        part, used = [*keys], start
        for at in range(self.keys, len(self.columns)):
            if len(part) > self.keys and used + widths[at] > width:
                yield part
                part, used = [*keys], start
            part.append(at)
            used += widths[at] + GAP
        yield part

    def table(self, part: Sequence[int], *, ascii_only: bool) -> Table:
        """Return some columns as a table of rich."""
        table = Table(
            box=ASCII_HEAD if ascii_only else SIMPLE_HEAD,
            show_edge=False,
            pad_edge=False,
            padding=(0, GAP - 1, 0, 0),
            show_lines=self.lines,
        )
        for at in part:
            is_key = at < self.keys
            table.add_column(
                printable(self.columns[at], keep="\n"),
                justify="left" if is_key else "right",
                overflow="fold",
                no_wrap=not is_key,
            )
        for row in self.rows:
            table.add_row(*(printable(row[at]) for at in part))
        return table


Part: TypeAlias = "str | Grid"


class _Pipe(io.StringIO):
    """A text with the encoding of standard output, by which rich chooses characters."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return sys.stdout.encoding or "utf-8"


def show(parts: Sequence[Part]) -> None:
    """Print texts and tables to standard output, separated by blank lines."""
    terminal = sys.stdout.isatty()
    console = Console(
        file=sys.stdout if terminal else _Pipe(),
        markup=False,
        highlight=False,
        emoji=False,
        width=None if terminal else WIDEST,
    )
    for at, part in enumerate(parts):
        if at:
            console.print()
        if isinstance(part, Grid):
            _print_grid(console, part)
        else:
            for line in part.split("\n"):
                _print_line(console, printable(line))
    if isinstance(console.file, _Pipe):
        lines = console.file.getvalue().split("\n")[:-1]
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


def _print_grid(console: Console, grid: Grid) -> None:
    for at, part in enumerate(grid.parts(console.width)):
        if at:
            console.print()
        if grid.title:
            title = f"{grid.title}, continued" if at else grid.title
            console.print(Text(printable(title), style="bold"), soft_wrap=True)
            console.print()
        console.print(grid.table(part, ascii_only=console.options.ascii_only))
    if grid.caption:
        console.print()
        _print_line(console, printable(grid.caption))


def _print_line(console: Console, line: str) -> None:
    """Print a line; if the terminal breaks it, the rest is indented more deeply."""
    words = line.lstrip(" ")
    indent = min(len(line) - len(words), console.width // 2)
    if not words or cell_len(line) <= console.width:
        console.print(line, soft_wrap=True)
        return
    deeper = indent + HANGING if indent or words.startswith("- ") else indent
    broken = Text(words).wrap(console, console.width - deeper)
    for at, piece in enumerate(broken):
        console.print(" " * (deeper if at else indent) + piece.plain.rstrip(), soft_wrap=True)


def _width(text: str) -> int:
    return max(cell_len(line) for line in printable(text, keep="\n").split("\n"))


def headed_lists(sentences: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a text for each heading with sentences: the heading, and a line for each."""
    return [
        "\n".join([heading, *(f"- {each}" for each in some)])
        for heading, some in sentences.items()
        if some
    ]


def printable(text: str, keep: str = "") -> str:
    """Return text with control characters replaced; a terminal would execute them."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in keep
        else char
        for char in text
    )
