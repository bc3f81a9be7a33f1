"""Changes to the number of members of a group, and to spans of duty.

`with_members`
    Returns a scenario in which a group has another number of members.
`free_numbers`
    Yields numbers that nobody has.
`with_duty`, `with_daily_duty`
    Return a scenario in which some people have other spans of duty, the same or by weekday.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any

from ringsim._checks import is_integer
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import Member, RingGroup
from ringsim.scenario._duty import Span
from ringsim.scenario._extension import Extension
from ringsim.scenario._scenario import Scenario

__all__ = ["free_numbers", "with_daily_duty", "with_duty", "with_members"]

MOST_MEMBERS = 10_000
ALL_DAY = ((0.0, math.inf),)
LONGEST_PREFIX = 58  # digits; a new number has at most 64


def with_members(scenario: Scenario, group: str, n: int, template: str | None = None) -> Scenario:
    """Return the scenario with `n` members in a group, in the configured order.

    Parameters
    ----------
    scenario : Scenario
        The original, which is not modified.
    group : str
        Number of the group.
    n : int
        Number of members. The first `n` of the present members stay; if there are fewer, new
        members are appended.
    template : str, optional
        Number of the person whose skill level, answer behaviour, duty and own calls new
        members copy. They draw random numbers of their own. Default: the last member; in an
        empty group, the defaults of `Extension`.

    Returns
    -------
    Scenario
        New members get unused numbers, made of the group's number and two more digits. The
        numbers do not depend on `n`, so that sizes are compared on the same random numbers. A
        removed member is still listed, and may be a member of another group.

    Raises
    ------
    ConfigurationError
        If the group or the person does not exist, or `n` is not an integer from 0 to 10000.

    Examples
    --------
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> office = with_members(Scenario(groups=[sales]), "600", 4)
    >>> [member.extension_number for member in office.group("600").members]
    ['201', '202', '60001', '60002']
    """
    found = scenario.group(group)
    if not is_integer(n) or not 0 <= n <= MOST_MEMBERS:
        raise ConfigurationError("n_members", f"must be a whole number from 0 to {MOST_MEMBERS}", n)
    numbers = list(islice(free_numbers(scenario, group), max(0, n - len(found.members))))
    seat, person = _template(scenario, found, template)
    members = (
        *found.members[:n],
        *(seat.replace(extension_number=number) for number in numbers),
    )
    people = (person.replace(extension_number=number) for number in numbers)
    return scenario.replace(
        groups=[
            found.replace(members=members) if each is found else each for each in scenario.groups
        ],
        extensions=[*scenario.extensions, *people],
    )


def free_numbers(scenario: Scenario, group: str) -> Iterator[str]:
    """Yield numbers for new members that no person, group or no-answer rule uses."""
    forwards = (each.no_answer_forward_rule.number for each in scenario.groups)
    taken = {*scenario.group_numbers, *scenario.extension_numbers, *forwards}
    numbers = (f"{group[:LONGEST_PREFIX]}{suffix:02d}" for suffix in count(1))
    return (number for number in numbers if number not in taken)


def _template(scenario: Scenario, group: RingGroup, number: str | None) -> tuple[Member, Extension]:
    """Return the member and the person that new members are copies of."""
    seats = {member.extension_number: member for member in group.members}
    if number is None:
        number = next(reversed(seats), None)
    elif not isinstance(number, str) or number not in scenario.extension_numbers:
        raise ConfigurationError(
            "template",
            "must be the number of a person of the scenario",
            number,
            did_you_mean(number, scenario.extension_numbers),
        )
    if number is None:
        nobody = f"{group.extension_number[:LONGEST_PREFIX]}00"
        return Member(nobody), Extension(nobody)
    return seats.get(number) or Member(number), scenario.extension(number)


def with_duty(scenario: Scenario, duty: Mapping[str, Sequence[Span] | None]) -> Scenario:
    """Return the scenario with new spans of duty [s], by extension number; None means always."""
    listed = {person.extension_number: person for person in scenario.extensions}
    for number, spans in duty.items():
        listed[number] = scenario.extension(number).replace(on_duty=spans)
    return scenario.replace(extensions=list(listed.values()))


def with_daily_duty(
    scenario: Scenario, duty: Mapping[str, Mapping[str, Sequence[Span] | None]]
) -> Scenario:
    """Return the scenario with new spans of duty [s], by extension number and weekday.

    None means all day.
    """
    found: dict[str, Any] = {}
    for number, by_day in duty.items():
        always = all(each is None for each in by_day.values())
        spans = {day: ALL_DAY if each is None else each for day, each in by_day.items()}
        found[number] = None if always else spans
    return with_duty(scenario, found)
