"""Time axis: times of day if the scenario has an opening time, else time from the start."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import Formatter, Locator

from ringsim._words import word
from ringsim.scenario import DAY, Scenario, clock_seconds, clock_text, has_seconds

__all__ = ["time_axis"]

MAX_TICKS = 9
TICK = 2  # room for a tick, as a multiple of that of matplotlib: times of day are long
STEPS = (
    *(1, 2, 5, 10, 15, 20, 30),
    *(60, 120, 300, 600, 900, 1200, 1800),
    *(3600, 7200, 10800, 14400, 21600, 43200, DAY),
)
LONG = 3600.0  # seconds above which the axis shows hours and minutes


def time_axis(ax: Axes, scenario: Scenario, start: float, end: float) -> None:
    """Set up the x axis to show [start, end], in seconds from the start of the scenario."""
    opens_at = None if scenario.opens_at is None else clock_seconds(scenario.opens_at)
    ax.set_xlim(start, end)
    ax.xaxis.set_major_locator(RoundTimes(opens_at or 0.0))
    if opens_at is not None:
        ax.xaxis.set_major_formatter(TimesOfDay(opens_at))
        ax.set_xlabel(word("plot.time_of_day"))
    elif end - start <= LONG:
        ax.set_xlabel(word("plot.seconds_from_start"))
    else:
        ax.xaxis.set_major_formatter(TimesOfDay(0.0, recurs=False))
        ax.set_xlabel(word("plot.hours_from_start"))


class RoundTimes(Locator):
    """Ticks at whole seconds, minutes or hours on the clock.

    Parameters
    ----------
    opens_at : float
        Time of day at second 0 [s since midnight].
    """

    def __init__(self, opens_at: float) -> None:
        self.opens_at = opens_at

    def __call__(self) -> Any:
        """Return the ticks within the present limits of the axis, as an array."""
        assert self.axis is not None  # noqa: S101 - matplotlib asks for ticks of an axis only
        return self.tick_values(*self.axis.get_view_interval())

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Return the ticks within two bounds, as an array."""
        low, high = sorted((vmin + self.opens_at, vmax + self.opens_at))
        room = self.axis.get_tick_space() if isinstance(self.axis, Axis) else MAX_TICKS * TICK
        step = round_step((high - low) / max(2, min(MAX_TICKS, room // TICK)))
        ticks = np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step
        return ticks - self.opens_at


def round_step(least: float) -> float:
    """Return the smallest round step of time [s] that is at least `least`."""
    if least < 1:
        return 10.0 ** math.ceil(math.log10(max(least, 1e-9)))
    return next((step for step in STEPS if step >= least), math.ceil(least / DAY) * DAY)


class TimesOfDay(Formatter):
    """Formatter for hours and minutes, with seconds if any tick needs them.

    Parameters
    ----------
    opens_at : float
        Time of day at second 0 [s since midnight].
    recurs : bool, default True
        Whether the clock returns to 0:00 at midnight.
    """

    def __init__(self, opens_at: float, *, recurs: bool = True) -> None:
        self.opens_at = opens_at
        self.recurs = recurs
        self.to_the_second = False

    def __call__(self, x: float, pos: int | None = None) -> str:  # noqa: ARG002
        """Return the label of one instant, such as that under the mouse pointer."""
        return clock_text(x + self.opens_at, recurs=self.recurs, seconds=self.to_the_second)

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the labels of all ticks, all with seconds or all without."""
        self.to_the_second = any(has_seconds(x + self.opens_at) for x in values)
        return [self(x) for x in values]
