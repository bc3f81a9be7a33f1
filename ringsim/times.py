"""Times of day and spans of duty: from what people write to seconds from the start.

A scenario starts at second 0, its `opens_at` on the clock. A span of duty is written either
in seconds from the start or in times of day; the latter recur on every day that the scenario
touches, and one that ends before it starts goes through midnight, which only makes sense in
a scenario that does so too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ringsim.checks import is_number
from ringsim.errors import ConfigurationError

__all__ = ["DAY", "Span", "clock_seconds", "resolved_duty"]

DAY = 86_400.0

Span = tuple[float, float]


def clock_seconds(value: Any, subject: str = "") -> float:
    """Seconds since midnight of a time of day `"08:30"` or `"08:30:15"`; `"24:00"` is the end.

    Raises
    ------
    ConfigurationError
        When it is no time of day.
    """
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", str(value))
    if isinstance(value, str) and match:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = hours * 3600.0 + minutes * 60 + seconds
        if minutes < 60 and seconds < 60 and total <= DAY:
            return total
    raise ConfigurationError(subject, 'must be a time of day such as "08:30"', value)


def resolved_duty(
    spans: Sequence[tuple[Any, Any]], opens_at: str | None, hours: float
) -> tuple[Span, ...]:
    """Spans of duty in seconds from the start, in order.

    Parameters
    ----------
    spans : sequence of (start, end)
        Each both in seconds from the start or both times of day.
    opens_at : str or None
        Time of day at second 0; needed for spans in times of day.
    hours : float
        Length of the scenario.

    Returns
    -------
    tuple of (float, float)
        Sorted, disjoint, each start < end; those wholly before second 0 are left out.

    Raises
    ------
    ConfigurationError
        When a span ends before it starts, or two overlap.
    """
    found: list[tuple[float, float, int]] = []
    for place, (start, end) in enumerate(spans):
        subject = f"on_duty[{place}]"
        if isinstance(start, str) and isinstance(end, str):
            found += [(*span, place) for span in _recurring(start, end, opens_at, hours, subject)]
        elif is_number(start) and is_number(end):
            if not 0 <= start < end:
                raise ConfigurationError(
                    subject, "must start at 0 or later and end after it starts", (start, end)
                )
            found.append((float(start), float(end), place))
        else:
            raise ConfigurationError(
                subject, "must be two times of day or two numbers of seconds", (start, end)
            )
    found.sort()
    for (_, end, _), (start, _, place) in pairwise(found):
        if start < end:
            raise ConfigurationError(
                f"on_duty[{place}]", "must not overlap another span", tuple(spans[place])
            )
    return tuple((start, end) for start, end, _ in found)


def _recurring(
    start: str, end: str, opens_at: str | None, hours: float, subject: str
) -> list[Span]:
    """One span of times of day on every day that the scenario touches."""
    if opens_at is None:
        raise ConfigurationError(
            subject,
            "must be in seconds from the start, as the scenario has no opens_at",
            (start, end),
            'Give opens_at, such as "08:00".',
        )
    first = clock_seconds(start, subject)
    last = clock_seconds(end, subject)
    opening = clock_seconds(opens_at, "opens_at")
    closing = opening + hours * 3600
    if last <= first:
        if closing <= DAY or last == first:
            raise ConfigurationError(subject, "must end after it starts", (start, end))
        last += DAY
    days = range(-1, math.ceil(closing / DAY))
    shifted = ((first + day * DAY - opening, last + day * DAY - opening) for day in days)
    return [(begin, stop) for begin, stop in shifted if stop > 0]
