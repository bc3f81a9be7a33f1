"""Choice of the members to ring, with options, as in `_compiled_options_candidates`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from ringsim.dispatch import ALL, TIED, Moment
from ringsim.dispatch._dispatcher import checked_wave
from ringsim.engine._simpy import NOT_LOOKED
from ringsim.engine._simpy_options_events import RunWithEvents, wraps_up


class RunWithCandidates(RunWithEvents):
    """One run: who may be rung, and in what order."""

    # Who may be rung

    def candidates(self, caller: Any, now: float) -> list[Any]:
        """S3: the members who could be rung now, in the configured order."""
        group = caller.group
        if group.rules.order_fixed != "ring":
            if caller.order is None:
                self.fix_order(caller, now)
            if caller.found == NOT_LOOKED:
                caller.found = sum(self.may_be_rung(caller, one, now) for one in group.members)
            return [member for _, member in (caller.order or [])[caller.turn :]]
        rung = caller.rung
        found = [
            member
            for member in group.members
            if member not in rung and self.may_be_rung(caller, member, now)
        ]
        if caller.found == NOT_LOOKED:
            caller.found = len(found)
        if group.auto_answer:  # S10: counted in `found`, but not reached
            found = [member for member in found if not self.is_on_call(group, member, now)]
        return found

    def may_be_rung(self, caller: Any, member: Any, now: float) -> bool:
        """S3: available, of a level that is open for this call, and not declined for good."""
        group = caller.group
        return (
            self.is_available(group, member, now)
            and self.is_open(caller, member, now)
            and not self.has_declined(caller, member)
        )

    def has_declined(self, caller: Any, member: Any) -> bool:
        """declined_again: the member has declined this call, and is not rung again for it."""
        return not caller.group.rules.declined_again and member.extension in caller.declined_by

    def is_available(self, group: Any, member: Any, now: float) -> bool:
        """S3, S12: on duty, not on a call, not paused, resting or in enforced wrap-up."""
        rules = group.rules
        if group.plan.skips_busy[member.position] and self.is_on_call(group, member, now):
            return False
        if not self.is_on_duty(member.extension, now):
            return False
        memory = self.shared[member.extension] if rules.memory_scope == "extension" else member
        paused_until = max(member.paused_until, self.shared[member.extension].paused_until)
        if max(paused_until, memory.rests_until) > now or wraps_up(memory, now):
            return False
        if rules.max_active_calls < math.inf:
            group.talks_until = [until for until in group.talks_until if until > now]
            if len(group.talks_until) >= rules.max_active_calls:
                return False
        return not self.is_wanted_more(group, member, now)

    def is_on_call(self, group: Any, member: Any, now: float) -> bool:
        """S3: on a call in [answer, answer + talk); with `ringing_is_busy` when rung, too."""
        extension = member.extension
        rings = group.plan.ringing_is_busy and self.n_ringing[extension] > 0
        return bool(rings or self.on_call_until[extension] > now)

    def is_wanted_more(self, group: Any, member: Any, now: float) -> bool:
        """queue_weight: a caller of a group of greater weight waits for the member."""
        return any(
            other.rules.queue_weight > group.rules.queue_weight
            and any(one.waits for one in self.line_of(other, now))
            for other, _ in self.groups_of[member.extension]
        )

    # Levels

    def is_open(self, caller: Any, member: Any, now: float) -> bool:
        """level_rules: the member's level is among those that the call is offered to."""
        least, most, _ = self.limits(caller, now)
        own = member.skill_level if caller.group.levels else 1
        return least <= own and self.level_of(caller, member, now) <= most

    def level_of(self, caller: Any, member: Any, now: float) -> int:
        """level_rules: the skill level that a member has for this call."""
        if not caller.group.levels:
            return 1
        return max(int(member.skill_level), self.limits(caller, now)[2])

    def limits(self, caller: Any, now: float) -> tuple[float, float, int]:
        """level_rules: the lowest and the highest open level, and the level to raise to."""
        least, most, raise_to = 1.0, math.inf, 1
        group = caller.group
        if not group.levels:
            return least, most, raise_to
        for place, row in enumerate(group.rules.level_rules):
            from_start = place == 0 and row.after == 0
            if not from_start and not now - caller.entered_at > row.after:
                break
            least = _changed(least, row.least)
            most = _changed(most, row.most)
            raise_to = int(_changed(raise_to, row.raise_to))
        if group.rules.empty_level_opens_next and most < math.inf:
            most = self.first_staffed(group, least, most, now)
        return least, most, raise_to

    def first_staffed(self, group: Any, least: float, most: float, now: float) -> float:
        """empty_level_opens_next: the highest open level, if levels without duty count as open."""
        levels = sorted({one.skill_level for one in group.members if one.skill_level >= least})
        staffed = {one.skill_level for one in group.members if self.is_on_duty(one.extension, now)}
        for level in levels:
            if level > most and not any(least <= one <= most for one in staffed):
                most = level
        return most

    # Order

    def fix_order(self, caller: Any, now: float) -> None:
        """order_fixed: sort the members once, for a pass or for the call."""
        group, rules = caller.group, caller.group.rules
        members = group.members
        if rules.order_fixed == "call":
            members = [one for one in members if self.is_available(group, one, now)]
            if rules.primary and group.members:
                first = group.members[0]
                if first not in members:
                    members = []
                elif self.is_on_call(group, first, now):
                    members = [first]
        else:
            members = [one for one in members if self.is_open(caller, one, now)]
        self.look_at_present(caller, members, now)
        key = group.plan.dispatcher.key
        levels = self.raise_levels(caller, members, now)
        caller.order = sorted(((key(one), one) for one in members), key=lambda pair: pair[0])
        _set_levels(members, levels)
        caller.turn = 0

    def look_at_present(self, caller: Any, members: Iterable[Any], now: float) -> None:
        """S7, rotation: set the keys that depend on the present instant or on the caller."""
        group = caller.group
        picks = caller.picks
        caller.picks += 1
        if not group.looks_at_present and group.rules.memory_scope == "group":
            return
        pointer = caller.pointer if group.rules.rotation == "within_call" else group.pointer
        n = max(len(group.members), 1)
        for member in members:
            extension = member.extension
            if group.rules.memory_scope == "extension":
                _copy_memory(self.shared[extension], member)
            ended = member.talks_until <= now
            member.last_hung_up_at = min(member.talks_until, now)
            member.random = self.redrawn[extension](caller.first_attempt, 0, caller.attempt)
            member.last_completed_at = member.talks_until if ended else member.completed_before
            member.n_completed = member.n_answered - (not ended)
            member.idle_since = min(self.on_call_until[extension], now)
            if group.rules.rotation != "none":
                member.rotation = (member.position - pointer) % n
            drawn = self.redrawn[extension](caller.first_attempt, picks, caller.attempt)
            member.redrawn = drawn
            member.weighted = member.redrawn * member.skill_level

    def raise_levels(self, caller: Any, members: Sequence[Any], now: float) -> list[int]:
        """level_rules: give members the level that they have for this call; return their own."""
        own = [member.skill_level for member in members]
        _set_levels(members, [self.level_of(caller, member, now) for member in members])
        return own

    # Waves

    def wave(self, caller: Any, candidates: Sequence[Any], now: float) -> list[Any]:
        """S4, S7, S11: the candidates whose phones ring now, in the configured order."""
        rules = caller.group.rules
        if rules.order_fixed != "ring":
            picked = self.next_in_order(caller, now)
        else:
            self.look_at_present(caller, candidates, now)
            picked = self.picked(caller, candidates, now)
        if not picked:
            return []
        caller.last_picked = picked[-1]
        if rules.memory_hunt == "again":
            by_call = rules.order_fixed == "call"
            picked = picked + [
                member
                for member in caller.rung
                if not self.has_declined(caller, member)
                and (by_call or self.may_be_rung(caller, member, now))
            ]
        return sorted(picked, key=lambda member: member.position)

    def picked(self, caller: Any, candidates: Sequence[Any], now: float) -> list[Any]:
        """S4: those whom the dispatcher picks, in its order."""
        group = caller.group
        dispatcher = group.plan.dispatcher
        levels = self.raise_levels(caller, candidates, now)
        if group.is_ordering:
            chosen: Sequence[Any] = dispatcher.wave(candidates, None)
        else:
            waited = now - self.arrives_at[caller.call]
            last = (group.last_rung, group.last_answered)
            moment = Moment(now, caller.call, caller.waves, waited, *last)
            known = [member.as_candidate() for member in candidates]
            chosen = checked_wave(dispatcher, dispatcher.wave(list(known), moment), known)
        _set_levels(candidates, levels)
        return [group.members[one.position] for one in chosen]

    def next_in_order(self, caller: Any, now: float) -> list[Any]:
        """order_fixed: the next members of the order who can be rung; others had their turn."""
        group = caller.group
        at_once, by_call = group.plan.dispatcher.at_once, group.rules.order_fixed == "call"
        picked: list[Any] = []
        best: tuple[Any, ...] = ()
        order = caller.order or []
        while caller.turn < len(order):
            key, member = order[caller.turn]
            if picked and at_once is TIED and key[:-1] != best:
                break
            if at_once not in (ALL, TIED) and len(picked) == at_once:
                break
            caller.turn += 1
            if group.auto_answer and self.is_on_call(group, member, now):  # S10
                continue
            if not self.has_declined(caller, member) and (
                by_call or self.is_available(group, member, now)
            ):
                picked.append(member)
                best = key[:-1]
        return picked


def _changed(level: float, change: int | str | None) -> float:
    """Return a level after a row of `level_rules`: unchanged, set, or moved."""
    if change is None:
        return level
    return level + int(change) if isinstance(change, str) else float(change)


def _copy_memory(shared: Any, member: Any) -> None:
    """memory_scope: let a member have the memory of their extension in all groups."""
    for field in (
        *("last_rung_at", "last_answered_at", "n_rung", "n_answered", "talked_time"),
        *("talks_until", "completed_before"),
    ):
        setattr(member, field, getattr(shared, field))


def _set_levels(members: Sequence[Any], levels: Sequence[int]) -> None:
    for member, level in zip(members, levels, strict=True):
        member.skill_level = level
