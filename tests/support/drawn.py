"""The contents of matplotlib axes as data that a test can compare.

`fresh_axes`
    Axes of a new figure, unknown to pyplot.
`bars`, `lines`, `points`, `instants`
    Bars and lines by name, and the data of named lines.
`labels`, `legend`, `all_texts`
    Texts beside an axis, in the legend and in the whole figure.
`Box`
    Position of a bar.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"
BAR = re.compile(r"(ring|talk|wrap-up|own)-")


class Box(NamedTuple):
    """Position of a bar: left and right in time, top and bottom in rows."""

    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def fresh_axes() -> Axes:
    figure = Figure(figsize=(10, 5))
    FigureCanvasAgg(figure)  # a figure's first canvas draws nothing
    return figure.add_subplot()


def bars(ax: Axes) -> dict[str, Box]:
    """Return the bars of a ring chart by name; check that no name occurs twice."""
    found: dict[str, Box] = {}
    for patch in ax.patches:
        name = patch.get_gid()
        if name and BAR.match(name):
            assert isinstance(patch, Rectangle)
            assert name not in found
            (left, top), width, height = patch.get_xy(), patch.get_width(), patch.get_height()
            found[name] = Box(left, left + width, top, top + height)
    return found


def lines(ax: Axes) -> dict[str, list[Line2D]]:
    """Return the named lines, by name."""
    found: dict[str, list[Line2D]] = defaultdict(list)
    for line in ax.lines:
        if line.get_gid():
            found[line.get_gid()].append(line)
    return found


def points(ax: Axes, name: str) -> list[tuple[float, float]]:
    """Return the data points of all lines with a name."""
    return [
        (float(x), float(y))
        for line in lines(ax)[name]
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def instants(ax: Axes, kind: str) -> list[float]:
    """Return the instants of the marks of one kind, sorted."""
    return sorted(x for x, _ in points(ax, kind))


def labels(ax: Axes, axis: str = "y") -> list[str]:
    """Return the tick labels of an axis, as shown."""
    found = ax.get_yticklabels() if axis == "y" else ax.get_xticklabels()
    return [shown(label) for label in found]


def legend(ax: Axes) -> list[str]:
    box = ax.get_legend()
    return [] if box is None else [text.get_text() for text in box.get_texts()]


def all_texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def shown(text: Text) -> str:
    """Return a text as matplotlib shows it; check that it is not parsed as mathematics."""
    words, is_math = text._preprocess_math(text.get_text())
    assert is_math is False
    return words
