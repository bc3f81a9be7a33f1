"""Runner of studies: threads that no interruption leaves waiting, and the handling of errors."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

import ringsim as rs
from ringsim.dispatch import Candidate, Hunt, Moment
from ringsim.planning import _runner, _workers
from ringsim.planning._playing import Job, Played, play_part
from ringsim.scenario import changed
from ringsim.workload import Sampler

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
sys.unraisablehook = lambda _: None  # interruptions while objects are freed
signal.signal(signal.SIGALRM, interrupt)
moments = random.Random(1)
n = {"interrupted": 0, "ended": 0}
latest = 0.05  # adapts to this computer, so that about half of the studies are interrupted
for _ in range(400):
    try:
        signal.setitimer(signal.ITIMER_REAL, moments.uniform(1e-5, latest))
        rs.simulate(scenario, replications=1200, workers=2)
        n["ended"] += 1
        signal.setitimer(signal.ITIMER_REAL, 0)
        latest = max(1e-4, latest / 1.2)
    except KeyboardInterrupt:
        n["interrupted"] += 1
        latest *= 1.2
again = rs.simulate(scenario, replications=1200, workers=2).summary()
left = [thread for thread in threading.enumerate() if thread.name == "ringsim"]
for thread in left:
    thread.join(60)  # one that is about to end is not left; one that waits for ever is
left = [thread for thread in left if thread.is_alive()]
print(n["interrupted"], n["ended"], expected.equals(again), len(left))
"""


