"""Workers that play parts of jobs: threads of this process, or an executor.

`Part`
    Some replications of one of several jobs.
`played_by_threads`, `played_by_executor`
    Generators of parts and their results, in the order in which they finish.
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
from ringsim.planning._study import Job, Played, play_part

__all__ = ["Part", "played_by_executor", "played_by_threads"]


class Part(NamedTuple):
    """A part of the `of`-th job, a job in itself."""

    of: int
    job: Job


class _Stop:
    """Tells the parts that are under way to stop."""

    asked = False

    def check(self, _: int) -> None:
        if self.asked:
            raise RingsimError("stopped")


def played_by_threads(parts: Sequence[Part], workers: int) -> Generator[tuple[Part, Played]]:
    """Parts and what came out, as they are done, by threads that end with this.

    No pool of `concurrent.futures`: a Ctrl-C that comes while its futures are asked how far they
    are can leave a lock taken, for which a thread then waits for ever. A queue written in C
    cannot be left so. Nor is a thread started or joined here: a Ctrl-C that comes while one is
    started leaves it unknown whether it has begun. Both are done by a thread that no Ctrl-C
    reaches; that one is started, and known to be, by a single call into C.
    """
    to_do: SimpleQueue[Part] = SimpleQueue()
    done: SimpleQueue[tuple[Part, Played | BaseException]] = SimpleQueue()
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


def played_by_executor(parts: Sequence[Part], executor: Executor) -> Generator[tuple[Part, Played]]:
    """The same by an executor, which goes on to be another's.

    An executor of threads may be left waiting by Ctrl-C, as by any other use of its futures.
    """
    done: SimpleQueue[Future[Played]] = SimpleQueue()
    waiting: dict[Future[Played], Part] = {}
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
def _replications_named(part: Part) -> Iterator[None]:
    """A block whose errors say which replications are lost."""
    try:
        yield
    except Exception as wrong:
        raise _lost_error(part, wrong)  # noqa: B904 - it has its cause


def _lost_error(part: Part, wrong: BaseException) -> BaseException:
    """What is raised in place of an error: ringsim's own, and what is none, as they are."""
    if isinstance(wrong, RingsimError) or not isinstance(wrong, Exception):
        return wrong
    first, last = part.job.replications.start, part.job.replications.stop - 1
    why = " ".join(str(wrong).split()) or type(wrong).__name__
    lost = RingsimError(f"The executor lost replications {first} to {last}: {why}")
    lost.__cause__ = wrong
    return lost


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
