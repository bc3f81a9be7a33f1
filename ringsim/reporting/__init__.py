"""One page to hand over: findings, tables, pictures, and what they rest on.

`report_on`
    Compares the strategies of a group and makes the page.
`Report`
    The page, and the comparison behind it.
"""

from ringsim.reporting._page import Report, report_on

__all__ = ["Report", "report_on"]
