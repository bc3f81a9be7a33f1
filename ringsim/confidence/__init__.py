"""Confidence intervals over replications, from sums that are kept per replication.

`Estimate`
    A figure with its interval.
`of_rate`, `of_product`, `of_count`, `of_share`
    Ratios of counts, products and ratios of positive sums, counts, shares of time.
`of_quantile`
    Percentiles of `Ranked` values.
`of_days`
    The share of replications in which something happened.
`of_smooth`
    Any other smooth function of sums, by the jackknife.
`Figure` and its kinds
    The same as objects that can be compared.
`unseen`
    Upper bound of the share of bad days, after a study in which none occurred.
`difference`, `paired`
    Of two figures from studies with the same random numbers.
`compare_with_baseline`, `compare_with_best`
    Many figures: each compared with one of them, and the set that may contain the best.

Notes
-----
`tests/README.md` shows how often 95 % intervals contained the true value in studies with a known
truth. Intervals are a little too short if there are few replications and busy days answer worse
than quiet days: those of an answer rate contained it in 92 % of studies of 20 replications, and in
94 % of studies of 100, the default.

The note `few events` marks an interval that should not be trusted: of a rate below 2 % or above
98 % with fewer than 30 calls on its rarer side; of a count, a mean or a percentile that rests on
fewer than 30 calls.

Studies that add replications look at their intervals several times. Intervals that `until=` waits
for contained the truth in 94 to 95 % of studies, because an interval must stay short for some
replications before it counts. The bounds of all looks of `size` at one number of members hold
together with 95 % confidence.
"""

from ringsim.confidence._comparisons import (
    BaselineComparison,
    BestComparison,
    compare_with_baseline,
    compare_with_best,
    holm,
)
from ringsim.confidence._estimates import (
    LEVEL,
    Estimate,
    join_notes,
    of_count,
    of_product,
    of_smooth,
)
from ringsim.confidence._figures import (
    BySection,
    Count,
    Days,
    Figure,
    Influence,
    Product,
    Rate,
    Share,
    Smooth,
    Unknown,
)
from ringsim.confidence._paired import Paired, difference, paired
from ringsim.confidence._proportions import of_days, of_rate, of_share
from ringsim.confidence._quantiles import Quantile, of_quantile
from ringsim.confidence._ranked import Ranked
from ringsim.confidence._rare import FEW_EVENTS, UNVARIED, unseen

__all__ = [
    "FEW_EVENTS",
    "LEVEL",
    "UNVARIED",
    "BaselineComparison",
    "BestComparison",
    "BySection",
    "Count",
    "Days",
    "Estimate",
    "Figure",
    "Influence",
    "Paired",
    "Product",
    "Quantile",
    "Ranked",
    "Rate",
    "Share",
    "Smooth",
    "Unknown",
    "compare_with_baseline",
    "compare_with_best",
    "difference",
    "holm",
    "join_notes",
    "of_count",
    "of_days",
    "of_product",
    "of_quantile",
    "of_rate",
    "of_share",
    "of_smooth",
    "paired",
    "unseen",
]
