"""Check that extension numbers of a scenario are unambiguous."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ringsim._model import check_listed_once
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.scenario._scenario import Scenario

__all__ = ["check_numbers"]


def check_numbers(scenario: Scenario) -> None:
    """Check that each extension number belongs to one group or to one person only.

    Raises
    ------
    ConfigurationError
        If a group has no number, or a number belongs to two of them.
    """
    groups: set[str] = set()
    for place, group in enumerate(scenario.groups):
        subject = f"groups[{place}].extension_number"
        if not group.extension_number:
            raise ConfigurationError(subject, "must be given")
        if group.extension_number in groups:
            raise ConfigurationError(
                subject, "must differ from those of other groups", group.extension_number
            )
        groups.add(group.extension_number)
    for subject, number in _people(scenario):
        if number in groups:
            raise ConfigurationError(
                subject, "must be a person's number, not a ring group's", number
            )
    check_listed_once("extensions", (each.extension_number for each in scenario.extensions))


def _people(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for place, group in enumerate(scenario.groups):
        for seat, member in enumerate(group.members):
            yield f"groups[{place}].members[{seat}].extension_number", member.extension_number
    for place, extension in enumerate(scenario.extensions):
        yield f"extensions[{place}].extension_number", extension.extension_number
