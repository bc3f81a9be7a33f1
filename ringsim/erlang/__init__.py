"""Erlang's formulas: the analytic yardstick beside every sizing.

`offered_load`
    From calls per hour and a mean handle time to erlang.
`blocking`, `load_for_blocking`, `members_for_blocking`, `ordered_loads`
    Nobody waits: Erlang B, its inverses, callers who call again, and who carries what.
`waiting`, `service_level`, `mean_speed_of_answer`, `mean_wait`
    Callers wait in line: Erlang C; with a `patience` Erlang A; with `places` of either kind,
    no more than so many calls at once.
`answer_rate`, `abandonment_rate`, `overflow_rate`, `occupancy`
    What becomes of the calls of such a line, and of the members' time.
`members_for_service_level`, `members_for_mean_speed_of_answer`
    The fewest members that reach a target.

Everywhere, n members are offered a load [erlang] of calls that arrive at random (Poisson),
times are in seconds, and probabilities are shares of all offered calls, unless said
otherwise. Where callers wait, handle times and patience are exponential and the line is
first come, first served; without waiting the law of handle times does not matter. No phone
has to ring here: members answer at once, which is what a simulation is there to add to.

Figures are exact but for the last digits of floats, small ones too; what is below 1e-300 may
be 0. Arguments are numbers, not arrays.
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
