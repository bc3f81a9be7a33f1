"""Erlang B, in which nobody waits: a call that finds all members busy is lost or repeated."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringsim.erlang._arguments import (
    as_amount,
    as_fraction,
    as_load,
    as_members,
    as_recall,
    as_seconds,
)
from ringsim.erlang._states import relative_weights

__all__ = ["blocking", "load_for_blocking", "lost", "offered_load", "ordered_loads"]

NO_LOAD_IS_SAFE: Final = "Every load above 0 is blocked sometimes, but never always."
SMALLEST = math.ulp(0.0)


def offered_load(calls_per_hour: float, handle_time: float) -> float:
    """Return the offered load [erlang]: the mean number of calls in progress if none is lost.

    Parameters
    ----------
    calls_per_hour : float
        Mean number of calls per hour, lost calls included.
    handle_time : float
        Mean handle time [s]: talk time plus wrap-up time.

    Raises
    ------
    ConfigurationError
        If an argument is invalid.

    Examples
    --------
    >>> offered_load(calls_per_hour=40, handle_time=180)
    2.0
    """
    per_hour = as_amount(calls_per_hour, "calls_per_hour", "must be a finite number, at least 0")
    return per_hour * as_seconds(handle_time, "handle_time") / 3600


def blocking(n: int, load: float, *, recall: float = 0.0) -> float:
    """Return the probability that a call finds all members busy and is lost (Erlang B).

    Parameters
    ----------
    n : int
        Number of members, from 0 to 1000000.
    load : float
        Offered load [erlang], first attempts only.
    recall : float, default 0
        Share of the blocked calls that are repeated at once (Extended Erlang B). The result
        is then the share of all attempts that are blocked.

    Raises
    ------
    ConfigurationError
        If an argument is invalid.

    Notes
    -----
    B(n, a) = (a^n / n!) / sum_{k=0}^{n} a^k / k!, for any law of handle times (A. K. Erlang,
    Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges, Post Office Electrical Engineers' Journal 10, 1918, 189-197).

    With recall r, attempts add up to the load a' that solves a' = a + r a' B(n, a'), and
    the result is B(n, a') (J. Jewett, J. Shrago and B. Yomtov, Designing Optimal Voice
    Networks for Businesses, Government, and Telephone Companies, 1980, by iteration). If all
    blocked calls are repeated and the members cannot carry the load, attempts grow for ever,
    and the result is 1.

    Examples
    --------
    >>> round(blocking(3, 2.0), 4)
    0.2105
    >>> round(blocking(3, 2.0, recall=0.5), 4)
    0.2528
    """
    n, load, recall = as_members(n, 0), as_load(load), as_recall(recall)
    return lost(n, _attempts(n, load, recall))


def load_for_blocking(n: int, target: float, *, recall: float = 0.0) -> float:
    """Return the offered load [erlang] at which the probability of blocking is `target`.

    Parameters
    ----------
    n : int
        Number of members, from 1 to 1000000.
    target : float
        Probability of blocking, between 0 and 1 exclusive.
    recall : float, default 0
        Share of the blocked calls that are repeated at once, as in `blocking`.

    Raises
    ------
    ConfigurationError
        If an argument is invalid.

    Notes
    -----
    The inverse of `blocking` in the load, found by Brent's method between n b / (1 - b) and
    n / (1 - b), b being the target: B(n, a) is at most a / (n + a) and at least 1 - n / a.

    Examples
    --------
    >>> round(load_for_blocking(15, 0.01), 3)
    8.108
    """
    n, target, recall = as_members(n, 1), as_fraction(target, NO_LOAD_IS_SAFE), as_recall(recall)

    def excess(load: float) -> float:
        return math.log(max(lost(n, load), SMALLEST)) - math.log(target)

    attempts = _solve_load(excess, n * target / (1 - target), n / (1 - target))
    return attempts * (1 - recall * target)


def ordered_loads(n: int, load: float) -> NDArray[np.float64]:
    """Return the load carried by each member of an ordered hunt without waiting [erlang].

    Each call goes to the first free member in order. The load that a member carries is also
    the share of time that the member is on calls.

    Parameters
    ----------
    n : int
        Number of members, from 0 to 1000000.
    load : float
        Offered load [erlang].

    Returns
    -------
    array of shape (n,)
        Carried loads in the configured order.

    Raises
    ------
    ConfigurationError
        If an argument is invalid.

    Notes
    -----
    Member k carries a (B(k-1, a) - B(k, a)): the load lost by the first k-1 members minus
    that lost by the first k (Erlang, 1918, as in `blocking`; R. B. Cooper, Introduction to
    Queueing Theory, 2nd ed. 1981, chapter 3). A recursion avoids cancellation.

    Examples
    --------
    >>> ordered_loads(3, 2.0).round(3).tolist()
    [0.667, 0.533, 0.379]
    """
    n, load = as_members(n, 0), as_load(load)
    loads = np.empty(n)
    left, carried = load, 0.0  # lost and carried by the first k - 1 members; sum: the load
    for k in range(1, n + 1):
        taken = left * ((k - carried) / (k + left))
        loads[k - 1] = taken
        carried += taken
        left *= load / (k + left)
    return loads


def lost(n: int, load: float) -> float:
    """Return Erlang B, like `blocking`, without checks of the arguments."""
    return _lost_and_carried(n, load)[0]


def _lost_and_carried(n: int, load: float) -> tuple[float, float]:
    """Return the lost and the carried share of a load, each computed without cancellation."""
    weights = relative_weights(load / np.arange(1, n + 1))
    total = weights.sum()
    return float(weights[-1] / total), float(weights[:-1].sum() / total)


def _attempts(n: int, load: float, recall: float) -> float:
    """Return the load of all attempts [erlang], first and repeated."""
    if recall == 0 or load == 0:
        return load
    most = min(
        load / (1 - recall) if recall < 1 else math.inf,
        load * n / (n - load) if load < n else math.inf,  # the members carry at least `load`
    )
    if most == math.inf:
        return most

    def excess(attempts: float) -> float:
        return attempts / load * (1 - recall + recall * _lost_and_carried(n, attempts)[1]) - 1

    return _solve_load(excess, load, most)


def _solve_load(excess: Callable[[float], float], least: float, most: float) -> float:
    """Return the root of an increasing function of load, between two positive loads."""
    from scipy.optimize import brentq

    margin = 1e-9  # so that rounding does not put the root outside the bracket
    low, high = math.log(least) - margin, math.log(most) + margin
    return math.exp(brentq(lambda x: excess(math.exp(x)), low, high, xtol=1e-16, rtol=1e-15))
