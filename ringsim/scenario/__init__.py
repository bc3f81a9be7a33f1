"""Description of a phone system's day: groups, people, callers and hours.

`Scenario`
    The complete description. It can be read from a file, written to a file and changed.
`Demand`, `Redial`
    The callers of one group, and those who try again.
`Extension`, `Away`
    The person behind an extension number.
`changed`, `with_members`, `with_duty`, `with_daily_duty`
    Return a copy of a scenario with other settings, another group size or other hours of duty.
`example_paths`
    Return an example of a path for each name of a setting.
`example`, `example_text`
    The example scenario of the package, and the text of its file.
`forwarded_to`, `implied_group`, `named_group`
    Return the group that is given, or the only one.
`assumptions`
    Lists the defaults that a scenario relies on, in sentences.
`WEEKDAYS`, `checked_weekday`
    Names of weekdays, and the check of one.
`Span`, `clock_seconds`, `clock_text`, `time_text`
    Spans of duty, and conversion between times of day and seconds.

A scenario holds no random numbers; a `ringsim.workload.Workload` does.
"""

from ringsim.scenario._assumptions import assumptions
from ringsim.scenario._away import Away
from ringsim.scenario._change_paths import NoGroupNamedError, example_paths
from ringsim.scenario._changes import changed
from ringsim.scenario._days import WEEKDAYS, checked_weekday
from ringsim.scenario._demand import Demand
from ringsim.scenario._duty import DAY, Span, clock_seconds, clock_text, has_seconds, time_text
from ringsim.scenario._example import example, example_text
from ringsim.scenario._extension import Extension
from ringsim.scenario._implied_group import forwarded_to, implied_group, named_group
from ringsim.scenario._members import with_daily_duty, with_duty, with_members
from ringsim.scenario._redial import TRIED_AGAIN, Redial
from ringsim.scenario._scenario import Scenario, check_scenario

__all__ = [
    "DAY",
    "TRIED_AGAIN",
    "WEEKDAYS",
    "Away",
    "Demand",
    "Extension",
    "NoGroupNamedError",
    "Redial",
    "Scenario",
    "Span",
    "assumptions",
    "changed",
    "check_scenario",
    "checked_weekday",
    "clock_seconds",
    "clock_text",
    "example",
    "example_paths",
    "example_text",
    "forwarded_to",
    "has_seconds",
    "implied_group",
    "named_group",
    "time_text",
    "with_daily_duty",
    "with_duty",
    "with_members",
]
