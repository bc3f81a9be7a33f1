"""Draw and play, many times."""

from __future__ import annotations

from concurrent.futures import Executor

from ringsim.calllog import CallLog
from ringsim.checks import is_whole
from ringsim.confidence import FEW_EVENTS
from ringsim.dispatch import name_of
from ringsim.engine import DispatcherChoice, check_engine, dispatchers_of, takes_compiled
from ringsim.errors import ConfigurationError
from ringsim.keyed import check_key_number
from ringsim.metrics import Layout, Observations, Question, Roster, group_layout
from ringsim.planning._growing import Growing, continued
from ringsim.planning._precision import Precision, half_width, played_until
from ringsim.planning._runner import OnProgress, Runner
from ringsim.planning._study import Job, Study
from ringsim.planning._target import trusts
from ringsim.scenario import Scenario
from ringsim.tables import Tables
from ringsim.workload import MOST_CALLS, Drawing

__all__ = ["Result", "check_replications", "job_of", "simulate", "study_of"]

MOST_REPLICATIONS = 1_000_000

MOST_KEPT = 4  # of the ways in which calls were counted


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
    logs : tuple of CallLog
        Of every replication, if they were to be kept.
    until : Precision or None
        What was asked for in place of a number of replications.
    reached : bool or None
        Whether it is known so precisely.

    Notes
    -----
    It holds the sums of each replication, for the thresholds that it was made with: 20 s and
    5 s by `simulate`, or those of `until`. Other thresholds, and intervals of arrival, are
    counted when they are asked for, by playing everything once more, on threads of this
    process.
    """

    def __init__(
        self,
        study: Study,
        observations: Observations,
        *,
        workers: int | None = None,
        logs: tuple[CallLog, ...] = (),
        until: Precision | None = None,
        reached: bool | None = None,
    ) -> None:
        self.study = study
        self.scenario = study.scenario
        self.seed = study.seed
        self.replications = observations.replications
        self.dispatchers = {number: name_of(chosen) for number, chosen in study.dispatchers.items()}
        self.logs = logs
        self.until = until
        self.reached = reached
        self._observed = {observations.layout: observations}
        self._runner = Runner(workers)

    def observed(self, layout: Layout) -> Observations:
        """The runs, reduced to their sums; played again for a layout that is new."""
        if layout not in self._observed:
            job = Job(self.study, layout, range(self.replications))
            [played] = self._runner.play([job])
            if len(self._observed) >= MOST_KEPT:
                del self._observed[list(self._observed)[1]]
            self._observed[layout] = played.observations
        return self._observed[layout]

    @property
    def latest(self) -> float:
        """An instant [s] after which nobody calls."""
        return self.study.latest

    @property
    def notes(self) -> tuple[str, ...]:
        """What became of the precision, unknown fields that were carried, and assumptions."""
        own = (self.note,) if self.note else ()
        return (*own, *self.scenario.notes, *self.scenario.assumptions)

    @property
    def note(self) -> str:
        """What became of the precision that was asked for; empty if none was."""
        if self.until is None:
            return ""
        asked = self.until
        found = self.figure(asked.metric, asked.group, asked.question).estimate(asked.level)
        wanted = f"{asked.half_width:g}{' of it' if asked.relative else ''}"
        return (
            f"{asked.metric} {'reached' if self.reached else 'did not reach'} a half width of "
            f"{wanted} in {self.replications} replications: {found.estimate:.4g}, "
            f"half width {half_width(found):.3g}"
            f"{'' if self.reached or trusts(found) else f', {FEW_EVENTS}'}"
        )

    def replay(self, replication: int) -> CallLog:
        """The log of one replication, from 0, played again.

        Raises
        ------
        ConfigurationError
            When there was no such replication.
        """
        if not is_whole(replication) or not 0 <= replication < self.replications:
            raise ConfigurationError(
                "replication",
                f"must be a whole number from 0 to {self.replications - 1}",
                replication,
            )
        return self.study.replay(int(replication))

    def __repr__(self) -> str:
        offered = next(iter(self._observed.values())).waits.n
        return f"<Result of {self.replications} replications, {offered} calls, seed {self.seed}>"


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
    most_calls: float = MOST_CALLS,
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
    most_calls : float, default 10 million
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
    >>> from ringsim.people import Demand
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
    study = study_of(
        scenario, seed=seed, engine=engine, dispatcher=dispatcher, most_calls=most_calls
    )
    if until is not None and replications is not None:
        raise ConfigurationError("replications", "must not be given beside until", replications)
    count = 100 if replications is None else replications
    check_replications(count)
    question = Question() if until is None else until.question
    place = None if until is None else Roster(scenario).place_of(until.group)
    layout = group_layout(Roster(scenario), question)
    runner = Runner(workers, executor, continued(on_progress))
    growing = Growing(study, layout, runner, keep_logs=keep_logs)
    if until is None:
        [seen], reached = growing.upto(count), None
    else:
        seen, reached = played_until(growing, until, place)
    return Result(study, seen, workers=workers, logs=growing.logs, until=until, reached=reached)


def study_of(
    scenario: Scenario,
    *,
    seed: int,
    engine: str,
    dispatcher: DispatcherChoice,
    most_calls: float = MOST_CALLS,
) -> Study:
    """A study, checked before anything is drawn.

    Raises
    ------
    ConfigurationError
        When the seed, the engine or a dispatcher cannot be, the compiled engine cannot run a
        dispatcher, or too many calls are expected.
    """
    check_engine(engine)
    check_key_number(seed, "seed")
    study = Study(scenario, dispatchers_of(scenario, dispatcher), int(seed), engine, most_calls)
    takes_compiled(study.plan, engine)
    Drawing(scenario, most_calls)
    return study


def job_of(study: Study, question: Question, replications: int) -> Job:
    """Replications of a study to be played, counted so that a question can be answered."""
    return Job(study, group_layout(Roster(study.scenario), question), range(replications))


def check_replications(replications: int, subject: str = "replications") -> None:
    """Find out whether it is a number of replications.

    Raises
    ------
    ConfigurationError
        When it is not, or so large that only a slip of the finger can have made it.
    """
    if not is_whole(replications) or replications < 1:
        raise ConfigurationError(subject, "must be a whole number, at least 1", replications)
    if replications > MOST_REPLICATIONS:
        raise ConfigurationError(subject, f"must be at most {MOST_REPLICATIONS:,}", replications)
