"""Command `strategies`: list how each strategy rings, and its names elsewhere."""

from __future__ import annotations

import pandas as pd

from ringsim.cli import _output
from ringsim.cli._options import OutputOptions
from ringsim.cli._screen import show
from ringsim.cli._spreadsheets import FrameFiles
from ringsim.dispatch import Dispatcher, registered

__all__ = ["rule_and_aliases", "run"]


def run(output: OutputOptions) -> None:
    """Print all strategies, and write them to the files asked for."""
    files = FrameFiles(output)
    rows = [(name, *rule_and_aliases(kind)) for name, kind in registered().items()]
    table = pd.DataFrame(rows, columns=["strategy", "rule", "elsewhere"])
    files.write({"strategies": table})
    if output.as_json:
        _output.print_json({**_output.head("strategies"), "table": _output.rows(table)})
        return
    show(["\n\n".join(map(_paragraph, rows))])


def rule_and_aliases(dispatcher: type[Dispatcher]) -> tuple[str, str]:
    """Return the rule of a dispatcher in one sentence, and its names in other PBXs.

    They are the first line of its docstring and the paragraph that begins with `Elsewhere:`.
    """
    paragraphs = [" ".join(part.split()) for part in (dispatcher.__doc__ or "").split("\n\n")]
    rule = paragraphs[0] if paragraphs else ""
    elsewhere = next((part for part in paragraphs if part.startswith("Elsewhere: ")), "")
    return rule.replace("`", ""), elsewhere.removeprefix("Elsewhere: ")


def _paragraph(row: tuple[str, str, str]) -> str:
    name, rule, elsewhere = row
    return "\n".join([name, f"  {rule}", *([f"  Elsewhere: {elsewhere}"] if elsewhere else [])])
