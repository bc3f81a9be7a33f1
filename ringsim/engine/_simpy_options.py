"""Reference engine for groups whose rules have options: the verbs of `_simpy`, extended.

`_simpy` has the rules S1 to S15 alone. Here each verb also has the options of `ringsim.rules`
that change it; with all options at their defaults both give the same log. A caller can do two
things more than there: stand in a group's line, and have phones that start, are declined and
end one by one.

A line is looked at when something has changed that may let a caller of it ring (`watch`), as an
event of its own, or at instants of each caller's own with `line_poll`. A caller who is moved by
an event that is not theirs, such as a look at the line, is told by SimPy's interruption.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from simpy import Event, Interrupt, Process

from ringsim._log_arrays import (
    ANSWERED,
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    DECLINED,
    LOOP,
    OVERFLOWED,
    RING_ANSWERED,
    RING_NO_ANSWER,
    LogArrays,
)
from ringsim.dispatch import ALL, TIED, Moment
from ringsim.dispatch._dispatcher import checked_wave
from ringsim.engine._plan import (
    MOST_LOOKS,
    MOST_PASSES,
    NOWHERE,
    GroupPlan,
    Plan,
    check_ended,
)
from ringsim.engine._simpy import (
    ANSWER,
    DECLINE,
    END,
    END_PASS,
    GIVE_UP,
    LINE,
    LOOK,
    NEVER,
    NO_EVENT,
    NOT_LOOKED,
    REPEAT,
    SLEEP,
    START,
    TIME_OUT,
    WAIT,
    Events,
    _Caller,
    _Group,
    _Member,
    _Ring,
    _Run,
)
from ringsim.workload import Workload

__all__ = ["play"]

# What comes next for a caller, beside the steps of `_simpy`
BEGIN, IN_LINE = 5, 6

LEAST_REST = 0.5  # s, below which nobody is rung for the rest of a declined wave (after_decline)


def play(plan: Plan, workload: Workload) -> LogArrays:
    """Play every call of the workload to its end."""
    run = _RunWithOptions(plan, workload)
    run.start()
    run.clock.run()
    check_ended(plan, bool(run.callers))
    return run.log()


class _PhoneOfMember(_Member):
    """One member with what the options need beside the memory of S7."""

    __slots__ = (
        "completed_before",
        "missed",
        "paused_until",
        "rests_until",
        "wrapped_up_before",
        "wraps_up_until",
    )

    def __init__(self, position: int, skill_level: int, extension: int, number: str) -> None:
        super().__init__(position, skill_level, extension, number)
        self.completed_before = NEVER
        self.missed = 0
        self.paused_until = NEVER
        self.rests_until = NEVER
        self.wraps_up_until = NEVER
        self.wrapped_up_before = NEVER


class _GroupInLine(_Group):
    """One group with its rotation's pointer, its line and its calls in progress."""

    __slots__ = ("levels", "line", "looks_at", "pointer", "rules", "talks_until", "watches")

    def __init__(self, plan: GroupPlan, has_duty: bool, extensions: Sequence[str]) -> None:
        super().__init__(plan, has_duty, extensions)
        self.rules = plan.rules
        self.members: list[Any] = [
            _PhoneOfMember(
                member.position, member.skill_level, member.extension, member.extension_number
            )
            for member in self.members
        ]
        self.pointer = 0
        self.line: list[_CallerInLine] = []
        self.talks_until: list[float] = []
        self.looks_at: set[float] = set()
        rules = plan.rules
        self.watches = rules.join_ringing or (rules.wait_in_line and rules.line_poll == 0)
        self.levels = len(plan.members) > rules.levels_ignored_up_to


