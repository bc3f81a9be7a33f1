"""Estimates of proportions over replications.

`of_rate`
    Estimate of a ratio of counts.
`of_share`
    Estimate of a share of time.
`of_days`
    Estimate of the share of replications in which something happened.

In R replications, a kind of day that makes up to 1 - ((1 - level) / 2)^(1/R) of all days may
not have occurred (`unseen`). A proportion of exactly 0 or 1, or one whose error few replications
carry, gets bounds as if all these unseen days had only one outcome. Such bounds hold with the
given confidence for any kind of days, as long as unseen days bring no more calls than others.

Other intervals hold if all days are alike, or if enough days of each kind occurred. They are
marked `few events` if a single day could change them, that is, if the rarer outcome comes to
less than two whole days. If one day in twenty is bad but no bad day has occurred, a rate looks
as if all days were alike, and no interval can show the difference.
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

MODERATE = (0.02, 0.98)  # rates that need no minimum number of events


def of_rate(events: Floats, cases: Floats, *, level: float = LEVEL) -> Estimate:
    """Return sum(events) / sum(cases), with a logit interval; NaN without cases.

    Notes
    -----
    A rate of exactly 0 or 1 gets a bound that allows for unseen days; its note counts cases
    and replications. A rate is marked `few events` if it is below 0.02 or above 0.98 with
    fewer than 30 events on its rarer side, if its rarer side comes to less than two whole days,
    or if few replications carry its error.
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
    """Return a share of time sum(part) / (R whole), with a logit interval; NaN if `whole` is 0.

    Notes
    -----
    It is marked `few events` if its rarer side comes to less than two whole days, or if few
    replications carry its error.
    """
    if whole == 0:
        return UNKNOWN
    n, p = len(part), min(float(part.mean()) / whole, 1.0)
    if n < 2:
        return Estimate(p)
    found = _proportion(p, part / whole - p, n, level)
    return found._replace(note=found.note or (FEW_EVENTS if is_rare(p, n) else ""))


def _proportion(p: float, residuals: Floats, informative: int, level: float) -> Estimate:
    """Return a proportion with its interval; `informative` replications are at least 2."""
    interval = logit_interval(p, half_width(residuals, level, informative))
    is_same = is_constant(residuals, 1.0)
    if not is_same and not rests_on_few(residuals, informative):
        return Estimate(p, *interval)
    bounds = with_unseen(p, *interval, unseen(informative, level))
    return Estimate(p, *bounds, join_notes(FEW_EVENTS, UNVARIED if is_same else ""))


def of_days(
    met: int, days: int, left_out: int = 0, *, without: str = "calls", level: float = LEVEL
) -> Estimate:
    """Return the share of days on which something happened, with exact binomial limits.

    The note counts the days that were left out because they lacked what `without` names.

    Wilson's interval is shorter, but after one bad day of 20 it excludes a true share of
    0.992, although one bad day of 20 then has a probability of 15 %.
    """
    left = f"{left_out} day{'s' if left_out > 1 else ''} without {without} left out"
    note = left if left_out else ""
    if days < 2:
        return Estimate(met / days if days else NAN, note=note)
    return Estimate(met / days, *exact_limits(met, days, level), note)
