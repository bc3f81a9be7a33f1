"""What all pictures share: axes, colours, and text that is shown as it is.

Colours are those of Okabe and Ito, which people of any colour vision tell apart, in an order
in which neighbours differ in lightness too. No picture rests on them alone: whatever a colour
says, a pattern, a marker or a number says as well, so that a grey print can be read.

Nothing here changes a setting of matplotlib's. Ink and paper are those of the axes, so that
a picture fits a dark notebook.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, TypeAlias

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from ringsim.errors import ConfigurationError

__all__ = [
    "BLUE",
    "COLOURS",
    "GREY",
    "ORANGE",
    "SKY",
    "VERMILLION",
    "axes_for",
    "bare",
    "dot",
    "heading",
    "ink",
    "legend_below",
    "mixed",
    "on",
    "panels",
    "paper",
    "plain",
    "points_across",
    "ruled",
    "text_points",
    "wrapped",
]

RGB: TypeAlias = tuple[float, float, float]

BLUE, ORANGE, GREEN, SKY, VERMILLION, PURPLE = COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#56B4E9",
    "#D55E00",
    "#CC79A7",
)
GREY = "#8C8C8C"

STRIP, GAP = 0.09, 0.04  # of axes, for the heading of a panel and between two panels
LETTER = 0.62  # width of a letter, as a part of the size of its font
LONGEST_LINE = 24  # letters of a text beside an axis


def axes_for(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes to draw on: those given, or those of a new figure of this size [inch].

    A new figure is one of pyplot's, so that a notebook shows it and `plt.show()` finds it.

    Raises
    ------
    ConfigurationError
        When what is given is no Axes.
    """
    if ax is None:
        from matplotlib import pyplot

        return pyplot.figure(figsize=(width, height), layout="constrained").add_subplot()
    if not isinstance(ax, Axes):
        raise ConfigurationError("ax", "must be an Axes of matplotlib", ax)
    return ax


def panels(ax: Axes, n: int, *, stacked: bool) -> list[Axes]:
    """Axes side by side, or one above the other, in the place of one whose other axis they share.

    One panel is the axes themselves. Above each of a stack is room for a heading.
    """
    if n == 1:
        return [ax]
    ax.spines[:].set_visible(False)
    (ax.yaxis if stacked else ax.xaxis).set_visible(False)
    size = 1 / n - STRIP if stacked else (1 - GAP * (n - 1)) / n
    found = []
    for place in range(n):
        if stacked:
            panel = ax.inset_axes((0, 1 - (place + 1) / n, 1, size), sharex=ax)
            panel.tick_params(labelbottom=False)
        else:
            panel = ax.inset_axes((place * (size + GAP), 0, size, 1), sharey=ax)
            panel.tick_params(labelleft=False)
        panel.patch.set_visible(False)
        bare(panel)
        found.append(panel)
    return found


def ruled(ax: Axes) -> None:
    """Faint lines along which a row, or a figure, is read; no marks at their ends."""
    ax.grid(axis="y", color=mixed(paper(ax), ink(ax), 0.15), linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)


def bare(ax: Axes, *more: str) -> None:
    """Take the frame away, but for the two axes and what else is named."""
    for side in ("top", "right", *more):
        ax.spines[side].set_visible(False)


def heading(ax: Axes, y: float, text: object, size: float = 9) -> None:
    """The name of the rows below it, at the left of the axes, in bold."""
    ax.text(
        0,
        y,
        plain(text, 2 * LONGEST_LINE),
        transform=ax.get_yaxis_transform(),
        weight="bold",
        fontsize=size,
        verticalalignment="center",
    )


def dot(
    x: float,
    y: float,
    colour: Any,
    behind: Any,
    *,
    hollow: bool,
    size: float = 6.5,
    **fields: Any,
) -> Line2D:
    """An estimate; hollow where something is to be said against it."""
    return Line2D(
        [x],
        [y],
        linestyle="none",
        marker="o",
        markersize=size,
        markeredgewidth=1.6,
        markeredgecolor=colour,
        markerfacecolor=behind if hollow else colour,
        **fields,
    )


def legend_below(ax: Axes, handles: Sequence[Artist], below: float = 40) -> None:
    """A legend under the axes, so many points away, where it is under their labels as well."""
    offset = ScaledTranslation(0, -below / 72, ax.figure.dpi_scale_trans)
    widest = max(text_points(str(handle.get_label()), 8) for handle in handles)
    ax.legend(
        handles=list(handles),
        loc="upper left",
        bbox_to_anchor=(0, 0),
        bbox_transform=ax.transAxes + offset,
        ncols=max(1, int(points_across(ax) // (widest + 34))),
        frameon=False,
        fontsize="small",
        borderaxespad=0,
        columnspacing=1.4,
    )


# Colours


def ink(ax: Axes) -> Any:
    """The colour of text."""
    return ax.xaxis.label.get_color()


def paper(ax: Axes) -> RGB:
    """The colour behind the picture."""
    colour: Any = ax.get_facecolor()
    return to_rgb(colour if colour[3] > 0 else ax.figure.get_facecolor())


def mixed(colour: Any, other: Any, share: float) -> RGB:
    """A colour with a share of another in it."""
    first, second = to_rgb(colour), to_rgb(other)
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(first, second, strict=True))
    return red, green, blue


def on(colour: Any) -> str:
    """Black or white, whichever is read better on a colour.

    Notes
    -----
    Relative luminance and contrast as the Web Content Accessibility Guidelines 2.1 define
    them: black has the higher contrast from a luminance of 0.179 on.
    """
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if luminance > 0.179 else "white"


# Text


def plain(text: object, longest: int = LONGEST_LINE) -> str:
    r"""Text for matplotlib to show letter for letter: one line, no formulas, not endless.

    Examples
    --------
    >>> print(plain("$5 and $6 a_b"))
    \$5 and \$6 a_b
    """
    return _escaped(_shortened(_one_line(text), longest))


def wrapped(text: object) -> str:
    """The same on two lines where it is long, broken at a space or underscore."""
    line = _shortened(_one_line(text), 2 * LONGEST_LINE)
    breaks = [place + 1 for place, letter in enumerate(line[:-1]) if letter in " _-"]
    if len(line) <= LONGEST_LINE or not breaks:
        return plain(line)
    at = min(breaks, key=lambda place: abs(place - len(line) / 2))
    return f"{plain(line[:at].rstrip())}\n{plain(line[at:])}"


def _one_line(text: object) -> str:
    """A space or nothing in place of letters that only control how others are shown."""
    instead = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": "\N{REPLACEMENT CHARACTER}"}
    return "".join(instead.get(unicodedata.category(letter), letter) for letter in str(text))


def _shortened(line: str, longest: int) -> str:
    if len(line) <= longest:
        return line
    head = longest // 2
    return f"{line[:head]}\N{HORIZONTAL ELLIPSIS}{line[head + 1 - longest :]}"


def _escaped(line: str) -> str:
    return line.replace("$", r"\$")


def text_points(text: str, size: float) -> float:
    """About how wide a text is [points]."""
    return LETTER * size * len(text)


def points_across(ax: Axes) -> float:
    """How wide axes are [points]."""
    return ax.get_window_extent().width * 72 / ax.figure.dpi
