"""Shifts of a roster, above the members needed and the service that callers get."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ringsim._words import word
from ringsim.errors import check_choice, check_instance
from ringsim.metrics import METRICS
from ringsim.planning import Roster
from ringsim.planning._goals import Goal
from ringsim.planning._turns import RosterDay
from ringsim.plot._axes import axes_for, draw_row_lines, legend_below, panels
from ringsim.plot._colours import BLUE, SKY, VERMILLION, text_colour
from ringsim.plot._frames import label_with, unit_of
from ringsim.plot._text import literal
from ringsim.plot._time_axis import time_axis

__all__ = ["roster"]

NEEDED: dict[str, Any] = {"color": VERMILLION, "linewidth": 1.6, "linestyle": (0, (4, 2))}
LIMIT: dict[str, Any] = {"linewidth": 0.9, "linestyle": (0, (4, 3))}


def roster(
    found: Roster, *, day: str | None = None, group: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the shifts of one day, and below them the members on duty and the service.

    Parameters
    ----------
    found : Roster
        Result of `ringsim.roster`.
    day : str, optional
        Name of the day; the first one by default.
    group : str, optional
        Number of the group; the first one by default.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with the axis of time; its `child_axes` are three panels: a row for each person at
        work, with gaps for lunch; members on duty and needed; and the first metric of the
        target by interval, with its one-sided bounds and its limit.

    Raises
    ------
    ConfigurationError
        If it is no roster, or has no such day or group.

    Examples
    --------
    >>> from ringsim import Demand, Scenario, Shift, Target, roster as find
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=6, talk_time=60)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=2, opens_at="08:00")
    >>> asked = {"target": Target(answer_rate=0.8), "shifts": [Shift("08:00", "10:00")]}
    >>> roster(find(office, **asked, replications_played=100)).get_xlabel()
    'time of day'
    """
    check_instance("found", found, Roster)
    name = found.days[0] if day is None else day
    check_choice("day", name, found.days)
    number = found.groups[0] if group is None else group
    check_choice("group", number, found.groups)
    place = found.rounds.team.days[found.days.index(name)]
    rows = found.by_interval.reset_index(["day", "group"])
    rows = rows[(rows["day"] == name) & (rows["group"] == number)]
    slot = next(each for each in found.rounds.slots if each.group == number)
    goal = slot.target.goals[0]
    axes = axes_for(ax, 9.0, 6.5)
    shifts, members, service = panels(axes, 3, stacked=True)
    _shifts(shifts, found, place, number)
    _members(members, rows)
    _service(service, rows, goal)
    title = label_with(slot.target.question, goal.name)
    heading = word("plot.roster_shifts", day=literal(name)) if len(found.days) > 1 else ""
    for panel, text in (
        (shifts, heading or word("plot.roster_people")),
        (members, word("plot.members_on_duty")),
        (service, title),
    ):
        panel.set_title(text, loc="left", fontsize="small")
    for panel in (members, service):
        draw_row_lines(panel)
    time_axis(axes, place.scenario, 0.0, max(place.closes, float(rows["ends_at"].max())))
    legend_below(axes, _legend(axes))
    return axes


def _shifts(panel: Axes, found: Roster, day: RosterDay, group: str) -> None:
    """Draw a row for each person of the group at work, in the order of their start."""
    team, spans = found.rounds.team, found.spans_on(day.name)
    there = [who for who in spans if group in team.workers[who].groups]
    there.sort(key=lambda who: (spans[who][0][0], spans[who][-1][1], who))
    for y, who in enumerate(there):
        for start, end in spans[who]:
            panel.barh(y, end - start, 0.7, start, color=SKY, gid=f"shift-{y}")
    panel.set_yticks(range(len(there)), [literal(team.people[who].label, 18) for who in there])
    panel.set_ylim(max(len(there), 1) - 0.4, -0.6)
    panel.tick_params(axis="y", length=0, labelsize=7 if len(there) < 12 else 5)


def _members(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw members on duty throughout each interval, and members needed."""
    edges = [*rows.index, rows["ends_at"].iloc[-1]]
    for name, looks in (("on_duty", {"color": BLUE, "linewidth": 2.0}), ("needed", NEEDED)):
        values = rows[name].tolist()
        panel.step(edges, [*values, values[-1]], where="post", gid=name, **looks)
    panel.set_ylim(0, 1.15 * max(rows["on_duty"].max(), rows["needed"].max(), 1))


def _service(panel: Axes, rows: pd.DataFrame, goal: Goal) -> None:
    """Draw the metric of a goal at the middle of each interval, with bounds and limit."""
    scale = unit_of(goal.name).scale if goal.name in METRICS else 100.0
    middles = (rows.index.to_numpy(np.float64) + rows["ends_at"].to_numpy(np.float64)) / 2
    level, low, high = (
        scale * rows[f"{goal.name}{bound}"].to_numpy(np.float64) for bound in ("", "_low", "_high")
    )
    panel.vlines(middles, low, high, color=BLUE, linewidth=1.6)
    panel.plot(middles, level, "o", color=BLUE, markersize=4, gid="service")
    panel.axhline(goal.limit * scale, color=text_colour(panel), gid="limit", **LIMIT)
    if scale == 100.0:
        panel.set_ylim(top=103)


def _legend(axes: Axes) -> list[Artist]:
    return [
        Patch(color=SKY, label=word("plot.at_work")),
        Line2D([], [], color=BLUE, linewidth=2, label=word("plot.on_duty")),
        Line2D([], [], **NEEDED, label=word("plot.needed")),
        Line2D([], [], color=BLUE, marker="o", markersize=4, label=word("plot.bounds")),
        Line2D([], [], color=text_colour(axes), label=word("plot.target"), **LIMIT),
    ]
