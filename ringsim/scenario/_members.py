"""Members of a group: how many there are, and when they are on duty.

`with_members`
    A group of so many members, new ones like those that it has.
`with_duty`
    A scenario in which some people are on duty at other times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice

from ringsim._checks import is_integer
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import Member, RingGroup
from ringsim.scenario._duty import Span
from ringsim.scenario._people import Extension
from ringsim.scenario._scenario import Scenario

__all__ = ["with_duty", "with_members"]

MOST_MEMBERS = 10_000
LONGEST_PREFIX = 58  # of a new number, which has 64 digits at most


def with_members(scenario: Scenario, group: str, n: int, template: str | None = None) -> Scenario:
    """The scenario with `n` members in a group, in the configured order.

    Parameters
    ----------
    scenario : Scenario
        Which stays as it is.
    group : str
        Number of the group.
    n : int
        How many members: the first of those that it has; when these are too few, new ones
        follow.
    template : str, optional
        Number of the person that new members are like: in skill level, habits, duty and own
        calls, not in what they draw. The last member, unless given; without any, `Extension`
        has the defaults.

    Returns
    -------
    Scenario
        New members have free numbers, the group's with two digits more. They are the same
        people whatever `n` is, so that sizes can be compared on the same random numbers. Who
        is no member any more is still listed, and may be one of another group.

    Raises
    ------
    ConfigurationError
        When there is no such group or person, or `n` is no whole number from 0 to 10000.

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
    numbers = list(islice(_free_numbers(scenario, group), max(0, n - len(found.members))))
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


def _free_numbers(scenario: Scenario, group: str) -> Iterator[str]:
    """Numbers of new members: nobody's, no group's, and none that a rule forwards to."""
    forwards = (each.no_answer_forward_rule.number for each in scenario.groups)
    taken = {*scenario.group_numbers, *scenario.extension_numbers, *forwards}
    numbers = (f"{group[:LONGEST_PREFIX]}{place:02d}" for place in count(1))
    return (number for number in numbers if number not in taken)


def _template(scenario: Scenario, group: RingGroup, number: str | None) -> tuple[Member, Extension]:
    """Who new members are like."""
    seats = {member.extension_number: member for member in group.members}
    if number is None:
        number = next(reversed(seats), None)
    elif number not in scenario.extension_numbers:
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
    """The scenario with other spans of duty for some people, by their numbers; None is always."""
    listed = {person.extension_number: person for person in scenario.extensions}
    for number, spans in duty.items():
        listed[number] = scenario.extension(number).replace(on_duty=spans)
    return scenario.replace(extensions=list(listed.values()))
