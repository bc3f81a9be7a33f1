"""Check of whom a group with options rings first, by its order (S4, S7, S11).

The log tells who was surely a candidate, and between which bounds each sort key lay. A ring is a
violation only if no order of events within the slack explains it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from ringsim.audit._option_levels import limits_of, rows_at
from ringsim.audit._option_order import Key, Order
from ringsim.audit._option_picks import Pick, pass_of
from ringsim.audit._option_rows import OptionGroup, Ring, Visit
from ringsim.audit._option_state import Timeline, may_be_wanted
from ringsim.audit._rows import Violation
from ringsim.dispatch import ALL, TIED

__all__ = ["members_ring_in_order", "order_is_known"]

Violations: TypeAlias = Iterator[Violation]


def order_is_known(group: OptionGroup) -> bool:
    """Return False if the log cannot tell in which order a group picks its members."""
    late_again = group.starts_late and group.rules.memory_hunt == "again"
    joins = group.rules.join_ringing and group.rules.memory_hunt == "ring_on"
    is_ordering = group.dispatcher.is_ordering
    return is_ordering and group.picks_are_known and not (late_again or joins)


def members_ring_in_order(line: Timeline, order: Order, visit: Visit) -> Violations:
    """S4, S7, S11: of those who surely could be rung, nobody comes before one who rings."""
    if not order_is_known(visit.group):
        return
    picks = order.picks[visit.row.row]
    for n, pick in enumerate(picks):
        decided_at = _decided_at(picks, n, line.slack)
        if pick.has_joined or decided_at is None or not pick.is_one(line.slack):
            continue
        others = [one for one in _others(line, picks, n) if _is_open(line, visit, one, decided_at)]
        why = None
        for pointer in order.pointers(visit, decided_at):
            why = _Comparison(order, picks, n, decided_at, pointer).why_not(others)
            if why is None:
                break
        if why is not None:
            yield why


class _Comparison:
    """Sort keys of members who ring and of others, for one place of the pointer."""

    def __init__(
        self,
        order: Order,
        picks: Sequence[Pick],
        n: int,
        decided_at: float,
        pointer: int,
    ) -> None:
        self.order, self.pick, self.at, self.pointer = order, picks[n], decided_at, pointer
        group = self.pick.visit.group
        self.at_once = group.dispatcher.at_once
        earlier = [ring for one in pass_of(picks, n) for ring in one.rings]
        before = {ring.position for ring in earlier}
        self.new = [ring for ring in self.pick.rings if ring.position not in before]
        self.passed = earlier if group.rules.order_fixed != "ring" else []
        self.is_full = group.starts_late or (
            isinstance(self.at_once, int) and len(self.pick.rings) >= self.at_once
        )

    def key(self, position: int, ring: Ring | None = None) -> Key:
        own_ring = None if ring is None else ring.row.started_at
        return self.order.key(self.pick, position, self.at, self.pointer, own_ring)

    def why_not(self, others: Sequence[int]) -> Violation | None:
        """Return why the rings cannot be in order, given others who could be rung; else None."""
        keys = [(ring, self.key(ring.position, ring)) for ring in self.new]
        passed = [self.key(ring.position, ring) for ring in self.passed]
        for other in others:
            key = self.key(other)
            if any(self._may_have_passed(key, one) for one in passed):
                continue
            for ring, own in keys:
                if self._comes_before(key, own):
                    return self._violation(ring, other, "before")
            if keys and self._must_ring_too(key, [own for _, own in keys]):
                return self._violation(keys[0][0], other, "with")
        may_have_joined = self.pick.visit.group.rules.join_ringing
        if self.at_once is TIED and len(keys) > 1 and not may_have_joined:
            return self._not_tied(keys)
        return None

    def _may_have_passed(self, key: Key, rung: Key) -> bool:
        """Return whether a member may have had their turn when another rang: before or tied."""
        if self.at_once is TIED:
            return key.low[:-1] <= rung.high[:-1]
        return key.low < rung.high

    def _comes_before(self, key: Key, own: Key) -> bool:
        if self.at_once is ALL:
            return False
        if self.at_once is TIED:
            return key.high[:-1] < own.low[:-1]
        return key.high < own.low

    def _must_ring_too(self, key: Key, keys: Sequence[Key]) -> bool:
        if self.at_once is TIED:
            return all(
                one.low[:-1] == one.high[:-1] == key.low[:-1] == key.high[:-1] for one in keys
            )
        return not self.is_full or self.at_once is ALL

    def _not_tied(self, keys: Sequence[tuple[Ring, Key]]) -> Violation | None:
        first = min((key for _, key in keys), key=lambda key: key.high[:-1])
        for ring, key in keys:
            if first.high[:-1] < key.low[:-1]:
                said = "must not ring in one wave with members who come before"
                return Violation.of(ring.row, "at_once", f"{ring.row.member} {said}")
        return None

    def _violation(self, ring: Ring, other: int, how: str) -> Violation:
        member = self.pick.visit.group.record.members[other].extension_number
        said = f"{member} must ring {how} {ring.row.member} at {self.pick.at!r}"
        return Violation.of(ring.row, "S4", f"{said}, got no ring of {member}")


def _decided_at(picks: Sequence[Pick], n: int, slack: float) -> float | None:
    """Return the instant at which the order of a pick was decided (`order_fixed`), if known."""
    visit, fixed = picks[n].visit, picks[n].visit.group.rules.order_fixed
    if fixed == "call":
        return visit.row.entered_at
    is_entry = not visit.group.rules.wait_in_line and picks[n].at <= visit.row.entered_at + slack
    if fixed == "pass" and not (visit.group.first_picks_are_known or is_entry):
        return None
    while fixed == "pass" and picks[n].starts_pass is False:
        n -= 1
    if fixed == "pass" and picks[n].starts_pass is None:
        return None
    return picks[n].at


def _others(line: Timeline, picks: Sequence[Pick], n: int) -> Iterator[int]:
    """Yield the positions of members who surely could be rung at a pick, and are not (S3)."""
    pick, visit = picks[n], picks[n].visit
    group, rules, at = visit.group, visit.group.rules, picks[n].at
    rung = {position for one in pass_of(picks, n) for position in one.members} | pick.members
    looked_at = visit.row.entered_at if rules.order_fixed == "call" else at
    for position, member in enumerate(group.record.members):
        number = member.extension_number
        if position in rung or group.ring_delay(position) or (rules.primary and position):
            continue
        if not rules.declined_again and _may_have_declined(line, visit, number, at):
            continue
        if line.why_unavailable(group, number, looked_at, may=True) is not None:
            continue
        if group.dispatcher.auto_answer and line.is_member_surely_on_call(
            group, number, at, may=True
        ):
            continue
        if not may_be_wanted(line, group, number, looked_at):
            yield position


def _may_have_declined(line: Timeline, visit: Visit, member: str, at: float) -> bool:
    return any(
        ring.row.call == visit.row.call
        and ring.row.result == "declined"
        and ring.row.ended_at <= at + line.slack
        for ring in line.of_person[member]
    )


def _is_open(line: Timeline, visit: Visit, position: int, at: float) -> bool:
    """level_rules: return whether a member's level is surely open for a call."""
    group, rules = visit.group, visit.group.rules
    if not rules.level_rules or len(group.record.members) <= rules.levels_ignored_up_to:
        return True
    own, waited = group.record.members[position].skill_level, at - visit.row.entered_at
    fewest, most_rows = (rows_at(rules, waited + slack) for slack in (-line.slack, line.slack))
    return all(
        least <= own and max(own, raised) <= most
        for least, most, raised in (limits_of(rules, n) for n in range(fewest, most_rows + 1))
    )
