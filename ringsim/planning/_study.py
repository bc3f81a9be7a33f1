"""Studies, and the playing of some of their replications in one thread.

`Study`
    A scenario with its dispatchers, seed and engine.
`Job`
    Some replications of a study, small enough to send to another process.
`play_part`
    Play a job, or a part of one, in one thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ringsim._checks import is_integer, is_number, seconds_of
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
from ringsim.scenario import Scenario, check_scenario
from ringsim.workload import MOST_CALLS, Batch, Sampler, Workload
from ringsim.workload._keys import check_key_number

__all__ = [
    "Job",
    "Played",
    "Study",
    "check_first_replication",
    "check_replications",
    "compile_for",
    "given_workloads",
    "job_of",
    "play_part",
    "study_of",
]

MOST_REPLICATIONS = 1_000_000
LAST_FIRST_REPLICATION = 1_000_000_000

CALLS_TOGETHER = 32768  # expected calls of a batch of replications for compiled code


@dataclass(frozen=True)
class Study:
    """A scenario with its dispatchers, seed and engine.

    Attributes
    ----------
    scenario : Scenario
        The scenario to play.
    dispatchers : dict of str to Dispatcher
        Dispatcher of every group, by its number.
    seed : int
        Seed of the random numbers.
    engine : str
        Name of the engine, as in `ringsim.play`.
    max_calls : float
        Greatest expected number of calls of one replication.
    warm_up : float
        Instant [s] of arrival from which calls count.
    workloads : tuple of Workload
        The workload of each replication, such as those of real days; drawn if there are none.
    """

    scenario: Scenario
    dispatchers: dict[str, Dispatcher]
    seed: int
    engine: str
    max_calls: float = MOST_CALLS
    warm_up: float = 0.0
    workloads: tuple[Workload, ...] = ()

    @cached_property
    def plan(self) -> Plan:
        """The scenario in the form that the engines take."""
        return plan_of(self.scenario, self.dispatchers)

    @cached_property
    def roster(self) -> Roster:
        """Groups and members of the scenario, and the time that counts."""
        return Roster(self.scenario, self.warm_up, counts_callers=self.counts_callers)

    @property
    def counts_callers(self) -> bool:
        """True if callers may try again."""
        if self.workloads:
            return any(workload.redials is not None for workload in self.workloads)
        return self.scenario.redials

    @cached_property
    def latest(self) -> float:
        """Latest given instant of a call [s]; 0 if no instants are given."""
        given: list[Any] = [demand.arrives_at or () for demand in self.scenario.demand.values()]
        given += [workload.arrives_at.tolist() for workload in self.workloads]
        return max((max(instants, default=0.0) for instants in given), default=0.0)

    def replay(self, replication: int) -> CallLog:
        """Play one replication, by its index from 0, and return its log."""
        return self.log(self.workload(replication))

    def workload(self, replication: int) -> Workload:
        """Return the workload of a replication: the given one, or a drawn one."""
        if self.workloads:
            return self.workloads[replication]
        return Workload.draw(self.scenario, self.seed, replication, max_calls=self.max_calls)

    def log(self, workload: Workload) -> CallLog:
        """Play a workload and return its log."""
        return CallLog(self.scenario, run(self.plan, workload, self.engine), self.warm_up)

    def __getstate__(self) -> dict[str, Any]:
        return {name: vars(self)[name] for name in self.__dataclass_fields__}


class Job(NamedTuple):
    """Replications of a study to play, and the layout that counts their calls."""

    study: Study
    layout: Layout
    replications: range
    keep_logs: bool = False


class Played(NamedTuple):
    """The result of a job; `logs` is empty unless the job keeps them."""

    observations: Observations
    logs: tuple[CallLog, ...]


def play_part(job: Job, on_some: Callable[[int], None] | None = None) -> Played:
    """Draw and play a job's replications, and return their sums.

    `on_some` is called after each batch with the number of replications in it.
    """
    workspace = _workspace_for(job.study)
    observer = Observer(workspace.roster, job.layout, len(job.replications), job.replications.start)
    logs: list[CallLog] = []
    done = 0
    while done < len(job.replications):
        some = job.replications[done : done + workspace.together]
        if job.keep_logs:
            logs += workspace.logs_of(some, observer)
        else:
            workspace.play(some, observer)
        done += len(some)
        if on_some is not None:
            on_some(len(some))
    return Played(observer.observations(), tuple(logs))


def compile_for(job: Job) -> None:
    """Compile the engine for a job by playing an empty range of replications."""
    workspace = _workspace_for(job.study)
    workspace.play(range(0), Observer(workspace.roster, job.layout, 0))


class _Workspace:
    """Sampler, roster and player of one study, made once per thread."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.roster = study.roster
        self._drawing = Sampler(study.scenario, study.max_calls)
        self._play: Callable[[Batch], tuple[LogArrays, Borders]] | None = None
        self.together = 1  # replications at a time
        if takes_compiled(study.plan, study.engine):
            self._play = batch_player(study.plan)
            self.together = 1 if study.workloads else self._drawing.together(CALLS_TOGETHER)

    def play(self, replications: range, observer: Observer) -> None:
        """Play some replications and add them to an observer."""
        if self._play is None:
            for _ in self.logs_of(replications, observer):
                pass  # each log is freed before the next one is made
            return
        try:
            observer.add(*self._play(self._batch(replications)))
        except TooManyRingsError:
            self.together = 1
            for replication in replications:
                self.play(range(replication, replication + 1), observer)

    def _batch(self, replications: range) -> Batch:
        if self.study.workloads and replications:
            return self.study.workloads[replications.start].batch
        return self._drawing.draw(self.study.seed, replications)

    def logs_of(self, replications: range, observer: Observer) -> Iterator[CallLog]:
        """Play replications one by one, add each to an observer, and yield its log."""
        study = self.study
        for replication in replications:
            workload = (
                study.workloads[replication]
                if study.workloads
                else Workload.drawn(self._drawing, study.seed, replication)
            )
            log = study.log(workload)
            observer.add(log.arrays)
            yield log


