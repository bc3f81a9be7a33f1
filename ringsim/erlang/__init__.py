"""Erlang's formulas, to compare with a simulation.

`offered_load`
    Offered load from calls per hour and mean handle time.
`blocking`, `load_for_blocking`, `members_for_blocking`, `ordered_loads`
    Erlang B, in which nobody waits: the probability of blocking, also with callers who call
    again; its inverses; and the load that each member of an ordered hunt carries.
`Queue`
    Erlang C, in which callers wait in a queue; with a `patience` it is Erlang A; `places`
    limits the number of calls in either. Its properties are also functions: `waiting`,
    `service_level`, `mean_speed_of_answer`, `mean_wait`, `answer_rate`, `abandonment_rate`,
    `overflow_rate` and `occupancy`.
`members_for_service_level`, `members_for_mean_speed_of_answer`
    The smallest number of members that reaches a target.

In all formulas, calls arrive at n members as a Poisson process; load is in erlang, times in
seconds. Probabilities are shares of all offered calls, unless a docstring says otherwise. In
the formulas with waiting, handle times and patience are exponential, and calls are answered in
the order of arrival. In those without waiting, the distribution of handle times does not
matter. Members answer at once: the formulas have no ringing, a simulation does.

Results are exact to the last digits of floats, small values too; values below 1e-300 may be 0.
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
