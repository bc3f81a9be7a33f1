"""Callers wait in line for a free member: how many of them, and for how long."""

from __future__ import annotations

import math

from ringsim.erlang._arguments import as_seconds, as_threshold
from ringsim.erlang._asked import asked_line

__all__ = ["mean_speed_of_answer", "mean_wait", "service_level", "waiting"]


def waiting(
    n: int,
    load: float,
    *,
    handle_time: float | None = None,
    patience: float = math.inf,
    places: float = math.inf,
) -> float:
    """Erlang C and A: probability that a call finds all members busy, and a place to wait.

    Parameters
    ----------
    n : int
        Members, from 1 to 1000000.
    load : float
        Offered load [erlang].
    handle_time : float, optional
        Mean handle time [s]; needed beside a patience.
    patience : float, default inf
        Mean time [s] after which callers who wait give up: Erlang A. `inf` is Erlang C;
        otherwise from 1e-12 to 1e12 handle times.
    places : int, default inf
        Most calls at once, waiting or not, from n to 1000000; who finds none is lost.

    Raises
    ------
    ConfigurationError
        When an argument cannot be.

    Notes
    -----
    Erlang C (Erlang, 1918, as in `blocking`), in terms of Erlang B:
    C(n, a) = B / (1 - (a/n)(1 - B)). Erlang A (C. Palm, Research on telephone traffic
    carried by full availability groups, Tele, 1957; O. Garnett, A. Mandelbaum and M. Reiman,
    Designing a call center with impatient customers, Manufacturing & Service Operations
    Management 4, 2002, 208-227) ends calls at the rate of min(k, n) / handle_time
    + max(k - n, 0) / patience when there are k.

    Without patience nor places, the line for a load of n or more grows for ever: everybody
    waits, for ever, and those who are answered are n / load of all.

    Examples
    --------
    >>> round(waiting(3, 2.0), 4)
    0.4444
    >>> round(waiting(3, 2.0, handle_time=180, patience=60), 4)
    0.2749
    """
    line = asked_line(n, load, handle_time, patience, places)
    return line.share(line.waiting)


def mean_wait(
    n: int,
    load: float,
    *,
    handle_time: float,
    patience: float = math.inf,
    places: float = math.inf,
) -> float:
    """Mean wait of all calls [s], until they are answered or their callers give up.

    Parameters
    ----------
    n, load, handle_time, patience, places
        The line, as in `waiting`. Calls that find no place have waited 0.

    Raises
    ------
    ConfigurationError
        When an argument cannot be.

    Notes
    -----
    Erlang C: C(n, a) handle_time / (n - a). The mean number of waiting callers is the mean
    wait times the calls per second (J. D. C. Little, A proof for the queuing formula
    L = lambda W, Operations Research 9, 1961, 383-387).

    Examples
    --------
    >>> round(mean_wait(3, 2.0, handle_time=180), 2)
    80.0
    """
    handle_time = as_seconds(handle_time, "handle_time")
    line = asked_line(n, load, handle_time, patience, places)
    return line.waits() / line.total * handle_time


def mean_speed_of_answer(
    n: int,
    load: float,
    *,
    handle_time: float,
    patience: float = math.inf,
    places: float = math.inf,
) -> float:
    """Mean wait of the calls that are answered [s], those answered at once included.

    Parameters
    ----------
    n, load, handle_time, patience, places
        The line, as in `waiting`.

    Raises
    ------
    ConfigurationError
        When an argument cannot be.

    Examples
    --------
    >>> round(mean_speed_of_answer(3, 2.0, handle_time=180, patience=60), 2)
    5.01
    """
    handle_time = as_seconds(handle_time, "handle_time")
    line = asked_line(n, load, handle_time, patience, places)
    return line.answered_waits() / (line.at_once + line.answered()) * handle_time


def service_level(
    n: int,
    load: float,
    *,
    within: float = 20.0,
    handle_time: float,
    patience: float = math.inf,
    places: float = math.inf,
) -> float:
    """Share of calls answered within a threshold, of all offered calls.

    Parameters
    ----------
    n, load, handle_time, patience, places
        The line, as in `waiting`.
    within : float, default 20
        The threshold [s].

    Raises
    ------
    ConfigurationError
        When an argument cannot be.

    Notes
    -----
    Erlang C: 1 - C(n, a) exp(-(n - a) within / handle_time). With patience the exact law of
    the wait, in which every caller ahead may give up, and not its approximation by stages of
    equal rate.

    Examples
    --------
    >>> round(service_level(3, 2.0, within=20, handle_time=180), 4)
    0.6023
    >>> round(service_level(3, 2.0, within=20, handle_time=180, patience=60), 4)
    0.7766
    """
    within = as_threshold(within)
    handle_time = as_seconds(handle_time, "handle_time")
    line = asked_line(n, load, handle_time, patience, places)
    return line.share(line.at_once + line.answered(within / handle_time))
