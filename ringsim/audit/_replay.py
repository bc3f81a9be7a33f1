"""A log, read in the order of rule S13.

`read`
    Asks every rule when what it speaks of happens, and lets happen what the rows say.

What is true at an instant, who is on a call and what groups remember, is what the rows before
it say, right or wrong: so one row that breaks a rule does not make the others wrong, unless
they follow from it.

A log has no rows for a look that finds nobody, nor for the passes made of such looks. They
follow from the rules: the passes of a call are told apart by who is a candidate.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping
from functools import partial
from itertools import count
from typing import TypeAlias

from ringsim.audit import _call_rules as of_calls
from ringsim.audit import _ring_rules as of_rings
from ringsim.audit._calls import (
    CallHistory,
    Event,
    EventKind,
    EventQueue,
    Outcome,
    RingingPhone,
    Wave,
)
from ringsim.audit._rows import OwnCallRow, RingRow, Tables, Violation, VisitRow
from ringsim.audit._selection import Selection, check_selection
from ringsim.audit._state import Group, Person, Seat
from ringsim.group import Action

__all__ = ["Reading", "read"]

Events: TypeAlias = Generator[Event, None, Outcome | None]
"""What happens until a wave, a pass or a visit is over; None is unanswered."""

ENDS = {
    "answered": EventKind.ANSWER,
    "caller_gave_up": EventKind.GIVE_UP,
}  # a wave, by a result in it


class _LostError(Exception):
    """A ring that must be there is not: how the call goes on cannot be told."""


def read(
    tables: Tables, people: Mapping[str, Person], groups: Mapping[str, Group]
) -> list[Violation]:
    """What breaks a rule, as it is met; people and groups are left as the log leaves them."""
    reading = Reading(tables, people, groups)
    reading.agenda.run()
    return reading.violations


class Reading:
    """A log while it is read."""

    def __init__(
        self,
        tables: Tables,
        people: Mapping[str, Person],
        groups: Mapping[str, Group],
        slack: float = 0.0,
    ) -> None:
        self.slack = slack
        self.people = people
        self.groups = groups
        self.violations: list[Violation] = []
        self.agenda = EventQueue()
        self.stories = [CallHistory(call, slack=slack) for call in tables.calls]
        for visit in tables.visits:
            self.stories[visit.call].visits.append(visit)
        for ring in tables.rings:
            self.stories[ring.call].rings.append(ring)
        for story in self.stories:
            arrival = Event(story.call.arrives_at, EventKind.ARRIVAL, story.call.call)
            self.agenda.add(arrival, partial(self.go_on, self.call(story)))
        for own in tables.own_calls:
            event = Event(own.started_at, EventKind.OWN_CALL, own.row)
            self.agenda.add(event, partial(self.own_call, own))

    def judge(self, violations: Iterable[Violation]) -> None:
        """Ask a rule."""
        self.violations += violations

    def go_on(self, events: Generator[Event, None, None]) -> None:
        """Read a call on to its next event."""
        try:
            event = next(events, None)
        except _LostError:
            return
        if event is not None:
            self.agenda.add(event, partial(self.go_on, events))

    def own_call(self, own: OwnCallRow) -> None:
        """S15: a call that somebody has of their own."""
        person = self.people[own.extension]
        self.judge(of_calls.s15_own_call(own, person))
        if own.taken:
            person.talks(own.started_at, own.talk_time)

    # One call

    def call(self, story: CallHistory) -> Generator[Event, None, None]:
        """One call, from its arrival to its outcome."""
        story.now = story.call.arrives_at
        following: str | None = story.call.group
        ending = None
        for visit in story.visits:
            self.judge(of_calls.s9_enters(visit, following, story))
            if following is None:
                break
            group = self.groups[visit.group]
            ending = yield from self.visit(story, visit, group)
            ending = ending or _overflow(group, story.entered)
            following = None if ending else group.forward_to
        if ending is None:
            self.judge(of_calls.s9_goes_on(story, following or story.call.group))
        else:
            self.judge(of_calls.s1_ends(story, ending))
            self.judge(of_calls.s9_no_ring_is_left(story))

    def visit(self, story: CallHistory, visit: VisitRow, group: Group) -> Events:
        """S9: passes through one group."""
        story.entered.append(visit.group)
        n_read, passes = story.n_read, 1
        while True:
            n_read_before = story.n_read
            ending = yield from self.one_pass(story, visit, group, passes)
            if ending or passes >= group.most_passes:
                break
            if story.n_read == n_read_before:
                repeats_at = story.now + float(group.rules.repeat_delay or 0)
                if self.gives_up_first(story, visit, passes, repeats_at):
                    story.now, ending = story.gives_up_at, Outcome("abandoned")
                    break
                yield Event(repeats_at, EventKind.REPEAT, visit.call)
                story.now = repeats_at
            passes += 1
        self.judge(of_calls.s9_leaves(visit, story, passes, story.n_read - n_read))
        return ending

    def gives_up_first(
        self, story: CallHistory, visit: VisitRow, passes: int, repeats_at: float
    ) -> bool:
        """S8, S13: whether the caller gives up before the group repeats, or just then."""
        del visit, passes
        return story.gives_up_at <= repeats_at

    def look(
        self, story: CallHistory, visit: VisitRow, group: Group, rung: frozenset[int], waves: int
    ) -> Selection:
        """S3, S4: whom the PBX is to ring now."""
        return check_selection(story, visit, group, rung, waves)

    def one_pass(self, story: CallHistory, visit: VisitRow, group: Group, passes: int) -> Events:
        """S2, S5: one look after another, until nobody rings any more."""
        rung: frozenset[int] = frozenset()
        for waves in count():
            look = self.look(story, visit, group, rung, waves)
            if (passes, waves) == (1, 0):
                self.judge(of_rings.s3_found(look))
            if look.picked or passes >= group.most_passes:  # if not, the next pass may explain it
                at_once = group.dispatcher.at_once
                most = at_once if isinstance(at_once, int) else None
                look.wave = story.next_wave(group.number, len(look.picked), most)
                story.n_read += len(look.wave)
            if not look.wave:
                self.judge(of_rings.s5_nobody_is_left(look))
                if look.picked:
                    raise _LostError
                return None
            for rule in of_rings.ON_LOOK:
                self.judge(rule(look))
            ending = self.page(look) if look.is_page else (yield from self.ring(look))
            if ending or group.dispatcher.one_wave:
                return ending
            rung |= {seat.position for _, seat in look.seats}
        return None

    # Ringing

    def ring(self, look: Selection) -> Events:
        """S5, S6, S8: one wave, from its start to its end."""
        story = look.story
        phones = [self.start_ring(story, ring, seat) for ring, seat in look.seats]
        answered = next((ring for ring in look.wave if ring.result == "answered"), None)
        answering = next((phone for phone in phones if phone.ring is answered), None)
        last = answered or look.wave[0]
        kind = ENDS.get(last.result, EventKind.TIME_OUT)
        position = answering.seat.position if answering else 0
        ends = Event(last.ended_at, kind, look.visit.call, position)
        wave = Wave(story, look.wave, float(look.group.record.ring_time), answered, ends)
        for rule in of_rings.ON_WAVE:
            self.judge(rule(wave))
        yield ends
        story.now = ends.at
        for phone in phones:
            self.end_ring(phone)
        if answering:
            self.answer(story, answering)
        self.judge(of_rings.s5_rings_end_together(wave))
        return {
            EventKind.ANSWER: Outcome("answered", last.member),
            EventKind.GIVE_UP: Outcome("abandoned"),
        }.get(kind)

    def start_ring(self, story: CallHistory, ring: RingRow, seat: Seat) -> RingingPhone:
        """One phone starts to ring."""
        person = seat.person
        seat.rings(story.now)
        person.n_ringing += 1
        phone = RingingPhone(ring, seat, ready_at=math.inf)
        if person.answer_delay:
            delay = person.answer_delay(ring.call, story.rings_on[ring.member])
            phone.ready_at = ring.started_at + delay
            self.watch(phone, phone.ready_at)
        story.rings_on[ring.member] += 1
        return phone

    def end_ring(self, phone: RingingPhone) -> None:
        """One phone falls silent."""
        phone.is_ringing = False
        phone.person.n_ringing -= 1

    def watch(self, phone: RingingPhone, at: float) -> None:
        """S6: see whether a phone can be answered then."""
        if at < math.inf:
            event = Event(at, EventKind.ANSWER, phone.ring.call, phone.seat.position)
            self.agenda.add(event, partial(self.can_answer, phone, at), first=True)

    def can_answer(self, phone: RingingPhone, now: float) -> None:
        """S6: if the member is free, the phone is answered now; if not, when they are."""
        if phone.is_ringing and phone.person.is_free(now):
            phone.answers_at = now
            self.judge(of_rings.s6_answers_as_soon_as_possible(phone, now))
        elif phone.is_ringing:
            self.watch(phone, phone.person.free_at)

    def answer(self, story: CallHistory, phone: RingingPhone) -> None:
        """S6: a member talks, then is in wrap-up."""
        known = phone.person.answer_delay is not None
        self.judge(of_rings.s6_answers_when_possible(phone, story.now, delays_are_known=known))
        talk_time = story.call.talk_time or 0.0
        phone.seat.answers(story.now, talk_time)
        phone.person.talks(story.now, talk_time, story.call.wrap_up_time)

    def page(self, look: Selection) -> Outcome:
        """S10: phones that answer by themselves, in wrap-up or not."""
        talk_time = look.story.call.talk_time or 0.0
        for _, seat in look.seats:
            seat.rings(look.now)
            seat.answers(look.now, talk_time)
            seat.person.talks(look.now, talk_time)
        return Outcome("answered")


def _overflow(group: Group, entered: list[str]) -> Outcome | None:
    """S9: how a call ends that nobody answered; not at all where it is forwarded."""
    if group.forward_to is None:
        repeats = group.action is Action.REPEAT
        return Outcome("overflowed", action="HANGUP" if repeats else str(group.action))
    return Outcome("overflowed", action="LOOP") if group.forward_to in entered else None
