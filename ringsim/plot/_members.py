"""Rings, answers, interruptions and occupancy of each member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ringsim._words import word
from ringsim.errors import ConfigurationError
from ringsim.metrics import few_events
from ringsim.planning import Result
from ringsim.plot._axes import (
    axes_for,
    dot,
    draw_row_lines,
    heading,
    hide_frame,
    legend_below,
    panels,
)
from ringsim.plot._colours import BLUE, SKY, background_colour, mix, text_colour
from ringsim.plot._frames import check_frame
from ringsim.plot._text import literal

__all__ = ["members"]

WIDTH, ROW = 10.0, 0.36  # inches
COUNTS = ("rung", "answered", "ring_no_answer", "paged")
DOTS = ("interruptions_per_hour", "occupancy")


def members(frame: pd.DataFrame | Result, *, ax: Axes | None = None) -> Axes:
    """Draw rings, answers, interruptions and occupancy of each member.

    Parameters
    ----------
    frame : DataFrame or Result
        Table from `Result.members`, or some of its rows, or a result.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with the members by group, in the order of the frame; its `child_axes` are three
        panels: rings per replication, interruptions per hour on duty, and occupancy. Black
        lines are confidence intervals; hollow dots have few events.

    Raises
    ------
    ConfigurationError
        If the frame is not such a table, or has no row.

    Examples
    --------
    >>> from ringsim import Demand, Scenario, simulate
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> result = simulate(Scenario(groups=[sales], demand=demand, hours=1), replications=5)
    >>> ax = members(result)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['201', '202']
    """
    if isinstance(frame, Result):
        frame = frame.members()
    columns = [name + bound for name in (*COUNTS, *DOTS) for bound in ("", "_low", "_high")]
    check_frame("frame", frame, (*columns, "note"), "result.members()")
    if list(frame.index.names) != ["group", "member"]:
        raise ConfigurationError(
            "frame", "must be indexed by group and member", list(frame.index.names)
        )
    places, headings = _places(frame)
    height = places[-1] + 1
    axes = axes_for(ax, WIDTH, 1.3 + ROW * height)
    for y, group in headings:
        heading(axes, y, group)
    axes.set_yticks(places, [literal(member) for _, member in frame.index])
    axes.set_ylim(height - 0.4, -0.6)
    draw_row_lines(axes)
    rings, interruptions, occupancy = panels(axes, 3, stacked=False)
    rows = list(zip(places, frame.to_dict("records"), strict=True))
    for y, row in rows:
        _bullet(rings, y, row)
        _dot(interruptions, y, row, "interruptions_per_hour", 1)
        _dot(occupancy, y, row, "occupancy", 100)
    rings.set_xlabel(word("plot.rings_axis"))
    interruptions.set_xlabel(word("plot.interruptions_axis"))
    occupancy.set_xlabel(word("plot.occupancy_axis"))
    for panel in (rings, interruptions, occupancy):
        panel.autoscale_view(scaley=False)
        panel.set_xlim(0, None)
        hide_frame(panel, "left")
        panel.tick_params(axis="y", length=0)
    few = any(few_events(note, name) for note in frame["note"] for name in DOTS)
    legend_below(axes, _legend(axes, paged=bool(frame["paged"].any()), few=few))
    return axes


def _places(frame: pd.DataFrame) -> tuple[list[float], list[tuple[float, str]]]:
    """Return the heights of the rows, and the headings with heights if there are several groups."""
    groups = list(frame.index.get_level_values("group"))
    places: list[float] = []
    headings: list[tuple[float, str]] = []
    y = 0.0
    for i, group in enumerate(groups):
        if len(set(groups)) > 1 and group not in groups[i - 1 : i]:
            headings.append((y, group))
            y += 1
        places.append(y)
        y += 1
    return places, headings


def _bullet(panel: Axes, y: float, row: Mapping[Any, Any]) -> None:
    """Draw bars of the rings and answers of a member, and a cross for its ring-no-answers.

    The intervals are at different heights, so that none hides another.
    """
    for name, height, line in (("rung", 0.7, -0.25), ("paged", 0.7, 0.0), ("answered", 0.3, 0.0)):
        if row[name] > 0:
            panel.barh(
                y, row[name], height, gid=f"{name}-{y:g}", **_fill(name, background_colour(panel))
            )
            _interval(panel, y + line, row, name, 1)
    if row["ring_no_answer"] > 0:
        _interval(panel, y + 0.25, row, "ring_no_answer", 1)
        panel.add_line(_cross(text_colour(panel), [row["ring_no_answer"]], [y + 0.25]))


def _dot(panel: Axes, y: float, row: Mapping[Any, Any], name: str, scale: float) -> None:
    """Draw a figure as a dot with its interval."""
    _interval(panel, y, row, name, scale)
    few = few_events(row["note"], name)
    panel.add_line(
        dot(row[name] * scale, y, BLUE, background_colour(panel), hollow=few, gid=f"{name}-{y:g}")
    )


def _interval(panel: Axes, y: float, row: Mapping[Any, Any], name: str, scale: float) -> None:
    ends = [row[f"{name}_low"] * scale, row[f"{name}_high"] * scale]
    panel.plot(ends, [y, y], color=text_colour(panel), linewidth=1.3, zorder=3)


def _fill(name: str, behind: Any) -> dict[str, Any]:
    colour, paleness, hatch = {
        "rung": (BLUE, 0.85, ""),
        "answered": (BLUE, 0.0, ""),
        "paged": (SKY, 0.6, "...."),
    }[name]
    fill = mix(colour, behind, paleness)
    return {"facecolor": fill, "edgecolor": colour, "hatch": hatch, "linewidth": 0.8}


def _cross(colour: Any, x: Sequence[float], y: Sequence[float], **fields: Any) -> Line2D:
    looks = {"color": colour, "markersize": 6, "markeredgewidth": 1.6}
    return Line2D(x, y, linestyle="none", marker="x", zorder=4, clip_on=False, **looks, **fields)


def _legend(axes: Axes, *, paged: bool, few: bool) -> list[Artist]:
    bars = ("rung", "answered", *(["paged"] if paged else []))
    handles: list[Artist] = [
        *(
            Patch(**_fill(name, background_colour(axes)), label=word(f"plot.{name}"))
            for name in bars
        ),
        _cross(text_colour(axes), [0], [0], label=word("plot.ring_no_answer")),
        Line2D([], [], color=text_colour(axes), linewidth=1.3, label=word("plot.interval")),
    ]
    if few:
        handles.append(
            dot(0, 0, BLUE, background_colour(axes), hollow=True, label=word("plot.few_events"))
        )
    return handles
