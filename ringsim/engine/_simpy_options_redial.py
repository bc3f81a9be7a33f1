"""Attempts of callers who try again, as in `_compiled_options_redial`.

An attempt is a call with a number of its own, after those of all first attempts.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ringsim._log_arrays import AttemptArrays
from ringsim.engine._attempts import Attempts
from ringsim.engine._limits import check_attempts
from ringsim.engine._places import Places, PlayedCalls
from ringsim.engine._plan import Plan
from ringsim.engine._simpy import ARRIVAL
from ringsim.engine._simpy_options_line import RunWithLines
from ringsim.workload import Workload

LENGTH = 2**31  # of the numbers of calls, for the ranks of their events


class RunWithRedials(RunWithLines):
    """One run whose callers may try again."""

    def __init__(self, plan: Plan, workload: Workload) -> None:
        super().__init__(plan, workload)
        self.redials = redials = workload.redials
        if redials is None:
            return
        self.length = LENGTH
        self.arrives_at: Any = workload.arrives_at.tolist()
        self.talk_time: Any = workload.talk_time.tolist()
        self.wrap_up_time: Any = workload.wrap_up_time.tolist()
        self.patience: Any = workload.patience.tolist()
        self.group_of: Any = self.places.group_of.tolist()
        self.first_attempt = list(range(len(workload)))
        self.attempt = [0] * len(workload)
        self.kind_of = redials.kind_of(workload.called, len(workload)).tolist()
        self.redial_delay = [redials.delays.answer_delay_of(name) for name in redials.names]
        self.new_patience = [redials.patience.answer_delay_of(name) for name in redials.names]

    def try_again(self, caller: Any, now: float) -> None:
        """Schedule the next attempt of a caller whose call has ended, if there is one."""
        redials, first, attempt = self.redials, caller.first_attempt, caller.attempt
        kind = self.kind_of[first]
        if redials is None or not redials.is_followed[kind, caller.outcome]:
            return
        if attempt + 1 >= redials.max_attempts[kind]:
            return
        at = now + self.redial_delay[kind](first, attempt)
        if at == math.inf:
            return
        again, patience = len(self.arrives_at), self.patience[first]
        if redials.patience_anew[kind]:
            patience = self.new_patience[kind](first, attempt)
        check_attempts(len(self.workload), again + 1 - len(self.workload))
        self.first_attempt.append(first)
        self.attempt.append(attempt + 1)
        self.arrives_at.append(at)
        self.talk_time.append(self.talk_time[first])
        self.wrap_up_time.append(self.wrap_up_time[first])
        self.patience.append(patience)
        self.group_of.append(self.group_of[first])
        event = self.clock.schedule_at(at, self.rank(ARRIVAL, again))
        event.callbacks.append(lambda _: self.begin_attempt(again))

    def begin_attempt(self, call: int) -> None:
        """S1: an attempt arrives."""
        self.clock.process(self.play_call(call))

    def play_call(self, call: int) -> Any:
        """One caller, from arrival to outcome; the run itself has it, with all its verbs."""

    def played(self) -> tuple[Places, Workload | PlayedCalls, AttemptArrays | None]:
        """Return all calls, attempts included: see `_Run.played`."""
        if self.redials is None:
            return super().played()
        n = len(self.workload)
        attempts = Attempts(
            np.array([0, n]),
            np.array(self.first_attempt[n:], dtype=np.int64),
            np.array(self.attempt[n:], dtype=np.int64),
            np.array([0, len(self.attempt) - n]),
        )
        columns = (self.arrives_at, self.talk_time, self.wrap_up_time, self.patience)
        return (
            attempts.places(self.places),
            attempts.calls(*(np.array(column, dtype=np.float64) for column in columns)),
            attempts.table,
        )
