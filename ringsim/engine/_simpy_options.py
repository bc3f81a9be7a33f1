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
from typing import Any

from simpy import Interrupt

from ringsim._log_arrays import ANSWERED, DECLINED, RING_NO_ANSWER, LogArrays
from ringsim.engine._limits import check_ended
from ringsim.engine._plan import MOST_LOOKS, Plan
from ringsim.engine._simpy import (
    ANSWER,
    DECLINE,
    END,
    END_PASS,
    GIVE_UP,
    LOOK,
    NO_EVENT,
    POLL,
    REPEAT,
    SLEEP,
    START,
    TIME_OUT,
    WAIT,
    Events,
)
from ringsim.engine._simpy_options_redial import RunWithRedials
from ringsim.engine._simpy_options_state import BEGIN, IN_LINE, LEAST_REST, CallerInLine
from ringsim.workload import Workload

__all__ = ["play"]


def play(plan: Plan, workload: Workload) -> LogArrays:
    """Play every call of the workload to its end."""
    run = _RunWithOptions(plan, workload)
    run.start()
    run.clock.run()
    check_ended(plan, bool(run.callers))
    return run.log()


class _RunWithOptions(RunWithRedials):
    """One run with options."""

    def __init__(self, plan: Plan, workload: Workload) -> None:
        super().__init__(plan, workload)
        self.verbs = {
            ANSWER: self.answer,
            DECLINE: self.decline,
            GIVE_UP: self.give_up,
            TIME_OUT: self.time_out,
            POLL: self.look_in_line,
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

    def play_call(self, call: int) -> Events:
        """Play one call from arrival to outcome."""
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
            if self.redials is not None:
                self.try_again(caller, now)
        if begins_to_ring:
            self.watch_up_to(caller.group, now)

    # What happens

    def arrive(self, call: int, now: float) -> CallerInLine:
        """S1, S8: a call arrives at its group, and the caller's patience begins."""
        group = self.groups[self.group_of[call]]
        given = self.workload.priority
        caller = CallerInLine(call, now + self.patience[call], group.plan.priority)
        if self.redials is not None:
            caller.first_attempt, caller.attempt = self.first_attempt[call], self.attempt[call]
        if given is not None:
            caller.priority = float(given[caller.first_attempt])
        self.callers.add(caller)
        self.visit(caller, group, now)
        if self.workload.max_wait_time is not None:
            caller.leaves_at = now + float(self.workload.max_wait_time[caller.first_attempt])
        return caller

    def answer(self, caller: Any, now: float) -> int:
        """S6: the member talks, then is in wrap-up; one who is not free after all rings on."""
        ring = caller.next_to_answer
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
        if rules.max_active_calls < math.inf and caller.group.watches:
            self.watch_group(caller.group, hangs_up_at)
        caller.group.last_answered = member.position
        caller.answered_by, caller.outcome = extension, ANSWERED
        caller.leaves_line_at = talks_from
        self.end_rings(caller, ANSWER, now)
        self.turn_pointer(caller, member)
        return END

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
        if caller.rings:
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
        return END_PASS if caller.group.plan.dispatcher.one_wave else LOOK

    def look_in_line(self, caller: Any, now: float) -> int:  # noqa: ARG002
        """line_poll: a caller in line looks whether it is their turn."""
        caller.looks += 1
        check_ended(self.plan, caller.looks > MOST_LOOKS)
        return BEGIN

    def start_phone(self, caller: Any, now: float) -> int:
        """ring_delay, wave_step: a phone of the wave, or the next wave, starts."""
        if caller.next_wave_at == now:
            caller.next_wave_at = math.inf
            return LOOK if now < caller.leaves_at else WAIT
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
        is_last = group.plan.dispatcher.one_wave or now >= caller.leaves_at
        return END_PASS if is_last else LOOK

    def repeat(self, caller: Any, now: float) -> int:  # noqa: ARG002
        """S9: a delayed repeat begins."""
        return self.next_pass(caller)

    def own_call(self, number: int, now: float) -> None:
        """S15: an own call takes place if its person is free and on duty then."""
        super().own_call(number, now)
        if self.taken[number]:
            extension = int(self.places.own_extension[number])
            self.watch(extension, self.on_call_until[extension])

    def look_at_line(self, group: Any) -> None:
        """wait_in_line: offer members who are available to callers in line, first come first."""
        now = self.clock.now
        group.looks_at.discard(now)
        looks = group.rules.line_poll == 0  # otherwise each caller looks at instants of their own
        for caller in list(self.line_of(group, now)) if looks else ():
            if caller.step == IN_LINE and (step := self.begin(caller, now)) != IN_LINE:
                self.advance(caller, step, now)
                self.tell(caller)
        if group.rules.join_ringing:
            for caller in sorted(self.callers, key=lambda one: one.call):
                if caller.group is group and caller.step == WAIT:
                    self.join(caller, now)

    def look(self, caller: Any, now: float) -> int:
        """S3, S4: pick the next wave and ring it, or end the pass."""
        candidates = self.candidates(caller, now)
        wave = self.wave(caller, candidates, now) if candidates else []
        if not wave:
            return WAIT if caller.rings else END_PASS  # earlier waves ring on
        if caller.group.auto_answer:
            return self.page(caller, wave, now)
        return self.ring(caller, wave, now)
