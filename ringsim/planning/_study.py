"""Studies, and the playing of some of their replications in one thread.

`Study`
    A scenario with its dispatchers, seed and engine.
`Job`
    Some replications of a study, small enough to send to another process.
`play_part`
    Play jobs, or a part of each, in one thread.
`share_callers`
    Whether two jobs can be played from the same draws.

The callers of a replication depend neither on the groups nor on who answers how soon. Variants
that differ in these alone are therefore played together: each batch of replications is drawn
once, and played by every variant with the phones of its own people. That saves a fifth of the
time to compare strategies (measured).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from ringsim._checks import is_integer, is_number, seconds_of
from ringsim._log_arrays import Borders, LogArrays
from ringsim._week_log import WeekLog
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
from ringsim.planning._control import check_control
from ringsim.scenario import Scenario, check_scenario
from ringsim.workload import MOST_CALLS, Batch, Sampler, Workload, answer_alike, draw_alike
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
    "share_callers",
    "study_of",
]

MOST_REPLICATIONS = 1_000_000
LAST_FIRST_REPLICATION = 1_000_000_000

WORKSPACES_KEPT = 7  # by each thread: the days of a week
CALLS_TOGETHER = 32768  # expected calls of a batch of replications for compiled code


@dataclass(frozen=True)
class Study:
    """A scenario with its dispatchers, seed and engine.

    Attributes
    ----------
    scenario : Scenario
        The scenario to play: a day, or a week that is played day by day.
    dispatchers : dict of str to Dispatcher
        Dispatcher of every group, by its number.
    seed : int
        Seed of the random numbers.
    engine : str
        Name of the engine, as in `ringsim.play`.
    max_calls : float
        Greatest expected number of calls of one day.
    warm_up : float
        Instant [s] of arrival from which calls count.
    workloads : tuple of Workload
        The workload of each replication, such as those of real days; drawn if there are none.
    control : bool
        Whether rates and means are corrected by the talk time of the callers.
    """

    scenario: Scenario
    dispatchers: dict[str, Dispatcher]
    seed: int
    engine: str
    max_calls: float = MOST_CALLS
    warm_up: float = 0.0
    workloads: tuple[Workload, ...] = ()
    control: bool = False

    @cached_property
    def daily(self) -> tuple[Study, ...]:
        """Study of each day of a week; the study itself alone, if there is one day."""
        days = self.scenario.daily
        return (self,) if len(days) == 1 else tuple(replace(self, scenario=day) for day in days)

    @property
    def is_week(self) -> bool:
        """True if the scenario has several days."""
        return len(self.scenario.days) > 1

    @cached_property
    def takes_compiled(self) -> bool:
        """True if the compiled engine plays the study."""
        return all(takes_compiled(day.plan, day.engine) for day in self.daily)

    @cached_property
    def plan(self) -> Plan:
        """The scenario of the only day in the form that the engines take."""
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

    def replay(self, replication: int) -> CallLog | WeekLog:
        """Play one replication, by its index from 0, and return its log."""
        if self.is_week:
            logs = [day.log(day.workload(replication)) for day in self.daily]
            return WeekLog(self.scenario, logs)
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
    logs: tuple[CallLog | WeekLog, ...]


def share_callers(one: Job, other: Job) -> bool:
    """Return True if two jobs can be played together, from the same draws."""
    return (
        one.replications == other.replications
        and _is_drawn_in_batches(one)
        and _is_drawn_in_batches(other)
        and (one.study.seed, one.study.max_calls) == (other.study.seed, other.study.max_calls)
        and draw_alike(one.study.scenario, other.study.scenario)
    )


def _is_drawn_in_batches(job: Job) -> bool:
    study = job.study
    return not (job.keep_logs or study.workloads) and study.takes_compiled


def play_part(
    jobs: Sequence[Job], on_some: Callable[[int], None] | None = None
) -> tuple[Played, ...]:
    """Draw the replications of jobs that share their callers, and return the sums of each job.

    `on_some` is called whenever a job has played a batch, with its number of replications.
    """
    if jobs[0].study.is_week:
        return _play_weeks(jobs, on_some)
    workspaces = _workspaces_for([job.study for job in jobs])
    replications = jobs[0].replications
    observers = [
        Observer(workspace.roster, job.layout, len(replications), replications.start)
        for workspace, job in zip(workspaces, jobs, strict=True)
    ]
    tell = on_some or _tell_nobody
    logs: list[CallLog] = []  # only a job that is played alone keeps logs
    done = 0
    while done < len(replications):
        some = replications[done : done + min(each.together for each in workspaces)]
        if jobs[0].keep_logs:
            logs += workspaces[0].logs_of(some, observers[0])
            tell(len(some))
        else:
            batch = workspaces[0].batch(some)
            for workspace, observer in zip(workspaces, observers, strict=True):
                own = workspace.with_own_phones(some, batch, workspaces[0].study)
                workspace.play(some, own, observer)
                tell(len(some))
        done += len(some)
    return tuple(Played(observer.observations(), tuple(logs)) for observer in observers)


def _tell_nobody(replications: int) -> None:
    pass


def _play_weeks(jobs: Sequence[Job], on_some: Callable[[int], None] | None) -> tuple[Played, ...]:
    """Play jobs day by day, and return the sums of their weeks.

    Only the last day counts as progress; the others call `on_some` with 0.
    """
    n_days = len(jobs[0].study.daily)
    played: list[tuple[Played, ...]] = []
    for at in range(n_days):
        is_last = at == n_days - 1

        def on_some_of_day(done: int, *, counts: bool = is_last) -> None:
            if on_some is not None:
                on_some(done if counts else 0)

        of_day = [job._replace(study=job.study.daily[at]) for job in jobs]
        played.append(play_part(of_day, on_some_of_day))
    return tuple(
        _week_of(job, days) for job, days in zip(jobs, zip(*played, strict=True), strict=True)
    )


def _week_of(job: Job, days: Sequence[Played]) -> Played:
    """Return the sums and logs of weeks from those of their days."""
    study = job.study
    observations = Observations.of_week(study.roster, [day.observations for day in days])
    logs = zip(*(day.logs for day in days), strict=True)
    return Played(observations, tuple(WeekLog(study.scenario, of_week) for of_week in logs))


def compile_for(job: Job) -> None:
    """Compile the engine for a job by playing an empty range of replications."""
    [workspace] = _workspaces_for([job.study.daily[0]])
    nothing = range(0)
    observer = Observer(workspace.roster, job.layout, 0)
    workspace.play(nothing, workspace.batch(nothing), observer)


class _Workspace:
    """Sampler, roster and player of one study, made once per thread."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.roster = study.roster
        self._drawing = Sampler(study.scenario, study.max_calls)
        self._play: Callable[[Batch], tuple[LogArrays, Borders]] | None = None
        self.together = 1  # replications at a time
        if study.takes_compiled:
            self._play = batch_player(study.plan)
            self.together = 1 if study.workloads else self._drawing.together(CALLS_TOGETHER)

    def batch(self, replications: range) -> Batch | None:
        """Return the draws of some replications; None if they are played one by one."""
        if self._play is None:
            return None
        if self.study.workloads and replications:
            return self.study.workloads[replications.start].batch
        return self._drawing.draw(self.study.seed, replications)

    def with_own_phones(
        self, replications: range, batch: Batch | None, drawn_for: Study
    ) -> Batch | None:
        """Return draws for a study that shares its callers with this one, with its own phones."""
        if batch is None or answer_alike(self.study.scenario, drawn_for.scenario):
            return batch
        return self._drawing.with_own_phones(batch, self.study.seed, replications)

    def play(self, replications: range, batch: Batch | None, observer: Observer) -> None:
        """Play some replications and add them to an observer."""
        if self._play is None or batch is None:
            for _ in self.logs_of(replications, observer):
                pass  # each log is freed before the next one is made
            return
        try:
            observer.add(*self._play(batch))
        except TooManyRingsError:
            self.together = 1
            for replication in replications:
                alone = range(replication, replication + 1)
                self.play(alone, self.batch(alone), observer)

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


