"""Real days of a ring group, read from the call records of a phone system.

`Records`
    Calls, rings and own calls in the columns of a call log, day by day.
"""

from ringsim.records._records import GRADES, WEEKDAYS, Records

__all__ = ["GRADES", "WEEKDAYS", "Records"]
