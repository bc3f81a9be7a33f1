"""People of a roster, from the arguments of `roster`.

`team_of`
    Make the team, with what each person can work.
`records_of`
    Return records that are given as records or as tables.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ringsim._model import check_listed_once
from ringsim.distributions import as_list
from ringsim.errors import ConfigurationError
from ringsim.planning._cover import Worker
from ringsim.planning._day_axis import DayAxis, without
from ringsim.planning._roster_costs import hourly_costs
from ringsim.planning._roster_team import Team, fixed_members
from ringsim.planning._shifts import Person, Shift
from ringsim.planning._turns import RosterDay, Turn, axis_of
from ringsim.scenario import Span
from ringsim.scenario._duty import resolved_duty

__all__ = ["records_of", "team_of"]

NIGHT = 24  # hours after closing in which a shift over midnight can end


FORMS = {
    Shift: 'a Shift, or a table with "starts_at" and "ends_at"',
    Person: 'a Person, a number in quotes such as "201", or a table with "extension_number"',
}


def records_of(kind: type[Any], given: Any, subject: str) -> list[Any]:
    """Return a list of records, each given as a record or as a table of its fields."""
    found = []
    for index, each in enumerate(
        as_list(given, subject, f"must be a list, each item {FORMS[kind]}")
    ):
        try:
            if isinstance(each, Mapping):
                found.append(kind(**each))
            elif isinstance(each, str) and kind is Person:
                found.append(Person(each))
            else:
                found.append(each)
        except ConfigurationError as wrong:
            raise wrong.inside(f"{subject}[{index}]") from None
        if not isinstance(found[-1], kind):
            raise ConfigurationError(f"{subject}[{index}]", f"must be {FORMS[kind]}", each)
    if not found:
        raise ConfigurationError(subject, f"must hold at least one {kind.__name__}", given)
    return found


def team_of(
    days: Sequence[RosterDay],
    groups: Sequence[str],
    people: Any,
    shifts: Sequence[Shift],
    turns: Sequence[Turn],
    costs: Any,
) -> Team:
    """Return the team of a roster.

    Raises
    ------
    ConfigurationError
        If a person or a cost is invalid, or a person cannot work any shift.
    """
    listed = _members(days, groups) if people is None else records_of(Person, people, "people")
    check_listed_once("people", (person.extension_number for person in listed))
    prices = hourly_costs(costs, [person.extension_number for person in listed])
    workers = []
    for index, person in enumerate(listed):
        try:
            workers.append(_worker(person, days, groups, turns, prices[person.extension_number]))
        except ConfigurationError as wrong:
            if people is not None:
                raise wrong.inside(f"people[{index}]") from None
            subject = f"extensions.{person.extension_number}.on_duty"
            raise ConfigurationError(
                subject,
                "must cover a shift on at least one day",
                days[0].scenario.extension(person.extension_number).on_duty,
                "Give a shift within this duty, or people=.",
            ) from None
    return Team(
        tuple(days), tuple(groups), tuple(listed), tuple(workers), tuple(turns), tuple(shifts)
    )


def _members(days: Sequence[RosterDay], groups: Sequence[str]) -> list[Person]:
    """Return the members of the groups who belong to no other group."""
    found: dict[str, Person] = {}
    for day in days:
        others = fixed_members(day.scenario, groups, set())
        for group in groups:
            for member in day.scenario.group(group).members:
                number = member.extension_number
                if number not in others:
                    found.setdefault(number, Person(number))
    if not found:
        raise ConfigurationError(
            "people", "must be given: the group has no members that belong to it alone"
        )
    return list(found.values())


def _worker(
    person: Person,
    days: Sequence[RosterDay],
    groups: Sequence[str],
    turns: Sequence[Turn],
    cost: float,
) -> Worker:
    available, axis = list(_available(person, days)), axis_of(days)
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for index, turn in enumerate(turns):
        if _can_work(turn, available, axis):
            key = turn.day, turn.shift
            found[key] = (*found.get(key, ()), index)
    least = min((turns[each[0]].hours for each in found.values()), default=math.inf)
    if not found and person.available is None:
        raise ConfigurationError(
            "available", "must be given: the person's own on_duty covers no shift"
        )
    if not found:
        raise ConfigurationError(
            "available", "must cover a shift on at least one day", person.available
        )
    if person.max_hours is not None and least > person.max_hours:
        raise ConfigurationError(
            "max_hours", f"must be enough for a shift, at least {least:g}", person.max_hours
        )
    return Worker(
        _groups_of(person, days, groups),
        found,
        cost,
        math.inf if person.max_hours is None else float(person.max_hours),
        math.inf if person.max_days is None else float(person.max_days),
        float(person.rest),
    )


def _can_work(turn: Turn, available: Sequence[Sequence[Span] | None], axis: DayAxis) -> bool:
    """Return whether a person's availability covers all working time of a turn.

    `available` has the spans [s] of each day; None means always. The spans of the turn's own day
    may go past midnight. What they leave must be within the hours and the spans of another day;
    time outside the hours of all other days depends on the turn's own day.
    """
    own = available[turn.day]
    left = without(turn.spans, [(0.0, axis.closes[turn.day])] if own is None else own)
    for other, begins in axis.others(turn.day):
        hours, spans = (begins, begins + axis.closes[other]), available[other]
        outside = without(left, [hours])
        if spans is not None:
            inside = without(left, outside)
            if without(inside, [(start + begins, end + begins) for start, end in spans]):
                return False
        left = outside
    return own is None or not left


def _groups_of(person: Person, days: Sequence[RosterDay], groups: Sequence[str]) -> frozenset[str]:
    """Return the groups of the roster whose calls a person takes."""
    if person.groups is None:
        listed = {
            group
            for day in days
            for group in groups
            for member in day.scenario.group(group).members
            if member.extension_number == person.extension_number
        }
        return frozenset(listed or groups)
    known = {number: None for day in days for number in day.scenario.group_numbers}
    for at, number in enumerate(person.groups):
        if number not in known:
            raise ConfigurationError(f"groups[{at}]", f"must be one of {', '.join(known)}", number)
    found = frozenset(person.groups) & frozenset(groups)
    if not found:
        raise ConfigurationError(
            "groups", f"must name a group of the roster, {' or '.join(groups)}", person.groups
        )
    return found


def _available(person: Person, days: Sequence[RosterDay]) -> Iterator[Sequence[Span] | None]:
    """Yield the spans [s] in which a person can work, for each day; None means always."""
    given = person.available
    if isinstance(given, Mapping):
        names = [day.name for day in days]
        for name in given:
            if name not in names:
                raise ConfigurationError(
                    f"available[{name!r}]", f"must be a day of the roster: {', '.join(names)}"
                )
    for day in days:
        scenario = day.scenario
        if given is None:
            yield scenario.duty(person.extension_number)
            continue
        by_name = isinstance(given, Mapping)
        spans = given.get(day.name, ()) if by_name else given
        hours = scenario.hours + (0 if by_name else NIGHT)  # spans of every day recur after it too
        try:
            yield resolved_duty(spans, scenario.opens_at, hours)
        except ConfigurationError as wrong:
            subject = wrong.subject.replace("on_duty", "available", 1)
            raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None
