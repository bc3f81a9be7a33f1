"""Studies that add replications until a metric is precise enough.

A study that stops as soon as its interval happens to be narrow enough stops too early, because
an interval is narrow also where the spread was underestimated. So the interval must stay narrow
while a few more replications are added (Hoad, Robinson and Davies, Automated selection of the
number of replications for a discrete-event simulation, Journal of the Operational Research
Society 61, 2010, 1632-1644): 5 replications, or 5 % if there are more than 100. Their algorithm
checks after each replication, from the third on. Here the first check is at 20, and a check that
fails estimates the count of the next, at most twice as many. Fewer checks are fewer chances to
stop by luck, and the added replications are enough to share among workers.
"""

from __future__ import annotations

import math

from ringsim.metrics import Observations
from ringsim.planning._certain import is_certain
from ringsim.planning._precision import FIRST_LOOK, Precision
from ringsim.planning._replications import GrowingStudy

__all__ = ["play_until"]

LOOK_AHEAD = 5  # further checks, each 1 replication or 1 % of them later


def play_until(
    growing: GrowingStudy, until: Precision, place: int | None
) -> tuple[Observations, bool]:
    """Play a study until a metric is precise enough, or the limit of replications is reached.

    Parameters
    ----------
    growing : GrowingStudy
        A study without replications so far; its layout has the thresholds of `until`.
    until : Precision
        The metric, and its target precision.
    place : int or None
        Index of the group; None for all calls.

    Returns
    -------
    observations : Observations
        All replications played; their number depends on the study and `until` alone.
    reached : bool
        Whether the precision is reached. At the limit of replications the last interval
        decides alone, as no more can be added to confirm it.
    """
    certain = is_certain(growing.study, until.metric, until.group)

    def width_ratio(seen: Observations) -> float:
        found = until.width_ratio(until.estimate(seen, place), certain=certain)
        if certain or not found <= 1:
            return found
        wide = until.width_ratio(until.with_a_worst_day(seen, place, growing.study))
        # the widened part shrinks with 1 / count, the interval with 1 / sqrt(count)
        return found if math.isnan(wide) else max(found, math.sqrt(wide))

    count = FIRST_LOOK
    while True:
        [seen] = growing.upto(count)
        if width_ratio(seen) <= 1:
            ahead = _counts_ahead(count, until.max_replications)
            checks = growing.upto(*ahead) if ahead else [seen]
            if all(width_ratio(check) <= 1 for check in checks):
                return checks[-1], True
            seen = checks[-1]
        count = growing.replications
        if count == until.max_replications:
            return seen, width_ratio(seen) <= 1
        count = min(_next_look(count, width_ratio(seen)), until.max_replications)


def _counts_ahead(count: int, max_replications: int) -> list[int]:
    """Return later numbers of replications at which the interval must still be narrow enough."""
    step = max(1, count // 100)
    counts = (min(count + step * look, max_replications) for look in range(1, LOOK_AHEAD + 1))
    return [later for later in dict.fromkeys(counts) if later > count]


def _next_look(count: int, width_ratio: float) -> int:
    """Return the number of replications for the next check.

    The interval should be narrow enough there, as its width shrinks with 1 / sqrt(count).
    """
    if math.isnan(width_ratio):
        return 2 * count
    return max(count + 1, math.ceil(count * min(width_ratio**2, 2)))
