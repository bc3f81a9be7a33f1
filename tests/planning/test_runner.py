"""What plays studies: threads that nothing can leave waiting, and what becomes of errors."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

import ringsim as rs
from ringsim.dispatch import Candidate, Hunt, Moment
from ringsim.planning import _runner
from ringsim.planning._study import Job, Played, play_part

GROUP = {"extension_number": "600", "members": ["201", "202"]}
DEMAND = {"600": rs.Demand(calls_per_hour=60, talk_time=60)}
SCENARIO = rs.Scenario(groups=[GROUP], demand=DEMAND, hours=1)

# Interruptions at any moment, from before a study begins until after it has ended
INTERRUPTED = """
import random
import signal
import sys
import threading

import ringsim as rs

def interrupt(*_):
    raise KeyboardInterrupt

demand = {"600": rs.Demand(calls_per_hour=60, talk_time=60)}
group = {"extension_number": "600", "members": ["201", "202"]}
scenario = rs.Scenario(groups=[group], demand=demand, hours=1)
expected = rs.simulate(scenario, replications=1200, workers=2).summary()
sys.unraisablehook = lambda _: None  # of those that come while something is forgotten
signal.signal(signal.SIGALRM, interrupt)
moments = random.Random(1)
n = {"interrupted": 0, "ended": 0}
for _ in range(600):
    try:
        signal.setitimer(signal.ITIMER_REAL, moments.uniform(1e-5, 0.05))
        rs.simulate(scenario, replications=1200, workers=2)
        n["ended"] += 1
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        n["interrupted"] += 1
again = rs.simulate(scenario, replications=1200, workers=2).summary()
left = [thread for thread in threading.enumerate() if thread.name == "ringsim"]
print(n["interrupted"], n["ended"], expected.equals(again), len(left))
"""


def test_no_interruption_leaves_a_thread_waiting() -> None:
    """Whenever Ctrl-C comes, the study ends with it, and the next one is played."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    interrupted, ended, is_equal, n_left = done.stdout.split()
    assert int(interrupted) > 50
    assert int(ended) > 50
    assert (is_equal, n_left) == ("True", "0")


class Leaving(Hunt):
    """Ends the program, as a dispatcher has no business to."""

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        del candidates, moment
        raise SystemExit(3)


def within_a_minute(task: Callable[[], object]) -> BaseException | None:
    """What a task raises; it fails if it does not end."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            task()
        except BaseException as wrong:
            raised.append(wrong)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "it waits for ever"
    return raised[0] if raised else None


@pytest.mark.parametrize("workers", [1, 2])
def test_what_ends_a_program_in_a_thread_ends_it(workers: int) -> None:
    wrong = within_a_minute(
        lambda: rs.simulate(SCENARIO, replications=4, dispatcher=Leaving, workers=workers)
    )
    assert isinstance(wrong, SystemExit)


def test_an_error_of_who_is_told_of_progress_stops_the_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A part that would last for ever is broken off, and none is begun any more."""
    begun: list[Job] = []

    def one_and_then_endless(job: Job, on_some: Callable[[int], None]) -> Played:
        begun.append(job)
        if job.replications.start == 0:
            return play_part(job, on_some)
        while True:
            on_some(0)

    def tell(done: int, of: int) -> None:
        raise ValueError("enough")

    monkeypatch.setattr(_runner, "play_part", one_and_then_endless)
    wrong = within_a_minute(
        lambda: rs.simulate(SCENARIO, replications=2000, workers=2, on_progress=tell)
    )
    assert isinstance(wrong, ValueError)
    assert not [thread for thread in threading.enumerate() if thread.name == "ringsim"]
    assert len(begun) <= 3


def test_an_executor_that_is_closed_has_lost_the_replications() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(rs.RingsimError, match="The executor lost replications 0 to 0: cannot sch"):
        rs.simulate(SCENARIO, replications=1, executor=executor)


class Remembering(ThreadPoolExecutor):
    """Knows what it was given."""

    def __init__(self) -> None:
        super().__init__(1)
        self.given: list[Future[Any]] = []

    def submit(self, *task: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = super().submit(*task, **options)
        self.given.append(future)
        return future


def test_parts_that_wait_are_cancelled_when_one_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits until the first was seen to be lost, and the others have not begun."""
    seen = threading.Event()

    def lost_and_then_waiting(job: Job) -> Played:
        if job.replications.start == 0:
            raise ValueError("lost")
        assert seen.wait(60)
        return play_part(job)

    monkeypatch.setattr(_runner, "play_part", lost_and_then_waiting)
    with Remembering() as executor:
        wrong = within_a_minute(
            lambda: rs.simulate(SCENARIO, replications=8, executor=executor),
        )
        seen.set()
    assert str(wrong) == "The executor lost replications 0 to 0: lost"
    assert len(executor.given) == 8
    assert all(future.cancelled() for future in executor.given[2:])
