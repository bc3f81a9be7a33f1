"""How fast are the engines? As ratios to the bare script, measured in turn in one run.

    python benchmarks/speed.py            # prints the table of benchmarks/README.md
    python benchmarks/speed.py --smoke    # the same with few calls, to see that it runs

Both play the ten-member cyclic hunt of `bare_simpy`. ringsim's figures include drawing the
workload and keeping the full log; `summarised` also reduces it to the sums of all metrics.
Each ratio is that of two neighbouring measurements; the table gives median, least and most.
"""

from __future__ import annotations

import argparse
import statistics
import time

import bare_simpy
from scipy import stats

import ringsim as rs
from ringsim.metrics import Layout, Observer, Roster

ENGINES = ("simpy", "compiled")
STRATEGIES = list(rs.RingStrategy)


def scenario(strategy: rs.RingStrategy, n_calls: int) -> rs.Scenario:
    """The group of the bare script, ringing by a strategy."""
    numbers = [str(201 + place) for place in range(bare_simpy.MEMBERS)]
    group = rs.RingGroup(
        extension_number="600",
        ring_time=bare_simpy.RING_TIME,
        ring_strategy=strategy,
        members=[
            rs.Member(number, skill_level=1 + place % 2) for place, number in enumerate(numbers)
        ],
    )
    demand = rs.Demand(
        calls_per_hour=bare_simpy.CALLS_PER_HOUR,
        talk_time=rs.lognormal(mean=180, cv=1.2),
        patience=stats.expon(scale=bare_simpy.MEAN_PATIENCE),
    )
    people = [
        rs.Extension(number, answer_probability=bare_simpy.ANSWER_PROBABILITY) for number in numbers
    ]
    hours = n_calls / bare_simpy.CALLS_PER_HOUR
    return rs.Scenario(groups=[group], demand={"600": demand}, extensions=people, hours=hours)


def calls_per_second(
    strategy: rs.RingStrategy, n_calls: int, engine: str, *, summarised: bool
) -> float:
    """Draw and play so many calls, and reduce them if asked to."""
    day = scenario(strategy, n_calls)
    roster = Roster(day)
    started_at = time.perf_counter()
    log = rs.play(day, rs.Workload.draw(day), engine=engine)
    if summarised:
        Observer(roster, Layout(1), 1).add(log.arrays)
    seconds = time.perf_counter() - started_at
    return len(log.arrays.calls) / seconds


def ratio(
    strategy: rs.RingStrategy, n_calls: int, rounds: int, engine: str, *, summarised: bool
) -> str:
    """Speed over that of the bare script, the two measured in turn: median, least and most.

    The compiled engine plays ten times the calls, to be measured as long.
    """
    played = n_calls * (10 if engine == "compiled" else 1)
    found = [
        calls_per_second(strategy, played, engine, summarised=summarised)
        / bare_simpy.calls_per_second(n_calls)
        for _ in range(rounds)
    ]
    return f"{statistics.median(found):.3g} ({min(found):.3g} to {max(found):.3g})"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="few calls, one round")
    smoke = parser.parse_args().smoke
    n_calls, rounds = (500, 1) if smoke else (40_000, 5)
    for engine in ENGINES:  # imports and compilation, outside the measurement
        calls_per_second(STRATEGIES[0], 200, engine, summarised=True)
    print("| strategy | SimPy: log | and sums | compiled: log | and sums |")
    print("| --- | --- | --- | --- | --- |")
    for strategy in STRATEGIES:
        cells = [
            ratio(strategy, n_calls, rounds, engine, summarised=also)
            for engine in ENGINES
            for also in (False, True)
        ]
        print(f"| {strategy} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
