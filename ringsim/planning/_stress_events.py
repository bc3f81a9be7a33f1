"""Record of an event that a group may have to withstand."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal, Self

from pydantic import PlainValidator, model_validator

from ringsim._checks import is_number
from ringsim._model import ExtensionNumber, Record, number_between
from ringsim._sentences import counted
from ringsim.errors import ConfigurationError
from ringsim.scenario import DAY, clock_seconds
from ringsim.scenario._duty import clock_of

__all__ = ["MAX_BURST", "VOICEMAIL", "Stress", "seconds_after_opening"]

MAX_BURST = 100_000  # calls
VOICEMAIL = "voicemail"
FIELDS = {  # of each kind
    "absence": ("person",),
    "volume": ("factor",),
    "burst": ("calls", "minutes", "at"),
    "longer_calls": ("factor",),
    "closed": ("target",),
}
NEEDED = ("factor", "calls")
LATER = re.compile(r"(.*) \+([0-9]{1,3}) d")  # a time of day of a later day, as it is shown


def seconds_after_opening(at: str, opens_at: str) -> float:
    """Return the instant of a time of day [s].

    It is the first one after opening, such as `"10:00"`, or that of a later day, such as
    `"10:00 +1 d"` for the day after the first.

    Raises
    ------
    ConfigurationError
        If it is not a time of day.
    """
    later = LATER.fullmatch(at)
    clock = clock_seconds(at if later is None else later[1]) - clock_seconds(opens_at)
    return clock % DAY if later is None else clock + int(later[2]) * DAY


def _time(value: Any) -> Any:
    value = clock_of(value)
    if isinstance(value, str):
        seconds_after_opening(value, "00:00")
    elif value is not None and not (is_number(value) and 0 <= value < math.inf):
        raise ConfigurationError(
            "", 'must be a time of day such as "08:30", or seconds from the start', value
        )
    return value


class Stress(Record):
    """An event that a group may have to withstand; made by the class methods.

    Parameters
    ----------
    kind : str
        `absence`, `volume`, `burst`, `longer_calls` or `closed`.
    person : str, optional
        Number of the person who is absent; by default the member who answers most calls.
    factor : float, optional
        Factor of the number of calls, or of their length.
    calls, minutes : int and float, optional
        Number of calls of a burst, and its length [min], by default 10.
    at : str or float, optional
        Start of a burst: a time of day, of a later day such as `"10:00 +1 d"`, or seconds from
        the start; by default the start of the half-hour with most calls.
    target : str, optional
        Closed target of calls that nobody answers: a number, or `voicemail`; by default the
        target of the group.

    Raises
    ------
    ConfigurationError
        If a field is invalid, or the kind has no such field or needs another.

    Examples
    --------
    >>> print(Stress.volume(1.3))
    1.3 times the calls
    >>> print(Stress.burst(20, 10, at="09:00"))
    20 calls in 10 min at 09:00
    """

    kind: Literal["absence", "volume", "burst", "longer_calls", "closed"]
    person: ExtensionNumber | None = None
    factor: Annotated[
        float, number_between("a positive number, at most 1000", 0, 1000, above=True)
    ] = 1
    calls: Annotated[
        int, number_between(f"a whole number from 0 to {MAX_BURST}", 0, MAX_BURST, whole=True)
    ] = 0
    minutes: Annotated[
        float, number_between("a positive number of minutes, at most 1440", 0, 1440, above=True)
    ] = 10
    at: Annotated[Any, PlainValidator(_time)] = None
    target: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        own = FIELDS[self.kind]
        for name in own[:1]:
            if name in NEEDED and name not in self.model_fields_set:
                raise ConfigurationError(name, f"must be given for kind {self.kind!r}")
        for name in self.model_fields_set - {"kind", *own}:
            if getattr(self, name) != type(self).model_fields[name].default:
                raise ConfigurationError(
                    name, f"must not be given for kind {self.kind!r}", getattr(self, name)
                )
        return self

    @classmethod
    def absence(cls, person: str | None = None) -> Self:
        """Return the absence of a person; by default of the member who answers most calls."""
        return cls(kind="absence", person=person)

    @classmethod
    def volume(cls, factor: float) -> Self:
        """Return a change of the group's number of calls by a factor."""
        return cls(kind="volume", factor=factor)

    @classmethod
    def burst(cls, calls: int, minutes: float, at: str | float | None = None) -> Self:
        """Return a number of more calls, evenly spread over some minutes."""
        return cls(kind="burst", calls=calls, minutes=minutes, at=at)

    @classmethod
    def longer_calls(cls, factor: float) -> Self:
        """Return a change of the talk time of all calls, own calls too, by a factor."""
        return cls(kind="longer_calls", factor=factor)

    @classmethod
    def closed(cls, target: str | None = None) -> Self:
        """Return the closing of a target: calls that would be forwarded to it are hung up."""
        return cls(kind="closed", target=target)

    def __str__(self) -> str:
        match self.kind:
            case "absence":
                return f"{self.person or 'somebody'} absent"
            case "volume":
                return f"{self.factor:g} times the calls"
            case "burst":
                start = self.at if isinstance(self.at, str | None) else f"{self.at:.12g} s"
                at = "" if start is None else f" at {start}"
                return f"{counted(self.calls, 'call')} in {self.minutes:g} min{at}"
            case "longer_calls":
                return f"calls {self.factor:g} times as long"
            case _:
                return f"{self.target or 'overflow'} closed"
