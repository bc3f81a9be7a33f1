"""A phone system's day, all but the random numbers: groups, people, callers, hours.

`Scenario`
    The whole. It is read from a file, written to one and changed.
`Demand`, `Extension`
    The callers of one group, and the person behind a number.
`changed`, `with_members`, `with_duty`
    The same scenario with other settings, with a group of another size, or with other hours
    of duty.
`Span`, `clock_seconds`, `clock_text`, `time_text`
    Spans of duty, and times of day as seconds and as text.
"""

from ringsim.scenario._assumptions import assumptions
from ringsim.scenario._changes import changed
from ringsim.scenario._duty import DAY, Span, clock_seconds, clock_text, has_seconds, time_text
from ringsim.scenario._members import with_duty, with_members
from ringsim.scenario._people import Demand, Extension
from ringsim.scenario._scenario import Scenario

__all__ = [
    "DAY",
    "Demand",
    "Extension",
    "Scenario",
    "Span",
    "assumptions",
    "changed",
    "clock_seconds",
    "clock_text",
    "has_seconds",
    "time_text",
    "with_duty",
    "with_members",
]
