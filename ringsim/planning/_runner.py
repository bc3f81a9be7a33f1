"""What plays studies: threads of this process, or any executor.

What travels to an executor is a study and a range of replications, what comes back are
sums. Each replication has a place of its own among them, and waits are told apart by value and
replication alone, so that the result is the same whatever runs it.
"""

from __future__ import annotations

import math
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from ringsim.calllog import CallLog
from ringsim.checks import is_whole
from ringsim.engine import takes_compiled
from ringsim.errors import ConfigurationError, RingsimError
from ringsim.metrics import Joining, Roster
from ringsim.planning._study import Job, Played, compile_for, play_part

__all__ = ["OnProgress", "Runner"]

OnProgress: TypeAlias = Callable[[int, int], None]
Submit: TypeAlias = Callable[[Job], "Future[Played]"]

PARTS_PER_WORKER = 8  # of all jobs, so that no worker waits long for the last
MOST_A_PART = 256  # replications


class _Stop:
    """Tells the parts that are under way to stop."""

    asked = False

    def check(self, _: int) -> None:
        if self.asked:
            raise RingsimError("stopped")


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
        if self.workers is not None and (not is_whole(self.workers) or self.workers < 1):
            raise ConfigurationError("workers", "must be a whole number, at least 1", self.workers)
        if self.executor is not None and not isinstance(self.executor, Executor):
            raise ConfigurationError(
                "executor", "must be a concurrent.futures.Executor", self.executor
            )
        if self.executor is not None and self.workers is not None:
            raise ConfigurationError("workers", "must not be given beside executor", self.workers)

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
            (at, part) for at, job in enumerate(jobs) for part in _parted(job, jobs, n_workers)
        ]
        found = [_Joining(job) for job in jobs]
        with self._pool(n_workers, jobs) as submit:
            waiting = {submit(part): (at, part) for at, part in parts}
            try:
                while waiting:
                    over, _ = wait(waiting, return_when=FIRST_COMPLETED)
                    for future in over:
                        at, part = waiting.pop(future)  # and its sums are held no longer
                        found[at].add(part.replications.start, _result(future, part))
                        progress.add(len(part.replications))
            finally:
                for future in waiting:
                    future.cancel()
        return [joining.played() for joining in found]

    def _n_workers(self, jobs: Sequence[Job]) -> int:
        if self.workers is not None:
            return self.workers
        if self.executor is not None:
            return getattr(self.executor, "_max_workers", None) or available_processors()
        compiled = all(takes_compiled(job.study.plan, job.study.engine) for job in jobs)
        return available_processors() if compiled else 1

    @contextmanager
    def _pool(self, n_workers: int, jobs: Sequence[Job]) -> Iterator[Submit]:
        """Where parts are given to; own threads stop when the block ends, with an error too."""
        if self.executor is not None:
            executor = self.executor

            def send(part: Job) -> Future[Played]:
                _check_can_travel(part)
                return executor.submit(play_part, part)

            yield send
            return
        compile_for(jobs[0])  # here, where Ctrl-C stops it
        stop = _Stop()
        with ThreadPoolExecutor(n_workers, "ringsim") as threads:
            try:
                yield lambda part: threads.submit(play_part, part, stop.check)
            finally:
                stop.asked = True


def available_processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _parted(job: Job, jobs: Sequence[Job], n_workers: int) -> list[Job]:
    """A job in parts of nearly one size, small enough to keep all workers busy to the end."""
    total = sum(len(other.replications) for other in jobs)
    size = min(MOST_A_PART, max(1, math.ceil(total / (n_workers * PARTS_PER_WORKER))))
    whole = job.replications
    return [job._replace(replications=whole[at : at + size]) for at in range(0, len(whole), size)]


class _Joining:
    """The parts of a job that are done."""

    def __init__(self, job: Job) -> None:
        self._first = job.replications.start
        self._sums = Joining(Roster(job.study.scenario), job.layout, len(job.replications))
        self._logs: dict[int, tuple[CallLog, ...]] = {}

    def add(self, start: int, part: Played) -> None:
        self._sums.add(start - self._first, part.observations)
        self._logs[start] = part.logs

    def played(self) -> Played:
        logs = (log for start in sorted(self._logs) for log in self._logs[start])
        return Played(self._sums.observations(), tuple(logs))


def _check_can_travel(part: Job) -> None:
    """Find out that a study cannot be sent to another process, and by which fault."""
    for number, dispatcher in part.study.dispatchers.items():
        try:
            pickle.dumps(dispatcher)
        except (AttributeError, TypeError, pickle.PicklingError) as wrong:
            raise ConfigurationError(
                f"dispatcher of group {number}",
                f"must be able to travel to the executor: {wrong}",
                type(dispatcher).__name__,
                "Define its class at the top of a module that the other processes can import.",
            ) from None


def _result(future: Future[Played], part: Job) -> Played:
    try:
        return future.result()
    except RingsimError:
        raise
    except Exception as wrong:
        first, last = part.replications.start, part.replications.stop - 1
        why = " ".join(str(wrong).split()) or type(wrong).__name__
        raise RingsimError(f"The executor lost replications {first} to {last}: {why}") from wrong
