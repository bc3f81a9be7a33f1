"""The scenario: groups, extensions, demand and hours, read from one JSON or TOML file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from ringsim import _files
from ringsim._model import AsTuple, Record, check_names, notes_on_unknown, number_between
from ringsim.errors import ConfigurationError, check_instance, did_you_mean
from ringsim.group import RingGroup
from ringsim.rules import Rules
from ringsim.scenario._assumptions import assumptions
from ringsim.scenario._days import checked_weekday, values_of, weekdays_of
from ringsim.scenario._demand import Demand
from ringsim.scenario._duty import Span, clock_of, clock_seconds, resolved_duty
from ringsim.scenario._extension import Extension
from ringsim.scenario._file_form import file_form
from ringsim.scenario._numbers import check_numbers
from ringsim.scenario._seconds import with_seconds

__all__ = ["Scenario", "check_scenario"]

LONGEST_HOURS = 24.0 * 366


def _demand_table(value: Any) -> Any:
    """Convert `demand` to a dict, as pydantic's strict mode requires, or refuse it."""
    if not isinstance(value, Mapping):
        raise ConfigurationError("", "must be a table keyed by the number of a group", value)
    return dict(value)


class Scenario(Record):
    """A phone system's day: groups, people, callers and hours.

    Parameters
    ----------
    groups : list of RingGroup or dict
        Ring groups, each with a unique extension number.
    demand : dict of str to Demand, default none
        Callers of each group, by the number of the group.
    extensions : list of Extension or dict, default none
        People; members that are not listed have the defaults of `Extension`.
    hours : float, default 8
        Length of the day. Calls arrive in [0, 3600 hours) s, and each is simulated to its end.
    opens_at : str, optional
        Time of day at second 0, such as `"08:00"`.
    days : list of str, optional
        Weekdays, from `mon` to `sun`, kept in the order of the week. One replication is then a
        week of these days. They are independent: each has random numbers of its own, begins
        with no call in progress, and nobody has rung or answered before (S7). Calls and duty
        may be tables by weekday. Without it a replication is one day, the same as always.
    ringing_is_busy : bool, default False
        If True, a phone that is ringing counts as on a call (rules S3 and S10).
    shared_busyness : bool, default False
        If True, a busy day is busy for all groups: the `busyness` of their demands comes from
        one draw a day, and groups of equal busyness have the same factor. Otherwise each group
        has a draw of its own.
    name : str, optional
        Title of the scenario in reports.

    Raises
    ------
    ConfigurationError
        If a field is invalid, or two fields contradict each other.

    Examples
    --------
    >>> scenario = Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    >>> scenario.replace(hours=2).hours
    2
    >>> busy_monday = {"600": Demand(calls_per_hour={"mon": 60, "tue": 40}, talk_time=120)}
    >>> week = scenario.replace(demand=busy_monday, days=["mon", "tue"])
    >>> week.on("mon").demand["600"].calls_per_hour
    60
    """

    _other_words: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            ("closes_at", "closing", "ends_at"),
            'Give hours, the length of the day, such as opens_at="08:00", hours=9.',
        ),
        **dict.fromkeys(
            ("agents", "members", "people", "staff"), "Give extensions, a list of Extension."
        ),
        **dict.fromkeys(
            ("calls", "callers", "demands"), "Give demand, a table of Demand by group."
        ),
    }

    name: str = ""
    hours: Annotated[
        float,
        number_between(
            f"a positive number of hours, at most {LONGEST_HOURS:g}", 0, LONGEST_HOURS, above=True
        ),
    ] = 8
    opens_at: Annotated[str | None, BeforeValidator(clock_of)] = None
    days: Annotated[tuple[str, ...], PlainValidator(weekdays_of)] = ()
    ringing_is_busy: bool = False
    shared_busyness: bool = False
    groups: Annotated[tuple[RingGroup, ...], AsTuple]
    demand: Annotated[dict[str, Demand], BeforeValidator(_demand_table)] = Field(
        default_factory=dict
    )
    extensions: Annotated[tuple[Extension, ...], AsTuple] = ()

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.opens_at is not None:
            clock_seconds(self.opens_at, "opens_at")
        check_numbers(self.groups, self.extensions)
        callers, people = with_seconds(self.demand, self.extensions, self.opens_at)
        self.demand.update(callers)
        object.__setattr__(self, "extensions", people)
        for index, extension in enumerate(self.extensions):
            try:
                self._check_days_of(extension)
            except ConfigurationError as wrong:
                raise wrong.inside(f"extensions[{index}]") from None
        for number, demand in self.demand.items():
            try:
                for day in self.days or (None,):
                    demand.on(day)
            except ConfigurationError as wrong:
                raise wrong.inside(f"demand.{number}") from None
            if number not in self._groups_by_number:
                raise ConfigurationError(
                    f"demand.{number}",
                    "must be for a group of the scenario",
                    number,
                    did_you_mean(number, self._groups_by_number)
                    or f"Its groups are {', '.join(self._groups_by_number)}.",
                )
        return self

    def _check_days_of(self, person: Extension) -> None:
        """Check that a person's calls and duty are given, and valid, for each day."""
        for day in self.days or (None,):
            person.on(day)
        for day, spans in values_of(person.on_duty).items():
            if spans is None:
                continue
            try:
                resolved_duty(spans, self.opens_at, self.hours)
            except ConfigurationError as wrong:
                if day is None:
                    raise
                subject = wrong.subject.replace("on_duty", f"on_duty.{day}", 1)
                raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence per unknown field of the groups; such a field is kept and has no effect."""
        return notes_on_unknown(
            field
            for index, group in enumerate(self.groups)
            for field in group.unknown(f"groups[{index}]")
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """One sentence per default that affects the simulation, because no value was given."""
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
    def redials(self) -> bool:
        """True if callers of a group may try again after a call that nobody answered."""
        return any(demand.redials for demand in self.demand.values())

    @cached_property
    def group_numbers(self) -> tuple[str, ...]:
        """Extension numbers of the groups, in their order."""
        return tuple(group.extension_number for group in self.groups)

    @cached_property
    def extension_numbers(self) -> tuple[str, ...]:
        """Numbers of all people: members, in the order of the groups, then other extensions."""
        members = (member.extension_number for group in self.groups for member in group.members)
        return tuple(dict.fromkeys([*members, *self._extensions_by_number]))

    def group(self, number: str) -> RingGroup:
        """Return the group with an extension number.

        Raises
        ------
        ConfigurationError
            If no group has this number.
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
        """Return the person with an extension number, by default with all defaults."""
        return self._extensions_by_number.get(number) or Extension(number)

    @cached_property
    def _duty_by_number(self) -> dict[str, tuple[Span, ...] | None]:
        """Duty of the people whose duty has been asked for: engines, draws and tables do."""
        return {}

    def duty(self, number: str) -> tuple[Span, ...] | None:
        """Return the spans of duty of a person [s from the start], sorted; None means always.

        Raises
        ------
        ConfigurationError
            If the duty differs by weekday and the scenario has several days. Ask `on(day)`.
        """
        if number not in self._duty_by_number:
            self._duty_by_number[number] = self._duty_of(number)
        return self._duty_by_number[number]

    def _duty_of(self, number: str) -> tuple[Span, ...] | None:
        extension = self.extension(number)
        if extension.on_duty is None:
            return None
        if isinstance(extension.on_duty, Mapping):
            extension = extension.on(next(iter(self.one_day.days), None))
        spans: Any = extension.on_duty
        return resolved_duty(spans, self.opens_at, self.hours)

    def on(self, day: str) -> Self:
        """Return the scenario of one weekday.

        It has the calls and duty of this day, and `days` with this day only. Its random numbers
        are those of this day of the week, so that simulating it gives the figures that a
        simulation of the week gives for this day, bit for bit.

        Raises
        ------
        ConfigurationError
            If it is not one of the scenario's `days`.

        Examples
        --------
        >>> sales = {"extension_number": "600", "members": ["201"]}
        >>> Scenario(groups=[sales], days=["mon", "tue"]).on("tue").days
        ('tue',)
        """
        if not self.days:
            raise ConfigurationError(
                "day", "must not be given, as the scenario has no days", day, "Give days=[...]."
            )
        checked_weekday(day, "day", self.days)
        return self if self._is_one_day else self._by_day[day]

    @cached_property
    def _is_one_day(self) -> bool:
        """True if the scenario has at most one day, and no value that differs by weekday."""
        day = next(iter(self.days), None)
        return (
            len(self.days) <= 1
            and all(demand.on(day) is demand for demand in self.demand.values())
            and all(person.on(day) is person for person in self.extensions)
        )

    @cached_property
    def _by_day(self) -> dict[str, Self]:
        return {
            day: self.replace(
                days=(day,),
                demand={number: demand.on(day) for number, demand in self.demand.items()},
                extensions=tuple(person.on(day) for person in self.extensions),
            )
            for day in self.days
        }

    @property
    def daily(self) -> tuple[Self, ...]:
        """Scenario of each day of the week; without `days`, the scenario itself alone."""
        return (self,) if self._is_one_day else tuple(self._by_day.values())

    @property
    def one_day(self) -> Self:
        """Scenario of the only day.

        Raises
        ------
        ConfigurationError
            If the scenario has several days.
        """
        if len(self.days) > 1:
            raise ConfigurationError(
                "scenario.days",
                "must be one day here",
                list(self.days),
                f"Take one of them with scenario.on({self.days[0]!r}).",
            )
        return self.daily[0]

    def expected_calls(self, group: str) -> float:
        """Return the expected number of calls that arrive at a group in one replication."""
        return math.fsum(
            each.demand[group].expected_calls(each.hours)
            for each in self.daily
            if group in each.demand
        )

    def rules(self, number: str) -> Rules:
        """Return the rules of ringing of a group, with every option set.

        The group's `rules` take precedence over its fields `max_repeats` and `repeat_delay`
        and over `ringing_is_busy` of the scenario; defaults come last.

        Raises
        ------
        ConfigurationError
            If no group has this number.
        """
        return self._rules_by_number[self.group(number).extension_number]

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a scenario from a JSON or TOML file.

        Raises
        ------
        ConfigurationError
            If the file cannot be read or its contents are invalid. The message begins with
            the name of the file.
        """
        data = _files.read(path)
        try:
            return cls.from_file(data)
        except ConfigurationError as wrong:
            raise wrong.in_file(str(path)) from None

    @classmethod
    def from_file(cls, data: Any) -> Self:
        """Return the scenario described by the parsed contents of a file."""
        if not isinstance(data, Mapping):
            raise ConfigurationError(
                "file", "must hold a table with the groups of a scenario", data
            )
        check_names(data, cls.__name__)
        return cls(**data)

    def dump(self, path: str | Path) -> None:
        """Write the scenario to a `.json` or `.toml` file; `load` then returns an equal one.

        Raises
        ------
        ConfigurationError
            If the file cannot be written, or cannot represent a part of the scenario, such
            as a distribution of a user's own class.
        """
        _files.write(path, self.to_file())

    def to_file(self) -> dict[str, Any]:
        """Return the scenario as plain dicts, lists, strings and numbers."""
        return file_form(self)  # type: ignore[no-any-return]


def check_scenario(scenario: object) -> None:
    """Raise `ConfigurationError` if an argument named `scenario` is not a `Scenario`."""
    check_instance("scenario", scenario, Scenario, "Read one from a file with Scenario.load(path).")
