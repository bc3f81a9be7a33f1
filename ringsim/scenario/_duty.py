"""Conversion of times of day and spans of duty to seconds from the start, and back.

A scenario starts at second 0, when the clock shows `opens_at`. A span of duty is given either
in seconds from the start or in times of day. A span in times of day recurs on every day of the
scenario. If it ends before it starts, it goes past midnight: in a scenario of the 24 hours of
one day, a shift from 22:00 to 06:00 is on duty until 06:00 and from 22:00 on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import time
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ringsim._checks import is_number
from ringsim.errors import ConfigurationError

__all__ = [
    "DAY",
    "Span",
    "clock_of",
    "clock_seconds",
    "clock_text",
    "has_seconds",
    "resolved_duty",
    "time_text",
]

DAY = 86_400.0

Span = tuple[float, float]


def clock_seconds(value: Any, subject: str = "") -> float:
    """Return a time of day, `"08:30"` or `"08:30:15"`, in seconds since midnight.

    `"24:00"` is the end of the day.

    Raises
    ------
    ConfigurationError
        If `value` is not a time of day.
    """
    if isinstance(value, time):  # TOML's own
        value = clock_of(value)
    total = _seconds_of_text(value) if isinstance(value, str) else None
    if total is None:
        raise ConfigurationError(subject, 'must be a time of day such as "08:30"', value)
    return total


@lru_cache(maxsize=1024)  # a roster has the same few times of day in hundreds of spans
def _seconds_of_text(text: str) -> float | None:
    """Return a time of day in seconds since midnight; None if the text is not one."""
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", text)
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600.0 + minutes * 60 + seconds
    return total if minutes < 60 and seconds < 60 and total <= DAY else None


def clock_of(value: Any) -> Any:
    """Return a `datetime.time`, which TOML has, as text; any other value unchanged."""
    if isinstance(value, time) and value.tzinfo is None and not value.microsecond:
        return value.isoformat("seconds" if value.second else "minutes")
    return value


def clock_text(instant: float, *, recurs: bool = True, seconds: bool = False) -> str:
    """Format an instant as `09:05` or `09:05:07`, followed by `+1 d` on the next day.

    Parameters
    ----------
    instant : float
        Seconds since the first midnight.
    recurs : bool, default True
        If False, the hours are counted beyond 24, as in `31:30`.
    seconds : bool, default False
        If True, show seconds.

    Examples
    --------
    >>> clock_text(32_707, seconds=True), clock_text(91_800), clock_text(5400, recurs=False)
    ('09:05:07', '01:30 +1 d', '1:30')
    """
    if instant < 0 and not recurs:
        return f"-{clock_text(-instant, recurs=False, seconds=seconds)}"
    days, rest = divmod(round(instant, 6), DAY if recurs else math.inf)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    text = f"{int(hours):0{2 if recurs else 1}d}:{int(minutes):02d}"
    if seconds:
        text += f":{rest:02.0f}" if _is_whole(rest) else f":{rest:09.6f}".rstrip("0")
    return f"{text} {int(days):+d} d" if days else text


def has_seconds(instant: float) -> bool:
    """Return True if an instant [s] is not at a full minute, so that seconds must be shown."""
    return not _is_whole(instant / 60)


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-9


def time_text(instant: float, opens_at: str | None) -> str:
    """Format an instant of a scenario as a time of day, or in seconds without `opens_at`.

    A time of day has seconds if it is not a full minute.

    Parameters
    ----------
    instant : float
        Seconds from the start.
    opens_at : str or None
        Time of day at second 0.

    Examples
    --------
    >>> time_text(5400, "08:00"), time_text(5400, None)
    ('09:30', '5400 s')
    """
    if opens_at is None:
        return f"{instant:g} s"
    at = clock_seconds(opens_at) + instant
    return clock_text(at, seconds=has_seconds(at))


def resolved_duty(
    spans: Sequence[tuple[Any, Any]], opens_at: str | None, hours: float
) -> tuple[Span, ...]:
    """Return spans of duty in seconds from the start, sorted.

    Parameters
    ----------
    spans : sequence of (start, end)
        Start and end of each span, both in seconds from the start or both times of day.
    opens_at : str or None
        Time of day at second 0; required if a span is in times of day.
    hours : float
        Length of the scenario.

    Returns
    -------
    tuple of (float, float)
        Sorted, disjoint, each start < end; spans entirely before second 0 are omitted.

    Raises
    ------
    ConfigurationError
        If a span ends before it starts, or two spans overlap.
    """
    found: list[tuple[float, float, int]] = []
    for index, (start, end) in enumerate(spans):
        subject = f"on_duty[{index}]"
        if isinstance(start, str) and isinstance(end, str):
            found += [(*span, index) for span in _recurring(start, end, opens_at, hours, subject)]
        elif is_number(start) and is_number(end):
            if not 0 <= start < end:
                raise ConfigurationError(
                    subject, "must start at 0 or later and end after it starts", (start, end)
                )
            found.append((float(start), float(end), index))
        else:
            raise ConfigurationError(
                subject, "must be two times of day or two numbers of seconds", (start, end)
            )
    found.sort()
    for (_, end, _), (start, _, index) in pairwise(found):
        if start < end:
            raise ConfigurationError(
                f"on_duty[{index}]", "must not overlap another span", tuple(spans[index])
            )
    return tuple((start, end) for start, end, _ in found)


@lru_cache(maxsize=1024)  # variants of a scenario have the same people
def _recurring(
    start: str, end: str, opens_at: str | None, hours: float, subject: str
) -> tuple[Span, ...]:
    """Return a span of times of day, repeated on every day of the scenario."""
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
        if last == first:
            raise ConfigurationError(subject, "must end after it starts", (start, end))
        last += DAY
    days = range(-1, math.ceil(closing / DAY))
    shifted = ((first + day * DAY - opening, last + day * DAY - opening) for day in days)
    return tuple((begin, stop) for begin, stop in shifted if stop > 0)
