"""The reference engine: rules S1 to S15 as one SimPy process per call.

Read it beside section 2 of the README's rules: `call` is one caller from arrival to outcome,
`visit` one group (S9), `hunt` one pass (S2 to S5), `ring` one wave (S6), `page` a page (S10).

Simultaneous events (S13) are ordered by the rank of an event, SimPy's priority. Instants are
computed once and kept (S14), so events are scheduled at instants and not after delays. A
member who becomes free needs no event: who is free or on a call is a comparison with the
present instant, and comes out as if that event had been the first of the instant.

A wave waits for one event at a time: the earliest at which one of its phones could be
answered, as far as is known, or its end. Members only become busier meanwhile, so an answer
that turns out impossible is followed by the next that is possible.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator, Sequence
from heapq import heappush
from typing import Any, TypeAlias

import numpy as np
from simpy import Environment, Event

from ringsim.dispatch import Candidate, Moment
from ringsim.engine._plan import NOWHERE, GroupPlan, Plan
from ringsim.errors import DispatcherError
from ringsim.group import Action
from ringsim.logarrays import (
    ABANDONED,
    ANSWERED,
    ANSWERED_ELSEWHERE,
    CALLER_GAVE_UP,
    FORWARD_TO_NUMBER,
    FORWARD_TO_VOICEMAIL,
    HANGUP,
    LOOP,
    NO_ACTION,
    NOBODY,
    OVERFLOWED,
    PAGED,
    RING_ANSWERED,
    RING_NO_ANSWER,
    CallArrays,
    LogArrays,
    OwnCallArrays,
    RingArrays,
    VisitArrays,
)
from ringsim.workload import Workload

__all__ = ["play"]

Events: TypeAlias = Generator[Event, None, Any]

# Kinds of event in the order of rule S13; becoming free, the first, needs no event.
ANSWER, GIVE_UP, TIME_OUT, REPEAT, OWN_CALL, ARRIVAL = range(6)
SIMPY_RANKS = 2  # SimPy's own events, which start and end processes, take ranks 0 and 1

UNANSWERED = None  # how a wave, a pass or a visit ends that has no outcome

# Places in the row of a member's memory: the fields of Candidate (S7)
LAST_RUNG_AT, LAST_ANSWERED_AT, LAST_HUNG_UP_AT, N_RUNG, N_ANSWERED, TALKED_TIME, RANDOM = range(
    Candidate._fields.index("last_rung_at"), len(Candidate._fields)
)
NEVER = float("-inf")


def play(plan: Plan, workload: Workload) -> LogArrays:
    """Play every call of the workload to its end."""
    run = _Run(plan, workload)
    run.clock.process(run.arrivals())
    run.clock.process(run.own_calls())
    run.clock.run()
    return run.log()


class _Clock(Environment):
    """An environment whose events happen at instants, in the order of their ranks."""

    def schedule_at(self, instant: float, rank: int) -> Event:
        """An event at an instant; of several at one instant the lower rank happens first."""
        event = Event(self)
        event._ok = True
        event._value = None
        heappush(self._queue, (instant, rank, next(self._eid), event))  # type: ignore[misc, arg-type]
        return event


class _Caller:
    """One caller: what follows them from group to group."""

    __slots__ = ("answered_by", "call", "gives_up_at", "n_rings", "rings_on")

    def __init__(self, call: int, gives_up_at: float) -> None:
        self.call = call
        self.gives_up_at = gives_up_at
        self.answered_by = NOBODY
        self.n_rings = 0
        self.rings_on: dict[int, int] = {}  # by extension


class _Group:
    """One group: its plan, and what it remembers of its members (S7)."""

    __slots__ = ("looks_at_hung_up", "looks_at_random", "memory", "plan", "talks_until")

    def __init__(self, plan: GroupPlan) -> None:
        self.plan = plan
        self.looks_at_random = plan.dispatcher.looks_at("random")
        self.looks_at_hung_up = plan.dispatcher.looks_at("last_hung_up_at")
        self.memory: list[list[Any]] = [
            list(Candidate(position, skill_level))
            for position, skill_level in enumerate(plan.skill_levels)
        ]
        self.talks_until = [NEVER] * len(plan.members)


class _Run:
    """One run: the state of all phones, and the log."""

    def __init__(self, plan: Plan, workload: Workload) -> None:
        self.clock = _Clock()
        self.plan = plan
        self.groups = [_Group(group) for group in plan.groups]
        self.workload = workload
        self.arrives_at = memoryview(workload.arrives_at)
        self.talk_time = memoryview(workload.talk_time)
        self.wrap_up_time = memoryview(workload.wrap_up_time)
        self.patience = memoryview(workload.patience)
        self.answer_delay = [workload.answer_delay_of(number) for number in plan.extensions]
        self.random = [workload.random_of(number) for number in plan.extensions]
        self.on_call_until = [NEVER] * len(plan.extensions)
        self.free_at = [NEVER] * len(plan.extensions)
        self.n_ringing = [0] * len(plan.extensions)
        self.width = max((len(group.members) for group in plan.groups), default=0) + 1
        self.length = max(len(workload), len(workload.own_calls)) + 1
        self.call_rows = array("d")
        self.ring_rows = array("d")
        self.visit_rows = array("d")
        self.taken = [False] * len(workload.own_calls)

    def rank(self, kind: int, number: int, position: int = 0) -> int:
        """Place among simultaneous events (S13): by kind, then number, then position."""
        return SIMPY_RANKS + (kind * self.length + number) * self.width + position

    # Arrivals and own calls

    def arrivals(self) -> Events:
        """S1: every call of the workload arrives at its instant."""
        arrives_at = self.arrives_at
        for call in np.argsort(self.workload.arrives_at, kind="stable").tolist():
            yield self.clock.schedule_at(arrives_at[call], self.rank(ARRIVAL, call))
            self.clock.process(self.call(call))

    def own_calls(self) -> Events:
        """S15: an own call takes place if its person is free and on duty then."""
        own = self.workload.own_calls
        for number in np.argsort(own.at, kind="stable").tolist():
            at = float(own.at[number])
            extension = self.plan.own_extension[number]
            yield self.clock.schedule_at(at, self.rank(OWN_CALL, number))
            if at >= self.free_at[extension] and self.is_on_duty(extension, at):
                self.on_call_until[extension] = at + float(own.talk_time[number])
                self.free_at[extension] = self.on_call_until[extension]
                self.taken[number] = True

    # One call

    def call(self, call: int) -> Events:
        """One caller, from arrival to outcome."""
        caller = _Caller(call, self.arrives_at[call] + self.patience[call])
        group = self.groups[self.plan.group_of[call]]
        entered = {group.plan.place}
        while True:
            outcome = yield from self.visit(caller, group)
            if outcome is not UNANSWERED:
                self.end(caller, group, outcome, NO_ACTION)
                return
            following = group.plan.forward_to
            if following == NOWHERE:
                self.end(caller, group, OVERFLOWED, _action(group.plan))
                return
            if following in entered:
                self.end(caller, group, OVERFLOWED, LOOP)
                return
            entered.add(following)
            group = self.groups[following]

    def visit(self, caller: _Caller, group: _Group) -> Events:
        """S9: passes through one group until an outcome, or until its rule says what next."""
        entered_at = self.clock.now
        rings_before = caller.n_rings
        found = len(self.candidates(group, set()))
        passes = 1
        while True:
            rings_before_pass = caller.n_rings
            outcome = yield from self.hunt(caller, group)
            repeats = group.plan.action is Action.REPEAT and passes <= group.plan.max_repeats
            if outcome is not UNANSWERED or not repeats:
                break
            if caller.n_rings == rings_before_pass:
                outcome = yield from self.delay_repeat(caller, group)
                if outcome is not UNANSWERED:
                    break
            passes += 1
        n_rings = caller.n_rings - rings_before
        self.visit_rows.extend(
            (caller.call, group.plan.place, entered_at, self.clock.now, passes, n_rings, found)
        )
        return outcome

    def delay_repeat(self, caller: _Caller, group: _Group) -> Events:
        """S9: a repeat after a pass in which no phone rang waits, and the caller may give up."""
        repeats_at = self.clock.now + group.plan.repeat_delay
        if caller.gives_up_at <= repeats_at:
            yield self.clock.schedule_at(caller.gives_up_at, self.rank(GIVE_UP, caller.call))
            return ABANDONED
        yield self.clock.schedule_at(repeats_at, self.rank(REPEAT, caller.call))
        return UNANSWERED

    def hunt(self, caller: _Caller, group: _Group) -> Events:
        """S2, S5: one pass, wave after wave, until an outcome or no candidates are left."""
        dispatcher = group.plan.dispatcher
        rung: set[int] = set()
        waves = 0
        while candidates := self.candidates(group, rung):
            if dispatcher.auto_answer:
                candidates = [
                    position
                    for position in candidates
                    if not self.is_on_call(group.plan.members[position], self.clock.now)
                ]
                if not candidates:
                    break
            wave = self.wave(caller, group, candidates, waves)
            if dispatcher.auto_answer:
                return self.page(caller, group, wave)
            outcome = yield from self.ring(caller, group, wave)
            if outcome is not UNANSWERED:
                return outcome
            if dispatcher.one_wave:
                break
            rung.update(wave)
            waves += 1
        return UNANSWERED

    def end(self, caller: _Caller, group: _Group, outcome: int, action: int) -> None:
        """The outcome of a call."""
        self.call_rows.extend(
            (
                caller.call,
                outcome,
                self.clock.now - self.arrives_at[caller.call],
                caller.answered_by,
                caller.n_rings,
                group.plan.place,
                action,
            )
        )

    # Whom to ring

    def candidates(self, group: _Group, rung: set[int]) -> list[int]:
        """S3: positions of the members who could be rung now."""
        now = self.clock.now
        skip_busy = group.plan.skip_busy
        return [
            position
            for position, extension in enumerate(group.plan.members)
            if position not in rung
            and self.is_on_duty(extension, now)
            and not (skip_busy and self.is_on_call(extension, now))
        ]

    def is_on_call(self, extension: int, now: float) -> bool:
        """S3: in [answer, answer + talk); with `ringing_is_busy` also while the phone rings."""
        if now < self.on_call_until[extension]:
            return True
        return self.plan.ringing_is_busy and self.n_ringing[extension] > 0

    def is_on_duty(self, extension: int, now: float) -> bool:
        """S12: in [start, end) of a span."""
        spans = self.plan.duty[extension]
        return spans is None or any(start <= now < end for start, end in spans)

    def wave(
        self, caller: _Caller, group: _Group, positions: Sequence[int], waves: int
    ) -> list[int]:
        """S4: positions of those whose phones ring now, in the configured order."""
        now = self.clock.now
        dispatcher = group.plan.dispatcher
        candidates = [self.candidate(caller, group, position) for position in positions]
        waited = now - self.arrives_at[caller.call]
        picked = dispatcher.wave(candidates, Moment(now, caller.call, waves, waited))
        if not dispatcher.is_ordering:
            _check_picked(dispatcher, picked, candidates)
        return sorted([candidate.position for candidate in picked])

    def candidate(self, caller: _Caller, group: _Group, position: int) -> Candidate:
        """S7: what the group knows of a member, at this instant."""
        memory = group.memory[position]
        if group.looks_at_hung_up:
            memory[LAST_HUNG_UP_AT] = min(group.talks_until[position], self.clock.now)
        if group.looks_at_random:
            memory[RANDOM] = self.random[group.plan.members[position]](caller.call)
        return Candidate._make(memory)

    # Ringing

    def ring(self, caller: _Caller, group: _Group, wave: Sequence[int]) -> Events:
        """S5, S6, S8: one wave, until an answer, until the caller gives up, or its time out."""
        started_at = self.clock.now
        times_out_at = started_at + group.plan.ring_time
        gives_up = caller.gives_up_at <= times_out_at
        ends_at = caller.gives_up_at if gives_up else times_out_at
        phones = [self.start_ring(caller, group, position) for position in wave]
        answered_at = UNANSWERED
        while True:
            answers_at, position, extension = min(
                (max(ready_at, self.free_at[extension]), position, extension)
                for position, extension, ready_at in phones
            )
            if answers_at > ends_at:
                kind = GIVE_UP if gives_up else TIME_OUT
                yield self.clock.schedule_at(ends_at, self.rank(kind, caller.call))
                break
            yield self.clock.schedule_at(answers_at, self.rank(ANSWER, caller.call, position))
            if answers_at >= self.free_at[extension]:
                answered_at = position
                self.answer(caller, group, position)
                break
        outcome = ANSWERED if answered_at is not UNANSWERED else ABANDONED if gives_up else None
        lost = _LOST[outcome]
        for position, extension, _ in phones:
            self.n_ringing[extension] -= 1
            result = RING_ANSWERED if position == answered_at else lost
            self.log_ring(caller, group, extension, started_at, result)
        return outcome

    def start_ring(self, caller: _Caller, group: _Group, position: int) -> tuple[int, int, float]:
        """One phone starts to ring: its position, its extension, when it could be answered."""
        started_at = self.clock.now
        extension = group.plan.members[position]
        ring = caller.rings_on.get(extension, 0)
        caller.rings_on[extension] = ring + 1
        self.n_ringing[extension] += 1
        self.remember_ring(group, position)
        return position, extension, started_at + self.answer_delay[extension](caller.call, ring)

    def answer(self, caller: _Caller, group: _Group, position: int) -> None:
        """S6: the member talks, then is in wrap-up."""
        extension = group.plan.members[position]
        hangs_up_at = self.clock.now + self.talk_time[caller.call]
        self.on_call_until[extension] = hangs_up_at
        self.free_at[extension] = hangs_up_at + self.wrap_up_time[caller.call]
        self.remember_answer(caller, group, position, hangs_up_at)
        caller.answered_by = extension

    def page(self, caller: _Caller, group: _Group, wave: Sequence[int]) -> int:
        """S10: the phones of the wave answer by themselves, at once."""
        now = self.clock.now
        hangs_up_at = now + self.talk_time[caller.call]
        for position in wave:
            extension = group.plan.members[position]
            self.remember_ring(group, position)
            self.on_call_until[extension] = hangs_up_at
            self.free_at[extension] = max(self.free_at[extension], hangs_up_at)
            self.remember_answer(caller, group, position, hangs_up_at)
            self.log_ring(caller, group, extension, now, PAGED)
        return ANSWERED

    # Memory and log

    def remember_ring(self, group: _Group, position: int) -> None:
        """S7: the start of a ring."""
        memory = group.memory[position]
        memory[LAST_RUNG_AT] = self.clock.now
        memory[N_RUNG] += 1

    def remember_answer(
        self, caller: _Caller, group: _Group, position: int, hangs_up_at: float
    ) -> None:
        """S7: an answer, a page's too."""
        memory = group.memory[position]
        memory[LAST_ANSWERED_AT] = self.clock.now
        memory[N_ANSWERED] += 1
        memory[TALKED_TIME] += self.talk_time[caller.call]
        group.talks_until[position] = hangs_up_at

    def log_ring(
        self, caller: _Caller, group: _Group, extension: int, started_at: float, result: int
    ) -> None:
        caller.n_rings += 1
        self.ring_rows.extend(
            (caller.call, group.plan.place, extension, started_at, self.clock.now, result)
        )

    def log(self) -> LogArrays:
        """What happened, as arrays in the order of the calls."""
        calls = _table(self.call_rows, 7)
        rings = _table(self.ring_rows, 6)
        visits = _table(self.visit_rows, 7)
        workload, own = self.workload, self.workload.own_calls
        outcome = _whole(calls[1])
        return LogArrays(
            groups=self.plan.group_numbers,
            extensions=self.plan.extensions,
            calls=CallArrays(
                group=np.array(self.plan.group_of, dtype=np.int64),
                arrives_at=workload.arrives_at,
                outcome=outcome,
                wait=calls[2].copy(),
                answered_by=_whole(calls[3]),
                talk_time=np.where(outcome == ANSWERED, workload.talk_time, np.nan),
                wrap_up_time=workload.wrap_up_time,
                patience=workload.patience,
                n_rings=_whole(calls[4]),
                ended_in=_whole(calls[5]),
                action=_whole(calls[6]),
            ),
            rings=RingArrays(
                call=_whole(rings[0]),
                group=_whole(rings[1]),
                member=_whole(rings[2]),
                started_at=rings[3].copy(),
                ended_at=rings[4].copy(),
                result=_whole(rings[5]),
            ),
            visits=VisitArrays(
                call=_whole(visits[0]),
                group=_whole(visits[1]),
                entered_at=visits[2].copy(),
                left_at=visits[3].copy(),
                passes=_whole(visits[4]),
                n_rings=_whole(visits[5]),
                found=_whole(visits[6]),
            ),
            own_calls=OwnCallArrays(
                extension=np.array(self.plan.own_extension, dtype=np.int64),
                started_at=own.at,
                talk_time=own.talk_time,
                taken=np.array(self.taken, dtype=np.bool_),
            ),
        )


