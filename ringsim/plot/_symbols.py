"""What bars and marks of a ring chart look like, each told from the others without colour.

`KINDS`, `bar_patch`
    Bars: ringing is hatched, talking solid, wrap-up an outline; grey is what is not the
    group's business.
`MARKS`, `mark_line`
    Marks at instants.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ringsim.plot._colours import GREY, mix

__all__ = ["KINDS", "MARKS", "OFF_DUTY", "Kind", "Mark", "bar_patch", "mark_line"]


class Kind(NamedTuple):
    """How a kind of bar looks."""

    name: str
    paleness: float  # share of paper in the fill
    hatch: str = ""
    line: Any = "solid"
    is_grey: bool = False


class Mark(NamedTuple):
    """How a kind of instant looks."""

    name: str
    marker: str
    size: float
    is_filled: bool = True


KINDS = {
    "ringing": Kind("phone rings", 0.8, "/////"),
    "talking": Kind("on a call", 0.0),
    "wrap_up": Kind("wrap-up", 1.0, "", (0, (1, 1))),
    "elsewhere": Kind("on a call of another group", 0.5, is_grey=True),
    "own": Kind("on a call of their own", 0.5, "xxx", is_grey=True),
}
OFF_DUTY = "off duty"
MARKS = {
    "paged": Mark("page", "^", 6),
    "ring_no_answer": Mark("ring-no-answer", "x", 6),
    "answered_elsewhere": Mark("answered elsewhere", "o", 4, is_filled=False),
    "caller_gave_up": Mark("caller gives up", "D", 5),
    "arrival": Mark("", "|", 8),
    "forward": Mark("forward", ">", 5, is_filled=False),
    "answered": Mark("answered", "o", 6),
    "overflowed": Mark("overflow", ">", 7),
}


def bar_patch(kind: str, colour: Any, paper: Any, **fields: Any) -> Rectangle:
    """A bar; `fields` are those of a Rectangle, which is at (0, 0) and 1 by 1 unless they say."""
    style = KINDS[kind]
    edge = GREY if style.is_grey else colour
    corner: dict[str, Any] = {"xy": (0, 0), "width": 1, "height": 1}
    return Rectangle(
        **(corner | fields),
        facecolor=mix(edge, paper, style.paleness),
        edgecolor=edge,
        hatch=style.hatch,
        linestyle=style.line,
        linewidth=1.0,
    )


def mark_line(
    kind: str, points: Sequence[tuple[float, float]], ink: Any, paper: Any, **fields: Any
) -> Line2D:
    """Marks at these points."""
    style = MARKS[kind]
    return Line2D(
        [x for x, _ in points],
        [y for _, y in points],
        linestyle="none",
        marker=style.marker,
        markersize=style.size,
        markeredgewidth=1.3,
        markeredgecolor=ink,
        markerfacecolor=ink if style.is_filled else paper,
        **fields,
    )
