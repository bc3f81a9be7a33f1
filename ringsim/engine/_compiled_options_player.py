"""The compiled engine's player for plans whose rules have options."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from ringsim._log_arrays import Borders, LineArrays, LogArrays, PauseArrays
from ringsim.engine import _compiled_options_attempts as attempts
from ringsim.engine import _compiled_options_layout as layout
from ringsim.engine._compiled_layout import Calls
from ringsim.engine._compiled_options import play_runs
from ringsim.engine._compiled_options_events import forget_options
from ringsim.engine._compiled_options_layout import (
    ATTEMPTS_FULL,
    LINES_FULL,
    OF_PAUSES,
    OF_VISITS,
    WAITS_FOR_EVER,
    OptionLog,
    RedialArrays,
    Run,
    new_option_log,
    new_options,
    option_arrays,
    with_rows,
)
from ringsim.engine._compiled_player import Player, _by_call
from ringsim.engine._compiled_tables import OF_CALLS, reset
from ringsim.engine._limits import check_attempts, check_ended
from ringsim.engine._places import Places
from ringsim.engine._plan import Plan
from ringsim.errors import ConfigurationError
from ringsim.workload import Batch, Workload
from ringsim.workload._jit_draws import NO_LIMIT, PhoneArrays

__all__ = ["PlayerWithOptions", "play"]


def play(plan: Plan, workload: Workload) -> LogArrays:
    """Play all calls of a workload to their ends; dispatchers must be orderings."""
    log, _ = PlayerWithOptions(plan).play(workload.batch)
    return _by_call(log)


class PlayerWithOptions(Player):
    """A compiled engine for one plan with options, which plays one batch after another."""

    loop: ClassVar[Any] = staticmethod(play_runs)

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._options = option_arrays(plan)
        self._more = new_options(plan, len(self._state.callers), self._arrays.width)
        self._redials: RedialArrays | None = None

    def play(self, batch: Batch) -> tuple[LogArrays, Borders]:
        """Play all calls of a batch to their ends: see `Player.play`."""
        nothing = np.empty(0)
        self._declines, self._batch = batch.declines, batch
        self._options = self._options._replace(
            has_declines=batch.declines is not None,
            priority=nothing if batch.priority is None else batch.priority.copy(),
            max_wait_time=nothing if batch.max_wait_time is None else batch.max_wait_time.copy(),
        )
        return super().play(batch)

    @property
    def _n_phones(self) -> int:
        return self._arrays.width

    def _reset(self, calls: Calls) -> None:
        self._calls, self._redials = calls, None
        length = max(calls.length, len(self._plan.groups) + 1)
        if self._batch.redials is not None:
            length = attempts.LENGTH
            self._redials = attempts.redial_arrays(
                self._batch.redials, self._batch, self._rings_laid_out
            )
            room = len(self._redials.caller)
            self._calls = attempts.with_room(calls, attempts.GROWING, room)
            self._log = attempts.with_room(self._log, OF_CALLS, room)
        reset(self._state, self._no_memory, length)
        forget_options(self._more)
        self._more.callers["stands"] = 0
        self._more.callers["is_ringing"] = 0
        self._more.declined_for.fill(-1)
        self._more.groups["n_pauses"] = 0
        self._option_log = new_option_log(len(calls.first) - 1)

    def _step(self, calls: Calls, phones: PhoneArrays) -> int:  # noqa: ARG002 - `_calls` grows
        declines = phones
        if self._declines is not None:
            extensions, reached = self._plan.extensions, self._plan.reached
            declines = self._declines.arrays(extensions, self._rings_laid_out, reached)
        if self._redials is not None:
            self._check_fast(phones, declines)
        while (status := self._play_runs(phones, declines)) in (ATTEMPTS_FULL, LINES_FULL):
            if status == ATTEMPTS_FULL and self._redials is not None:
                self._grow_attempts(self._redials)
            else:
                self._more = layout.with_longer_lines(self._more)
        check_ended(self._plan, status == WAITS_FOR_EVER)
        return status

    def _play_runs(self, phones: PhoneArrays, declines: PhoneArrays) -> int:
        run = Run(
            self._arrays,
            self._options,
            self._calls,
            phones,
            declines,
            attempts.no_redials(phones) if self._redials is None else self._redials,
            self._state,
            self._more,
            self._log,
            self._rooms_for_options(),
        )
        status: int = play_runs(run, self._no_memory)
        return status

    def _rooms_for_options(self) -> OptionLog:
        """Return the tables of lines and pauses, with as many rows as visits and rings have."""
        tables, own = self._log, self._option_log
        if self._plan.has_lines and len(own.line_length) < len(tables.visit_call):
            own = with_rows(own, OF_VISITS, len(tables.visit_call))
        if self._plan.has_pauses and len(own.pause_group) < len(tables.ring_call):
            own = with_rows(own, OF_PAUSES, len(tables.ring_call))
        self._option_log = own
        return own

    def _grow_attempts(self, redials: RedialArrays) -> None:
        run = int(self._state.counters[0].n_runs)
        callers = int(self._batch.first[run + 1] - self._batch.first[run])
        check_attempts(callers, int(redials.n_attempts[0] - redials.first[run]))
        self._redials, self._calls, self._log = attempts.grown(redials, self._calls, self._log)

    def _check_fast(self, *phones: PhoneArrays) -> None:
        """Check that no answer delays are laid out, as the numbers of attempts are unknown."""
        for each, name in zip(phones, ("answer_delay", "decline_delay"), strict=True):
            slow = np.flatnonzero(each.limit < NO_LIMIT).tolist()
            if slow:
                raise ConfigurationError(
                    f"{self._plan.extensions[slow[0]]}.{name}",
                    "must have an inverse that is fast where callers try again",
                    hint="Give samples of it, or use engine='simpy'.",
                )

    def _played(self, places: Places, batch: Batch) -> tuple[LogArrays, Borders]:
        played, borders = self._played_with_attempts(places, batch)
        own, lines, pauses = self._option_log, None, None
        if self._plan.has_lines:
            n = len(played.visits)
            lines = LineArrays(*(getattr(own, field)[:n] for field in OF_VISITS))
        if self._plan.has_pauses:
            n = int(self._more.groups["n_pauses"][0])
            extension, group, starts, ends = (getattr(own, field)[:n] for field in OF_PAUSES)
            pauses = PauseArrays(extension, group, starts, ends, own.first_pause)
        return replace(played, lines=lines, pauses=pauses), borders

    def _played_with_attempts(self, places: Places, batch: Batch) -> tuple[LogArrays, Borders]:
        if self._redials is None:
            return super()._played(places, batch)
        whole = self._log
        first_attempts = {field: getattr(whole, field)[: len(batch)] for field in OF_CALLS}
        self._log = whole._replace(**first_attempts)
        played, _ = super()._played(places, batch)
        return attempts.log_with_attempts(played, places, batch, self._redials, self._calls, whole)

    def _grow_callers(self) -> None:
        super()._grow_callers()
        self._more = layout.with_more_callers(self._more)
