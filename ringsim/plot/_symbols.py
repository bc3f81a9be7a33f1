"""Styles of the bars and marks of a ring chart; they differ even without colour.

`KINDS`, `bar_patch`
    Bars: ringing is hatched, talking solid, wrap-up an outline. Calls of other groups and own
    calls are grey.
`MARKS`, `mark_line`
    Marks at instants.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ringsim._words import word
from ringsim.plot._colours import GREY, mix

__all__ = ["KINDS", "MARKS", "OFF_DUTY", "Kind", "Mark", "bar_patch", "in_words", "mark_line"]


class Kind(NamedTuple):
    """Style of a kind of bar; `key` is its name in the catalogue of words."""

    key: str
    paleness: float  # share of the background in the fill
    hatch: str = ""
    line: Any = "solid"
    is_grey: bool = False


class Mark(NamedTuple):
    """Style of a kind of mark; `key` is its name in the catalogue, "" for none in the legend."""

    key: str
    marker: str
    size: float
    is_filled: bool = True


KINDS = {
    "ringing": Kind("ringing", 0.8, "/////"),
    "talking": Kind("talking", 0.0),
    "wrap_up": Kind("wrap_up", 1.0, "", (0, (1, 1))),
    "elsewhere": Kind("elsewhere", 0.5, is_grey=True),
    "own": Kind("own", 0.5, "xxx", is_grey=True),
}
OFF_DUTY = "off duty"
MARKS = {
    "paged": Mark("page", "^", 6),
    "ring_no_answer": Mark("ring_no_answer", "x", 6),
    "answered_elsewhere": Mark("answered_elsewhere", "o", 4, is_filled=False),
    "caller_gave_up": Mark("caller_gives_up", "D", 5),
    "arrival": Mark("", "|", 8),
    "forward": Mark("forward", ">", 5, is_filled=False),
    "answered": Mark("answered", "o", 6),
    "overflowed": Mark("overflow", ">", 7),
}


def in_words(key: str) -> str:
    """Return the words for a style in the legend, in the language of the plot."""
    return word(f"plot.{key.replace(' ', '_')}")


def bar_patch(kind: str, colour: Any, behind: Any, **fields: Any) -> Rectangle:
    """Return a bar; `fields` are arguments of Rectangle, by default at (0, 0) and 1 by 1."""
    style = KINDS[kind]
    edge = GREY if style.is_grey else colour
    corner: dict[str, Any] = {"xy": (0, 0), "width": 1, "height": 1}
    return Rectangle(
        **(corner | fields),
        facecolor=mix(edge, behind, style.paleness),
        edgecolor=edge,
        hatch=style.hatch,
        linestyle=style.line,
        linewidth=1.0,
    )


def mark_line(
    kind: str, points: Sequence[tuple[float, float]], colour: Any, behind: Any, **fields: Any
) -> Line2D:
    """Return marks of one kind at these points."""
    style = MARKS[kind]
    return Line2D(
        [x for x, _ in points],
        [y for _, y in points],
        linestyle="none",
        marker=style.marker,
        markersize=style.size,
        markeredgewidth=1.3,
        markeredgecolor=colour,
        markerfacecolor=colour if style.is_filled else behind,
        **fields,
    )
