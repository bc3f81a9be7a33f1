"""Sort keys of the members of groups with options, worked out from all rows of a log.

`Order`
    The bounds between which a member's sort key lies at a pick.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from ringsim.audit._memory import Answer, Bounds, History
from ringsim.audit._option_levels import limits_of, rows_at
from ringsim.audit._option_picks import Pick, picks_of
from ringsim.audit._option_pointers import Pointers
from ringsim.audit._option_rows import OptionGroup, Visit
from ringsim.audit._option_state import Timeline

__all__ = ["Key", "Order"]

UNKNOWN: Bounds = (-math.inf, math.inf)
Values: TypeAlias = tuple[float, ...]


class Key(NamedTuple):
    """Lowest and highest sort key that a member can have had, with the position last."""

    low: Values
    high: Values

    @property
    def is_known(self) -> bool:
        return self.low == self.high


class Order:
    """Sort keys of all members of the groups of a log, by visit and instant."""

    def __init__(self, line: Timeline) -> None:
        self._line = line
        self.picks: dict[int, list[Pick]] = {
            visit.row.row: picks_of(visit, line.slack) for visit in line.visits
        }
        self._pointers: dict[str, Pointers] = {}

    def pointers(self, visit: Visit, at: float) -> set[int]:
        """Return the places at which the pointer of the rotation may have stood."""
        group = visit.group
        if not group.dispatcher.looks_at("rotation"):
            return {0}
        if group.number not in self._pointers:
            visits = self._line.of_group[group.number]
            picks = {one.row.row: self.picks[one.row.row] for one in visits}
            self._pointers[group.number] = Pointers(group, picks, self._line.slack)
        return self._pointers[group.number].places(visit, at)

    def key(
        self, pick: Pick, position: int, at: float, pointer: int, own_ring: float | None = None
    ) -> Key:
        """Return the sort key of a member for a pick whose order was decided at an instant."""
        bounds = []
        for name in pick.visit.group.dispatcher.order_by:
            field = name.removeprefix("-")
            low, high = self._bounds(field, pick, position, at, pointer, own_ring)
            bounds.append((-high, -low) if name.startswith("-") else (low, high))
        lows, highs = zip(*bounds, strict=True) if bounds else ((), ())
        return Key((*lows, position), (*highs, position))

    def _bounds(
        self,
        name: str,
        pick: Pick,
        position: int,
        at: float,
        pointer: int,
        own_ring: float | None,
    ) -> Bounds:
        group = pick.visit.group
        member = group.record.members[position]
        if name == "position":
            return position, position
        if name == "skill_level":
            return self._levels(pick.visit, member.skill_level, at)
        if name == "rotation":
            distance = (position - pointer) % len(group.record.members)
            return distance, distance
        if name in ("random", "redrawn", "weighted"):
            drawn = self._drawn(name, pick, member.extension_number)
            times = member.skill_level if name == "weighted" else 1
            return drawn[0] * times, drawn[1] * times
        everywhere = group.rules.memory_scope == "extension"
        key = ("" if everywhere else group.number, member.extension_number)
        return self._histories[key].bounds(name, at, own_ring)

    def _levels(self, visit: Visit, own: int, at: float) -> Bounds:
        """Return the bounds of the skill level that a member has for a call (`level_rules`)."""
        rules = visit.group.rules
        if len(visit.group.record.members) <= rules.levels_ignored_up_to:
            return 1, 1
        waited, slack = at - visit.row.entered_at, self._line.slack
        fewest, most = (rows_at(rules, waited + one) for one in (-slack, slack))
        levels = [max(own, limits_of(rules, n)[2]) for n in range(fewest, most + 1)]
        return min(levels), max(levels)

    def _drawn(self, name: str, pick: Pick, member: str) -> Bounds:
        """Return the draw of a member for a pick; draws made anew are counted by pick."""
        workload = self._line.workload
        number = 0 if name == "random" else self._number(pick)
        if workload is None or number is None:
            return UNKNOWN
        drawn = float(workload.phones.redrawn_of(member)(pick.visit.row.call, number))
        return drawn, drawn

    def _number(self, pick: Pick) -> int | None:
        """Return the number of a pick among those of its call, None if the log does not tell."""
        number = 0
        for visit in self._line.of_call[pick.visit.row.call]:
            picks = self.picks[visit.row.row]
            n = picks.index(pick) if visit is pick.visit else len(picks)
            is_fixed = visit.group.rules.order_fixed != "ring"
            is_first = visit is pick.visit and n == 0 and visit.row.passes == 1
            if visit.group.starts_late or (is_fixed and not is_first):
                return None
            if not all(one.is_one(self._line.slack) for one in picks[:n]):
                return None
            number += sum(not one.has_joined for one in picks[:n])
            if visit is pick.visit:
                return number
        return None

    @cached_property
    def _histories(self) -> Mapping[tuple[str, str], History]:
        """Memory by group and member; of a person in all groups, under the group ""."""
        line = self._line
        groups: Sequence[OptionGroup] = list(line.groups.values())
        error = 0.0 if line.is_exact else line.slack / 2
        people = [
            (group.number, one.extension_number) for group in groups for one in group.record.members
        ]
        found = {
            key: History(line.slack, error)
            for key in [*people, *(("", number) for _, number in people)]
        }
        for ring in line.rings:
            for number in (ring.row.group, ""):
                found[number, ring.row.member].rung_at.append(ring.row.started_at)
        for (number, member), history in found.items():
            for one in line.busy[member]:
                if one.is_talk:
                    history.calls.append((one.at, one.until))
                if one.call >= 0 and number in ("", one.group):
                    talk_time = line.calls[one.call].talk_time or 0.0
                    history.answers.append(Answer(one.at, one.until, talk_time))
            history.sort()
        return found
