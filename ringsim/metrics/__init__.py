"""Metrics of calls and members, with confidence intervals.

`METRICS`, `MEMBER_METRICS`, `VARIANTS`, `Thresholds`
    Definitions of all metrics and of the variants of the service level, and the thresholds
    that some of them depend on.
`Layout`, `Observer`, `Merger`, `Observations`
    Reduction of runs to sums. `Roster` holds the members and their time on duty.
`summary`, `members`, `intervals`, `estimate_columns`, `summary_rows`, `member_rows`
    Tables of metrics from these sums, rows with three columns for each metric, and rows of plain
    values, which need no pandas.
`check_identity`
    A check that every call has exactly one outcome.
`UNITS`, `format_figure`, `format_estimate`, `few_events`
    Figures as text, and the mark for metrics with few events.
`WEEK`
    Name of the row of all days together in tables by weekday.
`WITHIN_SLACK`
    Seconds by which a wait may exceed a threshold and still count as within it.
"""

from ringsim._service_levels import VARIANTS
from ringsim.metrics._calls import Calls
from ringsim.metrics._default_metrics import (
    DEFAULT_METRICS,
    FORWARDED_METRICS,
    checked_metrics,
    default_metrics,
)
from ringsim.metrics._definitions import METRICS, Metric, metric_named, shown_metrics
from ringsim.metrics._jit_sums import WITHIN_SLACK
from ringsim.metrics._layouts import group_layout, interval_layout
from ringsim.metrics._member_metrics import (
    MEMBER_METRICS,
    estimate_columns,
    members,
    occupancy,
    occupancy_within,
)
from ringsim.metrics._observer import Observer, check_identity
from ringsim.metrics._roster import Roster
from ringsim.metrics._rows import member_rows, summary_rows
from ringsim.metrics._summaries import calls_of, intervals, summary
from ringsim.metrics._sums import Layout, Merger, Observations
from ringsim.metrics._tables import WEEK, Tables
from ringsim.metrics._thresholds import Thresholds
from ringsim.metrics._units import (
    UNITS,
    Unit,
    few_events,
    format_estimate,
    format_figure,
    unit_named,
)

__all__ = [
    "DEFAULT_METRICS",
    "FORWARDED_METRICS",
    "MEMBER_METRICS",
    "METRICS",
    "UNITS",
    "VARIANTS",
    "WEEK",
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
    "Unit",
    "calls_of",
    "check_identity",
    "checked_metrics",
    "default_metrics",
    "estimate_columns",
    "few_events",
    "format_estimate",
    "format_figure",
    "group_layout",
    "interval_layout",
    "intervals",
    "member_rows",
    "members",
    "metric_named",
    "occupancy",
    "occupancy_within",
    "shown_metrics",
    "summary",
    "summary_rows",
    "unit_named",
]
