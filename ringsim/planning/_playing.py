"""Playing of some replications of studies in one thread.

`Job`
    Some replications of a study, small enough to send to another process.
`play_part`
    Play jobs, or a part of each, in one thread.
`share_callers`
    Return True if two jobs can be played from the same draws.

The callers of a replication depend neither on the groups nor on who answers how soon. Variants
that differ in these alone are therefore played together: each batch of replications is drawn
once, and played by every variant with the phones of its own people. That saves a fifth of the
time to compare strategies (measured). Drawing the answer delays of all first rings once for all
variants would save 4 to 8 % more (measured), too little for a second way to draw them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ringsim._log_arrays import Borders, LogArrays
from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.engine import (
    TooManyRingsError,
    batch_player,
)
from ringsim.metrics import Layout, Observations, Observer, Thresholds, group_layout
from ringsim.planning._study import Study
from ringsim.workload import Batch, Workload, answer_alike, draw_alike

__all__ = ["Job", "Played", "compile_for", "job_of", "play_part", "share_callers"]

WORKSPACES_KEPT = 7  # by each thread: the days of a week
CALLS_TOGETHER = 32768  # expected calls of a batch of replications for compiled code


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
        self._drawing = study.sampler
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


def job_of(study: Study, thresholds: Thresholds, replications: int) -> Job:
    """Return the job of a study's first replications, counted with some thresholds."""
    return Job(study, group_layout(study.roster, thresholds), range(replications))
