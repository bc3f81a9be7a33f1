"""What happened, in numbers: every metric, with its interval.

`Roster`
    Who is a member of what, and how long on duty: what metrics need of a scenario.
`check_identity`
    The counting identity, asserted.
`Layout`, `Observer`, `Joining`, `Observations`
    Runs reduced to their sums; `summary`, `members` and `intervals` make tables of them, and
    `flat` rows with three columns for each metric.
`in_words`, `few_events`
    A figure as people read it, and whether the note of a row marks it.
`METRICS`, `VARIANTS`, `WITHIN_SLACK`
    Every metric with its definition, the variants of the service level, and by how many
    seconds a wait may exceed a threshold and still be within it.
"""

from ringsim.metrics._calls import Calls
from ringsim.metrics._definitions import METRICS, Metric, metric_named
from ringsim.metrics._jit_observe import WITHIN_SLACK
from ringsim.metrics._observe import Joining, Layout, Observations, Observer, check_identity
from ringsim.metrics._question import VARIANTS, Question
from ringsim.metrics._roster import Roster
from ringsim.metrics._tables import (
    MEMBER_METRICS,
    calls_of,
    flat,
    group_layout,
    interval_layout,
    intervals,
    members,
    occupancy,
    occupancy_within,
    summary,
)
from ringsim.metrics._words import few_events, in_words

__all__ = [
    "MEMBER_METRICS",
    "METRICS",
    "VARIANTS",
    "WITHIN_SLACK",
    "Calls",
    "Joining",
    "Layout",
    "Metric",
    "Observations",
    "Observer",
    "Question",
    "Roster",
    "calls_of",
    "check_identity",
    "few_events",
    "flat",
    "group_layout",
    "in_words",
    "interval_layout",
    "intervals",
    "members",
    "metric_named",
    "occupancy",
    "occupancy_within",
    "summary",
]
