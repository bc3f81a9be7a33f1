"""Preparation of the workers of pytest-xdist.

`compile_ahead`
    Compile both loops before the workers start, so that they do not all compile the same.
`keep_to_own_processors`
    Leave the other processors to the other workers.
"""

from __future__ import annotations

import os
import subprocess
import sys

LOOPS = (  # with what makes the tables
    "rs.simulate(rs.example(), replications=2)",
    "group = rs.RingGroup(extension_number='600', members=['201'], rules={'wait_in_line': True})\n"
    "rs.simulate(rs.Scenario(groups=[group]), replications=2)",
)


def compile_ahead() -> None:
    """Compile both loops, each in a process of its own, unless they are in the cache."""
    programs = [f"import ringsim as rs\n{loop}.summary()" for loop in LOOPS]
    compiling = [subprocess.Popen([sys.executable, "-c", program]) for program in programs]
    for process in compiling:
        process.wait()  # if it fails, tests tell why


def keep_to_own_processors() -> None:
    """Leave the other processors to the other workers, where an operating system can.

    If each worker plays on threads for all processors, they mostly wait for each other, which
    takes more processor time than playing.
    """
    if hasattr(os, "sched_setaffinity") and (worker := os.environ.get("PYTEST_XDIST_WORKER")):
        all_of_them = sorted(os.sched_getaffinity(0))
        number, count = int(worker.removeprefix("gw")), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        own = all_of_them[number::count] or [all_of_them[number % len(all_of_them)]]
        os.sched_setaffinity(0, own)
