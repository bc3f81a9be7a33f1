"""Tables of ringsim's speed relative to the bare script and to itself, one function per table."""

from __future__ import annotations

import time
from collections.abc import Callable

from cases import (
    CALLS_A_DAY,
    DURATIONS,
    HUNTS,
    STRATEGIES,
    compared,
    drawn,
    framed,
    my_office,
    neighbours,
    office,
    played,
    replayed,
    study,
    summarised,
)
from measure import Spread, Work, processor_seconds, times_as_long
from option_cases import OPTIONS
from scale import Scale, markdown

import ringsim as rs

__all__ = [
    "comparison",
    "durations",
    "engines",
    "growth",
    "members",
    "options",
    "settings",
    "stages",
    "studies",
    "threads",
]

MEMBERS = (2, 10, 30)
MORE_MEMBERS = (5, 10, 20, 40, 80)


def studies(scale: Scale) -> str:
    """Return the speed of complete studies of many days, by strategy."""
    head, cells = ["strategy"], []
    for days in scale.of(100), scale.of(500):
        head += [f"{days} days: `simulate`", "and its tables"]
        cells += [(study, days), (summarised, days)]
    rows = (
        [strategy, *(scale.speed(work(office(strategy), days)) for work, days in cells)]
        for strategy in STRATEGIES
    )
    return markdown(head, rows)


def settings(scale: Scale) -> str:
    """Return the speed with busy members rung or skipped, and with two overflowing groups."""
    columns: dict[str, Callable[[str], rs.Scenario]] = {
        "busy members skipped": office,
        "busy members rung": lambda strategy: office(strategy, skip_busy=False),
        "two groups, overflowing": neighbours,
    }
    rows = (
        [
            strategy,
            *(scale.speed(study(day(strategy), scale.of(100))) for day in columns.values()),
        ]
        for strategy in STRATEGIES
    )
    return markdown(["strategy", *columns], rows)


def options(scale: Scale) -> str:
    """Return the speed with the options of other PBXs, by group of options."""
    rows = ([name, scale.speed(study(day(), scale.of(100)))] for name, day in OPTIONS.items())
    return markdown(["options", "times as fast as the bare script"], rows)


def engines(scale: Scale) -> str:
    """Return the speed of both engines with few and many members."""
    cells = [
        (engine, days, n)
        for engine, days in (("compiled", scale.of(100)), ("simpy", scale.of(4)))
        for n in MEMBERS
    ]
    rows = (
        [
            strategy,
            *(
                scale.speed(study(office(strategy, n), days, engine=engine))
                for engine, days, n in cells
            ),
        ]
        for strategy in STRATEGIES
    )
    return markdown(["strategy", *(f"{engine}, {n} members" for engine, _, n in cells)], rows)


def stages(scale: Scale) -> str:
    """Return the time of each stage relative to `simulate`."""
    works: dict[str, Callable[[rs.Scenario, int], Work]] = {
        "`Workload.draw`": drawn,
        "`play`, which draws answer delays as phones ring": played,
        "`play`, answer delays given": replayed,
        "`play`, and all frames of the log": framed,
        "`simulate`, and its tables": summarised,
    }
    sizes = [(scale.of(100), CALLS_A_DAY), (scale.of(10), 10 * CALLS_A_DAY)]
    rows = (
        [
            name,
            *(
                times_as_long(
                    work(office(calls=calls), days), study(office(calls=calls), days), scale.rounds
                )
                for days, calls in sizes
            ),
        ]
        for name, work in works.items()
    )
    return markdown(["stage", *(f"{days} days of {calls:,} calls" for days, calls in sizes)], rows)


def durations(scale: Scale) -> str:
    """Return the time to draw from each distribution relative to a constant."""

    def over_constant(work: Callable[..., Work], quantity: str, distribution: object) -> Spread:
        days = scale.of(100)
        one, constant = (office(**{quantity: each}) for each in (distribution, 1.0))
        return times_as_long(work(one, days), work(constant, days), scale.rounds)

    rows = (
        [
            name,
            over_constant(drawn, "talk_time", distribution),
            over_constant(played, "answer_delay", distribution),
        ]
        for name, distribution in DURATIONS.items()
    )
    return markdown(["distribution", "`draw`, of talk times", "`play`, of answer delays"], rows)


def growth(scale: Scale) -> str:
    """Return the time of four times as many calls or days, relative to the fewer."""

    def one_day(engine: str) -> Callable[[int], Work]:
        return lambda calls: study(office(calls=calls), 1, engine=engine)

    cases: dict[str, tuple[Callable[[int], Work], int]] = {
        "days": (lambda days: study(office(), days), scale.of(50)),
        "days, and their tables": (lambda days: summarised(office(), days), scale.of(50)),
        "calls in one day": (one_day("compiled"), scale.of(20_000)),
        "calls in one day, `engine='simpy'`": (one_day("simpy"), scale.of(1_000)),
    }
    rows = (
        [
            f"{n:,} {name}",
            times_as_long(work(4 * n), work(n), scale.few_rounds),
            times_as_long(work(16 * n), work(4 * n), scale.few_rounds),
        ]
        for name, (work, n) in cases.items()
    )
    return markdown(["n", "4 n over n", "16 n over 4 n"], rows)


def members(scale: Scale) -> str:
    """Return the time of larger groups relative to a small one, with the same number of calls."""
    fewest, *others = MORE_MEMBERS
    days = scale.of(50)
    rows = (
        [
            strategy,
            *(
                times_as_long(
                    study(office(strategy, n), days),
                    study(office(strategy, fewest), days),
                    scale.rounds,
                )
                for n in others
            ),
        ]
        for strategy in HUNTS
    )
    return markdown(["strategy", *(f"{n} over {fewest} members" for n in others)], rows)


def comparison(scale: Scale) -> str:
    """Return the speed of comparing all strategies on the example of the package."""
    days = scale.of(200)
    work = compared(my_office(), days)
    row = [f"`compare`, {days} days", f"{work.calls:,}", scale.speed(work)]
    return markdown(["eight strategies", "calls", "times as fast as the bare script"], [row])


def threads(scale: Scale) -> str:
    """Return the time of one thread relative to two, and the processors that they used."""
    days = scale.of(2_000)
    one, two = (study(office(), days, workers=workers) for workers in (1, 2))
    for work in one, two:
        work.run()
    found = [(*_both_clocks(one), *_both_clocks(two)) for _ in range(scale.few_rounds)]
    rows = {
        "wall clock, one over two": [a / b for a, _, b, _ in found],
        "processor time, one over two": [a / b for _, a, _, b in found],
        "processors that one got": [processor / wall for wall, processor, _, _ in found],
        "processors that two got": [processor / wall for _, _, wall, processor in found],
    }
    return markdown(["threads", f"{days} days"], ([n, Spread.of(each)] for n, each in rows.items()))


def _both_clocks(work: Work) -> tuple[float, float]:
    """Return the wall-clock time and the processor time of a work [s]."""
    before = processor_seconds()
    wall = work.seconds(time.perf_counter)
    return wall, processor_seconds() - before
