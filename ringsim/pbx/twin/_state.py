"""The state of a twin: its database, clock, tokens, faults, events and calls in progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ringsim.errors import ConfigurationError
from ringsim.pbx._times import Snowflakes
from ringsim.pbx.twin._clock import Clock, SystemClock
from ringsim.pbx.twin._events import Hub
from ringsim.pbx.twin._faults import Faults
from ringsim.pbx.twin._store import Store
from ringsim.pbx.twin._tokens import Tokens
from ringsim.pbx.twin._version import Version

__all__ = ["RecordToken", "Twin"]

Blank = Literal["null", "empty"]
BLANKS = {"null": None, "empty": ""}


@dataclass
class RecordToken:
    """A user's position in the sequence of their own call records."""

    user_id: str
    sequence: int
    since: str


@dataclass
class Twin:
    """Everything that the handlers of one server share.

    Attributes
    ----------
    store : Store
        The database.
    version : Version
        The version of the PBX to imitate.
    blank : {"null", "empty"}
        How times that did not happen are written.
    clock : Clock
        What tells the time.
    rate_limit : int or None
        Requests a minute of one address; None is no limit.
    """

    store: Store
    version: Version
    blank: Blank = "null"
    clock: Clock = field(default_factory=SystemClock)
    rate_limit: int | None = None
    ids: Snowflakes = field(default_factory=Snowflakes)
    live: dict[str, dict[str, Any]] = field(default_factory=dict)  # calls in progress, by id
    record_tokens: dict[str, RecordToken] = field(default_factory=dict)
    played: Mapping[str, Any] = field(default_factory=dict)  # callers and people of a play
    is_new: bool = True  # whether the first account was made by this start
    tokens: Tokens = field(init=False)
    faults: Faults = field(init=False)
    hub: Hub = field(init=False)

    def __post_init__(self) -> None:
        if self.blank not in BLANKS:
            raise ConfigurationError("blank", "must be 'null' or 'empty'", self.blank)
        self.tokens = Tokens(self.clock.now)
        self.faults = Faults(self)
        self.hub = Hub(self.clock)

    @property
    def blank_time(self) -> str | None:
        """The JSON of a time that did not happen."""
        blank = "empty" if self.faults.blanks_are_empty else self.blank
        return BLANKS[blank]

    def new_id(self) -> str:
        """Return a new id for something made now."""
        return self.ids.make(self.clock.now())
