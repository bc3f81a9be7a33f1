"""Confidence intervals of proportions, over replications.

`of_rate`
    Ratios of counts.
`of_share`
    Shares of time.
`of_days`
    Share of replications in which something was so.

Proportions are bounded by what days that did not come could do at most. With R replications,
days of up to 1 - ((1 - level) / 2)^(1/R) of all may be unseen (`unseen`), and each of them may
have had one outcome only. A proportion of exactly 0 or 1 gets the bound that this makes, and
where a few replications carry all of the error, the bounds are put as far away. These hold
with the confidence asked for, whatever the days are like, as long as such days bring no more
calls than others.

Otherwise an interval holds for days that are alike, or of which enough of each kind came. It
is marked `few events` where a single day could change it: where the rarer outcome comes to
less than two whole days. A common rate, of days of which one in twenty would be a bad one,
cannot be told from one of days all alike as long as no bad day has come: no interval knows.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.confidence._estimates import LEVEL, NAN, UNKNOWN, Estimate, join_notes
from ringsim.confidence._intervals import half_width, logit_interval
from ringsim.confidence._rare import (
    FEW,
    FEW_EVENTS,
    UNVARIED,
    exact_limits,
    is_constant,
    is_rare,
    rests_on_few,
    unseen,
    with_unseen,
)

__all__ = ["of_days", "of_rate", "of_share"]

Floats: TypeAlias = NDArray[np.float64]

MODERATE = (0.02, 0.98)  # rates that few events do not leave in doubt


def of_rate(events: Floats, cases: Floats, *, level: float = LEVEL) -> Estimate:
    """A proportion sum(events) / sum(cases), logit scale; NaN without cases.

    Notes
    -----
    A rate of exactly 0 or 1 varies in no replication; its one free bound is what unseen days
    could do, and the note says so. A rate is marked `few events` outside 0.02 to 0.98 with
    fewer than 30 events on its rarer side; if its rarer side comes to less than two whole
    days; and if a few replications carry all of its error.
    """
    n, d = float(events.sum()), float(cases.sum())
    if d == 0:
        return UNKNOWN
    p, rare, informative = n / d, min(n, d - n), int(np.count_nonzero(cases))
    is_far = not MODERATE[0] <= p <= MODERATE[1]
    few = FEW_EVENTS if is_far and rare < FEW else ""
    if informative < 2:
        return Estimate(p, note=few)
    few = FEW_EVENTS if is_rare(p, informative) else few
    found = _proportion(p, (events - p * cases) / float(cases.mean()), informative, level)
    if rare > 0:
        return found._replace(note=found.note or few)
    none = f"{'none' if n == 0 else 'all'} of {d:.0f} in {informative} replications"
    return found._replace(note=join_notes(few, none))


def of_share(part: Floats, whole: float, *, level: float = LEVEL) -> Estimate:
    """A share of time sum(part) / (R whole), logit scale; NaN when `whole` is 0.

    Notes
    -----
    It is marked `few events` as a rate is, where time takes the place of calls.
    """
    if whole == 0:
        return UNKNOWN
    n, p = len(part), min(float(part.mean()) / whole, 1.0)
    if n < 2:
        return Estimate(p)
    found = _proportion(p, part / whole - p, n, level)
    return found._replace(note=found.note or (FEW_EVENTS if is_rare(p, n) else ""))


def _proportion(p: float, residuals: Floats, informative: int, level: float) -> Estimate:
    """A proportion of replications of which some are `informative`; there are at least 2."""
    interval = logit_interval(p, half_width(residuals, level, informative))
    is_same = is_constant(residuals, 1.0)
    if not is_same and not rests_on_few(residuals, informative):
        return Estimate(p, *interval)
    bounds = with_unseen(p, *interval, unseen(informative, level))
    return Estimate(p, *bounds, join_notes(FEW_EVENTS, UNVARIED if is_same else ""))


def of_days(
    met: int, days: int, left_out: int = 0, *, without: str = "calls", level: float = LEVEL
) -> Estimate:
    """Share of days on which something was so, with exact binomial limits.

    The note counts the days that were left out because they were without something.

    Wilson's interval is shorter, but one bad day of 20 makes it leave out a share of 0.992,
    of which one such day in 20 comes with 15 %.
    """
    left = f"{left_out} day{'s' if left_out > 1 else ''} without {without} left out"
    note = left if left_out else ""
    if days < 2:
        return Estimate(met / days if days else NAN, note=note)
    return Estimate(met / days, *exact_limits(met, days, level), note)
