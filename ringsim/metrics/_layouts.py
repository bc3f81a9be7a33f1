"""The two ways to put calls into cells before they are counted: by group and by interval."""

from __future__ import annotations

import math

from ringsim._checks import as_float, is_number, seconds_of
from ringsim.errors import ConfigurationError
from ringsim.metrics._roster import Roster
from ringsim.metrics._sums import Layout
from ringsim.metrics._thresholds import Thresholds

__all__ = ["group_layout", "interval_layout"]

MAX_INTERVALS = 10_080  # the minutes of a week


def group_layout(roster: Roster, thresholds: Thresholds) -> Layout:
    """Return the layout that counts calls by group."""
    return Layout(len(roster.groups), as_float(thresholds.within), as_float(thresholds.short))


def interval_layout(
    roster: Roster, latest: float, thresholds: Thresholds, *, width: float, group: int | None
) -> Layout:
    """Return the layout that counts calls by interval of arrival.

    Parameters
    ----------
    roster : Roster
        Groups and length of the scenario.
    latest : float
        Instant of the last arrival [s].
    thresholds : Thresholds
        Thresholds of the metrics.
    width : float
        Length of the intervals [s].
    group : int, optional
        Index of the group whose calls are counted; None for all calls.

    Raises
    ------
    ConfigurationError
        If the width is invalid or makes more than 10,080 intervals.
    """
    width = seconds_of(width)
    if not is_number(width) or not 0 < as_float(width) < math.inf:
        raise ConfigurationError("width", "must be a positive number of seconds", width)
    end = roster.end
    whole = max(end, latest)
    if whole / width > MAX_INTERVALS:
        raise ConfigurationError(
            "width", f"must make at most {MAX_INTERVALS} intervals of {whole:g} s", width
        )
    n = max(math.ceil(end / width), math.floor(latest / width) + 1 if latest >= 0 else 0)
    index = -1 if group is None else group
    within, short = as_float(thresholds.within), as_float(thresholds.short)
    return Layout(n, within, short, float(width), index)
