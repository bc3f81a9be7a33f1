"""Report on a ring group: one web page with a recommendation, its price, and what is behind it.

`report`
    Comparison of strategies, or of other variants, as a report.
`report_on`
    The same with the arguments of `simulate` alone.
`Report`
    The page and the comparison behind it.
"""

from ringsim.reporting._page import Report
from ringsim.reporting._report import report, report_on

__all__ = ["Report", "report", "report_on"]
