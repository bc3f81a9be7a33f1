"""Studies of rosters: do they meet their targets in days that they have never seen?

Each problem is an office with a demand, people and shifts of its own, drawn from its number. People
who answer less surely cost less, so that the first rosters are often too weak.
`study` finds a roster, and plays it on new days with another seed. A roster that was shown to
meet its target passes if it meets it in every interval of these days.

`week` is larger: five days, twelve people and five shift patterns. Its line has the processor time
of the whole search, which is at least the time that passes on an idle machine.

    python tests/roster_studies.py [--problems N] [--write]

This command prints the table; `--write` updates it in `tests/README.md`.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from scipy import stats

import ringsim as rs
from ringsim._sentences import counted
from support.readme import renew_table

__all__ = ["Row", "problem", "study", "week", "week_sentence"]

NEW_SEED = 987_654_321
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
STRATEGIES = ["CYCLIC_HUNT", "RING_SIMULTANEOUSLY", "LEAST_WORKED_HUNT", "PRIORITIZED_HUNT"]


class Row(NamedTuple):
    """One problem: the roster's own verdict, and the worst interval of new days."""

    number: int
    people: int
    shifts: int
    target: str
    rounds: int
    claimed: str
    worst: float  # smallest margin above the target of an interval of new days
    met: bool


def problem(number: int) -> dict[str, Any]:
    """Return the arguments of `roster` for a problem."""
    drawn = random.Random(number)
    n = drawn.randint(14, 20)
    members = [str(201 + at) for at in range(n)]
    load = drawn.uniform(1.0, 2.2)
    talk = drawn.choice([90, 180, 300])
    peaks = [drawn.uniform(0.5, 1.3) for _ in range(6)]
    scenario = rs.Scenario(
        groups=[
            {
                "extension_number": "600",
                "members": members,
                "ring_time": drawn.choice([10, 15, 20]),
                "ring_strategy": drawn.choice(STRATEGIES),
            }
        ],
        demand={
            "600": rs.Demand(
                calls_per_hour=[load * 3600 / talk * peak for peak in peaks],
                interval=3600,
                talk_time=rs.lognormal(mean=talk, cv=drawn.choice([0.5, 1.0, 1.4])),
                wrap_up_time=drawn.choice([0, 15]),
                patience=stats.expon(scale=drawn.choice([60, 120, 240])),
            )
        },
        extensions=[
            rs.Extension(each, answer_probability=drawn.uniform(0.75, 1)) for each in members
        ],
        hours=6,
        opens_at="09:00",
    )
    target = drawn.choice(
        [
            rs.Target(service_level=0.75),
            rs.Target(answer_rate=0.8),
            rs.Target(service_level=0.7, within=15),
        ]
    )
    shifts = [rs.Shift("09:00", "12:00"), rs.Shift("12:00", "15:00")]
    long = [
        rs.Shift("09:00", "13:30", lunch=("11:00", "12:30")),
        rs.Shift("10:30", "15:00", lunch=("12:00", "14:00")),
        rs.Shift("09:00", "15:00", lunch=("11:30", "13:30")),
    ]
    shifts += drawn.sample(long, drawn.randint(1, 3))
    costs = {each.extension_number: each.answer_probability for each in scenario.extensions}
    return {"scenario": scenario, "target": target, "shifts": shifts, "costs": costs}


def study(number: int, days: int = 3000, played: int = 1000) -> Row:
    """Return the result of one problem; `days` new days are played with its roster."""
    asked = problem(number)
    found = rs.roster(**asked, seed=number, replications_played=played)
    target: rs.Target = asked["target"]
    [goal] = target.goals
    result = rs.simulate(found.scenario, replications=days, seed=NEW_SEED + number)
    table = result.intervals(1800, "600", within=target.within)
    worst = float((table[goal.name] - goal.limit).min())
    return Row(
        number,
        found.table["person"].nunique(),
        len(asked["shifts"]),
        str(target),
        len(found.attempts),
        found.meets,
        worst,
        worst >= 0,
    )


def week() -> dict[str, Any]:
    """Return the arguments of `roster` for a week of twelve people and five shift patterns."""
    people = [
        rs.Person(str(201 + at), max_hours=38 if at < 8 else 20, max_days=5, rest=11)
        for at in range(12)
    ]
    calls = [25, 55, 70, 65, 50, 55, 60, 50, 35, 20]
    scenario = rs.Scenario(
        groups=[
            {
                "extension_number": "600",
                "members": [each.extension_number for each in people],
                "ring_time": 15,
                "ring_strategy": "CYCLIC_HUNT",
            }
        ],
        demand={
            "600": rs.Demand(
                calls_per_hour={
                    day: [busy * each for each in calls]
                    for day, busy in zip(WORKDAYS, (1.2, 1, 1, 0.95, 0.85), strict=True)
                },
                interval=3600,
                talk_time=rs.lognormal(mean=150, cv=1.2),
                wrap_up_time=15,
                patience=stats.expon(scale=90),
            )
        },
        hours=10,
        opens_at="08:00",
        days=WORKDAYS,
    )
    shifts = [
        rs.Shift("08:00", "16:30", lunch=("11:00", "13:30"), name="early"),
        rs.Shift("09:30", "18:00", lunch=("12:00", "15:00"), name="late"),
        rs.Shift("08:00", "13:00", name="morning"),
        rs.Shift("13:00", "18:00", name="afternoon"),
        rs.Shift("10:00", "15:00", name="middle"),
    ]
    target = rs.Target(service_level=0.75)
    return {"scenario": scenario, "target": target, "people": people, "shifts": shifts}


def week_sentence() -> str:
    """Return a sentence on the roster of the week, and the processor time that it took."""
    asked = week()
    rs.roster(**asked, days=["mon"], max_rounds=0, replications_played=20)  # compiles
    begun = time.process_time()
    found = rs.roster(**asked)
    seconds = time.process_time() - begun
    slots = len(found.by_interval)
    met = int((found.by_interval["meets"] == "yes").sum())
    return (
        f"A week of {len(asked['people'])} people and {len(asked['shifts'])} shift patterns took "
        f"{seconds:.0f} s of processor time, with {counted(len(found.attempts), 'roster')} played. "
        f"The last has {len(found.table)} shifts, {found.hours:g} hours, and meets the target in "
        f"{met} of {slots} half-hours."
    )


def table_of(rows: Iterable[Row]) -> str:
    """Return the problems in Markdown, with a last line of their number."""
    rows = list(rows)
    lines = ["| problem | target | shifts | people | rosters played | claimed | worst interval |"]
    lines.append("| ---: | --- | ---: | ---: | ---: | --- | ---: |")
    lines += [
        f"| {row.number} | {row.target} | {row.shifts} | {row.people} | {row.rounds} | "
        f"{row.claimed} | {100 * row.worst:+.1f} points |"
        for row in rows
    ]
    claimed = [row for row in rows if row.claimed == "yes"]
    met = sum(row.met for row in claimed)
    lines.append(
        f"| {len(rows)} | {len(claimed)} claimed, {met} of these met in new days | | | | | |"
    )
    return "\n".join(lines)


def main() -> None:
    """Play the problems and print the table; write it into the tests' README if asked to."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--problems", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    text = table_of(study(number) for number in range(asked.problems))
    text += f"\n\n{week_sentence()}"
    print(text)
    if asked.write:
        renew_table("rosters", text)


if __name__ == "__main__":
    main()
