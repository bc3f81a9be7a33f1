"""Scenario from a file and options.

A scenario file is complete, and options replace its values. A ring group exported from a PBX
lacks callers, and often its members, which the PBX keeps elsewhere: options add them, and notes
say what is still missing. Configuration files of other PBXs are read as `ringsim import` does.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ringsim import _files
from ringsim._spelling import meant
from ringsim.cli._demand import demand_of
from ringsim.cli._known_abandonment import abandoning, with_abandonment
from ringsim.cli._options import ScenarioOptions
from ringsim.cli._per_group import per_group
from ringsim.cli._settings import members_in, with_settings
from ringsim.errors import ConfigurationError
from ringsim.group import Member, MemberList, RingGroup, read_page
from ringsim.scenario import Scenario, changed, example_text, forwarded_to

__all__ = ["is_scenario", "scenario_from", "with_scenario_options"]

SCENARIO_FIELDS = ("groups", "demand", "extensions", "hours", "opens_at")
OF_OTHERS = (".conf", ".csv", ".sql", ".tsv", ".xml")  # configurations of other PBXs
STAND_INS = [str(number) for number in range(600, 1000)]  # numbers for groups without one


def scenario_from(source: ScenarioOptions) -> tuple[Scenario, list[str]]:
    """Return the scenario of a file with the options applied, and notes on missing data.

    Raises
    ------
    ConfigurationError
        If the file or an option is invalid; errors in a file begin with its name.
    """
    scenario, notes, told = _read(source)
    scenario = _with_presets(with_scenario_options(scenario, source), source.preset or ())
    scenario = with_settings(scenario, source)
    if source.day is not None:
        try:
            scenario = scenario.on(source.day)
        except ConfigurationError as wrong:
            raise ConfigurationError("--day", wrong.constraint, wrong.got, wrong.hint) from None
    share = abandoning(source.patience)
    if share is not None:
        scenario, of_patience = with_abandonment(scenario, share)
        notes = [*notes, *of_patience]
    for note in (*told, *scenario.notes):
        sys.stderr.write(f"{note}\n")
    return scenario, [*notes, *_what_is_missing(scenario)]


def _read(source: ScenarioOptions) -> tuple[Scenario, list[str], list[str]]:
    """Return the scenario of a file of any kind, notes on it, and texts for standard error."""
    file = source.file
    if source.queue or (file is not None and not file.endswith(".toml")):
        from ringsim.cli._pbx_files import imported_from

        if (imported := imported_from(source)) is not None:
            return imported
    if file is None or Path(file).suffix not in OF_OTHERS:
        return *_parsed(source), []
    try:
        return *_parsed(source), []
    except ConfigurationError as wrong:
        hint = f"`ringsim import {file} --format NAME` reads the configuration of a phone system."
        raise ConfigurationError(wrong.subject, wrong.constraint, wrong.got, hint) from None


def _parsed(source: ScenarioOptions) -> tuple[Scenario, list[str]]:
    """Return the scenario of a file of ringsim or of PortSIP, and notes on what it lacks."""
    file, name = source.file, source.file or "my-office.toml"
    data = _files.parse(example_text(), name) if file is None else _files.read(file)
    try:
        if is_scenario(data):
            return Scenario.from_file(data), []
        groups, notes = _groups(data, source)
        return Scenario(groups=groups), notes
    except ConfigurationError as wrong:
        raise wrong.in_file(name) from None


def is_scenario(data: Any) -> bool:
    """Return whether parsed data are a scenario, even misspelt, and not an exported group."""
    return isinstance(data, Mapping) and any(
        key in SCENARIO_FIELDS or meant(key, SCENARIO_FIELDS)
        for key in data.keys() - RingGroup.model_fields.keys()
    )


def _groups(data: Any, source: ScenarioOptions) -> tuple[list[RingGroup], list[str]]:
    """Return the groups of an exported file, and notes; groups without a number get one."""
    page = read_page(data)
    if not page.items:
        raise ConfigurationError("", "must hold at least one ring group")
    taken = {group.extension_number for group in page.items} | _numbers_in(source)
    free = (number for number in STAND_INS if number not in taken)
    groups, notes = [], list(page.page_notes)
    for group in page.items:
        numbered = group
        if not group.extension_number:
            numbered = group.replace(extension_number=next(free))
            notes.append(
                f"The record has no extension_number: {numbered.extension_number} stands in."
            )
        groups.append(numbered)
    return groups, notes


def _numbers_in(source: ScenarioOptions) -> set[str]:
    """Return the numbers of people in the options, which no group may have."""
    listed = [part.strip() for text in source.members or () for part in _given(text).split(",")]
    paths = [_given(text) for text in source.agents or () if _given(text) != "-"]
    members = [each.extension_number for path in paths for each in _agents(path)]
    return {*listed, *members, *members_in(source)}


def _given(text: str) -> str:
    """Return the value of an option that may name its group, as in `600=201,202`."""
    return text.rpartition("=")[2]


def with_scenario_options(scenario: Scenario, source: ScenarioOptions) -> Scenario:
    """Return the scenario with members, demand and hours from the options."""
    numbers = scenario.group_numbers
    changes: dict[str, tuple[Member, ...]] = {}
    for number, path in per_group("--agents", source.agents or (), numbers).items():
        changes[number] = _agents(path)
    for number, listed in per_group("--members", source.members or (), numbers).items():
        try:
            changes[number] = RingGroup(
                members=[part.strip() for part in listed.split(",")]
            ).members
        except ConfigurationError as wrong:
            of_group = f"{number}=" if len(numbers) > 1 else ""
            hint = f"Write --members {of_group}201,202." if "digits" in wrong.constraint else ""
            raise ConfigurationError("--members", wrong.constraint, wrong.got, hint) from None
    groups = [
        group.replace(members=list(changes[group.extension_number]))
        if group.extension_number in changes
        else group
        for group in scenario.groups
    ]
    hours = {} if source.hours is None else {"hours": source.hours}
    return scenario.replace(groups=groups, demand=demand_of(scenario, source), **hours)


def _with_presets(scenario: Scenario, texts: Sequence[str]) -> Scenario:
    """Return the scenario with the presets of `--preset NAME` or `--preset 600=NAME`."""
    numbers = scenario.group_numbers
    if len(texts) == 1 and "=" not in texts[0]:
        chosen = dict.fromkeys(numbers, texts[0])
    else:
        chosen = per_group("--preset", texts, numbers)
    try:
        return changed(
            scenario, {f"groups.{number}.preset": name for number, name in chosen.items()}
        )
    except ConfigurationError as wrong:
        if not wrong.subject.endswith(".preset"):
            raise
        raise ConfigurationError("--preset", wrong.constraint, wrong.got, wrong.hint) from None


def _agents(path: str) -> tuple[Member, ...]:
    data = _files.read(path)
    try:
        if isinstance(data, list):
            data = {"items": data}
        if not isinstance(data, Mapping):
            return MemberList.from_api(data).items
        return MemberList(**data).items
    except ConfigurationError as wrong:
        raise wrong.in_file(path) from None


def _what_is_missing(scenario: Scenario) -> list[str]:
    """Return a sentence for each group without members or callers, with the option to give."""
    has_forwarded = forwarded_to(scenario)
    notes = []
    several = len(scenario.groups) > 1
    for group in scenario.groups:
        number = group.extension_number
        of_group = f"{number}=" if several else ""
        if not group.members:
            notes.append(
                f"Group {number} has no members: every call overflows at once. "
                f"Give --members {of_group}201,202 or --agents {of_group}FILE."
            )
        if number not in has_forwarded and not scenario.expected_calls(number):
            notes.append(
                f"Nobody calls group {number}. "
                f"Give --calls-per-hour {of_group}40 --talk-time 180, for instance."
            )
    return notes
