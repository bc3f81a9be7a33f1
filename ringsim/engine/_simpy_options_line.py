"""Line, passes and visits of groups with options, as in `_compiled_options_line`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ringsim._log_arrays import NO_LINE
from ringsim.engine._limits import check_ended
from ringsim.engine._plan import MOST_LOOKS, MOST_PASSES
from ringsim.engine._simpy import GIVE_UP, LOOK, POLL, REPEAT, SLEEP, TIME_OUT
from ringsim.engine._simpy_options_events import wraps_up
from ringsim.engine._simpy_options_ringing import RunWithRings
from ringsim.engine._simpy_options_state import BEGIN, IN_LINE


class RunWithLines(RunWithRings):
    """One run: callers in line, and their way from group to group."""

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
        caller.line_length = len(line)
        if len(line) >= rules.max_queue_length or self.is_empty(group, rules.join_empty, now):
            return False
        behind = [place for place, one in enumerate(line) if one.priority < caller.priority]
        group.line.insert(behind[0] if behind else len(group.line), caller)
        caller.lined_up_at = now
        return True

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
        """join_empty, leave_when_empty: whether a member is in a state."""
        extension = member.extension
        shared = self.shared[extension]
        memory = shared if group.rules.memory_scope == "extension" else member
        paused_until = max(member.paused_until, shared.paused_until)
        is_in = {
            "off_duty": not self.is_on_duty(extension, now),
            "paused": paused_until > now,
            "busy": self.on_call_until[extension] > now,
            "ringing": self.n_ringing[extension] > 0,
            "wrap_up": wraps_up(memory, now),
            "level": False,
        }
        return bool(is_in[state])

    def stand(self, caller: Any, now: float) -> None:
        """wait_in_line: what ends a caller's waiting, beside a look at the whole line."""
        rules = caller.group.rules
        if rules.line_poll > 0:
            while caller.entered_at + caller.looks * rules.line_poll <= now:
                caller.looks += 1
                check_ended(self.plan, caller.looks > MOST_LOOKS)
            self.schedule(caller, POLL, caller.entered_at + caller.looks * rules.line_poll)
        elif caller.leaves_at < math.inf:
            self.schedule(caller, TIME_OUT, caller.leaves_at)
        if caller.gives_up_at < math.inf:
            self.schedule(caller, GIVE_UP, caller.gives_up_at)

    # From pass to pass

    def leave(self, caller: Any, now: float) -> int:
        """S9: the no-answer rule acts; it forwards the call, or ends it."""
        self.leave_line(caller, now)
        step = super().leave(caller, now)
        return BEGIN if step == LOOK else step

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
            pause = max(pause, group.plan.repeat_delay)
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
        caller.leaves_at = now + group.rules.max_wait_time
        caller.leaves_line_at = math.inf
        caller.pointer = caller.looks = 0
        caller.last_picked = None
        caller.line_length = NO_LINE
        caller.lined_up_at = caller.first_rung_at = math.nan
        caller.order = None
        super().visit(caller, group, now)

    def start_pass(self, caller: Any, passes: int) -> None:
        """S2, wave_step: nobody has been rung in this pass, and no wave is due."""
        check_ended(self.plan, passes > MOST_PASSES)
        super().start_pass(caller, passes)
        caller.waves = 0
        caller.was_declined = False
        caller.next_wave_at = math.inf
        caller.turn = 0
        if caller.group.rules.order_fixed == "pass":
            caller.order = None
