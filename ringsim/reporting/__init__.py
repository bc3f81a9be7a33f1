"""Report on a ring group: one web page with findings, tables, pictures and assumptions.

`report_on`
    Comparison of the strategies of a group, as a report.
`Report`
    The page and the comparison behind it.
"""

from ringsim.reporting._page import Report, report_on

__all__ = ["Report", "report_on"]