class _CallerInLine(_Caller):
    """One caller, who may stand in line and whose phones have instants of their own."""

    __slots__ = (
        "declined_by",
        "last_rung",
        "leaves_at",
        "leaves_line_at",
        "looks",
        "next_wave_at",
        "order",
        "picks",
        "pointer",
        "priority",
        "process",
        "ringing",
        "step",
        "turn",
        "was_declined",
        "window_ends_at",
    )

    def __init__(self, call: int, gives_up_at: float, priority: float) -> None:
        super().__init__(call, gives_up_at)
        self.priority = priority
        self.process: Process | None = None
        self.step = BEGIN
        self.declined_by: set[int] = set()  # extensions
        self.picks = 0  # of this call, for draws that are made anew
        self.pointer = 0
        self.order: list[tuple[tuple[Any, ...], Any]] | None = None
        self.turn = 0
        self.last_rung: Any = None
        self.ringing = False
        self.was_declined = False
        self.looks = 0
        self.next_wave_at = math.inf
        self.window_ends_at = math.inf
        self.leaves_at = math.inf
        self.leaves_line_at = math.inf

    @property
    def waits(self) -> bool:
        """Whether a caller in line waits: their phones do not ring, and nobody has answered."""
        return not self.ringing and self.leaves_line_at == math.inf


