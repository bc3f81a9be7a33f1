"""Shares of calls answered, abandoned and overflowed by the time waited."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ringsim._checks import is_number
from ringsim._log_arrays import OUTCOMES
from ringsim._week_log import WeekLog
from ringsim._words import decimal, thousands, word
from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError
from ringsim.metrics import WITHIN_SLACK, format_figure
from ringsim.planning import Result
from ringsim.plot._axes import axes_for, hide_frame
from ringsim.plot._colours import background_colour, outcome_fill, text_colour
from ringsim.plot._frames import check_frame, numbers

__all__ = ["waits"]

Floats: TypeAlias = NDArray[np.float64]

MAX_STEPS = 500  # about one for each point across the picture
APART = 0.065  # least distance of two labels, as a share of the height of the axes


def waits(
    calls: pd.DataFrame | CallLog | Result,
    within: float = 20.0,
    *,
    group: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the shares of all calls offered that are answered, abandoned or overflowed by a time.

    Parameters
    ----------
    calls : DataFrame, CallLog or Result
        The `calls` of one or several logs: `outcome` and `wait` [s]. The calls of a result
        are those of all its replications, which are played again.
    within : float, default 20
        Threshold of the service level [s]; a line marks it.
    group : str, optional
        Number of a group of a log or a result, to draw only the calls that arrived at it.
    ax : Axes, optional
        Axes to draw on; on a new figure by default.

    Returns
    -------
    Axes
        Axes with a stacked band for each outcome; the space above the bands is calls that
        still wait. Labels on the right give the final share of each outcome.

    Raises
    ------
    ConfigurationError
        If there is no call, a column is invalid, or the threshold is.

    Notes
    -----
    The lower band is the distribution function of the wait of answered calls, multiplied by
    their share of all calls offered, so that it ends below 100 %. Its height at the threshold is
    the service level of the variant `offered`. The axis ends at the 99th percentile of the waits,
    or later to show the threshold.

    Examples
    --------
    >>> calls = pd.DataFrame({"outcome": ["answered", "abandoned"], "wait": [5.0, 30.0]})
    >>> waits(calls).get_ylabel()
    'share of 2 calls offered [%]'
    """
    calls = _frame_of(calls, group)
    check_frame("calls", calls, ("outcome", "wait"), "log.calls")
    if not is_number(within) or not 0 <= within < math.inf:
        raise ConfigurationError("within", "must be a number of seconds, at least 0", within)
    wait, outcome = _columns(calls)
    axes = axes_for(ax, 7.5, 4.2)
    end = max(1.05 * float(np.quantile(wait, 0.99)), 1.5 * within, 1.0)
    times = _steps(wait, within, end)
    below = np.zeros(len(times))
    shares = {}
    for name in OUTCOMES:
        mine = np.sort(wait[outcome == name])
        above = below + 100 * np.searchsorted(mine, times + WITHIN_SLACK, "right") / len(wait)
        if len(mine):
            looks = outcome_fill(name, background_colour(axes))
            axes.fill_between(times, below, above, step="post", gid=name, **looks)
            share = decimal(format_figure(len(mine) / len(wait), "rate"))
            shares[f"{word(f'plot.{name}')} {share}"] = float(below[-1] + above[-1]) / 2
        below = above
    axes.set(xlim=(0, end), ylim=(0, 100), xlabel=word("plot.wait_axis"))
    n = thousands(len(wait))
    axes.set_ylabel(word(f"plot.share_of_call{'s' if len(wait) > 1 else ''}", n=n))
    hide_frame(axes)
    _label_bands(axes, shares)
    if np.interp(0.25 * end, times, below) < 85:
        axes.text(
            0.02,
            0.95,
            word("plot.still_waiting"),
            transform=axes.transAxes,
            va="center",
            fontsize="small",
        )
    level = np.mean((outcome == "answered") & (wait <= within + WITHIN_SLACK))
    _mark_level(axes, within, float(level), leftwards=within > end / 2)
    return axes


def _frame_of(calls: pd.DataFrame | CallLog | WeekLog | Result, group: str | None) -> pd.DataFrame:
    """Return the calls of a frame, a log or a result, of one group if it is given."""
    if isinstance(calls, Result):
        logs = (calls.replay(replication) for replication in range(calls.replications))
        return pd.concat([_frame_of(log, group) for log in logs], ignore_index=True)
    if isinstance(calls, CallLog | WeekLog):
        frame = calls.calls
        if group is not None:
            frame = frame[frame["group"] == calls.scenario.group(group).extension_number]
        return frame[["outcome", "wait"]]
    if group is not None:
        raise ConfigurationError("group", "must be given with a log or a result only", group)
    return calls


def _columns(calls: pd.DataFrame) -> tuple[Floats, NDArray[Any]]:
    """Return waits and outcomes after checking them."""
    for outcome in calls["outcome"].unique():
        if outcome not in OUTCOMES:
            raise ConfigurationError(
                "calls", f"must have only the outcomes {', '.join(OUTCOMES)}", outcome
            )
    wait = np.asarray(numbers("calls", calls["wait"]), dtype=np.float64)
    wrong = ~(np.isfinite(wait) & (wait >= 0))
    if wrong.any():
        value = calls["wait"].tolist()[int(np.argmax(wrong))]
        raise ConfigurationError("calls", "must have waits that are finite seconds", value)
    return wait, calls["outcome"].to_numpy(object)


def _steps(wait: Floats, within: float, end: float) -> Floats:
    """Return the times at which a wait ends, thinned out if there are many, and the axis ends."""
    instants = np.unique(wait[wait <= end])
    if len(instants) > MAX_STEPS:
        instants = instants[np.linspace(0, len(instants) - 1, MAX_STEPS).astype(int)]
    return np.unique(np.concatenate(([0.0, within, end], instants)))


def _label_bands(axes: Axes, shares: dict[str, float]) -> None:
    """Write labels to the right of the bands, in their order, without overlaps."""
    lowest = 0.0
    for i, (text, middle) in enumerate(shares.items()):
        room = 1 - APART * (len(shares) - 1 - i)
        y = min(max(middle / 100, lowest), room)
        lowest = y + APART
        axes.text(1.015, y, text, transform=axes.transAxes, va="center", fontsize="small")


def _mark_level(axes: Axes, within: float, level: float, *, leftwards: bool) -> None:
    """Mark the threshold, and write the share of calls answered within it beside the mark."""
    axes.axvline(within, color=text_colour(axes), linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(
        [within],
        [100 * level],
        "o",
        color=text_colour(axes),
        markerfacecolor=background_colour(axes),
        markersize=7,
        zorder=4,
        clip_on=False,
        gid="service level",
    )
    above = level < 0.15
    axes.annotate(
        decimal(
            word(
                "plot.answered_within",
                share=format_figure(level, "rate"),
                within=f"{within:g}",
            )
        ),
        (within, 100 * level),
        (-8 if leftwards else 8, 8 if above else -8),
        textcoords="offset points",
        horizontalalignment="right" if leftwards else "left",
        verticalalignment="bottom" if above else "top",
        bbox={"facecolor": background_colour(axes), "edgecolor": "none", "pad": 2},
    )
