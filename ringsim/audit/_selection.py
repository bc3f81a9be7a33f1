"""Whom the PBX rings: rules S3 and S4, asked of the state that the rows before have left.

`Selection`
    One instant at which the PBX picks whom to ring, and the rings that follow from it.
`check_selection`
    Who is a candidate at the present instant of a call, and who of them is to ring.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ringsim.audit._calls import CallHistory
from ringsim.audit._rows import RingRow, VisitRow
from ringsim.audit._state import Group, Seat
from ringsim.dispatch import Candidate, Dispatcher, Moment
from ringsim.errors import DispatcherError

__all__ = ["Selection", "candidates_of", "check_selection"]


@dataclass(slots=True)
class Selection:
    """One instant at which the PBX picks whom to ring (S3, S4)."""

    story: CallHistory
    visit: VisitRow
    group: Group
    now: float
    rung: frozenset[int]
    """Positions of the members already rung in this pass."""
    candidates: list[Seat]
    """By rule S3, from the rows before."""
    picked: list[Seat]
    """Of these, by the dispatcher; in the configured order."""
    shown: dict[str, Candidate] = field(default_factory=dict)
    """By number, what the dispatcher was shown."""
    sure: list[Seat] = field(default_factory=list)
    """Of the candidates, those who are some whatever the tolerance."""
    waves: int = 0
    """Waves before it in this pass."""
    wave: list[RingRow] = field(default_factory=list)
    """The rings that begin, as the log says."""

    @property
    def is_page(self) -> bool:
        """S10: whether phones answer by themselves."""
        return self.group.dispatcher.auto_answer

    @property
    def moment(self) -> Moment:
        """When the dispatcher is asked."""
        return Moment(self.now, self.visit.call, self.waves, self.now - self.story.call.arrives_at)

    @property
    def seats(self) -> list[tuple[RingRow, Seat]]:
        """The rings that begin, with their members; those of strangers are left out."""
        found = ((ring, self.group.seat_of(ring.member)) for ring in self.wave)
        return [(ring, seat) for ring, seat in found if seat is not None]


def candidates_of(group: Group, now: float, rung: frozenset[int]) -> list[Seat]:
    """S3: members on duty, not yet rung in this pass, and not on a call if those are skipped."""
    skip_busy = group.record.skip_busy_member
    return [
        seat
        for seat in group.seats
        if seat.position not in rung
        and seat.person.is_on_duty(now)
        and not (skip_busy and seat.is_on_call(now))
    ]


def check_selection(
    story: CallHistory, visit: VisitRow, group: Group, rung: frozenset[int], waves: int
) -> Selection:
    """S3, S4: who is a candidate, and who of them is to ring."""
    now, candidates = story.now, candidates_of(group, story.now, rung)
    look = Selection(story, visit, group, now, rung, candidates, picked=[], waves=waves)
    reached = candidates
    if look.is_page:
        reached = [seat for seat in candidates if not seat.is_on_call(now)]
    if not group.order_is_known:
        rung_now = {ring.member for ring in story.next_wave(group.number, len(reached))}
        look.picked = [seat for seat in reached if seat.person.number in rung_now] or reached
    elif reached:
        look.shown = {seat.person.number: seat.as_candidate(now, visit.call) for seat in reached}
        positions = _picked(group.dispatcher, list(look.shown.values()), look.moment)
        look.picked = [seat for seat in reached if seat.position in positions]
    return look


def _picked(dispatcher: Dispatcher, candidates: list[Candidate], moment: Moment) -> set[int]:
    """S4: positions of those whom a dispatcher picks.

    Raises
    ------
    DispatcherError
        When it picks nobody, somebody twice, or somebody who is no candidate.
    """
    wave = list(dispatcher.wave(candidates, moment))
    strangers = [one for one in wave if not isinstance(one, Candidate) or one not in candidates]
    if not wave or strangers or len(set(wave)) < len(wave):
        name = f"{type(dispatcher).__name__}.wave()"
        raise DispatcherError(f"{name} must pick from the candidates, nobody twice, got {wave!r}.")
    return {candidate.position for candidate in wave}
