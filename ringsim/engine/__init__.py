"""The rules of ringing, played: `(plan, workload) -> LogArrays`."""

from __future__ import annotations

from collections.abc import Callable

from ringsim.engine._plan import DispatcherChoice, Plan, TooManyRingsError, dispatchers_of, plan_of
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.logarrays import Borders, LogArrays
from ringsim.workload import Batch, Workload

__all__ = [
    "ENGINES",
    "DispatcherChoice",
    "Plan",
    "TooManyRingsError",
    "batch_player",
    "check_engine",
    "dispatchers_of",
    "plan_of",
    "run",
    "takes_compiled",
]

ENGINES = ("auto", "simpy", "compiled")


def check_engine(engine: str) -> None:
    """Find out whether there is such an engine.

    Raises
    ------
    ConfigurationError
        When there is not.
    """
    if engine not in ENGINES:
        raise ConfigurationError(
            "engine",
            f"must be {' or '.join(map(repr, ENGINES))}",
            engine,
            did_you_mean(engine, ENGINES),
        )


def takes_compiled(plan: Plan, engine: str) -> bool:
    """Whether it is the compiled engine that plays: `"auto"` takes it for orderings.

    Raises
    ------
    ConfigurationError
        When there is no such engine, or it is the compiled one and cannot run a dispatcher.
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
    """What happens when the calls of a workload are played.

    Parameters
    ----------
    plan : Plan
        From `plan_of`.
    workload : Workload
        Of the same scenario.
    engine : str
        `"simpy"`, `"compiled"`, or `"auto"`: the compiled engine where every dispatcher is an
        ordering.

    Raises
    ------
    ConfigurationError
        When there is no such engine, the compiled one cannot run a dispatcher, or the
        workload calls groups or people that are not there.
    """
    if takes_compiled(plan, engine):
        from ringsim.engine import _compiled_player

        return _compiled_player.play(plan, workload)
    from ringsim.engine import _simpy

    return _simpy.play(plan, workload)


def batch_player(plan: Plan) -> Callable[[Batch], tuple[LogArrays, Borders]]:
    """The compiled engine for many workloads of which only sums are wanted.

    The rings and visits of its logs may be in any order, and a log may be overwritten as soon as
    the same thread plays another batch, with this player or another. Where it raises
    `TooManyRingsError`, runs are to be played one by one.
    """
    from ringsim.engine import _compiled_player

    return _compiled_player.Player(plan).play
