"""Axes of all pictures: frames, rows, legends; and a picture as SVG.

Colours are those of Okabe and Ito, which people of any colour vision tell apart, in an order
in which neighbours differ in lightness too. No picture rests on them alone: whatever a colour
says, a pattern, a marker or a number says as well, so that a grey print can be read.

Nothing here changes a setting of matplotlib's. Ink and paper are those of the axes, so that
a picture fits a dark notebook.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from ringsim.errors import ConfigurationError
from ringsim.plot._colours import background_colour, mix, text_colour
from ringsim.plot._text import LONGEST_LINE, literal, text_points

__all__ = [
    "axes_for",
    "dot",
    "draw_row_lines",
    "heading",
    "hide_frame",
    "legend_below",
    "panels",
    "points_across",
    "svg",
]

STRIP, GAP = 0.09, 0.04  # of axes, for the heading of a panel and between two panels


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
        hide_frame(panel)
        found.append(panel)
    return found


def draw_row_lines(ax: Axes) -> None:
    """Faint lines along which a row, or a figure, is read; no marks at their ends."""
    ax.grid(axis="y", color=mix(background_colour(ax), text_colour(ax), 0.15), linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)


def hide_frame(ax: Axes, *more: str) -> None:
    """Take the frame away, but for the two axes and what else is named."""
    for side in ("top", "right", *more):
        ax.spines[side].set_visible(False)


def heading(ax: Axes, y: float, text: object, size: float = 9) -> None:
    """The name of the rows below it, at the left of the axes, in bold."""
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


def points_across(ax: Axes) -> float:
    """How wide axes are [points]."""
    return ax.get_window_extent().width * 72 / ax.figure.dpi


def svg(ax: Axes, *, close: bool = False) -> str:
    """The figure of some axes as SVG: the same text for the same picture.

    Parameters
    ----------
    ax : Axes
        Of the figure.
    close : bool, default False
        Whether it is not to be shown as well, as a notebook would.

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
    assert figure is not None  # noqa: S101  # axes without one cannot be drawn
    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "ringsim"}):
        figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    if close:
        from matplotlib import pyplot

        pyplot.close(figure)
    return text.getvalue()
