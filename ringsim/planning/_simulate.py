"""Simulation: draw the calls of a scenario and play them, many times."""

from __future__ import annotations

from concurrent.futures import Executor

from ringsim._renamed import renamed
from ringsim.dispatch import DispatcherChoice
from ringsim.errors import ConfigurationError
from ringsim.metrics import Roster, Thresholds, group_layout
from ringsim.planning._precision import Precision, play_until
from ringsim.planning._replications import GrowingStudy, combined_progress
from ringsim.planning._result import Result
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._study import check_replications, study_of
from ringsim.scenario import Scenario
from ringsim.workload import MOST_CALLS

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
    on_progress: OnProgress | None = None,
) -> Result:
    """Draw the calls of a scenario and play them, many times.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    replications : int, optional
        How many days, each with random numbers of its own; 100, unless given or `until` is.
    until : Precision, optional
        As many replications as it takes to know a metric so precisely, at least 20: as many
        as leave its interval short enough for a few replications more. The result is that of
        this number of replications.
    seed : int, default 0
        Which random numbers, from 0 to 2**128 - 1; the same seed gives the same result.
    engine : {"auto", "simpy", "compiled"}, default "auto"
        Which engine, as in `play`.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        In place of the groups' own strategies: for all groups, or for some.
    workers : int, optional
        How many threads play; as many as there are processors, unless given, and one for the
        SimPy engine. The result does not depend on it.
    executor : concurrent.futures.Executor, optional
        What plays in place of threads: a pool of processes, or a cluster.
    keep_logs : bool, default False
        Whether to keep the log of every replication as `logs`, which takes memory.
    max_calls : float, default 10 million
        Expected number of calls of a replication up to which it is drawn.
    on_progress : callable, optional
        Called with the number of replications done and their total, as they are done.

    Returns
    -------
    Result
        Its `summary`, `members` and `intervals` are tables; `replay` plays one again.

    Raises
    ------
    ConfigurationError
        When an argument cannot be, before anything is drawn.
    RingsimError
        When the executor loses a part of the work.

    Examples
    --------
    >>> from ringsim.scenario import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> result = simulate(Scenario(groups=[sales], demand=demand, hours=1), replications=5)
    >>> list(result.summary(within=20).columns)
    ['estimate', 'low', 'high', 'note']

    As precisely as it has to be known:

    >>> wanted = Precision("answer_rate", 0.02)
    >>> result = simulate(Scenario(groups=[sales], demand=demand, hours=1), until=wanted)
    >>> result.reached, result.replications >= 25
    (True, True)
    """
    study = study_of(scenario, seed=seed, engine=engine, dispatcher=dispatcher, max_calls=max_calls)
    if until is not None and replications is not None:
        raise ConfigurationError("replications", "must not be given beside until", replications)
    count = 100 if replications is None else replications
    check_replications(count)
    question = Thresholds() if until is None else until.question
    place = None if until is None else Roster(scenario).index_of_group(until.group)
    layout = group_layout(Roster(scenario), question)
    runner = Runner(workers, executor, combined_progress(on_progress))
    growing = GrowingStudy(study, layout, runner, keep_logs=keep_logs)
    if until is None:
        [seen], reached = growing.upto(count), None
    else:
        seen, reached = play_until(growing, until, place)
    return Result(study, seen, workers=workers, logs=growing.logs, until=until, reached=reached)
