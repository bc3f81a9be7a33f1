"""The picture of what a strategy does: a few calls, every phone a row."""

from __future__ import annotations

from collections.abc import Collection

from matplotlib.axes import Axes

from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError
from ringsim.plot._chart import Chart
from ringsim.plot._scene import scene_of
from ringsim.plot._style import axes_for
from ringsim.plot._times import time_axis

__all__ = ["ring_chart"]

WIDTH, ROW, REST = 10.0, 0.28, 1.2  # inches: of the figure, of a row, of what is below the rows


def ring_chart(
    log: CallLog,
    calls: Collection[int] | None = None,
    *,
    start: float | None = None,
    end: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """A few calls on a line of time: who waits, whose phone rings, who talks.

    Parameters
    ----------
    log : CallLog
        What `ringsim.play` or `Result.replay` returned.
    calls : collection of int, optional
        Numbers of the calls that it is about; others in the window are grey.
    start, end : float, optional
        The window [s from the start]. Unless given, it is that of the calls: of `calls`, or
        of at most eight, the first from `start` on, the last before `end`, or those that
        arrive closest together; from their first arrival until all is over, or a while
        after the last outcome.
    ax : Axes, optional
        Where to draw; on a new figure, unless given.

    Returns
    -------
    Axes
        With a line for each caller from arrival to outcome, and a row for each member of
        the groups that have a call in the window, in the configured order.

    Raises
    ------
    ConfigurationError
        When there are no such calls, or no such window.

    Notes
    -----
    Every ring that touches the window is drawn with its start and end. Rings on one phone
    at the same time, or during a call, lie above each other. A member of two groups has two
    rows; their calls for one are grey in the other, as are calls of their own.

    Examples
    --------
    >>> from ringsim import Scenario, Workload, play
    >>> sales = {"extension_number": "600", "members": ["201", "202"], "ring_time": 15}
    >>> script = Workload(arrives_at=[0, 10], talk_time=60, answer_delay={"201": 4})
    >>> ring_chart(play(Scenario(groups=[sales]), script)).get_xlabel()
    'time from the start [s]'
    """
    if not isinstance(log, CallLog):
        hint = "Give one replication: result.replay(0)." if hasattr(log, "replay") else ""
        raise ConfigurationError("log", "must be a CallLog", log, hint)
    scene = scene_of(log, calls, start, end)
    axes = axes_for(ax, WIDTH, WIDTH / 2)
    time_axis(axes, log.scenario, *scene.window)
    chart = Chart(axes, scene)
    chart.draw({group.extension_number: group.name for group in log.scenario.groups})
    if ax is None:
        axes.figure.set_figheight(REST + ROW * chart.height)  # type: ignore[union-attr]
    return axes
