"""`ringsim strategies`: every registered dispatcher, its rule and its names elsewhere."""

from __future__ import annotations

from ringsim.cli import _render
from ringsim.dispatch import Dispatcher, registered

__all__ = ["described", "run"]


def described(dispatcher: type[Dispatcher]) -> tuple[str, str]:
    """The rule of a dispatcher in one sentence, and its names in other PBXs.

    Both are in its docstring: the first line, and the paragraph that begins `Elsewhere:`.
    """
    paragraphs = [" ".join(part.split()) for part in (dispatcher.__doc__ or "").split("\n\n")]
    rule = paragraphs[0] if paragraphs else ""
    elsewhere = next((part for part in paragraphs if part.startswith("Elsewhere: ")), "")
    return rule.replace("`", ""), elsewhere.removeprefix("Elsewhere: ")


def run() -> None:
    """Print the table."""
    table = _render.table("", ["strategy", "rule", "elsewhere"], left=3)
    table.show_lines = True
    for name, dispatcher in registered().items():
        table.add_row(*map(_render.printable, (name, *described(dispatcher))))
    _render.show([table])
