"""Instants of calls: numbers of seconds, times of day, or dates and times.

`as_instant`
    Validate one instant; times stay text until the scenario says when it opens.
`stamp_of`
    Return the date and time of a text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ringsim._checks import as_float, is_number
from ringsim.errors import ConfigurationError
from ringsim.scenario._duty import clock_of, clock_seconds

__all__ = ["LARGEST", "as_instant", "stamp_of"]

LARGEST = 1e300  # so that sums of finite numbers stay finite


def as_instant(value: Any, subject: str) -> float | str:
    """Return a number of seconds, or the text of a time of day or of a date and time.

    Raises
    ------
    ConfigurationError
        If the value is none of these, is negative, or has a time zone.
    """
    if is_number(value) and 0 <= as_float(value) <= LARGEST:
        return float(value)
    text = value.isoformat(" ") if isinstance(value, datetime) else clock_of(value)
    if isinstance(text, str):
        stamp = stamp_of(text)
        if stamp is not None and stamp.tzinfo is not None:
            raise ConfigurationError(subject, "must be a local time without a zone", value)
        if stamp is not None or _is_clock(text):
            return text
    raise ConfigurationError(
        subject,
        "must be a finite number of seconds, at least 0, or a time"
        if isinstance(value, str)
        else "must be a finite number of seconds, at least 0",
        value,
    )


def stamp_of(text: str) -> datetime | None:
    """Return the date and time of a text, or None if it is not one."""
    if len(text) <= len("2026-03-02"):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_clock(text: str) -> bool:
    try:
        clock_seconds(text)
    except ConfigurationError:
        return False
    return True
