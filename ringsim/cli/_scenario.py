"""Scenario from a file and options.

A scenario file is complete, and options replace its values. A ring group exported from a PBX
lacks callers, and often its members, which the PBX keeps elsewhere: options add them, and notes
say what is still missing. Configuration files of other PBXs are read as `ringsim import` does.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from ringsim import _files
from ringsim._spelling import meant
from ringsim.cli._durations import distribution_option
from ringsim.cli._known_abandonment import abandoning, with_abandonment
from ringsim.cli._options import ScenarioOptions
from ringsim.cli._redial import with_redials
from ringsim.errors import ConfigurationError
from ringsim.group import Member, MemberList, RingGroup, read_page
from ringsim.scenario import Demand, Scenario, changed, example_text, forwarded_to
from ringsim.scenario._demand import ARRIVALS

__all__ = ["per_group", "scenario_from", "with_scenario_options"]

SCENARIO_FIELDS = ("groups", "demand", "extensions", "hours", "opens_at")
STAND_INS = [str(number) for number in range(600, 1000)]  # numbers for groups without one


def scenario_from(source: ScenarioOptions) -> tuple[Scenario, list[str]]:
    """Return the scenario of a file with the options applied, and notes on missing data.

    Raises
    ------
    ConfigurationError
        If the file or an option is invalid; errors in a file begin with its name.
    """
    scenario, notes = _read(source)
    scenario = _with_presets(with_scenario_options(scenario, source), source.preset or ())
    if source.day is not None:
        try:
            scenario = scenario.on(source.day)
        except ConfigurationError as wrong:
            raise ConfigurationError("--day", wrong.constraint, wrong.got, wrong.hint) from None
    share = abandoning(source.patience)
    if share is not None:
        scenario, told = with_abandonment(scenario, share)
        notes = [*notes, *told]
    for note in scenario.notes:
        sys.stderr.write(f"{note}\n")
    return scenario, [*notes, *_what_is_missing(scenario)]


def _read(source: ScenarioOptions) -> tuple[Scenario, list[str]]:
    """Return the scenario of a file of any kind, and notes on what it lacks."""
    file, name = source.file, source.file or "my-office.toml"
    if file is not None and not file.endswith(".toml"):
        from ringsim.importers import is_configuration, read_pbx

        if is_configuration(file):
            imported = read_pbx(file)
            return imported.scenario, str(imported).splitlines()
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
    return {number for text in source.members or () for number in text.split("=")[-1].split(",")}


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
            raise ConfigurationError("--members", wrong.constraint, wrong.got) from None
    groups = [
        group.replace(members=list(changes[group.extension_number]))
        if group.extension_number in changes
        else group
        for group in scenario.groups
    ]
    hours = {} if source.hours is None else {"hours": source.hours}
    return scenario.replace(groups=groups, demand=_demand(scenario, source), **hours)


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


def _demand(scenario: Scenario, source: ScenarioOptions) -> dict[str, Demand]:
    """Return the demand of each group with the rates and durations from the options."""
    durations = {
        name: distribution_option(f"--{name.replace('_', '-')}", text)
        for name, text in (("talk_time", source.talk_time), ("patience", source.patience))
        if text is not None and abandoning(text) is None
    }
    demand = {number: known.replace(**durations) for number, known in scenario.demand.items()}
    for number, (option, calls) in _calls(source, scenario.group_numbers).items():
        known = demand.get(number)
        if known is None and "talk_time" not in durations:
            raise ConfigurationError(
                "--talk-time",
                f"must be given with {option}",
                hint="Say how many seconds calls last, such as --talk-time 180.",
            )
        fields = known.given() if known is not None else durations
        kept = {key: value for key, value in fields.items() if key not in (*ARRIVALS, "interval")}
        try:
            demand[number] = Demand(**kept, **calls)
        except ConfigurationError as wrong:
            subject = "--interval" if wrong.subject == "interval" else option
            raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None
    return with_redials(demand, per_group("--redial", source.redial or (), scenario.group_numbers))


def _calls(
    source: ScenarioOptions, numbers: Sequence[str]
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return, by group, the option that sets its calls and the fields of demand it gives."""
    hourly, counted = "--calls-per-hour", "--calls-per-interval"
    calls: dict[str, tuple[str, dict[str, Any]]] = {}
    for number, text in per_group(hourly, source.calls_per_hour or (), numbers).items():
        calls[number] = f"{hourly} {text}", {"calls_per_hour": _rate(hourly, text)}
    for number, text in per_group(counted, source.calls_per_interval or (), numbers).items():
        if number in calls:
            raise ConfigurationError(counted, f"must not be given beside {hourly}", text)
        counts = [_rate(counted, part) for part in text.split(",")]
        width = {} if source.interval is None else {"interval": source.interval}
        calls[number] = f"{counted} {text}", {"calls_per_interval": counts, **width}
    if source.interval is not None and not source.calls_per_interval:
        raise ConfigurationError("--interval", f"must be given with {counted}", source.interval)
    return calls


def per_group(option: str, texts: Sequence[str], numbers: Sequence[str]) -> dict[str, str]:
    """Return the value of an option by group: `["600=40"]` is `{"600": "40"}`.

    If there is only one group, `["40"]` is enough.

    Raises
    ------
    ConfigurationError
        If there is no group with a number, or a text names none of several groups.
    """
    found: dict[str, str] = {}
    for text in texts:
        number, equals, value = text.partition("=")
        if not (equals and number.strip().isdigit()):
            if len(numbers) != 1:
                raise ConfigurationError(
                    option,
                    f"must say which of the {len(numbers)} groups it is for",
                    text,
                    f"Write {option} {numbers[0]}={text}.",
                )
            number, value = numbers[0], text
        number = number.strip()
        if number not in numbers:
            raise ConfigurationError(
                option,
                "must be for a group of the file",
                text,
                f"Its groups are {', '.join(numbers)}.",
            )
        if number in found:
            raise ConfigurationError(option, "must not be given twice for a group", text)
        found[number] = value
    return found


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


def _rate(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        several = "Write --calls-per-interval 18,25,30 for several." if "," in text else ""
        raise ConfigurationError(option, "must be a number of calls", text, several) from None


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
