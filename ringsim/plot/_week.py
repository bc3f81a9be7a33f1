"""Calls and service level by weekday."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ringsim._log_arrays import OUTCOMES
from ringsim._words import has_word, word
from ringsim.errors import ConfigurationError
from ringsim.metrics import WEEK, Tables, few_events
from ringsim.plot._axes import axes_for, draw_row_lines, legend_below, panels
from ringsim.plot._day import calls_bars, day_legend, level_dots
from ringsim.plot._frames import check_frame, label_of

__all__ = ["week"]


def week(frame: pd.DataFrame | Tables, *, group: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the outcomes of the calls and the service level of each weekday.

    Parameters
    ----------
    frame : DataFrame or Result
        Table from `Result.by_day`, or a result, log or records with weekdays, drawn with a
        threshold of 20 s.
    group : str, optional
        Number of the group whose calls are counted, with a result; all groups by default.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with the weekdays; its `child_axes` are two panels: calls per day, and service level
        with confidence intervals. Hollow dots have few events.

    Raises
    ------
    ConfigurationError
        If it is not such a table, or there is no such group.

    Examples
    --------
    >>> from ringsim import Demand, Scenario, simulate
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour={"mon": 30, "tue": 20}, talk_time=60)}
    >>> scenario = Scenario(groups=[sales], demand=demand, hours=2, days=["mon", "tue"])
    >>> ax = week(simulate(scenario, replications=5))
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['Mon', 'Tue']
    """
    if isinstance(frame, Tables):
        frame = frame.by_day(group=group)
    elif group is not None:
        raise ConfigurationError("group", "must be given with a result only", group)
    rates = ("service_level", "service_level_low", "service_level_high")
    check_frame("frame", frame, (*OUTCOMES, *rates, "note"), "result.by_day()")
    days = frame[frame.index != WEEK]
    places = pd.RangeIndex(len(days), name="starts_at").astype("float64")
    table = days.set_axis(places, axis=0).assign(ends_at=places + 1)
    axes = axes_for(ax, 7.0, 4.5)
    calls, level = panels(axes, 2, stacked=True)
    calls_bars(calls, table)
    level_dots(level, table)
    titles = (word("plot.calls_per_day"), label_of(frame, "service_level"))
    for panel, title in zip((calls, level), titles, strict=True):
        panel.set_title(title, loc="left", fontsize="small")
        panel.set_xlim(0, len(days))
        draw_row_lines(panel)
    axes.set_xlim(0, len(days))
    axes.set_xticks([place + 0.5 for place in range(len(days))], list(map(_name, days.index)))
    few = any(few_events(note, "service_level") for note in days["note"])
    legend_below(axes, day_legend(axes, needed=False, few=few))
    return axes


def _name(day: str) -> str:
    return word(f"weekday.{day}") if has_word(f"weekday.{day}") else str(day)
