"""Compilation before the workers of pytest-xdist start, so that they do not all compile the same.

`compile_ahead`
    Compile both loops, each in a process of its own, unless they are in the cache.
"""

from __future__ import annotations

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
