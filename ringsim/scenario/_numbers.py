"""Check that extension numbers of a scenario are unambiguous."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ringsim._model import check_listed_once
from ringsim.errors import ConfigurationError
from ringsim.group import RingGroup
from ringsim.scenario._extension import Extension

__all__ = ["check_numbers"]


def check_numbers(groups: Sequence[RingGroup], people: Sequence[Extension]) -> None:
    """Check that each extension number belongs to one group or to one person only.

    Raises
    ------
    ConfigurationError
        If a group has no number, or a number belongs to two of them.
    """
    numbers: set[str] = set()
    for place, group in enumerate(groups):
        subject = f"groups[{place}].extension_number"
        if not group.extension_number:
            raise ConfigurationError(subject, "must be given")
        if group.extension_number in numbers:
            raise ConfigurationError(
                subject, "must differ from those of other groups", group.extension_number
            )
        numbers.add(group.extension_number)
    for subject, number in _people(groups, people):
        if number in numbers:
            raise ConfigurationError(
                subject, "must be a person's number, not a ring group's", number
            )
    check_listed_once("extensions", (each.extension_number for each in people))


def _people(groups: Sequence[RingGroup], people: Sequence[Extension]) -> Iterator[tuple[str, str]]:
    """Yield the path and the number of each member and each person."""
    for place, group in enumerate(groups):
        for seat, member in enumerate(group.members):
            yield f"groups[{place}].members[{seat}].extension_number", member.extension_number
    for place, extension in enumerate(people):
        yield f"extensions[{place}].extension_number", extension.extension_number
