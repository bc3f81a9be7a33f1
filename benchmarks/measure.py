"""How everything is measured here: processor time, in turn, as ratios.

`processor_seconds`
    The clock.
`Work`
    Something that does something to so many calls.
`Spread`
    Median, least and most of what was found.
`times_as_fast`, `times_as_long`
    One work beside another.
`fresh`
    What a new process says of itself.

A wall clock on a machine with other users measures the other users. Processor time leaves
out the time in which they had the processor; what is left of them, in the caches and the
clock rate, comes and goes within seconds, so that two works are measured in turn, many
times and for a short while, and only neighbouring measurements are divided.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

__all__ = [
    "Measured",
    "Spread",
    "Work",
    "fresh",
    "processor_seconds",
    "times_as_fast",
    "times_as_long",
]


def processor_seconds() -> float:
    """Processor time [s] of this process, all its threads and the processes it waited for."""
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + of_children.ru_utime + of_children.ru_stime


@dataclass(frozen=True)
class Work:
    """Something to be measured.

    Attributes
    ----------
    run : callable
        Does it, and the same each time.
    calls : int
        To how many calls.
    """

    run: Callable[[], object]
    calls: int

    def seconds(self, clock: Callable[[], float] = processor_seconds) -> float:
        """How long it takes [s]; garbage and objects that others left are not gone through."""
        gc.collect()
        gc.freeze()
        started_at = clock()
        self.run()
        return clock() - started_at


Measured = Callable[[Work, str], None]  # a work, and the group of a report


class Spread(NamedTuple):
    """What was found in several rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, found: Iterable[float]) -> Spread:
        found = list(found)
        return cls(median(found), min(found), max(found))

    def __str__(self) -> str:
        return f"{_number(self.median)} ({_number(self.least)} to {_number(self.most)})"


def times_as_long(work: Work, than: Work, rounds: int) -> Spread:
    """How many times the processor time of another it takes, whatever they do in it.

    Each is first in every other round, after both have run once without being measured.
    """
    work.run()
    than.run()
    found = []
    for turn in range(rounds):
        if turn % 2:
            seconds, of_other = work.seconds(), than.seconds()
        else:
            of_other, seconds = than.seconds(), work.seconds()
        found.append(seconds / of_other)
    return Spread.of(found)


def times_as_fast(work: Work, than: Work, rounds: int) -> Spread:
    """How many times the calls of another it does in a second of processor time."""
    length = times_as_long(work, than, rounds)
    calls = work.calls / than.calls
    return Spread(calls / length.median, calls / length.most, calls / length.least)


def fresh(*arguments: str, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What `in_process.py` says of itself in a new process, as it was asked by the arguments."""
    script = Path(__file__).with_name("in_process.py")
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**os.environ, **(environment or {})},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _number(value: float) -> str:
    """With three digits, and no exponent where there are more."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
