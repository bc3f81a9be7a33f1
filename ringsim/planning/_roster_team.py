"""People of a roster with what each can work, and the scenarios of its days.

Members of a staffed group who also belong to groups outside the roster, and are not among the
people, are not planned: they keep their duty, as in `staffing`, and count while they are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ringsim.group import Member
from ringsim.planning._cover import Cover, Worker
from ringsim.planning._day_axis import DayAxis, merged
from ringsim.planning._shifts import Person, Shift
from ringsim.planning._turns import RosterDay, Turn, axis_of
from ringsim.scenario import Scenario, Span, with_duty

__all__ = ["Team", "fixed_members"]

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

    @cached_property
    def axis(self) -> DayAxis:
        """Beginnings of the days, and the time after which they repeat."""
        return axis_of(self.days)

    def max_members(self, group: str) -> int:
        """Return the largest size of a group to try: more than its people.

        The result can then say how many people are missing.
        """
        return 2 * len(self._people_of(group)) + MORE_MEMBERS

    def rostered(self, at: int, cover: Cover) -> Scenario:
        """Return the scenario of a day by its index, with the people who work on it.

        Among them are those of a night that began the day before. People of a turn that lasts
        until closing time stay until all calls are over.
        """
        day, spans = self.days[at], defaultdict[int, list[Span]](list)
        for (who, _), index in cover.turns.items():
            spans[who] += day.duty(self.turns[index].spans_on(at))
        duty = {
            person.extension_number: merged(spans[who]) for who, person in enumerate(self.people)
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
        fixed = fixed_members(scenario, self.groups, planned)
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


def fixed_members(scenario: Scenario, groups: Sequence[str], planned: set[str]) -> set[str]:
    """Return the numbers of members who are not planned and belong to other groups too."""
    others = (each for each in scenario.groups if each.extension_number not in groups)
    return {member.extension_number for each in others for member in each.members} - planned
