"""How long callers wait, and for what."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ringsim._checks import is_number
from ringsim._log_arrays import OUTCOMES
from ringsim.errors import ConfigurationError
from ringsim.metrics import WITHIN_SLACK
from ringsim.plot._axes import axes_for, hide_frame
from ringsim.plot._colours import background_colour, outcome_fill, text_colour
from ringsim.plot._frames import check_frame, numbers

__all__ = ["waits"]

Floats: TypeAlias = NDArray[np.float64]

MOST_STEPS = 2000  # more than a picture has columns
APART = 0.065  # of the height of the axes, between two labels


def waits(calls: pd.DataFrame, within: float = 20.0, *, ax: Axes | None = None) -> Axes:
    """Of all calls offered, the shares answered, abandoned and overflowed within a time.

    Parameters
    ----------
    calls : DataFrame
        The `calls` of a log, or those of several put together: `outcome` and `wait` [s].
    within : float, default 20
        Threshold of the service level [s], which is marked.
    ax : Axes, optional
        Where to draw; on a new figure, unless given.

    Returns
    -------
    Axes
        With a band for each outcome, one on the other; above them are those who still wait.
        The labels on the right tell the shares of the outcomes in the end.

    Raises
    ------
    ConfigurationError
        When there is no call, or the threshold cannot be.

    Notes
    -----
    The lower band is the distribution function of the wait of answered calls, times their
    share: calls that were not answered make it end below 100 %, and are not left out. Its
    height at the threshold is the service level of the variant `offered`. The axis ends
    where 99 % of the waits do.

    Examples
    --------
    >>> calls = pd.DataFrame({"outcome": ["answered", "abandoned"], "wait": [5.0, 30.0]})
    >>> waits(calls).get_ylabel()
    'share of 2 calls offered [%]'
    """
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
            share = 100 * len(mine) / len(wait)
            shares[f"{name} {share:.1f} %"] = float(below[-1] + above[-1]) / 2
        below = above
    axes.set(xlim=(0, end), ylim=(0, 100), xlabel="wait since arrival [s]")
    offered = f"{len(wait)} calls" if len(wait) > 1 else "1 call"
    axes.set_ylabel(f"share of {offered} offered [%]")
    hide_frame(axes)
    _label_bands(axes, shares)
    if np.interp(0.25 * end, times, below) < 85:
        axes.text(
            0.02, 0.95, "still waiting", transform=axes.transAxes, va="center", fontsize="small"
        )
    level = 100 * np.mean((outcome == "answered") & (wait <= within + WITHIN_SLACK))
    _mark_level(axes, within, float(level), leftwards=within > end / 2)
    return axes


def _columns(calls: pd.DataFrame) -> tuple[Floats, NDArray[Any]]:
    """Waits and outcomes, once they are found to be such."""
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
    """The instants at which something ends, or enough of them; and the ends of the axis."""
    instants = np.unique(wait[wait <= end])
    if len(instants) > MOST_STEPS:
        instants = instants[np.linspace(0, len(instants) - 1, MOST_STEPS).astype(int)]
    return np.unique(np.concatenate(([0.0, within, end], instants)))


def _label_bands(axes: Axes, shares: dict[str, float]) -> None:
    """Labels to the right of the bands, in their order, far enough apart."""
    lowest = 0.0
    for place, (text, middle) in enumerate(shares.items()):
        room = 1 - APART * (len(shares) - 1 - place)
        y = min(max(middle / 100, lowest), room)
        lowest = y + APART
        axes.text(1.015, y, text, transform=axes.transAxes, va="center", fontsize="small")


def _mark_level(axes: Axes, within: float, level: float, *, leftwards: bool) -> None:
    """The threshold, and how many are answered within it, in words where there is room."""
    axes.axvline(within, color=text_colour(axes), linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(
        [within],
        [level],
        "o",
        color=text_colour(axes),
        markerfacecolor=background_colour(axes),
        markersize=7,
        zorder=4,
        clip_on=False,
        gid="service level",
    )
    above = level < 15
    axes.annotate(
        f"{level:.1f} % answered within {within:g} s",
        (within, level),
        (-8 if leftwards else 8, 8 if above else -8),
        textcoords="offset points",
        horizontalalignment="right" if leftwards else "left",
        verticalalignment="bottom" if above else "top",
        bbox={"facecolor": background_colour(axes), "edgecolor": "none", "pad": 2},
    )
