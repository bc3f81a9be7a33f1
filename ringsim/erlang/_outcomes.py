"""What becomes of the calls of a line, and of the time of its members."""

from __future__ import annotations

import math

from ringsim.erlang._arguments import as_seconds
from ringsim.erlang._asked import asked_line

__all__ = ["abandonment_rate", "answer_rate", "occupancy", "overflow_rate"]


def answer_rate(
    n: int,
    load: float,
    *,
    handle_time: float | None = None,
    patience: float = math.inf,
    places: float = math.inf,
) -> float:
    """Share of calls that are answered, at once or after a wait.

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
    >>> round(answer_rate(3, 2.0, handle_time=180, patience=60), 4)
    0.8474
    """
    line = asked_line(n, load, handle_time, patience, places)
    return line.share(line.at_once + line.answered())


def abandonment_rate(
    n: int,
    load: float,
    *,
    handle_time: float,
    patience: float,
    places: float = math.inf,
) -> float:
    """Erlang A: share of calls whose callers give up while they wait.

    Parameters
    ----------
    n, load, handle_time, patience, places
        The line, as in `waiting`.

    Raises
    ------
    ConfigurationError
        When an argument cannot be.

    Notes
    -----
    `mean_wait` / `patience`: callers give up at the rate 1 / patience while they wait.

    Examples
    --------
    >>> round(abandonment_rate(3, 2.0, handle_time=180, patience=60), 4)
    0.1526
    """
    line = asked_line(n, load, as_seconds(handle_time, "handle_time"), patience, places)
    return line.share(line.abandoned())


def overflow_rate(
    n: int,
    load: float,
    *,
    handle_time: float | None = None,
    patience: float = math.inf,
    places: float,
) -> float:
    """Share of calls that find all places taken and are lost.

    Parameters
    ----------
    n, load, handle_time, patience, places
        The line, as in `waiting`. With n places this is `blocking`.

    Raises
    ------
    ConfigurationError
        When an argument cannot be.

    Examples
    --------
    >>> round(overflow_rate(3, 2.0, places=4), 4)
    0.1231
    """
    line = asked_line(n, load, handle_time, patience, places)
    return line.share(line.full)


def occupancy(
    n: int,
    load: float,
    *,
    handle_time: float | None = None,
    patience: float = math.inf,
    places: float = math.inf,
) -> float:
    """Share of their time that members talk or are in wrap-up: the answered load per member.

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
    >>> round(occupancy(3, 2.0), 4)
    0.6667
    """
    answered = answer_rate(n, load, handle_time=handle_time, patience=patience, places=places)
    return min(answered * load / n, 1.0)
