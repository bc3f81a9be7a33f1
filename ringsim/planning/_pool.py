"""People who can be members of a group that is sized.

`MemberPool`
    A group's own members and new ones, or a list of candidates.
`pool_of`
    Make the pool of a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ringsim._checks import is_integer
from ringsim.errors import ConfigurationError
from ringsim.group import Member
from ringsim.scenario import Scenario, with_members
from ringsim.scenario._members import MOST_MEMBERS

__all__ = ["MemberPool", "pool_of"]

DEFAULT_MAX_MEMBERS = 100


@dataclass(frozen=True)
class MemberPool:
    """The people who can be members of a group.

    Attributes
    ----------
    scenario : Scenario
        The scenario; candidates, if given, have replaced the group's own members.
    group : str
        Number of the group.
    template : str or None
        Number of the person that new members are copied from; None for the last member.
    max_members : int
        Largest number of members.
    is_closed : bool
        Whether only candidates can be members, and no new people.
    """

    scenario: Scenario
    group: str
    template: str | None
    max_members: int
    is_closed: bool = False

    def sized(self, n: int) -> Scenario:
        """Return the scenario in which the group has the first `n` members."""
        return with_members(self.scenario, self.group, n, self.template)


def pool_of(
    scenario: Scenario,
    group: str,
    candidates: Sequence[str | Member] | None,
    template: str | None,
    max_members: int | None,
) -> MemberPool:
    """Return the pool of a group: its own members and new ones, or the candidates.

    Raises
    ------
    ConfigurationError
        If the group or template does not exist, a candidate is invalid, or `max_members` is
        not a valid number or exceeds the number of candidates.
    """
    scenario.group(group)
    if max_members is not None and (
        not is_integer(max_members) or not 1 <= max_members <= MOST_MEMBERS
    ):
        raise ConfigurationError(
            "max_members", f"must be a whole number from 1 to {MOST_MEMBERS}", max_members
        )
    if candidates is None:
        pool = MemberPool(
            scenario, group, template, DEFAULT_MAX_MEMBERS if max_members is None else max_members
        )
        pool.sized(0)
        return pool
    if template is not None:
        raise ConfigurationError("template", "must not be given beside candidates", template)
    listed = _with_candidates(scenario, group, candidates)
    count = len(listed.group(group).members)
    if count == 0:
        raise ConfigurationError("candidates", "must name somebody", candidates)
    if max_members is not None and max_members > count:
        raise ConfigurationError(
            "max_members", f"must be at most {count}, the candidates there are", max_members
        )
    return MemberPool(
        listed, group, None, count if max_members is None else max_members, is_closed=True
    )


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
