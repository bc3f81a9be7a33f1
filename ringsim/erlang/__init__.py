"""Erlang's formulas: known results to check a simulation or a size against.

`offered_load`
    Converts calls per hour and a mean handle time to erlang.
`blocking`, `load_for_blocking`, `members_for_blocking`, `ordered_loads`
    Nobody waits: Erlang B, its inverses, callers who try again, and the load of each member.
`waiting`, `service_level`, `mean_speed_of_answer`, `mean_wait`
    Callers wait in line: Erlang C, or Erlang A with a `patience`. `places` limits the number of
    calls that are present at once, in either.
`answer_rate`, `abandonment_rate`, `overflow_rate`, `occupancy`
    How the calls of such a line end, and how busy its members are.
`members_for_service_level`, `members_for_mean_speed_of_answer`
    The fewest members that reach a target.

In all formulas n members serve a load [erlang] of calls that arrive at random (Poisson). Times are
in seconds. Probabilities are shares of all offered calls, unless a docstring names another base.
Where callers wait, handle times and patience are exponential, and the first to come is the first
to be served. Where nobody waits, the distribution of handle times does not matter. No phone rings:
members answer at once. A ring group therefore needs more members than a formula says, and a
simulation shows how many more.

Results are exact but for the last digits of floats, for up to a million members and for rare
events; a value below 1e-300 may be 0. Arguments are numbers, not arrays.

Examples
--------
>>> from ringsim import erlang
>>> load = erlang.offered_load(calls_per_hour=40, handle_time=180)
>>> load
2.0
>>> round(erlang.service_level(3, load, within=20, handle_time=180, patience=60), 3)
0.777
>>> erlang.members_for_service_level(load, 0.95, within=20, handle_time=180, patience=60)
5
>>> erlang.members_for_blocking(load, 0.01)
7
"""

from ringsim.erlang._loss import blocking, load_for_blocking, offered_load, ordered_loads
from ringsim.erlang._members import (
    members_for_blocking,
    members_for_mean_speed_of_answer,
    members_for_service_level,
)
from ringsim.erlang._outcomes import abandonment_rate, answer_rate, occupancy, overflow_rate
from ringsim.erlang._waiting import mean_speed_of_answer, mean_wait, service_level, waiting

__all__ = [
    "abandonment_rate",
    "answer_rate",
    "blocking",
    "load_for_blocking",
    "mean_speed_of_answer",
    "mean_wait",
    "members_for_blocking",
    "members_for_mean_speed_of_answer",
    "members_for_service_level",
    "occupancy",
    "offered_load",
    "ordered_loads",
    "overflow_rate",
    "service_level",
    "waiting",
]
