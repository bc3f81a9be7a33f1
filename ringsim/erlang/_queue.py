"""Formulas of the queue in front of n members: Erlang C, Erlang A, and limited places.

`Queue`
    One queue; its properties are the formulas.
`waiting`, `service_level`, `mean_speed_of_answer`, `mean_wait`, `answer_rate`,
`abandonment_rate`, `overflow_rate`, `occupancy`
    The same formulas as functions, for a single figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypedDict, Unpack

from ringsim.erlang._arguments import as_load, as_members, as_patience, as_seconds, as_threshold
from ringsim.erlang._lines import queue_for
from ringsim.erlang._states import StationaryQueue
from ringsim.errors import ConfigurationError

__all__ = [
    "Queue",
    "abandonment_rate",
    "answer_rate",
    "mean_speed_of_answer",
    "mean_wait",
    "occupancy",
    "overflow_rate",
    "service_level",
    "waiting",
]

EXTREME = 1e12  # largest ratio of patience to handle time for which figures were verified


@dataclass(frozen=True)
class Queue:
    """A queue of calls that wait for one of `n` members to become free.

    Parameters
    ----------
    n : int
        Number of members, from 1 to 1000000.
    load : float
        Offered load [erlang].
    handle_time : float, optional
        Mean handle time [s]. Required for figures in seconds, and if `patience` is given.
    patience : float, default inf
        Mean time after which waiting callers give up [s] (Erlang A), from 1e-12 to 1e12
        handle times. `inf` is Erlang C.
    places : int, default inf
        Largest number of calls at once, waiting or not, from n to 1000000. A call that finds
        all places taken is lost.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, or a figure needs the missing `handle_time`.

    Notes
    -----
    Erlang C (Erlang, 1918, as in `blocking`), in terms of Erlang B:
    C(n, a) = B / (1 - (a/n)(1 - B)). Erlang A (C. Palm, Research on telephone traffic
    carried by full availability groups, Tele, 1957; O. Garnett, A. Mandelbaum and M. Reiman,
    Designing a call center with impatient customers, Manufacturing & Service Operations
    Management 4, 2002, 208-227): of k calls, one ends at the rate min(k, n) / handle_time
    + max(k - n, 0) / patience.

    Without patience and places, the queue for a load of n or more grows for ever: every call
    waits for ever, and n / load of all calls are answered.

    Examples
    --------
    >>> queue = Queue(3, 2.0, handle_time=180, patience=60)
    >>> round(queue.waiting, 4), round(queue.service_level(within=20), 4)
    (0.2749, 0.7766)
    """

    n: int
    load: float
    handle_time: float | None = None
    patience: float = math.inf
    places: float = math.inf

    def __post_init__(self) -> None:
        checked: dict[str, Any] = {
            "n": as_members(self.n, 1),
            "load": as_load(self.load),
            "patience": as_patience(self.patience),
        }
        if self.places != math.inf:
            checked["places"] = as_members(self.places, checked["n"], "places")
        if self.handle_time is not None:
            checked["handle_time"] = as_seconds(self.handle_time, "handle_time")
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        self._check_patience()

    def _check_patience(self) -> None:
        """Raise `ConfigurationError` if the patience is out of the formulas' range."""
        if self.patience == math.inf:
            return
        if not 1 / EXTREME <= self._seconds / self.patience <= EXTREME:
            raise ConfigurationError(
                "patience",
                f"must be from {1 / EXTREME:g} to {EXTREME:g} handle times, or inf",
                self.patience,
            )

    @property
    def waiting(self) -> float:
        """Probability that a call finds all members busy and a free place to wait."""
        return self._line.share(self._line.waiting)

    def service_level(self, within: float = 20.0) -> float:
        """Return the share of all calls that are answered within a threshold [s].

        Notes
        -----
        Erlang C: 1 - C(n, a) exp(-(n - a) within / handle_time). With patience, the
        distribution of the wait is exact: every caller ahead may give up. The common
        approximation by stages of equal rate is not used.

        Examples
        --------
        >>> round(Queue(3, 2.0, handle_time=180).service_level(within=20), 4)
        0.6023
        """
        line = self._line
        return line.share(line.at_once + line.answered(as_threshold(within) / self._seconds))

    @property
    def mean_wait(self) -> float:
        """Mean wait of all calls [s], until the answer or until the caller gives up.

        Calls that find no place wait 0 s.

        Notes
        -----
        Erlang C: C(n, a) handle_time / (n - a). The mean number of waiting callers is the
        mean wait times the calls per second (J. D. C. Little, A proof for the queuing formula
        L = lambda W, Operations Research 9, 1961, 383-387).

        Examples
        --------
        >>> round(Queue(3, 2.0, handle_time=180).mean_wait, 2)
        80.0
        """
        return self._line.waits() / self._line.total * self._seconds

    @property
    def mean_speed_of_answer(self) -> float:
        """Mean wait of the answered calls [s], including those answered at once."""
        line = self._line
        return line.answered_waits() / (line.at_once + line.answered()) * self._seconds

    @property
    def answer_rate(self) -> float:
        """Share of calls that are answered, at once or after a wait."""
        return self._line.share(self._line.at_once + self._line.answered())

    @property
    def abandonment_rate(self) -> float:
        """Share of calls whose callers give up while waiting.

        It equals `mean_wait` / `patience`, because a waiting caller gives up at the rate
        1 / patience.
        """
        return self._line.share(self._line.abandoned())

    @property
    def overflow_rate(self) -> float:
        """Share of calls that find all places taken; with n places it equals `blocking`."""
        return self._line.share(self._line.full)

    @property
    def occupancy(self) -> float:
        """Share of time that members talk or are in wrap-up: answered load per member."""
        return min(self.answer_rate * self.load / self.n, 1.0)

    @property
    def _seconds(self) -> float:
        """The handle time [s], the unit of time of `_line`; an error if it is missing."""
        if self.handle_time is None:
            reason = "beside a patience" if self.patience != math.inf else "for figures in seconds"
            raise ConfigurationError("handle_time", f"must be given {reason}")
        return self.handle_time

    @cached_property
    def _line(self) -> StationaryQueue:
        impatience = 0.0 if self.patience == math.inf else self._seconds / self.patience
        return queue_for(self.n, self.load, impatience, self.places)


