"""Paths of a scenario's settings, such as `groups.600.ring_time`, full and as a user gives them.

`NoGroupNamedError`
    Raised for a setting of a group without the group's number.
`full_paths`
    Return the full paths of some changes.
`example_paths`
    Return an example of a path for each name of a setting.
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

__all__ = ["NoGroupNamedError", "example_paths", "full_paths", "path_as_given"]


def _fields(kind: type[Record], start: str = "") -> Iterator[str]:
    return (f"{start}.{name}" for name in kind.model_fields if name != "extension_number")


# Ends of paths, after the number of a group, a member or a person
OF_GROUP = (
    *_fields(RingGroup),
    ".n_members",
    *_fields(NoAnswerForwardRule, ".no_answer_forward_rule"),
    *_fields(Rules, ".rules"),
)
OF_MEMBER = (*_fields(Member),)
OF_DEMAND = ("", ".scale", *_fields(Demand), *_fields(Redial, ".redial"))
OF_PERSON = (*_fields(Extension), *_fields(Demand, ".own_calls"), *_fields(Away, ".away"))


def example_paths() -> dict[str, str]:
    """Return a path by the name of its setting, which is the last part of the path.

    A setting of a group has its short path; the other paths are of group 600 and person 201. If
    several settings have a name, the path is that of the scenario or the group.

    Examples
    --------
    >>> paths = example_paths()
    >>> paths["ring_time"], paths["opens_at"], paths["wrap_up_time"]
    ('ring_time', 'opens_at', 'demand.600.wrap_up_time')
    """
    paths = [
        *Scenario.model_fields,
        *(end.removeprefix(".") for end in OF_GROUP),
        *(f"demand.600{end}" for end in OF_DEMAND if end),
        *(f"groups.600.members.201{end}" for end in OF_MEMBER),
        *(f"extensions.201{end}" for end in OF_PERSON),
    ]
    return {path.rpartition(".")[2]: path for path in reversed(paths)}


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
    written: dict[str, str] = {}
    for path in changes:
        full = _full_path(scenario, path, group)
        if full is None:
            raise _no_setting(scenario, changes, path, group)
        if full in written:
            raise ConfigurationError(path, f"must not be given beside {written[full]}")
        written[full] = path
    for (full, path), (other, part) in permutations(written.items(), 2):
        if other.startswith(f"{full}."):
            raise ConfigurationError(
                part, f"must not be given beside {path}, which it is a part of"
            )
    return written


def _full_path(scenario: Scenario, path: str, group: str | None) -> str | None:
    """Return the full path of a setting; None if it does not exist."""
    if _exists(scenario, path):
        return path
    long = f"groups.{group}.{path}"
    may_be_short = group is not None and isinstance(path, str)
    return long if may_be_short and _exists(scenario, long) else None


def _no_setting(
    scenario: Scenario, changes: Mapping[str, Any], path: object, group: str | None
) -> ConfigurationError:
    """Return the error for a path that does not exist."""
    for number in scenario.group_numbers:
        full_path = f"groups.{number}.{path}"
        if _exists(scenario, full_path):
            error = NoGroupNamedError(
                str(path),
                f"must say which of the {len(scenario.groups)} groups it is for",
                hint=f"Write {full_path}, or add group={number!r}.",
            )
            error.full_path = full_path
            return error
    paths, start = list(_paths(scenario, changes)), f"groups.{group}."
    short = [each.removeprefix(start) for each in paths if each.startswith(start)]
    known = dict.fromkeys([*short, *paths])
    return ConfigurationError(
        str(path),
        "must be the path of a setting",
        hint=did_you_mean(path, _without_other_groups(known, scenario, group))
        or "Paths are such as groups.600.ring_time, demand.600.talk_time or hours.",
    )


def _exists(scenario: Scenario, path: object) -> bool:
    """Return whether a full path is that of a setting, perhaps of a person to be added."""
    if not isinstance(path, str) or "." not in path:
        return path in Scenario.model_fields
    kind, number, *inner = path.split(".")
    end = path.removeprefix(f"{kind}.{number}")
    if kind == "groups" and number in scenario.group_numbers:
        of_member = len(inner) == 3 and inner[0] == "members" and f".{inner[2]}" in OF_MEMBER
        return end in OF_GROUP or (of_member and _has_member(scenario, number, inner[1]))
    if kind == "demand":
        return path == "demand.scale" or (number in scenario.group_numbers and end in OF_DEMAND)
    if kind == "extensions":
        may_be_added = re.fullmatch("[0-9]{3,64}", number) is not None
        return end in OF_PERSON and (may_be_added or number in scenario.extension_numbers)
    return False


def _has_member(scenario: Scenario, group: str, number: str) -> bool:
    return any(member.extension_number == number for member in scenario.group(group).members)


def _paths(scenario: Scenario, changes: Mapping[str, Any]) -> Iterator[str]:
    """Yield the full paths of all settings, including those of people that changes add.

    To find a path among them took a third of the time of a change (measured): see `_exists`.
    """
    yield from Scenario.model_fields
    yield "demand.scale"
    for group in scenario.groups:
        start = f"groups.{group.extension_number}"
        yield from (start + end for end in OF_GROUP)
        for member in group.members:
            yield from (f"{start}.members.{member.extension_number}{end}" for end in OF_MEMBER)
        yield from (f"demand.{group.extension_number}{end}" for end in OF_DEMAND)
    added = (re.match(r"extensions\.([0-9]{3,64})\.", str(path)) for path in changes)
    numbers = (match[1] for match in added if match)
    for number in dict.fromkeys([*scenario.extension_numbers, *numbers]):
        yield from (f"extensions.{number}{end}" for end in OF_PERSON)


def _without_other_groups(paths: Iterable[str], scenario: Scenario, group: str | None) -> list[str]:
    """Return the paths without those of groups other than `group`; all paths if it is None."""
    numbers = [number for number in scenario.group_numbers if group not in (None, number)]
    others = tuple(f"{kind}.{number}." for kind in ("groups", "demand") for number in numbers)
    return [path for path in paths if not path.startswith(others)]


def path_as_given(subject: str, written: Mapping[str, str], group: str | None) -> str:
    """Return the subject of an error with the path that the user gave."""
    for full, path in written.items():
        if re.match(rf"{re.escape(full)}([.\[]|$)", subject):
            return path + subject.removeprefix(full)
    if any(full != path for full, path in written.items()):
        return subject.removeprefix(f"groups.{group}.")
    return subject
