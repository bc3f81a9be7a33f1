"""Confidence intervals over replications, from sums that are kept per replication.

`Estimate`
    A figure with its interval and a note.
`of_rate`, `of_product`, `of_count`, `of_share`
    Estimates of ratios of counts, of products and ratios of sums, of counts, of shares of time.
`of_quantile`
    Estimate of a percentile of `Ranked` values.
`of_days`
    Estimate of the share of replications in which something happened.
`of_smooth`
    Estimate of any other smooth function of sums, by the jackknife.
`Figure`
    Base class of the same estimators as objects, whose studies can be compared.
`estimate_together`
    Estimates of many figures, of which those of one kind are computed in one call.
`controlled`
    Return a figure corrected by a sum whose expectation is known.
`unseen`
    Upper bound of the share of bad days, after a study in which none occurred.
`difference`, `paired`
    Difference of two figures from studies with the same random numbers.
`compare_with_baseline`, `equivalent_to_baseline`, `compare_with_best`
    Differences of many figures from a baseline, those that are as good as it, and the set that may
    contain the best.

Notes
-----
`tests/README.md` shows how often 95 % intervals contained the true value in studies with a known
truth. Intervals are a little too short if there are few replications and busy days answer worse
than quiet days: those of an answer rate contained it in 92 % of studies of 20 replications, and in
94 % of studies of 100, the default.

**Marks.** The note `few events` marks an interval that should not be trusted. The reasons are:

- fewer than 30 events: of a count, of calls in a mean, of values on the rarer side of a
  percentile, or of calls on the rarer side of a rate below 2 % or above 98 %;
- few replications carry the error: fewer than 3 by equal weight, or fewer than a fifth of them
  if there are fewer than 15. A difference that most replications carry, because it is about the
  same in each, is not marked; its interval allows for unseen days (`Paired`);
- the rarer side of a rate or of a share of time comes to less than two whole days, so that a
  single day could change it by half;
- a mean varies so little that one day unlike the others would move it by more than half the width
  of its interval;
- a figure was the same in every replication. Its note then also says `the same in every
  replication`, or for example `none of 120 in 20 replications`.

**Rare events.** If no bad day occurred in R replications, up to 1 - 0.025^(1/R) of all days may
still be bad (`unseen`). A rate or share of exactly 0 or 1, or one whose error few replications
carry, gets bounds that allow for so many unseen days with only one outcome. A count of 0 gets the
rule of three as its upper bound. Shares of days have exact binomial limits. A rate or a mean from
days that were all alike cannot show that one day in twenty is bad, if no bad day occurred: in
36 % of studies of 20 replications none does, and in 0.6 % of 100. The interval of a percentile
allows for unseen bad days in fewer than 59 replications (`of_quantile`).

**Repeated tests.** `until=` (`simulate`) and `size` inspect a study several times as replications
are added. For `until=`, an interval counts only if it is not marked, stays narrow for some further
replications, and would be narrow enough with one more day as bad, or as good, as a day can be;
such intervals of rates and means contained the truth in 94 to 95 % of studies. `size` and
`staffing` do not use these intervals. They test limits with one more worst day added, and divide
the error probability of 5 % among all tests of all sizes before anything is played, so their
bounds hold together with 95 % confidence (in `staffing`, for each interval of the day).
"""

from ringsim.confidence._comparisons import (
    BaselineComparison,
    BestComparison,
    compare_with_baseline,
    compare_with_best,
    equivalent_to_baseline,
    holm,
)
from ringsim.confidence._controlled import Controlled, controlled
from ringsim.confidence._estimates import (
    LEVEL,
    Estimate,
    Estimates,
    join_notes,
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
from ringsim.confidence._jit_cursor import Data
from ringsim.confidence._paired import Paired, difference, paired
from ringsim.confidence._proportions import of_days, of_rate, of_share
from ringsim.confidence._quantiles import Quantile, of_quantile
from ringsim.confidence._ranked import Ranked, Values, data_of_rows, data_of_table
from ringsim.confidence._rare import FEW_EVENTS, UNVARIED, unseen
from ringsim.confidence._sum_tables import of_count, of_product
from ringsim.confidence._together import estimate_together

__all__ = [
    "FEW_EVENTS",
    "LEVEL",
    "UNVARIED",
    "BaselineComparison",
    "BestComparison",
    "BySection",
    "Controlled",
    "Count",
    "Data",
    "Days",
    "Estimate",
    "Estimates",
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
    "Values",
    "compare_with_baseline",
    "compare_with_best",
    "controlled",
    "data_of_rows",
    "data_of_table",
    "difference",
    "equivalent_to_baseline",
    "estimate_together",
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
