"""Order of events at one instant, as far as a log of groups with options tells it (S13).

`Moment`
    A look of a call at its group, and what has happened before it.
`Truth`, `any_of`, `both`, `inverse`
    True, False, or None if the log does not tell.

An arrival is the last kind of event of its instant. All that other calls do at that instant has
happened before it, but for what later arrivals begin or cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from ringsim.audit._option_rows import Ring, Visit
from ringsim.audit._option_state import Timeline

__all__ = ["Moment", "Truth", "any_of", "both", "entry_of", "inverse"]

Truth: TypeAlias = bool | None


def any_of(values: Iterable[Truth]) -> Truth:
    """Return whether one of the values is true, None if that is not known."""
    found = {*values}
    return True if True in found else None if None in found else False


def both(one: Truth, two: Truth) -> Truth:
    """Return whether both values are true, None if that is not known."""
    if one is False or two is False:
        return False
    return None if one is None or two is None else True


def inverse(value: Truth) -> Truth:
    """Return the opposite of a value, None if it is not known."""
    return None if value is None else not value


@dataclass(frozen=True, slots=True)
class Moment:
    """A look of a call at its group: its instant, and whether the call arrives with it."""

    line: Timeline
    visit: Visit
    at: float
    is_arrival: bool

    def is_past(self, at: float) -> Truth:
        """Return whether an instant has come that needs no event, such as the end of a talk."""
        if self.line.is_exact:
            return at <= self.at
        return None if abs(at - self.at) <= self.line.slack else at < self.at

    def has_happened(self, at: float, call: int, *, by_line: bool = False) -> Truth:
        """Return whether an event of another call, or of -1 for an own call, came before.

        With `by_line` it may follow from an event of another call of its instant.
        """
        line = self.line
        if at != self.at and (line.is_exact or abs(at - self.at) > line.slack):
            return at < self.at
        if not (line.is_exact and self.is_arrival):
            return None
        later = line.last_arrival(at) > self.visit.row.call or self._moves_others
        if call >= 0 and line.calls[call].arrives_at == at and call > self.visit.row.call:
            return False
        return None if later and by_line else True

    @property
    def _moves_others(self) -> bool:
        """Whether the call leaves or rings as it arrives, so that lines are looked at after it."""
        return any(
            visit.row.left_at == self.at
            or any(one.row.started_at == self.at for one in visit.rings)
            for visit in self.line.of_call[self.visit.row.call]
        )

    def has_begun(self, ring: Ring) -> Truth:
        """Return whether a phone has started to ring."""
        return self._of_ring(ring, ring.row.started_at)

    def has_ended(self, ring: Ring) -> Truth:
        """Return whether a phone has fallen silent."""
        return self._of_ring(ring, ring.row.ended_at)

    def _of_ring(self, ring: Ring, at: float) -> Truth:
        if ring.visit.row.call == self.visit.row.call:
            return ring.visit.row.row < self.visit.row.row
        by_line = ring.row.started_at == at and _is_watched(ring.visit)
        return self.has_happened(at, ring.visit.row.call, by_line=by_line)

    def stands_in_line(self, visit: Visit) -> Truth:
        """Return whether another call has a place in its group's line."""
        call, row = visit.row.call, visit.row
        if call == self.visit.row.call:  # which is in one group at a time
            return False
        is_first = visit is self.line.of_call[call][0]
        joined = self.has_happened(visit.lined_up_at, call, by_line=not is_first)
        if visit.leaves_line_at > row.left_at:  # when the talk starts (connect_delay)
            left = self.is_past(visit.leaves_line_at)
        else:
            answered = any(
                ring.row.result == "answered" and ring.row.started_at < row.left_at
                for ring in visit.rings
            )
            ends_by_itself = visit.is_last and (answered or visit.call.outcome == "abandoned")
            left = self.has_happened(row.left_at, call, by_line=not ends_by_itself)
        return both(joined, inverse(left))


def entry_of(line: Timeline, visit: Visit) -> Moment:
    """Return the moment at which a call enters a group."""
    is_first = visit is line.of_call[visit.row.call][0]
    return Moment(line, visit, visit.row.entered_at, is_first)


def _is_watched(visit: Visit) -> bool:
    """Return whether events of other calls may move a call of the group."""
    rules = visit.group.rules
    return bool(rules.wait_in_line or rules.join_ringing)
