"""People behind extension numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import PlainValidator

from ringsim._checks import as_float, is_number
from ringsim._model import ExtensionNumber, Record, number_between, plain_number
from ringsim.distributions import Constant, NamedScipy, as_list
from ringsim.errors import ConfigurationError
from ringsim.scenario._away import Away, Duration
from ringsim.scenario._days import by_weekday, value_on
from ringsim.scenario._demand import Demand
from ringsim.scenario._duty import clock_of
from ringsim.scenario._instants import LARGEST

__all__ = ["Extension", "duty_spans"]

DEFAULT_ANSWER_DELAY = NamedScipy("gamma", (("a", 2.0), ("scale", 3.0)))

DASH = re.compile("[-\N{EN DASH}]")
DUTY_FORM = '[("08:00", "12:00"), ("12:30", "17:00")]'
AT_WORK = f"Give the times at work, without breaks, as on_duty={DUTY_FORM}."

Spans = tuple[tuple[Any, Any], ...]


def duty_spans(value: Any) -> Any:
    """Validate `on_duty` as a tuple of pairs; `Scenario` checks their values later."""
    if value is None:
        return None
    if isinstance(value, str) and DASH.search(value):
        value = value.split(",")
    spans = as_list(value, "", "must be a list of spans, each of a start and an end")
    spans = [_span_of(span) if isinstance(span, str) else span for span in spans]
    for index, span in enumerate(spans):
        if isinstance(span, (str, bytes)) or not isinstance(span, Sequence) or len(span) != 2:
            raise ConfigurationError(
                f"[{index}]", "must be a start and an end", span, f"Write {DUTY_FORM}."
            )
    return tuple((_file_seconds(start), _file_seconds(end)) for start, end in spans)


def _span_of(text: str) -> Any:
    """Return the start and the end in `08:00-12:00`; return any other text unchanged."""
    ends = [end.strip() for end in DASH.split(text)]
    return tuple(ends) if len(ends) == 2 and all(ends) else text


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
    on_duty : list of (start, end) or dict of str to such a list, optional
        Spans in which the phone rings, as times of day `("08:00", "12:00")` or `"08:00-12:00"`,
        or as seconds from the start, of which the last may end at `inf`. By default the person
        is always on duty; with an empty list, never. A table has a list for each of the
        scenario's `days`, such as `{"mon": [("08:00", "12:00")], "tue": []}`.
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
    _other_words: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("break", "breaks", "duty", "lunch", "lunch_break", "pause", "pauses", "shift", "shifts"),
        AT_WORK,
    )

    extension_number: ExtensionNumber
    answer_delay: Duration = DEFAULT_ANSWER_DELAY
    answer_probability: Annotated[float, number_between("between 0 and 1", 0, 1)] = 1
    decline_probability: Annotated[float, number_between("between 0 and 1", 0, 1)] = 0
    decline_delay: Duration = Constant(3.0)
    on_duty: Annotated[Spans | dict[str, Spans] | None, PlainValidator(by_weekday(duty_spans))] = (
        None
    )
    own_calls: Demand | None = None
    away: Away | None = None

    def on(self, day: str | None) -> Extension:
        """Return the person on one weekday; None is the day of a scenario without days.

        Raises
        ------
        ConfigurationError
            If a setting is given by weekday, and not for this one.
        """
        own = self.own_calls
        if own is not None:
            try:
                own = own.on(day)
            except ConfigurationError as wrong:
                raise wrong.inside("own_calls") from None
        duty = value_on(self.on_duty, day, "on_duty")
        if own is self.own_calls and duty is self.on_duty:
            return self
        return self.replace(on_duty=duty, own_calls=own)
