"""How much memory does the log of a million calls take? Peak of the whole process.

Run it as `python benchmarks/memory.py [CALLS]`.
"""

from __future__ import annotations

import resource
import sys

from speed import scenario

import ringsim as rs


def main() -> None:
    """Draw, play, make all four frames; print the peak."""
    n_calls = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    day = scenario(rs.RingStrategy.CYCLIC_HUNT, min(n_calls, 960_000)).replace(
        demand={"600": rs.Demand(calls_per_hour=n_calls / 8_000, talk_time=180)}, hours=8_000
    )
    log = rs.play(day, rs.Workload.draw(day), engine="simpy")
    rows = {name: len(getattr(log, name)) for name in ("calls", "rings", "visits", "own_calls")}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows['calls']} calls, {rows['rings']} rings: peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
