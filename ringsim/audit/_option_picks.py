"""Picks of members in a visit: rings that a group with options chose at one instant.

`Pick`
    Rings that were chosen together.
`picks_of`
    The picks of a visit, in order.
`pass_of`
    The earlier picks that may belong to the pass of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ringsim.audit._option_rows import Ring, Visit

__all__ = ["Pick", "pass_of", "picks_of"]

GOES_ON = ("ring_no_answer", "declined")  # results after which the call may ring others


@dataclass(slots=True)
class Pick:
    """Rings that were chosen together.

    Attributes
    ----------
    at : float
        Instant of the choice.
    starts_pass : bool or None
        Whether it is the first of its pass; None if the log does not tell.
    has_joined : bool
        Whether its members joined a wave that rang already, and were not chosen by their order.
    """

    visit: Visit
    at: float
    rings: list[Ring] = field(default_factory=list)
    starts_pass: bool | None = True
    has_joined: bool = False

    @property
    def members(self) -> set[int]:
        """Positions of the members who ring."""
        return {ring.position for ring in self.rings}

    @property
    def ended_at(self) -> float:
        """Instant at which the last of its phones fell silent."""
        return max(ring.row.ended_at for ring in self.rings)

    def is_one(self, slack: float) -> bool:
        """Return False if the rings may be those of several waves of one instant."""
        rules = self.visit.group.rules
        if rules.memory_hunt == "ring_on" and rules.wave_step <= 2 * slack:
            return len(self.rings) == 1
        return not any(
            ring.row.result in GOES_ON and ring.row.ended_at - ring.row.started_at <= 2 * slack
            for ring in self.rings
        )


def picks_of(visit: Visit, slack: float) -> list[Pick]:
    """Return the picks of a visit, in order."""
    found: list[Pick] = []
    for ring in sorted(visit.rings, key=lambda one: one.picked_at):
        if not found or ring.picked_at - found[-1].at > slack:
            found.append(Pick(visit, ring.picked_at))
        found[-1].rings.append(ring)
    for n, pick in enumerate(found[1:], 1):
        earlier = [ring for one in found[:n] for ring in one.rings]
        pick.has_joined = visit.group.rules.join_ringing and any(
            _rang_beside(ring, pick, slack) for ring in earlier
        )
        pick.starts_pass = _starts_pass(pick, found[n - 1], earlier, slack)
    return found


def pass_of(picks: Sequence[Pick], n: int) -> Sequence[Pick]:
    """Return the picks before number `n` that may belong to its pass."""
    again = picks[n].visit.group.rules.memory_hunt == "again"
    first, seen = n, picks[n].members
    while first > 0 and picks[first].starts_pass is not True:
        before = picks[first - 1]
        if not again and before.members & seen:  # nobody rings twice in a pass (S2)
            first -= not before.is_one(0.0)  # of several waves the last may belong to it
            break
        first -= 1
        seen = seen | picks[first].members
    return picks[first:n]


def _rang_beside(ring: Ring, pick: Pick, slack: float) -> bool:
    """Return whether a phone that rang before a pick surely still rang at it.

    At one instant phones are declined and time out before others join their wave; answers and
    callers who give up can end the rings of all (S13).
    """
    if ring.row.started_at + slack >= pick.at:
        return False
    ends = ring.row.ended_at - pick.at
    return ends > slack or (ends >= -slack and ring.row.result not in GOES_ON)


def _starts_pass(pick: Pick, before: Pick, earlier: Sequence[Ring], slack: float) -> bool | None:
    """Return whether a pick is the first of its pass, None if the log does not tell.

    Phones of one pass ring without a break, and a pause between passes is one.
    """
    visit, group, rules = pick.visit, pick.visit.group, pick.visit.group.rules
    if visit.row.passes == 1 or pick.has_joined:
        return False
    if group.starts_late:
        return None
    rings_twice = (
        rules.memory_hunt != "again"
        and before.is_one(slack)
        and bool(pick.members & before.members)
    )
    ended_at = max(ring.row.ended_at for ring in earlier)
    declined = any(ring.row.result == "declined" for ring in earlier)
    if rings_twice or pick.at - ended_at > 2 * slack:
        return True
    if group.dispatcher.one_wave and not declined:
        return True
    return False if rules.retry_pause > 4 * slack else None
