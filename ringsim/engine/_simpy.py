"""The reference engine: rules S1 to S15 as one SimPy process per call.

Read it beside the rules in the README: `call` is one caller from arrival to outcome,
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
from ringsim.dispatch._contract import checked_wave
from ringsim.engine._plan import (
    NOWHERE,
    GroupPlan,
    Plan,
    call_arrays,
    check_rings,
    own_call_arrays,
    places_of,
)
from ringsim.group import Action
from ringsim.logarrays import (
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
    LogArrays,
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

RING_COLUMNS = 6

NOT_LOOKED = -1
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
        # A rank is SimPy's priority, which its types take to be 0 or 1.
        heappush(self._queue, (instant, rank, next(self._eid), event))  # type: ignore[misc]
        return event


class _Caller:
    """One caller: what follows them from group to group."""

    __slots__ = ("answered_by", "call", "found", "gives_up_at", "n_rings", "rings_on")

    def __init__(self, call: int, gives_up_at: float) -> None:
        self.call = call
        self.gives_up_at = gives_up_at
        self.answered_by = NOBODY
        self.found = NOT_LOOKED  # candidates of the first look in the present group
        self.n_rings = 0
        self.rings_on: dict[int, int] = {}  # by extension


class _Member:
    """One member, as their group remembers them (S7).

    It has the fields of `Candidate`, so that an ordering sorts it as it stands.
    """

    __slots__ = ("extension", "talks_until", *Candidate._fields)

    def __init__(self, position: int, skill_level: int, extension: int) -> None:
        for field, value in Candidate(position, skill_level)._asdict().items():
            setattr(self, field, value)
        self.extension = extension
        self.talks_until = NEVER

    position: int
    skill_level: int
    last_rung_at: float
    last_answered_at: float
    last_hung_up_at: float
    n_rung: int
    n_answered: int
    talked_time: float
    random: float

    def as_candidate(self) -> Candidate:
        """The same, for a dispatcher that is not ringsim's own."""
        return Candidate(*(getattr(self, field) for field in Candidate._fields))


class _Group:
    """One group: its plan, its members, and what of it never changes."""

    __slots__ = ("has_duty", "is_ordering", "looks_at_present", "members", "plan")

    def __init__(self, plan: GroupPlan, has_duty: bool) -> None:
        self.plan = plan
        self.has_duty = has_duty
        self.is_ordering = plan.dispatcher.is_ordering
        self.looks_at_present = any(map(plan.dispatcher.looks_at, ("last_hung_up_at", "random")))
        self.members = [
            _Member(position, skill_level, extension)
            for position, (skill_level, extension) in enumerate(
                zip(plan.skill_levels, plan.members, strict=True)
            )
        ]


