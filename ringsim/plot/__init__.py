"""Pictures, drawn with matplotlib.

`ring_chart`
    A few calls over time with a row per phone, to see what a strategy does.
`strategies`
    Variants side by side, with intervals and differences.
`waits`
    Shares of calls answered, abandoned and overflowed by the time waited.
`members`
    Rings, answers, interruptions and occupancy of each member.
`heat_map`
    A metric against two settings.
`trade_off`
    Two metrics of all variants, one on each axis: what is better, and what it costs.
`frontier`
    All combinations of an optimum by two figures, and those that none beats in both.
`backtest`
    Days that happened against what a scenario predicted for them.
`day`
    Calls, service level and members on duty over a day.
`week`
    Calls and service level by weekday.
`roster`
    Shifts of a roster, above the members needed and the service that callers get.
`stress`
    Events of a stress test, from the one that breaks a group first.
`svg`
    A picture as SVG text.

Functions draw on the axes given, or on a new figure, and return the Axes: `ax.figure.savefig(...)`
saves the picture, and everything in it can be changed. No other package imports matplotlib.
"""

from ringsim.plot._axes import svg
from ringsim.plot._backtest import backtest
from ringsim.plot._day import day
from ringsim.plot._frontier import frontier
from ringsim.plot._heat_map import heat_map
from ringsim.plot._members import members
from ringsim.plot._ring_chart import ring_chart
from ringsim.plot._roster import roster
from ringsim.plot._strategies import strategies
from ringsim.plot._stress import stress
from ringsim.plot._trade_off import trade_off
from ringsim.plot._waits import waits
from ringsim.plot._week import week

__all__ = [
    "backtest",
    "day",
    "frontier",
    "heat_map",
    "members",
    "ring_chart",
    "roster",
    "strategies",
    "stress",
    "svg",
    "trade_off",
    "waits",
    "week",
]
