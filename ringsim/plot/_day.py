"""Calls, service level and members on duty over a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ringsim._log_arrays import OUTCOMES
from ringsim._words import word
from ringsim.errors import ConfigurationError
from ringsim.metrics import few_events
from ringsim.planning import Result, Staffing
from ringsim.plot._axes import axes_for, dot, draw_row_lines, legend_below, panels
from ringsim.plot._colours import BLUE, VERMILLION, background_colour, outcome_fill
from ringsim.plot._frames import check_frame, label_of, numbers
from ringsim.plot._time_axis import time_axis
from ringsim.scenario import Scenario, Span

__all__ = ["calls_bars", "day", "day_legend", "level_dots"]

STAFFING = ("starts_at", "members_needed")
HALF_HOUR = 1800.0  # seconds
NEEDED: dict[str, Any] = {"color": VERMILLION, "linewidth": 1.6, "linestyle": (0, (4, 2))}


def day(
    frame: pd.DataFrame | Result,
    scenario: Scenario | None = None,
    *,
    group: str | None = None,
    staffing: pd.DataFrame | Staffing | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the outcomes of the calls in each interval of a day, and the members on duty.

    Parameters
    ----------
    frame : DataFrame or Result
        Table from `Result.intervals`, or a result, whose half-hours are drawn with a threshold
        of 20 s.
    scenario : Scenario, optional
        Scenario that was simulated, for its opening time and duties; not needed with a result.
    group : str, optional
        Number of the group whose members are counted, as given to `Result.intervals`; all
        groups by default.
    staffing : Staffing or DataFrame, optional
        Members needed: the result of `ringsim.staffing`, or a table with `starts_at` [s from the
        start], a column or the index, and `members_needed`, which holds until the next row.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with the axis of time; its `child_axes` are three panels: calls per interval,
        service level with confidence intervals, and members on duty. Hollow dots have few
        events.

    Raises
    ------
    ConfigurationError
        If a frame is not such a table, or there is no such group.

    Examples
    --------
    >>> from ringsim import Demand, simulate
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> scenario = Scenario(groups=[sales], demand=demand, hours=2, opens_at="08:00")
    >>> result = simulate(scenario, replications=5)
    >>> day(result).get_xlabel()
    'time of day'
    """
    if isinstance(frame, Result):
        if len(frame.scenario.days) > 1:
            day_name = frame.scenario.days[0]
            raise ConfigurationError(
                "frame",
                "must be the result of one day",
                list(frame.scenario.days),
                f"Draw one with day(result.on({day_name!r})), or the week with plot.week(result).",
            )
        scenario = frame.scenario if scenario is None else scenario
        frame = frame.intervals(HALF_HOUR, group)
    rates = ("service_level", "service_level_low", "service_level_high")
    check_frame("frame", frame, ("ends_at", *OUTCOMES, *rates, "note"), "result.intervals()")
    if frame.index.name != "starts_at":
        raise ConfigurationError("frame", "must be indexed by starts_at", frame.index.name)
    if not isinstance(scenario, Scenario):
        raise ConfigurationError("scenario", "must be a Scenario", scenario)
    groups = scenario.groups if group is None else (scenario.group(group),)
    people = dict.fromkeys(member.extension_number for each in groups for member in each.members)
    needed = None if staffing is None else _staffing(staffing)
    start, end = float(frame.index.min()), float(frame["ends_at"].max())
    axes = axes_for(ax, 9.0, 6.0)
    calls, level, on_duty = panels(axes, 3, stacked=True)
    calls_bars(calls, frame)
    level_dots(level, frame)
    _on_duty(on_duty, _counts([scenario.duty(number) for number in people], start, end))
    if needed is not None:
        on_duty.step(*_until(needed, end), where="post", **NEEDED, gid="members needed")
    on_duty.set_ylim(0, on_duty.get_ylim()[1] * 1.1 + 0.1)
    for panel, title in (
        (calls, word("plot.minutes", minutes=f"{_minutes(frame):g}")),
        (level, label_of(frame, "service_level")),
        (on_duty, word("plot.members_on_duty")),
    ):
        panel.set_title(title, loc="left", fontsize="small")
        draw_row_lines(panel)
    time_axis(axes, scenario, start, end)
    few = any(few_events(note, "service_level") for note in frame["note"])
    legend_below(axes, day_legend(axes, needed=needed is not None, few=few))
    return axes


