"""Which stretch of time a ring chart shows.

`Window`
    The stretch.
`window_of`
    The one that is asked for, or a sensible one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ringsim._checks import is_number
from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError

__all__ = ["MOST_CALLS", "Window", "call_numbers", "window_of"]

MOST_CALLS = 8  # shown when nobody says which
SHORTEST = 30.0  # seconds of a window that nobody asks for
AFTER = 0.25  # of the time up to the last outcome, shown after it where not all can be
MARGIN = 0.035  # of the length of the window, before and after


class Window(NamedTuple):
    """A stretch of time [s from the start]."""

    start: float
    end: float

    def sees(self, starts_at: Any, ends_at: Any) -> Any:
        """Whether something in [starts_at, ends_at] can be seen, elementwise."""
        return (starts_at <= self.end) & (ends_at >= self.start)

    def clipped(self, instant: float) -> float:
        """An instant, or one as far outside the window as the window is long."""
        length = self.end - self.start
        return min(max(instant, self.start - length), self.end + length)


def call_numbers(calls: object, n: int) -> list[int] | None:
    """The numbers of the calls that somebody wants to see, of n calls.

    Raises
    ------
    ConfigurationError
        When they are no numbers of calls of the log.
    """
    if calls is None:
        return None
    if isinstance(calls, str) or not isinstance(calls, Iterable):
        raise ConfigurationError("calls", "must be a list of numbers of calls", calls)
    wanted = list(calls)
    for call in wanted:
        if not isinstance(call, Integral) or isinstance(call, bool) or not 0 <= int(call) < n:
            limit = f"from 0 to {n - 1}" if n else "but the log has no call"
            raise ConfigurationError("calls", f"must be numbers of calls, {limit}", call)
    if not wanted:
        raise ConfigurationError("calls", "must name at least one call", calls)
    return list(dict.fromkeys(int(call) for call in wanted))


def window_of(
    log: CallLog, wanted: list[int] | None, start: float | None, end: float | None
) -> Window:
    """The window between two bounds; what is not given, the calls decide.

    They are those that are wanted, or else at most `MOST_CALLS`: the first from `start` on, the
    last before `end`, or those that arrive closest together. The window then begins with
    the first arrival and ends when all is over, or a while after the last outcome.

    Raises
    ------
    ConfigurationError
        When a bound is no number, or they are in the wrong order.
    """
    for name, bound in (("start", start), ("end", end)):
        if bound is not None and not (is_number(bound) and math.isfinite(bound)):
            raise ConfigurationError(name, "must be a finite number of seconds", bound)
    if start is not None and end is not None and not start < end:
        raise ConfigurationError("end", f"must be after start, {start!r}", end)
    chosen = log.calls
    chosen = _first_calls(chosen, start, end) if wanted is None else chosen.loc[wanted]
    first, last = (
        _busiest_window(chosen) if len(chosen) else (0.0, float(log.scenario.hours) * 3600)
    )
    if start is not None:
        first, last = float(start), max(last, start + SHORTEST)
    if end is not None:
        first, last = min(first, end - SHORTEST) if start is None else first, float(end)
    return Window(first, last)


def _first_calls(calls: pd.DataFrame, start: float | None, end: float | None) -> pd.DataFrame:
    calls = calls.sort_values("arrives_at", kind="stable")
    if start is not None:
        return calls[calls["arrives_at"] >= start].head(MOST_CALLS)
    if end is not None:
        return calls[calls["arrives_at"] <= end].tail(MOST_CALLS)
    if len(calls) <= MOST_CALLS:
        return calls
    arrives_at = calls["arrives_at"].to_numpy()
    first = int(np.argmin(arrives_at[MOST_CALLS - 1 :] - arrives_at[: 1 - MOST_CALLS]))
    return calls.iloc[first : first + MOST_CALLS]


def _busiest_window(calls: pd.DataFrame) -> tuple[float, float]:
    outcomes = calls["arrives_at"] + calls["wait"]
    over = outcomes + (calls["talk_time"] + calls["wrap_up_time"]).fillna(0.0)
    first, outcome, last = (
        float(calls["arrives_at"].min()),
        float(outcomes.max()),
        float(over.max()),
    )
    if last > outcome + max(2 * SHORTEST, outcome - first):
        last = outcome + max(SHORTEST, AFTER * (outcome - first))
    last = max(last, first + SHORTEST)
    margin = MARGIN * (last - first)
    return first - margin, last + margin
