"""The people at both ends of the line: callers and members.

`Extension`
    The person behind an extension number.
`Demand`
    The callers of one group, or the own calls of a person.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import PlainValidator, model_validator

from ringsim._checks import as_float, is_number
from ringsim._model import ExtensionNumber, Record, number_between, plain_number
from ringsim.distributions import Constant, NamedScipy, as_list
from ringsim.errors import ConfigurationError
from ringsim.scenario._away import Away, Duration
from ringsim.scenario._duty import clock_of
from ringsim.scenario._instants import LARGEST, as_instant
from ringsim.scenario._redial import Redial

__all__ = ["ARRIVALS", "Demand", "Extension"]

DEFAULT_ANSWER_DELAY = NamedScipy("gamma", (("a", 2.0), ("scale", 3.0)))
ARRIVALS = ("calls_per_hour", "calls_per_interval", "arrives_at")  # exactly one is given


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
    calls_per_hour : float or list of float
        Rate of a Poisson process, or one rate for each `interval` from the start; after
        the last interval nobody calls.
    calls_per_interval : list of float
        Expected number of calls in each `interval`, such as counts from a spreadsheet,
        instead of rates: 18 calls in 900 s are 72 per hour.
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
        Time from answer to hang-up [s].
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

    A distribution is a number of seconds, a text such as `"3:00"` or `"2 min"`, a frozen
    `scipy.stats` distribution, `ringsim.lognormal`, `ringsim.Empirical`, or a form of one of
    these for files.

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

    calls_per_hour: Annotated[float | tuple[float, ...] | None, PlainValidator(_rates)] = None
    calls_per_interval: Annotated[tuple[float, ...] | None, PlainValidator(_counts)] = None
    interval: Annotated[
        float, number_between("a positive number of seconds", 0, 1e9, above=True, seconds=True)
    ] = 1800
    arrives_at: Annotated[tuple[Any, ...] | None, PlainValidator(_instants)] = None
    busyness: Annotated[float, number_between("between 0 and 10", 0, 10)] = 0
    talk_time: Duration
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
        rates = self.hourly_rates
        if isinstance(rates, tuple) and not all(map(math.isfinite, rates)):
            raise ConfigurationError(
                "interval", "must be longer: the calls per hour are infinite", self.interval
            )
        return self

    @property
    def hourly_rates(self) -> float | tuple[float, ...]:
        """Calls per hour: one rate, or one per `interval`; 0 if `arrives_at` is given."""
        if self.calls_per_interval is not None:
            return tuple(count * 3600 / self.interval for count in self.calls_per_interval)
        return 0.0 if self.calls_per_hour is None else self.calls_per_hour

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
        calls = getattr(self, name)
        scaled = (
            tuple(each * factor for each in calls) if isinstance(calls, tuple) else calls * factor
        )
        return self.replace(**{name: scaled})

    def expected_calls(self, hours: float) -> float:
        """Return the expected number of calls in the first `hours`; with `arrives_at`, all."""
        if self.arrives_at is not None:
            return float(len(self.arrives_at))
        rates = self.hourly_rates
        if not isinstance(rates, tuple):
            return float(rates) * hours
        ends = [min((index + 1) * self.interval, hours * 3600) for index in range(len(rates))]
        starts = [min(index * self.interval, hours * 3600) for index in range(len(ends))]
        return sum(
            rate * (end - start) / 3600
            for rate, start, end in zip(rates, starts, ends, strict=True)
        )


def _spans(value: Any) -> Any:
    """Validate `on_duty` as a tuple of pairs; `Scenario` checks their values later."""
    if value is None:
        return None
    spans = as_list(value, "", "must be a list of spans, each of a start and an end")
    for index, span in enumerate(spans):
        if isinstance(span, (str, bytes)) or not isinstance(span, Sequence) or len(span) != 2:
            raise ConfigurationError(f"[{index}]", "must be a start and an end", span)
    return tuple((_file_seconds(start), _file_seconds(end)) for start, end in spans)


def _file_seconds(value: Any) -> Any:
    """Convert a number of seconds or a time from a file; return others unchanged.

    Infinity is `"inf"` there; TOML's own times become text.
    """
    value = clock_of(value)
    if not is_number(value):
        return math.inf if isinstance(value, str) and value == "inf" else value
    if abs(as_float(value)) > LARGEST:
        return math.copysign(math.inf, value > 0 or -1)
    return plain_number(value)


class Extension(Record):
    """The person behind an extension number, shared by all groups that list the number.

    Parameters
    ----------
    extension_number : str
        3 to 64 digits; may be a positional argument.
    answer_delay : distribution, default gamma(2, scale=3)
        Time from the first ring to lifting the handset [s].
    answer_probability : float, default 1
        Probability that a ring is answered at all; drawn independently for every ring.
    decline_probability : float, default 0
        Probability that a ring is declined if it is not answered sooner; drawn independently
        for every ring.
    decline_delay : distribution, default 3
        Time from the start of a ring until it is declined [s].
    on_duty : list of (start, end), optional
        Spans in which the phone rings, as times of day `("08:00", "12:00")` or as seconds
        from the start, of which the last may end at `inf`. By default the person is always
        on duty; with an empty list, never.
    own_calls : Demand, optional
        Direct or outbound calls of the person, who is busy meanwhile. The patience, wrap-up
        time and redial of this demand are ignored.
    away : Away, optional
        Spells in which the phone rings and nobody is there. By default there are none.

    Raises
    ------
    ConfigurationError
        If a field is invalid.
    """

    _by_position: ClassVar[tuple[str, ...]] = ("extension_number",)

    extension_number: ExtensionNumber
    answer_delay: Duration = DEFAULT_ANSWER_DELAY
    answer_probability: Annotated[float, number_between("between 0 and 1", 0, 1)] = 1
    decline_probability: Annotated[float, number_between("between 0 and 1", 0, 1)] = 0
    decline_delay: Duration = Constant(3.0)
    on_duty: Annotated[tuple[tuple[Any, Any], ...] | None, PlainValidator(_spans)] = None
    own_calls: Demand | None = None
    away: Away | None = None
