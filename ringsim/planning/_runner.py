"""What plays studies: threads of this process, or any executor.

What travels to an executor is a study and a range of replications, what comes back are
sums. Each replication has a place of its own among them, and waits are told apart by value and
replication alone, so that the result is the same whatever runs it.
"""

from __future__ import annotations

import math
import os
import pickle
from _thread import start_new_thread
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple, TypeAlias

from ringsim._checks import is_integer
from ringsim.calllog import CallLog
from ringsim.engine import takes_compiled
from ringsim.errors import ConfigurationError, RingsimError
from ringsim.metrics import Merger, Roster
from ringsim.planning._study import Job, Played, compile_for, play_part

__all__ = ["OnProgress", "Runner", "check_on_progress"]

OnProgress: TypeAlias = Callable[[int, int], None]

PARTS_PER_WORKER = 8  # of all jobs, so that no worker waits long for the last
MOST_A_PART = 256  # replications


def check_on_progress(given: object) -> None:
    """Raise `ConfigurationError` if progress cannot be told to what was given."""
    if given is not None and not callable(given):
        raise ConfigurationError("on_progress", "must be callable", given)


class _Part(NamedTuple):
    """A part of the `of`-th job, a job in itself."""

    of: int
    job: Job


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
            _Part(at, part)
            for at, job in enumerate(jobs)
            for part in _split_job(job, jobs, n_workers)
        ]
        found = [_PartMerger(job) for job in jobs]
        if self.executor is None:
            compile_for(jobs[0])  # here, where Ctrl-C stops it
            over = _by_threads(parts, n_workers)
        else:
            over = _by_executor(parts, self.executor)
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


def _by_threads(parts: Sequence[_Part], workers: int) -> Generator[tuple[_Part, Played]]:
    """Parts and what came out, as they are done, by threads that end with this.

    No pool of `concurrent.futures`: a Ctrl-C that comes while its futures are asked how far they
    are can leave a lock taken, for which a thread then waits for ever. A queue written in C
    cannot be left so. Nor is a thread started or joined here: a Ctrl-C that comes while one is
    started leaves it unknown whether it has begun. Both are done by a thread that no Ctrl-C
    reaches; that one is started, and known to be, by a single call into C.
    """
    to_do: SimpleQueue[_Part] = SimpleQueue()
    done: SimpleQueue[tuple[_Part, Played | BaseException]] = SimpleQueue()
    for part in parts:
        to_do.put(part)
    stop = _Stop()

    def work() -> None:
        while not stop.asked:
            try:
                part = to_do.get_nowait()
            except Empty:
                return
            try:
                done.put((part, play_part(part.job, stop.check)))
            except BaseException as wrong:  # whatever it is: it is raised where it is waited for
                done.put((part, wrong))

    over: SimpleQueue[None] = SimpleQueue()

    def start_and_join() -> None:
        threads: list[Thread] = []
        try:
            for _ in range(min(workers, len(parts))):
                thread = Thread(target=work, name="ringsim", daemon=True)
                thread.start()
                threads.append(thread)
        except Exception as wrong:  # no more threads can be had: those there are do the work
            if not threads:
                done.put((parts[0], wrong))
        for thread in threads:
            thread.join()
        over.put(None)

    begun: list[int] = []
    try:
        begun.extend(map(start_new_thread, [start_and_join], [()]))
        for _ in parts:
            part, outcome = done.get()
            if isinstance(outcome, BaseException):
                raise _lost_error(part, outcome)
            yield part, outcome
            del outcome
    finally:
        stop.asked = True
        if begun:
            over.get()


def _by_executor(parts: Sequence[_Part], executor: Executor) -> Generator[tuple[_Part, Played]]:
    """The same by an executor, which goes on to be another's.

    An executor of threads may be left waiting by Ctrl-C, as by any other use of its futures.
    """
    done: SimpleQueue[Future[Played]] = SimpleQueue()
    waiting: dict[Future[Played], _Part] = {}
    try:
        for part in parts:
            _check_picklable(part.job)
            with _replications_named(part):
                future = executor.submit(play_part, part.job)
            waiting[future] = part
            future.add_done_callback(done.put)
        while waiting:
            future = done.get()
            part = waiting.pop(future)
            with _replications_named(part):
                played = future.result()
            yield part, played
            del future, played
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def _replications_named(part: _Part) -> Iterator[None]:
    """A block whose errors say which replications are lost."""
    try:
        yield
    except Exception as wrong:
        raise _lost_error(part, wrong)  # noqa: B904 - it has its cause


def _lost_error(part: _Part, wrong: BaseException) -> BaseException:
    """What is raised in place of an error: ringsim's own, and what is none, as they are."""
    if isinstance(wrong, RingsimError) or not isinstance(wrong, Exception):
        return wrong
    first, last = part.job.replications.start, part.job.replications.stop - 1
    why = " ".join(str(wrong).split()) or type(wrong).__name__
    lost = RingsimError(f"The executor lost replications {first} to {last}: {why}")
    lost.__cause__ = wrong
    return lost


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


def _check_picklable(part: Job) -> None:
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
