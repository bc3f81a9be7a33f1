"""What a log says of one call, as rules ask for it.

`Story`
    One call: its rows, and how far they have been read.
`Phone`
    One phone while it rings.
`Wave`
    Rings that began together, and what ends them.
`Ending`
    How a call ends.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import NamedTuple

from ringsim.testing._audit_order import Event
from ringsim.testing._audit_people import Person, Seat
from ringsim.testing._audit_rows import CallRow, RingRow, VisitRow

__all__ = ["Ending", "Phone", "Story", "Wave"]


@dataclass(slots=True)
class Story:
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
class Phone:
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


@dataclass(slots=True)
class Wave:
    """Rings that began together, and what ends them, as the log says."""

    story: Story
    rings: list[RingRow]
    ring_time: float
    answered: RingRow | None
    ends: Event


class Ending(NamedTuple):
    """How a call ends."""

    outcome: str
    answered_by: str | None = None
    action: str | None = None
