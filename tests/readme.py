"""The README as data: its code blocks and tables."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def blocks(language: str) -> list[str]:
    """Contents of the fenced blocks of one language, in order."""
    found = re.findall(rf"^```{language}\n(.*?)^```", README.read_text("utf-8"), re.S | re.M)
    assert found, f"the README has no {language} block"
    return found


def table_rows(heading: str) -> list[list[str]]:
    """Cells of the tables under a heading, their head and rule left out."""
    text = README.read_text("utf-8")
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"the README has no heading {heading!r}"
    section = re.split(r"^#+ ", rest, maxsplit=1, flags=re.M)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    heads = {place for place, row in enumerate(rows) if set(row) <= set("|- :")}
    kept = [row for place, row in enumerate(rows) if not {place, place + 1} & heads]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in kept]
