"""Erlang's formulas: the analytic yardstick beside a simulation.

`offered_load`
    Offered load from calls per hour and a mean handle time.
`blocking`, `load_for_blocking`, `members_for_blocking`, `ordered_loads`
    Erlang B, where nobody waits: its inverses, callers who call again, and the load that each
    member of an ordered hunt carries.
`Queue`
    Erlang C, where callers wait in line; with a `patience` Erlang A; with `places` either of
    them with a limited number of calls at once. Its properties are also functions: `waiting`,
    `service_level`, `mean_speed_of_answer`, `mean_wait`, `answer_rate`, `abandonment_rate`,
    `overflow_rate` and `occupancy`.
`members_for_service_level`, `members_for_mean_speed_of_answer`
    The fewest members that reach a target.

In all formulas, n members are offered a load [erlang] of calls that arrive at random
(Poisson). Times are in seconds. Probabilities are shares of all offered calls, unless a
docstring says otherwise. Where callers wait, handle times and patience are exponential, and
the line is first come, first served; where nobody waits, the distribution of handle times
does not matter. Members answer at once: no phone rings here, and ringing is what a simulation
adds.

Figures are exact to the last digits of floats, small ones too; figures below 1e-300 may be 0.
Arguments are numbers, not arrays.

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
from ringsim.erlang._queue import (
    Queue,
    abandonment_rate,
    answer_rate,
    mean_speed_of_answer,
    mean_wait,
    occupancy,
    overflow_rate,
    service_level,
    waiting,
)

__all__ = [
    "Queue",
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