class _RunWithOptions(_Run):
    """One run with options."""

    def __init__(self, plan: Plan, workload: Workload) -> None:
        super().__init__(plan, workload)
        self.groups: list[Any] = [
            _GroupInLine(group, plan.has_duty(group), plan.extensions) for group in plan.groups
        ]
        self.by_weight = sorted(
            range(len(self.groups)), key=lambda place: -self.groups[place].rules.queue_weight
        )
        self.groups_of: list[list[tuple[_GroupInLine, _PhoneOfMember]]] = [
            [] for _ in plan.extensions
        ]
        for group in self.groups:
            for member in group.members:
                self.groups_of[member.extension].append((group, member))
        self.shared = [
            _PhoneOfMember(0, 1, place, number) for place, number in enumerate(plan.extensions)
        ]
        declines = workload.declines
        self.decline_delay = [
            None if declines is None else declines.answer_delay_of(number)
            for number in plan.extensions
        ]
        self.redrawn = [workload.phones.redrawn_of(number) for number in plan.extensions]
        self.length = max(self.length, len(self.groups) + 1)
        self.callers: set[_CallerInLine] = set()
        self.verbs = {
            ANSWER: self.answer,
            DECLINE: self.decline,
            GIVE_UP: self.give_up,
            TIME_OUT: self.time_out,
            LINE: self.look_in_line,
            START: self.start_phone,
            REPEAT: self.repeat,
        }

    def start(self) -> None:
        """Start the processes of all calls, and watch for members whose duty starts."""
        self.clock.process(self.arrivals())
        self.clock.process(self.own_calls())
        self.clock.process(self.spells_away())
        for place, spans in enumerate(self.plan.duty):
            for start, _ in spans or ():
                self.watch(place, start)

    def call(self, call: int) -> Events:
        """One caller, from arrival to outcome."""
        now = self.clock.now
        caller = self.arrive(call, now)
        caller.process = self.clock.active_process
        self.advance(caller, BEGIN, now)
        while caller.step != END:
            try:
                kind = yield self.next_event(caller)
            except Interrupt:
                continue
            now = self.clock.now
            self.advance(caller, self.verbs[kind](caller, now), now)

    def advance(self, caller: Any, step: int, now: float) -> None:
        """Move a caller on until there is something to wait for, and schedule that."""
        caller.next_event = NO_EVENT
        while step not in (WAIT, SLEEP, IN_LINE, END):
            if step == BEGIN:
                step = self.begin(caller, now)
            elif step == END_PASS:
                step = self.end_pass(caller, now)
            else:
                step = self.look(caller, now)
        caller.step = step
        begins_to_ring = step == WAIT and not caller.ringing
        caller.ringing = step == WAIT
        if step == WAIT:
            self.wait(caller)
        elif step == IN_LINE:
            self.stand(caller, now)
        elif step == END:
            self.leave_line(caller, now)
            self.end(caller, now)
            self.callers.discard(caller)
        if begins_to_ring and caller.group.watches:
            self.watch_group(caller.group, now)

    # Events

    def next_event(self, caller: _Caller) -> Event:
        """S13: the next event of a caller; the others that were scheduled are stale."""
        if caller.next_event == NO_EVENT:
            return Event(self.clock)  # another's event moves this caller
        return self.clock.schedule_at(*caller.next_event)

    def watch(self, extension: int, at: float) -> None:
        """Look at the lines of a person's groups at an instant, when the person may be free."""
        if at < math.inf:
            for group, _ in self.groups_of[extension]:
                if group.watches:
                    self.watch_group(group, at)

    def watch_group(self, group: Any, at: float) -> None:
        """Look at the line of a group at an instant."""
        if at in group.looks_at:
            return
        group.looks_at.add(at)
        number = self.by_weight.index(group.plan.place)
        event = self.clock.schedule_at(at, self.rank(LINE, number), LINE)
        event.callbacks.append(lambda _: self.look_at_line(group))

    # What happens

    def arrive(self, call: int, now: float) -> _CallerInLine:
        """S1, S8: a call arrives at its group, and the caller's patience begins."""
        group = self.groups[self.group_of[call]]
        given = self.workload.priority
        priority = group.plan.priority if given is None else float(given[call])
        caller = _CallerInLine(call, now + self.patience[call], priority)
        self.callers.add(caller)
        self.visit(caller, group, now)
        return caller

    def answer(self, caller: Any, now: float) -> int:
        """S6: the member talks, then is in wrap-up; one who is not free after all rings on."""
        ring = caller.answering
        member, extension = ring.member, ring.member.extension
        if now < self.free_at[extension]:
            return WAIT
        rules, call = caller.group.rules, caller.call
        talks_from = now + rules.connect_delay
        hangs_up_at = talks_from + self.talk_time[call]
        self.on_call_until[extension] = hangs_up_at
        self.free_at[extension] = hangs_up_at + self.wrap_up_time[call]
        self.remember_answer(member, now, hangs_up_at, self.talk_time[call])
        self.wrap_up(caller.group, member, hangs_up_at, self.wrap_up_time[call])
        caller.group.talks_until.append(hangs_up_at)
        self.watch(extension, hangs_up_at)
        if rules.max_active_calls < math.inf:
            self.watch_group(caller.group, hangs_up_at)
        caller.group.last_answered = member.position
        caller.answered_by, caller.outcome = extension, ANSWERED
        caller.leaves_line_at = talks_from
        self.end_rings(caller, ANSWER, now)
        self.turn_pointer(caller, member)
        return END

    def wrap_up(self, group: Any, member: Any, hangs_up_at: float, drawn: float) -> None:
        """enforced_wrap_up: the member is no candidate for a while after the talk."""
        enforced = group.plan.wrap_ups[member.position]
        until = hangs_up_at + (drawn if enforced == "drawn" else enforced)
        for one in self.memories(member):
            one.wrapped_up_before, one.wraps_up_until = one.wraps_up_until, until
        self.watch(member.extension, until)

    def decline(self, caller: Any, now: float) -> int:
        """after_decline: a phone is declined; the others of its wave ring on."""
        declined = [ring for ring in caller.rings if not ring.starts and ring.declines_at == now]
        ring = min(declined, key=lambda one: one.member.position)
        caller.declined_by.add(ring.member.extension)
        self.end_ring(caller, ring, DECLINED, now)
        self.rest(ring.member, caller.group.rules.declined_rest, now)
        if caller.group.rules.auto_pause_on_decline:
            self.miss(caller.group, ring.member, now)
        if caller.rings:
            return WAIT
        self.end_wave(caller)
        rules = caller.group.rules
        if rules.after_decline == "rest":
            caller.was_declined = caller.window_ends_at - now >= LEAST_REST
            return LOOK if caller.was_declined else END_PASS
        if rules.after_decline == "end" or now >= caller.leaves_at:
            return END_PASS
        return LOOK

    def give_up(self, caller: Any, now: float) -> int:
        """S8: the caller's patience has run out."""
        self.end_rings(caller, GIVE_UP, now)
        self.end_wave(caller)
        return super().give_up(caller, now)

    def time_out(self, caller: Any, now: float) -> int:
        """S5: phones have rung for their time; a wave is over when the last of its has."""
        if not caller.rings:  # the time in the group is over
            return self.leave(caller, now)
        for ring in [ring for ring in caller.rings if ring.ends_at <= now]:
            self.end_ring(caller, ring, RING_NO_ANSWER, now)
            if not ring.starts:
                self.rest(ring.member, caller.group.rules.missed_rest, now)
                self.miss(caller.group, ring.member, now)
        if caller.rings:
            return WAIT
        self.end_wave(caller)
        if now >= caller.leaves_at:
            return END_PASS
        return super().time_out(caller, now)

    def look_in_line(self, caller: Any, now: float) -> int:  # noqa: ARG002
        """line_poll: a caller in line looks whether it is their turn."""
        caller.looks += 1
        check_ended(self.plan, caller.looks > MOST_LOOKS)
        return BEGIN

    def start_phone(self, caller: Any, now: float) -> int:
        """ring_delay, wave_step: a phone of the wave, or the next wave, starts."""
        if caller.next_wave_at == now:
            caller.next_wave_at = math.inf
            return LOOK
        group = caller.group
        for ring in [ring for ring in caller.rings if ring.starts and ring.started_at == now]:
            ring.starts = False
            skips = group.plan.skips_busy[ring.member.position]
            if (
                skips
                and group.rules.order_fixed != "call"
                and self.is_on_call(group, ring.member, now)
            ):
                caller.rings.remove(ring)
                continue
            self.count_ring(caller, ring, now)
        if caller.rings:
            return WAIT
        self.end_wave(caller)
        return super().time_out(caller, now)

    def repeat(self, caller: Any, now: float) -> int:  # noqa: ARG002
        """S9: a delayed repeat begins."""
        return self.next_pass(caller)

    def own_call(self, number: int, now: float) -> None:
        """S15: an own call takes place if its person is free and on duty then."""
        super().own_call(number, now)
        if self.taken[number]:
            extension = int(self.places.own_extension[number])
            self.watch(extension, self.on_call_until[extension])

    def end_rings(self, caller: Any, kind: int, now: float) -> None:
        """S5: the phones that ring for a caller stop, because of an event of some kind."""
        lost = ANSWERED_ELSEWHERE if kind == ANSWER else CALLER_GAVE_UP
        for ring in list(caller.rings):
            answered = kind == ANSWER and ring is caller.answering
            self.end_ring(caller, ring, RING_ANSWERED if answered else lost, now)

    def end_ring(self, caller: Any, ring: Any, result: int, now: float) -> None:
        """S5: one phone stops to ring; one that has not started yet has no row."""
        caller.rings.remove(ring)
        if ring.starts:
            return
        extension = ring.member.extension
        self.n_ringing[extension] -= 1
        self.log_ring(caller, extension, ring.started_at, now, result)
        if self.n_ringing[extension] == 0:
            self.watch(extension, now)

    # Whom to ring

    def look(self, caller: Any, now: float) -> int:
        """S3, S4: pick the next wave and ring it, or end the pass."""
        candidates = self.candidates(caller, now)
        if not candidates:
            if caller.rings:  # earlier waves ring on
                return WAIT
            return END_PASS
        wave = self.wave(caller, candidates, now)
        if not wave:
            return WAIT if caller.rings else END_PASS
        if caller.group.auto_answer:
            return self.page(caller, wave, now)
        return self.ring(caller, wave, now)

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
        if group.auto_answer:  # S10
            found = [member for member in found if not self.is_on_call(group, member, now)]
        return found

    def may_be_rung(self, caller: Any, member: Any, now: float) -> bool:
        """S3: available, of a level that is open for this call, and not declined for good."""
        group = caller.group
        return (
            self.is_available(group, member, now)
            and self.is_open(caller, member, now)
            and (group.rules.declined_again or member.extension not in caller.declined_by)
        )

    def is_available(self, group: Any, member: Any, now: float) -> bool:
        """S3, S12: on duty, not on a call, not paused, resting or in enforced wrap-up."""
        rules = group.rules
        if group.plan.skips_busy[member.position] and self.is_on_call(group, member, now):
            return False
        if not self.is_on_duty(member.extension, now):
            return False
        memory = self.shared[member.extension] if rules.memory_scope == "extension" else member
        paused_until = max(member.paused_until, self.shared[member.extension].paused_until)
        if max(paused_until, memory.rests_until) > now or _wraps_up(memory, now):
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

    def raise_levels(self, caller: Any, members: Sequence[Any], now: float) -> list[int]:
        """level_rules: give members the level that they have for this call; return their own."""
        own = [member.skill_level for member in members]
        _set_levels(members, [self.level_of(caller, member, now) for member in members])
        return own

    def look_at_present(self, caller: Any, members: Iterable[Any], now: float) -> None:
        """S7: set the keys that depend on the present instant or on the caller."""
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
            member.random = self.random[extension](caller.call)
            member.last_completed_at = member.talks_until if ended else member.completed_before
            member.n_completed = member.n_answered - (not ended)
            member.idle_since = min(self.on_call_until[extension], now)
            if group.rules.rotation != "none":
                member.rotation = (member.position - pointer) % n
            member.redrawn = self.redrawn[extension](caller.call, picks)
            member.weighted = member.redrawn * member.skill_level

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
        caller.last_rung = picked[-1]
        if rules.memory_hunt == "again":
            fixed = rules.order_fixed == "call"
            picked = picked + [
                member
                for member in caller.rung
                if (rules.declined_again or member.extension not in caller.declined_by)
                and (fixed or self.may_be_rung(caller, member, now))
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
        at_once, fixed = group.plan.dispatcher.at_once, group.rules.order_fixed == "call"
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
            declined = not group.rules.declined_again and member.extension in caller.declined_by
            if not declined and (fixed or self.is_available(group, member, now)):
                picked.append(member)
                best = key[:-1]
        return picked

    # Ringing

    def ring(self, caller: Any, wave: Sequence[Any], now: float) -> int:
        """S5: the phones of a wave start to ring, each from and until instants of its own."""
        group, rules = caller.group, caller.group.rules
        plan, limit = group.plan, self.cut_at(caller, now)
        window = min(now + plan.ring_time, limit)
        if caller.was_declined:
            window, caller.was_declined = caller.window_ends_at, False
            limit = window
        caller.window_ends_at = window
        for member in wave:
            starts_at = now + plan.ring_delays[member.position]
            ends_at = min(starts_at + plan.ring_times[member.position], limit)
            ring = _RingOfPhone(member, starts_at, ends_at)
            caller.rings.append(ring)
            if starts_at <= now:
                ring.starts = False
                self.count_ring(caller, ring, now)
        caller.rung = caller.rung + [member for member in wave if member not in caller.rung]
        caller.waves += 1
        if rules.memory_hunt == "ring_on":
            caller.next_wave_at = now + rules.wave_step
        return WAIT

    def cut_at(self, caller: Any, now: float) -> float:
        """last_ring: when a wave that starts now is cut; with line_poll in whole polls."""
        rules = caller.group.rules
        if rules.last_ring == "finish" or caller.leaves_at == math.inf:
            return math.inf
        if rules.line_poll == 0:
            return float(caller.leaves_at)
        entered_at, poll = caller.entered_at, rules.line_poll
        polls = math.floor((now - entered_at) / poll)
        polls += (entered_at + (polls + 1) * poll <= now) - (entered_at + polls * poll > now)
        return float(now + (caller.leaves_at - entered_at - polls * poll))

    def count_ring(self, caller: Any, ring: Any, now: float) -> None:
        """S5, S7: one phone starts to ring."""
        member, extension = ring.member, ring.member.extension
        nth_ring = caller.rings_on.get(extension, 0)
        caller.rings_on[extension] = nth_ring + 1
        self.n_ringing[extension] += 1
        self.remember_ring(member, now)
        caller.group.last_rung = member.position
        ring.ready_at = now + self.answer_delay[extension](caller.call, nth_ring)
        delay = self.decline_delay[extension]
        if delay is not None:
            ring.declines_at = now + delay(caller.call, nth_ring)

    def wait(self, caller: Any) -> None:
        """S6, S8: schedule the first event of a caller's phones, or the caller's giving up."""
        for ring in caller.rings:
            member = ring.member
            if ring.starts:
                if ring.started_at <= ring.ends_at:
                    self.schedule(caller, START, ring.started_at, member.position)
                else:
                    self.schedule(caller, TIME_OUT, ring.ends_at)
                continue
            answers_at = max(ring.ready_at, self.free_at[member.extension])
            if answers_at <= ring.ends_at:
                before = caller.next_event
                self.schedule(caller, ANSWER, answers_at, member.position)
                if caller.next_event != before:
                    caller.answering = ring
            if ring.declines_at <= ring.ends_at and ring.declines_at < answers_at:
                self.schedule(caller, DECLINE, ring.declines_at, member.position)
            self.schedule(caller, TIME_OUT, ring.ends_at)
        if caller.next_wave_at < math.inf:
            self.schedule(caller, START, caller.next_wave_at)
        if caller.gives_up_at < math.inf:
            self.schedule(caller, GIVE_UP, caller.gives_up_at)

    def page(self, caller: Any, wave: Sequence[Any], now: float) -> int:
        """S10: the phones of the wave answer by themselves, at once."""
        step = super().page(caller, wave, now)
        for member in wave:
            self.watch(member.extension, now + self.talk_time[caller.call])
        return step

    def end_wave(self, caller: Any) -> None:
        """rotation: the pointer moves on when a wave ends."""
        caller.next_wave_at = math.inf
        if caller.group.rules.rotation in ("rung", "within_call"):
            self.turn_pointer(caller, None)

    def turn_pointer(self, caller: Any, answered_by: Any) -> None:
        """rotation: move the pointer behind the member rung last, or who answered."""
        group = caller.group
        rotation, n = group.rules.rotation, len(group.members)
        last = answered_by if rotation == "answered" else caller.last_rung
        if rotation == "none" or last is None:
            return
        pointer = (last.position + 1) % n
        if caller.order is not None and rotation != "answered":
            left = caller.order[caller.turn :]
            pointer = left[0][1].position if left else 0
        if rotation == "within_call":
            caller.pointer = pointer
        else:
            group.pointer = pointer

    # Rests and pauses

    def rest(self, member: Any, seconds: float, now: float) -> None:
        """missed_rest, declined_rest: the member is no candidate for a while."""
        if seconds > 0:
            for one in self.memories(member):
                one.rests_until = max(one.rests_until, now + seconds)
            self.watch(member.extension, now + seconds)

    def miss(self, group: Any, member: Any, now: float) -> None:
        """auto_pause_after: a member who misses that many rings in a row is paused."""
        rules = group.rules
        if rules.auto_pause_after == math.inf:
            return
        if now - min(member.talks_until, now) < rules.auto_pause_grace:
            return
        counted = self.shared[member.extension] if rules.auto_pause_scope == "extension" else member
        counted.missed += 1
        if counted.missed >= rules.auto_pause_after:
            counted.missed = 0
            counted.paused_until = now + rules.auto_pause_time
            self.watch(member.extension, counted.paused_until)

    def memories(self, member: Any) -> tuple[Any, ...]:
        """memory_scope: where a group remembers a member: its own memory and the shared one."""
        return member, self.shared[member.extension]

    def remember_ring(self, member: Any, now: float) -> None:
        """S7: the start of a ring, answered or not."""
        for one in (member, self.shared[member.extension]):
            super().remember_ring(one, now)

    def remember_answer(
        self, member: Any, now: float, hangs_up_at: float, talk_time: float
    ) -> None:
        """S7: an answer, a page's too."""
        for one in (member, self.shared[member.extension]):
            one.completed_before = one.talks_until
            one.missed = 0
            super().remember_answer(one, now, hangs_up_at, talk_time)

    # The line

    def begin(self, caller: Any, now: float) -> int:
        """wait_in_line: start a pass if it is the caller's turn, or stand in line."""
        group, rules = caller.group, caller.group.rules
        if now >= caller.leaves_at:
            return self.leave(caller, now)
        if not rules.wait_in_line:
            return LOOK
        if caller not in group.line and not self.enter_line(caller, now):
            return self.leave(caller, now)
        if self.is_empty(group, rules.leave_when_empty, now):
            return self.leave(caller, now)
        return LOOK if self.is_turn(caller, now) else IN_LINE

    def enter_line(self, caller: Any, now: float) -> bool:
        """max_queue_length, join_empty: take a place in the line, if there is one."""
        group, rules = caller.group, caller.group.rules
        line = self.line_of(group, now)
        if len(line) >= rules.max_queue_length or self.is_empty(group, rules.join_empty, now):
            return False
        behind = [place for place, one in enumerate(line) if one.priority < caller.priority]
        group.line.insert(behind[0] if behind else len(group.line), caller)
        return True

    def line_of(self, group: Any, now: float) -> list[Any]:
        """Callers in line, in order, without those whose talk has started."""
        group.line = [one for one in group.line if one.leaves_line_at > now]
        line: list[Any] = group.line
        return line

    def is_turn(self, caller: Any, now: float) -> bool:
        """line_serves: the caller is among those who may ring phones now."""
        group = caller.group
        line = self.line_of(group, now)
        ahead = line[: line.index(caller)]
        available = sum(self.is_available(group, one, now) for one in group.members)
        if group.rules.line_serves == "head":
            return not ahead and available > 0
        if group.rules.line_serves == "one_ringing":
            available = min(available, 1)
        return bool(sum(one.waits for one in ahead) < available)

    def is_empty(self, group: Any, states: Sequence[str], now: float) -> bool:
        """join_empty, leave_when_empty: every member is in one of the states."""
        return bool(states) and all(
            any(self.is_in_state(group, member, state, now) for state in states)
            for member in group.members
        )

    def is_in_state(self, group: Any, member: Any, state: str, now: float) -> bool:
        """join_empty, leave_when_empty: the state of one member."""
        extension = member.extension
        shared = self.shared[extension]
        memory = shared if group.rules.memory_scope == "extension" else member
        paused_until = max(member.paused_until, shared.paused_until)
        is_in = {
            "off_duty": not self.is_on_duty(extension, now),
            "paused": paused_until > now,
            "busy": self.on_call_until[extension] > now,
            "ringing": self.n_ringing[extension] > 0,
            "wrap_up": _wraps_up(memory, now),
            "level": False,
        }
        return bool(is_in[state])

    def stand(self, caller: Any, now: float) -> None:
        """wait_in_line: what ends a caller's waiting, beside a look at the whole line."""
        rules = caller.group.rules
        if rules.line_poll > 0:
            while caller.entered_at + caller.looks * rules.line_poll <= now:
                caller.looks += 1
            self.schedule(caller, LINE, caller.entered_at + caller.looks * rules.line_poll)
        elif caller.leaves_at < math.inf:
            self.schedule(caller, TIME_OUT, caller.leaves_at)
        if caller.gives_up_at < math.inf:
            self.schedule(caller, GIVE_UP, caller.gives_up_at)

    def look_at_line(self, group: Any) -> None:
        """wait_in_line: offer members who are available to callers in line, first come first."""
        now = self.clock.now
        group.looks_at.discard(now)
        for caller in list(self.line_of(group, now)):
            if caller.step == IN_LINE and (step := self.begin(caller, now)) != IN_LINE:
                self.advance(caller, step, now)
                self.tell(caller)
        if group.rules.join_ringing:
            for caller in sorted(self.callers, key=lambda one: one.call):
                if caller.group is group and caller.step == WAIT:
                    self.join(caller, now)

    def tell(self, caller: Any) -> None:
        """Let the process of a caller who was moved by another event wait for the next one."""
        caller.process.interrupt()

    def join(self, caller: Any, now: float) -> None:
        """join_ringing: members who have become candidates ring for the rest of the wave."""
        group = caller.group
        at_once = group.plan.dispatcher.at_once
        room = math.inf if at_once in (ALL, TIED) else at_once - len(caller.rings)
        found = self.candidates(caller, now)
        if not found or room <= 0 or caller.window_ends_at <= now:
            return
        joined = found if room == math.inf else found[: int(room)]
        for member in joined:
            ring = _RingOfPhone(member, now, caller.window_ends_at)
            ring.starts = False
            caller.rings.append(ring)
            self.count_ring(caller, ring, now)
        caller.rung = caller.rung + list(joined)
        caller.rings.sort(key=lambda one: one.member.position)
        caller.next_event = NO_EVENT
        self.wait(caller)
        self.tell(caller)

    # From pass to pass

    def leave(self, caller: Any, now: float) -> int:
        """S9: the no-answer rule acts; it forwards the call, or ends it."""
        group = caller.group.plan
        self.leave_line(caller, now)
        if group.forward_to == NOWHERE:
            caller.outcome, caller.action = OVERFLOWED, group.overflow_action
            return END
        if group.forward_to in caller.entered:
            caller.outcome, caller.action = OVERFLOWED, LOOP
            return END
        self.log_visit(caller, now)
        self.visit(caller, self.groups[group.forward_to], now)
        return BEGIN

    def leave_line(self, caller: Any, now: float) -> None:
        """wait_in_line: give up the place in line; others may move up."""
        group = caller.group
        if caller not in group.line:
            return
        if now < caller.leaves_line_at < math.inf:  # connect_delay: until the talk starts
            self.watch_group(group, caller.leaves_line_at) if group.watches else None
        else:
            group.line.remove(caller)
        for other in self.groups:
            if other.watches:
                self.watch_group(other, now)

    def end_pass(self, caller: Any, now: float) -> int:
        """S9: a pass that ended unanswered is followed by another, or the rule acts."""
        group, rules = caller.group, caller.group.rules
        if now >= caller.leaves_at or caller.passes >= rules.passes:
            return self.leave(caller, now)
        if caller in group.line and self.is_empty(group, rules.leave_when_empty, now):
            return self.leave(caller, now)
        pause = rules.retry_pause
        if caller.n_rings == caller.rings_before_pass:
            pause = max(pause, rules.repeat_delay)
        elif pause == 0:
            return self.next_pass(caller)
        self.schedule(caller, REPEAT, now + pause)
        if caller.gives_up_at < math.inf:
            self.schedule(caller, GIVE_UP, caller.gives_up_at)
        return SLEEP

    def next_pass(self, caller: Any) -> int:
        """S9: the next pass begins."""
        self.start_pass(caller, caller.passes + 1)
        return BEGIN

    def visit(self, caller: Any, group: Any, now: float) -> None:
        """S9: a call enters a group, by arrival or forward."""
        given = self.workload.max_wait_time
        limit = group.rules.max_wait_time
        if given is not None and not caller.entered:
            limit = float(given[caller.call])
        caller.leaves_at = now + limit
        caller.leaves_line_at = math.inf
        caller.pointer = caller.looks = 0
        caller.last_rung = None
        caller.order = None
        super().visit(caller, group, now)

    def start_pass(self, caller: Any, passes: int) -> None:
        """S2: nobody has been rung in this pass."""
        check_ended(self.plan, passes > MOST_PASSES)
        super().start_pass(caller, passes)
        caller.was_declined = False
        caller.next_wave_at = math.inf
        caller.turn = 0
        if caller.group.rules.order_fixed == "pass":
            caller.order = None


class _RingOfPhone(_Ring):
    """One phone that rings for one caller, or is still to start."""

    __slots__ = ("declines_at", "starts")

    def __init__(self, member: Any, started_at: float, ends_at: float) -> None:
        super().__init__(member, started_at, math.inf, ends_at)
        self.starts = True
        self.declines_at = math.inf


def _set_levels(members: Sequence[Any], levels: Sequence[int]) -> None:
    for member, level in zip(members, levels, strict=True):
        member.skill_level = level


def _wraps_up(memory: Any, now: float) -> bool:
    """Return True in the enforced wrap-up after the last talk that has ended."""
    ended = memory.talks_until <= now
    return bool(now < (memory.wraps_up_until if ended else memory.wrapped_up_before))


def _changed(level: float, change: int | str | None) -> float:
    """Return a level after a row of `level_rules`."""
    if change is None:
        return level
    return level + int(change) if isinstance(change, str) else float(change)


def _copy_memory(shared: Any, member: Any) -> None:
    """Let a member have the memory of their extension in all groups."""
    for field in (
        *("last_rung_at", "last_answered_at", "n_rung", "n_answered", "talked_time"),
        *("talks_until", "completed_before"),
    ):
        setattr(member, field, getattr(shared, field))
