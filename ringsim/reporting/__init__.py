"""Report on a ring group: one web page with findings, tables, pictures and assumptions.

`report_on`
    Comparison of the strategies of a group, as a report.
`Report`
    The page and the comparison behind it.
`fit_page`, `FitPage`
    The page of a fit to call records.
"""

from ringsim.reporting._fit_page import FitPage, fit_page
from ringsim.reporting._page import Report, report_on

__all__ = ["FitPage", "Report", "fit_page", "report_on"]
