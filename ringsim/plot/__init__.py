"""Pictures: each function draws one, on axes of its own or on those that it is given.

`ring_chart`
    A few calls on a line of time, every phone a row: what a strategy does.
`strategies`
    Variants beside each other, with their intervals and differences.
`waits`
    How long callers wait, and what for.
`members`
    Who is rung, who answers, who is interrupted how often.
`heat_map`
    A metric against two settings.
`day`
    The load of a day, and who is there for it.
`svg`
    A picture as text.

Matplotlib is imported here and nowhere else. All functions return the Axes, so that
`ax.figure.savefig(...)` keeps a picture and everything in it can be changed.
"""

from ringsim.plot._axes import svg
from ringsim.plot._day import day
from ringsim.plot._heat_map import heat_map
from ringsim.plot._members import members
from ringsim.plot._ring_chart import ring_chart
from ringsim.plot._strategies import strategies
from ringsim.plot._waits import waits

__all__ = ["day", "heat_map", "members", "ring_chart", "strategies", "svg", "waits"]
