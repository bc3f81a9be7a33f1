"""Real days of a ring group, read from the call records of a phone system.

`read_records`, `Records`
    Read files of any known format; the result has the columns of a call log, day by day.
`Reader`, `Sample`, `Source`, `Request`, `Extract`
    Base class and parts of a reader of one's own, registered by an entry point of the group
    `ringsim.records`.
`workload`
    The callers of a real day, to be played with other rules or people.
`write`
    Write simulated or real days as a phone system would record them.
`format_names`
    Names of all formats.
"""

from ringsim._sources import Source
from ringsim.records._extract import GRADES, Extract, Request
from ringsim.records._read import read_records
from ringsim.records._reader import Reader, Sample, format_names
from ringsim.records._records import Records
from ringsim.records._replay import workload
from ringsim.records._write import write
from ringsim.scenario import WEEKDAYS

__all__ = [
    "GRADES",
    "WEEKDAYS",
    "Extract",
    "Reader",
    "Records",
    "Request",
    "Sample",
    "Source",
    "format_names",
    "read_records",
    "workload",
    "write",
]
