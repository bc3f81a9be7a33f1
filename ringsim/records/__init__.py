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

A table of one's own needs `mapping`, a dictionary or TOML file that names the column of each key:

`arrived_at` (or `date` and `time`)
    Arrival of the call.
`answered_at` or `wait`
    Answer, as an instant or as a time after the arrival.
`ended_at`, `talk_time` or `duration`
    End of the call, time from the answer to the end, or time from the end of the wait to the
    end of the call (from the arrival, with `duration_includes_wait = true`).
`group`, `answered_by`, `outcome`, `call`, `direction`, all optional
    Number of the group, of the member who answered, outcome, number of the call, direction.
`member`, `ring_started_at`, `ring_ended_at` or `ring_time`, `ring_result`, all optional
    A ring of the call: whose phone, from when until when, and its result.

Its other keys are settings: `unit` ("s" or "ms"), `date_format` ("ymd", "dmy" or "mdy"),
`delimiter`, `grade`, and the tables `outcomes` and `ring_results`, which say what the words of
the records mean, and `members`, the extension numbers by name.
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
