"""The compiled engine's player for plans whose rules have options."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ringsim._log_arrays import Borders, LogArrays
from ringsim.engine import _compiled_options_layout as layout
from ringsim.engine._compiled_layout import Calls
from ringsim.engine._compiled_options import play_runs
from ringsim.engine._compiled_options_events import forget_options
from ringsim.engine._compiled_options_layout import WAITS_FOR_EVER, Run, new_options, option_arrays
from ringsim.engine._compiled_player import Player, _by_call
from ringsim.engine._compiled_tables import reset
from ringsim.engine._plan import Plan, check_ended
from ringsim.workload import Batch, Workload
from ringsim.workload._jit_draws import PhoneArrays

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

    def play(self, batch: Batch) -> tuple[LogArrays, Borders]:
        """Play all calls of a batch to their ends: see `Player.play`."""
        nothing = np.empty(0)
        self._declines = batch.declines
        self._options = self._options._replace(
            has_declines=batch.declines is not None,
            priority=nothing if batch.priority is None else batch.priority.copy(),
            max_wait_time=nothing if batch.max_wait_time is None else batch.max_wait_time.copy(),
        )
        return super().play(batch)

    def _reset(self, calls: Calls) -> None:
        length = max(calls.length, len(self._plan.groups) + 1)
        reset(self._state, self._no_memory, length)
        forget_options(self._more)
        self._more.callers["stands"] = 0
        self._more.callers["is_ringing"] = 0
        self._more.declined_for.fill(-1)

    def _step(self, calls: Calls, phones: PhoneArrays) -> int:
        declines = phones
        if self._declines is not None:
            declines = self._declines.arrays(self._plan.extensions, self._rings_laid_out)
        run = Run(
            self._arrays,
            self._options,
            calls,
            phones,
            declines,
            self._state,
            self._more,
            self._log,
        )
        status: int = play_runs(run, self._no_memory)
        check_ended(self._plan, status == WAITS_FOR_EVER)
        return status

    def _grow_callers(self) -> None:
        super()._grow_callers()
        self._more = layout.with_more_callers(self._more)
