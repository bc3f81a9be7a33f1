"""Runner of jobs, which splits them into parts and merges the results.

An executor receives a study and a range of replications, and returns sums. Each replication has
its own index in these sums, and waits are sorted by value and replication alone, so the result
does not depend on the number of workers or the order in which parts finish.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

from ringsim._checks import is_integer
from ringsim._week_log import WeekLog
from ringsim.calllog import CallLog
from ringsim.errors import ConfigurationError
from ringsim.metrics import Merger
from ringsim.planning._memory import keep_memory, return_memory
from ringsim.planning._notebook import bar_in_notebook
from ringsim.planning._playing import Job, Played, compile_for, play_part, share_callers
from ringsim.planning._workers import Part, play_on_executor, play_on_threads

__all__ = ["OnProgress", "Runner", "check_on_progress"]

OnProgress: TypeAlias = Callable[[int, int], None]

PARTS_PER_WORKER = 8  # over all jobs, so that no worker waits long for the last part
MAX_PER_PART = 256  # replications
FEWEST_CALLS_PER_PART = 4000  # expected, if each worker has a part
FEWEST_PER_PART = 8  # replications of jobs played together, if each worker has a part
MAX_TOGETHER = 32  # jobs that are played from the same draws


def check_on_progress(given: object) -> None:
    """Raise `ConfigurationError` if `on_progress` is neither None nor callable."""
    if given is not None and not callable(given):
        raise ConfigurationError("on_progress", "must be callable", given)


class _Progress:
    """Counter of the replications done, which reports to a callback."""

    def __init__(self, on_progress: OnProgress | None, total: int) -> None:
        self._report = on_progress
        self.total = total
        self._done = 0

    def add(self, replications: int) -> None:
        self._done += replications
        if self._report is not None:
            self._report(self._done, self.total)


@dataclass(frozen=True)
class Runner:
    """Runner of jobs on threads of this process or on an executor.

    Parameters
    ----------
    workers : int, optional
        Number of threads; by default one per processor, and one for the SimPy engine, which
        does not run in parallel on threads.
    executor : concurrent.futures.Executor, optional
        Executor to use in place of threads: a pool of processes, or a cluster.
    on_progress : callable, optional
        Called with the number of replications done and their total, after each part. Without
        it, a notebook shows a bar.

    Raises
    ------
    ConfigurationError
        If both `workers` and `executor` are given, or an argument is invalid.
    """

    workers: int | None = None
    executor: Executor | None = None
    on_progress: OnProgress | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and (not is_integer(self.workers) or self.workers < 1):
            raise ConfigurationError("workers", "must be a whole number, at least 1", self.workers)
        if self.executor is not None and not isinstance(self.executor, Executor):
            raise ConfigurationError(
                "executor", "must be a concurrent.futures.Executor", self.executor
            )
        if self.executor is not None and self.workers is not None:
            raise ConfigurationError("workers", "must not be given beside executor", self.workers)
        check_on_progress(self.on_progress)

    def play(self, jobs: Sequence[Job]) -> list[Played]:
        """Play jobs and return their results.

        Returns
        -------
        list of Played
            Results in the order of the jobs; they do not depend on workers or executor.

        Raises
        ------
        ConfigurationError
            If a job cannot be pickled for the executor.
        RingsimError
            If the executor loses a part; the message names its replications.
        """
        keep_memory()
        n_workers = self._n_workers(jobs)
        progress = _Progress(
            self.on_progress or bar_in_notebook(), sum(len(job.replications) for job in jobs)
        )
        if self.executor is None and n_workers == 1:
            return _play_undivided(jobs, progress)
        return self._play_in_parts(jobs, n_workers, progress)

    def _play_in_parts(
        self, jobs: Sequence[Job], n_workers: int, progress: _Progress
    ) -> list[Played]:
        """Play parts of jobs on several threads or on the executor, and merge their results."""
        parts = [
            part
            for whole in _with_shared_callers(jobs)
            for part in _split(whole, progress.total, n_workers, on_threads=self.executor is None)
        ]
        mergers = [_PartMerger(job) for job in jobs]
        if self.executor is None:
            compile_for(jobs[0])  # in this thread, where Ctrl-C can stop it
            finished = play_on_threads(parts, n_workers)
        else:
            finished = play_on_executor(parts, self.executor)
        with closing(finished):
            for part, results in finished:
                for at, result in zip(part.of, results, strict=True):
                    mergers[at].add(part.replications.start, result)
                del results, result  # frees their sums while waiting for the next part
                progress.add(len(part.replications) * len(part.jobs))
        merged = [merger.played() for merger in mergers]
        return_memory(sum(result.observations.waits.n for result in merged))
        return merged

    def _n_workers(self, jobs: Sequence[Job]) -> int:
        """Return the number of workers: as given, of the executor, or of the processors."""
        if self.workers is not None:
            return self.workers
        if self.executor is not None:
            return getattr(self.executor, "_max_workers", None) or available_processors()
        compiled = all(job.study.takes_compiled for job in jobs)
        return available_processors() if compiled else 1


def _play_undivided(jobs: Sequence[Job], progress: _Progress) -> list[Played]:
    """Play whole jobs in this thread."""
    played: dict[int, Played] = {}
    for whole in _with_shared_callers(jobs):
        played.update(zip(whole.of, play_part(whole.jobs, progress.add), strict=True))
    return [played[at] for at in range(len(jobs))]


def available_processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _with_shared_callers(jobs: Sequence[Job]) -> list[Part]:
    """Return jobs as parts to split: one part for all jobs that share their callers."""
    wholes: list[Part] = []
    for at, job in enumerate(jobs):
        found = next(
            (
                place
                for place, whole in enumerate(wholes)
                if len(whole.jobs) < MAX_TOGETHER and share_callers(whole.jobs[0], job)
            ),
            None,
        )
        if found is None:
            wholes.append(Part((at,), (job,)))
        else:
            whole = wholes[found]
            wholes[found] = Part((*whole.of, at), (*whole.jobs, job))
    return wholes


def _split(whole: Part, total: int, n_workers: int, *, on_threads: bool) -> list[Part]:
    """Split jobs into parts of equal size, small enough to keep all workers busy to the end.

    `total` counts the replications of all jobs.
    """
    replications, n_jobs = whole.replications, len(whole.jobs)
    size = math.ceil(total / (n_workers * PARTS_PER_WORKER * n_jobs))
    fewest = FEWEST_PER_PART if n_jobs > 1 else 1
    study = whole.jobs[0].study
    if on_threads and study.takes_compiled:  # soon played, so that fixed costs count
        calls = FEWEST_CALLS_PER_PART // (n_jobs * len(study.daily))
        fewest = max(fewest, study.daily[0].sampler.together(calls))
    size = max(size, min(fewest, len(replications) // n_workers))
    size = max(1, min(MAX_PER_PART, size))
    pieces = [replications[at : at + size] for at in range(0, len(replications), size)]
    return [
        whole._replace(jobs=tuple(job._replace(replications=piece) for job in whole.jobs))
        for piece in pieces
    ]


class _PartMerger:
    """Merger of the finished parts of a job, in any order."""

    def __init__(self, job: Job) -> None:
        self._first = job.replications.start
        self._sums = Merger(job.study.roster, job.layout, len(job.replications))
        self._logs: dict[int, tuple[CallLog | WeekLog, ...]] = {}

    def add(self, start: int, part: Played) -> None:
        self._sums.add(start - self._first, part.observations)
        self._logs[start] = part.logs

    def played(self) -> Played:
        logs = (log for start in sorted(self._logs) for log in self._logs[start])
        return Played(self._sums.observations(), tuple(logs))
