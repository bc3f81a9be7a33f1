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
    The same as objects, which can be compared.
`unseen`
    Share of days that may have failed to come in a study.
`difference`, `paired`
    Of two figures of studies with the same random numbers.
`against`, `with_the_best`
    Many figures: each against one of them, and who may be the best.
"""

from ringsim.confidence._estimates import (
    LEVEL,
    Estimate,
    joined,
    of_count,
    of_product,
    of_quantile,
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
)
from ringsim.confidence._ladder import Binned, Ladder, Ranked
from ringsim.confidence._multiple import (
    ToBest,
    Versus,
    against,
    holm,
    with_the_best,
)
from ringsim.confidence._paired import Paired, difference, paired
from ringsim.confidence._proportions import of_days, of_rate, of_share
from ringsim.confidence._rare import FEW_EVENTS, UNVARIED, unseen

__all__ = [
    "FEW_EVENTS",
    "LEVEL",
    "UNVARIED",
    "Binned",
    "Count",
    "Days",
    "Estimate",
    "Figure",
    "Influence",
    "Ladder",
    "Paired",
    "Product",
    "Quantile",
    "Ranked",
    "Rate",
    "Share",
    "Smooth",
    "ToBest",
    "Unknown",
    "Versus",
    "against",
    "difference",
    "holm",
    "joined",
    "of_count",
    "of_days",
    "of_product",
    "of_quantile",
    "of_rate",
    "of_share",
    "of_smooth",
    "paired",
    "unseen",
    "with_the_best",
]
