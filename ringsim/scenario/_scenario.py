"""Everything about a phone system's day but the random numbers.

`Scenario`
    Groups, extensions, demand and hours; one JSON or TOML file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from ringsim import _files
from ringsim._model import Record, check_listed_once, check_names, notes_on_unknown, number_between
from ringsim.distributions import Distribution
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import RingGroup
from ringsim.rules import Rules
from ringsim.scenario._assumptions import assumptions
from ringsim.scenario._duty import Span, clock_seconds, resolved_duty
from ringsim.scenario._people import Demand, Extension

__all__ = ["Scenario"]

LONGEST_HOURS = 24.0 * 366


def _as_list_of_records(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _demand_table(value: Any) -> Any:
    """A single-use mapping check: pydantic would take its keys for paths of their own."""
    if not isinstance(value, Mapping):
        raise ConfigurationError("", "must be a table keyed by the number of a group", value)
    return dict(value)


class Scenario(Record):
    """A phone system's day: groups, people, callers and hours.

    Parameters
    ----------
    groups : list of RingGroup or dict
        Each with a number of its own.
    demand : dict of str to Demand, default none
        Who calls which group, by its number.
    extensions : list of Extension or dict, default none
        The people; numbers that are not listed get the defaults of `Extension`.
    hours : float, default 8
        Calls arrive in [0, 3600 hours) and are played to their end.
    opens_at : str, optional
        Time of day at second 0, such as `"08:00"`.
    ringing_is_busy : bool, default False
        Whether a phone that is only ringing counts as on a call (rules S3 and S10).
    name : str, optional
        What reports call it.

    Raises
    ------
    ConfigurationError
        When a field cannot be what was given, or two of them do not fit each other.

    Examples
    --------
    >>> scenario = Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    >>> scenario.replace(hours=2).hours
    2
    """

    name: str = ""
    hours: Annotated[
        float,
        number_between(
            f"a positive number of hours, at most {LONGEST_HOURS:g}", 0, LONGEST_HOURS, above=True
        ),
    ] = 8
    opens_at: str | None = None
    ringing_is_busy: bool = False
    groups: Annotated[tuple[RingGroup, ...], BeforeValidator(_as_list_of_records)]
    demand: Annotated[dict[str, Demand], BeforeValidator(_demand_table)] = Field(
        default_factory=dict
    )
    extensions: Annotated[tuple[Extension, ...], BeforeValidator(_as_list_of_records)] = ()

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.opens_at is not None:
            clock_seconds(self.opens_at, "opens_at")
        _check_numbers(self)
        for place, extension in enumerate(self.extensions):
            try:
                _ = self._duty_of(extension)
            except ConfigurationError as wrong:
                raise wrong.inside(f"extensions[{place}]") from None
        for number in self.demand:
            if number not in self._groups_by_number:
                raise ConfigurationError(
                    f"demand.{number}",
                    "must be for a group of the scenario",
                    number,
                    did_you_mean(number, self._groups_by_number)
                    or f"Its groups are {', '.join(self._groups_by_number)}.",
                )
        return self

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence on each field of the groups that is carried along and changes nothing."""
        inside = enumerate(self.groups)
        return notes_on_unknown(
            found for place, group in inside for found in group.unknown(f"groups[{place}]")
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """A sentence on each default that is played because nothing else was given."""
        return assumptions(self)

    @cached_property
    def _groups_by_number(self) -> dict[str, RingGroup]:
        return {group.extension_number: group for group in self.groups}

    @cached_property
    def _extensions_by_number(self) -> dict[str, Extension]:
        return {extension.extension_number: extension for extension in self.extensions}

    @cached_property
    def _rules_by_number(self) -> dict[str, Rules]:
        return {
            number: group.played_rules(ringing_is_busy=self.ringing_is_busy)
            for number, group in self._groups_by_number.items()
        }

    @cached_property
    def group_numbers(self) -> tuple[str, ...]:
        """Numbers of the groups, in their order."""
        return tuple(group.extension_number for group in self.groups)

    @cached_property
    def extension_numbers(self) -> tuple[str, ...]:
        """Numbers of all people: members in the order of the groups, then those only listed."""
        members = (member.extension_number for group in self.groups for member in group.members)
        return tuple(dict.fromkeys([*members, *self._extensions_by_number]))

    def group(self, number: str) -> RingGroup:
        """The group with this number.

        Raises
        ------
        ConfigurationError
            When there is none.
        """
        found = self._groups_by_number.get(number) if isinstance(number, str) else None
        if found is None:
            numbers = ", ".join(self._groups_by_number) or "none"
            raise ConfigurationError(
                "group",
                "must be the number of a group of the scenario",
                number,
                f"Its groups are {numbers}.",
            )
        return found

    def extension(self, number: str) -> Extension:
        """The person behind this number: as listed, or with the defaults."""
        return self._extensions_by_number.get(number) or Extension(number)

    def duty(self, number: str) -> tuple[Span, ...] | None:
        """Spans of duty of this extension [s from the start], in order; None is always."""
        return self._duty_of(self.extension(number))

    def rules(self, number: str) -> Rules:
        """Return the rules by which calls ring in this group, every option set.

        An option is as the group's `rules` say, else as the fields `max_repeats` and
        `repeat_delay` of the group and `ringing_is_busy` of the scenario, else its default.

        Raises
        ------
        ConfigurationError
            When there is no such group.
        """
        return self._rules_by_number[self.group(number).extension_number]

    def _duty_of(self, extension: Extension) -> tuple[Span, ...] | None:
        if extension.on_duty is None:
            return None
        return resolved_duty(extension.on_duty, self.opens_at, self.hours)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The scenario in a JSON or TOML file.

        Raises
        ------
        ConfigurationError
            When the file cannot be read, or what is in it cannot be; the sentence begins
            with the name of the file.
        """
        data = _files.read(path)
        try:
            return cls.from_file(data)
        except ConfigurationError as wrong:
            raise wrong.in_file(str(path)) from None

    @classmethod
    def from_file(cls, data: Any) -> Self:
        """The scenario that a file's contents, already parsed, describe."""
        if not isinstance(data, Mapping):
            raise ConfigurationError(
                "file", "must hold a table with the groups of a scenario", data
            )
        check_names(data, cls.__name__)
        return cls(**data)

    def dump(self, path: str | Path) -> None:
        """Write the scenario to a `.json` or `.toml` file, from which `load` makes an equal one.

        Raises
        ------
        ConfigurationError
            When it cannot be written, or a part of it has no form in a file.
        """
        _files.write(path, self.to_file())

    def to_file(self) -> dict[str, Any]:
        """The scenario as plain tables, lists, strings and numbers."""
        return _plain(self, "")  # type: ignore[no-any-return]


def _check_numbers(scenario: Scenario) -> None:
    """No number is given twice: not to two groups, not to a group and a person."""
    groups: set[str] = set()
    for place, group in enumerate(scenario.groups):
        subject = f"groups[{place}].extension_number"
        if not group.extension_number:
            raise ConfigurationError(subject, "must be given")
        if group.extension_number in groups:
            raise ConfigurationError(
                subject, "must not be another group's too", group.extension_number
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


def _plain(value: Any, path: str) -> Any:
    """What a file holds in place of a record, a distribution or a tuple."""
    if isinstance(value, RingGroup):
        return value.to_file()
    if isinstance(value, Record):
        return {
            key: _plain(item, f"{path}.{key}" if path else key)
            for key, item in value.given().items()
        }
    if isinstance(value, Distribution):
        try:
            return value.to_file()
        except ConfigurationError as wrong:
            raise wrong.inside(path) from None
    if isinstance(value, Mapping):
        return {key: _plain(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item, f"{path}[{place}]") for place, item in enumerate(value)]
    return "inf" if value == math.inf else value
