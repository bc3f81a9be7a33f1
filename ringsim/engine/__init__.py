"""Two engines that simulate the rules of ringing: `(plan, workload) -> LogArrays`.

`_simpy` is the reference engine, `_compiled` the fast one. `_plan` prepares a scenario for
both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ringsim._choices import ENGINES
from ringsim._log_arrays import Borders, LogArrays
from ringsim.engine import _compiled_player
from ringsim.engine._limits import TooManyRingsError
from ringsim.engine._plan import Plan, plan_of
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.workload import Batch, Workload

__all__ = [
    "Plan",
    "TooManyRingsError",
    "_compiled_player",
    "batch_player",
    "check_engine",
    "plan_of",
    "run",
    "takes_compiled",
]


def check_engine(engine: str) -> None:
    """Check the name of an engine.

    Raises
    ------
    ConfigurationError
        If the name is not one of `ENGINES`.
    """
    if not isinstance(engine, str) or engine not in ENGINES:
        raise ConfigurationError(
            "engine",
            f"must be {' or '.join(map(repr, ENGINES))}",
            engine,
            did_you_mean(engine, ENGINES),
        )


def takes_compiled(plan: Plan, engine: str) -> bool:
    """Return True if the compiled engine plays; `"auto"` chooses it if it can run the plan.

    Raises
    ------
    ConfigurationError
        If the engine does not exist, or is `"compiled"` and cannot run a dispatcher.
    """
    check_engine(engine)
    for group in plan.groups:
        if engine == "compiled" and not group.dispatcher.is_ordering:
            raise ConfigurationError(
                "engine='compiled'",
                f"cannot run {type(group.dispatcher).__name__}: it overrides wave() or key",
                hint="Use engine='simpy'.",
            )
    return engine == "compiled" or (engine == "auto" and plan.is_of_orderings)


def run(plan: Plan, workload: Workload, engine: str) -> LogArrays:
    """Play the calls of a workload; return the log.

    Parameters
    ----------
    plan : Plan
        From `plan_of`.
    workload : Workload
        Calls to the groups of the same scenario.
    engine : str
        `"simpy"`, `"compiled"`, or `"auto"`, which chooses the compiled engine if every
        dispatcher is an ordering.

    Raises
    ------
    ConfigurationError
        If the engine does not exist, the compiled engine cannot run a dispatcher, or the
        workload refers to a group or a person that the plan does not have.
    """
    if takes_compiled(plan, engine):
        if plan.has_options or workload.has_options:
            from ringsim.engine import _compiled_options_player

            return _compiled_options_player.play(plan, workload)
        return _compiled_player.play(plan, workload)
    if plan.has_options or workload.has_options:
        from ringsim.engine import _simpy_options

        return _simpy_options.play(plan, workload)
    from ringsim.engine import _simpy

    return _simpy.play(plan, workload)


def batch_player(plan: Plan) -> Callable[[Batch], tuple[LogArrays, Borders]]:
    """Return a function that plays batches of workloads on the compiled engine.

    Use it for sums over many workloads. Rings and visits in its logs may be in any order. The
    arrays of a log may be overwritten when the same thread plays another batch, even with
    another player. If the function raises `TooManyRingsError`, play the runs one by one.
    """

    @cache
    def with_options() -> Callable[[Batch], tuple[LogArrays, Borders]]:
        from ringsim.engine import _compiled_options_player  # takes 0.05 s (measured)

        return _compiled_options_player.PlayerWithOptions(plan).play

    if plan.has_options:
        return with_options()
    plain = _compiled_player.Player(plan)

    def play(batch: Batch) -> tuple[LogArrays, Borders]:
        return (with_options() if batch.has_options else plain.play)(batch)

    return play
