"""Estimates of proportions over replications.

`of_rate`, `of_share`
    Estimates of a ratio of counts, and of a share of time.
`of_days`, `of_many_days`
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

from ringsim._sentences import counted
from ringsim.confidence._estimates import LEVEL, Estimate, Estimates
from ringsim.confidence._jit_estimates import RATE, SHARE
from ringsim.confidence._rare import exact_limits
from ringsim.confidence._sum_tables import SumTable, of_tables

__all__ = ["of_days", "of_many_days", "of_rate", "of_share", "table_of_rates", "table_of_shares"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


def of_rate(events: Floats, cases: Floats, *, level: float = LEVEL) -> Estimate:
    """Return sum(events) / sum(cases), with a logit interval; NaN without cases.

    Notes
    -----
    A rate of exactly 0 or 1 gets a bound that allows for unseen days; its note counts cases
    and replications. A rate is marked `few events` if it is below 0.02 or above 0.98 with
    fewer than 30 events on its rarer side, if its rarer side comes to less than two whole days,
    or if few replications carry its error.
    """
    return of_tables([table_of_rates(events, cases)], level)[0].row(0)


def table_of_rates(events: Floats, cases: Floats) -> SumTable:
    """Return ratios of counts to be estimated as by `of_rate`."""
    return SumTable(RATE, (events, cases), (1, -1))


def of_share(part: Floats, whole: float, *, level: float = LEVEL) -> Estimate:
    """Return a share of time sum(part) / (R whole), with a logit interval; NaN if `whole` is 0.

    Notes
    -----
    A share is marked `few events` if its rarer side comes to less than two whole days, or if few
    replications carry its error.
    """
    return of_tables([table_of_shares(part, whole)], level)[0].row(0)


def table_of_shares(part: Floats, whole: float) -> SumTable:
    """Return shares of time to be estimated as by `of_share`."""
    return SumTable(SHARE, (part,), constant=whole)


def of_days(
    met: int,
    days: int,
    left_out: int = 0,
    *,
    without: str = "calls",
    period: str = "day",
    level: float = LEVEL,
) -> Estimate:
    """Return the share of days on which something happened: see `of_many_days`."""
    counts = (np.array([count]) for count in (met, days, left_out))
    return of_many_days(*counts, without=without, period=period, level=level).row(0)


def of_many_days(
    met: Ints,
    days: Ints,
    left_out: Ints,
    *,
    without: str = "calls",
    period: str = "day",
    level: float = LEVEL,
) -> Estimates:
    """Return the shares of days on which something happened, with exact binomial limits.

    The note counts the days that were left out because they lacked what `without` names; it
    calls each of them a `period`.

    Wilson's interval is shorter, but after one bad day of 20 it excludes a true share of
    0.992, although one bad day of 20 then has a probability of 15 %.
    """
    known = np.maximum(days, 1)
    low, high = exact_limits(met, known, level)
    share = np.where(days > 0, met / known, np.nan)
    low, high = (np.where(days > 1, bound, np.nan) for bound in (low, high))

    def note_of(row: int) -> str:
        n = left_out[row]
        return f"{counted(int(n), period)} without {without} left out" if n else ""

    return Estimates(share, low, high, np.zeros(len(share), dtype=np.bool_), note_of)
