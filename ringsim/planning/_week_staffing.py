"""Staffing of a week, day by day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise

from ringsim._lazy import pd
from ringsim._sentences import counted
from ringsim.planning._html import as_html, readable
from ringsim.planning._staffing import Staffing
from ringsim.scenario import Extension, Scenario, Span, named_group, with_daily_duty

__all__ = ["WeekStaffing", "week_staffing"]


@dataclass(frozen=True, eq=False, repr=False)
class WeekStaffing:
    """The number of members that a group needs over each day of a week.

    Attributes
    ----------
    by_day : dict of str to Staffing
        The plan of each of the scenario's `days`.
    scenario : Scenario
        The scenario of the week with these members on duty when they are needed.
    """

    by_day: dict[str, Staffing]
    scenario: Scenario

    def on(self, day: str) -> Staffing:
        """Return the plan of one weekday.

        Raises
        ------
        ConfigurationError
            If it is not one of the scenario's `days`.
        """
        self.scenario.on(day)
        return self.by_day[day]

    @property
    def table(self) -> pd.DataFrame:
        """The tables of all days, indexed by `day` and `starts_at` [s]."""
        return pd.concat({day: plan.table for day, plan in self.by_day.items()}, names=["day"])

    @property
    def member_hours(self) -> float:
        """Sum of all members' time on duty in the week [h]."""
        return sum(plan.member_hours for plan in self.by_day.values())

    def __str__(self) -> str:
        parts = [f"{day}\n{plan}" for day, plan in self.by_day.items()]
        total = f"The week has {counted(self.member_hours, 'member hour')}."
        return "\n\n".join([*parts, total])

    def _repr_html_(self) -> str:
        return as_html(str(self), [readable(self.table)])

    def __repr__(self) -> str:
        [group] = {plan.sizings[0].group for plan in self.by_day.values()}
        most = (
            f"{day} up to {max(sizing.closest for sizing in plan.sizings)}"
            for day, plan in self.by_day.items()
        )
        return f"<WeekStaffing of group {group}: {', '.join(most)}>"


def week_staffing(
    scenario: Scenario, staffed: Callable[[Scenario], Staffing], group: str | None
) -> WeekStaffing:
    """Return the plan of a week, given a function that plans one day."""
    by_day = {day: staffed(scenario.on(day)) for day in scenario.days}
    return WeekStaffing(by_day, _planned(scenario, by_day, named_group(scenario, group)))


def _in_order(orders: Sequence[Sequence[str]]) -> list[str]:
    """Return all numbers in an order that keeps that of each day.

    There is one, as the members of every day are taken from one list in its order.
    """
    before: dict[str, set[str]] = {number: set() for order in orders for number in order}
    for order in orders:
        for first, second in pairwise(order):
            before[second].add(first)
    return list(TopologicalSorter(before).static_order())


def _planned(scenario: Scenario, by_day: dict[str, Staffing], group: str) -> Scenario:
    """Return the scenario of the week with the members and the duty of each day's plan."""
    planned = {day: plan.scenario for day, plan in by_day.items()}
    there = {
        member.extension_number: member
        for each in planned.values()
        for member in each.group(group).members
    }
    orders = [
        [each.extension_number for each in day.group(group).members] for day in planned.values()
    ]
    seats = {number: there[number] for number in _in_order(orders)}
    people: dict[str, Extension] = {}
    duty: dict[str, dict[str, Sequence[Span] | None]] = {}
    for number in dict.fromkeys([*scenario.extension_numbers, *seats]):
        on = {day: each for day, each in planned.items() if number in each.extension_numbers}
        person = next((each.extension(number) for each in on.values()), Extension(number))
        if number in {each.extension_number for each in scenario.extensions}:
            person = scenario.extension(number)
        people[number] = person
        if number in seats:
            duty[number] = {day: on[day].duty(number) if day in on else () for day in planned}
    found = scenario.group(group)
    changed = found.replace(members=list(seats.values()))
    groups = [changed if each is found else each for each in scenario.groups]
    whole = scenario.replace(groups=groups, extensions=list(people.values()))
    return with_daily_duty(whole, duty)
