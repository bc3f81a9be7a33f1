"""What plays studies: threads that nothing can leave waiting, and what becomes of errors."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

import ringsim as rs
from ringsim.dispatch import Candidate, Hunt, Moment

GROUP = {"extension_number": "600", "members": ["201", "202"]}
DEMAND = {"600": rs.Demand(calls_per_hour=60, talk_time=60)}
SCENARIO = rs.Scenario(groups=[GROUP], demand=DEMAND, hours=1)

# Interruptions at any moment, from when a study begins to when it would have ended
INTERRUPTED = """
import random
import signal
import sys

import ringsim as rs

def interrupt(*_):
    raise KeyboardInterrupt

demand = {"600": rs.Demand(calls_per_hour=60, talk_time=60)}
group = {"extension_number": "600", "members": ["201", "202"]}
scenario = rs.Scenario(groups=[group], demand=demand, hours=1)
expected = rs.simulate(scenario, replications=600, workers=2).summary()
sys.unraisablehook = lambda _: None  # of those that come while something is forgotten
signal.signal(signal.SIGALRM, interrupt)
moments = random.Random(1)
n = 0
for _ in range(400):
    try:
        signal.setitimer(signal.ITIMER_REAL, moments.uniform(1e-5, 0.02))
        rs.simulate(scenario, replications=20_000, workers=2)
    except KeyboardInterrupt:
        n += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
again = rs.simulate(scenario, replications=600, workers=2).summary()
print(n, expected.equals(again))
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
    n, is_equal = done.stdout.split()
    assert int(n) > 200
    assert is_equal == "True"


class Leaving(Hunt):
    """Ends the program, as a dispatcher has no business to."""

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        del candidates, moment
        raise SystemExit(3)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_ends_a_program_in_a_thread_ends_it(workers: int) -> None:
    with pytest.raises(SystemExit):
        rs.simulate(SCENARIO, replications=4, dispatcher=Leaving, workers=workers)


def test_an_error_of_who_is_told_of_progress_stops_the_threads() -> None:
    def tell(done: int, of: int) -> None:
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        rs.simulate(SCENARIO, replications=2000, workers=2, on_progress=tell)
    assert not [thread for thread in threading.enumerate() if thread.name == "ringsim"]


def test_an_executor_that_is_closed_has_lost_the_replications() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(rs.RingsimError, match="The executor lost replications 0 to 0: cannot sch"):
        rs.simulate(SCENARIO, replications=1, executor=executor)


def test_parts_that_wait_are_cancelled_when_one_is_lost() -> None:
    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(SystemExit):
            rs.simulate(SCENARIO, replications=8, dispatcher=Leaving, executor=executor)
        assert executor.submit(int).result(timeout=30) == 0
        assert executor._work_queue.qsize() == 0
