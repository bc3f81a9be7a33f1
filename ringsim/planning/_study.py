"""A study: a scenario played many times, and how some of its replications are played.

`Study`, `Job`
    What is played: all that has to travel to where it is played.
`play_part`
    Plays a job, or a part of one, in one thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ringsim._checks import is_integer
from ringsim._log_arrays import Borders, LogArrays
from ringsim.calllog import CallLog
from ringsim.dispatch import Dispatcher, DispatcherChoice, dispatchers_of
from ringsim.engine import (
    Plan,
    TooManyRingsError,
    batch_player,
    check_engine,
    plan_of,
    run,
    takes_compiled,
)
from ringsim.errors import ConfigurationError
from ringsim.metrics import Layout, Observations, Observer, Roster, Thresholds, group_layout
from ringsim.scenario import Scenario
from ringsim.workload import MOST_CALLS, Batch, Sampler, Workload
from ringsim.workload._keys import check_key_number

__all__ = [
    "Job",
    "Played",
    "Study",
    "check_replications",
    "compile_for",
    "job_of",
    "play_part",
    "study_of",
]

MOST_REPLICATIONS = 1_000_000

CALLS_TOGETHER = 32768  # expected ones of the replications that compiled code plays at once


@dataclass(frozen=True)
class Study:
    """A scenario, who rings whom in it, and the random numbers.

    Attributes
    ----------
    scenario : Scenario
        What is played.
    dispatchers : dict of str to Dispatcher
        Of every group, by its number.
    seed : int
        Which random numbers.
    engine : str
        Which engine, as in `ringsim.play`.
    max_calls : float
        Expected number of calls up to which a replication is drawn.
    """

    scenario: Scenario
    dispatchers: dict[str, Dispatcher]
    seed: int
    engine: str
    max_calls: float = MOST_CALLS

    @cached_property
    def plan(self) -> Plan:
        """Ready to be played."""
        return plan_of(self.scenario, self.dispatchers)

    @cached_property
    def latest(self) -> float:
        """An instant [s] after which nobody calls."""
        given = (demand.arrives_at or () for demand in self.scenario.demand.values())
        return max((max(instants, default=0.0) for instants in given), default=0.0)

    def replay(self, replication: int) -> CallLog:
        """The log of one replication."""
        workload = Workload.draw(self.scenario, self.seed, replication, max_calls=self.max_calls)
        return CallLog(self.scenario, run(self.plan, workload, self.engine))

    def __getstate__(self) -> dict[str, Any]:
        return {name: vars(self)[name] for name in self.__dataclass_fields__}


class Job(NamedTuple):
    """Replications of a study to be played."""

    study: Study
    layout: Layout
    replications: range
    keep_logs: bool = False


class Played(NamedTuple):
    """A job that is done; `logs` of each replication where they were to be kept."""

    observations: Observations
    logs: tuple[CallLog, ...]


def play_part(job: Job, on_some: Callable[[int], None] | None = None) -> Played:
    """Draw, play and reduce some replications of a study.

    `on_some` is called again and again, with how many more are done.
    """
    bench = _workspace_for(job.study)
    observer = Observer(bench.roster, job.layout, len(job.replications), job.replications.start)
    logs: list[CallLog] = []
    done = 0
    while done < len(job.replications):
        some = job.replications[done : done + bench.together]
        if job.keep_logs:
            logs += bench.logs_of(some, observer)
        else:
            bench.play(some, observer)
        done += len(some)
        if on_some is not None:
            on_some(len(some))
    return Played(observer.observations(), tuple(logs))


def compile_for(job: Job) -> None:
    """Have compiled what the compiled engine needs for a job, by playing none of it."""
    bench = _workspace_for(job.study)
    bench.play(range(0), Observer(bench.roster, job.layout, 0))


class _Workspace:
    """What playing a study needs, made once in each thread."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.roster = Roster(study.scenario)
        self._drawing = Sampler(study.scenario, study.max_calls)
        self._play: Callable[[Batch], tuple[LogArrays, Borders]] | None = None
        self.together = 1  # replications at a time
        if takes_compiled(study.plan, study.engine):
            self._play = batch_player(study.plan)
            self.together = self._drawing.together(CALLS_TOGETHER)

    def play(self, replications: range, observer: Observer) -> None:
        """Have some replications observed."""
        if self._play is None:
            for _ in self.logs_of(replications, observer):
                pass  # a log is gone before the next is made
            return
        try:
            observer.add(*self._play(self._drawing.draw(self.study.seed, replications)))
        except TooManyRingsError:
            self.together = 1
            for replication in replications:
                self.play(range(replication, replication + 1), observer)

    def logs_of(self, replications: range, observer: Observer) -> Iterator[CallLog]:
        """Have some replications observed, one by one, and hand out the log of each."""
        study = self.study
        for replication in replications:
            workload = Workload.drawn(self._drawing, study.seed, replication)
            log = CallLog(study.scenario, run(study.plan, workload, study.engine))
            observer.add(log.arrays)
            yield log


_per_thread = threading.local()


def _workspace_for(study: Study) -> _Workspace:
    bench: _Workspace | None = getattr(_per_thread, "bench", None)
    if bench is None or bench.study is not study:
        bench = _per_thread.bench = _Workspace(study)
    return bench


def study_of(
    scenario: Scenario,
    *,
    seed: int,
    engine: str,
    dispatcher: DispatcherChoice,
    max_calls: float = MOST_CALLS,
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
    study = Study(scenario, dispatchers_of(scenario, dispatcher), int(seed), engine, max_calls)
    takes_compiled(study.plan, engine)
    Sampler(scenario, max_calls)
    return study


def job_of(study: Study, question: Thresholds, replications: int) -> Job:
    """Replications of a study to be played, counted so that a question can be answered."""
    return Job(study, group_layout(Roster(study.scenario), question), range(replications))


def check_replications(replications: int, subject: str = "replications") -> None:
    """Find out whether it is a number of replications.

    Raises
    ------
    ConfigurationError
        When it is not, or so large that only a slip of the finger can have made it.
    """
    if not is_integer(replications) or replications < 1:
        raise ConfigurationError(subject, "must be a whole number, at least 1", replications)
    if replications > MOST_REPLICATIONS:
        raise ConfigurationError(subject, f"must be at most {MOST_REPLICATIONS:,}", replications)
