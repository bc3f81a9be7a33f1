"""People of a roster, and the scenarios of its days.

`Team`
    The people, with what each can work, and the groups that they staff.
`team_of`
    Make the team from the arguments of `roster`.

Members of a staffed group who also belong to groups outside the roster, and are not among the
people, are not planned: they keep their duty, as in `staffing`, and count while they are there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ringsim._model import check_listed_once
from ringsim.distributions import as_list
from ringsim.errors import ConfigurationError
from ringsim.group import Member
from ringsim.planning._cover import Worker
from ringsim.planning._roster_costs import hourly_costs
from ringsim.planning._shifts import Person, Shift
from ringsim.planning._turns import RosterDay, Turn, can_work, spans_of
from ringsim.scenario import Scenario, Span, with_duty
from ringsim.scenario._duty import resolved_duty

__all__ = ["Team", "records_of", "team_of"]

MORE_MEMBERS = 10  # beside twice the people of a group


@dataclass(frozen=True)
class Team:
    """People of a roster, with what each can work.

    Attributes
    ----------
    days : tuple of RosterDay
        Days of the roster.
    groups : tuple of str
        Numbers of the groups that are staffed.
    people : tuple of Person
        People.
    workers : tuple of Worker
        The same people, as the covering problem takes them.
    turns : tuple of Turn
        All turns.
    shifts : tuple of Shift
        All shifts.
    """

    days: tuple[RosterDay, ...]
    groups: tuple[str, ...]
    people: tuple[Person, ...]
    workers: tuple[Worker, ...]
    turns: tuple[Turn, ...]
    shifts: tuple[Shift, ...]

    def max_members(self, group: str) -> int:
        """Return the largest size of a group to try: more than its people, to say how many lack."""
        return 2 * len(self._people_of(group)) + MORE_MEMBERS

    def rostered(self, day: RosterDay, worked: Mapping[int, Turn]) -> Scenario:
        """Return the scenario of a day on which people, by index, work turns.

        People of a turn that lasts until closing time stay until all calls are over.
        """
        duty = {
            person.extension_number: _duty(worked.get(who), day)
            for who, person in enumerate(self.people)
        }
        return with_duty(self._with_members(day.scenario), duty)

    def sized(self, day: RosterDay, group: str) -> Scenario:
        """Return the scenario in which a group is sized: its people belong to it alone."""
        scenario = self._with_members(day.scenario)
        planned = {person.extension_number for person in self._people_of(group)}
        groups = [
            each
            if each.extension_number == group
            else each.replace(
                members=[m for m in each.members if m.extension_number not in planned]
            )
            for each in scenario.groups
        ]
        return with_duty(scenario.replace(groups=groups), dict.fromkeys(planned))

    def _people_of(self, group: str) -> list[Person]:
        pairs = zip(self.people, self.workers, strict=True)
        return [person for person, worker in pairs if group in worker.groups]

    def _with_members(self, scenario: Scenario) -> Scenario:
        """Return the scenario whose staffed groups have the people of the team as members."""
        planned = {person.extension_number for person in self.people}
        fixed = _fixed(scenario, self.groups, planned)
        groups = []
        for each in scenario.groups:
            if each.extension_number not in self.groups:
                groups.append(each)
                continue
            seats = {member.extension_number: member for member in each.members}
            people = {
                person.extension_number: _seat(person, seats)
                for person in self._people_of(each.extension_number)
            }
            kept = {
                number: seat
                for number, seat in seats.items()
                if number in fixed or number in people
            }
            groups.append(each.replace(members=list((kept | people).values())))
        return scenario.replace(groups=groups)


def _seat(person: Person, seats: Mapping[str, Member]) -> Member:
    seat = seats.get(person.extension_number) or Member(person.extension_number)
    return seat if person.skill_level is None else seat.replace(skill_level=person.skill_level)


def _duty(turn: Turn | None, day: RosterDay) -> list[Span]:
    """Return the spans of duty of a turn [s]."""
    if turn is None:
        return []
    spans = spans_of(turn.start, turn.end, turn.lunch, turn.lunch_time)
    return [
        (max(start, 0.0), math.inf if end >= day.closes else end) for start, end in spans if end > 0
    ]


def _fixed(scenario: Scenario, groups: Sequence[str], planned: set[str]) -> set[str]:
    """Return the numbers of members who are not planned and belong to other groups too."""
    others = (each for each in scenario.groups if each.extension_number not in groups)
    return {member.extension_number for each in others for member in each.members} - planned


def records_of(kind: type[Any], given: Any, subject: str) -> list[Any]:
    """Return a list of records, each given as a record or as a table of its fields."""
    found = []
    for index, each in enumerate(as_list(given, subject, f"must be a list of {kind.__name__}s")):
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
            raise ConfigurationError(
                f"{subject}[{index}]", f"must be a ringsim.{kind.__name__}", each
            )
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
                hint="Give people, or a shift within this duty.",
            ) from None
    return Team(
        tuple(days), tuple(groups), tuple(listed), tuple(workers), tuple(turns), tuple(shifts)
    )


def _members(days: Sequence[RosterDay], groups: Sequence[str]) -> list[Person]:
    """Return the members of the groups who belong to no other group."""
    found: dict[str, Person] = {}
    for day in days:
        others = _fixed(day.scenario, groups, set())
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
    available = list(_available(person, days))
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for index, turn in enumerate(turns):
        if can_work(turn, available[turn.day]):
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
        spans = given.get(day.name, ()) if isinstance(given, Mapping) else given
        try:
            yield resolved_duty(spans, scenario.opens_at, scenario.hours)
        except ConfigurationError as wrong:
            subject = wrong.subject.replace("on_duty", "available", 1)
            raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None
