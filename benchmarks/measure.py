"""Measurement of ratios of processor time, taking turns.

`processor_seconds`
    The clock.
`Work`
    A callable and the number of calls that it processes.
`Spread`
    Median, minimum and maximum of several measurements.
`times_as_fast`, `times_as_long`
    Compare two works.
`fresh`
    Runs a measurement in a new process.

On a shared machine, wall-clock time includes the work of other users. Processor time excludes
it, but other users still affect the caches and the clock rate. These effects change within
seconds. Two works are therefore measured in turn, many times and for a short time each, and
only neighbouring measurements are divided.
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
    """Return the processor time [s] of this process, its threads, and processes it waited for."""
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + of_children.ru_utime + of_children.ru_stime


@dataclass(frozen=True)
class Work:
    """A callable to measure.

    Attributes
    ----------
    run : callable
        Does the work, which is the same each time.
    calls : int
        Number of calls that the work processes.
    """

    run: Callable[[], object]
    calls: int

    def seconds(self, clock: Callable[[], float] = processor_seconds) -> float:
        """Return the duration [s]; garbage of earlier works is collected beforehand."""
        gc.collect()
        gc.freeze()
        started_at = clock()
        self.run()
        return clock() - started_at


Measured = Callable[[Work, str], None]  # takes a work and the group of a report


class Spread(NamedTuple):
    """Median, minimum and maximum of the results of several rounds."""

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
    """Return the ratio of the processor times of two works.

    Each work is first in every second round. Both run once beforehand without measurement.
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
    """Return the ratio of the calls per second of processor time of two works."""
    length = times_as_long(work, than, rounds)
    calls = work.calls / than.calls
    return Spread(calls / length.median, calls / length.most, calls / length.least)


def fresh(*arguments: str, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run `in_process.py` with some arguments in a new process, and return its result.

    Python keeps the bytecode of what it imports, which an installed package has too.
    """
    script = Path(__file__).with_name("in_process.py")
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _number(value: float) -> str:
    """Format a number with three digits, or with all integer digits if there are more."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
