"""Window of time that a ring chart shows.

`Window`
    A start and an end.
`window_of`
    The window between given bounds, or a default one.
`call_numbers`
    A check of the numbers of calls to show.
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

__all__ = ["MAX_CALLS", "Window", "call_numbers", "window_of"]

MAX_CALLS = 8  # calls in a default window
SHORTEST = 30.0  # least length of a default window [s]
AFTER = 0.25  # time shown after the last outcome, as a share of the time before it
MARGIN = 0.035  # share of the window before and after the calls


class Window(NamedTuple):
    """A stretch of time [s from the start]."""

    start: float
    end: float

    def sees(self, starts_at: Any, ends_at: Any) -> Any:
        """Return whether [starts_at, ends_at] touches the window, elementwise for arrays."""
        return (starts_at <= self.end) & (ends_at >= self.start)

    def clipped(self, instant: float) -> float:
        """Return an instant, moved to at most one window length outside the window."""
        length = self.end - self.start
        return min(max(instant, self.start - length), self.end + length)


def call_numbers(calls: object, n: int) -> list[int] | None:
    """Return the numbers of calls to show, each once, or None for None.

    Raises
    ------
    ConfigurationError
        If they are not numbers of the n calls of the log, or there are none.
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
    """Return the window between two bounds; a bound of None is derived from the calls.

    The calls are those wanted, or else at most `MAX_CALLS`: the first ones from `start` on, the
    last ones before `end`, or those that arrive closest together. The window begins with the
    first arrival and ends after the last talk and wrap-up, or a while after the last outcome.

    Raises
    ------
    ConfigurationError
        If a bound is not a finite number, or the end is not after the start.
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
        return calls[calls["arrives_at"] >= start].head(MAX_CALLS)
    if end is not None:
        return calls[calls["arrives_at"] <= end].tail(MAX_CALLS)
    if len(calls) <= MAX_CALLS:
        return calls
    arrives_at = calls["arrives_at"].to_numpy()
    first = int(np.argmin(arrives_at[MAX_CALLS - 1 :] - arrives_at[: 1 - MAX_CALLS]))
    return calls.iloc[first : first + MAX_CALLS]


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
