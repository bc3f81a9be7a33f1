"""Instants of calls given as times of day or as dates and times, in seconds from the start.

`as_instant`
    Validate one instant; times stay text until the scenario says when it opens.
`with_seconds`
    Convert the instants of all calls of a scenario to seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ringsim._checks import as_float, is_number
from ringsim.errors import ConfigurationError
from ringsim.scenario._duty import DAY, clock_of, clock_seconds

if TYPE_CHECKING:
    from ringsim.scenario._demand import Demand
    from ringsim.scenario._extension import Extension

__all__ = ["LARGEST", "as_instant", "with_seconds"]

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


def with_seconds(
    demand: Mapping[str, Demand], people: Sequence[Extension], opens_at: str | None
) -> tuple[dict[str, Demand], tuple[Extension, ...]]:
    """Return demands and people whose calls come at seconds from the start, in order.

    Parameters
    ----------
    demand : dict of str to Demand
        Callers by group. Their instants may be times of day, which are those after opening, or
        dates and times; the first date is that of second 0.
    people : list of Extension
        People, whose own calls have such instants, too.
    opens_at : str or None
        Time of day at second 0.

    Raises
    ------
    ConfigurationError
        If the scenario does not open at a time of day, or a call comes before it opens.
    """
    own = [person.own_calls for person in people if person.own_calls is not None]
    day = _first_date([*demand.values(), *own])
    callers = {
        number: _demand_with_seconds(calls, opens_at, day, f"demand.{number}")
        for number, calls in demand.items()
    }
    resolved = list(people)
    for index, person in enumerate(people):
        if person.own_calls is not None:
            path = f"extensions[{index}].own_calls"
            own_calls = _demand_with_seconds(person.own_calls, opens_at, day, path)
            if own_calls is not person.own_calls:
                resolved[index] = person.replace(own_calls=own_calls)
    return callers, tuple(resolved)


def _first_date(demands: Iterable[Demand]) -> date | None:
    """Return the first date that the instants of some demands name; None if none does."""
    texts = (
        instant
        for demand in demands
        for instant in demand.arrives_at or ()
        if isinstance(instant, str)
    )
    stamps = map(_stamp, texts)
    return min((stamp.date() for stamp in stamps if stamp is not None), default=None)


def _demand_with_seconds(
    demand: Demand, opens_at: str | None, day: date | None, path: str
) -> Demand:
    """Return a demand whose instants are seconds; an error names it by its path."""
    instants = demand.arrives_at or ()
    if not any(isinstance(instant, str) for instant in instants):
        return demand
    seconds = [
        _seconds(instant, opens_at, day, f"{path}.arrives_at[{index}]")
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
