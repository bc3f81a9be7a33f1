"""Who is on duty for a group in one interval of the day, and what a plan may change.

`Shift`
    The people of one interval: those who are there anyway, and those who may be.
`shift_of`
    The people of an interval of a scenario.
`staffed`
    A scenario in which the planned people are on duty when they are needed.

A plan owns the presence of people who belong to the staffed group alone. It may leave them out,
and never calls them in: they are planned only in intervals that their own duty covers, so that
a lunch hour stays one. Duty belongs to a person and not to a membership (S12): taking a member of
two groups off one of them would take them off the other. So they stay as they are, are there
whenever their own duty says so, and are counted. Where that is not enough, new members follow,
who are like the template and free at any time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ringsim.planning._pool import MemberPool
from ringsim.scenario import Scenario, Span, with_duty, with_members

__all__ = ["Shift", "shift_of", "staffed"]


@dataclass(frozen=True)
class Shift:
    """The people of one interval.

    Attributes
    ----------
    scenario : Scenario
        In which they are members of the group: a day, or a stretch that is like the interval.
    group : str
        Number of the group.
    template : str or None
        Whom new members are like.
    there : tuple of str
        Numbers of members who are on duty whatever is planned.
    planned : tuple of str
        Numbers of members who may be on duty, in the order in which they are taken.
    max_members : int
        How many may be on duty at most.
    """

    scenario: Scenario
    group: str
    template: str | None
    there: tuple[str, ...]
    planned: tuple[str, ...]
    max_members: int

    @property
    def least(self) -> int:
        """How many are on duty at least."""
        return len(self.there)

    def n_new(self, n: int) -> int:
        """Return how many of `n` people on duty are new members."""
        return max(0, n - self.least - len(self.planned))

    def known(self, n: int) -> set[str]:
        """Return the numbers of those of `n` people on duty who are members already."""
        return {*self.there, *self.planned[: max(0, n - self.least)]}

    def sized(self, n: int) -> Scenario:
        """Return the scenario with `n` people on duty all the time, and no other members."""
        found = _with_new(self.scenario, self.group, self.n_new(n), self.template)
        known, old = self.known(n), len(self.scenario.group(self.group).members)
        numbers = [member.extension_number for member in found.group(self.group).members]
        kept = [number for number in numbers[:old] if number in known] + numbers[old:]
        return with_duty(_with_only(found, self.group, kept), dict.fromkeys(kept))


def shift_of(pool: MemberPool, stretch: Scenario, start: float, end: float) -> Shift:
    """Return the people of the interval from `start` to `end` [s] of the scenario of a crew.

    `stretch` is the scenario in which the interval lasts; who is on duty in it is on duty at
    the middle of the interval.
    """
    numbers = [member.extension_number for member in pool.scenario.group(pool.group).members]
    shared = _shared(pool.scenario, pool.group)
    there = tuple(number for number in numbers if number in shared and stretch.duty(number) is None)
    planned = tuple(
        number
        for number in numbers
        if number not in shared and _covers(pool.scenario.duty(number), start, end)
    )
    known = len(there) + len(planned)
    most = min(pool.max_members, known) if pool.is_closed else pool.max_members
    return Shift(stretch, pool.group, pool.template, there, planned, max(most, len(there)))


def staffed(
    pool: MemberPool, shifts: Sequence[Shift], counts: Sequence[int], width: float
) -> Scenario:
    """Return the scenario with so many people on duty in each interval; in the last, to the end."""
    pairs = list(zip(shifts, counts, strict=True))
    new = [shift.n_new(count) for shift, count in pairs]
    known = [shift.known(count) for shift, count in pairs]
    scenario = _with_new(pool.scenario, pool.group, max(new), pool.template)
    numbers = [member.extension_number for member in scenario.group(pool.group).members]
    old, shared = len(pool.scenario.group(pool.group).members), _shared(pool.scenario, pool.group)
    duty: dict[str, list[Span]] = {}
    for place, number in enumerate(numbers):
        if number in shared:
            continue
        if place < old:
            own, is_there = pool.scenario.duty(number), [number in each for each in known]
        else:
            own, is_there = None, [place - old < each for each in new]
        duty[number] = _common(own, _turns(is_there, width))
    kept = [number for number in numbers if number in shared or duty[number]]
    planned = {number: spans for number, spans in duty.items() if spans}
    return with_duty(_with_only(scenario, pool.group, kept), planned)


def _shared(scenario: Scenario, group: str) -> set[str]:
    """Return the numbers of people who are members of another group."""
    others = (each for each in scenario.groups if each.extension_number != group)
    return {member.extension_number for each in others for member in each.members}


def _with_new(scenario: Scenario, group: str, n: int, template: str | None) -> Scenario:
    """Return the scenario with so many new members in a group."""
    return with_members(scenario, group, len(scenario.group(group).members) + n, template)


def _with_only(scenario: Scenario, group: str, numbers: Sequence[str]) -> Scenario:
    """Return the scenario with no other members in a group than those with some numbers."""
    kept, found = set(numbers), scenario.group(group)
    members = [member for member in found.members if member.extension_number in kept]
    changed = found.replace(members=members)
    return scenario.replace(groups=[changed if each is found else each for each in scenario.groups])


def _covers(duty: Sequence[Span] | None, start: float, end: float) -> bool:
    """Whether somebody is on duty during all of an interval."""
    return duty is None or any(first <= start and end <= last for first, last in duty)


def _turns(is_there: Sequence[bool], width: float) -> list[Span]:
    """Return the spans of the intervals in which somebody is there; the last one has no end."""
    spans: list[Span] = []
    for at, there in enumerate(is_there):
        end = (at + 1) * width if at + 1 < len(is_there) else math.inf
        if there and spans and spans[-1][1] == at * width:
            spans[-1] = (spans[-1][0], end)
        elif there:
            spans.append((at * width, end))
    return spans


def _common(duty: Sequence[Span] | None, spans: Sequence[Span]) -> list[Span]:
    """Return what is in both; a duty of None is always."""
    if duty is None:
        return list(spans)
    common = ((max(a, c), min(b, d)) for a, b in duty for c, d in spans)
    return sorted((start, end) for start, end in common if start < end)
