"""Confidence intervals over replications, for sums kept per replication.

`Estimate`
    A figure with its interval.
`of_rate`, `of_product`, `of_count`, `of_share`
    Ratios of counts, products and ratios of positive sums, plain counts, shares of time.
`of_quantile`
    Percentiles, of the values of a `Ladder`: `Ranked` ones, or `Binned`.
`of_days`
    Share of replications in which something was so.
`of_smooth`
    Any other function of sums, by the jackknife.
`Figure` and its kinds
    The same as objects, which can be compared: `difference`.
"""

from ringsim.confidence._estimates import (
    FEW_EVENTS,
    LEVEL,
    Estimate,
    joined,
    of_count,
    of_days,
    of_product,
    of_quantile,
    of_rate,
    of_share,
    of_smooth,
)
from ringsim.confidence._figures import (
    Count,
    Days,
    Figure,
    Influence,
    Product,
    Quantile,
    Rate,
    Share,
    Smooth,
    Unknown,
    difference,
)
from ringsim.confidence._ladder import Binned, Ladder, Ranked

__all__ = [
    "FEW_EVENTS",
    "LEVEL",
    "Binned",
    "Count",
    "Days",
    "Estimate",
    "Figure",
    "Influence",
    "Ladder",
    "Product",
    "Quantile",
    "Ranked",
    "Rate",
    "Share",
    "Smooth",
    "Unknown",
    "difference",
    "joined",
    "of_count",
    "of_days",
    "of_product",
    "of_quantile",
    "of_rate",
    "of_share",
    "of_smooth",
]
