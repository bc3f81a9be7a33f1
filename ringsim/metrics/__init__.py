"""What happened, in numbers: every metric, with its interval.

`Roster`
    Who is a member of what, and how long on duty: what metrics need of a scenario.
`check_identity`
    The counting identity, asserted.
`Layout`, `Observer`, `Merger`, `Observations`
    Runs reduced to their sums; `summary`, `members` and `intervals` make tables of them, and
    `estimate_columns` rows with three columns for each metric.
`format_estimate`, `few_events`
    A figure as people read it, and whether the note of a row marks it.
`METRICS`, `VARIANTS`, `WITHIN_SLACK`
    Every metric with its definition, the variants of the service level, and by how many
    seconds a wait may exceed a threshold and still be within it.
"""

from ringsim.metrics._calls import Calls
from ringsim.metrics._default_metrics import DEFAULT_METRICS, checked_metrics
from ringsim.metrics._definitions import METRICS, Metric, metric_named
from ringsim.metrics._jit_sums import WITHIN_SLACK
from ringsim.metrics._member_metrics import (
    MEMBER_METRICS,
    estimate_columns,
    members,
    occupancy,
    occupancy_within,
)
from ringsim.metrics._roster import Roster
from ringsim.metrics._summaries import (
    Tables,
    calls_of,
    group_layout,
    interval_layout,
    intervals,
    summary,
)
from ringsim.metrics._sums import Layout, Merger, Observations, Observer, check_identity
from ringsim.metrics._thresholds import VARIANTS, Thresholds
from ringsim.metrics._units import few_events, format_estimate

__all__ = [
    "DEFAULT_METRICS",
    "MEMBER_METRICS",
    "METRICS",
    "VARIANTS",
    "WITHIN_SLACK",
    "Calls",
    "Layout",
    "Merger",
    "Metric",
    "Observations",
    "Observer",
    "Roster",
    "Tables",
    "Thresholds",
    "calls_of",
    "check_identity",
    "checked_metrics",
    "estimate_columns",
    "few_events",
    "format_estimate",
    "group_layout",
    "interval_layout",
    "intervals",
    "members",
    "metric_named",
    "occupancy",
    "occupancy_within",
    "summary",
]
