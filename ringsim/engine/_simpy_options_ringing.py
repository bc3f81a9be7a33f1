"""Starts and ends of rings with options, as in `_compiled_options_ringing`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ringsim._log_arrays import ANSWERED_ELSEWHERE, CALLER_GAVE_UP, RING_ANSWERED
from ringsim.dispatch import ALL, TIED
from ringsim.engine._simpy import ANSWER, DECLINE, GIVE_UP, NO_EVENT, START, TIME_OUT, WAIT
from ringsim.engine._simpy_options_candidates import RunWithCandidates
from ringsim.engine._simpy_options_state import RingOfPhone


class RunWithRings(RunWithCandidates):
    """One run: phones that ring, each with instants of its own."""

    # Starts

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
            ring = RingOfPhone(member, starts_at, ends_at)
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
        if math.isnan(caller.first_rung_at):
            caller.first_rung_at = now
        whose = (caller.first_attempt, nth_ring, caller.attempt)
        ring.ready_at = now + self.answer_delay[extension](*whose)
        delay = self.decline_delay[extension]
        if delay is not None:
            ring.declines_at = now + delay(*whose)

    def wait(self, caller: Any) -> None:
        """S5, S6, S8, S13, wave_step: schedule the first event of a caller and their phones."""
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
                    caller.next_to_answer = ring
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
        caller.group.last_rung = caller.group.last_answered = wave[-1].position
        for member in wave:
            for one in self.memories(member):  # a page has no enforced wrap-up and ends none
                one.wrapped_up_before = one.wraps_up_until
            self.watch(member.extension, now + self.talk_time[caller.call])
        return step

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
            ring = RingOfPhone(member, now, caller.window_ends_at)
            ring.starts = False
            caller.rings.append(ring)
            self.count_ring(caller, ring, now)
        caller.rung = caller.rung + list(joined)
        caller.rings.sort(key=lambda one: one.member.position)
        caller.next_event = NO_EVENT
        self.wait(caller)
        self.tell(caller)

    # Ends

    def end_rings(self, caller: Any, kind: int, now: float) -> None:
        """S5: the phones that ring for a caller stop, because of an event of some kind."""
        lost = ANSWERED_ELSEWHERE if kind == ANSWER else CALLER_GAVE_UP
        for ring in list(caller.rings):
            answered = kind == ANSWER and ring is caller.next_to_answer
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

    def end_wave(self, caller: Any) -> None:
        """rotation, wave_step: a wave is over; no other is due, and the pointer moves on."""
        caller.next_wave_at = math.inf
        if caller.group.rules.rotation in ("rung", "within_call"):
            self.turn_pointer(caller, None)

    def turn_pointer(self, caller: Any, answered_by: Any) -> None:
        """rotation: move the pointer behind the member rung last, or who answered."""
        group = caller.group
        rotation, n = group.rules.rotation, len(group.members)
        last = answered_by if rotation == "answered" else caller.last_picked
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
