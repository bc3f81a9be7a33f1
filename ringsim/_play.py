"""One run: `(scenario, workload) -> CallLog`."""

from __future__ import annotations

from ringsim import engine as engines
from ringsim.calllog import CallLog
from ringsim.dispatch import DispatcherChoice
from ringsim.scenario import Scenario
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
        Groups and people. Its demand plays no part: the workload holds the calls.
    workload : Workload
        Every random number, drawn or made by hand.
    engine : {"auto", "simpy", "compiled"}, default "auto"
        The reference or the compiled engine, which give the same log; `"auto"` takes the
        compiled one wherever the dispatchers are orderings.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        In place of the groups' own strategies: for all groups, or for some.

    Returns
    -------
    CallLog
        The same for the same arguments, always.

    Raises
    ------
    ConfigurationError
        When the workload calls groups or people that are not there, there is no such engine
        or dispatcher, or the compiled engine cannot run a dispatcher.
    DispatcherError
        When a dispatcher picks what it must not.

    Examples
    --------
    >>> sales = {"extension_number": "600", "members": ["201"], "ring_time": 15}
    >>> scenario = Scenario(groups=[sales])
    >>> script = Workload(arrives_at=[0, 10], talk_time=60, answer_delay={"201": 4})
    >>> play(scenario, script)
    <CallLog of 2 calls: 1 answered, 0 abandoned, 1 overflowed>
    """
    engines.check_engine(engine)
    plan = engines.plan_of(scenario, dispatcher)
    return CallLog(scenario, engines.run(plan, workload, engine))