_per_thread = threading.local()


def _workspace_for(study: Study) -> _Workspace:
    workspace: _Workspace | None = getattr(_per_thread, "workspace", None)
    if workspace is None or workspace.study is not study:
        workspace = _per_thread.workspace = _Workspace(study)
    return workspace


def study_of(
    scenario: Scenario,
    *,
    seed: int,
    engine: str,
    dispatcher: DispatcherChoice,
    max_calls: float = MOST_CALLS,
    warm_up: float = 0.0,
    workloads: tuple[Workload, ...] = (),
) -> Study:
    """Return a checked study; nothing is drawn yet.

    Raises
    ------
    ConfigurationError
        If the scenario, the seed, the engine, the warm-up or a dispatcher is invalid, the
        compiled engine
        cannot run a dispatcher, or too many calls are expected.
    """
    check_scenario(scenario)
    check_engine(engine)
    check_key_number(seed, "seed")
    chosen = dispatchers_of(scenario, dispatcher)
    counted_from = _checked_warm_up(scenario, warm_up)
    study = Study(scenario, chosen, int(seed), engine, max_calls, counted_from, workloads)
    takes_compiled(study.plan, engine)
    Sampler(scenario, max_calls)
    return study


def job_of(study: Study, question: Thresholds, replications: int) -> Job:
    """Return the job of a study's first replications, counted with some thresholds."""
    return Job(study, group_layout(study.roster, question), range(replications))


def _checked_warm_up(scenario: Scenario, warm_up: float) -> float:
    end, warm_up = float(scenario.hours) * 3600, seconds_of(warm_up)
    if not is_number(warm_up) or not 0 <= warm_up < end:
        raise ConfigurationError(
            "warm_up", f"must be seconds from 0 to before the end of the day, {end:g} s", warm_up
        )
    return float(warm_up)


def given_workloads(
    workload: Workload | Sequence[Workload] | None, replications: int | None
) -> tuple[Workload, ...]:
    """Return the workloads that stand in place of drawn ones, one for each replication.

    Raises
    ------
    ConfigurationError
        If they are not workloads, or another number of replications is given.
    """
    if workload is None:
        return ()
    given = tuple(workload) if isinstance(workload, (list, tuple)) else (workload,)
    if not given or not all(isinstance(each, Workload) for each in given):
        raise ConfigurationError("workload", "must be a Workload, or a list of them", workload)
    if replications not in (None, len(given)):
        raise ConfigurationError(
            "replications", f"must be {len(given)}, the number of workloads", replications
        )
    return given


def check_replications(replications: int, subject: str = "replications") -> None:
    """Raise `ConfigurationError` if a number of replications is not from 1 to 1,000,000.

    The upper limit catches typing errors.
    """
    if not is_integer(replications) or replications < 1:
        raise ConfigurationError(subject, "must be a whole number, at least 1", replications)
    if replications > MOST_REPLICATIONS:
        raise ConfigurationError(subject, f"must be at most {MOST_REPLICATIONS:,}", replications)


def check_first_replication(number: int) -> None:
    """Raise `ConfigurationError` if the number of a first replication is not from 0 to 10**9."""
    if not is_integer(number) or not 0 <= number <= LAST_FIRST_REPLICATION:
        raise ConfigurationError(
            "first_replication",
            f"must be a whole number from 0 to {LAST_FIRST_REPLICATION:,}",
            number,
        )
