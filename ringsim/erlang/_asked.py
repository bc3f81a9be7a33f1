"""From what is asked, in members, erlang and seconds, to the line of callers."""

from __future__ import annotations

import math

from ringsim.erlang._arguments import as_load, as_members, as_patience, as_seconds
from ringsim.erlang._lines import line_of
from ringsim.erlang._states import Line
from ringsim.errors import ConfigurationError

__all__ = ["asked_line"]

EXTREME = 1e12  # ratio of patience to handle time up to which figures have been verified


def asked_line(
    n: int, load: float, handle_time: float | None, patience: float, places: float
) -> Line:
    """The line that is asked for, its arguments checked."""
    n, load = as_members(n, 1), as_load(load)
    if places != math.inf:
        places = as_members(places, n, "places")
    return line_of(n, load, _impatience(handle_time, patience), places)


def _impatience(handle_time: float | None, patience: float) -> float:
    """How many callers would give up in a handle time, for each who waits."""
    patience = as_patience(patience)
    if handle_time is not None:
        handle_time = as_seconds(handle_time, "handle_time")
    if patience == math.inf:
        return 0.0
    if handle_time is None:
        raise ConfigurationError("handle_time", "must be given beside a patience")
    impatience = handle_time / patience
    if not 1 / EXTREME <= impatience <= EXTREME:
        raise ConfigurationError(
            "patience",
            f"must be from {1 / EXTREME:g} to {EXTREME:g} handle times, or inf",
            patience,
        )
    return impatience
