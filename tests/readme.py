"""The README as data: its code blocks and tables, and the one that is written by a function.

python tests/readme.py     # writes the table of rules again, from `ringsim.rules`
"""

from __future__ import annotations

import re
from pathlib import Path

from ringsim.rules import rules_table

README = Path(__file__).parents[1] / "README.md"
RULES_BEGIN, RULES_END = "<!-- rules -->", "<!-- end of rules -->"


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


def with_rules(text: str) -> str:
    """The README's text with the table of rules as it should be."""
    before, begins, rest = text.partition(RULES_BEGIN)
    _, ends, after = rest.partition(RULES_END)
    assert begins, f"the README has no {RULES_BEGIN}"
    assert ends, f"the README has no {RULES_END}"
    return f"{before}{begins}\n{rules_table()}\n{ends}{after}"


if __name__ == "__main__":
    README.write_text(with_rules(README.read_text("utf-8")), "utf-8")