def _workspaces_for(studies: Sequence[Study]) -> list[_Workspace]:
    """Return the workspaces of studies; the last ones, such as those of a week, are kept."""
    kept: list[_Workspace] = getattr(_per_thread, "workspaces", [])
    made = {id(workspace.study): workspace for workspace in kept}
    found = [made.get(id(study)) or _Workspace(study) for study in studies]
    others = [workspace for workspace in kept if workspace not in found]
    _per_thread.workspaces = [*found, *others][: max(WORKSPACES_KEPT, len(found))]
    return found


def study_of(
    scenario: Scenario,
    *,
    seed: int,
    engine: str,
    dispatcher: DispatcherChoice,
    max_calls: float = MOST_CALLS,
    warm_up: float = 0.0,
    workloads: tuple[Workload, ...] = (),
    control: bool = False,
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
    study = Study(scenario, chosen, int(seed), engine, max_calls, counted_from, workloads, control)
    _ = study.takes_compiled
    if workloads and study.is_week:
        raise ConfigurationError(
            "workload",
            "must not be given for a scenario with several days",
            list(scenario.days),
            f"Take one of them with scenario.on({scenario.days[0]!r}).",
        )
    for day in study.daily:
        Sampler(day.scenario, max_calls)
        if control:
            check_control(day.scenario)
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