_LOST = {
    ANSWERED: ANSWERED_ELSEWHERE,
    ABANDONED: CALLER_GAVE_UP,
    UNANSWERED: RING_NO_ANSWER,
}  # the result of a ring that was not answered, by how its wave ended


def _action(plan: GroupPlan) -> int:
    """S9: what the rule of a group does to a call that it ends."""
    return {
        Action.FORWARD_TO_NUMBER: FORWARD_TO_NUMBER,
        Action.FORWARD_TO_VOICEMAIL: FORWARD_TO_VOICEMAIL,
    }.get(plan.action, HANGUP)


def _check_picked(
    dispatcher: object, picked: Sequence[Candidate], candidates: Sequence[Candidate]
) -> None:
    """The contract of `wave`, where it is not ringsim's own.

    Raises
    ------
    DispatcherError
        When nobody is picked, somebody twice, or somebody who is no candidate.
    """
    name = f"{type(dispatcher).__name__}.wave()"
    try:
        chosen = list(picked)
    except TypeError:
        raise DispatcherError(f"{name} must return candidates, got {picked!r}.") from None
    if not chosen:
        raise DispatcherError(
            f"{name} must pick at least one of the {len(candidates)} candidates, got none."
        )
    for place, candidate in enumerate(chosen):
        if candidate not in candidates:
            raise DispatcherError(f"{name} must pick from the candidates, got {candidate!r}.")
        if candidate in chosen[:place]:
            raise DispatcherError(f"{name} must pick nobody twice, got {candidate!r} again.")


def _table(rows: array[float], width: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Rows of numbers, one after another, as columns ordered by their first."""
    table = np.frombuffer(rows, dtype=np.float64).reshape(-1, width)
    return table[np.argsort(table[:, 0], kind="stable")].T


def _whole(column: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return column.astype(np.int64)
