"""What plays studies: threads of this process, or any executor.

What travels to an executor is a study and a range of replications, what comes back are
sums. Each replication has a place of its own among them, and waits are told apart by value and
replication alone, so that the result is the same whatever runs it.
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
from ringsim.calllog import CallLog
from ringsim.engine import takes_compiled
from ringsim.errors import ConfigurationError
from ringsim.metrics import Merger, Roster
from ringsim.planning._study import Job, Played, compile_for, play_part
from ringsim.planning._workers import Part, played_by_executor, played_by_threads

__all__ = ["OnProgress", "Runner", "check_on_progress"]

OnProgress: TypeAlias = Callable[[int, int], None]

PARTS_PER_WORKER = 8  # of all jobs, so that no worker waits long for the last
MOST_A_PART = 256  # replications


def check_on_progress(given: object) -> None:
    """Raise `ConfigurationError` if progress cannot be told to what was given."""
    if given is not None and not callable(given):
        raise ConfigurationError("on_progress", "must be callable", given)


class _Progress:
    """Counts the replications that are done, and tells of them."""

    def __init__(self, on_progress: OnProgress | None, total: int) -> None:
        self._tell = on_progress
        self._total = total
        self._done = 0

    def add(self, replications: int) -> None:
        self._done += replications
        if self._tell is not None:
            self._tell(self._done, self._total)


@dataclass(frozen=True)
class Runner:
    """What plays the parts of jobs.

    Parameters
    ----------
    workers : int, optional
        Threads of this process; as many as there are processors, unless given. The SimPy
        engine, which one thread at a time can run, has one unless given.
    executor : concurrent.futures.Executor, optional
        In place of threads: processes, or a cluster by its client's executor.
    on_progress : callable, optional
        Called with the number of replications done and their total, as they are done.

    Raises
    ------
    ConfigurationError
        When both are given, or the number of workers cannot be.
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
        """Play jobs, and their parts in any order.

        Returns
        -------
        list of Played
            In the order of the jobs, and the same whatever plays them.

        Raises
        ------
        ConfigurationError
            When a job cannot travel to the executor.
        RingsimError
            When the executor loses a part; the sentence names its replications.
        """
        n_workers = self._n_workers(jobs)
        progress = _Progress(self.on_progress, sum(len(job.replications) for job in jobs))
        if self.executor is None and n_workers == 1:
            return [play_part(job, progress.add) for job in jobs]
        parts = [
            Part(at, part)
            for at, job in enumerate(jobs)
            for part in _split_job(job, jobs, n_workers)
        ]
        found = [_PartMerger(job) for job in jobs]
        if self.executor is None:
            compile_for(jobs[0])  # here, where Ctrl-C stops it
            over = played_by_threads(parts, n_workers)
        else:
            over = played_by_executor(parts, self.executor)
        with closing(over):
            for part, played in over:
                found[part.of].add(part.job.replications.start, played)
                del played  # nobody holds its sums any longer, while more are waited for
                progress.add(len(part.job.replications))
        return [joining.played() for joining in found]

    def _n_workers(self, jobs: Sequence[Job]) -> int:
        if self.workers is not None:
            return self.workers
        if self.executor is not None:
            return getattr(self.executor, "_max_workers", None) or available_processors()
        compiled = all(takes_compiled(job.study.plan, job.study.engine) for job in jobs)
        return available_processors() if compiled else 1


def available_processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _split_job(job: Job, jobs: Sequence[Job], n_workers: int) -> list[Job]:
    """A job in parts of nearly one size, small enough to keep all workers busy to the end."""
    total = sum(len(other.replications) for other in jobs)
    size = min(MOST_A_PART, max(1, math.ceil(total / (n_workers * PARTS_PER_WORKER))))
    whole = job.replications
    return [job._replace(replications=whole[at : at + size]) for at in range(0, len(whole), size)]


class _PartMerger:
    """The parts of a job that are done."""

    def __init__(self, job: Job) -> None:
        self._first = job.replications.start
        self._sums = Merger(Roster(job.study.scenario), job.layout, len(job.replications))
        self._logs: dict[int, tuple[CallLog, ...]] = {}

    def add(self, start: int, part: Played) -> None:
        self._sums.add(start - self._first, part.observations)
        self._logs[start] = part.logs

    def played(self) -> Played:
        logs = (log for start in sorted(self._logs) for log in self._logs[start])
        return Played(self._sums.observations(), tuple(logs))
