"""Two engines that play the rules of ringing: `(plan, workload) -> LogArrays`.

`_simpy` is the reference, `_compiled` the fast one. `_plan` prepares a scenario for both.
"""

from __future__ import annotations

from collections.abc import Callable

from ringsim._log_arrays import Borders, LogArrays
from ringsim.engine import _compiled_player, _simpy
from ringsim.engine._plan import Plan, TooManyRingsError, plan_of
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.workload import Batch, Workload

__all__ = [
    "ENGINES",
    "Plan",
    "TooManyRingsError",
    "_compiled_player",
    "_simpy",
    "batch_player",
    "check_engine",
    "plan_of",
    "run",
    "takes_compiled",
]

ENGINES = ("auto", "simpy", "compiled")


def check_engine(engine: str) -> None:
    """Raise an error if there is no such engine.

    Raises
    ------
    ConfigurationError
        If the name is not one of `ENGINES`.
    """
    if engine not in ENGINES:
        raise ConfigurationError(
            "engine",
            f"must be {' or '.join(map(repr, ENGINES))}",
            engine,
            did_you_mean(engine, ENGINES),
        )


def takes_compiled(plan: Plan, engine: str) -> bool:
    """Return whether the compiled engine plays; `"auto"` takes it if it can.

    Raises
    ------
    ConfigurationError
        If there is no such engine, or the compiled one is asked for and cannot run a dispatcher.
    """
    check_engine(engine)
    for group in plan.groups:
        if engine == "compiled" and not group.dispatcher.is_ordering:
            raise ConfigurationError(
                "engine='compiled'",
                f"cannot run {type(group.dispatcher).__name__}: it overrides wave()",
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
        `"simpy"`, `"compiled"`, or `"auto"`: the compiled engine where every dispatcher is an
        ordering.

    Raises
    ------
    ConfigurationError
        If there is no such engine, the compiled one cannot run a dispatcher, or the
        workload names a group or a person that the plan does not have.
    """
    if takes_compiled(plan, engine):
        from ringsim.engine import _compiled_player

        return _compiled_player.play(plan, workload)
    from ringsim.engine import _simpy

    return _simpy.play(plan, workload)


def batch_player(plan: Plan) -> Callable[[Batch], tuple[LogArrays, Borders]]:
    """Return a function that plays batches of workloads on the compiled engine.

    It serves for sums over many workloads: the rings and visits of its logs may be in any order,
    and a log may be overwritten when the same thread plays another batch, with this player or
    another. If it raises `TooManyRingsError`, play the runs one by one.
    """
    from ringsim.engine import _compiled_player

    return _compiled_player.Player(plan).play
