"""Calls as a log tells them, and the order of events (S13).

`CallHistory`
    One call: its rows, and how far they have been read.
`RingingPhone`
    One phone while it rings.
`Wave`
    Rings that began together, and what ends them.
`Outcome`
    How a call ends.

Rule S13: the order of what happens at one instant.

`EventKind`
    The kinds of events, in their order.
`Event`
    When something happens, and its place among what happens then.
`EventQueue`
    Everything that is known to happen, done in this order.

That a member becomes free is no event here: who is free is asked by comparing instants, and
comes out as if it had been the first event of its instant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heappop, heappush
from itertools import islice, takewhile
from typing import NamedTuple

from ringsim.audit._rows import CallRow, RingRow, VisitRow
from ringsim.audit._state import Person, Seat

__all__ = ["CallHistory", "Event", "EventKind", "EventQueue", "Outcome", "RingingPhone", "Wave"]


@dataclass(slots=True)
class CallHistory:
    """One call: its rows, and how far they have been read."""

    call: CallRow
    visits: list[VisitRow] = field(default_factory=list)
    rings: list[RingRow] = field(default_factory=list)
    n_read: int = 0
    now: float = 0.0
    entered: list[str] = field(default_factory=list)
    rings_on: Counter[str] = field(default_factory=Counter)
    slack: float = 0.0
    """How far two instants of the log may be apart that should be equal [s]."""

    @property
    def gives_up_at(self) -> float:
        """S8: when the caller gives up."""
        return self.call.arrives_at + self.call.patience

    @property
    def next_ring(self) -> RingRow | None:
        """The first ring that belongs to no look so far."""
        return self.rings[self.n_read] if self.n_read < len(self.rings) else None

    def next_wave(self, group: str, size: int, at_once: int | None = None) -> list[RingRow]:
        """The rings that began together and come next, if they are of this group.

        Where some must ring, a ring of a group that the call never entered is taken for one
        of them. Where instants are so large that a wave begins and ends at the same float, as
        does the next, its size tells where it ends.
        """
        first = self.next_ring
        elsewhere = {visit.group for visit in self.visits} - {group}
        if first is None or first.group in elsewhere or (first.group != group and not size):
            return []
        wave = takewhile(
            lambda ring: (
                ring.group not in elsewhere
                and abs(ring.started_at - first.started_at) <= self.slack
            ),
            islice(self.rings, self.n_read, None),
        )
        if self.slack:
            members: dict[str, RingRow] = {}
            for ring in islice(wave, at_once):
                if ring.member in members:
                    break
                members[ring.member] = ring
            return list(members.values())
        return list(islice(wave, max(size, 1)) if first.started_at == first.ended_at else wave)


@dataclass(slots=True)
class RingingPhone:
    """One phone while it rings."""

    ring: RingRow
    seat: Seat
    ready_at: float
    """When it could be answered, were its member free; unknown without a workload."""
    answers_at: float | None = None
    """The first instant at which it can be answered, once that has come."""
    is_ringing: bool = True

    @property
    def person(self) -> Person:
        return self.seat.person


class EventKind(IntEnum):
    """Kinds of events in the order in which they happen."""

    ANSWER = 0
    GIVE_UP = 1
    TIME_OUT = 2
    REPEAT = 3
    OWN_CALL = 4
    ARRIVAL = 5


class Event(NamedTuple):
    """When something happens, and its place among what happens then."""

    at: float
    kind: EventKind
    number: int
    """Of the call, or the own call."""
    position: int = 0
    """In the configured order, of who answers."""


@dataclass(slots=True)
class Wave:
    """Rings that began together, and what ends them, as the log says."""

    story: CallHistory
    rings: list[RingRow]
    ring_time: float
    answered: RingRow | None
    ends: Event


class Outcome(NamedTuple):
    """How a call ends."""

    outcome: str
    answered_by: str | None = None
    action: str | None = None


class EventQueue:
    """Events still to come; an event may add others, of the same instant too."""

    def __init__(self) -> None:
        self._events: list[tuple[Event, bool, int, Callable[[], None]]] = []
        self._added = 0

    def add(self, event: Event, do: Callable[[], None], *, first: bool = False) -> None:
        """Do something at an event; `first` before everything else at the very same event."""
        heappush(self._events, (event, not first, self._added, do))
        self._added += 1

    def run(self) -> None:
        """Do everything in order."""
        while self._events:
            heappop(self._events)[-1]()
