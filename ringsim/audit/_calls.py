"""Records of calls in a log, and the queue of events in the order of rule S13.

`CallHistory`
    The rows of one call, and how far they have been read.
`RingingPhone`
    One phone while it rings.
`Wave`
    Rings that began together, and the event that ends them.
`Outcome`
    The outcome of a call.
`EventKind`, `Event`
    The kinds of events, and an event; both sort in the order of rule S13.
`EventQueue`
    Scheduled events, run in that order.

There is no event for a member who becomes free. Comparing instants shows who is free, with the
same result as if that event came first at its instant.
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
    """The rows of one call, and how far they have been read."""

    call: CallRow
    visits: list[VisitRow] = field(default_factory=list)
    rings: list[RingRow] = field(default_factory=list)
    n_read: int = 0
    now: float = 0.0
    entered: list[str] = field(default_factory=list)
    rings_on: Counter[str] = field(default_factory=Counter)
    slack: float = 0.0
    """Largest difference of two instants of the log that count as equal [s]."""

    @property
    def gives_up_at(self) -> float:
        """Instant at which the caller gives up (S8)."""
        return self.call.arrives_at + self.call.patience

    @property
    def next_ring(self) -> RingRow | None:
        """First ring that belongs to no selection yet, or None."""
        return self.rings[self.n_read] if self.n_read < len(self.rings) else None

    def next_wave(self, group: str, size: int, at_once: int | None = None) -> list[RingRow]:
        """Return the next rings that began together, or nothing if another group rings.

        Parameters
        ----------
        group : str
            Number of the group that the call is in.
        size : int
            Number of members who must ring. If it is positive, a ring of a group that the call
            never enters counts as a ring of this wave. If a wave starts and ends at the same
            float, as at very large instants, `size` tells where the wave ends.
        at_once : int, optional
            Largest size of a wave; used with a tolerance only.
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
    """Instant from which a free member would answer; inf without a workload."""
    answers_at: float | None = None
    """First instant at which the member can answer; None until that instant."""
    is_ringing: bool = True

    @property
    def person(self) -> Person:
        return self.seat.person


class EventKind(IntEnum):
    """Kinds of events in the order of rule S13 at one instant."""

    ANSWER = 0
    GIVE_UP = 1
    TIME_OUT = 2
    REPEAT = 3
    OWN_CALL = 4
    ARRIVAL = 5


class Event(NamedTuple):
    """An event; events sort by instant, then by rule S13."""

    at: float
    kind: EventKind
    number: int
    """Number of the call or of the own call."""
    position: int = 0
    """Position of the member who answers, in the configured order."""


@dataclass(slots=True)
class Wave:
    """Rings that began together, and the event that ends them according to the log."""

    history: CallHistory
    rings: list[RingRow]
    ring_time: float
    answered: RingRow | None
    ends: Event


class Outcome(NamedTuple):
    """The outcome of a call, with the answering member or the no-answer action."""

    outcome: str
    answered_by: str | None = None
    action: str | None = None


class EventQueue:
    """Queue of events; an event may add further events, also at the same instant."""

    def __init__(self) -> None:
        self._events: list[tuple[Event, bool, int, Callable[[], None]]] = []
        self._added = 0

    def add(self, event: Event, do: Callable[[], None], *, first: bool = False) -> None:
        """Schedule a function for an event; `first` puts it before others for an equal event."""
        heappush(self._events, (event, not first, self._added, do))
        self._added += 1

    def run(self) -> None:
        """Run the functions of all events in order, until the queue is empty."""
        while self._events:
            heappop(self._events)[-1]()
