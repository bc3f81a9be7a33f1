"""Rows of a log whose groups have options, each with the rows that belong to it.

`OptionGroup`
    A group with every option of its rules set.
`Busy`, `Pause`
    A call and a pause of a person.
`Visit`, `Ring`
    A visit of a call with its rings, and a ring with its visit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ringsim._model import Record
from ringsim.audit._rows import CallRow, RingRow, VisitRow
from ringsim.dispatch import Dispatcher
from ringsim.group import RingGroup

__all__ = ["ROUNDING", "Busy", "OptionGroup", "Pause", "Ring", "Visit"]

ROUNDING = 1e-6  # s, of sums of pauses
SHORTEST = 1e-6  # s, of durations that no instant of a day rounds off


class Busy(NamedTuple):
    """A call of a person: answer, hang-up, and the instant from which the person is free."""

    group: str  # "" for an own call or a spell away
    call: int  # -1 for an own call or a spell away
    at: float
    until: float
    free_at: float
    wraps_up_until: float = -math.inf  # enforced wrap-up
    is_talk: bool = True
    is_page: bool = False
    ring: Ring | None = None  # that was answered


class Pause(NamedTuple):
    """An automatic pause of a member; `group` is "" if it counts in all groups."""

    group: str
    member: str
    at: float
    until: float
    ring: Ring | None = None  # after which it begins

    def key(self) -> tuple[str, str, float, float]:
        """Return what the log tells of a pause."""
        return self[:4]

    def is_like(self, other: Pause, slack: float) -> bool:
        """Return whether two pauses are the same, but for the rounding of instants."""
        slack = 2 * slack + ROUNDING
        ends_then = self.until == other.until or abs(self.until - other.until) <= slack
        return self[:2] == other[:2] and abs(self.at - other.at) <= slack and ends_then


@dataclass
class OptionGroup:
    """A group with every option of its rules set."""

    record: RingGroup
    rules: Any
    dispatcher: Dispatcher

    @property
    def number(self) -> str:
        return self.record.extension_number

    @property
    def durations_are_seen(self) -> bool:
        """Whether every duration of the group, if not 0, sets two instants apart for sure.

        One of less than a microsecond may be lost in the rounding of an instant.
        """
        return not any(0 < number < SHORTEST for number in _numbers_in(self.record))

    def position_of(self, member: str) -> int | None:
        """Return the position of a member; None for a person who is no member."""
        numbers = [one.extension_number for one in self.record.members]
        return numbers.index(member) if member in numbers else None

    @property
    def starts_late(self) -> bool:
        """True if phones may start later than their wave; no row tells of those still to start."""
        return any(map(self.ring_delay, range(len(self.record.members))))

    @property
    def picks_are_known(self) -> bool:
        """False if the log does not tell phones picked to start late from those that joined."""
        return not (self.starts_late and self.rules.join_ringing)

    @property
    def first_picks_are_known(self) -> bool:
        """False if members of the first wave may have no row although later ones ring.

        A phone that starts late is left out if its member is on a call then, and rings no more if
        a later wave answers first.
        """
        may_be_left_out = self.rules.order_fixed != "call"
        return self.picks_are_known and not any(
            self.ring_delay(i)
            and (self.rules.memory_hunt == "ring_on" or (may_be_left_out and self.skips_busy(i)))
            for i in range(len(self.record.members))
        )

    def skips_busy(self, position: int) -> bool:
        own = self.record.members[position].skip_busy
        return bool(self.record.skip_busy_member if own is None else own)

    def ring_delay(self, position: int) -> float:
        return float(self.record.members[position].ring_delay or 0)

    def ring_time(self, position: int) -> float:
        own = self.record.members[position].ring_time
        return float(self.record.ring_time if own is None else own)

    def wrap_up(self, position: int, drawn: float) -> float:
        own = self.record.members[position].enforced_wrap_up
        enforced = self.rules.enforced_wrap_up if own is None else own
        return drawn if enforced == "drawn" else float(enforced)


@dataclass(slots=True, eq=False)
class Visit:
    """One visit of a call to a group, with its rings in order."""

    row: VisitRow
    group: OptionGroup
    call: CallRow
    is_first: bool = False
    is_last: bool = False
    rings: list[Ring] = field(default_factory=list)
    lined_up_at: float = math.nan
    line_length: float = math.nan
    first_rung_at: float | None = None  # None if the log does not tell
    max_wait_time: float = math.inf

    @property
    def is_answered(self) -> bool:
        return self.is_last and self.call.outcome == "answered"

    @property
    def leaves_line_at(self) -> float:
        """Instant at which the place in line is given up."""
        delay = self.group.rules.connect_delay if self.is_answered else 0.0
        return float(self.row.left_at + delay)

    @property
    def leaves_at(self) -> float:
        """Instant at which the time in the group is over."""
        return self.row.entered_at + self.max_wait_time

    @property
    def leaves_at_once(self) -> bool:
        """Whether the call has no time in the group, which shorter limits than a tick also mean."""
        return self.leaves_at <= self.row.entered_at

    def is_ringing(self, at: float, slack: float) -> bool:
        """Return whether a phone may ring for the call at an instant."""
        return any(
            one.row.started_at - slack <= at <= one.row.ended_at + slack for one in self.rings
        )


@dataclass(slots=True, eq=False)
class Ring:
    """One ring, with its visit."""

    row: RingRow
    visit: Visit
    position: int
    nth: int

    @property
    def picked_at(self) -> float:
        """Instant at which the member was picked: before the start, if the phone starts later."""
        if self.row.result == "paged":
            return self.row.started_at
        return self.row.started_at - self.visit.group.ring_delay(self.position)


def _numbers_in(value: Any) -> Iterator[float]:
    """Yield the numbers in a value, and in the records, lists and tables that it holds."""
    if isinstance(value, (int, float)):
        yield value
    elif isinstance(value, Record):
        yield from _numbers_in(vars(value))
    elif isinstance(value, Mapping):
        yield from _numbers_in(tuple(value.values()))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _numbers_in(each)
