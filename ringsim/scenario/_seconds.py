"""Conversion of the instants of all calls of a scenario to seconds from the start."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from ringsim.errors import ConfigurationError
from ringsim.scenario._demand import Demand
from ringsim.scenario._duty import DAY, clock_seconds
from ringsim.scenario._extension import Extension
from ringsim.scenario._instants import stamp_of

__all__ = ["with_seconds"]


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
    stamps = map(stamp_of, texts)
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
    opening, stamp = clock_seconds(opens_at, "opens_at"), stamp_of(instant)
    if stamp is None or day is None:
        return math.fmod(clock_seconds(instant, subject) - opening + DAY, DAY)
    start = datetime.combine(day, datetime.min.time())
    seconds = (stamp - start).total_seconds() - opening
    if seconds < 0:
        raise ConfigurationError(subject, f"must not be before opens_at {opens_at}", instant)
    return seconds
