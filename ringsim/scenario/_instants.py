"""Instants of calls given as times of day or as dates and times, in seconds from the start.

`as_instant`
    Validate one instant; times stay text until the scenario says when it opens.
`with_seconds`
    Return a demand whose instants are seconds.
`first_date`
    Return the first date that some demands name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ringsim._checks import as_float, is_number
from ringsim.errors import ConfigurationError
from ringsim.scenario._duty import DAY, clock_of, clock_seconds

if TYPE_CHECKING:
    from ringsim.scenario._people import Demand

__all__ = ["LARGEST", "as_instant", "first_date", "with_seconds"]

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
        stamp = _stamp(text)
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


def first_date(demands: Iterable[Demand]) -> date | None:
    """Return the first date that the instants of some demands name; None if none does."""
    texts = (
        instant
        for demand in demands
        for instant in demand.arrives_at or ()
        if isinstance(instant, str)
    )
    stamps = map(_stamp, texts)
    return min((stamp.date() for stamp in stamps if stamp is not None), default=None)


def with_seconds(demand: Demand, opens_at: str | None, day: date | None) -> Demand:
    """Return a demand whose instants are seconds from the start, in order.

    Parameters
    ----------
    demand : Demand
        Its instants may be times of day, which are those after opening, or dates and times.
    opens_at : str or None
        Time of day at second 0.
    day : date or None
        The date of second 0.

    Raises
    ------
    ConfigurationError
        If the scenario does not open at a time of day, or a call comes before it opens.
    """
    instants = demand.arrives_at or ()
    if not any(isinstance(instant, str) for instant in instants):
        return demand
    seconds = [
        _seconds(instant, opens_at, day, f"arrives_at[{index}]")
        for index, instant in enumerate(instants)
    ]
    return demand.replace(arrives_at=seconds)


def _seconds(instant: float | str, opens_at: str | None, day: date | None, subject: str) -> float:
    if not isinstance(instant, str):
        return instant
    if opens_at is None:
        raise ConfigurationError(
            subject,
            "must be in seconds from the start, as the scenario has no opens_at",
            instant,
            'Give opens_at, such as "08:00".',
        )
    opening, stamp = clock_seconds(opens_at, "opens_at"), _stamp(instant)
    if stamp is None or day is None:
        return math.fmod(clock_seconds(instant, subject) - opening + DAY, DAY)
    start = datetime.combine(day, datetime.min.time())
    seconds = (stamp - start).total_seconds() - opening
    if seconds < 0:
        raise ConfigurationError(subject, f"must not be before opens_at {opens_at}", instant)
    return seconds


def _stamp(text: str) -> datetime | None:
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
