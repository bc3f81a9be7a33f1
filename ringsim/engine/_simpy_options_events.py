"""Events, line and memory of groups with options, as in `_compiled_options_events`."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace
from typing import Any

import numpy as np
from simpy import Event

from ringsim._log_arrays import EVERY_GROUP, LineArrays, LogArrays, PauseArrays
from ringsim.engine._plan import Plan
from ringsim.engine._simpy import LINE, NO_EVENT, _Caller, _columns, _Run
from ringsim.engine._simpy_options_state import CallerInLine, GroupInLine, PhoneOfMember
from ringsim.workload import Workload


class RunWithEvents(_Run):
    """One run: its groups, and when their lines are looked at."""

    def __init__(self, plan: Plan, workload: Workload) -> None:
        super().__init__(plan, workload)
        self.groups: list[Any] = [
            GroupInLine(group, plan.has_duty(group), plan.extensions) for group in plan.groups
        ]
        self.by_weight = sorted(
            range(len(self.groups)), key=lambda place: -self.groups[place].rules.queue_weight
        )
        self.groups_of: list[list[tuple[GroupInLine, PhoneOfMember]]] = [
            [] for _ in plan.extensions
        ]
        for group in self.groups:
            for member in group.members:
                self.groups_of[member.extension].append((group, member))
        self.shared = [
            PhoneOfMember(0, 1, place, number) for place, number in enumerate(plan.extensions)
        ]
        declines = workload.declines
        self.decline_delay = [
            None if declines is None else declines.answer_delay_of(number)
            for number in plan.extensions
        ]
        self.redrawn = [workload.phones.redrawn_of(number) for number in plan.extensions]
        self.length = max(self.length, len(self.groups) + 1)
        self.callers: set[CallerInLine] = set()
        self.line_rows = array("d")
        self.pause_rows = array("d")

    # Events

    def next_event(self, caller: _Caller) -> Event:
        """S13: schedule the first noted event of a caller, or an event that never comes."""
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

    def watch_up_to(self, group: Any, now: float) -> None:
        """queue_weight: look at the lines of a group and of lighter ones."""
        for other in self.groups:
            is_lighter = other.rules.queue_weight < group.rules.queue_weight
            if other.watches and (other is group or is_lighter):
                self.watch_group(other, now)

    def look_at_line(self, group: Any) -> None:
        """Look at the line of a group; the run itself does, with all its verbs."""

    def tell(self, caller: Any) -> None:
        """Let the process of a caller who was moved by another event wait for the next one."""
        caller.process.interrupt()

    # The line

    def line_of(self, group: Any, now: float) -> list[Any]:
        """wait_in_line: the callers in line, in order, without those whose talk has started."""
        group.line = [one for one in group.line if one.leaves_line_at > now]
        line: list[Any] = group.line
        return line

    # Rests and pauses

    def wrap_up(self, group: Any, member: Any, hangs_up_at: float, drawn: float) -> None:
        """enforced_wrap_up: the member is not a candidate for a while after the talk."""
        enforced = group.plan.wrap_ups[member.position]
        until = hangs_up_at + (drawn if enforced == "drawn" else enforced)
        for one in self.memories(member):
            one.wrapped_up_before, one.wraps_up_until = one.wraps_up_until, until
        self.watch(member.extension, until)

    def rest(self, member: Any, seconds: float, now: float) -> None:
        """missed_rest, declined_rest: the member is not a candidate for a while."""
        if seconds > 0:
            for one in self.memories(member):
                one.rests_until = max(one.rests_until, now + seconds)
            self.watch(member.extension, now + seconds)

    def miss(self, group: Any, member: Any, now: float) -> None:
        """auto_pause_after: a member who misses that many rings in a row is paused."""
        rules = group.rules
        if rules.auto_pause_after == math.inf:
            return
        memory = self.shared[member.extension] if rules.memory_scope == "extension" else member
        if now - min(memory.talks_until, now) < rules.auto_pause_grace:
            return
        counted = self.shared[member.extension] if rules.auto_pause_scope == "extension" else member
        counted.missed += 1
        if counted.missed >= rules.auto_pause_after:
            counted.missed = 0
            until = now + rules.auto_pause_time
            counted.paused_until = max(counted.paused_until, until)
            place = group.plan.place if counted is member else EVERY_GROUP
            self.log_pause(place, member.extension, now, until)
            self.watch(member.extension, until)

    def memories(self, member: Any) -> tuple[Any, ...]:
        """memory_scope: where a group remembers a member: its own memory and the shared one."""
        return member, self.shared[member.extension]

    # Memory

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

    # Log

    def log_visit(self, caller: Any, now: float) -> None:
        """wait_in_line: a row of the visits, and one of how the caller stood in line."""
        super().log_visit(caller, now)
        of_line = (caller.call, caller.line_length, caller.lined_up_at, caller.first_rung_at)
        self.line_rows.extend(of_line)

    def log_pause(self, group: int, extension: int, started_at: float, ended_at: float) -> None:
        """auto_pause_after: a row of the pauses."""
        self.pause_rows.extend((extension, group, started_at, ended_at))

    def log(self) -> LogArrays:
        """Return the log, with lines and pauses if a group has them."""
        log, lines, pauses = super().log(), None, None
        if self.plan.has_lines:
            lines = LineArrays(*_columns(self.line_rows, "iiff")[1:])
        if self.plan.has_pauses:
            table = np.frombuffer(self.pause_rows, dtype=np.float64).reshape(-1, 4)
            extension, group = table[:, :2].T.astype(np.int32)
            starts, ends = table[:, 2:].T.copy()
            pauses = PauseArrays(extension, group, starts, ends, np.array([0, len(table)]))
        return replace(log, lines=lines, pauses=pauses)


def wraps_up(memory: Any, now: float) -> bool:
    """enforced_wrap_up: whether the wrap-up after the last talk that has ended goes on."""
    ended = memory.talks_until <= now
    return bool(now < (memory.wraps_up_until if ended else memory.wrapped_up_before))
