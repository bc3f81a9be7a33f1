"""Everything about a phone system's day but the random numbers.

`Extension`
    The person behind a number.
`Demand`
    Who calls one group, or what calls a person has of their own.
`Scenario`
    Groups, extensions, demand and hours; one JSON or TOML file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from ringsim import files
from ringsim.checks import is_number
from ringsim.distributions import Constant, Distribution, Named, as_distribution, listed
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group import RingGroup
from ringsim.records import ExtensionNumber, Record, number_between, plain_number
from ringsim.times import Span, clock_seconds, resolved_duty

__all__ = ["Demand", "Extension", "Scenario"]

Duration = Annotated[Distribution, PlainValidator(as_distribution)]

DEFAULT_ANSWER_DELAY = Named("gamma", (("a", 2.0), ("scale", 3.0)))
LONGEST_HOURS = 24.0 * 366
LARGEST = 1e300  # what is finite stays so when added up


def _rates(value: Any) -> Any:
    """`calls_per_hour`: one number, or a list of one per interval."""
    if value is None:
        return None
    if is_number(value):
        return _rate(value, "")
    rates = listed(value, "", "must be a number of calls, or a list of them")
    return tuple(_rate(rate, f"[{place}]") for place, rate in enumerate(rates))


def _rate(value: Any, subject: str) -> Any:
    if not is_number(value) or not 0 <= value <= LARGEST:
        raise ConfigurationError(subject, "must be a finite number of calls, at least 0", value)
    return plain_number(value)


def _instants(value: Any) -> Any:
    if value is None:
        return None
    instants = listed(value, "", "must be a list of seconds from the start")
    for place, instant in enumerate(instants):
        if not is_number(instant) or not 0 <= instant <= LARGEST:
            raise ConfigurationError(
                f"[{place}]", "must be a finite number of seconds, at least 0", instant
            )
    return tuple(float(instant) for instant in instants)


class Demand(Record):
    """Who calls one group.

    Parameters
    ----------
    calls_per_hour : float or list of float
        Rate of a Poisson process, or one rate for each `interval` from the start on; after
        the last interval nobody calls.
    interval : float, default 1800
        Length [s] of the intervals of a list.
    arrives_at : list of float
        Instants of arrival [s], in place of a rate. They are all played, whatever `hours`
        says.
    talk_time : distribution
        From answer to hang-up [s].
    wrap_up_time : distribution, default 0
        After the call [s]; the phone rings meanwhile, but is not answered.
    patience : distribution, default inf
        How long the caller waits for an answer [s].

    Distributions are numbers of seconds, frozen `scipy.stats` distributions,
    `ringsim.lognormal`, `ringsim.Empirical` or their file forms.

    Raises
    ------
    ConfigurationError
        When not exactly one of `calls_per_hour` and `arrives_at` is given, or a value is
        negative or NaN.

    Examples
    --------
    >>> Demand(calls_per_hour=40, talk_time=180).scaled(1.25).calls_per_hour
    50.0
    """

    calls_per_hour: Annotated[float | tuple[float, ...] | None, PlainValidator(_rates)] = None
    interval: Annotated[
        float, number_between("a positive number of seconds", 0, 1e9, above=True)
    ] = 1800
    arrives_at: Annotated[tuple[float, ...] | None, PlainValidator(_instants)] = None
    talk_time: Duration
    wrap_up_time: Duration = Constant(0.0)
    patience: Duration = Constant(math.inf)

    @model_validator(mode="after")
    def _one_kind_of_arrival(self) -> Self:
        if self.calls_per_hour is None and self.arrives_at is None:
            raise ConfigurationError("calls_per_hour", "must be given, or arrives_at")
        if self.calls_per_hour is not None and self.arrives_at is not None:
            raise ConfigurationError("calls_per_hour", "must not be given beside arrives_at")
        return self

    def scaled(self, factor: float) -> Demand:
        """The same demand, `factor` times as many calls.

        Raises
        ------
        ConfigurationError
            When the instants of arrival are given, or the factor is negative.
        """
        if self.calls_per_hour is None:
            raise ConfigurationError(
                "scaled()", "must be asked of a demand with calls_per_hour, not arrives_at", factor
            )
        if not is_number(factor) or not 0 <= factor <= LARGEST:
            raise ConfigurationError("factor", "must be a finite number, at least 0", factor)
        rates = self.calls_per_hour
        scaled = (
            tuple(rate * factor for rate in rates) if isinstance(rates, tuple) else rates * factor
        )
        return self.replace(calls_per_hour=scaled)

    def expected_calls(self, hours: float) -> float:
        """Expected number of calls in the first `hours`; of given instants, all."""
        if self.arrives_at is not None:
            return float(len(self.arrives_at))
        if not isinstance(self.calls_per_hour, tuple):
            return float(self.calls_per_hour or 0) * hours
        ends = [
            min((place + 1) * self.interval, hours * 3600)
            for place in range(len(self.calls_per_hour))
        ]
        starts = [min(place * self.interval, hours * 3600) for place in range(len(ends))]
        return sum(
            rate * (end - start) / 3600
            for rate, start, end in zip(self.calls_per_hour, starts, ends, strict=True)
        )


def _spans(value: Any) -> Any:
    """`on_duty` as a tuple of pairs; whether they make sense needs the scenario."""
    if value is None:
        return None
    spans = listed(value, "", "must be a list of spans, each of a start and an end")
    for place, span in enumerate(spans):
        if isinstance(span, (str, bytes)) or not isinstance(span, Sequence) or len(span) != 2:
            raise ConfigurationError(f"[{place}]", "must be a start and an end", span)
    return tuple((_second(start), _second(end)) for start, end in spans)


def _second(value: Any) -> Any:
    """A number of seconds as files have it, `"inf"` as a number; all else untouched."""
    if not is_number(value):
        return math.inf if isinstance(value, str) and value == "inf" else value
    return math.inf if value > LARGEST else plain_number(value)


class Extension(Record):
    """The person behind a number, shared by every group that lists it.

    Parameters
    ----------
    extension_number : str
        3 to 64 digits; may be given by position.
    answer_delay : distribution, default gamma(2, scale=3)
        From the first ring to lifting the handset [s].
    answer_probability : float, default 1
        Chance that a ring is answered at all; drawn anew for every ring.
    on_duty : list of (start, end), optional
        Spans in which the phone rings, as times of day `("08:00", "12:00")` or as seconds
        from the start, of which the last may end at `inf`. Always, unless given; never,
        if empty.
    own_calls : Demand, optional
        Calls of their own, direct or outbound, that make them busy. Its patience and
        wrap-up time mean nothing.

    Raises
    ------
    ConfigurationError
        When a field cannot be what was given.
    """

    _by_position: ClassVar[tuple[str, ...]] = ("extension_number",)

    extension_number: ExtensionNumber
    answer_delay: Duration = DEFAULT_ANSWER_DELAY
    answer_probability: Annotated[float, number_between("between 0 and 1", 0, 1)] = 1
    on_duty: Annotated[tuple[tuple[Any, Any], ...] | None, PlainValidator(_spans)] = None
    own_calls: Demand | None = None


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

    @cached_property
    def _groups_by_number(self) -> dict[str, RingGroup]:
        return {group.extension_number: group for group in self.groups}

    @cached_property
    def _extensions_by_number(self) -> dict[str, Extension]:
        return {extension.extension_number: extension for extension in self.extensions}

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
        found = self._groups_by_number.get(number)
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
        data = files.read(path)
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
        return cls(**data)

    def dump(self, path: str | Path) -> None:
        """Write the scenario to a `.json` or `.toml` file, from which `load` makes an equal one.

        Raises
        ------
        ConfigurationError
            When it cannot be written, or a part of it has no form in a file.
        """
        files.write(path, self.to_file())

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
    listed: set[str] = set()
    for place, extension in enumerate(scenario.extensions):
        if extension.extension_number in listed:
            raise ConfigurationError(
                f"extensions[{place}].extension_number",
                "must not be listed twice",
                extension.extension_number,
            )
        listed.add(extension.extension_number)


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
