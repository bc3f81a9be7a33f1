"""Stress test of a group: what happens to its callers on days that go wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError
from ringsim.metrics import Thresholds, checked_metrics
from ringsim.planning._compare import compare
from ringsim.planning._replications import combined_progress
from ringsim.planning._runner import OnProgress
from ringsim.planning._simulate import simulate
from ringsim.planning._size import check_called
from ringsim.planning._stress_events import Stress
from ringsim.planning._stress_test import StressTest
from ringsim.planning._stressed import settled, stressed, usual_events
from ringsim.planning._study import check_replications
from ringsim.planning._variants import AS_IT_IS
from ringsim.scenario import Scenario, check_scenario, named_group

__all__ = ["stress"]

FEW = 20  # replications that find the member who answers most calls


def stress(
    scenario: Scenario,
    group: str | None = None,
    what: Sequence[Stress | Mapping[str, Any]] | None = None,
    *,
    metrics: Sequence[str] | None = None,
    replications: int = 100,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    within: float = 20.0,
    variant: str = "offered",
    level: float = 0.95,
    workers: int | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> StressTest:
    """Play days on which something goes wrong, with the same callers, and compare them.

    Parameters
    ----------
    scenario : Scenario
        The scenario as it is.
    group : str, optional
        Number of the group whose calls are counted; by default the only group.
    what : list of Stress or dict, optional
        The events, each on its own. By default the absence of the member who answers most
        calls, 1.3 times the calls, the calls of a usual half-hour more within ten minutes,
        calls 1.2 times as long, and the closing of the target of calls that nobody answers.
    metrics : list of str, optional
        Metrics to compare; by default eight that callers and members notice.
    replications, seed, engine, dispatcher, workers, executor, on_progress
        As in `simulate`.
    within, variant, level
        As in `Result.summary`.

    Returns
    -------
    StressTest
        The differences: `table` has all figures, `order` the events from the worst one on.

    Raises
    ------
    ConfigurationError
        If an argument is invalid, or an event cannot happen in the scenario.
    RingsimError
        If the executor loses a part of the work.

    Notes
    -----
    All events have the same callers as the scenario as it is (common random numbers): with more
    calls they arrive closer together. The calls of a burst are not counted among those of the
    group's own callers, only their effect on these. Metrics of visits and of members, such as
    `received` and `interruptions_per_hour`, count their visits and rings. Intervals of
    differences hold for all events of a metric together.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202", "203"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=120)}
    >>> office = Scenario(groups=[sales], demand=demand, hours=2)
    >>> found = stress(office, what=[Stress.volume(1.1), Stress.absence("201")])
    >>> found.order
    ('201 absent', '1.1 times the calls')
    """
    check_scenario(scenario)
    number = named_group(scenario, group)
    check_called(scenario, number)
    Thresholds(within, variant, level=level)
    checked_metrics(metrics)
    check_replications(replications)
    asked = list(usual_events(scenario, number)) if what is None else _records(what)
    progress = combined_progress(on_progress)
    running: dict[str, Any] = {"engine": engine, "workers": workers, "executor": executor}
    running |= {"dispatcher": dispatcher, "seed": seed, "on_progress": progress}
    busiest = None
    if any(each.kind == "absence" and each.person is None for each in asked):
        busiest = _busiest(scenario, number, running)
    events = dict(_happening(asked, scenario, number, busiest))
    comparison = compare(
        scenario,
        number,
        variants={AS_IT_IS: {}} | {name: changed for name, (_, changed) in events.items()},
        baseline=AS_IT_IS,
        metrics=metrics,
        replications=replications,
        within=within,
        variant=variant,
        level=level,
        **running,
    )
    return StressTest(comparison, {name: event for name, (event, _) in events.items()})


def _records(what: Any) -> list[Stress]:
    """Return the events, each given as a record or as a table of its fields."""
    if isinstance(what, str | Mapping) or not isinstance(what, Sequence) or not what:
        raise ConfigurationError("what", "must be a list of events", what)
    found = []
    for index, each in enumerate(what):
        try:
            found.append(Stress(**each) if isinstance(each, Mapping) else each)
        except ConfigurationError as wrong:
            raise wrong.inside(f"what[{index}]") from None
        if not isinstance(found[-1], Stress):
            raise ConfigurationError(
                f"what[{index}]", "must be a ringsim.Stress", each, "Write Stress.volume(1.3)."
            )
    return found


def _busiest(scenario: Scenario, group: str, running: Mapping[str, Any]) -> str | None:
    """Return the member of a group who answers most calls; None if it has no members."""
    if not scenario.group(group).members:
        return None
    members = simulate(scenario, replications=FEW, **running).members().loc[group]
    return str(members["answered"].idxmax())


def _happening(
    events: Sequence[Stress], scenario: Scenario, group: str, busiest: str | None
) -> Iterator[tuple[str, tuple[Stress, Scenario]]]:
    """Yield the name of each event, with the event and its scenario."""
    names: list[str] = []
    for index, each in enumerate(events):
        try:
            event = settled(each, scenario, group, busiest)
            changed = stressed(event, scenario, group)
        except ConfigurationError as wrong:
            raise wrong.inside(f"what[{index}]") from None
        name = str(event)
        if name in names:
            raise ConfigurationError(f"what[{index}]", "must not be listed twice", name)
        names.append(name)
        yield name, (event, changed)
