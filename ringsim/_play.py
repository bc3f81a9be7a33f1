"""The simulation of one run, of a day or a week: `(scenario, workload) -> CallLog`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import overload

from ringsim import engine as engines
from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError, check_instance
from ringsim.scenario import Scenario, check_scenario
from ringsim.workload import Workload

__all__ = ["play"]


@overload
def play(
    scenario: Scenario,
    workload: Workload,
    engine: str = "auto",
    *,
    dispatcher: DispatcherChoice = None,
) -> CallLog: ...


@overload
def play(
    scenario: Scenario,
    workload: Mapping[str, Workload],
    engine: str = "auto",
    *,
    dispatcher: DispatcherChoice = None,
) -> WeekLog: ...


def play(
    scenario: Scenario,
    workload: Workload | Mapping[str, Workload],
    engine: str = "auto",
    *,
    dispatcher: DispatcherChoice = None,
) -> CallLog | WeekLog:
    """Play every call of a workload to its end.

    Parameters
    ----------
    scenario : Scenario
        Groups and people. Its demand is ignored, because the workload holds the calls.
    workload : Workload or dict of str to Workload
        All random numbers, drawn or written by hand. For a scenario with several `days`, one
        workload by weekday.
    engine : {"auto", "simpy", "compiled"}, default "auto"
        The reference engine or the compiled one, which give the same log. `"auto"` chooses
        the compiled engine if all dispatchers are orderings.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        Replaces the strategy of all groups, or of those in the dict.

    Returns
    -------
    CallLog or WeekLog
        The same log for the same arguments; a `WeekLog` for workloads by weekday.

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
    engines.check_engine(engine)
    if isinstance(workload, Mapping):
        _check_days(scenario, workload)
        days = (
            play(scenario.on(day), workload[day], engine, dispatcher=dispatcher)
            for day in scenario.days
        )
        return WeekLog(scenario, list(days))
    check_instance("workload", workload, Workload, "Draw one with Workload.draw(scenario).")
    return CallLog(scenario, engines.run(_plan_of(scenario, dispatcher), workload, engine))


_last: list[tuple[Scenario, engines.Plan]] = []  # at most one


def _plan_of(scenario: Scenario, dispatcher: DispatcherChoice) -> engines.Plan:
    """Return the plan of a scenario; the last plan made without `dispatcher` is kept.

    Many days of one scenario are often played one by one, and a plan takes a fifth of the time
    of a short day (measured).
    """
    if dispatcher is not None:
        return engines.plan_of(scenario, dispatcher)
    for kept, plan in _last:
        if kept is scenario:
            return plan
    plan = engines.plan_of(scenario, None)
    _last[:] = [(scenario, plan)]
    return plan


def _check_days(scenario: Scenario, workload: Mapping[str, Workload]) -> None:
    if not scenario.days or set(workload) != set(scenario.days):
        raise ConfigurationError(
            "workload",
            "must have one workload for each of the scenario's days",
            list(workload),
            f"Its days are {', '.join(scenario.days) or 'not given'}.",
        )
