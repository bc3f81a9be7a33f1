"""Axes, rows and legends that all pictures share, and SVG output.

Nothing here changes the settings of matplotlib. Text and background have the colours of the axes,
so that a picture fits a dark notebook.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import ScalarFormatter
from matplotlib.transforms import ScaledTranslation

from ringsim._words import decimal
from ringsim.errors import ConfigurationError
from ringsim.plot._colours import background_colour, mix, text_colour
from ringsim.plot._text import LONGEST_LINE, literal, text_points

__all__ = [
    "axes_for",
    "dot",
    "draw_row_lines",
    "heading",
    "hide_frame",
    "label_dot",
    "legend_below",
    "localise_numbers",
    "panels",
    "points_across",
    "svg",
]

STRIP, GAP = 0.09, 0.04  # share of the axes for the heading of a panel, and between panels


def axes_for(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes to draw on: `ax`, or the axes of a new figure of this size [inch].

    The new figure belongs to pyplot, so that notebooks and `plt.show()` show it.

    Raises
    ------
    ConfigurationError
        If `ax` is neither None nor an Axes.
    """
    if ax is None:
        from matplotlib import pyplot

        return pyplot.figure(figsize=(width, height), layout="constrained").add_subplot()
    if not isinstance(ax, Axes):
        raise ConfigurationError("ax", "must be an Axes of matplotlib", ax)
    return ax


def panels(ax: Axes, n: int, *, stacked: bool) -> list[Axes]:
    """Return n panels inside the axes, side by side or stacked, that share its other axis.

    For n = 1 it is the axes themselves. Stacked panels have room for a heading above each.
    """
    if n == 1:
        return [ax]
    ax.spines[:].set_visible(False)
    (ax.yaxis if stacked else ax.xaxis).set_visible(False)
    size = 1 / n - STRIP if stacked else (1 - GAP * (n - 1)) / n
    found = []
    for i in range(n):
        if stacked:
            panel = ax.inset_axes((0, 1 - (i + 1) / n, 1, size), sharex=ax)
            panel.tick_params(labelbottom=False)
        else:
            panel = ax.inset_axes((i * (size + GAP), 0, size, 1), sharey=ax)
            panel.tick_params(labelleft=False)
        panel.patch.set_visible(False)
        hide_frame(panel)
        found.append(panel)
    return found


def draw_row_lines(ax: Axes) -> None:
    """Draw faint horizontal grid lines without tick marks."""
    ax.grid(axis="y", color=mix(background_colour(ax), text_colour(ax), 0.15), linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)


def hide_frame(ax: Axes, *more: str) -> None:
    """Hide the top and right side of the frame, and the sides named in `more`."""
    for side in ("top", "right", *more):
        ax.spines[side].set_visible(False)


def heading(ax: Axes, y: float, text: object, size: float = 9) -> None:
    """Write a bold heading for the rows below `y`, at the left of the axes."""
    ax.text(
        0,
        y,
        literal(text, 2 * LONGEST_LINE),
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
    """Return a dot for an estimate, filled or hollow; `behind` is the colour behind it."""
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
    """Draw a legend under the axes, `below` points away to leave room for their labels."""
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


def points_across(ax: Axes) -> float:
    """Return the width of the axes [points]."""
    return ax.get_window_extent().width * 72 / ax.figure.dpi


def localise_numbers(figure: Any) -> None:
    """Give the ticks of all axes of a figure the decimal mark of the language in use."""
    for axes in figure.axes:
        for panel in (axes, *axes.child_axes):
            for axis in (panel.xaxis, panel.yaxis):
                if type(axis.get_major_formatter()) is ScalarFormatter:
                    axis.set_major_formatter(_LocalNumbers())


class _LocalNumbers(ScalarFormatter):
    """Plain numbers with the decimal mark of the language in use."""

    def __init__(self) -> None:
        super().__init__(useOffset=False)

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of one tick."""
        return decimal(str(super().__call__(x, pos)))


def svg(ax: Axes, *, close: bool = False) -> str:
    """Return the figure of some axes as SVG; the same picture always gives the same text.

    Parameters
    ----------
    ax : Axes
        Any axes of the figure.
    close : bool, default False
        Close the figure afterwards, so that a notebook does not show it too.

    Examples
    --------
    >>> from ringsim import Scenario, Workload, play
    >>> sales = {"extension_number": "600", "members": ["201"]}
    >>> log = play(Scenario(groups=[sales]), Workload(arrives_at=[0], talk_time=60))
    >>> from ringsim.plot import ring_chart
    >>> "<svg" in svg(ring_chart(log))
    True
    """
    figure = ax.get_figure(root=True)
    assert figure is not None  # noqa: S101  # axes without a figure cannot be drawn
    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "ringsim"}):
        figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    if close:
        from matplotlib import pyplot

        pyplot.close(figure)
    return text.getvalue()


def label_dot(panel: Axes, x: float, y: float, text: str) -> None:
    """Write text above a dot, inside the panel; in its middle if `x` is NaN."""
    low, high = panel.get_xlim()
    share = (x - low) / (high - low) if high > low and not math.isnan(x) else 0.5
    side = "left" if share < 0.35 else "right" if share > 0.65 else "center"
    panel.annotate(
        text,
        ((low + high) / 2 if math.isnan(x) else x, y),
        ({"left": -4, "right": 4, "center": 0}[side], 6),
        textcoords="offset points",
        horizontalalignment=side,
        verticalalignment="bottom",
        fontsize=8.0,
        bbox={"facecolor": background_colour(panel), "edgecolor": "none", "pad": 0.8},
    )