def _minutes(frame: pd.DataFrame) -> float:
    return float(frame["ends_at"].iloc[0] - frame.index[0]) / 60


def calls_bars(panel: Axes, frame: pd.DataFrame) -> None:
    """Draw a stacked bar per interval with the outcomes of its calls."""
    starts = frame.index.to_numpy(np.float64)
    widths = frame["ends_at"].to_numpy(np.float64) - starts
    below = np.zeros(len(frame))
    for outcome in OUTCOMES:
        heights = frame[outcome].to_numpy(np.float64)
        looks = outcome_fill(outcome, background_colour(panel))
        panel.bar(starts, heights, widths, below, align="edge", gid=outcome, **looks)
        below = below + heights
    if not below.any():  # else the axis has numbers of calls below 0
        panel.set_ylim(0, 1)


def level_dots(panel: Axes, frame: pd.DataFrame) -> None:
    """Draw the service level of each interval at its middle."""
    middles = (frame.index.to_numpy(np.float64) + frame["ends_at"].to_numpy(np.float64)) / 2
    level, low, high = (
        100 * frame[f"service_level{bound}"].to_numpy(np.float64) for bound in ("", "_low", "_high")
    )
    panel.vlines(middles, low, high, color=BLUE, linewidth=1.6)
    panel.plot(middles, level, color=BLUE, linewidth=1, gid="service level")
    for x, y, note in zip(middles, level, frame["note"], strict=True):
        few = few_events(note, "service_level")
        panel.add_line(dot(x, y, BLUE, background_colour(panel), hollow=few, size=5))
    panel.set_ylim(0, 103)


def _on_duty(panel: Axes, steps: tuple[list[float], list[int]]) -> None:
    panel.step(*steps, where="post", color=BLUE, linewidth=2, gid="members on duty")
    panel.yaxis.set_major_locator(MaxNLocator("auto", integer=True))


def _counts(
    duties: Sequence[Sequence[Span] | None], start: float, end: float
) -> tuple[list[float], list[int]]:
    """Return the instants in [start, end] at which the number on duty changes, and the numbers."""
    spans = [span for duty in duties for span in ([(start, end)] if duty is None else duty)]
    edges = {edge for span in spans for edge in span if start < edge < end}
    instants = [start, *sorted(edges), end]
    counts = [sum(begin <= at < stop for begin, stop in spans) for at in instants[:-1]]
    return instants, [*counts, counts[-1]]


def _staffing(staffing: pd.DataFrame | Staffing) -> pd.DataFrame:
    """Return the two columns of the staffing, checked and sorted by time."""
    if isinstance(staffing, Staffing):
        staffing = staffing.table[["members"]].rename(columns={"members": "members_needed"})
    frame = staffing
    if isinstance(frame, pd.DataFrame) and frame.index.name == "starts_at":
        frame = frame.reset_index()
    check_frame("staffing", frame, STAFFING, "the result of staffing()")
    found = pd.DataFrame({name: numbers("staffing", frame[name]) for name in STAFFING})
    return found.sort_values("starts_at")


def _until(needed: pd.DataFrame, end: float) -> tuple[list[float], list[float]]:
    """Return instants and numbers of the members needed, extended to the end of the day."""
    instants, members = needed["starts_at"].tolist(), needed["members_needed"].tolist()
    return [*instants, max(end, instants[-1])], [*members, members[-1]]


def day_legend(axes: Axes, *, needed: bool, few: bool) -> list[Artist]:
    """Return the entries of the legend of `day`."""
    handles: list[Artist] = [
        Patch(**outcome_fill(outcome, background_colour(axes)), label=word(f"plot.{outcome}"))
        for outcome in OUTCOMES
    ]
    handles.append(
        Line2D(
            [], [], color=BLUE, marker="o", markersize=5, label=word("plot.estimate_and_interval")
        )
    )
    if few:
        handles.append(
            dot(
                0,
                0,
                BLUE,
                background_colour(axes),
                hollow=True,
                size=5,
                label=word("plot.few_events"),
            )
        )
    if needed:
        handles.append(Line2D([], [], color=BLUE, linewidth=2, label=word("plot.on_duty")))
        handles.append(Line2D([], [], **NEEDED, label=word("plot.needed")))
    return handles
