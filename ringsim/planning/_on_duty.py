"""People on duty for a group in one interval of the day.

`IntervalPool`
    The members of a group who are always, or can be, on duty in one interval.
`interval_pool_of`
    Make the pool of an interval.
`staffed`
    Return a scenario in which each interval has the planned number of people on duty.
`shared_members`, `covers`
    Numbers of members of several groups; whether a duty covers an interval.

A plan decides only on people who belong to the staffed group alone. It may take them off duty,
and never puts them on outside their own duty: they are planned only in intervals that their own
duty covers, so that a lunch hour stays free. Duty belongs to a person and not to a membership
(S12): taking a member of two groups off duty in one would take them off in the other. So members
of several groups keep their duty, and are counted when they are on duty. If all these are not
enough, the plan adds new members, who are like the template and available at any time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ringsim.planning._pool import MemberPool
from ringsim.scenario import Scenario, Span, with_duty, with_members

__all__ = ["IntervalPool", "covers", "interval_pool_of", "shared_members", "staffed"]


@dataclass(frozen=True)
class IntervalPool:
    """The members of a group who are always, or can be, on duty in one interval.

    Attributes
    ----------
    scenario : Scenario
        The scenario that represents the interval: a steady period with the interval's rates.
    group : str
        Number of the group.
    template : str or None
        Number of the person that new members are copied from; None for the last member.
    there : tuple of str
        Numbers of members who are on duty in every plan.
    planned : tuple of str
        Numbers of members who can be on duty, in the order in which they are chosen.
    max_members : int
        Largest number of people on duty.
    """

    scenario: Scenario
    group: str
    template: str | None
    there: tuple[str, ...]
    planned: tuple[str, ...]
    max_members: int

    @property
    def least(self) -> int:
        """Smallest number of people on duty."""
        return len(self.there)

    def n_new(self, n: int) -> int:
        """Return the number of new members among `n` people on duty."""
        return max(0, n - self.least - len(self.planned))

    def known(self, n: int) -> set[str]:
        """Return the extension numbers of the existing members among `n` people on duty."""
        return {*self.there, *self.planned[: max(0, n - self.least)]}

    def sized(self, n: int) -> Scenario:
        """Return the scenario with `n` people on duty all the time, and no other members."""
        found = _with_new(self.scenario, self.group, self.n_new(n), self.template)
        known, old = self.known(n), len(self.scenario.group(self.group).members)
        numbers = [member.extension_number for member in found.group(self.group).members]
        kept = [number for number in numbers[:old] if number in known] + numbers[old:]
        return with_duty(_with_only(found, self.group, kept), dict.fromkeys(kept))


def interval_pool_of(pool: MemberPool, stretch: Scenario, start: float, end: float) -> IntervalPool:
    """Return the pool of the interval from `start` to `end` [s] of a pool's scenario.

    `stretch` is the steady scenario of the interval. The people on duty in it are those on
    duty at the middle of the interval.
    """
    numbers = [member.extension_number for member in pool.scenario.group(pool.group).members]
    shared = shared_members(pool.scenario, pool.group)
    there = tuple(number for number in numbers if number in shared and stretch.duty(number) is None)
    planned = tuple(
        number
        for number in numbers
        if number not in shared and covers(pool.scenario.duty(number), start, end)
    )
    known = len(there) + len(planned)
    most = min(pool.max_members, known) if pool.is_closed else pool.max_members
    return IntervalPool(stretch, pool.group, pool.template, there, planned, max(most, len(there)))


def staffed(
    pool: MemberPool, intervals: Sequence[IntervalPool], counts: Sequence[int], width: float
) -> Scenario:
    """Return the scenario with the given number of people on duty in each interval.

    `width` is the length of the intervals [s]. The last interval has no end.
    """
    pairs = list(zip(intervals, counts, strict=True))
    new = [interval.n_new(count) for interval, count in pairs]
    known = [interval.known(count) for interval, count in pairs]
    scenario = _with_new(pool.scenario, pool.group, max(new), pool.template)
    numbers = [member.extension_number for member in scenario.group(pool.group).members]
    old, shared = (
        len(pool.scenario.group(pool.group).members),
        shared_members(pool.scenario, pool.group),
    )
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


def shared_members(scenario: Scenario, group: str) -> set[str]:
    """Return the numbers of people who are members of another group."""
    others = (each for each in scenario.groups if each.extension_number != group)
    return {member.extension_number for each in others for member in each.members}


def _with_new(scenario: Scenario, group: str, n: int, template: str | None) -> Scenario:
    """Return the scenario with `n` new members in a group."""
    return with_members(scenario, group, len(scenario.group(group).members) + n, template)


def _with_only(scenario: Scenario, group: str, numbers: Sequence[str]) -> Scenario:
    """Return the scenario in which a group keeps only the members with the given numbers."""
    kept, found = set(numbers), scenario.group(group)
    members = [member for member in found.members if member.extension_number in kept]
    changed = found.replace(members=members)
    return scenario.replace(groups=[changed if each is found else each for each in scenario.groups])


def covers(duty: Sequence[Span] | None, start: float, end: float) -> bool:
    """Return whether a duty covers all of an interval; None is always on duty."""
    return duty is None or any(first <= start and end <= last for first, last in duty)


def _turns(is_there: Sequence[bool], width: float) -> list[Span]:
    """Return the spans of the intervals with a person on duty, adjacent ones merged.

    The last interval has no end.
    """
    spans: list[Span] = []
    for at, there in enumerate(is_there):
        end = (at + 1) * width if at + 1 < len(is_there) else math.inf
        if there and spans and spans[-1][1] == at * width:
            spans[-1] = (spans[-1][0], end)
        elif there:
            spans.append((at * width, end))
    return spans


def _common(duty: Sequence[Span] | None, spans: Sequence[Span]) -> list[Span]:
    """Return the intersection of two lists of spans; a duty of None is always."""
    if duty is None:
        return list(spans)
    common = ((max(a, c), min(b, d)) for a, b in duty for c, d in spans)
    return sorted((start, end) for start, end in common if start < end)
