"""Draw and play, many times."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from numbers import Integral

from ringsim._play import play
from ringsim.calllog import CallLog, Tables
from ringsim.dispatch import name_of
from ringsim.engine import DispatcherChoice, check_engine, dispatchers_of
from ringsim.errors import ConfigurationError
from ringsim.metrics import Observation, Observations, Roster, observe
from ringsim.scenario import Scenario
from ringsim.workload import Workload

__all__ = ["Result", "simulate"]


class Result(Tables):
    """What many replications of a scenario say together.

    Attributes
    ----------
    scenario : Scenario
        What was simulated.
    replications, seed : int
        How often, and from which random numbers.
    dispatchers : dict of str to str
        Who rang whom: by number of the group, its strategy, or the dispatcher in its place.
    """

    def __init__(
        self,
        scenario: Scenario,
        runs: list[Observation],
        *,
        seed: int,
        engine: str,
        dispatcher: DispatcherChoice,
    ) -> None:
        self.scenario = scenario
        self.seed = seed
        self.replications = len(runs)
        self._runs = runs
        self._engine = engine
        self._dispatcher = dispatcher
        self.dispatchers = {
            number: name_of(chosen)
            for number, chosen in dispatchers_of(scenario, dispatcher).items()
        }

    @cached_property
    def observations(self) -> Observations:
        """The runs, reduced to what metrics need."""
        return Observations(self._runs, Roster(self.scenario))

    def replay(self, replication: int) -> CallLog:
        """The log of one replication, from 0, played again.

        Raises
        ------
        ConfigurationError
            When there was no such replication.
        """
        if not _is_whole(replication) or not 0 <= replication < self.replications:
            raise ConfigurationError(
                "replication",
                f"must be a whole number from 0 to {self.replications - 1}",
                replication,
            )
        workload = Workload.draw(self.scenario, self.seed, replication)
        return play(self.scenario, workload, self._engine, dispatcher=self._dispatcher)

    def __repr__(self) -> str:
        calls = len(self.observations.wait)
        return f"<Result of {self.replications} replications, {calls} calls, seed {self.seed}>"


def simulate(
    scenario: Scenario,
    *,
    replications: int = 100,
    seed: int = 0,
    engine: str = "auto",
    dispatcher: DispatcherChoice = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Draw the calls of a scenario and play them, many times.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    replications : int, default 100
        How many days, each with random numbers of its own.
    seed : int, default 0
        Which random numbers; the same seed gives the same result.
    engine : {"auto", "simpy", "compiled"}, default "auto"
        Which engine, as in `play`.
    dispatcher : Dispatcher, class or name, or dict of number to one of them, optional
        In place of the groups' own strategies: for all groups, or for some.
    on_progress : callable, optional
        Called with the number of replications done and their total, after each.

    Returns
    -------
    Result
        Its `summary`, `members` and `intervals` are tables; `replay` plays one again.

    Raises
    ------
    ConfigurationError
        When an argument cannot be, before anything is drawn.

    Examples
    --------
    >>> from ringsim.people import Demand
    >>> sales = {"extension_number": "600", "members": ["201", "202"]}
    >>> demand = {"600": Demand(calls_per_hour=30, talk_time=60)}
    >>> result = simulate(Scenario(groups=[sales], demand=demand, hours=1), replications=5)
    >>> list(result.summary(within=20).columns)
    ['estimate', 'low', 'high', 'note']
    """
    check_engine(engine)
    dispatchers_of(scenario, dispatcher)
    if not _is_whole(replications) or replications < 1:
        raise ConfigurationError("replications", "must be a whole number, at least 1", replications)
    roster = Roster(scenario)
    runs = []
    for replication in range(replications):
        workload = Workload.draw(scenario, seed, replication)
        log = play(scenario, workload, engine, dispatcher=dispatcher)
        runs.append(observe(log.arrays, roster))
        if on_progress is not None:
            on_progress(replication + 1, replications)
    return Result(scenario, runs, seed=seed, engine=engine, dispatcher=dispatcher)


def _is_whole(value: object) -> bool:
    """Whether it is a whole number and no truth value; numpy's count."""
    return isinstance(value, Integral) and not isinstance(value, bool)
