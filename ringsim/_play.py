"""The simulation of one run: `(scenario, workload) -> CallLog`."""

from __future__ import annotations

from ringsim import engine as engines
from ringsim.calllog import CallLog
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import check_instance
from ringsim.scenario import Scenario, check_scenario
from ringsim.workload import Workload

__all__ = ["play"]


def play(
    scenario: Scenario,
    workload: Workload,
    engine: str = "auto",
    *,
    dispatcher: DispatcherChoice = None,
) -> CallLog:
    """Play every call of a workload to its end.

    Parameters
    ----------
    scenario : Scenario
        Groups and people. Its demand is ignored, because the workload holds the calls.
    workload : Workload
        All random numbers, drawn or written by hand.
    engine : {"auto", "simpy", "compiled"}, default "auto"
        The reference engine or the compiled one, which give the same log. `"auto"` chooses
        the compiled engine if all dispatchers are orderings.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        Replaces the strategy of all groups, or of those in the dict.

    Returns
    -------
    CallLog
        The same log for the same arguments.

    Raises
    ------
    ConfigurationError
        If the workload refers to unknown groups or people, the engine or the dispatcher does
        not exist, or the compiled engine cannot run a dispatcher.
    DispatcherError
        If a dispatcher picks a member that it must not pick.

    Examples
    --------
    >>> sales = {"extension_number": "600", "members": ["201"], "ring_time": 15}
    >>> scenario = Scenario(groups=[sales])
    >>> script = Workload(arrives_at=[0, 10], talk_time=60, answer_delay={"201": 4})
    >>> play(scenario, script)
    <CallLog of 2 calls: 1 answered, 0 abandoned, 1 overflowed>
    """
    check_scenario(scenario)
    check_instance("workload", workload, Workload, "Draw one with Workload.draw(scenario).")
    engines.check_engine(engine)
    plan = engines.plan_of(scenario, dispatcher)
    return CallLog(scenario, engines.run(plan, workload, engine))
