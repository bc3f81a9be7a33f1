"""Changes of a scenario's settings, given by path.

`changed`
    Returns a scenario with new values at paths such as `groups.600.ring_time`.

All settings are changed together before the scenario is validated, so that their order does
not matter, even if two new values are only valid together. Two shorthand paths are not fields
and are applied last: `scale` of demand and `n_members` of a group.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from ringsim._model import Record
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import RingGroup
from ringsim.rules import Rules
from ringsim.scenario._away import Away
from ringsim.scenario._change_paths import full_paths, path_as_given
from ringsim.scenario._demand import Demand
from ringsim.scenario._extension import Extension
from ringsim.scenario._implied_group import implied_group
from ringsim.scenario._members import with_members
from ringsim.scenario._redial import Redial
from ringsim.scenario._scenario import Scenario, check_scenario

__all__ = ["changed"]

R = TypeVar("R", bound=Record)
NESTED: dict[str, type[Record]] = {"away": Away, "redial": Redial}  # other records: `Demand`


@dataclass(frozen=True)
class _Value:
    """The new value of a setting; a leaf of a `Tree`."""

    value: Any


Tree: TypeAlias = "dict[str, _Value | Tree]"


def changed(scenario: Scenario, changes: Mapping[str, Any], group: str | None = None) -> Scenario:
    """Return the scenario with some settings changed, validated like a new one.

    Parameters
    ----------
    scenario : Scenario
        The original, which is not modified.
    changes : dict of str to object
        Values by path: `groups.600.ring_time`, `groups.600.no_answer_forward_rule.action`,
        `groups.600.members`, `groups.600.members.203.skill_level`, `demand.600.talk_time`,
        `extensions.201.answer_probability`, `extensions.201.own_calls.calls_per_hour`,
        `extensions.201.away.lasting`, `demand.600.redial.probability`,
        `hours`, and likewise every field of a record. A person or a demand that does not
        exist is added. `demand.600.scale` multiplies the calls per hour of one group,
        `demand.scale` those of all groups. `groups.600.n_members` sets the number of
        members, as `with_members` does.
    group : str, optional
        Number of a group whose paths may be shortened, such as `ring_time`; by default the
        only group, if there is one.

    Raises
    ------
    ConfigurationError
        If a path does not exist or a value is invalid. The message names the path as it was
        given.

    Examples
    --------
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=40, talk_time=180)}
    >>> office = Scenario(groups=[sales], demand=demand)
    >>> busier = changed(office, {"demand.600.scale": 1.5, "groups.600.ring_time": 15})
    >>> busier.demand["600"].calls_per_hour, busier.group("600").ring_time
    (60.0, 15)
    >>> changed(office, {"ring_time": -1}, group="600")
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: ring_time must be from 0 to 2147483647 seconds, got -1.
    """
    check_scenario(scenario)
    if not isinstance(changes, Mapping):
        raise ConfigurationError("changes", "must be a table of values by path", changes)
    group = implied_group(scenario, group)
    written = full_paths(scenario, changes, group)
    values = {full: changes[path] for full, path in written.items()}
    try:
        return _changed(scenario, values)
    except ConfigurationError as wrong:
        subject = path_as_given(wrong.subject, written, group)
        raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None


def _changed(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return the scenario with new values at full paths; errors name full paths."""
    last = {path: values[path] for path in values if path.endswith((".scale", ".n_members"))}
    tree: Tree = {}
    for path, value in values.items():
        if path not in last:
            _insert(tree, path.split("."), value)
    result = _replaced(scenario, tree, "")
    _check_people(scenario, result, tree.get("extensions"))
    for path, value in last.items():
        try:
            result = _expand_shorthand(result, path.split("."), value)
        except ConfigurationError as wrong:
            raise ConfigurationError(path, wrong.constraint, wrong.got, wrong.hint) from None
    return result


def _insert(tree: Tree, steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})  # type: ignore[assignment]
    tree[steps[-1]] = _Value(value)


def _replaced(record: R, tree: Tree, path: str) -> R:
    fields = {
        name: _changed_value(_own(record, name), inner, f"{path}.{name}".removeprefix("."))
        for name, inner in tree.items()
    }
    try:
        return record.replace(**fields)
    except ConfigurationError as wrong:
        if isinstance(record, Scenario):
            raise _by_number(wrong, vars(record) | fields, tree) from None
        raise wrong.inside(path) from None


def _own(record: Record, name: str) -> Any:
    """Return a field of a record; of the rules of a group, those that it sets itself."""
    if isinstance(record, RingGroup) and name == "rules":
        return record.own_rules
    return getattr(record, name)


def _changed_value(old: Any, tree: _Value | Tree, path: str) -> Any:
    """Return the new value of a field of a record, whose old value may be a nested record."""
    if isinstance(tree, _Value):
        return tree.value
    if isinstance(old, Rules):  # the group checks them together with those of its preset
        return {**old.given(), **{name: _changed_value(None, tree[name], "") for name in tree}}
    if isinstance(old, Record):
        return _replaced(old, tree, path)
    if isinstance(old, tuple):
        records = {record.extension_number: record for record in old}
        for number, inner in tree.items():
            person = records.get(number) or Extension(number)
            records[number] = _changed_value(person, inner, f"{path}.{number}")
        return tuple(records.values())
    if isinstance(old, Mapping):
        made = {
            number: _changed_value(old.get(number), tree[number], f"{path}.{number}")
            for number in tree
        }
        return {**old, **made}
    try:
        kind: type[Record] = NESTED.get(path.rsplit(".", 1)[-1], Demand)
        return kind(**{name: _changed_value(None, inner, "") for name, inner in tree.items()})
    except ConfigurationError as wrong:
        raise wrong.inside(path) from None


def _by_number(
    wrong: ConfigurationError, fields: Mapping[str, Any], tree: Tree
) -> ConfigurationError:
    """Replace an index by a number in an error: `groups[0].members` by `groups.600.members`.

    The index stays if the user gave the whole list, because it then refers to that list.
    """
    match = re.match(r"(groups|extensions)\[(\d+)\]", wrong.subject)
    if match is None or isinstance(tree.get(match[1]), _Value):
        return wrong
    record = fields[match[1]][int(match[2])]
    subject = f"{match[1]}.{record.extension_number}{wrong.subject[match.end() :]}"
    return ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint)


def _check_people(old: Scenario, new: Scenario, tree: _Value | Tree | None) -> None:
    """Check that each added person is a member of a group; otherwise the number is a typo."""
    members = {member.extension_number for group in new.groups for member in group.members}
    for number in tree if isinstance(tree, dict) else ():
        if number not in members and number not in old.extension_numbers:
            raise ConfigurationError(
                f"extensions.{number}",
                "must be a person of the scenario",
                hint=did_you_mean(number, sorted(members)),
            )


def _expand_shorthand(scenario: Scenario, steps: list[str], value: Any) -> Scenario:
    """Return the scenario with a new `n_members` or `scale`, which are not fields."""
    if steps[-1] == "n_members":
        return with_members(scenario, steps[1], value)
    numbers = list(scenario.demand) if len(steps) == 2 else [steps[1]]
    if not scenario.demand.keys() & numbers:
        raise ConfigurationError("", "must scale existing demand, and there is none", value)
    scaled = {number: scenario.demand[number].scaled(value) for number in numbers}
    return scenario.replace(demand={**scenario.demand, **scaled})
