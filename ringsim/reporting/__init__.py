"""Report on a ring group: one web page with a recommendation, its price and the figures behind it.

`report`
    Comparison of strategies, or of other variants, as a report.
`report_on`
    The same with the arguments of `simulate` alone.
`Report`
    The page and the comparison behind it.
`fit_page`, `FitPage`
    The page of a fit to call records.
"""

from ringsim.reporting._fit_page import FitPage, fit_page
from ringsim.reporting._page import Report
from ringsim.reporting._report import report, report_on

__all__ = ["FitPage", "Report", "fit_page", "report", "report_on"]
