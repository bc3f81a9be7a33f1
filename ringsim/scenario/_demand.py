"""Callers of one group, or own calls of a person."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import PlainValidator, model_validator

from ringsim._checks import as_float, is_number
from ringsim._model import Record, number_between, plain_number
from ringsim._sentences import counted
from ringsim.distributions import ByInterval, Constant, Distribution, as_list, by_interval
from ringsim.errors import ConfigurationError
from ringsim.scenario._away import Duration
from ringsim.scenario._days import by_weekday, value_on, values_of
from ringsim.scenario._instants import LARGEST, as_instant
from ringsim.scenario._redial import Redial

__all__ = ["ARRIVALS", "Demand"]

ARRIVALS = ("calls_per_hour", "calls_per_interval", "arrives_at")  # exactly one is given

COUNTS = (
    "Give the counts of a spreadsheet as calls_per_interval, and interval=1800 if they are those "
    "of half hours."
)
HANDLE_TIME = "Give talk_time, and wrap_up_time for the work after a call."

Rates = float | tuple[float, ...]


def _rates(value: Any) -> Any:
    """Validate `calls_per_hour`: one number, or a list of one number per interval."""
    if value is None:
        return None
    if is_number(value):
        return _rate(value, "")
    rates = as_list(value, "", "must be a number of calls, or a list of them")
    return tuple(_rate(rate, f"[{index}]") for index, rate in enumerate(rates))


def _counts(value: Any) -> Any:
    """Validate `calls_per_interval`: a list of one count per interval."""
    if value is None:
        return None
    counts = as_list(value, "", "must be a list of numbers of calls, one for each interval")
    return tuple(_rate(count, f"[{index}]") for index, count in enumerate(counts))


def _rate(value: Any, subject: str) -> Any:
    if not is_number(value) or not 0 <= as_float(value) <= LARGEST:
        raise ConfigurationError(subject, "must be a finite number of calls, at least 0", value)
    return plain_number(value)


def _instants(value: Any) -> Any:
    if value is None:
        return None
    instants = as_list(value, "", "must be a list of seconds from the start")
    return tuple(as_instant(instant, f"[{index}]") for index, instant in enumerate(instants))


class Demand(Record):
    """The callers of one group.

    Parameters
    ----------
    calls_per_hour : float, list of float or dict of str to one of them
        Rate of a Poisson process, or one rate for each `interval` from the start; after
        the last interval nobody calls. A table by weekday, such as `{"mon": 50, "tue": 40}`,
        has either for each of the scenario's `days`.
    calls_per_interval : list of float or dict of str to list of float
        Expected number of calls in each `interval`, such as counts from a spreadsheet,
        instead of rates: 18 calls in 900 s are 72 per hour. A table has a list by weekday.
    interval : float, default 1800
        Length of the intervals of either list [s].
    arrives_at : list of float
        Instants of arrival [s], instead of rates. All these calls are simulated, even after
        the end of `hours`. In a scenario with `opens_at` they may be times of day (`"08:15"`;
        those before opening are of the next day) or dates and times (`"2026-03-02 08:15:30"`,
        also of `datetime` or pandas), of which the first date is the first day; the scenario
        converts them to seconds.
    busyness : float, default 0
        Coefficient of variation of how busy days are, from 0 to 10. All rates of a day are
        multiplied by one factor, gamma distributed with mean 1, drawn for each replication;
        0.2 means that two days in three have between 80 % and 120 % of the calls. See also
        `Scenario.shared_busyness`.
    talk_time : distribution
        Time from answer to hang-up [s]; a list has one for each `interval` of arrival, and the
        last of them for all later calls.
    wrap_up_time : distribution, default 0
        Time of work after the call [s]; the phone may ring meanwhile, but is not answered.
    patience : distribution, default inf
        Time that a caller waits for an answer before giving up [s].
    priority : float, default 0
        Place in the line of a group whose rules have `wait_in_line`: callers of higher
        priority stand before others.
    redial : Redial, optional
        Callers who call again after an attempt that nobody answered. By default nobody does.
        The numbers of calls above are those of first attempts.

    A distribution is a number of seconds, a text such as `"3:00"`, `"2 min"`, `"mean=180"`
    (exponential) or `"mean=180,cv=1.2"` (lognormal), a frozen `scipy.stats` distribution,
    `ringsim.lognormal`, `ringsim.Empirical`, or a form of one of these for files.

    Raises
    ------
    ConfigurationError
        If not exactly one of `calls_per_hour`, `calls_per_interval` and `arrives_at` is
        given, a busyness is given beside `arrives_at`, or a value is negative or NaN.

    Examples
    --------
    >>> Demand(calls_per_hour=40, talk_time=180).scaled(1.25).calls_per_hour
    50.0
    >>> Demand(calls_per_interval=[18, 25], interval=900, talk_time=180).hourly_rates
    (72.0, 100.0)
    """

    _other_words: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            ("calls", "calls_per_half_hour", "calls_per_quarter_hour", "counts", "volume"), COUNTS
        ),
        **dict.fromkeys(("aht", "average_handle_time", "handle_time", "service_time"), HANDLE_TIME),
    }

    calls_per_hour: Annotated[
        Rates | dict[str, Rates] | None, PlainValidator(by_weekday(_rates))
    ] = None
    calls_per_interval: Annotated[
        tuple[float, ...] | dict[str, tuple[float, ...]] | None, PlainValidator(by_weekday(_counts))
    ] = None
    interval: Annotated[
        float, number_between("a positive number of seconds", 0, 1e9, above=True, seconds=True)
    ] = 1800
    arrives_at: Annotated[tuple[Any, ...] | None, PlainValidator(_instants)] = None
    busyness: Annotated[float, number_between("between 0 and 10", 0, 10)] = 0
    talk_time: Annotated[Distribution, PlainValidator(by_interval)]
    wrap_up_time: Duration = Constant(0.0)
    patience: Duration = Constant(math.inf)
    priority: Annotated[float, number_between("a finite number, at least 0", 0, LARGEST)] = 0
    redial: Redial | None = None

    @property
    def redials(self) -> bool:
        """True if callers may try again."""
        return self.redial is not None and self.redial.happens

    @model_validator(mode="after")
    def _one_kind_of_arrival(self) -> Self:
        given = [name for name in ARRIVALS if getattr(self, name) is not None]
        if not given:
            raise ConfigurationError(
                "calls_per_hour", "must be given, or calls_per_interval or arrives_at"
            )
        if len(given) > 1:
            raise ConfigurationError(given[0], f"must not be given beside {given[1]}")
        if self.busyness and self.arrives_at is not None:
            raise ConfigurationError(
                "busyness", "must not be given beside arrives_at", self.busyness
            )
        self._weigh_talk_times()
        for counts in values_of(self.calls_per_interval).values():
            rates = () if counts is None else self._rates_of(counts)
            if not all(map(math.isfinite, rates)):
                raise ConfigurationError(
                    "interval", "must be longer: the calls per hour are infinite", self.interval
                )
        return self

    def _weigh_talk_times(self) -> None:
        """Tell talk times by interval how many calls to expect in each of the intervals.

        Those of all weekdays are added up.
        """
        if not isinstance(self.talk_time, ByInterval):
            return
        n = len(self.talk_time.parts)
        calls = [0.0] * n
        for day in self.weekdays or (None,):
            rates = self.on(day).hourly_rates if day else self.hourly_rates
            of_day = list(rates) if isinstance(rates, tuple) else [1.0] * n
            if len(of_day) != n:
                raise ConfigurationError(
                    "talk_time",
                    f"must have {counted(len(of_day), 'value')}, one for each interval of calls",
                    n,
                )
            calls = [one + other for one, other in zip(calls, of_day, strict=True)]
        weighed = self.talk_time.with_calls(self.interval, calls)
        self.__dict__["talk_time"] = weighed  # set so, because the record is frozen

    @property
    def weekdays(self) -> tuple[str, ...]:
        """Weekdays that the calls are given for; empty if all days are alike."""
        return tuple(
            day
            for calls in (self.calls_per_hour, self.calls_per_interval)
            for day in values_of(calls)
            if day is not None
        )

    def on(self, day: str | None) -> Demand:
        """Return the demand of one weekday; None is the day of a scenario without days.

        Raises
        ------
        ConfigurationError
            If the calls are given by weekday, and not for this one.
        """
        given = {name: getattr(self, name) for name in ARRIVALS[:2]}
        of_day = {name: value_on(calls, day, name) for name, calls in given.items()}
        return self if of_day == given else self.replace(**of_day)

    @property
    def hourly_rates(self) -> float | tuple[float, ...]:
        """Calls per hour: one rate, or one per `interval`; 0 if `arrives_at` is given."""
        counts = value_on(self.calls_per_interval, None, "calls_per_interval")
        if counts is not None:
            return self._rates_of(counts)
        rates: float | tuple[float, ...] | None = value_on(
            self.calls_per_hour, None, "calls_per_hour"
        )
        return 0.0 if rates is None else rates

    def _rates_of(self, counts: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(count * 3600 / self.interval for count in counts)

    def scaled(self, factor: float) -> Demand:
        """Return the demand with its number of calls multiplied by `factor`.

        Raises
        ------
        ConfigurationError
            If `arrives_at` is given, or the factor is negative.
        """
        if self.arrives_at is not None:
            raise ConfigurationError(
                "scaled()",
                "must be applied to a demand with calls_per_hour, not arrives_at",
                factor,
            )
        if not is_number(factor) or not 0 <= factor <= LARGEST:
            raise ConfigurationError("factor", "must be a finite number, at least 0", factor)
        name = "calls_per_hour" if self.calls_per_interval is None else "calls_per_interval"
        scaled = {
            day: tuple(each * factor for each in calls)
            if isinstance(calls, tuple)
            else calls * factor
            for day, calls in values_of(getattr(self, name)).items()
        }
        return self.replace(**{name: scaled.get(None, scaled)})

    def expected_calls(self, hours: float) -> float:
        """Return the expected number of calls in the first `hours`; with `arrives_at`, all.

        If the calls are given by weekday, it is the mean of these days.
        """
        if self.arrives_at is not None:
            return float(len(self.arrives_at))
        if self.weekdays:
            by_day = [self.on(day).expected_calls(hours) for day in self.weekdays]
            return math.fsum(by_day) / len(by_day)
        rates = self.hourly_rates
        if not isinstance(rates, tuple):
            return float(rates) * hours
        ends = [min((index + 1) * self.interval, hours * 3600) for index in range(len(rates))]
        starts = [min(index * self.interval, hours * 3600) for index in range(len(ends))]
        return sum(
            rate * (end - start) / 3600
            for rate, start, end in zip(rates, starts, ends, strict=True)
        )
