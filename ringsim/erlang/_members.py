"""The smallest number of members that reaches a target."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from ringsim.erlang._arguments import MOST_MEMBERS, as_fraction, as_load, as_recall, as_seconds
from ringsim.erlang._loss import lost
from ringsim.erlang._queue import Queue
from ringsim.errors import ConfigurationError

__all__ = [
    "members_for_blocking",
    "members_for_mean_speed_of_answer",
    "members_for_service_level",
]

ALWAYS_SOME: Final = "With any number of members, a call sometimes finds all of them busy."
SLACK = 1e-9  # relative; so that rounding never requires one more member


def members_for_blocking(load: float, target: float, *, recall: float = 0.0) -> int:
    """Return the fewest members with whom at most a share `target` of calls is blocked.

    Parameters
    ----------
    load : float
        Offered load [erlang]; for 0 the result is 0.
    target : float
        Probability of blocking, between 0 and 1 exclusive.
    recall : float, default 0
        Share of the blocked calls that are repeated at once, as in `blocking`.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, or more than 1000000 members would be needed.

    Examples
    --------
    >>> members_for_blocking(2.0, 0.05)
    5
    """
    load, target, recall = as_load(load), as_fraction(target, ALWAYS_SOME), as_recall(recall)
    attempts = load / (1 - recall * target)  # if exactly the target is blocked
    return _smallest_number(load, target, lambda n: lost(n, attempts))


def members_for_service_level(
    load: float,
    target: float,
    *,
    within: float = 20.0,
    handle_time: float,
    patience: float = math.inf,
) -> int:
    """Return the fewest members who answer a share `target` of calls within a threshold.

    Parameters
    ----------
    load : float
        Offered load [erlang]; for 0 the result is 0.
    target : float
        Service level, as a share of all offered calls, between 0 and 1 exclusive.
    within : float, default 20
        Threshold of the service level [s].
    handle_time : float
        Mean handle time [s].
    patience : float, default inf
        Mean time after which waiting callers give up [s].

    Raises
    ------
    ConfigurationError
        If an argument is invalid, or more than 1000000 members would be needed.

    Examples
    --------
    >>> members_for_service_level(2.0, 0.8, within=20, handle_time=180)
    4
    """
    load, target = as_load(load), as_fraction(target, ALWAYS_SOME)

    def missed(n: int) -> float:
        return 1 - Queue(n, load, handle_time, patience).service_level(within)

    return _smallest_number(load, 1 - target, missed)


def members_for_mean_speed_of_answer(
    load: float, target: float, *, handle_time: float, patience: float = math.inf
) -> int:
    """Return the fewest members with whom answered calls wait at most `target` on average.

    Parameters
    ----------
    load : float
        Offered load [erlang]; for 0 the result is 0.
    target : float
        Mean speed of answer [s], more than 0.
    handle_time : float
        Mean handle time [s].
    patience : float, default inf
        Mean time after which waiting callers give up [s].

    Raises
    ------
    ConfigurationError
        If an argument is invalid, or more than 1000000 members would be needed.

    Examples
    --------
    >>> members_for_mean_speed_of_answer(2.0, 10, handle_time=180)
    5
    """
    load, target = as_load(load), as_seconds(target, "target", ALWAYS_SOME)

    def speed(n: int) -> float:
        return Queue(n, load, handle_time, patience).mean_speed_of_answer

    return _smallest_number(load, target, speed)


def _smallest_number(load: float, limit: float, figure: Callable[[int], float]) -> int:
    """Return the fewest members with whom a figure is at most `limit`.

    The figure must decrease with every member added.
    """
    low, high, step = 0, max(1, math.ceil(min(load, MOST_MEMBERS))), 1

    def enough(n: int) -> bool:
        return figure(n) <= limit * (1 + SLACK)

    while not enough(high):
        if high == MOST_MEMBERS:
            raise ConfigurationError("load", f"must be in reach of {MOST_MEMBERS} members", load)
        low, high, step = high, min(high + step, MOST_MEMBERS), 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high if load > 0 else 0