def test_no_interruption_leaves_a_thread_waiting() -> None:
    """Ctrl-C at any moment ends the study, and the next study runs."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    interrupted, ended, is_equal, n_left = done.stdout.split()
    assert int(interrupted) > 50
    assert int(ended) > 50
    assert (is_equal, n_left) == ("True", "0")


def test_no_thread_is_started_or_joined_where_ctrl_c_is_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Interrupted there, nobody knows whether it has begun, and it cannot be waited for."""
    by: list[threading.Thread] = []

    class Watched(threading.Thread):
        def start(self) -> None:
            by.append(threading.current_thread())
            super().start()

        def join(self, timeout: float | None = None) -> None:
            by.append(threading.current_thread())
            super().join(timeout)

    monkeypatch.setattr(_workers, "Thread", Watched)
    rs.simulate(SCENARIO, replications=8, workers=2)
    assert len(by) == 4
    assert threading.main_thread() not in by


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="processors cannot be kept")
@pytest.mark.parametrize("processors", [{0}, {2, 5, 7}], ids=len)
def test_by_default_there_is_a_thread_for_each_processor(
    processors: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those that this process may use: workers of these tests have one each."""
    expected = rs.simulate(SCENARIO, replications=12, workers=1).summary()
    by: set[int] = set()

    def played(jobs: Sequence[Job], progress: Any) -> Sequence[Played]:
        if threading.get_ident() not in by:
            by.add(threading.get_ident())
            all_have_begun.wait(60)
        return play_part(jobs, progress)

    all_have_begun = threading.Barrier(len(processors))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: processors)
    for module in (_runner, _workers):
        monkeypatch.setattr(module, "play_part", played)
    assert rs.simulate(SCENARIO, replications=12).summary().equals(expected)
    assert len(by) == len(processors)


@pytest.mark.parametrize("n_startable", [0, 1])
def test_threads_that_cannot_be_had_are_done_without(
    n_startable: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Scarce(threading.Thread):
        n_started = 0

        def start(self) -> None:
            if Scarce.n_started == n_startable:
                raise RuntimeError("can't start new thread")
            Scarce.n_started += 1
            super().start()

    expected = rs.simulate(SCENARIO, replications=8, workers=2).summary()
    monkeypatch.setattr(_workers, "Thread", Scarce)
    if n_startable:
        found = rs.simulate(SCENARIO, replications=8, workers=2).summary()
        assert found.equals(expected)
    else:
        lost = r"The threads lost replications 0 to \d: can't start new thread"
        with pytest.raises(rs.RingsimError, match=lost):
            rs.simulate(SCENARIO, replications=8, workers=2)


class Leaving(Hunt):
    """Ends the program, as a dispatcher has no business to."""

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        del candidates, moment
        raise SystemExit(3)


def within_a_minute(task: Callable[[], object]) -> BaseException | None:
    """Return the error that a task raises; fail if the task does not end."""
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
    """A part that would never end is stopped, and no other part begins."""
    begun: list[Job] = []

    def one_and_then_endless(
        jobs: Sequence[Job], on_some: Callable[[int], None]
    ) -> tuple[Played, ...]:
        begun.extend(jobs)
        if jobs[0].replications.start == 0:
            return play_part(jobs, on_some)
        while True:
            on_some(0)

    def tell(done: int, of: int) -> None:
        raise ValueError("enough")

    monkeypatch.setattr(_workers, "play_part", one_and_then_endless)
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
    """An executor that records its tasks."""

    def __init__(self) -> None:
        super().__init__(1)
        self.given: list[Future[Any]] = []

    def submit(self, *task: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = super().submit(*task, **options)
        self.given.append(future)
        return future


def test_parts_that_wait_are_cancelled_when_one_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second part waits until the first one is lost; the others have not begun."""
    seen = threading.Event()

    def lost_and_then_waiting(jobs: Sequence[Job]) -> tuple[Played, ...]:
        if jobs[0].replications.start == 0:
            raise ValueError("lost")
        assert seen.wait(60)
        return play_part(jobs)

    monkeypatch.setattr(_workers, "play_part", lost_and_then_waiting)
    with Remembering() as executor:
        wrong = within_a_minute(
            lambda: rs.simulate(SCENARIO, replications=8, executor=executor),
        )
        seen.set()
    assert str(wrong) == "The executor lost replications 0 to 0: lost"
    assert len(executor.given) == 8
    assert all(future.cancelled() for future in executor.given[2:])


@pytest.mark.parametrize(
    ("calls_per_hour", "replications", "parts"),
    [(60, 20, [10, 10]), (60, 7, [3, 3, 1]), (1000, 20, [3] * 6 + [2]), (4000, 20, [2] * 10)],
)
def test_parts_of_a_small_study_are_not_small(
    calls_per_hour: float, replications: int, parts: list[int]
) -> None:
    scenario = changed(SCENARIO, {"demand.600.calls_per_hour": calls_per_hour})
    done: list[int] = [0]
    rs.simulate(
        scenario,
        replications=replications,
        workers=2,
        on_progress=lambda now, total: done.append(now),
    )
    sizes = [after - before for before, after in pairwise(done)]
    assert sorted(sizes, reverse=True) == parts


@pytest.mark.parametrize("workers", [1, 2])
def test_a_study_prepares_its_scenario_once_for_all_threads(
    monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """Checks of the arguments, every thread, the control and replays use the same preparation."""
    prepared: list[Sampler] = []
    prepare = Sampler.__init__

    def counted(sampler: Sampler, *given: Any) -> None:
        prepared.append(sampler)
        prepare(sampler, *given)

    monkeypatch.setattr(Sampler, "__init__", counted)
    result = rs.simulate(SCENARIO, replications=8, workers=workers, control=True)
    result.summary()
    result.replay(3)
    assert len(prepared) == 1


def drawn_for(monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]) -> int:
    """Return how many replications are drawn to compare eight of a scenario with a variant."""
    drawn: list[int] = []
    draw = Sampler.draw

    def counted(sampler: Sampler, seed: int, replications: Any) -> Any:
        drawn.append(len(replications))
        return draw(sampler, seed, replications)

    monkeypatch.setattr(Sampler, "draw", counted)
    rs.compare(SCENARIO, variants={"other": changes}, replications=8, workers=1)
    return sum(drawn)


@pytest.mark.parametrize(
    ("changes", "times"),
    [
        ({"ring_time": 5}, 1),
        ({"ring_strategy": "PRIORITIZED_HUNT"}, 1),
        ({"demand.600.talk_time": 90}, 2),
        ({"extensions.201.answer_probability": 0.5}, 1),
        ({"extensions.201.decline_probability": 0.5}, 1),
        ({"n_members": 1}, 1),
        ({"n_members": 4}, 1),
        ({"extensions.201.own_calls": DEMAND["600"]}, 2),
        ({"hours": 2}, 2),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else None,
)
def test_variants_with_the_same_callers_are_drawn_once(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], times: int
) -> None:
    """The callers depend neither on the groups nor on answers, but on everything else."""
    assert drawn_for(monkeypatch, changes) == 8 * times


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("days", [(), ("mon", "tue")], ids=["day", "week"])
def test_variants_played_together_give_the_figures_of_each_alone(
    days: tuple[str, ...], workers: int
) -> None:
    """The phones of a variant are those of its own people, whoever else is compared."""
    away = rs.Away(every=600, lasting=60)
    people = [rs.Extension("201", away=away, own_calls=DEMAND["600"]), rs.Extension("202")]
    scenario = SCENARIO.replace(extensions=people, days=days)
    variants: dict[str, dict[str, object]] = {
        "more": {"n_members": 5},
        "fewer": {"n_members": 1, "ring_strategy": "RING_SIMULTANEOUSLY"},
        "slower": {"extensions.202.answer_delay": 9.0},
        "declining": {"extensions.201.decline_probability": 0.5},
    }
    together = rs.compare(scenario, variants=variants, replications=6, workers=workers)
    for name, changes in variants.items():
        alone = rs.simulate(changed(scenario, changes, "600"), replications=6, workers=1)
        assert_frame_equal(together.results[name].summary(), alone.summary())
        assert_frame_equal(together.results[name].members(), alone.members())