class QueueOptions(TypedDict, total=False):
    """Optional parameters of `Queue`."""

    handle_time: float | None
    patience: float
    places: float


def waiting(n: int, load: float, **options: Unpack[QueueOptions]) -> float:
    """Return `Queue.waiting`; the options are those of `Queue`.

    Examples
    --------
    >>> round(waiting(3, 2.0), 4)
    0.4444
    """
    return Queue(n, load, **options).waiting


def service_level(
    n: int, load: float, *, within: float = 20.0, **options: Unpack[QueueOptions]
) -> float:
    """Return `Queue.service_level`; the options are those of `Queue`.

    Examples
    --------
    >>> round(service_level(3, 2.0, within=20, handle_time=180), 4)
    0.6023
    """
    return Queue(n, load, **options).service_level(within)


def mean_speed_of_answer(n: int, load: float, **options: Unpack[QueueOptions]) -> float:
    """Return `Queue.mean_speed_of_answer` [s]; the options are those of `Queue`.

    Examples
    --------
    >>> round(mean_speed_of_answer(3, 2.0, handle_time=180, patience=60), 2)
    5.01
    """
    return Queue(n, load, **options).mean_speed_of_answer


def mean_wait(n: int, load: float, **options: Unpack[QueueOptions]) -> float:
    """Return `Queue.mean_wait` [s]; the options are those of `Queue`."""
    return Queue(n, load, **options).mean_wait


def answer_rate(n: int, load: float, **options: Unpack[QueueOptions]) -> float:
    """Return `Queue.answer_rate`; the options are those of `Queue`.

    Examples
    --------
    >>> round(answer_rate(3, 2.0, handle_time=180, patience=60), 4)
    0.8474
    """
    return Queue(n, load, **options).answer_rate


def abandonment_rate(n: int, load: float, **options: Unpack[QueueOptions]) -> float:
    """Return `Queue.abandonment_rate`; the options are those of `Queue`.

    Examples
    --------
    >>> round(abandonment_rate(3, 2.0, handle_time=180, patience=60), 4)
    0.1526
    """
    return Queue(n, load, **options).abandonment_rate


def overflow_rate(n: int, load: float, **options: Unpack[QueueOptions]) -> float:
    """Return `Queue.overflow_rate`; the options are those of `Queue`.

    Examples
    --------
    >>> round(overflow_rate(3, 2.0, places=4), 4)
    0.1231
    """
    return Queue(n, load, **options).overflow_rate


def occupancy(n: int, load: float, **options: Unpack[QueueOptions]) -> float:
    """Return `Queue.occupancy`; the options are those of `Queue`.

    Examples
    --------
    >>> round(occupancy(3, 2.0), 4)
    0.6667
    """
    return Queue(n, load, **options).occupancy
