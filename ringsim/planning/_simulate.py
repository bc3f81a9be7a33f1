"""Simulation of many replications of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from ringsim._renamed import renamed
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError, check_flag, check_instance
from ringsim.metrics import Thresholds, group_layout
from ringsim.planning._precision import Precision
from ringsim.planning._replications import GrowingStudy, combined_progress
from ringsim.planning._result import Result
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._study import (
    check_first_replication,
    check_replications,
    given_workloads,
    study_of,
)
from ringsim.planning._until import play_until
from ringsim.scenario import Scenario
from ringsim.workload import MOST_CALLS, Workload

__all__ = ["simulate"]


@renamed(most_calls="max_calls")
def simulate(
    scenario: Scenario,
    *,
    replications: int | None = None,
    until: Precision | None = None,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    workers: int | None = None,
    executor: Executor | None = None,
    keep_logs: bool = False,
    max_calls: float = MOST_CALLS,
    warm_up: float = 0.0,
    first_replication: int = 0,
    on_progress: OnProgress | None = None,
    workload: Workload | Sequence[Workload] | None = None,
    control: bool = False,
) -> Result:
    """Draw and play many replications of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario to simulate.
    replications : int, optional
        Number of days, each with random numbers of its own; 100 by default. Must not be given
        together with `until`.
    until : Precision, optional
        Add replications until a metric is this precise, at least 20. The interval must stay
        narrow enough while a few more replications are added. The result is the same as with
        `replications` set to the number played.
    seed : int, default 0
        Seed of the random numbers, from 0 to 2**128 - 1; the same seed gives the same result.
    engine : {"auto", "simpy", "compiled"}, default "auto"
        The engine, as in `play`.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        Replaces the strategies of all groups, or of those in the dict.
    workers : int, optional
        Number of threads; by default one per processor, and one for the SimPy engine. The
        result does not depend on it.
    executor : concurrent.futures.Executor, optional
        Executor to use in place of threads: a pool of processes, or a cluster.
    keep_logs : bool, default False
        Whether to keep the log of every replication as `logs`, which takes memory.
    max_calls : float, default 10 million
        Greatest expected number of calls of one replication; more is refused.
    warm_up : float, default 0
        Instant [s] from which calls count. Calls that arrived earlier are played, but left out
        of every figure; times of members (occupancy, shares of duty, interruptions per hour)
        count from this instant on, whatever call they are for. Logs keep all calls.
    first_replication : int, default 0
        Number of the first replication, so that a study can be split over machines; see
        `Result.join`.
    on_progress : callable, optional
        Called with the number of replications done and their total, after each part.
    workload : Workload or list of Workload, optional
        Callers to play in place of drawn ones, such as those of real days: see
        `ringsim.records.workload`. Each is one replication.
    control : bool, default False
        Whether to correct rates and means by how much more, or less, the callers would have
        talked than is expected. Intervals are then narrower, as with up to four times as many
        replications, and the callers are drawn once more. Percentiles, counts, intervals of
        arrival and tables of members stay as they are.

    Returns
    -------
    Result
        Tables `summary`, `members` and `intervals`; `replay` plays one replication again.

    Raises
    ------
    ConfigurationError
        If an argument is invalid; nothing has been drawn then.
    RingsimError
        If the executor loses a part of the work.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> result = simulate(Scenario(groups=[sales], demand=demand, hours=1), replications=5)
    >>> list(result.summary(within=20).columns)
    ['estimate', 'low', 'high', 'note']

    Add replications until the answer rate is known to 2 points:

    >>> wanted = Precision("answer_rate", 0.02)
    >>> result = simulate(Scenario(groups=[sales], demand=demand, hours=1), until=wanted)
    >>> result.reached, result.replications >= 25
    (True, True)

    Split a study, and leave the first quarter of an hour of each day out of the figures:

    >>> day = Scenario(groups=[sales], demand=demand, hours=1)
    >>> halves = [
    ...     simulate(day, replications=10, first_replication=first, warm_up=900)
    ...     for first in (0, 10)
    ... ]
    >>> Result.join(*halves)
    <Result of 20 replications, 471 calls, seed 0>
    """
    check_flag("keep_logs", keep_logs)
    check_flag("control", control)
    if until is not None:
        check_instance("until", until, Precision, "Write Precision('answer_rate', 0.01).")
    given = given_workloads(workload, replications)
    study = study_of(
        scenario,
        seed=seed,
        engine=engine,
        dispatcher=dispatcher,
        max_calls=max_calls,
        warm_up=warm_up,
        workloads=given,
        control=control,
    )
    if given and control:
        raise ConfigurationError("control", "must not be given beside workload", control)
    if given and until is not None:
        raise ConfigurationError("until", "must not be given beside workload", until)
    if until is not None and replications is not None:
        raise ConfigurationError("replications", "must not be given beside until", replications)
    count = len(given) or (100 if replications is None else replications)
    check_replications(count)
    check_first_replication(first_replication)
    if given and first_replication:
        raise ConfigurationError(
            "first_replication", "must not be given beside workload", first_replication
        )
    thresholds = Thresholds() if until is None else until.question
    place = None if until is None else study.roster.index_of_group(until.group)
    layout = group_layout(study.roster, thresholds)
    runner = Runner(workers, executor, combined_progress(on_progress))
    first = int(first_replication)
    growing = GrowingStudy(study, layout, runner, keep_logs=keep_logs, first=first)
    if until is None:
        [seen], reached = growing.upto(count), None
    else:
        seen, reached = play_until(growing, until, place)
    return Result(
        study,
        seen,
        spans=[range(first, first + seen.replications)],
        workers=workers,
        logs=growing.logs,
        until=until,
        reached=reached,
    )
