"""Reference engine for rules S1 to S15: one SimPy process per call.

Read it beside `ringsim.rules` and beside `_compiled`, where the same verbs stand in the same
order under the same names. `play_call` is one caller from arrival to outcome: it looks for
members to ring until there is something to wait for, takes the caller's next event, and lets the
verb of that event act.

Simultaneous events (S13) are ordered by the rank of an event, SimPy's priority. Instants are
computed once and kept (S14), so events are scheduled at instants and not after delays. A
member who becomes free needs no event: who is free or on a call is a comparison with the
present instant, and comes out as if that event had been the first of the instant.

An answer is scheduled as if the member stayed as they are. Until then `free_at` can only move
later, so an answer may come too early but never too late: too early, it is found impossible
(`answer` returns `WAIT`), and the caller waits again.

A caller has one event to come, or two while a repeat is delayed: the repeat and the giving up.
Only the first is scheduled with SimPy, as it makes the other stale.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Generator, Sequence
from heapq import heappush
from typing import Any, TypeAlias

import numpy as np
from simpy import Environment, Event

from ringsim._log_arrays import (
    ABANDONED,
    ANSWERED,
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    LOOP,
    NO_ACTION,
    NOBODY,
    OVERFLOWED,
    PAGED,
    RING_ANSWERED,
    RING_NO_ANSWER,
    AttemptArrays,
    LogArrays,
    RingArrays,
    VisitArrays,
)
from ringsim.dispatch import Candidate
from ringsim.engine._limits import check_rings
from ringsim.engine._places import Places, PlayedCalls, call_arrays, own_call_arrays, places_of
from ringsim.engine._plan import NOWHERE, GroupPlan, Plan
from ringsim.workload import Workload

__all__ = ["play"]

Events: TypeAlias = Generator[Event, Any, None]

# Kinds of event in the order of rule S13; becoming free, the first, needs no event.
# DECLINE, LINE (a look at a line), POLL (a caller's own) and START are of `_simpy_options`.
ANSWER, DECLINE, GIVE_UP, TIME_OUT, LINE, POLL, START, REPEAT, OWN_CALL, ARRIVAL = range(10)
SIMPY_RANKS = 2  # SimPy's own events, which start and end processes, take ranks 0 and 1

# What comes next for a caller: see `_Run.play_call`
LOOK, END_PASS, WAIT, SLEEP, END = range(5)

RING_COLUMNS = 6

NOT_LOOKED = -1
NEVER = -math.inf
NO_EVENT = (math.inf, sys.maxsize, -1)  # of a caller: instant, rank, kind


def play(plan: Plan, workload: Workload) -> LogArrays:
    """Play every call of the workload to its end."""
    run = _Run(plan, workload)
    run.clock.process(run.arrivals())
    run.clock.process(run.own_calls())
    run.clock.process(run.spells_away())
    run.clock.run()
    return run.log()


class _Clock(Environment):
    """An environment whose events happen at instants, in the order of their ranks."""

    def schedule_at(self, instant: float, rank: int, kind: int = ARRIVAL) -> Event:
        """S14: an event at an instant; of several at one instant the lower rank comes first."""
        event = Event(self)
        event._ok = True
        event._value = kind
        # A rank is SimPy's priority, which its types take to be 0 or 1.
        heappush(self._queue, (instant, rank, next(self._eid), event))  # type: ignore[misc]
        return event


class _Member:
    """One member, as their group remembers them (S7).

    It has the fields of `Candidate`, so that an ordering sorts it as it stands.
    """

    __slots__ = ("extension", "talks_until", *Candidate._fields)

    position: int
    skill_level: int
    last_rung_at: float
    last_answered_at: float
    last_hung_up_at: float
    n_rung: int
    n_answered: int
    talked_time: float
    random: float
    extension_number: str

    def __init__(self, position: int, skill_level: int, extension: int, number: str) -> None:
        new_member = Candidate(position, skill_level, extension_number=number)
        for field, value in new_member._asdict().items():
            setattr(self, field, value)
        self.extension = extension
        self.talks_until = NEVER


class _Group:
    """One group: its plan, its members, and settings that never change."""

    __slots__ = ("auto_answer", "has_duty", "looks_at_present", "members", "plan")

    def __init__(self, plan: GroupPlan, has_duty: bool, extensions: Sequence[str]) -> None:
        self.plan = plan
        self.has_duty = has_duty
        self.auto_answer = plan.dispatcher.auto_answer
        self.looks_at_present = plan.looks_at_present
        self.members = [
            _Member(position, skill_level, extension, extensions[extension])
            for position, (skill_level, extension) in enumerate(
                zip(plan.skill_levels, plan.members, strict=True)
            )
        ]


class _Ring:
    """One phone that rings for one caller.

    At `ready_at` it would be answered if its member were free.
    """

    __slots__ = ("ends_at", "member", "ready_at", "started_at")

    def __init__(self, member: _Member, started_at: float, ready_at: float, ends_at: float) -> None:
        self.member = member
        self.started_at = started_at
        self.ready_at = ready_at
        self.ends_at = ends_at


class _Caller:
    """One caller, from group to group, pass to pass and wave to wave."""

    __slots__ = (
        "action",
        "answered_by",
        "call",
        "entered",
        "entered_at",
        "found",
        "gives_up_at",
        "group",
        "n_rings",
        "next_event",
        "next_to_answer",
        "outcome",
        "passes",
        "rings",
        "rings_before",
        "rings_before_pass",
        "rings_on",
        "rung",
    )

    group: _Group
    next_to_answer: _Ring  # the first phone that can be answered, as far as is known
    outcome: int
    passes: int
    found: int  # candidates of the first look in this group
    rings_before: int
    rings_before_pass: int
    entered_at: float
    rung: list[_Member]  # in this pass

    def __init__(self, call: int, gives_up_at: float) -> None:
        self.call = call
        self.gives_up_at = gives_up_at
        self.n_rings = 0
        self.answered_by = NOBODY
        self.action = NO_ACTION
        self.next_event = NO_EVENT
        self.rings: list[_Ring] = []  # in the configured order
        self.rings_on: dict[int, int] = {}  # by extension
        self.entered: set[int] = set()


class _Run:
    """One run of calls: the state of all phones, the verbs that change it, and the log."""

    def __init__(self, plan: Plan, workload: Workload) -> None:
        self.clock = _Clock()
        self.plan = plan
        self.groups = [
            _Group(group, plan.has_duty(group), plan.extensions) for group in plan.groups
        ]
        self.workload = workload
        self.places = places_of(plan, workload)
        self.group_of = memoryview(self.places.group_of)
        self.arrives_at = memoryview(workload.arrives_at)
        self.talk_time = memoryview(workload.talk_time)
        self.wrap_up_time = memoryview(workload.wrap_up_time)
        self.patience = memoryview(workload.patience)
        self.answer_delay = [workload.phones.answer_delay_of(number) for number in plan.extensions]
        self.random = [workload.phones.random_of(number) for number in plan.extensions]
        self.on_call_until = [NEVER] * len(plan.extensions)
        self.free_at = [NEVER] * len(plan.extensions)
        self.n_ringing = [0] * len(plan.extensions)
        self.width = max((len(group.members) for group in plan.groups), default=0) + 1
        self.length = max(len(workload), len(workload.own_calls) + len(workload.away)) + 1
        self.call_rows = array("d")
        self.ring_rows = array("d")
        self.visit_rows = array("d")
        self.taken = [False] * len(workload.own_calls)
        self.verbs = {
            ANSWER: self.answer,
            GIVE_UP: self.give_up,
            TIME_OUT: self.time_out,
            REPEAT: self.repeat,
        }

    def play_call(self, call: int) -> Events:
        """Play one call from arrival to outcome, as `_compiled.play_runs` plays all calls."""
        now, step = self.clock.now, LOOK
        caller = self.arrive(call, now)
        while True:
            while step <= END_PASS:  # the steps that take no time
                if step == END_PASS:
                    step = self.end_pass(caller, now)
                    continue
                candidates = self.candidates(caller, now)
                if not candidates:
                    step = END_PASS
                    continue
                wave = self.wave(caller, candidates, now)
                if caller.group.auto_answer:
                    step = self.page(caller, wave, now)
                else:
                    step = self.ring(caller, wave, now)
            if step == WAIT:
                self.wait(caller)
            elif step == END:
                self.end(caller, now)
                return
            kind = yield self.next_event(caller)
            now = self.clock.now
            step = self.verbs[kind](caller, now)
            if step != WAIT:
                self.end_rings(caller, kind, now)

    def arrivals(self) -> Events:
        """S1: every call of the workload arrives at its instant."""
        for call in memoryview(np.argsort(self.workload.arrives_at, kind="stable")):
            yield self.clock.schedule_at(self.arrives_at[call], self.rank(ARRIVAL, call))
            self.clock.process(self.play_call(call))

    def own_calls(self) -> Events:
        """S15: every own call of the workload comes to its instant."""
        own = self.workload.own_calls
        for number in memoryview(np.argsort(own.at, kind="stable")):
            at = float(own.at[number])
            yield self.clock.schedule_at(at, self.rank(OWN_CALL, number))
            self.own_call(number, at)

    def spells_away(self) -> Events:
        """S15: every spell away begins at its instant, after the own calls of that instant."""
        away, n_own = self.workload.away, len(self.workload.own_calls)
        for number in memoryview(np.argsort(away.at, kind="stable")):
            at = float(away.at[number])
            yield self.clock.schedule_at(at, self.rank(OWN_CALL, n_own + number))
            self.begin_spell(number, at)

    # Events

    def rank(self, kind: int, number: int, position: int = 0) -> int:
        """S13: place among simultaneous events, by kind, then number, then position."""
        return SIMPY_RANKS + (kind * self.length + number) * self.width + position

    def next_event(self, caller: _Caller) -> Event:
        """S13: schedule the first noted event of a caller; the others are dropped."""
        event, caller.next_event = caller.next_event, NO_EVENT
        return self.clock.schedule_at(*event)

    def schedule(self, caller: _Caller, kind: int, at: float, position: int = 0) -> None:
        """S13, S14: note an event of a caller at its instant; `next_event` schedules the first."""
        event = (at, self.rank(kind, caller.call, position), kind)
        caller.next_event = event if event < caller.next_event else caller.next_event

    # What happens

    def arrive(self, call: int, now: float) -> _Caller:
        """S1, S8: a call arrives at its group, and the caller's patience begins."""
        caller = _Caller(call, now + self.patience[call])
        self.visit(caller, self.groups[self.group_of[call]], now)
        return caller

    def answer(self, caller: _Caller, now: float) -> int:
        """S6: the member talks, then is in wrap-up; one who is not free after all rings on."""
        member = caller.next_to_answer.member
        extension = member.extension
        if now < self.free_at[extension]:
            return WAIT
        hangs_up_at = now + self.talk_time[caller.call]
        self.on_call_until[extension] = hangs_up_at
        self.free_at[extension] = hangs_up_at + self.wrap_up_time[caller.call]
        self.remember_answer(member, now, hangs_up_at, self.talk_time[caller.call])
        caller.answered_by = extension
        caller.outcome = ANSWERED
        return END

    def give_up(self, caller: _Caller, now: float) -> int:  # noqa: ARG002
        """S8: the caller's patience has run out."""
        caller.outcome = ABANDONED
        return END

    def time_out(self, caller: _Caller, now: float) -> int:  # noqa: ARG002
        """S5: a hunt looks again; the pass of a fan-out is over."""
        return END_PASS if caller.group.plan.dispatcher.one_wave else LOOK

    def repeat(self, caller: _Caller, now: float) -> int:  # noqa: ARG002
        """S9: a delayed repeat begins."""
        self.start_pass(caller, caller.passes + 1)
        return LOOK

    def own_call(self, number: int, now: float) -> None:
        """S15: an own call takes place if its person is free and on duty then."""
        extension = int(self.places.own_extension[number])
        if now >= self.free_at[extension] and self.is_on_duty(extension, now):
            talk_time = float(self.workload.own_calls.talk_time[number])
            self.on_call_until[extension] = now + talk_time
            self.free_at[extension] = self.on_call_until[extension]
            self.taken[number] = True

    def begin_spell(self, number: int, now: float) -> None:
        """S15: a person is away, and not free until they are back."""
        extension = int(self.places.away_extension[number])
        back_at = now + float(self.workload.away.talk_time[number])
        self.free_at[extension] = max(self.free_at[extension], back_at)

    def end_rings(self, caller: _Caller, kind: int, now: float) -> None:
        """S5: the phones that ring for a caller stop, because of an event of some kind."""
        lost, answered = RING_NO_ANSWER, None
        if kind == ANSWER:
            lost, answered = ANSWERED_ELSEWHERE, caller.next_to_answer
        elif kind == GIVE_UP:
            lost = CALLER_GAVE_UP
        for ring in caller.rings:
            extension = ring.member.extension
            self.n_ringing[extension] -= 1
            result = RING_ANSWERED if ring is answered else lost
            self.log_ring(caller, extension, ring.started_at, now, result)
        caller.rings.clear()

    # Whom to ring

    def candidates(self, caller: _Caller, now: float) -> list[_Member]:
        """S3: the members who could be rung now, in the configured order."""
        group, rung = caller.group, caller.rung
        members = group.members
        if rung:
            members = [member for member in members if member not in rung]
        if group.plan.skip_busy:
            members = self.not_on_call(group, members, now)
        if group.has_duty:
            members = [member for member in members if self.is_on_duty(member.extension, now)]
        if caller.found == NOT_LOOKED:
            caller.found = len(members)
        if group.auto_answer:  # S10: counted in `found`, but not reached
            members = self.not_on_call(group, members, now)
        return members

    def not_on_call(self, group: _Group, members: Sequence[_Member], now: float) -> list[_Member]:
        """S3: on a call in [answer, answer + talk); with `ringing_is_busy` when rung, too."""
        until = self.on_call_until
        idle = [member for member in members if until[member.extension] <= now]
        if group.plan.ringing_is_busy:
            return [member for member in idle if not self.n_ringing[member.extension]]
        return idle

    def is_on_duty(self, extension: int, now: float) -> bool:
        """S12: in [start, end) of a span."""
        spans = self.plan.duty[extension]
        return spans is None or any(start <= now < end for start, end in spans)

    def wave(self, caller: _Caller, candidates: Sequence[_Member], now: float) -> Sequence[_Member]:
        """S4, S7, S11: the candidates whose phones ring now, in the configured order."""
        group = caller.group
        if group.looks_at_present:
            for member in candidates:
                member.last_hung_up_at = min(member.talks_until, now)
                member.random = self.random[member.extension](caller.call)
        # An ordering looks at no moment; `_simpy_options` plays dispatchers that do
        picked: Sequence[Any] = group.plan.dispatcher.wave(candidates, None)  # type: ignore[arg-type]
        if len(picked) == 1:
            return [group.members[picked[0].position]]
        return [group.members[position] for position in sorted(one.position for one in picked)]

    # Ringing

    def ring(self, caller: _Caller, wave: Sequence[_Member], now: float) -> int:
        """S5: the phones of a wave start to ring, each from and until instants of its own."""
        ends_at = now + caller.group.plan.ring_time
        call, rings_on, n_ringing = caller.call, caller.rings_on, self.n_ringing
        for member in wave:
            extension = member.extension
            nth_ring = rings_on.get(extension, 0)
            rings_on[extension] = nth_ring + 1
            n_ringing[extension] += 1
            self.remember_ring(member, now)
            delay = self.answer_delay[extension](call, nth_ring)
            caller.rings.append(_Ring(member, now, now + delay, ends_at))
        caller.rung += wave
        return WAIT

    def wait(self, caller: _Caller) -> None:
        """S5, S6, S8, S13: schedule an answer, giving up or a ring's end; ties in this order."""
        free_at, answers_at, ends_at = self.free_at, math.inf, math.inf
        for ring in caller.rings:
            ready_at, free_from = ring.ready_at, free_at[ring.member.extension]
            at = ready_at if ready_at >= free_from else free_from  # faster than `max`
            if at < answers_at:  # of equal ones the first in the configured order (S13)
                answers_at, caller.next_to_answer = at, ring
            if ring.ends_at < ends_at:
                ends_at = ring.ends_at
        if answers_at <= ends_at and answers_at <= caller.gives_up_at:
            self.schedule(caller, ANSWER, answers_at, caller.next_to_answer.member.position)
        elif caller.gives_up_at <= ends_at:
            self.schedule(caller, GIVE_UP, caller.gives_up_at)
        else:
            self.schedule(caller, TIME_OUT, ends_at)

    def page(self, caller: _Caller, wave: Sequence[_Member], now: float) -> int:
        """S10: the phones of the wave answer by themselves, at once."""
        hangs_up_at = now + self.talk_time[caller.call]
        for member in wave:
            extension = member.extension
            self.on_call_until[extension] = hangs_up_at
            self.free_at[extension] = max(self.free_at[extension], hangs_up_at)
            self.remember_ring(member, now)
            self.remember_answer(member, now, hangs_up_at, self.talk_time[caller.call])
            self.log_ring(caller, extension, now, now, PAGED)
        caller.outcome = ANSWERED
        return END

    # From pass to pass

    def leave(self, caller: _Caller, now: float) -> int:
        """S9: the no-answer rule acts; it forwards the call, or ends it."""
        group = caller.group.plan
        if group.forward_to == NOWHERE:
            caller.outcome, caller.action = OVERFLOWED, group.overflow_action
            return END
        if group.forward_to in caller.entered:
            caller.outcome, caller.action = OVERFLOWED, LOOP
            return END
        self.log_visit(caller, now)
        self.visit(caller, self.groups[group.forward_to], now)
        return LOOK

    def end_pass(self, caller: _Caller, now: float) -> int:
        """S9: a pass that ended unanswered is repeated, or the no-answer rule acts."""
        group = caller.group.plan
        if caller.passes < group.passes:
            if caller.n_rings == caller.rings_before_pass:
                self.delay_repeat(caller, group, now)
                return SLEEP
            self.start_pass(caller, caller.passes + 1)
            return LOOK
        return self.leave(caller, now)

    def delay_repeat(self, caller: _Caller, group: GroupPlan, now: float) -> None:
        """S8, S9: a repeat waits if no phone rang; until it starts, the caller may give up."""
        repeats_at = now + group.repeat_delay
        self.schedule(caller, REPEAT, repeats_at)
        if caller.gives_up_at <= repeats_at:
            self.schedule(caller, GIVE_UP, caller.gives_up_at)

    def visit(self, caller: _Caller, group: _Group, now: float) -> None:
        """S9: a call enters a group, by arrival or forward."""
        caller.group = group
        caller.rings_before = caller.n_rings
        caller.found = NOT_LOOKED
        caller.entered_at = now
        caller.entered.add(group.plan.place)
        self.start_pass(caller, 1)

    def start_pass(self, caller: _Caller, passes: int) -> None:
        """S2: nobody has been rung in this pass."""
        if passes > 1:
            check_rings(self.plan, len(self.workload), self.n_rings)
        caller.rung = []
        caller.passes = passes
        caller.rings_before_pass = caller.n_rings

    def end(self, caller: _Caller, now: float) -> None:
        """S1: the outcome of a call."""
        self.log_visit(caller, now)
        self.call_rows.extend(
            (
                caller.call,
                caller.outcome,
                now - self.arrives_at[caller.call],
                caller.answered_by,
                caller.n_rings,
                caller.group.plan.place,
                caller.action,
            )
        )

    # Memory and log

    def remember_ring(self, member: _Member, now: float) -> None:
        """S7: the start of a ring, answered or not."""
        member.last_rung_at = now
        member.n_rung += 1

    def remember_answer(
        self, member: _Member, now: float, hangs_up_at: float, talk_time: float
    ) -> None:
        """S7: an answer, a page's too."""
        member.last_answered_at = now
        member.n_answered += 1
        member.talked_time += talk_time
        member.talks_until = hangs_up_at

    def log_ring(
        self, caller: _Caller, extension: int, started_at: float, ended_at: float, result: int
    ) -> None:
        """A row of the rings."""
        caller.n_rings += 1
        place = caller.group.plan.place
        self.ring_rows.extend((caller.call, place, extension, started_at, ended_at, result))

    def log_visit(self, caller: _Caller, now: float) -> None:
        """A row of the visits, as a call leaves a group."""
        self.visit_rows.extend(
            (
                caller.call,
                caller.group.plan.place,
                caller.entered_at,
                now,
                caller.passes,
                caller.n_rings - caller.rings_before,
                caller.found,
            )
        )

    @property
    def n_rings(self) -> int:
        """Number of rings so far."""
        return len(self.ring_rows) // RING_COLUMNS

    def log(self) -> LogArrays:
        """Return the log, its rows in the order of the calls."""
        check_rings(self.plan, len(self.workload), self.n_rings)
        _, outcome, wait, answered_by, n_rings, ended_in, action = _columns(
            self.call_rows, "iifiiii"
        )
        del self.call_rows  # not held beside the columns: a long run has many rows
        rings = RingArrays(*_columns(self.ring_rows, "iiiffi"))
        del self.ring_rows
        visits = VisitArrays(*_columns(self.visit_rows, "iiffiii"))
        del self.visit_rows
        places, played, attempts = self.played()
        return LogArrays(
            groups=self.plan.group_numbers,
            extensions=self.plan.extensions,
            calls=call_arrays(
                places,
                played,
                outcome=outcome,
                wait=wait,
                answered_by=answered_by,
                n_rings=n_rings,
                ended_in=ended_in,
                action=action,
            ),
            rings=rings,
            visits=visits,
            own_calls=own_call_arrays(
                self.places, self.workload, np.array(self.taken, dtype=np.bool_)
            ),
            attempts=attempts,
        )

    def played(self) -> tuple[Places, Workload | PlayedCalls, AttemptArrays | None]:
        """Return the calls that were played, and which of them are attempts of one caller."""
        return self.places, self.workload, None


def _columns(rows: array[float], kinds: str) -> list[Any]:
    """Return rows of numbers, one after another, as columns ordered by the first column.

    `kinds` has a letter per column: `i` for whole numbers, `f` for floats.
    """
    table = np.frombuffer(rows, dtype=np.float64).reshape(-1, len(kinds))
    order = np.argsort(table[:, 0], kind="stable")
    return [
        table[order, place].astype(np.int32 if kind == "i" else np.float64, copy=False)
        for place, kind in enumerate(kinds)
    ]
