"""What happened, in numbers: every metric, with its interval.

`Roster`
    Who is a member of what, and how long on duty: what metrics need of a scenario.
`check_identity`, `observe`
    The counting identity, asserted; one run reduced to what metrics need of it.
`Observations`
    Any number of such runs; `summary`, `members` and `intervals` make tables of them.
`METRICS`, `VARIANTS`
    Every metric with its definition, and the variants of the service level.
"""

from ringsim.metrics._definitions import METRICS, Metric
from ringsim.metrics._observe import Observation, Observations, check_identity, observe
from ringsim.metrics._question import VARIANTS, Question
from ringsim.metrics._roster import Roster
from ringsim.metrics._tables import MEMBER_METRICS, intervals, members, summary

__all__ = [
    "MEMBER_METRICS",
    "METRICS",
    "VARIANTS",
    "Metric",
    "Observation",
    "Observations",
    "Question",
    "Roster",
    "check_identity",
    "intervals",
    "members",
    "observe",
    "summary",
]
