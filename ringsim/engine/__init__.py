"""The rules of ringing, played: `(plan, workload) -> LogArrays`."""

from __future__ import annotations

from ringsim.engine._plan import DispatcherChoice, Plan, dispatchers_of, plan_of
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.logarrays import LogArrays
from ringsim.workload import Workload

__all__ = [
    "ENGINES",
    "DispatcherChoice",
    "Plan",
    "check_engine",
    "dispatchers_of",
    "plan_of",
    "run",
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


def run(plan: Plan, workload: Workload, engine: str) -> LogArrays:
    """What happens when the calls of a workload are played.

    Parameters
    ----------
    plan : Plan
        From `plan_of`.
    workload : Workload
        The same that the plan was made with.
    engine : str
        `"simpy"`, `"compiled"`, or `"auto"`: the compiled engine where every dispatcher is an
        ordering.

    Raises
    ------
    ConfigurationError
        When there is no such engine, or the compiled one cannot run a dispatcher.
    """
    check_engine(engine)
    orderings = all(group.dispatcher.is_ordering for group in plan.groups)
    if engine == "simpy" or (engine == "auto" and not orderings):
        from ringsim.engine import _simpy

        return _simpy.play(plan, workload)
    from ringsim.engine import _compiled_play

    return _compiled_play.play(plan, workload)
