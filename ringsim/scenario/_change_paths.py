"""Paths of a scenario's settings, such as `groups.600.ring_time`, full and as a user gives them.

`NoGroupNamedError`
    Raised for a setting of a group without the group's number.
`full_paths`
    Return the full paths of some changes.
`path_as_given`
    Return the subject of an error with the path that the user gave.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from typing import Any

from ringsim._model import Record
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import Member, NoAnswerForwardRule, RingGroup
from ringsim.rules import Rules
from ringsim.scenario._away import Away
from ringsim.scenario._demand import Demand
from ringsim.scenario._extension import Extension
from ringsim.scenario._redial import Redial
from ringsim.scenario._scenario import Scenario

__all__ = ["NoGroupNamedError", "full_paths", "path_as_given"]


class NoGroupNamedError(ConfigurationError):
    """A setting of a group without the group's number, in a scenario of several groups.

    Attributes
    ----------
    full_path : str
        The path with the number of the first group that it could be for.
    """

    full_path = ""


def full_paths(scenario: Scenario, changes: Mapping[str, Any], group: str | None) -> dict[str, str]:
    """Return the paths as given, keyed by their full paths.

    Raises
    ------
    ConfigurationError
        If a path does not exist, is given twice, or is a part of another given path.
    """
    known = {path: path for path in _paths(scenario, changes)}
    if group is not None:
        start = f"groups.{group}."
        short = {path.removeprefix(start): path for path in known if path.startswith(start)}
        known = short | known
    written: dict[str, str] = {}
    for path in changes:
        if path not in known:
            _check_names_a_group(path, known, scenario)
            raise ConfigurationError(
                str(path),
                "must be the path of a setting",
                hint=did_you_mean(path, _without_other_groups(known, scenario, group))
                or "Paths are such as groups.600.ring_time, demand.600.talk_time or hours.",
            )
        if known[path] in written:
            raise ConfigurationError(path, f"must not be given beside {written[known[path]]}")
        written[known[path]] = path
    for (full, path), (other, part) in permutations(written.items(), 2):
        if other.startswith(f"{full}."):
            raise ConfigurationError(
                part, f"must not be given beside {path}, which it is a part of"
            )
    return written


def _check_names_a_group(path: object, known: Iterable[str], scenario: Scenario) -> None:
    """Raise `ConfigurationError` if a path is that of a group, without the group's number."""
    for number in scenario.group_numbers:
        if f"groups.{number}.{path}" in known:
            full_path = f"groups.{number}.{path}"
            error = NoGroupNamedError(
                str(path),
                f"must say which of the {len(scenario.groups)} groups it is for",
                hint=f"Write {full_path}, or add group={number!r}.",
            )
            error.full_path = full_path
            raise error


def _paths(scenario: Scenario, changes: Mapping[str, Any]) -> Iterator[str]:
    """Yield the full paths of all settings, including those of people that changes add."""
    yield from Scenario.model_fields
    yield "demand.scale"
    for group in scenario.groups:
        start = f"groups.{group.extension_number}"
        yield from _fields(RingGroup, start)
        yield f"{start}.n_members"
        yield from _fields(NoAnswerForwardRule, f"{start}.no_answer_forward_rule")
        yield from _fields(Rules, f"{start}.rules")
        for member in group.members:
            yield from _fields(Member, f"{start}.members.{member.extension_number}")
        yield f"demand.{group.extension_number}"
        yield f"demand.{group.extension_number}.scale"
        yield from _fields(Demand, f"demand.{group.extension_number}")
        yield from _fields(Redial, f"demand.{group.extension_number}.redial")
    added = (re.match(r"extensions\.([0-9]{3,64})\.", str(path)) for path in changes)
    numbers = (match[1] for match in added if match)
    for number in dict.fromkeys([*scenario.extension_numbers, *numbers]):
        yield from _fields(Extension, f"extensions.{number}")
        yield from _fields(Demand, f"extensions.{number}.own_calls")
        yield from _fields(Away, f"extensions.{number}.away")


def _without_other_groups(paths: Iterable[str], scenario: Scenario, group: str | None) -> list[str]:
    """Return the paths without those of groups other than `group`; all paths if it is None."""
    numbers = [number for number in scenario.group_numbers if group not in (None, number)]
    others = tuple(f"{kind}.{number}." for kind in ("groups", "demand") for number in numbers)
    return [path for path in paths if not path.startswith(others)]


def _fields(kind: type[Record], start: str) -> Iterator[str]:
    return (f"{start}.{name}" for name in kind.model_fields if name != "extension_number")


def path_as_given(subject: str, written: Mapping[str, str], group: str | None) -> str:
    """Return the subject of an error with the path that the user gave."""
    for full, path in written.items():
        if re.match(rf"{re.escape(full)}([.\[]|$)", subject):
            return path + subject.removeprefix(full)
    if any(full != path for full, path in written.items()):
        return subject.removeprefix(f"groups.{group}.")
    return subject
