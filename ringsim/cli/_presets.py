"""Command `presets`: list the rules of other phone systems, or show one of them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from typing import Annotated, Any

import typer

from ringsim.cli import _output
from ringsim.cli._completion import completing, preset_names
from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._options import OutputOptions
from ringsim.cli._screen import Part, show
from ringsim.cli._spreadsheets import FrameFiles
from ringsim.presets import CERTAINTIES, Cell, Preset, names, preset, table

__all__ = ["presets"]

WIDTH = 80  # columns of a terminal
WIDEST_VALUE = 18
ALONE = "(alone)"  # the name of the PBX without a strategy
GAP = "  "
HEADS = ("option", "value", "certainty", "setting of the PBX")


@with_option_groups
def presets(
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            autocompletion=completing(preset_names),
            help="Preset to show, such as asterisk-queue/rrmemory. By default, all are listed.",
            show_default=False,
        ),
    ] = None,
    output: OutputOptions,
) -> None:
    """List the rules of other phone systems; show one of them with its sources."""
    files = FrameFiles(output)
    chosen = None if name is None else preset(name)
    frame = table() if chosen is None else chosen.table
    files.write({"presets": frame})
    if output.as_json:
        _output.print_json(
            {**_output.head("presets"), **_about(chosen), "table": _output.rows(frame)}
        )
        return
    show(list(_list() if chosen is None else _one(chosen)))


def _about(chosen: Preset | None) -> dict[str, Any]:
    """Return the JSON fields of a preset; none for the list."""
    if chosen is None:
        return {}
    return {
        "preset": chosen.name,
        "pbx": chosen.pbx,
        "summary": chosen.summary,
        "notes": chosen.notes,
        "limits": chosen.limits,
    }


def _list() -> Iterator[Part]:
    """Yield a text per PBX with a line per strategy."""
    yield "Presets: the rules of other phone systems, and whose phone rings first or next."
    every = [preset(name) for name in names()]
    for pbx, group in groupby(every, key=lambda each: each.name.partition("/")[0]):
        found = list(group)
        strategies = [each.name.removeprefix(pbx) or ALONE for each in found]
        width = max(map(len, strategies))
        lines = [
            f"{GAP}{strategy:<{width}}{GAP}{each.summary.removeprefix('rings ')}"
            for strategy, each in zip(strategies, found, strict=True)
        ]
        yield "\n".join([f"{pbx}: {found[0].pbx}", *lines])
    yield "`ringsim presets cucm/circular` shows the options of one, with their sources."


def _one(chosen: Preset) -> Iterator[Part]:
    yield "\n".join([chosen.name, *_wrapped(f"{chosen.pbx}: {chosen.summary}.", "  ")])
    yield "\n".join(_options(chosen.cells))
    yield "\n".join(_certainties(chosen))
    yield "\n".join(_sources(chosen))
    if chosen.to_give():
        yield "* No default of the phone system is known: give your own."
    for title, sentences in (("Notes", chosen.notes), ("Not expressed", chosen.limits)):
        if sentences:
            yield "\n".join([f"{title}:", *_items(sentences)])


def _options(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield the lines of a table of options; long values and settings are wrapped."""
    rows = [(cell.option, _shown(cell), cell.certainty, cell.setting) for cell in cells]
    widths = [max(len(row[at]) for row in (HEADS, *rows)) for at in range(3)]
    widths[1] = min(widths[1], WIDEST_VALUE)
    widths.append(WIDTH - sum(widths) - 3 * len(GAP))
    for row in (HEADS, *rows):
        columns = [
            textwrap.wrap(text, width, break_on_hyphens=False) or [""]
            for text, width in zip(row, widths, strict=True)
        ]
        for line in zip_longest(*columns, fillvalue=""):
            padded = (text.ljust(width) for text, width in zip(line, widths, strict=True))
            yield GAP.join(padded).rstrip()


def _shown(cell: Cell) -> str:
    """Return a value as text, with a star if the user must give it."""
    star = "*" if cell.to_give else ""
    if cell.value is None:
        return star
    if isinstance(cell.value, tuple):
        return (", ".join(map(str, cell.value)) or "none") + star
    if isinstance(cell.value, bool):
        return ("yes" if cell.value else "no") + star
    return f"{cell.value}{star}"


def _certainties(chosen: Preset) -> list[str]:
    used = {cell.certainty for cell in chosen.cells}
    return [f"{word}: {meaning}." for word, meaning in CERTAINTIES.items() if word in used]


def _sources(chosen: Preset) -> list[str]:
    """Return the sources, each with the options read in it."""
    by_source: dict[str, list[str]] = {}
    for cell in chosen.cells:
        if cell.source:
            by_source.setdefault(cell.source, []).append(cell.option)
    most = max(by_source, key=lambda source: len(by_source[source]))
    lines = [f"{most}: {'the others' if len(by_source) > 1 else 'all'}"]
    lines[:0] = [f"{text}: {', '.join(found)}" for text, found in by_source.items() if text != most]
    return ["Sources:", *_items(lines)]


def _items(texts: Sequence[str]) -> Iterable[str]:
    return [line for text in texts for line in _wrapped(text, "  ", first="- ")]


def _wrapped(text: str, indent: str, first: str = "") -> list[str]:
    lead = first or indent
    return textwrap.wrap(
        text, WIDTH, initial_indent=lead, subsequent_indent=indent, break_on_hyphens=False
    )
