"""Records of a roster's input: shifts and people.

`Shift`
    Hours of work of one day, with a window for lunch.
`Person`
    Someone who can be on a roster: when, for how long, and in which groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, PlainValidator, model_validator

from ringsim._checks import is_number
from ringsim._model import ExtensionNumber, Record, number_between
from ringsim.distributions import as_list
from ringsim.errors import ConfigurationError
from ringsim.scenario import DAY, clock_seconds
from ringsim.scenario._duty import clock_of
from ringsim.scenario._extension import duty_spans

__all__ = ["Person", "Shift"]

HOURS_OF_A_WEEK = 168


def _time(value: Any) -> Any:
    """Return a time of day as text, or a number of seconds from the start."""
    value = clock_of(value)
    if isinstance(value, str):
        clock_seconds(value)
        return value
    if not is_number(value) or not 0 <= value <= 2 * DAY:
        raise ConfigurationError(
            "", 'must be a time of day such as "08:30", or seconds from the start', value
        )
    return float(value)


def _window(value: Any) -> Any:
    if value is None:
        return None
    pair = as_list(value, "", "must be the earliest and the latest time of lunch")
    if len(pair) != 2:
        raise ConfigurationError("", "must be the earliest and the latest time of lunch", value)
    return tuple(_time(each) for each in pair)


def _names(value: Any) -> Any:
    if value is None:
        return None
    names = as_list(value, "", "must be a list of names of days")
    if not names:
        raise ConfigurationError("", "must name at least one day", value)
    for index, name in enumerate(names):
        if not isinstance(name, str):
            raise ConfigurationError(f"[{index}]", "must be the name of a day", name)
    return tuple(names)


def _printable(value: Any) -> Any:
    if not isinstance(value, str) or not value.isprintable():
        raise ConfigurationError("", "must be a text that can be printed", value)
    return value


def _availability(value: Any) -> Any:
    """Validate spans of availability: a list for every day, or a list for each day by name."""
    if isinstance(value, Mapping):
        found = {}
        for day, spans in value.items():
            try:
                found[day] = duty_spans(spans)
            except ConfigurationError as wrong:
                raise wrong.inside(f"[{day!r}]") from None
        return found
    return duty_spans(value)


Time = Annotated[Any, PlainValidator(_time)]
Text = Annotated[str, PlainValidator(_printable)]


class Shift(Record):
    """Hours of work that begin on one day.

    Parameters
    ----------
    starts_at, ends_at : str or float
        Times of day such as `"08:00"`, or seconds from the start of the day; may be positional
        arguments. A shift that ends before it starts goes past midnight, and works in the first
        hours of the next day too.
    lunch : (str or float, str or float), optional
        Window in which lunch lies: its earliest start and its latest end. By default there is
        no lunch.
    lunch_time : float, default 1800
        Length of lunch [s]; it is not working time.
    name : str, default ""
        Name in tables and calendars.
    days : list of str, optional
        Names of the days on which the shift begins; by default all days.

    Raises
    ------
    ConfigurationError
        If a field is invalid, or lunch does not fit into its window or into the shift.

    Examples
    --------
    >>> Shift("08:00", "16:30", lunch=("11:30", "14:00")).hours
    8.0
    """

    _by_position: ClassVar[tuple[str, ...]] = ("starts_at", "ends_at")

    starts_at: Time
    ends_at: Time
    lunch: Annotated[tuple[Any, Any] | None, PlainValidator(_window)] = None
    lunch_time: Annotated[
        float, number_between("a positive number of seconds", 0, DAY, above=True, seconds=True)
    ] = 1800
    name: Text = ""
    days: Annotated[tuple[str, ...] | None, PlainValidator(_names)] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        given = [self.starts_at, self.ends_at, *(self.lunch or ())]
        if len({isinstance(each, str) for each in given}) > 1:
            raise ConfigurationError(
                "ends_at", "must be a time of day if starts_at is one", self.ends_at
            )
        start, end = self.span
        if start == end or (not isinstance(self.starts_at, str) and end < start):
            raise ConfigurationError("ends_at", "must be after starts_at", self.ends_at)
        if self.lunch is not None:
            first, last = self.lunch_window
            if not (start < first and first + self.lunch_time <= last < end):
                raise ConfigurationError(
                    "lunch",
                    f"must be a window within the shift that holds {self.lunch_time:g} s",
                    self.lunch,
                )
        return self

    @property
    def span(self) -> tuple[float, float]:
        """Start and end, in seconds since midnight or from the start of the day."""
        if not isinstance(self.starts_at, str):
            return self.starts_at, self.ends_at
        start, end = clock_seconds(self.starts_at), clock_seconds(self.ends_at)
        return start, end + DAY if end < start else end

    @property
    def lunch_window(self) -> tuple[float, float]:
        """Earliest start and latest end of lunch, counted as in `span`."""
        if self.lunch is None:
            raise ConfigurationError("lunch", "must be given")
        if not isinstance(self.starts_at, str):
            return self.lunch
        start, _ = self.span
        first, last = (clock_seconds(each) for each in self.lunch)
        return first + DAY if first < start else first, last + DAY if last < start else last

    @property
    def hours(self) -> float:
        """Working time, without lunch [h]."""
        start, end = self.span
        return (end - start - (0 if self.lunch is None else self.lunch_time)) / 3600

    @property
    def label(self) -> str:
        """The name, or else the hours."""
        return self.name or f"{_text(self.starts_at)}-{_text(self.ends_at)}"


def _text(time: Any) -> str:
    return time if isinstance(time, str) else f"{time:g} s"


class Person(Record):
    """Someone who can be on a roster.

    Parameters
    ----------
    extension_number : str
        3 to 64 digits; may be a positional argument.
    name : str, default ""
        Name in tables and calendars.
    available : list of (start, end), or dict of str to such a list, optional
        Spans in which the person can work: on every day, or by the name of the day; a day
        that is not named has none. A span may go past midnight. By default, the person's duty
        in the scenario.
    max_hours : float, optional
        Greatest working time over all days together [h]; no limit by default.
    max_days : int, optional
        Greatest number of days with a shift; no limit by default.
    rest : float, default 11
        Least time between the shifts of two days [h]. Days that are named by weekdays or dates
        are as far apart as these, and weekdays repeat each week; others follow each other.
    groups : list of str, optional
        Numbers of the groups whose calls the person can take; by default those of which the
        person is a member, or else every group of the roster.
    skill_level : int, optional
        Skill level as a member, from 1 to 100; by default the present one, or 1.

    Raises
    ------
    ConfigurationError
        If a field is invalid.

    Examples
    --------
    >>> Person("201", available=[("08:00", "13:00")], max_hours=20).max_hours
    20
    """

    _by_position: ClassVar[tuple[str, ...]] = ("extension_number",)

    extension_number: ExtensionNumber
    name: Text = ""
    available: Annotated[Any, PlainValidator(_availability)] = None
    max_hours: (
        Annotated[
            float,
            number_between("a positive number of hours, at most 1e6", 0, 1e6, above=True),
        ]
        | None
    ) = None
    max_days: (
        Annotated[int, number_between("a whole number from 1 to 366", 1, 366, whole=True)] | None
    ) = None
    rest: Annotated[
        float, number_between(f"hours from 0 to {HOURS_OF_A_WEEK}", 0, HOURS_OF_A_WEEK)
    ] = 11
    groups: Annotated[tuple[ExtensionNumber, ...] | None, Field(strict=False)] = None
    skill_level: (
        Annotated[int, number_between("a whole number from 1 to 100", 1, 100, whole=True)] | None
    ) = None

    @property
    def label(self) -> str:
        """The name, or else the extension number."""
        return self.name or self.extension_number
