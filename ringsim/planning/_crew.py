"""Who may be members of a group that is sized.

`Crew`
    Somebody new each time, or candidates in order.
`with_duty`
    A scenario in which some people are on duty at other times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ringsim.checks import is_whole
from ringsim.errors import ConfigurationError
from ringsim.group import Member
from ringsim.planning._members import MOST_MEMBERS, with_members
from ringsim.scenario import Scenario
from ringsim.times import Span

__all__ = ["Crew", "crew_of", "with_duty"]

USUAL_MOST = 100  # members, unless said otherwise


@dataclass(frozen=True)
class Crew:
    """Who may be members of a group.

    Attributes
    ----------
    scenario : Scenario
        In which candidates, if there are any, are the group's members.
    group : str
        Number of the group.
    template : str or None
        Whom new members are like.
    most : int
        How many members at most.
    is_closed : bool
        Whether there are only candidates, and nobody new.
    """

    scenario: Scenario
    group: str
    template: str | None
    most: int
    is_closed: bool = False

    def sized(self, n: int) -> Scenario:
        """Return the scenario with so many members."""
        return with_members(self.scenario, self.group, n, self.template)


def crew_of(
    scenario: Scenario,
    group: str,
    candidates: Sequence[str | Member] | None,
    template: str | None,
    most: int | None,
) -> Crew:
    """Those that are asked for.

    Raises
    ------
    ConfigurationError
        When there is no such group or template, a candidate cannot be, or `most` is no number
        of members or more than there are candidates.
    """
    scenario.group(group)
    if most is not None and (not is_whole(most) or not 1 <= most <= MOST_MEMBERS):
        raise ConfigurationError("most", f"must be a whole number from 1 to {MOST_MEMBERS}", most)
    if candidates is None:
        crew = Crew(scenario, group, template, USUAL_MOST if most is None else most)
        crew.sized(0)
        return crew
    if template is not None:
        raise ConfigurationError("template", "must not be given beside candidates", template)
    listed = _with_candidates(scenario, group, candidates)
    count = len(listed.group(group).members)
    if count == 0:
        raise ConfigurationError("candidates", "must name somebody", candidates)
    if most is not None and most > count:
        raise ConfigurationError("most", f"must be at most {count}, the candidates there are", most)
    return Crew(listed, group, None, count if most is None else most, is_closed=True)


def with_duty(scenario: Scenario, duty: Mapping[str, Sequence[Span] | None]) -> Scenario:
    """The scenario with other spans of duty for some people, by their numbers; None is always."""
    listed = {person.extension_number: person for person in scenario.extensions}
    for number, spans in duty.items():
        listed[number] = scenario.extension(number).replace(on_duty=spans)
    return scenario.replace(extensions=list(listed.values()))


def _with_candidates(scenario: Scenario, group: str, candidates: Any) -> Scenario:
    found = scenario.group(group)
    try:
        listed = found.replace(members=candidates)
        return scenario.replace(
            groups=[listed if each is found else each for each in scenario.groups]
        )
    except ConfigurationError as wrong:
        place = scenario.groups.index(found)
        subject = wrong.subject.removeprefix(f"groups[{place}].").replace(
            "members", "candidates", 1
        )
        raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None
