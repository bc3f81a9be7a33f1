"""Members, groups, callers and rings of the reference engine with options."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from simpy import Process

from ringsim._log_arrays import NO_LINE
from ringsim.dispatch import Candidate
from ringsim.engine._plan import GroupPlan
from ringsim.engine._simpy import NEVER, _Caller, _Group, _Member, _Ring

# Next step of a caller, beside the steps of `_simpy`
BEGIN, IN_LINE = 5, 6

LEAST_REST = 0.5  # s, below which nobody is rung for the rest of a declined wave (after_decline)


class PhoneOfMember(_Member):
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

    def as_candidate(self) -> Candidate:
        """Return the member as a dispatcher with a `wave` of its own sees them."""
        return Candidate(*(getattr(self, field) for field in Candidate._fields))


class GroupInLine(_Group):
    """One group with its rotation's pointer, its line and its calls in progress."""

    __slots__ = (
        "is_ordering",
        "last_answered",
        "last_rung",
        "levels",
        "line",
        "looks_at",
        "pointer",
        "rules",
        "talks_until",
        "watches",
    )

    last_rung: int | None  # position of the member whose phone rang last
    last_answered: int | None

    def __init__(self, plan: GroupPlan, has_duty: bool, extensions: Sequence[str]) -> None:
        super().__init__(plan, has_duty, extensions)
        self.rules = plan.rules
        self.members: list[Any] = [
            PhoneOfMember(
                member.position, member.skill_level, member.extension, member.extension_number
            )
            for member in self.members
        ]
        self.is_ordering = plan.dispatcher.is_ordering
        self.last_rung = self.last_answered = None
        self.pointer = 0
        self.line: list[CallerInLine] = []
        self.talks_until: list[float] = []
        self.looks_at: set[float] = set()
        rules = plan.rules
        self.watches = rules.join_ringing or (rules.wait_in_line and rules.line_poll == 0)
        self.levels = len(plan.members) > rules.levels_ignored_up_to


class CallerInLine(_Caller):
    """One caller, who may stand in line and whose phones have instants of their own."""

    __slots__ = (
        "attempt",
        "declined_by",
        "first_attempt",
        "first_rung_at",
        "last_picked",
        "leaves_at",
        "leaves_line_at",
        "line_length",
        "lined_up_at",
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
        "waves",
        "window_ends_at",
    )

    waves: int  # of this pass

    def __init__(self, call: int, gives_up_at: float, priority: float) -> None:
        super().__init__(call, gives_up_at)
        self.first_attempt = call
        self.attempt = 0  # number of attempts before this one
        self.priority = priority
        self.process: Process | None = None
        self.step = BEGIN
        self.declined_by: set[int] = set()  # extensions
        self.picks = 0  # of this call, for draws that are made anew
        self.pointer = 0
        self.order: list[tuple[tuple[Any, ...], Any]] | None = None
        self.turn = 0
        self.last_picked: Any = None  # member
        self.ringing = False
        self.was_declined = False
        self.looks = 0
        self.next_wave_at = math.inf
        self.window_ends_at = math.inf
        self.leaves_at = math.inf
        self.leaves_line_at = math.inf
        self.line_length = NO_LINE
        self.lined_up_at = self.first_rung_at = math.nan

    @property
    def waits(self) -> bool:
        """Whether a caller in line waits: their phones do not ring, and nobody has answered."""
        return not self.ringing and self.leaves_line_at == math.inf


class RingOfPhone(_Ring):
    """One phone that rings for one caller, or is still to start."""

    __slots__ = ("declines_at", "starts")

    def __init__(self, member: Any, started_at: float, ends_at: float) -> None:
        super().__init__(member, started_at, math.inf, ends_at)
        self.starts = True
        self.declines_at = math.inf
