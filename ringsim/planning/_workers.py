"""Workers that play parts of jobs: threads of this process, or an executor.

`Part`
    Some replications of one or more jobs.
`play_on_threads`, `play_on_executor`
    Play parts, and yield them with their results as they finish.
"""

from __future__ import annotations

import pickle
from _thread import start_new_thread
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from ringsim.errors import ConfigurationError, RingsimError
from ringsim.planning._playing import Job, Played, play_part

__all__ = ["Part", "play_on_executor", "play_on_threads"]


class Part(NamedTuple):
    """Some replications of jobs that share their callers, and the indices of these jobs."""

    of: tuple[int, ...]
    jobs: tuple[Job, ...]

    @property
    def replications(self) -> range:
        """Replications of the part, the same for each of its jobs."""
        return self.jobs[0].replications


class _Stop:
    """A flag that makes the running parts stop."""

    asked = False

    def check(self, _: int) -> None:
        if self.asked:
            raise RingsimError("stopped")


def play_on_threads(
    parts: Sequence[Part], workers: int
) -> Generator[tuple[Part, tuple[Played, ...]]]:
    """Play parts on threads that end with this generator; yield each part with its result.

    The threads are no pool of `concurrent.futures`: if Ctrl-C interrupts a query of a future, a
    lock can stay locked, and a thread then waits for it for ever. A queue written in C has no
    such lock. Nor does this thread start or join the workers: if Ctrl-C interrupts the start of
    a thread, nobody knows whether it runs. A helper thread, which Ctrl-C never interrupts,
    does both; a single call into C starts the helper and records that it runs.
    """
    to_do: SimpleQueue[Part] = SimpleQueue()
    done: SimpleQueue[tuple[Part, tuple[Played, ...] | BaseException]] = SimpleQueue()
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
                done.put((part, play_part(part.jobs, stop.check)))
            except BaseException as wrong:  # the consumer of the queue raises it
                done.put((part, wrong))

    joined: SimpleQueue[None] = SimpleQueue()

    def start_and_join() -> None:
        threads: list[Thread] = []
        try:
            for _ in range(min(workers, len(parts))):
                thread = Thread(target=work, name="ringsim", daemon=True)
                thread.start()
                threads.append(thread)
        except Exception as wrong:  # no more threads are available: use those that started
            if not threads:
                done.put((parts[0], wrong))
        for thread in threads:
            thread.join()
        joined.put(None)

    begun: list[int] = []
    try:
        begun.extend(map(start_new_thread, [start_and_join], [()]))
        for _ in parts:
            part, outcome = done.get()
            if isinstance(outcome, BaseException):
                raise _lost_error("threads", part, outcome)
            yield part, outcome
            del outcome
    finally:
        stop.asked = True
        if begun:
            joined.get()


def play_on_executor(
    parts: Sequence[Part], executor: Executor
) -> Generator[tuple[Part, tuple[Played, ...]]]:
    """Play parts on an executor; yield each part with its result.

    The executor belongs to the caller and is not shut down. If it is a pool of threads, Ctrl-C
    may leave a thread waiting, as with any other use of its futures.
    """
    done: SimpleQueue[Future[tuple[Played, ...]]] = SimpleQueue()
    waiting: dict[Future[tuple[Played, ...]], Part] = {}
    try:
        for part in parts:
            _check_picklable(part.jobs)
            with _replications_named(part):
                future = executor.submit(play_part, part.jobs)
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
def _replications_named(part: Part) -> Iterator[None]:
    """Return a context whose errors name the lost replications."""
    try:
        yield
    except Exception as wrong:
        raise _lost_error("executor", part, wrong)  # noqa: B904 - it has its cause


def _lost_error(by: str, part: Part, wrong: BaseException) -> BaseException:
    """Return a `RingsimError` that names the lost replications, and who lost them.

    Errors of ringsim and exceptions such as `KeyboardInterrupt` are returned unchanged.
    """
    if isinstance(wrong, RingsimError) or not isinstance(wrong, Exception):
        return wrong
    first, last = part.replications.start, part.replications.stop - 1
    why = " ".join(str(wrong).split()) or type(wrong).__name__
    lost = RingsimError(f"The {by} lost replications {first} to {last}: {why}")
    lost.__cause__ = wrong
    return lost


def _check_picklable(jobs: Sequence[Job]) -> None:
    """Raise `ConfigurationError` if a dispatcher of a study cannot be pickled."""
    chosen = [pair for job in jobs for pair in job.study.dispatchers.items()]
    for number, dispatcher in chosen:
        try:
            pickle.dumps(dispatcher)
        except (AttributeError, TypeError, pickle.PicklingError) as wrong:
            raise ConfigurationError(
                f"dispatcher of group {number}",
                f"must be picklable to run on an executor: {wrong}",
                type(dispatcher).__name__,
                "Define its class at the top of a module that the other processes can import.",
            ) from None
