"""Selection of the members who must ring (S3 and S4), given the state after the rows before.

`Selection`
    One instant at which the PBX selects members to ring, and the rings that the log has for it.
`candidates_of`
    The candidates of a group at an instant.
`check_selection`
    Make a selection for the present instant of a call.
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
    """One instant at which the PBX selects members to ring (S3, S4)."""

    history: CallHistory
    visit: VisitRow
    group: Group
    now: float
    rung: frozenset[int]
    """Positions of the members already rung in this pass."""
    candidates: list[Seat]
    """Candidates by rule S3, given the rows before."""
    picked: list[Seat]
    """Candidates that the dispatcher picks, in the configured order."""
    shown: dict[str, Candidate] = field(default_factory=dict)
    """Candidates as passed to the dispatcher, by number."""
    sure: list[Seat] = field(default_factory=list)
    """Members who are candidates for any true instants within the tolerance."""
    waves: int = 0
    """Number of earlier waves in this pass."""
    wave: list[RingRow] = field(default_factory=list)
    """Rings that begin now, according to the log."""

    @property
    def is_page(self) -> bool:
        """True if phones answer by themselves (S10)."""
        return self.group.dispatcher.auto_answer

    @property
    def moment(self) -> Moment:
        """The moment that is passed to the dispatcher."""
        waited = self.now - self.history.call.arrives_at
        latest = self.group.latest
        return Moment(self.now, self.visit.call, self.waves, waited, latest.rung, latest.answered)

    @property
    def seats(self) -> list[tuple[RingRow, Seat]]:
        """Rings that begin, each with its member's seat; without rings of non-members."""
        found = ((ring, self.group.seat_of(ring.member)) for ring in self.wave)
        return [(ring, seat) for ring, seat in found if seat is not None]


def candidates_of(group: Group, now: float, rung: frozenset[int]) -> list[Seat]:
    """Return the members on duty, not yet rung in this pass, and not on a call if skipped (S3)."""
    skip_busy = group.record.skip_busy_member
    return [
        seat
        for seat in group.seats
        if seat.position not in rung
        and seat.person.is_on_duty(now)
        and not (skip_busy and seat.is_on_call(now))
    ]


def check_selection(
    history: CallHistory, visit: VisitRow, group: Group, rung: frozenset[int], waves: int
) -> Selection:
    """Return the candidates now, and the ones who must ring (S3, S4).

    If the dispatcher sorts by random draws and the workload is unknown, any candidates who ring
    count as picked.
    """
    now, candidates = history.now, candidates_of(group, history.now, rung)
    selection = Selection(history, visit, group, now, rung, candidates, picked=[], waves=waves)
    reached = candidates
    if selection.is_page:
        reached = [seat for seat in candidates if not seat.is_on_call(now)]
    if not group.order_is_known:
        rung_now = _rung_together(history, group, len(reached))
        selection.picked = [seat for seat in reached if seat.person.number in rung_now] or reached
    elif reached:
        selection.shown = {
            seat.person.number: seat.as_candidate(now, visit.call) for seat in reached
        }
        positions = _picked(group.dispatcher, list(selection.shown.values()), selection.moment)
        selection.picked = [seat for seat in reached if seat.position in positions]
    return selection


def _rung_together(history: CallHistory, group: Group, most: int) -> set[str]:
    """Return the members of the next wave of rings, of which there are no more than `most`.

    Waves that take no time follow one another at one instant. A wave ends there when as many
    ring as the dispatcher says, or when the next ring is not in the configured order (S4).
    """
    dispatcher = group.dispatcher
    if dispatcher.is_ordering and isinstance(dispatcher.at_once, int):
        most = min(most, dispatcher.at_once)
    together: list[str] = []
    latest = -1
    for ring in history.next_wave(group.number, most):
        seat = group.seat_of(ring.member)
        if seat is not None and seat.position < latest:
            break
        latest = latest if seat is None else seat.position
        together.append(ring.member)
    return set(together)


def _picked(dispatcher: Dispatcher, candidates: list[Candidate], moment: Moment) -> set[int]:
    """Return the positions of the candidates that a dispatcher picks (S4).

    Raises
    ------
    DispatcherError
        If it picks no candidate, one twice, or an item that is not a candidate.
    """
    wave = list(dispatcher.wave(candidates, moment))
    strangers = [one for one in wave if not isinstance(one, Candidate) or one not in candidates]
    if not wave or strangers or len(set(wave)) < len(wave):
        name = f"{type(dispatcher).__name__}.wave()"
        raise DispatcherError(f"{name} must pick from the candidates, nobody twice, got {wave!r}.")
    return {candidate.position for candidate in wave}