class _Run:
    """One run: the state of all phones, and the log."""

    def __init__(self, plan: Plan, workload: Workload) -> None:
        self.clock = _Clock()
        self.plan = plan
        self.groups = [
            _Group(group, any(plan.duty[extension] is not None for extension in group.members))
            for group in plan.groups
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
        for call in memoryview(np.argsort(self.workload.arrives_at, kind="stable")):
            yield self.clock.schedule_at(arrives_at[call], self.rank(ARRIVAL, call))
            self.clock.process(self.call(call))

    def own_calls(self) -> Events:
        """S15: an own call takes place if its person is free and on duty then."""
        own = self.workload.own_calls
        for number in memoryview(np.argsort(own.at, kind="stable")):
            at = float(own.at[number])
            extension = int(self.places.own_extension[number])
            yield self.clock.schedule_at(at, self.rank(OWN_CALL, number))
            if at >= self.free_at[extension] and self.is_on_duty(extension, at):
                self.on_call_until[extension] = at + float(own.talk_time[number])
                self.free_at[extension] = self.on_call_until[extension]
                self.taken[number] = True

    # One call

    def call(self, call: int) -> Events:
        """One caller, from arrival to outcome."""
        caller = _Caller(call, self.arrives_at[call] + self.patience[call])
        group = self.groups[self.group_of[call]]
        entered = {group.plan.place}
        while True:
            outcome = yield from self.visit(caller, group)
            if outcome is not UNANSWERED:
                self.end(caller, group, outcome, NO_ACTION)
                return
            following = group.plan.forward_to
            if following == NOWHERE:
                self.end(caller, group, OVERFLOWED, group.plan.overflow_action)
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
        caller.found = NOT_LOOKED
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
            check_rings(self.plan, len(self.workload), self.n_rings)
            passes += 1
        n_rings = caller.n_rings - rings_before
        self.visit_rows.extend(
            (
                caller.call,
                group.plan.place,
                entered_at,
                self.clock.now,
                passes,
                n_rings,
                caller.found,
            )
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
        rung: list[_Member] = []
        waves = 0
        while True:
            now = self.clock.now
            candidates = self.candidates(group, rung, now)
            if caller.found == NOT_LOOKED:
                caller.found = len(candidates)
            if dispatcher.auto_answer:
                candidates = self.not_on_call(candidates, now)
            if not candidates:
                return UNANSWERED
            wave = self.wave(caller, group, candidates, waves, now)
            if dispatcher.auto_answer:
                return self.page(caller, group, wave, now)
            outcome = yield from self.ring(caller, group, wave, now)
            if outcome is not UNANSWERED or dispatcher.one_wave:
                return outcome
            rung += wave
            waves += 1

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

    def candidates(self, group: _Group, rung: Sequence[_Member], now: float) -> list[_Member]:
        """S3: the members who could be rung now, in the configured order."""
        members = group.members
        if rung:
            members = [member for member in members if member not in rung]
        if group.plan.skip_busy:
            members = self.not_on_call(members, now)
        if group.has_duty:
            members = [member for member in members if self.is_on_duty(member.extension, now)]
        return members

    def not_on_call(self, members: list[_Member], now: float) -> list[_Member]:
        """S3: on a call in [answer, answer + talk); with `ringing_is_busy` when rung, too."""
        until = self.on_call_until
        free = [member for member in members if until[member.extension] <= now]
        if self.plan.ringing_is_busy:
            return [member for member in free if not self.n_ringing[member.extension]]
        return free

    def is_on_duty(self, extension: int, now: float) -> bool:
        """S12: in [start, end) of a span."""
        spans = self.plan.duty[extension]
        return spans is None or any(start <= now < end for start, end in spans)

    def wave(
        self,
        caller: _Caller,
        group: _Group,
        candidates: Sequence[_Member],
        waves: int,
        now: float,
    ) -> list[_Member]:
        """S4: those of the candidates whose phones ring now, in the configured order."""
        if group.looks_at_present:
            for member in candidates:
                member.last_hung_up_at = min(member.talks_until, now)
                member.random = self.random[member.extension](caller.call)
        moment = Moment(now, caller.call, waves, now - self.arrives_at[caller.call])
        dispatcher = group.plan.dispatcher
        if group.is_ordering:
            picked: Sequence[Any] = dispatcher.wave(candidates, moment)  # type: ignore[arg-type]
        else:
            known = [member.as_candidate() for member in candidates]
            picked = checked_wave(dispatcher, dispatcher.wave(list(known), moment), known)
        if len(picked) == 1:
            return [group.members[picked[0].position]]
        return [group.members[position] for position in sorted(one.position for one in picked)]

    # Ringing

    def ring(
        self, caller: _Caller, group: _Group, wave: Sequence[_Member], started_at: float
    ) -> Events:
        """S5, S6, S8: one wave, until an answer, until the caller gives up, or its time out."""
        times_out_at = started_at + group.plan.ring_time
        gives_up = caller.gives_up_at <= times_out_at
        ends_at = caller.gives_up_at if gives_up else times_out_at
        phones = [(self.start_ring(caller, member, started_at), member) for member in wave]
        answered = None
        while answered is None:
            answers_at, member = self.first_answer(phones)
            if answers_at > ends_at:
                kind = GIVE_UP if gives_up else TIME_OUT
                yield self.clock.schedule_at(ends_at, self.rank(kind, caller.call))
                break
            rank = self.rank(ANSWER, caller.call, member.position)
            yield self.clock.schedule_at(answers_at, rank)
            if answers_at >= self.free_at[member.extension]:
                answered, ends_at = member, answers_at
                self.answer(caller, member, answers_at)
        outcome = ANSWERED if answered else ABANDONED if gives_up else UNANSWERED
        for member in wave:
            self.n_ringing[member.extension] -= 1
            result = RING_ANSWERED if member is answered else _LOST[outcome]
            self.log_ring(caller, group, member, started_at, ends_at, result)
        return outcome

    def start_ring(self, caller: _Caller, member: _Member, now: float) -> float:
        """One phone starts to ring; when it could be answered, were its member free."""
        extension = member.extension
        ring = caller.rings_on.get(extension, 0)
        caller.rings_on[extension] = ring + 1
        self.n_ringing[extension] += 1
        member.last_rung_at = now
        member.n_rung += 1
        return now + self.answer_delay[extension](caller.call, ring)

    def first_answer(self, phones: Sequence[tuple[float, _Member]]) -> tuple[float, _Member]:
        """S6: the first instant at which a phone can be answered, as far as is known now."""
        free_at = self.free_at
        if len(phones) == 1:
            ready_at, member = phones[0]
            return max(ready_at, free_at[member.extension]), member
        return min(
            ((max(ready_at, free_at[member.extension]), member) for ready_at, member in phones),
            key=lambda answer: answer[0],  # the first of equals is first in the configured order
        )

    def answer(self, caller: _Caller, member: _Member, now: float) -> None:
        """S6: the member talks, then is in wrap-up."""
        hangs_up_at = now + self.talk_time[caller.call]
        self.on_call_until[member.extension] = hangs_up_at
        self.free_at[member.extension] = hangs_up_at + self.wrap_up_time[caller.call]
        self.remember_answer(caller, member, now, hangs_up_at)
        caller.answered_by = member.extension

    def page(self, caller: _Caller, group: _Group, wave: Sequence[_Member], now: float) -> int:
        """S10: the phones of the wave answer by themselves, at once."""
        hangs_up_at = now + self.talk_time[caller.call]
        for member in wave:
            extension = member.extension
            member.last_rung_at = now
            member.n_rung += 1
            self.on_call_until[extension] = hangs_up_at
            self.free_at[extension] = max(self.free_at[extension], hangs_up_at)
            self.remember_answer(caller, member, now, hangs_up_at)
            self.log_ring(caller, group, member, now, now, PAGED)
        return ANSWERED

    def remember_answer(
        self, caller: _Caller, member: _Member, now: float, hangs_up_at: float
    ) -> None:
        """S7: an answer, a page's too."""
        member.last_answered_at = now
        member.n_answered += 1
        member.talked_time += self.talk_time[caller.call]
        member.talks_until = hangs_up_at

    # The log

    def log_ring(
        self,
        caller: _Caller,
        group: _Group,
        member: _Member,
        started_at: float,
        ended_at: float,
        result: int,
    ) -> None:
        caller.n_rings += 1
        self.ring_rows.extend(
            (caller.call, group.plan.place, member.extension, started_at, ended_at, result)
        )

    @property
    def n_rings(self) -> int:
        """How often phones rang so far."""
        return len(self.ring_rows) // RING_COLUMNS

    def log(self) -> LogArrays:
        """What happened, as arrays in the order of the calls."""
        check_rings(self.plan, len(self.workload), self.n_rings)
        _, outcome, wait, answered_by, n_rings, ended_in, action = _columns(
            self.call_rows, "iifiiii"
        )
        del self.call_rows  # not held beside the columns: a long run has many rows
        rings = RingArrays(*_columns(self.ring_rows, "iiiffi"))
        del self.ring_rows
        visits = VisitArrays(*_columns(self.visit_rows, "iiffiii"))
        del self.visit_rows
        return LogArrays(
            groups=self.plan.group_numbers,
            extensions=self.plan.extensions,
            calls=call_arrays(
                self.places,
                self.workload,
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
        )


_LOST = {
    ANSWERED: ANSWERED_ELSEWHERE,
    ABANDONED: CALLER_GAVE_UP,
    UNANSWERED: RING_NO_ANSWER,
}  # the result of a ring that was not answered, by how its wave ended


def _columns(rows: array[float], kinds: str) -> list[Any]:
    """Rows of numbers, one after another, as columns ordered by their first.

    `kinds` says of each column whether it holds whole numbers, `i`, or floats, `f`.
    """
    table = np.frombuffer(rows, dtype=np.float64).reshape(-1, len(kinds))
    order = np.argsort(table[:, 0], kind="stable")
    return [
        table[order, place].astype(np.int32 if kind == "i" else np.float64, copy=False)
        for place, kind in enumerate(kinds)
    ]
