"""Pointers of the option `rotation`, worked out from the rings of a log.

`Pointers`
    The places at which the pointer of a group may have stood, by instant.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ringsim.audit._option_picks import Pick, pass_of
from ringsim.audit._option_rows import OptionGroup, Visit

__all__ = ["Pointers"]


class _Turn(NamedTuple):
    """A move of the pointer, with the places to which it may have moved."""

    at: float
    began_at: float  # start of the wave after which it moves
    visit: Visit
    places: set[int]
    is_sure: bool = True


class Pointers:
    """Places at which the pointer of a group may have stood.

    The order of two moves closer than the slack is unknown. With `memory_hunt = ring_on`, or with
    phones that start later than their wave, no row tells when a wave ends: the pointer may stand
    anywhere.
    """

    def __init__(
        self, group: OptionGroup, picks: Mapping[int, Sequence[Pick]], slack: float
    ) -> None:
        self._group, self._slack = group, slack
        self._n = len(group.record.members)
        self._picks = picks
        self._turns: list[_Turn] = []
        if group.dispatcher.auto_answer:  # a page moves no pointer
            return
        if group.rules.rotation == "answered":
            self._turns = sorted(self._answers(), key=lambda turn: turn.at)
        elif self._is_known:
            for at, number, n, is_sure in sorted(self._ends()):
                self._turns.append(self._turn(picks[number], n, at, is_sure=is_sure))

    @property
    def _is_known(self) -> bool:
        group = self._group
        moves_by_answers = group.rules.rotation == "answered"
        return moves_by_answers or not (group.starts_late or group.rules.memory_hunt == "ring_on")

    def places(self, visit: Visit, at: float) -> set[int]:
        """Return the places at which the pointer may have stood for a visit at an instant."""
        if not self._is_known:
            return self._anywhere
        found: set[int] = set()
        surely_since = None
        last = bisect_right(self._turns, at + self._slack, key=lambda turn: turn.at)
        for turn in reversed(self._turns[:last]):
            if surely_since is not None and turn.at < surely_since - self._slack:
                return found
            is_own = turn.visit is visit
            if self._group.rules.rotation == "within_call" and not is_own:
                continue
            if is_own and turn.began_at > at - self._slack:
                continue
            found |= turn.places
            has_turned = turn.is_sure and (is_own or turn.at < at - self._slack)
            if surely_since is None and has_turned:
                surely_since = turn.at
        return found if surely_since is not None else found | {0}

    @property
    def _anywhere(self) -> set[int]:
        return {*range(self._n)}

    def _ends(self) -> Iterator[tuple[float, int, int, bool]]:
        """Yield the instants at which waves surely or possibly end, with their visit and pick."""
        for number, of_visit in self._picks.items():
            for n, pick in enumerate(of_visit):
                if not pick.has_joined and pick.is_one(self._slack):
                    yield pick.ended_at, number, n, True
                elif not pick.has_joined:
                    for at in {ring.row.ended_at for ring in pick.rings}:
                        yield at, number, n, at == pick.ended_at

    def _answers(self) -> Iterator[_Turn]:
        for of_visit in self._picks.values():
            for ring in (ring for pick in of_visit for ring in pick.rings):
                row = ring.row
                if row.result == "answered":
                    places = {(ring.position + 1) % self._n}
                    yield _Turn(row.ended_at, row.started_at, ring.visit, places)

    def _turn(self, picks: Sequence[Pick], n: int, at: float, *, is_sure: bool) -> _Turn:
        """Return the move of the pointer when a wave has ended."""
        pick, rules = picks[n], self._group.rules
        earlier = pass_of(picks, n)
        is_one = pick.is_one(self._slack)
        by_rotation = self._group.dispatcher.order_by == ("rotation",)
        last = self._last(pick, earlier) if is_one and by_rotation else pick.members
        if len(pick.members) == 1:
            last = pick.members
        after = {(position + 1) % self._n for position in last}
        if rules.order_fixed == "ring":
            places = after
        elif rules.order_fixed == "pass" and is_one and by_rotation and not rules.level_rules:
            places = self._next_in_order(picks, n, after)
        else:
            places = self._anywhere
        return _Turn(at, pick.at, pick.visit, places, is_sure)

    def _last(self, pick: Pick, earlier: Sequence[Pick]) -> set[int]:
        """Return who may have been the last of a wave in the order of the rotation."""
        before = {position for one in earlier for position in one.members}
        new = pick.members - before if self._group.rules.memory_hunt == "again" else pick.members
        if not new or (new != pick.members and any(one.starts_pass is None for one in earlier)):
            return pick.members
        pointers = self.places(pick.visit, pick.at)
        return {max(new, key=lambda one: (one - pointer) % self._n) for pointer in pointers}

    def _next_in_order(self, picks: Sequence[Pick], n: int, after: set[int]) -> set[int]:
        """Return the next in the order of a pass; the pointer goes to the top at its end."""
        if self._group.dispatcher.at_once != 1:
            return self._anywhere
        start = n
        while picks[start].starts_pass is False:
            start -= 1
        if picks[start].starts_pass is None or self._group.rules.memory_hunt == "again":
            return after | {0}
        pointers = self.places(picks[start].visit, picks[start].at)
        return {0 if one == pointer else one for one in after for pointer in pointers}
