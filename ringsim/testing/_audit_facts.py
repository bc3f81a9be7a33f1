"""What a log says of one call, as rules ask for it.

`Plan`, `OwnPlan`
    What the workload says of a call, or of an own call.
`Story`
    One call: its rows, and how far they have been read.
`Look`
    One instant at which the PBX picks whom to ring, and the rings that follow from it.
`Phone`
    One phone while it rings.
`End`
    The end of a wave.
`Ending`
    How a call ends.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import NamedTuple

from ringsim.scenario import Scenario
from ringsim.testing._audit_order import Event
from ringsim.testing._audit_people import Group, Person, Seat
from ringsim.testing._audit_tables import CallRow, RingRow, VisitRow
from ringsim.workload import Workload

__all__ = ["End", "Ending", "Look", "OwnPlan", "Phone", "Plan", "Story", "own_plans_of", "plans_of"]


class Plan(NamedTuple):
    """What the workload says of a call."""

    group: str | None
    arrives_at: float
    talk_time: float
    wrap_up_time: float
    patience: float


class OwnPlan(NamedTuple):
    """What the workload says of an own call."""

    extension: str
    started_at: float
    talk_time: float


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

    @property
    def gives_up_at(self) -> float:
        """S8: when the caller gives up."""
        return self.call.arrives_at + self.call.patience

    @property
    def next_ring(self) -> RingRow | None:
        """The first ring that belongs to no look so far."""
        return self.rings[self.n_read] if self.n_read < len(self.rings) else None

    def next_wave(self, group: str, size: int) -> list[RingRow]:
        """The rings that began together and come next, if they are of this group.

        A ring of a group that the call never entered is taken for one of this group. Where
        instants are so large that a wave begins and ends at the same float, as does the next,
        its size tells where it ends.
        """
        first = self.next_ring
        elsewhere = {visit.group for visit in self.visits} - {group}
        if first is None or first.group in elsewhere:
            return []
        wave = takewhile(
            lambda ring: ring.group not in elsewhere and ring.started_at == first.started_at,
            islice(self.rings, self.n_read, None),
        )
        return list(islice(wave, max(size, 1)) if first.started_at == first.ended_at else wave)


@dataclass(slots=True)
class Look:
    """One instant at which the PBX picks whom to ring (S3, S4)."""

    story: Story
    visit: VisitRow
    group: Group
    now: float
    rung: frozenset[int]
    """Positions of the members already rung in this pass."""
    candidates: list[Seat]
    """By rule S3, from the rows before."""
    picked: list[Seat]
    """Of these, by the dispatcher; in the configured order."""
    wave: list[RingRow] = field(default_factory=list)
    """The rings that begin, as the log says."""

    @property
    def is_page(self) -> bool:
        """S10: whether phones answer by themselves."""
        return self.group.dispatcher.auto_answer

    @property
    def seats(self) -> list[tuple[RingRow, Seat]]:
        """The rings that begin, with their members; those of strangers are left out."""
        found = ((ring, self.group.seat_of(ring.member)) for ring in self.wave)
        return [(ring, seat) for ring, seat in found if seat is not None]


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
class End:
    """The end of a wave, as the log says."""

    story: Story
    wave: list[RingRow]
    ring_time: float
    answered: RingRow | None
    event: Event


class Ending(NamedTuple):
    """How a call ends."""

    outcome: str
    answered_by: str | None = None
    action: str | None = None


def plans_of(scenario: Scenario, workload: Workload) -> list[Plan]:
    """What the workload says of each call; of several groups, one must be named."""
    given = workload.group
    if given is None:
        given = scenario.group_numbers[0] if len(scenario.group_numbers) == 1 else None
    groups = given if isinstance(given, tuple) else (given,) * len(workload)
    columns = (
        workload.arrives_at.tolist(),
        workload.talk_time.tolist(),
        workload.wrap_up_time.tolist(),
        workload.patience.tolist(),
    )
    return [Plan(*plan) for plan in zip(groups, *columns, strict=True)]


def own_plans_of(workload: Workload) -> list[OwnPlan]:
    """What the workload says of each own call."""
    own = workload.own_calls
    columns = (own.extension, own.at.tolist(), own.talk_time.tolist())
    return [OwnPlan(*plan) for plan in zip(*columns, strict=True)]
