"""Reader of a log in the order of events (rule S13): calls, visits to groups, and passes.

`check_rows`
    Check every row of a log against the rules; return the violations.
`LogReader`
    The reader, which applies each event and checks the rules that concern it.

The state at an instant (who is on a call, what a group remembers) follows from the rows before
it, correct or not. So one wrong row does not make later rows wrong, unless they depend on it.

A log has no rows for a selection without candidates, nor for a pass of such selections. The
reader works them out from the rules: the candidates show which pass a ring belongs to.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from functools import partial
from itertools import count

from ringsim.audit import _call_rules as call_rules
from ringsim.audit import _ring_rules as ring_rules
from ringsim.audit._calls import CallHistory, Event, EventKind, Outcome
from ringsim.audit._rows import OwnCallRow, Tables, Violation, VisitRow
from ringsim.audit._selection import Selection, check_selection
from ringsim.audit._state import Group, Person
from ringsim.audit._wave_reader import Events, WaveReader
from ringsim.group import Action

__all__ = ["LogReader", "check_rows"]


class _MissingRingError(Exception):
    """A required ring is missing from the log, so the rest of the call is unknown."""


def check_rows(
    tables: Tables, people: Mapping[str, Person], groups: Mapping[str, Group]
) -> list[Violation]:
    """Return the violations in the order of events; update people and groups on the way."""
    reader = LogReader(tables, people, groups)
    reader.queue.run()
    return reader.violations


class LogReader(WaveReader):
    """Reader of a log: one generator per call, advanced event by event."""

    def __init__(
        self,
        tables: Tables,
        people: Mapping[str, Person],
        groups: Mapping[str, Group],
        slack: float = 0.0,
    ) -> None:
        super().__init__(people, slack)
        self.groups = groups
        self.histories = [CallHistory(call, slack=slack) for call in tables.calls]
        for visit in tables.visits:
            self.histories[visit.call].visits.append(visit)
        for ring in tables.rings:
            self.histories[ring.call].rings.append(ring)
        for history in self.histories:
            arrival = Event(history.call.arrives_at, EventKind.ARRIVAL, history.call.call)
            self.queue.add(arrival, partial(self.go_on, self.call(history)))
        for own in tables.own_calls:
            event = Event(own.started_at, EventKind.OWN_CALL, own.row)
            self.queue.add(event, partial(self.own_call, own))
        for person in people.values():
            for at, lasting in person.away:
                event = Event(at, EventKind.OWN_CALL, len(tables.own_calls))
                self.queue.add(event, partial(person.leaves, at, lasting))

    def go_on(self, events: Generator[Event, None, None]) -> None:
        """Read a call up to its next event, and schedule the rest for that event."""
        try:
            event = next(events, None)
        except _MissingRingError:
            return
        if event is not None:
            self.queue.add(event, partial(self.go_on, events))

    def own_call(self, own: OwnCallRow) -> None:
        """Check an own call; the person then talks if the call was taken (S15)."""
        person = self.people[own.extension]
        self.report(call_rules.s15_own_call(own, person))
        if own.taken:
            person.talks(own.started_at, own.talk_time)

    def call(self, history: CallHistory) -> Generator[Event, None, None]:
        """Read one call from its arrival to its outcome."""
        history.now = history.call.arrives_at
        following: str | None = history.call.group
        ending = None
        for visit in history.visits:
            self.report(call_rules.s9_enters(visit, following, history))
            if following is None:
                break
            group = self.groups[visit.group]
            ending = yield from self.visit(history, visit, group)
            ending = ending or _overflow(group, history.entered)
            following = None if ending else group.forward_to
        if ending is None:
            self.report(call_rules.s9_goes_on(history, following or history.call.group))
        else:
            self.report(call_rules.s1_ends(history, ending))
            self.report(call_rules.s9_no_ring_is_left(history))

    def visit(self, history: CallHistory, visit: VisitRow, group: Group) -> Events:
        """Read the passes of a call through one group (S9)."""
        history.entered.append(visit.group)
        n_read, passes = history.n_read, 1
        while True:
            n_read_before = history.n_read
            ending = yield from self.one_pass(history, visit, group, passes)
            if ending or passes >= group.max_passes:
                break
            if history.n_read == n_read_before:
                repeats_at = history.now + float(group.rules.repeat_delay or 0)
                if self.gives_up_first(history, visit, passes, repeats_at):
                    history.now, ending = history.gives_up_at, Outcome("abandoned")
                    break
                yield Event(repeats_at, EventKind.REPEAT, visit.call)
                history.now = repeats_at
            passes += 1
        self.report(call_rules.s9_leaves(visit, history, passes, history.n_read - n_read))
        return ending

    def gives_up_first(
        self, history: CallHistory, visit: VisitRow, passes: int, repeats_at: float
    ) -> bool:
        """Return whether the caller gives up before the repeat or at that instant (S8, S13)."""
        del visit, passes
        return history.gives_up_at <= repeats_at

    def select(
        self, history: CallHistory, visit: VisitRow, group: Group, rung: frozenset[int], waves: int
    ) -> Selection:
        """Return the candidates and the members who must ring now (S3, S4)."""
        return check_selection(history, visit, group, rung, waves)

    def one_pass(self, history: CallHistory, visit: VisitRow, group: Group, passes: int) -> Events:
        """Read one pass: selection after selection, until nobody rings any more (S2, S5)."""
        rung: frozenset[int] = frozenset()
        for waves in count():
            selection = self.select(history, visit, group, rung, waves)
            if (passes, waves) == (1, 0):
                self.report(ring_rules.s3_found(selection))
            # Without a pick before the last pass, the next rings may belong to a later pass.
            if selection.picked or passes >= group.max_passes:
                at_once = group.dispatcher.at_once
                most = at_once if isinstance(at_once, int) else None
                selection.wave = history.next_wave(group.number, len(selection.picked), most)
                history.n_read += len(selection.wave)
            if not selection.wave:
                self.report(ring_rules.s5_nobody_is_left(selection))
                if selection.picked:
                    raise _MissingRingError
                return None
            for rule in ring_rules.ON_SELECTION:
                self.report(rule(selection))
            ending = (
                self.page(selection) if selection.is_page else (yield from self.ring(selection))
            )
            if ending or group.dispatcher.one_wave:
                return ending
            rung |= {seat.position for _, seat in selection.seats}
        return None


def _overflow(group: Group, entered: list[str]) -> Outcome | None:
    """Return how an unanswered call ends (S9); None if it is forwarded to another group."""
    if group.forward_to is None:
        repeats = group.action is Action.REPEAT
        return Outcome("overflowed", action="HANGUP" if repeats else str(group.action))
    return Outcome("overflowed", action="LOOP") if group.forward_to in entered else None
